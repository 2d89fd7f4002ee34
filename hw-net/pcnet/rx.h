/* SPDX-License-Identifier: BSD-2-Clause */
/* Frames on their way into the receive ring: what those who bring them there know of each other. */
#ifndef PCNET_RX_H
#define PCNET_RX_H

#include "pcnet.h"

/**
 * struct pcnet_rxframe - A frame for the receive ring
 * @pkt:     The bytes; a checksum may still be to be completed
 * @match:   R_PAM, R_LAFM, R_BAM: what let it in
 * @fcs_own: @fcs came with the frame (loopback); else it is computed
 * @bad:     FCS and bytes do not fit
 * @fcs:     Value, as frame_crc32()
 * @wire:    Length without FCS, padding included
 * @body:    Bytes of it that go to memory
 * @tail:    Bytes of FCS that go to memory behind them: 4, or 0 when stripped
 * @align:   Bytes that are skipped at the beginning of the buffer (CSR122)
 */
struct pcnet_rxframe {
	const struct pkt *pkt;
	uint16_t match;
	bool fcs_own, bad;
	uint32_t fcs, wire, body;
	uint8_t tail, align;
};

/* rx.c */
void pcnet_rx_one(struct pcnet *p, struct pcnet_rxframe *f);

/* rx-ring.c */
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

/* rx-fill.c */
void pcnet_rx_measure(const struct pcnet_state *s, struct pcnet_rxframe *f);
int pcnet_place(struct pcnet *p, const struct pcnet_rxframe *f, uint32_t addr);
const uint8_t *pcnet_flatten(struct pcnet *p, const struct pcnet_rxframe *f);

static inline uint32_t pcnet_rx_total(const struct pcnet_rxframe *f)
{
	return f->align + f->body + f->tail;
}

/* rx-wait.c */
bool pcnet_rx_hold(struct pcnet *p, bool partly);
void pcnet_rx_found(struct pcnet *p);

#endif
