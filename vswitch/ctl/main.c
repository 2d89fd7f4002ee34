/* SPDX-License-Identifier: BSD-2-Clause */
/* vswitchctl: the command line. */
#include <errno.h>
#include <getopt.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "complete.h"
#include "ctl.h"
#include "help.h"
#include "words.h"

/* struct line - the command line as it was read; options that were given, a letter each */
struct line {
	struct ctl c;
	GString *given;
	bool help, version;
};

/* A number from 1 on */
static int number(const struct ctl_option *o, const char *text, unsigned *n)
{
	guint64 v;

	if (!g_ascii_string_to_unsigned(text, 10, 1, G_MAXINT, &v, NULL))
		return ctl_fail(EX_USAGE, "--%s: '%s' must be a number from 1 on", o->name, text);
	*n = (unsigned)v;
	return EX_OK;
}

static int take_option(struct line *l, const struct ctl_option *o, const char *value)
{
	g_string_append_c(l->given, o->letter);
	switch (o->letter) {
	case 's':
		l->c.socket = value;
		return EX_OK;
	case 'S':
		l->c.on = value;
		return EX_OK;
	case 'j':
		l->c.json = true;
		return EX_OK;
	case 'c':
		return number(o, value, &l->c.confirm);
	case 'n':
		return number(o, value, &l->c.count);
	case 'f':
		l->c.follow = true;
		return EX_OK;
	case 'w':
		l->c.file = value;
		return EX_OK;
	case 'i':
		return number(o, value, &l->c.interval);
	case 'V':
		l->version = true;
		return EX_OK;
	default:
		l->help = true;
		return EX_OK;
	}
}

static const struct ctl_option *find_option(int letter)
{
	for (const struct ctl_option *o = ctl_options; o->name; o++)
		if (o->letter == letter)
			return o;
	return NULL;
}

/* What getopt_long() wants, from the rows */
static struct option *long_options(GString *letters)
{
	GArray *all = g_array_new(TRUE, TRUE, sizeof(struct option));

	for (const struct ctl_option *o = ctl_options; o->name; o++) {
		struct option one = { o->name, o->value ? required_argument : no_argument, NULL,
				      o->letter };

		g_array_append_val(all, one);
		g_string_append_printf(letters, "%c%s", o->letter, o->value ? ":" : "");
	}
	return (struct option *)g_array_free(all, FALSE);
}

static int read_options(struct line *l, int argc, char **argv)
{
	g_autoptr(GString) letters = g_string_new(NULL);
	g_autofree struct option *options = long_options(letters);
	int o, status = EX_OK;

	while (status == EX_OK &&
	       (o = getopt_long(argc, argv, letters->str, options, NULL)) != -1) {
		if (!find_option(o))
			return EX_USAGE; /* getopt_long() said what */
		status = take_option(l, find_option(o), optarg);
	}
	return status;
}

static int no_verb(const struct ctl_noun *noun, const char *verb)
{
	g_autofree char *verbs = help_verbs(noun->name);

	return verb ? ctl_fail(EX_USAGE, "%s: no verb '%s'; there are %s", noun->name, verb,
			       verbs) :
		      ctl_fail(EX_USAGE, "%s: a verb is missing; there are %s", noun->name, verbs);
}

/* The row that is meant. @argv: moved on behind noun and verb */
static int find_word(struct ctl *c, char ***argv)
{
	const struct ctl_noun *noun = ctl_noun_find(**argv);
	const char *verb = (*argv)[1];

	if (!noun)
		return ctl_fail(EX_USAGE, "'%s' is no noun; 'vswitchctl help' has them", **argv);
	c->word = ctl_word_find(noun->name, "");
	if (c->word) {
		*argv += 1;
		return EX_OK;
	}
	c->word = verb ? ctl_word_find(noun->name, verb) : NULL;
	*argv += 2;
	return c->word ? EX_OK : no_verb(noun, verb);
}

static int check_options(const struct line *l)
{
	for (const char *s = l->given->str; *s; s++) {
		const struct ctl_option *o = find_option(*s);

		if (!o->common && !strchr(l->c.word->options, *s))
			return ctl_fail(EX_USAGE, "--%s is not for '%s%s%s'", o->name,
					l->c.word->noun, *l->c.word->verb ? " " : "",
					l->c.word->verb);
	}
	return EX_OK;
}

static int take_args(struct ctl *c, char **argv)
{
	const char *args = c->word->args;
	bool optional, many = false;
	char *name;

	while ((name = ctl_args_next(&args, &optional, &many))) {
		if (!*argv && !optional) {
			ctl_fail(EX_USAGE, "%s%s%s: %s is missing; it takes: %s", c->word->noun,
				 *c->word->verb ? " " : "", c->word->verb, name, c->word->args);
			g_free(name);
			return EX_USAGE;
		}
		for (bool more = true; *argv && more; argv++, more = many) {
			g_ptr_array_add(c->arg, *argv);
			g_ptr_array_add(c->name, g_strdup(name));
		}
		g_free(name);
	}
	return *argv ? ctl_fail(EX_USAGE, "'%s': one argument too many; '%s%s%s' takes: %s", *argv,
				c->word->noun, *c->word->verb ? " " : "", c->word->verb,
				*c->word->args ? c->word->args : "none") :
		       EX_OK;
}

static int run(struct line *l, char **argv)
{
	int status;

	if (!*argv && !l->help)
		return ctl_fail(EX_USAGE, "what is to be done? 'vswitchctl help' says what can be");
	if (l->help && (!*argv || !ctl_noun_find(*argv)))
		return help_all();
	if (l->help)
		return help_noun(ctl_noun_find(*argv));
	status = find_word(&l->c, &argv);
	if (status == EX_OK)
		status = check_options(l);
	if (status == EX_OK)
		status = take_args(&l->c, argv);
	return status == EX_OK ? l->c.word->run(&l->c) : status;
}

int main(int argc, char **argv)
{
	struct line l = { .given = g_string_new(NULL) };
	int status;

	signal(SIGPIPE, SIG_IGN); /* what cannot be written is told */
	if (argc > 1 && !strcmp(argv[1], COMPLETE_WORD))
		return complete_words(argv + 2);
	l.c.arg = g_ptr_array_new();
	l.c.name = g_ptr_array_new_with_free_func(g_free);
	status = read_options(&l, argc, argv);
	if (status == EX_OK && l.version)
		status = printf("vswitchctl %s\n", CTL_VERSION) < 0 ? EX_IOERR : ctl_flush();
	else if (status == EX_OK)
		status = run(&l, argv + optind);
	wire_free(l.c.wire);
	g_ptr_array_free(l.c.arg, TRUE);
	g_ptr_array_free(l.c.name, TRUE);
	g_string_free(l.given, TRUE);
	return status;
}
