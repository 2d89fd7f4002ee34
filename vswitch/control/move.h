/* SPDX-License-Identifier: BSD-2-Clause */
/* Commands that hand the state of a port out, and take it. */
#ifndef VSWITCH_CONTROL_MOVE_H
#define VSWITCH_CONTROL_MOVE_H

#include "control/command.h"

json_t *vsw_move_export(struct vsw_call *call);
json_t *vsw_move_import(struct vsw_call *call);

#endif
