/* SPDX-License-Identifier: BSD-2-Clause */
/* Groups and their members (mcast.h has the theory): two hash tables with chains, of entries that
 * never move. */
#include "policy/mcast.h"

#include <stdlib.h>

/**
 * vsw_mcast_new() - Make empty tables
 * @seed: Secret of the hash functions: guests choose the groups
 * @mac:  Address that queries come from
 *
 * Return: the tables, or NULL without memory.
 */
struct vsw_mcast *vsw_mcast_new(uint64_t seed, uint64_t mac)
{
	struct vsw_mcast *m = calloc(1, sizeof(*m));

	if (!m)
		return NULL;
	m->seed = seed;
	m->mac = mac;
	return m;
}

/**
 * vsw_mcast_forget_all() - Make the tables empty again
 * @m: The tables
 */
void vsw_mcast_forget_all(struct vsw_mcast *m)
{
	uint64_t seed = m->seed, mac = m->mac;

	memset(m, 0, sizeof(*m));
	m->seed = seed;
	m->mac = mac;
}

static uint64_t mix(uint64_t h, uint64_t v)
{
	h = (h ^ v) * HASH_FACTOR;
	h ^= h >> 32;
	h *= UINT64_C(0xd6e8feb86659fd93);
	return h ^ h >> 32;
}

static uint16_t *group_chain(struct vsw_mcast *m, uint16_t net, const struct mcast_addr *addr)
{
	uint64_t half[2];

	memcpy(half, addr, sizeof(half));
	return &m->group_head[mix(mix(m->seed, half[0]), half[1] ^ net) & (MCAST_GROUPS - 1)];
}

static uint16_t *member_chain(struct vsw_mcast *m, uint16_t group, uint16_t port)
{
	return &m->member_head[mix(m->seed, (uint64_t)group << 16 | port) & (MCAST_MEMBERS - 1)];
}

static uint16_t net_number(const struct vsw_mcast *m, const struct mcast_net *net)
{
	return (uint16_t)(net - m->net + 1);
}

static uint16_t group_number(const struct vsw_mcast *m, const struct mcast_group *g)
{
	return (uint16_t)(g - m->group + 1);
}

/**
 * vsw_mcast_group() - Look a group up
 * @m:    The tables
 * @net:  Its net
 * @addr: Its address
 *
 * Return: the group, or NULL.
 */
struct mcast_group *vsw_mcast_group(struct vsw_mcast *m, const struct mcast_net *net,
				    const struct mcast_addr *addr)
{
	uint16_t number = net_number(m, net);

	for (uint16_t n = *group_chain(m, number, addr); n; n = m->group[n - 1].next)
		if (m->group[n - 1].net == number &&
		    !memcmp(&m->group[n - 1].addr, addr, sizeof(*addr)))
			return &m->group[n - 1];
	return NULL;
}

/**
 * vsw_mcast_member() - Look a member up
 * @m:    The tables
 * @g:    Its group
 * @port: The port
 *
 * Return: the member, or NULL.
 */
struct mcast_member *vsw_mcast_member(struct vsw_mcast *m, const struct mcast_group *g,
				      uint16_t port)
{
	uint16_t number = group_number(m, g);

	if (!ports_has(&g->ports, port))
		return NULL;
	for (uint16_t n = *member_chain(m, number, port); n; n = m->member[n - 1].next)
		if (m->member[n - 1].group == number && m->member[n - 1].port == port)
			return &m->member[n - 1];
	return NULL;
}

static struct mcast_group *add_group(struct vsw_mcast *m, struct mcast_net *net,
				     const struct mcast_addr *addr)
{
	uint16_t *chain = group_chain(m, net_number(m, net), addr), n = m->group_free;

	if (n)
		m->group_free = m->group[n - 1].next;
	else if (m->groups_touched < MCAST_GROUPS)
		n = ++m->groups_touched;
	else
		return NULL;
	m->group[n - 1] =
		(struct mcast_group) { .addr = *addr, .net = net_number(m, net), .next = *chain };
	*chain = n;
	net->groups++;
	return &m->group[n - 1];
}

static void remove_group(struct vsw_mcast *m, struct mcast_group *g)
{
	uint16_t *link = group_chain(m, g->net, &g->addr), n = group_number(m, g);

	while (*link != n)
		link = &m->group[*link - 1].next;
	*link = g->next;
	m->net[g->net - 1].groups--;
	g->net = 0;
	g->next = m->group_free;
	m->group_free = n;
}

static struct mcast_member *add_member(struct vsw_mcast *m, struct mcast_group *g, uint16_t port)
{
	uint16_t *chain = member_chain(m, group_number(m, g), port), n = m->member_free;
	struct mcast_member *member;

	if (m->members_of[port] >= MCAST_PORT_MEMBERS)
		return NULL;
	if (n)
		m->member_free = m->member[n - 1].next;
	else if (m->members_touched < MCAST_MEMBERS)
		n = ++m->members_touched;
	else
		return NULL;
	member = &m->member[n - 1];
	*member = (struct mcast_member) { .group = group_number(m, g),
					  .port = port,
					  .next = *chain,
					  .pending = member->pending };
	*chain = n;
	m->members_of[port]++;
	ports_add(&g->ports, port);
	g->n++;
	return member;
}

/**
 * vsw_mcast_join() - A port wants a group
 * @m:    The tables
 * @net:  The group's net
 * @addr: The group
 * @port: The port
 *
 * Return: its membership, whose times are for the caller to set; NULL: it can't be kept.
 */
struct mcast_member *vsw_mcast_join(struct vsw_mcast *m, struct mcast_net *net,
				    const struct mcast_addr *addr, uint16_t port)
{
	struct mcast_group *g = vsw_mcast_group(m, net, addr);
	struct mcast_member *member = g ? vsw_mcast_member(m, g, port) : NULL;

	if (member)
		return member;
	if (!g)
		g = add_group(m, net, addr);
	if (g)
		member = add_member(m, g, port);
	if (g && !g->n)
		remove_group(m, g);
	return member;
}

/**
 * vsw_mcast_part() - A membership ends
 * @m:      The tables
 * @member: The member; free afterwards, and its group too if it was the last one
 */
void vsw_mcast_part(struct vsw_mcast *m, struct mcast_member *member)
{
	struct mcast_group *g = &m->group[member->group - 1];
	uint16_t *link = member_chain(m, member->group, member->port);
	uint16_t n = (uint16_t)(member - m->member + 1);

	while (*link != n)
		link = &m->member[*link - 1].next;
	*link = member->next;
	m->members_of[member->port]--;
	ports_del(&g->ports, member->port);
	member->group = 0;
	member->next = m->member_free;
	m->member_free = n;
	if (!--g->n)
		remove_group(m, g);
}

/**
 * vsw_mcast_ask() - The querier is to ask whether somebody at a port still wants a group
 * @m:      The tables
 * @member: The port in the group
 */
void vsw_mcast_ask(struct vsw_mcast *m, struct mcast_member *member)
{
	member->asks = MCAST_ASKS;
	member->ask_at = m->clock;
	if (member->pending)
		return;
	member->pending = true;
	m->pending[m->n_pending++] = (uint16_t)(member - m->member);
}
