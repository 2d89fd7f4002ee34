/* SPDX-License-Identifier: BSD-2-Clause */
/* What is given while frames flow (handover-give.h). */
#include "handover-give.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include "daemon.h"
#include "dswitch.h"
#include "exporter.h"
#include "handover-channel.h"
#include "handover.h"
#include "life.h"
#include "listen.h"
#include "notify.h"
#include "port.h"
#include "vswitch/fail.h"
#include "vswitch/query.h"

#define SEND_MS 10000

static void add_fd(struct giving *g, int fd)
{
	g_array_append_val(g->fds, fd);
}

/* A socket that listens, and the file of a Unix one */
static json_t *listening(struct giving *g, const char *group, const char *text, int fd, int file)
{
	add_fd(g, fd);
	if (file >= 0)
		add_fd(g, file);
	return json_pack("{s:s,s:s,s:b}", "group", group, "text", text, "file", file >= 0);
}

static json_t *listeners(struct giving *g, const struct dswitch *sw)
{
	json_t *list = json_array();

	for (guint i = 0; i < sw->listeners->len; i++) {
		const struct listener *l = g_ptr_array_index(sw->listeners, i);

		json_array_append_new(list, listening(g, l->group, l->text, l->fd, l->at.file));
	}
	return list;
}

static json_t *client(const struct port_client *c)
{
	return json_pack("{s:i,s:i,s:i,s:s,s:s,s:s}", "pid", (int)c->pid, "uid", (int)c->uid, "gid",
			 (int)c->gid, "vm", c->vm, "uuid", c->uuid, "kind", c->kind);
}

/* What give() of a port's wire says. Return: NULL: it cannot be given */
static json_t *wire(struct giving *g, struct port *p)
{
	struct handover_wire w = { .port = p };
	const struct vsw_transport *t = p->wire->transport;

	g->h.n_fds = 0;
	g->h.len = 0;
	if (!t->give || t->give(p->wire, &g->h) < 0)
		return NULL;
	for (unsigned i = 0; i < g->h.n_fds; i++)
		add_fd(g, g->h.fd[i]);
	g_byte_array_append(g->tail, g->h.data, (guint)g->h.len);
	g_array_append_val(g->wires, w);
	return json_pack("{s:s,s:i,s:i}", "transport", t->name, "fds", (int)g->h.n_fds, "data",
			 (int)g->h.len);
}

static int listener_of(const struct port *p)
{
	guint i;

	return p->listener && g_ptr_array_find(p->sw->listeners, p->listener, &i) ? (int)i : -1;
}

/* struct linking - arguments of linked_there() */
struct linking {
	const struct port *port;
	bool up;
};

static bool linked_there(void *opaque)
{
	struct linking *l = opaque;
	struct vsw_port_state st;

	vsw_port_state(l->port->jack.port, &st);
	l->up = st.link;
	return false;
}

static json_t *port(struct giving *g, struct port *p)
{
	struct linking l = { .port = p };
	json_t *j, *w;
	char mac[13];

	for (unsigned i = 0; i < sizeof(p->mac); i++)
		snprintf(mac + 2 * i, 3, "%02x", p->mac[i]);
	vsw_worker_call(g->daemon->worker, linked_there, &l);
	j = json_pack("{s:s,s:s,s:b,s:b,s:s,s:i,s:b,s:i}", "id", p->id, "portgroup", p->portgroup,
		      "uplink", p->uplink, "lasting", p->lasting, "mac", mac, "source",
		      (int)p->source, "linked", l.up, "listener", listener_of(p));
	if (p->wire) {
		json_object_set_new(j, "client", client(&p->client));
		w = wire(g, p);
		if (w) {
			json_object_set_new(j, "wire", w);
		} else {
			json_decref(j);
			return NULL;
		}
	}
	return j;
}

static json_t *ports(struct giving *g, const struct dswitch *sw, char *err, size_t errlen)
{
	json_t *list = json_array();
	GHashTableIter it;
	gpointer p;

	g_hash_table_iter_init(&it, sw->ports);
	while (g_hash_table_iter_next(&it, NULL, &p)) {
		json_t *j = port(g, p);

		if (!j) {
			vsw_fail(err, errlen,
				 "what is plugged into port '%s' cannot be handed over",
				 ((struct port *)p)->id);
			json_decref(list);
			return NULL;
		}
		json_array_append_new(list, j);
	}
	return list;
}

/* The table of addresses */
static json_t *early(struct giving *g, struct dswitch *sw, char *err, size_t errlen)
{
	struct handover_switch hs = { .sw = sw };
	int ret = vd_state_early(&hs, err, errlen);

	g_array_append_val(g->switches, hs);
	if (ret < 0)
		return NULL;
	g_byte_array_append(g->tail, hs.blob.data, (guint)hs.blob.len);
	return json_integer((json_int_t)hs.blob.len);
}

static int one_switch(struct giving *g, struct dswitch *sw, json_t *j, char *err, size_t errlen)
{
	if (vsw_control_waits(sw->control))
		return vsw_fail(err, errlen,
				"switch '%s': a configuration waits for its confirmation",
				sw->name);
	json_object_set_new(j, "name", json_string(sw->name));
	json_object_set_new(j, "listeners", listeners(g, sw));
	return json_object_set_new(j, "ports", ports(g, sw, err, errlen)) < 0 ||
			       json_object_set_new(j, "early", early(g, sw, err, errlen)) < 0 ?
		       -1 :
		       0;
}

static int switches(struct giving *g, char *err, size_t errlen)
{
	json_t *list = json_array();
	GHashTableIter it;
	gpointer sw;

	json_object_set_new(g->json, "switches", list);
	g_hash_table_iter_init(&it, g->daemon->switches);
	while (g_hash_table_iter_next(&it, NULL, &sw)) {
		json_t *j = json_object();

		json_array_append_new(list, j);
		if (one_switch(g, sw, j, err, errlen) < 0)
			return -1;
	}
	return 0;
}

static void add_client(void *opaque, const struct vsw_client_moved *c)
{
	struct giving *g = opaque;

	json_array_append_new(json_object_get(g->json, "clients"),
			      json_pack("{s:i,s:i,s:b,s:i}", "in", (int)c->in_len, "out",
					(int)c->out_len, "pass", c->pass_fd >= 0, "pass-at",
					(int)c->pass_at));
	add_fd(g, c->fd);
	if (c->pass_fd >= 0)
		add_fd(g, c->pass_fd);
	g_byte_array_append(g->tail, c->in, (guint)c->in_len);
	g_byte_array_append(g->tail, c->out, (guint)c->out_len);
}

static int collect(struct giving *g, int but, char *err, size_t errlen)
{
	struct daemon *d = g->daemon;
	json_t *own = json_array();
	int fd, file;

	g->json = json_pack("{s:s,s:s,s:o,s:o,s:[],s:o}", "release", VD_VERSION, "place", d->place,
			    "document", vd_document(d), "manager", vd_notify_give(), "clients",
			    "listeners", own);
	if (!g->json)
		return vsw_fail(err, errlen, "out of memory");
	if (d->file)
		json_object_set_new(g->json, "file", json_string(d->file));
	json_array_append_new(own, listening(g, "control", "", d->socket, d->at->file));
	fd = vd_exporter_socket(d, &file);
	if (fd >= 0)
		json_array_append_new(own, listening(g, "metrics", d->options->metrics, fd, file));
	if (switches(g, err, errlen) < 0)
		return -1;
	vsw_server_give(d->server, but, add_client, g);
	return 0;
}

struct giving *vd_give_new(struct daemon *daemon, int but, char *err, size_t errlen)
{
	struct giving *g = g_new0(struct giving, 1);

	g->daemon = daemon;
	g->tail = g_byte_array_new();
	g->fds = g_array_new(FALSE, FALSE, sizeof(int));
	g->late = g_array_new(FALSE, FALSE, sizeof(int));
	g->wires = g_array_new(FALSE, FALSE, sizeof(struct handover_wire));
	g->switches = g_array_new(FALSE, FALSE, sizeof(struct handover_switch));
	g->h.room = HANDOVER_ARENA;
	g->arena = mmap(NULL, HANDOVER_ARENA, PROT_READ | PROT_WRITE,
			MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
	if (g->arena == MAP_FAILED) {
		g->arena = NULL;
		vsw_fail(err, errlen, "%s", strerror(errno));
	} else {
		g->h.data = g->arena;
		if (collect(g, but, err, errlen) == 0)
			return g;
	}
	vd_give_free(g);
	return NULL;
}

void vd_give_free(struct giving *g)
{
	if (!g)
		return;
	for (guint i = 0; i < g->switches->len; i++)
		vd_state_fini(&g_array_index(g->switches, struct handover_switch, i));
	g_array_free(g->switches, TRUE);
	json_decref(g->json);
	g_byte_array_free(g->tail, TRUE);
	g_array_free(g->fds, TRUE);
	g_array_free(g->late, TRUE);
	g_array_free(g->wires, TRUE);
	if (g->arena)
		munmap(g->arena, HANDOVER_ARENA);
	g_free(g);
}

int vd_give_fds(const GArray *fds, int fd, char *err, size_t errlen)
{
	for (guint i = 0; i < fds->len; i += HANDOVER_FDS) {
		struct handover_message msg = { .kind = HANDOVER_FDS_OF };
		unsigned n = fds->len - i < HANDOVER_FDS ? fds->len - i : HANDOVER_FDS;

		if (vd_channel_send(fd, &msg, &g_array_index(fds, int, i), n, SEND_MS, err,
				    errlen) < 0)
			return -1;
	}
	return 0;
}

int vd_give_send(struct giving *g, int fd, char *err, size_t errlen)
{
	char *text = json_dumps(g->json, JSON_COMPACT);
	struct handover_message msg = { .kind = HANDOVER_GIVEN };
	const void *parts[] = { text, g->tail->data };
	size_t lens[] = { text ? strlen(text) : 0, g->tail->len };
	int file = text ? vd_channel_file(parts, lens, 2, err, errlen) :
			  vsw_fail(err, errlen, "out of memory"),
	    ret = file;

	msg.word[0] = lens[0] + lens[1];
	msg.word[1] = lens[0];
	msg.word[2] = g->fds->len;
	if (file >= 0) {
		ret = vd_channel_send(fd, &msg, &file, 1, SEND_MS, err, errlen);
		close(file);
	}
	free(text);
	return ret < 0 ? -1 : vd_give_fds(g->fds, fd, err, errlen);
}
