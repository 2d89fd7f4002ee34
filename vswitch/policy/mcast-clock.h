/* SPDX-License-Identifier: BSD-2-Clause */
/* The clock of snooping. */
#ifndef VSWITCH_MCAST_CLOCK_H
#define VSWITCH_MCAST_CLOCK_H

#include "policy/mcast.h"

void vsw_mcast_time(struct vsw *sw);
void vsw_mcast_soon(struct vsw *sw);
void vsw_mcast_run(struct vsw *sw);
void vsw_mcast_compile(struct vsw *sw);
void vsw_mcast_compile_for(struct vsw_port *p);
void vsw_mcast_gone(struct vsw_port *p);

#endif
