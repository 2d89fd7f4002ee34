/* SPDX-License-Identifier: BSD-2-Clause */
/* Frames that the switch itself makes. */
#ifndef VSWITCH_EMIT_H
#define VSWITCH_EMIT_H

#include "core/vsw.h"

void vsw_port_emit(struct vsw_port *p, const struct pkt *const *pkts, unsigned n);

#endif
