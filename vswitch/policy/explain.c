/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * What would become of a frame.
 *
 * DOC: Theory of Operation
 *
 * The frame goes through vsw_input_burst() as a real one, with all ports made such that each stage
 * comes by here:
 *
 *  - all ports have the stages of the row "look", and pass what they would send to
 *    vsw_explain_pass() instead (OUT_LOOK);
 *  - no port copies to mirrors; that it would is told;
 *  - @dry of the switch is set: who would learn, tell an event, hear a report, or note a station
 *    that was heard outside, leaves that.
 *
 * What is changed all the same is put back: the port that the frame comes from as a whole, with its
 * buckets and counters; counts of drops, one by one; and the state of a port's rules, which is a
 * copy while the frame is at that port.
 */
#include "policy/explain.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>

#include "core/addrs.h"
#include "core/input.h"
#include "policy/mirror.h"
#include "policy/row.h"
#include "policy/rules.h"
#include "policy/stages.h"

/* struct bits - of a port, while it is made such */
struct bits {
	uint32_t in, out;
	uint64_t in_rows, out_rows;
};

/*
 * struct vsw_explain - an explanation
 * @b:       The frame's burst, once it was admitted; NULL before
 * @routed:  Its destination was told
 * @at:      Port whose rules have @state instead of @own, or NULL
 * @told:    Hits of those that were told
 * @saved:   The port that it comes from
 */
struct vsw_explain {
	struct vsw_step step[VSW_STEPS];
	unsigned n, more;
	const struct vsw_burst *b;
	bool routed;
	struct vsw_port *at;
	struct vsw_rule_state *own, state[VSW_MAX_RULES];
	uint64_t told[VSW_MAX_RULES];
	struct bits bits[VSW_MAX_PORTS + 1];
	struct vsw_port saved;
};

struct vsw_explain *vsw_explain_new(void)
{
	return calloc(1, sizeof(struct vsw_explain));
}

void vsw_explain_free(struct vsw_explain *x)
{
	free(x);
}

const struct vsw_step *vsw_explain_steps(const struct vsw_explain *x, unsigned *n, unsigned *more)
{
	*n = x->n;
	*more = x->more;
	return x->step;
}

__attribute__((format(printf, 5, 6))) static void step(struct vsw_explain *x, const char *stage,
						       const struct vsw_port *p, int why,
						       const char *fmt, ...)
{
	struct vsw_step *s = &x->step[x->n];
	va_list ap;

	if (x->n == VSW_STEPS) {
		x->more++;
		return;
	}
	x->n++;
	s->stage = stage;
	s->why = why;
	snprintf(s->port, sizeof(s->port), "%s", p ? p->id : "");
	va_start(ap, fmt);
	vsnprintf(s->text, sizeof(s->text), fmt, ap);
	va_end(ap);
}

/* Rules that held since this was asked last */
static void tell_rules(struct vsw_explain *x)
{
	const struct vsw_ruleset *rs = x->at ? x->at->rules : NULL;

	for (unsigned i = 0; rs && i < rs->n; i++) {
		if (rs->state[i].hits != x->told[i])
			step(x, "rules", x->at, -1, "rule %u%s%s holds", i + 1,
			     rs->rule[i].name[0] ? ", " : "", rs->rule[i].name);
		x->told[i] = rs->state[i].hits;
	}
}

/* Rules of a port have their own state again */
static void return_rules(struct vsw_explain *x)
{
	tell_rules(x);
	if (x->at)
		x->at->rules->state = x->own;
	x->at = NULL;
}

/* From now on the frame is at a port: its rules get a state that may be changed. They copy to no
 * mirror */
static void borrow_rules(struct vsw_explain *x, struct vsw_port *p)
{
	if (x->at == p)
		return;
	return_rules(x);
	if (!p->rules)
		return;
	x->at = p;
	x->own = p->rules->state;
	for (unsigned i = 0; i < p->rules->n; i++) {
		x->state[i] = x->own[i];
		x->state[i].mirror = 0;
		x->told[i] = x->own[i].hits;
	}
	p->rules->state = x->state;
}

static const char *place_name(const struct vsw *sw, struct fdb_ref r)
{
	const struct vsw_port *p = sw->port[r.b->port[r.i]];

	return p ? p->id : "the uplinks";
}

/* What the table of addresses says of a key */
static void tell_address(struct vsw_explain *x, const char *stage, uint64_t key, uint64_t hash)
{
	const struct vsw_burst *b = x->b;
	const struct vsw *sw = b->in->sw;
	struct fdb_ref r = fdb_lookup(&sw->fdb, key, hash);
	uint8_t mac[6];

	mac_bytes(fdb_key_mac(key), mac);
	if (r.i < 0)
		r = vsw_any_vlan(sw, key, b->vid[0]);
	if (r.i < 0)
		step(x, stage, NULL, -1,
		     "%02x:%02x:%02x:%02x:%02x:%02x is not in the table of addresses", mac[0],
		     mac[1], mac[2], mac[3], mac[4], mac[5]);
	else
		step(x, stage, NULL, -1, "%02x:%02x:%02x:%02x:%02x:%02x is at %s%s", mac[0], mac[1],
		     mac[2], mac[3], mac[4], mac[5], place_name(sw, r),
		     fdb_age(r) == FDB_STATIC ? ", static" : "");
}

static void tell_mirrors(struct vsw_explain *x, const struct vsw_port *p, uint16_t sessions)
{
	const struct vsw_mirrors *m = p->sw->mirrors;

	for (unsigned i = 0; m && i < m->n; i++)
		if (sessions >> i & 1)
			step(x, "mirror", p, -1, "session %s copies it", m->session[i].conf.name);
}

/* It has passed what its own port is under */
static void tell_route(struct vsw_explain *x)
{
	const struct vsw_burst *b = x->b;

	if (x->routed)
		return;
	x->routed = true;
	tell_rules(x);
	if (x->bits[b->in->number].in & IN_MIRROR)
		tell_mirrors(x, b->in, b->in->mirror_in);
	if (b->kind[0] == KIND_UNICAST)
		tell_address(x, "destination", b->dst[0], b->dst_hash[0]);
}

/**
 * vsw_explain_in() - The frame was admitted, or not; policies of its port come next
 * @x: The explanation
 * @b: Its burst
 */
void vsw_explain_in(struct vsw_explain *x, const struct vsw_burst *b)
{
	static const char *const kinds[] = { "a station", "a group", "all stations" };

	if (b->kind[0] == KIND_DROPPED)
		return;
	x->b = b;
	if (b->vid[0])
		step(x, "admission", b->in, -1, "a frame to %s, in VLAN %u", kinds[b->kind[0]],
		     b->vid[0]);
	else
		step(x, "admission", b->in, -1, "a frame to %s, untagged", kinds[b->kind[0]]);
	tell_address(x, "source", b->src[0], fdb_hash(&b->in->sw->fdb, b->src[0]));
	borrow_rules(x, b->in);
}

/**
 * vsw_explain_out() - The frame is for a port; policies of that come next
 * @x: The explanation
 * @p: The port
 */
void vsw_explain_out(struct vsw_explain *x, struct vsw_port *p)
{
	tell_route(x);
	borrow_rules(x, p);
}

void vsw_explain_drop(struct vsw_explain *x, struct vsw_port *p, enum vsw_drop why,
		      const struct pkt *pkt)
{
	p->c.drops[why] -= wire_frames(pkt);
	tell_rules(x);
	if (x->b && x->b->kind[0] != KIND_DROPPED)
		tell_route(x);
	step(x, "drop", p, (int)why, "%s", vsw_drop_help(why));
}

void vsw_explain_pass(struct vsw_explain *x, struct vsw_port *p, const struct pkt *const *pkts,
		      unsigned n)
{
	tell_route(x);
	tell_rules(x);
	if (x->bits[p->number].out & OUT_MIRROR)
		tell_mirrors(x, p, p->mirror_out);
	for (unsigned i = 0; i < n; i++) {
		const char *wait =
			p->out_special & (OUT_QUEUED | OUT_PACED) ? ", by its queue" : "";

		if (pkts[i]->flags & PKT_VLAN)
			step(x, "receiver", p, -1, "gets it with a tag, VLAN %u%s",
			     pkts[i]->vlan_tci & VID_MASK, wait);
		else
			step(x, "receiver", p, -1, "gets it%s", wait);
	}
}

void vsw_explain_learn(struct vsw_explain *x, const struct vsw_burst *b, unsigned i)
{
	step(x, "source", b->in, -1, "its address is learnt, or its time begins anew");
}

/* Each stage comes by here, and nothing leaves */
static void arrange(struct vsw_explain *x, struct vsw *sw)
{
	for (unsigned i = 1; i <= sw->last_port; i++) {
		struct vsw_port *p = sw->port[i];

		if (!p)
			continue;
		x->bits[i] =
			(struct bits) { p->in_special, p->out_special, p->in_rows, p->out_rows };
		p->in_special &= ~(uint32_t)IN_MIRROR;
		p->out_special &= ~(uint32_t)OUT_MIRROR;
		p->out_special |= OUT_LOOK;
		policy_in(p, POLICY_LOOK);
		policy_out(p, POLICY_LOOK);
	}
}

static void put_back(struct vsw_explain *x, struct vsw *sw)
{
	return_rules(x);
	for (unsigned i = 1; i <= sw->last_port; i++) {
		struct vsw_port *p = sw->port[i];

		if (!p)
			continue;
		p->in_special = x->bits[i].in;
		p->out_special = x->bits[i].out;
		p->in_rows = x->bits[i].in_rows;
		p->out_rows = x->bits[i].out_rows;
	}
}

static void run(struct vsw_explain *x, struct vsw_port *port, const struct pkt *pkt)
{
	struct vsw *sw = port->sw;
	bool want = sw->want_any;

	x->saved = *port;
	arrange(x, sw);
	sw->look.dry = x;
	vsw_look_settle(sw);
	sw->busy = 1;
	vsw_input_burst(port, &pkt, 1);
	sw->busy = 0;
	sw->look.dry = NULL;
	vsw_look_settle(sw);
	put_back(x, sw);
	*port = x->saved;
	sw->want_any = want;
}

void vsw_explain(struct vsw_explain *x, struct vsw_port *port, const struct pkt *pkt)
{
	x->n = x->more = 0;
	x->b = NULL;
	x->routed = false;
	x->at = NULL;
	if (port->in_special & IN_CLOSED) {
		enum vsw_drop why = port_closed_why(port);

		step(x, "port", port, (int)why, "%s", vsw_drop_help(why));
		return;
	}
	if (port->in_special & IN_SHAPED)
		step(x, "port", port, -1, "frames from it are shaped: this one may have to wait");
	run(x, port, pkt);
}
