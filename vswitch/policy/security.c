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

const struct vsw_policy_row vsw_policy_security = {
	.name = "security",
	.compile_port = compile,
};
