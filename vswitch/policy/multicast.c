/* SPDX-License-Identifier: BSD-2-Clause */
/* Who gets frames to groups: the policy. The table of groups is mcast.c, what is read in frames igmp.c,
 * what is asked querier.c. */
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

static const char *check(const struct vsw_switch_policy *sp)
{
	return sp->querier.interval < 1 || sp->querier.interval > 3600 || sp->querier.vlan > 4094 ?
		       "querier interval or VLAN out of range" :
		       NULL;
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

const struct vsw_policy_row vsw_policy_multicast = {
	.name = "multicast",
	.init = init,
	.fini = fini,
	.check_switch = check,
	.compile = compile,
	.due = run,
	.forget = forget,
};
