/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Device suite of the switch: what cards and back ends at its ports see of each other. The clock
 * stands still unless a test steps it, so nothing here depends on how fast anything is. Other
 * topics have files of their own, switch-*-test.c.
 */
#include "switch-rig.h"

/* Frames for one go to that one, as soon as it has been heard; all others get none. */
static void test_exchange(void)
{
	struct net n;

	net_start(&n, net_plain, 3, 1, "");
	net_tx(&n, 0, net_mac(1), 0, 1);
	net_expect(&n, 1, 0, 1);
	net_tx(&n, 1, net_mac(0), 0, 2);
	net_expect(&n, 0, 0, 2);
	net_wire_tx(&n, 0, 100, net_mac(0), 0, 3);
	net_expect(&n, 0, 0, 3);
	net_tx(&n, 0, net_mac(100), 0, 4);
	net_wire_expect(&n, 0, 0, 4);
	net_silent(&n, 2);
	net_wire_silent(&n, 0);
	g_assert_cmpint(net_stat(&n, "p0", "in.unicast.frames"), ==, 2);
	g_assert_cmpint(net_stat(&n, "p0", "in.unicast.bytes"), ==, 2 * NET_LEN);
	g_assert_cmpint(net_stat(&n, "p0", "out.unicast.frames"), ==, 2);
	g_assert_cmpint(net_stat(&n, "u0", "in.unicast.frames"), ==, 1);
	g_assert_cmpint(net_stat(&n, "u0", "out.unicast.frames"), ==, 1);
	g_assert_cmpint(net_stat(&n, "p2", "out.unicast.frames"), ==, 0);
	net_stop(&n);
}

/* A broadcast reaches all others, not who sent it. */
static void test_broadcast(void)
{
	struct net n;

	net_start(&n, net_plain, 3, 1, "");
	net_tx(&n, 0, net_broadcast, 0, 1);
	net_expect(&n, 1, 0, 1);
	net_expect(&n, 2, 0, 1);
	net_wire_expect(&n, 0, 0, 1);
	net_wire_tx(&n, 0, 100, net_broadcast, 0, 2);
	for (unsigned i = 0; i < 3; i++)
		net_expect(&n, i, 0, 2); /* which says as well that card 0 did not get number 1 */
	net_wire_silent(&n, 0);
	g_assert_cmpint(net_stat(&n, "p0", "in.broadcast.frames"), ==, 1);
	g_assert_cmpint(net_stat(&n, "p1", "out.broadcast.frames"), ==, 2);
	net_stop(&n);
}

/*
 * The switch knows the addresses of cards from the start; those behind uplinks it learns, and
 * forgets. What it does not know goes to all.
 */
static void test_learning(void)
{
	struct net n;

	net_start(&n, net_plain, 3, 1, "");
	net_tx(&n, 0, net_mac(100), 0, 1); /* nobody knows 100 */
	net_wire_expect(&n, 0, 0, 1);
	g_assert_cmpint(net_stat(&n, "u0", "addresses"), ==, 0);
	g_assert_cmpint(net_stat(&n, "p1", "out.unicast.frames"), ==, 1);
	net_silent(&n, 1); /* the card's own filter keeps it out */

	net_wire_tx(&n, 0, 100, net_mac(0), 0, 2);
	net_expect(&n, 0, 0, 2);
	g_assert_cmpint(net_stat(&n, "u0", "addresses"), ==, 1);
	net_tx(&n, 0, net_mac(100), 0, 3);
	net_wire_expect(&n, 0, 0, 3);
	g_assert_cmpint(net_stat(&n, "p1", "out.unicast.frames"), ==, 1); /* no more */

	/* 802.1Q-2018 table 8-6: after 300 s of silence it is unknown again. */
	qtest_clock_step(n.qts, 700 * 1000000000ll);
	g_assert_cmpint(net_stat(&n, "u0", "addresses"), ==, 0);
	net_tx(&n, 0, net_mac(100), 0, 4);
	net_wire_expect(&n, 0, 0, 4);
	g_assert_cmpint(net_stat(&n, "p1", "out.unicast.frames"), ==, 2);
	net_stop(&n);
}

/* A station that is heard at another port has moved there. */
static void test_station_move(void)
{
	uint8_t buf[NET_LEN];
	struct net n;

	net_start(&n, net_plain, 2, 1, "");
	net_wire_tx(&n, 0, 100, net_mac(0), 0, 1);
	net_expect(&n, 0, 0, 1);
	rig_frame(buf, net_mac(0), net_mac(100), NET_LEN, 2);
	e1000_tx_frame(&n.card[1], buf, NET_LEN, 0);
	net_expect(&n, 0, 0, 2);
	g_assert_cmpint(net_stat(&n, "p1", "moves"), ==, 1);
	net_tx(&n, 0, net_mac(100), 0, 3);
	net_wire_silent(&n, 0);
	g_assert_cmpint(net_stat(&n, "p1", "out.unicast.frames"), ==, 1);
	net_stop(&n);
}

/* VST: ports of VLAN 10 and 20 do not hear each other; the uplink carries both, tagged. */
static void test_vlan_access(void)
{
	static const struct net_card cards[] = { { "vlan=10" }, { "vlan=20" }, { "vlan=10" } };
	struct net n;

	net_start(&n, cards, 3, 1, "");
	net_tx(&n, 0, net_broadcast, 0, 1);
	net_expect(&n, 2, 0, 1);
	net_wire_expect(&n, 0, 10, 1);
	net_tx(&n, 0, net_mac(1), 0, 2); /* an address of the other VLAN: unknown in this one */
	net_wire_expect(&n, 0, 10, 2);
	net_wire_tx(&n, 0, 100, net_broadcast, 20, 3);
	net_expect(&n, 1, 0, 3);		    /* its first frame */
	net_wire_tx(&n, 0, 100, net_mac(2), 20, 4); /* right card, wrong VLAN */
	net_wire_tx(&n, 0, 100, net_mac(2), 10, 5);
	net_expect(&n, 2, 0, 5);
	net_wire_tx(&n, 0, 100, net_broadcast, 0, 6); /* untagged belongs to neither */
	net_wire_tx(&n, 0, 100, net_broadcast, 30, 7);
	for (unsigned i = 0; i < 3; i++)
		net_silent(&n, i);
	g_assert_cmpint(net_stat(&n, "u0", "drops.no-destination"), >=, 2);
	net_stop(&n);
}

/* Frames that a guest tags itself are no frames of an access port, nor of one without VLAN. */
static void test_vlan_access_tagged(void)
{
	static const struct net_card cards[] = { { "vlan=10" }, { "vlan=0" }, { "vlan=10" } };
	struct net n;

	net_start(&n, cards, 3, 1, "");
	net_tx(&n, 0, net_broadcast, 10, 1);
	net_tx(&n, 1, net_broadcast, 10, 2);
	net_silent(&n, 2);
	net_wire_silent(&n, 0);
	g_assert_cmpint(net_stat(&n, "p0", "drops.vlan"), ==, 1);
	g_assert_cmpint(net_stat(&n, "p1", "drops.vlan"), ==, 1);
	net_stop(&n);
}

/* EST: untagged in and out, tagged frames of the uplink stay out. */
static void test_vlan_external(void)
{
	static const struct net_card cards[] = { { "vlan=0" }, { "vlan=0" } };
	struct net n;

	net_start(&n, cards, 2, 1, "");
	net_tx(&n, 0, net_broadcast, 0, 1);
	net_expect(&n, 1, 0, 1);
	net_wire_expect(&n, 0, 0, 1);
	net_wire_tx(&n, 0, 100, net_broadcast, 10, 2);
	net_wire_tx(&n, 0, 100, net_broadcast, 0, 3);
	net_expect(&n, 0, 0, 3);
	net_expect(&n, 1, 0, 3);
	net_stop(&n);
}

/* VGT: the guest sees tags, makes them, and meets the access ports of those VLANs. */
static void test_vlan_guest(void)
{
	static const struct net_card cards[] = {
		{ "vlan=4095" }, { "vlan=10" }, { "vlan=20" }, { "vlan=4095" }
	};
	struct net n;

	net_start(&n, cards, 4, 1, "");
	net_tx(&n, 1, net_broadcast, 0, 1);
	net_expect(&n, 0, 10, 1);
	net_expect(&n, 3, 10, 1);
	net_wire_expect(&n, 0, 10, 1);
	net_tx(&n, 0, net_broadcast, 20, 2);
	net_expect(&n, 2, 0, 2);
	net_expect(&n, 3, 20, 2);
	net_wire_expect(&n, 0, 20, 2);
	net_tx(&n, 0, net_mac(1), 10, 3);
	net_expect(&n, 1, 0, 3);
	net_tx(&n, 1, net_mac(0), 0, 4);
	net_expect(&n, 0, 10, 4);
	net_tx(&n, 0, net_broadcast, 4000, 5); /* any VLAN goes through to the other trunk */
	net_expect(&n, 3, 4000, 5);
	net_wire_expect(&n, 0, 4000, 5);
	net_tx(&n, 0, net_broadcast, 4095, 6); /* 802.1Q-2018 table 9-2: reserved */
	g_assert_cmpint(net_stat(&n, "p0", "drops.vlan-reserved"), ==, 1);
	for (unsigned i = 0; i < 4; i++)
		net_silent(&n, i);
	net_stop(&n);
}

/* The priority of a tag that is taken off and put on again at the uplink is what the guest said. */
static void test_vlan_priority(void)
{
	static const struct net_card cards[] = { { "vlan=4095" }, { "vlan=10" } };
	struct net n;

	net_start(&n, cards, 2, 1, "");
	net_tx(&n, 0, net_mac(100), 10 | 5 << 13, 1);
	net_wire_expect(&n, 0, 10 | 5 << 13, 1);
	net_tx(&n, 0, net_mac(1), 10 | 5 << 13, 2);
	net_expect(&n, 1, 0, 2);
	net_stop(&n);
}

/* Broadcasts that left by either uplink. */
static int64_t sent_out(struct net *n)
{
	return net_stat(n, "u0", "out.broadcast.frames") +
	       net_stat(n, "u1", "out.broadcast.frames");
}

/*
 * What comes from one uplink never leaves by another. A network that floods reaches a card by both;
 * the card gets the copy of that uplink by which its own frames leave.
 */
static void test_two_uplinks(void)
{
	int64_t sent;
	struct net n;

	net_start(&n, net_plain, 1, 2, "");
	for (uint32_t seq = 1; seq <= 3; seq++) {
		net_wire_tx(&n, 0, 100, net_broadcast, 0, seq);
		net_wire_tx(&n, 1, 100, net_broadcast, 0, seq);
		net_expect(&n, 0, 0, seq);
		net_silent(&n, 0);
	}
	net_wire_tx(&n, 0, 100, net_mac(101), 0, 4);
	net_wire_silent(&n, 0);
	net_wire_silent(&n, 1);
	sent = sent_out(&n);
	net_tx(&n, 0, net_broadcast, 0, 5);
	g_assert_cmpint(sent_out(&n), ==, sent + 1);
	net_stop(&n);
}

/* A frame with a wrong FCS reaches a card that stores such (RCTL.SBP), and no stock one or wire. */
static void test_wrong_fcs(void)
{
	static const struct net_card cards[NET_CARDS] = { [1] = { .device = "e1000" } };
	uint8_t out[68], in[BUF_SIZE], errors;
	struct net n;

	net_start(&n, cards, 3, 1, "");
	qtest_clock_step(n.qts, 2000000000ll);
	wr(&n.card[2], RCTL, rd(&n.card[2], RCTL) | 1 << 2);
	rig_frame(out, net_broadcast, net_mac(0), 64, 1);
	stl_le_p(out + 64, 0x12345678);
	qtest_memwrite(n.qts, n.card[0].tx_buf, out, sizeof(out));
	e1000_tx_desc(&n.card[0], n.card[0].tx_buf, sizeof(out) | TXD_EOP | TXD_RS, 0);
	e1000_tx_bell(&n.card[0]);
	e1000_rx_frame(&n.card[2], in, NULL, &errors, NULL);
	g_assert_cmphex(errors & 1, ==, 1);
	net_silent(&n, 1);
	net_wire_silent(&n, 0);
	g_assert_cmpint(net_stat(&n, "p1", "wrong-fcs"), ==, 1);
	g_assert_cmpint(net_stat(&n, "u0", "wrong-fcs"), ==, 1);
	net_stop(&n);
}

/* The uplink that is used goes down: the other one takes over. */
static void test_failover(void)
{
	unsigned used, other;
	int64_t before;
	struct net n;

	net_start(&n, net_plain, 1, 2, "");
	before = net_stat(&n, "u1", "out.broadcast.frames");
	net_tx(&n, 0, net_broadcast, 0, 1);
	used = net_stat(&n, "u1", "out.broadcast.frames") > before;
	other = !used;
	net_wire_expect(&n, used, 0, 1);
	wire_set_link(n.qts, used ? "u1" : "u0", false);
	/*
	 * The network is told where the card is now (teaming policy, notify switches); then frames
	 * come this way.
	 */
	net_tx(&n, 0, net_broadcast, 0, 2);
	for (;;) {
		uint8_t in[WIRE_MAX_FRAME];

		wire_recv(n.wire[other], n.qts, in);
		g_assert_cmpmem(in + 6, 6, net_mac(0), 6);
		if (lduw_be_p(in + 12) == 0x88b5)
			break;
	}
	net_wire_tx(&n, other, 100, net_mac(0), 0, 3);
	net_expect(&n, 0, 0, 3);
	net_wire_silent(&n, used);
	net_stop(&n);
}

/* QEMU's own e1000 and ours on one switch. */
static void test_stock_card(void)
{
	static const struct net_card cards[] = { { NULL, "e1000" },
						 { NULL, NULL },
						 { "vlan=10", "e1000" } };
	struct net n;

	net_start(&n, cards, 3, 1, "");
	qtest_clock_step(n.qts,
			 2000000000ll); /* it takes no frames for a second after RCTL was written */
	net_tx(&n, 0, net_mac(1), 0, 1);
	net_expect(&n, 1, 0, 1);
	net_tx(&n, 1, net_mac(0), 0, 2);
	net_expect(&n, 0, 0, 2);
	net_tx(&n, 1, net_broadcast, 0, 3);
	net_expect(&n, 0, 0, 3);
	net_wire_expect(&n, 0, 0, 3);
	net_wire_tx(&n, 0, 100, net_mac(2), 10, 4);
	net_expect(&n, 2, 0, 4);
	net_tx(&n, 2, net_broadcast, 0, 5);
	net_wire_expect(&n, 0, 10, 5);
	net_silent(&n, 0);
	net_silent(&n, 1);
	net_stop(&n);
}

/*
 * A message goes to a card and to a wire that do not take it whole: it is cut once for each, all
 * checksums right.
 */
static void test_tso(void)
{
	enum { MSS = 1000, SEGS = 7, PAYLOAD = MSS * SEGS };
	uint8_t out[PAYLOAD + 54], in[WIRE_MAX_FRAME];
	size_t len = rig_tcp4(out, net_broadcast, net_mac(0), PAYLOAD);
	struct net n;

	net_start(&n, net_plain, 2, 1, "");
	e1000_tx_tso(&n.card[0], out, len, MSS);
	for (unsigned i = 0; i < SEGS; i++) {
		g_assert_cmpuint(e1000_rx_frame(&n.card[1], in, NULL, NULL, NULL), ==, 54 + MSS);
		g_assert_true(rig_tcp4_ok(in, 54 + MSS));
		g_assert_cmpmem(in + 54, MSS, out + 54 + i * MSS, MSS);
		g_assert_cmpuint(wire_recv(n.wire[0], n.qts, in), ==, 54 + MSS);
		g_assert_true(rig_tcp4_ok(in, 54 + MSS));
		g_assert_cmphex(ldl_be_p(in + 38), ==, 0x01020304 + i * MSS);
	}
	g_assert_cmpint(net_stat(&n, "p0", "in.gso"), ==, 1);
	g_assert_cmpint(net_stat(&n, "p0", "in.broadcast.frames"), ==, SEGS);
	g_assert_cmpint(net_stat(&n, "p1", "segmented"), ==, 1);
	g_assert_cmpint(net_stat(&n, "u0", "segmented"), ==, 1);
	net_stop(&n);
}

/*
 * A message makes more segments than QEMU's card has descriptors. QEMU gives the card what was put
 * into its queue while that is emptied without asking it, and the card lost that.
 */
static void test_tso_to_full_stock_card(void)
{
	enum { MSS = 1000, SEGS = 30, PAYLOAD = MSS * SEGS };
	static const struct net_card cards[NET_CARDS] = { [1] = { .device = "e1000" } };
	uint8_t *out = g_malloc(PAYLOAD + 54), in[WIRE_MAX_FRAME];
	struct net n;
	size_t len;

	net_start(&n, cards, 2, 0, "");
	qtest_clock_step(n.qts, 2000000000ll);
	len = rig_tcp4(out, net_mac(1), net_mac(0), PAYLOAD);
	e1000_tx_tso(&n.card[0], out, len, MSS);
	for (unsigned i = 0; i < SEGS; i++) {
		g_assert_cmpuint(e1000_rx_frame(&n.card[1], in, NULL, NULL, NULL), ==, 54 + MSS);
		e1000_rx_refill(&n.card[1]);
		g_assert_cmpmem(in + 54, MSS, out + 54 + i * MSS, MSS);
	}
	net_stop(&n);
	g_free(out);
}

static bool link_up(struct net *n, unsigned card)
{
	return rd(&n->card[card], STATUS) & STATUS_LU;
}

/*
 * set_link of the port or of the card: both see the link go, and frames find no way; then all is as
 * before.
 */
static void link_goes(const char *client)
{
	struct net n;

	net_start(&n, net_plain, 2, 0, "");
	wr(&n.card[1], IMS, ICR_LSC);
	net_tx(&n, 0, net_mac(1), 0, 1);
	net_expect(&n, 1, 0, 1);
	wire_set_link(n.qts, client, false);
	g_assert_false(link_up(&n, 1));
	g_assert_true(link_up(&n, 0));
	g_assert_true(rig_irq(&n.card[1].r));
	net_tx(&n, 0, net_mac(1), 0, 2);
	net_tx(&n, 1, net_mac(0), 0, 3);
	net_silent(&n, 0);
	net_silent(&n, 1);
	g_assert_cmpint(net_stat(&n, "p1", "out.unicast.frames"), ==, 1);
	wire_set_link(n.qts, client, true);
	qtest_clock_step(n.qts, 5000000000ll); /* autonegotiation */
	g_assert_true(link_up(&n, 1));
	net_tx(&n, 0, net_mac(1), 0, 4);
	net_expect(&n, 1, 0, 4);
	net_stop(&n);
}

static void test_link_port(void)
{
	link_goes("p1");
}

static void test_link_card(void)
{
	link_goes("n1");
}

/* An uplink without link: what is not here is nowhere, and what was learnt from it is forgotten. */
static void uplink_goes(const char *client)
{
	struct net n;

	net_start(&n, net_plain, 1, 1, "");
	net_wire_tx(&n, 0, 100, net_mac(0), 0, 1);
	net_expect(&n, 0, 0, 1);
	g_assert_cmpint(net_stat(&n, "u0", "addresses"), ==, 1);
	wire_set_link(n.qts, client, false);
	g_assert_cmpint(net_stat(&n, "u0", "addresses"), ==, 0);
	net_tx(&n, 0, net_mac(100), 0, 2);
	net_wire_tx(&n, 0, 100, net_mac(0), 0, 3);
	net_silent(&n, 0);
	net_wire_silent(&n, 0);
	g_assert_cmpint(net_stat(&n, "u0", "out.unicast.frames"), ==, 0);
	wire_set_link(n.qts, client, true);
	net_wire_tx(&n, 0, 100, net_mac(0), 0, 4);
	net_expect(&n, 0, 0, 4);
	net_tx(&n, 0, net_mac(100), 0, 5);
	net_wire_expect(&n, 0, 0, 5);
	net_stop(&n);
}

static void test_link_uplink(void)
{
	uplink_goes("u0");
}

static void test_link_back_end(void)
{
	uplink_goes("w0");
}

int main(int argc, char **argv)
{
	g_test_init(&argc, &argv, NULL);
	qtest_add_func("/switch/exchange", test_exchange);
	qtest_add_func("/switch/broadcast", test_broadcast);
	qtest_add_func("/switch/learning", test_learning);
	qtest_add_func("/switch/station-move", test_station_move);
	qtest_add_func("/switch/vlan/access", test_vlan_access);
	qtest_add_func("/switch/vlan/access-port-and-tags", test_vlan_access_tagged);
	qtest_add_func("/switch/vlan/external", test_vlan_external);
	qtest_add_func("/switch/vlan/guest", test_vlan_guest);
	qtest_add_func("/switch/vlan/priority", test_vlan_priority);
	qtest_add_func("/switch/wrong-fcs", test_wrong_fcs);
	qtest_add_func("/switch/uplinks/two", test_two_uplinks);
	qtest_add_func("/switch/uplinks/failover", test_failover);
	qtest_add_func("/switch/stock-card", test_stock_card);
	qtest_add_func("/switch/tso", test_tso);
	qtest_add_func("/switch/tso-to-a-full-stock-card", test_tso_to_full_stock_card);
	qtest_add_func("/switch/set-link/port", test_link_port);
	qtest_add_func("/switch/set-link/card", test_link_card);
	qtest_add_func("/switch/set-link/uplink", test_link_uplink);
	qtest_add_func("/switch/set-link/back-end", test_link_back_end);
	return g_test_run();
}
