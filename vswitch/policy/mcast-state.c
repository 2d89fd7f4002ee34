/* SPDX-License-Identifier: BSD-2-Clause */
/* What snooping knows, for those who ask. */
#include "policy/mcast.h"
#include "vswitch/query.h"

static uint32_t seconds(const struct vsw_mcast *m, int64_t until)
{
	return until > m->clock ? (uint32_t)((until - m->clock) / NS_PER_S) : 0;
}

static const struct vsw_port *port_of(const struct vsw *sw, uint16_t number)
{
	return number == VSW_UPLINK ? NULL : sw->port[number];
}

static void describe_group(const struct vsw *sw, const struct mcast_group *g, struct vsw_group *out)
{
	struct vsw_mcast *m = sw->mcast;
	const struct mcast_net *net = &m->net[g->net - 1];

	out->v6 = net->v6;
	out->vlan = net->fid;
	memcpy(out->address, g->addr.b, sizeof(out->address));
	out->n_ports = 0;
	for (uint16_t i = 1; i <= sw->last_port; i++) {
		const struct mcast_member *member = vsw_mcast_member(m, g, i);

		if (!member)
			continue;
		out->port[out->n_ports] = sw->port[i];
		out->expires[out->n_ports++] = seconds(
			m, member->leaving && member->leaving < member->until ? member->leaving :
										member->until);
	}
}

unsigned vsw_groups(const struct vsw *sw, uint64_t *cursor, struct vsw_group *group, unsigned n)
{
	const struct vsw_mcast *m = sw->mcast;
	uint64_t pos = *cursor, end = pos + (uint64_t)n * VSW_WALK_PLACES;
	unsigned found = 0;

	for (; pos < m->groups_touched && pos < end && found < n; pos++)
		if (m->group[pos].net)
			describe_group(sw, &m->group[pos], &group[found++]);
	*cursor = pos < m->groups_touched ? pos : VSW_WALK_END;
	return found;
}

static void add_router(struct vsw_snooping *out, const struct vsw_port *port, uint8_t signs,
		       uint32_t expires)
{
	if (out->n_routers == VSW_ROUTERS_SHOWN)
		return;
	out->router[out->n_routers] = port;
	out->signs[out->n_routers] = signs;
	out->expires[out->n_routers++] = expires;
}

static void describe_router(const struct vsw *sw, const struct mcast_router *r,
			    struct vsw_snooping *out)
{
	uint8_t signs = 0;
	uint32_t expires = 0;

	for (unsigned i = 0; i < BY_COUNT; i++) {
		uint32_t left = seconds(sw->mcast, r->until[i]);

		if (r->until[i] > sw->mcast->clock)
			signs |= (uint8_t)(1 << i);
		expires = left > expires ? left : expires;
	}
	add_router(out, port_of(sw, r->port), signs, expires);
}

static void describe_routers(const struct vsw *sw, const struct mcast_net *net,
			     struct vsw_snooping *out)
{
	const struct vsw_mcast *m = sw->mcast;
	uint16_t number = (uint16_t)(net - m->net + 1);

	for (unsigned i = 0; net->n_routers && i < MCAST_ROUTERS; i++)
		if (m->router[i].net == number)
			describe_router(sw, &m->router[i], out);
	for (uint16_t i = 1; i <= sw->last_port; i++)
		if (ports_has(&m->fixed, i) && sw->port[i])
			add_router(out, sw->port[i], VSW_ROUTER_CONFIGURATION, 0);
}

static void describe_net(const struct vsw *sw, const struct mcast_net *net,
			 struct vsw_snooping *out)
{
	const struct vsw_mcast *m = sw->mcast;

	memset(out, 0, sizeof(*out));
	out->vlan = net->fid;
	out->v6 = net->v6;
	out->filtered = net->filtered;
	out->own = m->own[net->v6].net == net && !net->other_until;
	out->other = net->asked;
	if (net->other_until)
		memcpy(out->querier, net->other.b, sizeof(out->querier));
	if (net->asked) {
		out->querier_port = port_of(sw, net->asked_port);
		out->querier_expires = seconds(m, net->asked);
	}
	out->groups = net->groups;
	for (uint16_t i = 1; net->doubt_until && i <= sw->last_port; i++)
		out->in_doubt += ports_has(&net->doubt, i);
	describe_routers(sw, net, out);
}

unsigned vsw_snooping(const struct vsw *sw, uint64_t *cursor, struct vsw_snooping *state,
		      unsigned n)
{
	const struct vsw_mcast *m = sw->mcast;
	uint64_t pos = *cursor, end = pos + (uint64_t)n * VSW_WALK_PLACES;
	unsigned found = 0;

	for (; pos < MCAST_NETS && pos < end && found < n; pos++)
		if (m->net[pos].used)
			describe_net(sw, &m->net[pos], &state[found++]);
	*cursor = pos < MCAST_NETS ? pos : VSW_WALK_END;
	return found;
}

void vsw_snooping_counters(const struct vsw *sw, struct vsw_snooping_counters *c)
{
	*c = sw->mcast->stats;
}
