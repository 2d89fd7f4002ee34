/* SPDX-License-Identifier: BSD-2-Clause */
/* A change of policies being prepared. */
#ifndef VSWITCH_TXN_H
#define VSWITCH_TXN_H

#include "vsw.h"

/* struct vsw_txn_item - one port's new policy and the memory it needs */
struct vsw_txn_item {
	struct vsw_txn_item *next;
	struct vsw_port *port;
	struct vsw_policy policy;
	struct vsw_queue *queue;   /* a new one, if its size changes */
	struct vsw_ruleset *rules; /* new ones, if @new_rules */
	bool new_rules;
};

struct vsw_txn {
	struct vsw *sw;
	struct vsw_txn_item *items;
	struct vsw_switch_policy sw_policy;
	struct vsw_vlans *vlans;
	struct vsw_mirrors *mirrors;
};

const struct vsw_policy *vsw_txn_policy(const struct vsw_txn *txn, const struct vsw_port *p);
struct vsw_vlans *vsw_vlans_build(struct vsw_txn *txn);

#endif
