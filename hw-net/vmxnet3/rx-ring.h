/* SPDX-License-Identifier: BSD-2-Clause */
/* Receive buffers: which ones a frame will use. */
#ifndef VMXNET3_RX_RING_H
#define VMXNET3_RX_RING_H

#include "vmxnet3.h"

/* enum vmx_plan - can a frame be placed? */
enum vmx_plan { PLAN_OK, PLAN_STARVED, PLAN_TOO_LONG, PLAN_BROKEN };

void vmx_rx_forget(struct vmx *v);
enum vmx_plan vmx_rx_plan(struct vmx *v, unsigned queue, uint32_t len, struct vmx_rx_plan *p);
void vmx_rx_take(struct vmx_rxq *q, const struct vmx_rx_plan *p);
bool vmx_rx_room(struct vmx *v, unsigned queue, const struct pkt *pkt);

#endif
