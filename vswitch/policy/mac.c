/* SPDX-License-Identifier: BSD-2-Clause */
/* Addresses behind a port: learning and its limit, static entries, reserved groups. */
#include "policy/row.h"

static const char *check(const struct vsw_policy *policy)
{
	const struct vsw_mac_policy *m = &policy->mac;

	if (m->n_addresses > VSW_MAX_STATIC)
		return "too many static addresses";
	for (unsigned i = 0; i < m->n_addresses; i++)
		if (m->address[i][0] & 1)
			return "a static address is a group address";
	return NULL;
}

static void compile(struct vsw_port *p)
{
	p->learning = p->policy.mac.learning;
	p->reserved = p->policy.mac.reserved;
}

const struct vsw_policy_row vsw_policy_mac = {
	.name = "mac",
	.check_port = check,
	.compile_port = compile,
};
