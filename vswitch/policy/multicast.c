/* SPDX-License-Identifier: BSD-2-Clause */
/* Who gets frames to groups: the policy. mcast.h has the theory of snooping. */
#include <stdlib.h>

#include "core/due.h"
#include "policy/levels-state.h"
#include "policy/mcast-clock.h"
#include "policy/mcast-net.h"
#include "policy/row.h"

/* A locally administered address (802-2014 8.2.2) */
static uint64_t local_mac(uint64_t id)
{
	return (id & UINT64_C(0xfcffffffffff)) | UINT64_C(0x020000000000);
}

static int init(struct vsw *sw)
{
	sw->mcast = vsw_mcast_new(sw->seed, local_mac(sw->id));
	return sw->mcast ? 0 : -1;
}

static void fini(struct vsw *sw)
{
	free(sw->mcast);
}

static const char *check(const struct vsw_switch_policy *sp)
{
	static const uint8_t none[16];
	const struct vsw_querier_policy *q = &sp->querier;

	if (q->address[0] >= 224)
		return "querier.address: is a group address";
	if (memcmp(q->address6, none, 16) && (q->address6[0] != 0xfe || q->address6[1] >> 6 != 2))
		return "querier.address6: is not link-local (fe80::/10)";
	return NULL;
}

/* What was heard in VLANs that the port may not have any more */
static void commit_port(struct vsw_txn_item *it)
{
	const struct vsw_port *p = it->port;

	if (memcmp(&p->policy.vlan, &it->policy.vlan, sizeof(p->policy.vlan)) && !p->is_uplink)
		vsw_mcast_drop_port(p->sw->mcast, p->fdb_port);
}

static void compile(struct vsw *sw)
{
	bool on = sw->policy.multicast == VSW_MCAST_SNOOPING;

	sw->special = sw->policy.multicast != VSW_MCAST_FLOOD ?
			      sw->special | SW_MULTICAST :
			      sw->special & ~(uint32_t)SW_MULTICAST;
	if (on != sw->mcast->on)
		vsw_mcast_forget_all(sw->mcast);
	sw->mcast->on = on;
	if (on)
		vsw_mcast_compile(sw);
	else
		vsw_due_at(sw, DUE_POLICY + POLICY_MULTICAST, VSW_NEVER);
}

static void compile_for(struct vsw_port *p)
{
	if (p->sw->mcast->on)
		vsw_mcast_compile_for(p);
}

static void run(struct vsw *sw, int64_t now)
{
	vsw_mcast_run(sw);
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
	{ "querier.address", VSW_VALUE_IPV4, SWITCH_VALUE(querier.address), .max = 223,
	  .help = "IPv4 source address; 0.0.0.0: any other querier comes first" },
	{ "querier.address6", VSW_VALUE_IPV6, SWITCH_VALUE(querier.address6),
	  .untold = "made from the switch's MAC address",
	  .help = "IPv6 source address, link-local" },
	{ "querier.igmp", VSW_VALUE_NUMBER, SWITCH_VALUE(querier.igmp), .min = 2, .max = 3,
	  .init = 3, .help = "version of IGMP" },
	{ "querier.mld", VSW_VALUE_NUMBER, SWITCH_VALUE(querier.mld), .min = 1, .max = 2, .init = 2,
	  .help = "version of MLD" },
	{ 0 }
};

const struct vsw_policy_row vsw_policy_multicast = {
	.name = "multicast",
	.switch_values = values,
	.init = init,
	.fini = fini,
	.check_switch = check,
	.commit_port = commit_port,
	.compile = compile,
	.compile_for = compile_for,
	.due = run,
	.forget = forget,
	.gone = vsw_mcast_gone,
	.port_state = vsw_multicast_state,
	.switch_state = vsw_multicast_switch_state,
};
