/* SPDX-License-Identifier: BSD-2-Clause */
/* Receive descriptors and their buffers. */
#ifndef PCNET_RX_RING_H
#define PCNET_RX_RING_H

#include "ring.h"
#include "rx-fill.h"

/* enum pcnet_placed - what became of a frame */
enum pcnet_placed { PLACED, NO_ROOM, HELD, BUS_ERROR };

/**
 * struct pcnet_burst - A burst being received
 * @r:      Ring, with the window's first descriptor as the current one
 * @used:   Descriptors of the window that are filled
 * @want:   Descriptors to look at, at most: as many as there are frames
 * @frames: Frames put into memory
 * @partly: A frame found no room although there were some descriptors
 */
struct pcnet_burst {
	struct pcnet_ring r;
	uint32_t used, want;
	unsigned frames;
	bool partly;
};

int pcnet_rx_open(struct pcnet *p, struct pcnet_burst *b);
int pcnet_rx_close(struct pcnet *p, struct pcnet_burst *b);
enum pcnet_placed pcnet_rx_fill(struct pcnet *p, struct pcnet_burst *b, struct pcnet_rxframe *f);

#endif
