/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Network I/O control: which class of traffic an uplink serves next.
 *
 * Classes share an uplink by virtual time: each has a clock that runs by the bytes it sent, divided
 * by its shares, and the one that is behind is next. A class that was idle joins at the present
 * time: it does not save up. A class below its reservation goes before all others; one beyond its
 * limit waits. The uplink itself is paced to its speed, so that frames wait here, where this order
 * holds, and not beyond.
 */
#include "core/queue.h"
#include "policy/levels-state.h"
#include "policy/row.h"
#include "policy/stages.h"

#define TIME_UNIT 1024u

int vsw_class_next(struct vsw_queue *q, int64_t now)
{
	int best = -1;
	bool best_reserved = false;

	if (likely(q->n_classes == 1))
		return q->class[0].frames ? 0 : -1;
	q->retry = VSW_NEVER;
	for (unsigned n = 0; n < q->n_classes; n++) {
		struct qclass *c = &q->class[n];
		int64_t when = bucket_when(&c->limit, now, 8);
		bool reserved = c->reservation.rate && bucket_when(&c->reservation, now, 8) <= now;

		if (!c->frames)
			continue;
		if (when > now) {
			q->retry = when < q->retry ? when : q->retry;
			continue;
		}
		if (best >= 0 && (best_reserved > reserved ||
				  (best_reserved == reserved && q->class[best].time <= c->time)))
			continue;
		best = (int)n;
		best_reserved = reserved;
	}
	return best;
}

void vsw_class_served(struct vsw_queue *q, unsigned n, int64_t now, uint32_t bytes)
{
	struct qclass *c = &q->class[n];

	if (likely(q->n_classes == 1))
		return;
	q->time = c->time;
	c->time += (uint64_t)bytes * TIME_UNIT / c->shares;
	bucket_charge(&c->limit, now, 8u * (uint64_t)bytes);
	if (c->reservation.rate && bucket_when(&c->reservation, now, 8) <= now)
		bucket_charge(&c->reservation, now, 8u * (uint64_t)bytes);
}

void vsw_class_added(struct vsw_queue *q, unsigned n)
{
	struct qclass *c = &q->class[n];

	if (!c->frames++ && c->time < q->time)
		c->time = q->time;
}

/* Bring the classes of an uplink into force; @n of them: 0: network I/O control is off */
static void set_classes(struct vsw_queue *q, const struct vsw_class *class, unsigned n,
			uint32_t mbps)
{
	bucket_set(&q->line, n ? (uint64_t)mbps * 1000000 : 0, 8 * PKT_MAX_LEN);
	for (unsigned i = 0; i < n; i++) {
		struct qclass *c = &q->class[i];

		c->shares = class[i].shares;
		bucket_set(&c->limit, class[i].limit, 8 * PKT_MAX_LEN);
		bucket_set(&c->reservation, class[i].reservation, 8 * PKT_MAX_LEN);
	}
}
static void compile(struct vsw_port *p)
{
	unsigned n = p->is_uplink ? p->sw->policy.n_classes : 0;

	p->class = p->policy.class;
	if (n)
		p->out_special |= OUT_PACED;
	set_classes(p->queue, p->sw->policy.class, n, p->speed_mbps);
}

static const struct vsw_value_row class[] = {
	{ "name", VSW_VALUE_NAME, VALUE_IN(vsw_class, name), .missing = "name is missing",
	  .help = "its name, which ports' `class` gives" },
	{ "shares", VSW_VALUE_NUMBER, VALUE_IN(vsw_class, shares), .min = 1, .max = 100, .init = 50,
	  .help = "part of a full uplink" },
	{ "limit", VSW_VALUE_RATE, VALUE_IN(vsw_class, limit), .max = VALUE_RATE_MAX,
	  .help = "bits a second at most; 0: no limit" },
	{ "reservation", VSW_VALUE_RATE, VALUE_IN(vsw_class, reservation), .max = VALUE_RATE_MAX,
	  .help = "bits a second before all others" },
	{ 0 }
};

static const struct vsw_value_row switch_values[] = {
	{ "classes", VSW_VALUE_LIST, SWITCH_LIST(class, n_classes), .sub = class,
	  .help = "network I/O control of uplinks; none: off" },
	{ 0 }
};

static const struct vsw_value_row port_values[] = {
	{ "class", VSW_VALUE_CLASS, PORT_VALUE(class), .max = VSW_MAX_CLASSES - 1,
	  .untold = "the first of `classes`", .help = "class of network I/O control" },
	{ 0 }
};

const struct vsw_policy_row vsw_policy_nioc = {
	.name = "network I/O control",
	.port_values = port_values,
	.switch_values = switch_values,
	.compile_port = compile,
	.port_state = vsw_nioc_state,
};
