/* SPDX-License-Identifier: BSD-2-Clause */
/* Virtual Ethernet port aggregator (802.1Qbg): frames between ports go through the uplink. */
#include "policy/row.h"

static void compile(struct vsw *sw)
{
	sw->special = sw->policy.vepa ? sw->special | SW_VEPA : sw->special & ~(uint32_t)SW_VEPA;
}

const struct vsw_policy_row vsw_policy_vepa = {
	.name = "vepa",
	.compile_first = compile,
};
