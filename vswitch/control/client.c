/* SPDX-License-Identifier: BSD-2-Clause */
/* A connection of the control's server (client.h has the theory). */
#define _GNU_SOURCE /* struct ucred */
#include "control/client.h"

#include <errno.h>
#include <glib-unix.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "control/inbox.h"

/* #syscalls control getsockopt recv sendmsg shutdown */

struct vsw_client {
	const struct vsw_service *service;
	void *opaque;
	struct vsw_peer peer;
	GMainContext *context;
	const struct vsw_client_ops *ops;
	void *server;
	int fd;
	GSource *in, *out;
	struct vsw_inbox inbox;
	struct vsw_answer *answer; /* being made, or NULL */
	GString *waiting, *events; /* to be sent; to be sent behind the answer */
	int pass_fd;		   /* to be passed with the byte at @pass_at of @waiting, or -1 */
	gsize pass_at;
	bool dead; /* cut off when that can be done */
};

static GSource *watch(struct vsw_client *c, GIOCondition cond, GUnixFDSourceFunc fn)
{
	GSource *s = g_unix_fd_source_new(c->fd, cond | G_IO_HUP | G_IO_ERR);

	g_source_set_callback(s, G_SOURCE_FUNC(fn), c, NULL);
	g_source_attach(s, c->context);
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

static gboolean on_readable(gint fd, GIOCondition cond, gpointer opaque);
static gboolean on_writable(gint fd, GIOCondition cond, gpointer opaque);

static bool has_request(const struct vsw_client *c)
{
	return c->inbox.whole;
}

bool vsw_client_runnable(const struct vsw_client *c)
{
	return (c->answer || has_request(c)) && c->waiting->len < CLIENT_OUT_LOW;
}

/* What is to be waited for */
static void settle(struct vsw_client *c)
{
	bool reads = !c->answer && !has_request(c), writes = c->waiting->len;

	if (c->dead) {
		c->ops->gone(c->server, c);
		return;
	}
	if (!reads)
		unwatch(&c->in);
	else if (!c->in)
		c->in = watch(c, G_IO_IN, on_readable);
	if (!writes)
		unwatch(&c->out);
	else if (!c->out)
		c->out = watch(c, G_IO_OUT, on_writable);
	if (vsw_client_runnable(c))
		c->ops->runnable(c->server);
}

/* Send what may go with one call: up to a descriptor that is to be passed, or from there on, with
 * it */
static ssize_t send_some(struct vsw_client *c)
{
	bool before = c->pass_fd >= 0 && c->pass_at, with = c->pass_fd >= 0 && !c->pass_at;
	struct iovec iov = { c->waiting->str, before ? c->pass_at : c->waiting->len };
	struct msghdr msg = { .msg_iov = &iov, .msg_iovlen = 1 };
	union {
		struct cmsghdr header;
		char bytes[CMSG_SPACE(sizeof(int))];
	} control = { .header = { .cmsg_len = CMSG_LEN(sizeof(int)),
				  .cmsg_level = SOL_SOCKET,
				  .cmsg_type = SCM_RIGHTS } };
	ssize_t n;

	if (with) {
		memcpy(CMSG_DATA(&control.header), &c->pass_fd, sizeof(int));
		msg.msg_control = &control;
		msg.msg_controllen = sizeof(control);
	}
	n = sendmsg(c->fd, &msg, MSG_NOSIGNAL | MSG_DONTWAIT);
	if (n > 0 && before)
		c->pass_at -= (gsize)n;
	if (n > 0 && with) {
		close(c->pass_fd);
		c->pass_fd = -1;
	}
	return n;
}

static void flush(struct vsw_client *c)
{
	while (c->waiting->len && !c->dead) {
		ssize_t n = send_some(c);

		if (n < 0 && errno == EINTR)
			continue;
		if (n < 0 && errno == EAGAIN)
			break;
		if (n <= 0)
			c->dead = true;
		else
			g_string_erase(c->waiting, 0, n);
	}
}

static gboolean on_writable(gint fd, GIOCondition cond, gpointer opaque)
{
	struct vsw_client *c = opaque;

	flush(c);
	settle(c);
	return G_SOURCE_CONTINUE;
}

static void say(struct vsw_client *c, const char *json)
{
	g_string_append(c->waiting, json);
	g_string_append(c->waiting, "\r\n");
}

static void refuse(struct vsw_client *c)
{
	say(c, "{\"error\":{\"class\":\"GenericError\","
	       "\"desc\":\"the request is too long (more than 1 MiB)\"}}");
	flush(c);
	c->dead = true;
}

static gboolean on_readable(gint fd, GIOCondition cond, gpointer opaque)
{
	struct vsw_client *c = opaque;
	char buf[4096];
	ssize_t n = recv(c->fd, buf, sizeof(buf), MSG_DONTWAIT);

	if (n < 0 && (errno == EAGAIN || errno == EINTR))
		return G_SOURCE_CONTINUE;
	if (n <= 0) {
		c->dead = true;
	} else {
		vsw_buffer_put(&c->inbox.text, buf, (size_t)n);
		if (!vsw_inbox_look(&c->inbox) && c->inbox.text.len > CLIENT_REQUEST_MAX)
			refuse(c);
		c->dead |= c->inbox.text.broken;
	}
	settle(c);
	return G_SOURCE_CONTINUE;
}

static void begin_answer(struct vsw_client *c)
{
	c->answer = c->service->begin(c->opaque, &c->peer, c->inbox.text.s, c->inbox.at);
	c->dead |= !c->answer;
	if (c->answer &&
	    c->pass_fd < 0) { /* one at a time: another one is closed with its answer */
		c->pass_fd = vsw_answer_fd(c->answer);
		c->pass_at = c->waiting->len;
	}
	vsw_inbox_next(&c->inbox);
}

static void end_answer(struct vsw_client *c)
{
	vsw_answer_free(c->answer);
	c->answer = NULL;
	g_string_append(c->waiting, "\r\n");
	g_string_append_len(c->waiting, c->events->str, (gssize)c->events->len);
	g_string_truncate(c->events, 0);
	vsw_inbox_look(&c->inbox);
}

/* The next piece of the answer */
static void more_answer(struct vsw_client *c)
{
	char buf[8192];
	size_t n;
	enum vsw_answer_state state = vsw_answer_read(c->answer, buf, sizeof(buf), &n);

	g_string_append_len(c->waiting, buf, (gssize)n);
	c->dead |= state == VSW_ANSWER_BROKEN;
	if (state == VSW_ANSWER_COMPLETE)
		end_answer(c);
}

void vsw_client_run(struct vsw_client *c)
{
	if (!c->answer)
		begin_answer(c);
	else
		more_answer(c);
	flush(c);
	settle(c);
}

void vsw_client_tell(struct vsw_client *c, const char *json)
{
	GString *to = c->answer ? c->events : c->waiting;

	if (c->dead)
		return;
	if (to->len + strlen(json) > CLIENT_EVENTS_MAX) {
		c->dead = true;
		shutdown(c->fd, SHUT_RDWR); /* its sources wake up and find it dead */
		return;
	}
	g_string_append(to, json);
	g_string_append(to, "\r\n");
	if (!c->out)
		c->out = watch(c, G_IO_OUT, on_writable);
}

bool vsw_peer_is_owner(const struct vsw_peer *peer)
{
	return peer->uid == 0 || peer->uid == geteuid();
}

static void ask_peer(int fd, struct vsw_peer *peer)
{
	struct ucred u;
	socklen_t len = sizeof(u);

	if (getsockopt(fd, SOL_SOCKET, SO_PEERCRED, &u, &len) == 0)
		*peer = (struct vsw_peer) { u.pid, u.uid, u.gid };
}

static struct vsw_client *make(int fd, const struct vsw_service *service, void *opaque,
			       GMainContext *context, const struct vsw_client_ops *ops,
			       void *server)
{
	struct vsw_client *c = g_new0(struct vsw_client, 1);

	c->service = service;
	c->opaque = opaque;
	c->pass_fd = -1;
	ask_peer(fd, &c->peer);
	c->context = context;
	c->ops = ops;
	c->server = server;
	c->fd = fd;
	c->waiting = g_string_new(NULL);
	c->events = g_string_new(NULL);
	return c;
}

struct vsw_client *vsw_client_new(int fd, const struct vsw_service *service, void *opaque,
				  GMainContext *context, const struct vsw_client_ops *ops,
				  void *server)
{
	struct vsw_client *c = make(fd, service, opaque, context, ops, server);
	char *greeting = service->greeting(opaque);

	if (greeting)
		say(c, greeting);
	free(greeting);
	c->in = watch(c, G_IO_IN, on_readable);
	c->out = watch(c, G_IO_OUT, on_writable);
	return c;
}

struct vsw_client *vsw_client_taken(const struct vsw_client_moved *moved,
				    const struct vsw_service *service, void *opaque,
				    GMainContext *context, const struct vsw_client_ops *ops,
				    void *server)
{
	struct vsw_client *c = make(moved->fd, service, opaque, context, ops, server);

	c->pass_fd = moved->pass_fd;
	c->pass_at = moved->pass_at;
	g_string_append_len(c->waiting, moved->out, (gssize)moved->out_len);
	vsw_buffer_put(&c->inbox.text, moved->in, moved->in_len);
	vsw_inbox_look(&c->inbox);
	return c;
}

void vsw_client_go_on(struct vsw_client *c)
{
	settle(c);
}

bool vsw_client_give(struct vsw_client *c, struct vsw_client_moved *moved)
{
	while (c->answer && !c->dead && c->waiting->len <= CLIENT_MOVED_MAX)
		more_answer(c);
	*moved = (struct vsw_client_moved) { .fd = c->fd,
					     .pass_fd = c->pass_fd,
					     .pass_at = c->pass_at,
					     .in = c->inbox.text.s,
					     .in_len = c->inbox.text.len,
					     .out = c->waiting->str,
					     .out_len = c->waiting->len };
	return !c->answer && !c->dead;
}

const struct vsw_peer *vsw_client_peer(const struct vsw_client *c)
{
	return &c->peer;
}

void vsw_client_free(struct vsw_client *c)
{
	unwatch(&c->in);
	unwatch(&c->out);
	close(c->fd);
	if (c->pass_fd >= 0)
		close(c->pass_fd);
	vsw_answer_free(c->answer);
	free(c->inbox.text.s);
	g_string_free(c->waiting, TRUE);
	g_string_free(c->events, TRUE);
	g_free(c);
}
