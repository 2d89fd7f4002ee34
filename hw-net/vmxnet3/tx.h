/* SPDX-License-Identifier: BSD-2-Clause */
/* Transmit queues. */
#ifndef VMXNET3_TX_H
#define VMXNET3_TX_H

#include "vmxnet3.h"

bool vmx_run(struct hwnet_nic *nic, unsigned budget);
void vmx_tx_kick(struct vmx *v, unsigned queue);
void vmx_tx_ready(struct hwnet_nic *nic);

#endif
