/* SPDX-License-Identifier: BSD-2-Clause */
/* Frames that wait at the host for receive descriptors. */
#ifndef E1000_RX_WAIT_H
#define E1000_RX_WAIT_H

#include "e1000.h"

void e1000_rx_hold(struct e1000 *c, unsigned left);
void e1000_rx_wake(struct e1000 *c);

#endif
