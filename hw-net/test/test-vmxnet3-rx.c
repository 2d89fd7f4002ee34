/* SPDX-License-Identifier: BSD-2-Clause */
/* vmxnet3 reception: buffers, rings, back-pressure, what completions say. */
#include "unit.h"
#include "build-frame.h"
#include "hwnet/frame.h"
#include "vmxnet3-guest.h"

static struct fake_host h;
static struct guest g;
static struct guest_frame got;
static uint8_t frame[BUILD_ROOM];

static const uint8_t station[6] = { 0x52, 0x54, 0x00, 0x12, 0x34, 0x56 };

static void open_host(unsigned rev, unsigned queues)
{
	fake_host_init(&h);
	h.irq_mode = HWNET_IRQ_MSIX;
	guest_open(&g, &h, rev, queues);
}

static void start(void)
{
	guest_prepare(&g);
	ck_assert_uint_eq(guest_activate(&g), 0);
	for (unsigned i = 0; i <= g.queues; i++)
		guest_imr(&g, i, false);
}

static void setup(unsigned rev, unsigned queues)
{
	open_host(rev, queues);
	start();
}

/* Build a frame to the station. */
static uint32_t make(struct build b)
{
	memcpy(b.dst, station, 6);
	return build_frame(&b, frame);
}

static uint32_t udp(uint32_t payload)
{
	return make((struct build) { .proto = 17, .payload = payload });
}

/* A frame as the switch gives it: private head, the rest somewhere else. */
struct sent {
	struct pkt pkt;
	struct iovec iov[2];
	uint8_t head[512];
};

static struct pkt *send_pkt(struct sent *s, uint32_t len)
{
	uint32_t n = len < 300 ? len : 300;

	memset(s, 0, sizeof(*s));
	memcpy(s->head, frame, n);
	s->iov[0] = (struct iovec) { s->head, n };
	s->iov[1] = (struct iovec) { frame + n, len - n };
	s->pkt.iov = s->iov;
	s->pkt.iovcnt = len > n ? 2 : 1;
	s->pkt.len = len;
	return &s->pkt;
}

static unsigned deliver(const struct pkt *pkt)
{
	return fake_rx(&h, &pkt, 1);
}

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

static uint32_t flags_of(struct build b, uint16_t pkt_flags)
{
	struct sent s;
	uint32_t len = make(b);

	send_pkt(&s, len)->flags = pkt_flags;
	ck_assert_uint_eq(deliver(&s.pkt), 1);
	ck_assert(guest_rx(&g, 0, &got));
	return (got.last.d[3] &
		(RCD_V4 | RCD_V6 | RCD_TCP | RCD_UDP | RCD_IPC | RCD_TUC | RCD_FRG)) |
	       (got.last.d[0] & RCD_CNC);
}

START_TEST(checksum_status_is_true)
{
	struct build b = { .payload = 100 };

	setup(9, 1);
	ck_assert_uint_eq(flags_of(b, 0), RCD_V4 | RCD_TCP | RCD_IPC | RCD_TUC);
	b.bad_csum = true;
	ck_assert_uint_eq(flags_of(b, 0), RCD_V4 | RCD_TCP | RCD_IPC);
	b.v6 = true;
	ck_assert_uint_eq(flags_of(b, 0), RCD_V6 | RCD_TCP);
	b.bad_csum = false;
	ck_assert_uint_eq(flags_of(b, 0), RCD_V6 | RCD_TCP | RCD_TUC);
	b = (struct build) { .proto = 17, .payload = 50 };
	ck_assert_uint_eq(flags_of(b, 0), RCD_V4 | RCD_UDP | RCD_IPC | RCD_TUC);
	b.no_csum = true;
	ck_assert_uint_eq(flags_of(b, 0), RCD_V4 | RCD_UDP | RCD_IPC | RCD_CNC);
	b = (struct build) { .proto = 17, .payload = 50, .frag = 0x2000 };
	ck_assert_uint_eq(flags_of(b, 0) & ~RCD_UDP, RCD_V4 | RCD_IPC | RCD_FRG | RCD_CNC);
	b = (struct build) { .proto = 1, .payload = 50 };
	ck_assert_uint_eq(flags_of(b, 0), RCD_V4 | RCD_IPC | RCD_CNC);
	fake_host_fini(&h);
}
END_TEST

START_TEST(without_rxcsum_nothing_is_said)
{
	open_host(9, 1);
	g.features = 0;
	start();
	ck_assert_uint_eq(flags_of((struct build) { .payload = 100 }, 0) &
				  (RCD_CNC | RCD_TUC | RCD_IPC),
			  RCD_CNC);
	fake_host_fini(&h);
}
END_TEST

/* What another guest left unfinished is finished: this one may forward it. */
START_TEST(partial_checksum_is_completed)
{
	uint8_t whole[2000];
	struct sent s;
	uint32_t len;
	uint16_t sum;

	setup(9, 1);
	len = make((struct build) { .payload = 900 });
	memcpy(whole, frame, len);
	sum = csum_fold16(csum_pseudo4(frame + 26, 6, len - 34));
	memcpy(frame + 50, &sum, 2);
	send_pkt(&s, len);
	s.pkt.flags = PKT_CSUM_PARTIAL;
	s.pkt.csum_start = 34;
	s.pkt.csum_offset = 16;
	ck_assert_uint_eq(deliver(&s.pkt), 1);
	ck_assert(guest_rx(&g, 0, &got));
	ck_assert_frame_eq(got.data, got.len, whole, len);
	ck_assert_uint_eq(got.last.d[3] & RCD_TUC, RCD_TUC);
	fake_host_fini(&h);
}
END_TEST

START_TEST(tags_are_stripped_or_inserted)
{
	struct build b = { .payload = 100, .tpid = { 0x8100 }, .tci = { 0x6042 } };
	uint8_t plain[300];
	struct sent s;
	uint32_t len, tagged;

	for (unsigned strip = 0; strip < 2; strip++) {
		open_host(9, 1);
		g.features = UPT_F_RXCSUM | (strip ? UPT_F_RXVLAN : 0);
		start();
		fake_put32(&h, g.shared + DS_VF_TABLE + 4 * (0x42 / 32), 1u << (0x42 % 32));
		guest_cmd(&g, (uint32_t)VMX_CMD_UPDATE_VLAN_FILTERS);
		len = make((struct build) { .payload = 100 });
		memcpy(plain, frame, len);
		/* in the metadata */
		send_pkt(&s, len);
		s.pkt.flags = PKT_VLAN;
		s.pkt.vlan_tpid = 0x8100;
		s.pkt.vlan_tci = 0x6042;
		ck_assert_uint_eq(deliver(&s.pkt), 1);
		ck_assert(guest_rx(&g, 0, &got));
		tagged = make(b);
		ck_assert_frame_eq(got.data, got.len, strip ? plain : frame, strip ? len : tagged);
		ck_assert_uint_eq(got.last.d[2] >> 15, strip ? 0x6042 << 1 | 1 : 0);
		/* in the bytes */
		ck_assert(fake_rx_bytes(&h, frame, tagged));
		ck_assert(guest_rx(&g, 0, &got));
		ck_assert_frame_eq(got.data, got.len, strip ? plain : frame, strip ? len : tagged);
		ck_assert_uint_eq(got.last.d[2] >> 15, strip ? 0x6042 << 1 | 1 : 0);
		fake_host_fini(&h);
	}
}
END_TEST

/* Service tags have no place in a completion: they stay in the bytes. */
START_TEST(service_tags_stay)
{
	struct build b = { .payload = 100, .tpid = { 0x88a8 }, .tci = { 5 } };
	struct sent s;
	uint32_t len;

	setup(9, 1);
	fake_put32(&h, g.shared + DS_VF_TABLE, 1u << 5 | 1);
	guest_cmd(&g, (uint32_t)VMX_CMD_UPDATE_VLAN_FILTERS);
	send_pkt(&s, make((struct build) { .payload = 100 }));
	s.pkt.flags = PKT_VLAN;
	s.pkt.vlan_tpid = 0x88a8;
	s.pkt.vlan_tci = 5;
	ck_assert_uint_eq(deliver(&s.pkt), 1);
	ck_assert(guest_rx(&g, 0, &got));
	len = make(b);
	ck_assert_frame_eq(got.data, got.len, frame, len);
	fake_host_fini(&h);
}
END_TEST

/* A message as a sender's card makes it. */
static void message(struct sent *s, struct build b, uint16_t mss)
{
	uint32_t len = make(b);

	send_pkt(s, len);
	s->pkt.gso_type = b.v6 ? PKT_GSO_TCPV6 : PKT_GSO_TCPV4;
	s->pkt.gso_size = mss;
	s->pkt.outer_l4 = b.tunnel == BUILD_PLAIN ? 0 : 34;
	ck_assert_ptr_null(gso_init(&s->pkt, s->head));
}

START_TEST(lro_delivers_messages_whole)
{
	for (unsigned rev = 1; rev <= 9; rev++) {
		struct sent s;

		open_host(rev, 1);
		g.features |= UPT_F_LRO;
		g.max_sg = 18;
		start();
		ck_assert_uint_eq(hwnet_rx_caps(h.nic), 1u << PKT_GSO_TCPV4 | 1u << PKT_GSO_TCPV6);
		message(&s, (struct build) { .payload = 60000 }, 1460);
		ck_assert_uint_eq(deliver(&s.pkt), 1);
		ck_assert(guest_rx(&g, 0, &got));
		ck_assert_uint_eq(got.len, 60054);
		ck_assert_mem_eq(got.data + 54, frame + 54, 60000);
		ck_assert_uint_eq(slow_sum(0, got.data + 14, 20), 0xffff);
		ck_assert_uint_eq(got.last.d[3] & (RCD_TCP | RCD_V4 | RCD_TUC | RCD_IPC),
				  RCD_TCP | RCD_V4 | RCD_TUC | RCD_IPC);
		if (rev >= 2) {
			ck_assert_uint_eq(got.first.d[3] >> 24 & 0x7f, 4);
			ck_assert_uint_eq(got.first.d[1] & 0xff, 42);
			ck_assert_uint_eq(got.first.d[3] & 0xffff, 1460);
		} else {
			ck_assert_uint_eq(got.first.d[3] >> 24 & 0x7f, 3);
		}
		ck_assert_uint_eq(guest_rx_stat(&g, 0, RXS_LRO_PKTS), 42);
		ck_assert_uint_eq(guest_rx_stat(&g, 0, RXS_UCAST_PKTS), 42);
		fake_host_fini(&h);
	}
}
END_TEST

/* Segments that arrive must be those that a sender without offload would send. */
static unsigned count_segments(const struct pkt *msg, unsigned q)
{
	static struct gso_iter it;
	static struct pkt_buf buf;
	const struct pkt *seg;
	uint8_t want[70000];
	unsigned n = 0;

	ck_assert_ptr_null(gso_begin(&it, msg, GSO_FINISH));
	while ((seg = gso_next(&it, &buf))) {
		uint32_t len = pkt_copy(seg, 0, want, seg->len);

		ck_assert(guest_rx(&g, q, &got));
		ck_assert_frame_eq(got.data, got.len, want, len);
		n++;
	}
	return n;
}

START_TEST(without_lro_messages_are_cut)
{
	struct sent s;

	setup(9, 1);
	ck_assert_uint_eq(hwnet_rx_caps(h.nic), 0);
	message(&s, (struct build) { .payload = 30000 }, 1460);
	ck_assert_uint_eq(deliver(&s.pkt), 1);
	ck_assert_uint_eq(count_segments(&s.pkt, 0), 21);
	ck_assert_uint_eq(guest_rx_stat(&g, 0, RXS_LRO_PKTS), 0);
	fake_host_fini(&h);
}
END_TEST

/* All segments or none: what does not fit is held back whole. */
START_TEST(cut_messages_are_held_back_whole)
{
	struct sent s;

	setup(9, 1);
	for (unsigned i = 0; i < 50; i++)
		ck_assert(fake_rx_bytes(&h, frame, udp(500)));
	message(&s, (struct build) { .payload = 30000 }, 1460);
	ck_assert_uint_eq(deliver(&s.pkt), 0);
	for (unsigned i = 0; i < 50; i++)
		ck_assert(guest_rx_keep(&g, 0, &got));
	ck_assert(!guest_rx_keep(&g, 0, &got));
	guest_refill(&g, 0);
	ck_assert_uint_eq(h.rx_ready, 1);
	ck_assert_uint_eq(deliver(&s.pkt), 1);
	ck_assert_uint_eq(count_segments(&s.pkt, 0), 21);
	fake_host_fini(&h);
}
END_TEST

START_TEST(update_feature_switches_lro)
{
	setup(9, 1);
	fake_put64(&h, g.shared + DS_UPT_FEATURES, g.features | UPT_F_LRO);
	ck_assert_uint_eq(hwnet_rx_caps(h.nic), 0);
	guest_cmd(&g, (uint32_t)VMX_CMD_UPDATE_FEATURE);
	ck_assert_uint_ne(hwnet_rx_caps(h.nic), 0);
	guest_cmd(&g, (uint32_t)VMX_CMD_QUIESCE);
	ck_assert_uint_eq(hwnet_rx_caps(h.nic), 0);
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
	ck_assert_uint_eq(count_segments(&s.pkt, 0), 21);
	message(&s, (struct build) { .payload = 12000 }, 1460);
	ck_assert_uint_eq(deliver(&s.pkt), 1);
	ck_assert(guest_rx(&g, 0, &got));
	ck_assert_uint_eq(got.n, 4);
	fake_host_fini(&h);
}
END_TEST

START_TEST(lro_off_by_property)
{
	struct hwnet_config cfg;
	struct sent s;

	fake_host_init(&h);
	h.irq_mode = HWNET_IRQ_MSIX;
	hwnet_config_init(hwnet_find_model("vmxnet3"), &cfg);
	for (unsigned i = 0; hwnet_find_model("vmxnet3")->props[i].name; i++)
		if (!strcmp(hwnet_find_model("vmxnet3")->props[i].name, "lro"))
			cfg.values[i] = 0;
	guest_open_cfg(&g, &h, &cfg, 9, 1);
	g.features |= UPT_F_LRO;
	start();
	ck_assert_uint_eq(guest_cmd(&g, (uint32_t)VMX_CMD_GET_DISABLED_OFFLOADS), OFFLOAD_LRO);
	message(&s, (struct build) { .payload = 30000 }, 1460);
	ck_assert_uint_eq(deliver(&s.pkt), 1);
	ck_assert_uint_eq(count_segments(&s.pkt, 0), 21);
	fake_host_fini(&h);
}
END_TEST

/* Tunnels: whole to a driver that knows of inner headers, in segments to one that does not. */
START_TEST(tunnel_messages)
{
	for (unsigned i = 0; i < 8; i++) {
		struct build b = { .payload = 20000,
				   .tunnel = i & 1 ? BUILD_GENEVE : BUILD_VXLAN,
				   .v6 = i & 2 };
		struct sent s;

		open_host(i & 4 ? 9 : 4, 1);
		g.features |= UPT_F_LRO | UPT_F_RXINNEROFLD;
		start();
		message(&s, b, 1400);
		ck_assert_uint_eq(deliver(&s.pkt), 1);
		ck_assert(guest_rx(&g, 0, &got));
		ck_assert_uint_eq(got.len, s.pkt.len);
		ck_assert_uint_eq(got.first.d[0] & RCD_INNER, RCD_INNER);
		ck_assert_uint_eq(got.first.d[1] & 0xff, 15);
		ck_assert_uint_eq(got.last.d[3] & (RCD_TCP | RCD_TUC | (i & 2 ? RCD_V6 : RCD_V4)),
				  RCD_TCP | RCD_TUC | (i & 2 ? RCD_V6 : RCD_V4));
		fake_put64(&h, g.shared + DS_UPT_FEATURES, g.features & ~UPT_F_RXINNEROFLD);
		guest_cmd(&g, (uint32_t)VMX_CMD_UPDATE_FEATURE);
		ck_assert_uint_eq(deliver(&s.pkt), 1);
		ck_assert_uint_eq(count_segments(&s.pkt, 0), 15);
		fake_host_fini(&h);
	}
}
END_TEST

START_TEST(tunnel_checksums_are_both_looked_at)
{
	struct build b = { .payload = 200, .tunnel = BUILD_VXLAN, .outer_csum = true };

	open_host(7, 1);
	g.features |= UPT_F_RXINNEROFLD;
	start();
	flags_of(b, 0);
	ck_assert_uint_eq(got.last.d[0] & (RCD_INNER | RCD_CNC), RCD_INNER);
	ck_assert_uint_eq(got.last.d[3] & (RCD_TCP | RCD_TUC | RCD_V4), RCD_TCP | RCD_TUC | RCD_V4);
	b.bad_csum = true; /* the inner one; the outer sum is of what is there */
	flags_of(b, 0);
	ck_assert_uint_eq(got.last.d[3] & RCD_TUC, 0);
	b.bad_csum = false;
	b.outer_csum = false;
	flags_of(b, 0);
	ck_assert_uint_eq(got.last.d[0] & (RCD_INNER | RCD_CNC), RCD_INNER);
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
		what_was_read_ahead_is_forgotten,
		one_ring_is_enough,
		checksum_status_is_true,
		without_rxcsum_nothing_is_said,
		partial_checksum_is_completed,
		tags_are_stripped_or_inserted,
		service_tags_stay,
		lro_delivers_messages_whole,
		without_lro_messages_are_cut,
		cut_messages_are_held_back_whole,
		update_feature_switches_lro,
		scatter_limit_is_kept,
		lro_off_by_property,
		tunnel_messages,
		tunnel_checksums_are_both_looked_at,
		too_long_and_bad_frames_are_dropped,
		inactive_or_without_link_it_drops,
		NULL,
	};

	return unit_main("vmxnet3-rx", tests);
}
