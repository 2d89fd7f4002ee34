/* SPDX-License-Identifier: BSD-2-Clause */
/* Frames that wait at the host for receive buffers. */
#ifndef VMXNET3_RX_WAIT_H
#define VMXNET3_RX_WAIT_H

#include "vmxnet3.h"

bool vmx_rx_starve(struct vmx *v, unsigned queue) HWNET_RARE;
bool vmx_rx_may_wait(struct vmx *v) HWNET_RARE;
void vmx_rx_sated(struct vmx *v, unsigned queue) HWNET_RARE;
void vmx_rx_bell(struct vmx *v, unsigned queue, unsigned ring, uint32_t prod);
void vmx_rx_unmasked(struct vmx *v, unsigned vec);
void vmx_rx_poll(struct vmx *v);

#endif
