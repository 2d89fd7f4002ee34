/* SPDX-License-Identifier: BSD-2-Clause */
/* How a daemon that hands over stands still, and goes on (handover-give.h). */
#include <string.h>
#include <unistd.h>

#include "daemon.h"
#include "dswitch.h"
#include "handover-channel.h"
#include "handover-give.h"
#include "port.h"
#include "vswitch/fail.h"

#define SEND_MS 1000

static struct handover_wire *wire_at(const struct giving *g, guint i)
{
	return &g_array_index(g->wires, struct handover_wire, i);
}

static void hold_switches(const struct giving *g, bool hold)
{
	GHashTableIter it;
	gpointer sw;

	g_hash_table_iter_init(&it, g->daemon->switches);
	while (g_hash_table_iter_next(&it, NULL, &sw))
		vsw_seat_hold(&((struct dswitch *)sw)->seat, hold);
}

/* What freeze() or give() says goes to the end of the arena */
static void say(struct giving *g, struct handover_wire *w,
		int (*fn)(struct vsw_wire *wire, struct vsw_handover *h))
{
	g->h.data = g->arena + g->used;
	g->h.room = HANDOVER_ARENA - g->used;
	g->h.len = 0;
	g->h.n_fds = 0;
	if (fn(w->port->wire, &g->h) < 0) {
		g->failed = true;
		return;
	}
	w->at = g->used;
	w->len = g->h.len;
	g->used += g->h.len;
}

/* One burst's end is the end of all: the frame thread does not go round in between */
static bool freeze_there(void *opaque)
{
	struct giving *g = opaque;

	g->stopped = vsw_worker_now(g->daemon->worker);
	hold_switches(g, true);
	for (guint i = 0; i < g->wires->len; i++) {
		struct handover_wire *w = wire_at(g, i);
		struct vsw_wire *wire = w->port->wire;

		if (wire->failed)
			continue;
		wire->transport->stop(wire);
		w->stopped = true;
		if (!wire->transport->freeze)
			continue;
		say(g, w, wire->transport->freeze);
		w->fds = g->failed ? 0 : g->h.n_fds;
		g_array_append_vals(g->late, g->h.fd, w->fds);
	}
	return false;
}

static bool resume_there(void *opaque)
{
	struct giving *g = opaque;

	for (guint i = 0; i < g->wires->len; i++) {
		struct handover_wire *w = wire_at(g, i);
		struct vsw_wire *wire = w->port->wire;

		if (!w->stopped)
			continue;
		wire->transport->start(wire);
		vsw_port_ready(w->port->jack.port);
	}
	hold_switches(g, false);
	return false;
}

/* Those that have no freeze() are asked again what they give; control thread */
static void give_again(struct giving *g)
{
	for (guint i = 0; i < g->wires->len; i++) {
		struct handover_wire *w = wire_at(g, i);
		const struct vsw_transport *t = w->port->wire->transport;

		if (w->stopped && !t->freeze)
			say(g, w, t->give);
	}
}

static struct handover_switch *switch_at(const struct giving *g, guint i)
{
	return &g_array_index(g->switches, struct handover_switch, i);
}

/* struct frozen - FROZEN: a table, the arena, and a blob of each switch */
struct frozen {
	struct handover_part *table;
	const void **part;
	size_t *len;
	guint n;
	uint64_t total;
};

static void fill(const struct giving *g, struct frozen *z)
{
	guint wires = g->wires->len;
	uint64_t at = g->used;

	for (guint i = 0; i < wires; i++) {
		const struct handover_wire *w = wire_at(g, i);

		z->table[i] = (struct handover_part) { w->at, w->len, !w->stopped, w->fds };
	}
	z->part[0] = z->table;
	z->len[0] = (wires + g->switches->len) * sizeof(*z->table);
	z->part[1] = g->arena;
	z->len[1] = g->used;
	for (guint i = 0; i < g->switches->len; i++) {
		const struct vsw_blob *blob = &switch_at(g, i)->blob;

		z->table[wires + i] = (struct handover_part) { at, blob->len, 0, 0 };
		z->part[2 + i] = blob->data;
		z->len[2 + i] = blob->len;
		at += blob->len;
	}
	z->n = 2 + g->switches->len;
	z->total = z->len[0] + at;
}

static int send_file(struct giving *g, const struct frozen *z, int fd, char *err, size_t errlen)
{
	struct handover_message msg = { .kind = HANDOVER_FROZEN,
					.word = { z->total, (uint64_t)g->stopped, g->late->len } };
	int file = vd_channel_file(z->part, z->len, z->n, err, errlen), ret;

	if (file < 0)
		return -1;
	ret = vd_channel_send(fd, &msg, &file, 1, SEND_MS, err, errlen);
	close(file);
	return ret < 0 ? -1 : vd_give_fds(g->late, fd, err, errlen);
}

static int send_frozen(struct giving *g, int fd, char *err, size_t errlen)
{
	guint n = g->wires->len + g->switches->len;
	struct frozen z = { .table = g_new0(struct handover_part, n),
			    .part = g_new0(const void *, n + 2),
			    .len = g_new0(size_t, n + 2) };
	int ret;

	fill(g, &z);
	ret = send_file(g, &z, fd, err, errlen);
	g_free(z.table);
	g_free(z.part);
	g_free(z.len);
	return ret;
}

static int save_late(struct giving *g, char *err, size_t errlen)
{
	for (guint i = 0; i < g->switches->len; i++)
		if (vd_state_late(switch_at(g, i), err, errlen) < 0)
			return -1;
	return 0;
}

int vd_give_freeze(struct giving *g, int fd, char *err, size_t errlen)
{
	vsw_worker_call(g->daemon->worker, freeze_there, g);
	give_again(g);
	if (g->failed)
		return vsw_fail(err, errlen, "there is too much to be handed over");
	if (save_late(g, err, errlen) < 0)
		return -1;
	return send_frozen(g, fd, err, errlen);
}

void vd_give_resume(struct giving *g)
{
	vsw_worker_call(g->daemon->worker, resume_there, g);
}
