/* SPDX-License-Identifier: BSD-2-Clause */
/* Help, from the rows of what can be done. */
#include "help.h"

#include <stdio.h>
#include <string.h>

#include "edit.h"
#include "frame.h"

char *help_verbs(const char *noun)
{
	GString *s = g_string_new(NULL);

	for (const struct ctl_word *w = ctl_words; w->noun; w++)
		if (!strcmp(w->noun, noun) && *w->verb)
			g_string_append_printf(s, "%s%s", s->len ? " " : "", w->verb);
	return g_string_free(s, FALSE);
}

static void put_option(const struct ctl_option *o)
{
	g_autofree char *long_form =
		g_strdup_printf("%s%s%s", o->name, o->value ? " " : "", o->value ? o->value : "");

	printf("  -%c, --%-18s %s\n", o->letter, long_form, o->help);
}

int help_all(void)
{
	printf("usage: vswitchctl [OPTION]... NOUN VERB [ARGUMENT]...\n\nNouns:\n");
	for (const struct ctl_noun *n = ctl_nouns; n->name; n++) {
		g_autofree char *verbs = help_verbs(n->name);

		printf("  %-14s %s%s%s%s\n", n->name, n->help, *verbs ? " (" : "", verbs,
		       *verbs ? ")" : "");
	}
	printf("\nOptions:\n");
	for (const struct ctl_option *o = ctl_options; o->name; o++)
		put_option(o);
	printf("\n'vswitchctl help NOUN' says more; the manual is vswitchctl(8).\n");
	return ctl_flush();
}

static void put_key(void *opaque, const char *key, const struct vsw_value_row *row)
{
	printf("  %-28s %s\n", key, row->help);
}

static void put_keys(const char *noun)
{
	for (const struct ctl_word *w = ctl_words; w->noun; w++)
		if (!strcmp(w->noun, noun) && !strcmp(w->verb, "set")) {
			printf("\nKeys:\n");
			values_each(&w->place->keys, put_key, NULL);
		}
}

static void put_own_options(const struct ctl_word *w)
{
	for (const struct ctl_option *o = ctl_options; o->name; o++)
		if (strchr(w->options, o->letter))
			printf("      --%s%s%s: %s\n", o->name, o->value ? " " : "",
			       o->value ? o->value : "", o->help);
}

static void put_fields(void)
{
	printf("\nFields of a frame:\n");
	for (const struct frame_field *f = frame_fields; f->name; f++)
		printf("  %-28s %s\n", f->name, f->help);
}

int help_noun(const struct ctl_noun *noun)
{
	printf("%s: %s\n\n", noun->name, noun->help);
	for (const struct ctl_word *w = ctl_words; w->noun; w++) {
		if (strcmp(w->noun, noun->name))
			continue;
		printf("  vswitchctl %s%s%s%s%s\n      %s\n", w->noun, *w->verb ? " " : "", w->verb,
		       *w->args ? " " : "", w->args, w->help);
		put_own_options(w);
	}
	put_keys(noun->name);
	if (!strcmp(noun->name, "explain"))
		put_fields();
	return ctl_flush();
}

int help_run(struct ctl *c)
{
	const char *name = ctl_arg(c, "NOUN");
	const struct ctl_noun *noun = name ? ctl_noun_find(name) : NULL;

	if (!name)
		return help_all();
	return noun ? help_noun(noun) :
		      ctl_fail(EX_USAGE, "'%s' is no noun; 'vswitchctl help' has them", name);
}
