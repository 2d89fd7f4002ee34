/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * A driver for the PCnet, for unit tests: any software style, either I/O width, rings of any
 * length.
 *
 * It keeps to the rules of the data sheet unless a test bends its descriptors.
 */
#ifndef HW_NET_TEST_PCNET_DRIVER_H
#define HW_NET_TEST_PCNET_DRIVER_H

#include "fake-host.h"
#include "pcnet/bits.h"

/* enum pc_chip - values of the model property */
enum pc_chip { PC_970A, PC_973 };

/**
 * struct pc_ring - A ring in guest memory
 * @desc:  Address of descriptor 0
 * @bufs:  Address of its buffer; those of the others follow
 * @n:     Descriptors
 * @size:  Bytes of a buffer
 * @next:  Where the driver goes on
 */
struct pc_ring {
	uint64_t desc, bufs;
	unsigned n, size, next;
};

/**
 * struct pc_driver - The driver
 * @h:     Host
 * @style: SWSTYLE
 * @dwio:  Double-word I/O
 * @bar:   BAR that it uses
 * @mode:  CSR15 for the init block
 * @ladrf: Logical address filter for it
 * @block: Where the init block is
 * @rx: @tx: rings
 */
struct pc_driver {
	struct fake_host *h;
	unsigned style, bar;
	bool dwio;
	uint16_t mode;
	uint64_t ladrf;
	uint64_t block;
	struct pc_ring rx, tx;
};

extern const uint8_t pc_mac[6];

/* Make a host with a card of the given chip, coalesce=1 unless said otherwise. */
void pc_open(struct fake_host *h, enum pc_chip chip);
void pc_open_coalesce(struct fake_host *h, enum pc_chip chip, unsigned frames, unsigned us);

/* Registers. */
void pc_switch_dwio(struct pc_driver *d);
uint16_t pc_csr(struct pc_driver *d, unsigned n);
void pc_set_csr(struct pc_driver *d, unsigned n, uint16_t v);
uint16_t pc_bcr(struct pc_driver *d, unsigned n);
void pc_set_bcr(struct pc_driver *d, unsigned n, uint16_t v);
void pc_soft_reset(struct pc_driver *d);
uint16_t pc_mii(struct pc_driver *d, unsigned reg);
void pc_set_mii(struct pc_driver *d, unsigned reg, uint16_t v);

/* Allocate rings: numbers of descriptors are powers of two up to 512 (128 with style 0). */
void pc_rings(struct pc_driver *d, struct fake_host *h, unsigned style, unsigned n_rx,
	      unsigned n_tx, unsigned rx_size);
/* Write the init block and give it to the card; IDON must come at once. */
void pc_init(struct pc_driver *d);
/* pc_init(), then start with interrupts enabled. */
void pc_start(struct pc_driver *d);
/* All at once: 2048-byte buffers. */
void pc_up(struct pc_driver *d, struct fake_host *h, unsigned style, unsigned n_rx, unsigned n_tx);

/* Fields of descriptors. */
uint64_t pc_desc(const struct pc_driver *d, const struct pc_ring *r, unsigned i);
uint16_t pc_flags(struct pc_driver *d, const struct pc_ring *r, unsigned i);
void pc_set_flags(struct pc_driver *d, const struct pc_ring *r, unsigned i, uint16_t flags);
uint16_t pc_mcnt(struct pc_driver *d, unsigned i);
uint16_t pc_counts(struct pc_driver *d, unsigned i);
uint16_t pc_error(struct pc_driver *d, unsigned i);
void pc_set_buffer(struct pc_driver *d, const struct pc_ring *r, unsigned i, uint64_t addr,
		   unsigned len);
uint64_t pc_buf(const struct pc_ring *r, unsigned i);

/* Give all receive descriptors, or one, to the card. */
void pc_refill(struct pc_driver *d);
void pc_give(struct pc_driver *d, unsigned i);

/* Fill the next transmit descriptors with a frame in pieces of the given lengths, first one's OWN
 * last. */
unsigned pc_queue(struct pc_driver *d, const void *frame, const unsigned *pieces, unsigned n,
		  uint16_t flags);
/* Queue a frame in one piece and ring. */
unsigned pc_send(struct pc_driver *d, const void *frame, unsigned len);
void pc_ring_tdmd(struct pc_driver *d);

/* Take the next received frame: its length (MCNT), bytes gathered over its descriptors; 0: none. */
unsigned pc_recv(struct pc_driver *d, void *buf, unsigned room, uint16_t *flags);

/* A test frame: to @dst from 02:..., type 0x88b5, bytes counting up from @fill. */
void pc_frame(uint8_t *buf, const uint8_t *dst, unsigned len, uint8_t fill);

#endif
