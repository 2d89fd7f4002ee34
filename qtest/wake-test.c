/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Device suite: a card that wakes a sleeping machine, on a back end of its own or on a port of a
 * switch. Power management of a PCI function: PCI PM 1.2, 3.2.4; the card's filters: 8254x
 * SDM, 13.6.
 */
#include "switch-rig.h"
#include "errors.h"

enum { WUC = 0x5800, WUFC = 0x5808 };
enum { WUC_PME_EN = 1 << 1 };
enum { WUFC_LNKC = 1 << 0, WUFC_MAG = 1 << 1 };

#define PME_EN	   0x100
#define PME_STATUS 0x8000
#define D3	   3

/* What a driver and an operating system do: filters, PME_En and D3, then S3. */
static void fall_asleep(struct e1000_rig *e, uint32_t filters, uint16_t power)
{
	wr(e, WUC, WUC_PME_EN);
	wr(e, WUFC, filters);
	qpci_config_writew(e->r.dev, rig_power_at(&e->r), power);
	rig_sleep(&e->r);
}

static bool sleeps(struct e1000_rig *e)
{
	QDict *rsp = qtest_qmp(e->r.qts, "{ 'execute': 'query-status' }");
	bool is = g_str_equal(qdict_get_str(qdict_get_qdict(rsp, "return"), "status"), "suspended");

	qobject_unref(rsp);
	return is;
}

/*
 * Many frames for the machine that are none to wake for; QEMU has read them all when the last has
 * been.
 */
static void disturb(int wire, const uint8_t *mac)
{
	uint8_t frame[100];

	for (unsigned i = 0; i < 500; i++) {
		rig_frame(frame, i % 2 ? net_broadcast : mac, peer_mac, sizeof(frame), i);
		wire_send(wire, frame, sizeof(frame));
	}
}

static void send_magic(int wire, const uint8_t *mac)
{
	uint8_t frame[200];

	rig_frame(frame, mac, peer_mac, sizeof(frame), 1);
	memset(frame + 20, 0xff, 6);
	for (unsigned i = 0; i < 16; i++)
		memcpy(frame + 26 + 6 * i, mac, 6);
	wire_send(wire, frame, sizeof(frame));
}

static void expect_woken(struct e1000_rig *e)
{
	qtest_qmp_eventwait(e->r.qts, "WAKEUP");
	g_assert_cmphex(qpci_config_readw(e->r.dev, rig_power_at(&e->r)) & PME_STATUS, ==,
			PME_STATUS);
}

static void test_link(void)
{
	struct e1000_rig e;

	e1000_rig_start(&e, E1000_DEV, "");
	fall_asleep(&e, WUFC_LNKC, PME_EN | D3);
	wire_set_link(e.r.qts, "nic", false);
	expect_woken(&e);
	e1000_rig_stop(&e);
}

static void test_magic_packet(void)
{
	struct e1000_rig e;

	e1000_rig_start(&e, E1000_DEV, "");
	fall_asleep(&e, WUFC_MAG, PME_EN | D3);
	disturb(e.r.wire, e1000_mac);
	send_magic(e.r.wire, e1000_mac);
	expect_woken(&e);
	e1000_rig_stop(&e);
}

static void test_magic_packet_on_a_port(void)
{
	const struct net_card cards[] = { { NULL } };
	struct net n;

	net_start(&n, cards, 1, 1, "");
	fall_asleep(&n.card[0], WUFC_MAG, PME_EN | D3);
	disturb(n.wire[0], net_broadcast);
	send_magic(n.wire[0], net_mac(0));
	expect_woken(&n.card[0]);
	net_stop(&n);
}

/* A back end that is deleted while the machine sleeps takes its filter along. */
static void test_back_end_goes(void)
{
	struct e1000_rig e;

	e1000_rig_start(&e, E1000_DEV, "");
	fall_asleep(&e, WUFC_LNKC, PME_EN | D3);
	qtest_qmp_assert_success(e.r.qts,
				 "{ 'execute': 'netdev_del', 'arguments': { 'id': 'wire' } }");
	wire_set_link(e.r.qts, "nic", false);
	expect_woken(&e);
	e1000_rig_stop(&e);
}

/*
 * What is left of a deleted back end sends nothing: no word about it, and nothing in the way of its
 * successor.
 */
static void test_deleted_back_end(void)
{
	g_autofree char *err = NULL;
	struct e1000_rig e;

	e1000_rig_start(&e, E1000_DEV, errors_apart());
	qtest_qmp_assert_success(e.r.qts,
				 "{ 'execute': 'netdev_del', 'arguments': { 'id': 'wire' } }");
	fall_asleep(&e, WUFC_LNKC, PME_EN | D3);
	wire_set_link(e.r.qts, "nic", false);
	expect_woken(&e);
	e1000_rig_stop(&e);
	err = errors_take();
	g_assert_cmpstr(err, ==, "");
}

/*
 * A machine whose card is on a tap with vhost, of which QEMU takes no filter. It sleeps twice;
 * returns what the user is told.
 */
static char *told_of_vhost(uint16_t power)
{
	int theirs, ours = wire_make(&theirs), vhost = dup(theirs);
	g_autofree char *args = g_strdup_printf(
		"-machine q35 -nodefaults -netdev tap,id=wire,fd=%d,vhost=on,vhostfd=%d "
		"-device " E1000_DEV ",netdev=wire,addr=4 %s",
		theirs, vhost, errors_apart());
	struct e1000_rig e;

	setenv("LD_PRELOAD", QTEST_FAKE_TAP, 1);
	rig_open(&e.r, 4, args);
	unsetenv("LD_PRELOAD");
	close(theirs);
	close(vhost);
	e1000_rig_attach(&e);
	for (unsigned i = 0; i < 2; i++) {
		fall_asleep(&e, WUFC_LNKC, power);
		rig_wake(&e.r);
	}
	e1000_rig_stop(&e);
	close(ours);
	return errors_take();
}

/* No frame can wake it, and once it says why; to a guest that wants no waking that is no news. */
static void test_no_filter(void)
{
	g_autofree char *err = told_of_vhost(PME_EN | D3), *none = told_of_vhost(D3);

	g_assert_true(g_str_has_suffix(
		err, "warning: nic: no frame can wake the machine, as netdev wire takes no filter: "
		     "Vhost is not supported\n"));
	g_assert_true(strchr(err, '\n') == err + strlen(err) - 1); /* one line */
	g_assert_cmpstr(none, ==, "");
}

/* Memory of a sleeping machine is left alone, also by a card that nobody put into D3. */
static void test_no_dma_in_sleep(void)
{
	uint8_t frame[100];
	struct e1000_rig e;

	e1000_rig_start(&e, E1000_DEV, "");
	fall_asleep(&e, 0, 0);
	rig_frame(frame, e1000_mac, peer_mac, sizeof(frame), 1);
	rig_send(&e.r, frame, sizeof(frame));
	for (unsigned i = 0; i < 100; i++)
		g_assert_true(sleeps(&e));
	g_assert_cmphex(qtest_readq(e.r.qts, e.rx_ring + 8), ==, 0);
	e1000_rig_stop(&e);
}

/* Neither what no filter asks for nor what PME_En keeps to the card. */
static void test_goes_on_sleeping(void)
{
	struct e1000_rig e;

	e1000_rig_start(&e, E1000_DEV, "");
	fall_asleep(&e, WUFC_MAG, PME_EN | D3);
	wire_set_link(e.r.qts, "nic", false);
	g_assert_true(sleeps(&e));
	e1000_rig_stop(&e);
	e1000_rig_start(&e, E1000_DEV, "");
	fall_asleep(&e, WUFC_LNKC, D3);
	wire_set_link(e.r.qts, "nic", false);
	g_assert_true(sleeps(&e));
	e1000_rig_stop(&e);
}

int main(int argc, char **argv)
{
	g_test_init(&argc, &argv, NULL);
	qtest_add_func("/wake/link", test_link);
	qtest_add_func("/wake/magic-packet", test_magic_packet);
	qtest_add_func("/wake/magic-packet-on-a-port", test_magic_packet_on_a_port);
	qtest_add_func("/wake/back-end-goes", test_back_end_goes);
	qtest_add_func("/wake/deleted-back-end", test_deleted_back_end);
	qtest_add_func("/wake/no-filter", test_no_filter);
	qtest_add_func("/wake/no-dma-in-sleep", test_no_dma_in_sleep);
	qtest_add_func("/wake/goes-on-sleeping", test_goes_on_sleeping);
	return g_test_run();
}
