/* SPDX-License-Identifier: BSD-2-Clause */
/* What messages of IGMP, MLD, router discovery and PIM say. */
#ifndef VSWITCH_IGMP_H
#define VSWITCH_IGMP_H

#include "policy/mcast-msg.h"

bool vsw_mcast_message(struct vsw *sw, const struct vsw_burst *b, unsigned i,
		       const struct mcast_msg *msg);
bool vsw_mcast_is_report(const struct mcast_msg *msg);

#endif
