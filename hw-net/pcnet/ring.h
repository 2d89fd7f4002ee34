/* SPDX-License-Identifier: BSD-2-Clause */
/* Descriptor rings of the PCnet; see ring.c. */
#ifndef PCNET_RING_H
#define PCNET_RING_H

#include <stdbool.h>
#include <stdint.h>

struct pcnet;
struct pcnet_state;

/** PCNET_BURST - Most descriptors looked at, and frames handed over, at a time. */
#define PCNET_BURST 32u
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

/**
 * struct pcnet_layout - Where the fields of a descriptor stand, by software style
 * @size:   Bytes of a descriptor
 * @flags:  16-bit word with OWN; the address' bits 23-16 share it when @size is 8
 * @addr:   Buffer address
 * @misc:   RMD2 or TMD2: 32 bits, 16 when @size is 8
 */
struct pcnet_layout {
	uint8_t size, flags, addr, misc;
};

/** PCNET_BCNT - BCNT stands at the same place in all layouts. */
#define PCNET_BCNT 4u
#define PCNET_DESC 16u

/**
 * struct pcnet_window - Descriptors of a ring as copied from guest memory
 * @first: Index of the first
 * @n:     Descriptors that the card owns, all from @first on
 * @raw:   Their bytes
 */
struct pcnet_window {
	uint32_t first, n;
	uint8_t raw[PCNET_BURST * PCNET_DESC];
};

struct pcnet_ring pcnet_rx_ring(const struct pcnet_state *s);
struct pcnet_ring pcnet_tx_ring(const struct pcnet_state *s);
void pcnet_rx_advance(struct pcnet_state *s, const struct pcnet_ring *r, uint32_t n);
void pcnet_tx_advance(struct pcnet_state *s, const struct pcnet_ring *r, uint32_t n);
uint32_t pcnet_desc_addr(const struct pcnet_state *s, const struct pcnet_ring *r, uint32_t ahead);
extern const struct pcnet_layout pcnet_layouts[4];
int pcnet_window(struct pcnet *p, const struct pcnet_ring *r, struct pcnet_window *w, uint32_t max);
int pcnet_desc(struct pcnet *p, const struct pcnet_ring *r, const struct pcnet_window *w,
	       uint32_t ahead, uint8_t *raw);
int pcnet_desc_release(struct pcnet *p, const struct pcnet_ring *r, uint32_t ahead,
		       const uint8_t *raw);
int pcnet_window_write(struct pcnet *p, const struct pcnet_ring *r, struct pcnet_window *w,
		       uint32_t n, bool ordered);

#endif
