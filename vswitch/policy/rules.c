/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Traffic rules: an ordered list per port, first match of ACCEPT or DROP ends it.
 *
 * DOC: Theory of Operation
 *
 * A rule sees a message as what it will be cut into: all its segments match alike, since they share
 * the headers rules look at; a limit counts each of them.
 *
 * What a rule looks at is there, absent, or undecided. Absent (the addresses and ports of ARP, the
 * ports of a later fragment) means that it does not hold. Negated, an absent address or protocol is
 * another one; absent ports and TCP flags are not. Undecided is what a frame hides:
 *
 *  - a transport header that is not whole in the first fragment (RFC 1858 3.1, RFC 7112 5), or not
 *    in the private head, or behind more extension headers than are passed;
 *  - the second 8 bytes of TCP, sent again in a fragment of their own (RFC 1858 3.2);
 *  - an IP header that contradicts itself, or stands behind a third tag.
 *
 * Who receives the frame may see there what the rule asks for, so undecided counts as a match for a
 * rule that takes away (DROP, LIMIT), and as none for all others. That way no frame passes a rule
 * that drops because it was hard to read.
 */
#include <stdlib.h>

#include "policy/rules.h"

#include "core/event.h"
#include "policy/levels-state.h"
#include "policy/mirror.h"
#include "policy/row.h"
#include "policy/stages.h"
#include "vswitch/query.h"

static const char *wrong(const void *element)
{
	const struct vsw_rule *r = element;

	if (r->src_prefix > (r->v6 ? 128 : 32) || r->dst_prefix > (r->v6 ? 128 : 32))
		return "match: a prefix is longer than an address";
	if (r->src_port[0] > r->src_port[1] || r->dst_port[0] > r->dst_port[1])
		return "match: a range of ports ends before it begins";
	if (r->action == VSW_RULE_LIMIT && !r->limit)
		return "limit: must be given";
	return NULL;
}

/* Rules with their state; NULL without memory */
static struct vsw_ruleset *rules_new(const struct vsw_rule *rule, unsigned n)
{
	struct vsw_ruleset *rs = calloc(1, sizeof(*rs) + n * sizeof(rs->rule[0]));

	if (!rs)
		return NULL;
	rs->state = calloc(n + 1, sizeof(*rs->state));
	if (!rs->state) {
		free(rs);
		return NULL;
	}
	rs->n = n;
	if (n)
		memcpy(rs->rule, rule, n * sizeof(*rule));
	for (unsigned i = 0; i < n; i++) {
		rs->direction |= rule[i].direction;
		if (rule[i].action == VSW_RULE_LIMIT)
			bucket_set(&rs->state[i].limit, rule[i].limit, rule[i].limit / 10 + 1);
	}
	return rs;
}

static void rules_free(void *rules)
{
	struct vsw_ruleset *rs = rules;

	if (!rs)
		return;
	free(rs->state);
	free(rs);
}

/* Are these the rules in force already? Then their state is kept. */
static bool same(const struct vsw_ruleset *rs, const struct vsw_rule *rule, unsigned n)
{
	if (!rs)
		return n == 0;
	return rs->n == n && (!n || !memcmp(rs->rule, rule, n * sizeof(*rule)));
}

static int copy(struct vsw_txn_item *it)
{
	if (same(it->port->rules, it->policy.rules, it->policy.n_rules))
		return 0;
	it->made[POLICY_RULES] = rules_new(it->policy.rules, it->policy.n_rules);
	return it->made[POLICY_RULES] ? 0 : -1;
}

static void commit(struct vsw_txn_item *it)
{
	struct vsw_port *p = it->port;
	struct vsw_ruleset *was = p->rules;

	if (it->made[POLICY_RULES]) {
		p->rules = it->made[POLICY_RULES];
		it->made[POLICY_RULES] = was;
	}
	it->policy.rules = p->rules && p->rules->n ? p->rules->rule : NULL;
}

/* A rule's copies go to the session of that name, if there is one */
static void name_mirrors(struct vsw_port *p)
{
	for (unsigned i = 0; i < p->rules->n; i++)
		if (p->rules->rule[i].action == VSW_RULE_MIRROR)
			p->rules->state[i].mirror = vsw_mirror_bit(p->sw, p->rules->rule[i].mirror);
}

static void compile(struct vsw_port *p)
{
	if (!p->rules)
		return;
	if (p->rules->direction & VSW_DIR_FROM_PORT)
		p->in_special |= IN_RULES;
	if (p->rules->direction & VSW_DIR_TO_PORT)
		p->out_special |= OUT_RULES;
	name_mirrors(p);
}

static void gone(struct vsw_port *p)
{
	rules_free(p->rules);
}

static bool prefix(const uint8_t *addr, const uint8_t *want, unsigned bits)
{
	unsigned bytes = bits / 8, rest = bits % 8;

	return !memcmp(addr, want, bytes) &&
	       (!rest || !((addr[bytes] ^ want[bytes]) >> (8 - rest)));
}

static bool has_ip(const struct vsw_rule *r, const struct frame *f)
{
	return f->flags & (r->v6 ? FRAME_IPV6 : FRAME_IPV4) && f->saddr;
}

static bool has_ports(const struct frame *f)
{
	return f->l4 && f->flags & FRAME_PORTS && !(f->flags & FRAME_FRAG_LATER);
}

static bool port_in(const uint8_t *p, const uint16_t *range)
{
	uint16_t v = frame_be16(p);

	return v >= range[0] && v <= range[1];
}

#define MATCH_L2     (VSW_MATCH_SRC_MAC | VSW_MATCH_DST_MAC | VSW_MATCH_ETHERTYPE | VSW_MATCH_VLAN)
#define MATCH_ADDRS  (VSW_MATCH_SRC_IP | VSW_MATCH_DST_IP)
#define MATCH_PORTS  (VSW_MATCH_SRC_PORT | VSW_MATCH_DST_PORT)
#define MATCH_L4     (MATCH_PORTS | VSW_MATCH_TCP_FLAGS)
#define MATCH_IP_ALL (MATCH_ADDRS | VSW_MATCH_PROTOCOL | VSW_MATCH_FRAGMENT | MATCH_L4)

/* struct sight - what of a frame can be told: bits of enum vsw_rule_match, of the addresses by the
 * rule's version */
struct sight {
	struct frame f;
	uint8_t fragment; /* enum vsw_fragment */
	uint32_t there[2], undecided[2];
};

static uint8_t fragment_of(const struct frame *f)
{
	return f->flags & FRAME_FRAG_LATER ? VSW_FRAGMENT_LATER :
	       f->flags & FRAME_FRAG	   ? VSW_FRAGMENT_FIRST :
					     VSW_FRAGMENT_NO;
}

/* Is this the fragment at offset 8, over the flags of TCP (RFC 1858 3.2)? */
static bool over_flags(const struct frame *f, const uint8_t *p)
{
	return f->flags & FRAME_IPV4 && f->proto == FRAME_PROTO_TCP &&
	       (frame_be16(p + f->l3 + 6) & 0x1fff) == 1;
}

/* What of the transport header is there, and what is undecided; the IP header was read */
static uint32_t see_l4(const struct frame *f, const uint8_t *p, uint32_t *undecided)
{
	bool cut = f->flags & (FRAME_TRUNC | FRAME_BAD) && !f->l4;

	if (over_flags(f, p)) {
		*undecided = MATCH_L4;
		return VSW_MATCH_PROTOCOL;
	}
	if (cut &&
	    (f->proto == FRAME_PROTO_AH || (f->flags & FRAME_IPV6 && f->flags & FRAME_IP_OPTS))) {
		*undecided = VSW_MATCH_PROTOCOL | MATCH_L4;
		return 0;
	}
	if (cut && !(f->flags & FRAME_FRAG_LATER))
		*undecided = MATCH_L4;
	return VSW_MATCH_PROTOCOL | (has_ports(f) ? MATCH_PORTS : 0) |
	       (f->l4 && f->flags & FRAME_TCP ? VSW_MATCH_TCP_FLAGS : 0);
}

static void see(struct sight *s, const struct pkt *pkt)
{
	const struct frame *f = &s->f;
	uint32_t there = MATCH_L2, undecided = 0;
	unsigned version;

	frame_parse(&s->f, pkt, pkt->gso_type ? FRAME_OPT_ANY_LEN : 0);
	version = f->flags & FRAME_IPV6 || f->type == FRAME_TYPE_IPV6;
	s->fragment = fragment_of(f);
	if (f->saddr)
		there |= VSW_MATCH_FRAGMENT | see_l4(f, pkt_head(pkt), &undecided);
	else if (f->type == FRAME_TYPE_IPV4 || f->type == FRAME_TYPE_IPV6)
		undecided = MATCH_IP_ALL;
	else if (f->type == FRAME_TYPE_VLAN || f->type == FRAME_TYPE_QINQ) /* a third tag */
		undecided = MATCH_IP_ALL | VSW_MATCH_ETHERTYPE;
	s->there[0] = s->there[1] = there & ~undecided;
	s->undecided[0] = s->undecided[1] = undecided;
	s->there[version] |= f->saddr ? MATCH_ADDRS : 0;
	if (f->type == FRAME_TYPE_IPV4 || f->type == FRAME_TYPE_IPV6)
		s->undecided[!version] &= ~(uint32_t)MATCH_ADDRS; /* not of that version */
}

/* Does a rule match? Only a frame with ports, or TCP flags, has other ones than those. */
static bool matches(const struct vsw_rule *r, const struct sight *s, uint32_t is)
{
	uint32_t there = s->there[r->v6], undecided = s->undecided[r->v6];
	uint32_t sure = ((is & there) ^ r->negate) & (there | ~(uint32_t)MATCH_L4) & ~undecided;

	if (r->action == VSW_RULE_DROP || r->action == VSW_RULE_LIMIT)
		sure |= undecided;
	return (sure & r->match) == r->match;
}

/* What of a rule's matches holds, a bit each; those that are not there may have any value */
static uint32_t holds(const struct vsw_rule *r, const struct sight *s, const uint8_t *p,
		      uint16_t vid)
{
	const struct frame *f = &s->f;
	uint32_t is = r->fragment & s->fragment ? VSW_MATCH_FRAGMENT : 0;

	if ((mac_number(p + 6) & r->src_mac[1]) == (r->src_mac[0] & r->src_mac[1]))
		is |= VSW_MATCH_SRC_MAC;
	if ((mac_number(p) & r->dst_mac[1]) == (r->dst_mac[0] & r->dst_mac[1]))
		is |= VSW_MATCH_DST_MAC;
	if (f->type == r->ethertype)
		is |= VSW_MATCH_ETHERTYPE;
	if (vid == r->vlan)
		is |= VSW_MATCH_VLAN;
	if (has_ip(r, f) && prefix(p + f->saddr, r->src_ip, r->src_prefix))
		is |= VSW_MATCH_SRC_IP;
	if (has_ip(r, f) && prefix(p + f->daddr, r->dst_ip, r->dst_prefix))
		is |= VSW_MATCH_DST_IP;
	if (f->flags & FRAME_IP && f->proto == r->protocol)
		is |= VSW_MATCH_PROTOCOL;
	if (has_ports(f) && port_in(p + f->l4, r->src_port))
		is |= VSW_MATCH_SRC_PORT;
	if (has_ports(f) && port_in(p + f->l4 + 2, r->dst_port))
		is |= VSW_MATCH_DST_PORT;
	if (f->l4 && f->flags & FRAME_TCP &&
	    (p[f->l4 + 13] & r->tcp_mask) == (r->tcp_flags & r->tcp_mask))
		is |= VSW_MATCH_TCP_FLAGS;
	return is;
}

/* Codepoint into the header, in a copy of the frame's head (RFC 2474 3). It stands in the fixed
 * part of an IP header: what is odd or cut behind that is no way around a mark. */
static void set_dscp(const struct pkt **pkt, const struct frame *f, int dscp, struct pkt_buf *buf)
{
	if (!(f->flags & FRAME_IP) || (*pkt != &buf->pkt && pkt_head_own(*pkt, buf) != 0))
		return;
	frame_set_ds(buf->head, f, (uint8_t)(dscp << 2 | (frame_ds(buf->head, f) & 3)));
	*pkt = &buf->pkt;
}

/* What act() says besides a reason to drop the frame */
enum { GO_ON = -1, ACCEPTED = -2 };

/* Do what a rule says */
static int act(struct vsw_port *p, unsigned n, struct vsw_burst *b, unsigned i,
	       const struct pkt **pkt, const struct frame *f, struct pkt_buf *buf, int64_t now)
{
	const struct vsw_rule *r = &p->rules->rule[n];
	struct vsw_rule_state *s = &p->rules->state[n];

	s->hits += wire_frames(*pkt);
	if (r->log)
		vsw_tell(p->sw, VSW_EVENT_RULE, p, mac_number(pkt_head(*pkt) + 6), b->vid[i],
			 "rule '%s'", r->name);
	switch (r->action) {
	case VSW_RULE_ACCEPT:
		return ACCEPTED;
	case VSW_RULE_DROP:
		return VSW_DROP_RULE;
	case VSW_RULE_LIMIT:
		return bucket_take(&s->limit, now, wire_frames(*pkt)) ? GO_ON : VSW_DROP_RULE_RATE;
	case VSW_RULE_MARK:
		if (r->cos >= 0)
			b->pcp[i] = (uint8_t)(r->cos << 1 | (b->pcp[i] & 1));
		if (r->dscp >= 0)
			set_dscp(pkt, f, r->dscp, buf);
		return GO_ON;
	case VSW_RULE_MIRROR: /* copied by who runs the rules, once for each session */
		return GO_ON;
	}
	return GO_ON;
}

int vsw_rules_run(struct vsw_port *p, uint32_t direction, struct vsw_burst *b, unsigned i,
		  const struct pkt **pkt, struct pkt_buf *buf, int64_t now)
{
	const struct vsw_ruleset *rs = p->rules;
	const struct pkt *was = *pkt; /* what is marked on the way out lives for one visit only */
	uint16_t copied = 0;
	struct sight s;

	see(&s, *pkt);
	for (unsigned n = 0; n < rs->n; n++) {
		const struct vsw_rule *r = &rs->rule[n];
		int done;

		if (!(r->direction & direction) ||
		    !matches(r, &s, holds(r, &s, pkt_head(*pkt), b->vid[i])))
			continue;
		if (r->action == VSW_RULE_MIRROR) {
			vsw_mirror_note(p->sw, rs->state[n].mirror & (uint16_t)~copied, b, i,
					direction == VSW_DIR_TO_PORT ? was : *pkt,
					(enum vsw_direction)direction);
			copied |= rs->state[n].mirror;
		}
		done = act(p, n, b, i, pkt, &s.f, buf, now);
		if (done == ACCEPTED)
			return -1;
		if (done >= 0)
			return direction == VSW_DIR_FROM_PORT ? done :
			       done == VSW_DROP_RULE	      ? VSW_DROP_OUT_RULE :
								VSW_DROP_OUT_RULE_RATE;
	}
	return -1;
}

uint64_t vsw_port_rule_hits(const struct vsw_port *port, unsigned rule)
{
	return port->rules && rule < port->rules->n ? port->rules->state[rule].hits : 0;
}

void vsw_rules_in(struct vsw_burst *b, int64_t now)
{
	for (unsigned i = 0; i < b->n; i++) {
		int why;

		if (b->kind[i] == KIND_DROPPED)
			continue;
		why = vsw_rules_run(b->in, VSW_DIR_FROM_PORT, b, i, &b->pkt[i],
				    &b->in->sw->altered[i], now);
		if (why >= 0)
			vsw_drop_frame(b, i, (enum vsw_drop)why);
	}
}

static const char *const directions[] = { "from-port", "to-port", "both", NULL };
static const char *const actions[] = { "accept", "drop", "limit", "mark", "mirror", NULL };

#define WITH(action) .of = "action", .when = 1u << VSW_RULE_##action

static const struct vsw_value_row rule[] = {
	{ "name", VSW_VALUE_NAME, VALUE_IN(vsw_rule, name), .untold = "none",
	  .help = "for counters and log" },
	{ "direction", VSW_VALUE_WORD, VALUE_IN(vsw_rule, direction), .words = directions,
	  .min = VSW_DIR_FROM_PORT, .init = VSW_DIR_BOTH, .help = "as the guest sees it" },
	{ "match", VSW_VALUE_RULE_MATCH, VALUE_IN(vsw_rule, match),
	  .help = "all of it must hold; `not-` before a key negates" },
	{ "action", VSW_VALUE_WORD, VALUE_IN(vsw_rule, action), .words = actions,
	  .help = "accept: the frame passes, no further rule is looked at; drop: it is dropped; "
		  "limit: what is beyond a rate is dropped, the rest goes on to the next rule; "
		  "mark, mirror: it is marked or copied, and goes on" },
	{ "limit", VSW_VALUE_RATE, VALUE_IN(vsw_rule, limit), .min = 1, .max = 1000000000,
	  WITH(LIMIT), .missing = "limit is missing", .needed = 1u << VSW_RULE_LIMIT,
	  .help = "frames a second" },
	{ "cos", VSW_VALUE_HEX, VALUE_IN(vsw_rule, cos), .max = 7, .init = (uint64_t)-1, WITH(MARK),
	  .untold = "as it is", .help = "priority of the tag" },
	{ "dscp", VSW_VALUE_HEX, VALUE_IN(vsw_rule, dscp), .max = 63, .init = (uint64_t)-1,
	  WITH(MARK), .untold = "as it is", .help = "codepoint in the IP header" },
	{ "mirror", VSW_VALUE_NAME, VALUE_IN(vsw_rule, mirror), .names = VSW_NAMES_MIRROR,
	  WITH(MIRROR), .untold = "no copy", .help = "name of the session" },
	{ "log", VSW_VALUE_BOOL, VALUE_IN(vsw_rule, log),
	  .help = "event RULE_HIT, one a second at most" },
	{ 0 }
};

static const struct vsw_value_row values[] = {
	{ "rules", VSW_VALUE_RULES, .at = offsetof(struct vsw_policy, rules),
	  .size = sizeof(struct vsw_rule), .count = offsetof(struct vsw_policy, n_rules),
	  .max = VSW_MAX_RULES, .sub = rule, .wrong = wrong,
	  .help = "traffic rules, in order; a frame passes if none of them drops it" },
	{ 0 }
};

const struct vsw_policy_row vsw_policy_rules = {
	.name = "rules",
	.port_values = values,
	.copy = copy,
	.commit_port = commit,
	.discard_port = rules_free,
	.compile_port = compile,
	.gone = gone,
	.port_state = vsw_rules_state,
};
