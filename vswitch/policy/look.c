/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Looking at frames, as a policy that no configuration has: its stages come before all others.
 *
 * Its row is the first, so that a stage on the way in sees a burst as it was admitted, and one on
 * the way out sees a frame before anything is decided for that receiver.
 */
#include "core/tap.h"
#include "policy/explain.h"
#include "policy/row.h"

static void in(struct vsw_burst *b, int64_t now)
{
	if (b->in->sw->look.dry) {
		vsw_explain_in(b->in->sw->look.dry, b);
		return;
	}
	for (unsigned i = 0; i < b->n; i++)
		if (b->kind[i] != KIND_DROPPED) /* else it was copied as such */
			vsw_tap_put(b->in, b->pkt[i], VSW_TAP_IN, 0, now);
}

static int out(struct vsw_port *p, const struct vsw_burst *b, unsigned i)
{
	if (p->sw->look.dry)
		vsw_explain_out(p->sw->look.dry, p);
	return -1;
}

/**
 * vsw_look_arrange() - Frames of a port come by here, if somebody wants to see them
 * @p: The port
 */
void vsw_look_arrange(struct vsw_port *p)
{
	p->in_rows &= ~(UINT64_C(1) << POLICY_LOOK);
	if (!p->in_rows)
		p->in_special &= ~(uint32_t)IN_ROWS;
	p->out_special &= ~(uint32_t)OUT_LOOK;
	if (!vsw_tap_wants(p))
		return;
	policy_in(p, POLICY_LOOK);
	p->out_special |= OUT_LOOK;
}

const struct vsw_policy_row vsw_policy_look = {
	.name = "look",
	.no_state = "who looks is no part of the switch, and asks anew",
	.compile_port = vsw_look_arrange,
	.in = in,
	.out = out,
};
