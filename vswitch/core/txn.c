/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Changing policies, all or nothing: what can fail is done in vsw_txn_port(), vsw_txn_switch() and
 * vsw_txn_prepare(); vsw_txn_commit() only moves pointers and recompiles ports. What each policy
 * has to do for it is in its row (policy/row.h).
 */
#include <stdlib.h>

#include "core/check.h"
#include "core/compile.h"
#include "policy/row.h"
#include "vswitch/fail.h"

struct vsw_txn *vsw_txn_new(struct vsw *sw)
{
	struct vsw_txn *txn = calloc(1, sizeof(*txn));

	if (!txn)
		return NULL;
	txn->sw = sw;
	txn->sw_policy = sw->policy;
	return txn;
}

int vsw_txn_port(struct vsw_txn *txn, struct vsw_port *port, const struct vsw_policy *policy,
		 char *err, size_t errlen)
{
	struct vsw_txn_item *it;
	char why[200];

	if (vsw_policy_check(policy, NULL, why, sizeof(why)) < 0)
		return vsw_fail(err, errlen, "port '%s': %s", port->id, why);
	it = calloc(1, sizeof(*it));
	if (!it)
		return vsw_fail(err, errlen, "out of memory");
	it->port = port;
	it->policy = *policy;
	it->next = txn->items;
	txn->items = txn->of[port->number] = it;
	EACH_POLICY(n, copy)
		if (vsw_policies[n]->copy(it) < 0)
			return vsw_fail(err, errlen, "out of memory");
	return 0;
}

int vsw_txn_switch(struct vsw_txn *txn, const struct vsw_switch_policy *policy, char *err,
		   size_t errlen)
{
	char why[200];

	if (vsw_switch_policy_check(policy, why, sizeof(why)) < 0)
		return vsw_fail(err, errlen, "switch: %s", why);
	txn->sw_policy = *policy;
	return 0;
}

/* Uplinks take part in each change: the switch's policy may ask more of them */
static int include_uplinks(struct vsw_txn *txn, char *err, size_t errlen)
{
	for (unsigned i = 1; i <= txn->sw->last_port; i++) {
		struct vsw_port *p = txn->sw->port[i];

		if (p && p->is_uplink && txn_policy(txn, p) == &p->policy &&
		    vsw_txn_port(txn, p, &p->policy, err, errlen) < 0)
			return -1;
	}
	return 0;
}

/* Policies of ports, also of those that keep theirs, go with the switch's */
static int check_together(const struct vsw_txn *txn, char *err, size_t errlen)
{
	for (unsigned i = 1; i <= txn->sw->last_port; i++) {
		const struct vsw_port *p = txn->sw->port[i];
		const char *wrong =
			p ? vsw_policy_wrong_on(txn_policy(txn, p), &txn->sw_policy) : NULL;

		if (wrong)
			return vsw_fail(err, errlen, "port '%s': %s", p->id, wrong);
	}
	return 0;
}

int vsw_txn_prepare(struct vsw_txn *txn, char *err, size_t errlen)
{
	if (include_uplinks(txn, err, errlen) < 0 || check_together(txn, err, errlen) < 0)
		return -1;
	EACH_POLICY(n, prepare)
		if (vsw_policies[n]->prepare(txn, err, errlen) < 0)
			return -1;
	return 0;
}

static void commit_port(struct vsw_txn_item *it)
{
	EACH_POLICY(n, commit_port)
		vsw_policies[n]->commit_port(it);
	it->port->policy = it->policy;
}

void vsw_txn_put(struct vsw_txn *txn)
{
	struct vsw *sw = txn->sw;

	EACH_POLICY(n, commit)
		vsw_policies[n]->commit(txn);
	sw->policy = txn->sw_policy;
	for (struct vsw_txn_item *it = txn->items; it; it = it->next)
		commit_port(it);
	vsw_switch_recompile(sw);
}

void vsw_txn_commit(struct vsw_txn *txn)
{
	vsw_txn_put(txn);
	vsw_txn_abort(txn);
}

static void item_free(struct vsw_txn_item *it)
{
	EACH_POLICY(n, discard_port)
		vsw_policies[n]->discard_port(it->made[n]);
	free(it);
}

void vsw_txn_abort(struct vsw_txn *txn)
{
	if (!txn)
		return;
	while (txn->items) {
		struct vsw_txn_item *it = txn->items;

		txn->items = it->next;
		item_free(it);
	}
	EACH_POLICY(n, discard)
		vsw_policies[n]->discard(txn->made[n]);
	free(txn);
}
