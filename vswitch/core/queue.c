/* SPDX-License-Identifier: BSD-2-Clause */
/* The egress queue of a port: frames in (queue.h has the theory). */
#include "core/queue.h"

#include "core/codel.h"
#include "core/slots.h"

/* Copy a frame's bytes. False: cells ran out, those taken are in the slot. */
static bool fill(struct vsw_queue *q, struct qslot *s, const struct pkt *pkt)
{
	uint32_t *link = &s->cell, headers = pkt->gso_type ? pkt->hdr_len : 0;
	struct pkt_cursor c;

	if (pkt->flags & PKT_CSUM_PARTIAL &&
	    headers < (uint32_t)pkt->csum_start + pkt->csum_offset + 2)
		headers = (uint32_t)pkt->csum_start + pkt->csum_offset + 2;
	pkt_cursor_init(&c, pkt, 0);
	s->in = headers > QUEUE_INLINE ? 0 : pkt_cursor_copy(&c, s->head, QUEUE_INLINE);
	s->cell = QUEUE_NONE;
	while (c.left) {
		uint32_t cell = queue_cell(q);

		if (cell == QUEUE_NONE)
			return false;
		*link = cell;
		link = &q->cell_next[cell];
		*link = QUEUE_NONE;
		pkt_cursor_copy(&c, q->cell[cell], QUEUE_CELL);
	}
	return true;
}

/* Drop from the fattest flow: half of what it has, at most a burst, so that the search for it pays
 * (RFC 8290 4.1.1) */
static bool make_room(struct vsw_port *p)
{
	struct vsw_queue *q = p->queue;
	uint32_t slot = vsw_flow_evict(q), goal;

	if (slot == QUEUE_NONE)
		return false;
	goal = (q->flow[q->slot[slot].flow].frames + 1) / 2;
	if (goal > PKT_BURST)
		goal = PKT_BURST;
	for (;;) {
		vsw_slot_drop(p, slot, VSW_DROP_QUEUE_FULL);
		if (goal-- <= 1)
			return true;
		slot = vsw_flow_evict(q);
		if (slot == QUEUE_NONE)
			return true;
	}
}

static void drop_one(struct vsw_port *p, const struct pkt *pkt)
{
	vsw_drop_pkt(p, VSW_DROP_QUEUE_FULL, pkt);
}

static uint16_t flow_of(const struct vsw_port *p, const struct pkt *pkt)
{
	struct frame f;
	uint64_t h;

	frame_parse(&f, pkt, 0);
	h = fdb_hash(&p->sw->fdb, frame_flow_hash(pkt_head(pkt), &f));
	return (uint16_t)(h % QUEUE_FLOWS +
			  (p->queue->n_classes > p->sw->class ? p->sw->class * QUEUE_FLOWS : 0));
}

/**
 * vsw_queue_enter() - A frame has to wait: it is copied, and what is fattest gives way
 * @p:   The port
 * @pkt: The frame
 *
 * Return: its slot, in no flow yet; QUEUE_NONE: there is no room, it was dropped and counted.
 */
uint32_t vsw_queue_enter(struct vsw_port *p, const struct pkt *pkt)
{
	struct vsw_queue *q = p->queue;
	uint32_t frames = wire_frames(pkt), bytes = wire_bytes(pkt), slot;
	struct qslot *s;

	while (q->bytes + bytes > q->policy.bytes)
		if (bytes > q->policy.bytes || !make_room(p)) {
			drop_one(p, pkt);
			return QUEUE_NONE;
		}
	for (slot = queue_slot(q); slot == QUEUE_NONE; slot = queue_slot(q))
		if (!make_room(p)) {
			drop_one(p, pkt);
			return QUEUE_NONE;
		}
	s = &q->slot[slot];
	s->pkt = *pkt;
	s->frames = frames;
	s->bytes = bytes;
	s->done = 0;
	s->since = vsw_now(p->sw);
	s->flow = flow_of(p, pkt);
	q->frames += frames;
	q->bytes += bytes;
	if (!fill(q, s, pkt)) {
		drop_one(p, pkt);
		vsw_slot_free(q, slot);
		return QUEUE_NONE;
	}
	return slot;
}

static void put(struct vsw_port *p, const struct pkt *pkt)
{
	uint32_t slot = vsw_queue_enter(p, pkt);

	if (slot == QUEUE_NONE)
		return;
	p->c.queued += p->queue->slot[slot].frames;
	vsw_flow_put(p->queue, slot);
}

/**
 * vsw_queue_put() - Frames have to wait
 * @p:    The port; it is then OUT_QUEUED
 * @pkts: The frames, as views; copied
 * @n:    Their number
 */
void vsw_queue_put(struct vsw_port *p, const struct pkt *const *pkts, unsigned n)
{
	p->out_special |= OUT_QUEUED;
	for (unsigned i = 0; i < n; i++)
		put(p, pkts[i]);
}
