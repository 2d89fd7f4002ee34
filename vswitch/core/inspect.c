/* SPDX-License-Identifier: BSD-2-Clause */
/* Policies on the way in that look at each frame, in their order. Only for ports that have one. */
#include "core/inspect.h"

#include "policy/stages.h"

/**
 * vsw_inspect_in() - Put a burst under its port's policies
 * @b: The burst, admitted; what does not pass is dropped
 */
void vsw_inspect_in(struct vsw_burst *b)
{
	uint32_t special = b->in->in_special;
	int64_t now = vsw_now(b->in->sw);

	if (special & IN_STORM)
		vsw_storm_in(b, now);
	if (special & IN_RULES)
		vsw_rules_in(b, now);
	if (special & IN_MIRROR)
		vsw_mirror_in(b);
}
