/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * A small PCnet driver for device suites, written from the data sheets (Am79C970A 19436, Am79C973
 * 21510): every software style, both I/O widths, I/O and memory BAR. It knows nothing of the model
 * it tests.
 */
#ifndef QTEST_PCNET_RIG_H
#define QTEST_PCNET_RIG_H

#include "rig.h"

enum {
	INIT = 1 << 0,
	STRT = 1 << 1,
	STOP = 1 << 2,
	TDMD = 1 << 3,
	TXON = 1 << 4,
	RXON = 1 << 5,
	IENA = 1 << 6
};
enum { INTR = 1 << 7, IDON = 1 << 8, TINT = 1 << 9, RINT = 1 << 10, MISS = 1 << 12 };
/* Flags of a descriptor: bits 31-16 of its second double word. */
enum { OWN = 0x8000, ERR = 0x4000, STP = 0x0200, ENP = 0x0100, PAM = 0x0040, BAM = 0x0010 };

/**
 * struct pcnet_ring - A ring
 * @desc: @buf: Where descriptors and buffers are
 * @n:    Descriptors
 * @size: Bytes of a buffer
 * @next: Driver's index
 */
struct pcnet_ring {
	uint64_t desc, buf;
	unsigned n, size, next;
};

/**
 * struct pcnet_rig - A card with its rings
 * @r:     The machine
 * @style: SWSTYLE
 * @bar:   0: I/O, 1: memory
 * @dwio:  Double words
 * @rx: @tx: rings
 */
struct pcnet_rig {
	struct rig r;
	unsigned style, bar;
	bool dwio;
	struct pcnet_ring rx, tx;
};

extern const uint8_t pcnet_mac[6], pcnet_peer[6];

/* A QEMU with one card: device is "vc-pcnet,..."; not yet set up. */
void pcnet_rig_open(struct pcnet_rig *p, const char *device, const char *more);
void pcnet_rig_stop(struct pcnet_rig *p);

/* Go over to double words. */
void pcnet_dwio(struct pcnet_rig *p);
uint16_t csr(struct pcnet_rig *p, unsigned n);
void set_csr(struct pcnet_rig *p, unsigned n, uint16_t val);
uint16_t bcr(struct pcnet_rig *p, unsigned n);
void set_bcr(struct pcnet_rig *p, unsigned n, uint16_t val);

/*
 * Rings, init block with this MODE, INIT, STRT; interrupts on if @irq. Receive descriptors are
 * given to the card.
 */
void pcnet_setup(struct pcnet_rig *p, unsigned style, unsigned n_rx, unsigned n_tx,
		 unsigned rx_size, uint16_t mode, bool irq);
/* The same without asking whether it came to pass. */
void pcnet_program(struct pcnet_rig *p, unsigned style, unsigned n_rx, unsigned n_tx,
		   unsigned rx_size, uint16_t mode, bool irq);
/* All at once: 16 descriptors each, buffers of 2 KiB, style 2, words in I/O space. */
void pcnet_rig_start(struct pcnet_rig *p, const char *device, const char *more);

uint16_t pcnet_flags(struct pcnet_rig *p, const struct pcnet_ring *ring, unsigned i);
uint16_t pcnet_mcnt(struct pcnet_rig *p, unsigned i);
void pcnet_give(struct pcnet_rig *p, unsigned i);

/* Queue a frame cut into @n pieces; ring the bell with pcnet_bell(). */
void pcnet_queue(struct pcnet_rig *p, const void *frame, const unsigned *pieces, unsigned n);
void pcnet_bell(struct pcnet_rig *p);
/* Queue it without asking whether the descriptors are the driver's. */
void pcnet_put(struct pcnet_rig *p, const void *frame, const unsigned *pieces, unsigned n);
void pcnet_send(struct pcnet_rig *p, const void *frame, unsigned len);
/* Is the next receive descriptor done? Asks again for a while. */
bool pcnet_arrived(struct pcnet_rig *p);
/* Take the next frame; returns MCNT. The test fails if none comes. */
unsigned pcnet_recv(struct pcnet_rig *p, void *frame);

#endif
