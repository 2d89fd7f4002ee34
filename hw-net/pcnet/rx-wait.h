/* SPDX-License-Identifier: BSD-2-Clause */
/* Frames that wait at the host for receive descriptors. */
#ifndef PCNET_RX_WAIT_H
#define PCNET_RX_WAIT_H

#include "pcnet.h"

bool pcnet_rx_hold(struct pcnet *p, bool partly);
void pcnet_rx_found(struct pcnet *p);
void pcnet_rx_release(struct pcnet *p);
void pcnet_rx_look(struct pcnet *p, bool timer);

#endif
