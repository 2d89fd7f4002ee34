/* SPDX-License-Identifier: BSD-2-Clause */
/* Policies that look at each frame, in their order. Only for ports that have one. */
#include "core/inspect.h"

#include "policy/row.h"
#include "policy/stages.h"

static void rows_in(struct vsw_burst *b, int64_t now)
{
	for (uint64_t rows = b->in->in_rows; rows; rows &= rows - 1)
		vsw_policies[__builtin_ctzll(rows)]->in(b, now);
}

/* The port was shut: nothing that is left of the burst passes */
static void shut(struct vsw_burst *b)
{
	for (unsigned i = 0; i < b->n; i++)
		if (b->kind[i] != KIND_DROPPED)
			vsw_drop_frame(b, i, b->in->shut_why);
}

/**
 * vsw_inspect_in() - Put a burst under its port's policies
 * @b: The burst, admitted; what does not pass is dropped
 */
void vsw_inspect_in(struct vsw_burst *b)
{
	uint32_t special = b->in->in_special;
	int64_t now = vsw_now(b->in->sw);

	if (special & IN_ROWS)
		rows_in(b, now);
	if (b->in->in_special & IN_SHUT) /* maybe just now */
		shut(b);
	if (special & IN_STORM)
		vsw_storm_in(b, now);
	if (special & IN_RULES)
		vsw_rules_in(b, now);
	if (special & IN_MIRROR)
		vsw_mirror_in(b);
}

/**
 * vsw_inspect_out() - Put a frame under the policies of a port that have a stage in their row
 * @p: The port, OUT_ROWS
 * @b: The frame's burst
 * @i: Its place there
 *
 * Return: -1, or why it is dropped.
 */
int vsw_inspect_out(struct vsw_port *p, const struct vsw_burst *b, unsigned i)
{
	int why = -1;

	for (uint64_t rows = p->out_rows; rows && why < 0; rows &= rows - 1)
		why = vsw_policies[__builtin_ctzll(rows)]->out(p, b, i);
	return why;
}
