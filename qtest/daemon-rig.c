/* SPDX-License-Identifier: GPL-2.0-or-later */
/* A vswitchd beside QEMU; see daemon-rig.h. */
#include "daemon-rig.h"
#include "errors.h"
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <sys/wait.h>

static GString *said; /* by QEMU, in this test */

void daemon_wait(int64_t *since)
{
	if (!*since)
		*since = g_get_monotonic_time();
	g_assert_cmpint(g_get_monotonic_time() - *since, <, DAEMON_PATIENCE * G_USEC_PER_SEC);
	g_usleep(200); /* it is another process that is waited for */
}

/* Return: a connection, or -1 */
static int try_connect(const char *path)
{
	struct timeval patience = { .tv_sec = DAEMON_PATIENCE };
	struct sockaddr_un un = { .sun_family = AF_UNIX };
	int fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);

	g_assert_cmpint(fd, >=, 0);
	g_assert_cmpuint(strlen(path), <, sizeof(un.sun_path));
	strcpy(un.sun_path, path);
	setsockopt(fd, SOL_SOCKET, SO_RCVTIMEO, &patience, sizeof(patience));
	if (connect(fd, (struct sockaddr *)&un, sizeof(un)) == 0)
		return fd;
	close(fd);
	return -1;
}

static int connect_to(const char *path)
{
	int64_t since = 0;
	int fd;

	while ((fd = try_connect(path)) < 0)
		daemon_wait(&since);
	return fd;
}

static char *path_of(const struct daemon *d, const char *name)
{
	return g_build_filename(d->dir, "vchassis", name, NULL);
}

void daemon_make(struct daemon *d)
{
	d->dir = g_dir_make_tmp("vchassis-daemon-XXXXXX", NULL);
	g_assert_nonnull(d->dir);
	d->control = path_of(d, "control.sock");
	d->pid = 0;
	if (!said)
		return;
	g_free(errors_take());
	g_string_truncate(said, 0);
}

/* A test that fails leaves none behind */
static void end_with_us(void *opaque)
{
	prctl(PR_SET_PDEATHSIG, SIGKILL);
}

void daemon_start(struct daemon *d, const char *config)
{
	g_autofree char *file = g_build_filename(d->dir, "config.json", NULL);
	g_autofree char *place = g_strconcat("XDG_RUNTIME_DIR=", d->dir, NULL);
	char *argv[] = { (char *)QTEST_VSWITCHD, (char *)"--config", file, NULL };
	char *envp[] = { place, NULL };

	g_assert_true(g_file_set_contents(file, config, -1, NULL));
	g_assert_true(g_spawn_async(NULL, argv, envp, G_SPAWN_DO_NOT_REAP_CHILD, end_with_us, NULL,
				    &d->pid, NULL));
	close(connect_to(d->control));
}

void daemon_kill(struct daemon *d)
{
	if (!d->pid)
		return;
	kill(d->pid, SIGKILL);
	waitpid(d->pid, NULL, 0);
	d->pid = 0;
}

static void remove_all(const char *dir)
{
	g_autoptr(GDir) entries = g_dir_open(dir, 0, NULL);
	const char *name;

	while (entries && (name = g_dir_read_name(entries))) {
		g_autofree char *path = g_build_filename(dir, name, NULL);

		if (g_file_test(path, G_FILE_TEST_IS_DIR))
			remove_all(path);
		else
			unlink(path);
	}
	rmdir(dir);
}

void daemon_end(struct daemon *d)
{
	daemon_kill(d);
	remove_all(d->dir);
	g_free(d->dir);
	g_free(d->control);
}

static QDict *read_line(int fd)
{
	g_autoptr(GString) line = g_string_new("");
	QObject *any;
	char c;

	do {
		g_assert_cmpint(read(fd, &c, 1), ==, 1);
		g_string_append_c(line, c);
	} while (c != '\n');
	any = qobject_from_json(line->str, NULL);
	g_assert_nonnull(any);
	return qobject_to(QDict, any);
}

QObject *daemon_ask(struct daemon *d, const char *command)
{
	int fd = connect_to(d->control);
	QObject *ret = NULL;

	g_assert_cmpint(dprintf(fd, "%s\n", command), >, 0);
	while (!ret) {
		QDict *line = read_line(fd);

		if (qdict_haskey(line, "error"))
			g_error("%s: %s", command,
				qdict_get_str(qdict_get_qdict(line, "error"), "desc"));
		ret = qdict_get(line, "return");
		qobject_ref(ret);
		qobject_unref(line);
	}
	close(fd);
	return ret;
}

static int64_t number(const QDict *port, const char *name)
{
	g_auto(GStrv) part = g_strsplit(name, ".", -1);
	QObject *obj = QOBJECT(port);

	for (unsigned i = 0; part[i]; i++) {
		obj = qdict_get(qobject_to(QDict, obj), part[i]);
		g_assert_nonnull(obj);
	}
	if (qobject_type(obj) == QTYPE_QBOOL)
		return qbool_get_bool(qobject_to(QBool, obj));
	return qnum_get_int(qobject_to(QNum, obj));
}

int64_t daemon_stat(struct daemon *d, const char *port, const char *name)
{
	QObject *ret = daemon_ask(d, "{\"execute\": \"query-ports\"}");
	const QListEntry *e;
	int64_t value = -1;

	QLIST_FOREACH_ENTRY(qobject_to(QList, ret), e)
	{
		QDict *one = qobject_to(QDict, qlist_entry_obj(e));

		if (!strcmp(qdict_get_str(one, "id"), port))
			value = *name ? number(one, name) : 0;
	}
	qobject_unref(ret);
	return value;
}

int daemon_station(struct daemon *d, const char *name)
{
	g_autofree char *path = path_of(d, name);

	return connect_to(path);
}

static void read_all(int fd, void *buf, size_t len)
{
	g_assert_cmpint(recv(fd, buf, len, MSG_WAITALL), ==, len);
}

size_t daemon_hear(int station, uint8_t *frame)
{
	uint32_t head;

	read_all(station, &head, sizeof(head));
	head = ntohl(head);
	g_assert_cmpuint(head, <=, WIRE_MAX_FRAME);
	read_all(station, frame, head);
	return head;
}

void daemon_wait_said(const char *text)
{
	int64_t since = 0;

	if (!said)
		said = g_string_new("");
	while (!strstr(said->str, text)) {
		g_autofree char *more = errors_take();

		g_string_append(said, more);
		daemon_wait(&since);
	}
}

void daemon_wait_rx(struct net *n, unsigned card)
{
	int64_t since = 0;

	while (e1000_rx_idle(&n->card[card]))
		daemon_wait(&since);
}

void daemon_wait_stat(struct net *n, const char *id, const char *name, int64_t value)
{
	int64_t since = 0;

	while (wire_stat(n->qts, id, name) != value)
		daemon_wait(&since);
}

const char *daemon_port(const struct daemon *d)
{
	static char text[256];

	snprintf(text, sizeof(text), "connect=%s,portgroup=blue", d->control);
	return text;
}
