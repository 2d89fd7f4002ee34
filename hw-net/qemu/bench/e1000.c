// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * A driver for the 8254x, as much as the measurement needs. Registers and descriptors: SDM 13.4,
 * 3.2.3, 3.3.
 */
#include "bench.h"

enum {
	CTRL = 0x0000,
	STATUS = 0x0008,
	ICR = 0x00c0,
	IMS = 0x00d0,
	RCTL = 0x0100,
	TCTL = 0x0400,
	RDBAL = 0x2800,
	RDLEN = 0x2808,
	RDH = 0x2810,
	RDT = 0x2818,
	TDBAL = 0x3800,
	TDLEN = 0x3808,
	TDH = 0x3810,
	TDT = 0x3818,
};

#define CTRL_SLU   (1u << 6)
#define STATUS_LU  (1u << 1)
#define RCTL_ON	   (1u << 1 | 1u << 3 | 1u << 4 | 1u << 15) /* EN, UPE, MPE, BAM; 2 KiB buffers */
#define RCTL_SECRC (1u << 26)
#define TCTL_ON	   (1u << 1 | 1u << 3 | 0x10u << 4 | 0x40u << 12) /* EN, PSP, thresholds of Linux */
#define IMS_LINUX  0x9du /* TXDW, LSC, RXSEQ, RXDMT0, RXT0 */

#define RING 256u
#define BUF  2048u
/* Where things are in the card's memory. */
#define TX_RING	  0x0000u
#define RX_RING	  0x1000u
#define TX_BUF	  0x10000u
#define RX_BUF	  0x100000u
#define TSO_HEAD  0x200000u
#define TSO_DATA  0x210000u
#define TSO_CHUNK 4096u /* what Linux gives a descriptor: a page */

struct desc {
	uint64_t addr;
	uint32_t lower, upper;
};

/* SDM 3.3.3, 3.3.6, 3.3.7: commands and types in bits 20-31 */
#define EOP   (1u << 24)
#define IFCS  (1u << 25)
#define TSE   (1u << 26)
#define RS    (1u << 27)
#define DEXT  (1u << 29)
#define DATA  (1u << 20)
#define TCP   (1u << 24) /* of a context */
#define IP    (1u << 25)
#define POPTS (3u << 8)
#define DD    1u

static struct desc *ring(struct bench_card *c, unsigned off)
{
	return (struct desc *)(c->host + off);
}

static bool wait_for_link(struct bench_card *c)
{
	int64_t end = qemu_clock_get_ns(QEMU_CLOCK_REALTIME) + 5 * (int64_t)NANOSECONDS_PER_SECOND;

	bench_write32(c, CTRL, bench_read32(c, CTRL) | CTRL_SLU);
	while (!(bench_read32(c, STATUS) & STATUS_LU)) {
		if (qemu_clock_get_ns(QEMU_CLOCK_REALTIME) > end)
			return false;
		main_loop_wait(false);
	}
	return true;
}

static bool up(struct bench_card *c)
{
	for (unsigned i = 0; i < RING; i++) {
		ring(c, RX_RING)[i] = (struct desc) { c->ram + RX_BUF + i * BUF, 0, 0 };
		bench_frame(c->host + TX_BUF + i * BUF, BENCH_MTU_FRAME);
	}
	bench_tso_head(c->host + TSO_HEAD);
	bench_write32(c, TDBAL, c->ram + TX_RING);
	bench_write32(c, TDLEN, RING * sizeof(struct desc));
	bench_write32(c, TCTL, TCTL_ON);
	bench_write32(c, RDBAL, c->ram + RX_RING);
	bench_write32(c, RDLEN, RING * sizeof(struct desc));
	bench_write32(c, RDT, RING - 1);
	bench_write32(c, RCTL, c->fcs ? RCTL_ON : RCTL_ON | RCTL_SECRC);
	bench_write32(c, IMS, IMS_LINUX);
	return wait_for_link(c);
}

static struct desc *next_tx(struct bench_card *c)
{
	struct desc *d = &ring(c, TX_RING)[c->next_tx];

	c->next_tx = (c->next_tx + 1) % RING;
	return d;
}

/* The last descriptor must be done, or what is measured is not what it seems. */
static void ring_doorbell(struct bench_card *c, struct desc *last)
{
	bench_write32(c, TDT, c->next_tx);
	bench_read32(c, ICR);
	if (!(last->upper & DD) && c->driver) {
		main_loop_wait(true); /* a card that works in a bottom half */
		if (!(last->upper & DD)) {
			fprintf(stderr, "bench: frame not sent\n");
			exit(1);
		}
	}
}

static void tx(struct bench_card *c, unsigned n, unsigned len)
{
	struct desc *d = NULL;

	while (n--) {
		unsigned i = c->next_tx;

		d = next_tx(c);
		*d = (struct desc) { c->ram + TX_BUF + i * BUF, len | EOP | IFCS | RS, 0 };
	}
	ring_doorbell(c, d);
}

static struct desc *message(struct bench_card *c)
{
	struct desc *d = next_tx(c);
	unsigned left = BENCH_TSO_LEN, at = 0;

	/* Context, SDM 3.3.6: IPCSS 14, IPCSO 24, IPCSE 33; TUCSS 34, TUCSO 50, TUCSE 0. */
	*d = (struct desc) { 14u | 24u << 8 | 33u << 16 | (uint64_t)(34u | 50u << 8) << 32,
			     BENCH_TSO_LEN | DEXT | TSE | TCP | IP,
			     BENCH_TSO_HEAD << 8 | BENCH_TSO_MSS << 16 };
	d = next_tx(c);
	*d = (struct desc) { c->ram + TSO_HEAD, BENCH_TSO_HEAD | DEXT | DATA | TSE | IFCS, POPTS };
	while (left) {
		unsigned len = MIN(left, TSO_CHUNK);

		left -= len;
		d = next_tx(c);
		*d = (struct desc) { c->ram + TSO_DATA + at,
				     len | DEXT | DATA | TSE | IFCS | (left ? 0 : EOP | RS),
				     POPTS };
		at += len;
	}
	return d;
}

static void tso(struct bench_card *c, unsigned n)
{
	struct desc *last = NULL;

	while (n--)
		last = message(c);
	ring_doorbell(c, last);
}

static void rx_post(struct bench_card *c, unsigned n)
{
	while (n--) {
		struct desc *d = &ring(c, RX_RING)[c->next_rx];

		if (!(d->upper & DD)) {
			fprintf(stderr, "bench: frame not received\n");
			exit(1);
		}
		d->lower = d->upper = 0;
		c->next_rx = (c->next_rx + 1) % RING;
	}
	bench_write32(c, RDT, (c->next_rx + RING - 1) % RING);
	bench_read32(c, ICR);
}

const struct bench_driver bench_e1000 = {
	.name = "e1000",
	.vendor = 0x8086,
	.device = 0x100e,
	.up = up,
	.tx = tx,
	.tso = tso,
	.rx_post = rx_post,
	.tso_batch = 8,
};
