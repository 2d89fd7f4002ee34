/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Frames that wait in a port's queue, as parts of a saved state.
 *
 * DOC: Theory of Operation
 *
 * Frames stand in the order in which they would leave if each flow were emptied in its turn: first
 * those that have left their flow already (staged), then class by class the new flows and the old
 * ones, each flow from its head on. Four parts belong together: what is true of the queue, its
 * flows with their deficits and CoDel's state, the frames' words, and all their bytes in one piece.
 *
 * Where they are loaded, each frame joins the flow that its addresses say under the secret there.
 * So order within what was one flow is kept; two flows may become one. What does not fit is dropped
 * and counted as ever.
 *
 * A port that moves alone takes VSW_QUEUE_STATE_MAX bytes of frames along at most.
 */
#include "core/codel.h"
#include "core/queue.h"
#include "core/slots.h"
#include "hwnet/gso.h"
#include "hwnet/words.h"
#include "policy/levels-state.h"

#define MAX_FRAMES   (1u << 16) /* as the policy has them */
#define MAX_DEFICIT  (4 << 20)	/* what the longest message can have taken */
#define MAX_DISTANCE (3600 * NS_PER_S)
#define FLAGS \
	(PKT_VLAN | PKT_CSUM_PARTIAL | PKT_CSUM_VALID | PKT_HASH | PKT_OUTER_CSUM | PKT_FCS_BAD)

/* struct queue - @staged: the first frames, in no flow; @charged: the first of them is paid for */
struct queue {
	uint32_t staged;
	bool charged;
};

static const struct hwnet_field queue_fields[] = {
	HWNET_FIELD_RANGE(struct queue, staged, 0, QUEUE_STAGE),
	HWNET_FIELD_BOOL(struct queue, charged),
};

/* struct flow - the next @frames of the list; @above, @next: times of CoDel, from now; 0: none */
struct flow {
	uint8_t class;
	bool old, dropping;
	uint32_t frames;
	int32_t deficit;
	uint32_t count, last_count;
	int64_t above, next;
};

static const struct hwnet_field flow_fields[] = {
	HWNET_FIELD_RANGE(struct flow, class, 0, VSW_MAX_CLASSES - 1),
	HWNET_FIELD_BOOL(struct flow, old),
	HWNET_FIELD_BOOL(struct flow, dropping),
	HWNET_FIELD_RANGE(struct flow, frames, 1, MAX_FRAMES),
	HWNET_FIELD(struct flow, deficit),
	HWNET_FIELD_RANGE(struct flow, count, 0, INT32_MAX),
	HWNET_FIELD_RANGE(struct flow, last_count, 0, INT32_MAX),
	HWNET_FIELD(struct flow, above),
	HWNET_FIELD(struct flow, next),
};

/* struct frame_words - a frame; @ago: since when it waits; @done: segments that the owner has */
struct frame_words {
	uint32_t len, hash, done;
	uint16_t flags, tpid, tci, csum_start, csum_offset, gso_size, hdr_len, outer_l4;
	uint8_t gso_type;
	int64_t ago;
};

static const struct hwnet_field frame_fields[] = {
	HWNET_FIELD_RANGE(struct frame_words, len, FRAME_ETH_LEN, PKT_MAX_LEN),
	HWNET_FIELD(struct frame_words, hash),
	HWNET_FIELD(struct frame_words, done),
	HWNET_FIELD_RANGE(struct frame_words, flags, 0, FLAGS),
	HWNET_FIELD(struct frame_words, tpid),
	HWNET_FIELD(struct frame_words, tci),
	HWNET_FIELD(struct frame_words, csum_start),
	HWNET_FIELD(struct frame_words, csum_offset),
	HWNET_FIELD(struct frame_words, gso_size),
	HWNET_FIELD(struct frame_words, hdr_len),
	HWNET_FIELD(struct frame_words, outer_l4),
	HWNET_FIELD(struct frame_words, gso_type),
	HWNET_FIELD_RANGE(struct frame_words, ago, 0, STATE_LONG),
};

static const struct hwnet_field byte_fields[] = {
	{ .name = "bytes", .size = 1, .count = 1 },
};

/*
 * struct walk - over the frames of a queue, in order
 * @slot: The frame
 * @flow: The flow it is in; NULL: it is staged
 * @first: It is the first of its flow
 * @class: @old: Where the flow is listed
 * @bytes: All up to and with this one
 */
struct walk {
	const struct vsw_queue *q;
	uint64_t bytes, most;
	unsigned staged, class;
	bool old, first, begun;
	const struct qflow *flow;
	uint32_t slot;
};

static struct walk walk_begin(const struct vsw_state_of *of)
{
	return (struct walk) { .q = of->port->queue,
			       .most = of->whole ? UINT64_MAX : VSW_QUEUE_STATE_MAX };
}

static const struct qflow *flow_at(const struct walk *w, uint16_t number)
{
	return number ? &w->q->flow[number - 1] : NULL;
}

/* The first flow of this list, or the next one behind @w->flow; then of the lists that follow */
static const struct qflow *next_flow(struct walk *w)
{
	const struct qclass *c = &w->q->class[w->class];
	const struct qflow *f = flow_at(w, w->flow ? w->flow->next : c->fresh.first);

	for (;;) {
		while (f && !f->frames)
			f = flow_at(w, f->next);
		if (f || (w->old && w->class + 1 == w->q->n_classes))
			return f;
		w->class += w->old;
		w->old = !w->old;
		c = &w->q->class[w->class];
		f = flow_at(w, w->old ? c->old.first : c->fresh.first);
	}
}

/* The next frame. False: that was all, or what fits. */
static bool walk_next(struct walk *w)
{
	const struct vsw_queue *q = w->q;

	w->first = false;
	if (w->staged < q->n_staged) {
		w->slot = q->staged[w->staged++];
	} else if (w->flow && w->slot != w->flow->tail) {
		w->slot = q->slot[w->slot].next;
	} else {
		w->flow = next_flow(w);
		if (!w->flow)
			return false;
		w->slot = w->flow->head;
		w->first = true;
	}
	w->bytes += q->slot[w->slot].pkt.len;
	return w->bytes <= w->most;
}

static uint32_t queue_count(const struct vsw_state_of *of)
{
	return of->port->queue->frames != 0;
}

static uint32_t queue_save(const struct vsw_state_of *of, void *items, uint32_t n)
{
	const struct vsw_queue *q = of->port->queue;
	struct walk w = walk_begin(of);
	struct queue *st = items;
	uint32_t frames = 0, all = q->n_staged;

	st->charged = q->charged;
	for (; walk_next(&w); frames++)
		st->staged += !w.flow;
	for (unsigned i = 0; i < q->n_classes; i++)
		all += q->class[i].frames;
	if (frames < all)
		vsw_state_out(of, "%u of %u frames that wait do not fit", all - frames, all);
	return frames != 0;
}

static uint32_t flows_save(const struct vsw_state_of *of, void *items, uint32_t n)
{
	struct walk w = walk_begin(of);
	struct flow *f = items;
	uint32_t flows = 0;

	while (walk_next(&w)) {
		if (!w.flow)
			continue;
		flows += w.first;
		if (!f)
			continue;
		if (w.first)
			f[flows - 1] = (struct flow) {
				.class = (uint8_t)w.class,
				.old = w.old,
				.dropping = w.flow->dropping,
				.deficit = w.flow->deficit,
				.count = w.flow->count & INT32_MAX,
				.last_count = w.flow->last_count & INT32_MAX,
				.above = w.flow->first_above ? w.flow->first_above - of->now : 0,
				.next = w.flow->drop_next ? w.flow->drop_next - of->now : 0,
			};
		f[flows - 1].frames++;
	}
	return flows;
}

static uint32_t flows_count(const struct vsw_state_of *of)
{
	return flows_save(of, NULL, 0);
}

static uint32_t frames_count(const struct vsw_state_of *of)
{
	struct walk w = walk_begin(of);
	uint32_t n = 0;

	while (walk_next(&w))
		n++;
	return n;
}

static uint32_t frames_save(const struct vsw_state_of *of, void *items, uint32_t n)
{
	struct walk w = walk_begin(of);
	struct frame_words *f = items;

	for (; walk_next(&w); f++) {
		const struct qslot *s = &w.q->slot[w.slot];
		const struct pkt *p = &s->pkt;

		*f = (struct frame_words) { p->len,
					    p->hash,
					    s->done,
					    p->flags,
					    p->vlan_tpid,
					    p->vlan_tci,
					    p->csum_start,
					    p->csum_offset,
					    p->gso_size,
					    p->hdr_len,
					    p->outer_l4,
					    p->gso_type,
					    state_ago(of, s->since) };
	}
	return n;
}

static uint32_t bytes_count(const struct vsw_state_of *of)
{
	struct walk w = walk_begin(of);
	uint32_t bytes = 0;

	while (walk_next(&w))
		bytes = (uint32_t)w.bytes;
	return bytes;
}

static uint8_t *put_bytes(const struct vsw_queue *q, const struct qslot *s, uint8_t *to)
{
	uint32_t left = s->pkt.len - s->in;

	memcpy(to, s->head, s->in);
	to += s->in;
	for (uint32_t c = s->cell; left; c = q->cell_next[c]) {
		uint32_t n = left < QUEUE_CELL ? left : QUEUE_CELL;

		memcpy(to, q->cell[c], n);
		to += n;
		left -= n;
	}
	return to;
}

static uint32_t bytes_save(const struct vsw_state_of *of, void *items, uint32_t n)
{
	struct walk w = walk_begin(of);
	uint8_t *to = items;

	while (walk_next(&w))
		to = put_bytes(w.q, &w.q->slot[w.slot], to);
	return n;
}

static struct pkt to_pkt(const struct frame_words *f, const struct iovec *iov)
{
	return (struct pkt) { .iov = iov,
			      .iovcnt = 1,
			      .len = f->len,
			      .flags = f->flags,
			      .vlan_tpid = f->tpid,
			      .vlan_tci = f->tci,
			      .csum_start = f->csum_start,
			      .csum_offset = f->csum_offset,
			      .gso_size = f->gso_size,
			      .hdr_len = f->hdr_len,
			      .outer_l4 = f->outer_l4,
			      .gso_type = f->gso_type,
			      .hash = f->hash };
}

/* Is a frame sound? Its words may be altered, as of any that comes from outside. */
static bool sound(struct frame_words *f, uint8_t *bytes)
{
	struct iovec iov = { bytes, f->len };
	struct pkt pkt = to_pkt(f, &iov);
	struct pkt_fit fit;

	if (f->flags & PKT_VLAN && f->tpid != FRAME_TYPE_VLAN && f->tpid != FRAME_TYPE_QINQ)
		return false;
	if (f->gso_type ? !gso_sound(&pkt) || pkt_fit_begin(&fit, &pkt, 0) != NULL :
			  pkt_words_settle(&pkt, bytes) != NULL)
		return false;
	f->flags = pkt.flags;
	f->csum_start = pkt.csum_start;
	f->csum_offset = pkt.csum_offset;
	return f->done == 0 || f->done < wire_frames(&pkt);
}

static bool flow_sound(const struct flow *f)
{
	return f->deficit >= -MAX_DEFICIT && f->deficit <= QUEUE_QUANTUM &&
	       f->above >= -MAX_DISTANCE && f->above <= MAX_DISTANCE && f->next >= -MAX_DISTANCE &&
	       f->next <= MAX_DISTANCE;
}

/* The four parts together */
static const char *queue_check(const struct vsw_state_of *of, void *items, uint32_t n)
{
	uint32_t n_flows, n_frames, n_bytes;
	const struct flow *flow = vsw_state_sibling(of, "queue-flows", &n_flows);
	struct frame_words *f = (void *)vsw_state_sibling(of, "queue-frames", &n_frames);
	uint8_t *bytes = (void *)vsw_state_sibling(of, "queue-bytes", &n_bytes);
	uint64_t in_flows = ((const struct queue *)items)->staged, len = 0;

	for (uint32_t i = 0; i < n_flows; i++) {
		in_flows += flow[i].frames;
		if (!flow_sound(&flow[i]))
			return "a flow is not sound";
	}
	if (in_flows != n_frames)
		return "flows and frames do not agree";
	for (uint32_t i = 0; i < n_frames; i++) {
		if (f[i].len < FRAME_ETH_LEN || f[i].len > n_bytes - len)
			return "frames and bytes do not agree";
		if (!sound(&f[i], bytes + len))
			return "a frame is not sound";
		len += f[i].len;
	}
	return len == n_bytes ? NULL : "frames and bytes do not agree";
}

/* struct putting - frames that are put into a queue, one after the other */
struct putting {
	const struct vsw_state_of *of;
	const struct frame_words *f;
	uint8_t *bytes;
};

/* The next frame, in no flow yet; QUEUE_NONE: it found no room, and was counted */
static uint32_t put_next(struct putting *put)
{
	struct vsw_port *p = put->of->port;
	struct iovec iov = { put->bytes, put->f->len };
	struct pkt pkt = to_pkt(put->f, &iov);
	uint32_t slot = vsw_queue_enter(p, &pkt);

	if (slot != QUEUE_NONE) {
		p->queue->slot[slot].done = put->f->done;
		p->queue->slot[slot].since = state_since(put->of, put->f->ago);
	}
	put->bytes += put->f->len;
	put->f++;
	return slot;
}

static void put_staged(struct putting *put, const struct queue *st)
{
	struct vsw_queue *q = put->of->port->queue;

	for (uint32_t i = 0; i < st->staged; i++) {
		uint32_t slot = put_next(put);

		if (slot == QUEUE_NONE)
			continue;
		if (q->n_staged < QUEUE_STAGE)
			q->staged[q->n_staged++] = slot;
		else
			vsw_flow_put(q, slot);
	}
}

static void put_flow(struct putting *put, const struct flow *f)
{
	const struct vsw_state_of *of = put->of;
	struct vsw_queue *q = of->port->queue;
	struct qflow was = { .deficit = f->deficit,
			     .dropping = f->dropping,
			     .count = f->count,
			     .last_count = f->last_count,
			     .first_above = f->above ? of->now + f->above : 0,
			     .drop_next = f->next ? of->now + f->next : 0 };
	uint8_t class = of->sw->class;

	of->sw->class = f->class;
	for (uint32_t i = 0; i < f->frames; i++) {
		uint32_t slot = put_next(put);

		if (slot == QUEUE_NONE)
			continue;
		vsw_flow_restore(q, q->slot[slot].flow, &was, f->old);
		vsw_flow_put(q, slot);
	}
	of->sw->class = class;
}

static void queue_load(const struct vsw_state_of *of, void *items, uint32_t n)
{
	const struct queue *st = items;
	struct vsw_queue *q = of->port->queue;
	uint32_t n_flows, n_frames, n_bytes;
	const struct flow *flow = vsw_state_sibling(of, "queue-flows", &n_flows);
	struct putting put = { of, vsw_state_sibling(of, "queue-frames", &n_frames),
			       (void *)vsw_state_sibling(of, "queue-bytes", &n_bytes) };
	bool paid = !q->n_staged && st->charged && st->staged;
	uint64_t full = of->port->c.drops[VSW_DROP_QUEUE_FULL];

	put_staged(&put, st);
	if (paid && q->n_staged)
		q->charged = true;
	for (uint32_t i = 0; i < n_flows; i++)
		put_flow(&put, &flow[i]);
	if (q->frames)
		of->port->out_special |= OUT_QUEUED;
	full = of->port->c.drops[VSW_DROP_QUEUE_FULL] - full;
	if (full)
		vsw_state_out(of, "%u frames that waited find no room", (unsigned)full);
}

/* The others are looked at by the queue's */
static void sibling_load(const struct vsw_state_of *of, void *items, uint32_t n)
{
}

static const struct vsw_state_part queue = {
	.name = "queue",
	.list = STATE_LIST(queue_fields, struct queue),
	.count = queue_count,
	.save = queue_save,
	.check = queue_check,
	.load = queue_load,
};

static const struct vsw_state_part flows = {
	.name = "queue-flows",
	.list = STATE_LIST(flow_fields, struct flow),
	.max = MAX_FRAMES,
	.count = flows_count,
	.save = flows_save,
	.load = sibling_load,
};

static const struct vsw_state_part frames = {
	.name = "queue-frames",
	.list = STATE_LIST(frame_fields, struct frame_words),
	.max = MAX_FRAMES + QUEUE_STAGE,
	.count = frames_count,
	.save = frames_save,
	.load = sibling_load,
};

static const struct vsw_state_part bytes = {
	.name = "queue-bytes",
	.list = STATE_LIST(byte_fields, uint8_t),
	.max = UINT32_MAX,
	.count = bytes_count,
	.save = bytes_save,
	.load = sibling_load,
};

const struct vsw_state_part *const vsw_queue_state[] = { &queue, &flows, &frames, &bytes, NULL };
