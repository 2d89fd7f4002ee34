/* SPDX-License-Identifier: BSD-2-Clause */
/* Who gets frames to groups: the policy. The table of groups is mcast.c, what is read in frames
 * igmp.c, what is asked querier.c. */
#include <stdlib.h>

#include "core/due.h"
#include "policy/mcast.h"
#include "policy/querier.h"
#include "policy/row.h"

static int init(struct vsw *sw)
{
	sw->mcast = vsw_mcast_new();
	return sw->mcast ? 0 : -1;
}

static void fini(struct vsw *sw)
{
	free(sw->mcast);
}

static void compile(struct vsw *sw)
{
	sw->special = sw->policy.multicast != VSW_MCAST_FLOOD ?
			      sw->special | SW_MULTICAST :
			      sw->special & ~(uint32_t)SW_MULTICAST;
	if (sw->policy.multicast != VSW_MCAST_SNOOPING)
		vsw_due_at(sw, DUE_POLICY + POLICY_MULTICAST, VSW_NEVER);
	else if (sw->due[DUE_POLICY + POLICY_MULTICAST] == VSW_NEVER)
		vsw_due_at(sw, DUE_POLICY + POLICY_MULTICAST, vsw_now(sw));
}

/* Memberships end, queries are sent */
static void run(struct vsw *sw, int64_t now)
{
	vsw_mcast_expire(sw->mcast, now);
	vsw_mcast_query(sw, now);
	vsw_due_at(sw, DUE_POLICY + POLICY_MULTICAST, now + NS_PER_S);
}

static void forget(struct vsw_port *p)
{
	vsw_mcast_drop_port(p->sw->mcast, p->fdb_port);
}

static const char *const multicasts[] = { "flood", "filter", "snooping", NULL };

static const struct vsw_value_row values[] = {
	{ "multicast", VSW_VALUE_WORD, SWITCH_VALUE(multicast), .words = multicasts,
	  .init = VSW_MCAST_FLOOD,
	  .help = "who gets frames to groups: all, those whose card's "
		  "filter has the group, or those that asked for it by IGMP or MLD" },
	{ "querier", VSW_VALUE_OBJECT, .help = "IGMP and MLD querier" },
	{ "querier.enabled", VSW_VALUE_BOOL, SWITCH_VALUE(querier.enabled),
	  .help = "send IGMP and MLD queries" },
	{ "querier.interval", VSW_VALUE_NUMBER, SWITCH_VALUE(querier.interval), .min = 1,
	  .max = 3600, .init = 125, /* RFC 3376 8.2 */
	  .help = "seconds between them" },
	{ "querier.vlan", VSW_VALUE_NUMBER, SWITCH_VALUE(querier.vlan), .max = VALUE_VLAN_MAX,
	  .help = "VLAN they are sent in" },
	{ "querier.address", VSW_VALUE_IPV4, SWITCH_VALUE(querier.address),
	  .help = "IPv4 source address" },
	{ 0 }
};

const struct vsw_policy_row vsw_policy_multicast = {
	.name = "multicast",
	.switch_values = values,
	.init = init,
	.fini = fini,
	.compile = compile,
	.due = run,
	.forget = forget,
};
