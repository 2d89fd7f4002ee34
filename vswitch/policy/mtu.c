/* SPDX-License-Identifier: BSD-2-Clause */
/* The longest frame. */
#include "policy/row.h"

static const char *check(const struct vsw_switch_policy *sp)
{
	return sp->mtu < 68 || sp->mtu > 65535 ? "MTU out of range (68 to 65535)" : NULL;
}

static void compile(struct vsw *sw)
{
	sw->max_len = sw->policy.mtu + 14;
}

const struct vsw_policy_row vsw_policy_mtu = {
	.name = "mtu",
	.check_switch = check,
	.compile_first = compile,
};
