/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * No table of the switch names a port that is gone: its number will be another port's. Nor has a
 * port an address where it is not.
 *
 * DOC: Theory of Operation
 *
 * Answers of control show some tables only, and only what they look up. Here the tables themselves
 * are read, as core/vsw.h and policy/mcast.h describe them. Uplinks share VSW_UPLINK in the table
 * of addresses; that number is never another port's.
 */
#include "chassis.h"
#include "core/vsw.h"
#include "fake-priv.h"
#include "policy/mcast.h"

static const struct vsw *sw(void)
{
	return chassis.sw;
}

static void must_be(unsigned number, const char *where)
{
	if (number > VSW_MAX_PORTS || !sw()->port[number])
		fake_fail("%s names port %u, which was removed", where, number);
}

static void look_at_numbers(const struct vsw_numbers *s, const char *where)
{
	for (unsigned i = 0; i < s->n; i++)
		must_be(s->port[i], where);
}

static void look_at_addresses(void)
{
	const struct fdb *t = &sw()->fdb;

	for (uint32_t b = 0; b <= t->mask; b++)
		for (unsigned i = 0; i < FDB_SLOTS; i++)
			if (t->bucket[b].key[i] && t->bucket[b].port[i] != VSW_UPLINK)
				must_be(t->bucket[b].port[i], "the table of addresses");
}

/* Ports as bits; the low ones are enough: the chassis has no others. */
static uint64_t ports(void)
{
	uint64_t have = 0;

	for (unsigned i = 1; i < 64; i++)
		have |= (uint64_t)(sw()->port[i] != NULL) << i;
	return have;
}

static void look_at_vlans(void)
{
	static const uint16_t vlans[] = { 0, 10, 20, 99 };

	for (unsigned i = 0; i < sizeof(vlans) / sizeof(vlans[0]); i++)
		if (sw()->member[0] && sw()->member[0][vlans[i]] & ~ports())
			fake_fail("VLAN %u has a member, which was removed", vlans[i]);
}

static void look_at_groups(const struct vsw_mcast *m)
{
	for (unsigned i = 1; i < 64; i++)
		if (m->members_of[i])
			must_be(i, "the table of members");
	for (unsigned i = 0; i < MCAST_NETS; i++)
		if (m->net[i].used &&
		    (m->net[i].routers.word[0] | m->net[i].doubt.word[0]) & ~ports())
			fake_fail("a network has a router behind a port, which was removed");
}

/* An address counts in VLANs of its port only. */
static void look_at_claims(const struct vsw_port *p)
{
	for (unsigned i = 0; i < p->n_registered; i++)
		if (!p->any_vlan && fdb_key_fid(p->registered[i]) != p->fid)
			fake_fail("%s registers an address in VLAN %u", p->id,
				  fdb_key_fid(p->registered[i]));
}

static void look_at_port(const struct vsw_port *p)
{
	look_at_claims(p);
	for (unsigned i = 0; i < p->team.n; i++)
		must_be(p->team.up[i], "a team");
	if (p->uplink)
		must_be(p->uplink, "a port's uplink");
}

void chassis_look_at_tables(void)
{
	look_at_numbers(&sw()->uplinks, "the list of uplinks");
	look_at_numbers(&sw()->promiscuous, "the list of promiscuous ports");
	look_at_numbers(&sw()->unmet, "the list of claims");
	look_at_addresses();
	look_at_vlans();
	if (sw()->mcast)
		look_at_groups(sw()->mcast);
	for (unsigned i = 1; i <= sw()->last_port; i++)
		if (sw()->port[i])
			look_at_port(sw()->port[i]);
}
