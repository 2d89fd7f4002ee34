/* SPDX-License-Identifier: BSD-2-Clause */
/* A change of policies being prepared. */
#ifndef VSWITCH_TXN_H
#define VSWITCH_TXN_H

#include "core/vsw.h"

/*
 * struct vsw_txn_item - one port's new policy
 * @made: What its policies made for it, by enum vsw_policy_number
 * @same: It is the one that the port has
 */
struct vsw_txn_item {
	struct vsw_txn_item *next;
	struct vsw_port *port;
	struct vsw_policy policy;
	void *made[VSW_POLICIES];
	bool same;
};

/*
 * struct vsw_txn - a change
 * @items: Ports that get a new policy; after vsw_txn_prepare() has begun all uplinks are among them
 *      if the switch gets one
 * @whole: It does, as vsw_txn_prepare() found out: all ports are compiled
 * @of:    The same by number of the port; NULL: it keeps what it has
 * @made:  What policies made for the switch, by enum vsw_policy_number
 */
struct vsw_txn {
	struct vsw *sw;
	struct vsw_txn_item *items, *of[VSW_MAX_PORTS + 1];
	struct vsw_switch_policy sw_policy;
	bool whole;
	void *made[VSW_POLICIES];
};

/* txn_policy() - Policy that a port will have */
static inline const struct vsw_policy *txn_policy(const struct vsw_txn *txn,
						  const struct vsw_port *p)
{
	const struct vsw_txn_item *it = txn->of[p->number];

	return it ? &it->policy : &p->policy;
}

#endif
