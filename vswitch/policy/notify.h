/* SPDX-License-Identifier: BSD-2-Clause */
/* Notify switches of a port's new uplink. */
#ifndef VSWITCH_NOTIFY_H
#define VSWITCH_NOTIFY_H

#include "core/vsw.h"

void vsw_team_notify(struct vsw_port *p);

#endif
