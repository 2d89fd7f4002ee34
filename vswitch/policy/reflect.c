/* SPDX-License-Identifier: BSD-2-Clause */
/* Reflective relay (802.1Qbg): frames may leave where they came in. */
#include "policy/row.h"

static void compile(struct vsw_port *p)
{
	p->reflective = p->policy.reflective;
}

static const struct vsw_value_row values[] = {
	{ "reflective-relay", VSW_VALUE_BOOL, PORT_VALUE(reflective),
	  .help = "frames may leave by the port they came in at (802.1Qbg)" },
	{ 0 }
};

const struct vsw_policy_row vsw_policy_reflect = {
	.name = "reflective relay",
	.no_state = "only what is said",
	.port_values = values,
	.compile_port = compile,
};
