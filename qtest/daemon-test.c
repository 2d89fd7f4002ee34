/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Device suite of ports with connect=: cards on a switch that runs in a vswitchd. */
#include "daemon-rig.h"
#include "errors.h"

#define MSS 1000

/* Cards at the daemon: ours, and another one */
static void start_with(struct net *n, const struct daemon *d, unsigned n_cards, const char *other,
		       const char *more)
{
	const struct net_card cards[] = { { daemon_port(d), NULL }, { daemon_port(d), other } };

	g_assert_cmpuint(n_cards, <=, 2);
	net_start(n, cards, n_cards, 0, more);
	if (!*more)
		qtest_clock_step(n->qts, 2000000000ll); /* QEMU's card takes frames only then */
}

static void start(struct net *n, const struct daemon *d, unsigned n_cards)
{
	start_with(n, d, n_cards, "e1000", "");
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
	start(&n, &d, 2);
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
	start(&n, &d, 2);
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

/* A frame of a station at the daemon, which is behind no port of QEMU */
static void station_says(int station, const uint8_t *dst, uint32_t seq)
{
	uint8_t frame[NET_LEN];

	rig_frame(frame, dst, net_mac(200), NET_LEN, seq);
	wire_send(station, frame, NET_LEN);
}

/* A stopped daemon holds nobody up: frames wait in the ring, then in the card, none is lost. */
static void test_stopped(void)
{
	enum { FRAMES = 400 }; /* more than ring and card hold */
	uint8_t in[WIRE_MAX_FRAME];
	uint32_t sent = 0, heard = 0;
	struct daemon d;
	int station;
	struct net n;

	daemon_make(&d);
	daemon_start(&d, DAEMON_BLUE);
	station = daemon_station(&d, "blue.sock");
	start(&n, &d, 1);
	wait_up(&n, true);
	station_says(station, net_broadcast, 77); /* it is plugged in */
	expect(&n, 0, 77);
	g_assert_cmpint(kill(d.pid, SIGSTOP), ==, 0);
	while (net_stat(&n, "p0", "held") == 0)
		net_tx(&n, 0, net_broadcast, 0, sent++);
	g_assert_cmpuint(sent, >, 64);
	g_assert_cmpuint(sent, <, FRAMES);
	g_assert_true(card_link(&n, 0));
	g_assert_cmpint(kill(d.pid, SIGCONT), ==, 0);
	while (heard < sent) {
		daemon_hear(station, in);
		if (!wire_is_rarp(in, NET_LEN, net_mac(0)))
			g_assert_cmpuint(ldl_be_p(in + 14), ==, heard++);
	}
	close(station);
	net_stop(&n);
	daemon_end(&d);
}

/* What the daemon does not let in has its cable out, and is told why; it may come later. */
static void test_refused(void)
{
	g_autofree char *token = NULL, *args = NULL;
	struct daemon d;
	struct net n = { 0 };

	daemon_make(&d);
	daemon_start(&d, DAEMON_BLUE);
	token = g_build_filename(d.dir, "token", NULL);
	g_assert_true(g_file_set_contents(token, "noir\n", -1, NULL));
	args = g_strdup_printf(
		"-M none -nodefaults -device vc-port,id=p0,connect=%s,portgroup=red,token-file=%s"
		" -device vc-port,id=p1,connect=%s,portgroup=green %s",
		d.control, token, d.control, errors_apart());
	n.qts = qtest_init(args);
	daemon_wait_said("token: is not that of port group 'red'");
	daemon_wait_said("green");
	g_assert_cmpint(daemon_stat(&d, "p0", ""), ==, -1);
	g_assert_cmpint(daemon_stat(&d, "p1", ""), ==, -1);
	qobject_unref(daemon_ask(&d, "{\"execute\": \"config-patch\", \"arguments\":"
				     " {\"patch\": {\"portgroups\": {\"green\": {}}}}}"));
	daemon_wait_said("p1: plugged into switch sw0");
	g_assert_cmpint(daemon_stat(&d, "p1", ""), ==, 0);
	qtest_quit(n.qts);
	daemon_end(&d);
}

static void test_token(void)
{
	g_autofree char *token = NULL, *args = NULL;
	int64_t since = 0;
	QTestState *qts;
	struct daemon d;

	daemon_make(&d);
	daemon_start(&d, DAEMON_BLUE);
	token = g_build_filename(d.dir, "token", NULL);
	g_assert_true(g_file_set_contents(token, "rouge\n", -1, NULL));
	args = g_strdup_printf("-M none -nodefaults -name 'a b' -device vc-port,id=p0,switch=sw0,"
			       "connect=%s,portgroup=red,token-file=%s",
			       d.control, token);
	qts = qtest_init(args);
	while (daemon_stat(&d, "a-b.p0", "") < 0)
		daemon_wait(&since);
	qtest_quit(qts);
	daemon_end(&d);
}

/* Ports and cards come and go at run time. PC, whose slots are hot-pluggable. */
static void test_hotplug(void)
{
	struct rig machine;
	struct daemon d;
	int64_t since;

	daemon_make(&d);
	daemon_start(&d, DAEMON_BLUE);
	rig_open(&machine, 0, "-machine pc -nodefaults");
	for (unsigned round = 0; round < 2; round++) {
		struct net n = { .qts = machine.qts, .n_cards = 2 };

		for (unsigned i = 0; i < 2; i++) {
			g_autofree char *port = g_strdup_printf("p%u", i);
			g_autofree char *card = g_strdup_printf("n%u", i);
			g_autofree char *slot = g_strdup_printf("%u", 8 + i);
			g_autofree char *mac = g_strdup_printf("52:54:00:aa:00:0%u", i);

			qtest_qmp_device_add(n.qts, "vc-port", port,
					     "{ 'connect': %s, 'portgroup': 'blue' }", d.control);
			qtest_qmp_device_add(n.qts, "vc-e1000", card,
					     "{ 'netdev': %s, 'addr': %s, 'mac': %s }", port, slot,
					     mac);
			rig_join(&n.card[i].r, &machine, 8 + i);
		}
		wait_up(&n, true);
		e1000_rig_attach(&n.card[0]);
		e1000_rig_attach(&n.card[1]);
		expect_traffic(&n, 10);
		qtest_qmp_assert_success(
			n.qts, "{ 'execute': 'device_del', 'arguments': { 'id': 'p1' } }");
		for (since = 0; daemon_stat(&d, "p1", "") >= 0;)
			daemon_wait(&since);
		wait_card_link(&n, 1, false);
		e1000_rig_stop(&n.card[1]);
		qpci_unplug_acpi_device_test(n.qts, "n1", 9);
		e1000_rig_stop(&n.card[0]);
		qpci_unplug_acpi_device_test(n.qts, "n0", 8);
		qtest_qmp_assert_success(
			n.qts, "{ 'execute': 'device_del', 'arguments': { 'id': 'p0' } }");
		for (since = 0; daemon_stat(&d, "p0", "") >= 0;)
			daemon_wait(&since);
	}
	rig_stop(&machine);
	daemon_end(&d);
}

/* A cable that is out here is a link that is down there; and it stays out over an absence. */
static void test_set_link(void)
{
	struct daemon d;
	int64_t since = 0;
	struct net n;

	daemon_make(&d);
	daemon_start(&d, DAEMON_BLUE);
	start(&n, &d, 2);
	wait_up(&n, true);
	for (unsigned i = 0; i < 2; i++) {
		const char *who = i ? "n0" : "p0";

		wire_set_link(n.qts, who, false);
		for (since = 0; daemon_stat(&d, "p0", "link");)
			daemon_wait(&since);
		g_assert_false(card_link(&n, 0));
		wire_set_link(n.qts, who, true);
		for (since = 0; !daemon_stat(&d, "p0", "link");)
			daemon_wait(&since);
		wait_card_link(&n, 0, true);
	}
	expect_traffic(&n, 10);
	daemon_kill(&d);
	daemon_wait_stat(&n, "p0", "link-up", false);
	wire_set_link(n.qts, "n0", true); /* not while it is away */
	wait_card_link(&n, 0, false);
	wire_set_link(n.qts, "n0", false);
	wire_set_link(n.qts, "p1", false);
	daemon_start(&d, DAEMON_BLUE);
	for (since = 0; daemon_stat(&d, "p0", "") < 0 || daemon_stat(&d, "p1", "") < 0;)
		daemon_wait(&since);
	for (unsigned turn = 0; turn < 100; turn++)
		g_assert_false(net_stat(&n, "n0", "cable") || net_stat(&n, "p1", "link-up"));
	wire_set_link(n.qts, "p1", true);
	daemon_wait_stat(&n, "p1", "link-up", true);
	for (unsigned turn = 0; turn < 100; turn++)
		g_assert_false(net_stat(&n, "n0", "cable"));
	wire_set_link(n.qts, "n0", true);
	wait_up(&n, true);
	net_stop(&n);
	daemon_end(&d);
}

static void set_mac(struct net *n, unsigned card, const uint8_t *mac)
{
	wr(&n->card[card], RAL, ldl_le_p(mac));
	wr(&n->card[card], RAH, 1u << 31 | lduw_le_p(mac + 4));
}

/*
 * The daemon knows the cards' addresses before they have sent anything, what their guests make of
 * them, and once more after it was killed: a frame for one card does not come to the other.
 */
static void test_filter(void)
{
	struct daemon d;
	int64_t since;
	int station;
	struct net n;

	daemon_make(&d);
	daemon_start(&d, DAEMON_BLUE);
	start(&n, &d, 2);
	wait_up(&n, true);
	set_mac(&n, 0, net_mac(100));
	for (unsigned round = 0; round < 2; round++) {
		station = daemon_station(&d, "blue.sock");
		for (since = 0; daemon_stat(&d, "p1", "link") != 1;)
			daemon_wait(&since);
		station_says(station, net_broadcast, 1); /* everything before it was told */
		expect(&n, 0, 1);
		expect(&n, 1, 1);
		station_says(station, net_mac(100), 2);
		expect(&n, 0, 2);
		station_says(station, net_broadcast, 3);
		expect(&n, 1, 3);
		g_assert_cmpint(daemon_stat(&d, "p1", "counters.out.unicast.frames"), ==, 0);
		g_assert_cmpint(daemon_stat(&d, "p0", "promiscuous"), ==, 0);
		wr(&n.card[0], RCTL, rd(&n.card[0], RCTL) | RCTL_UPE);
		for (since = 0; daemon_stat(&d, "p0", "promiscuous") != 1;)
			daemon_wait(&since);
		wr(&n.card[0], RCTL, rd(&n.card[0], RCTL) & ~RCTL_UPE);
		for (since = 0; daemon_stat(&d, "p0", "promiscuous") != 0;)
			daemon_wait(&since);
		expect(&n, 0, 3);
		close(station);
		daemon_kill(&d);
		wait_up(&n, false);
		daemon_start(&d, DAEMON_BLUE);
		wait_up(&n, true);
		wait_card_link(&n, 0, true);
		wait_card_link(&n, 1, true);
		qtest_clock_step(n.qts, 2000000000ll);
	}
	net_stop(&n);
	daemon_end(&d);
}

/* A message goes whole to the daemon, and whole to the port of a card that has it cut. */
static void test_tso(void)
{
	enum { SEGS = 30, PAYLOAD = MSS * SEGS }; /* more than the card has room for */
	uint8_t *out = g_malloc(PAYLOAD + 54), in[WIRE_MAX_FRAME];
	struct daemon d;
	struct net n;
	size_t len;

	daemon_make(&d);
	daemon_start(&d, DAEMON_BLUE);
	start(&n, &d, 2);
	wait_up(&n, true);
	for (unsigned round = 0; round < 2; round++) {
		len = rig_tcp4(out, net_broadcast, net_mac(0), PAYLOAD);
		e1000_tx_tso(&n.card[0], out, len, MSS);
		for (unsigned i = 0; i < SEGS; i++) {
			daemon_wait_rx(&n, 1);
			g_assert_cmpuint(e1000_rx_frame(&n.card[1], in, NULL, NULL, NULL), ==,
					 54 + MSS);
			e1000_rx_refill(&n.card[1]);
			g_assert_true(rig_tcp4_ok(in, 54 + MSS));
			g_assert_cmpmem(in + 54, MSS, out + 54 + i * MSS, MSS);
			g_assert_cmphex(ldl_be_p(in + 38), ==, 0x01020304 + i * MSS);
		}
	}
	g_assert_cmpint(daemon_stat(&d, "p0", "counters.in.gso"), ==, 2);
	g_assert_cmpint(daemon_stat(&d, "p1", "counters.out.gso"), ==, 2);
	g_assert_cmpint(daemon_stat(&d, "p1", "counters.segmented"), ==, 0);
	g_assert_cmpint(net_stat(&n, "p0", "in.gso"), ==, 2);
	g_assert_cmpint(net_stat(&n, "p0", "in.broadcast.frames"), ==, 2 * SEGS);
	g_assert_cmpint(net_stat(&n, "p1", "out.broadcast.frames"), ==, 2 * SEGS);
	g_assert_cmpint(net_stat(&n, "p1", "segmented"), ==, 2);
	net_stop(&n);
	daemon_end(&d);
	g_free(out);
}

/* A machine moves to another QEMU on the same daemon, with its port, and no cable is pulled. */
static void test_migrate(void)
{
	struct e1000_rig moved;
	struct net n, to;
	struct daemon d;
	int station;

	daemon_make(&d);
	daemon_start(&d, DAEMON_BLUE);
	station = daemon_station(&d, "blue.sock");
	start(&n, &d, 1);
	wait_up(&n, true);
	station_says(station, net_mac(0), 1);
	expect(&n, 0, 1);
	start_with(&to, &d, 1, NULL, "-incoming defer");
	wire_migrate(n.qts, to.qts);
	g_assert_true(wire_stat(to.qts, "n0", "cable"));
	wait_up(&to, true);
	moved = n.card[0];
	rig_move(&moved.r, &to.card[0].r);
	to.card[0] = moved;
	net_stop(&n);
	g_assert_true(card_link(&to, 0));
	station_says(station, net_mac(0), 2);
	expect(&to, 0, 2);
	g_assert_cmpint(daemon_stat(&d, "p0", "link"), ==, 1);
	close(station);
	net_stop(&to);
	daemon_end(&d);
}

#define UUID "-uuid 01234567-89ab-cdef-0123-456789abcdef"

static QDict *connection(struct daemon *d)
{
	QObject *ret = daemon_ask(d, "{\"execute\": \"query-connections\","
				     " \"arguments\": {\"port\": \"p0\"}}");
	QDict *one = qobject_to(QDict, qlist_peek(qobject_to(QList, ret)));

	qobject_ref(one);
	qobject_unref(ret);
	return one;
}

/* Wait until the port's second is so; NULL: there is none */
static void wait_second(struct daemon *d, const char *second)
{
	int64_t since = 0;

	for (;;) {
		QDict *one = connection(d);
		bool so = !g_strcmp0(qdict_get_try_str(one, "second"), second);

		qobject_unref(one);
		if (so)
			return;
		daemon_wait(&since);
	}
}

static void expect_holder(struct daemon *d, const char *holder)
{
	QDict *one = connection(d);

	g_assert_cmpstr(qdict_get_try_str(one, "holder"), ==, holder);
	qobject_unref(one);
}

static void wait_holder(struct daemon *d, const char *holder)
{
	int64_t since = 0;

	for (;;) {
		QDict *one = connection(d);
		bool so = !g_strcmp0(qdict_get_try_str(one, "holder"), holder);

		qobject_unref(one);
		if (so)
			return;
		daemon_wait(&since);
	}
}

static void wait_link(struct daemon *d, bool up)
{
	int64_t since = 0;

	while (daemon_stat(d, "p0", "link") != up)
		daemon_wait(&since);
}

/* The card's rig goes with the machine */
static void move_card(struct net *from, struct net *to)
{
	struct e1000_rig moved = from->card[0];

	rig_move(&moved.r, &to->card[0].r);
	to->card[0] = moved;
}

/* With a UUID the port itself goes along: what it has counted, and what waits for it meanwhile. */
static void test_migrate_port(void)
{
	struct e1000_rig moved;
	struct net n, to;
	struct daemon d;
	int station;

	daemon_make(&d);
	daemon_start(&d, DAEMON_BLUE);
	station = daemon_station(&d, "blue.sock");
	start_with(&n, &d, 1, NULL, UUID);
	wait_up(&n, true);
	for (unsigned i = 0; i < 5; i++) {
		station_says(station, net_mac(0), i);
		expect(&n, 0, i);
	}
	start_with(&to, &d, 1, NULL, UUID " -incoming defer");
	wait_second(&d, "standby");
	expect_holder(&d, "active");
	wire_migrate(n.qts, to.qts);
	g_assert_true(wire_stat(to.qts, "n0", "cable"));
	wait_up(&to, true);
	wait_second(&d, "moved");
	expect_holder(&d, "active");
	moved = n.card[0];
	rig_move(&moved.r, &to.card[0].r);
	to.card[0] = moved;
	net_stop(&n);
	wait_second(&d, NULL);
	g_assert_true(card_link(&to, 0));
	station_says(station, net_mac(0), 5);
	expect(&to, 0, 5);
	g_assert_cmpint(daemon_stat(&d, "p0", "counters.out.unicast.frames"), ==, 6);
	close(station);
	net_stop(&to);
	daemon_end(&d);
}

/* What is saved for nobody: the source goes on, with what came meanwhile. */
static void test_migrate_back(void)
{
	struct daemon d;
	struct net n, to;
	int station;

	daemon_make(&d);
	daemon_start(&d, DAEMON_BLUE);
	station = daemon_station(&d, "blue.sock");
	start_with(&n, &d, 1, NULL, UUID);
	wait_up(&n, true);
	station_says(station, net_mac(0), 1);
	expect(&n, 0, 1);
	start_with(&to, &d, 1, NULL, UUID " -incoming defer");
	wait_second(&d, "standby");
	wire_save(n.qts, "cat >/dev/null");
	expect_holder(&d, "quiet");
	g_assert_cmpint(daemon_stat(&d, "p0", "link"), ==, 1);
	station_says(station, net_mac(0), 2);
	station_says(station, net_mac(0), 3);
	net_stop(&to);
	qtest_qmp_assert_success(n.qts, "{ 'execute': 'cont' }");
	wait_up(&n, true);
	g_assert_true(card_link(&n, 0));
	station_says(station, net_mac(0), 4);
	for (unsigned i = 2; i < 5; i++)
		expect(&n, 0, i);
	expect_holder(&d, "active");
	close(station);
	net_stop(&n);
	daemon_end(&d);
}

/* To another daemon the port's state goes with the machine: counters, addresses, what waits. */
static void test_migrate_there(void)
{
	struct daemon d, e;
	struct net n, to;
	int here, there;

	daemon_make(&d);
	daemon_make(&e);
	daemon_start(&d, DAEMON_BLUE);
	daemon_start(&e, DAEMON_BLUE);
	here = daemon_station(&d, "blue.sock");
	there = daemon_station(&e, "blue.sock");
	start_with(&n, &d, 1, NULL, UUID);
	wait_up(&n, true);
	for (unsigned i = 0; i < 5; i++) {
		station_says(here, net_mac(0), i);
		expect(&n, 0, i);
	}
	start_with(&to, &e, 1, NULL, UUID " -incoming defer");
	wait_holder(&e, "standby");
	wire_migrate(n.qts, to.qts);
	wait_up(&to, true);
	wait_holder(&e, "active");
	g_assert_cmpint(daemon_stat(&e, "p0", "counters.out.unicast.frames"), ==, 5);
	wait_link(&d, false); /* let go, as soon as QEMU says that the machine has moved */
	g_assert_cmpint(daemon_stat(&d, "p0", "counters.out.unicast.frames"), ==, 5);
	move_card(&n, &to);
	net_stop(&n);
	station_says(there, net_mac(0), 5);
	expect(&to, 0, 5);
	g_assert_cmpint(daemon_stat(&e, "p0", "counters.out.unicast.frames"), ==, 6);
	close(here);
	close(there);
	net_stop(&to);
	daemon_end(&d);
	daemon_end(&e);
}

/* A source that was let go goes on all the same: its cable is in again. */
static void test_migrate_there_back(void)
{
	struct daemon d;
	struct net n;
	int station;

	daemon_make(&d);
	daemon_start(&d, DAEMON_BLUE);
	station = daemon_station(&d, "blue.sock");
	start_with(&n, &d, 1, NULL, UUID);
	wait_up(&n, true);
	station_says(station, net_mac(0), 1);
	expect(&n, 0, 1);
	wire_save(n.qts, "cat >/dev/null");
	wait_link(&d, false);
	qtest_qmp_assert_success(n.qts, "{ 'execute': 'cont' }");
	wait_up(&n, true);
	station_says(station, net_mac(0), 2);
	expect(&n, 0, 2);
	wait_holder(&d, "active");
	g_assert_cmpint(daemon_stat(&d, "p0", "counters.out.unicast.frames"), ==, 2);
	close(station);
	net_stop(&n);
	daemon_end(&d);
}

/* What the daemon drops can be asked for here. */
static void test_counters(void)
{
	static const uint8_t reserved[6] = { 1, 0x80, 0xc2, 0, 0, 1 };
	struct daemon d;
	struct net n;

	daemon_make(&d);
	daemon_start(&d, DAEMON_BLUE);
	start(&n, &d, 1);
	wait_up(&n, true);
	net_tx(&n, 0, reserved, 0, 1);
	daemon_wait_stat(&n, "p0", "drops.reserved-address", 1);
	net_stop(&n);
	daemon_end(&d);
}

/* What a port with connect= does not take */
static void test_properties(void)
{
	static const char *const wrong[][2] = {
		{ "'connect': '/x', 'vlan': 5", "vlan=" },
		{ "'connect': '/x', 'netdev': 'w0'", "netdev=" },
		{ "'connect': 'sw1', 'switch': 'sw0'", "connect=sw1 names a switch" },
		{ "'connect': ''", "path of a control socket" },
		{ "'token-file': '/x'", "is for a port with connect=" },
		{ "'connect': '/x', 'token-file': '/nowhere'", "token-file=/nowhere: " },
	};
	QTestState *qts = qtest_init("-M none -nodefaults");

	for (unsigned i = 0; i < ARRAY_SIZE(wrong); i++) {
		g_autofree char *command = g_strdup_printf(
			"{ 'execute': 'device_add', 'arguments': { 'driver': 'vc-port',"
			" 'id': 'p%u', %s } }",
			i, wrong[i][0]);
		QDict *rsp;

		qtest_qmp_send_raw(qts, "%s", command);
		rsp = qtest_qmp_receive(qts);
		g_assert_nonnull(
			strstr(qdict_get_str(qdict_get_qdict(rsp, "error"), "desc"), wrong[i][1]));
		qobject_unref(rsp);
	}
	qtest_quit(qts);
}

int main(int argc, char **argv)
{
	g_test_init(&argc, &argv, NULL);
	qtest_add_func("/daemon/first", test_daemon_first);
	qtest_add_func("/daemon/last", test_daemon_last);
	qtest_add_func("/daemon/killed", test_killed);
	qtest_add_func("/daemon/stopped", test_stopped);
	qtest_add_func("/daemon/refused", test_refused);
	qtest_add_func("/daemon/token", test_token);
	qtest_add_func("/daemon/hotplug", test_hotplug);
	qtest_add_func("/daemon/set-link", test_set_link);
	qtest_add_func("/daemon/filter", test_filter);
	qtest_add_func("/daemon/tso", test_tso);
	qtest_add_func("/daemon/migrate", test_migrate);
	qtest_add_func("/daemon/migrate-port", test_migrate_port);
	qtest_add_func("/daemon/migrate-back", test_migrate_back);
	qtest_add_func("/daemon/migrate-there", test_migrate_there);
	qtest_add_func("/daemon/migrate-there-back", test_migrate_there_back);
	qtest_add_func("/daemon/counters", test_counters);
	qtest_add_func("/daemon/properties", test_properties);
	return g_test_run();
}
