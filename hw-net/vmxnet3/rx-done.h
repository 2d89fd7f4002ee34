/* SPDX-License-Identifier: BSD-2-Clause */
/* Receive completions. */
#ifndef VMXNET3_RX_DONE_H
#define VMXNET3_RX_DONE_H

#include "vmxnet3.h"

void vmx_rx_complete(struct vmx *v, unsigned queue, const struct vmx_rx_plan *p, uint32_t len,
		     const struct vmx_rx_info *info);
void vmx_rx_flush(struct vmx *v, unsigned queue);

#endif
