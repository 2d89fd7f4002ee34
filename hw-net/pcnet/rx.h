/* SPDX-License-Identifier: BSD-2-Clause */
/* Frames in. */
#ifndef PCNET_RX_H
#define PCNET_RX_H

#include "rx-fill.h"

void pcnet_rx_one(struct pcnet *p, struct pcnet_rxframe *f);
unsigned pcnet_rx(struct hwnet_nic *nic, const struct pkt *const *pkts, unsigned n);

#endif
