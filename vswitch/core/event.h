/* SPDX-License-Identifier: BSD-2-Clause */
/* Telling what happened. */
#ifndef VSWITCH_EVENT_H
#define VSWITCH_EVENT_H

#include "core/vsw.h"

void vsw_tell(struct vsw *sw, enum vsw_event_kind kind, struct vsw_port *port, uint64_t mac,
	      uint16_t vlan, const char *fmt, ...) __attribute__((format(printf, 6, 7)));

#endif
