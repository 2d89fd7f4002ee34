/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * States of switches (vswitch/state.h) on their way to the process that takes over: what was learnt
 * goes ahead while frames flow, all else when the switch stands still.
 */
#ifndef VSWITCHD_HANDOVER_STATE_H
#define VSWITCHD_HANDOVER_STATE_H

#include "vswitch/state.h"

struct dswitch;
struct vsw_early;

/* struct handover_switch - a switch that is given */
struct handover_switch {
	struct dswitch *sw;
	struct vsw_early *early;
	struct vsw_blob blob; /* what was said first, then late */
};

/**
 * vd_state_early() - Say what goes ahead
 * @s:      Zeros but for @sw; @blob is filled
 * @err:    On failure, one line
 * @errlen: Room in @err
 *
 * Return: 0, or -1.
 */
int vd_state_early(struct handover_switch *s, char *err, size_t errlen);

/**
 * vd_state_late() - Say the rest
 * @s:      After vd_state_early(); @blob is filled anew
 * @err:    On failure, one line
 * @errlen: Room in @err
 *
 * The switch stands still, so that it may be looked at from the control thread.
 *
 * Return: 0, or -1.
 */
int vd_state_late(struct handover_switch *s, char *err, size_t errlen);

/**
 * vd_state_fini() - Forget what was said
 * @s: Zeros but for @sw, or anything of the above
 */
void vd_state_fini(struct handover_switch *s);

/**
 * vd_state_load() - Put a part in force
 * @sw:     The switch, with its ports
 * @bytes:  What was said
 * @len:    Bytes
 * @err:    On failure, one line
 * @errlen: Room in @err
 *
 * What the switch has no place for is logged.
 *
 * Return: 0, or -1 and nothing changed.
 */
int vd_state_load(struct dswitch *sw, const uint8_t *bytes, size_t len, char *err, size_t errlen);

#endif
