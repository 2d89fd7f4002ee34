/* SPDX-License-Identifier: BSD-2-Clause */
/* Connecting to a peer. */
#include "dial.h"

#include <errno.h>
#include <glib-unix.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

/* #syscalls control connect getsockopt socket */

/* struct dial - a connection on its way */
struct dial {
	struct dial **owner;
	struct vsw_endpoint remote;
	GSource *source;
	int fd;
	void (*done)(void *opaque, int fd, const char *why);
	void *opaque;
};

/* Over: @fd, or -1 for the reason @error */
static void finish(struct dial *d, int fd, int error)
{
	char where[128], why[200];

	vsw_endpoint_print(&d->remote, where, sizeof(where));
	snprintf(why, sizeof(why), "%s: %s", where, strerror(error));
	if (fd >= 0)
		d->fd = -1;
	*d->owner = NULL;
	d->done(d->opaque, fd, why);
	d->owner = &d;
	vd_dial_stop(&d);
}

static gboolean on_connected(gint fd, GIOCondition cond, gpointer opaque)
{
	int error = 0;
	socklen_t len = sizeof(error);

	getsockopt(fd, SOL_SOCKET, SO_ERROR, &error, &len);
	finish(opaque, error ? -1 : fd, error);
	return G_SOURCE_REMOVE;
}

void vd_dial(struct dial **dial, const struct vsw_endpoint *remote, GMainContext *context,
	     void (*done)(void *opaque, int fd, const char *why), void *opaque)
{
	struct dial *d = g_new0(struct dial, 1);
	int fd = socket(remote->sa.ss_family, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);

	*d = (struct dial) { dial, *remote, NULL, fd, done, opaque };
	*dial = d;
	if (fd >= 0 && connect(fd, (const struct sockaddr *)&remote->sa, remote->len) == 0) {
		finish(d, fd, 0);
		return;
	}
	if (fd < 0 || errno != EINPROGRESS) {
		finish(d, -1, errno);
		return;
	}
	d->source = g_unix_fd_source_new(fd, G_IO_OUT | G_IO_ERR | G_IO_HUP);
	g_source_set_callback(d->source, G_SOURCE_FUNC(on_connected), d, NULL);
	g_source_attach(d->source, context);
}

void vd_dial_stop(struct dial **dial)
{
	struct dial *d = *dial;

	if (!d)
		return;
	*dial = NULL;
	if (d->source) {
		g_source_destroy(d->source);
		g_source_unref(d->source);
	}
	if (d->fd >= 0)
		close(d->fd);
	g_free(d);
}
