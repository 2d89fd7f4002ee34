/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * What snooping knows, as parts of a saved state: of a port the groups that it asked for, of a
 * switch its nets, its routers, and its own querier.
 *
 * Times are what is left of them, MCAST_MAX_LIFE at most, as of what is heard. A port gets no more
 * memberships than it could ask for, in VLANs that it carries; what cannot be kept puts it in
 * doubt, as ever, so that it gets all groups.
 */
#include "core/due.h"
#include "policy/levels-state.h"
#include "policy/mcast-addr.h"
#include "policy/mcast-clock.h"
#include "policy/mcast-net.h"
#include "policy/row.h"

/* struct net_id - which net; @v6: its version */
struct net_id {
	uint16_t vlan;
	bool v6;
};

/* STATE_LEFT() - What is left of a deadline, 0: there is none */
#define LEFT(type, member) HWNET_FIELD_RANGE(type, member, 0, STATE_LONG)
#define NET(type) \
	HWNET_FIELD_RANGE(type, net.vlan, 0, VSW_VLANS - 1), HWNET_FIELD_BOOL(type, net.v6)
/* Addresses are two numbers, as their bytes stand */
#define ADDRESS(type, high_, low_) HWNET_FIELD(type, high_), HWNET_FIELD(type, low_)

static void address_split(const struct mcast_addr *a, uint64_t *high, uint64_t *low)
{
	*high = (uint64_t)frame_be32(a->b) << 32 | frame_be32(a->b + 4);
	*low = (uint64_t)frame_be32(a->b + 8) << 32 | frame_be32(a->b + 12);
}

static struct mcast_addr address_join(uint64_t high, uint64_t low)
{
	struct mcast_addr a;

	frame_put_be32(a.b, (uint32_t)(high >> 32));
	frame_put_be32(a.b + 4, (uint32_t)high);
	frame_put_be32(a.b + 8, (uint32_t)(low >> 32));
	frame_put_be32(a.b + 12, (uint32_t)low);
	return a;
}

static int64_t until(const struct vsw_state_of *of, int64_t left)
{
	return state_until(of, left, MCAST_MAX_LIFE);
}

/* Is anything kept here? Then the clock of it is looked at first, or the next look might take for a
 * jump that it had nothing to do so far. */
static bool ready(const struct vsw_state_of *of)
{
	if (of->sw->mcast->on)
		vsw_mcast_time(of->sw);
	return of->sw->mcast->on;
}

static bool snooping(const struct vsw_state_of *of)
{
	return of->sw->mcast->on;
}

/* Memory of the net, or NULL: there is no room */
static struct mcast_net *net_of(const struct vsw_state_of *of, const struct net_id *id, bool router)
{
	return vsw_mcast_net_get(of->sw->mcast, id->vlan, id->v6, router);
}

static struct net_id net_id(const struct mcast_net *net)
{
	return (struct net_id) { net->fid, net->v6 };
}

/* struct membership - of a port in a group */
struct membership {
	struct net_id net;
	uint8_t asks;
	uint64_t high, low;
	int64_t until, leaving, v1, ask;
};

static const struct hwnet_field membership_fields[] = {
	NET(struct membership),
	HWNET_FIELD_RANGE(struct membership, asks, 0, MCAST_ASKS),
	ADDRESS(struct membership, high, low),
	LEFT(struct membership, until),
	LEFT(struct membership, leaving),
	LEFT(struct membership, v1),
	LEFT(struct membership, ask),
};

static uint32_t groups_count(const struct vsw_state_of *of)
{
	const struct vsw_port *p = of->port;

	return p->is_uplink || !snooping(of) ? 0 : of->sw->mcast->members_of[p->number];
}

static uint32_t groups_save(const struct vsw_state_of *of, void *items, uint32_t most)
{
	struct vsw_mcast *m = of->sw->mcast;
	struct membership *s = items;
	uint32_t n = 0;

	for (unsigned i = 0; i < m->groups_touched && n < most; i++) {
		const struct mcast_group *g = &m->group[i];
		const struct mcast_member *member =
			g->net ? vsw_mcast_member(m, g, of->port->number) : NULL;

		if (!member)
			continue;
		s[n] = (struct membership) { .net = net_id(&m->net[g->net - 1]),
					     .asks = member->asks,
					     .until = state_left(of, member->until),
					     .leaving = state_left(of, member->leaving),
					     .v1 = state_left(of, member->v1),
					     .ask = state_left(of, member->ask_at) };
		address_split(&g->addr, &s[n].high, &s[n].low);
		n++;
	}
	return n;
}

static const char *groups_check(const struct vsw_state_of *of, void *items, uint32_t n)
{
	const struct membership *s = items;

	for (uint32_t i = 0; i < n; i++) {
		struct mcast_addr a = address_join(s[i].high, s[i].low);

		if (!mcast_tracked(&a, s[i].net.v6) ||
		    (!s[i].net.v6 && (s[i].low || (uint32_t)s[i].high)))
			return "is no group";
	}
	return NULL;
}

static void membership_load(const struct vsw_state_of *of, const struct membership *s)
{
	struct vsw_mcast *m = of->sw->mcast;
	struct mcast_addr a = address_join(s->high, s->low);
	struct mcast_net *net = net_of(of, &s->net, false);
	struct mcast_member *member = net ? vsw_mcast_join(m, net, &a, of->port->number) : NULL;

	if (!member) {
		if (net)
			vsw_mcast_doubt(m, net, of->port->number);
		return;
	}
	member->until = until(of, s->until ? s->until : 1);
	member->leaving = until(of, s->leaving);
	member->v1 = until(of, s->v1);
	if (!s->leaving || !s->asks)
		return;
	vsw_mcast_ask(m, member);
	member->asks = s->asks;
	member->ask_at = until(of, s->ask ? s->ask : 1);
}

static void groups_load(const struct vsw_state_of *of, void *items, uint32_t n)
{
	const struct membership *s = items;
	uint32_t foreign = 0;

	if (!ready(of) || of->port->is_uplink) {
		vsw_state_out(of, "%u groups: nobody snoops here", n);
		return;
	}
	for (uint32_t i = 0; i < n; i++) {
		if (state_carries(of->port, s[i].net.vlan))
			membership_load(of, &s[i]);
		else
			foreign++;
	}
	if (foreign)
		vsw_state_out(of, "%u of %u groups are in VLANs that it does not carry", foreign,
			      n);
	vsw_due_at(of->sw, DUE_POLICY + POLICY_MULTICAST, of->now);
}

static const struct vsw_state_part groups = {
	.name = "groups",
	.list = STATE_LIST(membership_fields, struct membership),
	.max = MCAST_PORT_MEMBERS,
	.count = groups_count,
	.save = groups_save,
	.check = groups_check,
	.load = groups_load,
};

/* struct doubt - a net in which a port gets all groups */
struct doubt {
	struct net_id net;
};

static const struct hwnet_field doubt_fields[] = {
	NET(struct doubt),
};

static uint32_t doubts_save(const struct vsw_state_of *of, void *items, uint32_t most)
{
	const struct vsw_mcast *m = of->sw->mcast;
	struct doubt *d = items;
	uint32_t n = 0;

	for (unsigned i = 0; i < MCAST_NETS; i++) {
		if (!m->net[i].used || !m->net[i].doubt_until ||
		    !ports_has(&m->net[i].doubt, of->port->fdb_port))
			continue;
		if (d)
			d[n].net = net_id(&m->net[i]);
		n++;
	}
	return n;
}

static uint32_t doubts_count(const struct vsw_state_of *of)
{
	return of->port->is_uplink || !snooping(of) ? 0 : doubts_save(of, NULL, 0);
}

static void doubts_load(const struct vsw_state_of *of, void *items, uint32_t n)
{
	const struct doubt *d = items;

	for (uint32_t i = 0; ready(of) && !of->port->is_uplink && i < n; i++) {
		struct mcast_net *net = state_carries(of->port, d[i].net.vlan) ?
						net_of(of, &d[i].net, false) :
						NULL;

		if (!net)
			continue;
		ports_add(&net->doubt, of->port->fdb_port);
		if (!net->doubt_until)
			net->doubt_until = of->now + MCAST_LIFE;
	}
}

static const struct vsw_state_part doubts = {
	.name = "groups-in-doubt",
	.list = STATE_LIST(doubt_fields, struct doubt),
	.max = MCAST_NETS,
	.count = doubts_count,
	.save = doubts_save,
	.load = doubts_load,
};

/* struct net - of the switch */
struct net {
	struct net_id net;
	uint16_t asked_port;
	uint64_t other_high, other_low;
	int64_t asked, asked_from, other, life, doubt, flood;
};

static const struct hwnet_field net_fields[] = {
	NET(struct net),
	HWNET_FIELD_RANGE(struct net, asked_port, 0, UINT16_MAX - 1),
	ADDRESS(struct net, other_high, other_low),
	LEFT(struct net, asked),
	LEFT(struct net, asked_from),
	LEFT(struct net, other),
	HWNET_FIELD_RANGE(struct net, life, 1, MCAST_MAX_LIFE),
	LEFT(struct net, doubt),
	LEFT(struct net, flood),
};

static uint32_t nets_count(const struct vsw_state_of *of)
{
	return snooping(of) ? of->sw->mcast->n_nets : 0;
}

static uint32_t nets_save(const struct vsw_state_of *of, void *items, uint32_t most)
{
	const struct vsw_mcast *m = of->sw->mcast;
	struct net *s = items;
	uint32_t n = 0;

	for (unsigned i = 0; i < MCAST_NETS && n < most; i++) {
		const struct mcast_net *net = &m->net[i];

		if (!net->used)
			continue;
		s[n] = (struct net) { .net = net_id(net),
				      .asked_port = net->asked_port,
				      .asked = state_left(of, net->asked),
				      .asked_from = net->asked_from > of->now ?
							    net->asked_from - of->now :
							    0,
				      .other = state_left(of, net->other_until),
				      .life = net->life,
				      .doubt = state_left(of, net->doubt_until),
				      .flood = state_left(of, net->flood_until) };
		address_split(&net->other, &s[n].other_high, &s[n].other_low);
		n++;
	}
	return n;
}

static void nets_init(void *items, uint32_t n)
{
	for (uint32_t i = 0; i < n; i++)
		((struct net *)items)[i].life = MCAST_LIFE;
}

static void net_load(const struct vsw_state_of *of, const struct net *s)
{
	struct mcast_net *net = net_of(of, &s->net, true);
	uint16_t port = state_port(of, s->asked_port);

	if (!net)
		return;
	net->life = s->life;
	net->doubt_until = until(of, s->doubt);
	net->flood_until = until(of, s->flood);
	if (port == STATE_GONE || ports_has(&of->sw->mcast->guarded, port))
		return;
	net->asked_port = port;
	net->asked = until(of, s->asked);
	net->asked_from = until(of, s->asked_from);
	net->other_until = until(of, s->other);
	net->other = address_join(s->other_high, s->other_low);
	if (!net->asked) /* he is known as long as he asked all hosts */
		net->other_until = 0;
	vsw_mcast_judge(of->sw->mcast, net);
}

static void nets_load(const struct vsw_state_of *of, void *items, uint32_t n)
{
	const struct net *s = items;

	if (!ready(of)) {
		vsw_state_out(of, "multicast: nobody snoops here");
		return;
	}
	for (uint32_t i = 0; i < n; i++)
		net_load(of, &s[i]);
	vsw_due_at(of->sw, DUE_POLICY + POLICY_MULTICAST, of->now);
}

static const struct vsw_state_part nets = {
	.name = "multicast-nets",
	.list = STATE_LIST(net_fields, struct net),
	.max = MCAST_NETS,
	.whole = true,
	.init = nets_init,
	.count = nets_count,
	.save = nets_save,
	.load = nets_load,
};

/* struct router - a port behind which a router is */
struct router {
	struct net_id net;
	uint16_t port;
	int64_t query, pim, discovery;
};

static const struct hwnet_field router_fields[] = {
	NET(struct router),
	HWNET_FIELD_RANGE(struct router, port, 0, UINT16_MAX - 1),
	LEFT(struct router, query),
	LEFT(struct router, pim),
	LEFT(struct router, discovery),
};

static uint32_t routers_save(const struct vsw_state_of *of, void *items, uint32_t most)
{
	const struct vsw_mcast *m = of->sw->mcast;
	struct router *s = items;
	uint32_t n = 0;

	for (unsigned i = 0; i < MCAST_ROUTERS; i++) {
		const struct mcast_router *r = &m->router[i];

		if (!r->net)
			continue;
		if (s)
			s[n] = (struct router) { net_id(&m->net[r->net - 1]), r->port,
						 state_left(of, r->until[BY_QUERY]),
						 state_left(of, r->until[BY_PIM]),
						 state_left(of, r->until[BY_MRD]) };
		n++;
	}
	return n;
}

static uint32_t routers_count(const struct vsw_state_of *of)
{
	return snooping(of) ? routers_save(of, NULL, 0) : 0;
}

static void router_load(const struct vsw_state_of *of, const struct router *s)
{
	struct vsw_mcast *m = of->sw->mcast;
	uint16_t port = state_port(of, s->port);
	const int64_t left[BY_COUNT] = {
		[BY_QUERY] = s->query, [BY_PIM] = s->pim, [BY_MRD] = s->discovery
	};
	struct mcast_net *net;

	if (port == STATE_GONE || ports_has(&m->guarded, port))
		return;
	net = net_of(of, &s->net, true);
	for (unsigned by = 0; net && by < BY_COUNT; by++)
		if (left[by])
			vsw_mcast_router_seen(m, net, port, (enum mcast_by)by, until(of, left[by]));
}

static void routers_load(const struct vsw_state_of *of, void *items, uint32_t n)
{
	const struct router *s = items;

	for (uint32_t i = 0; ready(of) && i < n; i++)
		router_load(of, &s[i]);
}

static const struct vsw_state_part routers = {
	.name = "multicast-routers",
	.list = STATE_LIST(router_fields, struct router),
	.max = MCAST_ROUTERS,
	.whole = true,
	.count = routers_count,
	.save = routers_save,
	.load = routers_load,
};

/* struct own - the switch's own querier of a version of IP, and what snooping counted */
struct own {
	bool trusted, silent;
	uint8_t startup;
	int64_t next, answered;
};

struct queriers {
	uint64_t mac, bad, forged, full;
	struct own own[2];
};

static const struct hwnet_field querier_fields[] = {
	HWNET_FIELD_RANGE(struct queriers, mac, 0, MAC_MASK),
	HWNET_FIELD(struct queriers, bad),
	HWNET_FIELD(struct queriers, forged),
	HWNET_FIELD(struct queriers, full),
	HWNET_FIELD_EACH_RANGE(struct queriers, own, trusted, 0, 1),
	HWNET_FIELD_EACH_RANGE(struct queriers, own, silent, 0, 1),
	HWNET_FIELD_EACH_RANGE(struct queriers, own, startup, 0, ROBUSTNESS),
	HWNET_FIELD_EACH_RANGE(struct queriers, own, next, 0, STATE_LONG),
	HWNET_FIELD_EACH_RANGE(struct queriers, own, answered, 0, STATE_LONG),
};

static uint32_t queriers_count(const struct vsw_state_of *of)
{
	return snooping(of);
}

static uint32_t queriers_save(const struct vsw_state_of *of, void *items, uint32_t n)
{
	const struct vsw_mcast *m = of->sw->mcast;
	struct queriers *q = items;

	*q = (struct queriers) { m->mac, m->stats.bad, m->stats.forged, m->stats.full };
	for (int v6 = 0; v6 < 2; v6++)
		if (m->own[v6].net)
			q->own[v6] = (struct own) { m->own[v6].trusted, m->own[v6].silent,
						    (uint8_t)m->own[v6].startup,
						    state_left(of, m->own[v6].next),
						    state_left(of, m->own[v6].answered) };
	return 1;
}

/* It goes on where it was, and has not to ask those that it asked there */
static void own_load(const struct vsw_state_of *of, int v6, const struct own *s)
{
	struct vsw_mcast *m = of->sw->mcast;
	struct mcast_own *own = &m->own[v6];
	int64_t interval = (int64_t)m->conf.interval * NS_PER_S;

	if (!own->net || !s->next)
		return;
	own->trusted = s->trusted;
	own->silent = s->silent;
	own->startup = s->startup;
	own->next = state_until(of, s->next, interval);
	own->answered = state_until(of, s->answered, NS_PER_S);
	vsw_mcast_judge(m, own->net);
}

static void queriers_load(const struct vsw_state_of *of, void *items, uint32_t n)
{
	struct vsw_mcast *m = of->sw->mcast;
	const struct queriers *q = items;

	if (!ready(of))
		return;
	if (q->mac && !mac_is_group(q->mac))
		m->mac = q->mac;
	m->stats = (struct vsw_snooping_counters) { q->bad, q->forged, q->full };
	for (int v6 = 0; v6 < 2; v6++)
		own_load(of, v6, &q->own[v6]);
	m->fresh = (struct mcast_ports) { { 0 } };
	m->greet_at = 0;
}

static const struct vsw_state_part queriers = {
	.name = "multicast",
	.list = STATE_LIST(querier_fields, struct queriers),
	.whole = true,
	.count = queriers_count,
	.save = queriers_save,
	.load = queriers_load,
};

const struct vsw_state_part *const vsw_multicast_state[] = { &groups, &doubts, NULL };
const struct vsw_state_part *const vsw_multicast_switch_state[] = { &nets, &routers, &queriers,
								    NULL };
