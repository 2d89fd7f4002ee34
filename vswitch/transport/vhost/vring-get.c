/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Frames out of a ring that the driver sends by.
 *
 * Most frames lie in one descriptor and ask for nothing: get_plain(). All others are collected piece
 * by piece, and their header is judged: get_any().
 */
#include <string.h>

#include "vnet-hdr.h"
#include "vring-packed.h"
#include "vring-split.h"

#define MIN_FRAME 14u

/* Take up to PKT_HEAD bytes; most frames are short ones, whose copies of fixed size overlap */
static inline void copy_head(uint8_t *to, const uint8_t *from, uint32_t n)
{
	if (n == PKT_HEAD) {
		memcpy(to, from, PKT_HEAD);
	} else if (n >= 32 && n <= 64) {
		memcpy(to, from, 32);
		memcpy(to + n - 32, from + n - 32, 32);
	} else {
		memcpy(to, from, n);
	}
}

static inline uint8_t *new_head(struct vring_burst *b, uint32_t n)
{
	uint8_t *head = b->head + b->heads;

	b->heads += (n + 63) & ~63u;
	return head;
}

/* A frame goes into the burst; its pieces are the last @cnt */
static inline struct pkt *new_frame(struct vring_burst *b, uint32_t len, unsigned cnt)
{
	struct pkt *pkt = &b->pkt[b->n];

	memset(pkt, 0, sizeof(*pkt));
	pkt->iov = &b->iov[b->pieces];
	pkt->iovcnt = (uint16_t)cnt;
	pkt->len = len;
	return pkt;
}

static inline void keep_frame(struct vring_burst *b, struct pkt *pkt)
{
	b->pieces += pkt->iovcnt;
	b->pkts[b->n] = pkt;
	b->at[b->n] = (uint16_t)b->chains;
	b->n++;
}

/* One descriptor, one piece, and a header that asks for nothing. False: it is something else */
static inline bool get_plain(struct vring *vq, struct vring_burst *b, const struct vring_slot *s)
{
	struct iovec *iov = &b->iov[b->pieces];
	uint32_t len = s->len - vq->hdr_len, n = len < PKT_HEAD ? len : PKT_HEAD;
	struct vnet_hdr h;
	uint8_t *p, *head;

	if (unlikely(s->flags & (VRING_F_NEXT | VRING_F_INDIRECT | VRING_F_WRITE)) ||
	    unlikely(s->len < vq->hdr_len + MIN_FRAME) || unlikely(len > PKT_MAX_LEN))
		return false;
	p = vring_whole(vq, s->addr, s->len);
	if (unlikely(!p))
		return false;
	memcpy(&h, p, 2); /* flags and type */
	if (unlikely(!vsw_vnet_plain(&h)))
		return false;
	head = new_head(b, n);
	p += vq->hdr_len;
	copy_head(head, p, n);
	iov[0] = (struct iovec) { head, n };
	iov[1] = (struct iovec) { p + n, len - n };
	keep_frame(b, new_frame(b, len, len > n ? 2 : 1));
	return true;
}

/**
 * struct gather - Pieces of a chain on their way into a frame
 * @hdr:   The header
 * @total: Bytes of the chain
 * @iov:   Pieces, with the header
 * @cnt:   Their number
 */
struct gather {
	union {
		struct vnet_hdr hdr;
		uint8_t hdr_bytes[VNET_HDR_LEN];
	};
	uint64_t total;
	struct iovec *iov;
	unsigned cnt;
};

/* Room for pieces: the frame's without its head */
#define PIECES (FRAME_IOV_MAX - 2)

/* Collect; a chain of too many pieces is walked on, but its frame has no use. The walk's @id and @n
 * are then what gives it back. */
static void gather(struct gather *g, struct vring_walk *w, struct iovec *iov)
{
	uint32_t len;
	uint8_t *p;

	g->total = 0;
	g->cnt = 0;
	g->iov = iov;
	while ((p = vring_walk_next(w, &len))) {
		if (g->cnt < PIECES)
			iov[g->cnt] = (struct iovec) { p, len };
		g->cnt++;
		g->total += len;
	}
}

/* A frame of many pieces, copied behind each other. False: there is a frame already */
static bool flatten(struct gather *g, struct vring_walk *w, struct vring_burst *b)
{
	uint32_t at = 0, len;
	uint8_t *p;

	if (b->flat_used)
		return false;
	while ((p = vring_walk_next(w, &len)) && len <= sizeof(b->flat) - at) {
		memcpy(b->flat + at, p, len);
		at += len;
	}
	g->total = at;
	g->iov[0] = (struct iovec) { b->flat, at };
	g->cnt = 1;
	return true;
}

/* Copy the first bytes of the pieces, and leave these behind */
static void take(struct gather *g, uint8_t *to, uint32_t n)
{
	while (n) {
		uint32_t here = (uint32_t)g->iov->iov_len < n ? (uint32_t)g->iov->iov_len : n;

		memcpy(to, g->iov->iov_base, here);
		to += here;
		n -= here;
		g->iov->iov_base = (uint8_t *)g->iov->iov_base + here;
		g->iov->iov_len -= here;
		if (!g->iov->iov_len) {
			g->iov++;
			g->cnt--;
		}
	}
}

/* Make a frame of the pieces, unless it is none */
static void make_frame(struct vring *vq, struct vring_burst *b, struct gather *g)
{
	uint32_t len = (uint32_t)g->total - vq->hdr_len, n;
	struct iovec *iov = &b->iov[b->pieces];
	struct pkt *pkt;
	uint8_t *head;

	take(g, g->hdr_bytes, vq->hdr_len);
	n = vsw_vnet_plain(&g->hdr) ? (len < PKT_HEAD ? len : PKT_HEAD) :
				      vsw_vnet_head(&g->hdr, len);
	if (!n)
		return;
	head = b->head + b->heads;
	take(g, head, n);
	memmove(iov + 1, g->iov, g->cnt * sizeof(*iov));
	iov[0] = (struct iovec) { head, n };
	pkt = new_frame(b, len, g->cnt + 1);
	if (vsw_vnet_words(&g->hdr, pkt, head))
		return;
	new_head(b, n);
	keep_frame(b, pkt);
}

/* Any chain. Return: descriptors looked at; 0: not now, or the ring is broken */
static unsigned get_any(struct vring *vq, struct vring_burst *b, const struct vring_slot *s,
			struct vring_chain *c)
{
	struct vring_walk w;
	struct gather g;

	vring_walk_begin(&w, vq, s, vq->next);
	gather(&g, &w, &b->iov[b->pieces + 1]);
	c->id = vq->packed ? w.id : s->id;
	c->n = w.n;
	if (vq->why)
		return 0;
	if (g.total < (uint64_t)vq->hdr_len + MIN_FRAME ||
	    g.total > (uint64_t)vq->hdr_len + PKT_MAX_LEN)
		return w.looked;
	if (g.cnt > PIECES) {
		vring_walk_begin(&w, vq, s, vq->next);
		if (!flatten(&g, &w, b) || vq->why)
			return 0;
		b->flat_used = true;
		/* the driver may have changed the chain since */
		if (w.n != c->n || g.total < (uint64_t)vq->hdr_len + MIN_FRAME) {
			vring_break(vq, "the driver changes a chain that it has offered");
			return 0;
		}
	}
	make_frame(vq, b, &g);
	return w.looked;
}

static inline bool room_for_one(const struct vring_burst *b)
{
	return b->heads + FRAME_HDR_MAX <= VRING_BURST_HEADS &&
	       b->pieces + FRAME_IOV_MAX <= VRING_BURST_PIECES;
}

specialise void get(struct vring *vq, struct vring_burst *b, const bool packed)
{
	unsigned ready = packed ? packed_ready(vq, false, PKT_BURST) :
				  split_ready(vq, false, PKT_BURST),
		 looked = 0;
	struct vring_slot s;

	while (b->chains < ready && looked < VRING_BUDGET && room_for_one(b)) {
		struct vring_chain *c = &b->chain[b->chains];

		if (!(packed ? packed_slot(vq, &s) : split_slot(vq, &s)))
			break;
		if (likely(get_plain(vq, b, &s))) {
			*c = (struct vring_chain) { s.id, 1 };
			looked++;
		} else {
			unsigned more = get_any(vq, b, &s, c);

			if (!more)
				break;
			looked += more;
		}
		b->chains++;
		if (packed)
			packed_advance(vq, c->n);
		else
			split_advance(vq);
	}
}

unsigned vsw_vring_get(struct vring *vq, struct vring_burst *b)
{
	b->n = b->chains = b->heads = b->pieces = 0;
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
