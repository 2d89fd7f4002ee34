/* SPDX-License-Identifier: BSD-2-Clause */
/* The configuration as a whole (config.h has the theory). */
#include "config.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

json_t *config_read(const char *path, int *status)
{
	json_error_t e;
	json_t *doc;

	if (access(path, R_OK) < 0) {
		*status = ctl_fail(EX_NOINPUT, "%s: %s", path, g_strerror(errno));
		return NULL;
	}
	doc = json_load_file(path, JSON_REJECT_DUPLICATES, &e);
	if (json_is_object(doc))
		return doc;
	*status = doc ? ctl_fail(EX_CONFIG, "%s: must be an object", path) :
			ctl_fail(EX_CONFIG, "%s:%d:%d: %s", path, e.line, e.column, e.text);
	json_decref(doc);
	return NULL;
}

static json_t *ask_of(struct ctl *c, const char *command, const char *name, json_t *args,
		      int *status)
{
	args = args ? args : json_object();
	if (name)
		json_object_set_new(args, "switch", json_string(name));
	return ctl_ask(c, command, args, status);
}

static json_t *all_running(struct ctl *c, int *status)
{
	json_t *list = ctl_ask(c, "query-switches", NULL, status), *doc, *v;
	json_t *switches = json_object();
	size_t i;

	json_array_foreach(list, i, v) {
		const char *name = json_string_value(json_object_get(v, "name"));

		doc = name ? ask_of(c, "query-config", name, NULL, status) : NULL;
		if (doc)
			json_object_set_new(switches, name, doc);
	}
	if (list && json_object_size(switches) == json_array_size(list)) {
		json_decref(list);
		return json_pack("{s:o}", "switches", switches);
	}
	json_decref(list);
	json_decref(switches);
	return NULL;
}

json_t *config_running(struct ctl *c, bool daemons, int *status)
{
	return daemons ? all_running(c, status) : ctl_ask(c, "query-config", NULL, status);
}

static bool is_daemons(const json_t *doc)
{
	return json_object_get(doc, "switches") != NULL;
}

/* In which form is what runs told, if no file says it? */
static json_t *running(struct ctl *c, int *status)
{
	struct wire *w = ctl_wire(c, status);

	return w ? config_running(c, wire_is_daemon(w) && !c->on, status) : NULL;
}

static int print_json(const json_t *doc)
{
	json_dumpf(doc, stdout, JSON_INDENT(2));
	putchar('\n');
	return ctl_flush();
}

int config_show(struct ctl *c)
{
	int status;
	json_t *doc = running(c, &status);

	if (!doc)
		return status;
	status = print_json(doc);
	json_decref(doc);
	return status;
}

/* A daemon's document is for a daemon */
static int check_form(struct ctl *c, const char *path, const json_t *doc)
{
	int status;
	struct wire *w = ctl_wire(c, &status);

	if (!w)
		return status;
	if (is_daemons(doc) && !wire_is_daemon(w))
		return ctl_fail(EX_CONFIG, "%s: /switches: is of a daemon, here is one switch",
				path);
	if (is_daemons(doc) && c->on)
		return ctl_fail(EX_USAGE, "--switch: %s has all switches of a daemon", path);
	return EX_OK;
}

/* Have each switch of a document do @command with its part */
static int each_switch(struct ctl *c, const json_t *doc, const char *command)
{
	const json_t *switches = json_object_get(doc, "switches");
	int status = EX_OK, one = EX_OK;
	const char *name;
	json_t *part;

	if (!is_daemons(doc))
		switches = json_pack("{s:O}", "", (json_t *)doc);
	json_object_foreach((json_t *)switches, name, part) {
		json_t *args = json_pack("{s:O}", "config", part), *answer;

		if (c->confirm)
			json_object_set_new(args, "confirm-timeout", json_integer(c->confirm));
		answer = ask_of(c, command, is_daemons(doc) ? name : NULL, args, &one);
		json_decref(answer);
		status = one != EX_OK ? one : status;
		if (!answer)
			break;
	}
	if (!is_daemons(doc))
		json_decref((json_t *)switches);
	return status == CTL_REFUSED ? EX_CONFIG : status;
}

/* Is somebody there to be asked? Without --socket nobody need be */
static bool reachable(struct ctl *c)
{
	g_autofree char *path = wire_path(c->socket), *err = NULL;
	int status;

	if (!c->wire && !c->socket)
		c->wire = wire_new(path, &status, &err);
	return c->wire || c->socket;
}

int config_check(struct ctl *c)
{
	const char *path = ctl_arg(c, "FILE");
	int status = EX_OK;
	json_t *doc = config_read(path, &status);
	bool online = reachable(c);

	if (!doc)
		return status;
	if (online)
		status = check_form(c, path, doc);
	if (status == EX_OK)
		status = online ? each_switch(c, doc, "config-check") :
				  config_check_offline(path, doc);
	if (status == EX_OK && !c->json)
		printf("%s: could be put in force (%s)\n", path,
		       online ? "says the switch that runs" : "nobody was asked that runs");
	json_decref(doc);
	return status == EX_OK ? ctl_flush() : status;
}

int config_load(struct ctl *c)
{
	const char *path = ctl_arg(c, "FILE");
	int status;
	json_t *doc = config_read(path, &status);

	if (!doc)
		return status;
	status = check_form(c, path, doc);
	if (status == EX_OK)
		status = each_switch(c, doc, "config-set");
	json_decref(doc);
	return status;
}

static void put_difference(char sign, const char *path, const json_t *v)
{
	char *text = json_dumps(v, JSON_COMPACT | JSON_ENCODE_ANY);

	printf("%c %s: %s\n", sign, *path ? path : "/", text ? text : "");
	free(text);
}

/* Values that are not the same, by path. Return: how many */
static unsigned differences(const char *path, const json_t *a, const json_t *b)
{
	unsigned n = 0;
	const char *key;
	json_t *v;

	if (json_equal((json_t *)a, (json_t *)b))
		return 0;
	if (!json_is_object(a) || !json_is_object(b)) {
		if (a)
			put_difference('-', path, a);
		if (b)
			put_difference('+', path, b);
		return 1;
	}
	json_object_foreach((json_t *)a, key, v) {
		g_autofree char *at = g_strdup_printf("%s/%s", path, key);

		n += differences(at, v, json_object_get(b, key));
	}
	json_object_foreach((json_t *)b, key, v) {
		g_autofree char *at = g_strdup_printf("%s/%s", path, key);

		n += json_object_get(a, key) ? 0 : differences(at, NULL, v);
	}
	return n;
}

/* From FILE to OTHER, or from what runs to FILE */
int config_diff(struct ctl *c)
{
	const char *file = ctl_arg(c, "FILE"), *other = ctl_arg(c, "OTHER");
	int status = EX_OK;
	json_t *a = config_read(file, &status), *b;

	if (!a)
		return status;
	b = other ? config_read(other, &status) : config_running(c, is_daemons(a), &status);
	if (b) {
		status = (other ? differences("", a, b) : differences("", b, a)) ? CTL_REFUSED :
										   EX_OK;
		status = ctl_flush() == EX_OK ? status : EX_IOERR;
	}
	json_decref(a);
	json_decref(b);
	return status;
}

static int write_file(const char *path, const char *text)
{
	g_autoptr(GError) e = NULL;

	return g_file_set_contents(path, text, -1, &e) ?
		       EX_OK :
		       ctl_fail(g_error_matches(e, G_FILE_ERROR, G_FILE_ERROR_NOSPC) ||
						g_error_matches(e, G_FILE_ERROR,
								G_FILE_ERROR_FAILED) ?
					EX_IOERR :
					EX_CANTCREAT,
				"%s", e->message);
}

/* Into FILE, or by the daemon into its own */
int config_save(struct ctl *c)
{
	const char *path = ctl_arg(c, "FILE");
	g_autofree char *line = NULL;
	char *text;
	int status;
	json_t *doc;

	if (!path)
		return ctl_run_command(c);
	doc = running(c, &status);
	if (!doc)
		return status;
	text = json_dumps(doc, JSON_INDENT(2));
	json_decref(doc);
	line = g_strconcat(text, "\n", NULL);
	free(text);
	return write_file(path, line);
}
