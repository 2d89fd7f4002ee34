/* SPDX-License-Identifier: BSD-2-Clause */
/* Descriptors of the front end's rings, one by one; see front-ring.h. */
#ifndef VSWITCH_VHOST_FRONT_RING_PRIV_H
#define VSWITCH_VHOST_FRONT_RING_PRIV_H

#include "front-ring.h"
#include "vring-packed.h"

/* front_store() - Store a word of a descriptor, in no order */
static inline void front_store(uint64_t *p, uint64_t v)
{
	__atomic_store_n(p, htole64(v), __ATOMIC_RELAXED);
}

/* front_step() - A place in the ring moves on */
static inline void front_step(const struct front_ring *r, uint16_t *at, bool *wrap, unsigned n)
{
	unsigned to = *at + n;

	if (to >= r->num) {
		to -= r->num;
		*wrap = !*wrap;
	}
	*at = (uint16_t)to;
}

/* front_word() - What is offered at a place, with its flags */
static inline uint64_t front_word(const struct front_ring *r, uint16_t at, bool wrap)
{
	return r->rest[at] | PACKED_FLAGS(wrap ? VRING_F_AVAIL : VRING_F_USED);
}

/* front_offer() - Offer it: visible at once */
static inline void front_offer(struct front_ring *r, uint16_t at, bool wrap)
{
	__atomic_store_n(&r->desc[at].rest, htole64(front_word(r, at, wrap)), __ATOMIC_RELEASE);
}

/* front_back() - Do its flags say that it was given back? */
static inline bool front_back(uint64_t rest, bool wrap)
{
	uint64_t both = PACKED_FLAGS(VRING_F_AVAIL | VRING_F_USED);

	return (le64toh(rest) & both) == (wrap ? both : 0);
}

#endif
