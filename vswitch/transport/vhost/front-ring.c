/* SPDX-License-Identifier: BSD-2-Clause */
/* What both directions of the front end's rings share; see front-ring.h. */
#include "front-ring.h"

#include "front-ring-priv.h"

void vsw_front_ring_reset(struct front_ring *r)
{
	memset(r->desc, 0, r->num * sizeof(*r->desc));
	r->next = r->last = r->out = r->unkicked = 0;
	r->next_wrap = r->last_wrap = true;
	r->head = r->tail = 0;
	r->full = false;
	vsw_front_ring_want(r, false);
	r->theirs->word = 0;
}

uint32_t vsw_front_ring_resume(struct front_ring *r, uint16_t skip)
{
	uint16_t at = r->last;
	bool wrap = r->last_wrap;
	uint32_t base;

	front_step(r, &at, &wrap, skip);
	base = at | (uint32_t)wrap << 15;
	for (uint16_t i = skip; i < r->out; i++) {
		if (r->addr)
			front_store(&r->desc[at].addr, r->addr[at]);
		front_offer(r, at, wrap);
		front_step(r, &at, &wrap, 1);
	}
	r->unkicked = 0; /* the switch looks before it waits for a kick */
	r->theirs->word = 0;
	return base | base << 16;
}

bool vsw_front_ring_must_kick(struct front_ring *r)
{
	uint16_t n = r->unkicked;

	r->unkicked = 0;
	return n && packed_wants(le32toh(relaxed(&r->theirs->word)), true, r->num, r->next,
				 r->next_wrap, n);
}

void vsw_front_ring_want(struct front_ring *r, bool on)
{
	uint32_t word = on ? VRING_EVENT_DESC | r->last | (uint32_t)r->last_wrap << 15 :
			     VRING_EVENT_DISABLE;

	__atomic_store_n(&r->ours->word, htole32(word), __ATOMIC_RELAXED);
}

bool vsw_front_ring_more(const struct front_ring *r)
{
	return r->out && front_back(acquire(&r->desc[r->last].rest), r->last_wrap);
}
