/* SPDX-License-Identifier: BSD-2-Clause */
/* The list of a burst's receivers. */
#ifndef VSWITCH_RECEIVERS_H
#define VSWITCH_RECEIVERS_H

#include "core/vsw.h"

/* vsw_list() - Put a frame on the list of a receiver. Whether it is the receiver's first can't be
 * predicted, so there is no branch. */
static inline void vsw_list(struct vsw *sw, struct vsw_port *p, unsigned i)
{
	unsigned listed = p->listed;

	sw->used_port[sw->used] = p->number;
	sw->used += listed == 0;
	p->list[listed] = (uint8_t)i;
	p->listed = (uint8_t)(listed + 1);
}

#endif
