/* SPDX-License-Identifier: BSD-2-Clause */
/* Descriptor rings. */
#ifndef PCNET_RING_H
#define PCNET_RING_H

#include "pcnet.h"

/** PCNET_MAX_CHAIN - Longest chain of descriptors for one frame; real ones need a few. */
#define PCNET_MAX_CHAIN 512u

/**
 * struct pcnet_ring - A ring, derived from CSRs when it is used
 * @base: Address of descriptor 0
 * @len:  Descriptors, 1 to 65536
 * @pos:  Current one
 */
struct pcnet_ring {
	uint32_t base, len, pos;
};

/* Most descriptors of one frame in this ring */
static inline uint32_t pcnet_chain_max(const struct pcnet_ring *r)
{
	return r->len < PCNET_MAX_CHAIN ? r->len : PCNET_MAX_CHAIN;
}

struct pcnet_ring pcnet_rx_ring(const struct pcnet_state *s);
void pcnet_rings_restart(struct pcnet_state *s);
void pcnet_tx_settle(struct pcnet *p) HWNET_RARE;
struct pcnet_ring pcnet_tx_ring(const struct pcnet_state *s);
void pcnet_rx_advance(struct pcnet_state *s, const struct pcnet_ring *r, uint32_t n);
void pcnet_tx_advance(struct pcnet_state *s, const struct pcnet_ring *r, uint32_t n);
uint32_t pcnet_desc_addr(const struct pcnet_state *s, const struct pcnet_ring *r, uint32_t ahead);
int pcnet_window(struct pcnet *p, const struct pcnet_ring *r, struct pcnet_window *w, uint32_t max);
int pcnet_desc(struct pcnet *p, const struct pcnet_ring *r, const struct pcnet_window *w,
	       uint32_t ahead, uint8_t *raw);
int pcnet_desc_release(struct pcnet *p, const struct pcnet_ring *r, uint32_t ahead,
		       const uint8_t *raw);
int pcnet_window_write(struct pcnet *p, const struct pcnet_ring *r, struct pcnet_window *w,
		       uint32_t n, bool ordered);

#endif
