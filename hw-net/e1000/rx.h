/* SPDX-License-Identifier: BSD-2-Clause */
/* Receiving frames. */
#ifndef E1000_RX_H
#define E1000_RX_H

#include "e1000.h"

unsigned e1000_rx_frames(struct e1000 *c, const struct pkt *const *pkts, unsigned n);
unsigned e1000_rx(struct hwnet_nic *nic, const struct pkt *const *pkts, unsigned n);
hwnet_reg_write e1000_rctl_write;

#endif
