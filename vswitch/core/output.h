/* SPDX-License-Identifier: BSD-2-Clause */
/* Frames to their receivers. */
#ifndef VSWITCH_OUTPUT_H
#define VSWITCH_OUTPUT_H

#include "core/vsw.h"

void vsw_output(struct vsw *sw, struct vsw_burst *b);

#endif
