/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Frames out of a ring that the driver sends by.
 *
 * Most frames lie in one descriptor and ask for nothing: get_plain(). All others are collected
 * piece by piece, and their header is judged: get_any().
 */
#include "vring-packed.h"
#include "vring-split.h"

/* One descriptor, one piece, and a header that asks for nothing. False: it is something else */
static inline bool get_plain(struct vring *vq, struct vring_burst *b, struct burst_at *at,
			     const struct vring_slot *s)
{
	uint8_t *p;

	if (unlikely(s->flags & (VRING_F_NEXT | VRING_F_INDIRECT | VRING_F_WRITE)) ||
	    unlikely(s->len < vq->hdr_len + FRAME_ETH_LEN) ||
	    unlikely(s->len - vq->hdr_len > PKT_MAX_LEN))
		return false;
	p = vring_whole(vq, s->addr, s->len);
	return likely(p) && likely(burst_plain(b, at, p, vq->hdr_len, s->len - vq->hdr_len));
}

/* struct gather - the pieces of a chain: their number, and all bytes in them */
struct gather {
	unsigned cnt;
	uint64_t total;
};

/* List the pieces; of a chain that has too many, those that there is room for */
static struct gather gather(struct vring_walk *w, struct iovec *iov)
{
	struct gather g = { 0 };
	uint32_t len;
	uint8_t *p;

	while ((p = vsw_vring_walk_next(w, &len))) {
		if (g.cnt < BURST_PIECES)
			iov[g.cnt] = (struct iovec) { p, len };
		g.cnt++;
		g.total += len;
	}
	return g;
}

/* Copy the pieces behind each other */
static struct gather flatten(struct vring_walk *w, struct vring_burst *b)
{
	struct gather g = { 1, 0 };
	uint32_t len;
	uint8_t *p;

	while ((p = vsw_vring_walk_next(w, &len)) && len <= sizeof(b->flat) - g.total) {
		memcpy(b->flat + g.total, p, len);
		g.total += len;
	}
	burst_pieces(b)[0] = (struct iovec) { b->flat, g.total };
	b->flat_used = true;
	return g;
}

static bool is_frame(const struct vring *vq, const struct gather *g)
{
	return g->total >= (uint64_t)vq->hdr_len + FRAME_ETH_LEN &&
	       g->total <= (uint64_t)vq->hdr_len + PKT_MAX_LEN;
}

/* Any chain. Return: descriptors looked at; 0: not now, or the ring is broken */
static unsigned get_any(struct vring *vq, struct vring_burst *b, const struct vring_slot *s,
			struct vring_chain *c)
{
	struct vring_walk w;
	struct gather g;

	vsw_vring_walk_begin(&w, vq, s, vq->next);
	g = gather(&w, burst_pieces(b));
	if (!vq->why && g.cnt > BURST_PIECES && is_frame(vq, &g)) {
		if (b->flat_used)
			return 0;
		vsw_vring_walk_begin(&w, vq, s, vq->next);
		g = flatten(&w, b); /* of another chain, if the driver has changed it meanwhile */
	}
	if (vq->why)
		return 0;
	*c = (struct vring_chain) { vq->packed ? w.id : s->id, w.n };
	if (is_frame(vq, &g))
		vsw_burst_any(b, g.cnt, vq->hdr_len, (uint32_t)g.total);
	return w.looked;
}

specialise void get(struct vring *vq, struct vring_burst *b, const bool packed)
{
	unsigned ready = packed ? packed_ready(vq, false, PKT_BURST) :
				  split_ready(vq, false, PKT_BURST),
		 looked = 0;
	struct burst_at at = { 0 };
	struct vring_slot s;

	while (at.chains < ready && looked < VRING_BUDGET && burst_room(&at)) {
		struct vring_chain *c = &b->chain[at.chains];
		unsigned more = 1;

		if (!(packed ? packed_slot(vq, &s) : split_slot(vq, &s)))
			break;
		if (likely(get_plain(vq, b, &at, &s))) {
			*c = (struct vring_chain) { s.id, 1 };
		} else {
			b->now = at;
			more = get_any(vq, b, &s, c);
			if (!more)
				break;
			at = b->now;
		}
		looked += more;
		at.chains++;
		if (packed)
			packed_advance(vq, c->n);
		else
			split_advance(vq);
	}
	b->now = at;
	vring_went(vq, b->start);
}

unsigned vsw_vring_get(struct vring *vq, struct vring_burst *b)
{
	b->n = b->chains = 0;
	b->flat_used = false;
	b->start = vq->next;
	b->start_wrap = vq->next_wrap;
	if (unlikely(vq->why))
		return 0;
	if (vq->packed)
		get(vq, b, true);
	else
		get(vq, b, false);
	if (unlikely(vq->mem->broken))
		vring_break(vq, "the driver has taken its memory away");
	if (unlikely(!vq->enabled || vq->why)) /* a broken ring's frames may be half of one */
		b->n = 0;
	return b->n;
}

/* One write for all, in the place of the first (2.8.7 of the specification's packed rings) */
static void give_in_order(struct vring *vq, const struct vring_burst *b, unsigned n)
{
	uint16_t at = vq->back;
	bool wrap = vq->back_wrap;

	for (unsigned i = 0; i < n; i++)
		packed_skip(vq, b->chain[i].n);
	packed_give(vq, at, wrap, b->chain[n - 1].id, 0);
}

static void give_packed(struct vring *vq, const struct vring_burst *b, unsigned n)
{
	vq->next = b->start;
	vq->next_wrap = b->start_wrap;
	for (unsigned i = 0; i < n; i++)
		packed_advance(vq, b->chain[i].n);
	if (vq->in_order) {
		give_in_order(vq, b, n);
		return;
	}
	for (unsigned i = 0; i < n; i++) {
		packed_give(vq, vq->back, vq->back_wrap, b->chain[i].id, 0);
		packed_skip(vq, b->chain[i].n);
	}
}

static void give_split(struct vring *vq, const struct vring_burst *b, unsigned n)
{
	vq->next = (uint16_t)(b->start + n);
	for (unsigned i = 0; i < n; i++)
		split_back(vq, b->chain[i].id, 0);
	split_publish(vq);
}

void vsw_vring_got(struct vring *vq, const struct vring_burst *b, unsigned taken)
{
	unsigned n = taken < b->n ? b->at[taken] : b->chains;

	vq->count.frames += taken;
	if (vq->enabled)
		vq->count.malformed += n - taken;
	if (!n) {
		vq->next = b->start;
		vq->next_wrap = b->start_wrap;
	} else if (vq->packed) {
		give_packed(vq, b, n);
	} else {
		give_split(vq, b, n);
	}
}
