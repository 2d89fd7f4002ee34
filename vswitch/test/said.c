/* SPDX-License-Identifier: BSD-2-Clause */
/* Answers and events against the rows that declare their members (said.h). */
#include "said.h"

#include <check.h>
#include <jansson.h>
#include <stdio.h>
#include <string.h>

#include "control/capture.h"
#include "control/change.h"
#include "control/fields.h"
#include "control/look.h"
#include "control/query.h"

#define SEEN 400u

/* Rows that occurred, and kinds of events */
static const struct vsw_field *seen[SEEN];
static unsigned n_seen;
static bool event_seen[VSW_EVENT_COUNT];

static bool was_seen(const struct vsw_field *f)
{
	for (unsigned i = 0; i < n_seen; i++)
		if (seen[i] == f)
			return true;
	return false;
}

static void see(const struct vsw_field *f)
{
	if (was_seen(f))
		return;
	ck_assert_uint_lt(n_seen, SEEN);
	seen[n_seen++] = f;
}

static const char *type_of(const json_t *v)
{
	static char text[40];

	if (json_is_array(v)) {
		const json_t *first = json_array_get(v, 0);

		snprintf(text, sizeof(text), "array of %s", first ? type_of(first) : "");
		return text;
	}
	return json_is_string(v)  ? "string" :
	       json_is_integer(v) ? "number" :
	       json_is_boolean(v) ? "boolean" :
	       json_is_object(v)  ? "object" :
				    "another";
}

/* Is the row one of a member of the object at @path? Return its name there, or NULL */
static const char *member_of(const struct vsw_field *f, const char *path)
{
	size_t len = strlen(path);

	if (strncmp(f->path, path, len) || (len && f->path[len] != '.'))
		return NULL;
	return strchr(f->path + len + (len > 0), '.') ? NULL : f->path + len + (len > 0);
}

static const struct vsw_field *find(const struct vsw_field *f, const char *path, const char *key)
{
	for (; f->path; f++) {
		const char *name = member_of(f, path);

		if (name && (!strcmp(name, key) || !strcmp(name, "*")))
			return f;
	}
	return NULL;
}

static void look_at(const struct vsw_field *rows, const char *path, const json_t *v,
		    const char *whole);

static void one_member(const struct vsw_field *rows, const struct vsw_field *f, const json_t *v,
		       const char *whole)
{
	size_t i;
	json_t *entry;

	if (f->maybe && json_is_null(v))
		return;
	/* an array that is empty is one of anything */
	see(f);
	if (!strcmp(f->type, "any"))
		return;
	ck_assert_msg(!strncmp(f->type, type_of(v), strlen(type_of(v))) &&
			      (json_is_array(v) || !f->type[strlen(type_of(v))]),
		      "%s is no %s in %s", f->path, f->type, whole);
	if (json_is_object(v))
		look_at(rows, f->path, v, whole);
	json_array_foreach(v, i, entry)
		if (json_is_object(entry))
			look_at(rows, f->path, entry, whole);
}

/* An object: nothing that is not declared, all that is not optional */
static void look_at(const struct vsw_field *rows, const char *path, const json_t *v,
		    const char *whole)
{
	const char *key;
	json_t *m;

	json_object_foreach((json_t *)v, key, m) {
		const struct vsw_field *f = find(rows, path, key);

		ck_assert_msg(f != NULL, "%s of '%s' is not declared: %s", key, path, whole);
		one_member(rows, f, m, whole);
	}
	for (const struct vsw_field *f = rows; f->path; f++) {
		const char *name = member_of(f, path);

		ck_assert_msg(!name || *name == '*' || f->maybe || json_object_get(v, name),
			      "%s is missing: %s", f->path, whole);
	}
}

static const struct vsw_answer_row *row_of(const char *command)
{
	const struct vsw_answer_row *a = vsw_answer_rows;

	while (a->command && strcmp(a->command, command))
		a++;
	return a;
}

/* An answer to a command. Errors are as they are */
void said_answer(const char *request, const char *answer)
{
	json_t *asked = json_loads(request, 0, NULL), *told = json_loads(answer, 0, NULL), *entry,
	       *ret = json_object_get(told, "return");
	const char *command = json_string_value(json_object_get(asked, "execute"));
	const struct vsw_answer_row *a = command && ret ? row_of(command) : NULL;
	size_t i;

	if (a && !a->command)
		ck_assert_msg(json_is_object(ret) && !json_object_size(ret), "%s: %s", request,
			      answer);
	if (a && a->fields) {
		ck_assert_msg(json_is_array(ret) == a->list, "%s: %s", request, answer);
		json_array_foreach(ret, i, entry)
			look_at(a->fields, "", entry, answer);
		if (!a->list)
			look_at(a->fields, "", ret, answer);
	}
	json_decref(asked);
	json_decref(told);
}

void said_event(const char *json)
{
	json_t *ev = json_loads(json, 0, NULL);
	const char *name = json_string_value(json_object_get(ev, "event"));
	unsigned kind = 0;

	while (kind < VSW_EVENT_COUNT && strcmp(name, vsw_event_name(kind)))
		kind++;
	ck_assert_uint_lt(kind, VSW_EVENT_COUNT);
	event_seen[kind] = true;
	look_at(vsw_event_fields(vsw_event_about((enum vsw_event_kind)kind)), "",
		json_object_get(ev, "data"), json);
	json_decref(ev);
}

static void all_seen(const char *of, const struct vsw_field *f)
{
	for (; f && f->path; f++)
		ck_assert_msg(was_seen(f), "nobody says %s of %s", f->path, of);
}

static void all_commands_there(const struct vsw_command *c, unsigned *n)
{
	for (; c->name; c++)
		*n += row_of(c->name)->command != NULL;
}

/* Every row occurred, and each answer's row is of a command that is there */
void said_everything(void)
{
	unsigned there = 0, rows = 0;

	for (const struct vsw_answer_row *a = vsw_answer_rows; a->command; a++, rows++)
		all_seen(a->command, a->fields);
	for (unsigned i = 0; i < VSW_EVENT_COUNT; i++) {
		ck_assert_msg(event_seen[i], "nobody reports %s", vsw_event_name(i));
		all_seen(vsw_event_name(i),
			 vsw_event_fields(vsw_event_about((enum vsw_event_kind)i)));
	}
	all_commands_there(vsw_query_commands, &there);
	all_commands_there(vsw_change_commands, &there);
	all_commands_there(vsw_look_commands, &there);
	all_commands_there(vsw_capture_commands, &there);
	ck_assert_uint_eq(there, rows);
}
