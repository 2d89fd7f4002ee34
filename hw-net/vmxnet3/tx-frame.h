/* SPDX-License-Identifier: BSD-2-Clause */
/* One frame from its transmit descriptors. */
#ifndef VMXNET3_TX_FRAME_H
#define VMXNET3_TX_FRAME_H

#include "vmxnet3.h"

/* enum vmx_gather - what became of a frame's descriptors */
enum vmx_gather {
	GATHER_OK,   /* a frame was added to the burst */
	GATHER_DROP, /* the frame is bad and counted */
	GATHER_FULL, /* no room in the burst: send it first */
};

enum vmx_gather vmx_tx_gather(struct vmx *v, unsigned queue, const struct vmx_desc *d, unsigned n);

#endif
