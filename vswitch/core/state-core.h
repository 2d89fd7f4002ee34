/* SPDX-License-Identifier: BSD-2-Clause */
/* Core's parts of a state. */
#ifndef VSWITCH_STATE_CORE_H
#define VSWITCH_STATE_CORE_H

#include "core/state.h"

extern const struct vsw_state_part vsw_state_card, vsw_state_addresses, vsw_state_vlans_used,
	vsw_state_shut, vsw_state_learnt, vsw_state_counters;
extern const struct vsw_state_part vsw_state_identity, vsw_state_gone, vsw_state_generations,
	vsw_state_table, vsw_state_heard, vsw_state_told;

#endif
