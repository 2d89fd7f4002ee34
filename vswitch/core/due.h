/* SPDX-License-Identifier: BSD-2-Clause */
/* The deadlines of a switch. */
#ifndef VSWITCH_DUE_H
#define VSWITCH_DUE_H

#include "core/vsw.h"

void vsw_due_at(struct vsw *sw, unsigned which, int64_t when);
void vsw_due_tell(struct vsw *sw);

#endif
