/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The switch's life: how switches, ports and cards come, go, move to another QEMU, and what is
 * refused. Refusals are tried on a whole QEMU each: one clear line, and it does not run.
 */
#include <sys/wait.h>

#include "switch-rig.h"

static char *type_of(QTestState *qts, const char *id)
{
	g_autofree char *path = g_strdup_printf("/machine/peripheral/%s", id);
	QDict *rsp = qtest_qmp(
		qts, "{ 'execute': 'qom-get', 'arguments': { 'path': %s, 'property': 'type' } }",
		path);
	char *type = g_strdup(qdict_get_try_str(rsp, "return"));

	qobject_unref(rsp);
	return type;
}

/*
 * A switch that a port names, or the default one, is there; others are as if they had a cable
 * between them cut.
 */
static void test_made_on_first_use(void)
{
	struct net n;
	g_autofree char *named = NULL, *by_default = NULL;

	net_start(&n, net_plain, 2, 0,
		  "-device vc-port,id=q0 -device vc-e1000,id=m0,netdev=q0,addr=8 "
		  "-device vc-port,id=q1,switch=vSwitch0 -device vc-e1000,id=m1,netdev=q1,addr=9");
	named = type_of(n.qts, "sw0");
	by_default = type_of(n.qts, "vSwitch0");
	g_assert_cmpstr(named, ==, "vc-switch");
	g_assert_cmpstr(by_default, ==, "vc-switch");
	net_tx(&n, 0, net_broadcast, 0, 1);
	net_expect(&n, 1, 0, 1);
	g_assert_cmpint(net_stat(&n, "q0", "out.broadcast.frames"), ==, 0);
	g_assert_cmpint(net_stat(&n, "q1", "out.broadcast.frames"), ==, 0);
	net_stop(&n);
}

/*
 * Bad arguments. Each is given to a QEMU of its own, which is told to quit over QMP in case it
 * should take them: then its status is 0, and the case fails.
 */
struct bad {
	const char *name, *args, *words;
};

#define PORT	 "-device vc-port,id=p0,switch=sw0"
#define BACK_END "-netdev hubport,id=w0,hubid=0"

static const struct bad bads[] = {
	{ "vlan-4096", PORT ",vlan=4096", "vlan=4096: must be 0 (untagged), 1 to 4094, or 4095" },
	{ "vlan-negative", PORT ",vlan=-2", "vlan=-2: must be 0" },
	{ "vlan-word", PORT ",vlan=red", "vlan" },
	{ "port-without-id", "-device vc-port,switch=sw0", "a port needs an id" },
	{ "switch-without-id", "-device vc-switch", "a switch needs an id" },
	{ "duplicate-id", PORT " " PORT, "Duplicate ID 'p0' for device" },
	{ "id-of-a-netdev", BACK_END " -device vc-port,id=w0",
	  "id=w0: there is a netdev of this name" },
	{ "netdev-missing", PORT ",netdev=nowhere",
	  "netdev=nowhere: there is no such netdev; none is free" },
	{ "netdev-in-use", BACK_END " " PORT ",netdev=w0 -device vc-port,id=p1,netdev=w0",
	  "netdev=w0: it is in use by another device; none is free" },
	{ "port-in-use", PORT " -device vc-e1000,netdev=p0 -device vc-e1000,netdev=p0",
	  "netdev' can't take value 'p0', it's in use" },
	{ "port-missing", "-device vc-e1000,netdev=p0 " PORT, "netdev' can't find value 'p0'" },
	{ "switch-is-a-card", "-device vc-e1000,id=sw0 " PORT,
	  "switch=sw0: this device is no vc-switch" },
	{ "switch-is-a-port", "-device vc-port,id=sw0,switch=sw1 " PORT,
	  "switch=sw0: this device is no vc-switch" },
	{ "switch-behind-its-ports", PORT " -device vc-switch,id=sw0",
	  "switch=sw0: its line, -device vc-switch,id=sw0, must be before that of port 'p0'" },
	{ "config-is-a-directory", "-device vc-switch,id=sw0,config=/tmp",
	  "/tmp: is a directory, must be a file" },
	{ "control-is-a-file", "-device vc-switch,id=sw0,control=/proc/version",
	  "/proc/version: there is a file that is no socket" },
	{ "portgroup-missing", PORT ",portgroup=Blue", "no port group 'Blue'" },
	{ "port-property", PORT ",colour=red", "Property 'vc-port.colour' not found" },
	{ "card-property", "-device vc-e1000,colour=red", "colour' not found" },
	{ "card-choice", "-device vc-e1000,doorbell=loud",
	  "doorbell=loud: the choices are now, bh" },
	{ "card-number", "-device vc-vmxnet3,rev=10", "rev=10: must be 1 to 9" },
	{ "card-number-word", "-device vc-vmxnet3,queues=many", "queues" },
	{ "card-address", "-device vc-e1000,mac=52:54:00", "mac" },
};

static const char *qemu(void)
{
	return getenv("QTEST_QEMU_BINARY");
}

/* Returns the exit status; what it said is in @err. */
static int run(const char *args, char **err)
{
	static const char script[] =
		"echo '{\"execute\":\"qmp_capabilities\"}{\"execute\":\"quit\"}' | "
		"%s -accel qtest -machine q35 -nodefaults -display none -qmp stdio %s";
	g_autofree char *command = g_strdup_printf(script, qemu(), args);
	char *argv[] = { (char *)"/bin/sh", (char *)"-c", command, NULL };
	g_autofree char *out = NULL;
	int status;

	g_assert_true(g_spawn_sync(NULL, argv, NULL, 0, NULL, NULL, &out, err, &status, NULL));
	g_assert_true(WIFEXITED(status));
	return WEXITSTATUS(status);
}

/* What the cases do is right with good arguments. */
static void test_good(void)
{
	g_autofree char *err = NULL;

	g_assert_cmpint(run(PORT ",vlan=4094 -device vc-e1000,netdev=p0", &err), ==, 0);
	g_assert_cmpstr(err, ==, "");
}

static void test_bad(const void *data)
{
	const struct bad *b = data;
	g_autofree char *err = NULL;

	g_assert_cmpint(run(b->args, &err), ==, 1);
	g_assert_nonnull(strstr(err, b->words));
	g_assert_true(strchr(err, '\n') == err + strlen(err) - 1); /* one line */
}

/* A switch that is made beside others may be a slip of the pen: it is told, with those there are */
static void test_slip(void)
{
	g_autofree char *err = NULL, *none = NULL;

	g_assert_cmpint(run("-device vc-switch,id=sw0 -device vc-port,id=p0,switch=sw0 "
			    "-device vc-port,id=p1,switch=swO",
			    &err),
			==, 0);
	g_assert_nonnull(strstr(err, "warning: vc-port p1: switch=swO is not there, and is made; "
				     "there are: sw0\n"));
	g_assert_cmpint(run("-device vc-port,id=p0,switch=a -device vc-port,id=p1,switch=a", &none),
			==, 0);
	g_assert_cmpstr(none, ==, "");
}

/* Names of the configuration that lead nowhere are told, when the ports are there */
static void test_warnings(void)
{
	char path[] = "/tmp/vsw-config-XXXXXX";
	int fd = mkstemp(path);
	g_autofree char *args = g_strdup_printf("-device vc-switch,id=sw0,config=%s "
						"-device vc-port,id=web,switch=sw0",
						path);
	static const char doc[] = "{\"ports\": {\"web\": {\"teaming\": {\"active\": [\"up0\"]}}, "
				  "\"wbe\": {}}}";
	g_autofree char *err = NULL, *want = NULL, *other = NULL;

	g_assert_cmpint(write(fd, doc, strlen(doc)), ==, strlen(doc));
	close(fd);
	g_assert_cmpint(run(args, &err), ==, 0);
	want = g_strdup_printf(
		"%s: /ports/web/teaming/active/0: no uplink 'up0' now; there is none\n", path);
	other = g_strdup_printf("%s: /ports/wbe: no port 'wbe' now; there are: web\n", path);
	g_assert_nonnull(strstr(err, want));
	g_assert_nonnull(strstr(err, other));
	unlink(path);
}

/* A line said "port added", of which port it did not say */
static void test_trace(void)
{
	g_autofree char *err = NULL;

	g_assert_cmpint(run("-device vc-switch,id=sw0,trace=state "
			    "-device vc-port,id=web,switch=sw0",
			    &err),
			==, 0);
	g_assert_nonnull(strstr(err, " vc_state sw0: PORT_ADDED: port 'web': port added\n"));
}

static void add_port(struct net *n, const char *id, const char *sw, int vlan)
{
	qtest_qmp_device_add(n->qts, "vc-port", id, "{ 'switch': %s, 'vlan': %d }", sw, vlan);
}

/* Ports and switches come and go while others work. */
static void test_hotplug_port(void)
{
	g_autofree char *err = NULL, *twice = NULL, *out_of_range = NULL;
	struct net n;

	net_start(&n, net_plain, 2, 0, "");
	for (unsigned turn = 0; turn < 3; turn++) {
		add_port(&n, "q0", "sw0", 10);
		add_port(&n, "q1", "sw1", 0); /* a switch of its own */
		net_tx(&n, 0, net_mac(1), 0, turn);
		net_expect(&n, 1, 0, turn);
		g_assert_cmpint(net_stat(&n, "q0", "in.unicast.frames"), ==, 0);
		qtest_qmp_device_del(n.qts, "q1");
		qtest_qmp_device_del(n.qts, "q0");
		qtest_qmp_device_del(n.qts, "sw1");
	}
	err = wire_error(n.qts, "{ 'execute': 'device_del', 'arguments': { 'id': 'sw0' } }");
	g_assert_nonnull(strstr(err, "switch sw0 still has ports"));
	twice = wire_error(
		n.qts,
		"{ 'execute': 'device_add', 'arguments': { 'driver': 'vc-port', 'id': 'p0' } }");
	g_assert_nonnull(strstr(twice, "Duplicate device ID 'p0'"));
	out_of_range = wire_error(
		n.qts, "{ 'execute': 'device_add', 'arguments':"
		       " { 'driver': 'vc-port', 'id': 'q0', 'switch': 'sw9', 'vlan': 4096 } }");
	g_assert_nonnull(strstr(out_of_range, "vlan=4096"));
	net_tx(&n, 1, net_mac(0), 0, 9);
	net_expect(&n, 0, 0, 9);
	net_stop(&n);
}

/*
 * A port goes while its card stays: the card's link goes down, its frames go nowhere, all others
 * work on.
 */
static void test_unplug_port_of_card(void)
{
	struct net n;

	net_start(&n, net_plain, 3, 0, "");
	net_tx(&n, 0, net_mac(1), 0, 1);
	net_expect(&n, 1, 0, 1);
	qtest_qmp_device_del(n.qts, "p1");
	g_assert_cmphex(rd(&n.card[1], STATUS) & STATUS_LU, ==, 0);
	net_tx(&n, 0, net_mac(1), 0, 2);
	net_tx(&n, 1, net_mac(0), 0, 3);
	net_silent(&n, 0);
	net_silent(&n, 1);
	net_tx(&n, 0, net_mac(2), 0, 4);
	net_expect(&n, 2, 0, 4);
	net_stop(&n);
}

/* An uplink on a back end that came over QMP too, and both go again. */
static void test_hotplug_uplink(void)
{
	int theirs, ours = wire_make(&theirs);
	struct net n;
	QDict *rsp;

	net_start(&n, net_plain, 1, 0, "");
	rsp = qtest_qmp_fds(n.qts, &theirs, 1,
			    "{ 'execute': 'getfd', 'arguments': { 'fdname': 'cable' } }");
	g_assert_true(qdict_haskey(rsp, "return"));
	qobject_unref(rsp);
	close(theirs);
	qtest_qmp_assert_success(n.qts, "{ 'execute': 'netdev_add', 'arguments':"
					" { 'type': 'socket', 'id': 'w0', 'fd': 'cable' } }");
	qtest_qmp_device_add(n.qts, "vc-port", "u0", "{ 'switch': 'sw0', 'netdev': 'w0' }");
	n.wire[0] = ours;
	n.n_wires = 1;
	net_tx(&n, 0, net_broadcast, 0, 1);
	net_wire_expect(&n, 0, 0, 1);
	net_wire_tx(&n, 0, 100, net_mac(0), 0, 2);
	net_expect(&n, 0, 0, 2);
	qtest_qmp_device_del(n.qts, "u0");
	net_wire_tx(&n, 0, 100, net_mac(0), 0, 3);
	net_silent(&n, 0);
	qtest_qmp_assert_success(n.qts, "{ 'execute': 'netdev_del', 'arguments': { 'id': 'w0' } }");
	net_tx(&n, 0, net_broadcast, 0, 4);
	net_stop(&n);
}

/* A back end goes before its uplink: the uplink is still there, and useless. */
static void test_unplug_back_end(void)
{
	struct net n;

	net_start(&n, net_plain, 1, 1, "");
	net_tx(&n, 0, net_broadcast, 0, 1);
	net_wire_expect(&n, 0, 0, 1);
	qtest_qmp_assert_success(n.qts, "{ 'execute': 'netdev_del', 'arguments': { 'id': 'w0' } }");
	for (unsigned i = 0; i < 5; i++) {
		net_tx(&n, 0, net_broadcast, 0, 2);
		net_silent(&n, 0);
	}
	g_assert_cmpint(net_stat(&n, "u0", "out.broadcast.frames"), <=,
			2); /* the first one finds it out */
	qtest_qmp_device_del(n.qts, "u0");
	net_tx(&n, 0, net_broadcast, 0, 3);
	net_stop(&n);
}

#define HOT_SLOT 9

/*
 * A card comes on a port, works, and goes; then another on the same port. PC, whose slots are
 * hot-pluggable.
 */
static void test_hotplug_card(void)
{
	struct rig machine;

	rig_open(&machine, 4,
		 "-machine pc -nodefaults -device vc-port,id=p0,switch=sw0 -device "
		 "vc-port,id=p1,switch=sw0 "
		 "-device vc-e1000,id=n0,netdev=p0,addr=4,mac=52:54:00:aa:00:00");
	for (unsigned turn = 0; turn < 3; turn++) {
		struct net n = { .qts = machine.qts, .card[0].r = machine, .n_cards = 2 };

		qtest_qmp_device_add(n.qts, "vc-e1000", "n1",
				     "{ 'netdev': 'p1', 'addr': '9', 'mac': %s }",
				     "52:54:00:aa:00:01");
		rig_join(&n.card[1].r, &machine, HOT_SLOT);
		e1000_rig_attach(&n.card[0]);
		e1000_rig_attach(&n.card[1]);
		net_tx(&n, 0, net_mac(1), 0, turn);
		net_expect(&n, 1, 0, turn);
		net_tx(&n, 1, net_mac(0), 0, turn);
		net_expect(&n, 0, 0, turn);
		e1000_rig_stop(&n.card[1]);
		qpci_unplug_acpi_device_test(n.qts, "n1", HOT_SLOT);
		net_tx(&n, 0, net_mac(1), 0, 100);
		g_assert_cmpint(net_stat(&n, "p1", "out.unicast.frames"), ==, turn + 1);
		g_assert_cmpint(net_stat(&n, "p0", "out.unicast.frames"), ==, turn + 1);
		machine.alloc = n.card[0].r.alloc;
		machine.bar[0] = n.card[0].r.bar[0];
	}
	rig_stop(&machine);
}

/* A stock card that asks its port for headers and then fails leaves no headers to the next card. */
static void test_card_fails(void)
{
	g_autofree char *err = NULL;
	struct net n = { .n_cards = 2 };
	uint8_t in[BUF_SIZE];

	rig_open(&n.card[0].r, 4,
		 "-machine pc -nodefaults -device vc-port,id=p0,switch=sw0 -device "
		 "vc-port,id=p1,switch=sw0 "
		 "-device vc-e1000,id=n0,netdev=p0,addr=4,mac=52:54:00:aa:00:00");
	n.qts = n.card[0].r.qts;
	err = wire_error(
		n.qts,
		"{ 'execute': 'device_add', 'arguments': { 'driver': 'vmxnet3', 'netdev': 'p1', "
		"'addr': '9',"
		" 'romfile': '/nonexistent' } }");
	g_assert_nonnull(strstr(err, "romfile"));
	qtest_qmp_device_add(n.qts, "e1000", "n1", "{ 'netdev': 'p1', 'addr': '9', 'mac': %s }",
			     "52:54:00:aa:00:01");
	rig_join(&n.card[1].r, &n.card[0].r, HOT_SLOT);
	e1000_rig_attach(&n.card[0]);
	e1000_rig_attach(&n.card[1]);
	qtest_clock_step(n.qts,
			 2000000000ll); /* it takes no frames for a second after RCTL was written */
	net_tx(&n, 0, net_mac(1), 0, 1);
	net_expect(&n, 1, 0, 1);
	net_tx(&n, 1, net_mac(0), 0, 2);
	net_expect(&n, 0, 0, 2);
	/*
	 * Newer QEMU puts a header in front of its announcements where it thinks that one is
	 * wanted.
	 */
	qtest_qmp_assert_success(n.qts, "{ 'execute': 'announce-self', 'arguments':"
					" { 'initial': 50, 'max': 50, 'rounds': 1, 'step': 0 } }");
	g_assert_true(
		wire_is_rarp(in, e1000_rx_frame(&n.card[0], in, NULL, NULL, NULL), net_mac(1)));
	net_stop(&n);
}

/* Card and port, both hot, go in either order: port first, then the card that still names it. */
static void test_unplug_port_then_card(void)
{
	struct rig machine;

	rig_open(&machine, 0, "-machine pc -nodefaults");
	for (unsigned turn = 0; turn < 3; turn++) {
		qtest_qmp_device_add(machine.qts, "vc-port", "p0", "{ 'switch': 'sw0' }");
		qtest_qmp_device_add(machine.qts, "vc-e1000", "n0",
				     "{ 'netdev': 'p0', 'addr': '9' }");
		qtest_qmp_device_del(machine.qts, "p0");
		qpci_unplug_acpi_device_test(machine.qts, "n0", HOT_SLOT);
	}
	rig_stop(&machine);
}

/* System reset: cards start anew, what waits for them is theirs no more, the switch goes on. */
static void test_system_reset(void)
{
	struct net n;

	net_start(&n, net_plain, 2, 1, "");
	for (unsigned i = 0; i < 3 * RX_RING; i++)
		net_tx(&n, 0, net_mac(1), 0, i);
	g_assert_cmpint(net_stat(&n, "p1", "queue-frames"), >, 0);
	qtest_qmp_assert_success(n.qts, "{ 'execute': 'system_reset' }");
	qtest_qmp_eventwait(n.qts, "RESET");
	g_assert_cmpint(net_stat(&n, "p1", "queue-frames"), ==, 0);
	for (unsigned i = 0; i < 2; i++) {
		qpci_device_enable(n.card[i].r.dev);
		e1000_rig_attach(&n.card[i]);
	}
	net_tx(&n, 0, net_mac(1), 0, 1000);
	net_expect(&n, 1, 0, 1000);
	net_wire_tx(&n, 0, 100, net_mac(1), 0, 1001);
	net_expect(&n, 1, 0, 1001);
	net_stop(&n);
}

/*
 * The machine moves to another QEMU, whose switch has learnt nothing yet. Frames go on, those to a
 * card reach it although it was never heard, and all who are on the switch or behind its uplink are
 * told where the cards are now.
 */
static void test_migrate(void)
{
	uint8_t in[WIRE_MAX_FRAME];
	struct net from, to;
	size_t len;

	net_start(&from, net_plain, 2, 1, "");
	net_start(&to, net_plain, 2, 1, "-incoming defer");
	net_tx(&from, 0, net_mac(1), 0, 1);
	net_expect(&from, 1, 0, 1);
	wire_migrate(from.qts, to.qts);
	for (unsigned i = 0; i < 2; i++) {
		struct e1000_rig moved = from.card[i];

		rig_move(&moved.r, &to.card[i].r);
		to.card[i] = moved;
	}
	net_stop(&from);
	for (unsigned i = 0; i < 2; i++) {
		g_assert_true(wire_is_rarp(in, wire_recv(to.wire[0], to.qts, in), net_mac(i)));
		len = e1000_rx_frame(&to.card[i], in, NULL, NULL, NULL);
		g_assert_true(wire_is_rarp(in, len, net_mac(!i)));
		e1000_rx_refill(&to.card[i]);
	}
	for (uint32_t i = 2; i < 2 * RX_RING; i++) {
		net_tx(&to, 0, net_mac(1), 0, i);
		net_expect(&to, 1, 0, i);
	}
	net_wire_tx(&to, 0, 100, net_mac(0), 0, 100);
	net_expect(&to, 0, 0, 100);
	g_assert_cmpint(net_stat(&to, "p0", "out.unicast.frames"), ==, 1);
	net_wire_silent(&to, 0);
	net_stop(&to);
}

/* Frames for a machine that is stopped wait, and come when it goes on. */
static void test_stop_and_continue(void)
{
	struct net n;

	net_start(&n, net_plain, 2, 1, "");
	qtest_qmp_assert_success(n.qts, "{ 'execute': 'stop' }");
	for (unsigned i = 0; i < 5; i++)
		net_wire_tx(&n, 0, 100, net_mac(1), 0, i);
	net_silent(&n, 1);
	qtest_qmp_assert_success(n.qts, "{ 'execute': 'cont' }");
	for (unsigned i = 0; i < 5; i++)
		net_expect(&n, 1, 0, i);
	net_stop(&n);
}

/* A filter between card and port sees their frames, and frames still go both ways. */
static void test_filter(void)
{
	struct net n;

	net_start(&n, net_plain, 2, 0, "");
	qtest_qmp_assert_success(
		n.qts,
		"{ 'execute': 'object-add', 'arguments': { 'qom-type': 'filter-buffer', 'id': 'f0',"
		" 'netdev': 'p1', 'queue': 'rx', 'interval': 1000000 } }");
	net_tx(&n, 0, net_mac(1), 0, 1);
	net_expect(&n, 1, 0, 1);
	net_tx(&n, 1, net_mac(0), 0, 2); /* stays in the filter for a second */
	net_silent(&n, 0);
	qtest_clock_step(n.qts, 1000000000);
	net_expect(&n, 0, 0, 2);
	qtest_qmp_assert_success(n.qts, "{ 'execute': 'object-del', 'arguments': { 'id': 'f0' } }");
	net_tx(&n, 1, net_mac(0), 0, 3);
	net_expect(&n, 0, 0, 3);
	net_stop(&n);
}

int main(int argc, char **argv)
{
	g_test_init(&argc, &argv, NULL);
	qtest_add_func("/switch/made-on-first-use", test_made_on_first_use);
	qtest_add_func("/switch/arguments/good", test_good);
	for (unsigned i = 0; i < ARRAY_SIZE(bads); i++) {
		g_autofree char *path = g_strdup_printf("/switch/arguments/%s", bads[i].name);

		qtest_add_data_func(path, &bads[i], test_bad);
	}
	qtest_add_func("/switch/arguments/slip-of-the-pen", test_slip);
	qtest_add_func("/switch/arguments/warnings", test_warnings);
	qtest_add_func("/switch/arguments/trace-names-the-port", test_trace);
	qtest_add_func("/switch/hot-plug/port", test_hotplug_port);
	qtest_add_func("/switch/hot-plug/uplink", test_hotplug_uplink);
	qtest_add_func("/switch/hot-plug/card", test_hotplug_card);
	qtest_add_func("/switch/hot-plug/card-that-fails", test_card_fails);
	qtest_add_func("/switch/unplug/port-of-a-card", test_unplug_port_of_card);
	qtest_add_func("/switch/unplug/port-then-card", test_unplug_port_then_card);
	qtest_add_func("/switch/unplug/back-end", test_unplug_back_end);
	qtest_add_func("/switch/system-reset", test_system_reset);
	qtest_add_func("/switch/stop-and-continue", test_stop_and_continue);
	qtest_add_func("/switch/filter", test_filter);
	qtest_add_func("/switch/migrate", test_migrate);
	return g_test_run();
}
