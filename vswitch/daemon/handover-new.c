/* SPDX-License-Identifier: BSD-2-Clause */
/* The process that takes over (handover.h has the theory). */
#define _GNU_SOURCE /* struct ucred */
#include <errno.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "daemon.h"
#include "dswitch.h"
#include "handover-ask.h"
#include "handover-channel.h"
#include "handover-take.h"
#include "handover.h"
#include "life.h"
#include "listen.h"
#include "log.h"
#include "notify.h"
#include "port.h"
#include "vswitch/fail.h"

/* #syscalls control getsockname listen poll shutdown */

#define GIVEN_MS  60000
#define FROZEN_MS 30000
#define GO_MS	  10000
#define DEATH_MS  3000

static struct taken_port *port_at(const struct takeover *t, guint i)
{
	return &g_array_index(t->ports, struct taken_port, i);
}

static int receive_fds(struct takeover *t, uint64_t total, int **list, unsigned *n_list, char *err,
		       size_t errlen)
{
	if (total > INT32_MAX / sizeof(int))
		return vsw_fail(err, errlen, "what was given is not sound");
	*list = g_new(int, total + 1);
	while (*n_list < total) {
		struct handover_message msg;
		int fds[HANDOVER_FDS];
		unsigned n;

		if (vd_channel_receive(t->fd, HANDOVER_FDS_OF, &msg, fds, &n, GIVEN_MS, err,
				       errlen) < 0)
			return -1;
		if (!n || n > total - *n_list) {
			for (unsigned i = 0; i < n; i++)
				close(fds[i]);
			return vsw_fail(err, errlen, "what was given is not sound");
		}
		memcpy(*list + *n_list, fds, n * sizeof(int));
		*n_list += n;
	}
	return 0;
}

/* The file of a message that has one. Return: its bytes, or NULL */
static uint8_t *receive_file(struct takeover *t, enum handover_kind kind, int ms,
			     struct handover_message *msg, char *err, size_t errlen)
{
	int fds[HANDOVER_FDS];
	unsigned n;

	if (vd_channel_receive(t->fd, kind, msg, fds, &n, ms, err, errlen) < 0)
		return NULL;
	if (n == 1)
		return vd_channel_copy(fds[0], msg->word[0], err, errlen);
	while (n)
		close(fds[--n]);
	vsw_fail(err, errlen, "a message lacks its file");
	return NULL;
}

static int receive_given(struct takeover *t, char *err, size_t errlen)
{
	struct handover_message msg;

	if (vd_channel_say(t->fd, HANDOVER_BEGIN, NULL, err, errlen) < 0)
		return -1;
	t->bytes = receive_file(t, HANDOVER_GIVEN, GIVEN_MS, &msg, err, errlen);
	if (!t->bytes)
		return -1;
	t->len = (size_t)msg.word[0];
	if (receive_fds(t, msg.word[2], &t->fds, &t->n_fds, err, errlen) < 0)
		return -1;
	return vd_takeover_read(t, (size_t)msg.word[1], err, errlen);
}

/* The daemon's own file, if one was said here, too: another one would be a change in disguise */
static int same_file(const struct daemon *d, const char *file, char *err, size_t errlen)
{
	g_autofree char *ours = NULL, *theirs = NULL;

	if (!d->file)
		return 0;
	ours = realpath(d->file, NULL);
	theirs = file ? realpath(file, NULL) : NULL;
	if (ours && theirs && !strcmp(ours, theirs))
		return 0;
	return vsw_fail(err, errlen,
			"--config %s: the daemon that runs has %s%s, and hands over what is in "
			"force there; take over without --config, then 'vswitchctl config load'",
			d->file, file ? "the file " : "none", file ? file : "");
}

static int take_daemon(struct daemon *d, struct takeover *t, char *err, size_t errlen)
{
	const char *file = json_string_value(json_object_get(t->json, "file")),
		   *place = json_string_value(json_object_get(t->json, "place"));

	if (same_file(d, file, err, errlen) < 0)
		return -1;
	if (!place)
		return vsw_fail(err, errlen, "what was given is not sound");
	d->file = file ? g_intern_string(file) : NULL;
	g_free((char *)d->place);
	d->place = g_strdup(place);
	vd_notify_take(json_object_get(t->json, "manager"));
	return vd_load_given(d, json_object_get(t->json, "document"), err, errlen);
}

int vd_takeover_ask(struct daemon *d, const char *path, char *err, size_t errlen)
{
	struct takeover *t = g_new0(struct takeover, 1);

	t->fd = t->pidfd = -1;
	d->takeover = t;
	if (vd_handover_ask(d, path, t, err, errlen) < 0 || receive_given(t, err, errlen) < 0)
		return -1;
	if (take_daemon(d, t, err, errlen) == 0)
		return 0;
	vd_channel_say(t->fd, HANDOVER_FAILED, err, NULL, 0);
	return -1;
}

int vd_takeover_socket(struct daemon *d, struct vsw_endpoint *at)
{
	socklen_t len = sizeof(at->sa);
	int fd;

	memset(at, 0, sizeof(*at));
	at->file = -1;
	fd = vd_takeover_listener(d, "", "control", "", at);
	if (fd >= 0 && getsockname(fd, (struct sockaddr *)&at->sa, &len) == 0)
		at->len = len;
	return fd;
}

/* Has the other process ended, so that its wires stand still for good? */
static bool is_dead(const struct takeover *t)
{
	struct pollfd p = { t->pidfd, POLLIN, 0 };

	return t->pidfd >= 0 && poll(&p, 1, DEATH_MS) == 1 && p.revents & POLLIN;
}

/* All is loaded: may it start? A process that gives up says so; one that died says nothing */
static int await_go(struct takeover *t, char *err, size_t errlen)
{
	struct handover_message msg;
	int ret = vd_channel_say(t->fd, HANDOVER_LOADED, NULL, err, errlen) < 0 ? -2 : 0;

	if (ret == 0)
		ret = vd_channel_receive(t->fd, HANDOVER_GO, &msg, NULL, NULL, GO_MS, err, errlen);
	if (ret == -1) { /* not in time, perhaps: it is told so, or has said it by now */
		shutdown(t->fd, SHUT_RDWR);
		if (vd_channel_receive(t->fd, HANDOVER_GO, &msg, NULL, NULL, 0, err, errlen) == 0)
			ret = 0;
	}
	if (ret != -2)
		return ret;
	if (!is_dead(t))
		return -1;
	vd_log(VD_WARNING, "process %d has died while it handed over", t->old);
	return 0;
}

/* Frame thread */
static bool hold_there(void *opaque)
{
	struct daemon *d = opaque;
	GHashTableIter it;
	gpointer sw;

	g_hash_table_iter_init(&it, d->switches);
	while (g_hash_table_iter_next(&it, NULL, &sw))
		vsw_seat_hold(&((struct dswitch *)sw)->seat, true);
	return false;
}

/* struct starting - arguments and result of start_there() */
struct starting {
	struct daemon *daemon;
	int64_t gap;
};

static bool start_there(void *opaque)
{
	struct starting *s = opaque;
	struct takeover *t = s->daemon->takeover;
	GHashTableIter it;
	gpointer sw;

	for (guint i = 0; i < t->ports->len; i++) {
		struct port *p = port_at(t, i)->port;

		if (!p->wire)
			continue;
		vsw_wire_plug(p->wire, &p->jack);
		vsw_port_ready(p->jack.port);
	}
	g_hash_table_iter_init(&it, s->daemon->switches);
	while (g_hash_table_iter_next(&it, NULL, &sw))
		vsw_seat_hold(&((struct dswitch *)sw)->seat, false);
	s->gap = vsw_worker_now(s->daemon->worker) - t->stopped;
	return false;
}

/* Who connects from now on sees us at the other end (SO_PEERCRED) */
static void listen_again(const struct daemon *d)
{
	GHashTableIter it;
	gpointer sw;

	listen(d->socket, SOMAXCONN);
	g_hash_table_iter_init(&it, d->switches);
	while (g_hash_table_iter_next(&it, NULL, &sw)) {
		const GPtrArray *list = ((struct dswitch *)sw)->listeners;

		for (guint i = 0; i < list->len; i++)
			listen(((struct listener *)g_ptr_array_index(list, i))->fd, SOMAXCONN);
	}
}

/* What has no wire goes the way of such ports */
static void begin_ports(struct daemon *d)
{
	struct takeover *t = d->takeover;

	for (guint i = 0; i < t->ports->len; i++) {
		struct port *p = port_at(t, i)->port;

		if (!p->wire && !p->lasting)
			vd_port_free(p);
		else
			vd_port_begin(p);
	}
}

int vd_takeover_finish(struct daemon *d, char *err, size_t errlen)
{
	struct takeover *t = d->takeover;
	struct starting s = { .daemon = d };
	struct handover_message msg;
	uint8_t *bytes;
	int ret;

	vsw_worker_call(d->worker, hold_there, d);
	if (vd_channel_say(t->fd, HANDOVER_READY, NULL, err, errlen) < 0)
		return -1;
	bytes = receive_file(t, HANDOVER_FROZEN, FROZEN_MS, &msg, err, errlen);
	if (!bytes)
		return -1;
	t->stopped = (int64_t)msg.word[1];
	ret = receive_fds(t, msg.word[2], &t->late, &t->n_late, err, errlen);
	if (ret == 0)
		ret = vd_takeover_thaw(d, bytes, (size_t)msg.word[0], err, errlen);
	free(bytes);
	if (ret < 0)
		vd_channel_say(t->fd, HANDOVER_FAILED, err, NULL, 0);
	if (ret < 0 || await_go(t, err, errlen) < 0)
		return -1;
	vsw_worker_call(d->worker, start_there, &s);
	vd_log(VD_NOTICE, "took over %u ports from process %d, gap %.1f ms", t->ports->len, t->old,
	       (double)s.gap / 1e6);
	return 0;
}

void vd_takeover_clients(struct daemon *d)
{
	struct takeover *t = d->takeover;

	d->takeover = NULL;
	vsw_notes_read(d->worker);
	for (guint i = 0; i < t->clients->len; i++) {
		const struct taken_client *c = &g_array_index(t->clients, struct taken_client, i);
		struct vsw_client_moved m = { .fd = t->fds[c->fd],
					      .pass_fd = c->pass ? t->fds[c->fd + 1] : -1,
					      .pass_at = c->pass_at,
					      .in = t->bytes + c->at,
					      .in_len = c->in,
					      .out = t->bytes + c->at + c->in,
					      .out_len = c->out };

		t->fds[c->fd] = -1;
		if (c->pass)
			t->fds[c->fd + 1] = -1;
		vsw_server_take(d->server, &m);
	}
	d->takeover = t;
	begin_ports(d);
	listen_again(d);
	d->takeover = NULL;
	vd_takeover_free(t);
}
