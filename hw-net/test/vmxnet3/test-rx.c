/* SPDX-License-Identifier: BSD-2-Clause */
/* vmxnet3 reception: buffers, rings, back-pressure, what completions say. */
#include "fixture.h"

START_TEST(delivers_a_frame)
{
	uint32_t len;

	setup(9, 1);
	len = udp(100);
	ck_assert(fake_rx_bytes(&h, frame, len));
	ck_assert_uint_eq(h.msi[0], 1);
	ck_assert(guest_rx(&g, 0, &got));
	ck_assert_frame_eq(got.data, got.len, frame, len);
	ck_assert(!guest_rx(&g, 0, &got));
	fake_host_fini(&h);
}
END_TEST

/* All lengths, all kinds of mapping; small frames through the data ring from revision 3 on. */
START_TEST(all_lengths_arrive)
{
	for (unsigned map = FAKE_MAP_FULL; map <= FAKE_MAP_NONE; map++) {
		struct sent s;

		fake_host_init(&h);
		h.map = map;
		h.irq_mode = HWNET_IRQ_MSIX;
		guest_start(&g, &h, map & 1 ? 2 : 9, 1);
		for (uint32_t p = 18; p <= 1472; p += p < 300 ? 1 : 61) {
			uint32_t len = udp(p);

			ck_assert_uint_eq(deliver(send_pkt(&s, len)), 1);
			ck_assert(guest_rx(&g, 0, &got));
			ck_assert_frame_eq(got.data, got.len, frame, len);
			ck_assert_uint_eq(got.ring, g.rev >= 3 && len <= 128 ? 2 : 0);
		}
		fake_host_fini(&h);
	}
}
END_TEST

START_TEST(short_frames_are_padded)
{
	setup(9, 1);
	memset(frame, 0, 60);
	memset(frame, 0xff, 6);
	fake_fill(&h, g.data[0], 0xaa, g.data_len); /* what was there before must not show */
	ck_assert(fake_rx_bytes(&h, frame, 42));
	ck_assert(guest_rx(&g, 0, &got));
	ck_assert_frame_eq(got.data, got.len, frame, 60);
	fake_host_fini(&h);
}
END_TEST

START_TEST(a_burst_is_one_interrupt)
{
	const struct pkt *pkts[40];
	struct sent s;

	setup(9, 1);
	for (unsigned i = 0; i < 40; i++)
		pkts[i] = send_pkt(&s, udp(200));
	ck_assert_uint_eq(fake_rx(&h, pkts, 40), 40);
	ck_assert_uint_eq(h.msi[0], 1);
	for (unsigned i = 0; i < 40; i++)
		ck_assert(guest_rx(&g, 0, &got));
	ck_assert_uint_eq(guest_rx_stat(&g, 0, RXS_UCAST_PKTS), 40);
	fake_host_fini(&h);
}
END_TEST

/* A jumbo frame over head and bodies: bodies of ring 0 first, then those of ring 1. */
START_TEST(compound_frames)
{
	for (unsigned bodies = 0; bodies < 3; bodies++) {
		struct sent s;

		open_host(6, 1);
		g.mtu = 9000;
		g.bodies = bodies;
		g.head_len = 2048;
		g.rx_size = 96;
		start();
		for (unsigned i = 0; i < 200; i++) {
			uint32_t len = udp(20 + i * 44);

			ck_assert_uint_eq(deliver(send_pkt(&s, len)), 1);
			ck_assert(guest_rx(&g, 0, &got));
			ck_assert_frame_eq(got.data, got.len, frame, len);
			if (len > 2048 + 4096)
				ck_assert_uint_eq(got.ring, bodies < 2);
		}
		fake_host_fini(&h);
	}
}
END_TEST

/* A full ring holds frames back; nothing is lost, nothing comes twice, and the host hears when to
 * go on. */
START_TEST(full_ring_holds_frames_back)
{
	unsigned n = 0, seen = 0;

	setup(9, 1);
	for (;; n++) {
		udp(500);
		frame[42] = (uint8_t)n;
		if (!fake_rx_bytes(&h, frame, 542))
			break;
	}
	ck_assert_uint_eq(n, 63);
	ck_assert_uint_eq(h.rx_ready, 0);
	ck_assert_uint_eq(fake_get8(&h, guest_rxq_pa(&g, 0)), 1); /* updateRxProd */
	ck_assert_uint_eq(hwnet_counters(h.nic)->rx_held, 1);
	while (guest_rx_keep(&g, 0, &got))
		ck_assert_uint_eq(got.data[42], seen++);
	ck_assert_uint_eq(seen, 63);
	guest_refill(&g, 0); /* with a doorbell, because it was asked for */
	ck_assert_uint_eq(h.rx_ready, 1);
	ck_assert_uint_eq(fake_get8(&h, guest_rxq_pa(&g, 0)), 0);
	ck_assert(fake_rx_bytes(&h, frame, 542));
	ck_assert(guest_rx(&g, 0, &got));
	ck_assert_uint_eq(got.data[42], 63);
	fake_host_fini(&h);
}
END_TEST

/* A driver that does not ring: unmasking its vector is enough, and if it polls without interrupts,
 * time. */
START_TEST(starved_queue_recovers_without_doorbell)
{
	setup(9, 1);
	while (udp(500) && fake_rx_bytes(&h, frame, 542))
		;
	while (guest_rx_keep(&g, 0, &got))
		;
	fake_put8(&h, guest_rxq_pa(&g, 0), 0); /* it does not look */
	guest_refill(&g, 0);
	ck_assert_uint_eq(h.rx_ready, 0);
	guest_imr(&g, 0, false);
	ck_assert_uint_eq(h.rx_ready, 1);
	while (udp(500) && fake_rx_bytes(&h, frame, 542))
		;
	while (guest_rx_keep(&g, 0, &got))
		;
	fake_advance(&h, 100000000); /* nothing was given back */
	ck_assert_uint_eq(h.rx_ready, 1);
	fake_put8(&h, guest_rxq_pa(&g, 0), 0);
	guest_refill(&g, 0);
	fake_advance(&h, 8000000);
	ck_assert_uint_eq(h.rx_ready, 2);
	fake_host_fini(&h);
}
END_TEST

/*
 * With LRO, Linux delivers through GRO or not as updateRxProd says: if that changes, frames of a
 * flow overtake each other in the guest.
 */
START_TEST(lro_guests_keep_their_order)
{
	open_host(9, 1);
	g.features |= UPT_F_LRO;
	start();
	while (udp(500) && fake_rx_bytes(&h, frame, 542))
		ck_assert_uint_eq(fake_get8(&h, guest_rxq_pa(&g, 0)), 0);
	ck_assert_uint_eq(fake_get8(&h, guest_rxq_pa(&g, 0)), 0);
	while (guest_rx_keep(&g, 0, &got))
		;
	guest_refill(&g, 0);
	ck_assert_uint_eq(h.rx_ready, 0);
	fake_advance(&h, 250000); /* it polls on without unmasking */
	ck_assert_uint_eq(h.rx_ready, 1);
	ck_assert(fake_rx_bytes(&h, frame, 542));
	fake_host_fini(&h);
}
END_TEST

START_TEST(hold_survives_migration)
{
	setup(9, 1);
	while (udp(500) && fake_rx_bytes(&h, frame, 542))
		;
	fake_reopen(&h);
	ck_assert(!fake_rx_bytes(&h, frame, 542));
	while (guest_rx_keep(&g, 0, &got))
		;
	guest_refill(&g, 0);
	ck_assert(fake_rx_bytes(&h, frame, 542));
	fake_host_fini(&h);
}
END_TEST

/* The one descriptor that guest_refill() leaves out. */
static void give_last(void)
{
	const struct guest_ring *r = &g.rx[0][0];
	uint64_t at = r->pa + 16 * r->next;

	fake_put64(&h, at, g.rx_buf[0][0] + 4096ull * r->next);
	fake_put32(&h, at + 8, g.head_len | (r->gen ? RXD_GEN : 0));
}

/* The smallest ring, and never an entry of it that is not the device's. */
START_TEST(ring_is_given_whole)
{
	open_host(2, 1);
	g.rx_size = 32;
	start();
	for (uint32_t i = 0; i < 100; i++) {
		uint32_t len = udp(100 + i);

		give_last();
		ck_assert(fake_rx_bytes(&h, frame, len));
		ck_assert(guest_rx(&g, 0, &got));
		ck_assert_frame_eq(got.data, got.len, frame, len);
	}
	fake_host_fini(&h);
}
END_TEST

/* OSv: filter and mode are set before ACTIVATE, when commands are nothing, and count from there on;
 * both rings are given whole, and doorbells of 0 follow. */
START_TEST(osv_starts)
{
	open_host(1, 1);
	ck_assert_uint_eq(bar1(VMX_VRRS) & 1, 1);
	fake_write(&h, 1, VMX_UVRS, 1, 4);
	g.rx_mode = RXM_UCAST | RXM_BCAST | RXM_MCAST | RXM_ALL_MULTI;
	guest_prepare(&g);
	fake_write(&h, 1, VMX_DSAL, (uint32_t)g.shared, 4);
	fake_write(&h, 1, VMX_DSAL + 8, (uint32_t)(g.shared >> 32), 4);
	guest_cmd(&g, VMX_CMD_UPDATE_MAC_FILTERS);
	guest_cmd(&g, VMX_CMD_UPDATE_RX_MODE);
	ck_assert_uint_eq(guest_activate(&g), 0);
	fake_write(&h, 0, VMX_RXPROD, 0, 4);
	fake_write(&h, 0, VMX_RXPROD2, 0, 4);
	guest_imr(&g, 0, false);
	for (uint32_t i = 0; i < 100; i++) {
		uint32_t len = udp(100 + i);

		give_last();
		ck_assert(fake_rx_bytes(&h, frame, len));
		ck_assert(guest_rx(&g, 0, &got));
		ck_assert_frame_eq(got.data, got.len, frame, len);
	}
	fake_host_fini(&h);
}
END_TEST

/* The device looks ahead into its rings. After ACTIVATE, or another state, they are others. */
START_TEST(what_was_read_ahead_is_forgotten)
{
	static uint8_t state[1 << 20];
	char err[128];

	for (unsigned load = 0; load < 2; load++) {
		uint32_t len = udp(100);
		size_t n;

		setup(2, 1);
		n = fake_save(&h, state, sizeof(state));
		ck_assert(fake_rx_bytes(&h, frame, len));
		g.rx_buf[0][0] = fake_alloc(&h, g.rx_size * 4096, 4096);
		guest_clean(&g);
		ck_assert_int_eq(load ? fake_load(&h, state, n, err, sizeof(err)) :
					(int)guest_activate(&g),
				 0);
		ck_assert(fake_rx_bytes(&h, frame, len));
		ck_assert(guest_rx(&g, 0, &got));
		ck_assert_frame_eq(got.data, got.len, frame, len);
		fake_host_fini(&h);
	}
}
END_TEST

/* iPXE: no second ring, buffers of 2 KiB. */
START_TEST(one_ring_is_enough)
{
	struct sent s;

	open_host(1, 1);
	g.rx2_size = 0;
	g.rx_size = 32;
	g.head_len = 128;
	start();
	ck_assert_uint_eq(deliver(send_pkt(&s, udp(60))), 1);
	ck_assert(guest_rx(&g, 0, &got));
	ck_assert_uint_eq(deliver(send_pkt(&s, udp(600))),
			  1); /* does not fit into any buffer: dropped */
	ck_assert(!guest_rx(&g, 0, &got));
	ck_assert_uint_eq(guest_rx_stat(&g, 0, RXS_ERROR), 1);
	fake_host_fini(&h);
}
END_TEST

/* A message in more buffers than the driver can chain arrives as segments (Linux dies of a 18th
 * fragment). */
START_TEST(scatter_limit_is_kept)
{
	struct sent s;

	open_host(9, 1);
	g.features |= UPT_F_LRO;
	g.max_sg = 4;
	start();
	message(&s, (struct build) { .payload = 30000 }, 1460);
	ck_assert_uint_eq(deliver(&s.pkt), 1);
	ck_assert_uint_eq(count_segments(&s.pkt), 21);
	message(&s, (struct build) { .payload = 12000 }, 1460);
	ck_assert_uint_eq(deliver(&s.pkt), 1);
	ck_assert(guest_rx(&g, 0, &got));
	ck_assert_uint_eq(got.n, 4);
	fake_host_fini(&h);
}
END_TEST

START_TEST(too_long_and_bad_frames_are_dropped)
{
	struct sent s;

	setup(9, 1);
	ck_assert_uint_eq(deliver(send_pkt(&s, udp(1500 + 14 + 8 - 42))), 1);
	ck_assert(guest_rx(&g, 0, &got));
	ck_assert_uint_eq(deliver(send_pkt(&s, udp(1500 + 14 + 9 - 42))), 1);
	ck_assert(!guest_rx(&g, 0, &got));
	send_pkt(&s, udp(100));
	s.pkt.flags = PKT_FCS_BAD;
	ck_assert_uint_eq(deliver(&s.pkt), 1);
	ck_assert(!guest_rx(&g, 0, &got));
	ck_assert_uint_eq(guest_rx_stat(&g, 0, RXS_ERROR), 2);
	fake_host_fini(&h);
}
END_TEST

START_TEST(inactive_or_without_link_it_drops)
{
	struct sent s;

	setup(9, 1);
	fake_carrier(&h, false);
	ck_assert_uint_eq(deliver(send_pkt(&s, udp(100))), 1);
	fake_carrier(&h, true);
	guest_cmd(&g, (uint32_t)VMX_CMD_QUIESCE);
	ck_assert_uint_eq(deliver(&s.pkt), 1);
	ck_assert(!guest_rx(&g, 0, &got));
	ck_assert_uint_eq(hwnet_counters(h.nic)->rx_dropped, 2);
	fake_host_fini(&h);
}
END_TEST

int main(void)
{
	const TTest *const tests[] = {
		delivers_a_frame,
		all_lengths_arrive,
		short_frames_are_padded,
		a_burst_is_one_interrupt,
		compound_frames,
		full_ring_holds_frames_back,
		starved_queue_recovers_without_doorbell,
		lro_guests_keep_their_order,
		hold_survives_migration,
		ring_is_given_whole,
		osv_starts,
		what_was_read_ahead_is_forgotten,
		one_ring_is_enough,
		scatter_limit_is_kept,
		too_long_and_bad_frames_are_dropped,
		inactive_or_without_link_it_drops,
		NULL,
	};

	return unit_main("vmxnet3-rx", tests);
}
