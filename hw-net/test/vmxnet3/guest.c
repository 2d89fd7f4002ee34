/* SPDX-License-Identifier: BSD-2-Clause */
/* A vmxnet3 driver for tests; see guest.h. */
#include "guest.h"

/* Also for programs that are no Check test. */
#define must(x)                                                         \
	do {                                                            \
		if (!(x))                                               \
			fake_fail("%s:%d: %s", __FILE__, __LINE__, #x); \
	} while (0)

void guest_open_cfg(struct guest *g, struct fake_host *h, struct hwnet_config *cfg, unsigned rev,
		    unsigned queues)
{
	const char *why;

	memset(g, 0, sizeof(*g));
	g->h = h;
	g->rev = rev;
	g->queues = queues;
	g->tx_size = 64;
	g->rx_size = g->rx2_size = 64;
	g->head_len = 2048;
	g->data_len = rev >= 3 ? 128 : 0;
	g->mtu = 1500;
	g->auto_mask = true;
	g->rx_mode = RXM_UCAST | RXM_BCAST;
	g->features = UPT_F_RXCSUM | UPT_F_RXVLAN;
	memcpy(cfg->mac, "\x52\x54\x00\x12\x34\x56", 6);
	why = fake_open_cfg(h, hwnet_find_model("vmxnet3"), cfg);
	if (why)
		fake_fail("%s", why);
	fake_write(h, 1, VMX_VRRS, 1u << (rev - 1), 4);
	fake_write(h, 1, VMX_UVRS, 1, 4);
}

void guest_open(struct guest *g, struct fake_host *h, unsigned rev, unsigned queues)
{
	struct hwnet_config cfg;

	hwnet_config_init(hwnet_find_model("vmxnet3"), &cfg);
	guest_open_cfg(g, h, &cfg, rev, queues);
}

static struct guest_ring ring(struct guest *g, uint32_t size)
{
	return (struct guest_ring) { size ? fake_alloc(g->h, size * 16, VMX_RING_ALIGN) : 0, size,
				     0, 0, 1 };
}

static void conf_ring(struct guest *g, uint64_t pa_at, uint64_t size_at, const struct guest_ring *r)
{
	fake_put64(g->h, pa_at, r->pa);
	fake_put32(g->h, size_at, r->size);
}

static void prepare_queue(struct guest *g, unsigned q)
{
	uint64_t t = guest_txq_pa(g, q), r = guest_rxq_pa(g, q);
	uint32_t comps = g->rx_size + g->rx2_size;

	g->tx[q] = ring(g, g->tx_size);
	g->txc[q] = ring(g, g->tx_size);
	g->rx[q][0] = ring(g, g->rx_size);
	g->rx[q][1] = ring(g, g->rx2_size);
	g->rxc[q] = ring(g, comps);
	g->tx_buf[q] = fake_alloc(g->h, g->tx_size * 4096, 4096);
	g->rx_buf[q][0] = fake_alloc(g->h, g->rx_size * 4096, 4096);
	g->rx_buf[q][1] = g->rx2_size ? fake_alloc(g->h, g->rx2_size * 4096, 4096) : 0;
	g->data[q] = g->data_len ? fake_alloc(g->h, g->rx_size * g->data_len, 512) : 0;
	conf_ring(g, t + TQ_RING_PA, t + TQ_RING_SIZE, &g->tx[q]);
	conf_ring(g, t + TQ_COMP_PA, t + TQ_COMP_SIZE, &g->txc[q]);
	conf_ring(g, r + RQ_RING_PA, r + RQ_RING_SIZE, &g->rx[q][0]);
	conf_ring(g, r + RQ_RING_PA + 8, r + RQ_RING_SIZE + 4, &g->rx[q][1]);
	conf_ring(g, r + RQ_COMP_PA, r + RQ_COMP_SIZE, &g->rxc[q]);
	fake_put64(g->h, r + RQ_DATA_PA, g->data[q]);
	fake_put16(g->h, r + RQ_DATA_DESC_SIZE, (uint16_t)g->data_len);
	fake_put8(g->h, t + TQ_INTR, (uint8_t)q);
	fake_put8(g->h, r + RQ_INTR, (uint8_t)q);
	guest_refill(g, q);
}

void guest_prepare(struct guest *g)
{
	struct fake_host *h = g->h;

	g->shared = fake_alloc(h, DS_SIZE, 8);
	g->qdesc = fake_alloc(h, 2 * g->queues * QD_SIZE, VMX_QDESC_ALIGN);
	g->rss = fake_alloc(h, RSS_CONF_SIZE, 8);
	g->coal = fake_alloc(h, COAL_SIZE, 8);
	fake_put32(h, g->shared + DS_MAGIC, VMX_MAGIC);
	fake_put64(h, g->shared + DS_UPT_FEATURES, g->features);
	fake_put64(h, g->shared + DS_QDESC_PA, g->qdesc);
	fake_put32(h, g->shared + DS_QDESC_LEN, 2 * g->queues * QD_SIZE);
	fake_put32(h, g->shared + DS_MTU, g->mtu);
	fake_put16(h, g->shared + DS_MAX_RX_SG, (uint16_t)g->max_sg);
	fake_put8(h, g->shared + DS_NUM_TXQ, (uint8_t)g->queues);
	fake_put8(h, g->shared + DS_NUM_RXQ, (uint8_t)g->queues);
	fake_put8(h, g->shared + DS_AUTO_MASK, g->auto_mask);
	fake_put8(h, g->shared + DS_NUM_INTRS, (uint8_t)(g->queues + 1));
	fake_put8(h, g->shared + DS_EVENT_INTR, (uint8_t)g->queues);
	fake_put32(h, g->shared + DS_RX_MODE, g->rx_mode);
	fake_put32(h, g->shared + DS_VF_TABLE, 1);
	for (unsigned q = 0; q < g->queues; q++)
		prepare_queue(g, q);
}

uint32_t guest_activate(struct guest *g)
{
	fake_write(g->h, 1, VMX_DSAL, (uint32_t)g->shared, 4);
	fake_write(g->h, 1, VMX_DSAH, g->shared >> 32, 4);
	return guest_cmd(g, (uint32_t)VMX_CMD_ACTIVATE);
}

void guest_start(struct guest *g, struct fake_host *h, unsigned rev, unsigned queues)
{
	guest_open(g, h, rev, queues);
	guest_prepare(g);
	must(guest_activate(g) == 0);
	for (unsigned i = 0; i <= queues; i++)
		guest_imr(g, i, false);
}

static void clean(struct guest *g, struct guest_ring *r)
{
	if (r->size)
		fake_fill(g->h, r->pa, 0, r->size * 16);
	r->next = r->done = 0;
	r->gen = 1;
}

void guest_clean(struct guest *g)
{
	for (unsigned q = 0; q < g->queues; q++) {
		clean(g, &g->tx[q]);
		clean(g, &g->txc[q]);
		clean(g, &g->rx[q][0]);
		clean(g, &g->rx[q][1]);
		clean(g, &g->rxc[q]);
		guest_refill(g, q);
	}
}

uint32_t guest_cmd(struct guest *g, uint32_t cmd)
{
	fake_write(g->h, 1, VMX_CMD, cmd, 4);
	return (uint32_t)fake_read(g->h, 1, VMX_CMD, 4);
}

void guest_imr(struct guest *g, unsigned vec, bool masked)
{
	fake_write(g->h, 0, VMX_IMR + 8 * vec, masked, 4);
}

static void step(struct guest_ring *r)
{
	if (++r->next == r->size) {
		r->next = 0;
		r->gen ^= 1;
	}
}

void guest_txd(struct guest *g, unsigned q, uint64_t addr, uint32_t d2, uint32_t d3)
{
	struct guest_ring *r = &g->tx[q];
	uint64_t at = r->pa + 16 * r->next;

	fake_put64(g->h, at, addr);
	fake_put32(g->h, at + 12, d3);
	fake_put32(g->h, at + 8, (d2 & ~TXD_GEN) | (r->gen ? TXD_GEN : 0));
	step(r);
}

void guest_queue(struct guest *g, unsigned q, const uint8_t *data, const uint32_t *lens, unsigned n,
		 uint32_t d2, uint32_t d3)
{
	uint64_t at = g->tx_buf[q] + 4096ull * g->tx[q].next;

	if (g->tx[q].next + 20 > g->tx[q].size)
		at = g->tx_buf[q]; /* a message of 64 KiB needs 17 pages in a row */
	for (unsigned i = 0; i < n; i++) {
		uint32_t more = i == n - 1 ? TXD_EOP | TXD_CQ : 0;

		fake_put(g->h, at, data, lens[i]);
		guest_txd(g, q, at, (i ? 0 : d2) | (lens[i] & 0x3fff), (i ? 0 : d3) | more);
		data += lens[i];
		at += lens[i];
	}
}

void guest_queue_plain(struct guest *g, unsigned q, const uint8_t *data, uint32_t len)
{
	guest_queue(g, q, data, &len, 1, 0, 0);
}

void guest_bell(struct guest *g, unsigned q)
{
	fake_write(g->h, 0, VMX_TXPROD + 8 * q, g->tx[q].next, 4);
}

/* The next completion, if there is one. */
static bool next_comp(struct guest *g, struct guest_ring *r, struct vmx_comp *c)
{
	for (unsigned i = 0; i < 4; i++)
		c->d[i] = fake_get32(g->h, r->pa + 16 * r->next + 4 * i);
	if (!(c->d[3] & COMP_GEN) != !r->gen)
		return false;
	step(r);
	return true;
}

/* Linux dies if a completion does not name the end of the oldest frame. */
unsigned guest_tx_done(struct guest *g, unsigned q)
{
	struct guest_ring *r = &g->tx[q];
	struct vmx_comp c;
	unsigned n = 0;

	while (next_comp(g, &g->txc[q], &c)) {
		must((c.d[3] & ~COMP_GEN) == 0);
		must(c.d[0] < r->size);
		while (!(fake_get32(g->h, r->pa + 16 * r->done + 12) & TXD_EOP))
			r->done = (r->done + 1) % r->size;
		must(c.d[0] == r->done);
		r->done = (r->done + 1) % r->size;
		n++;
	}
	return n;
}

/* Fill a receive ring up to one before the oldest descriptor that is in use. */
static void fill(struct guest *g, unsigned q, unsigned i)
{
	struct guest_ring *r = &g->rx[q][i];

	while (r->size && (r->next + 1) % r->size != r->done) {
		bool head = !i && r->next % (1 + g->bodies) == 0;
		uint64_t at = r->pa + 16 * r->next;

		fake_put64(g->h, at, g->rx_buf[q][i] + 4096ull * r->next);
		fake_put32(g->h, at + 8,
			   (head ? g->head_len : GUEST_BODY | RXD_BODY) | (r->gen ? RXD_GEN : 0));
		step(r);
	}
}

void guest_refill(struct guest *g, unsigned q)
{
	fill(g, q, 0);
	fill(g, q, 1);
	if (fake_get8(g->h, guest_rxq_pa(g, q)))
		for (unsigned i = 0; i < 2; i++)
			fake_write(g->h, 0, (i ? VMX_RXPROD2 : VMX_RXPROD) + 8 * q,
				   g->rx[q][i].next, 4);
}

/* Which ring a completion is about: 0, 1, 2 for the data ring. */
static unsigned ring_of(struct guest *g, unsigned q, uint32_t rqid)
{
	must(rqid % g->queues == q);
	must(rqid / g->queues < 3);
	return rqid / g->queues;
}

static void take_buffer(struct guest *g, unsigned q, const struct vmx_comp *c,
			struct guest_frame *f)
{
	unsigned ring = ring_of(g, q, c->d[0] >> 16 & 0x3ff), idx = c->d[0] & 0xfff,
		 len = c->d[2] & 0x3fff;
	struct guest_ring *r = &g->rx[q][ring & 1];
	uint32_t d2 = fake_get32(g->h, r->pa + 16 * idx + 8);

	must(idx < r->size);
	must(!(d2 & RXD_BODY) == (f->n == 0)); /* BUG_ON in Linux */
	must(len <= (ring == 2 ? g->data_len : d2 & 0x3fff));
	fake_get(g->h,
		 ring == 2 ? g->data[q] + idx * g->data_len : g->rx_buf[q][ring] + 4096ull * idx,
		 f->data + f->len, len);
	f->len += len;
	f->ring = ring;
	r->done = (idx + 1) % r->size;
}

bool guest_rx_keep(struct guest *g, unsigned q, struct guest_frame *f)
{
	struct vmx_comp c;

	f->len = f->n = 0;
	do {
		if (!next_comp(g, &g->rxc[q], &c)) {
			must(f->n == 0); /* a frame's completions come together */
			return false;
		}
		must(!!(c.d[0] & RCD_SOP) == (f->n == 0));
		if (!f->n)
			f->first = c;
		take_buffer(g, q, &c, f);
		f->n++;
	} while (!(c.d[0] & RCD_EOP));
	f->last = c;
	return true;
}

bool guest_rx(struct guest *g, unsigned q, struct guest_frame *f)
{
	if (!guest_rx_keep(g, q, f))
		return false;
	guest_refill(g, q);
	return true;
}

uint64_t guest_tx_stat(struct guest *g, unsigned q, unsigned stat)
{
	guest_cmd(g, (uint32_t)VMX_CMD_GET_STATS);
	return fake_get64(g->h, guest_txq_pa(g, q) + QD_STATS + 8 * stat);
}

uint64_t guest_rx_stat(struct guest *g, unsigned q, unsigned stat)
{
	guest_cmd(g, (uint32_t)VMX_CMD_GET_STATS);
	return fake_get64(g->h, guest_rxq_pa(g, q) + QD_STATS + 8 * stat);
}
