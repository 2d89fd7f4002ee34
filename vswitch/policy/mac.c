/* SPDX-License-Identifier: BSD-2-Clause */
/* Addresses behind a port: learning and its limit, static entries, reserved groups. */
#include "policy/row.h"

static const char *check(const struct vsw_policy *policy)
{
	const struct vsw_mac_policy *m = &policy->mac;

	for (unsigned i = 0; i < m->n_addresses; i++)
		if (m->address[i][0] & 1)
			return "mac.addresses: an address is a group's";
	return NULL;
}

static void compile(struct vsw_port *p)
{
	uint64_t bit = UINT64_C(1) << p->number % 64, *word = &p->sw->flooding[p->number / 64];

	p->learning = p->policy.mac.learning;
	p->reserved = p->policy.mac.reserved;
	*word = p->policy.mac.flooding ? *word | bit : *word & ~bit;
}

/* What is behind an uplink is not counted */
static void init_port(struct vsw_policy *policy, bool uplink)
{
	if (uplink)
		policy->mac.limit = 0;
}

static const struct vsw_value_row values[] = {
	{ "mac", VSW_VALUE_OBJECT, .help = "addresses behind the port" },
	{ "mac.learning", VSW_VALUE_BOOL, PORT_VALUE(mac.learning), .init = true,
	  .help = "learn the addresses of frames from the port" },
	{ "mac.flooding", VSW_VALUE_BOOL, PORT_VALUE(mac.flooding), .init = true,
	  .help = "the port gets frames to unknown addresses" },
	{ "mac.limit", VSW_VALUE_NUMBER, PORT_VALUE(mac.limit), .max = 1000000, .init = 4096,
	  .help = "most addresses learnt; 0: no limit" },
	{ "mac.limit-drop", VSW_VALUE_BOOL, PORT_VALUE(mac.limit_drop), .init = true,
	  .help = "frames of further addresses are dropped, else passed unlearnt" },
	{ "mac.addresses", VSW_VALUE_MACS, PORT_LIST(mac.address, mac.n_addresses),
	  .help = "static entries: addresses behind the port besides its card's "
		  "(not for uplinks)" },
	{ "mac.reserved", VSW_VALUE_BITS, PORT_VALUE(mac.reserved), .max = 15,
	  .help = "last digits (0 to 15) of the addresses 01-80-C2-00-00-0x that pass from this "
		  "port" },
	{ 0 }
};

const struct vsw_policy_row vsw_policy_mac = {
	.name = "mac",
	.no_state = "what is learnt is in the table",
	.port_values = values,
	.init_port = init_port,
	.check_port = check,
	.compile_port = compile,
};
