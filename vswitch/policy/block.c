/* SPDX-License-Identifier: BSD-2-Clause */
/* Blocking: nothing passes. */
#include "policy/row.h"

static void compile(struct vsw_port *p)
{
	if (!p->policy.blocked)
		return;
	p->in_special |= IN_BLOCKED;
	p->out_special |= OUT_BLOCKED;
}

static const struct vsw_value_row values[] = {
	{ "blocked", VSW_VALUE_BOOL, PORT_VALUE(blocked), .help = "nothing passes" }, { 0 }
};

const struct vsw_policy_row vsw_policy_block = {
	.name = "block",
	.no_state = "only what is said",
	.port_values = values,
	.compile_port = compile,
};
