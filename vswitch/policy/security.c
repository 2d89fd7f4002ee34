/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * VMware's security policy. Forged transmits are refused where sources are looked up (source.c);
 * MAC changes and promiscuous mode are a matter of what a port registers (addrs.c).
 */
#include "policy/row.h"

static void compile(struct vsw_port *p)
{
	p->strict = !p->policy.security.forged_transmits && !p->is_uplink;
}

static void init_port(struct vsw_policy *p, bool uplink)
{
	if (uplink)
		p->security.multicast_router = VSW_ROUTER_ACCEPT;
}

static const char *const routers[] = { "reject", "accept", "static", NULL };

static const struct vsw_value_row values[] = {
	{ "security", VSW_VALUE_OBJECT, .help = "VMware's security policy; true: accept" },
	{ "security.promiscuous", VSW_VALUE_BOOL, PORT_VALUE(security.promiscuous),
	  .help = "a card in promiscuous mode gets the traffic of its VLANs" },
	{ "security.mac-changes", VSW_VALUE_BOOL, PORT_VALUE(security.mac_changes), .init = true,
	  .help = "the card may use another address than its permanent one" },
	{ "security.forged-transmits", VSW_VALUE_BOOL, PORT_VALUE(security.forged_transmits),
	  .init = true, .help = "the guest may send from other addresses" },
	{ "security.multicast-router", VSW_VALUE_WORD, PORT_VALUE(security.multicast_router),
	  .words = routers, .init = VSW_ROUTER_REJECT,
	  .help = "with snooping, a multicast router or querier behind the port: none may be "
		  "there, so that its messages are dropped; one that says so; always" },
	{ 0 }
};

const struct vsw_policy_row vsw_policy_security = {
	.name = "security",
	.port_values = values,
	.init_port = init_port,
	.compile_port = compile,
};
