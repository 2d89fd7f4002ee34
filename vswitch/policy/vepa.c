/* SPDX-License-Identifier: BSD-2-Clause */
/* Virtual Ethernet port aggregator (802.1Qbg): frames between ports go through the uplink. */
#include "policy/row.h"

static void compile(struct vsw *sw)
{
	sw->special = sw->policy.vepa ? sw->special | SW_VEPA : sw->special & ~(uint32_t)SW_VEPA;
}

static const struct vsw_value_row values[] = {
	{ "vepa", VSW_VALUE_BOOL, SWITCH_VALUE(vepa),
	  .help = "frames between ports go through the uplink and come back (802.1Qbg)" },
	{ 0 }
};

const struct vsw_policy_row vsw_policy_vepa = {
	.name = "vepa",
	.no_state = "only what is said",
	.switch_values = values,
	.compile_first = compile,
};
