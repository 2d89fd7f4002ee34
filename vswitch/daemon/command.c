/* SPDX-License-Identifier: BSD-2-Clause */
/* Commands of the control socket (command.h has the theory). */
#include "command.h"

#include <errno.h>
#include <glib.h>
#include <jansson.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "daemon.h"
#include "document.h"
#include "dswitch.h"
#include "handover.h"
#include "holder.h"
#include "life.h"
#include "log.h"
#include "port.h"
#include "vswitch/fail.h"
#include "vswitch/text.h"

/* #syscalls control socketpair */

/* struct vd_call - a command being carried out; @fd is passed with the answer, or -1 */
struct vd_call {
	struct daemon *daemon;
	const struct vsw_peer *peer;
	const json_t *args;
	int fd;
	char *err;
	size_t errlen;
};

static json_t *refuse(struct vd_call *c, const char *why, const char *what)
{
	vsw_fail(c->err, c->errlen, "%s%.60s", why, what);
	return NULL;
}

static const char *text(const json_t *args, const char *key)
{
	return json_string_value(json_object_get(args, key));
}

/* The switch that is meant */
static struct dswitch *the_switch(struct vd_call *c, const json_t *args)
{
	const json_t *name = json_object_get(args, "switch");
	GHashTableIter it;
	gpointer sw;

	if (name) {
		sw = json_is_string(name) ?
			     g_hash_table_lookup(c->daemon->switches, json_string_value(name)) :
			     NULL;
		if (!sw)
			refuse(c, "switch: there is no such switch; query-switches tells which",
			       "");
		return sw;
	}
	g_hash_table_iter_init(&it, c->daemon->switches);
	if (g_hash_table_size(c->daemon->switches) == 1 && g_hash_table_iter_next(&it, NULL, &sw))
		return sw;
	refuse(c, "switch: must be given, there are several; query-switches tells which", "");
	return NULL;
}

static json_t *query_switches(struct vd_call *c)
{
	json_t *list = json_array();
	GHashTableIter it;
	gpointer p;

	g_hash_table_iter_init(&it, c->daemon->switches);
	while (g_hash_table_iter_next(&it, NULL, &p)) {
		struct dswitch *sw = p;

		json_array_append_new(list, json_pack("{s:s,s:i}", "name", sw->name, "ports",
						      (int)g_hash_table_size(sw->ports)));
	}
	return list;
}

/* struct asking - arguments of what follows, on the frame thread */
struct asking {
	const struct port *port;
	struct daemon *daemon;
	struct vsw_facts facts;
	struct vsw_worker_stats stats;
};

static bool facts_there(void *opaque)
{
	struct asking *a = opaque;
	struct vsw_wire *wire = a->port->wire;

	if (wire->transport->show)
		wire->transport->show(wire, &a->facts);
	return false;
}

static json_t *facts(struct daemon *d, const struct port *p)
{
	struct asking a = { .port = p };
	json_t *j = json_object();

	vsw_worker_call(d->worker, facts_there, &a);
	for (unsigned i = 0; i < a.facts.n; i++)
		json_object_set_new(j, a.facts.fact[i].name,
				    a.facts.fact[i].is_text ?
					    json_string(a.facts.fact[i].text) :
					    json_integer((json_int_t)a.facts.fact[i].number));
	return j;
}

static json_t *client(const struct port_client *who)
{
	json_t *j = json_pack("{s:i,s:i,s:i}", "pid", (int)who->pid, "uid", (int)who->uid, "gid",
			      (int)who->gid);

	if (who->kind[0])
		json_object_set_new(j, "kind", json_string(who->kind));
	if (who->vm[0])
		json_object_set_new(j, "vm", json_string(who->vm));
	if (who->uuid[0])
		json_object_set_new(j, "uuid", json_string(who->uuid));
	return j;
}

/* The port group that a port is in now */
static const char *group_of(const struct port *p)
{
	const char *group = vsw_control_portgroup(p->sw->control, p->id, p->portgroup);

	return group ? group : "";
}

static json_t *connection(struct daemon *d, const struct port *p)
{
	static const char *const sources[] = { "opens", "dials", "waits" };
	json_t *j = json_pack("{s:s,s:s,s:s,s:b,s:b,s:b}", "id", p->id, "portgroup", group_of(p),
			      "source", sources[p->source], "uplink", p->uplink, "lasting",
			      p->lasting, "plugged-in", p->wire != NULL);

	if (p->wire) {
		json_object_set_new(j, "transport", json_string(p->wire->transport->name));
		json_object_set_new(j, "state", facts(d, p));
	}
	if (p->wire && p->client.pid)
		json_object_set_new(j, "client", client(&p->client));
	if (vd_holder_state(p))
		json_object_set_new(j, "holder", json_string(vd_holder_state(p)));
	if (p->second) {
		json_object_set_new(j, "second",
				    json_string(p->second->moved ? "moved" : "standby"));
		json_object_set_new(j, "second-client", client(&p->second->client));
	}
	if (!p->wire && p->why[0])
		json_object_set_new(j, "why", json_string(p->why));
	return j;
}

static json_t *query_connections(struct vd_call *c)
{
	struct dswitch *sw = the_switch(c, c->args);
	const char *want = text(c->args, "port");
	GHashTableIter it;
	json_t *list;
	gpointer p;

	if (!sw)
		return NULL;
	if (want && !g_hash_table_contains(sw->ports, want))
		return refuse(c, "no such port: ", want);
	list = json_array();
	g_hash_table_iter_init(&it, sw->ports);
	while (g_hash_table_iter_next(&it, NULL, &p))
		if (!want || !strcmp(((struct port *)p)->id, want))
			json_array_append_new(list, connection(c->daemon, p));
	return list;
}

static const char *const kinds[] = {
	[VSW_OPTION_BOOL] = "boolean",
	[VSW_OPTION_NUMBER] = "number",
	[VSW_OPTION_WORD] = "word",
	[VSW_OPTION_TEXT] = "string",
	[VSW_OPTION_LIST] = "array of string",
};

static json_t *option(const struct vsw_option *o)
{
	json_t *j = json_pack("{s:s,s:s,s:s,s:b}", "name", o->key, "type", kinds[o->kind], "help",
			      o->help, "required", o->required);

	if (o->def)
		json_object_set_new(j, "default", json_string(o->def));
	if (o->kind == VSW_OPTION_NUMBER) {
		json_object_set_new(j, "min", json_integer(o->min));
		json_object_set_new(j, "max", json_integer(o->max));
	}
	if (o->words) {
		json_t *words = json_array();

		for (const char *const *w = o->words; *w; w++)
			json_array_append_new(words, json_string(*w));
		json_object_set_new(j, "words", words);
	}
	return j;
}

static json_t *options(const struct vsw_option *o)
{
	json_t *list = json_array();

	for (; o && o->key; o++)
		json_array_append_new(list, option(o));
	return list;
}

static json_t *query_transports(struct vd_call *c)
{
	json_t *list = json_array();

	for (const struct vsw_transport *const *t = vsw_transports; *t; t++)
		json_array_append_new(list, json_pack("{s:s,s:s,s:b,s:o}", "name", (*t)->name,
						      "help", (*t)->help, "sockets",
						      (*t)->kind == VSW_TRANSPORT_SOCKET, "options",
						      options((*t)->options)));
	return list;
}

static bool stats_there(void *opaque)
{
	struct asking *a = opaque;

	vsw_worker_stats(a->daemon->worker, &a->stats);
	return false;
}

static json_t *query_daemon(struct vd_call *c)
{
	struct asking a = { .daemon = c->daemon };

	vsw_worker_call(c->daemon->worker, stats_there, &a);
	return json_pack("{s:i,s:s,s:{s:I,s:I,s:I,s:I,s:I}}", "pid", (int)getpid(), "directory",
			 c->daemon->place, "frame-thread", "rounds", (json_int_t)a.stats.rounds,
			 "sleeps", (json_int_t)a.stats.sleeps, "calls", (json_int_t)a.stats.calls,
			 "longest-call-ns", (json_int_t)a.stats.longest_call, "looks-again-ns",
			 (json_int_t)a.stats.poll);
}

/* Does the client's machine come in from elsewhere? */
static bool incoming(const struct vd_call *c)
{
	return json_is_true(json_object_get(c->args, "incoming"));
}

/* The port that a client wants; NULL and the error is told. @made: it is new */
static struct port *plug_port(struct vd_call *c, struct dswitch *sw, bool *made)
{
	struct port_conf conf = { .id = text(c->args, "port"),
				  .portgroup = text(c->args, "portgroup"),
				  .source = PORT_WAITS };
	const char *mac = text(c->args, "mac");
	struct port *p;

	vsw_notes_read(c->daemon->worker); /* who left before this one came has left */
	p = conf.id ? g_hash_table_lookup(sw->ports, conf.id) : NULL;
	*made = false;
	if (p && p->wire && incoming(c) && p->source == PORT_WAITS)
		return p;
	if (p && (p->wire || p->source != PORT_WAITS)) {
		vsw_fail(c->err, c->errlen, "port: '%.63s' has something plugged in", conf.id);
		return NULL;
	}
	if (p)
		return p;
	if (mac && !vsw_text_station(mac, conf.mac)) {
		vsw_fail(c->err, c->errlen, "mac: must be a station's address");
		return NULL;
	}
	*made = true;
	return vd_port_new(sw, &conf, c->err, c->errlen);
}

/* What the client says of itself, and the system of it */
static void plug_client(const struct vd_call *c, struct port_client *who)
{
	const json_t *vm = json_object_get(c->args, "vm");
	const char *name = text(vm, "name"), *uuid = text(vm, "uuid");
	const char *kind = text(c->args, "kind");

	memset(who, 0, sizeof(*who));
	who->pid = c->peer->pid;
	who->uid = c->peer->uid;
	who->gid = c->peer->gid;
	g_strlcpy(who->vm, name ? name : "", sizeof(who->vm));
	g_strlcpy(who->uuid, uuid ? uuid : "", sizeof(who->uuid));
	g_strlcpy(who->kind, kind ? kind : "", sizeof(who->kind));
}

/* The token of the group that a port is in, or will be: the document may say which, whatever the
 * client says */
static bool may_plug(struct vd_call *c, struct dswitch *sw)
{
	const char *id = text(c->args, "port"), *group = text(c->args, "portgroup");
	const struct port *p = id ? g_hash_table_lookup(sw->ports, id) : NULL;
	const char *in =
		id ? vsw_control_portgroup(sw->control, id, p ? p->portgroup : group) : group;

	if (!in || !*in)
		return true;
	if (p && group && strcmp(group, in)) {
		vsw_fail(c->err, c->errlen, "portgroup: the port is in '%s'", in);
		return false;
	}
	if (vd_document_token(vsw_control_document(sw->control), in, text(c->args, "token")))
		return true;
	vd_log(VD_WARNING, "switch '%s': process %d of user %u gave a wrong token for '%s'",
	       sw->name, (int)c->peer->pid, (unsigned)c->peer->uid, in);
	vsw_fail(c->err, c->errlen, "token: is not that of port group '%s'", in);
	return false;
}

static const struct vsw_transport *plug_transport(struct vd_call *c)
{
	const char *name = text(c->args, "transport");
	const struct vsw_transport *t = vsw_transport_find(name ? name : "vhost-user");

	if (t && t->kind == VSW_TRANSPORT_SOCKET)
		return t;
	vsw_fail(c->err, c->errlen, "transport: '%.32s' is none that works on sockets",
		 name ? name : "vhost-user");
	return NULL;
}

/* As vd_port_plug(), or as the second of a port that is held */
static int plug_wire(struct vd_call *c, struct port *p, const struct vsw_transport *t,
		     const void *options, int fd, bool made)
{
	struct port_client who;
	int ret;

	plug_client(c, &who);
	if (p->wire)
		return vd_holder_may(p, &who, c->err, c->errlen) < 0 ?
			       -1 :
			       vd_holder_plug_second(p, t, options, fd, &who, c->err, c->errlen);
	ret = vd_port_plug(p, t, options, fd, &who, c->err, c->errlen);
	p->incoming = ret == 0 && incoming(c);
	p->fresh = p->incoming && made;
	return ret;
}

static json_t *plug_into(struct vd_call *c, struct port *p, bool made,
			 const struct vsw_transport *t)
{
	void *options = vsw_options_new(t->options, t->options_size);
	int pair[2], ret;

	if (socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0, pair) < 0) {
		vsw_fail(c->err, c->errlen, "%s", strerror(errno));
		vsw_options_free(t->options, options);
		return NULL;
	}
	ret = plug_wire(c, p, t, options, pair[0], made);
	vsw_options_free(t->options, options);
	if (ret == 0) {
		c->fd = pair[1];
		return json_pack("{s:s,s:s,s:s}", "switch", p->sw->name, "port", p->id, "portgroup",
				 group_of(p));
	}
	close(pair[0]);
	close(pair[1]);
	if (made)
		vd_port_free(p);
	return NULL;
}

static json_t *plug(struct vd_call *c)
{
	const struct vsw_transport *t = plug_transport(c);
	struct dswitch *sw = t ? the_switch(c, c->args) : NULL;
	struct port *p;
	bool made;

	if (!sw || !may_plug(c, sw))
		return NULL;
	p = plug_port(c, sw, &made);
	return p ? plug_into(c, p, made, t) : NULL;
}

static json_t *unplug(struct vd_call *c)
{
	struct dswitch *sw = the_switch(c, c->args);
	const char *id = text(c->args, "port");
	struct port *p;

	if (!sw)
		return NULL;
	p = id ? g_hash_table_lookup(sw->ports, id) : NULL;
	if (!p)
		return refuse(c, "no such port: ", id ? id : "");
	if (!p->wire)
		return refuse(c, "nothing is plugged into port ", id);
	vd_port_unplug(p, "unplugged by command");
	return json_object();
}

/* The first switch whose document waits for its confirmation, or NULL */
static const struct dswitch *waiting(const struct daemon *d)
{
	GHashTableIter it;
	gpointer sw;

	g_hash_table_iter_init(&it, d->switches);
	while (g_hash_table_iter_next(&it, NULL, &sw))
		if (vsw_control_waits(((struct dswitch *)sw)->control))
			return sw;
	return NULL;
}

static json_t *config_save(struct vd_call *c)
{
	const struct dswitch *sw = waiting(c->daemon);

	if (sw)
		return refuse(c, "a configuration waits for its confirmation on switch ", sw->name);
	if (vd_save(c->daemon, c->err, c->errlen) < 0)
		return NULL;
	return json_pack("{s:b,s:s}", "saved", 1, "file", c->daemon->file);
}

static json_t *config_reload(struct vd_call *c)
{
	return vd_reload(c->daemon, c->err, c->errlen) == 0 ? json_object() : NULL;
}

static gboolean quit_now(gpointer opaque)
{
	g_main_loop_quit(((struct daemon *)opaque)->loop);
	return G_SOURCE_REMOVE;
}

/* When all else is done: the answer comes first */
static json_t *quit(struct vd_call *c)
{
	GSource *s = g_idle_source_new();

	vd_log(VD_NOTICE, "asked to end by process %d", (int)c->peer->pid);
	g_source_set_callback(s, quit_now, c->daemon, NULL);
	g_source_attach(s, c->daemon->context);
	g_source_unref(s);
	return json_object();
}

/* For the process that takes over: all else goes by the socket that it gets */
static json_t *hand_over(struct vd_call *c)
{
	const json_t *version = json_object_get(c->args, "version");

	if (!json_is_integer(version))
		return refuse(c, "version: must be a number", "");
	c->fd = vd_handover_offer(c->daemon, c->peer, json_integer_value(version), c->err,
				  c->errlen);
	return c->fd < 0 ? NULL :
			   json_pack("{s:i,s:s}", "pid", (int)getpid(), "release", VD_VERSION);
}

static json_t *query_daemon_commands(struct vd_call *c);

const struct vd_command vd_commands[] = {
	{ "query-switches", query_switches, "", false, "switches of the daemon" },
	{ "query-connections", query_connections, "switch? port?", false,
	  "what is plugged into the ports, and by whom" },
	{ "query-transports", query_transports, "", false, "transports and their options" },
	{ "query-daemon", query_daemon, "", false, "the daemon as a whole" },
	{ "query-daemon-commands", query_daemon_commands, "", false,
	  "commands that are the daemon's own" },
	{ "plug", plug, "port switch? portgroup? token? mac? transport? vm? kind? incoming?", false,
	  "plug in: the answer comes with the socket of the connection" },
	{ "unplug", unplug, "port switch?", true, "pull out what is plugged in" },
	{ "config-save", config_save, "", true, "write the configuration into its file" },
	{ "config-reload", config_reload, "", true, "read it from there again" },
	{ "hand-over", hand_over, "version", true,
	  "for a vswitchd with --takeover: the answer comes with a socket for the rest" },
	{ "quit", quit, "", true, "end the daemon" },
	{ 0 }
};

static json_t *query_daemon_commands(struct vd_call *c)
{
	json_t *list = json_array();

	for (const struct vd_command *row = vd_commands; row->name; row++)
		json_array_append_new(list, json_pack("{s:s,s:s,s:s}", "name", row->name,
						      "arguments", row->args, "help", row->help));
	return list;
}

static const struct vd_command *find(const char *name)
{
	for (const struct vd_command *row = vd_commands; row->name; row++)
		if (!strcmp(row->name, name))
			return row;
	return NULL;
}

/* Commands of a switch that change nothing are for all */
static bool asks(const char *name)
{
	return g_str_has_prefix(name, "query-") || !strcmp(name, "qmp_capabilities");
}

static struct vsw_answer *own(struct vd_call *c, const struct vd_command *row, json_t *request)
{
	json_t *ret = NULL;

	if (vsw_arguments_check(row->name, row->args, c->args, c->err, c->errlen) == 0)
		ret = row->run(c);
	return ret ? vsw_answer_return(request, ret, c->fd) :
		     vsw_answer_error(request, "GenericError", c->err);
}

/*
 * A change was made: the answer says whether it was saved, if it was to be. What waits for its
 * confirmation is not: after a crash the document before it is in force.
 */
static struct vsw_answer *saved(struct vd_call *c, const struct dswitch *sw, struct vsw_answer *a)
{
	if (!c->daemon->saving)
		return a;
	if (vd_save(c->daemon, c->err, c->errlen) == 0) {
		vsw_answer_add(a, "saved", json_boolean(!vsw_control_waits(sw->control)));
		return a;
	}
	vd_log(VD_ERROR, "the configuration is not saved: %s", c->err);
	vsw_answer_add(a, "saved", json_false());
	vsw_answer_add(a, "save-error", json_string(c->err));
	return a;
}

static struct vsw_answer *for_switch(struct vd_call *c, json_t *request)
{
	json_t *args = json_object_get(request, "arguments");
	struct dswitch *sw = the_switch(c, args);
	struct vsw_answer *a;
	bool waited;

	if (!sw)
		return vsw_answer_error(request, "GenericError", c->err);
	json_object_del(args, "switch");
	waited = vsw_control_waits(sw->control);
	a = vsw_control_carry_out(sw->control, request);
	if (waited && !vsw_control_waits(sw->control))
		vd_changed(c->daemon);
	return saved(c, sw, a);
}

static struct vsw_answer *carry_out(struct daemon *d, const struct vsw_peer *peer, json_t *request,
				    const json_t *args)
{
	char err[300] = "out of memory";
	struct vd_call c = { d, peer, args, -1, err, sizeof(err) };
	const char *name = text(request, "execute");
	const struct vd_command *row = name ? find(name) : NULL;

	if (name && !vsw_peer_is_owner(peer) && (row ? row->owner : !asks(name)))
		return vsw_answer_error(request, "GenericError",
					"only the daemon's own user and root may do that");
	if (row && json_is_object(args))
		return own(&c, row, request);
	if (name && !strcmp(name, "qmp_capabilities"))
		return vsw_answer_return(request, json_object(), -1);
	return for_switch(&c, request);
}

static struct vsw_answer *begin(void *opaque, const struct vsw_peer *peer, const char *line,
				size_t len)
{
	struct vsw_answer *a;
	json_t *request = vsw_request_parse(line, len, &a), *none, *args;

	if (!request)
		return a;
	none = json_object();
	args = json_object_get(request, "arguments");
	a = carry_out(opaque, peer, request, args ? args : none);
	json_decref(none);
	json_decref(request);
	return a;
}

static char *greeting(void *opaque)
{
	json_t *j =
		json_pack("{s:{s:{s:{s:i,s:i,s:i},s:s},s:[]}}", "QMP", "version", "qemu", "major",
			  0, "minor", 1, "micro", 0, "package", "vswitchd", "capabilities");
	char *line = j ? json_dumps(j, JSON_COMPACT) : NULL;

	json_decref(j);
	return line;
}

const struct vsw_service vd_service = { greeting, begin };
