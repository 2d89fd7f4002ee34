/* SPDX-License-Identifier: BSD-2-Clause */
/* From transmit descriptors to a frame. */
#ifndef PCNET_TX_FRAME_H
#define PCNET_TX_FRAME_H

#include "ring.h"

bool pcnet_makes_fcs(const struct pcnet_state *s, const struct pcnet_slot *slot);
int pcnet_tx_frame(struct pcnet *p, const struct pcnet_ring *r, uint32_t at,
		   struct pcnet_slot *slot);

#endif
