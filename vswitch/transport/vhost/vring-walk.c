/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Chains of descriptors, piece by piece: linked in a split ring's table, in a row in a packed ring,
 * or in an indirect table of either.
 *
 * A piece is as much of a descriptor as is contiguous here: a buffer may lie across two regions.
 */
#include "vring-packed.h"
#include "vring-split.h"

uint8_t *vsw_vring_find(struct vring *vq, uint64_t gpa, uint64_t len, uint64_t *here)
{
	const struct peer_region *r = peer_mem_find(vq->mem, gpa);
	uint64_t off;

	if (!r)
		return NULL;
	off = gpa - r->range.gpa;
	vq->hint.gpa = r->range.gpa;
	vq->hint.size = r->range.size;
	vq->hint.host = r->map.host;
	*here = len < r->range.size - off ? len : r->range.size - off;
	return r->map.host + off;
}

static bool bad(struct vring_walk *w, const char *why)
{
	vring_break(w->vq, why);
	return false;
}

/* The chain goes on in a table of its own */
static bool enter(struct vring_walk *w)
{
	if (!w->vq->indirect || w->indirect)
		return bad(w, "an indirect table that was not agreed upon, or in another");
	if (w->cur.flags & VRING_F_NEXT)
		return bad(w, "a chain goes on behind an indirect table");
	if (w->cur.len % sizeof(struct vring_desc) || !w->cur.len)
		return bad(w, "an indirect table of an odd length");
	w->indirect = true;
	w->table = w->cur.addr;
	w->left = w->cur.len / (uint32_t)sizeof(struct vring_desc);
	return true;
}

/* Descriptor @i of the table */
static bool from_table(struct vring_walk *w, uint32_t i)
{
	uint64_t at = w->table + i * sizeof(struct vring_desc);
	const struct vring_desc *d =
		i < w->left ? (void *)vring_whole(w->vq, at, sizeof(*d)) : NULL;

	if (!d)
		return bad(w, "a descriptor of an indirect table is not in memory");
	w->cur = w->vq->packed ? packed_desc(d) : split_desc(d);
	return true;
}

/* The first descriptor of a table, or the next in a packed one: they stand in a row there */
static bool first_in_table(struct vring_walk *w)
{
	if (!from_table(w, 0))
		return false;
	if (w->vq->packed) {
		w->table += sizeof(struct vring_desc);
		w->left--;
	}
	return true;
}

/* Load the descriptor behind the current one. False: there is none */
static bool next_split(struct vring_walk *w)
{
	uint16_t next = w->cur.id;

	if (!(w->cur.flags & VRING_F_NEXT))
		return false;
	if (w->indirect)
		return from_table(w, next);
	if (next >= w->vq->num)
		return bad(w, "a chain leaves the table of descriptors");
	w->cur = split_desc(&w->vq->desc[next]);
	return true;
}

static bool next_packed(struct vring_walk *w)
{
	if (w->indirect)
		return w->left && first_in_table(w);
	if (!(w->cur.flags & VRING_F_NEXT))
		return false;
	if (w->n == w->vq->num)
		return bad(w, "a chain is longer than the ring");
	w->pos = (uint16_t)(w->pos + 1 == w->vq->num ? 0 : w->pos + 1);
	w->cur = packed_desc(&w->vq->desc[w->pos]);
	w->id = w->cur.id; /* the last one's counts (2.8.6) */
	w->n++;
	return true;
}

/*
 * Does a buffer have the direction of its ring? DPDK's driver (22.11) says of the header in a
 * packed ring's table that it is to be written: what is only read there may be marked so.
 */
static bool right_way(const struct vring_walk *w)
{
	if (w->vq->packed && w->indirect && !w->vq->to_driver)
		return true;
	return !(w->cur.flags & VRING_F_WRITE) != w->vq->to_driver;
}

/* The current descriptor is new: look at it */
static bool accept(struct vring_walk *w)
{
	if (++w->looked > VRING_CHAIN_MAX)
		return bad(w, "a chain is too long, or has no end");
	if (w->cur.flags & VRING_F_INDIRECT)
		return enter(w) && first_in_table(w) && accept(w);
	if (!right_way(w))
		return bad(w, "a buffer of the wrong direction");
	return true;
}

void vsw_vring_walk_begin(struct vring_walk *w, struct vring *vq, const struct vring_slot *head,
			  uint16_t pos)
{
	*w = (struct vring_walk) { .vq = vq, .cur = *head, .pos = pos, .n = 1, .id = head->id };
	if (!vq->packed) /* a slot has the head there; the chain needs what the descriptor says */
		w->cur.id = split_desc(&vq->desc[head->id]).id;
	if (!accept(w))
		w->cur = (struct vring_slot) { 0 };
}

uint8_t *vsw_vring_walk_next(struct vring_walk *w, uint32_t *len)
{
	uint64_t here;
	uint8_t *p;

	while (!w->cur.len) {
		bool more = w->vq->packed ? next_packed(w) : next_split(w);

		if (!more || w->vq->why || !accept(w)) {
			w->cur = (struct vring_slot) { 0 };
			return NULL;
		}
	}
	p = vring_host(w->vq, w->cur.addr, w->cur.len, &here);
	if (!p) {
		bad(w, "a buffer is not in memory");
		w->cur = (struct vring_slot) { 0 };
		return NULL;
	}
	w->gpa = w->cur.addr;
	w->cur.addr += here;
	w->cur.len -= (uint32_t)here;
	*len = (uint32_t)here;
	return p;
}
