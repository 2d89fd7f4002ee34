/* SPDX-License-Identifier: BSD-2-Clause */
/* Frames for many at a switch of many ports: how much of them is done at a time. */
#ifndef VSWITCH_CORE_SHARE_H
#define VSWITCH_CORE_SHARE_H

#include "core/vsw.h"

void vsw_share_wide(struct vsw *sw);
unsigned vsw_share_pass(struct vsw_port *p, const struct pkt *const *pkts, unsigned n);
void vsw_share_wait(struct vsw_port *p);
void vsw_share_out(struct vsw *sw);
void vsw_share_forget(struct vsw_port *p);

#endif
