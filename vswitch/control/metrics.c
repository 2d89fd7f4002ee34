/* SPDX-License-Identifier: BSD-2-Clause */
/* Counters in Prometheus' text format. */
#include "vswitch/metrics.h"

#include <jansson.h>

#include "vswitch/control.h"

#define COUNT(list) (sizeof(list) / sizeof((list)[0]))

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
static void put_label(FILE *out, const char *name, const char *value, char before)
{
	fprintf(out, "%c%s=\"", before, name);
	for (; *value; value++)
		if (*value == '\n')
			fputs("\\n", out);
		else
			fprintf(out, *value == '"' || *value == '\\' ? "\\%c" : "%c", *value);
	putc('"', out);
}

static void put_value(FILE *out, const json_t *v)
{
	fprintf(out, " %" JSON_INTEGER_FORMAT "\n",
		json_is_boolean(v) ? json_is_true(v) : json_integer_value(v));
}

static void put_head(FILE *out, const char *name, const char *type, const char *help)
{
	fprintf(out, "# HELP vchassis_%s %s\n# TYPE vchassis_%s %s\n", name, help, name, type);
}

/* Labels that say whose a sample is; @open: others follow */
static void put_whose(FILE *out, const json_t *item, bool open)
{
	const char *sw = json_string_value(json_object_get(item, "switch"));
	const char *port = json_string_value(json_object_get(item, "id"));

	if (sw)
		put_label(out, "switch", sw, '{');
	if (port)
		put_label(out, "port", port, sw ? ',' : '{');
	if ((sw || port) && !open)
		putc('}', out);
}

/* What comes before a further label */
static char before(const json_t *item)
{
	return json_object_get(item, "switch") || json_object_get(item, "id") ? ',' : '{';
}

static void put_samples(FILE *out, const struct metric *m, const json_t *item)
{
	const json_t *v = vsw_answer_member(item, m->path);
	const char *key;
	json_t *member;

	if (!m->label) {
		fprintf(out, "vchassis_%s", m->name);
		put_whose(out, item, false);
		put_value(out, v);
		return;
	}
	json_object_foreach((json_t *)v, key, member) {
		fprintf(out, "vchassis_%s", m->name);
		put_whose(out, item, true);
		put_label(out, m->label, key, before(item));
		putc('}', out);
		put_value(out, member);
	}
}

static void put_metrics(FILE *out, const struct metric *m, const json_t *items)
{
	json_t *item;
	size_t i;

	for (; m->name && json_array_size(items); m++) {
		put_head(out, m->name, m->type, m->help);
		json_array_foreach(items, i, item)
			put_samples(out, m, item);
	}
}

/* Frames or bytes of a port, by direction and by kind of destination */
static void put_traffic(FILE *out, const json_t *port, const char *what)
{
	static const char *const ways[] = { "in", "out" };
	static const char *const kinds[] = { "unicast", "multicast", "broadcast" };
	char path[64];

	for (unsigned w = 0; w < COUNT(ways); w++)
		for (unsigned k = 0; k < COUNT(kinds); k++) {
			snprintf(path, sizeof(path), "counters.%s.%s.%s", ways[w], kinds[k], what);
			fprintf(out, "vchassis_port_%s_total", what);
			put_whose(out, port, true);
			put_label(out, "direction", ways[w], before(port));
			put_label(out, "kind", kinds[k], ',');
			putc('}', out);
			put_value(out, vsw_answer_member(port, path));
		}
}

static void put_all_traffic(FILE *out, const json_t *ports, const char *what, const char *help)
{
	char name[40];
	json_t *port;
	size_t i;

	snprintf(name, sizeof(name), "port_%s_total", what);
	if (json_array_size(ports))
		put_head(out, name, "counter", help);
	json_array_foreach(ports, i, port)
		put_traffic(out, port, what);
}

void vsw_metrics_write(const struct vsw_metrics *m, FILE *out)
{
	put_metrics(out, of_daemon, m->daemon);
	put_metrics(out, of_switches, m->switches);
	put_all_traffic(out, m->ports, "frames", "frames, in is from the port");
	put_all_traffic(out, m->ports, "bytes", "bytes on the wire, in is from the port");
	put_metrics(out, of_ports, m->ports);
}
