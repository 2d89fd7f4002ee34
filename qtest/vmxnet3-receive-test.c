/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Device suite of the vmxnet3: what it receives, and which frames those are. See vmxnet3-test.c. */
#include "vmxnet3-rig.h"

static const uint8_t bcast[6] = { 0xff, 0xff, 0xff, 0xff, 0xff, 0xff };
static struct vmx_frame got;

static void test_rx_wrap(void)
{
	uint8_t out[1514];
	struct vmx_rig v;

	vmx_start_default(&v);
	for (unsigned i = 0; i < 5 * v.ring_size; i++) {
		size_t len = 60 + (i * 89) % 1455;

		rig_frame(out, vmx_mac, vmx_peer, len, i);
		rig_send(&v.r, out, len);
		vmx_rx(&v, 0, &got);
		g_assert_cmpmem(got.data, got.len, out, len);
		g_assert_cmpuint(got.n, ==, 1);
		g_assert_cmpuint(RCD_IDX(got.last[0]), ==, i % v.ring_size);
		if (i % 7 == 6)
			vmx_refill(&v, 0);
	}
	vmx_stop(&v);
}

/*
 * Jumbo frames through a small head and bodies, of ring 0 or ring 1; bodies that were not needed
 * are skipped.
 */
static void chain(unsigned bodies)
{
	uint8_t out[9014];
	struct vmx_rig v;

	vmx_defaults(&v);
	v.mtu = 9000;
	v.head_len = 1000;
	v.bodies = bodies;
	vmx_start(&v, VMX_DEV, "");
	for (unsigned i = 0; i < 60; i++) {
		size_t len = i % 3 ? sizeof(out) - i : 600 + i;

		rig_frame(out, vmx_mac, vmx_peer, len, i);
		rig_send(&v.r, out, len);
		vmx_rx(&v, 0, &got);
		g_assert_cmpmem(got.data, got.len, out, len);
		g_assert_cmpuint(got.n, ==,
				 len <= v.head_len ? 1 :
						     1 + DIV_ROUND_UP(len - v.head_len, VMX_BUF));
		g_assert_cmpuint(RCD_RQID(got.last[0]), ==, got.n > 1 && !bodies);
		vmx_refill(&v, 0);
	}
	vmx_stop(&v);
}

static void test_rx_chain(void)
{
	chain(0);
}

static void test_rx_chain_in_ring_0(void)
{
	chain(3);
}

/* Revision 3: frames that fit go into the data ring. */
static void test_rx_data_ring(void)
{
	uint8_t out[600];
	struct vmx_rig v;

	vmx_defaults(&v);
	v.data_len = 128;
	vmx_start(&v, VMX_DEV, "");
	for (unsigned i = 0; i < 3 * v.ring_size; i++) {
		size_t len = i % 2 ? 60 + i % 69 : 129 + i;

		rig_frame(out, vmx_mac, vmx_peer, len, i);
		rig_send(&v.r, out, len);
		vmx_rx(&v, 0, &got);
		g_assert_cmpmem(got.data, got.len, out, len);
		g_assert_cmpuint(RCD_RQID(got.last[0]), ==, len <= 128 ? 2 : 0);
		vmx_refill(&v, 0);
	}
	vmx_stop(&v);
}

/* Frames for which there are no buffers wait; none is lost, none is out of order. */
static void test_rx_backpressure(void)
{
	enum { FRAMES = 120 }; /* a socket holds 138 of these: sending never waits for the card */
	uint8_t out[200];
	struct vmx_rig v;

	vmx_start_default(&v);
	for (unsigned i = 0; i < FRAMES; i++) {
		rig_frame(out, vmx_mac, vmx_peer, sizeof(out), i);
		rig_send(&v.r, out, sizeof(out));
	}
	for (unsigned i = 0; i < FRAMES; i++) {
		vmx_rx(&v, 0, &got);
		g_assert_cmpuint(ldl_be_p(got.data + 14), ==, i);
		if (vmx_rx_idle(&v, 0))
			vmx_refill(&v, 0);
	}
	g_assert_cmpuint(vmx_stat(&v, vmx_rxq(&v, 0), 2), ==, FRAMES); /* unicast */
	g_assert_cmpuint(vmx_stat(&v, vmx_rxq(&v, 0), 8), ==, 0);      /* out of buffers */
	vmx_stop(&v);
}

/*
 * A driver that never rings (iPXE polls, and gives buffers back without telling) gets its frames
 * too, by and by.
 */
static void test_rx_no_doorbell(void)
{
	enum { FRAMES = 100 };
	uint8_t out[64];
	struct vmx_rig v;

	vmx_start_default(&v);
	for (unsigned i = 0; i < FRAMES; i++) {
		rig_frame(out, vmx_mac, vmx_peer, sizeof(out), i);
		rig_send(&v.r, out, sizeof(out));
	}
	for (unsigned i = 0; i < FRAMES; i++) {
		if (i && i % 31 == 0) {
			put8(&v, vmx_rxq(&v, 0) + RQ_UPDATE,
			     0); /* keeps vmx_refill() from ringing */
			vmx_refill(&v, 0);
			vmx_step_us(&v, 10000);
		}
		vmx_rx(&v, 0, &got);
		g_assert_cmpuint(ldl_be_p(got.data + 14), ==, i);
	}
	vmx_stop(&v);
}

/* What completions say of checksums is true. */
static void test_rx_checksum(void)
{
	uint8_t out[1514];
	size_t len = rig_tcp4(out, vmx_mac, vmx_peer, 700);
	struct vmx_rig v;

	vmx_start_default(&v);
	rig_send(&v.r, out, len);
	vmx_rx(&v, 0, &got);
	g_assert_cmphex(got.last[0] & RCD_CNC, ==, 0);
	g_assert_cmphex(got.last[3] & (RCD_V4 | RCD_TCP | RCD_TUC | RCD_IPC), ==,
			RCD_V4 | RCD_TCP | RCD_TUC | RCD_IPC);
	out[300]++;
	rig_send(&v.r, out, len);
	vmx_rx(&v, 0, &got);
	g_assert_cmphex(got.last[0] & RCD_CNC, ==, 0);
	g_assert_cmphex(got.last[3] & (RCD_TCP | RCD_TUC | RCD_IPC), ==, RCD_TCP | RCD_IPC);
	out[22]++; /* TTL */
	rig_send(&v.r, out, len);
	vmx_rx(&v, 0, &got);
	g_assert_cmphex(got.last[3] & (RCD_TUC | RCD_IPC), ==, 0);
	vmx_stop(&v);
}

static void expect_rx(struct vmx_rig *v, const uint8_t *dst, uint16_t vlan, bool expect)
{
	static uint32_t seq = 100;
	uint8_t out[64];

	rig_frame(out, dst, vmx_peer, sizeof(out), ++seq);
	if (vlan) {
		stw_be_p(out + 12, 0x8100);
		stw_be_p(out + 14, vlan);
		stl_be_p(out + 16, seq);
	}
	rig_send(&v->r, out, sizeof(out));
	if (!expect) { /* the next that is let in must not be this one */
		rig_frame(out, vmx_mac, vmx_peer, sizeof(out), seq);
		rig_send(&v->r, out, sizeof(out));
	}
	vmx_rx(v, 0, &got);
	g_assert_cmpmem(got.data, got.len, out, sizeof(out));
	vmx_refill(v, 0);
}

static void rx_mode(struct vmx_rig *v, uint32_t mode)
{
	put32(v, v->shared + SH_RX_MODE, mode);
	vmx_cmd(v, CMD_UPDATE_RX_MODE);
}

static const uint8_t other[6] = { 0x52, 0x54, 0, 9, 9, 9 };

static void test_filters(void)
{
	static const uint8_t group[6] = { 0x01, 0x00, 0x5e, 0x01, 0x02, 0x03 };
	struct vmx_rig v;
	uint64_t table;

	vmx_start_default(&v);
	expect_rx(&v, vmx_mac, 0, true);
	expect_rx(&v, bcast, 0, true);
	expect_rx(&v, other, 0, false);
	expect_rx(&v, group, 0, false);
	table = guest_alloc(&v.r.alloc, 6);
	qtest_memwrite(v.r.qts, table, group, 6);
	put64(&v, v.shared + SH_MF, table);
	put16(&v, v.shared + SH_MF_LEN, 6);
	rx_mode(&v, RXM_UCAST | RXM_MCAST);
	expect_rx(&v, group, 0, false);
	vmx_cmd(&v, CMD_UPDATE_MAC_FILTERS);
	expect_rx(&v, group, 0, true);
	expect_rx(&v, bcast, 0, false);
	rx_mode(&v, RXM_UCAST | RXM_ALL_MULTI | RXM_PROMISC);
	expect_rx(&v, other, 0, true);
	rx_mode(&v, RXM_UCAST);
	put32(&v, v.shared + SH_VF, 1); /* VLAN 0 only */
	vmx_cmd(&v, CMD_UPDATE_VLAN_FILTERS);
	expect_rx(&v, vmx_mac, 0, true);
	expect_rx(&v, vmx_mac, 70, false);
	put32(&v, v.shared + SH_VF + 8, 1u << (70 - 64));
	vmx_cmd(&v, CMD_UPDATE_VLAN_FILTERS);
	expect_rx(&v, vmx_mac, 70, true);
	expect_rx(&v, vmx_mac, 71, false);
	rig_write(&v.r, 1, MACL, 0x09005452); /* another address of the driver's choice */
	rig_write(&v.r, 1, MACH, 0x0909);
	expect_rx(&v, other, 0, true);
	vmx_stop(&v);
}

static QDict *rx_filter(struct vmx_rig *v)
{
	QDict *rsp = qtest_qmp(v->r.qts,
			       "{ 'execute': 'query-rx-filter', 'arguments': { 'name': 'nic' } }");
	QDict *f = qobject_to(QDict, qlist_peek(qdict_get_qlist(rsp, "return")));

	qobject_ref(f);
	qobject_unref(rsp);
	return f;
}

static void test_query_rx_filter(void)
{
	struct vmx_rig v;
	QDict *f;

	vmx_start_default(&v);
	f = rx_filter(&v);
	g_assert_cmpstr(qdict_get_str(f, "main-mac"), ==, "00:50:56:12:34:56");
	g_assert_false(qdict_get_bool(f, "promiscuous"));
	g_assert_true(qdict_get_bool(f, "broadcast-allowed"));
	g_assert_cmpstr(qdict_get_str(f, "multicast"), ==, "none");
	qobject_unref(f);
	rx_mode(&v, RXM_UCAST | RXM_ALL_MULTI | RXM_PROMISC);
	f = rx_filter(&v);
	g_assert_true(qdict_get_bool(f, "promiscuous"));
	g_assert_cmpstr(qdict_get_str(f, "multicast"), ==, "all");
	qobject_unref(f);
	vmx_stop(&v);
}

/*
 * RSS: the indirection table decides on the queue; the completion has type and hash (Microsoft's
 * Toeplitz).
 */
static void test_rss(void)
{
	uint8_t out[200];
	struct vmx_rig v;
	uint64_t rss;

	vmx_defaults(&v);
	v.queues = 4;
	v.features |= F_RSS;
	rig_start(&v.r, VMX_DEV, "");
	vmx_open(&v);
	vmx_prepare(&v);
	rss = guest_alloc(&v.r.alloc, 176);
	put16(&v, rss, 0xf); /* IPv4, IPv6, with TCP */
	put16(&v, rss + 2, 1);
	put16(&v, rss + 4, 40);
	put16(&v, rss + 6, 128);
	qtest_memset(v.r.qts, rss + 8, 0x5a, 40);
	qtest_memset(v.r.qts, rss + 48, 2, 128);
	put32(&v, v.shared + SH_RSS, 1);
	put32(&v, v.shared + SH_RSS + 4, 176);
	put64(&v, v.shared + SH_RSS + 8, rss);
	g_assert_cmphex(vmx_activate(&v), ==, 0);
	for (unsigned i = 0; i < 4; i++) {
		qtest_memset(v.r.qts, rss + 48, i, 128);
		vmx_cmd(&v, CMD_UPDATE_RSSIDT);
		rig_send(&v.r, out, rig_tcp4(out, vmx_mac, vmx_peer, 100));
		vmx_rx(&v, i, &got);
		g_assert_cmphex(got.first[0] >> 26 & 15, ==, 2); /* TCP over IPv4 */
		/*
		 * A key of equal bytes: each bit at place i mod 8 adds the key's 32 bits from
		 * there.
		 */
		g_assert_cmphex(got.first[1], !=, 0);
	}
	vmx_stop(&v);
}

int main(int argc, char **argv)
{
	g_test_init(&argc, &argv, NULL);
	qtest_add_func("/vc-vmxnet3/rx/ring-wrap", test_rx_wrap);
	qtest_add_func("/vc-vmxnet3/rx/bodies-of-ring-1", test_rx_chain);
	qtest_add_func("/vc-vmxnet3/rx/bodies-of-ring-0", test_rx_chain_in_ring_0);
	qtest_add_func("/vc-vmxnet3/rx/data-ring", test_rx_data_ring);
	qtest_add_func("/vc-vmxnet3/rx/back-pressure", test_rx_backpressure);
	qtest_add_func("/vc-vmxnet3/rx/no-doorbell", test_rx_no_doorbell);
	qtest_add_func("/vc-vmxnet3/rx/checksum", test_rx_checksum);
	qtest_add_func("/vc-vmxnet3/rx/filters", test_filters);
	qtest_add_func("/vc-vmxnet3/rx/rss", test_rss);
	qtest_add_func("/vc-vmxnet3/query-rx-filter", test_query_rx_filter);
	return g_test_run();
}
