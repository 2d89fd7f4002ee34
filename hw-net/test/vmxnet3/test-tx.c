/* SPDX-License-Identifier: BSD-2-Clause */
/* vmxnet3 transmission: rings, bursts, completions, offload words. */
#include "hwnet/frame.h"
#include "fixture.h"

START_TEST(sends_a_frame_and_completes_it)
{
	uint32_t len;

	setup(9, 1);
	len = udp(100);
	guest_queue_plain(&g, 0, frame, len);
	guest_bell(&g, 0);
	ck_assert_uint_eq(h.n_tx, 1);
	ck_assert_frame_eq(h.tx[0].data, h.tx[0].pkt.len, frame, len);
	ck_assert_uint_eq(guest_tx_done(&g, 0), 1);
	ck_assert_uint_eq(h.msi[0], 1);
	fake_host_fini(&h);
}
END_TEST

/* Every length around the borders of copying and private head, in up to three pieces, however the
 * host maps. */
START_TEST(all_lengths_and_pieces_arrive)
{
	for (unsigned map = FAKE_MAP_FULL; map <= FAKE_MAP_NONE; map++) {
		fake_host_init(&h);
		h.map = map;
		h.irq_mode = HWNET_IRQ_MSIX;
		guest_start(&g, &h, 7, 1);
		for (uint32_t p = 18; p < 1473; p += p < 300 ? 1 : 97) {
			uint32_t len = udp(p), lens[3] = { 14 + p % 50, p % 7 + 1 };

			lens[2] = len - lens[0] - lens[1];
			fake_tx_clear(&h);
			guest_queue(&g, 0, frame, lens, lens[0] + lens[1] < len ? 3 : 0, 0, 0);
			guest_bell(&g, 0);
			if (lens[0] + lens[1] >= len)
				continue;
			ck_assert_uint_eq(h.n_tx, 1);
			ck_assert_frame_eq(h.tx[0].data, h.tx[0].pkt.len, frame, len);
			ck_assert_uint_eq(guest_tx_done(&g, 0), 1);
		}
		fake_host_fini(&h);
	}
}
END_TEST

START_TEST(ring_wraps_many_times)
{
	setup(1, 1);
	for (unsigned i = 0; i < 500; i++) {
		uint32_t len = udp(20 + i), lens[2] = { 42, len - 42 };

		guest_queue(&g, 0, frame, lens, 2, 0, 0);
		guest_bell(&g, 0);
		ck_assert_uint_eq(guest_tx_done(&g, 0), 1);
		ck_assert_frame_eq(h.tx[0].data, h.tx[0].pkt.len, frame, len);
		fake_tx_clear(&h);
	}
	fake_host_fini(&h);
}
END_TEST

/* One doorbell, many frames: one call of the host, one interrupt. */
START_TEST(a_burst_is_one_interrupt)
{
	setup(9, 1);
	for (unsigned i = 0; i < 40; i++)
		guest_queue_plain(&g, 0, frame, udp(30 + i));
	guest_bell(&g, 0);
	ck_assert_uint_eq(h.n_tx, 40);
	ck_assert_uint_eq(h.msi[0], 1);
	ck_assert_uint_eq(guest_tx_done(&g, 0), 40);
	fake_host_fini(&h);
}
END_TEST

static uint64_t written;
static size_t written_len;

static int watch_write(void *opaque, uint64_t addr, const void *buf, size_t len)
{
	written = addr;
	written_len = len;
	fake_put(&h, addr, buf, len);
	return 0;
}

/* A driver that sees a new completion reads on: the first of a batch, which may wrap, is written
 * last; and that as a whole, its generation bit in the half that is seen last. */
START_TEST(first_completion_is_written_last)
{
	open_host(9, 1);
	g.tx_size = 32;
	guest_prepare(&g);
	ck_assert_uint_eq(guest_activate(&g), 0);
	h.ops.dma_write = watch_write;
	for (unsigned i = 0; i < 60; i += 12) {
		for (unsigned j = 0; j < (i ? 12 : 1); j++)
			guest_queue_plain(&g, 0, frame, udp(100));
		written = 0;
		guest_bell(&g, 0);
		ck_assert_uint_eq(written, g.txc[0].pa + 16 * g.txc[0].next);
		ck_assert_uint_eq(written_len, 16);
		ck_assert_uint_eq(guest_tx_done(&g, 0), i ? 12 : 1);
	}
	fake_host_fini(&h);
}
END_TEST

/* What the host does not take stays in the ring, and in its order. */
START_TEST(partial_acceptance_keeps_the_rest)
{
	setup(9, 1);
	h.tx_room = 5;
	for (unsigned i = 0; i < 12; i++) {
		frame[0] = 0x52;
		guest_queue_plain(&g, 0, frame, udp(30 + i));
	}
	guest_bell(&g, 0);
	ck_assert_uint_eq(h.n_tx, 5);
	ck_assert_uint_eq(guest_tx_done(&g, 0), 5);
	guest_bell(&g, 0); /* a doorbell does not help */
	ck_assert_uint_eq(h.n_tx, 5);
	h.tx_room = 3;
	fake_tx_ready(&h);
	ck_assert_uint_eq(h.n_tx, 8);
	fake_reopen(&h); /* in-flight frames are in the guest's ring only */
	h.tx_room = UINT32_MAX;
	fake_tx_ready(&h);
	ck_assert_uint_eq(h.n_tx, 12);
	ck_assert_uint_eq(guest_tx_done(&g, 0), 7);
	for (unsigned i = 0; i < 12; i++)
		ck_assert_uint_eq(h.tx[i].pkt.len, 42 + 30 + i);
	fake_host_fini(&h);
}
END_TEST

START_TEST(queues_are_served_in_turn)
{
	setup(6, 4);
	h.kick = FAKE_KICK_DEFERRED;
	for (unsigned q = 0; q < 4; q++)
		for (unsigned i = 0; i < 3; i++) {
			guest_queue_plain(&g, q, frame, udp(30 + q));
			guest_bell(&g, q);
		}
	while (fake_run(&h, 2))
		;
	ck_assert_uint_eq(h.n_tx, 12);
	for (unsigned i = 0; i < 12; i++)
		ck_assert_uint_eq(h.tx[i].pkt.len, 42 + 30 + h.tx[i].queue);
	for (unsigned q = 0; q < 4; q++)
		ck_assert_uint_eq(guest_tx_done(&g, q), 3);
	fake_host_fini(&h);
}
END_TEST

START_TEST(vlan_tag_goes_into_the_metadata)
{
	uint32_t len = udp(60);

	setup(9, 1);
	guest_queue(&g, 0, frame, &len, 1, 0, TXD_TI | 0x6123u << 16);
	guest_bell(&g, 0);
	ck_assert_uint_eq(h.tx[0].pkt.flags, PKT_VLAN);
	ck_assert_uint_eq(h.tx[0].pkt.vlan_tci, 0x6123);
	ck_assert_uint_eq(h.tx[0].pkt.vlan_tpid, 0x8100);
	fake_host_fini(&h);
}
END_TEST

START_TEST(checksum_offload_has_its_words)
{
	uint32_t len = udp(300), lens[2] = { 42, len - 42 };

	setup(9, 1);
	guest_queue(&g, 0, frame, lens, 2, (34u + 6) << 18, OM_CSUM << 10 | 34);
	guest_bell(&g, 0);
	ck_assert_uint_eq(h.tx[0].pkt.flags, PKT_CSUM_PARTIAL);
	ck_assert_uint_eq(h.tx[0].pkt.csum_start, 34);
	ck_assert_uint_eq(h.tx[0].pkt.csum_offset, 6);
	fake_host_fini(&h);
}
END_TEST

/* csum-rewrite: what leaves is what is shown to the host, wherever the guest has its sum stored. */
START_TEST(a_sum_in_any_other_place_is_seen)
{
	static const uint32_t fields[] = { 0, 6, 12, 26, 34, 36, 38 };
	uint32_t len = udp(300), sum;

	for (unsigned i = 0; i < 2 * 7; i++) {
		uint32_t at = fields[i / 2], hlen = i & 1 ? at : 0;

		setup(9, 1);
		sum = slow_sum(0, frame + hlen, len - hlen);
		guest_queue(&g, 0, frame, &len, 1, at << 18, OM_CSUM << 10 | hlen);
		guest_bell(&g, 0);
		ck_assert_uint_eq(h.n_tx, 1);
		ck_assert_uint_eq(h.tx[0].pkt.flags, 0);
		ck_assert_uint_eq(frame_be16(h.tx[0].data + at), (uint16_t)~sum);
		fake_host_fini(&h);
	}
}
END_TEST

/* Queue a message with the headers in one descriptor and the payload in pieces of 4 KiB, as Linux
 * gives it. */
static void queue_tso(const struct build *b, uint32_t mss, uint32_t d2, uint32_t om)
{
	uint32_t len = build_frame(b, frame), hdr = build_headers(b), lens[24] = { hdr }, n = 1;

	for (uint32_t at = hdr; at < len; at += lens[n++])
		lens[n] = len - at < 4096 ? len - at : 4096;
	guest_queue(&g, 0, frame, lens, n, d2 | mss << 18, om << 10 | hdr);
	guest_bell(&g, 0);
}

/* What the device owes a message: the words, and headers as of one large frame. */
static void check_tso(const struct build *b, uint32_t mss)
{
	const struct pkt *pkt = &h.tx[0].pkt;
	uint32_t hdr = build_headers(b), len = build_frame(b, frame);

	ck_assert_uint_eq(h.n_tx, 1);
	ck_assert_uint_eq(pkt->len, len);
	ck_assert_uint_eq(pkt->gso_type, b->v6 ? PKT_GSO_TCPV6 : PKT_GSO_TCPV4);
	ck_assert_uint_eq(pkt->gso_size, mss);
	ck_assert_uint_eq(pkt->hdr_len, hdr);
	ck_assert_ptr_null(gso_check(pkt, NULL));
	ck_assert_mem_eq(h.tx[0].data + hdr, frame + hdr, len - hdr);
}

START_TEST(tso_travels_whole)
{
	struct build b = { .payload = 60000, .tcp_opts = 12 };

	setup(9, 1);
	queue_tso(&b, 1448, 0, OM_TSO);
	check_tso(&b, 1448);
	ck_assert_uint_eq(guest_tx_done(&g, 0), 1);
	ck_assert_uint_eq(guest_tx_stat(&g, 0, TXS_TSO_PKTS), 42);
	ck_assert_uint_eq(guest_tx_stat(&g, 0, TXS_UCAST_PKTS), 42);
	ck_assert_uint_eq(guest_tx_stat(&g, 0, TXS_TSO_BYTES), 60000 + 42 * 66);
	fake_tx_clear(&h);
	b.v6 = true;
	queue_tso(&b, 1428, 0, OM_TSO);
	check_tso(&b, 1428);
	fake_host_fini(&h);
}
END_TEST

/* Linux leaves the IPv4 checksum 0 and the length out of the pseudo-header; FreeBSD writes a
 * segment's length. */
START_TEST(tso_headers_are_completed)
{
	struct build b = { .payload = 9000 };
	uint32_t hdr;

	setup(4, 1);
	hdr = build_headers(&b);
	build_frame(&b, frame);
	frame[14 + 2] = frame[14 + 3] = frame[14 + 10] = frame[14 + 11] = 0;
	guest_queue(&g, 0, frame, (uint32_t[]) { hdr, 4096, 4904 }, 3, 1460u << 18,
		    OM_TSO << 10 | hdr);
	guest_bell(&g, 0);
	ck_assert_uint_eq(h.n_tx, 1);
	ck_assert_uint_eq(frame_be16(h.tx[0].data + 16), 9040);
	ck_assert_uint_eq(slow_sum(0, h.tx[0].data + 14, 20), 0xffff);
	fake_host_fini(&h);
}
END_TEST

/* Revision 4: om 1 and the end of the headers; revision 7: om 3 and ext1. The ports are of no
 * standard. */
START_TEST(tunnel_tso_by_offsets)
{
	for (unsigned i = 0; i < 8; i++) {
		struct build b = { .payload = 20000,
				   .tunnel = i & 1 ? BUILD_GENEVE : BUILD_VXLAN,
				   .v6 = i & 2,
				   .outer_v6 = false };
		bool v7 = i & 4;

		setup(v7 ? 9 : 4, 1);
		queue_tso(&b, 1400, v7 ? TXD_EXT1 : 0, v7 ? OM_TSO : OM_ENCAP);
		check_tso(&b, 1400);
		ck_assert_uint_eq(h.tx[0].pkt.outer_l4, 34);
		fake_host_fini(&h);
	}
}
END_TEST

START_TEST(tunnel_outer_checksum)
{
	struct build b = { .payload = 20000, .tunnel = BUILD_VXLAN, .outer_csum = true };

	setup(9, 1);
	queue_tso(&b, 1400, TXD_EXT1 | TXD_OCO, OM_TSO);
	check_tso(&b, 1400);
	ck_assert_uint_eq(h.tx[0].pkt.flags & PKT_OUTER_CSUM, PKT_OUTER_CSUM);
	fake_host_fini(&h);
}
END_TEST

static void tunnel_csum(unsigned rev, unsigned proto, enum build_tunnel tunnel)
{
	struct build b = { .payload = 500, .tunnel = tunnel, .proto = (uint8_t)proto };
	uint32_t len = build_frame(&b, frame), hdr = build_headers(&b);
	uint32_t l4 = hdr - (proto == 6 ? 20 : 8), field = l4 + (proto == 6 ? 16 : 6);
	uint32_t lens[2] = { hdr, len - hdr };

	setup(rev, 1);
	if (rev >= 7)
		guest_queue(&g, 0, frame, lens, 2, TXD_EXT1 | field << 18, OM_CSUM << 10 | hdr);
	else
		guest_queue(&g, 0, frame, lens, 2, 0, OM_ENCAP << 10 | hdr);
	guest_bell(&g, 0);
	ck_assert_uint_eq(h.n_tx, 1);
	ck_assert_uint_eq(h.tx[0].pkt.csum_start, l4);
	ck_assert_uint_eq(h.tx[0].pkt.csum_offset, field - l4);
	fake_host_fini(&h);
}

START_TEST(tunnel_checksum_by_offsets)
{
	for (unsigned rev = 4; rev <= 9; rev++)
		for (unsigned t = BUILD_VXLAN; t <= BUILD_GENEVE; t++) {
			tunnel_csum(rev, 6, t);
			tunnel_csum(rev, 17, t);
		}
}
END_TEST

/* A frame that cannot be sent is dropped, counted, and completed in its place; the queue goes
 * on. */
START_TEST(bad_frames_are_dropped_in_order)
{
	uint32_t len = udp(100), tiny = 13;

	setup(9, 1);
	guest_queue_plain(&g, 0, frame, len);
	guest_queue(&g, 0, frame, &tiny, 1, 0, 0);
	guest_queue(&g, 0, frame, &len, 1, 2000u << 18, OM_CSUM << 10 | 34); /* field outside */
	guest_queue(&g, 0, frame, &len, 1, 0, OM_TSO << 10 | 42);	     /* no MSS */
	guest_queue(&g, 0, frame, &len, 1, 100u << 18,
		    OM_TSO << 10 | 600); /* headers longer than the frame */
	guest_txd(&g, 0, FAKE_NOWHERE, 100, TXD_EOP | TXD_CQ);
	guest_queue_plain(&g, 0, frame, len);
	guest_bell(&g, 0);
	ck_assert_uint_eq(h.n_tx, 2);
	ck_assert_uint_eq(guest_tx_done(&g, 0), 7);
	ck_assert_uint_eq(guest_tx_stat(&g, 0, TXS_ERROR), 5);
	ck_assert_uint_eq(guest_tx_stat(&g, 0, TXS_UCAST_PKTS), 2);
	fake_host_fini(&h);
}
END_TEST

START_TEST(completion_only_where_asked_for)
{
	uint32_t len = udp(100);

	setup(9, 1);
	fake_put(&h, g.tx_buf[0], frame, len);
	guest_txd(&g, 0, g.tx_buf[0], len, TXD_EOP);
	guest_txd(&g, 0, g.tx_buf[0], len, TXD_EOP | TXD_CQ);
	guest_bell(&g, 0);
	ck_assert_uint_eq(h.n_tx, 2);
	ck_assert_uint_eq(fake_get32(&h, g.txc[0].pa), 1);
	ck_assert_uint_eq(fake_get32(&h, g.txc[0].pa + 16 + 12), 0);
	fake_host_fini(&h);
}
END_TEST

START_TEST(half_a_frame_waits)
{
	uint32_t len = udp(300);

	setup(9, 1);
	fake_put(&h, g.tx_buf[0], frame, len);
	guest_txd(&g, 0, g.tx_buf[0], 42, 0);
	guest_bell(&g, 0);
	ck_assert_uint_eq(h.n_tx, 0);
	guest_txd(&g, 0, g.tx_buf[0] + 42, len - 42, TXD_EOP | TXD_CQ);
	guest_bell(&g, 0);
	ck_assert_uint_eq(h.n_tx, 1);
	ck_assert_uint_eq(h.errors, 0);
	fake_host_fini(&h);
}
END_TEST

START_TEST(without_link_frames_are_discarded)
{
	setup(9, 1);
	fake_carrier(&h, false);
	guest_queue_plain(&g, 0, frame, udp(100));
	guest_bell(&g, 0);
	ck_assert_uint_eq(h.n_tx, 0);
	ck_assert_uint_eq(guest_tx_done(&g, 0), 1);
	ck_assert_uint_eq(guest_tx_stat(&g, 0, TXS_DISCARD), 1);
	fake_host_fini(&h);
}
END_TEST

/* 32 doorbells in quick succession: the threshold goes up, the device looks by itself, and comes
 * down when there is nothing. */
START_TEST(threshold_follows_the_load)
{
	uint64_t thr;

	setup(9, 1);
	thr = guest_txq_pa(&g, 0) + TQ_THRESHOLD;
	ck_assert_uint_eq(fake_get32(&h, thr), 1);
	for (unsigned i = 0; i < 40; i++) {
		guest_queue_plain(&g, 0, frame, udp(30));
		guest_bell(&g, 0);
		guest_tx_done(&g, 0);
		fake_advance(&h, 2000);
	}
	ck_assert_uint_gt(fake_get32(&h, thr), 1);
	fake_tx_clear(&h);
	guest_queue_plain(&g, 0, frame, udp(30)); /* no doorbell */
	ck_assert_uint_eq(h.n_tx, 0);
	fake_advance(&h, 260000);
	ck_assert_uint_eq(h.n_tx, 1);
	ck_assert_uint_eq(fake_get32(&h, thr), 1);
	guest_queue_plain(&g, 0, frame, udp(30)); /* queued while the old value was still seen */
	fake_advance(&h, 260000);
	ck_assert_uint_eq(h.n_tx, 2);
	fake_advance(&h, 10000000);
	ck_assert_int_eq(h.deadline, HWNET_NEVER);
	fake_host_fini(&h);
}
END_TEST

int main(void)
{
	const TTest *const tests[] = {
		sends_a_frame_and_completes_it,
		all_lengths_and_pieces_arrive,
		ring_wraps_many_times,
		a_burst_is_one_interrupt,
		first_completion_is_written_last,
		partial_acceptance_keeps_the_rest,
		queues_are_served_in_turn,
		vlan_tag_goes_into_the_metadata,
		checksum_offload_has_its_words,
		a_sum_in_any_other_place_is_seen,
		tso_travels_whole,
		tso_headers_are_completed,
		tunnel_tso_by_offsets,
		tunnel_outer_checksum,
		tunnel_checksum_by_offsets,
		bad_frames_are_dropped_in_order,
		completion_only_where_asked_for,
		half_a_frame_waits,
		without_link_frames_are_discarded,
		threshold_follows_the_load,
		NULL,
	};

	return unit_main("vmxnet3-tx", tests);
}
