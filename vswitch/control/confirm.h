/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Configurations that wait for their confirmation.
 *
 * DOC: Theory of Operation
 *
 * A change that would cut off who made it must not stay: with "confirm-timeout" the document before
 * it is kept, and comes back unless the change is confirmed in time. Time is the control's host's:
 * it runs on while the switch's stands still.
 *
 * Meanwhile no other document is taken: it would be kept by the confirmation of the first, or go
 * with it, and whoever sent it knows of neither.
 */
#ifndef VSWITCH_CONTROL_CONFIRM_H
#define VSWITCH_CONTROL_CONFIRM_H

#include <jansson.h>
#include <stddef.h>

#include "vswitch/control.h"

int vsw_confirm_check(const struct vsw_control *ctl, char *err, size_t errlen);
void vsw_confirm_await(struct vsw_control *ctl, json_t *previous, unsigned seconds);
void vsw_confirm_end(struct vsw_control *ctl);

#endif
