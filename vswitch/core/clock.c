/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The switch's time.
 *
 * DOC: Theory of Operation
 *
 * All that the switch keeps as a time (buckets, deadlines, ages, memberships) is of a clock that
 * goes forward. The host's may not: that of a virtual machine is set back by loadvm, by as much as
 * the snapshot is old, and a shaped port would send nothing until it has caught up. So the switch
 * adds what was lost to the host's time from then on, and takes it off again from the deadlines
 * that it tells the host. A clock that jumps ahead, or stood still for days, is no different from
 * time that has passed: what is due is done once, and buckets are full.
 */
#include "core/due.h"

/**
 * vsw_clock_back() - The host's clock went back
 * @sw:  The switch
 * @now: What it says now, with what is added already; less than at the last look
 *
 * The host's timer was set by the former clock, so it is set anew.
 *
 * Return: the time.
 */
int64_t vsw_clock_back(struct vsw *sw, int64_t now)
{
	sw->clock_add += sw->clock_last - now;
	sw->wished = INT64_MIN; /* no deadline that it could have */
	vsw_due_tell(sw);
	return sw->clock_last;
}
