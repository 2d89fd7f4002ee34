/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * How many addresses the table holds.
 *
 * A new table is made on the thread of who changes the policy. The switch, between two bursts, only
 * walks over the old one for what was entered for good: what was learnt is forgotten, since so much
 * could not be moved while frames wait.
 */
#include <stdlib.h>

#include "policy/row.h"
#include "vswitch/fail.h"

static uint32_t wanted(const struct vsw *sw, const struct vsw_switch_policy *policy)
{
	return policy->table ? policy->table : sw->addresses;
}

static int prepare(struct vsw_txn *txn, char *err, size_t errlen)
{
	uint32_t n = wanted(txn->sw, &txn->sw_policy);
	struct fdb *t;

	if (n == wanted(txn->sw, &txn->sw->policy))
		return 0;
	t = calloc(1, sizeof(*t));
	txn->made[POLICY_TABLE] = t;
	if (!t || vsw_fdb_init(t, n, VSW_MAX_PORTS + 1, txn->sw->seed) < 0)
		return vsw_fail(err, errlen, "out of memory");
	return 0;
}

/* One that is too small for what was entered for good does not come into force: it holds fewer */
static void commit(struct vsw_txn *txn)
{
	struct fdb *t = txn->made[POLICY_TABLE], was = txn->sw->fdb;

	if (!t || !vsw_fdb_follow(t, &was))
		return;
	txn->sw->fdb = *t;
	*t = was;
	txn->sw->notify.pos = 0; /* announcements go on with the new one */
}

static void discard(void *made)
{
	if (!made)
		return;
	vsw_fdb_fini(made);
	free(made);
}

static const struct vsw_value_row values[] = {
	{ "address-table", VSW_VALUE_NUMBER, SWITCH_VALUE(table), .max = VSW_MAX_TABLE,
	  .help = "addresses that the table holds at least; 0: 16384. A change forgets what was "
		  "learnt" },
	{ 0 }
};

const struct vsw_policy_row vsw_policy_table = {
	.name = "table",
	.switch_values = values,
	.prepare = prepare,
	.commit = commit,
	.discard = discard,
	.no_state = "what is in the table is a state of the core",
};
