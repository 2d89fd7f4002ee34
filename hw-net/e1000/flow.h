/* SPDX-License-Identifier: BSD-2-Clause */
/* IEEE 802.3x flow control. */
#ifndef E1000_FLOW_H
#define E1000_FLOW_H

#include "e1000.h"

bool e1000_flow_rx(struct e1000 *c, const struct pkt *pkt);
void e1000_flow_full(struct e1000 *c);
void e1000_flow_room(struct e1000 *c);
void e1000_flow_now(struct e1000 *c);
void e1000_flow_send(struct e1000 *c);

#endif
