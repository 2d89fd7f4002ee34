/* SPDX-License-Identifier: BSD-2-Clause */
/* Flows of an egress queue: whose turn it is (RFC 8290 4.2), and what has waited too long (RFC 8289
 * 5). */
#include "core/codel.h"

#include "core/slots.h"
#include "policy/stages.h"

static void list_add(struct vsw_queue *q, struct qlist *l, uint16_t flow)
{
	q->flow[flow].next = 0;
	if (l->last)
		q->flow[l->last - 1].next = flow + 1;
	else
		l->first = flow + 1;
	l->last = flow + 1;
}

static void list_pop(struct vsw_queue *q, struct qlist *l)
{
	l->first = q->flow[l->first - 1].next;
	if (!l->first)
		l->last = 0;
}

/**
 * vsw_flow_put() - A frame joins its flow
 * @q:    The queue
 * @slot: The frame, its @flow set
 */
void vsw_flow_put(struct vsw_queue *q, uint32_t slot)
{
	uint16_t flow = q->slot[slot].flow;
	struct qflow *f = &q->flow[flow];

	q->slot[slot].next = QUEUE_NONE;
	if (f->frames)
		q->slot[f->tail].next = slot;
	else
		f->head = slot;
	f->tail = slot;
	f->frames++;
	f->bytes += q->slot[slot].bytes;
	vsw_class_added(q, flow / QUEUE_FLOWS);
	if (f->listed)
		return;
	f->listed = true;
	f->deficit = QUEUE_QUANTUM;
	list_add(q, &q->class[flow / QUEUE_FLOWS].fresh, flow);
}

/**
 * vsw_flow_restore() - A flow is to be as it was in another queue, before its first frame comes
 * @q:    The queue
 * @flow: The flow; nothing happens if it has frames, or its turn, already
 * @was:  Its deficit and CoDel's state
 * @old:  It is among the old ones
 */
void vsw_flow_restore(struct vsw_queue *q, uint16_t flow, const struct qflow *was, bool old)
{
	struct qflow *f = &q->flow[flow];
	struct qclass *c = &q->class[flow / QUEUE_FLOWS];

	if (f->listed)
		return;
	*f = *was;
	f->head = f->tail = f->bytes = f->frames = 0;
	f->listed = true;
	list_add(q, old ? &c->old : &c->fresh, flow);
}

static uint32_t pop(struct vsw_queue *q, struct qflow *f)
{
	uint32_t slot = f->head;

	if (!f->frames)
		return QUEUE_NONE;
	f->head = q->slot[slot].next;
	f->frames--;
	f->bytes -= q->slot[slot].bytes;
	q->class[(f - q->flow) / QUEUE_FLOWS].frames--;
	return slot;
}

/* Square root, rounded down */
static uint32_t root(uint64_t v)
{
	uint64_t r = 0, bit = UINT64_C(1) << 62;

	while (bit > v)
		bit >>= 2;
	for (; bit; bit >>= 2) {
		if (v >= r + bit) {
			v -= r + bit;
			r = (r >> 1) + bit;
		} else {
			r >>= 1;
		}
	}
	return (uint32_t)r;
}

/* When to drop next: an interval divided by the root of the drops so far (RFC 8289 5.3) */
static int64_t control_law(const struct vsw_queue *q, int64_t t, uint32_t count)
{
	return t + (int64_t)(((uint64_t)q->policy.interval << 16) / root((uint64_t)count << 32));
}

/* Take the next frame; *late: the flow has stood above the target for an interval. Without a
 * target nothing ever is. */
static uint32_t take(struct vsw_queue *q, struct qflow *f, int64_t now, bool *late)
{
	uint32_t slot = pop(q, f);

	*late = false;
	if (slot == QUEUE_NONE || !q->policy.target ||
	    now - q->slot[slot].since < q->policy.target || f->bytes <= QUEUE_QUANTUM)
		f->first_above = 0;
	else if (!f->first_above)
		f->first_above = now + q->policy.interval;
	else
		*late = now >= f->first_above;
	return slot;
}

/* Congestion experienced (RFC 3168 5): set in the queue's own copy of the header. False: the packet
 * can't say it. */
static bool mark(struct qslot *s, const uint8_t *bytes)
{
	uint8_t *p = (uint8_t *)bytes;
	struct frame f;

	frame_parse(&f, &s->pkt, 0);
	if (!(f.flags & FRAME_IP) || !(frame_ds(p, &f) & 3))
		return false;
	frame_set_ds(p, &f, frame_ds(p, &f) | 3);
	return true;
}

/* Drop a late frame, or mark it. True: it was marked, and goes out. */
static bool punish(struct vsw_port *p, uint32_t slot)
{
	struct vsw_queue *q = p->queue;
	struct qslot *s = &q->slot[slot];
	struct iovec iov = vsw_slot_head(q, s);

	s->pkt.iov = &iov;
	s->pkt.iovcnt = 1;
	if (q->policy.ecn && mark(s, iov.iov_base)) {
		p->c.ecn_marked += s->frames;
		return true;
	}
	vsw_slot_drop(p, slot, VSW_DROP_QUEUE_DELAY);
	return false;
}

static uint32_t drop_state(struct vsw_port *p, struct qflow *f, uint32_t slot, bool late,
			   int64_t now)
{
	while (f->dropping && late && now >= f->drop_next) {
		f->count++;
		f->drop_next = control_law(p->queue, f->drop_next, f->count);
		if (punish(p, slot))
			return slot;
		slot = take(p->queue, f, now, &late);
	}
	if (!late)
		f->dropping = false;
	return slot;
}

/* The next frame of a flow that may go out, or QUEUE_NONE: it is empty */
static uint32_t codel(struct vsw_port *p, struct qflow *f, int64_t now)
{
	struct vsw_queue *q = p->queue;
	bool late, marked;
	uint32_t slot = take(q, f, now, &late), delta = f->count - f->last_count;

	if (f->dropping)
		return drop_state(p, f, slot, late, now);
	if (!late)
		return slot;
	marked = punish(p, slot);
	f->dropping = true;
	f->count = delta > 1 && now - f->drop_next < 16 * q->policy.interval ? delta : 1;
	f->last_count = f->count;
	f->drop_next = control_law(q, now, f->count);
	return marked ? slot : take(q, f, now, &late);
}

/* The next frame of a class, or QUEUE_NONE: CoDel dropped its last ones */
static uint32_t class_get(struct vsw_port *p, struct qclass *c, int64_t now)
{
	struct vsw_queue *q = p->queue;

	for (;;) {
		bool fresh = c->fresh.first;
		struct qlist *l = fresh ? &c->fresh : &c->old;
		uint16_t n = l->first - 1;
		struct qflow *f = &q->flow[n];
		uint32_t slot;

		if (!l->first)
			return QUEUE_NONE;
		if (f->deficit <= 0) {
			f->deficit += QUEUE_QUANTUM;
			list_pop(q, l);
			list_add(q, &c->old, n);
			continue;
		}
		slot = codel(p, f, now);
		if (slot != QUEUE_NONE) {
			f->deficit -= (int32_t)q->slot[slot].bytes;
			return slot;
		}
		list_pop(q, l);
		if (fresh && c->old.first)
			list_add(q, &c->old, n); /* an emptied new flow waits a round, or it would
						    always be first */
		else
			f->listed = false;
	}
}

/**
 * vsw_flow_get() - The next frame to go out
 * @p:   The port
 * @now: The time
 *
 * Return: its slot, in no flow any more; QUEUE_NONE: nothing is there, or nothing may go now.
 */
uint32_t vsw_flow_get(struct vsw_port *p, int64_t now)
{
	struct vsw_queue *q = p->queue;
	int n;

	while ((n = vsw_class_next(q, now)) >= 0) {
		uint32_t slot = class_get(p, &q->class[n], now);

		if (slot == QUEUE_NONE)
			continue;
		vsw_class_served(q, (unsigned)n, now, q->slot[slot].bytes);
		return slot;
	}
	return QUEUE_NONE;
}

/**
 * vsw_flow_evict() - The first frame of the flow with most bytes, to be dropped for want of room
 * @q: The queue
 *
 * Return: its slot, in no flow any more; QUEUE_NONE: all flows are empty.
 */
uint32_t vsw_flow_evict(struct vsw_queue *q)
{
	struct qflow *fat = &q->flow[0];

	for (unsigned n = 1; n < q->n_classes * QUEUE_FLOWS; n++)
		if (q->flow[n].bytes > fat->bytes)
			fat = &q->flow[n];
	return pop(q, fat);
}
