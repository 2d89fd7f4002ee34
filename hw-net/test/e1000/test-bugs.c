/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Regression tests named after bugs that e1000 models have had: CVE numbers, gl (QEMU's GitLab), lp
 * (Launchpad), or the project. Each does what triggered the bug; the fake host aborts on any breach
 * of the contract, sanitizers on any of memory. Here are those about frames.
 */
#include "rig.h"

static struct rig R;
static uint8_t frame[70000];

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
	rig_check_alive(&R);
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
	rig_check_alive(&R);
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
	rig_check_alive(&R);
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
	rig_check_alive(&R);
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
	rig_check_alive(&R);
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
	rig_check_alive(&R);
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
	rig_check_alive(&R);
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
	rig_check_alive(&R);
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
	rig_check_alive(&R);
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
	rig_check_alive(&R);
}
END_TEST

int main(void)
{
	const TTest *const tests[] = {
		cve_2012_6075_oversize_rx,
		cve_2021_20257_tso_zero_progress,
		cve_2021_3416_loopback_recursion,
		cve_2025_12464_runt_in_loopback,
		gl_2746_length_overflow,
		cve_2017_6058_vlan_strip_of_a_short_frame,
		cve_2016_6835_header_beyond_the_frame,
		cve_2024_3567_sctp_cut_short,
		virtualbox_context_changed_mid_packet,
		bhyve_cve_2022_23087_checksum_offset,
		bhyve_cve_2019_5609_tso_header_length,
		NULL,
	};

	return unit_main("e1000-bugs", tests);
}
