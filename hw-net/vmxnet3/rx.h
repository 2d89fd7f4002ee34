/* SPDX-License-Identifier: BSD-2-Clause */
/* Receive: a burst of frames into queues. */
#ifndef VMXNET3_RX_H
#define VMXNET3_RX_H

#include "vmxnet3.h"

uint32_t vmx_rx_caps(const struct hwnet_nic *nic);
unsigned vmx_rx(struct hwnet_nic *nic, const struct pkt *const *pkts, unsigned n);

#endif
