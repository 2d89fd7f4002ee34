/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Teams: which uplink a port's frames leave by, and from which it takes frames.
 *
 * Each port has the uplinks of its team that are in use now, in order: as many as it has active
 * ones, standby ones in the place of those that are down. All teams are worked out anew when an
 * uplink's state changes, before the next frame, so all ports of a lost uplink move at once.
 *
 * Frames of a physical network that sees several of our uplinks as separate ports come in at each
 * of them. A port therefore takes frames only from the uplink its own frames leave by (VMware's
 * reverse policy): each copy but one is dropped. With routing by IP addresses the other end
 * aggregates the links, and any of them is right.
 */
#include "policy/team.h"

#include "core/due.h"
#include "core/event.h"
#include "policy/levels-state.h"
#include "policy/row.h"
#include "policy/stages.h"

static const char *check(const struct vsw_policy *policy)
{
	const struct vsw_team_policy *t = &policy->team;

	if (t->n_standby && !t->n_active)
		return "teaming.standby: there are no active uplinks";
	for (unsigned i = 0; i < t->n_active; i++)
		for (unsigned j = 0; j < t->n_standby; j++)
			if (!strcmp(t->active[i], t->standby[j]))
				return "teaming.standby: an uplink is active, too";
	return NULL;
}

static bool usable(const struct vsw_port *up, const struct vsw_team_policy *t)
{
	return up && up->is_uplink && port_usable(up) && !(t->beacon && up->beacon_lost);
}

static bool among(const uint16_t *list, unsigned n, uint16_t number)
{
	for (unsigned i = 0; i < n; i++)
		if (list[i] == number)
			return true;
	return false;
}

static bool has(const struct vsw_team *team, uint16_t number)
{
	return among(team->up, team->n, number);
}

/* All uplinks in order of their turns, which are their numbers where the switch began, for a team
 * that names none */
static unsigned candidates_all(struct vsw *sw, const struct vsw_team_policy *t, uint16_t *list)
{
	unsigned n = 0;

	for (unsigned i = 0; i < sw->uplinks.n && n < 2 * VSW_TEAM_MAX; i++) {
		struct vsw_port *up = sw->port[sw->uplinks.port[i]];
		unsigned at = n;

		if (!usable(up, t))
			continue;
		for (; at && sw->port[list[at - 1]]->turn > up->turn; at--)
			list[at] = list[at - 1];
		list[at] = up->number;
		n++;
	}
	return n;
}

static unsigned candidates(struct vsw *sw, const struct vsw_team_policy *t, uint16_t *list)
{
	unsigned n = 0;

	if (!t->n_active)
		return candidates_all(sw, t, list);
	for (unsigned i = 0; i < t->n_active + t->n_standby; i++) {
		const char *id = i < t->n_active ? t->active[i] : t->standby[i - t->n_active];
		struct vsw_port *up = vsw_port_find(sw, id);

		if (usable(up, t))
			list[n++] = up->number;
	}
	return n;
}

/* The uplinks in use: without failback those that are in use and still usable stay, in their
 * order, so that working it out again moves nobody */
static struct vsw_team compose(struct vsw_port *p)
{
	const struct vsw_team_policy *t = &p->policy.team;
	uint16_t list[2 * VSW_TEAM_MAX];
	unsigned n = candidates(p->sw, t, list);
	unsigned places = t->kind == VSW_TEAM_EXPLICIT ? 1 :
			  t->n_active		       ? t->n_active :
							 VSW_TEAM_MAX;
	struct vsw_team team = { 0 };

	for (unsigned i = 0; i < p->team.n && !t->failback; i++)
		if (among(list, n, p->team.up[i]) && team.n < places)
			team.up[team.n++] = p->team.up[i];
	for (unsigned i = 0; i < n && team.n < places; i++)
		if (!has(&team, list[i]))
			team.up[team.n++] = list[i];
	return team;
}

static uint16_t fixed_uplink(const struct vsw_port *p)
{
	const struct vsw_team *t = &p->team;

	if (!t->n)
		return 0;
	if (p->policy.team.kind == VSW_TEAM_LOAD && has(t, p->uplink))
		return p->uplink;
	return t->up[p->turn % t->n];
}

static void compile_team(struct vsw_port *p)
{
	struct vsw_team team = compose(p);
	enum vsw_team_kind kind = p->policy.team.kind;
	uint16_t was = p->uplink;

	p->team = team;
	p->pick = kind == VSW_TEAM_MAC && team.n > 1 ? PICK_MAC :
		  kind == VSW_TEAM_IP		     ? PICK_IP :
						       PICK_FIXED;
	p->uplink = fixed_uplink(p);
	if (!was || was == p->uplink)
		return;
	vsw_tell(p->sw, VSW_EVENT_FAILOVER, p, p->mac, p->vid, "uplink is now %s",
		 p->uplink ? p->sw->port[p->uplink]->id : "none");
}

/* With several uplinks, who takes what from which is to be checked */
static void compile_first(struct vsw *sw)
{
	sw->special = sw->uplinks.n > 1 ? sw->special | SW_TEAM : sw->special & ~(uint32_t)SW_TEAM;
}

static void compile_first_for(struct vsw_port *p)
{
	if (!p->is_uplink)
		return;
	numbers_put(&p->sw->uplinks, p->number, true);
	compile_first(p->sw);
}

/* Its addresses are announced at the next call of vsw_timer(), which is asked for at once: the
 * change that makes it necessary may be part of vsw_port_add(), when the owner of a new uplink does
 * not have its port yet. */
static void announce(struct vsw_port *p)
{
	p->announce = NOTIFY_ROUNDS;
	p->announcing = false;
	if (p->sw->due[DUE_POLICY + POLICY_NOTIFY] > p->sw->clock_last) /* not asked for yet */
		vsw_due_at(p->sw, DUE_POLICY + POLICY_NOTIFY, vsw_now(p->sw));
}

void vsw_port_announce(struct vsw_port *p)
{
	if (p->policy.team.notify && !p->is_uplink)
		announce(p);
}

/* Where its frames leave now, if they do; that is announced unless it was the same before */
static void tell(struct vsw_port *p)
{
	struct vsw_team now = p->team;

	if (!now.n)
		return;
	if (p->pick != PICK_MAC) /* one of them, or any of them */
		now = (struct vsw_team) { .n = 1, .up = { p->uplink } };
	if (p->policy.team.notify && p->told.n && memcmp(&p->told, &now, sizeof(now)))
		announce(p);
	p->told = now;
}

/* The load of uplinks is looked at while some port is to be moved by it */
static void arrange(struct vsw *sw)
{
	if (!sw->n_by_load)
		vsw_due_at(sw, DUE_POLICY + POLICY_TEAM, VSW_NEVER);
	else if (sw->due[DUE_POLICY + POLICY_TEAM] == VSW_NEVER)
		vsw_due_at(sw, DUE_POLICY + POLICY_TEAM, vsw_now(sw) + LOAD_PERIOD);
}

static void count_by_load(struct vsw_port *p, bool by_load)
{
	p->sw->n_by_load += by_load - p->by_load;
	p->by_load = by_load;
}

static void compile_one(struct vsw_port *p)
{
	compile_team(p);
	count_by_load(p, p->policy.team.kind == VSW_TEAM_LOAD && p->team.n > 1);
	tell(p);
}

#define AHEAD 4u /* ports */

/* Send for what is read and written of a port whose turn comes: thousands of them lie far apart */
static void fetch(const struct vsw_port *p)
{
	if (!p)
		return;
	__builtin_prefetch(&p->is_uplink);
	__builtin_prefetch(&p->team, 1);
	__builtin_prefetch(&p->told, 1);
	__builtin_prefetch(&p->by_load, 1);
	__builtin_prefetch(&p->policy.team);
	__builtin_prefetch((const uint8_t *)&p->policy.team + 64);
}

/**
 * vsw_teams_compile() - Work all teams out, and announce those whose uplink changed; ports are in
 * force
 * @sw: The switch
 */
void vsw_teams_compile(struct vsw *sw)
{
	for (unsigned i = 1; i <= sw->last_port; i++) {
		if (i + AHEAD <= sw->last_port)
			fetch(sw->port[i + AHEAD]);
		if (sw->port[i] && !sw->port[i]->is_uplink)
			compile_one(sw->port[i]);
	}
	arrange(sw);
}

static void compile_for(struct vsw_port *p)
{
	compile_one(p);
	arrange(p->sw);
}

static void gone(struct vsw_port *p)
{
	count_by_load(p, false);
	arrange(p->sw);
	if (!p->is_uplink)
		return;
	numbers_put(&p->sw->uplinks, p->number, false);
	compile_first(p->sw);
}

static uint16_t by_mac(const struct vsw_team *t, const uint8_t *mac)
{
	return t->up[(mac_number(mac) * HASH_FACTOR >> 40) % t->n];
}

/* VMware's IP hash: both addresses, last words, exclusive-ored; without IP by source address */
static uint16_t by_ip(const struct vsw_team *t, const struct pkt *pkt)
{
	const uint8_t *p = pkt_head(pkt);
	struct frame f;
	unsigned alen;

	frame_parse(&f, pkt, 0);
	if (!(f.flags & FRAME_IP) || !f.saddr)
		return t->up[mac_number(p + 6) % t->n];
	alen = f.flags & FRAME_IPV4 ? 4 : 16;
	return t->up[(frame_be32(p + f.saddr + alen - 4) ^ frame_be32(p + f.daddr + alen - 4)) %
		     t->n];
}

/**
 * vsw_team_uplink() - The uplink that the frames of an address leave by
 * @p:   Its port
 * @mac: The address
 *
 * Return: the uplink; of several that the other end takes for one, one; NULL: there is none.
 */
struct vsw_port *vsw_team_uplink(const struct vsw_port *p, uint64_t mac)
{
	uint8_t bytes[6];

	mac_bytes(mac, bytes);
	return p->sw->port[p->pick == PICK_MAC ? by_mac(&p->team, bytes) : p->uplink];
}

struct vsw_port *vsw_team_pick(struct vsw_port *in, const struct pkt *pkt)
{
	uint16_t n =
		in->pick == PICK_MAC ? by_mac(&in->team, pkt_head(pkt) + 6) : by_ip(&in->team, pkt);

	return in->sw->port[n];
}

bool vsw_team_accepts(const struct vsw_port *p, const struct vsw_port *up, const struct pkt *pkt)
{
	const uint8_t *head = pkt_head(pkt);

	if (p->pick == PICK_IP)
		return has(&p->team, up->number);
	if (p->pick == PICK_FIXED)
		return p->uplink == up->number;
	if (head[0] & 1)
		return p->team.up[0] == up->number;
	return by_mac(&p->team, head) == up->number;
}

/* Part of its speed that an uplink used since the last look, in percent */
static unsigned usage(struct vsw_port *up)
{
	uint64_t bytes =
		up->c.out.unicast.bytes + up->c.out.multicast.bytes + up->c.out.broadcast.bytes;
	uint64_t used = bytes - up->load_bytes,
		 most = (uint64_t)up->speed_mbps * 125000 * (LOAD_PERIOD / NS_PER_S);

	return most ? (unsigned)(used * 100 / most) : 0;
}

static void remember_loads(struct vsw *sw)
{
	for (unsigned i = 1; i <= sw->last_port; i++) {
		struct vsw_port *p = sw->port[i];

		if (p)
			p->load_bytes = p->is_uplink ?
						p->c.out.unicast.bytes + p->c.out.multicast.bytes +
							p->c.out.broadcast.bytes :
						p->c.in.unicast.bytes + p->c.in.multicast.bytes +
							p->c.in.broadcast.bytes;
	}
}

/* Move one port from a crowded uplink to the least used one of its team */
static bool relieve(struct vsw_port *p)
{
	struct vsw *sw = p->sw;
	uint16_t best = p->uplink;

	if (!p->uplink || usage(sw->port[p->uplink]) <= 75)
		return false;
	for (unsigned i = 0; i < p->team.n; i++)
		if (usage(sw->port[p->team.up[i]]) < usage(sw->port[best]))
			best = p->team.up[i];
	if (best == p->uplink)
		return false;
	p->uplink = best;
	vsw_tell(sw, VSW_EVENT_FAILOVER, p, p->mac, p->vid, "moved by load to %s",
		 sw->port[best]->id);
	tell(p);
	return true;
}

/* Teams by load look at their uplinks. One port at most is moved each time, so that two uplinks do
 * not exchange all their ports for ever. */
static void balance(struct vsw *sw, int64_t now)
{
	for (unsigned i = 1; i <= sw->last_port; i++) {
		struct vsw_port *p = sw->port[i];

		if (p && !p->is_uplink && p->policy.team.kind == VSW_TEAM_LOAD && relieve(p))
			break;
	}
	remember_loads(sw);
	vsw_due_at(sw, DUE_POLICY + POLICY_TEAM, now + LOAD_PERIOD);
}

static const char *const kinds[] = { "port", "mac", "ip", "load", "explicit", NULL };

static const struct vsw_value_row values[] = {
	{ "teaming", VSW_VALUE_OBJECT, .help = "how frames leave the switch" },
	{ "teaming.policy", VSW_VALUE_WORD, PORT_VALUE(team.kind), .words = kinds,
	  .init = VSW_TEAM_PORT,
	  .help = "which uplink a frame takes: by originating port, source MAC, "
		  "IP addresses, load, or explicit order" },
	{ "teaming.active", VSW_VALUE_NAMES, PORT_LIST(team.active, team.n_active),
	  .names = VSW_NAMES_UPLINK, .help = "uplinks in use; none: all" },
	{ "teaming.standby", VSW_VALUE_NAMES, PORT_LIST(team.standby, team.n_standby),
	  .names = VSW_NAMES_UPLINK, .help = "uplinks that take the place of active ones" },
	{ "teaming.failback", VSW_VALUE_BOOL, PORT_VALUE(team.failback), .init = true,
	  .help = "an uplink that returns takes its place again" },
	{ "teaming.notify", VSW_VALUE_BOOL, PORT_VALUE(team.notify), .init = true,
	  .help = "announce addresses by RARP when the uplink changes" },
	{ "teaming.beacon", VSW_VALUE_BOOL, PORT_VALUE(team.beacon),
	  .help = "only uplinks that hear each other's beacons (3 or more)" },
	{ 0 }
};

const struct vsw_policy_row vsw_policy_team = {
	.name = "teaming",
	.port_values = values,
	.check_port = check,
	.compile_first = compile_first,
	.compile_first_for = compile_first_for,
	.compile = vsw_teams_compile,
	.compile_for = compile_for,
	.due = balance,
	.port_state = vsw_team_state,
	.switch_state = vsw_team_switch_state,
	.gone = gone,
};
