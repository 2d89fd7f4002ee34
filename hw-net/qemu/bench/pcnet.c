// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * A driver for the PCnet, as much as the measurement needs: word I/O, SWSTYLE 2. 970A data sheet:
 * CSR0-4, BCR20, Initialization Block, Receive and Transmit Descriptors.
 */
#include "bench.h"

enum { RDP = 0x10, RAP = 0x12, BDP = 0x16 };
enum {
	INIT = 1 << 0,
	STRT = 1 << 1,
	TDMD = 1 << 3,
	IENA = 1 << 6,
	IDON = 1 << 8,
	TINT = 1 << 9,
	RINT = 1 << 10
};
enum { OWN = 0x8000, STP_ENP = 0x0300 };

#define LOG_RING 8u
#define RING	 (1u << LOG_RING)
#define BUF	 2048u
/* What Linux gives a receive descriptor. */
#define RX_LEN 1544u
/* Where things are in the card's memory. */
#define TX_RING 0x0000u
#define RX_RING 0x1000u
#define BLOCK	0x2000u
#define TX_BUF	0x10000u
#define RX_BUF	0x100000u

struct desc {
	uint32_t addr;
	uint16_t bcnt, flags;
	uint32_t misc, user;
};

static struct desc *ring(struct bench_card *c, unsigned off)
{
	return (struct desc *)(c->host + off);
}

static void write16(struct bench_card *c, unsigned off, uint16_t val)
{
	address_space_stw_le(&address_space_memory, c->mmio + off, val, MEMTXATTRS_UNSPECIFIED,
			     NULL);
}

static uint16_t read16(struct bench_card *c, unsigned off)
{
	return address_space_lduw_le(&address_space_memory, c->mmio + off, MEMTXATTRS_UNSPECIFIED,
				     NULL);
}

static void csr(struct bench_card *c, unsigned n, uint16_t val)
{
	write16(c, RAP, n);
	write16(c, RDP, val);
}

static void give(struct bench_card *c, unsigned i)
{
	struct desc *d = &ring(c, RX_RING)[i];

	d->addr = c->ram + RX_BUF + i * BUF;
	d->bcnt = (uint16_t)-RX_LEN;
	d->misc = 0;
	d->flags = OWN;
}

static bool up(struct bench_card *c)
{
	uint8_t *block = c->host + BLOCK;

	for (unsigned i = 0; i < RING; i++) {
		give(c, i);
		bench_frame(c->host + TX_BUF + i * BUF, BENCH_MTU_FRAME);
	}
	stw_le_p(block, 0x8000); /* promiscuous */
	stw_le_p(block + 2, LOG_RING << 4 | LOG_RING << 12);
	memset(block + 4, 0, 16);
	stl_le_p(block + 0x14, c->ram + RX_RING);
	stl_le_p(block + 0x18, c->ram + TX_RING);
	write16(c, RAP, 20);
	write16(c, BDP, 2);
	csr(c, 1, c->ram + BLOCK);
	csr(c, 2, (c->ram + BLOCK) >> 16);
	csr(c, 4, 0x0915); /* as Linux: padding on, causes that nobody wants masked */
	csr(c, 0, INIT);
	if (!(read16(c, RDP) & IDON))
		return false;
	write16(c, RDP, IDON | STRT | IENA);
	return true;
}

/* The interrupt handler: look, acknowledge. RAP stays on CSR0. */
static void handle(struct bench_card *c)
{
	uint16_t cause = read16(c, RDP);

	write16(c, RDP, (cause & (TINT | RINT)) | IENA);
}

static void tx(struct bench_card *c, unsigned n, unsigned len)
{
	struct desc *d = NULL;

	while (n--) {
		unsigned i = c->next_tx;

		d = &ring(c, TX_RING)[i];
		*d = (struct desc) { c->ram + TX_BUF + i * BUF, -len, 0, 0, 0 };
		d->flags = OWN | STP_ENP;
		c->next_tx = (i + 1) % RING;
	}
	write16(c, RDP, TDMD | IENA);
	handle(c);
	if (d->flags & OWN) {
		main_loop_wait(true); /* a card that works in a bottom half */
		if (d->flags & OWN) {
			fprintf(stderr, "bench: frame not sent\n");
			exit(1);
		}
	}
}

static void rx_post(struct bench_card *c, unsigned n)
{
	while (n--) {
		if (ring(c, RX_RING)[c->next_rx].flags & OWN) {
			fprintf(stderr, "bench: frame not received\n");
			exit(1);
		}
		give(c, c->next_rx);
		c->next_rx = (c->next_rx + 1) % RING;
	}
	handle(c);
}

const struct bench_driver bench_pcnet = {
	.name = "pcnet",
	.vendor = 0x1022,
	.device = 0x2000,
	.up = up,
	.tx = tx,
	.rx_post = rx_post,
};
