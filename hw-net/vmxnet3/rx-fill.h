/* SPDX-License-Identifier: BSD-2-Clause */
/* A frame's bytes into the guest's buffers. */
#ifndef VMXNET3_RX_FILL_H
#define VMXNET3_RX_FILL_H

#include "vmxnet3.h"

int vmx_put_short(struct vmx *v, const struct pkt *pkt, uint64_t addr) HWNET_RARE;
int vmx_put_pieces(struct vmx *v, const struct pkt *pkt, const struct vmx_rx_plan *p);

/* Write a frame of @pkt->len bytes into planned buffers: 0, or -1 if one is not memory. */
static inline int vmx_put_frame(struct vmx *v, const struct pkt *pkt, const struct vmx_rx_plan *p)
{
	if (pkt->len < FRAME_MIN_LEN)
		return vmx_put_short(v, pkt, p->buf[0].addr);
	if (pkt->iovcnt > 1 || p->n > 1)
		return vmx_put_pieces(v, pkt, p);
	return hwnet_dma_write(&v->nic, p->buf[0].addr, pkt->iov[0].iov_base, pkt->len);
}

#endif
