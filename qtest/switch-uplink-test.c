/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Device suite of the switch: uplinks that come, go, and change while it works. */
#include "switch-rig.h"
#include "qapi/error.h"
#include "qemu/cutils.h"
#include <netinet/in.h>
#include <poll.h>
#include <sys/socket.h>
#include <sys/un.h>

/*
 * Of the cards that the switch knows it tells a new uplink at once, by a frame from each
 * (docs/switch.md, teaming): the port that sends it is not there yet for anybody else.
 */
static void test_second_uplink(void)
{
	int theirs, ours = wire_make(&theirs);
	uint8_t in[WIRE_MAX_FRAME];
	struct net n;
	QDict *rsp;

	net_start(&n, net_plain, 2, 1, "");
	rsp = qtest_qmp_fds(n.qts, &theirs, 1,
			    "{ 'execute': 'getfd', 'arguments': { 'fdname': 'cable' } }");
	g_assert_true(qdict_haskey(rsp, "return"));
	qobject_unref(rsp);
	close(theirs);
	qtest_qmp_assert_success(n.qts, "{ 'execute': 'netdev_add', 'arguments':"
					" { 'type': 'socket', 'id': 'w1', 'fd': 'cable' } }");
	qtest_qmp_device_add(n.qts, "vc-port", "u1", "{ 'switch': 'sw0', 'netdev': 'w1' }");
	while (!wire_quiet(ours, n.qts))
		wire_recv(ours, n.qts, in);
	wire_set_link(n.qts, "u0", false);
	net_tx(&n, 0, net_broadcast, 0, 1);
	while (wire_recv(ours, n.qts, in) != NET_LEN || wire_is_rarp(in, NET_LEN, net_mac(0)))
		;
	g_assert_cmpuint(ldl_be_p(in + 14), ==, 1);
	close(ours);
	net_stop(&n);
}

/**
 * struct end - A kind of back end whose other end is the test
 * @args:   As for -netdev, without the id; %s: address
 * @json:   As for netdev_add, with the id "w0"
 * @serves: QEMU listens; else the test does
 * @local:  The address is a path; else a TCP port of 127.0.0.1
 */
struct end {
	const char *name, *args, *json;
	bool serves, local;
};

static const struct end ends[] = {
	{ "socket-listen", "socket,listen=127.0.0.1:%s",
	  "{'type': 'socket', 'id': 'w0', 'listen': '127.0.0.1:%s'}", .serves = true },
	{ "socket-connect", "socket,connect=127.0.0.1:%s",
	  "{'type': 'socket', 'id': 'w0', 'connect': '127.0.0.1:%s'}" },
	{ "stream-server", "stream,server=on,addr.type=unix,addr.path=%s",
	  "{'type': 'stream', 'id': 'w0', 'server': true, 'addr': {'type': 'unix', 'path': '%s'}}",
	  true, true },
	{ "stream-client", "stream,server=off,addr.type=unix,addr.path=%s",
	  "{'type': 'stream', 'id': 'w0', 'server': false, 'addr': {'type': 'unix', 'path': '%s'}}",
	  false, true },
	{ "stream-server-tcp", "stream,server=on,addr.type=inet,addr.host=127.0.0.1,addr.port=%s",
	  "{'type': 'stream', 'id': 'w0', 'server': true,"
	  " 'addr': {'type': 'inet', 'host': '127.0.0.1', 'port': '%s'}}",
	  .serves = true },
};

/* Where a back end and the test meet; @fd: our end, or -1. */
struct meeting {
	const struct end *end;
	char address[64];
	int listening, fd;
};

static socklen_t fill_address(const struct meeting *m, struct sockaddr_storage *to)
{
	struct sockaddr_in *in = (struct sockaddr_in *)to;
	struct sockaddr_un *un = (struct sockaddr_un *)to;

	memset(to, 0, sizeof(*to));
	if (m->end->local) {
		un->sun_family = AF_UNIX;
		pstrcpy(un->sun_path, sizeof(un->sun_path), m->address);
		return sizeof(*un);
	}
	in->sin_family = AF_INET;
	in->sin_port = htons(atoi(m->address));
	in->sin_addr.s_addr = htonl(INADDR_LOOPBACK);
	return sizeof(*in);
}

static int new_socket(const struct meeting *m)
{
	int fd = socket(m->end->local ? AF_UNIX : AF_INET, SOCK_STREAM, 0);

	g_assert_cmpint(fd, >=, 0);
	return fd;
}

static void listen_there(struct meeting *m)
{
	struct sockaddr_storage at;
	socklen_t len = fill_address(m, &at);

	m->listening = new_socket(m);
	if (m->end->local)
		unlink(m->address);
	g_assert_cmpint(bind(m->listening, (struct sockaddr *)&at, len), ==, 0);
	g_assert_cmpint(listen(m->listening, 1), ==, 0);
}

/* A free address. If QEMU is to connect, the test listens at once. */
static void meet(struct meeting *m, const struct end *end)
{
	struct sockaddr_in in = { 0 };
	socklen_t len = sizeof(in);

	*m = (struct meeting) { .end = end, .listening = -1, .fd = -1 };
	if (end->local)
		snprintf(m->address, sizeof(m->address), "/tmp/qtest-uplink-%d", getpid());
	else
		strcpy(m->address, "0");
	listen_there(m);
	if (!end->local) {
		g_assert_cmpint(getsockname(m->listening, (struct sockaddr *)&in, &len), ==, 0);
		snprintf(m->address, sizeof(m->address), "%u", ntohs(in.sin_port));
	}
	if (!end->serves)
		return;
	close(m->listening);
	m->listening = -1;
	if (end->local)
		unlink(m->address);
}

/* The other end comes up. */
static void come(struct meeting *m, QTestState *qts)
{
	struct sockaddr_storage at;
	socklen_t len = fill_address(m, &at);
	struct pollfd p = { .fd = m->listening, .events = POLLIN };

	if (!m->end->serves) {
		while (poll(&p, 1, 0) == 0)
			wire_turn(qts);
		m->fd = accept(m->listening, NULL, NULL);
		g_assert_cmpint(m->fd, >=, 0);
		return;
	}
	m->fd = new_socket(m);
	for (unsigned turn = 0; connect(m->fd, (struct sockaddr *)&at, len); turn++) {
		g_assert_cmpuint(turn, <, WIRE_PATIENCE); /* some listen a moment later */
		wire_turn(qts);
	}
}

static void go(struct meeting *m)
{
	close(m->fd);
	m->fd = -1;
}

static void expect_link(struct net *n, bool up)
{
	for (unsigned turn = 0; net_stat(n, "u0", "link-up") != up; turn++)
		g_assert_cmpuint(turn, <, WIRE_PATIENCE);
}

/* A frame each way. */
static void expect_traffic(struct net *n, struct meeting *m, uint32_t seq)
{
	uint8_t frame[NET_LEN], in[WIRE_MAX_FRAME];

	net_tx(n, 0, net_broadcast, 0, seq);
	do
		wire_recv(m->fd, n->qts, in);
	while (lduw_be_p(in + 12) == 0x8035); /* announcements */
	g_assert_cmpuint(ldl_be_p(in + 14), ==, seq);
	rig_frame(frame, net_mac(0), net_mac(100), NET_LEN, seq + 1000);
	wire_send(m->fd, frame, NET_LEN);
	net_expect(n, 0, 0, seq + 1000);
}

static void add_netdev(struct net *n, const struct meeting *m)
{
	g_autofree char *json = g_strdup_printf(m->end->json, m->address);
	QObject *arguments = qobject_from_json(json, &error_abort);

	qtest_qmp_assert_success(n->qts, "{ 'execute': 'netdev_add', 'arguments': %p }", arguments);
}

/*
 * The back end is there before its port or after its other end; the other end comes, goes and comes
 * back; the back end is deleted, and another one of its name joins the port.
 */
static void test_back_end(const void *data)
{
	const struct end *end = data;
	g_autofree char *args = NULL;
	struct meeting m;
	struct net n;

	meet(&m, end);
	args = g_strdup_printf(end->args, m.address);
	args = g_strdup_printf("-netdev %s,id=w0 -device vc-port,id=u0,switch=sw0,netdev=w0", args);
	net_start(&n, net_plain, 1, 0, args);
	if (end->serves)
		expect_link(&n, false);
	come(&m, n.qts);
	expect_link(&n, true);
	expect_traffic(&n, &m, 1);
	go(&m);
	expect_link(&n, false);
	net_tx(&n, 0, net_broadcast, 0, 2);
	if (end->serves) {
		come(&m, n.qts);
		expect_link(&n, true);
		expect_traffic(&n, &m, 3);
	}
	qtest_qmp_assert_success(n.qts, "{ 'execute': 'netdev_del', 'arguments': { 'id': 'w0' } }");
	expect_link(&n, false);
	net_tx(&n, 0, net_broadcast, 0, 4);
	if (m.fd >= 0)
		go(&m);
	add_netdev(&n, &m);
	come(&m, n.qts);
	expect_link(&n, true);
	expect_traffic(&n, &m, 5);
	go(&m);
	qtest_qmp_device_del(n.qts, "u0");
	if (m.listening >= 0)
		close(m.listening);
	net_stop(&n);
	if (end->local)
		unlink(m.address);
}

/* What is on its way to a back end whose other end goes is lost, and keeps nobody waiting. */
static void test_goes_while_full(void)
{
	struct meeting m;
	struct net n;

	meet(&m, &ends[0]);
	net_start(&n, net_plain, 1, 1, "");
	for (unsigned i = 0; net_stat(&n, "u0", "queue-frames") < 10; i++) {
		g_assert_cmpuint(i, <, 20000);
		net_tx(&n, 0, net_broadcast, 0, i);
	}
	close(n.wire[0]);
	n.n_wires = 0;
	expect_link(&n, false);
	qtest_qmp_assert_success(n.qts, "{ 'execute': 'netdev_del', 'arguments': { 'id': 'w0' } }");
	add_netdev(&n, &m);
	come(&m, n.qts);
	expect_link(&n, true);
	expect_traffic(&n, &m, 0x777777);
	go(&m);
	net_stop(&n);
}

/* A cable that is out at either end is no link (set_link), whatever the back end says. */
static void test_set_link(void)
{
	struct net n;

	net_start(&n, net_plain, 1, 1, "");
	expect_link(&n, true);
	wire_set_link(n.qts, "w0", false);
	expect_link(&n, false);
	wire_set_link(n.qts, "u0", false);
	wire_set_link(n.qts, "w0", true);
	expect_link(&n, false);
	wire_set_link(n.qts, "u0", true);
	expect_link(&n, true);
	net_stop(&n);
}

int main(int argc, char **argv)
{
	g_test_init(&argc, &argv, NULL);
	qtest_add_func("/switch/uplink/second", test_second_uplink);
	qtest_add_func("/switch/uplink/set-link", test_set_link);
	qtest_add_func("/switch/uplink/goes-while-full", test_goes_while_full);
	for (unsigned i = 0; i < ARRAY_SIZE(ends); i++) {
		g_autofree char *path = g_strconcat("/switch/uplink/", ends[i].name, NULL);

		qtest_add_data_func(path, &ends[i], test_back_end);
	}
	return g_test_run();
}
