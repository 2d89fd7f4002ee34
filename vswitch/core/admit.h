/* SPDX-License-Identifier: BSD-2-Clause */
/* What is asked of each frame that comes in. */
#ifndef VSWITCH_ADMIT_H
#define VSWITCH_ADMIT_H

#include "core/vsw.h"

int vsw_admit(struct vsw *sw, struct vsw_burst *b, unsigned i, uint64_t dst, uint64_t tail);

#endif
