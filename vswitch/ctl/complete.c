/* SPDX-License-Identifier: BSD-2-Clause */
/* Completion for shells (complete.h has the theory). */
#include "complete.h"

#include <stdio.h>
#include <string.h>

#include "edit.h"
#include "frame.h"
#include "help.h"
#include "nic.h"
#include "table.h"

int complete_bash(struct ctl *c)
{
	fputs("# bash completion of vswitchctl; made by 'vswitchctl completion bash'\n"
	      "_vswitchctl()\n"
	      "{\n"
	      "\tlocal line=${COMP_LINE:0:COMP_POINT} word\n"
	      "\tlocal -a words\n"
	      "\tread -ra words <<<\"$line\"\n"
	      "\t[[ $line == *[[:space:]] ]] && words+=('')\n"
	      "\tCOMPREPLY=()\n"
	      "\twhile IFS= read -r word; do\n"
	      "\t\tCOMPREPLY+=(\"$word\")\n"
	      "\tdone < <(\"${words[0]}\" " COMPLETE_WORD " \"${words[@]:1}\" 2>/dev/null)\n"
	      "\t[[ ${COMPREPLY[0]} == *= ]] && compopt -o nospace\n"
	      "}\n"
	      "complete -o default -F _vswitchctl vswitchctl\n",
	      stdout);
	return ctl_flush();
}

/* struct completion - a line to be completed: @last is the word under the cursor */
struct completion {
	struct ctl c;
	GPtrArray *words; /* before it, without options */
	const char *last, *option;
};

static void offer(const struct completion *t, const char *prefix, const char *text)
{
	g_autofree char *all = g_strconcat(prefix, text, NULL);

	if (g_str_has_prefix(all, t->last))
		puts(all);
}

static void offer_options(const struct completion *t)
{
	for (const struct ctl_option *o = ctl_options; o->name; o++)
		offer(t, "--", o->name);
}

static void offer_nouns(const struct completion *t)
{
	for (const struct ctl_noun *n = ctl_nouns; n->name; n++)
		offer(t, "", n->name);
}

static void offer_verbs(const struct completion *t, const char *noun)
{
	g_autofree char *verbs = help_verbs(noun);
	g_auto(GStrv) verb = g_strsplit(verbs, " ", -1);

	for (unsigned i = 0; verb[i]; i++)
		offer(t, "", verb[i]);
}

static void offer_key(void *opaque, const char *key, const struct vsw_value_row *row)
{
	g_autofree char *text = g_strconcat(key, "=", NULL);

	offer(opaque, "", text);
}

static void offer_fields(struct completion *t)
{
	for (const struct frame_field *f = frame_fields; f->name; f++)
		offer_key(t, f->name, NULL);
}

/* What the switch answers, if there is one. A failure says nothing */
static json_t *ask(struct completion *t, const char *command)
{
	g_autofree char *path = wire_path(t->c.socket), *err = NULL, *why = NULL;
	json_t *args = json_object();
	int status;

	if (!t->c.wire)
		t->c.wire = wire_new(path, &status, &err);
	if (t->c.wire && wire_is_daemon(t->c.wire) && t->c.on && strcmp(command, "query-switches"))
		json_object_set_new(args, "switch", json_string(t->c.on));
	if (t->c.wire)
		return wire_ask(t->c.wire, command, args, &status, &why);
	json_decref(args);
	return NULL;
}

static void offer_members(struct completion *t, const char *command, const char *member,
			  const char *prefix)
{
	json_t *list = ask(t, command), *v;
	size_t i;

	json_array_foreach(list, i, v) {
		const char *name = json_string_value(json_object_get(v, member));

		if (name)
			offer(t, prefix, name);
	}
	json_decref(list);
}

/* Names of objects of the document */
static void offer_keys_of(struct completion *t, const char *at, const char *id, const char *prefix)
{
	json_t *doc = ask(t, "query-config"), *place = json_object_get(doc, at), *v;
	const char *key;
	size_t i;

	json_object_foreach(place, key, v)
		offer(t, prefix, key);
	json_array_foreach(place, i, v) {
		g_autoptr(GString) text = g_string_new(NULL);

		table_text(text, json_object_get(v, id));
		offer(t, prefix, text->str);
	}
	json_decref(doc);
}

static void offer_nic(void *opaque, const char *group, size_t at, const json_t *nic)
{
	const char *name = json_string_value(json_object_get(nic, "ports"));

	if (name)
		offer(opaque, "", name);
}

static void offer_nics(struct completion *t)
{
	json_t *document = ask(t, "query-config");

	nic_each(document, offer_nic, t);
	json_decref(document);
}

static void offer_owners(struct completion *t)
{
	offer(t, "", "defaults");
	offer_keys_of(t, "portgroups", NULL, "portgroup/");
	offer_members(t, "query-ports", "id", "port/");
}

static void offer_argument(struct completion *t, const struct ctl_word *w, const char *name)
{
	if (!strcmp(name, "PORT"))
		offer_members(t, "query-ports", "id", "");
	else if (!strcmp(name, "NIC"))
		offer_nics(t);
	else if (!strcmp(name, "OWNER"))
		offer_owners(t);
	else if (!strcmp(name, "MAC"))
		offer_members(t, "query-fdb", "mac", "");
	else if (!strcmp(name, "NOUN"))
		offer_nouns(t);
	else if (!strcmp(name, "FRAME"))
		offer_fields(t);
	else if (!strcmp(name, "KEY=VALUE"))
		values_each(&w->place->keys, offer_key, t);
	else if (w->place && !w->place->owned)
		offer_keys_of(t, w->place->at, w->place->id, "");
}

/* Which argument is the last word? */
static void offer_arguments(struct completion *t, const struct ctl_word *w, guint before)
{
	const char *args = w->args;
	bool optional, many;
	char *name;

	while ((name = ctl_args_next(&args, &optional, &many))) {
		if (!before || many) {
			offer_argument(t, w, name);
			g_free(name);
			return;
		}
		before--;
		g_free(name);
	}
}

static void offer_words(struct completion *t)
{
	const struct ctl_noun *noun =
		t->words->len ? ctl_noun_find(g_ptr_array_index(t->words, 0)) : NULL;
	const struct ctl_word *w = noun ? ctl_word_find(noun->name, "") : NULL;

	if (!t->words->len) {
		offer_nouns(t);
	} else if (w) {
		offer_arguments(t, w, t->words->len - 1);
	} else if (noun && t->words->len == 1) {
		offer_verbs(t, noun->name);
	} else if (noun) {
		w = ctl_word_find(noun->name, g_ptr_array_index(t->words, 1));
		if (w)
			offer_arguments(t, w, t->words->len - 2);
	}
}

/* An option before the last word; its value, if it has one, is the word after it */
static void take_option(struct completion *t, char ***words)
{
	const char *name = **words + strspn(**words, "-");

	for (const struct ctl_option *o = ctl_options; o->name; o++) {
		if (strcmp(name, o->name) && !(name[0] == o->letter && !name[1]))
			continue;
		t->option = o->value ? o->value : NULL;
		if (!o->value || !(*words)[1] || !(*words)[2])
			return;
		*words += 1;
		t->option = NULL;
		if (o->letter == 's')
			t->c.socket = **words;
		else if (o->letter == 'S')
			t->c.on = **words;
	}
}

int complete_words(char **words)
{
	struct completion t = { .words = g_ptr_array_new(), .last = "" };

	for (; *words; words++) {
		if (!words[1]) {
			t.last = *words;
		} else if (**words == '-') {
			take_option(&t, &words);
		} else {
			g_ptr_array_add(t.words, *words);
		}
	}
	if (t.option && !strcmp(t.option, "NAME"))
		offer_members(&t, "query-switches", "name", "");
	else if (!t.option && *t.last == '-')
		offer_options(&t);
	else if (!t.option)
		offer_words(&t);
	wire_free(t.c.wire);
	g_ptr_array_free(t.words, TRUE);
	return EX_OK;
}
