// SPDX-License-Identifier: GPL-2.0-or-later
/* Plugging into a vswitchd; see dial.h. */
#include "dial.h"
#include <sys/socket.h>
#include <sys/un.h>

#define DIAL_LINE  (64u << 10)
#define DIAL_BYTES (1u << 20)
#define DIAL_FDS   4 /* looked at; one is kept */

struct vc_dial {
	void (*done)(void *opaque, const struct vc_dial_result *result);
	void *opaque;
	int fd;
	QEMUTimer *deadline;
	GString *request, *in;
	size_t total;
	struct vc_dial_result result;
};

static void copy_text(char *to, const char *from)
{
	g_strlcpy(to, from, DIAL_WHY);
	for (; *to; to++)
		if (!g_ascii_isprint(*to))
			*to = '?';
}

static void free_dial(struct vc_dial *d)
{
	if (d->fd >= 0) {
		qemu_set_fd_handler(d->fd, NULL, NULL, NULL);
		close(d->fd);
	}
	timer_free(d->deadline);
	g_string_free(d->request, true);
	g_string_free(d->in, true);
	g_free(d);
}

void vc_dial_stop(struct vc_dial *d)
{
	if (!d)
		return;
	if (d->result.fd >= 0)
		close(d->result.fd);
	free_dial(d);
}

static void finish(struct vc_dial *d)
{
	void (*done)(void *opaque, const struct vc_dial_result *result) = d->done;
	struct vc_dial_result result = d->result;
	void *opaque = d->opaque;

	free_dial(d);
	done(opaque, &result);
}

static void fail(struct vc_dial *d, const char *why)
{
	if (d->result.fd >= 0)
		close(d->result.fd);
	d->result.fd = -1;
	copy_text(d->result.why, why);
	finish(d);
}

/* The only one that was asked for, or none */
static void keep_fd(struct vc_dial *d, int fd)
{
	if (d->result.fd < 0)
		d->result.fd = fd;
	else
		close(fd);
}

static void keep_fds(struct vc_dial *d, struct msghdr *mh)
{
	for (struct cmsghdr *c = CMSG_FIRSTHDR(mh); c; c = CMSG_NXTHDR(mh, c)) {
		size_t n = (c->cmsg_len - CMSG_LEN(0)) / sizeof(int);

		if (c->cmsg_level != SOL_SOCKET || c->cmsg_type != SCM_RIGHTS)
			continue;
		for (size_t i = 0; i < n; i++) {
			int fd;

			memcpy(&fd, CMSG_DATA(c) + i * sizeof(int), sizeof(int));
			keep_fd(d, fd);
		}
	}
}

/* As read(); @d has the descriptors that came along */
static ssize_t receive(struct vc_dial *d, void *buf, size_t size)
{
	union {
		struct cmsghdr align;
		char bytes[CMSG_SPACE(DIAL_FDS * sizeof(int))];
	} control;
	struct iovec iov = { buf, size };
	struct msghdr mh = { .msg_iov = &iov,
			     .msg_iovlen = 1,
			     .msg_control = &control,
			     .msg_controllen = sizeof(control) };
	ssize_t n = recvmsg(d->fd, &mh, MSG_CMSG_CLOEXEC | MSG_DONTWAIT);

	if (n >= 0)
		keep_fds(d, &mh);
	return n;
}

/* Return: false: it is over, and @d is freed */
static bool take_return(struct vc_dial *d, const QDict *ret)
{
	const char *name = qdict_get_try_str(ret, "switch");

	if (d->result.fd < 0) {
		fail(d, "it has answered without a connection");
		return false;
	}
	copy_text(d->result.name, name ? name : "");
	finish(d);
	return false;
}

/* A line: the greeting, an event, or the answer. Return: as take_return() */
static bool take_line(struct vc_dial *d, const char *line)
{
	QObject *any = qobject_from_json(line, NULL);
	QDict *dict = qobject_to(QDict, any), *ret, *error;
	bool goes_on = true;

	ret = dict ? qobject_to(QDict, qdict_get(dict, "return")) : NULL;
	error = dict ? qobject_to(QDict, qdict_get(dict, "error")) : NULL;
	if (!dict) {
		fail(d, "it does not speak as vswitchd does");
		goes_on = false;
	} else if (error) {
		const char *desc = qdict_get_try_str(error, "desc");

		fail(d, desc ? desc : "it refuses, and does not say why");
		goes_on = false;
	} else if (ret) {
		goes_on = take_return(d, ret);
	}
	qobject_unref(any);
	return goes_on;
}

static void take_lines(struct vc_dial *d)
{
	char *end;

	while ((end = memchr(d->in->str, '\n', d->in->len))) {
		g_autofree char *line = g_strndup(d->in->str, end - d->in->str);

		g_string_erase(d->in, 0, end - d->in->str + 1);
		if (!take_line(d, line))
			return;
	}
	if (d->in->len > DIAL_LINE || d->total > DIAL_BYTES)
		fail(d, "it says too much");
}

static void readable(void *opaque)
{
	struct vc_dial *d = opaque;
	char buf[4096];
	ssize_t n = receive(d, buf, sizeof(buf));

	if (n < 0 && (errno == EAGAIN || errno == EINTR))
		return;
	if (n <= 0) {
		fail(d, n ? g_strerror(errno) : "it has hung up");
		return;
	}
	d->total += n;
	g_string_append_len(d->in, buf, n);
	take_lines(d);
}

static void too_late(void *opaque)
{
	struct vc_dial *d = opaque;

	fail(d, d->result.why[0] ? d->result.why : "it does not answer");
}

/* Return: a connected socket; -1 with errno */
static int connect_to(const char *path)
{
	struct sockaddr_un un = { .sun_family = AF_UNIX };
	int fd;

	if (strlen(path) >= sizeof(un.sun_path)) {
		errno = ENAMETOOLONG;
		return -1;
	}
	strcpy(un.sun_path, path);
	fd = socket(AF_UNIX, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
	if (fd >= 0 && connect(fd, (struct sockaddr *)&un, sizeof(un)) < 0) {
		int error = errno;

		close(fd);
		errno = error;
		return -1;
	}
	return fd;
}

static GString *make_request(const QDict *args)
{
	QDict *command = qdict_new();
	GString *text;

	qdict_put_str(command, "execute", "plug");
	qdict_put(command, "arguments", qdict_clone_shallow(args));
	text = qobject_to_json(QOBJECT(command));
	g_string_append_c(text, '\n');
	qobject_unref(command);
	return text;
}

/* The new socket's buffer holds the request. Return: whether it is on its way */
static bool ask(struct vc_dial *d, const char *path)
{
	d->fd = connect_to(path);
	if (d->fd < 0)
		return false;
	qemu_set_fd_handler(d->fd, readable, NULL, d);
	return send(d->fd, d->request->str, d->request->len, MSG_NOSIGNAL | MSG_DONTWAIT) ==
	       (ssize_t)d->request->len;
}

struct vc_dial *vc_dial_start(const char *path, const QDict *args,
			      void (*done)(void *opaque, const struct vc_dial_result *result),
			      void *opaque)
{
	struct vc_dial *d = g_new0(struct vc_dial, 1);

	d->done = done;
	d->opaque = opaque;
	d->fd = d->result.fd = -1;
	d->request = make_request(args);
	d->in = g_string_new("");
	d->deadline = timer_new_ms(QEMU_CLOCK_REALTIME, too_late, d);
	timer_mod(d->deadline, qemu_clock_get_ns(QEMU_CLOCK_REALTIME) / SCALE_MS + DIAL_MS);
	if (ask(d, path))
		return d;
	copy_text(d->result.why, errno == EAGAIN ? "it is busy" : g_strerror(errno));
	timer_mod(d->deadline, 0); /* @done is called from the main loop, as ever */
	return d;
}
