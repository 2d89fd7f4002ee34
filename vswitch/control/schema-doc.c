/* SPDX-License-Identifier: BSD-2-Clause */
/* Print docs/switch-schema.md from the rows that read the configuration document. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "control/capture.h"
#include "control/change.h"
#include "control/fields.h"
#include "control/kinds.h"
#include "control/look.h"
#include "control/query.h"
#include "control/rule_values.h"
#include "control/schema.h"
#include "control/untold.h"

static const char *type_of(const struct vsw_value_row *row)
{
	static char text[400];
	size_t n = 0;

	if (vsw_value_kinds[row->kind].type)
		return vsw_value_kinds[row->kind].type;
	for (int i = 0; row->words && row->words[i]; i++)
		n += (size_t)snprintf(text + n, sizeof(text) - n, "%s`%s`", i ? ", " : "",
				      row->words[i]);
	if (!row->words)
		snprintf(text, sizeof(text), "%llu to %llu%s", (unsigned long long)row->min,
			 (unsigned long long)row->max,
			 row->kind == VSW_VALUE_RATE ? ", also with `k`, `M`, `G`: `\"100M\"`" :
						       "");
	return text;
}

/* A value as a document has it, in backticks unless it is a plain number or word of JSON */
static void print_json(const json_t *v)
{
	char *text = json_dumps(v, JSON_ENCODE_ANY | JSON_COMPACT);

	if (json_is_string(v))
		printf("`%s`", json_string_value(v));
	else if (json_is_array(v) || json_is_object(v))
		printf("none");
	else
		printf("%s", text);
	free(text);
}

/* Words of the one that a value depends on */
static void print_words(const char *before, const struct schema *s, const struct vsw_value_row *row,
			uint32_t which)
{
	const struct vsw_value_row *of = vsw_schema_beside(s, row);
	bool any = false;

	printf("%s `%s`", before, row->of);
	for (unsigned i = 0; of->words[i]; i++)
		if (which >> i & 1) {
			printf("%s `%s`", any ? " or" : "", of->words[i]);
			any = true;
		}
}

/* What holds untold; that of uplinks, too, if it is another */
static void print_untold(const struct schema *s, const struct vsw_value_row *row)
{
	json_t *v = vsw_untold(s, row, false), *uplink = vsw_untold(s, row, true);

	if (v)
		print_json(v);
	else
		printf("%s", row->untold ? row->untold : row->missing ? "must be given" : "");
	if (row->untold && row->missing)
		print_words("; must be given with", s, row, row->needed);
	if (v && uplink && !json_equal(v, uplink)) {
		printf("; uplinks: ");
		print_json(uplink);
	}
	json_decref(v);
	json_decref(uplink);
}

static void print_matches(const char *path)
{
	static const char *const kinds[] = {
		[VSW_MATCH_OF_MAC] = "ADDRESS or ADDRESS/MASK",
		[VSW_MATCH_OF_IP] = "ADDRESS or ADDRESS/BITS",
		[VSW_MATCH_OF_PORTS] = "0 to 65535 or \"FROM-TO\"",
		[VSW_MATCH_OF_FLAGS] = "letters of `" VSW_TCP_FLAGS "`",
		[VSW_MATCH_OF_WORD] = NULL,
	};

	for (const struct vsw_match_row *m = vsw_match_rows; m->key; m++) {
		const char *comma = "";

		printf("| `%s%s` | ", path, m->key);
		if (kinds[m->kind])
			printf("%s", kinds[m->kind]);
		if (m->kind == VSW_MATCH_OF_NUMBER) {
			printf("0 to %u", m->max);
			comma = ", ";
		}
		for (const struct vsw_text_name *n = m->names; n->name; n++, comma = ", ")
			printf("%s`%s`", comma, n->name);
		printf(" | any | %s |\n", m->help);
	}
}

/* Members of an object, or with NULL what is in none, and what is in them */
static void print(const struct schema *s, const char *object, const char *prefix)
{
	const struct vsw_value_row *row;
	char path[120];

	for (unsigned n = 0; (row = vsw_schema_part(s, n)); n++)
		for (; row->key; row++) {
			const char *name = vsw_schema_member(row, object);
			const struct schema element = { NULL, row->sub };

			if (!name)
				continue;
			printf("| `%s%s` | %s | ", prefix, name, type_of(row));
			print_untold(s, row);
			printf(" | %s", row->help);
			if (row->of)
				print_words(" (only with", s, row, row->when);
			printf("%s |\n", row->of ? ")" : "");
			snprintf(path, sizeof(path), "%s%s.", prefix, name);
			if (row->kind == VSW_VALUE_RULE_MATCH)
				print_matches(path);
			if (row->sub)
				print(&element, NULL, path);
			else
				print(s, row->key, path);
		}
}

static void print_commands(const struct vsw_command *c)
{
	for (; c->name; c++)
		printf("| `%s` | %s | %s |\n", c->name, c->args, c->help);
}

static void print_drops(void)
{
	static const char *const at[] = { [VSW_AT_EITHER] = "either",
					  [VSW_AT_SENDER] = "sender",
					  [VSW_AT_RECEIVER] = "receiver" };

	for (unsigned i = 0; i < VSW_DROP_COUNT; i++)
		printf("| `%s` | %s | %s |\n", vsw_drop_name(i), at[vsw_drop_at((enum vsw_drop)i)],
		       vsw_drop_help(i));
}

/* Members that are no objects themselves */
static void print_event_fields(const struct vsw_field *f)
{
	for (const char *comma = ""; f->path; f++, comma = ", ")
		printf("%s`%s`%s", comma, f->path, f->maybe ? "?" : "");
}

static void print_events(void)
{
	for (unsigned i = 0; i < VSW_EVENT_COUNT; i++) {
		printf("| `%s` | %s | ", vsw_event_name(i), vsw_event_help(i));
		print_event_fields(vsw_event_fields(vsw_event_about((enum vsw_event_kind)i)));
		printf(" |\n");
	}
}

static void print_answers(void)
{
	for (const struct vsw_answer_row *a = vsw_answer_rows; a->command; a++) {
		printf("\n### `%s`\n\n", a->command);
		if (!a->fields) {
			printf("The document, as it was loaded or set.\n");
			continue;
		}
		printf("%s\n\n| member | type | meaning |\n|---|---|---|\n",
		       a->list ? "An array; of each entry:" : "An object:");
		for (const struct vsw_field *f = a->fields; f->path; f++)
			printf("| `%s`%s | %s | %s |\n", f->path, f->maybe ? "?" : "", f->type,
			       f->help);
	}
}

static void print_table(const char *title, const char *columns)
{
	printf("\n## %s\n\n%s\n|", title, columns);
	for (const char *c = strchr(columns + 1, '|'); c; c = strchr(c + 1, '|'))
		printf("---|");
	printf("\n");
}

int main(void)
{
	printf("<!-- Made by vswitch/control/schema-doc.c from the rows that read the document: "
	       "do not edit. -->\n"
	       "# The switch's configuration, key by key\n\n"
	       "How to use it is in [switch.md](switch.md). `a.b` is key `b` of the object, or of "
	       "each object in the array,\nat `a`. A key that is not in these tables is refused, "
	       "with its path. *Untold* is what holds if the key is not there;\nof ports and port "
	       "groups, if no `defaults` say another.\n");
	print_table("The document", "| key | value | untold | meaning |");
	print(&vsw_schema_of_document, NULL, "");
	print_table("A policy\n\n"
		    "In `defaults`, in each of `portgroups` (which may also have `override`: array "
		    "of the sections that its ports may\nhave of their own; without it all), in "
		    "each of `ports` (which may also have `portgroup`).",
		    "| key | value | untold | meaning |");
	print(&vsw_schema_of_port, NULL, "");
	print_table("Commands\n\n`?` marks arguments that may be left out.",
		    "| command | arguments | what it does |");
	print_commands(vsw_query_commands);
	print_commands(vsw_change_commands);
	print_commands(vsw_look_commands);
	print_commands(vsw_capture_commands);
	printf("\n## Answers\n\nWhat is not here answers with an empty object. `?` marks what "
	       "may be missing or null; `a.b` is member `b` of the object,\nor of each object in "
	       "the array, at `a`; `*` is any name.\n");
	print_answers();
	print_table("Drops", "| reason | counted at | meaning |");
	print_drops();
	print_table("Events\n\n`data` of an event; `?` marks what may be missing.",
		    "| event | what happened | data |");
	print_events();
	return 0;
}
