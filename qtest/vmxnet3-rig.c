/* SPDX-License-Identifier: GPL-2.0-or-later */
/* A small vmxnet3 driver for device suites; see vmxnet3-rig.h. */
#include "vmxnet3-rig.h"

const uint8_t vmx_mac[6] = { 0x00, 0x50, 0x56, 0x12, 0x34, 0x56 };
const uint8_t vmx_peer[6] = { 0x52, 0x54, 0x00, 0x00, 0x00, 0x02 };

void vmx_defaults(struct vmx_rig *v)
{
	struct rig r = v->r;

	*v = (struct vmx_rig) { .r = r,
				.rev = 9,
				.queues = 1,
				.ring_size = 32,
				.head_len = 2048,
				.mtu = 1500,
				.features = F_RXCSUM,
				.rx_mode = RXM_UCAST | RXM_BCAST };
}

uint32_t vmx_cmd(struct vmx_rig *v, uint32_t cmd)
{
	rig_write(&v->r, 1, CMD, cmd);
	return rig_read(&v->r, 1, CMD);
}

void vmx_imr(struct vmx_rig *v, unsigned vec, bool masked)
{
	rig_write(&v->r, 0, IMR + 8 * vec, masked);
}

static uint64_t room(struct vmx_rig *v, size_t size)
{
	return guest_alloc(&v->r.alloc, size);
}

static void alloc_queue(struct vmx_rig *v, struct vmx_queue *q)
{
	uint32_t n = v->ring_size;

	q->tx = (struct vmx_ring) { .pa = room(v, n * 16), .size = n };
	q->txc = (struct vmx_ring) { .pa = room(v, n * 16), .size = n };
	q->rxc = (struct vmx_ring) { .pa = room(v, 2 * n * 16), .size = 2 * n };
	q->tx_buf = room(v, n * VMX_BUF);
	q->data = room(v, n * 2048);
	for (unsigned i = 0; i < 2; i++) {
		q->rx[i] = (struct vmx_ring) { .pa = room(v, n * 16), .size = n };
		q->rx_buf[i] = room(v, n * VMX_BUF);
	}
}

void vmx_open(struct vmx_rig *v)
{
	rig_map(&v->r, 0);
	rig_map(&v->r, 1);
	vmx_allocate(v);
}

void vmx_allocate(struct vmx_rig *v)
{
	rig_write(&v->r, 1, VRRS, 1u << (v->rev - 1));
	v->shared = room(v, SH_SIZE);
	v->qdesc = room(v, 2 * VMX_QUEUES * QD);
	v->irq_mem = room(v, 4096);
	for (unsigned i = 0; i < v->queues; i++)
		alloc_queue(v, &v->q[i]);
}

/* A descriptor in memory, at once: the device never sees a part of it. */
static void put_desc(struct vmx_rig *v, uint64_t at, uint64_t addr, uint32_t d2, uint32_t d3)
{
	struct {
		uint64_t addr;
		uint32_t d2, d3;
	} desc = { cpu_to_le64(addr), cpu_to_le32(d2), cpu_to_le32(d3) };

	qtest_memwrite(v->r.qts, at, &desc, sizeof(desc));
}

/* The next receive descriptor of a ring, for the device. */
static void fill(struct vmx_rig *v, struct vmx_queue *q, unsigned ring)
{
	struct vmx_ring *r = &q->rx[ring];
	bool body = ring || (v->bodies && r->next % (v->bodies + 1));
	uint32_t d2 = body ? VMX_BUF | RXD_BODY : v->head_len;

	put_desc(v, r->pa + 16 * r->next, q->rx_buf[ring] + r->next * VMX_BUF,
		 d2 | (r->gen ? RXD_GEN : 0), 0);
	if (++r->next == r->size) {
		r->next = 0;
		r->gen = !r->gen;
	}
}

static void clean(struct vmx_rig *v, struct vmx_ring *r)
{
	qtest_memset(v->r.qts, r->pa, 0, r->size * 16);
	r->next = r->done = 0;
	r->gen = true;
}

static void prepare_tx(struct vmx_rig *v, unsigned i)
{
	struct vmx_queue *q = &v->q[i];
	uint64_t qd = vmx_txq(v, i);

	clean(v, &q->tx);
	clean(v, &q->txc);
	put64(v, qd + TQ_RING, q->tx.pa);
	put64(v, qd + TQ_COMP, q->txc.pa);
	put32(v, qd + TQ_SIZE, q->tx.size);
	put32(v, qd + TQ_COMP_N, q->txc.size);
	put8(v, qd + TQ_INTR, i);
}

static void prepare_rx(struct vmx_rig *v, unsigned i)
{
	struct vmx_queue *q = &v->q[i];
	uint64_t qd = vmx_rxq(v, i);

	clean(v, &q->rxc);
	for (unsigned r = 0; r < 2; r++) {
		clean(v, &q->rx[r]);
		put64(v, qd + RQ_RING + 8 * r, q->rx[r].pa);
		put32(v, qd + RQ_SIZE + 4 * r, q->rx[r].size);
		for (unsigned n = 1; n < q->rx[r].size; n++)
			fill(v, q, r);
	}
	put64(v, qd + RQ_COMP, q->rxc.pa);
	put32(v, qd + RQ_COMP_N, q->rxc.size);
	put8(v, qd + RQ_INTR, v->queues + i);
	put64(v, qd + RQ_DATA, v->data_len ? q->data : 0);
	put16(v, qd + RQ_DATA_LEN, v->data_len);
}

/* Vectors: transmit queues, receive queues, events. */
void vmx_prepare(struct vmx_rig *v)
{
	qtest_memset(v->r.qts, v->shared, 0, SH_SIZE);
	qtest_memset(v->r.qts, v->qdesc, 0, 2 * VMX_QUEUES * QD);
	qtest_memset(v->r.qts, v->irq_mem, 0, 4096);
	put32(v, v->shared + SH_MAGIC, SHARED_MAGIC);
	put32(v, v->shared + SH_FEATURES, v->features);
	put64(v, v->shared + SH_QDESC, v->qdesc);
	put32(v, v->shared + SH_QDESC_LEN, 2 * v->queues * QD);
	put32(v, v->shared + SH_MTU, v->mtu);
	put8(v, v->shared + SH_NUM_TXQ, v->queues);
	put8(v, v->shared + SH_NUM_RXQ, v->queues);
	put8(v, v->shared + SH_AUTO_MASK, v->auto_mask);
	put8(v, v->shared + SH_NUM_INTRS, 2 * v->queues + 1);
	put8(v, v->shared + SH_EVENT_INTR, 2 * v->queues);
	put32(v, v->shared + SH_RX_MODE, v->rx_mode);
	for (unsigned i = 0; i < v->queues; i++) {
		prepare_tx(v, i);
		prepare_rx(v, i);
	}
}

uint32_t vmx_activate(struct vmx_rig *v)
{
	rig_write(&v->r, 1, DSAH, v->shared >> 32);
	rig_write(&v->r, 1, DSAL, (uint32_t)v->shared);
	return vmx_cmd(v, CMD_ACTIVATE);
}

void vmx_attach(struct vmx_rig *v)
{
	vmx_open(v);
	vmx_prepare(v);
	g_assert_cmphex(vmx_activate(v), ==, 0);
}

void vmx_start(struct vmx_rig *v, const char *device, const char *more)
{
	rig_start(&v->r, device, more);
	vmx_attach(v);
}

void vmx_start_default(struct vmx_rig *v)
{
	vmx_defaults(v);
	vmx_start(v, VMX_DEV, "");
}

void vmx_stop(struct vmx_rig *v)
{
	rig_stop(&v->r);
}

void vmx_txd(struct vmx_rig *v, unsigned q, uint64_t addr, uint32_t d2, uint32_t d3)
{
	struct vmx_ring *r = &v->q[q].tx;

	put_desc(v, r->pa + 16 * r->next, addr, d2 | (r->gen ? TXD_GEN : 0), d3);
	if (++r->next == r->size) {
		r->next = 0;
		r->gen = !r->gen;
	}
}

void vmx_queue(struct vmx_rig *v, unsigned q, const uint8_t *data, uint32_t len, uint32_t piece,
	       uint32_t d2, uint32_t d3)
{
	for (uint32_t at = 0; at < len; at += piece) {
		uint64_t buf = v->q[q].tx_buf + v->q[q].tx.next * VMX_BUF;
		uint32_t n = len - at < piece ? len - at : piece;

		g_assert_cmpuint(n, <=, VMX_BUF);
		qtest_memwrite(v->r.qts, buf, data + at, n);
		vmx_txd(v, q, buf, n | (at ? 0 : d2),
			(at ? 0 : d3) | (at + n == len ? TXD_EOP | TXD_CQ : 0));
	}
}

void vmx_bell(struct vmx_rig *v, unsigned q)
{
	rig_write(&v->r, 0, TXPROD + 8 * q, v->q[q].tx.next);
}

void vmx_tx(struct vmx_rig *v, unsigned q, const uint8_t *data, uint32_t len)
{
	vmx_queue(v, q, data, len, VMX_BUF, 0, 0);
	vmx_bell(v, q);
}

/* Is the next completion there? */
static bool fresh(struct vmx_rig *v, const struct vmx_ring *r)
{
	return !(get32(v, r->pa + 16 * r->next + 12) & COMP_GEN) == !r->gen;
}

static void step(struct vmx_ring *r)
{
	if (++r->next == r->size) {
		r->next = 0;
		r->gen = !r->gen;
	}
}

unsigned vmx_tx_done(struct vmx_rig *v, unsigned q)
{
	struct vmx_ring *c = &v->q[q].txc, *r = &v->q[q].tx;
	unsigned n = 0;

	for (; fresh(v, c); n++) {
		r->done = get32(v, c->pa + 16 * c->next) & 0xfff;
		g_assert_cmphex(get32(v, r->pa + 16 * r->done + 12) & TXD_EOP, ==, TXD_EOP);
		step(c);
	}
	if (n) /* the last names what the driver queued last */
		g_assert_cmpuint((r->done + 1) % r->size, ==, r->next);
	return n;
}

bool vmx_rx_idle(struct vmx_rig *v, unsigned q)
{
	return !fresh(v, &v->q[q].rxc);
}

static void wait_comp(struct vmx_rig *v, unsigned q, uint32_t comp[4])
{
	struct vmx_ring *c = &v->q[q].rxc;

	for (unsigned turn = 0; !fresh(v, c); turn++)
		g_assert_cmpuint(turn, <, WIRE_PATIENCE);
	for (unsigned i = 0; i < 4; i++)
		comp[i] = get32(v, c->pa + 16 * c->next + 4 * i);
	step(c);
}

/* Where the bytes of a completion are; the ring has moved on behind them. */
static uint64_t buffer_of(struct vmx_rig *v, unsigned q, const uint32_t comp[4])
{
	struct vmx_queue *queue = &v->q[q];
	uint32_t idx = RCD_IDX(comp[0]), rqid = RCD_RQID(comp[0]);
	unsigned ring = rqid / v->queues;

	g_assert_cmpuint(rqid % v->queues, ==, q);
	g_assert_cmpuint(ring, <=, 2);
	g_assert_cmpuint(idx, <, v->ring_size);
	queue->rx[ring % 2].done = (idx + 1) % v->ring_size; /* the data ring goes with ring 0 */
	return ring == 2 ? queue->data + idx * v->data_len : queue->rx_buf[ring] + idx * VMX_BUF;
}

void vmx_rx(struct vmx_rig *v, unsigned q, struct vmx_frame *f)
{
	uint32_t comp[4];

	f->len = f->n = 0;
	do {
		uint32_t n;

		wait_comp(v, q, comp);
		n = RCD_LEN(comp[2]);
		g_assert_cmpuint(f->len + n, <=, sizeof(f->data));
		g_assert_cmphex(comp[0] & RCD_SOP, ==, f->n ? 0 : RCD_SOP);
		qtest_memread(v->r.qts, buffer_of(v, q, comp), f->data + f->len, n);
		if (!f->n++)
			memcpy(f->first, comp, sizeof(comp));
		f->len += n;
	} while (!(comp[0] & RCD_EOP));
	memcpy(f->last, comp, sizeof(comp));
}

void vmx_refill(struct vmx_rig *v, unsigned q)
{
	struct vmx_queue *queue = &v->q[q];

	for (unsigned r = 0; r < 2; r++)
		while ((queue->rx[r].next + 1) % v->ring_size != queue->rx[r].done)
			fill(v, queue, r);
	if (qtest_readb(v->r.qts, vmx_rxq(v, q) + RQ_UPDATE))
		rig_write(&v->r, 0, RXPROD + 8 * q, queue->rx[0].next);
}

void vmx_exchange(struct vmx_rig *v, uint32_t seq)
{
	static struct vmx_frame got;
	uint8_t out[100], in[RIG_MAX_FRAME];

	rig_frame(out, vmx_peer, vmx_mac, sizeof(out), seq);
	vmx_tx(v, 0, out, sizeof(out));
	g_assert_cmpuint(rig_recv(&v->r, in), ==, sizeof(out));
	g_assert_cmpmem(in, sizeof(out), out, sizeof(out));
	g_assert_cmpuint(vmx_tx_done(v, 0), ==, 1);
	rig_frame(out, vmx_mac, vmx_peer, sizeof(out), seq);
	rig_send(&v->r, out, sizeof(out));
	vmx_rx(v, 0, &got);
	g_assert_cmpmem(got.data, got.len, out, sizeof(out));
	vmx_refill(v, 0);
}

uint64_t vmx_stat(struct vmx_rig *v, uint64_t qd, unsigned i)
{
	vmx_cmd(v, CMD_GET_STATS);
	return qtest_readq(v->r.qts, qd + QD_STATS + 8 * i);
}

void vmx_msix(struct vmx_rig *v)
{
	QPCIDevice *dev = v->r.dev;

	qpci_msix_enable(dev);
	for (unsigned i = 0; i < qpci_msix_table_size(dev); i++) {
		uint64_t at = dev->msix_table_off + 16 * i;

		qpci_io_writel(dev, dev->msix_table_bar, at, (uint32_t)(v->irq_mem + 4 * i));
		qpci_io_writel(dev, dev->msix_table_bar, at + 4, v->irq_mem >> 32);
		qpci_io_writel(dev, dev->msix_table_bar, at + 8, i + 1);
		qpci_io_writel(dev, dev->msix_table_bar, at + 12, 0);
	}
}

bool vmx_fired(struct vmx_rig *v, unsigned vec)
{
	uint32_t val = get32(v, v->irq_mem + 4 * vec);

	g_assert_true(!val || val == vec + 1);
	put32(v, v->irq_mem + 4 * vec, 0);
	return val;
}
