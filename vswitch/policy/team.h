/* SPDX-License-Identifier: BSD-2-Clause */
/* Teams: which uplink a port's frames leave by. */
#ifndef VSWITCH_TEAM_H
#define VSWITCH_TEAM_H

#include "core/vsw.h"

void vsw_teams_compile(struct vsw *sw);

#endif
