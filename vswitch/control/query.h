/* SPDX-License-Identifier: BSD-2-Clause */
/* Commands that ask. */
#ifndef VSWITCH_CONTROL_QUERY_H
#define VSWITCH_CONTROL_QUERY_H

#include "control/command.h"

/* vsw_query_commands - ended by a row without name */
extern const struct vsw_command vsw_query_commands[];

#endif
