/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Commands that hand copies of frames to another process.
 *
 * DOC: Theory of Operation
 *
 * The answer of capture-start carries a memory file with the slots of a tap (vswitch/look.h). It is
 * sealed: its size stays, and nobody but the switch can write to it. So no frame waits for whoever
 * reads, and no system call is made for one. A capture ends CAPTURE_SECONDS after it was started or
 * renewed last: a reader that was killed leaves nothing behind.
 */
#ifndef VSWITCH_CONTROL_CAPTURE_H
#define VSWITCH_CONTROL_CAPTURE_H

#include "control/command.h"

#define CAPTURE_SECONDS 10

struct vsw_control;

/* vsw_capture_commands - ended by a row without name */
extern const struct vsw_command vsw_capture_commands[];

void vsw_captures_expire(struct vsw_control *ctl, int64_t now);
void vsw_captures_end(struct vsw_control *ctl);

#endif
