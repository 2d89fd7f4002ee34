/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Counters in Prometheus' text format (version 0.0.4): what the switches answer, gathered first,
 * since all samples of a metric stand together.
 */
#include "metrics.h"

#include <stdio.h>
#include <string.h>

#include "table.h"

/*
 * struct metric - a metric of ports, of switches or of the daemon
 * @path:  Where its value is; a number or boolean. With @label it is an object, and each member is
 *      a sample
 * @label: Name of the label that tells members apart; or NULL
 */
struct metric {
	const char *name, *type, *path, *label, *help;
};

static const struct metric of_ports[] = {
	{ "port_link", "gauge", "link", NULL, "1 if the port's link is up" },
	{ "port_drops_total", "counter", "counters.drops", "reason", "frames that were dropped" },
	{ "port_gso_in_total", "counter", "counters.in.gso", NULL,
	  "messages from the port that travelled whole" },
	{ "port_gso_out_total", "counter", "counters.out.gso", NULL,
	  "messages to the port that travelled whole" },
	{ "port_segmented_total", "counter", "counters.segmented", NULL,
	  "messages that were cut for the port" },
	{ "port_queue_frames", "gauge", "counters.queue.frames", NULL, "frames that wait" },
	{ "port_queue_bytes", "gauge", "counters.queue.bytes", NULL, "bytes that wait" },
	{ "port_queued_total", "counter", "counters.queue.queued", NULL, "frames that waited" },
	{ "port_ecn_marked_total", "counter", "counters.queue.ecn-marked", NULL,
	  "frames that were marked instead of dropped" },
	{ "port_addresses", "gauge", "counters.addresses", NULL, "addresses that were learnt" },
	{ "port_moves_total", "counter", "counters.moves", NULL, "stations that moved here" },
	{ 0 }
};

static const struct metric of_switches[] = { { "switch_ports", "gauge", "ports", NULL, "ports" },
					     { "switch_addresses", "gauge", "addresses", NULL,
					       "entries of the table of addresses" },
					     { 0 } };

static const struct metric of_daemon[] = {
	{ "daemon_rounds_total", "counter", "frame-thread.rounds", NULL,
	  "rounds of the frame thread" },
	{ "daemon_sleeps_total", "counter", "frame-thread.sleeps", NULL,
	  "times that the frame thread slept" },
	{ "daemon_longest_call_ns", "gauge", "frame-thread.longest-call-ns", NULL,
	  "longest time that control held the frame thread up" },
	{ 0 }
};

/* The value of a label: what ends it or a line is written with a backslash */
static void put_label(const char *name, const char *value, char before)
{
	printf("%c%s=\"", before, name);
	for (; *value; value++)
		if (*value == '\n')
			fputs("\\n", stdout);
		else
			printf(*value == '"' || *value == '\\' ? "\\%c" : "%c", *value);
	putchar('"');
}

static void put_value(const json_t *v)
{
	printf(" %" JSON_INTEGER_FORMAT "\n",
	       json_is_boolean(v) ? json_is_true(v) : json_integer_value(v));
}

static void put_head(const char *name, const char *type, const char *help)
{
	printf("# HELP vchassis_%s %s\n# TYPE vchassis_%s %s\n", name, help, name, type);
}

static const char *text(const json_t *item, const char *key)
{
	const char *s = json_string_value(json_object_get(item, key));

	return s ? s : "";
}

/* Labels that say whose a sample is; @open: others follow */
static void put_whose(const json_t *item, bool open)
{
	bool port = json_object_get(item, "id");

	if (json_object_get(item, "switch")) {
		put_label("switch", text(item, "switch"), '{');
		if (port)
			put_label("port", text(item, "id"), ',');
		if (!open)
			putchar('}');
	}
}

static void put_samples(const struct metric *m, const json_t *item)
{
	const json_t *v = table_member(item, m->path);
	const char *key;
	json_t *member;

	if (!m->label) {
		printf("vchassis_%s", m->name);
		put_whose(item, false);
		put_value(v);
		return;
	}
	json_object_foreach((json_t *)v, key, member) {
		printf("vchassis_%s", m->name);
		put_whose(item, true);
		put_label(m->label, key, ',');
		putchar('}');
		put_value(member);
	}
}

static void put_metrics(const struct metric *m, const json_t *items)
{
	json_t *item;
	size_t i;

	for (; m->name && json_array_size(items); m++) {
		put_head(m->name, m->type, m->help);
		json_array_foreach(items, i, item)
			put_samples(m, item);
	}
}

/* Frames or bytes of a port, by direction and by kind of destination */
static void put_traffic(const json_t *port, const char *what)
{
	static const char *const ways[] = { "in", "out" };
	static const char *const kinds[] = { "unicast", "multicast", "broadcast" };

	for (unsigned w = 0; w < G_N_ELEMENTS(ways); w++)
		for (unsigned k = 0; k < G_N_ELEMENTS(kinds); k++) {
			g_autofree char *path =
				g_strdup_printf("counters.%s.%s.%s", ways[w], kinds[k], what);

			printf("vchassis_port_%s_total", what);
			put_whose(port, true);
			put_label("direction", ways[w], ',');
			put_label("kind", kinds[k], ',');
			putchar('}');
			put_value(table_member(port, path));
		}
}

static void put_all_traffic(const json_t *ports, const char *what, const char *help)
{
	g_autofree char *name = g_strdup_printf("port_%s_total", what);
	json_t *port;
	size_t i;

	if (json_array_size(ports))
		put_head(name, "counter", help);
	json_array_foreach(ports, i, port)
		put_traffic(port, what);
}

/* struct gathered - answers; each item has "switch" besides */
struct gathered {
	json_t *ports, *switches, *daemon;
};

static json_t *args_of(const struct ctl *c, const char *name)
{
	json_t *args = json_object();

	if (wire_is_daemon(c->wire))
		json_object_set_new(args, "switch", json_string(name));
	return args;
}

static int gather(struct ctl *c, struct gathered *g, const char *name)
{
	int status;
	json_t *sw = ctl_ask(c, "query-switch", args_of(c, name), &status), *ports, *port;
	size_t i;

	ports = sw ? ctl_ask(c, "query-ports", args_of(c, name), &status) : NULL;
	if (!ports) {
		json_decref(sw);
		return status;
	}
	json_object_set_new(sw, "switch", json_string(name));
	json_array_append_new(g->switches, sw);
	json_array_foreach(ports, i, port)
		json_object_set_new(port, "switch", json_string(name));
	json_array_extend(g->ports, ports);
	json_decref(ports);
	return EX_OK;
}

static int gather_daemon(struct ctl *c, struct gathered *g)
{
	int status;
	json_t *list = ctl_ask(c, "query-switches", NULL, &status), *daemon, *sw;
	size_t i;

	if (!list)
		return status;
	status = EX_OK;
	json_array_foreach(list, i, sw)
		if (status == EX_OK && (!c->on || !strcmp(c->on, text(sw, "name"))))
			status = gather(c, g, text(sw, "name"));
	json_decref(list);
	daemon = status == EX_OK ? ctl_ask(c, "query-daemon", NULL, &status) : NULL;
	if (daemon)
		json_array_append_new(g->daemon, daemon);
	return status;
}

static void put(const struct gathered *g)
{
	put_metrics(of_daemon, g->daemon);
	put_metrics(of_switches, g->switches);
	put_all_traffic(g->ports, "frames", "frames, in is from the port");
	put_all_traffic(g->ports, "bytes", "bytes on the wire, in is from the port");
	put_metrics(of_ports, g->ports);
}

int metrics_run(struct ctl *c)
{
	struct gathered g = { json_array(), json_array(), json_array() };
	int status;
	struct wire *w = ctl_wire(c, &status);

	if (w)
		status = wire_is_daemon(w) ? gather_daemon(c, &g) : gather(c, &g, wire_switch(w));
	if (status == EX_OK) {
		put(&g);
		status = ctl_flush();
	}
	json_decref(g.ports);
	json_decref(g.switches);
	json_decref(g.daemon);
	return status;
}
