/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Regression tests named after bugs that e1000 models have had: CVE numbers, gl (QEMU's GitLab), lp
 * (Launchpad), or the project. Each does what triggered the bug; the fake host aborts on any breach
 * of the contract, sanitizers on any of memory.
 */
#include "e1000-rig.h"

static const uint8_t broadcast[6] = { 0xff, 0xff, 0xff, 0xff, 0xff, 0xff };

static struct rig R;
static uint8_t frame[70000];

/* The card still works. */
static void check_alive(void)
{
	unsigned n = R.h.n_tx;

	wr(&R, CTRL, 1u << 26);
	rig_start(&R);
	rig_frame(frame, 60, rig_mac);
	rig_send(&R, frame, 60, 0);
	ck_assert_uint_eq(R.h.n_tx, n + 1);
	ck_assert(rig_receive(&R, 60, rig_mac));
	ck_assert_uint_eq(rig_rxd(&R, 0).len, 60);
	rig_close(&R);
}

/* A frame longer than its buffer, LPE and SBP off: nothing behind the buffer is written. */
START_TEST(cve_2012_6075_oversize_rx)
{
	rig_open(&R);
	fake_fill(&R.h, R.rx_buf, 0xee, RIG_BUF * 4);
	wr(&R, RCTL, RCTL_ON | 3u << 16); /* buffers of 256 bytes */
	ck_assert(rig_receive(&R, 3000, rig_mac));
	ck_assert_uint_eq(rd(&R, RDH), 0);
	ck_assert(rig_receive(&R, 500, rig_mac));
	ck_assert_uint_eq(rig_rxd(&R, 0).len, 256);
	ck_assert_uint_eq(fake_get8(&R.h, R.rx_buf + 256), 0xee);
	ck_assert_uint_eq(rig_rxd(&R, 1).len, 244);
	check_alive();
}
END_TEST

static void tso(uint32_t paylen, uint32_t hdr, uint32_t mss, uint32_t len)
{
	rig_context(&R, 14 | 24 << 8, 34 | 50 << 8, TSE | 0x03000000 | (paylen & 0xfffff),
		    mss << 16 | hdr << 8);
	rig_desc(&R, R.tx_buf, (len & 0xfffff) | DATA | TSE | EOP | IFCS | RS, IXSM | TXSM);
	rig_ring(&R);
}

/* Contexts that make no progress: no MSS, headers of nothing or of everything. */
START_TEST(cve_2021_20257_tso_zero_progress)
{
	struct build b = { .payload = 4000 };

	rig_open(&R);
	rig_data(&R, 0, frame, build_frame(&b, frame));
	for (uint32_t hdr = 0; hdr < 256; hdr += 5) {
		tso(4000, hdr, 0, 4054);
		tso(4000, hdr, 1, 54);
		tso(0, hdr, 0xffff, 4054);
		tso(0xfffff, hdr, 1460, hdr);
	}
	ck_assert_uint_eq(rd(&R, TDH), R.tail);
	check_alive();
}
END_TEST

/* A ring that the tail, or the head, is outside of. */
START_TEST(cve_2015_6815_ring_never_ends)
{
	rig_open(&R);
	rig_frame(frame, 60, rig_mac);
	rig_data(&R, 0, frame, 60);
	for (unsigned i = 0; i < RIG_RING; i++)
		rig_desc(&R, R.tx_buf, 60 | EOP | IFCS | RS, 0);
	for (uint32_t tail = RIG_RING; tail < 0x10000; tail = tail * 2 + 1) {
		fake_tx_clear(&R.h);
		wr(&R, TDT, 3);
		wr(&R, TDH, 3);
		fake_tx_clear(&R.h);
		wr(&R, TDT, tail);
		ck_assert_uint_eq(rd(&R, TDH),
				  0); /* taken as 0: up to the end, not round and round */
		ck_assert_uint_eq(R.h.n_tx, RIG_RING - 3);
	}
	check_alive();
}
END_TEST

START_TEST(cve_2016_1981_head_outside_the_ring)
{
	rig_open(&R);
	rig_frame(frame, 60, rig_mac);
	wr(&R, TDH, 0xffff);
	wr(&R, RDH, 0xfff0);
	rig_send(&R, frame, 60, 0);
	ck_assert_uint_eq(R.h.n_tx, 1);
	ck_assert_uint_eq(rd(&R, TDH), 1);
	ck_assert(rig_receive(&R, 60, rig_mac));
	ck_assert_uint_eq(rd(&R, RDH), 1);
	wr(&R, RDLEN, 128); /* shrinks under RDH's feet */
	wr(&R, RDH, 31);
	rig_receive(&R, 60, rig_mac);
	check_alive();
}
END_TEST

/* Loopback: what is sent is received, which writes registers' memory, which ... */
START_TEST(cve_2021_3416_loopback_recursion)
{
	rig_open(&R);
	wr(&R, RCTL, RCTL_ON | 1u << 6);
	rig_frame(frame, 60, rig_mac);
	rig_data(&R, 0, frame, 60);
	for (unsigned i = 0; i < RIG_RING; i++) /* buffers: the card's own doorbell */
		fake_put64(&R.h, R.rx_ring + 16 * i, FAKE_MMIO + TDT);
	wr(&R, RDBAL, (uint32_t)R.rx_ring);
	for (unsigned i = 0; i < RIG_RING - 1; i++)
		rig_desc(&R, R.tx_buf, 60 | EOP | IFCS | RS, 0);
	rig_ring(&R);
	ck_assert_uint_eq(rd(&R, TDH), RIG_RING - 1);
	ck_assert_uint_gt(R.h.mmio_dma, 0);
	check_alive();
}
END_TEST

/* Every address that a guest can give points at the card's registers. */
START_TEST(gl_556_dma_reentrancy)
{
	rig_open(&R);
	wr(&R, TDBAL, (uint32_t)FAKE_MMIO + 0x3800);
	wr(&R, TDBAH, 0);
	rig_frame(frame, 60, rig_mac);
	rig_send(&R, frame, 60, 0);
	wr(&R, RDBAL, (uint32_t)FAKE_MMIO + 0x2800);
	wr(&R, RDBAH, 0);
	ck_assert(rig_receive(&R, 60, rig_mac));
	ck_assert_uint_ge(R.h.mmio_dma, 2);
	wr(&R, TDBAL, (uint32_t)R.tx_ring);
	wr(&R, TDBAH, (uint32_t)(R.tx_ring >> 32));
	rig_desc(&R, FAKE_MMIO + TDT, 1000 | EOP | IFCS | RS, 0);
	rig_ring(&R);
	ck_assert_uint_eq(R.h.n_tx, 1); /* the frame queued first; the ring is back */
	check_alive();
}
END_TEST

/* A runt through the loopback arrives as long as every frame is. */
START_TEST(cve_2025_12464_runt_in_loopback)
{
	rig_open(&R);
	wr(&R, TCTL, 2); /* no padding */
	wr(&R, RCTL, RCTL_ON | 1u << 6 | 8 | 16);
	wr(&R, RXCSUM, 0x77f);
	wr(&R, CTRL, rd(&R, CTRL) | 1u << 30);
	rig_frame(frame, 60, rig_mac);
	memcpy(frame + 12, "\x81\0\0\1\x08\0\x45", 7);
	rig_data(&R, 0, frame, 60);
	for (uint32_t len = 1; len < 30; len++) {
		rig_desc(&R, R.tx_buf, len | EOP | IFCS | RS, 0);
		rig_ring(&R);
	}
	for (unsigned i = 0; i < rd(&R, RDH); i++)
		ck_assert_uint_eq(rig_rxd(&R, i).len, 60);
	ck_assert_uint_eq(rd(&R, RDH), 30 - 14);
	check_alive();
}
END_TEST

/* A ring of null descriptors takes no frame, and does not take for ever. */
START_TEST(cve_2020_28916_all_null_descriptors)
{
	rig_open(&R);
	for (unsigned i = 0; i < RIG_RING; i++)
		fake_put64(&R.h, R.rx_ring + 16 * i, 0);
	wr(&R, RDBAL, (uint32_t)R.rx_ring);
	ck_assert(!rig_receive(&R, 60, rig_mac));
	wr(&R, RDT, 0xffff); /* all of it, again and again */
	rig_receive(&R, 60, rig_mac);
	check_alive();
}
END_TEST

/* Lengths whose sum does not fit: every descriptor of a long chain says 1 MiB. */
START_TEST(gl_2746_length_overflow)
{
	rig_open(&R);
	for (unsigned i = 0; i < RIG_RING - 2; i++)
		rig_desc(&R, R.tx_buf, 0xfffff | DATA | TSE | IFCS, TXSM | IXSM);
	rig_desc(&R, R.tx_buf, 0xfffff | DATA | TSE | IFCS | EOP | RS, 0);
	rig_ring(&R);
	ck_assert_uint_eq(R.h.n_tx, 0);
	ck_assert_uint_eq(rd(&R, TDH), RIG_RING - 1);
	check_alive();
}
END_TEST

START_TEST(cve_2017_6058_vlan_strip_of_a_short_frame)
{
	rig_open(&R);
	wr(&R, CTRL, rd(&R, CTRL) | 1u << 30);
	rig_frame(frame, 18, rig_mac);
	memcpy(frame + 12, "\x81\0\0\5", 4);
	for (uint32_t len = 14; len <= 18; len++)
		ck_assert(fake_rx_bytes(&R.h, frame, len));
	ck_assert_uint_eq(rd(&R, RDH), 5);
	ck_assert_uint_eq(rig_rxd(&R, 4).status & ST_VP, ST_VP);
	check_alive();
}
END_TEST

/* Headers that claim more than there is, cut at every length, in both directions. */
static void cut_everywhere(const struct build *b)
{
	uint32_t len = build_frame(b, frame);

	memcpy(frame, rig_mac, 6);
	rig_open(&R);
	wr(&R, RXCSUM, 0x700);
	for (uint32_t cut = 14; cut < len; cut++) {
		wr(&R, RDT, (rd(&R, RDH) + 5) % RIG_RING);
		ck_assert(fake_rx_bytes(&R.h, frame, cut));
		rig_data(&R, 0, frame, cut);
		tso(100, cut < 255 ? cut : 54, 100, cut);
	}
	check_alive();
}

START_TEST(cve_2016_6835_header_beyond_the_frame)
{
	struct build b = { .payload = 40, .ip_opts = 40, .tcp_opts = 40 };
	struct build v6 = { .payload = 40, .ip_opts = 64, .v6 = true, .proto = 17 };

	cut_everywhere(&b);
	cut_everywhere(&v6);
}
END_TEST

START_TEST(cve_2024_3567_sctp_cut_short)
{
	struct build b = { .payload = 40, .proto = 132 };

	cut_everywhere(&b);
}
END_TEST

/* Registers at every offset, in every size, with every value that models have asserted on. */
START_TEST(gl_309_register_values)
{
	static const uint64_t values[] = { 0, ~0ull, 0x5a5a5a5a5a5a5a5a, 0x8000000080000000 };

	rig_open(&R);
	R.h.lenient = true;
	for (unsigned v = 0; v < 4; v++) {
		for (uint32_t off = 0; off < 0xa100; off += 3) {
			unsigned size = 1u << (off & 3);

			fake_write(&R.h, 0, off, values[v], size);
			fake_read(&R.h, 0, off, size);
		}
		fake_advance(&R.h, 1000000);
	}
	fake_read(&R.h, 0, 0x1ffff, 8);
	fake_write(&R.h, 0, 0x1fffd, ~0ull, 8);
	check_alive();
}
END_TEST

/* MorteNoir1: a context in the middle of a frame, then a last descriptor without bytes. */
START_TEST(virtualbox_context_changed_mid_packet)
{
	struct build b = { .payload = 3000 };
	uint32_t len = build_frame(&b, frame);

	rig_open(&R);
	rig_data(&R, 0, frame, len);
	rig_context(&R, 14 | 24 << 8, 34 | 50 << 8, TSE | 0x03000000 | 3000, 1000u << 16 | 54 << 8);
	rig_desc(&R, R.tx_buf, 1000 | DATA | TSE | IFCS, IXSM | TXSM);
	rig_context(&R, 0, 0, TSE | 0x03000000, 1u << 16 | 0xff << 8);
	rig_desc(&R, R.tx_buf + 1000, (len - 1000) | DATA | TSE | IFCS, 0);
	rig_context(&R, 0xffff, 0xffff, TSE | 0x03000000 | 0xfffff, 0xffffff00);
	rig_desc(&R, 0, DATA | TSE | EOP | IFCS | RS, 0);
	rig_ring(&R);
	ck_assert_uint_eq(R.h.n_tx, 1); /* by the context that it began with */
	ck_assert_uint_eq(R.h.tx[0].pkt.gso_size, 1000);
	ck_assert_uint_eq(R.h.tx[0].pkt.len, len);
	rig_desc(&R, R.tx_buf, len | DATA | TSE | EOP | IFCS | RS, 0);
	rig_ring(&R);
	ck_assert_uint_eq(R.h.n_tx, 1); /* the last one is nonsense */
	check_alive();
}
END_TEST

/* SA-22:05: checksum fields behind the header buffer, behind the frame. */
START_TEST(bhyve_cve_2022_23087_checksum_offset)
{
	rig_open(&R);
	rig_frame(frame, 1514, rig_mac);
	rig_data(&R, 0, frame, 1514);
	for (uint32_t field = 0; field < 256; field += 3) {
		for (uint32_t len = 60; len <= 300; len += 60) {
			fake_tx_clear(&R.h);
			rig_desc(&R, R.tx_buf, len | field << 16 | EOP | IFCS | RS | IC, 0x0e00);
			rig_context(&R, 14 | field << 8, 34 | field << 8 | 0xffffu << 16, 0, 0);
			rig_desc(&R, R.tx_buf, len | DATA | EOP | IFCS | RS, IXSM | TXSM);
			rig_ring(&R);
			ck_assert_uint_eq(R.h.n_tx, 2);
			ck_assert_uint_eq(R.h.tx[1].pkt.len, len);
		}
	}
	check_alive();
}
END_TEST

/* SA-19:21: TSO header lengths, all of them. */
START_TEST(bhyve_cve_2019_5609_tso_header_length)
{
	struct build b = { .payload = 4000 };

	rig_open(&R);
	rig_data(&R, 0, frame, build_frame(&b, frame));
	for (uint32_t hdr = 0; hdr < 256; hdr++)
		tso(4000, hdr, 1000, 4054);
	ck_assert_uint_eq(R.h.n_tx, 1); /* 54 */
	check_alive();
}
END_TEST

/* Rings moved and resized while both directions are on; descriptors of both kinds in one frame. */
START_TEST(bhyve_ring_moved_while_enabled)
{
	rig_open(&R);
	rig_frame(frame, 300, rig_mac);
	rig_data(&R, 0, frame, 300);
	for (unsigned i = 0; i < 200; i++) {
		wr(&R, i & 1 ? RDLEN : TDLEN, i * 128 % 1024);
		wr(&R, i & 2 ? RDBAH : TDBAH, i);
		rig_receive(&R, 60, rig_mac);
		rig_desc(&R, R.tx_buf, 60 | EOP | IFCS | RS, 0);
		rig_ring(&R);
	}
	wr(&R, CTRL, 1u << 26);
	rig_start(&R);
	fake_tx_clear(&R.h);
	rig_desc(&R, R.tx_buf, 100 | IFCS, 0);
	rig_desc(&R, R.tx_buf + 100, 100 | DATA | IFCS, 0);
	rig_desc(&R, R.tx_buf + 200, 100 | EOP | IFCS | RS, 0);
	rig_ring(&R);
	ck_assert_frame_eq(R.h.tx[0].data, R.h.tx[0].pkt.len, frame, 300);
	check_alive();
}
END_TEST

static uint64_t payload_written;

static int watch_write(void *opaque, uint64_t addr, const void *buf, size_t len)
{
	uint64_t desc = R.rx_ring;
	const uint8_t *p = buf;

	if (addr >= R.rx_buf && addr < R.rx_buf + RIG_BUF)
		payload_written += len;
	for (size_t i = 0; i < len; i++)
		if (addr + i == desc + 12 && (p[i] & ST_DD)) {
			ck_assert_uint_eq(payload_written, 700);
			ck_assert_uint_eq(addr, desc + 8); /* one store, with the length in it */
			ck_assert_uint_eq(len, 8);
			ck_assert_uint_eq(p[0] | p[1] << 8, 700);
			payload_written = 0;
		}
	fake_put(&R.h, addr, buf, len);
	return 0;
}

/* DPDK and FreeBSD trust DD alone: it comes after the data, and with the rest of the descriptor. */
START_TEST(gl_402_dd_before_data)
{
	rig_init(&R);
	R.h.map = FAKE_MAP_REFUSED;
	R.h.ops.dma_write = watch_write;
	fake_open(&R.h, "e1000");
	R.h.ops.dma_write = watch_write;
	rig_start(&R);
	payload_written = 0;
	ck_assert(rig_receive(&R, 700, rig_mac));
	ck_assert_uint_eq(rig_rxd(&R, 0).status & ST_DD, ST_DD);
	ck_assert_uint_eq(payload_written, 0); /* seen */
	rig_close(&R);
}
END_TEST

/* A driver that enables the receiver before it fills the ring: nothing is received into nothing. */
START_TEST(lp_1402755_receive_before_the_ring_is_filled)
{
	rig_open(&R);
	wr(&R, RDH, 0);
	wr(&R, RDT, 0);
	ck_assert(!rig_receive(&R, 60, rig_mac));
	ck_assert_uint_eq(rig_rxd(&R, 0).status, 0);
	check_alive();
}
END_TEST

/* RDT written as the ring's size gives all of it away, lap after lap. */
START_TEST(rdt_equal_to_ring_size)
{
	rig_open(&R);
	wr(&R, RDT, RIG_RING);
	for (unsigned i = 0; i < 5 * RIG_RING; i++) {
		fake_put8(&R.h, R.rx_ring + 16 * (i % RIG_RING) + 12, 0);
		ck_assert(rig_receive(&R, 60 + i, rig_mac));
		ck_assert_uint_eq(rig_rxd(&R, i % RIG_RING).len, 60 + i);
		ck_assert_uint_eq(rd(&R, RDH), (i + 1) % RIG_RING);
	}
	check_alive();
}
END_TEST

static unsigned change_len;

/* The guest alters headers the moment they were read. */
static void change_mind(struct fake_host *h, uint64_t addr, size_t len)
{
	if (addr >= R.tx_buf && addr < R.tx_buf + 256)
		fake_fill(h, R.tx_buf, 0xff, change_len);
	if (addr >= R.tx_ring && addr < R.tx_ring + 16 * RIG_RING)
		fake_fill(h, R.tx_ring, 0xff, 16 * RIG_RING);
}

START_TEST(double_fetch)
{
	struct build b = { .payload = 8000 };
	uint32_t len = build_frame(&b, frame);

	rig_open(&R);
	rig_data(&R, 0, frame, len);
	rig_context(&R, 14 | 24 << 8, 34 | 50 << 8, TSE | 0x03000000 | 8000, 1000u << 16 | 54 << 8);
	rig_desc(&R, R.tx_buf, 100 | DATA | TSE | IFCS, IXSM | TXSM);
	rig_desc(&R, R.tx_buf + 100, (len - 100) | DATA | TSE | EOP | IFCS | RS, 0);
	change_len = 100;
	R.h.on_dma = change_mind;
	rig_ring(&R);
	ck_assert_uint_eq(R.h.n_tx, 1);
	ck_assert_mem_eq(R.h.tx[0].data, frame, 16);
	ck_assert_ptr_null(gso_check(&R.h.tx[0].pkt, NULL));
	R.h.on_dma = NULL;
	check_alive();
}
END_TEST

/* DMA that fails at any step: no frame is half there, nothing stays mapped, the card goes on. */
START_TEST(dma_fails_anywhere)
{
	for (int n = 0; n < 24; n++) {
		rig_open(&R);
		rig_frame(frame, 1514, rig_mac);
		rig_data(&R, 0, frame, 1514);
		for (unsigned i = 0; i < 4; i++) {
			rig_desc(&R, R.tx_buf, 700 | IFCS, 0);
			rig_desc(&R, R.tx_buf + 700, 814 | EOP | IFCS | RS, 0);
		}
		R.h.dma_fail_in = n;
		rig_ring(&R);
		for (unsigned i = 0; i < R.h.n_tx; i++)
			ck_assert_frame_eq(R.h.tx[i].data, R.h.tx[i].pkt.len, frame, 1514);
		R.h.dma_fail_in = n % 6;
		rig_receive(&R, 1514, rig_mac);
		rig_receive(&R, 60, broadcast);
		R.h.dma_fail_in = -1;
		check_alive();
	}
}
END_TEST

/* A message that fails half-way gives its room in the bounce buffer back to the next one. */
START_TEST(bounce_buffer_of_a_dropped_frame)
{
	struct build b = { .payload = 60000 };
	uint32_t len;

	rig_init(&R);
	R.h.map = FAKE_MAP_REFUSED;
	fake_open(&R.h, "e1000");
	rig_start(&R);
	len = build_frame(&b, frame);
	rig_data(&R, 0, frame, len);
	rig_context(&R, 14 | 24 << 8, 34 | 50 << 8, TSE | 0x03000000 | 60000,
		    1000u << 16 | 54 << 8);
	for (unsigned i = 0; i < 3; i++) {
		rig_desc(&R, R.tx_buf, len | DATA | TSE | IFCS, IXSM | TXSM);
		rig_desc(&R, FAKE_NOWHERE, 1000 | DATA | TSE | EOP | IFCS, IXSM | TXSM);
	}
	rig_desc(&R, R.tx_buf, len | DATA | TSE | EOP | IFCS, IXSM | TXSM);
	rig_ring(&R);
	ck_assert_uint_eq(R.h.n_tx, 1);
	ck_assert_mem_eq(R.h.tx[0].data + 54, frame + 54, 60000);
	check_alive();
}
END_TEST

/* Random programs of registers and descriptors. */
START_TEST(random_programs)
{
	uint64_t seed = 20240229;

	for (unsigned round = 0; round < 60; round++) {
		rig_open(&R);
		R.h.lenient = true;
		R.h.map = (enum fake_map)(round % 5);
		R.h.map_max = 1 + round;
		for (unsigned i = 0; i < 3000; i++)
			fake_put32(&R.h, R.tx_buf + 4 * i, test_random(&seed));
		for (unsigned step = 0; step < 300; step++) {
			uint32_t r = test_random(&seed), v = test_random(&seed);

			switch (r % 8) {
			case 0:
				wr(&R, (r >> 8) % 0x6000, v);
				break;
			case 1:
				fake_put32(&R.h, R.rx_ring + (r >> 8) % (RIG_RING * 16 - 3), v);
				break;
			case 2:
			case 3:
				rig_desc(&R, R.tx_buf + (v & 0xfff), v & (r | 0xff000fff), r);
				break;
			case 4:
				rig_ring(&R);
				break;
			case 5:
				rig_receive(&R, 14 + v % 2000, v & 1 ? rig_mac : broadcast);
				break;
			case 6:
				rig_phy_write(&R, r >> 8 & 31, (uint16_t)v);
				break;
			default:
				fake_advance(&R.h, v % 10000000);
			}
			if (R.h.n_tx > 400)
				fake_tx_clear(&R.h);
		}
		fake_tx_clear(&R.h);
		fake_reopen(&R.h);
		fake_carrier(&R.h, true);
		wr(&R, CTRL, 1u << 31);
		wr(&R, CTRL, 1u << 26);
		fake_advance(&R.h, 100000000);
		check_alive();
	}
}
END_TEST

int main(void)
{
	const TTest *const tests[] = {
		cve_2012_6075_oversize_rx,
		cve_2021_20257_tso_zero_progress,
		cve_2015_6815_ring_never_ends,
		cve_2016_1981_head_outside_the_ring,
		cve_2021_3416_loopback_recursion,
		gl_556_dma_reentrancy,
		cve_2025_12464_runt_in_loopback,
		cve_2020_28916_all_null_descriptors,
		gl_2746_length_overflow,
		cve_2017_6058_vlan_strip_of_a_short_frame,
		cve_2016_6835_header_beyond_the_frame,
		cve_2024_3567_sctp_cut_short,
		gl_309_register_values,
		virtualbox_context_changed_mid_packet,
		bhyve_cve_2022_23087_checksum_offset,
		bhyve_cve_2019_5609_tso_header_length,
		bhyve_ring_moved_while_enabled,
		gl_402_dd_before_data,
		lp_1402755_receive_before_the_ring_is_filled,
		rdt_equal_to_ring_size,
		double_fetch,
		dma_fails_anywhere,
		bounce_buffer_of_a_dropped_frame,
		random_programs,
		NULL,
	};

	return unit_main("e1000-bugs", tests);
}
