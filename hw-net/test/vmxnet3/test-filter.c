/* SPDX-License-Identifier: BSD-2-Clause */
/* vmxnet3: which frames are let in, and by which queue (RSS). */
#include "hwnet/frame.h"
#include "bytes.h"
#include "fixture.h"

static void mode(uint32_t rx_mode)
{
	fake_put32(&h, g.shared + DS_RX_MODE, rx_mode);
	guest_cmd(&g, (uint32_t)VMX_CMD_UPDATE_RX_MODE);
}

START_TEST(filter_by_address)
{
	static const uint8_t other[6] = { 0x52, 0x54, 0, 0x12, 0x34, 0x57 },
			     all[6] = { 255, 255, 255, 255, 255, 255 };
	static const uint8_t mc[6] = { 1, 0, 0x5e, 0, 0, 1 }, mc2[6] = { 1, 0, 0x5e, 0, 1, 1 };
	uint64_t table;

	setup(9, 1);
	table = fake_alloc(&h, 64, 8);
	mode(0);
	ck_assert(!passes(station, 0) && !passes(all, 0) && !passes(mc, 0));
	mode(RXM_UCAST);
	ck_assert(passes(station, 0) && !passes(other, 0) && !passes(all, 0) && !passes(mc, 0));
	mode(RXM_BCAST);
	ck_assert(!passes(station, 0) && passes(all, 0));
	fake_put(&h, table, mc, 6);
	fake_put16(&h, g.shared + DS_MF_LEN, 6);
	fake_put64(&h, g.shared + DS_MF_PA, table);
	guest_cmd(&g, (uint32_t)VMX_CMD_UPDATE_MAC_FILTERS);
	ck_assert(!passes(mc, 0));
	mode(RXM_MCAST);
	ck_assert(passes(mc, 0) && !passes(mc2, 0) && !passes(all, 0));
	mode(RXM_ALL_MULTI);
	ck_assert(passes(mc2, 0) && !passes(station, 0));
	mode(RXM_PROMISC);
	ck_assert(passes(other, 0) && passes(all, 0) && passes(mc2, 0));
	mode(RXM_UCAST);
	fake_write(&h, 1, VMX_MACL, get32(other), 4);
	fake_write(&h, 1, VMX_MACH, get16(other + 4), 4);
	ck_assert(passes(other, 0) && !passes(station, 0));
	ck_assert_uint_gt(hwnet_counters(h.nic)->rx_filtered, 5);
	fake_host_fini(&h);
}
END_TEST

START_TEST(filter_by_vlan)
{
	struct hwnet_rx_filter f;

	setup(9, 1);
	ck_assert(passes(station, 0) && !passes(station, 7));
	fake_put32(&h, g.shared + DS_VF_TABLE + 4 * (4094 / 32), 1u << (4094 % 32));
	guest_cmd(&g, (uint32_t)VMX_CMD_UPDATE_VLAN_FILTERS);
	ck_assert(passes(station, 4094) && !passes(station, 7));
	hwnet_rx_filter(h.nic, &f);
	ck_assert(f.vlan_filter && f.vlans[0] == 1);
	fake_fill(&h, g.shared + DS_VF_TABLE, 0, 512); /* FreeBSD: no filtering */
	guest_cmd(&g, (uint32_t)VMX_CMD_UPDATE_VLAN_FILTERS);
	ck_assert(passes(station, 7));
	fake_host_fini(&h);
}
END_TEST

START_TEST(long_multicast_table_lets_all_in)
{
	static const uint8_t mc[6] = { 1, 0, 0x5e, 1, 2, 3 };
	struct hwnet_rx_filter f;

	setup(9, 1);
	mode(RXM_MCAST);
	fake_put16(&h, g.shared + DS_MF_LEN, 0xfffc);
	fake_put64(&h, g.shared + DS_MF_PA, fake_alloc(&h, 0x10000, 8));
	guest_cmd(&g, (uint32_t)VMX_CMD_UPDATE_MAC_FILTERS);
	ck_assert(passes(mc, 0));
	hwnet_rx_filter(h.nic, &f);
	ck_assert_int_eq(f.multicast, HWNET_FILTER_ALL);
	fake_host_fini(&h);
}
END_TEST

/* ---- RSS ---- */

static unsigned type_got(void)
{
	return got.first.d[0] >> 26 & 15;
}

/* Numbers of Microsoft's verification suite: 66.9.149.187:2794 to 161.142.100.80:1766. */
START_TEST(hash_is_toeplitz)
{
	struct build b = { .payload = 60, .sport = 2794, .dport = 1766 };
	uint32_t len;

	setup_rss(9, 4);
	memcpy(b.dst, station, 6);
	len = build_frame(&b, frame);
	memcpy(frame + 26, "\x42\x09\x95\xbb\xa1\x8e\x64\x50", 8);
	csum_ipv4_set(frame + 14);
	ck_assert(fake_rx_bytes(&h, frame, len));
	ck_assert(guest_rx(&g, 0x51ccc178 % 4, &got));
	ck_assert_uint_eq(got.last.d[1], 0x51ccc178);
	ck_assert_uint_eq(type_got(), RSS_TYPE_TCP4);
	fake_host_fini(&h);
}
END_TEST

/* What is not IP goes to queue 0, and its completion has 0 for a hash, nothing out of our stack. */
START_TEST(no_hash_of_what_is_not_ip)
{
	struct build b = { .payload = 60 };
	uint32_t len;

	setup_rss(9, 4);
	queue_of(b);
	ck_assert_uint_ne(got.last.d[1], 0);
	memcpy(b.dst, station, 6);
	len = build_frame(&b, frame);
	memcpy(frame + 12, "\x08\x06", 2);
	ck_assert(fake_rx_bytes(&h, frame, len));
	ck_assert(guest_rx(&g, 0, &got));
	ck_assert_uint_eq(type_got(), RSS_TYPE_NONE);
	ck_assert_uint_eq(got.last.d[1], 0);
	fake_host_fini(&h);
}
END_TEST

/* 64 flows reach all queues, each flow always the same, each with its queue's vector. */
START_TEST(flows_spread_over_queues)
{
	unsigned count[4] = { 0 };

	setup_rss(9, 4);
	for (unsigned i = 0; i < 64; i++) {
		struct build b = { .payload = 60, .sport = (uint16_t)(4000 + i), .v6 = i & 1 };
		unsigned q = queue_of(b);

		count[q]++;
		ck_assert_uint_eq(queue_of(b), q);
		guest_imr(&g, q, false);
	}
	for (unsigned q = 0; q < 4; q++) {
		ck_assert_uint_ge(count[q], 4);
		ck_assert_uint_ge(h.msi[q], 4);
		ck_assert_uint_eq(guest_rx_stat(&g, q, RXS_UCAST_PKTS), 2 * count[q]);
	}
	fake_host_fini(&h);
}
END_TEST

START_TEST(changing_the_table_moves_flows)
{
	struct build b = { .payload = 60 };

	setup_rss(9, 4);
	for (unsigned q = 0; q < 4; q++) {
		for (unsigned i = 0; i < 128; i++)
			fake_put8(&h, g.rss + RSS_CONF_TABLE + i, (uint8_t)q);
		guest_cmd(&g, (uint32_t)VMX_CMD_UPDATE_RSSIDT);
		ck_assert_uint_eq(queue_of(b), q);
	}
	fake_put8(&h, g.rss + RSS_CONF_TABLE + 77, 4); /* no such queue: the table stays */
	guest_cmd(&g, (uint32_t)VMX_CMD_UPDATE_RSSIDT);
	ck_assert_uint_eq(queue_of(b), 3);
	ck_assert_uint_eq(h.errors, 1);
	fake_host_fini(&h);
}
END_TEST

START_TEST(fields_select_what_is_hashed)
{
	struct build u = { .proto = 17, .payload = 60 }, t = { .payload = 60 };

	setup_rss(4, 2);
	queue_of(t);
	ck_assert_uint_eq(type_got(), RSS_TYPE_TCP4);
	queue_of(u);
	ck_assert_uint_eq(type_got(), RSS_TYPE_IPV4);
	fake_put32(&h, g.shared + DS_CMD_INFO, 0x3f);
	ck_assert_uint_eq(guest_cmd(&g, (uint32_t)VMX_CMD_SET_RSS_FIELDS), 0);
	ck_assert_uint_eq(guest_cmd(&g, (uint32_t)VMX_CMD_GET_RSS_FIELDS),
			  0x1f); /* ESP over IPv6: revision 5 */
	queue_of(u);
	ck_assert_uint_eq(type_got(), RSS_TYPE_UDP4);
	u.v6 = true;
	queue_of(u);
	ck_assert_uint_eq(type_got(), RSS_TYPE_UDP6);
	u = (struct build) { .proto = 50, .payload = 60 };
	queue_of(u);
	ck_assert_uint_eq(type_got(), RSS_TYPE_ESP4);
	u.v6 = true;
	queue_of(u);
	ck_assert_uint_eq(type_got(), RSS_TYPE_IPV6);
	fake_host_fini(&h);
}
END_TEST

START_TEST(revision_7_wants_capabilities_for_fields)
{
	struct build e = { .proto = 50, .payload = 60, .v6 = true };

	setup_rss(7, 2);
	fake_put32(&h, g.shared + DS_CMD_INFO, 0x3f);
	guest_cmd(&g, (uint32_t)VMX_CMD_SET_RSS_FIELDS);
	ck_assert_uint_eq(guest_cmd(&g, (uint32_t)VMX_CMD_GET_RSS_FIELDS), 0x03);
	fake_write(&h, 1, VMX_DCR, CAP_UDP_RSS | CAP_ESP_RSS_IPV6, 4);
	guest_cmd(&g, (uint32_t)VMX_CMD_SET_RSS_FIELDS);
	ck_assert_uint_eq(guest_cmd(&g, (uint32_t)VMX_CMD_GET_RSS_FIELDS), 0x2f);
	queue_of(e);
	ck_assert_uint_eq(type_got(), RSS_TYPE_ESP6);
	fake_host_fini(&h);
}
END_TEST

/* DPDK's hash type has no TCP in it when it starts a port first, and none at all with --rss-udp. */
START_TEST(fields_hash_without_a_hash_type)
{
	struct build u = { .proto = 17, .payload = 60 }, t = { .payload = 60 };

	open_host(6, 4);
	guest_prepare(&g);
	guest_rss(&g, 0, 128);
	ck_assert_uint_eq(guest_activate(&g), 0);
	queue_of(t);
	ck_assert_uint_eq(type_got(), RSS_TYPE_NONE);
	fake_put32(&h, g.shared + DS_CMD_INFO, RSS_FIELD_TCP4 | RSS_FIELD_TCP6 | RSS_FIELD_UDP4);
	ck_assert_uint_eq(guest_cmd(&g, (uint32_t)VMX_CMD_SET_RSS_FIELDS), 0);
	queue_of(t);
	ck_assert_uint_eq(type_got(), RSS_TYPE_TCP4);
	queue_of(u);
	ck_assert_uint_eq(type_got(), RSS_TYPE_UDP4);
	u.v6 = true;
	queue_of(u);
	ck_assert_uint_eq(type_got(), RSS_TYPE_NONE);
	fake_host_fini(&h);
}
END_TEST

/* Nor do they turn RSS on for a driver that did not configure it, or whose configuration is bad. */
START_TEST(fields_without_rss_hash_nothing)
{
	struct build t = { .payload = 60 };

	for (int bad = 0; bad < 2; bad++) {
		open_host(6, 4);
		guest_prepare(&g);
		if (bad)
			guest_rss(&g, 0, 0);
		ck_assert_uint_eq(guest_activate(&g), 0);
		fake_put32(&h, g.shared + DS_CMD_INFO, RSS_FIELD_TCP4 | RSS_FIELD_TCP6);
		guest_cmd(&g, (uint32_t)VMX_CMD_SET_RSS_FIELDS);
		ck_assert_uint_eq(queue_of(t), 0);
		ck_assert_uint_eq(type_got(), RSS_TYPE_NONE);
		fake_host_fini(&h);
	}
}
END_TEST

int main(void)
{
	const TTest *const tests[] = {
		filter_by_address,
		filter_by_vlan,
		long_multicast_table_lets_all_in,
		hash_is_toeplitz,
		no_hash_of_what_is_not_ip,
		flows_spread_over_queues,
		changing_the_table_moves_flows,
		fields_select_what_is_hashed,
		revision_7_wants_capabilities_for_fields,
		fields_hash_without_a_hash_type,
		fields_without_rss_hash_nothing,
		NULL,
	};

	return unit_main("vmxnet3-filter", tests);
}
