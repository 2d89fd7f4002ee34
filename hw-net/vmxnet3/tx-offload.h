/* SPDX-License-Identifier: BSD-2-Clause */
/* Checksums and segmentation of a frame to send. */
#ifndef VMXNET3_TX_OFFLOAD_H
#define VMXNET3_TX_OFFLOAD_H

#include "vmxnet3.h"

const char *vmx_tx_offload(const struct vmx_state *st, struct pkt *pkt, uint8_t *head,
			   const struct vmx_desc *d);

#endif
