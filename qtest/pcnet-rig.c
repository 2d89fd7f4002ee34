/* SPDX-License-Identifier: GPL-2.0-or-later */
/* A small PCnet driver for device suites; see pcnet-rig.h. */
#include "pcnet-rig.h"

const uint8_t pcnet_mac[6] = { 0x52, 0x54, 0x00, 0x12, 0x34, 0x56 };
const uint8_t pcnet_peer[6] = { 0x52, 0x54, 0x00, 0x00, 0x00, 0x02 };

#define PATIENCE 2000

void pcnet_rig_open(struct pcnet_rig *p, const char *device, const char *more)
{
	memset(p, 0, sizeof(*p));
	rig_start(&p->r, device, more);
	rig_map(&p->r, 0);
	rig_map(&p->r, 1);
}

void pcnet_rig_stop(struct pcnet_rig *p)
{
	rig_stop(&p->r);
}

static uint32_t in(struct pcnet_rig *p, unsigned wio, unsigned dwio)
{
	if (p->dwio)
		return qpci_io_readl(p->r.dev, p->r.bar[p->bar], dwio);
	return qpci_io_readw(p->r.dev, p->r.bar[p->bar], wio);
}

static void out(struct pcnet_rig *p, unsigned wio, unsigned dwio, uint32_t val)
{
	if (p->dwio)
		qpci_io_writel(p->r.dev, p->r.bar[p->bar], dwio, val);
	else
		qpci_io_writew(p->r.dev, p->r.bar[p->bar], wio, val);
}

void pcnet_dwio(struct pcnet_rig *p)
{
	p->dwio = true;
	out(p, 0, 0x10, 0);
}

uint16_t csr(struct pcnet_rig *p, unsigned n)
{
	out(p, 0x12, 0x14, n);
	return in(p, 0x10, 0x10);
}

void set_csr(struct pcnet_rig *p, unsigned n, uint16_t val)
{
	out(p, 0x12, 0x14, n);
	out(p, 0x10, 0x10, val);
}

uint16_t bcr(struct pcnet_rig *p, unsigned n)
{
	out(p, 0x12, 0x14, n);
	return in(p, 0x16, 0x1c);
}

void set_bcr(struct pcnet_rig *p, unsigned n, uint16_t val)
{
	out(p, 0x12, 0x14, n);
	out(p, 0x16, 0x1c, val);
}

static unsigned desc_size(const struct pcnet_rig *p)
{
	return p->style ? 16 : 8;
}

static uint64_t desc(struct pcnet_rig *p, const struct pcnet_ring *ring, unsigned i)
{
	return ring->desc + (i % ring->n) * desc_size(p);
}

static uint64_t buffer(const struct pcnet_ring *ring, unsigned i)
{
	return ring->buf + (uint64_t)(i % ring->n) * ring->size;
}

/* Everything of a descriptor but its flags. */
static void put_desc(struct pcnet_rig *p, const struct pcnet_ring *ring, unsigned i, unsigned len)
{
	uint64_t at = desc(p, ring, i), addr = buffer(ring, i);

	qtest_writew(p->r.qts, at + 4, (0x10000 - len) | 0xf000);
	if (p->style == 0) {
		qtest_writew(p->r.qts, at, addr);
		qtest_writeb(p->r.qts, at + 2, addr >> 16);
	} else {
		qtest_writel(p->r.qts, at + (p->style == 3 ? 8 : 0), addr);
	}
}

static void put_flags(struct pcnet_rig *p, const struct pcnet_ring *ring, unsigned i,
		      uint16_t flags)
{
	qtest_writeb(p->r.qts, desc(p, ring, i) + (p->style ? 7 : 3), flags >> 8);
}

uint16_t pcnet_flags(struct pcnet_rig *p, const struct pcnet_ring *ring, unsigned i)
{
	uint16_t val = qtest_readw(p->r.qts, desc(p, ring, i) + (p->style ? 6 : 2));

	return p->style ? val : val & 0xff00;
}

uint16_t pcnet_mcnt(struct pcnet_rig *p, unsigned i)
{
	static const uint8_t off[] = { 6, 8, 8, 0 };

	return qtest_readw(p->r.qts, desc(p, &p->rx, i) + off[p->style]) & 0xfff;
}

void pcnet_give(struct pcnet_rig *p, unsigned i)
{
	put_desc(p, &p->rx, i, p->rx.size);
	put_flags(p, &p->rx, i, OWN);
}

static void make_ring(struct pcnet_rig *p, struct pcnet_ring *ring, unsigned n, unsigned size)
{
	ring->n = n;
	ring->size = size;
	ring->next = 0;
	ring->desc = guest_alloc(&p->r.alloc, MAX(n * desc_size(p), 16));
	ring->buf = guest_alloc(&p->r.alloc, n * size);
	qtest_memset(p->r.qts, ring->desc, 0, n * desc_size(p));
}

/* 970A, Initialization Block, in its two forms. */
static void write_block(struct pcnet_rig *p, uint64_t at, uint16_t mode)
{
	uint8_t b[28] = { 0 };
	unsigned rlen = __builtin_ctz(p->rx.n), tlen = __builtin_ctz(p->tx.n);

	stw_le_p(b, mode);
	if (p->style) {
		stw_le_p(b + 2, rlen << 4 | tlen << 12);
		memcpy(b + 4, pcnet_mac, 6);
		stl_le_p(b + 0x14, p->rx.desc);
		stl_le_p(b + 0x18, p->tx.desc);
	} else {
		memcpy(b + 2, pcnet_mac, 6);
		stl_le_p(b + 0x10, p->rx.desc | rlen << 29);
		stl_le_p(b + 0x14, p->tx.desc | tlen << 29);
	}
	qtest_memwrite(p->r.qts, at, b, sizeof(b));
}

void pcnet_program(struct pcnet_rig *p, unsigned style, unsigned n_rx, unsigned n_tx,
		   unsigned rx_size, uint16_t mode, bool irq)
{
	uint64_t block = guest_alloc(&p->r.alloc, 64);

	p->style = style;
	set_csr(p, 0, STOP);
	set_bcr(p, 20, style);
	make_ring(p, &p->rx, n_rx, rx_size);
	make_ring(p, &p->tx, n_tx, 2048);
	for (unsigned i = 0; i < n_rx; i++)
		pcnet_give(p, i);
	write_block(p, block, mode);
	set_csr(p, 1, block);
	set_csr(p, 2, block >> 16);
	set_csr(p, 0, INIT);
	set_csr(p, 0, IDON | STRT | (irq ? IENA : 0));
}

void pcnet_setup(struct pcnet_rig *p, unsigned style, unsigned n_rx, unsigned n_tx,
		 unsigned rx_size, uint16_t mode, bool irq)
{
	pcnet_program(p, style, n_rx, n_tx, rx_size, mode, irq);
	g_assert_cmphex(csr(p, 0) & (TXON | RXON), ==, TXON | RXON);
}

void pcnet_rig_start(struct pcnet_rig *p, const char *device, const char *more)
{
	pcnet_rig_open(p, device, more);
	pcnet_setup(p, 2, 16, 16, 2048, 0, true);
}

void pcnet_queue(struct pcnet_rig *p, const void *frame, const unsigned *pieces, unsigned n)
{
	for (unsigned i = 0; i < n; i++)
		g_assert_cmphex(pcnet_flags(p, &p->tx, p->tx.next + i) & OWN, ==, 0);
	pcnet_put(p, frame, pieces, n);
}

void pcnet_put(struct pcnet_rig *p, const void *frame, const unsigned *pieces, unsigned n)
{
	struct pcnet_ring *ring = &p->tx;
	const uint8_t *bytes = frame;
	unsigned first = ring->next;

	for (unsigned i = 0; i < n; i++) {
		unsigned at = first + i;

		qtest_memwrite(p->r.qts, buffer(ring, at), bytes, pieces[i]);
		put_desc(p, ring, at, pieces[i]);
		put_flags(p, ring, at, (i ? OWN : STP) | (i == n - 1 ? ENP : 0));
		bytes += pieces[i];
	}
	put_flags(p, ring, first, pcnet_flags(p, ring, first) | OWN);
	ring->next = (first + n) % ring->n;
}

void pcnet_bell(struct pcnet_rig *p)
{
	set_csr(p, 0, TDMD | IENA);
}

void pcnet_send(struct pcnet_rig *p, const void *frame, unsigned len)
{
	pcnet_queue(p, frame, &len, 1);
	pcnet_bell(p);
}

bool pcnet_arrived(struct pcnet_rig *p)
{
	for (unsigned turn = 0; turn < PATIENCE; turn++) {
		if (!(pcnet_flags(p, &p->rx, p->rx.next) & OWN))
			return true;
		wire_turn(p->r.qts);
	}
	return false;
}

unsigned pcnet_recv(struct pcnet_rig *p, void *frame)
{
	struct pcnet_ring *ring = &p->rx;
	unsigned done = 0, len;
	uint16_t flags;

	for (;;) {
		g_assert_true(pcnet_arrived(p));
		flags = pcnet_flags(p, ring, ring->next);
		g_assert_cmphex(flags & (OWN | ERR), ==, 0);
		g_assert_cmphex(flags & STP, ==, done ? 0 : STP);
		len = flags & ENP ? pcnet_mcnt(p, ring->next) : done + ring->size;
		qtest_memread(p->r.qts, buffer(ring, ring->next), (uint8_t *)frame + done,
			      len - done);
		done = len;
		pcnet_give(p, ring->next);
		ring->next = (ring->next + 1) % ring->n;
		if (flags & ENP)
			return len;
	}
}
