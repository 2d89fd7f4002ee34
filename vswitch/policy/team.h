/* SPDX-License-Identifier: BSD-2-Clause */
/* Teams: which uplink a port's frames leave by. */
#ifndef VSWITCH_TEAM_H
#define VSWITCH_TEAM_H

#include "core/vsw.h"

/* VMware's load-based teaming looks every 30 s, and moves beyond 75 % */
#define LOAD_PERIOD   (30 * NS_PER_S)
#define NOTIFY_ROUNDS 5 /* times that addresses are announced (notify.c) */

void vsw_teams_compile(struct vsw *sw);
struct vsw_port *vsw_team_uplink(const struct vsw_port *p, uint64_t mac);

#endif
