/* SPDX-License-Identifier: BSD-2-Clause */
/* Opening ports that were shut. */
#ifndef VSWITCH_OPEN_H
#define VSWITCH_OPEN_H

#include "core/vsw.h"

void vsw_ports_open_due(struct vsw *sw, int64_t now);

#endif
