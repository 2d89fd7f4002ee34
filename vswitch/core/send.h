/* SPDX-License-Identifier: BSD-2-Clause */
/* Frames to the owner of a port, or into its queue. */
#ifndef VSWITCH_SEND_H
#define VSWITCH_SEND_H

#include "core/vsw.h"

unsigned vsw_port_send(struct vsw_port *p, const struct pkt *const *pkts, unsigned n);
void vsw_port_pass(struct vsw_port *p, const struct pkt *const *pkts, unsigned n);

#endif
