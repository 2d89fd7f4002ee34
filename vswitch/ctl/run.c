/* SPDX-License-Identifier: BSD-2-Clause */
/* What all words share: arguments, the connection, commands, printing (ctl.h). */
#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "ctl.h"
#include "table.h"
#include "words.h"

int ctl_fail(int status, const char *format, ...)
{
	g_autoptr(GString) clean = g_string_new(NULL);
	g_autofree char *text = NULL;
	va_list ap;

	va_start(ap, format);
	text = g_strdup_vprintf(format, ap);
	va_end(ap);
	table_clean(clean, text);
	fflush(stdout);
	fprintf(stderr, "vswitchctl: %s\n", clean->str);
	return status;
}

const char *ctl_arg(const struct ctl *c, const char *name)
{
	for (guint i = 0; i < c->arg->len; i++)
		if (!strcmp(g_ptr_array_index(c->name, i), name))
			return g_ptr_array_index(c->arg, i);
	return NULL;
}

static int check_switch(const struct ctl *c)
{
	if (!c->on || wire_is_daemon(c->wire) || !strcmp(c->on, wire_switch(c->wire)))
		return EX_OK;
	return ctl_fail(EX_USAGE, "--switch: '%s' is not there, this is the switch '%s'", c->on,
			wire_switch(c->wire));
}

struct wire *ctl_wire(struct ctl *c, int *status)
{
	g_autofree char *path = NULL, *err = NULL;

	*status = EX_OK;
	if (c->wire)
		return c->wire;
	path = wire_path(c->socket);
	c->wire = wire_new(path, status, &err);
	if (!c->wire) {
		ctl_fail(*status, "%s", err);
		return NULL;
	}
	*status = check_switch(c);
	return *status ? NULL : c->wire;
}

/* Commands that a daemon itself answers */
static bool for_all(const char *command)
{
	static const char *const all[] = { "query-switches", "query-transports",
					   "query-daemon",   "query-daemon-commands",
					   "config-save",    "config-reload",
					   "quit",	     NULL };

	return g_strv_contains(all, command);
}

static json_t *ask(struct ctl *c, const char *command, json_t *args, int *status, char **err)
{
	if (wire_is_daemon(c->wire) && c->on && !for_all(command)) {
		args = args ? args : json_object();
		json_object_set_new(args, "switch", json_string(c->on));
	}
	return wire_ask(c->wire, command, args, status, err);
}

json_t *ctl_try(struct ctl *c, const char *command, json_t *args)
{
	g_autofree char *err = NULL;
	int status;

	return ask(c, command, args, &status, &err);
}

/*
 * What the answer of a change says besides: values without effect, by path, and that the change is
 * in force but could not be saved, which is a failure.
 */
static int tell_of_change(const json_t *answer)
{
	const char *unsaved = json_string_value(json_object_get(answer, "save-error"));
	const json_t *list = json_object_get(answer, "warnings"), *v;
	size_t i;

	json_array_foreach(list, i, v) {
		const char *path = json_string_value(json_object_get(v, "path"));
		const char *text = json_string_value(json_object_get(v, "text"));

		ctl_fail(EX_OK, "warning: %s: %s", path ? path : "", text ? text : "");
	}
	return unsaved ? ctl_fail(EX_IOERR, "in force, but not saved: %s", unsaved) : EX_OK;
}

json_t *ctl_ask(struct ctl *c, const char *command, json_t *args, int *status)
{
	g_autofree char *err = NULL;
	json_t *ret;

	if (!ctl_wire(c, status)) {
		json_decref(args);
		return NULL;
	}
	ret = ask(c, command, args, status, &err);
	if (!ret && *status == CTL_REFUSED)
		ctl_fail(*status, "%s%s%s: %s", c->word->noun, *c->word->verb ? " " : "",
			 c->word->verb, err);
	else if (!ret)
		ctl_fail(*status, "%s", err);
	else
		*status = tell_of_change(ret);
	return ret;
}

/* An argument as the command has it: what is called VLAN is a number there */
static int add_arg(json_t *args, const char *name, const char *value)
{
	g_autofree char *key = g_ascii_strdown(name, -1);
	guint64 n;

	if (strcmp(name, "VLAN")) {
		json_object_set_new(args, key, json_string(value));
		return EX_OK;
	}
	if (!g_ascii_string_to_unsigned(value, 10, 0, 4095, &n, NULL))
		return ctl_fail(EX_USAGE, "%s: '%s' is no number of a VLAN", name, value);
	json_object_set_new(args, key, json_integer((json_int_t)n));
	return EX_OK;
}

int ctl_run_command(struct ctl *c)
{
	json_t *args = json_object(), *answer;
	int status = EX_OK;

	for (guint i = 0; i < c->arg->len && status == EX_OK; i++)
		status = add_arg(args, g_ptr_array_index(c->name, i), g_ptr_array_index(c->arg, i));
	if (status != EX_OK) {
		json_decref(args);
		return status;
	}
	answer = ctl_ask(c, c->word->command, args, &status);
	if (!answer)
		return status;
	if (status == EX_OK)
		status = ctl_print(c, answer);
	else
		ctl_print(c, answer);
	json_decref(answer);
	return status;
}

int ctl_flush(void)
{
	if (fflush(stdout) == 0 && !ferror(stdout))
		return EX_OK;
	return ctl_fail(EX_IOERR, "standard output: %s", g_strerror(errno));
}

int ctl_print(const struct ctl *c, const json_t *answer)
{
	g_autoptr(GString) text = NULL;

	if (c->json) {
		json_dumpf(answer, stdout, JSON_INDENT(2) | JSON_ENCODE_ANY);
		putchar('\n');
		return ctl_flush();
	}
	text = c->word->columns && json_is_array(answer) ? table_rows(c->word->columns, answer) :
							   table_members(answer);
	fputs(text->str, stdout);
	return ctl_flush();
}
