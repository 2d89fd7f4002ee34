/* SPDX-License-Identifier: BSD-2-Clause */
/* Letting clients in. */
#define _GNU_SOURCE /* accept4() */
#include "vswitch/accept.h"

#include <errno.h>
#include <glib-unix.h>
#include <sys/socket.h>

/* #syscalls control accept4 */

#define PAUSE_MS 1000

struct vsw_acceptor {
	int fd;
	GMainContext *context;
	const struct vsw_acceptor_ops *ops;
	void *opaque;
	GSource *source; /* of the socket, or, in a pause, of its end */
};

static void drop(struct vsw_acceptor *a)
{
	g_source_destroy(a->source);
	g_source_unref(a->source);
}

static void attach(struct vsw_acceptor *a, GSource *s, GSourceFunc fn)
{
	a->source = s;
	g_source_set_callback(s, fn, a, NULL);
	g_source_attach(s, a->context);
}

static void look(struct vsw_acceptor *a);

static gboolean on_pause_over(gpointer opaque)
{
	drop(opaque);
	look(opaque);
	return G_SOURCE_REMOVE;
}

static void pause_for_fds(struct vsw_acceptor *a, int error)
{
	drop(a);
	attach(a, g_timeout_source_new(PAUSE_MS), on_pause_over);
	if (a->ops->paused)
		a->ops->paused(a->opaque, error);
}

static gboolean on_client(gint fd, GIOCondition cond, gpointer opaque)
{
	struct vsw_acceptor *a = opaque;
	int s = accept4(fd, NULL, NULL, SOCK_CLOEXEC | SOCK_NONBLOCK);

	if (s >= 0)
		a->ops->client(a->opaque, s);
	else if (errno == EMFILE || errno == ENFILE || errno == ENOMEM || errno == ENOBUFS)
		pause_for_fds(a, errno);
	return G_SOURCE_CONTINUE; /* a source that was destroyed meanwhile is gone anyway */
}

static void look(struct vsw_acceptor *a)
{
	attach(a, g_unix_fd_source_new(a->fd, G_IO_IN), G_SOURCE_FUNC(on_client));
}

struct vsw_acceptor *vsw_acceptor_new(int fd, void *context, const struct vsw_acceptor_ops *ops,
				      void *opaque)
{
	struct vsw_acceptor *a = g_new0(struct vsw_acceptor, 1);

	a->fd = fd;
	a->context = context;
	a->ops = ops;
	a->opaque = opaque;
	look(a);
	return a;
}

void vsw_acceptor_free(struct vsw_acceptor *a)
{
	if (!a)
		return;
	drop(a);
	g_free(a);
}
