/* SPDX-License-Identifier: BSD-2-Clause */
/* vmxnet3 reception: checksums, tags, messages (LRO), tunnels. */
#include "hwnet/frame.h"
#include "fixture.h"

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

/* tunnel-segment-status: a word for the outer checksum is none for the inner one, nor for one that
 * is not there. */
START_TEST(what_was_not_verified_is_not_called_so)
{
	struct build udp = { .proto = 17, .payload = 50, .no_csum = true };
	struct build tunnel = { .payload = 100, .tunnel = BUILD_VXLAN };

	setup(9, 1);
	ck_assert_uint_eq(flags_of(udp, PKT_CSUM_VALID), RCD_V4 | RCD_UDP | RCD_IPC | RCD_CNC);
	ck_assert_uint_eq(flags_of(tunnel, PKT_CSUM_VALID), RCD_V4 | RCD_UDP | RCD_IPC | RCD_CNC);
	fake_host_fini(&h);
	open_host(9, 1);
	g.features |= UPT_F_RXINNEROFLD;
	start();
	tunnel.outer_csum = true;
	tunnel.bad_csum = true; /* the inner one */
	ck_assert_uint_eq(flags_of(tunnel, PKT_CSUM_VALID) & (RCD_TUC | RCD_CNC), 0);
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

START_TEST(without_lro_messages_are_cut)
{
	struct sent s;

	setup(9, 1);
	ck_assert_uint_eq(hwnet_rx_caps(h.nic), 0);
	message(&s, (struct build) { .payload = 30000 }, 1460);
	ck_assert_uint_eq(deliver(&s.pkt), 1);
	ck_assert_uint_eq(count_segments(&s.pkt), 21);
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
	ck_assert_uint_eq(count_segments(&s.pkt), 21);
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

START_TEST(lro_off_by_property)
{
	struct sent s;

	open_prop("lro", 0, 9, 1);
	g.features |= UPT_F_LRO;
	start();
	ck_assert_uint_eq(guest_cmd(&g, (uint32_t)VMX_CMD_GET_DISABLED_OFFLOADS), OFFLOAD_LRO);
	message(&s, (struct build) { .payload = 30000 }, 1460);
	ck_assert_uint_eq(deliver(&s.pkt), 1);
	ck_assert_uint_eq(count_segments(&s.pkt), 21);
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
		ck_assert_uint_eq(count_segments(&s.pkt), 15);
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

int main(void)
{
	const TTest *const tests[] = {
		checksum_status_is_true,
		what_was_not_verified_is_not_called_so,
		without_rxcsum_nothing_is_said,
		partial_checksum_is_completed,
		tags_are_stripped_or_inserted,
		service_tags_stay,
		lro_delivers_messages_whole,
		without_lro_messages_are_cut,
		cut_messages_are_held_back_whole,
		update_feature_switches_lro,
		lro_off_by_property,
		tunnel_messages,
		tunnel_checksums_are_both_looked_at,
		NULL,
	};

	return unit_main("vmxnet3-rx-offload", tests);
}
