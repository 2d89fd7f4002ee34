/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Device suite: a card that may not work is quiet. In D1 to D3 nothing leaves it, its clock stands
 * still and its line is down (PCI PM 1.1, 3.2.4 and 5.4); without bus mastering (PCI 3.0, 6.2.2)
 * nothing leaves it, but its link still comes up.
 */
#include "e1000-rig.h"

enum { FCAL = 0x28, FCAH = 0x2c, FCT = 0x30, FCTTV = 0x170, FCRTL = 0x2160, FCRTH = 0x2168 };
enum { CTRL_TFCE = 1 << 28 };

static unsigned drain(struct rig *r)
{
	uint8_t in[RIG_MAX_FRAME];
	unsigned n = 0;

	for (; !rig_wire_quiet(r); n++)
		rig_recv(r, in);
	return n;
}

/* Full: it asks its peer for a pause, again and again by a timer (SDM 13.4.61). */
static void start_full(struct e1000_rig *e)
{
	uint8_t frame[64];

	e1000_rig_start(e, E1000_DEV, "");
	wr(e, RDT, rd(e, RDH));
	wr(e, CTRL, rd(e, CTRL) | CTRL_TFCE);
	wr(e, FCAL, 0x00c28001);
	wr(e, FCAH, 0x0100);
	wr(e, FCT, 0x8808);
	wr(e, FCTTV, 0xffff);
	wr(e, FCRTL, 0x8000);
	wr(e, FCRTH, 0x8000);
	rig_frame(frame, e1000_mac, peer_mac, sizeof(frame), 1);
	rig_send(&e->r, frame, sizeof(frame));
	for (unsigned i = 0; i < 16; i++)
		e1000_step_us(e, 100000);
	g_assert_cmpuint(drain(&e->r), >=, 8);
}

static void test_timers(const void *how)
{
	struct e1000_rig e;

	start_full(&e);
	if (!strcmp(how, "d3"))
		rig_power(&e.r, 3);
	else
		rig_master(&e.r, false);
	drain(&e.r);
	for (unsigned i = 0; i < 16; i++)
		e1000_step_us(&e, 100000);
	g_assert_cmpuint(drain(&e.r), ==, 0);
	if (!strcmp(how, "d3")) {
		rig_power(&e.r, 0);
		e1000_rig_setup(&e);
		e1000_rx_one(&e, 7);
	} else {
		rig_master(&e.r, true);
		for (unsigned i = 0; i < 16; i++)
			e1000_step_us(&e, 100000);
		g_assert_cmpuint(drain(&e.r), >=, 8);
	}
	e1000_rig_stop(&e);
}

static void test_line(void)
{
	struct e1000_rig e;

	e1000_rig_start(&e, E1000_DEV, "");
	wr(&e, IMS, ICR_LSC);
	wr(&e, ICS, ICR_LSC);
	g_assert_true(rig_irq(&e.r));
	rig_master(&e.r, false); /* a line is no transaction */
	g_assert_true(rig_irq(&e.r));
	rig_power(&e.r, 3);
	g_assert_false(rig_irq(&e.r));
	wire_set_link(e.r.qts, "nic", false);
	wire_set_link(e.r.qts, "nic", true);
	e1000_step_us(&e, 5000000);
	g_assert_false(rig_irq(&e.r));
	rig_power(&e.r, 0);
	g_assert_false(rig_irq(&e.r));
	wr(&e, IMS, ICR_LSC);
	wr(&e, ICS, ICR_LSC);
	g_assert_true(rig_irq(&e.r));
	e1000_rig_stop(&e);
}

/* Drivers wait for the link before they let the card reach memory. */
static void test_link_without_master(void)
{
	struct e1000_rig e;

	e1000_rig_start(&e, E1000_DEV, "");
	rig_master(&e.r, false);
	wr(&e, CTRL, CTRL_RST);
	wr(&e, CTRL, rd(&e, CTRL) | CTRL_SLU);
	e1000_step_us(&e, 5000000);
	g_assert_cmphex(rd(&e, STATUS) & STATUS_LU, ==, STATUS_LU);
	e1000_rig_stop(&e);
}

/* A state that the card says it does not have is not entered (PCI PM 1.1, 3.2.4). */
static void test_states_it_has_not(void)
{
	struct e1000_rig e;

	e1000_rig_start(&e, E1000_DEV, "");
	for (unsigned state = 1; state <= 2; state++) {
		rig_power(&e.r, state);
		g_assert_cmphex(qpci_config_readw(e.r.dev, rig_power_at(&e.r)) & 3, ==, 0);
		g_assert_cmphex(rd(&e, STATUS), !=, UINT32_MAX);
	}
	rig_power(&e.r, 3);
	rig_power(&e.r, 1);
	g_assert_cmphex(qpci_config_readw(e.r.dev, rig_power_at(&e.r)) & 3, ==, 3);
	e1000_rig_stop(&e);
}

/* Without bus mastering frames are lost, as on a real card, and counted with the reason. */
static void test_losses_are_counted(void)
{
	struct e1000_rig e;
	uint8_t frame[64];

	e1000_rig_start(&e, E1000_DEV, "");
	rig_master(&e.r, false);
	rig_frame(frame, e1000_mac, peer_mac, sizeof(frame), 1);
	for (unsigned i = 0; i < 3; i++)
		rig_send(&e.r, frame, sizeof(frame));
	wire_turn(e.r.qts);
	g_assert_cmpint(wire_stat(e.r.qts, "nic", "rx-not-ready"), ==, 3);
	g_assert_cmpint(wire_stat(e.r.qts, "nic", "rx-dropped"), ==, 0);
	e1000_rig_stop(&e);
}

int main(int argc, char **argv)
{
	g_test_init(&argc, &argv, NULL);
	qtest_add_data_func("/quiet/timers/d3", "d3", test_timers);
	qtest_add_data_func("/quiet/timers/bus-master", "master", test_timers);
	qtest_add_func("/quiet/line", test_line);
	qtest_add_func("/quiet/link-without-bus-master", test_link_without_master);
	qtest_add_func("/quiet/states-it-has-not", test_states_it_has_not);
	qtest_add_func("/quiet/losses-are-counted", test_losses_are_counted);
	return g_test_run();
}
