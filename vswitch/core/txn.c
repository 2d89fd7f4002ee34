/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Changing policies, all or nothing: what can fail is done in vsw_txn_port(), vsw_txn_switch() and
 * vsw_txn_prepare(); vsw_txn_commit() only moves pointers and recompiles ports. What each policy
 * has to do for it is in its row (policy/row.h).
 *
 * A change costs what it changes: ports whose policy stays are left alone, and as long as the
 * switch's own policy stays, all but what the ports of the change are is.
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
	const struct vsw_numbers *up = &txn->sw->uplinks;

	for (unsigned i = 0; i < up->n; i++) {
		struct vsw_port *p = txn->sw->port[up->port[i]];

		if (!txn->of[p->number] && vsw_txn_port(txn, p, &p->policy, err, errlen) < 0)
			return -1;
	}
	return 0;
}

static int check_one(const struct vsw_txn *txn, const struct vsw_port *p, char *err, size_t errlen)
{
	const char *wrong = vsw_policy_wrong_on(txn_policy(txn, p), &txn->sw_policy);

	return wrong ? vsw_fail(err, errlen, "port '%s': %s", p->id, wrong) : 0;
}

/* Policies of ports go with the switch's; if that changes, also of those that keep theirs */
static int check_together(const struct vsw_txn *txn, char *err, size_t errlen)
{
	for (unsigned i = 1; i <= txn->sw->last_port; i++) {
		const struct vsw_port *p = txn->sw->port[i];

		if (p && (txn->whole || txn->of[i]) && check_one(txn, p, err, errlen) < 0)
			return -1;
	}
	return 0;
}

static bool is_same(const struct vsw_txn_item *it)
{
	struct vsw_policy policy = it->policy;

	for (unsigned n = 0; n < VSW_POLICIES; n++)
		if (it->made[n])
			return false;
	policy.rules = it->port->policy.rules; /* they are, or a copy had been made */
	return !memcmp(&policy, &it->port->policy, sizeof(policy));
}

int vsw_txn_prepare(struct vsw_txn *txn, char *err, size_t errlen)
{
	const struct vsw *sw = txn->sw;

	txn->whole = !sw->max_len || memcmp(&txn->sw_policy, &sw->policy, sizeof(sw->policy));
	if ((txn->whole && include_uplinks(txn, err, errlen) < 0) ||
	    check_together(txn, err, errlen) < 0)
		return -1;
	EACH_POLICY(n, prepare)
		if (vsw_policies[n]->prepare(txn, err, errlen) < 0)
			return -1;
	for (struct vsw_txn_item *it = txn->items; it; it = it->next)
		it->same = is_same(it);
	return 0;
}

static void commit_port(struct vsw_txn_item *it)
{
	EACH_POLICY(n, commit_port)
		vsw_policies[n]->commit_port(it);
	it->port->policy = it->policy;
}

/* The ports of a change that leaves the switch's policy as it is */
static void compile_changed(const struct vsw_txn *txn)
{
	bool uplinks = false;

	for (const struct vsw_txn_item *it = txn->items; it; it = it->next)
		if (!it->same) {
			vsw_port_compile(it->port);
			uplinks |= it->port->is_uplink;
		}
	if (uplinks) {
		vsw_uplinks_compiled(txn->sw);
		return;
	}
	for (const struct vsw_txn_item *it = txn->items; it; it = it->next)
		if (!it->same)
			vsw_port_compiled(it->port);
}

void vsw_txn_put(struct vsw_txn *txn)
{
	struct vsw *sw = txn->sw;

	EACH_POLICY(n, commit)
		vsw_policies[n]->commit(txn);
	sw->policy = txn->sw_policy;
	for (struct vsw_txn_item *it = txn->items; it; it = it->next)
		if (!it->same)
			commit_port(it);
	if (txn->whole)
		vsw_switch_recompile(sw);
	else
		compile_changed(txn);
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
