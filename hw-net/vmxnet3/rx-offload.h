/* SPDX-License-Identifier: BSD-2-Clause */
/* What a receive completion says of a frame's checksums. */
#ifndef VMXNET3_RX_OFFLOAD_H
#define VMXNET3_RX_OFFLOAD_H

#include "vmxnet3.h"

void vmx_rx_describe(struct vmx *v, const struct pkt *pkt, const struct frame *f,
		     struct vmx_rx_info *info);

#endif
