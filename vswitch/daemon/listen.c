/* SPDX-License-Identifier: BSD-2-Clause */
/* Sockets at which clients plug in. */
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "daemon.h"
#include "dswitch.h"
#include "handover.h"
#include "holder.h"
#include "listen.h"
#include "log.h"
#include "place.h"
#include "port.h"
#include "settings.h"
#include "vswitch/accept.h"
#include "vswitch/fail.h"

/* A name of a port, at most one number in it */
static const char *check_ports(const char *v)
{
	const char *percent = strchr(v, '%');

	return *v && !(percent && strchr(percent + 1, '%')) ?
		       NULL :
		       "must be a port's id; one % in it stands for a number";
}

#define AT(m)	      .off = offsetof(struct listen_options, m)
#define TEXT(k, m, n) k, VSW_OPTION_TEXT, AT(m), .max = n

const struct vsw_option vd_listen_rows[] = {
	{ TEXT("transport", transport, 32), .required = true,
	  .help = "what clients speak: a transport that works on sockets" },
	{ TEXT("address", address, 107), .required = true,
	  .help = "where: a path, a name in the daemon's directory, or HOST:PORT" },
	{ TEXT("mode", mode, 4), .def = "0600", .help = "permissions of the path, octal" },
	{ TEXT("owner", owner, 64), .help = "owner of the path: USER, USER:GROUP, or :GROUP" },
	{ TEXT("ports", ports, 58), .required = true, .check = check_ports,
	  .help = "id of a client's port; a % in it stands for the lowest free number" },
	{ "standby", VSW_OPTION_BOOL, AT(standby),
	  .help = "a client whose port is taken waits until the rings of the other one stand: it "
		  "is the same machine, which migrates (vhost-user)" },
	{ "max", VSW_OPTION_NUMBER, AT(max), .min = 1, .max = 4096, .def = "256",
	  .help = "most clients at a time" },
	{ 0 }
};

/* Say that a client was refused, at most once a second */
static void refuse(struct listener *l, int fd, const char *why)
{
	int64_t now = g_get_monotonic_time();

	close(fd);
	if (l->refused && now - l->refused < G_USEC_PER_SEC)
		return;
	l->refused = now;
	vd_log(VD_WARNING, "switch '%s': %s: a client was refused: %s", l->sw->name,
	       l->conf->address, why);
}

/* The id of the port that a new client gets. False: there is none. */
static bool port_id(const struct listener *l, char *id, size_t size)
{
	const char *percent = strchr(l->conf->ports, '%');

	if (!percent) {
		g_strlcpy(id, l->conf->ports, size);
		return true;
	}
	for (unsigned n = 1; n <= l->conf->max + g_hash_table_size(l->sw->ports); n++) {
		snprintf(id, size, "%.*s%u%s", (int)(percent - l->conf->ports), l->conf->ports, n,
			 percent + 1);
		if (!g_hash_table_contains(l->sw->ports, id))
			return true;
	}
	return false;
}

/* The port for a new client; NULL and why */
static struct port *port_for(struct listener *l, char *why, size_t size)
{
	struct port_conf conf = { .portgroup = l->group, .source = PORT_WAITS };
	char id[VSW_NAME_MAX];
	struct port *p;

	if (l->clients >= l->conf->max || !port_id(l, id, sizeof(id))) {
		vsw_fail(why, size, "%u are there already", l->clients);
		return NULL;
	}
	p = g_hash_table_lookup(l->sw->ports, id);
	if (p && p->source != PORT_WAITS) {
		vsw_fail(why, size, "port '%s' does not wait for clients", id);
		return NULL;
	}
	if (p)
		return p;
	conf.id = id;
	p = vd_port_new(l->sw, &conf, why, size);
	if (!p)
		return NULL;
	p->listener = l;
	l->clients++;
	return p;
}

/* As vd_port_plug(), or as the second of a port that is held */
static int plug(const struct listener *l, struct port *p, int fd, const struct port_client *who,
		char *why, size_t size)
{
	if (p->wire && l->conf->standby)
		return vd_holder_plug_second(p, l->transport, l->options, fd, who, why, size);
	return vd_port_plug(p, l->transport, l->options, fd, who, why, size);
}

static void on_client(void *opaque, int fd)
{
	struct listener *l = opaque;
	struct port_client who;
	char why[256];
	struct port *p;

	vsw_notes_read(l->sw->daemon->worker); /* who left before this one came has left */
	p = port_for(l, why, sizeof(why));
	if (!p) {
		refuse(l, fd, why);
		return;
	}
	vd_client_of(fd, &who);
	if (plug(l, p, fd, &who, why, sizeof(why)) == 0)
		return;
	refuse(l, fd, why);
	if (!p->lasting && !p->wire)
		vd_port_free(p);
}

/* No descriptor for a client */
static void on_paused(void *opaque, int error)
{
	struct listener *l = opaque;

	vd_log(VD_WARNING, "switch '%s': %s: no client can be let in: %s", l->sw->name,
	       l->conf->address, g_strerror(error));
}

void vd_listener_open(struct listener *l)
{
	static const struct vsw_acceptor_ops ops = { on_client, on_paused };

	if (!l->acceptor)
		l->acceptor = vsw_acceptor_new(l->fd, l->sw->daemon->context, &ops, l);
}

void vd_listener_left(struct listener *l)
{
	l->clients--;
}

/* Ports go on without it */
static void forget_ports(struct listener *l)
{
	GHashTableIter it;
	gpointer p;

	g_hash_table_iter_init(&it, l->sw->ports);
	while (g_hash_table_iter_next(&it, NULL, &p))
		if (((struct port *)p)->listener == l)
			((struct port *)p)->listener = NULL;
}

void vd_listener_free(struct listener *l)
{
	if (!l)
		return;
	forget_ports(l);
	vsw_acceptor_free(l->acceptor);
	vsw_endpoint_unlink(&l->at);
	if (l->fd >= 0)
		close(l->fd);
	if (l->transport)
		vsw_options_free(l->transport->options, l->options);
	vsw_options_free(vd_listen_rows, l->conf);
	free(l->text);
	g_free(l);
}

static int read_options(struct listener *l, const json_t *object, char *err, size_t errlen)
{
	if (vd_settings_read(vd_listen_rows, l->conf, object, err, errlen) < 0)
		return -1;
	l->transport = vsw_transport_find(l->conf->transport);
	if (!l->transport || l->transport->kind != VSW_TRANSPORT_SOCKET)
		return vsw_fail(err, errlen, "transport: '%s' is none that works on sockets",
				l->conf->transport);
	l->options = vsw_options_new(l->transport->options, l->transport->options_size);
	if (vd_settings_known(vd_listen_rows, l->transport->options, object, err, errlen) < 0)
		return -1;
	if (vd_settings_read(l->transport->options, l->options, object, err, errlen) < 0)
		return -1;
	return l->transport->check ? l->transport->check(l->options, err, errlen) : 0;
}

/* A listener in force at the same address, whose socket will go on as this one's */
static struct listener *same_address(const struct listener *l)
{
	for (guint i = 0; i < l->sw->listeners->len; i++) {
		struct listener *other = g_ptr_array_index(l->sw->listeners, i);

		if (other->at.len == l->at.len && !memcmp(&other->at.sa, &l->at.sa, l->at.len))
			return other;
	}
	return NULL;
}

void vd_listener_succeed(struct listener *l)
{
	struct listener *before = l->before;
	char err[200];

	if (!before)
		return;
	l->before = NULL;
	l->fd = before->fd;
	l->at = before->at;
	before->fd = before->at.file = -1;
	vsw_acceptor_free(before->acceptor);
	before->acceptor = NULL;
	if (vsw_endpoint_allow(&l->at, &l->access, err, sizeof(err)) < 0)
		vd_log(VD_ERROR, "switch '%s': %s", l->sw->name, err);
}

static int bind_it(struct listener *l, char *err, size_t errlen)
{
	struct vsw_access access;

	if (vd_place_parse(l->sw->daemon->place, l->conf->address, &l->at, err, errlen) < 0 ||
	    vsw_access_parse(l->conf->mode, l->conf->owner, &access, err, errlen) < 0)
		return -1;
	l->access = access;
	l->before = l->sw->dry ? NULL : same_address(l);
	if (l->sw->dry || l->before)
		return 0;
	l->fd = vd_takeover_listener(l->sw->daemon, l->sw->name, l->group, l->text, &l->at);
	if (l->fd < 0)
		l->fd = vsw_endpoint_bind(&l->at, SOCK_STREAM, &access, err, errlen);
	return l->fd < 0 ? -1 : 0;
}

struct listener *vd_listener_new(struct dswitch *sw, const char *group, const json_t *object,
				 char *err, size_t errlen)
{
	struct listener *l = g_new0(struct listener, 1);

	l->sw = sw;
	l->fd = l->at.file = -1;
	g_strlcpy(l->group, group, sizeof(l->group));
	l->text = json_dumps(object, JSON_COMPACT | JSON_SORT_KEYS);
	l->conf = vsw_options_new(vd_listen_rows, sizeof(*l->conf));
	if (l->text && l->conf && read_options(l, object, err, errlen) == 0 &&
	    bind_it(l, err, errlen) == 0)
		return l;
	vd_listener_free(l);
	return NULL;
}
