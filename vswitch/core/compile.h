/* SPDX-License-Identifier: BSD-2-Clause */
/* From policies and states to what the data path reads. */
#ifndef VSWITCH_COMPILE_H
#define VSWITCH_COMPILE_H

#include "core/vsw.h"

void vsw_switch_recompile(struct vsw *sw);

#endif
