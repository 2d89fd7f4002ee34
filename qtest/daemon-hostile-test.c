/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Ports with connect= at something that is no vswitchd, or one that is not what it was. */
#include "daemon-rig.h"
#include "errors.h"
#include <sys/socket.h>
#include <sys/un.h>

#define FDS_MAX 12
#define ROUNDS	4u

/**
 * struct lie - What QEMU is told when it dials, and what it makes of that
 * @text:  Sent; %s is @many times @what
 * @what: @many: see @text
 * @fds:   Descriptors that go along
 * @kind:  Of the first: 'n': of a file that is no socket, 's': a socket, on which @hello is said
 * @says:  What QEMU says
 */
struct lie {
	const char *name, *text, *what;
	unsigned many, fds;
	char kind;
	const char *hello, *says;
};

#define RETURN "{\"return\": {\"switch\": \"x\"}}\n"

static const struct lie lies[] = {
	{ "hangs-up", "", .says = "it has hung up" },
	{ "no-json", "\xff\xfe what\n", .says = "it does not speak as vswitchd does" },
	{ "empty-line", "\n", .says = "it does not speak as vswitchd does" },
	{ "array", "[]\n", .says = "it does not speak as vswitchd does" },
	{ "deep", "%s\n", "[", 60000, .says = "it does not speak as vswitchd does" },
	{ "long-line", "%s", "x", 70000, .says = "it says too much" },
	{ "endless", "%s", "{\"event\": \"X\", \"data\": {\"text\": \"many words and more\"}}\n",
	  30000, .says = "it says too much" },
	{ "no-connection", RETURN, .says = "it has answered without a connection" },
	{ "refuses", "{\"error\": {\"desc\": \"a\\nb\\u001b[2Jc\"}}\n", .says = "a?b?[2Jc" },
	{ "refuses-mutely", "{\"error\": {\"desc\": 5}}\n", .says = "does not say why" },
	{ "wrong-types", "{\"return\": 1, \"error\": 2}\n{\"error\": {}}\n",
	  .says = "does not say why" },
	{ "no-socket", RETURN, .fds = 1, .kind = 'n', .says = "does not read what it asked for" },
	{ "many-files", RETURN, .fds = FDS_MAX, .kind = 'n',
	  .says = "does not read what it asked for" },
	{ "noise", RETURN, .fds = 2, .kind = 's', .hello = "noise that is no message at all",
	  .says = "a message is too long" },
	{ "unasked", RETURN, .fds = 1, .kind = 's',
	  .hello = "\x0f\0\0\0\x05\0\0\0\x08\0\0\0\0\0\0\0\0\0\0",
	  .says = "sends what it was not asked for" },
};

static int listen_at(const char *path)
{
	struct timeval patience = { .tv_sec = DAEMON_PATIENCE };
	struct sockaddr_un un = { .sun_family = AF_UNIX };
	int fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);

	g_assert_cmpuint(strlen(path), <, sizeof(un.sun_path));
	strcpy(un.sun_path, path);
	g_assert_cmpint(bind(fd, (struct sockaddr *)&un, sizeof(un)), ==, 0);
	g_assert_cmpint(listen(fd, 4), ==, 0);
	setsockopt(fd, SOL_SOCKET, SO_RCVTIMEO, &patience, sizeof(patience));
	return fd;
}

static void send_fds(int to, const char *text, size_t len, const int *fds, unsigned n)
{
	union {
		struct cmsghdr align;
		char bytes[CMSG_SPACE(FDS_MAX * sizeof(int))];
	} control = { .align = { CMSG_LEN(n * sizeof(int)), SOL_SOCKET, SCM_RIGHTS } };
	struct iovec iov = { (void *)text, len };
	struct msghdr mh = { .msg_iov = &iov,
			     .msg_iovlen = 1,
			     .msg_control = &control,
			     .msg_controllen = CMSG_SPACE(n * sizeof(int)) };

	memcpy(CMSG_DATA(&control.align), fds, n * sizeof(int));
	g_assert_cmpint(sendmsg(to, &mh, MSG_NOSIGNAL), ==, len);
}

/* As much as QEMU takes */
static void send_text(int to, const char *text, size_t len)
{
	while (len) {
		ssize_t n = send(to, text, len, MSG_NOSIGNAL);

		if (n < 0)
			return;
		text += n;
		len -= n;
	}
}

static char *make_text(const struct lie *l)
{
	g_autoptr(GString) many = g_string_new("");

	for (unsigned i = 0; i < l->many; i++)
		g_string_append(many, l->what);
	return l->many ? g_strdup_printf(*l->text == '%' && l->text[2] ? "%s\n" : "%s", many->str) :
			 g_strdup(l->text);
}

/* Until the other side has hung up */
static void wait_closed(int fd)
{
	char buf[256];

	while (recv(fd, buf, sizeof(buf), 0) > 0)
		;
}

static void tell(int to, const struct lie *l)
{
	g_autofree char *text = make_text(l);
	int pair[2] = { -1, -1 }, fds[FDS_MAX];

	if (!l->fds) {
		send_text(to, text, strlen(text));
		return;
	}
	g_assert_cmpint(socketpair(AF_UNIX, SOCK_STREAM, 0, pair), ==, 0);
	if (l->kind == 's') /* all but its end, which may be a zero */
		send_text(pair[1], l->hello, MAX(strlen(l->hello), 20));
	for (unsigned i = 0; i < l->fds; i++)
		fds[i] = i || l->kind == 'n' ? open("/dev/null", O_RDWR | O_CLOEXEC) : dup(pair[0]);
	send_fds(to, text, strlen(text), fds, l->fds);
	for (unsigned i = 0; i < l->fds; i++)
		close(fds[i]);
	close(pair[0]);
	wait_closed(pair[1]);
	close(pair[1]);
}

/* Descriptors of the QEMU at the other end of a socket */
static unsigned count_fds(int fd)
{
	g_autofree char *path = NULL;
	socklen_t len;
	struct ucred peer;
	unsigned n = 0;
	GDir *dir;

	len = sizeof(peer);
	g_assert_cmpint(getsockopt(fd, SOL_SOCKET, SO_PEERCRED, &peer, &len), ==, 0);
	path = g_strdup_printf("/proc/%d/fd", peer.pid);
	dir = g_dir_open(path, 0, NULL);
	g_assert_nonnull(dir);
	while (g_dir_read_name(dir))
		n++;
	g_dir_close(dir);
	return n;
}

static void hear_request(int fd)
{
	char c = 0;

	while (c != '\n')
		g_assert_cmpint(recv(fd, &c, 1, 0), ==, 1);
}

/* QEMU goes on, says once what it thinks of it, and keeps nothing that it was given. */
static void test_lie(const void *opaque)
{
	const struct lie *l = opaque;
	g_autofree char *args = NULL, *dir = NULL;
	unsigned held[ROUNDS];
	struct daemon d;
	QTestState *qts;
	int at;

	daemon_make(&d);
	dir = g_path_get_dirname(d.control);
	g_assert_cmpint(mkdir(dir, 0700), ==, 0);
	at = listen_at(d.control);
	args = g_strdup_printf("-M none -nodefaults -device vc-port,id=p0,connect=%s %s", d.control,
			       errors_apart());
	qts = qtest_init(args);
	for (unsigned round = 0; round < ROUNDS; round++) {
		int fd = accept(at, NULL, NULL);

		g_assert_cmpint(fd, >=, 0);
		held[round] = count_fds(fd);
		hear_request(fd);
		tell(fd, l);
		close(fd);
		if (!round)
			daemon_wait_said(l->says);
		qtest_qmp_assert_success(qts, "{ 'execute': 'query-status' }");
	}
	g_assert_cmpuint(held[ROUNDS - 1], <=, held[0]);
	qtest_quit(qts);
	close(at);
	daemon_end(&d);
}

/* The end of a QEMU that dials: it is held up, answered, and goes on */
struct end {
	char *held, *go;
	int fd;
};

static gpointer answer_at_the_end(gpointer opaque)
{
	struct end *e = opaque;
	int held = open(e->held, O_RDONLY | O_CLOEXEC), go; /* until the script is there */

	send_text(e->fd, "[]\n", 3);
	go = open(e->go, O_WRONLY | O_CLOEXEC);
	close(go);
	close(held);
	return NULL;
}

/* What runs when QEMU takes its tap down, which is when it frees all net clients */
static char *make_script(const struct daemon *d, const struct end *e)
{
	g_autofree char *text = g_strdup_printf("#!/bin/sh\n: >'%s'\n: <'%s'\n", e->held, e->go);
	char *path = g_build_filename(d->dir, "down", NULL);

	g_assert_cmpint(mkfifo(e->held, 0600), ==, 0);
	g_assert_cmpint(mkfifo(e->go, 0600), ==, 0);
	g_assert_true(g_file_set_contents(path, text, -1, NULL));
	g_assert_cmpint(chmod(path, 0700), ==, 0);
	return path;
}

/*
 * QEMU frees its net clients and then still serves descriptors while it waits for its monitors: an
 * answer that comes in between concerns nobody.
 */
static void test_answer_at_the_end(void)
{
	g_autofree char *args = NULL, *dir = NULL, *script = NULL;
	struct daemon d;
	QTestState *qts;
	struct end e;
	GThread *t;
	int at;

	if (access("/dev/net/tun", R_OK | W_OK) < 0) {
		g_test_skip("/dev/net/tun cannot be opened");
		return;
	}
	daemon_make(&d);
	dir = g_path_get_dirname(d.control);
	g_assert_cmpint(mkdir(dir, 0700), ==, 0);
	e = (struct end) { g_build_filename(d.dir, "held", NULL),
			   g_build_filename(d.dir, "go", NULL), -1 };
	script = make_script(&d, &e);
	at = listen_at(d.control);
	args = g_strdup_printf("-M none -nodefaults -device vc-port,id=p0,connect=%s "
			       "-netdev tap,id=t,ifname=end0,script=no,downscript=%s",
			       d.control, script);
	setenv("LD_PRELOAD", QTEST_FAKE_TAP, 1);
	qts = qtest_init(args);
	unsetenv("LD_PRELOAD");
	e.fd = accept(at, NULL, NULL);
	g_assert_cmpint(e.fd, >=, 0);
	hear_request(e.fd);
	t = g_thread_new("end", answer_at_the_end, &e);
	qtest_quit(qts); /* fails if a signal ended it */
	g_thread_join(t);
	close(e.fd);
	close(at);
	g_free(e.held);
	g_free(e.go);
	daemon_end(&d);
}

int main(int argc, char **argv)
{
	g_test_init(&argc, &argv, NULL);
	qtest_add_func("/daemon-hostile/answer-at-the-end", test_answer_at_the_end);
	for (unsigned i = 0; i < ARRAY_SIZE(lies); i++) {
		g_autofree char *path = g_strconcat("/daemon-hostile/", lies[i].name, NULL);

		qtest_add_data_func(path, &lies[i], test_lie);
	}
	return g_test_run();
}
