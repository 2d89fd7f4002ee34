/* SPDX-License-Identifier: BSD-2-Clause */
/* Blocking: nothing passes. */
#include "core/due.h"
#include "policy/row.h"

/* What waited when the port was blocked may go on. */
static void go_on(struct vsw_port *p)
{
	if (p->queue_at < p->sw->due[DUE_QUEUE])
		vsw_due_at(p->sw, DUE_QUEUE, p->queue_at);
}

static void compile(struct vsw_port *p)
{
	if (!p->policy.blocked) {
		go_on(p);
		return;
	}
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
