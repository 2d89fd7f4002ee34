/* SPDX-License-Identifier: BSD-2-Clause */
/* Named switches of the daemon. */
#include "dswitch.h"

#include <string.h>

#include "daemon.h"
#include "document.h"
#include "life.h"
#include "listen.h"
#include "log.h"
#include "port.h"
#include "vswitch/fail.h"

bool vd_switch_name_valid(const char *name)
{
	size_t len = strlen(name);

	return len && len < VSW_NAME_MAX &&
	       strspn(name, "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789._-") ==
		       len;
}

static int64_t control_now(void *opaque)
{
	return g_get_monotonic_time() * 1000;
}

static void drop(GSource **s)
{
	if (!*s)
		return;
	g_source_destroy(*s);
	g_source_unref(*s);
	*s = NULL;
}

static gboolean on_timer(gpointer opaque)
{
	struct dswitch *sw = opaque;

	drop(&sw->timer);
	vsw_control_timer(sw->control);
	return G_SOURCE_REMOVE;
}

static void control_timer(void *opaque, int64_t deadline)
{
	struct dswitch *sw = opaque;

	drop(&sw->timer);
	if (deadline == VSW_NEVER)
		return;
	sw->timer = g_timeout_source_new(0);
	g_source_set_ready_time(sw->timer, deadline / 1000);
	g_source_set_callback(sw->timer, on_timer, sw, NULL);
	g_source_attach(sw->timer, sw->daemon->context);
}

static void control_call(void *opaque, bool (*fn)(void *arg), void *arg)
{
	vsw_worker_call(((struct dswitch *)opaque)->daemon->worker, fn, arg);
}

static bool saves(void *opaque)
{
	return vd_saves(((struct dswitch *)opaque)->daemon);
}

static const struct vsw_control_host control_host = {
	.now = control_now,
	.timer = control_timer,
	.call = control_call,
	.port_keys = vd_document_port_keys,
	.portgroup_keys = vd_document_portgroup_keys,
	.prepare = vd_document_prepare,
	.finish = vd_document_finish,
	.saves = saves,
};

/* Frame thread */
static void on_event(void *opaque, const struct vsw_event *ev)
{
	vd_events_put(((struct dswitch *)opaque)->events, ev);
}

static void log_event(const struct dswitch *sw, const struct event_record *r)
{
	enum vd_level level = r->kind == VSW_EVENT_LINK || r->kind == VSW_EVENT_PORT_ADDED ||
					      r->kind == VSW_EVENT_PORT_REMOVED ?
				      VD_DEBUG :
				      VD_NOTICE;

	if (r->port[0])
		vd_log(level, "switch '%s': port '%s': %s", sw->name, r->port, r->text);
	else
		vd_log(level, "switch '%s': %s", sw->name, r->text);
}

static void on_events(struct vsw_note *note)
{
	struct events *e = (void *)((char *)note - offsetof(struct events, note));
	struct dswitch *sw = e->opaque;
	uint64_t lost = atomic_load(&e->lost);
	struct event_record r;

	while (vd_events_get(e, &r)) {
		struct vsw_event_text ev = { r.kind, r.port, { 0 }, r.vlan, r.when, r.text };

		memcpy(ev.mac, r.mac, sizeof(ev.mac));
		vsw_control_event(sw->control, &ev);
		log_event(sw, &r);
	}
	if (lost != sw->lost)
		vd_log(VD_WARNING, "switch '%s': %llu events came too fast and were lost", sw->name,
		       (unsigned long long)(lost - sw->lost));
	sw->lost = lost;
}

/* struct making - arguments of what follows, on the frame thread */
struct making {
	struct dswitch *sw;
	char *err;
	size_t errlen;
};

static bool make_there(void *opaque)
{
	struct making *m = opaque;
	struct vsw_conf conf = { .name = m->sw->name,
				 .host = &vsw_seat_host,
				 .opaque = &m->sw->seat };

	m->sw->sw = m->sw->seat.sw = vsw_new(&conf, m->err, m->errlen);
	return false;
}

static bool free_there(void *opaque)
{
	vsw_free(((struct making *)opaque)->sw->sw);
	return false;
}

static void tell(void *opaque, const char *json)
{
	struct dswitch *sw = opaque;

	if (sw->daemon->server)
		vsw_server_tell(sw->daemon->server, json);
}

static int load(struct dswitch *sw, const json_t *document, char *err, size_t errlen)
{
	char *text = json_dumps(document, JSON_COMPACT);
	int ret = text ? vsw_control_load(sw->control, text, strlen(text), err, errlen) :
			 vsw_fail(err, errlen, "out of memory");

	free(text);
	return ret;
}

struct dswitch *vd_switch_new(struct daemon *daemon, const char *name, const json_t *document,
			      char *err, size_t errlen)
{
	struct dswitch *sw = g_new0(struct dswitch, 1);
	struct making m = { sw, err, errlen };

	sw->daemon = daemon;
	g_strlcpy(sw->name, name, sizeof(sw->name));
	sw->ports = g_hash_table_new(g_str_hash, g_str_equal);
	sw->listeners = g_ptr_array_new_with_free_func((GDestroyNotify)vd_listener_free);
	sw->events = g_new0(struct events, 1);
	sw->events->worker = daemon->worker;
	sw->events->note.read = on_events;
	sw->events->opaque = sw;
	sw->seat = (struct vsw_seat) { .worker = daemon->worker, .event = on_event, .opaque = sw };
	vsw_worker_call(daemon->worker, make_there, &m);
	sw->control = sw->sw ? vsw_control_new(sw->sw, &control_host, sw) : NULL;
	if (sw->control)
		vsw_control_listen(sw->control, tell, sw);
	if (sw->control && load(sw, document, err, errlen) == 0)
		return sw;
	vd_switch_free(sw);
	return NULL;
}

static void free_ports(struct dswitch *sw)
{
	GHashTableIter it;
	gpointer p;

	for (;;) {
		g_hash_table_iter_init(&it, sw->ports);
		if (!g_hash_table_iter_next(&it, NULL, &p))
			return;
		vd_port_free(p);
	}
}

void vd_switch_free(struct dswitch *sw)
{
	struct making m = { .sw = sw };

	if (!sw)
		return;
	g_ptr_array_free(sw->listeners, TRUE);
	free_ports(sw);
	vsw_control_free(sw->control);
	vsw_worker_call(sw->daemon->worker, free_there, &m);
	vsw_note_cancel(sw->daemon->worker, &sw->events->note);
	drop(&sw->timer);
	g_hash_table_destroy(sw->ports);
	g_free(sw->events);
	g_free(sw);
}
