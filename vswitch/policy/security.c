/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * VMware's security policy. Forged transmits are refused where sources are looked up (source.c);
 * MAC changes and promiscuous mode are a matter of what a port registers (addrs.c).
 *
 * A driver writes its card's address in pieces: RAL and RAH of the e1000, three words of the PCnet,
 * MACL and MACH of vmxnet3, in whatever order it likes. Between two of them the card has an address
 * that nobody gave it. What it may not have is refused at once, but the event waits until the
 * address has stood for SETTLE.
 */
#include "core/due.h"
#include "core/event.h"
#include "policy/row.h"
#include "policy/stages.h"

#define SETTLE (NS_PER_S / 10)

void vsw_mac_change_seen(struct vsw_port *p)
{
	struct vsw *sw = p->sw;

	if (!p->mac_violation) {
		p->mac_change = 0;
		p->mac_change_at = VSW_NEVER;
		return;
	}
	if (p->mac == p->mac_change)
		return;
	p->mac_change = p->mac;
	p->mac_change_at = vsw_now(sw) + SETTLE;
	if (p->mac_change_at < sw->due[DUE_POLICY + POLICY_SECURITY])
		vsw_due_at(sw, DUE_POLICY + POLICY_SECURITY, p->mac_change_at);
}

static void settled(struct vsw *sw, int64_t now)
{
	int64_t next = VSW_NEVER;

	for (unsigned i = 1; i <= sw->last_port; i++) {
		struct vsw_port *p = sw->port[i];

		if (!p || p->mac_change_at == VSW_NEVER)
			continue;
		if (p->mac_change_at > now) {
			next = p->mac_change_at < next ? p->mac_change_at : next;
			continue;
		}
		p->mac_change_at = VSW_NEVER;
		vsw_tell(sw, VSW_EVENT_MAC_CHANGE, p, p->mac, p->vid,
			 "card changed its address, which its policy rejects");
	}
	vsw_due_at(sw, DUE_POLICY + POLICY_SECURITY, next);
}

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
	.no_state = "a violation is seen again when the card is, and may be told again",
	.port_values = values,
	.init_port = init_port,
	.compile_port = compile,
	.due = settled,
};
