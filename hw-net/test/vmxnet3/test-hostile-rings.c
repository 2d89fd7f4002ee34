/* SPDX-License-Identifier: BSD-2-Clause */
/* Hostile guests of the vmxnet3: frames, descriptors and rings that make no sense. */
#include "fixture.h"

/* The queue is stopped, the driver is told why. */
static void check_stopped(uint64_t qdesc, uint32_t error, uint32_t event)
{
	ck_assert_uint_eq(fake_get8(&h, qdesc + QD_STOPPED), 1);
	ck_assert_uint_eq(fake_get32(&h, qdesc + QD_ERROR), error);
	ck_assert_uint_eq(fake_get32(&h, g.shared + DS_ECR), event);
	ck_assert_uint_eq(h.msi[1], 1);
	fake_fill(&h, qdesc + QD_STOPPED, 0, 8);
	guest_cmd(&g, (uint32_t)VMX_CMD_GET_QUEUE_STATUS);
	ck_assert_uint_eq(fake_get32(&h, qdesc + QD_ERROR), error);
}

/* CVE-2015-8744: a frame shorter than its L2 header. */
START_TEST(cve_2015_8744_short_frames)
{
	setup(9, 1);
	for (uint32_t len = 1; len < 34; len++) {
		tcp(100);
		guest_queue_plain(&g, 0, frame, len);
		guest_bell(&g, 0);
		guest_tx_done(&g, 0);
	}
	ck_assert_uint_eq(guest_tx_stat(&g, 0, TXS_ERROR), 13);
	check_alive();
}
END_TEST

/* GL#517: offload mode 1 in revision 1. The frame is dropped. */
START_TEST(gl517_offload_mode_1)
{
	struct build b = { .payload = 100, .tunnel = BUILD_VXLAN }; /* revision 4 would send it */
	uint32_t len = build_frame(&b, frame), hdr = build_headers(&b);

	setup(1, 1);
	guest_queue(&g, 0, frame, &len, 1, 0, OM_ENCAP << 10 | hdr);
	guest_bell(&g, 0);
	ck_assert_uint_eq(h.n_tx, 0);
	ck_assert_uint_eq(guest_tx_done(&g, 0), 1);
	ck_assert_uint_eq(guest_tx_stat(&g, 0, TXS_ERROR), 1);
	check_alive();
}
END_TEST

/* GL#533: a head buffer in the ring of bodies. The queue is stopped. */
START_TEST(gl533_body_type)
{
	setup(1, 1);
	for (unsigned i = 0; i < g.rx2_size; i++)
		fake_put32(&h, g.rx[0][1].pa + 16 * i + 8, 2048 | RXD_GEN);
	g.head_len = 128;
	for (unsigned i = 0; i < g.rx_size; i++)
		fake_put32(&h, g.rx[0][0].pa + 16 * i + 8, 128 | RXD_GEN);
	ck_assert(fake_rx_bytes(&h, frame, tcp(1000)));
	check_stopped(guest_rxq_pa(&g, 0), ERR_DESC_NOT_SPT, ECR_RQERR);
	ck_assert(fake_rx_bytes(&h, frame, tcp(1000))); /* dropped, not held */
	g.head_len = 2048;
	check_alive();
}
END_TEST

/* Ring 0 of nothing but bodies; buffers of no length: neither may loop. */
START_TEST(rings_without_a_head)
{
	setup(9, 1);
	for (unsigned i = 0; i < g.rx_size; i++)
		fake_put32(&h, g.rx[0][0].pa + 16 * i + 8, 4096 | RXD_BODY | RXD_GEN);
	ck_assert(fake_rx_bytes(&h, frame, tcp(1000)));
	check_stopped(guest_rxq_pa(&g, 0), ERR_DESC_NOT_SPT, ECR_RQERR);
	check_alive();
	setup(9, 1);
	fake_put32(&h, g.rx[0][0].pa + 8, 0 | RXD_GEN);
	ck_assert(fake_rx_bytes(&h, frame, tcp(1000)));
	check_stopped(guest_rxq_pa(&g, 0), ERR_SMALL_BUF, ECR_RQERR);
	check_alive();
}
END_TEST

/* CVE-2016-6834, GL#460, CVE-2020-16092: fragments of no length, and too many. Length 0 means 16
 * KiB here. */
START_TEST(cve_2016_6834_too_many_fragments)
{
	setup(9, 1);
	tcp(100);
	for (unsigned i = 0; i < 59; i++) /* 59 * 16 KiB: longer than any frame, dropped */
		guest_txd(&g, 0, g.tx_buf[0], 0, i == 58 ? TXD_EOP | TXD_CQ : 0);
	guest_bell(&g, 0);
	ck_assert_uint_eq(guest_tx_done(&g, 0), 1);
	ck_assert_uint_eq(guest_tx_stat(&g, 0, TXS_ERROR), 1);
	for (unsigned i = 0; i < 61; i++)
		guest_txd(&g, 0, g.tx_buf[0], 1, 0);
	guest_bell(&g, 0);
	check_stopped(guest_txq_pa(&g, 0), ERR_BIG_PKT, ECR_TQERR);
	check_alive();
}
END_TEST

/* CVE-2015-6815, CVE-2021-20257, GL#547: rings that chase their own tail, segmentation that makes
 * no progress. */
START_TEST(ring_without_end_of_packet)
{
	setup(9, 1);
	fake_put32(&h, guest_txq_pa(&g, 0) + TQ_RING_SIZE, 32);
	g.tx[0].size = 32;
	guest_activate(&g);
	guest_imr(&g, 1, false);
	for (unsigned i = 0; i < 32; i++)
		guest_txd(&g, 0, g.tx_buf[0], 10, 0);
	g.tx[0].size = 64;
	guest_bell(&g, 0);
	ck_assert_uint_eq(h.n_tx, 0);
	check_stopped(guest_txq_pa(&g, 0), ERR_NOEOP, ECR_TQERR);
	check_alive();
}
END_TEST

START_TEST(cve_2021_20257_tso_without_progress)
{
	static const uint32_t mss_hlen[][2] = { { 0, 54 }, { 1, 1023 }, { 16383, 0 }, { 1, 0 },
						{ 1, 13 }, { 1, 33 },	{ 1, 34 },    { 1, 53 },
						{ 1, 55 }, { 1, 154 },	{ 1, 155 } };

	setup(9, 1);
	for (unsigned ext = 0; ext < 4; ext++)
		for (unsigned i = 0; i < 11; i++) {
			uint32_t len = tcp(100);

			guest_queue(&g, 0, frame, &len, 1,
				    mss_hlen[i][0] << 18 | (ext & 1 ? TXD_EXT1 : 0) |
					    (ext & 2 ? TXD_OCO : 0),
				    OM_TSO << 10 | mss_hlen[i][1]);
			guest_bell(&g, 0);
			ck_assert_uint_eq(guest_tx_done(&g, 0), 1);
		}
	ck_assert_uint_eq(h.n_tx, 0);
	check_alive();
}
END_TEST

/* CVE-2016-6835, CVE-2017-6058: headers that claim more than there is; a tag stripped from a frame
 * that ends in it. */
START_TEST(cve_2016_6835_header_lengths)
{
	setup(9, 1);
	for (unsigned i = 0; i < 16; i++)
		for (uint32_t len = 14; len < 70; len++) {
			uint32_t lens[1] = { len };

			tcp(100);
			frame[14] = (uint8_t)(0x40 | i);
			guest_queue(&g, 0, frame, lens, 1, (14 + 4 * i + 16) << 18,
				    OM_CSUM << 10 | (14 + 4 * i));
			guest_bell(&g, 0);
			guest_queue(&g, 0, frame, lens, 1, 10u << 18, OM_TSO << 10 | (34 + 4 * i));
			guest_bell(&g, 0);
			fake_tx_clear(&h);
			guest_tx_done(&g, 0);
			ck_assert(fake_rx_bytes(&h, frame, len));
			guest_rx(&g, 0, &got);
		}
	check_alive();
}
END_TEST

START_TEST(cve_2017_6058_strip_short_frame)
{
	setup(9, 1);
	fake_fill(&h, g.shared + DS_VF_TABLE, 0, 512);
	guest_cmd(&g, (uint32_t)VMX_CMD_UPDATE_VLAN_FILTERS);
	for (uint32_t len = 14; len < 64; len++) {
		tcp(100);
		memcpy(frame + 12, "\x81\x00\x00\x05\x81\x00\x00\x06\x08\x00", 10);
		ck_assert(fake_rx_bytes(&h, frame, len));
		ck_assert(guest_rx(&g, 0, &got));
		ck_assert_uint_eq(got.len, 60);
	}
	check_alive();
}
END_TEST

/* CVE-2016-6836: no byte of a completion is left over from something else. */
START_TEST(cve_2016_6836_completions_are_written_whole)
{
	setup(9, 1);
	fake_fill(&h, g.txc[0].pa + 0, 0x7f, 16); /* generation bit old */
	guest_queue_plain(&g, 0, frame, tcp(100));
	guest_bell(&g, 0);
	ck_assert_uint_eq(fake_get64(&h, g.txc[0].pa), 0);
	ck_assert_uint_eq(fake_get64(&h, g.txc[0].pa + 8), 1ull << 63);
	fake_fill(&h, g.rxc[0].pa, 0x7f, 16);
	ck_assert(fake_rx_bytes(&h, frame, tcp(100)));
	ck_assert(guest_rx(&g, 0, &got));
	ck_assert_uint_eq(got.last.d[1], 0);
	ck_assert_uint_eq(got.last.d[0], RCD_SOP | RCD_EOP);
	ck_assert_uint_eq(got.last.d[2], 154);
	ck_assert_uint_eq(got.last.d[3] & 0xffff, 0);
	check_alive();
}
END_TEST

/* CVE-2024-3567: a checksum offload whose L4 header is cut off. */
START_TEST(cve_2024_3567_truncated_l4)
{
	struct build b = { .proto = 132, .payload = 20 };
	uint32_t len = build_frame(&b, frame);

	setup(9, 1);
	for (uint32_t n = 34; n <= len; n++) {
		uint32_t lens[1] = { n };

		guest_queue(&g, 0, frame, lens, 1, (34u + 8) << 18, OM_CSUM << 10 | 34);
		guest_bell(&g, 0);
		ck_assert_uint_eq(h.n_tx, n >= 34 + 8 + 2);
		fake_tx_clear(&h);
		guest_tx_done(&g, 0);
	}
	check_alive();
}
END_TEST

/* DMA fails at each point in turn: nothing crashes, nothing is left mapped. */
START_TEST(dma_fails_anywhere)
{
	for (int i = 0; i < 120; i++) {
		uint32_t lens[2] = { 300, 754 };

		open_host(9, 1);
		guest_prepare(&g);
		h.dma_fail_in = i;
		guest_activate(&g);
		tcp(1000);
		guest_queue(&g, 0, frame, lens, 2, 0, 0);
		guest_bell(&g, 0);
		fake_rx_bytes(&h, frame, tcp(100));
		fake_rx_bytes(&h, frame, tcp(1400));
		guest_cmd(&g, (uint32_t)VMX_CMD_GET_STATS);
		guest_cmd(&g, (uint32_t)VMX_CMD_UPDATE_MAC_FILTERS);
		guest_cmd(&g, (uint32_t)VMX_CMD_UPDATE_PMCFG);
		fake_carrier(&h, false);
		h.dma_fail_in = -1;
		fake_carrier(&h, true);
		check_alive();
	}
}
END_TEST

/* A guest that rewrites its memory between two reads of it: what was checked is what is used. */
static void flip_lengths(struct fake_host *host, uint64_t addr, size_t len)
{
	uint64_t seed = addr * 2654435761u + len + 1;

	for (unsigned i = 0; i < 64; i++) {
		fake_put32(host, g.tx[0].pa + 16 * i + 8, test_random(&seed));
		fake_put32(host, g.tx[0].pa + 16 * i + 12, test_random(&seed));
		fake_put32(host, g.rx[0][0].pa + 16 * i + 8, test_random(&seed));
		fake_put32(host, g.rx[0][1].pa + 16 * i + 8, test_random(&seed));
	}
	for (unsigned i = 0; i < 200; i += 4)
		fake_put32(host, g.tx_buf[0] + i, test_random(&seed));
}

START_TEST(double_fetch)
{
	setup(9, 1);
	h.lenient = true;
	h.on_dma = flip_lengths;
	for (unsigned i = 0; i < 300; i++) {
		guest_bell(&g, 0);
		fake_rx_bytes(&h, frame, tcp(100 + i * 4));
		fake_advance(&h, 100000);
		if (i % 10 == 0) {
			h.on_dma = NULL;
			guest_cmd(&g, (uint32_t)VMX_CMD_RESET);
			guest_clean(&g);
			ck_assert_uint_eq(guest_activate(&g), 0);
			h.on_dma = flip_lengths;
		}
	}
	h.on_dma = NULL;
	check_alive();
}
END_TEST

START_TEST(descriptor_types_that_do_not_exist)
{
	setup(9, 1);
	guest_txd(&g, 0, g.tx_buf[0], TXD_DTYPE | 100, TXD_EOP | TXD_CQ);
	guest_bell(&g, 0);
	check_stopped(guest_txq_pa(&g, 0), ERR_DESC_NOT_SPT, ECR_TQERR);
	guest_bell(&g, 0);
	ck_assert_uint_eq(h.n_tx, 0);
	check_alive();
	setup(9, 1);
	fake_put32(&h, g.rx[0][0].pa + 8, 2048 | RXD_DTYPE | RXD_GEN);
	ck_assert(fake_rx_bytes(&h, frame, tcp(100)));
	check_stopped(guest_rxq_pa(&g, 0), ERR_DESC_NOT_SPT, ECR_RQERR);
	check_alive();
}
END_TEST

int main(void)
{
	const TTest *const tests[] = {
		cve_2015_8744_short_frames,
		gl517_offload_mode_1,
		gl533_body_type,
		rings_without_a_head,
		cve_2016_6834_too_many_fragments,
		ring_without_end_of_packet,
		cve_2021_20257_tso_without_progress,
		cve_2016_6835_header_lengths,
		cve_2017_6058_strip_short_frame,
		cve_2016_6836_completions_are_written_whole,
		cve_2024_3567_truncated_l4,
		dma_fails_anywhere,
		double_fetch,
		descriptor_types_that_do_not_exist,
		NULL,
	};

	return unit_main("vmxnet3-hostile-rings", tests);
}
