/* SPDX-License-Identifier: BSD-2-Clause */
/* Who holds a port (holder.h has the theory). */
#include "holder.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "daemon.h"
#include "dswitch.h"
#include "log.h"
#include "vswitch/fail.h"
#include "vswitch/text.h"

void vd_holder_step(const struct port *p, const char *fmt, ...)
{
	char text[160];
	struct vsw_event_text ev = {
		.kind = VSW_EVENT_MOVE, .port = p->id, .when = g_get_real_time(), .text = text
	};
	va_list ap;

	va_start(ap, fmt);
	vsnprintf(text, sizeof(text), fmt, ap);
	va_end(ap);
	vd_log(VD_NOTICE, "switch '%s': port '%s': %s", p->sw->name, p->id, text);
	vsw_control_event(p->sw->control, &ev);
}

/* "process N", or what else is known */
static const char *who(const struct port_client *c, char *text, size_t size)
{
	if (c->pid)
		snprintf(text, size, "process %d", (int)c->pid);
	else
		snprintf(text, size, "%s", "a client");
	return text;
}

#define WHO(c) who(c, (char[32]) { 0 }, 32)

static double ms_since(int64_t us)
{
	return (double)(g_get_monotonic_time() - us) / 1000;
}

/* struct moving - arguments of what follows, on the frame thread */
struct moving {
	struct port *port;
	struct vsw_wire *from, *to;
	bool waits;
};

static bool move_there(void *opaque)
{
	struct moving *m = opaque;

	if (m->from)
		m->from->waits = false;
	m->to->waits = m->waits;
	if (m->from && m->from->jack)
		vsw_wire_swap(m->from, m->to);
	else
		vsw_wire_plug(m->to, &m->port->jack);
	return false;
}

static bool wait_there(void *opaque)
{
	struct moving *m = opaque;

	m->to->waits = m->waits;
	return false;
}

/* Frames wait for a holder whose rings stand, or no longer */
static void set_waits(struct port *p, bool waits)
{
	struct moving m = { .port = p, .to = p->wire, .waits = waits };

	vsw_worker_call(p->sw->daemon->worker, wait_there, &m);
}

static bool announce_there(void *opaque)
{
	vsw_port_announce(((struct port *)opaque)->jack.port);
	return false;
}

static void announce(struct port *p)
{
	vsw_worker_call(p->sw->daemon->worker, announce_there, p);
}

/* The second holds the port from now on; the holder, if there is one, is the second */
static void move(struct port *p)
{
	struct second *s = p->second;
	struct moving m = { p, p->wire, s->wire, p->wire != NULL };
	struct port_client client = p->client;

	vsw_worker_call(p->sw->daemon->worker, move_there, &m);
	p->wire = s->wire;
	p->client = s->client;
	p->why[0] = 0;
	s->wire = m.from;
	s->client = client;
	s->moved = true;
	if (m.from)
		return;
	g_free(s);
	p->second = NULL;
}

int vd_holder_may(const struct port *p, const struct port_client *c, char *err, size_t errlen)
{
	if (!c->uuid[0] || !p->client.uuid[0])
		return vsw_fail(err, errlen,
				"port: '%s' has something plugged in; a machine that comes in gets "
				"it if both sides tell their UUID",
				p->id);
	if (g_ascii_strcasecmp(c->uuid, p->client.uuid))
		return vsw_fail(err, errlen,
				"port: '%s' is held by the machine with UUID %s, not by %s", p->id,
				p->client.uuid, c->uuid);
	return 0;
}

static int make_room(struct port *p, const struct vsw_transport *t, char *err, size_t errlen)
{
	if (!t->tells || p->wire->transport != t)
		return vsw_fail(err, errlen, "port: '%s' has something plugged in", p->id);
	if (p->second && !(p->second->moved && !p->second->wire->runs))
		return vsw_fail(err, errlen, "port: '%s' has a holder and a standby", p->id);
	vd_holder_drop_second(p);
	return 0;
}

int vd_holder_plug_second(struct port *p, const struct vsw_transport *t, const void *options,
			  int fd, const struct port_client *client, char *err, size_t errlen)
{
	struct second *s;

	if (make_room(p, t, err, errlen) < 0)
		return -1;
	s = g_new0(struct second, 1);
	s->wire = vd_port_open_wire(p, t, options, fd, err, errlen);
	if (!s->wire) {
		g_free(s);
		return -1;
	}
	s->client = *client;
	p->second = s;
	set_waits(p, true);
	vd_holder_step(p, "%s is on standby, %s holds it", WHO(&s->client), WHO(&p->client));
	return 0;
}

static void second_runs(struct port *p, bool runs)
{
	struct second *s = p->second;

	if (!runs)
		return;
	if (!p->wire->runs) {
		move(p);
		vd_holder_step(p, "moved to %s, after %.1f ms", WHO(&p->client),
			       ms_since(p->stopped));
		announce(p);
	} else if (s->moved) {
		vd_holder_step(p, "%s goes on without it, %s holds it", WHO(&s->client),
			       WHO(&p->client));
	}
}

static void holder_stops(struct port *p)
{
	p->stopped = g_get_monotonic_time();
	if (!p->second)
		return;
	if (p->second->wire->runs)
		second_runs(p, true);
	else if (!p->second->moved)
		vd_holder_step(p, "%s is quiet, frames wait", WHO(&p->client));
}

static void holder_starts(struct port *p)
{
	if (p->incoming)
		announce(p);
	if (p->incoming)
		vd_holder_step(p, "%s has come in", WHO(&p->client));
	else if (p->second && !p->second->moved)
		vd_holder_step(p, "%s goes on after %.1f ms", WHO(&p->client),
			       ms_since(p->stopped));
	p->incoming = p->fresh = false;
	if (!p->second)
		set_waits(p, false);
}

void vd_holder_runs(struct port *p, const struct vsw_wire *wire, bool runs)
{
	if (p->second && p->second->wire == wire)
		second_runs(p, runs);
	else if (runs)
		holder_starts(p);
	else
		holder_stops(p);
}

static void second_left(struct port *p, const char *why)
{
	bool moved = p->second->moved;

	vd_holder_drop_second(p);
	vd_holder_step(p, "the %s connection is over: %.80s", moved ? "moved" : "standby", why);
}

static void holder_left(struct port *p, const char *why)
{
	bool runs = p->second->wire->runs, moved = p->second->moved;

	vsw_wire_close(p->wire);
	p->wire = NULL;
	move(p);
	vd_holder_step(p, "held by %s, its holder has left: %.60s", WHO(&p->client), why);
	p->incoming = !moved && !runs;
	p->fresh = false;
	if (runs)
		announce(p);
}

bool vd_holder_left(struct port *p, struct vsw_wire *wire, const char *why)
{
	if (!p->second)
		return false;
	if (wire == p->second->wire)
		second_left(p, why);
	else
		holder_left(p, why);
	return true;
}

void vd_holder_drop_second(struct port *p)
{
	struct second *s = p->second;

	if (!s)
		return;
	p->second = NULL;
	vsw_wire_close(s->wire);
	g_free(s);
	if (p->wire && p->wire->runs) /* else until it goes on */
		set_waits(p, false);
}

const char *vd_holder_state(const struct port *p)
{
	if (!p->wire || !p->wire->transport->tells)
		return NULL;
	if (p->wire->runs)
		return "active";
	return p->incoming ? "standby" : "quiet";
}
