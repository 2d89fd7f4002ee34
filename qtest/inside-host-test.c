/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What an event loop inside a register could bring about while a card's call is on the stack
 * (hw-net/qemu/life.h): what management does otherwise. The allocator poisons what is freed.
 */
#include "inside-rig.h"

static void expect_log(struct inside *in, const char *want)
{
	g_autofree char *log = inside_log(in);

	g_assert_cmpstr(log, ==, want);
}

/* The cable is pulled, then plugged. */
static void test_set_link(void)
{
	struct inside in;

	inside_start(&in, &inside_e1000, "");
	inside_do(&in, "link n0 off");
	expect_log(&in, "ok\n");
	g_assert_cmphex(rd(in.card, STATUS) & STATUS_LU, ==, 0);
	wire_set_link(in.qts, "n0", true);
	qtest_clock_step(in.qts, 5000000000ll);
	g_assert_cmphex(rd(in.card, STATUS) & STATUS_LU, ==, STATUS_LU);
	inside_do(&in, "link p0 off & link p2 off & link p2 on & link p0 on");
	expect_log(&in, "ok\nok\nok\nok\n");
	qtest_clock_step(in.qts, 5000000000ll);
	g_assert_cmphex(rd(in.card, STATUS) & STATUS_LU, ==, STATUS_LU);
	inside_exchange(&in);
	inside_stop(&in);
}

/* A port goes: the sender's, the stock card's under its frame, the bystander's. */
static void test_port_removal(const void *id)
{
	g_autofree char *act = g_strdup_printf("device_del %s & loop", (const char *)id);
	struct inside in;

	inside_start(&in, &inside_e1000, "");
	inside_do(&in, act);
	expect_log(&in, "ok\nok\n");
	qtest_qmp_eventwait(in.qts, "DEVICE_DELETED");
	inside_send(&in, 0xff, 0);
	inside_send(&in, 2, 0);
	if (strcmp(id, "p2") && strcmp(id, "u0"))
		inside_exchange(&in);
	qtest_qmp_device_add(in.qts, "vc-port", "p9", "{ 'switch': 'sw0' }");
	inside_stop(&in);
}

/* A port, and the card that names it, in one act. */
static void test_port_and_card_removal(void)
{
	struct inside in;

	inside_start(&in, &inside_e1000, "");
	inside_do(&in, "device_del p0 & unplug n0 & loop");
	expect_log(&in, "ok\nok\nok\n");
	qtest_qmp_eventwait(in.qts, "DEVICE_DELETED");
	qtest_qmp_eventwait(in.qts, "DEVICE_DELETED");
	inside_exchange(&in);
	inside_do(&in, "query n2");
	inside_stop(&in);
}

/* The switch is in the middle of a frame: it takes no port now, and does a moment later. */
static void test_port_addition(void)
{
	struct inside in;

	inside_start(&in, &inside_e1000, "");
	inside_do(&in, "port_add p9 sw0");
	expect_log(&in, "switch sw0 is in the middle of a frame\n");
	qtest_qmp_device_add(in.qts, "vc-port", "p9", "{ 'switch': 'sw0' }");
	inside_exchange(&in);
	inside_stop(&in);
}

/* The back end of the uplink goes, before the frame gets there. */
static void test_netdev_del(void)
{
	struct inside in;

	inside_start(&in, &inside_e1000, "");
	inside_do(&in, "netdev_del w0");
	expect_log(&in, "ok\n");
	inside_send(&in, 0xff, 0);
	qtest_qmp_device_del(in.qts, "u0");
	inside_send(&in, 2, 0);
	inside_stop(&in);
}

/* What is half done is no state: it is neither saved nor overwritten, and the card goes on. */
static void test_saved_state(void)
{
	struct inside in;

	inside_start(&in, &inside_e1000, "");
	inside_do(&in, "save n0");
	expect_log(&in, "not saved\n");
	inside_acts(&in, "save n0");
	qtest_writeb(in.qts, in.reg, 1);
	expect_log(&in, "ok\n");
	inside_do(&in, "load n0");
	expect_log(&in, "not loaded\n");
	g_assert_cmpuint(rd(in.card, TDH), ==, in.card->tail);
	inside_exchange(&in);
	inside_acts(&in, "load n0");
	qtest_writeb(in.qts, in.reg, 1);
	expect_log(&in, "ok\n");
	inside_stop(&in);
}

/* The VM stops: what is left in the ring leaves when it goes on. */
static void test_stop(void)
{
	struct inside in;

	inside_start(&in, &inside_e1000, "");
	inside_do(&in, "stop");
	expect_log(&in, "ok\n");
	qtest_qmp_assert_success(in.qts, "{ 'execute': 'cont' }");
	inside_do(&in, "stop & cont");
	expect_log(&in, "ok\nok\n");
	inside_exchange(&in);
	inside_stop(&in);
}

static void test_system_reset(void)
{
	struct inside in;

	inside_start(&in, &inside_e1000, "");
	inside_do(&in, "system_reset");
	inside_stop(&in);
}

int main(int argc, char **argv)
{
	g_test_init(&argc, &argv, NULL);
	qtest_add_func("inside/set-link", test_set_link);
	qtest_add_data_func("inside/port-removal/senders", "p0", test_port_removal);
	qtest_add_data_func("inside/port-removal/receivers", "p1", test_port_removal);
	qtest_add_data_func("inside/port-removal/bystanders", "p2", test_port_removal);
	qtest_add_data_func("inside/port-removal/uplink", "u0", test_port_removal);
	qtest_add_func("inside/port-removal/with-card", test_port_and_card_removal);
	qtest_add_func("inside/port-addition", test_port_addition);
	qtest_add_func("inside/netdev-del", test_netdev_del);
	qtest_add_func("inside/saved-state", test_saved_state);
	qtest_add_func("inside/stop", test_stop);
	qtest_add_func("inside/system-reset", test_system_reset);
	return g_test_run();
}
