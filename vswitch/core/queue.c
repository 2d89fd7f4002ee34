/* SPDX-License-Identifier: BSD-2-Clause */
/* The egress queue of a port: its memory, and frames in (queue.h has the theory). */
#include <stdlib.h>
#include <sys/mman.h>

#include "queue_priv.h"

/**
 * vsw_queue_fits() - Has a queue this size already?
 * @q:      The queue or NULL
 * @policy: Size
 * @classes: Classes, 0: none
 *
 * Return: whether it can be kept, with what is in it.
 */
bool vsw_queue_fits(const struct vsw_queue *q, const struct vsw_queue_policy *policy,
		    unsigned classes)
{
	return q && q->policy.frames == policy->frames && q->policy.bytes == policy->bytes &&
	       q->n_classes == (classes ? classes : 1);
}

/**
 * vsw_queue_set() - New parameters
 * @q:      A queue of that size
 * @policy: Parameters
 */
void vsw_queue_set(struct vsw_queue *q, const struct vsw_queue_policy *policy)
{
	q->policy = *policy;
}

/* Memory that costs nothing until it is used, and that the allocator can't hand out with old
 * contents to be cleared */
static void *reserve(size_t size)
{
	void *p = mmap(NULL, size, PROT_READ | PROT_WRITE,
		       MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);

	return p == MAP_FAILED ? NULL : p;
}

static void release(void *p, size_t size)
{
	if (p)
		munmap(p, size);
}

/**
 * vsw_queue_new() - Make a queue with all its memory
 * @policy: Size and parameters
 * @classes: Classes of network I/O control, 0: none
 *
 * Return: the queue, or NULL without memory.
 */
struct vsw_queue *vsw_queue_new(const struct vsw_queue_policy *policy, unsigned classes)
{
	struct vsw_queue *q = calloc(1, sizeof(*q));

	if (!q)
		return NULL;
	q->policy = *policy;
	q->n_classes = classes ? classes : 1;
	q->retry = VSW_NEVER;
	q->n_slots = policy->frames;
	q->n_cells = policy->bytes / QUEUE_CELL + policy->frames;
	q->free_slot = q->free_cell = NONE;
	q->slot = reserve(q->n_slots * sizeof(*q->slot));
	q->cell = reserve(q->n_cells * sizeof(*q->cell));
	q->cell_next = reserve(q->n_cells * sizeof(*q->cell_next));
	q->flow = calloc(q->n_classes * QUEUE_FLOWS, sizeof(*q->flow));
	if (q->slot && q->cell && q->cell_next && q->flow)
		return q;
	vsw_queue_free(q);
	return NULL;
}

/**
 * vsw_queue_free() - Give its memory back
 * @q: The queue or NULL
 */
void vsw_queue_free(struct vsw_queue *q)
{
	if (!q)
		return;
	release(q->slot, q->n_slots * sizeof(*q->slot));
	release(q->cell, q->n_cells * sizeof(*q->cell));
	release(q->cell_next, q->n_cells * sizeof(*q->cell_next));
	free(q->flow);
	free(q);
}

static uint32_t cell_get(struct vsw_queue *q)
{
	uint32_t c = q->free_cell;

	if (c != NONE)
		q->free_cell = q->cell_next[c];
	else if (q->fresh_cell < q->n_cells)
		c = q->fresh_cell++;
	return c;
}

static uint32_t slot_get(struct vsw_queue *q)
{
	uint32_t s = q->free_slot;

	if (s != NONE)
		q->free_slot = q->slot[s].next;
	else if (q->fresh_slot < q->n_slots)
		s = q->fresh_slot++;
	return s;
}

/**
 * vsw_slot_free() - A frame leaves the queue for good
 * @q:    The queue
 * @slot: The frame, in no flow
 */
void vsw_slot_free(struct vsw_queue *q, uint32_t slot)
{
	struct qslot *s = &q->slot[slot];

	while (s->cell != NONE) {
		uint32_t c = s->cell;

		s->cell = q->cell_next[c];
		q->cell_next[c] = q->free_cell;
		q->free_cell = c;
	}
	q->frames -= s->frames;
	q->bytes -= s->bytes;
	s->next = q->free_slot;
	q->free_slot = slot;
}

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
	s->cell = NONE;
	while (c.left) {
		uint32_t cell = cell_get(q);

		if (cell == NONE)
			return false;
		*link = cell;
		link = &q->cell_next[cell];
		*link = NONE;
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

	if (slot == NONE)
		return false;
	goal = (q->flow[q->slot[slot].flow].frames + 1) / 2;
	if (goal > PKT_BURST)
		goal = PKT_BURST;
	for (;;) {
		count_drop(p, VSW_DROP_QUEUE_FULL, q->slot[slot].frames);
		vsw_slot_free(q, slot);
		if (goal-- <= 1)
			return true;
		slot = vsw_flow_evict(q);
		if (slot == NONE)
			return true;
	}
}

static void drop_one(struct vsw_port *p, const struct pkt *pkt)
{
	count_drop(p, VSW_DROP_QUEUE_FULL, gso_segments(pkt));
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
 * vsw_queue_put() - A frame has to wait
 * @p:   The port; it is then OUT_QUEUED
 * @pkt: The frame, as a view; copied
 */
void vsw_queue_put(struct vsw_port *p, const struct pkt *pkt)
{
	struct vsw_queue *q = p->queue;
	uint32_t frames = wire_frames(pkt), bytes = wire_bytes(pkt), slot;
	struct qslot *s;

	p->out_special |= OUT_QUEUED;
	while (q->bytes + bytes > q->policy.bytes)
		if (bytes > q->policy.bytes || !make_room(p)) {
			drop_one(p, pkt);
			return;
		}
	for (slot = slot_get(q); slot == NONE; slot = slot_get(q))
		if (!make_room(p)) {
			drop_one(p, pkt);
			return;
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
		return;
	}
	p->c.queued += frames;
	vsw_flow_put(q, slot);
}
