/* SPDX-License-Identifier: BSD-2-Clause */
/* The egress queue of a port: its memory (queue.h has the theory). */
#include "core/slots.h"

#include <stdlib.h>
#include <sys/mman.h>

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
	q->free_slot = q->free_cell = QUEUE_NONE;
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

/**
 * vsw_slot_free() - A frame leaves the queue for good
 * @q:    The queue
 * @slot: The frame, in no flow
 */
void vsw_slot_free(struct vsw_queue *q, uint32_t slot)
{
	struct qslot *s = &q->slot[slot];

	while (s->cell != QUEUE_NONE) {
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

/**
 * vsw_slot_head() - The first bytes of a frame that waits
 * @q: The queue
 * @s: The frame
 *
 * Return: where they are, as far as they are in one piece.
 */
struct iovec vsw_slot_head(struct vsw_queue *q, struct qslot *s)
{
	struct iovec iov = { s->in ? s->head : q->cell[s->cell], s->in ? s->in : QUEUE_CELL };

	if (iov.iov_len > s->pkt.len)
		iov.iov_len = s->pkt.len;
	return iov;
}

/**
 * vsw_slot_drop() - Drop a frame that waits, and count it
 * @p:    The port
 * @slot: The frame, in no flow
 * @why:  What for
 */
void vsw_slot_drop(struct vsw_port *p, uint32_t slot, enum vsw_drop why)
{
	struct qslot *s = &p->queue->slot[slot];
	struct iovec head = vsw_slot_head(p->queue, s);
	struct pkt view = s->pkt;

	view.iov = &head;
	view.iovcnt = 1;
	count_drop(p, why, s->frames);
	if (unlikely(p->sw->look.on))
		vsw_look_drop(p, why, &view);
	vsw_slot_free(p->queue, slot);
}
