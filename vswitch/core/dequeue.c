/* SPDX-License-Identifier: BSD-2-Clause */
/* The egress queue of a port: frames out (queue.h has the theory). */
#include "core/dequeue.h"

#include "core/codel.h"
#include "core/due.h"
#include "core/queue.h"
#include "core/send.h"
#include "core/slots.h"
#include "policy/stages.h"

/* Make a frame's iovec anew: it stands in slot and cells */
static void stage_iov(struct vsw_queue *q, unsigned n)
{
	struct qslot *s = &q->slot[q->staged[n]];
	struct iovec *iov = q->iov[n];
	uint32_t left = s->pkt.len - s->in, cnt = 0;

	if (s->in)
		iov[cnt++] = (struct iovec) { s->head, s->in };
	for (uint32_t c = s->cell; c != QUEUE_NONE; c = q->cell_next[c]) {
		uint32_t len = left < QUEUE_CELL ? left : QUEUE_CELL;

		iov[cnt++] = (struct iovec) { q->cell[c], len };
		left -= len;
	}
	s->pkt.iov = iov;
	s->pkt.iovcnt = (uint16_t)cnt;
}

static void stage(struct vsw_port *p, int64_t now, unsigned most)
{
	struct vsw_queue *q = p->queue;

	while (q->n_staged < most) {
		uint32_t slot = vsw_flow_get(p, now);

		if (slot == QUEUE_NONE)
			return;
		q->staged[q->n_staged++] = slot;
	}
}

static void left_queue(struct vsw_port *p, struct qslot *s, int64_t now)
{
	uint64_t delay = now > s->since ? (uint64_t)(now - s->since) : 0;
	unsigned bin = 0;

	while (bin < 19 && delay >> (bin + 10))
		bin++;
	p->c.delay_hist[bin] += s->frames;
	if (delay > p->c.delay_max)
		p->c.delay_max = delay;
}

/* The first @n staged frames are gone */
static void unstage(struct vsw_port *p, unsigned n, int64_t now)
{
	struct vsw_queue *q = p->queue;

	for (unsigned i = 0; i < n; i++) {
		left_queue(p, &q->slot[q->staged[i]], now);
		vsw_slot_free(q, q->staged[i]);
	}
	q->n_staged -= n;
	memmove(q->staged, q->staged + n, q->n_staged * sizeof(q->staged[0]));
}

/* Staged frames that go as they are, as one call. True: all were taken. */
static bool send_run(struct vsw_port *p, unsigned n, int64_t now)
{
	struct vsw_queue *q = p->queue;
	const struct pkt *out[QUEUE_STAGE];
	unsigned taken;

	for (unsigned i = 0; i < n; i++)
		out[i] = &q->slot[q->staged[i]].pkt;
	taken = vsw_port_send(p, out, n);
	unstage(p, taken, now);
	return taken == n;
}

/*
 * What a frame is made fit for. The owner may take more or less by now than when it got the first
 * segments: the others fit him as he is, but who got one gets them all.
 */
static uint32_t takes_of(const struct vsw_port *p, const struct qslot *s)
{
	return s->done ? p->takes & ~(uint32_t)PKT_TAKES_GSO : p->takes;
}

/* Segments of a message from the @done-th on. True: all were taken, or it cannot be cut. */
static bool send_segments(struct vsw_port *p, struct qslot *s)
{
	struct vsw *sw = p->sw;
	const struct pkt *out[PKT_BURST];
	const bool fresh = !s->done;
	const uint32_t takes = takes_of(p, s);
	unsigned n, taken;
	bool cut;

	if (pkt_fit_begin(&sw->fit, &s->pkt, takes)) {
		vsw_drop_pkt(p, VSW_DROP_FINISH, &s->pkt);
		return true;
	}
	cut = s->pkt.gso_type && sw->fit.todo;
	pkt_fit_skip(&sw->fit, s->done);
	do {
		for (n = 0; n < PKT_BURST; n++) {
			out[n] = pkt_fit_next(&sw->fit, &sw->segment[n]);
			if (!out[n])
				break;
		}
		taken = n ? vsw_port_send(p, out, n) : 0;
		s->done += taken;
	} while (n == PKT_BURST && taken == n);
	if (fresh && s->done) { /* not each time that the owner refuses the first */
		p->c.segmented += cut;
		p->c.csummed += s->pkt.flags & PKT_CSUM_PARTIAL && !(takes & PKT_TAKES_CSUM);
	}
	return taken == n;
}

/* The longest run of staged frames that fit, or one that does not. True: go on. */
static bool send_staged(struct vsw_port *p, int64_t now)
{
	struct vsw_queue *q = p->queue;
	unsigned n = 0;

	for (unsigned i = 0; i < q->n_staged; i++)
		stage_iov(q, i);
	while (n < q->n_staged && !q->slot[q->staged[n]].done &&
	       pkt_fits(&q->slot[q->staged[n]].pkt, p->takes))
		n++;
	if (n)
		return send_run(p, n, now);
	if (!send_segments(p, &q->slot[q->staged[0]]))
		return false;
	unstage(p, 1, now);
	return true;
}

static void wait_until(struct vsw_port *p, int64_t when)
{
	p->queue_at = when;
	if (when < p->sw->due[DUE_QUEUE])
		vsw_due_at(p->sw, DUE_QUEUE, when);
}

/* May the first staged frame leave a paced port now? It is paid for once, however often the owner
 * refuses it. */
static bool pay(struct vsw_port *p, int64_t now)
{
	struct vsw_queue *q = p->queue;
	uint32_t bytes = q->slot[q->staged[0]].bytes;
	int64_t shaped = vsw_shape_out_when(p, now, bytes),
		line = bucket_when(&q->line, now, 8u * (uint64_t)bytes);

	if (q->charged)
		return true;
	if (shaped > now || line > now) {
		wait_until(p, shaped > line ? shaped : line);
		return false;
	}
	vsw_shape_out_charge(p, now, bytes);
	bucket_charge(&q->line, now, 8u * (uint64_t)bytes);
	q->charged = true;
	return true;
}

/* Nothing can be staged: all is gone, or waits for its class's limit */
static void ran_dry(struct vsw_port *p)
{
	if (p->queue->frames)
		wait_until(p, p->queue->retry);
	else
		p->out_special &= ~(uint32_t)OUT_QUEUED;
}

/**
 * vsw_queue_ready() - The owner has room again
 * @p: The port
 */
void vsw_queue_ready(struct vsw_port *p)
{
	p->queue->refused = false;
}

/**
 * vsw_queue_run() - Send what waits, until all is gone, or the owner takes no more, or what is left
 * may not go yet
 * @p: The port; the switch is busy
 */
void vsw_queue_run(struct vsw_port *p)
{
	struct vsw_queue *q = p->queue;
	bool paced = p->out_special & OUT_PACED;
	int64_t now;

	if (!(p->out_special & OUT_QUEUED) || p->out_special & OUT_CLOSED || q->refused)
		return;
	now = vsw_now(p->sw);
	p->queue_at = VSW_NEVER;
	for (;;) {
		if (!q->n_staged)
			stage(p, now, paced ? 1 : QUEUE_STAGE);
		if (!q->n_staged) {
			ran_dry(p);
			return;
		}
		if (paced && !pay(p, now))
			return;
		if (!send_staged(p, now)) {
			q->refused = true;
			return;
		}
		q->charged = false;
	}
}

/**
 * vsw_queue_flush() - Drop all that waits
 * @p:   The port
 * @why: As what it is counted
 */
void vsw_queue_flush(struct vsw_port *p, enum vsw_drop why)
{
	struct vsw_queue *q = p->queue;
	uint32_t slot;

	if (!q)
		return;
	for (unsigned i = 0; i < q->n_staged; i++)
		vsw_slot_drop(p, q->staged[i], why);
	q->n_staged = 0;
	q->charged = q->refused = false;
	p->queue_at = VSW_NEVER;
	while ((slot = vsw_flow_evict(q)) != QUEUE_NONE)
		vsw_slot_drop(p, slot, why);
	p->out_special &= ~(uint32_t)OUT_QUEUED;
}

/**
 * vsw_run_paced() - Let the paced queues that got frames send what they may
 * @sw: The switch, busy
 */
void vsw_run_paced(struct vsw *sw)
{
	for (unsigned i = 0; i < sw->paced; i++) {
		struct vsw_port *p = sw->port[sw->paced_port[i]];

		p->in_paced = false;
		vsw_queue_run(p);
	}
	sw->paced = 0;
}

/**
 * vsw_queues_due() - Run the paced queues whose time has come, and set the next deadline
 * @sw:  The switch, not busy
 * @now: The time
 */
void vsw_queues_due(struct vsw *sw, int64_t now)
{
	int64_t next = VSW_NEVER;

	for (unsigned i = 1; i <= sw->last_port; i++) {
		struct vsw_port *p = sw->port[i];

		/* The time of a blocked port waits with its frames: see block.c. */
		if (!p || p->queue_at == VSW_NEVER || p->out_special & OUT_CLOSED)
			continue;
		if (p->queue_at <= now) {
			sw->busy = 1;
			sw->look.timed = false;
			vsw_queue_run(p);
			sw->busy = 0;
		}
		if (p->queue_at < next)
			next = p->queue_at;
	}
	vsw_due_at(sw, DUE_QUEUE, next);
}
