/* SPDX-License-Identifier: BSD-2-Clause */
/* The deadlines of a switch. */
#include "core/due.h"

/**
 * vsw_due_tell() - Tell the host the nearest deadline, unless it knows
 * @sw: The switch
 */
void vsw_due_tell(struct vsw *sw)
{
	int64_t nearest = VSW_NEVER;

	for (unsigned i = 0; i < DUE_COUNT; i++)
		if (sw->due[i] < nearest)
			nearest = sw->due[i];
	if (nearest == sw->wished || sw->in_timer)
		return;
	sw->wished = nearest;
	sw->host->timer(sw->opaque, nearest == VSW_NEVER ? VSW_NEVER : nearest - sw->clock_add);
}

/**
 * vsw_due_at() - Set a deadline; the host hears of it if it is the nearest
 * @sw:    The switch
 * @which: enum vsw_due, or DUE_POLICY and the number of a policy
 * @when:  When; VSW_NEVER: not at all
 */
void vsw_due_at(struct vsw *sw, unsigned which, int64_t when)
{
	sw->due[which] = when;
	vsw_due_tell(sw);
}
