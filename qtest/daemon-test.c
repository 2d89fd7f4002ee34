/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Device suite of ports with connect=: cards on a switch that runs in a vswitchd. */
#include "daemon-rig.h"
#include <sys/socket.h>

#define MSS 1000

/* Cards at the daemon: ours, and QEMU's */
static void start(struct net *n, const struct daemon *d, unsigned n_cards, const char *more)
{
	const struct net_card cards[] = { { daemon_port(d), NULL }, { daemon_port(d), "e1000" } };

	g_assert_cmpuint(n_cards, <=, 2);
	net_start(n, cards, n_cards, 0, more);
	qtest_clock_step(n->qts, 2000000000ll); /* QEMU's card takes frames only then */
}

static void wait_up(struct net *n, bool up)
{
	for (unsigned i = 0; i < n->n_cards; i++) {
		g_autofree char *port = g_strdup_printf("p%u", i);

		daemon_wait_stat(n, port, "link-up", up);
	}
}

static void expect(struct net *n, unsigned card, uint32_t seq)
{
	daemon_wait_rx(n, card);
	net_expect(n, card, 0, seq);
}

/* Both ways, by address and to all */
static void expect_traffic(struct net *n, uint32_t seq)
{
	net_tx(n, 0, net_mac(1), 0, seq);
	expect(n, 1, seq);
	net_tx(n, 1, net_mac(0), 0, seq + 1);
	expect(n, 0, seq + 1);
	net_tx(n, 0, net_broadcast, 0, seq + 2);
	expect(n, 1, seq + 2);
}

static void test_daemon_first(void)
{
	struct daemon d;
	struct net n;

	daemon_make(&d);
	daemon_start(&d, DAEMON_BLUE);
	start(&n, &d, 2, "");
	wait_up(&n, true);
	expect_traffic(&n, 100);
	g_assert_cmpint(net_stat(&n, "p0", "in.unicast.frames"), ==, 1);
	g_assert_cmpint(net_stat(&n, "p0", "in.broadcast.frames"), ==, 1);
	g_assert_cmpint(net_stat(&n, "p0", "out.unicast.frames"), ==, 1);
	net_stop(&n);
	daemon_end(&d);
}

static bool card_link(struct net *n, unsigned card)
{
	return rd(&n->card[card], STATUS) & STATUS_LU;
}

static void wait_card_link(struct net *n, unsigned card, bool up)
{
	int64_t since = 0;

	while (card_link(n, card) != up) {
		daemon_wait(&since);
		qtest_clock_step(n->qts, 100000000); /* autonegotiation */
	}
}

/* Two cards whose drivers have not come yet */
static void start_late(struct net *n, const struct daemon *d)
{
	g_autofree char *args =
		g_strdup_printf("-machine q35 -nodefaults"
				" -device vc-port,id=p0,switch=sw0,%s"
				" -device vc-e1000,id=n0,netdev=p0,addr=4,mac=52:54:00:aa:00:00"
				" -device vc-port,id=p1,switch=sw0,%s"
				" -device vc-e1000,id=n1,netdev=p1,addr=5,mac=52:54:00:aa:00:01",
				daemon_port(d), daemon_port(d));

	memset(n, 0, sizeof(*n));
	n->n_cards = 2;
	rig_open(&n->card[0].r, 4, args);
	rig_join(&n->card[1].r, &n->card[0].r, 5);
	n->qts = n->card[0].r.qts;
}

static void test_daemon_last(void)
{
	struct daemon d;
	struct net n;

	daemon_make(&d);
	start_late(&n, &d);
	daemon_wait_stat(&n, "n0", "link-up", false);
	daemon_wait_stat(&n, "n1", "link-up", false);
	daemon_start(&d, DAEMON_BLUE);
	qtest_qmp_eventwait(n.qts, "NETDEV_STREAM_CONNECTED");
	wait_up(&n, true);
	e1000_rig_attach(&n.card[0]);
	e1000_rig_attach(&n.card[1]);
	expect_traffic(&n, 200);
	net_stop(&n);
	daemon_end(&d);
}

static void test_killed(void)
{
	struct daemon d;
	struct net n;

	daemon_make(&d);
	daemon_start(&d, DAEMON_BLUE);
	start(&n, &d, 2, "");
	wait_up(&n, true);
	for (unsigned round = 0; round < 3; round++) {
		expect_traffic(&n, 100 * round);
		daemon_kill(&d);
		qtest_qmp_eventwait(n.qts, "NETDEV_STREAM_DISCONNECTED");
		wait_up(&n, false);
		wait_card_link(&n, 0, false);
		net_tx(&n, 0, net_mac(1), 0, 7); /* waits in the card */
		daemon_start(&d, DAEMON_BLUE);
		wait_up(&n, true);
		wait_card_link(&n, 0, true);
		wait_card_link(&n, 1, true);
		qtest_clock_step(n.qts, 2000000000ll);
		expect(&n, 1, 7);
	}
	net_stop(&n);
	daemon_end(&d);
}

int main(int argc, char **argv)
{
	g_test_init(&argc, &argv, NULL);
	qtest_add_func("/daemon/first", test_daemon_first);
	qtest_add_func("/daemon/last", test_daemon_last);
	qtest_add_func("/daemon/killed", test_killed);
	return g_test_run();
}
