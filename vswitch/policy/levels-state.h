/* SPDX-License-Identifier: BSD-2-Clause */
/* What policies remember, as parts of a saved state (core/state.h). */
#ifndef VSWITCH_LEVELS_STATE_H
#define VSWITCH_LEVELS_STATE_H

#include "core/state.h"

/* ageing_step() - Time between two steps of the sweep of the table of addresses */
static inline int64_t ageing_step(const struct vsw *sw)
{
	return (int64_t)sw->policy.ageing * NS_PER_S / (FDB_LIFE * FDB_SWEEP_STEPS);
}

extern const struct vsw_state_part *const vsw_shape_state[], *const vsw_storm_state[];
extern const struct vsw_state_part *const vsw_rules_state[], *const vsw_mirror_state_parts[];
extern const struct vsw_state_part *const vsw_team_state[], *const vsw_team_switch_state[];
extern const struct vsw_state_part *const vsw_beacon_state[], *const vsw_beacon_switch_state[];
extern const struct vsw_state_part *const vsw_nioc_state[], *const vsw_ageing_state[];
extern const struct vsw_state_part *const vsw_queue_state[];
extern const struct vsw_state_part *const vsw_multicast_state[],
	*const vsw_multicast_switch_state[];

#endif
