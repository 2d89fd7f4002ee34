/* SPDX-License-Identifier: BSD-2-Clause */
/* A driver for vmxnet3, as far as a fuzzer needs one. Layouts: vmxnet3/bits.h. */
#include "vmxnet3/bits.h"

#include "guests.h"

#define N_DESC 32u
#define RX_LEN 1024u

enum {
	AREA_SHARED,
	AREA_QUEUES,
	AREA_TX,
	AREA_TX_COMP,
	AREA_RX,
	AREA_RX_2,
	AREA_RX_COMP,
	AREA_DATA,
	AREA_CONF,
	AREA_TX_B,
	AREA_RX_B,
	AREA_RX_B_COMP
};
/* Where things stand in AREA_CONF */
enum { CONF_RSS = 0, CONF_SCHEME = 192, CONF_GROUPS = 208, CONF_PM = 512, CONF_LEN = 2048 };
/* z->next: descriptors used so far, so that bit 5 tells the generation; then numbers of queues, and
 * whether the second ones have rings without end: no EOP, no head buffer */
enum { TX_NEXT, RX_NEXT, RX_2_NEXT, REV, TX_QUEUES, RX_QUEUES, ENDLESS };

static void wr(struct fuzz *z, unsigned bar, uint32_t off, uint32_t val)
{
	fake_write(&z->host, bar, off, val, 4);
}

static uint32_t generation(uint32_t next)
{
	return !(next / N_DESC & 1);
}

static void put_desc(struct fuzz *z, unsigned area, uint32_t i, uint64_t addr, uint32_t d2,
		     uint32_t d3)
{
	uint64_t at = z->areas[area].addr + 16 * (i % N_DESC);

	fake_put64(&z->host, at, addr);
	fake_put32(&z->host, at + 12, d3);
	fake_put32(&z->host, at + 8, d2);
}

static void give_rx(struct fuzz *z, unsigned ring, unsigned n)
{
	unsigned index = ring ? RX_2_NEXT : RX_NEXT;

	while (n--) {
		uint32_t i = z->next[index]++;

		put_desc(z, ring ? AREA_RX_2 : AREA_RX, i, z->rx_buf + i % N_DESC * RX_LEN,
			 RX_LEN | (ring || i % 4 ? RXD_BODY : 0) | generation(i) << 31, 0);
	}
	wr(z, 0, ring ? VMX_RXPROD2 : VMX_RXPROD, z->next[index] % N_DESC);
}

static void allocate(struct fuzz *z)
{
	fuzz_area(z, DS_SIZE, 4, 8);
	fuzz_area(z, 4 * QD_SIZE, 4, VMX_QDESC_ALIGN);
	for (unsigned i = AREA_TX; i <= AREA_RX_2; i++)
		fuzz_area(z, N_DESC * 16, 16, VMX_RING_ALIGN);
	fuzz_area(z, 2 * N_DESC * 16, 16, VMX_RING_ALIGN);
	fuzz_area(z, N_DESC * 128, 16, VMX_RING_ALIGN);
	fuzz_area(z, CONF_LEN, 4, 8);
	for (unsigned i = AREA_TX_B; i <= AREA_RX_B_COMP; i++)
		fuzz_area(z, N_DESC * 16, 16, VMX_RING_ALIGN);
}

static void put_txq(struct fuzz *z, unsigned q)
{
	struct fake_host *h = &z->host;
	uint64_t t = z->areas[AREA_QUEUES].addr + q * QD_SIZE;

	fake_put64(h, t + TQ_RING_PA, z->areas[q ? AREA_TX_B : AREA_TX].addr);
	fake_put32(h, t + TQ_RING_SIZE, N_DESC);
	fake_put64(h, t + TQ_COMP_PA, z->areas[AREA_TX_COMP].addr);
	fake_put32(h, t + TQ_COMP_SIZE, N_DESC);
	fake_put8(h, t + TQ_INTR, (uint8_t)q);
}

/* The second one has one ring only. */
static void put_rxq(struct fuzz *z, unsigned q)
{
	struct fake_host *h = &z->host;
	uint64_t r = z->areas[AREA_QUEUES].addr + (z->next[TX_QUEUES] + q) * QD_SIZE;

	fake_put64(h, r + RQ_RING_PA, z->areas[q ? AREA_RX_B : AREA_RX].addr);
	fake_put64(h, r + RQ_RING_PA + 8, z->areas[AREA_RX_2].addr);
	fake_put32(h, r + RQ_RING_SIZE, N_DESC);
	fake_put32(h, r + RQ_RING_SIZE + 4, q ? 0 : N_DESC);
	fake_put64(h, r + RQ_COMP_PA, z->areas[q ? AREA_RX_B_COMP : AREA_RX_COMP].addr);
	fake_put32(h, r + RQ_COMP_SIZE, q ? N_DESC : 2 * N_DESC);
	fake_put8(h, r + RQ_INTR, (uint8_t)q);
	if (q || z->next[REV] < 3)
		return;
	fake_put64(h, r + RQ_DATA_PA, z->areas[AREA_DATA].addr);
	fake_put16(h, r + RQ_DATA_DESC_SIZE, fuzz_u8(z) & 1 ? 128 : 0);
}

static void put_queues(struct fuzz *z)
{
	fake_fill(&z->host, z->areas[AREA_QUEUES].addr, 0, 4 * QD_SIZE);
	for (unsigned q = 0; q < z->next[TX_QUEUES]; q++)
		put_txq(z, q);
	for (unsigned q = 0; q < z->next[RX_QUEUES]; q++)
		put_rxq(z, q);
}

/* Toeplitz over everything, to all queues in turn. */
static void put_rss(struct fuzz *z)
{
	uint64_t at = z->areas[AREA_CONF].addr + CONF_RSS;

	fake_put16(&z->host, at + RSS_CONF_TYPE, 0x0f);
	fake_put16(&z->host, at + RSS_CONF_FUNC, RSS_FUNC_TOEPLITZ);
	fake_put16(&z->host, at + RSS_CONF_KEY_SIZE, RSS_KEY_MAX);
	fake_put16(&z->host, at + RSS_CONF_TABLE_SIZE, 8);
	for (unsigned i = 0; i < RSS_KEY_MAX; i++)
		fake_put8(&z->host, at + RSS_CONF_KEY + i, (uint8_t)(i * 37 + 1));
	for (unsigned i = 0; i < 8; i++)
		fake_put8(&z->host, at + RSS_CONF_TABLE + i, (uint8_t)(i % z->next[RX_QUEUES]));
}

/* A table of two groups instead of seeing everything. */
static void put_filter(struct fuzz *z, bool table)
{
	uint64_t s = z->areas[AREA_SHARED].addr, at = z->areas[AREA_CONF].addr + CONF_GROUPS;

	fake_put32(&z->host, s + DS_RX_MODE,
		   RXM_UCAST | RXM_MCAST | RXM_BCAST | (table ? 0 : RXM_PROMISC));
	fake_put16(&z->host, s + DS_MF_LEN, table ? 12 : 0);
	fake_put64(&z->host, s + DS_MF_PA, at);
	fake_put(&z->host, at, "\x33\x33\x00\x00\x00\x01", 6);
	fake_put(&z->host, at + 6, FUZZ_GROUP, 6);
}

/* Wake up by Magic Packet, and by what is sent to the card itself. */
static void put_pm(struct fuzz *z)
{
	uint64_t at = z->areas[AREA_CONF].addr + CONF_PM, filter = at + PM_FILTERS;

	fake_put16(&z->host, at + PM_EVENTS, PM_WAKE_MAGIC | PM_WAKE_FILTER);
	fake_put8(&z->host, at + PM_N_FILTERS, 1);
	fake_put8(&z->host, filter + PM_F_MASK_SIZE, 1);
	fake_put8(&z->host, filter + PM_F_PATTERN_SIZE, 6);
	fake_put8(&z->host, filter + PM_F_MASK, 0x3f);
	fake_put(&z->host, filter + PM_F_PATTERN, FUZZ_MAC, 6);
}

static void put_shared(struct fuzz *z)
{
	struct fake_host *h = &z->host;
	uint64_t s = z->areas[AREA_SHARED].addr, conf = z->areas[AREA_CONF].addr;
	uint8_t features = fuzz_u8(z), how = fuzz_u8(z);

	z->next[RX_QUEUES] = 1 + (features >> 5 & 1);
	z->next[TX_QUEUES] = 1 + (how >> 1 & 1);
	z->next[ENDLESS] = how >> 2 & 1;
	fake_fill(h, s, 0, DS_SIZE);
	fake_put32(h, s + DS_MAGIC, VMX_MAGIC);
	fake_put64(h, s + DS_UPT_FEATURES, features & 0x1f);
	fake_put64(h, s + DS_QDESC_PA, z->areas[AREA_QUEUES].addr);
	fake_put32(h, s + DS_QDESC_LEN, 4 * QD_SIZE);
	fake_put32(h, s + DS_MTU, 1500);
	fake_put8(h, s + DS_NUM_TXQ, (uint8_t)z->next[TX_QUEUES]);
	fake_put8(h, s + DS_NUM_RXQ, (uint8_t)z->next[RX_QUEUES]);
	fake_put8(h, s + DS_AUTO_MASK, how & 1);
	fake_put8(h, s + DS_NUM_INTRS, 2);
	fake_fill(h, s + DS_MOD_LEVELS, how >> 4, 2);
	fake_put32(h, s + DS_RSS_DESC, 1);
	fake_put32(h, s + DS_RSS_DESC + 4, RSS_CONF_SIZE);
	fake_put64(h, s + DS_RSS_DESC + 8, conf + CONF_RSS);
	fake_put32(h, s + DS_PM_DESC, 1);
	fake_put32(h, s + DS_PM_DESC + 4, PM_SIZE);
	fake_put64(h, s + DS_PM_DESC + 8, conf + CONF_PM);
	put_filter(z, features & 0x40);
	put_rss(z);
	put_pm(z);
}

/* Frames wait in the second transmit ring. */
static void fill_tx_b(struct fuzz *z)
{
	static const uint8_t frame[60] = { 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0x52, 0x54 };

	fake_put(&z->host, z->tx_buf + 0xff00, frame, sizeof(frame));
	for (unsigned i = 0; i < N_DESC; i++)
		put_desc(z, AREA_TX_B, i, z->tx_buf + 0xff00, sizeof(frame) | TXD_GEN,
			 z->next[ENDLESS] ? 0 : TXD_EOP | TXD_CQ);
	wr(z, 0, VMX_TXPROD + 8, N_DESC / 2);
}

static void fill_rx_b(struct fuzz *z)
{
	for (unsigned i = 0; i < N_DESC; i++)
		put_desc(z, AREA_RX_B, i, z->rx_buf + i * RX_LEN,
			 RX_LEN | RXD_GEN | (z->next[ENDLESS] ? RXD_BODY : 0), 0);
	wr(z, 0, VMX_RXPROD + 8, N_DESC - 1);
}

static void bring_up(struct fuzz *z)
{
	uint32_t revs = (uint32_t)fake_read(&z->host, 1, VMX_VRRS, 4), want = fuzz_u8(z) % 10;

	for (unsigned i = AREA_TX; i <= AREA_RX_B_COMP; i++)
		if (i != AREA_CONF && i != AREA_DATA)
			fake_fill(&z->host, z->areas[i].addr, 0, z->areas[i].len);
	z->next[REV] = 1;
	for (unsigned rev = 1; rev <= 9; rev++)
		if (revs & 1u << (rev - 1) && (rev <= want || !want))
			z->next[REV] = rev;
	wr(z, 1, VMX_VRRS, 1u << (z->next[REV] - 1));
	wr(z, 1, VMX_UVRS, 1);
	put_shared(z);
	put_queues(z);
	z->next[TX_NEXT] = z->next[RX_NEXT] = z->next[RX_2_NEXT] = 0;
	wr(z, 1, VMX_DSAL, (uint32_t)z->areas[AREA_SHARED].addr);
	wr(z, 1, VMX_DSAH, 0);
	wr(z, 1, VMX_CMD, (uint32_t)VMX_CMD_ACTIVATE);
	wr(z, 0, VMX_IMR, 0);
	give_rx(z, 0, N_DESC - 1);
	give_rx(z, 1, N_DESC - 1);
	if (z->next[RX_QUEUES] > 1)
		fill_rx_b(z);
	if (z->next[TX_QUEUES] > 1)
		fill_tx_b(z);
}

/* A frame in one to four descriptors, with offloads by the input. */
static void send(struct fuzz *z)
{
	static uint8_t frame[BUILD_ROOM];
	uint8_t how = fuzz_u8(z);
	struct build b = fuzz_build(z);
	uint32_t len = build_frame(&b, frame), n = 1 + (how & 3), first = z->next[TX_NEXT], at = 0;
	uint32_t om = how >> 2 & 3, hlen = build_headers(&b), mss = 1 + fuzz_u8(z) * 8u;
	uint32_t d3 = om << 10 | (how & 0x10 ? TXD_TI | (uint32_t)fuzz_u16(z) << 16 : 0);

	hlen -= om == OM_TSO ? 0 : b.proto == 17 ? 8 : 20 + b.tcp_opts;
	mss = om == OM_CSUM ? hlen + (b.proto == 17 ? 6 : 16) : om ? mss : 0;
	fake_put(&z->host, z->tx_buf, frame, len);
	for (uint32_t i = 0; i < n; i++) {
		uint32_t part = i + 1 == n ? len - at : len / n, d2;

		part = how & 0x40 ? fuzz_u16(z) & 0x3fff : part;
		d2 = (part & 0x3fff) | generation(first + i) << 14;
		d2 |= i ? 0 : mss << 18 | (how & 0x20 ? TXD_EXT1 : 0);
		put_desc(z, AREA_TX, first + i, z->tx_buf + at, how & 0x80 ? fuzz_u32(z) : d2,
			 (i ? 0 : d3 | (hlen & 0x3ff)) | (i + 1 == n ? TXD_EOP | TXD_CQ : 0));
		at += at + part <= len ? part : 0;
	}
	z->next[TX_NEXT] += n;
	wr(z, 0, VMX_TXPROD, z->next[TX_NEXT] % N_DESC);
}

static void refill(struct fuzz *z)
{
	uint8_t how = fuzz_u8(z);

	give_rx(z, how & 1, how / 2 % N_DESC);
}

static void reg(struct fuzz *z, unsigned space, uint32_t num, const uint32_t *val)
{
	if (val)
		wr(z, space, num, *val);
	else
		fake_read(&z->host, space, num, 4);
}

/* Of all modes, most often one that can be had: rates or depths, from a few bytes. */
static void put_scheme(struct fuzz *z)
{
	uint64_t at = z->areas[AREA_CONF].addr + CONF_SCHEME;
	uint32_t v = fuzz_u32(z), mode = v % 4;

	fake_put32(&z->host, at, v >> 30 == 3 ? v : mode);
	for (unsigned i = 0; i < 3; i++)
		fake_put32(&z->host, at + 4 + 4 * i,
			   (v >> (2 + 8 * i) & 0xff) * (mode == COAL_RBC ? 400 : 1));
}

/* What a command finds in DriverShared.cu.cmdInfo. */
static void put_command(struct fuzz *z, uint8_t cmd)
{
	uint64_t at = z->areas[AREA_SHARED].addr + DS_CMD_INFO;

	if (z->next[REV] < 3)
		return;
	if (cmd == (VMX_CMD_SET_RSS_FIELDS & 0x1f))
		fake_put32(&z->host, at, fuzz_u8(z));
	if (cmd != (VMX_CMD_SET_COALESCE & 0x1f))
		return;
	put_scheme(z);
	fake_put32(&z->host, at + 4, fuzz_u8(z) ^ COAL_SIZE);
	fake_put64(&z->host, at + 8, z->areas[AREA_CONF].addr + CONF_SCHEME);
}

static void act(struct fuzz *z)
{
	static const uint32_t bases[] = { (uint32_t)VMX_CMD_ACTIVATE,
					  (uint32_t)VMX_CMD_GET_QUEUE_STATUS };
	uint8_t how = fuzz_u8(z);

	if (how == 0xff) {
		bring_up(z);
		return;
	}
	put_command(z, how & 0x1f);
	wr(z, 1, VMX_CMD, bases[how >> 7] + (how & 0x1f));
	fake_read(&z->host, 1, VMX_CMD, 4);
}

const struct fuzz_guest fuzz_guest_vmxnet3 = {
	"vmxnet3", allocate, bring_up, send, refill, reg, act
};
