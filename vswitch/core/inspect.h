/* SPDX-License-Identifier: BSD-2-Clause */
/* Policies on the way in that look at each frame. */
#ifndef VSWITCH_INSPECT_H
#define VSWITCH_INSPECT_H

#include "core/vsw.h"

void vsw_inspect_in(struct vsw_burst *b);

#endif
