/* SPDX-License-Identifier: BSD-2-Clause */
/* The switch as a whole: making it and its end. */
#include <stdio.h>
#include <stdlib.h>
#include <sys/random.h>

#include "core/due.h"
#include "vswitch/fail.h"
#include "policy/row.h"

#define DEFAULT_ADDRESSES 16384u
#define MAX_ADDRESSES	  (16u << 20)

/* Policies make what they need, and the first change puts them in force */
static int init_policies(struct vsw *sw)
{
	struct vsw_txn *txn;

	EACH_POLICY(n, init)
		if (vsw_policies[n]->init(sw) < 0)
			return -1;
	txn = vsw_txn_new(sw);
	if (!txn)
		return -1;
	if (vsw_txn_prepare(txn, NULL, 0) < 0) {
		vsw_txn_abort(txn);
		return -1;
	}
	vsw_txn_commit(txn);
	return 0;
}

/* Secrets of the tables and of the beacons, and what others may know the switch by: none says
 * anything of another one. With a seed that was given, as in a test, all are the same each time. */
static int draw(struct vsw *sw)
{
	uint64_t drawn[4];

	if (sw->seed) {
		sw->id = sw->seed * UINT64_C(0xbf58476d1ce4e5b9);
		sw->mark[0] = sw->mark[1] = ~sw->seed;
		return 0;
	}
	if (getrandom(drawn, sizeof(drawn), 0) != sizeof(drawn))
		return -1;
	sw->seed = drawn[0];
	sw->id = drawn[1];
	memcpy(sw->mark, drawn + 2, sizeof(sw->mark));
	return 0;
}

struct vsw *vsw_new(const struct vsw_conf *conf, char *err, size_t errlen)
{
	uint32_t addresses = conf->addresses ? conf->addresses : DEFAULT_ADDRESSES;
	struct vsw *sw;

	if (addresses > MAX_ADDRESSES) {
		vsw_fail(err, errlen, "more than %u addresses", MAX_ADDRESSES);
		return NULL;
	}
	sw = calloc(1, sizeof(*sw));
	if (!sw)
		goto nomem;
	sw->host = conf->host;
	sw->opaque = conf->opaque;
	sw->seed = conf->seed;
	sw->addresses = addresses;
	sw->wished = VSW_NEVER;
	for (unsigned i = 0; i < DUE_COUNT; i++)
		sw->due[i] = VSW_NEVER;
	snprintf(sw->name, sizeof(sw->name), "%s", conf->name ? conf->name : "");
	if (draw(sw) < 0) {
		vsw_fail(err, errlen, "no random numbers");
		free(sw);
		return NULL;
	}
	vsw_switch_policy_init(&sw->policy);
	if (vsw_fdb_init(&sw->fdb, addresses, VSW_MAX_PORTS + 1, sw->seed) == 0 &&
	    init_policies(sw) == 0)
		return sw;
	vsw_free(sw);
nomem:
	vsw_fail(err, errlen, "out of memory");
	return NULL;
}

void vsw_free(struct vsw *sw)
{
	if (!sw)
		return;
	for (unsigned pass = 0; pass < 2;
	     pass++) /* uplinks last, or the others would be announced */
		for (unsigned i = 1; i <= sw->last_port; i++)
			if (sw->port[i] && (pass || !sw->port[i]->is_uplink))
				vsw_port_remove(sw->port[i]);
	for (unsigned i = 0; i < DUE_COUNT; i++)
		vsw_due_at(sw, i, VSW_NEVER);
	EACH_POLICY(n, fini)
		vsw_policies[n]->fini(sw);
	vsw_fdb_fini(&sw->fdb);
	free(sw);
}
