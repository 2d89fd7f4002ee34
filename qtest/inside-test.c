/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What happens to a card while its core is on the stack (hw-net/qemu/life.h): all that a guest can
 * bring about by a message or a stock card's DMA. The allocator poisons what is freed.
 */
#include "inside-rig.h"

static void expect_log(struct inside *in, const char *want)
{
	g_autofree char *log = inside_log(in);

	g_assert_cmpstr(log, ==, want);
}

/* Removed by its own frame. Its port is free for another card then. */
static void test_unplug(const void *model)
{
	struct inside in;

	inside_start(&in, model, "-device pcie-root-port,id=rp0");
	inside_do(&in, "unplug n0");
	expect_log(&in, "ok\n");
	qtest_qmp_eventwait(in.qts, "DEVICE_DELETED");
	inside_exchange(&in);
	qtest_qmp_device_add(in.qts, "vc-e1000", "n9", "{ 'netdev': 'p0', 'bus': 'rp0' }");
	inside_stop(&in);
}

/* Its frame is on the way to a card that is removed meanwhile. */
static void test_unplug_receiver(void)
{
	struct inside in;

	inside_start(&in, &inside_e1000, "");
	inside_do(&in, "unplug n2");
	expect_log(&in, "ok\n");
	qtest_qmp_eventwait(in.qts, "DEVICE_DELETED");
	inside_send(&in, 0xff, 0);
	inside_send(&in, 2, 0);
	inside_stop(&in);
}

/* An event loop inside the call frees nothing of what is on the stack. */
static void test_unplug_and_loop(void)
{
	struct inside in;

	inside_start(&in, &inside_e1000, "");
	inside_do(&in, "unplug n0 & loop & query n2 & loop");
	expect_log(&in, "ok\nok\nok\nok\n");
	qtest_qmp_eventwait(in.qts, "DEVICE_DELETED");
	inside_exchange(&in);
	inside_stop(&in);
}

/* Removed by its own message, which needs no other card. */
static void test_unplug_by_message(void)
{
	struct inside in;

	inside_start(&in, &inside_vmxnet3, "");
	inside_acts(&in, "unplug n0");
	inside_messages(in.reg, 1);
	inside_send(&in, 2, 0);
	qtest_clock_step(in.qts, 100000000);
	expect_log(&in, "ok\n");
	qtest_qmp_eventwait(in.qts, "DEVICE_DELETED");
	inside_exchange(&in);
	inside_stop(&in);
}

/* The same, of messages that were held back and leave from the middle of a config write. */
static void test_unplug_by_unmasking(void)
{
	struct inside in;
	QPCIDevice *dev;
	uint8_t cap;

	inside_start(&in, &inside_vmxnet3, "");
	inside_acts(&in, "unplug n0");
	inside_messages(in.reg, 1);
	dev = in.model->rig->dev;
	cap = qpci_find_capability(dev, 0x11, 0);
	qpci_config_writew(dev, cap + 2, 0xc000); /* enabled, all masked */
	inside_send(&in, 2, 0);
	qtest_clock_step(in.qts, 100000000);
	expect_log(&in, "");
	qpci_config_writew(dev, cap + 2, 0x8000);
	expect_log(&in, "ok\n");
	qtest_qmp_eventwait(in.qts, "DEVICE_DELETED");
	inside_exchange(&in);
	inside_stop(&in);
}

/* A reset by the bridge: when the call is over the card is as after any other. */
static void test_reset(const void *model)
{
	struct inside in;

	inside_start(&in, model, "");
	inside_do(&in, "reset n0");
	expect_log(&in, "ok\n");
	inside_setup(&in);
	inside_do(&in, "query n0");
	expect_log(&in, "ok\n");
	inside_exchange(&in);
	inside_stop(&in);
}

/* Asleep and awake again before the call is over: that is a reset, too. */
static void test_power_cycle(void)
{
	g_autofree char *act = NULL;
	struct inside in;
	unsigned ctrl;

	inside_start(&in, &inside_e1000, "");
	ctrl = rig_power_at(in.model->rig);
	act = g_strdup_printf("config n0 %u 3 & config n0 %u 0", ctrl, ctrl);
	wr(in.card, RDTR, 77);
	inside_do(&in, act);
	expect_log(&in, "ok\nok\n");
	g_assert_cmphex(rd(in.card, TCTL) & TCTL_EN, ==, 0);
	g_assert_cmphex(rd(in.card, RDTR), ==, 0);
	inside_setup(&in);
	inside_do(&in, "query n0");
	expect_log(&in, "ok\n");
	inside_stop(&in);
}

/* Three frames are queued; the first takes away what the card needs for the others. */
static void test_no_more_frames(const void *act)
{
	uint8_t frame[64] = { 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0x52, 0x54, 0, 0xaa, 0, 0, 0x88 };
	g_autofree char *line = NULL;
	struct inside in;

	inside_start(&in, &inside_e1000, "");
	line = g_strdup_printf(act, rig_power_at(in.model->rig));
	inside_acts(&in, line);
	for (unsigned i = 0; i < 3; i++) {
		uint64_t buf = in.card->tx_buf + i * BUF_SIZE;

		frame[16] = i == 0;
		qtest_memwrite(in.qts, buf, frame, sizeof(frame));
		e1000_tx_desc(in.card, buf, sizeof(frame) | TXD_EOP | TXD_IFCS | TXD_RS, 0);
	}
	e1000_tx_bell(in.card);
	expect_log(&in, "ok\n");
	qtest_clock_step(in.qts, 1000000000);
	inside_exchange(&in);
	inside_stop(&in);
}

/* Registers do not answer from inside the call; what was asked for is not done twice. */
static void test_register(void)
{
	struct inside in;

	inside_start(&in, &inside_e1000, "");
	inside_do(&in, "register n0 0 0x400 0 & register n0 0 0x3818 5");
	expect_log(&in, "ok\nok\n");
	g_assert_cmphex(rd(in.card, TCTL) & TCTL_EN, ==, TCTL_EN);
	g_assert_cmpuint(rd(in.card, TDH), ==, in.card->tail);
	inside_exchange(&in);
	inside_stop(&in);
}

int main(int argc, char **argv)
{
	static const struct inside_model *const models[] = { &inside_e1000, &inside_pcnet,
							     &inside_vmxnet3 };

	g_test_init(&argc, &argv, NULL);
	for (unsigned i = 0; i < ARRAY_SIZE(models); i++) {
		g_autofree char *unplug = g_strconcat("inside/unplug/", models[i]->device, NULL);
		g_autofree char *reset = g_strconcat("inside/reset/", models[i]->device, NULL);

		qtest_add_data_func(unplug, models[i], test_unplug);
		qtest_add_data_func(reset, models[i], test_reset);
	}
	qtest_add_func("inside/unplug/receiver", test_unplug_receiver);
	qtest_add_func("inside/unplug/and-loop", test_unplug_and_loop);
	qtest_add_func("inside/unplug/by-message", test_unplug_by_message);
	qtest_add_func("inside/unplug/by-unmasking", test_unplug_by_unmasking);
	qtest_add_func("inside/power/cycle", test_power_cycle);
	qtest_add_data_func("inside/power/d3", "config n0 %u 3", test_no_more_frames);
	qtest_add_data_func("inside/power/bus-master", "config n0 4 2", test_no_more_frames);
	qtest_add_func("inside/register", test_register);
	return g_test_run();
}
