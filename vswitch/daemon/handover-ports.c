/* SPDX-License-Identifier: BSD-2-Clause */
/* Ports and wires of a process that takes over (handover-take.h). */
#include <string.h>

#include "daemon.h"
#include "dswitch.h"
#include "handover-give.h"
#include "handover-state.h"
#include "handover-take.h"
#include "handover.h"
#include "listen.h"
#include "log.h"
#include "port.h"
#include "vswitch/fail.h"

static const char *text(const json_t *j, const char *key)
{
	const char *s = json_string_value(json_object_get(j, key));

	return s ? s : "";
}

static int number(const json_t *j, const char *key)
{
	return (int)json_integer_value(json_object_get(j, key));
}

static struct taken_port *port_at(const struct takeover *t, guint i)
{
	return &g_array_index(t->ports, struct taken_port, i);
}

/* 12 hexadecimal digits */
static void read_mac(const char *digits, uint8_t mac[6])
{
	for (unsigned i = 0; i < 6 && g_ascii_isxdigit(digits[0]) && g_ascii_isxdigit(digits[1]);
	     i++, digits += 2)
		mac[i] = (uint8_t)(g_ascii_xdigit_value(digits[0]) << 4 |
				   g_ascii_xdigit_value(digits[1]));
}

/* The port of a client, which no document has */
static struct port *client_port(struct dswitch *sw, const json_t *j, char *err, size_t errlen)
{
	struct port_conf conf = { .id = text(j, "id"),
				  .portgroup = text(j, "portgroup"),
				  .uplink = json_is_true(json_object_get(j, "uplink")),
				  .source = PORT_WAITS };
	int listener = number(j, "listener");
	struct port *p;

	if (!conf.portgroup[0])
		conf.portgroup = NULL;
	read_mac(text(j, "mac"), conf.mac);
	p = vd_port_new(sw, &conf, err, errlen);
	if (p && listener >= 0 && (guint)listener < sw->listeners->len) {
		p->listener = g_ptr_array_index(sw->listeners, (guint)listener);
		p->listener->clients++;
	}
	return p;
}

static void read_client(const json_t *j, struct port_client *c)
{
	memset(c, 0, sizeof(*c));
	c->pid = number(j, "pid");
	c->uid = (uid_t)number(j, "uid");
	c->gid = (gid_t)number(j, "gid");
	g_strlcpy(c->vm, text(j, "vm"), sizeof(c->vm));
	g_strlcpy(c->uuid, text(j, "uuid"), sizeof(c->uuid));
	g_strlcpy(c->kind, text(j, "kind"), sizeof(c->kind));
}

/* What a client has broken costs itself only. What opens something of the host's must be there */
static int adopt(struct takeover *t, struct taken_port *tp, char *err, size_t errlen)
{
	struct vsw_handover from = { .n_fds = tp->n_fds,
				     .data = t->bytes + tp->at,
				     .len = tp->len };
	struct port_client client;
	char why[200];
	int ret;

	memcpy(from.fd, t->fds + tp->fd, tp->n_fds * sizeof(int));
	read_client(json_object_get(tp->json, "client"), &client);
	ret = vd_port_adopt(tp->port, tp->transport, &from, &client, why, sizeof(why));
	memcpy(t->fds + tp->fd, from.fd, tp->n_fds * sizeof(int));
	if (ret == 0)
		return 0;
	if (tp->transport->kind == VSW_TRANSPORT_OWN)
		return vsw_fail(err, errlen, "port '%s': %s", tp->port->id, why);
	vd_log(VD_WARNING, "switch '%s': port '%s' is not taken over: %s", tp->sw, tp->port->id,
	       why);
	return 0;
}

static int take_port(struct daemon *d, struct taken_port *tp, char *err, size_t errlen)
{
	struct dswitch *sw = g_hash_table_lookup(d->switches, tp->sw);
	const char *id = text(tp->json, "id");

	if (!sw)
		return vsw_fail(err, errlen, "there is no switch '%s'", tp->sw);
	tp->port = g_hash_table_lookup(sw->ports, id);
	if (!tp->port && json_is_true(json_object_get(tp->json, "lasting")))
		return vsw_fail(err, errlen, "port '%s' is not in the document", id);
	if (!tp->port)
		tp->port = client_port(sw, tp->json, err, errlen);
	if (!tp->port)
		return -1;
	return tp->transport ? adopt(d->takeover, tp, err, errlen) : 0;
}

static const struct taken_switch *switch_at(const struct takeover *t, guint i)
{
	return &g_array_index(t->switches, struct taken_switch, i);
}

static int load(struct daemon *d, const struct taken_switch *s, const uint8_t *bytes, size_t len,
		char *err, size_t errlen)
{
	struct dswitch *sw = g_hash_table_lookup(d->switches, s->name);

	return sw ? vd_state_load(sw, bytes, len, err, errlen) :
		    vsw_fail(err, errlen, "there is no switch '%s'", s->name);
}

int vd_takeover_ports(struct daemon *d, char *err, size_t errlen)
{
	struct takeover *t = d->takeover;

	for (guint i = 0; i < t->ports->len; i++) {
		if (take_port(d, port_at(t, i), err, errlen) < 0)
			return -1;
		vsw_notes_read(d->worker); /* of each that it is there */
	}
	for (guint i = 0; i < t->switches->len; i++) {
		const struct taken_switch *s = switch_at(t, i);

		if (load(d, s, t->bytes + s->at, s->len, err, errlen) < 0)
			return -1;
	}
	return 0;
}

/* struct frozen - FROZEN being read: the table's next part, and the bytes that parts point to */
struct frozen {
	const uint8_t *table, *bytes;
	size_t len;
};

/* The next part. False: it points to nothing that is there */
static bool next_part(struct frozen *z, struct handover_part *part)
{
	memcpy(part, z->table, sizeof(*part));
	z->table += sizeof(*part);
	return part->at <= z->len && part->len <= z->len - part->at;
}

static int cut_short(char *err, size_t errlen)
{
	return vsw_fail(err, errlen, "what stood still is cut short");
}

/* Descriptors of a part. False: so many did not come */
static bool late_fds(struct takeover *t, unsigned n, struct vsw_handover *h)
{
	if (n > VSW_HANDOVER_FDS || n > t->n_late - t->late_at)
		return false;
	memcpy(h->fd, t->late + t->late_at, n * sizeof(int));
	h->n_fds = n;
	return true;
}

static void took_late(struct takeover *t, unsigned n)
{
	while (n--)
		t->late[t->late_at++] = -1;
}

static int thaw(struct takeover *t, struct taken_port *tp, struct frozen *z, char *err,
		size_t errlen)
{
	struct vsw_wire *wire = tp->port->wire;
	struct handover_part part;
	struct vsw_handover h;

	if (!next_part(z, &part))
		return cut_short(err, errlen);
	h = (struct vsw_handover) { .data = (uint8_t *)z->bytes + part.at, .len = part.len };
	if (!late_fds(t, part.fds, &h))
		return cut_short(err, errlen);
	if (!wire || part.over) {
		t->late_at += part.fds;
		if (wire)
			vsw_wire_fail(wire, "ended while the switch was handed over");
		return 0;
	}
	if (wire->transport->thaw && wire->transport->thaw(wire, &h) < 0)
		return vsw_fail(err, errlen, "port '%s': where its wire stood is not sound",
				tp->port->id);
	took_late(t, part.fds);
	return 0;
}

int vd_takeover_thaw(struct daemon *d, const uint8_t *bytes, size_t len, char *err, size_t errlen)
{
	struct takeover *t = d->takeover;
	size_t head = (t->wires + t->switches->len) * sizeof(struct handover_part);
	struct frozen z = { bytes, bytes + head, len - head };
	struct handover_part part;

	if (len < head)
		return cut_short(err, errlen);
	for (guint i = 0; i < t->ports->len; i++)
		if (port_at(t, i)->transport && thaw(t, port_at(t, i), &z, err, errlen) < 0)
			return -1;
	for (guint i = 0; i < t->switches->len; i++) {
		if (!next_part(&z, &part))
			return cut_short(err, errlen);
		if (load(d, switch_at(t, i), z.bytes + part.at, part.len, err, errlen) < 0)
			return -1;
	}
	return 0;
}
