/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Device suite of the e1000: what it receives, and which frames those are. See e1000-test.c. */
#include "e1000-rig.h"

static const uint8_t bcast[6] = { 0xff, 0xff, 0xff, 0xff, 0xff, 0xff };

/* A ring that is never refilled in time holds frames back; none is lost, none is out of order. */
static void test_rx_backpressure(void)
{
	enum { FRAMES = 5 * RX_RING };
	struct e1000_rig e;
	uint8_t out[200], in[BUF_SIZE], status;

	e1000_rig_start(&e, E1000_DEV, "");
	for (unsigned i = 0; i < FRAMES; i++) {
		rig_frame(out, e1000_mac, peer_mac, sizeof(out), i);
		rig_send(&e.r, out, sizeof(out));
	}
	for (unsigned i = 0; i < FRAMES; i++) {
		g_assert_cmpuint(e1000_rx_frame(&e, in, &status, NULL, NULL), ==, sizeof(out));
		g_assert_cmphex(status & (RXD_DD | RXD_EOP), ==, RXD_DD | RXD_EOP);
		g_assert_cmpuint(ldl_be_p(in + 14), ==, i);
		if (i % 5 == 4)
			e1000_rx_refill(&e);
	}
	g_assert_cmpuint(rd(&e, MPC), ==, 0);
	g_assert_cmpuint(rd(&e, GPRC), ==, FRAMES);
	e1000_rig_stop(&e);
}

/* 3.2.3: a frame longer than a buffer stands in several; EOP in the last. */
static void test_rx_chain(void)
{
	struct e1000_rig e;
	uint8_t out[1400], in[BUF_SIZE], status;
	size_t at = 0;

	e1000_rig_start(&e, E1000_DEV, "");
	wr(&e, RCTL, RCTL_EN | RCTL_BAM | RCTL_SECRC | RCTL_SZ_256);
	rig_frame(out, e1000_mac, peer_mac, sizeof(out), 1);
	rig_send(&e.r, out, sizeof(out));
	do {
		size_t n = e1000_rx_frame(&e, in, &status, NULL, NULL);

		g_assert_cmpuint(at + n, <=, sizeof(out));
		g_assert_cmpmem(in, n, out + at, n);
		at += n;
	} while (!(status & RXD_EOP));
	g_assert_cmpuint(at, ==, sizeof(out));
	g_assert_cmpuint(e.rx_next, ==, 6);
	e1000_rig_stop(&e);
}

static void expect_rx(struct e1000_rig *e, const uint8_t *dst, bool expect)
{
	uint8_t out[64], in[BUF_SIZE];
	static uint32_t seq = 100;

	rig_frame(out, dst, peer_mac, sizeof(out), ++seq);
	rig_send(&e->r, out, sizeof(out));
	if (!expect) { /* the next that is let in must not be this one */
		rig_frame(out, e1000_mac, peer_mac, sizeof(out), ++seq);
		rig_send(&e->r, out, sizeof(out));
	}
	g_assert_cmpuint(e1000_rx_frame(e, in, NULL, NULL, NULL), ==, sizeof(out));
	g_assert_cmpuint(ldl_be_p(in + 14), ==, seq);
	e1000_rx_refill(e);
}

/* 10: exact, broadcast, multicast hash, promiscuous. */
static void test_filters(void)
{
	static const uint8_t other[6] = { 0x52, 0x54, 0, 9, 9, 9 };
	static const uint8_t group[6] = { 0x01, 0x00, 0x5e, 0x01, 0x02, 0x03 };
	struct e1000_rig e;
	unsigned hash = group[4] >> 4 | group[5] << 4; /* MO 0: bits 47:36 */

	e1000_rig_start(&e, E1000_DEV, "");
	expect_rx(&e, e1000_mac, true);
	expect_rx(&e, bcast, true);
	expect_rx(&e, other, false);
	expect_rx(&e, group, false);
	wr(&e, MTA + 4 * (hash >> 5), 1u << (hash & 31));
	expect_rx(&e, group, true);
	wr(&e, RCTL, (rd(&e, RCTL) & ~(uint32_t)RCTL_BAM) | RCTL_UPE);
	expect_rx(&e, other, true);
	expect_rx(&e, bcast, false);
	e1000_rig_stop(&e);
}

/* 13.4.22: no black-out after RCTL was written: a frame comes in without time passing. */
static void test_rctl_no_blackout(void)
{
	struct e1000_rig e;

	e1000_rig_start(&e, E1000_DEV, "");
	wr(&e, RCTL, rd(&e, RCTL) & ~(uint32_t)RCTL_EN);
	wr(&e, RCTL, rd(&e, RCTL) | RCTL_EN);
	e1000_rx_one(&e, 1);
	e1000_rig_stop(&e);
}

static void test_query_rx_filter(void)
{
	struct e1000_rig e;
	QDict *rsp, *f;

	e1000_rig_start(&e, E1000_DEV, "");
	rsp = qtest_qmp(e.r.qts,
			"{ 'execute': 'query-rx-filter', 'arguments': { 'name': 'nic' } }");
	f = qobject_to(QDict, qlist_peek(qdict_get_qlist(rsp, "return")));
	g_assert_cmpstr(qdict_get_str(f, "main-mac"), ==, "52:54:00:12:34:56");
	g_assert_false(qdict_get_bool(f, "promiscuous"));
	qobject_unref(rsp);
	wr(&e, RCTL, rd(&e, RCTL) | RCTL_UPE | RCTL_MPE);
	rsp = qtest_qmp(e.r.qts,
			"{ 'execute': 'query-rx-filter', 'arguments': { 'name': 'nic' } }");
	f = qobject_to(QDict, qlist_peek(qdict_get_qlist(rsp, "return")));
	g_assert_true(qdict_get_bool(f, "promiscuous"));
	qobject_unref(rsp);
	e1000_rig_stop(&e);
}

int main(int argc, char **argv)
{
	g_test_init(&argc, &argv, NULL);
	qtest_add_func("/vc-e1000/rx/back-pressure", test_rx_backpressure);
	qtest_add_func("/vc-e1000/rx/chain", test_rx_chain);
	qtest_add_func("/vc-e1000/rx/filters", test_filters);
	qtest_add_func("/vc-e1000/rx/no-blackout-after-rctl", test_rctl_no_blackout);
	qtest_add_func("/vc-e1000/query-rx-filter", test_query_rx_filter);
	return g_test_run();
}
