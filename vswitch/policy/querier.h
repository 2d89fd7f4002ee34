/* SPDX-License-Identifier: BSD-2-Clause */
/* IGMP and MLD querier of the switch. */
#ifndef VSWITCH_QUERIER_H
#define VSWITCH_QUERIER_H

#include "policy/mcast.h"

bool vsw_mcast_before_own(const struct vsw_mcast *m, const struct mcast_addr *addr, bool v6);
bool vsw_mcast_reflected(const struct vsw *sw, const struct vsw_burst *b, unsigned i);
void vsw_mcast_greet(struct vsw *sw);
int64_t vsw_mcast_ask_pending(struct vsw *sw);
void vsw_mcast_own_restart(struct vsw_mcast *m, bool v6, unsigned startup);
int64_t vsw_mcast_own_run(struct vsw *sw, bool v6);
bool vsw_mcast_own_configure(struct vsw *sw);

#endif
