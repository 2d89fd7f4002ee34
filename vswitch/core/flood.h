/* SPDX-License-Identifier: BSD-2-Clause */
/* Frames that are for many, or for the outside. */
#ifndef VSWITCH_FLOOD_H
#define VSWITCH_FLOOD_H

#include "core/vsw.h"

int vsw_to_uplink(struct vsw *sw, struct vsw_burst *b, unsigned i);
bool vsw_refuses(const struct vsw *sw, const struct vsw_burst *b, unsigned i,
		 const struct vsw_port *p);
bool vsw_to_promiscuous(struct vsw *sw, struct vsw_burst *b, unsigned i);
int vsw_to_unknown(struct vsw *sw, struct vsw_burst *b, unsigned i);
int vsw_to_vepa(struct vsw *sw, struct vsw_burst *b, unsigned i);
int vsw_to_group(struct vsw *sw, struct vsw_burst *b, unsigned i);

#endif
