/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Addresses learnt from a port that moves alone.
 *
 * Where it goes they are what frames from it would have taught: no more than its policy lets it
 * learn, in VLANs that it carries. What is known there of an address at a port stands; what was
 * thought to be behind the uplinks has come here.
 */
#include "core/addrs.h"
#include "core/state-core.h"

/* struct learnt - an address; @idle: ticks since it was last seen */
struct learnt {
	uint64_t mac;
	uint16_t vlan;
	uint8_t idle;
};

static const struct hwnet_field fields[] = {
	HWNET_FIELD_RANGE(struct learnt, mac, 1, MAC_MASK),
	HWNET_FIELD_RANGE(struct learnt, vlan, 0, VSW_VLANS - 2),
	HWNET_FIELD_RANGE(struct learnt, idle, 0, FDB_LIFE),
};

static uint32_t count(const struct vsw_state_of *of)
{
	return of->whole || of->port->is_uplink ? 0 : of->sw->fdb.learnt[of->port->fdb_port];
}

static uint32_t save(const struct vsw_state_of *of, void *items, uint32_t most)
{
	const struct fdb *t = &of->sw->fdb;
	struct learnt *l = items;
	uint32_t pos = 0, n = 0;
	uint64_t key;
	uint16_t port;
	unsigned age;

	while (n < most && vsw_fdb_next(t, &pos, fdb_places(t), &key, &port, &age))
		if (port == of->port->fdb_port && age <= FDB_LIFE)
			l[n++] = (struct learnt) { fdb_key_mac(key), fdb_key_fid(key),
						   (uint8_t)age };
	return n;
}

static const char *check(const struct vsw_state_of *of, void *items, uint32_t n)
{
	const struct learnt *l = items;

	for (uint32_t i = 0; i < n; i++)
		if (!l[i].mac || mac_is_group(l[i].mac))
			return "is no address";
	return NULL;
}

/* Was it learnt from this port here, too? */
static bool is_known(const struct vsw_state_of *of, uint64_t key)
{
	struct fdb_ref r = fdb_lookup(&of->sw->fdb, key, fdb_hash(&of->sw->fdb, key));

	return r.i >= 0 && r.b->port[r.i] == of->port->fdb_port && fdb_age(r) != FDB_STATIC;
}

/* May it be learnt here? */
static bool may_learn(const struct vsw_state_of *of, uint64_t key)
{
	const struct vsw_port *p = of->port;
	const struct fdb *t = &of->sw->fdb;
	struct fdb_ref r = fdb_lookup(t, key, fdb_hash(t, key));
	uint32_t limit = p->policy.mac.limit;

	if (!p->learning || p->strict || !state_carries(p, fdb_key_fid(key)) ||
	    (limit && t->learnt[p->fdb_port] >= limit))
		return false;
	return (r.i < 0 || (r.b->port[r.i] == VSW_UPLINK && fdb_age(r) != FDB_STATIC)) &&
	       vsw_any_vlan(of->sw, key, fdb_key_fid(key)).i < 0;
}

static void load(const struct vsw_state_of *of, void *items, uint32_t n)
{
	struct fdb *t = &of->sw->fdb;
	const struct learnt *l = items;
	uint32_t left_out = 0;

	for (uint32_t i = 0; i < n; i++) {
		uint64_t key = fdb_key(l[i].vlan, l[i].mac);

		if (is_known(of, key))
			continue;
		if (!may_learn(of, key) ||
		    !vsw_fdb_put(t, key, of->port->fdb_port,
				 (t->gen + 2 * FDB_GENS - 1 - l[i].idle) % FDB_GENS + 1))
			left_out++;
	}
	if (left_out)
		vsw_state_out(of, "%u of %u learnt addresses may not be learnt, or are known here",
			      left_out, n);
}

const struct vsw_state_part vsw_state_learnt = {
	.name = "learnt",
	.list = STATE_LIST(fields, struct learnt),
	.max = UINT32_MAX,
	.count = count,
	.save = save,
	.check = check,
	.load = load,
};
