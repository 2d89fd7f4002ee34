/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * A switch's control on a Unix socket, in a GLib main context: QMP's transport, a JSON object a
 * line.
 *
 * Whoever may connect may do all: the socket's file has mode 0600. A client that does not read its
 * answers is cut off once CLIENT_OUT_MAX bytes wait for it, one that sends an endless line at
 * CLIENT_IN_MAX.
 */
#define _GNU_SOURCE /* accept4() */
#include <errno.h>
#include <glib-unix.h>
#include <glib.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

#include "control_priv.h"

#define CLIENT_IN_MAX  (1u << 20)
#define CLIENT_OUT_MAX (8u << 20)
#define CLIENTS_MAX    32u

/* struct client - a connection */
struct client {
	struct vsw_server *srv;
	int fd;
	GSource *in, *out;
	GString *line, *waiting;
};

struct vsw_server {
	struct vsw_control *ctl;
	GMainContext *context;
	int fd;
	GSource *accept;
	GPtrArray *clients;
	char path[sizeof(((struct sockaddr_un *)0)->sun_path)];
};

static GSource *watch(struct vsw_server *srv, int fd, GIOCondition cond, GUnixFDSourceFunc fn,
		      void *opaque)
{
	GSource *s = g_unix_fd_source_new(fd, cond);

	g_source_set_callback(s, G_SOURCE_FUNC(fn), opaque, NULL);
	g_source_attach(s, srv->context);
	return s;
}

static void unwatch(GSource **s)
{
	if (!*s)
		return;
	g_source_destroy(*s);
	g_source_unref(*s);
	*s = NULL;
}

static void client_free(void *opaque)
{
	struct client *c = opaque;

	unwatch(&c->in);
	unwatch(&c->out);
	close(c->fd);
	g_string_free(c->line, TRUE);
	g_string_free(c->waiting, TRUE);
	g_free(c);
}

static gboolean on_writable(gint fd, GIOCondition cond, gpointer opaque);

/* Write what waits. False: the connection is dead. */
static bool flush(struct client *c)
{
	while (c->waiting->len) {
		ssize_t n =
			send(c->fd, c->waiting->str, c->waiting->len, MSG_NOSIGNAL | MSG_DONTWAIT);

		if (n < 0 && errno == EINTR)
			continue;
		if (n < 0 && errno == EAGAIN)
			break;
		if (n <= 0)
			return false;
		g_string_erase(c->waiting, 0, n);
	}
	if (!c->waiting->len)
		unwatch(&c->out);
	else if (!c->out)
		c->out = watch(c->srv, c->fd, G_IO_OUT | G_IO_HUP | G_IO_ERR, on_writable, c);
	return c->waiting->len <= CLIENT_OUT_MAX;
}

static gboolean on_writable(gint fd, GIOCondition cond, gpointer opaque)
{
	struct client *c = opaque;

	if (flush(c))
		return G_SOURCE_CONTINUE;
	g_ptr_array_remove(c->srv->clients, c);
	return G_SOURCE_REMOVE;
}

static bool say(struct client *c, const char *json)
{
	g_string_append(c->waiting, json);
	g_string_append(c->waiting, "\r\n");
	return flush(c);
}

static bool obey(struct client *c, const char *line, size_t len)
{
	char *answer;
	bool ok;

	while (len && g_ascii_isspace(line[len - 1]))
		len--;
	if (!len)
		return true;
	answer = vsw_control_execute(c->srv->ctl, line, len);
	ok = answer && say(c, answer);
	free(answer);
	return ok;
}

static bool read_lines(struct client *c)
{
	char buf[4096], *end;
	ssize_t n = recv(c->fd, buf, sizeof(buf), MSG_DONTWAIT);

	if (n < 0 && (errno == EAGAIN || errno == EINTR))
		return true;
	if (n <= 0)
		return false;
	g_string_append_len(c->line, buf, n);
	while ((end = memchr(c->line->str, '\n', c->line->len))) {
		if (!obey(c, c->line->str, (size_t)(end - c->line->str)))
			return false;
		g_string_erase(c->line, 0, end - c->line->str + 1);
	}
	return c->line->len <= CLIENT_IN_MAX;
}

static gboolean on_readable(gint fd, GIOCondition cond, gpointer opaque)
{
	struct client *c = opaque;

	if (read_lines(c))
		return G_SOURCE_CONTINUE;
	g_ptr_array_remove(c->srv->clients, c);
	return G_SOURCE_REMOVE;
}

static gboolean on_connect(gint fd, GIOCondition cond, gpointer opaque)
{
	struct vsw_server *srv = opaque;
	int s = accept4(fd, NULL, NULL, SOCK_CLOEXEC | SOCK_NONBLOCK);
	struct client *c;
	char *greeting;

	if (s < 0)
		return G_SOURCE_CONTINUE;
	if (srv->clients->len >= CLIENTS_MAX) {
		close(s);
		return G_SOURCE_CONTINUE;
	}
	c = g_new0(struct client, 1);
	c->srv = srv;
	c->fd = s;
	c->line = g_string_new(NULL);
	c->waiting = g_string_new(NULL);
	g_ptr_array_add(srv->clients, c);
	c->in = watch(srv, s, G_IO_IN | G_IO_HUP | G_IO_ERR, on_readable, c);
	greeting = vsw_control_greeting(srv->ctl);
	if (!greeting || !say(c, greeting))
		g_ptr_array_remove(srv->clients, c);
	free(greeting);
	return G_SOURCE_CONTINUE;
}

/* Events come from inside the switch, and may come from inside a client's own command: only queue
 * them here */
static void on_event(void *opaque, const char *json)
{
	struct vsw_server *srv = opaque;

	for (guint i = 0; i < srv->clients->len; i++) {
		struct client *c = g_ptr_array_index(srv->clients, i);

		if (c->waiting->len > CLIENT_OUT_MAX)
			continue;
		g_string_append(c->waiting, json);
		g_string_append(c->waiting, "\r\n");
		if (!c->out)
			c->out = watch(srv, c->fd, G_IO_OUT | G_IO_HUP | G_IO_ERR, on_writable, c);
	}
}

static int listen_at(const char *path, char *err, size_t errlen)
{
	struct sockaddr_un a = { .sun_family = AF_UNIX };
	struct stat st;
	mode_t mask;
	int fd, ret;

	if (strlen(path) >= sizeof(a.sun_path))
		return vsw_fail(err, errlen, "%s: path is too long for a socket", path);
	strcpy(a.sun_path, path);
	fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
	if (fd < 0)
		return vsw_fail(err, errlen, "%s: %s", path, strerror(errno));
	if (lstat(path, &st) == 0 && S_ISSOCK(st.st_mode)) {
		if (connect(fd, (struct sockaddr *)&a, sizeof(a)) == 0) {
			close(fd);
			return vsw_fail(err, errlen, "%s: somebody listens there already", path);
		}
		unlink(path);
	}
	mask = umask(0177);
	ret = bind(fd, (struct sockaddr *)&a, sizeof(a));
	umask(mask);
	if (ret < 0 || listen(fd, 8) < 0) {
		vsw_fail(err, errlen, "%s: %s", path, strerror(errno));
		close(fd);
		return -1;
	}
	return fd;
}

struct vsw_server *vsw_server_new(struct vsw_control *ctl, void *context, const char *path,
				  char *err, size_t errlen)
{
	int fd = listen_at(path, err, errlen);
	struct vsw_server *srv;

	if (fd < 0)
		return NULL;
	srv = g_new0(struct vsw_server, 1);
	srv->ctl = ctl;
	srv->context = context;
	srv->fd = fd;
	strcpy(srv->path, path);
	srv->clients = g_ptr_array_new_with_free_func(client_free);
	srv->accept = watch(srv, fd, G_IO_IN, on_connect, srv);
	vsw_control_listen(ctl, on_event, srv);
	return srv;
}

void vsw_server_free(struct vsw_server *srv)
{
	if (!srv)
		return;
	vsw_control_listen(srv->ctl, NULL, NULL);
	unwatch(&srv->accept);
	g_ptr_array_free(srv->clients, TRUE);
	close(srv->fd);
	unlink(srv->path);
	g_free(srv);
}
