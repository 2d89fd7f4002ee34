/* SPDX-License-Identifier: BSD-2-Clause */
/* The table of groups (mcast.h has the theory). */
#include "policy/mcast.h"

#include <stdlib.h>

#include "policy/stages.h"
#include "vswitch/query.h"

/**
 * vsw_mcast_new() - Make an empty table
 *
 * Return: the table, or NULL without memory.
 */
struct vsw_mcast *vsw_mcast_new(void)
{
	struct vsw_mcast *m = calloc(1, sizeof(*m));

	if (m)
		m->free = MCAST_NONE;
	return m;
}

static unsigned home(uint64_t key)
{
	return (unsigned)(key * UINT64_C(0x9e3779b97f4a7c15) >> 54) % MCAST_GROUPS;
}

/**
 * vsw_mcast_find() - Look a group up
 * @m:   The table
 * @key: Filtering id and address, as of fdb_key()
 *
 * Return: the group, or NULL.
 */
struct mcast_group *vsw_mcast_find(struct vsw_mcast *m, uint64_t key)
{
	for (unsigned n = 0, i = home(key); n < MCAST_GROUPS; n++, i = (i + 1) % MCAST_GROUPS) {
		if (m->group[i].key == key)
			return &m->group[i];
		if (!m->group[i].key)
			return NULL;
	}
	return NULL;
}

static struct mcast_group *add_group(struct vsw_mcast *m, uint64_t key)
{
	unsigned i = home(key);

	if (m->n_groups >= MCAST_GROUPS / 4 * 3)
		return NULL;
	while (m->group[i].key)
		i = (i + 1) % MCAST_GROUPS;
	m->group[i] = (struct mcast_group) { key, MCAST_NONE };
	m->n_groups++;
	return &m->group[i];
}

/* Take a group out; those after it that could not stand at their home move up (Knuth 6.4, algorithm
 * R) */
static void remove_group(struct vsw_mcast *m, struct mcast_group *g)
{
	unsigned hole = (unsigned)(g - m->group), i = hole;

	m->n_groups--;
	for (;;) {
		m->group[hole].key = 0;
		do {
			i = (i + 1) % MCAST_GROUPS;
			if (!m->group[i].key)
				return;
		} while ((i - home(m->group[i].key)) % MCAST_GROUPS < (i - hole) % MCAST_GROUPS);
		m->group[hole] = m->group[i];
		hole = i;
	}
}

static uint16_t get_member(struct vsw_mcast *m)
{
	uint16_t n = m->free;

	if (n != MCAST_NONE)
		m->free = m->member[n].next;
	else if (m->fresh < MCAST_MEMBERS)
		n = m->fresh++;
	return n;
}

static struct mcast_member *find_member(struct vsw_mcast *m, const struct mcast_group *g,
					uint16_t port)
{
	for (uint16_t n = g->first; n != MCAST_NONE; n = m->member[n].next)
		if (m->member[n].port == port)
			return &m->member[n];
	return NULL;
}

/**
 * vsw_mcast_join() - A port wants a group
 * @m:     The table
 * @key:   The group
 * @port:  The port
 * @until: For how long
 */
void vsw_mcast_join(struct vsw_mcast *m, uint64_t key, uint16_t port, int64_t until)
{
	struct mcast_group *g = vsw_mcast_find(m, key);
	struct mcast_member *old;
	uint16_t n;

	if (!g)
		g = add_group(m, key);
	if (!g)
		return;
	old = find_member(m, g, port);
	if (old) {
		old->until = until;
		return;
	}
	n = get_member(m);
	if (n == MCAST_NONE) {
		if (g->first == MCAST_NONE)
			remove_group(m, g);
		return;
	}
	m->member[n] = (struct mcast_member) { port, g->first, until };
	g->first = n;
}

/**
 * vsw_mcast_leave() - A port may not want a group any more: another host there has until then to
 * say otherwise
 * @m:     The table
 * @key:   The group
 * @port:  The port
 * @until: The time
 */
void vsw_mcast_leave(struct vsw_mcast *m, uint64_t key, uint16_t port, int64_t until)
{
	struct mcast_group *g = vsw_mcast_find(m, key);
	struct mcast_member *old = g ? find_member(m, g, port) : NULL;

	if (old && old->until > until)
		old->until = until;
}

/**
 * vsw_mcast_querier() - A querier was heard
 * @m:     The table
 * @fid:   In which VLAN
 * @port:  At which port
 * @until: How long that holds
 */
void vsw_mcast_querier(struct vsw_mcast *m, uint16_t fid, uint16_t port, int64_t until)
{
	struct mcast_querier *q = NULL;

	for (unsigned i = 0; i < MCAST_QUERIERS; i++) {
		struct mcast_querier *c = &m->querier[i];

		if (c->until && c->port == port && c->fid == fid) {
			q = c;
			break;
		}
		if (!q && !c->until)
			q = c;
	}
	if (q)
		*q = (struct mcast_querier) { port, fid, until };
}

/**
 * vsw_mcast_has_querier() - Is somebody asking in this VLAN?
 * @m:   The table
 * @fid: The VLAN
 *
 * Return: whether.
 */
bool vsw_mcast_has_querier(const struct vsw_mcast *m, uint16_t fid)
{
	for (unsigned i = 0; i < MCAST_QUERIERS; i++)
		if (m->querier[i].until && m->querier[i].fid == fid)
			return true;
	return false;
}

bool vsw_mcast_is_querier(const struct vsw_mcast *m, uint16_t fid, uint16_t port)
{
	for (unsigned i = 0; i < MCAST_QUERIERS; i++)
		if (m->querier[i].until && m->querier[i].fid == fid && m->querier[i].port == port)
			return true;
	return false;
}

bool vsw_mcast_is_member(const struct vsw_mcast *m, const struct mcast_group *g, uint16_t port)
{
	for (uint16_t n = g->first; n != MCAST_NONE; n = m->member[n].next)
		if (m->member[n].port == port)
			return true;
	return false;
}

/* Take members out that ended, or that are of a port. True: the group is empty and gone; its place
 * may be another's. */
static bool prune(struct vsw_mcast *m, struct mcast_group *g, int64_t now, uint16_t port)
{
	uint16_t *link = &g->first;

	while (*link != MCAST_NONE) {
		uint16_t n = *link;

		if (m->member[n].until > now && m->member[n].port != port) {
			link = &m->member[n].next;
			continue;
		}
		*link = m->member[n].next;
		m->member[n].next = m->free;
		m->free = n;
	}
	if (g->first != MCAST_NONE)
		return false;
	remove_group(m, g);
	return true;
}

static void prune_all(struct vsw_mcast *m, int64_t now, uint16_t port)
{
	for (unsigned i = 0; i < MCAST_GROUPS; i++)
		while (m->group[i].key && prune(m, &m->group[i], now, port))
			;
	for (unsigned i = 0; i < MCAST_QUERIERS; i++)
		if (m->querier[i].until <= now || m->querier[i].port == port)
			m->querier[i].until = 0;
}

/**
 * vsw_mcast_drop_port() - A port goes
 * @m:    The table
 * @port: The port
 */
void vsw_mcast_drop_port(struct vsw_mcast *m, uint16_t port)
{
	prune_all(m, INT64_MIN, port);
}

/**
 * vsw_mcast_expire() - Forget what ended
 * @m:   The table
 * @now: The time
 */
void vsw_mcast_expire(struct vsw_mcast *m, int64_t now)
{
	prune_all(m, now, UINT16_MAX);
}

static void describe(const struct vsw *sw, const struct mcast_group *g, struct vsw_group *group)
{
	const struct vsw_mcast *m = sw->mcast;

	mac_bytes(g->key & UINT64_C(0xffffffffffff), group->mac);
	group->vlan = fdb_key_fid(g->key);
	group->n_ports = 0;
	for (uint16_t n = g->first; n != MCAST_NONE; n = m->member[n].next) {
		uint16_t p = m->member[n].port;

		group->port[group->n_ports++] = p == VSW_UPLINK ? NULL : sw->port[p];
	}
}

unsigned vsw_groups(const struct vsw *sw, uint64_t *cursor, struct vsw_group *group, unsigned n)
{
	uint64_t pos = *cursor, end = pos + (uint64_t)n * VSW_WALK_PLACES;
	unsigned found = 0;

	for (; pos < MCAST_GROUPS && pos < end && found < n; pos++)
		if (sw->mcast->group[pos].key)
			describe(sw, &sw->mcast->group[pos], &group[found++]);
	*cursor = pos < MCAST_GROUPS ? pos : VSW_WALK_END;
	return found;
}
