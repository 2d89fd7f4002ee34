/* SPDX-License-Identifier: BSD-2-Clause */
/* Checksums, segmentation, tag and FCS of a frame to send. */
#ifndef E1000_TX_OFFLOAD_H
#define E1000_TX_OFFLOAD_H

#include "e1000.h"

void e1000_tx_context(uint32_t ctx[2][4], const struct e1000_desc *d);
uint32_t e1000_tx_head_need(const struct e1000 *c, const struct e1000_desc *first,
			    const struct e1000_desc *last);
const char *e1000_tx_offload(struct e1000 *c, struct pkt *pkt, struct iovec *iov,
			     const struct e1000_desc *first, const struct e1000_desc *last);

#endif
