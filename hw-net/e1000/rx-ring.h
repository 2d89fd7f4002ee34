/* SPDX-License-Identifier: BSD-2-Clause */
/* The receive ring: fetching ahead, writing back. */
#ifndef E1000_RX_RING_H
#define E1000_RX_RING_H

#include "e1000.h"

/* Buffers of 2048 bytes and less by BSIZE; with BSEX sixteen times as much (13.4.22). As a power of
 * 2. */
static inline unsigned e1000_buf_shift(uint32_t rctl)
{
	unsigned bsize = rctl >> RCTL_BSIZE_SHIFT & 3;

	return 11 - bsize + (rctl & RCTL_BSEX && bsize ? 4 : 0);
}

void e1000_rx_forget(struct e1000 *c);
void e1000_rx_flush(struct e1000 *c);
int e1000_rx_reserve(struct e1000 *c, uint32_t bufs);
hwnet_reg_write e1000_rdt_write, e1000_rx_ring_write;

#endif
