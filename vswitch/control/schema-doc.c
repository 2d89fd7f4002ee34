/* SPDX-License-Identifier: BSD-2-Clause */
/* Print docs/switch-schema.md from the rows that read the configuration document. */
#include <stdio.h>
#include <string.h>

#include "control/change.h"
#include "control/query.h"
#include "control/kinds.h"
#include "control/schema.h"

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
			printf("| `%s%s` | %s | %s |\n", prefix, name, type_of(row), row->help);
			snprintf(path, sizeof(path), "%s%s.", prefix, name);
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

static void print_events(void)
{
	for (unsigned i = 0; i < VSW_EVENT_COUNT; i++)
		printf("| `%s` | %s |\n", vsw_event_name(i), vsw_event_help(i));
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
	       "with its path.\n");
	print_table("The document", "| key | value | meaning |");
	print(&vsw_schema_of_document, NULL, "");
	print_table("A policy\n\n"
		    "In `defaults`, in each of `portgroups` (which may also have `override`: array "
		    "of the sections that its ports may\nhave of their own; without it all), in "
		    "each of `ports` (which may also have `portgroup`).",
		    "| key | value | meaning |");
	print(&vsw_schema_of_port, NULL, "");
	print_table("Commands\n\n`?` marks arguments that may be left out.",
		    "| command | arguments | what it does |");
	print_commands(vsw_query_commands);
	print_commands(vsw_change_commands);
	print_table("Drops", "| reason | counted at | meaning |");
	print_drops();
	print_table("Events", "| event | what happened |");
	print_events();
	return 0;
}
