/* SPDX-License-Identifier: BSD-2-Clause */
/* What a descriptor says about a frame's checksums. */
#ifndef E1000_RX_OFFLOAD_H
#define E1000_RX_OFFLOAD_H

#include "e1000.h"

uint64_t e1000_rx_checksum(struct e1000 *c, const struct pkt *pkt, int delta);

#endif
