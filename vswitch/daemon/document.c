/* SPDX-License-Identifier: BSD-2-Clause */
/* What of a switch's document is the daemon's (document.h has the theory). */
#include "document.h"

#include <stdio.h>
#include <string.h>

#include "daemon.h"
#include "dswitch.h"
#include "life.h"
#include "listen.h"
#include "log.h"
#include "place.h"
#include "port.h"
#include "settings.h"
#include "vswitch/fail.h"
#include "vswitch/text.h"

const char *const vd_document_port_keys[] = { "connect", NULL };
const char *const vd_document_portgroup_keys[] = { "listen", "token", NULL };

static const char *check_mac(const char *text)
{
	uint8_t mac[6];

	return vsw_text_station(text, mac) ?
		       NULL :
		       "must be a station's address such as 02:00:00:00:00:01";
}

#define AT(m) .off = offsetof(struct connect_options, m)

const struct vsw_option vd_connect_rows[] = {
	{ "transport", VSW_OPTION_TEXT, AT(transport), .max = 32, .required = true,
	  .help = "what carries the port's frames" },
	{ "address", VSW_OPTION_TEXT, AT(address), .max = 107,
	  .help = "of the peer that is dialled, for transports that work on sockets: a path, a "
		  "name in the daemon's directory, or HOST:PORT" },
	{ "uplink", VSW_OPTION_BOOL, AT(uplink), .help = "the port leads out of the switch" },
	{ "mac", VSW_OPTION_TEXT, AT(mac), .max = 17, .check = check_mac,
	  .help = "address of the card at the other end" },
	{ "retry-ms", VSW_OPTION_NUMBER, AT(retry_ms), .min = 10, .max = 3600000, .def = "1000",
	  .help = "how long to wait before what failed or ended is tried again" },
	{ 0 }
};

/* struct connection - a port as the document has it */
struct connection {
	struct connect_options *conf;
	const struct vsw_transport *transport;
	void *options;
	struct vsw_endpoint remote;
};

static void connection_free(struct connection *c)
{
	if (c->transport)
		vsw_options_free(c->transport->options, c->options);
	vsw_options_free(vd_connect_rows, c->conf);
}

static int unknown_transport(const char *name, char *err, size_t errlen)
{
	size_t n = (size_t)snprintf(err, errlen, "transport: no '%s'; there are", name);

	for (const struct vsw_transport *const *t = vsw_transports; *t && n < errlen; t++)
		n += (size_t)snprintf(err + n, errlen - n, " %s", (*t)->name);
	return -1;
}

static int connection_address(const struct dswitch *sw, struct connection *c, char *err,
			      size_t errlen)
{
	bool dials = c->transport->kind == VSW_TRANSPORT_SOCKET;

	if (dials && !c->conf->address)
		return vsw_fail(err, errlen, "address: is missing");
	if (!dials && c->conf->address)
		return vsw_fail(err, errlen, "address: %s dials nobody", c->transport->name);
	return dials ? vd_place_parse(sw->daemon->place, c->conf->address, &c->remote, err,
				      errlen) :
		       0;
}

static int connection_read(const struct dswitch *sw, struct connection *c, const json_t *object,
			   char *err, size_t errlen)
{
	if (!json_is_object(object))
		return vsw_fail(err, errlen, "must be an object");
	if (vd_settings_read(vd_connect_rows, c->conf, object, err, errlen) < 0)
		return -1;
	c->transport = vsw_transport_find(c->conf->transport);
	if (!c->transport)
		return unknown_transport(c->conf->transport, err, errlen);
	c->options = vsw_options_new(c->transport->options, c->transport->options_size);
	if (vd_settings_known(vd_connect_rows, c->transport->options, object, err, errlen) < 0 ||
	    vd_settings_read(c->transport->options, c->options, object, err, errlen) < 0)
		return -1;
	if (c->transport->check && c->transport->check(c->options, err, errlen) < 0)
		return -1;
	return connection_address(sw, c, err, errlen);
}

static void connection_init(struct connection *c)
{
	memset(c, 0, sizeof(*c));
	c->conf = vsw_options_new(vd_connect_rows, sizeof(*c->conf));
}

static int check_ports(const struct dswitch *sw, const json_t *document, char *err, size_t errlen)
{
	const char *id;
	json_t *port;

	json_object_foreach(json_object_get(document, "ports"), id, port) {
		const json_t *object = json_object_get(port, "connect");
		struct connection c;
		char why[400];
		int ret;

		if (!object)
			continue;
		connection_init(&c);
		ret = connection_read(sw, &c, object, why, sizeof(why));
		connection_free(&c);
		if (ret < 0)
			return vsw_fail(err, errlen, "/ports/%s/connect: %s", id, why);
	}
	return 0;
}

/* A listener of the document in force that is the same in the new one, or NULL */
static struct listener *same_listener(const struct dswitch *sw, const char *group,
				      const json_t *object)
{
	char *text = json_dumps(object, JSON_COMPACT | JSON_SORT_KEYS);
	struct listener *found = NULL;

	for (guint i = 0; text && i < sw->listeners->len && !found; i++) {
		struct listener *l = g_ptr_array_index(sw->listeners, i);

		if (!strcmp(l->group, group) && !strcmp(l->text, text))
			found = l;
	}
	free(text);
	return found;
}

static int one_listener(struct dswitch *sw, const char *group, size_t n, const json_t *object,
			char *err, size_t errlen)
{
	struct listener *l = same_listener(sw, group, object);
	char why[400] = "must be an object";

	if (!l && json_is_object(object))
		l = vd_listener_new(sw, group, object, why, sizeof(why));
	if (!l)
		return vsw_fail(err, errlen, "/portgroups/%s/listen/%zu: %s", group, n, why);
	g_ptr_array_add(sw->next, l);
	return 0;
}

static int listeners(struct dswitch *sw, const json_t *document, char *err, size_t errlen)
{
	const char *name;
	json_t *group;

	json_object_foreach(json_object_get(document, "portgroups"), name, group) {
		const json_t *list = json_object_get(group, "listen"),
			     *token = json_object_get(group, "token");

		if (token && (!json_is_string(token) || !json_string_length(token)))
			return vsw_fail(err, errlen,
					"/portgroups/%s/token: must be a string, not empty", name);
		if (list && !json_is_array(list))
			return vsw_fail(err, errlen, "/portgroups/%s/listen: must be an array",
					name);
		for (size_t i = 0; i < json_array_size(list); i++)
			if (one_listener(sw, name, i, json_array_get(list, i), err, errlen) < 0)
				return -1;
	}
	return 0;
}

static bool contains(const GPtrArray *array, const struct listener *l)
{
	return g_ptr_array_find((GPtrArray *)array, l, NULL);
}

/* Listeners of @from that are not in @other are freed; @from itself, too */
static void free_others(GPtrArray *from, const GPtrArray *other)
{
	g_ptr_array_set_free_func(from, NULL);
	for (guint i = 0; i < from->len; i++)
		if (!contains(other, g_ptr_array_index(from, i)))
			vd_listener_free(g_ptr_array_index(from, i));
	g_ptr_array_free(from, TRUE);
}

int vd_document_prepare(void *opaque, const json_t *document, bool commit, char *err, size_t errlen)
{
	struct dswitch *sw = opaque;

	sw->next = g_ptr_array_new();
	sw->dry = !commit || sw->daemon->dry;
	sw->document = json_incref((json_t *)document);
	if (check_ports(sw, document, err, errlen) == 0 &&
	    listeners(sw, document, err, errlen) == 0)
		return 0;
	vd_document_finish(sw, false);
	return -1;
}

static bool same_connection(const struct port *p, const json_t *object)
{
	char *text = json_dumps(object, JSON_COMPACT | JSON_SORT_KEYS);
	bool same = text && p->text && !strcmp(text, p->text);

	free(text);
	return same;
}

/* A port that is declared: it is the same as before, or it is made */
static void declare(struct dswitch *sw, const char *id, const json_t *port, const json_t *object)
{
	struct port *p = g_hash_table_lookup(sw->ports, id);
	const json_t *group = json_object_get(port, "portgroup");
	struct port_conf conf = { .id = id, .lasting = true };
	struct connection c;
	char err[400];

	if (p && same_connection(p, object)) {
		p->declared = true;
		return;
	}
	vd_port_free(p);
	connection_init(&c);
	if (connection_read(sw, &c, object, err, sizeof(err)) < 0) {
		connection_free(&c);
		return; /* it was checked */
	}
	conf.portgroup = json_string_value(group);
	conf.uplink = c.conf->uplink;
	if (c.conf->mac)
		vsw_text_station(c.conf->mac, conf.mac);
	conf.source = c.transport->kind == VSW_TRANSPORT_SOCKET ? PORT_DIALS : PORT_OPENS;
	conf.transport = c.transport;
	conf.options = c.options;
	conf.remote = &c.remote;
	conf.retry_ms = c.conf->retry_ms;
	conf.text = json_dumps(object, JSON_COMPACT | JSON_SORT_KEYS);
	if (vd_port_new(sw, &conf, err, sizeof(err)))
		c.options = NULL;
	else
		vd_log(VD_ERROR, "switch '%s': port '%s': %s", sw->name, id, err);
	connection_free(&c);
}

/* A listener that always has the same port: it is there before its client */
static void declare_waiting(struct dswitch *sw, const struct listener *l)
{
	struct port_conf conf = {
		.id = l->conf->ports, .portgroup = l->group, .lasting = true, .source = PORT_WAITS
	};
	struct port *p = g_hash_table_lookup(sw->ports, l->conf->ports);
	char err[200];

	if (strchr(l->conf->ports, '%'))
		return;
	if (p) {
		p->declared = p->source == PORT_WAITS;
		return;
	}
	if (!vd_port_new(sw, &conf, err, sizeof(err)))
		vd_log(VD_ERROR, "switch '%s': port '%s': %s", sw->name, conf.id, err);
}

/* Lasting ports that the new document does not have */
static void free_undeclared(struct dswitch *sw)
{
	g_autoptr(GPtrArray) gone = g_ptr_array_new();
	GHashTableIter it;
	gpointer p;

	g_hash_table_iter_init(&it, sw->ports);
	while (g_hash_table_iter_next(&it, NULL, &p))
		if (((struct port *)p)->lasting && !((struct port *)p)->declared)
			g_ptr_array_add(gone, p);
	for (guint i = 0; i < gone->len; i++)
		vd_port_free(g_ptr_array_index(gone, i));
}

static void undeclare(gpointer key, gpointer port, gpointer opaque)
{
	((struct port *)port)->declared = false;
}

static void in_force(struct dswitch *sw)
{
	GPtrArray *was = sw->listeners;
	const char *id;
	json_t *port;

	sw->listeners = sw->next;
	g_ptr_array_set_free_func(sw->listeners, (GDestroyNotify)vd_listener_free);
	for (guint i = 0; i < sw->listeners->len; i++)
		vd_listener_succeed(g_ptr_array_index(sw->listeners, i));
	free_others(was, sw->listeners);
	g_hash_table_foreach(sw->ports, undeclare, NULL);
	json_object_foreach(json_object_get(sw->document, "ports"), id, port)
		if (json_object_get(port, "connect"))
			declare(sw, id, port, json_object_get(port, "connect"));
	for (guint i = 0; i < sw->listeners->len; i++) {
		declare_waiting(sw, g_ptr_array_index(sw->listeners, i));
		vd_listener_open(g_ptr_array_index(sw->listeners, i));
	}
	free_undeclared(sw);
}

void vd_document_finish(void *opaque, bool commit)
{
	struct dswitch *sw = opaque;

	if (commit && !sw->daemon->dry) {
		in_force(sw);
		vd_changed(sw->daemon);
	} else {
		free_others(sw->next, sw->listeners);
	}
	sw->next = NULL;
	json_decref(sw->document);
	sw->document = NULL;
}

bool vd_document_token(const json_t *document, const char *group, const char *token)
{
	const json_t *want = json_object_get(
		json_object_get(json_object_get(document, "portgroups"), group), "token");
	const char *a = json_string_value(want);
	size_t len = json_string_length(want);
	unsigned char differ = 0;

	if (!a)
		return true;
	if (!token || strlen(token) != len)
		return false;
	for (size_t i = 0; i < len; i++) /* takes as long wherever they differ */
		differ |= (unsigned char)(a[i] ^ token[i]);
	return !differ;
}
