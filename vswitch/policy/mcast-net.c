/* SPDX-License-Identifier: BSD-2-Clause */
/* Nets (mcast.h has the theory): their routers, the other querier, doubt;
 * and the end of all that. */
#include "policy/mcast-net.h"

static uint16_t number(const struct vsw_mcast *m, const struct mcast_net *net)
{
	return (uint16_t)(net - m->net + 1);
}

static bool is_own(const struct vsw_mcast *m, const struct mcast_net *net)
{
	return m->own[net->v6].net == net;
}

/**
 * vsw_mcast_net() - Look a net up
 * @m:   The tables
 * @fid: Its filtering id
 * @v6:  Its version of IP
 *
 * Return: the net, or NULL.
 */
struct mcast_net *vsw_mcast_net(struct vsw_mcast *m, uint16_t fid, bool v6)
{
	uint16_t n = m->net_of[v6][fid];

	return n ? &m->net[n - 1] : NULL;
}

static void net_free(struct vsw_mcast *m, struct mcast_net *net)
{
	m->net_of[net->v6][net->fid] = 0;
	net->used = false;
	m->n_nets--;
}

/* Everything of a net that is about members */
static void forget_members(struct vsw_mcast *m, const struct mcast_net *net)
{
	for (unsigned i = 0; net->groups && i < m->members_touched; i++) {
		struct mcast_member *member = &m->member[i];

		if (member->group && m->group[member->group - 1].net == number(m, net))
			vsw_mcast_part(m, member);
	}
}

/* A free net; for a router also one that has none, and so is flooded with or without it */
static struct mcast_net *find_room(struct vsw_mcast *m, bool router)
{
	for (unsigned i = 0; i < MCAST_NETS; i++)
		if (!m->net[i].used)
			return &m->net[i];
	for (unsigned i = 0; router && i < MCAST_NETS; i++) {
		struct mcast_net *net = &m->net[i];

		if (net->filtered || net->asked || net->n_routers || is_own(m, net))
			continue;
		forget_members(m, net);
		net_free(m, net);
		return net;
	}
	return NULL;
}

/**
 * vsw_mcast_net_get() - Look a net up; make it if need be
 * @m:      The tables
 * @fid:    Its filtering id
 * @v6:     Its version of IP
 * @router: For a router or querier: a net without any may have to give way
 *
 * Return: the net, or NULL: there is no room. Then it has no querier and is flooded.
 */
struct mcast_net *vsw_mcast_net_get(struct vsw_mcast *m, uint16_t fid, bool v6, bool router)
{
	struct mcast_net *net = vsw_mcast_net(m, fid, v6);

	if (net)
		return net;
	net = find_room(m, router);
	if (!net)
		return NULL;
	*net = (struct mcast_net) { .fid = fid, .used = true, .v6 = v6, .life = MCAST_LIFE };
	m->net_of[v6][fid] = number(m, net);
	m->n_nets++;
	return net;
}

static struct mcast_router *find_router(struct vsw_mcast *m, const struct mcast_net *net,
					uint16_t port)
{
	for (unsigned i = 0; ports_has(&net->routers, port) && i < MCAST_ROUTERS; i++)
		if (m->router[i].net == number(m, net) && m->router[i].port == port)
			return &m->router[i];
	return NULL;
}

static struct mcast_router *add_router(struct vsw_mcast *m, struct mcast_net *net, uint16_t port)
{
	for (unsigned i = 0; i < MCAST_ROUTERS; i++) {
		if (m->router[i].net)
			continue;
		m->router[i] = (struct mcast_router) { .net = number(m, net), .port = port };
		ports_add(&net->routers, port);
		net->n_routers++;
		return &m->router[i];
	}
	return NULL;
}

static void remove_router(struct vsw_mcast *m, struct mcast_router *r)
{
	struct mcast_net *net = &m->net[r->net - 1];

	ports_del(&net->routers, r->port);
	net->n_routers--;
	r->net = 0;
}

/**
 * vsw_mcast_router_seen() - A router gave a sign of itself
 * @m:     The tables
 * @net:   The net
 * @port:  Where it is
 * @by:    The sign
 * @until: How long that holds
 *
 * What can't be kept floods the net: reports, too, must reach that router.
 */
void vsw_mcast_router_seen(struct vsw_mcast *m, struct mcast_net *net, uint16_t port,
			   enum mcast_by by, int64_t until)
{
	struct mcast_router *r = find_router(m, net, port);

	if (!r)
		r = add_router(m, net, port);
	if (r) {
		r->until[by] = until;
		return;
	}
	m->stats.full++;
	net->flood_until = until > net->flood_until ? until : net->flood_until;
	vsw_mcast_judge(m, net);
}

static bool router_ended(const struct vsw_mcast *m, const struct mcast_router *r)
{
	for (unsigned i = 0; i < BY_COUNT; i++)
		if (r->until[i] > m->clock)
			return false;
	return true;
}

/**
 * vsw_mcast_router_gone() - A router took a sign of itself back
 * @m:    The tables
 * @net:  The net
 * @port: Where it was
 * @by:   The sign
 */
void vsw_mcast_router_gone(struct vsw_mcast *m, struct mcast_net *net, uint16_t port,
			   enum mcast_by by)
{
	struct mcast_router *r = find_router(m, net, port);

	if (!r)
		return;
	r->until[by] = 0;
	if (router_ended(m, r))
		remove_router(m, r);
}

/**
 * vsw_mcast_doubt() - Something that a port wants could not be kept: it gets all groups
 * @m:    The tables
 * @net:  The net
 * @port: The port
 */
void vsw_mcast_doubt(struct vsw_mcast *m, struct mcast_net *net, uint16_t port)
{
	m->stats.full++;
	ports_add(&net->doubt, port);
	net->doubt_until = m->clock + net->life;
}

/**
 * vsw_mcast_judge() - Is a net filtered, or flooded?
 * @m:   The tables
 * @net: The net
 */
void vsw_mcast_judge(struct vsw_mcast *m, struct mcast_net *net)
{
	const struct mcast_own *own = &m->own[net->v6];
	bool asked = net->asked && net->asked_from <= m->clock;

	if (own->net == net && !net->other_until) {
		asked |= own->trusted;
		net->life = own->life;
	}
	net->filtered = asked && !net->flood_until;
}

static void end(int64_t *deadline, int64_t now)
{
	if (*deadline <= now)
		*deadline = 0;
}

static void net_expire(struct vsw_mcast *m, struct mcast_net *net)
{
	end(&net->asked, m->clock);
	end(&net->other_until, m->clock);
	end(&net->flood_until, m->clock);
	if (net->doubt_until && net->doubt_until <= m->clock) {
		net->doubt_until = 0;
		net->doubt = (struct mcast_ports) { { 0 } };
	}
	vsw_mcast_judge(m, net);
	if (!net->groups && !net->n_routers && !net->asked && !net->other_until &&
	    !net->flood_until && !net->doubt_until && !is_own(m, net))
		net_free(m, net);
}

/**
 * vsw_mcast_expire() - Forget what ended
 * @m: The tables
 */
void vsw_mcast_expire(struct vsw_mcast *m)
{
	for (unsigned i = 0; i < m->members_touched; i++) {
		struct mcast_member *member = &m->member[i];

		if (member->group &&
		    (member->until <= m->clock || (member->leaving && member->leaving <= m->clock)))
			vsw_mcast_part(m, member);
	}
	for (unsigned i = 0; i < MCAST_ROUTERS; i++)
		if (m->router[i].net && router_ended(m, &m->router[i]))
			remove_router(m, &m->router[i]);
	for (unsigned i = 0; i < MCAST_NETS; i++)
		if (m->net[i].used)
			net_expire(m, &m->net[i]);
}

static void shift(int64_t *deadline, int64_t by)
{
	if (*deadline)
		*deadline += by;
}

static void shift_member(struct mcast_member *member, int64_t by)
{
	shift(&member->until, by);
	shift(&member->leaving, by);
	shift(&member->v1, by);
	shift(&member->ask_at, by);
}

/* Who asked before the jump is forgotten: what was reported meanwhile is not known */
static void shift_net(struct vsw_mcast *m, struct mcast_net *net, int64_t by)
{
	net->asked = net->other_until = 0;
	shift(&net->doubt_until, by);
	shift(&net->flood_until, by);
	vsw_mcast_judge(m, net);
}

/**
 * vsw_mcast_shift() - The clock jumped: what was left stays left
 * @m:  The tables
 * @by: How far it jumped, ns
 */
void vsw_mcast_shift(struct vsw_mcast *m, int64_t by)
{
	for (unsigned i = 0; i < m->members_touched; i++)
		if (m->member[i].group)
			shift_member(&m->member[i], by);
	for (unsigned i = 0; i < MCAST_ROUTERS; i++)
		for (unsigned k = 0; m->router[i].net && k < BY_COUNT; k++)
			shift(&m->router[i].until[k], by);
	for (unsigned i = 0; i < MCAST_NETS; i++)
		if (m->net[i].used)
			shift_net(m, &m->net[i], by);
}

/**
 * vsw_mcast_forget_routers() - No router is behind some ports any more, and no querier
 * @m:     The tables
 * @ports: The ports
 */
void vsw_mcast_forget_routers(struct vsw_mcast *m, const struct mcast_ports *ports)
{
	for (unsigned i = 0; i < MCAST_ROUTERS; i++)
		if (m->router[i].net && ports_has(ports, m->router[i].port))
			remove_router(m, &m->router[i]);
	for (unsigned i = 0; i < MCAST_NETS; i++) {
		struct mcast_net *net = &m->net[i];

		if (!net->used)
			continue;
		if (ports_has(ports, net->asked_port))
			net->asked = net->other_until = 0;
		vsw_mcast_judge(m, net);
	}
}

/**
 * vsw_mcast_drop_port() - A port goes
 * @m:    The tables
 * @port: The port
 */
void vsw_mcast_drop_port(struct vsw_mcast *m, uint16_t port)
{
	struct mcast_ports gone = { { 0 } };

	for (unsigned i = 0; m->members_of[port] && i < m->members_touched; i++)
		if (m->member[i].group && m->member[i].port == port)
			vsw_mcast_part(m, &m->member[i]);
	ports_add(&gone, port);
	vsw_mcast_forget_routers(m, &gone);
	for (unsigned i = 0; i < MCAST_NETS; i++)
		ports_del(&m->net[i].doubt, port);
}
