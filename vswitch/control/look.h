/* SPDX-License-Identifier: BSD-2-Clause */
/* Commands that look at single frames. */
#ifndef VSWITCH_CONTROL_LOOK_H
#define VSWITCH_CONTROL_LOOK_H

#include "control/command.h"

struct vsw_control;

/* vsw_look_commands - ended by a row without name */
extern const struct vsw_command vsw_look_commands[];

void vsw_look_begin(struct vsw_control *ctl);
void vsw_look_end(struct vsw_control *ctl);

#endif
