/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * What the loops over frames need of a packed ring (virtio 1.2, 2.8); see vring-priv.h.
 *
 * A descriptor is offered when its AVAIL bit is the driver's wrap counter and its USED bit is not;
 * it is given back with both bits as the device's wrap counter, at the place where the chain began,
 * and the places of its other descriptors are skipped.
 */
#ifndef VSWITCH_VHOST_VRING_PACKED_H
#define VSWITCH_VHOST_VRING_PACKED_H

#include "vring-priv.h"

#define PACKED_FLAGS(f) ((uint64_t)(f) << 48)

/* packed_offered() - Do a descriptor's flags say that the driver offers it? */
static inline bool packed_offered(uint64_t rest, bool wrap)
{
	uint64_t both = rest & PACKED_FLAGS(VRING_F_AVAIL | VRING_F_USED);

	return both == (wrap ? PACKED_FLAGS(VRING_F_AVAIL) : PACKED_FLAGS(VRING_F_USED));
}

static inline struct vring_slot packed_copy(uint64_t addr, uint64_t rest)
{
	return (struct vring_slot) { .addr = le64toh(addr),
				     .len = (uint32_t)rest,
				     .flags = (uint16_t)(rest >> 48),
				     .id = (uint16_t)(rest >> 32) };
}

/* packed_desc() - A copy of any descriptor */
static inline struct vring_slot packed_desc(const struct vring_desc *d)
{
	return packed_copy(relaxed(&d->addr), le64toh(relaxed(&d->rest)));
}

/* packed_step() - A place in the ring moves on */
static inline void packed_step(const struct vring *vq, uint16_t *at, bool *wrap, unsigned n)
{
	unsigned to = *at + n;

	if (to >= vq->num) {
		to -= vq->num;
		*wrap = !*wrap;
	}
	*at = (uint16_t)to;
}

/* packed_ready() - How many descriptors may be there, @max at most; their buffers are fetched */
static inline unsigned packed_ready(struct vring *vq, bool write, unsigned max)
{
	uint16_t at = vq->next;
	bool wrap = vq->next_wrap;
	unsigned n = vq->fetched, to = max + VRING_AHEAD;

	packed_step(vq, &at, &wrap, n);
	for (to = to < vq->num ? to : vq->num; n < to; n++) {
		const struct vring_desc *d = &vq->desc[at];

		if (!packed_offered(le64toh(acquire(&d->rest)), wrap))
			break;
		vring_fetch(vq, le64toh(relaxed(&d->addr)), write);
		packed_step(vq, &at, &wrap, 1);
	}
	vq->fetched = (uint16_t)n;
	return n < max ? n : max;
}

/* packed_slot() - Head of the next chain. False: there is none */
static inline bool packed_slot(struct vring *vq, struct vring_slot *s)
{
	const struct vring_desc *d = &vq->desc[vq->next];
	uint64_t rest = le64toh(acquire(&d->rest));

	if (!packed_offered(rest, vq->next_wrap)) {
		vq->look = vq->next;
		vq->look_wrap = vq->next_wrap;
		return false;
	}
	*s = packed_copy(relaxed(&d->addr), rest);
	return true;
}

/* packed_advance() - A chain of @n descriptors was taken */
static inline void packed_advance(struct vring *vq, unsigned n)
{
	packed_step(vq, &vq->next, &vq->next_wrap, n);
}

/* packed_give() - Give a chain back at a place: visible at once */
static inline void packed_give(struct vring *vq, uint16_t at, bool wrap, uint16_t id, uint32_t len)
{
	uint64_t flags = wrap ? VRING_F_AVAIL | VRING_F_USED : 0;

	if (vq->to_driver)
		flags |= VRING_F_WRITE;
	__atomic_store_n(&vq->desc[at].rest,
			 htole64(PACKED_FLAGS(flags) | (uint64_t)id << 32 | len), __ATOMIC_RELEASE);
	vring_log_used(vq, vq->desc_gpa + 16 * (uint64_t)at, 16);
}

/* packed_skip() - So many descriptors were given back, or will be by a later one */
static inline void packed_skip(struct vring *vq, unsigned n)
{
	packed_step(vq, &vq->back, &vq->back_wrap, n);
	vq->unsignalled = (uint16_t)(vq->unsignalled + n);
}

/**
 * packed_wants() - Does the other side want to be told?
 * @word: What it has written (struct vring_event)
 * @event_idx: It may name a place in the ring
 * @num:  Entries of the ring
 * @at: @wrap: Where we are
 * @n:    Descriptors since we thought of it last
 */
static inline bool packed_wants(uint32_t word, bool event_idx, uint16_t num, uint16_t at, bool wrap,
				uint16_t n)
{
	uint16_t event = word & 0x7fff;

	if ((word & VRING_EVENT_FLAGS) != VRING_EVENT_DESC || !event_idx)
		return (word & VRING_EVENT_FLAGS) != VRING_EVENT_DISABLE;
	/* counted from the lap that we are in */
	if (!(word & 1u << 15) == wrap)
		event = (uint16_t)(event - num);
	return (uint16_t)(at - event - 1) < n;
}

/**
 * vsw_packed_kicks() - Ask the driver for kicks, or not to (vring-packed.c)
 * @vq: The ring
 * @on: Ask for one
 *
 * Return: @on: then the caller looks once more, for what came before the driver saw this.
 */
bool vsw_packed_kicks(struct vring *vq, bool on);

/**
 * vsw_packed_wants_call() - Does the driver want to be told of what was given back?
 * @vq: The ring, its @unsignalled not 0; call vring_fence() before
 *
 * Return: whether.
 */
bool vsw_packed_wants_call(const struct vring *vq);

#endif
