/* SPDX-License-Identifier: BSD-2-Clause */
/* A connection of the control's server (client.h has the theory). */
#include "control/client.h"

#include <errno.h>
#include <glib-unix.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "control/inbox.h"

struct vsw_client {
	struct vsw_control *ctl;
	GMainContext *context;
	const struct vsw_client_ops *ops;
	void *server;
	int fd;
	GSource *in, *out;
	struct vsw_inbox inbox;
	struct vsw_answer *answer; /* being made, or NULL */
	GString *waiting, *events; /* to be sent; to be sent behind the answer */
	bool dead;		   /* cut off when that can be done */
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

static void flush(struct vsw_client *c)
{
	while (c->waiting->len && !c->dead) {
		ssize_t n =
			send(c->fd, c->waiting->str, c->waiting->len, MSG_NOSIGNAL | MSG_DONTWAIT);

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
	c->answer = vsw_control_begin(c->ctl, c->inbox.text.s, c->inbox.at);
	c->dead |= !c->answer;
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

void vsw_client_run(struct vsw_client *c)
{
	char buf[8192];
	size_t n;

	if (!c->answer) {
		begin_answer(c);
	} else {
		enum vsw_answer_state state = vsw_answer_read(c->answer, buf, sizeof(buf), &n);

		g_string_append_len(c->waiting, buf, (gssize)n);
		c->dead |= state == VSW_ANSWER_BROKEN;
		if (state == VSW_ANSWER_COMPLETE)
			end_answer(c);
	}
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

struct vsw_client *vsw_client_new(int fd, struct vsw_control *ctl, GMainContext *context,
				  const struct vsw_client_ops *ops, void *server)
{
	struct vsw_client *c = g_new0(struct vsw_client, 1);
	char *greeting = vsw_control_greeting(ctl);

	c->ctl = ctl;
	c->context = context;
	c->ops = ops;
	c->server = server;
	c->fd = fd;
	c->waiting = g_string_new(NULL);
	c->events = g_string_new(NULL);
	if (greeting)
		say(c, greeting);
	free(greeting);
	c->in = watch(c, G_IO_IN, on_readable);
	c->out = watch(c, G_IO_OUT, on_writable);
	return c;
}

void vsw_client_free(struct vsw_client *c)
{
	unwatch(&c->in);
	unwatch(&c->out);
	close(c->fd);
	vsw_answer_free(c->answer);
	free(c->inbox.text.s);
	g_string_free(c->waiting, TRUE);
	g_string_free(c->events, TRUE);
	g_free(c);
}
