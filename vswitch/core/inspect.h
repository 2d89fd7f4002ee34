/* SPDX-License-Identifier: BSD-2-Clause */
/* Policies that look at each frame. */
#ifndef VSWITCH_INSPECT_H
#define VSWITCH_INSPECT_H

#include "core/vsw.h"

void vsw_inspect_in(struct vsw_burst *b);
int vsw_inspect_out(struct vsw_port *p, const struct vsw_burst *b, unsigned i);

#endif
