/* SPDX-License-Identifier: BSD-2-Clause */
/* The process that is taken over (handover.h has the theory). */
#define _GNU_SOURCE
#include <errno.h>
#include <glib-unix.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "daemon.h"
#include "handover-channel.h"
#include "handover-give.h"
#include "handover.h"
#include "life.h"
#include "log.h"
#include "notify.h"
#include "vswitch/fail.h"

/* #syscalls control socketpair */

#define READY_MS  60000 /* to make a thousand ports, on a machine that is busy */
#define LOADED_MS 3000	/* frames wait for it */

/* struct handover - an offer; @fd: our end of the channel */
struct handover {
	struct daemon *daemon;
	int fd, pid;
	GSource *source;
};

void vd_handover_forget(struct daemon *d)
{
	struct handover *h = d->handover;

	if (!h)
		return;
	d->handover = NULL;
	g_source_destroy(h->source);
	g_source_unref(h->source);
	close(h->fd);
	g_free(h);
}

/* All is with the new process. Nothing of ours may touch what both have. */
static void leave(const struct handover *h) __attribute__((noreturn));
static void leave(const struct handover *h)
{
	vd_notify("MAINPID=%d", h->pid);
	vd_log(VD_NOTICE, "handed over to process %d", h->pid);
	_exit(0);
}

/* Stand still, and hand over what stood. Return: -1: it came to nothing */
static int freeze(struct handover *h, struct giving *g, char *err, size_t errlen)
{
	struct handover_message msg;

	if (vd_give_freeze(g, h->fd, err, errlen) == 0 &&
	    vd_channel_receive(h->fd, HANDOVER_LOADED, &msg, NULL, NULL, LOADED_MS, err, errlen) ==
		    0 &&
	    vd_channel_say(h->fd, HANDOVER_GO, NULL, err, errlen) == 0)
		leave(h);
	/* said before our wires move again, and read before our end is seen to be closed */
	vd_channel_say(h->fd, HANDOVER_FAILED, err, NULL, 0);
	vd_give_resume(g);
	return -1;
}

static int hand_over(struct handover *h, char *err, size_t errlen)
{
	struct giving *g = vd_give_new(h->daemon, h->pid, err, errlen);
	struct handover_message msg;
	int ret = -1;

	if (!g) {
		vd_channel_say(h->fd, HANDOVER_FAILED, err, NULL, 0);
		return -1;
	}
	if (vd_give_send(g, h->fd, err, errlen) == 0 &&
	    vd_channel_receive(h->fd, HANDOVER_READY, &msg, NULL, NULL, READY_MS, err, errlen) == 0)
		ret = freeze(h, g, err, errlen);
	vd_give_free(g);
	return ret;
}

/* BEGIN, or the other process has ended. Until this is over control does nothing else */
static gboolean on_begin(gint fd, GIOCondition cond, gpointer opaque)
{
	struct handover *h = opaque;
	struct daemon *d = h->daemon;
	struct handover_message msg;
	char err[300];

	vsw_notes_read(d->worker); /* what has ended has ended */
	if (d->saving && vd_save(d, err, sizeof(err)) < 0)
		vd_log(VD_ERROR, "the configuration is not saved: %s", err);
	if (vd_channel_receive(fd, HANDOVER_BEGIN, &msg, NULL, NULL, 0, err, sizeof(err)) < 0 ||
	    hand_over(h, err, sizeof(err)) < 0)
		vd_log(VD_WARNING, "not handed over to process %d, going on: %s", h->pid, err);
	vd_handover_forget(d);
	return G_SOURCE_REMOVE;
}

static void await_begin(struct daemon *d, int fd, int pid)
{
	struct handover *h = g_new0(struct handover, 1);

	h->daemon = d;
	h->fd = fd;
	h->pid = pid;
	h->source = g_unix_fd_source_new(fd, G_IO_IN | G_IO_HUP | G_IO_ERR);
	g_source_set_callback(h->source, G_SOURCE_FUNC(on_begin), h, NULL);
	g_source_attach(h->source, d->context);
	d->handover = h;
}

int vd_handover_offer(struct daemon *d, const struct vsw_peer *peer, json_int_t version, char *err,
		      size_t errlen)
{
	int pair[2];

	if (version != HANDOVER_VERSION)
		return vsw_fail(err, errlen,
				"release " VD_VERSION " hands over in format %u, not %lld: restart "
				"the daemon instead",
				HANDOVER_VERSION, (long long)version);
	vd_handover_forget(d); /* one that has not begun */
	if (socketpair(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC | SOCK_NONBLOCK, 0, pair) < 0)
		return vsw_fail(err, errlen, "%s", strerror(errno));
	await_begin(d, pair[0], peer->pid);
	vd_log(VD_NOTICE, "process %d wants to take over", peer->pid);
	return pair[1];
}
