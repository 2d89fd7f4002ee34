/* SPDX-License-Identifier: BSD-2-Clause */
/* What owners tell, done when the switch is not busy. */
#ifndef VSWITCH_PORT_IO_H
#define VSWITCH_PORT_IO_H

#include "core/vsw.h"

void vsw_settle(struct vsw *sw);
void vsw_ports_notify(struct vsw *sw, int64_t now);

#endif
