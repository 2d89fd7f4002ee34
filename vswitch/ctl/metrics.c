/* SPDX-License-Identifier: BSD-2-Clause */
/* Counters in Prometheus' text format: what the switches answer is gathered first, since all
 * samples of a metric stand together. */
#include "metrics.h"

#include <string.h>

#include "vswitch/metrics.h"

static const char *name_of(const json_t *sw)
{
	const char *s = json_string_value(json_object_get(sw, "name"));

	return s ? s : "";
}

static json_t *args_of(const struct ctl *c, const char *name)
{
	json_t *args = json_object();

	if (wire_is_daemon(c->wire))
		json_object_set_new(args, "switch", json_string(name));
	return args;
}

static int gather(struct ctl *c, struct vsw_metrics *g, const char *name)
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

static int gather_daemon(struct ctl *c, struct vsw_metrics *g)
{
	int status;
	json_t *list = ctl_ask(c, "query-switches", NULL, &status), *daemon, *sw;
	size_t i;

	if (!list)
		return status;
	status = EX_OK;
	json_array_foreach(list, i, sw)
		if (status == EX_OK && (!c->on || !strcmp(c->on, name_of(sw))))
			status = gather(c, g, name_of(sw));
	json_decref(list);
	daemon = status == EX_OK ? ctl_ask(c, "query-daemon", NULL, &status) : NULL;
	if (daemon)
		json_array_append_new(g->daemon, daemon);
	return status;
}

int metrics_run(struct ctl *c)
{
	struct vsw_metrics g = { json_array(), json_array(), json_array() };
	int status;
	struct wire *w = ctl_wire(c, &status);

	if (w)
		status = wire_is_daemon(w) ? gather_daemon(c, &g) : gather(c, &g, wire_switch(w));
	if (status == EX_OK) {
		vsw_metrics_write(&g, stdout);
		status = ctl_flush();
	}
	json_decref(g.ports);
	json_decref(g.switches);
	json_decref(g.daemon);
	return status;
}
