/* SPDX-License-Identifier: BSD-2-Clause */
/* A received frame's bytes, on their way to a buffer; buffers of either direction. */
#ifndef PCNET_RX_FILL_H
#define PCNET_RX_FILL_H

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

static inline uint32_t pcnet_rx_total(const struct pcnet_rxframe *f)
{
	return f->align + f->body + f->tail;
}

void pcnet_rx_measure(const struct pcnet_state *s, struct pcnet_rxframe *f);
const uint8_t *pcnet_flatten(struct pcnet *p, const struct pcnet_rxframe *f);
int pcnet_place(struct pcnet *p, const struct pcnet_rxframe *f, uint32_t addr);
int pcnet_buf_read(struct pcnet *p, uint32_t addr, uint8_t *buf, uint32_t len);
int pcnet_buf_write(struct pcnet *p, uint32_t addr, const uint8_t *buf, uint32_t len);

#endif
