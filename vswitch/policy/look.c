/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Looking at frames, as a policy that no configuration has: its stages come before all others.
 *
 * Its row is the first, so that a stage on the way in sees a burst as it was admitted, and one on
 * the way out sees a frame before anything is decided for that receiver.
 */
#include "policy/explain.h"
#include "policy/row.h"

static void in(struct vsw_burst *b, int64_t now)
{
	if (b->in->sw->look.dry)
		vsw_explain_in(b->in->sw->look.dry, b);
}

static int out(struct vsw_port *p, const struct vsw_burst *b, unsigned i)
{
	if (p->sw->look.dry)
		vsw_explain_out(p->sw->look.dry, p);
	return -1;
}

const struct vsw_policy_row vsw_policy_look = {
	.name = "look",
	.in = in,
	.out = out,
};
