/* SPDX-License-Identifier: BSD-2-Clause */
/* Commands that change a switch. */
#ifndef VSWITCH_CONTROL_CHANGE_H
#define VSWITCH_CONTROL_CHANGE_H

#include "control/command.h"

/* vsw_change_commands - ended by a row without name */
extern const struct vsw_command vsw_change_commands[];

#endif
