/* SPDX-License-Identifier: BSD-2-Clause */
/* The memory of an egress queue. */
#ifndef VSWITCH_SLOTS_H
#define VSWITCH_SLOTS_H

#include "core/queue.h"

struct vsw_queue *vsw_queue_new(const struct vsw_queue_policy *policy, unsigned classes);
bool vsw_queue_fits(const struct vsw_queue *q, const struct vsw_queue_policy *policy,
		    unsigned classes);
void vsw_queue_set(struct vsw_queue *q, const struct vsw_queue_policy *policy);
void vsw_queue_free(struct vsw_queue *q);
void vsw_slot_free(struct vsw_queue *q, uint32_t slot);
void vsw_slot_drop(struct vsw_port *p, uint32_t slot, enum vsw_drop why);
struct iovec vsw_slot_head(struct vsw_queue *q, struct qslot *s);

/* queue_cell() - Take a cell; QUEUE_NONE: all are in use */
static inline uint32_t queue_cell(struct vsw_queue *q)
{
	uint32_t c = q->free_cell;

	if (c != QUEUE_NONE)
		q->free_cell = q->cell_next[c];
	else if (q->fresh_cell < q->n_cells)
		c = q->fresh_cell++;
	return c;
}

/* queue_slot() - Take a slot; QUEUE_NONE: all are in use */
static inline uint32_t queue_slot(struct vsw_queue *q)
{
	uint32_t s = q->free_slot;

	if (s != QUEUE_NONE)
		q->free_slot = q->slot[s].next;
	else if (q->fresh_slot < q->n_slots)
		s = q->fresh_slot++;
	return s;
}

#endif
