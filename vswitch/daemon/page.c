/* SPDX-License-Identifier: BSD-2-Clause */
/* All counters as one page for Prometheus: what commands answer, gathered (exporter.h). */
#include <jansson.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "command.h"
#include "daemon.h"
#include "dswitch.h"
#include "exporter.h"
#include "vswitch/metrics.h"

#define PIECE 8192

/* The whole of an answer, or NULL */
static json_t *whole(struct vsw_answer *a)
{
	GString *text = g_string_new(NULL);
	enum vsw_answer_state state = a ? VSW_ANSWER_MORE : VSW_ANSWER_BROKEN;
	char buf[PIECE];
	json_t *j;
	size_t n;

	while (state == VSW_ANSWER_MORE) {
		state = vsw_answer_read(a, buf, sizeof(buf), &n);
		g_string_append_len(text, buf, (gssize)n);
	}
	vsw_answer_free(a);
	j = state == VSW_ANSWER_COMPLETE ? json_loadb(text->str, text->len, 0, NULL) : NULL;
	g_string_free(text, TRUE);
	return j;
}

/* What a command returns, of one switch or of the daemon; a new reference, or NULL */
static json_t *ask(struct daemon *d, const char *command, const char *sw)
{
	const struct vsw_peer own = { .pid = getpid(), .uid = getuid(), .gid = getgid() };
	json_t *request =
		json_pack("{s:s,s:{s:s*}}", "execute", command, "arguments", "switch", sw);
	char *text = request ? json_dumps(request, JSON_COMPACT) : NULL;
	json_t *answer = text ? whole(vd_service.begin(d, &own, text, strlen(text))) : NULL;
	json_t *ret = json_incref(json_object_get(answer, "return"));

	json_decref(answer);
	free(text);
	json_decref(request);
	return ret;
}

static void gather(struct daemon *d, struct vsw_metrics *m, const char *name)
{
	json_t *sw = ask(d, "query-switch", name), *ports = ask(d, "query-ports", name), *port;
	size_t i;

	if (sw) {
		json_object_set_new(sw, "switch", json_string(name));
		json_array_append_new(m->switches, sw);
	}
	json_array_foreach(ports, i, port)
		json_object_set_new(port, "switch", json_string(name));
	json_array_extend(m->ports, ports);
	json_decref(ports);
}

static GBytes *written(const struct vsw_metrics *m)
{
	char *text = NULL;
	size_t len = 0;
	FILE *f = open_memstream(&text, &len);

	if (!f)
		return NULL;
	vsw_metrics_write(m, f);
	if (fclose(f) == 0)
		return g_bytes_new_with_free_func(text, len, free, text);
	free(text);
	return NULL;
}

GBytes *vd_page(struct daemon *d)
{
	struct vsw_metrics m = { json_array(), json_array(), json_array() };
	json_t *daemon = ask(d, "query-daemon", NULL);
	GHashTableIter it;
	gpointer name;
	GBytes *page;

	if (daemon)
		json_array_append_new(m.daemon, daemon);
	g_hash_table_iter_init(&it, d->switches);
	while (g_hash_table_iter_next(&it, &name, NULL))
		gather(d, &m, name);
	page = written(&m);
	json_decref(m.ports);
	json_decref(m.switches);
	json_decref(m.daemon);
	return page;
}
