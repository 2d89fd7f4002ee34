/* SPDX-License-Identifier: BSD-2-Clause */
/* What the switch knows of the cards at its ports. */
#ifndef VSWITCH_ADDRS_H
#define VSWITCH_ADDRS_H

#include "core/vsw.h"

void vsw_addrs_apply(struct vsw_port *p);
void vsw_addrs_take(struct vsw_port *p);
void vsw_addrs_withdraw(struct vsw_port *p);
void vsw_promiscuous_rebuild(struct vsw *sw);

#endif
