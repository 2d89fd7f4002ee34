/* SPDX-License-Identifier: BSD-2-Clause */
/* Reflective relay (802.1Qbg): frames may leave where they came in. */
#include "policy/row.h"

static void compile(struct vsw_port *p)
{
	p->reflective = p->policy.reflective;
}

const struct vsw_policy_row vsw_policy_reflect = {
	.name = "reflective relay",
	.compile_port = compile,
};
