// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * A driver for the vmxnet3, as much as the measurement needs: one queue, INTx, the latest revision
 * the card has.
 */
#include "bench.h"
#include "../../vmxnet3/bits.h"

#define RING 256u
#define BUF  2048u
#define BAR1 0x100000u /* behind BAR 0, see place() */
/* Where things are in the card's memory. */
#define SHARED	  0x0000u
#define QDESC	  0x1000u
#define TX_RING	  0x2000u
#define TX_COMP	  0x4000u
#define RX_RING	  0x6000u
#define RX_COMP	  0x8000u
#define PLACES	  0xa000u
#define TSO_HEAD  0xb000u
#define TX_BUF	  0x10000u
#define RX_BUF	  0x100000u
#define TSO_DATA  0x200000u
#define TSO_CHUNK 0x4000u /* the most a descriptor can say, as 0 */

/* The driver's places in its rings; they live in the card's memory. */
struct place {
	uint32_t next, gen;
};
struct places {
	struct place tx, tx_comp, rx, rx_comp;
};

static struct places *places(struct bench_card *c)
{
	return (struct places *)(c->host + PLACES);
}

static uint32_t step(struct place *p)
{
	uint32_t i = p->next;

	if (++p->next == RING) {
		p->next = 0;
		p->gen ^= 1;
	}
	return i;
}

static struct vmx_desc *desc(struct bench_card *c, unsigned off, uint32_t i)
{
	return &((struct vmx_desc *)(c->host + off))[i];
}

static void put_queue(struct bench_card *c, uint8_t *q, unsigned ring, unsigned ring_size_at,
		      unsigned comp, unsigned comp_size_at)
{
	stq_le_p(q + TQ_RING_PA, c->ram + ring);
	stl_le_p(q + ring_size_at, RING);
	stq_le_p(q + TQ_COMP_PA, c->ram + comp); /* RQ_COMP_PA is the same */
	stl_le_p(q + comp_size_at, RING);
}

static void put_shared(struct bench_card *c)
{
	uint8_t *s = c->host + SHARED, *q = c->host + QDESC;

	memset(c->host, 0, TX_BUF);
	stl_le_p(s + DS_MAGIC, VMX_MAGIC);
	stl_le_p(s + 16, 1); /* revisions that the driver supports: stock looks at it */
	stl_le_p(s + 20, 1);
	stq_le_p(s + DS_UPT_FEATURES, UPT_F_RXCSUM | UPT_F_RXVLAN);
	stq_le_p(s + DS_QDESC_PA, c->ram + QDESC);
	stl_le_p(s + DS_QDESC_LEN, 2 * QD_SIZE);
	stl_le_p(s + DS_MTU, 1500);
	s[DS_NUM_TXQ] = s[DS_NUM_RXQ] = 1;
	s[DS_AUTO_MASK] = 1;
	s[DS_NUM_INTRS] = 1;
	stl_le_p(s + DS_RX_MODE, RXM_PROMISC | RXM_UCAST | RXM_BCAST);
	put_queue(c, q, TX_RING, TQ_RING_SIZE, TX_COMP, TQ_COMP_SIZE);
	put_queue(c, q + QD_SIZE, RX_RING, RQ_RING_SIZE, RX_COMP, RQ_COMP_SIZE);
}

static void give(struct bench_card *c)
{
	struct place *p = &places(c)->rx;
	uint32_t gen = p->gen, i = step(p);
	struct vmx_desc *d = desc(c, RX_RING, i);

	d->addr = c->ram + RX_BUF + i * BUF;
	qatomic_store_release(&d->d2, BUF | (gen ? RXD_GEN : 0));
}

static bool up(struct bench_card *c)
{
	struct places *p = places(c);
	uint32_t offered = bench_read32(c, BAR1 + VMX_VRRS);

	put_shared(c);
	p->tx.gen = p->tx_comp.gen = p->rx.gen = p->rx_comp.gen = 1;
	for (unsigned i = 0; i < RING; i++)
		bench_frame(c->host + TX_BUF + i * BUF, BENCH_MTU_FRAME);
	memset(c->host + TSO_DATA, 0x5a, BENCH_TSO_LEN);
	for (unsigned i = 0; i < RING - 1; i++)
		give(c);
	bench_write32(c, BAR1 + VMX_VRRS, 1u << (31 - clz32(offered)));
	bench_write32(c, BAR1 + VMX_UVRS, 1);
	bench_write32(c, BAR1 + VMX_DSAL, c->ram + SHARED);
	bench_write32(c, BAR1 + VMX_DSAH, 0);
	bench_write32(c, BAR1 + VMX_CMD, (uint32_t)VMX_CMD_ACTIVATE);
	if (bench_read32(c, BAR1 + VMX_CMD))
		return false;
	bench_write32(c, BAR1 + VMX_CMD, (uint32_t)VMX_CMD_UPDATE_RX_MODE);
	bench_write32(c, VMX_IMR, 0);
	return true;
}

/* The interrupt handler and poll: look, unmask. */
static void handle(struct bench_card *c)
{
	bench_read32(c, BAR1 + VMX_ICR);
	bench_write32(c, VMX_IMR, 0);
}

/* The completions of @n frames have to be there. */
static bool collect(struct bench_card *c, unsigned ring, struct place *p, unsigned n)
{
	while (n--) {
		uint32_t gen = p->gen;
		const struct vmx_comp *comp = &((struct vmx_comp *)(c->host + ring))[p->next];

		if (!(qatomic_load_acquire(&comp->d[3]) & COMP_GEN) != !gen)
			return false;
		step(p);
	}
	return true;
}

static void put(struct bench_card *c, uint64_t addr, uint32_t d2, uint32_t d3)
{
	struct place *p = &places(c)->tx;
	uint32_t gen = p->gen;
	struct vmx_desc *d = desc(c, TX_RING, step(p));

	d->addr = addr;
	d->d3 = d3;
	qatomic_store_release(&d->d2, d2 | (gen ? TXD_GEN : 0));
}

static void ring_doorbell(struct bench_card *c, unsigned n)
{
	struct places *p = places(c), before = *p;

	bench_write32(c, VMX_TXPROD, p->tx.next);
	handle(c);
	/* a card that works in a bottom half, or whose switch takes no more now */
	for (int64_t end = g_get_monotonic_time() + G_USEC_PER_SEC;
	     !collect(c, TX_COMP, &p->tx_comp, n);) {
		if (g_get_monotonic_time() > end) {
			fprintf(stderr, "bench: frame not sent\n");
			exit(1);
		}
		p->tx_comp = before.tx_comp;
		main_loop_wait(!c->waits);
	}
}

static void tx(struct bench_card *c, unsigned n, unsigned len)
{
	for (unsigned i = 0; i < n; i++)
		put(c, c->ram + TX_BUF + places(c)->tx.next * BUF, len, TXD_EOP | TXD_CQ);
	ring_doorbell(c, n);
}

static void message(struct bench_card *c)
{
	unsigned left = BENCH_TSO_LEN, at = 0;

	bench_tso_head(c->host + TSO_HEAD);
	put(c, c->ram + TSO_HEAD, BENCH_TSO_HEAD | BENCH_TSO_MSS << 18,
	    OM_TSO << 10 | BENCH_TSO_HEAD);
	while (left) {
		unsigned len = MIN(left, TSO_CHUNK);

		left -= len;
		put(c, c->ram + TSO_DATA + at, len % TSO_CHUNK, left ? 0 : TXD_EOP | TXD_CQ);
		at += len;
	}
}

static void tso(struct bench_card *c, unsigned n)
{
	for (unsigned i = 0; i < n; i++)
		message(c);
	ring_doorbell(c, n);
}

static void rx_post(struct bench_card *c, unsigned n)
{
	if (!collect(c, RX_COMP, &places(c)->rx_comp, n)) {
		fprintf(stderr, "bench: frame not received\n");
		exit(1);
	}
	while (n--)
		give(c);
	handle(c);
}

static unsigned rx_take(struct bench_card *c)
{
	unsigned n = 0;

	while (collect(c, RX_COMP, &places(c)->rx_comp, 1)) {
		give(c);
		n++;
	}
	if (n) {
		bench_write32(c, VMX_RXPROD, places(c)->rx.next);
		handle(c);
	}
	return n;
}

const struct bench_driver bench_vmxnet3 = {
	.name = "vmxnet3",
	.vendor = 0x15ad,
	.device = 0x07b0,
	.up = up,
	.tx = tx,
	.tso = tso,
	.rx_post = rx_post,
	.rx_take = rx_take,
	.tso_batch = 8,
};
