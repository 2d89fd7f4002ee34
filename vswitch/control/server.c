/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * A switch's control on a Unix socket, in a GLib main context, as QMP does it.
 *
 * DOC: Theory of Operation
 *
 * Whoever may connect may do all, if the service does not say otherwise: the socket's file has mode
 * 0600. Connections are few: who has too many is not let in with the next one (has_room()).
 *
 * Between two of the main context's other sources, one command of one client is carried out or one
 * piece of one answer made: whoever asks for how much, frames wait for that at most.
 */
#include <glib.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "control/client.h"
#include "vswitch/accept.h"
#include "vswitch/endpoint.h"
#include "vswitch/fail.h"

#define OWNERS_MAX 32u /* connections of our own user and root */
#define OTHERS_MAX 32u /* of all others */
#define EACH_MAX   8u  /* of one of those */

struct vsw_server {
	const struct vsw_service *service;
	void *opaque;
	GMainContext *context;
	struct vsw_control *ctl; /* whose events are told, or NULL */
	int fd;
	struct vsw_acceptor *acceptor;
	GSource *work;
	GPtrArray *clients;
	guint turn;		   /* client whose turn it is */
	struct vsw_endpoint place; /* of @ctl's socket */
};

static void drop(GSource **s)
{
	if (*s) {
		g_source_destroy(*s);
		g_source_unref(*s);
	}
	*s = NULL;
}

static void attach(struct vsw_server *srv, GSource *s, GSourceFunc fn)
{
	g_source_set_callback(s, fn, srv, NULL);
	g_source_attach(s, srv->context);
}

/* One unit of work for one client, in turn */
static gboolean on_work(gpointer opaque)
{
	struct vsw_server *srv = opaque;

	for (guint i = 0; i < srv->clients->len; i++) {
		guint n = (srv->turn + i) % srv->clients->len;
		struct vsw_client *c = g_ptr_array_index(srv->clients, n);

		if (!vsw_client_runnable(c))
			continue;
		srv->turn = n + 1;
		vsw_client_run(c);
		return G_SOURCE_CONTINUE;
	}
	drop(&srv->work);
	return G_SOURCE_REMOVE;
}

static void on_runnable(void *opaque)
{
	struct vsw_server *srv = opaque;

	if (srv->work)
		return;
	srv->work = g_idle_source_new();
	g_source_set_priority(srv->work, G_PRIORITY_DEFAULT);
	attach(srv, srv->work, on_work);
}

static void on_gone(void *opaque, struct vsw_client *c)
{
	struct vsw_server *srv = opaque;

	g_ptr_array_remove(srv->clients, c);
}

/* Is there room for one more? Nobody can keep the owner out, nor one user all the others */
static bool has_room(const struct vsw_server *srv, const struct vsw_client *new)
{
	const struct vsw_peer *peer = vsw_client_peer(new);
	bool owner = vsw_peer_is_owner(peer);
	unsigned alike = 0, same = 0;

	for (guint i = 0; i < srv->clients->len; i++) {
		const struct vsw_peer *other = vsw_client_peer(g_ptr_array_index(srv->clients, i));

		alike += vsw_peer_is_owner(other) == owner;
		same += other->uid == peer->uid;
	}
	return owner ? alike < OWNERS_MAX : alike < OTHERS_MAX && same < EACH_MAX;
}

static const struct vsw_client_ops client_ops = { on_runnable, on_gone };

static void on_connect(void *opaque, int fd)
{
	struct vsw_server *srv = opaque;
	struct vsw_client *c =
		vsw_client_new(fd, srv->service, srv->opaque, srv->context, &client_ops, srv);

	if (has_room(srv, c))
		g_ptr_array_add(srv->clients, c);
	else
		vsw_client_free(c);
}

void vsw_server_give(struct vsw_server *srv, int but,
		     void (*each)(void *opaque, const struct vsw_client_moved *client),
		     void *opaque)
{
	for (guint i = srv->clients->len; i--;) { /* one that is dead leaves */
		struct vsw_client *c = g_ptr_array_index(srv->clients, i);
		struct vsw_client_moved moved;

		if (vsw_client_peer(c)->pid != but && vsw_client_give(c, &moved))
			each(opaque, &moved);
		vsw_client_go_on(c);
	}
}

void vsw_server_take(struct vsw_server *srv, const struct vsw_client_moved *client)
{
	struct vsw_client *c =
		vsw_client_taken(client, srv->service, srv->opaque, srv->context, &client_ops, srv);

	g_ptr_array_add(srv->clients, c);
	vsw_client_go_on(c);
}

/* Events come from inside the switch, and may come from inside a client's own command */
void vsw_server_tell(struct vsw_server *srv, const char *json)
{
	for (guint i = 0; i < srv->clients->len; i++)
		vsw_client_tell(g_ptr_array_index(srv->clients, i), json);
}

/* A path without a slash would be an address of another kind */
static int listen_at(struct vsw_endpoint *place, const char *path, char *err, size_t errlen)
{
	struct vsw_access own = VSW_ACCESS_OWN;
	char full[300];
	int n = snprintf(full, sizeof(full), "%s%s", strchr(path, '/') ? "" : "./", path);

	if (n < 0 || (size_t)n >= sizeof(full))
		return vsw_fail(err, errlen, "%s: path is too long for a socket", path);
	if (vsw_endpoint_parse(full, place, err, errlen) < 0)
		return -1;
	return vsw_endpoint_bind(place, SOCK_STREAM, &own, err, errlen);
}

static void on_event(void *opaque, const char *json)
{
	vsw_server_tell(opaque, json);
}

static char *control_greeting(void *opaque)
{
	return vsw_control_greeting(opaque);
}

static struct vsw_answer *control_begin(void *opaque, const struct vsw_peer *peer, const char *text,
					size_t len)
{
	return vsw_control_begin(opaque, text, len);
}

struct vsw_server *vsw_server_on(int fd, const struct vsw_service *service, void *opaque,
				 void *context)
{
	static const struct vsw_acceptor_ops ops = { .client = on_connect };
	struct vsw_server *srv = g_new0(struct vsw_server, 1);

	srv->service = service;
	srv->opaque = opaque;
	srv->context = context;
	srv->fd = fd;
	srv->clients = g_ptr_array_new_with_free_func((GDestroyNotify)vsw_client_free);
	srv->acceptor = vsw_acceptor_new(fd, context, &ops, srv);
	return srv;
}

struct vsw_server *vsw_server_new(struct vsw_control *ctl, void *context, const char *path,
				  char *err, size_t errlen)
{
	static const struct vsw_service service = { control_greeting, control_begin };
	struct vsw_endpoint place;
	int fd = listen_at(&place, path, err, errlen);
	struct vsw_server *srv;

	if (fd < 0)
		return NULL;
	srv = vsw_server_on(fd, &service, ctl, context);
	srv->ctl = ctl;
	srv->place = place;
	vsw_control_listen(ctl, on_event, srv);
	return srv;
}

void vsw_server_free(struct vsw_server *srv)
{
	if (!srv)
		return;
	g_ptr_array_free(srv->clients, TRUE);
	vsw_acceptor_free(srv->acceptor);
	drop(&srv->work);
	if (srv->ctl) {
		vsw_control_listen(srv->ctl, NULL, NULL);
		close(srv->fd);
		vsw_endpoint_unlink(&srv->place);
	}
	g_free(srv);
}
