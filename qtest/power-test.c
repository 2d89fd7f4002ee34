/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Device suite: frames that were queued while a card might not work, or when it was reset, and what
 * becomes of them when it may again: bus mastering (PCI 3.0, 6.2.2), power states (PCI
 * PM 1.1, 3.2.4 and 5.4), suspend to RAM, a move to another machine.
 */
#include "switch-rig.h"

#define LEN 1514u

static void expect_frame(struct rig *r, uint32_t seq)
{
	uint8_t in[RIG_MAX_FRAME];

	g_assert_cmpuint(rig_recv(r, in), >=, 60);
	g_assert_cmpuint(ldl_be_p(in + 14), ==, seq);
	g_assert_true(rig_wire_quiet(r));
}

static void send_frame(struct e1000_rig *e, uint32_t seq)
{
	uint8_t out[64];

	rig_frame(out, peer_mac, e1000_mac, sizeof(out), seq);
	e1000_tx_frame(e, out, sizeof(out), 0);
}

static void test_master(const void *device)
{
	struct e1000_rig e;

	e1000_rig_start(&e, device, "");
	rig_master(&e.r, false);
	send_frame(&e, 1);
	g_assert_true(rig_wire_quiet(&e.r));
	g_assert_cmpuint(rd(&e, TDH), ==, 0);
	rig_master(&e.r, true);
	expect_frame(&e.r, 1);
	e1000_rig_stop(&e);
}

/* Coming back from D3 is a reset: what was queued is gone, what is queued then leaves. */
static void test_d3(void)
{
	struct e1000_rig e;

	e1000_rig_start(&e, E1000_DEV, "");
	rig_master(&e.r, false);
	send_frame(&e, 1);
	rig_power(&e.r, 3);
	g_assert_cmphex(rd(&e, STATUS), ==, UINT32_MAX);
	rig_power(&e.r, 0);
	rig_master(&e.r, true);
	g_assert_true(rig_wire_quiet(&e.r));
	e1000_rig_setup(&e);
	send_frame(&e, 2);
	expect_frame(&e.r, 2);
	e1000_rig_stop(&e);
}

/* As firmware does. */
static void enumerate(struct rig *r)
{
	qpci_device_enable(r->dev);
	rig_map(r, 0);
}

/* A card that its driver left in D3 answers after a reset: firmware does not look at power states.
 */
static void test_reset_in_d3(void)
{
	struct e1000_rig e;

	e1000_rig_start(&e, E1000_DEV, "");
	rig_power(&e.r, 0x100 | 3);
	qtest_qmp_assert_success(e.r.qts, "{ 'execute': 'system_reset' }");
	qtest_qmp_eventwait(e.r.qts, "RESET");
	g_assert_cmphex(qpci_config_readw(e.r.dev, rig_power_at(&e.r)), ==,
			0x100); /* PME_En stays */
	enumerate(&e.r);
	g_assert_cmphex(rd(&e, STATUS), !=, UINT32_MAX);
	e1000_rig_setup(&e);
	send_frame(&e, 2);
	expect_frame(&e.r, 2);
	e1000_rig_stop(&e);
}

/*
 * Send until the back end is full and the card's ring keeps the rest. Returns the number of the
 * next frame.
 */
static uint32_t fill_wire(struct e1000_rig *e)
{
	uint8_t out[LEN];
	uint32_t seq = 0;

	do {
		rig_frame(out, peer_mac, e1000_mac, LEN, seq++);
		e1000_tx_frame(e, out, LEN, 0);
		g_assert_cmpuint(seq, <, 10000);
	} while (rd(e, TDH) == e->tail);
	g_assert_cmphex(rd(e, STATUS) & 0x10, ==, 0x10); /* TXOFF */
	return seq;
}

/* Returns how many frames came, the first of which is number @first. */
static uint32_t drain(int wire, QTestState *qts, uint32_t first)
{
	uint8_t in[RIG_MAX_FRAME];
	uint32_t n = 0;

	for (; !wire_quiet(wire, qts); n++) {
		g_assert_cmpuint(wire_recv(wire, qts, in), ==, LEN);
		g_assert_cmpuint(ldl_be_p(in + 14), ==, first + n);
	}
	return n;
}

/*
 * A frame was refused, the machine slept and woke: the new ring does not wait for what became of
 * the old one.
 */
static void test_sleep_refused(const void *drain_when)
{
	struct e1000_rig e;
	uint32_t n;

	e1000_rig_start(&e, E1000_DEV, "");
	n = fill_wire(&e);
	rig_sleep(&e.r);
	if (!strcmp(drain_when, "asleep"))
		g_assert_cmpuint(drain(e.r.wire, e.r.qts, 0), <, n);
	rig_wake(&e.r);
	enumerate(&e.r);
	e1000_rig_setup(&e);
	if (!strcmp(drain_when, "awake"))
		g_assert_cmpuint(drain(e.r.wire, e.r.qts, 0), <, n);
	send_frame(&e, 7);
	expect_frame(&e.r, 7);
	g_assert_cmpuint(rd(&e, TDH), ==, e.tail);
	e1000_rig_stop(&e);
}

/* A machine without cards: uplinks u0 and u1, and a mirror of what comes by u0 behind u1. */
static void start_mirror(struct rig *r, int wire[2])
{
	static const char config[] =
		"{\"mirrors\": [{\"name\": \"m\", \"type\": \"port\", \"to\": \"u1\", "
		"\"sources\": {\"u0\": \"from-port\"}}]}";
	char path[] = "/tmp/power-test-XXXXXX";
	int fd = mkstemp(path), theirs[2];
	g_autofree char *args = NULL;

	g_assert_cmpint(write(fd, config, sizeof(config) - 1), ==, sizeof(config) - 1);
	close(fd);
	for (unsigned i = 0; i < 2; i++)
		wire[i] = wire_make(&theirs[i]);
	args = g_strdup_printf(
		"-machine q35 -nodefaults -device vc-switch,id=sw0,config=%s "
		"-netdev socket,id=w0,fd=%d -device vc-port,id=u0,switch=sw0,netdev=w0 "
		"-netdev socket,id=w1,fd=%d -device vc-port,id=u1,switch=sw0,netdev=w1",
		path, theirs[0], theirs[1]);
	rig_open(r, 0, args);
	unlink(path);
	for (unsigned i = 0; i < 2; i++)
		close(theirs[i]);
}

/*
 * A switch goes on while its machine sleeps. Frames for a back end come, at the latest when the
 * machine wakes, and what is sent afterwards does, too.
 */
static void test_sleep_switch(void)
{
	enum { FRAMES = 100 };
	uint8_t buf[64], in[RIG_MAX_FRAME];
	struct rig r;
	int wire[2];

	start_mirror(&r, wire);
	rig_sleep(&r);
	for (uint32_t i = 0; i <= FRAMES; i++) {
		if (i == FRAMES) {
			while (wire_stat(r.qts, "u0", "in.broadcast.frames") < FRAMES)
				wire_turn(r.qts);
			rig_wake(&r);
		}
		rig_frame(buf, net_broadcast, peer_mac, sizeof(buf), i);
		wire_send(wire[0], buf, sizeof(buf));
	}
	for (uint32_t i = 0; i <= FRAMES; i++) {
		g_assert_cmpuint(wire_recv(wire[1], r.qts, in), ==, sizeof(buf));
		g_assert_cmpuint(ldl_be_p(in + 14), ==, i);
	}
	g_assert_cmpint(wire_stat(r.qts, "u1", "queue-frames"), ==, 0);
	rig_stop(&r);
	close(wire[0]);
	close(wire[1]);
}

/* Frames that a back end refused move with the machine, and leave there. */
static void test_migrate_refused(void)
{
	struct e1000_rig e, to;
	uint8_t in[RIG_MAX_FRAME];
	uint32_t first, next, n;

	e1000_rig_start(&e, E1000_DEV, "");
	n = fill_wire(&e);
	for (unsigned i = 0; i < TX_RING / 2; i++) {
		uint8_t out[LEN];

		rig_frame(out, peer_mac, e1000_mac, LEN, n++);
		e1000_tx_frame(&e, out, LEN, 0);
	}
	first = n - (e.tail - rd(&e, TDH)) % TX_RING;
	rig_start(&to.r, E1000_DEV, "-incoming defer");
	wire_migrate(e.r.qts, to.r.qts);
	for (next = first; next < n;) {
		size_t len = rig_recv(&to.r, in);

		if (wire_is_rarp(in, len, e1000_mac))
			continue;
		g_assert_cmpuint(len, ==, LEN);
		g_assert_cmpuint(ldl_be_p(in + 14), ==, next++);
	}
	rig_stop(&to.r);
	e1000_rig_stop(&e);
}

int main(int argc, char **argv)
{
	g_test_init(&argc, &argv, NULL);
	qtest_add_data_func("/power/bus-master/doorbell-now", E1000_DEV, test_master);
	qtest_add_data_func("/power/bus-master/doorbell-bh", E1000_DEV ",doorbell=bh", test_master);
	qtest_add_func("/power/d3", test_d3);
	qtest_add_func("/power/reset-in-d3", test_reset_in_d3);
	qtest_add_data_func("/power/sleep/room-while-asleep", "asleep", test_sleep_refused);
	qtest_add_data_func("/power/sleep/room-when-awake", "awake", test_sleep_refused);
	qtest_add_func("/power/sleep/switch", test_sleep_switch);
	qtest_add_func("/power/migrate-refused", test_migrate_refused);
	return g_test_run();
}
