/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Wires, migration, QMP; see wire.h. */
#include "wire.h"

#include <poll.h>

int wire_make(int *qemu_end)
{
	int pair[2];

	g_assert_cmpint(socketpair(AF_UNIX, SOCK_STREAM, 0, pair), ==, 0);
	g_assert_cmpint(fcntl(pair[0], F_SETFD, FD_CLOEXEC), ==, 0);
	*qemu_end = pair[1];
	return pair[0];
}

static void write_all(int fd, const void *buf, size_t len)
{
	const char *p = buf;

	while (len) {
		ssize_t n = write(fd, p, len);

		g_assert_cmpint(n, >, 0);
		p += n;
		len -= n;
	}
}

void wire_send(int fd, const void *frame, size_t len)
{
	uint32_t head = htonl(len);

	write_all(fd, &head, sizeof(head));
	write_all(fd, frame, len);
}

static bool readable(int fd)
{
	struct pollfd p = { .fd = fd, .events = POLLIN };

	return poll(&p, 1, 0) == 1;
}

void wire_turn(QTestState *qts)
{
	qtest_readb(qts, 0);
}

static void read_all(int fd, QTestState *qts, void *buf, size_t len)
{
	char *p = buf;

	for (unsigned turn = 0; len; turn++) {
		ssize_t n;

		if (!readable(fd)) {
			g_assert_cmpuint(turn, <, WIRE_PATIENCE);
			wire_turn(qts);
			continue;
		}
		n = read(fd, p, len);
		g_assert_cmpint(n, >, 0);
		p += n;
		len -= n;
	}
}

size_t wire_recv(int fd, QTestState *qts, void *frame)
{
	uint32_t head;

	read_all(fd, qts, &head, sizeof(head));
	head = ntohl(head);
	g_assert_cmpuint(head, <=, WIRE_MAX_FRAME);
	read_all(fd, qts, frame, head);
	return head;
}

bool wire_quiet(int fd, QTestState *qts)
{
	for (unsigned turn = 0; turn < 16; turn++)
		wire_turn(qts);
	return !readable(fd);
}

static void wait_migration(QTestState *qts)
{
	for (;;) {
		QDict *rsp = qtest_qmp(qts, "{ 'execute': 'query-migrate' }");
		QDict *ret = qdict_get_qdict(rsp, "return");
		bool done = !g_strcmp0(qdict_get_try_str(ret, "status"), "completed");

		g_assert_cmpstr(qdict_get_try_str(ret, "status"), !=, "failed");
		qobject_unref(rsp);
		if (done)
			return;
	}
}

/*
 * Set the stepped clock of @to, which does not travel as a real one does. The time can't be asked
 * for without moving it.
 */
static void move_clock(QTestState *from, QTestState *to)
{
	int64_t behind = qtest_clock_step(from, 1) - qtest_clock_step(to, 1);

	if (behind)
		qtest_clock_step(to, behind);
}

void wire_save(QTestState *from, const char *command)
{
	g_autofree char *uri = g_strconcat("exec:", command, NULL);

	qtest_qmp_assert_success(from, "{ 'execute': 'migrate', 'arguments': { 'uri': %s } }", uri);
	wait_migration(from);
}

void wire_migrate(QTestState *from, QTestState *to)
{
	g_autofree char *path =
		g_strdup_printf("%s/vchassis-qtest-%d.state", g_get_tmp_dir(), getpid());
	g_autofree char *save = g_strdup_printf("cat > %s", path);
	g_autofree char *load = g_strdup_printf("exec:cat %s", path);

	qtest_qmp_assert_success(
		to,
		"{ 'execute': 'migrate-set-parameters', 'arguments': { 'announce-rounds': 1 } }");
	wire_save(from, save);
	move_clock(from, to);
	qtest_qmp_assert_success(
		to, "{ 'execute': 'migrate-incoming', 'arguments': { 'uri': %s } }", load);
	wait_migration(to);
	unlink(path);
}

bool wire_is_rarp(const uint8_t *frame, size_t len, const uint8_t mac[6])
{
	return len == 60 && lduw_be_p(frame + 12) == 0x8035 && frame[0] == 0xff && frame[21] == 3 &&
	       !memcmp(frame + 6, mac, 6) && !memcmp(frame + 22, mac, 6) &&
	       !memcmp(frame + 32, mac, 6);
}

char *wire_error(QTestState *qts, const char *fmt, ...)
{
	va_list args;
	QDict *rsp;
	char *desc;

	va_start(args, fmt);
	rsp = qtest_vqmp(qts, fmt, args);
	va_end(args);
	g_assert_true(qdict_haskey(rsp, "error"));
	desc = g_strdup(qdict_get_str(qdict_get_qdict(rsp, "error"), "desc"));
	qobject_unref(rsp);
	return desc;
}

void wire_set_link(QTestState *qts, const char *client, bool up)
{
	qtest_qmp_assert_success(qts,
				 "{ 'execute': 'set_link', 'arguments': { 'name': %s, 'up': %i } }",
				 client, up);
}

static QDict *get_property(QTestState *qts, const char *id, const char *property)
{
	g_autofree char *path = g_strdup_printf("/machine/peripheral/%s", id);

	return qtest_qmp(qts,
			 "{ 'execute': 'qom-get', 'arguments': { 'path': %s, 'property': %s } }",
			 path, property);
}

QDict *wire_setup(QTestState *qts, const char *id)
{
	QDict *rsp = get_property(qts, id, "setup"), *setup = qdict_get_qdict(rsp, "return");

	g_assert_nonnull(setup);
	qobject_ref(setup);
	qobject_unref(rsp);
	return setup;
}

int64_t wire_stat(QTestState *qts, const char *id, const char *name)
{
	QDict *rsp = get_property(qts, id, "stats");
	g_auto(GStrv) part = g_strsplit(name, ".", -1);
	QObject *obj = qdict_get(rsp, "return");
	int64_t val;

	for (unsigned i = 0; part[i]; i++) {
		g_assert_nonnull(obj);
		obj = qdict_get(qobject_to(QDict, obj), part[i]);
	}
	g_assert_nonnull(obj);
	val = qobject_type(obj) == QTYPE_QBOOL ? qbool_get_bool(qobject_to(QBool, obj)) :
						 qnum_get_int(qobject_to(QNum, obj));
	qobject_unref(rsp);
	return val;
}
