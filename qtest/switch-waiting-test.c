/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Device suite of the switch: frames that wait for a receiver, and those that have waited too long.
 * See switch-test.c.
 */
#include "switch-rig.h"

/* Send @count frames to a card that gives no buffers back. */
static void fill(struct net *n, unsigned count)
{
	for (unsigned i = 0; i < count; i++)
		net_tx(n, 0, net_mac(1), 0, i);
}

/* Frames for a card whose ring is full wait, then arrive, all and in order. */
static void test_waiting(void)
{
	enum { FRAMES = 5 * RX_RING };
	struct net n;

	net_start(&n, net_plain, 2, 0, "");
	fill(&n, FRAMES);
	g_assert_cmpint(net_stat(&n, "p1", "queue-frames"), ==, FRAMES - (RX_RING - 1));
	g_assert_cmpint(net_stat(&n, "p1", "queue-bytes"), ==, (FRAMES - (RX_RING - 1)) * NET_LEN);
	for (unsigned i = 0; i < FRAMES; i++)
		net_expect(&n, 1, 0, i);
	net_silent(&n, 1);
	g_assert_cmpint(net_stat(&n, "p1", "queue-frames"), ==, 0);
	g_assert_cmpint(net_stat(&n, "p1", "drops.queue-full"), ==, 0);
	g_assert_cmpint(net_stat(&n, "p1", "out.unicast.frames"), ==, FRAMES);
	net_stop(&n);
}

/* Queue frames, of which one doorbell tells. */
static void burst(struct net *n, unsigned count, uint32_t first)
{
	struct e1000_rig *e = &n->card[0];
	uint8_t buf[NET_LEN];

	for (unsigned i = 0; i < count; i++) {
		rig_frame(buf, net_mac(1), net_mac(0), NET_LEN, first + i);
		qtest_memwrite(n->qts, e->tx_buf + e->tail * BUF_SIZE, buf, NET_LEN);
		e1000_tx_desc(e, e->tx_buf + e->tail * BUF_SIZE, NET_LEN | TXD_EOP | TXD_IFCS, 0);
	}
	e1000_tx_bell(e);
}

/*
 * A receiver that takes some and gives some buffers back while others come: always all, and in
 * order.
 */
static void test_waiting_mixed(void)
{
	GRand *r = g_rand_new_with_seed(11);
	uint32_t sent = 0, seen = 0;
	struct net n;

	net_start(&n, net_plain, 2, 0, "");
	while (sent < 3000) {
		unsigned count = g_rand_int_range(r, 1, TX_RING),
			 take = g_rand_int_range(r, 0, 2 * RX_RING);
		uint8_t in[BUF_SIZE];

		burst(&n, count, sent);
		sent += count;
		for (; take && seen < sent && !e1000_rx_idle(&n.card[1]); take--) {
			e1000_rx_frame(&n.card[1], in, NULL, NULL, NULL);
			g_assert_cmpuint(ldl_be_p(in + 14), ==, seen);
			seen++;
			if (g_rand_int_range(r, 0, 4) == 0)
				e1000_rx_refill(&n.card[1]);
		}
		if (g_rand_boolean(r))
			e1000_rx_refill(&n.card[1]);
	}
	e1000_rx_refill(&n.card[1]);
	while (seen < sent)
		net_expect(&n, 1, 0, seen++);
	g_assert_cmpint(net_stat(&n, "p1", "queued"), >, 100);
	g_assert_cmpint(net_stat(&n, "p1", "out.unicast.frames"), ==, sent);
	g_rand_free(r);
	net_stop(&n);
}

/* Take all that comes; the numbers go up. Returns how many. */
static unsigned drain(struct net *n, unsigned card, uint32_t *last)
{
	uint8_t in[BUF_SIZE];
	unsigned got = 0;

	for (; !e1000_rx_idle(&n->card[card]); got++) {
		e1000_rx_frame(&n->card[card], in, NULL, NULL, NULL);
		g_assert_true(!got || ldl_be_p(in + 14) > *last);
		*last = ldl_be_p(in + 14);
		e1000_rx_refill(&n->card[card]);
	}
	return got;
}

/*
 * Beyond 1024 waiting frames some are dropped, and counted; a receiver that sleeps does not stop
 * its neighbours.
 */
static void test_waiting_bound(void)
{
	enum { FRAMES = 1024 + 200 };
	uint32_t last = 0;
	struct net n;
	unsigned got;

	net_start(&n, net_plain, 3, 0, "");
	fill(&n, FRAMES);
	g_assert_cmpint(net_stat(&n, "p1", "queue-frames"), <=, 1024);
	g_assert_cmpint(net_stat(&n, "p1", "drops.queue-full"), >=, FRAMES - 1024 - (RX_RING - 1));
	net_tx(&n, 0, net_mac(2), 0, 1);
	net_expect(&n, 2, 0, 1);
	got = drain(&n, 1, &last);
	g_assert_cmpint(got + net_stat(&n, "p1", "drops.queue-full"), ==, FRAMES);
	g_assert_cmpuint(last, ==, FRAMES - 1);
	net_stop(&n);
}

/* RFC 8289: what stood too long for too long is dropped, not delivered late. */
static void test_waiting_too_long(void)
{
	enum { FRAMES = 400 };
	uint32_t last = 0;
	unsigned got = 0;
	struct net n;

	net_start(&n, net_plain, 2, 0, "");
	fill(&n, FRAMES);
	for (unsigned i = 0; i < 100; i++) {
		uint8_t in[BUF_SIZE];

		qtest_clock_step(n.qts, 50000000);
		if (e1000_rx_idle(&n.card[1]))
			break;
		e1000_rx_frame(&n.card[1], in, NULL, NULL, NULL);
		e1000_rx_refill(&n.card[1]);
		got++;
	}
	got += drain(&n, 1, &last);
	g_assert_cmpint(net_stat(&n, "p1", "drops.queue-delay"), >, 0);
	g_assert_cmpint(net_stat(&n, "p1", "queue-frames"), ==, 0);
	g_assert_cmpint(got + net_stat(&n, "p1", "drops.queue-delay"), ==, FRAMES);
	g_assert_cmpint(net_stat(&n, "p1", "queue-delay-max-ns"), >=, 50000000);
	net_stop(&n);
}

/* A back end that takes nothing: frames wait at QEMU and at the uplink, and come when it reads. */
static void test_waiting_uplink(void)
{
	enum { FRAMES = 600, LEN = 1514 };
	uint8_t out[LEN], in[WIRE_MAX_FRAME];
	struct net n;

	net_start(&n, net_plain, 1, 1, "");
	for (unsigned i = 0; i < FRAMES; i++) {
		rig_frame(out, net_broadcast, net_mac(0), LEN, i);
		e1000_tx_frame(&n.card[0], out, LEN, 0);
	}
	g_assert_cmpint(net_stat(&n, "u0", "queue-frames"), >, 0);
	for (unsigned i = 0; i < FRAMES; i++) {
		g_assert_cmpuint(wire_recv(n.wire[0], n.qts, in), ==, LEN);
		g_assert_cmpuint(ldl_be_p(in + 14), ==, i);
	}
	g_assert_cmpint(net_stat(&n, "u0", "queue-frames"), ==, 0);
	g_assert_cmpint(net_stat(&n, "u0", "drops.queue-full"), ==, 0);
	net_stop(&n);
}

int main(int argc, char **argv)
{
	g_test_init(&argc, &argv, NULL);
	qtest_add_func("/switch/waiting/in-order", test_waiting);
	qtest_add_func("/switch/waiting/mixed", test_waiting_mixed);
	qtest_add_func("/switch/waiting/bound", test_waiting_bound);
	qtest_add_func("/switch/waiting/too-long", test_waiting_too_long);
	qtest_add_func("/switch/waiting/uplink", test_waiting_uplink);
	return g_test_run();
}
