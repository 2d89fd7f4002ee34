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

const struct vsw_policy_row vsw_policy_block = {
	.name = "block",
	.compile_port = compile,
};
