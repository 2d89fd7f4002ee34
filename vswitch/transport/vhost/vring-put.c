/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Frames into a ring that the driver receives by.
 *
 * Most frames fit into one descriptor: put_plain(). All others are written piece by piece into as
 * many chains as they need: put_any(). Whether there are enough is counted before the first byte is
 * copied, so that a frame that has to wait costs little; the driver may change its chains between
 * the count and the copy, which breaks the ring.
 */
#include <string.h>

#include "vnet-hdr.h"
#include "vring-packed.h"
#include "vring-split.h"

static inline void copy_frame(uint8_t *to, const struct pkt *pkt)
{
	const struct iovec *iov = pkt->iov;
	uint32_t len = (uint32_t)iov->iov_len;

	if (len >= 32 && len <= 64) { /* two copies of fixed size, which overlap */
		memcpy(to, iov->iov_base, 32);
		memcpy(to + len - 32, (const uint8_t *)iov->iov_base + len - 32, 32);
	} else {
		memcpy(to, iov->iov_base, len);
	}
	for (unsigned i = 1; i < pkt->iovcnt; i++) {
		to += len;
		iov++;
		len = (uint32_t)iov->iov_len;
		memcpy(to, iov->iov_base, len);
	}
}

/* Into one descriptor of one piece. False: it is something else */
static inline bool put_plain(struct vring *vq, const struct vring_slot *s, const struct pkt *pkt)
{
	uint32_t total = vq->hdr_len + pkt->len;
	struct vnet_hdr h;
	uint8_t *p;

	if (unlikely(s->flags & (VRING_F_NEXT | VRING_F_INDIRECT)) || !(s->flags & VRING_F_WRITE) ||
	    s->len < total || unlikely(vq->log))
		return false;
	p = vring_whole(vq, s->addr, total);
	if (unlikely(!p))
		return false;
	h = vsw_vnet_from(pkt, vq->csum_valid);
	if (likely(vq->hdr_len == VNET_HDR_LEN))
		memcpy(p, &h, VNET_HDR_LEN);
	else
		memcpy(p, &h, VNET_HDR_LEGACY);
	copy_frame(p + vq->hdr_len, pkt);
	return true;
}

/* struct spill - a frame being written into chains */
struct spill {
	struct vnet_hdr hdr;
	uint32_t hdr_at;
	struct pkt_cursor cur;
};

static uint32_t spill_left(const struct vring *vq, const struct spill *f)
{
	return vq->hdr_len - f->hdr_at + f->cur.left;
}

/* Write as much as a piece holds. Return: how much that was */
static uint32_t spill_piece(const struct vring *vq, struct spill *f, uint8_t *p, uint32_t room)
{
	uint32_t n = vq->hdr_len - f->hdr_at;

	n = n < room ? n : room;
	memcpy(p, (const uint8_t *)&f->hdr + f->hdr_at, n);
	f->hdr_at += n;
	return n + pkt_cursor_copy(&f->cur, p + n, room - n);
}

/* Write as much as a chain holds. Return: how much that was */
static uint32_t spill_chain(struct vring *vq, struct spill *f, struct vring_walk *w)
{
	uint32_t wrote = 0, len;
	uint8_t *p;

	while ((p = vsw_vring_walk_next(w, &len))) {
		uint32_t n = spill_left(vq, f) ? spill_piece(vq, f, p, len) : 0;

		if (n && vq->log)
			vsw_vhost_log(vq->log, w->gpa, n);
		wrote += n;
	}
	return wrote;
}

/**
 * struct place - A place in the ring that is ahead of the ring's own
 * @at: @wrap: Where
 * @looked:    Descriptors looked at on the way
 * @ring:      Of those, descriptors of the ring
 */
struct place {
	uint16_t at;
	bool wrap;
	unsigned looked, ring;
};

/* Head of the chain at a place */
static bool place_slot(struct vring *vq, struct place *pl, struct vring_slot *s)
{
	uint16_t at = vq->next;
	bool wrap = vq->next_wrap, there;

	vq->next = pl->at;
	vq->next_wrap = pl->wrap;
	there = vq->packed ? packed_slot(vq, s) : split_slot(vq, s);
	vq->next = at;
	vq->next_wrap = wrap;
	return there;
}

static void place_move(const struct vring *vq, struct place *pl, const struct vring_walk *w)
{
	pl->looked += w->looked;
	pl->ring += w->n;
	if (vq->packed)
		packed_step(vq, &pl->at, &pl->wrap, w->n);
	else
		pl->at++;
}

static bool chain_holds(struct vring *vq, struct place *pl, const struct vring_slot *s,
			uint64_t *room)
{
	struct vring_walk w;
	uint32_t len;

	vsw_vring_walk_begin(&w, vq, s, pl->at);
	while (vsw_vring_walk_next(&w, &len))
		*room += len;
	place_move(vq, pl, &w);
	return !vq->why;
}

/*
 * How many chains does a frame need? Return: their number; 0: there are not enough now; -1: there
 * never will be, or the ring is broken
 */
static int chains_for(struct vring *vq, uint64_t total)
{
	struct place pl = { vq->next, vq->next_wrap, 0, 0 };
	unsigned limit = vq->mergeable ? UINT16_MAX : 1;
	struct vring_slot s;
	uint64_t room = 0;
	unsigned n = 0;

	while (room < total) {
		if (n == limit || pl.looked > VRING_BUDGET)
			return -1;
		if (!place_slot(vq, &pl, &s))
			/* if all descriptors there are do not suffice, no waiting helps */
			return vq->why || pl.ring >= vq->num ? -1 : 0;
		if (!chain_holds(vq, &pl, &s, &room))
			return -1;
		n++;
	}
	return (int)n;
}

/* Write the chain at a place, and move on. Return: false if it is not as it was counted */
static bool put_chain(struct vring *vq, struct spill *f, struct place *pl, struct vring_chain *c,
		      uint32_t *wrote)
{
	struct vring_slot s;
	struct vring_walk w;

	if (!place_slot(vq, pl, &s))
		return false;
	vsw_vring_walk_begin(&w, vq, &s, pl->at);
	*wrote = spill_chain(vq, f, &w);
	*c = (struct vring_chain) { vq->packed ? w.id : s.id, w.n };
	place_move(vq, pl, &w);
	return !vq->why;
}

/* Write all chains of a frame and give them back; the first one of a packed ring comes last, since
 * it shows the others */
static bool put_chains(struct vring *vq, struct spill *f, struct place *pl, unsigned n)
{
	uint16_t at = vq->back;
	bool wrap = vq->back_wrap;
	struct vring_chain first, c;
	uint32_t first_wrote, wrote;

	if (!put_chain(vq, f, pl, &first, &first_wrote))
		return false;
	if (vq->packed)
		packed_skip(vq, first.n);
	else
		split_back(vq, first.id, first_wrote);
	while (--n) {
		if (!put_chain(vq, f, pl, &c, &wrote))
			return false;
		if (vq->packed) {
			packed_give(vq, vq->back, vq->back_wrap, c.id, wrote);
			packed_skip(vq, c.n);
		} else {
			split_back(vq, c.id, wrote);
		}
	}
	if (vq->packed)
		packed_give(vq, at, wrap, first.id, first_wrote);
	return !spill_left(vq, f);
}

/* Any frame into any chains. Return: false: not now, or the ring is broken */
static bool put_any(struct vring *vq, const struct pkt *pkt)
{
	struct place pl = { vq->next, vq->next_wrap, 0, 0 };
	struct spill f = { .hdr = vsw_vnet_from(pkt, vq->csum_valid) };
	int n = chains_for(vq, (uint64_t)vq->hdr_len + pkt->len);

	if (n <= 0) {
		vq->count.too_long += n < 0 && !vq->why;
		return n < 0 && !vq->why;
	}
	f.hdr.num_buffers = htole16((uint16_t)n);
	pkt_cursor_init(&f.cur, pkt, 0);
	if (!put_chains(vq, &f, &pl, (unsigned)n)) {
		vring_break(vq, "the driver changes a chain that it has offered");
		return false;
	}
	vq->next = pl.at;
	vq->next_wrap = pl.wrap;
	vq->count.frames++;
	return true;
}

specialise unsigned put(struct vring *vq, const struct pkt *const *pkts, unsigned n,
			const bool packed)
{
	const uint16_t from = vq->next;
	struct vring_slot s;
	unsigned i;

	if (packed)
		packed_ready(vq, true, n);
	else
		split_ready(vq, true, n);
	for (i = 0; i < n; i++) {
		if (!(packed ? packed_slot(vq, &s) : split_slot(vq, &s)))
			break;
		if (unlikely(!put_plain(vq, &s, pkts[i]))) {
			if (!put_any(vq, pkts[i]))
				break;
			continue;
		}
		vq->count.frames++;
		if (packed) {
			packed_give(vq, vq->back, vq->back_wrap, s.id, vq->hdr_len + pkts[i]->len);
			packed_skip(vq, 1);
			packed_advance(vq, 1);
		} else {
			split_back(vq, s.id, vq->hdr_len + pkts[i]->len);
			split_advance(vq);
		}
	}
	vring_went(vq, from);
	if (!packed && i && !vq->why)
		split_publish(vq);
	return i;
}

unsigned vsw_vring_put(struct vring *vq, const struct pkt *const *pkts, unsigned n)
{
	unsigned done;

	if (unlikely(vq->why || !vq->enabled))
		return n;
	done = vq->packed ? put(vq, pkts, n, true) : put(vq, pkts, n, false);
	if (unlikely(vq->mem->broken))
		vring_break(vq, "the driver has taken its memory away");
	return vq->why ? n : done;
}
