/* SPDX-License-Identifier: BSD-2-Clause */
/* IGMP and MLD querier of the switch. */
#ifndef VSWITCH_QUERIER_H
#define VSWITCH_QUERIER_H

#include "core/vsw.h"

void vsw_mcast_query(struct vsw *sw, int64_t now);

#endif
