/* SPDX-License-Identifier: BSD-2-Clause */
/* Taking a record of a session apart (section.h has the theory). */
#include "section.h"

#include <string.h>

/* Words of a command line that is looked at */
#define COMMAND_WORDS_MAX 64u

/* struct command - a command that has an answer for us; @words: behind esxcli and its options */
struct command {
	const char *words;
	enum section_kind kind;
	bool object, group;
};

static const struct command commands[] = {
	{ "network vswitch standard list", SECTION_SWITCHES, false, false },
	{ "network vswitch standard portgroup list", SECTION_GROUPS, false, false },
	{ "network vswitch standard policy security get", SECTION_SECURITY, true, false },
	{ "network vswitch standard policy shaping get", SECTION_SHAPING, true, false },
	{ "network vswitch standard policy failover get", SECTION_FAILOVER, true, false },
	{ "network vswitch standard portgroup policy security get", SECTION_SECURITY, true, true },
	{ "network vswitch standard portgroup policy shaping get", SECTION_SHAPING, true, true },
	{ "network vswitch standard portgroup policy failover get", SECTION_FAILOVER, true, true },
};

static void free_section(gpointer p)
{
	struct section *s = p;

	g_free(s->object);
	g_free(s);
}

/* The command in a line, or NULL: behind nothing, or what ends as a prompt does */
static const char *command_in(const char *line)
{
	static const char *const names[] = { "esxcli ", "esxcfg-vswitch " };

	for (unsigned i = 0; i < G_N_ELEMENTS(names); i++) {
		const char *at = strstr(line, names[i]);
		g_autofree char *before =
			at ? g_strchomp(g_strndup(line, (size_t)(at - line))) : NULL;

		if (before && (!*before || strchr("#$]>+", before[strlen(before) - 1])))
			return at;
	}
	return NULL;
}

/* A prompt at which nothing was typed: [root@host:~] */
static bool only_prompt(const char *line)
{
	g_autofree char *text = g_strchomp(g_strdup(line));

	return g_str_has_prefix(text, "[") && g_str_has_suffix(text, "]") && strchr(text, '@') &&
	       !strpbrk(text, "\" ,");
}

static const char *value_of(char **word, const char *name, char letter)
{
	size_t n = strlen(name);

	if (!strncmp(*word, "--", 2) && !strncmp(*word + 2, name, n))
		return (*word)[n + 2] == '=' ? *word + n + 3 : (*word)[n + 2] ? NULL : word[1];
	if ((*word)[0] == '-' && (*word)[1] == letter)
		return (*word)[2] == '=' ? *word + 3 : (*word)[2] ? *word + 2 : word[1];
	return NULL;
}

/* The words that are no options; and the object that one names */
static char *plain_words(char **word, char **object, const char *name, char letter)
{
	GString *words = g_string_new(NULL);

	for (; *word; word++) {
		const char *value = value_of(word, name, letter);

		if (value) {
			g_free(*object);
			*object = g_strdup(value);
			word += value == word[1];
		} else if (**word != '-') {
			g_string_append_printf(words, "%s%s", words->len ? " " : "", *word);
		} else if (!strcmp(*word, "--formatter") && word[1]) {
			word++;
		}
	}
	return g_string_free(words, FALSE);
}

static bool find_command(struct section *s, char **word, const struct text *t, struct trouble *bad)
{
	for (unsigned i = 0; i < G_N_ELEMENTS(commands); i++) {
		const struct command *c = &commands[i];
		g_autofree char *object = NULL;
		g_autofree char *words =
			plain_words(word, &object, c->group ? "portgroup-name" : "vswitch-name",
				    c->group ? 'p' : 'v');

		if (strcmp(words, c->words))
			continue;
		s->kind = c->kind;
		s->group = c->group;
		if (c->object && (!object || !*object))
			return trouble_at(
				bad, t->file, s->line, "does not say whose policy it is: %s",
				c->group ? "-p PORTGROUP is missing" : "-v VSWITCH is missing");
		s->object = c->object ? g_steal_pointer(&object) : NULL;
		return true;
	}
	return true;
}

static bool take_command(struct section *s, const struct text *t, const char *command,
			 struct trouble *bad)
{
	g_autoptr(GError) e = NULL;
	g_auto(GStrv) word = NULL;

	if (!g_shell_parse_argv(command, NULL, &word, &e))
		return trouble_at(bad, t->file, s->line, "%s", e->message);
	if (g_strv_length(word) > COMMAND_WORDS_MAX)
		return true; /* none of those above */
	if (!strcmp(word[0], "esxcli"))
		return find_command(s, word + 1, t, bad);
	if (word[1] && (!strcmp(word[1], "-l") || !strcmp(word[1], "--list")))
		s->kind = SECTION_ESXCFG;
	return true;
}

/* What an answer without a command is, by how it begins */
static enum section_kind guess(const struct text *t, unsigned from)
{
	const char *line = t->line[from - 1];
	g_autofree char *all = NULL;

	if (g_str_has_prefix(line, "Switch Name ") || g_str_has_prefix(line, "DVS Name "))
		return SECTION_ESXCFG;
	if (g_str_has_prefix(line, "Name ") || g_str_has_prefix(line, "ActiveClients,"))
		return SECTION_GROUPS;
	if (strchr("{[", *line)) {
		all = g_strjoinv("\n", t->line + from - 1);
		return strstr(all, "\"defaultPortConfig\"") ? SECTION_DVPORTGROUPS :
		       strstr(all, "\"ActiveClients\"")	    ? SECTION_GROUPS :
		       strstr(all, "\"CDPStatus\"")	    ? SECTION_SWITCHES :
							      SECTION_OTHER;
	}
	return from < t->n && g_str_has_prefix(t->line[from], "   Name: ") ? SECTION_SWITCHES :
	       g_str_has_prefix(line, "BeaconEnabled,")			   ? SECTION_SWITCHES :
									     SECTION_OTHER;
}

static bool begin(GPtrArray *all, const struct text *t, unsigned line, struct trouble *bad)
{
	const char *command = command_in(t->line[line - 1]);
	struct section *s = g_new0(struct section, 1);

	g_ptr_array_add(all, s);
	s->line = line;
	s->from = command ? line + 1 : line;
	s->to = t->n + 1;
	if (command)
		return take_command(s, t, command, bad);
	s->kind = guess(t, line);
	return s->kind != SECTION_OTHER ?
		       true :
		       trouble_at(bad, t->file, line,
				  "is neither a command of esxcli or esxcfg-vswitch nor a list of "
				  "theirs; "
				  "'vchassis-import --script' shows what is wanted");
}

GPtrArray *sections_read(const struct text *t, struct trouble *bad)
{
	g_autoptr(GPtrArray) all = g_ptr_array_new_with_free_func(free_section);

	for (unsigned i = 1; i <= t->n; i++) {
		struct section *s = all->len ? all->pdata[all->len - 1] : NULL;
		bool command = command_in(t->line[i - 1]);

		if (s && (command || only_prompt(t->line[i - 1])))
			s->to = MIN(s->to, i);
		if (command || (!s && !text_blank(t->line[i - 1]) && !only_prompt(t->line[i - 1])))
			if (!begin(all, t, i, bad))
				return NULL;
	}
	if (!all->len)
		trouble_at(bad, t->file, 1, "has nothing in it");
	return all->len ? g_steal_pointer(&all) : NULL;
}
