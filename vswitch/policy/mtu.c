/* SPDX-License-Identifier: BSD-2-Clause */
/* The longest frame. */
#include "policy/row.h"

static void compile(struct vsw *sw)
{
	sw->max_len = sw->policy.mtu + FRAME_ETH_LEN;
}

static const struct vsw_value_row values[] = {
	{ "mtu", VSW_VALUE_NUMBER, SWITCH_VALUE(mtu), .min = 68, .max = 65535, .init = 65535,
	  .help = "longest frame without Ethernet header and tags" },
	{ 0 }
};

const struct vsw_policy_row vsw_policy_mtu = {
	.name = "mtu",
	.no_state = "only what is said",
	.switch_values = values,
	.compile_first = compile,
};
