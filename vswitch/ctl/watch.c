/* SPDX-License-Identifier: BSD-2-Clause */
/* Events as they come. */
#include "watch.h"

#include <stdio.h>
#include <string.h>

#include "table.h"

static bool is_wanted(const struct ctl *c, const json_t *event)
{
	const char *port = ctl_arg(c, "PORT"),
		   *of = json_string_value(vsw_answer_member(event, "data.port")),
		   *on = json_string_value(vsw_answer_member(event, "data.switch"));

	return (!port || (of && !strcmp(port, of))) && (!c->on || (on && !strcmp(c->on, on)));
}

static void put_time(GString *out, const json_t *event)
{
	const json_t *t = json_object_get(event, "timestamp");
	gint64 us = json_integer_value(json_object_get(t, "microseconds"));
	g_autoptr(GDateTime) when =
		g_date_time_new_from_unix_local(json_integer_value(json_object_get(t, "seconds")));
	g_autofree char *text = when ? g_date_time_format(when, "%H:%M:%S") : g_strdup("?");

	g_string_append_printf(out, "%s.%03d ", text, (int)(us / 1000 % 1000));
}

static void put_line(const json_t *event)
{
	g_autoptr(GString) out = g_string_new(NULL);
	static const char *const members[] = { "event", "data.switch", "data.port", "data.mac",
					       "data.vlan" };

	put_time(out, event);
	for (unsigned i = 0; i < G_N_ELEMENTS(members); i++) {
		const json_t *v = vsw_answer_member(event, members[i]);

		if (!v)
			continue;
		table_text(out, v);
		g_string_append_c(out, ' ');
	}
	g_string_append(out, "- ");
	table_text(out, vsw_answer_member(event, "data.text"));
	puts(out->str);
}

static void put_json(const json_t *event)
{
	json_dumpf(event, stdout, JSON_COMPACT);
	putchar('\n');
}

int watch_run(struct ctl *c)
{
	int status;
	struct wire *w = ctl_wire(c, &status);
	g_autofree char *err = NULL;
	json_t *event;

	for (unsigned n = 0; w && (!c->count || n < c->count);) {
		event = wire_event(w, &status, &err);
		if (!event)
			return ctl_fail(status, "%s", err);
		if (is_wanted(c, event)) {
			n++;
			(c->json ? put_json : put_line)(event);
			status = ctl_flush();
		}
		json_decref(event);
		if (status != EX_OK)
			return status;
	}
	return w ? EX_OK : status;
}
