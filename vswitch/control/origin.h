/* SPDX-License-Identifier: BSD-2-Clause */
/* The policy of a port in force, and where each value is from. */
#ifndef VSWITCH_CONTROL_ORIGIN_H
#define VSWITCH_CONTROL_ORIGIN_H

#include "control/command.h"

json_t *vsw_query_port_policy(struct vsw_call *call);

#endif
