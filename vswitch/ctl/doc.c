/* SPDX-License-Identifier: BSD-2-Clause */
/* Print docs/man/vswitchctl.8, or with "reference" docs/vswitchctl-reference.md, from the rows of
 * what can be done. */
#include <stdio.h>
#include <string.h>

#include "frame.h"
#include "words.h"

/* Text of a manual page: what would be a command or a hyphen is not */
static void put_roff(const char *text)
{
	for (; *text; text++)
		if (*text == '-')
			fputs("\\-", stdout);
		else if (*text == '\\')
			fputs("\\e", stdout);
		else
			putchar(*text);
}

static void man_word(const struct ctl_word *w)
{
	fputs(".TP\n.B ", stdout);
	put_roff(w->noun);
	if (*w->verb)
		printf(" %s", w->verb);
	if (*w->args) {
		fputs(" \\fI", stdout);
		put_roff(w->args);
		fputs("\\fR", stdout);
	}
	putchar('\n');
	put_roff(w->help);
	fputs(".\n", stdout);
}

static void man_words(void)
{
	for (const struct ctl_noun *n = ctl_nouns; n->name; n++) {
		printf(".SS ");
		put_roff(n->name);
		putchar('\n');
		put_roff(n->help);
		if (n->alias)
			printf("; \\fB%s\\fR for short", n->alias);
		fputs(".\n", stdout);
		for (const struct ctl_word *w = ctl_words; w->noun; w++)
			if (!strcmp(w->noun, n->name))
				man_word(w);
	}
}

static void man_options(void)
{
	for (const struct ctl_option *o = ctl_options; o->name; o++) {
		printf(".TP\n.B \\-%c, \\-\\-%s%s%s\n", o->letter, o->name, o->value ? " " : "",
		       o->value ? o->value : "");
		put_roff(o->help);
		fputs(".\n", stdout);
	}
}

static void man_statuses(void)
{
	for (const struct ctl_status *s = ctl_statuses; s->help; s++) {
		printf(".TP\n%d\n", s->status);
		put_roff(s->help);
		fputs(".\n", stdout);
	}
}

static void man_fields(void)
{
	for (const struct frame_field *f = frame_fields; f->name; f++) {
		printf(".TP\n.BI ");
		put_roff(f->name);
		printf("= VALUE\n");
		put_roff(f->help);
		fputs(".\n", stdout);
	}
}

static int man(void)
{
	fputs(".\\\" SPDX-License-Identifier: BSD-2-Clause\n"
	      ".\\\" Made by vswitch/ctl/doc.c from the rows of words.c: do not edit.\n"
	      ".TH VSWITCHCTL 8 \"\" \"vchassis\" \"System Administration\"\n"
	      ".SH NAME\nvswitchctl \\- ask and change software switches\n"
	      ".SH SYNOPSIS\n.B vswitchctl\n.RI [ OPTION \"]... \" \"NOUN VERB\" "
	      "\" [\" ARGUMENT ]...\n"
	      ".SH DESCRIPTION\n.B vswitchctl\nasks and changes the switches of\n"
	      ".BR vswitchd (8),\n"
	      "or the switch inside a QEMU whose\n.B vc\\-switch\ndevice has\n.BR control= .\n"
	      "It prints tables, or with\n.B \\-\\-json\nwhat the control socket answers.\n.PP\n"
	      "Keys of\n.I KEY=VALUE\nare those of the configuration document, with dots:\n"
	      ".BR security.promiscuous=true ,\n.BR teaming.active=up0,up1 ,\n"
	      ".BR shaping.out.average=100M .\nA key without a value takes it back.\n"
	      ".B vswitchctl help\n.I NOUN\nlists them.\n.PP\n"
	      ".I OWNER\nsays whose policy is meant: a port's id,\n.BI port/ ID ,\n"
	      ".BI portgroup/ NAME ,\nor\n.BR defaults .\n"
	      ".SH OPTIONS\n",
	      stdout);
	man_options();
	fputs(".SH COMMANDS\n", stdout);
	man_words();
	fputs(".SH \"FIELDS OF A FRAME\"\n", stdout);
	man_fields();
	fputs(".SH \"EXIT STATUS\"\n", stdout);
	man_statuses();
	fputs(".SH FILES\n.TP\n.I $XDG_RUNTIME_DIR/vchassis/control.sock\nThe control socket.\n"
	      ".SH \"SEE ALSO\"\n.BR vswitchd (8),\n.BR qemu\\-vchassis (1)\n",
	      stdout);
	return 0;
}

static void md_options(const struct ctl_word *w)
{
	for (const struct ctl_option *o = ctl_options; o->name; o++)
		if (strchr(w->options, o->letter))
			printf(" `--%s`", o->name);
}

static void md_words(void)
{
	for (const struct ctl_noun *n = ctl_nouns; n->name; n++) {
		printf("\n### %s\n\n%s%s%s%s.\n\n| what | options | command | does |\n"
		       "|---|---|---|---|\n",
		       n->name, n->help, n->alias ? "; `" : "", n->alias ? n->alias : "",
		       n->alias ? "` for short" : "");
		for (const struct ctl_word *w = ctl_words; w->noun; w++) {
			if (strcmp(w->noun, n->name))
				continue;
			printf("| `%s%s%s%s%s` |", w->noun, *w->verb ? " " : "", w->verb,
			       *w->args ? " " : "", w->args);
			md_options(w);
			printf(" | %s%s%s | %s |\n", *w->command ? "`" : "", w->command,
			       *w->command ? "`" : "", w->help);
		}
	}
}

static int reference(void)
{
	fputs("# Reference of vswitchctl\n\n"
	      "Printed from the rows that read the command line (vswitch/ctl/words.c): do not "
	      "edit. "
	      "[vswitchctl.md](vswitchctl.md)\nexplains; the keys of KEY=VALUE are in "
	      "[switch-schema.md](switch-schema.md).\n\n## Options\n\n"
	      "| option | meaning |\n|---|---|\n",
	      stdout);
	for (const struct ctl_option *o = ctl_options; o->name; o++)
		printf("| `-%c`, `--%s%s%s` | %s |\n", o->letter, o->name, o->value ? " " : "",
		       o->value ? o->value : "", o->help);
	printf("\n## What can be done\n");
	md_words();
	printf("\n## Fields of a frame\n\n| field | what may stand there |\n|---|---|\n");
	for (const struct frame_field *f = frame_fields; f->name; f++)
		printf("| `%s` | %s |\n", f->name, f->help);
	printf("\n## Exit status\n\n| status | when |\n|---|---|\n");
	for (const struct ctl_status *s = ctl_statuses; s->help; s++)
		printf("| %d | %s |\n", s->status, s->help);
	return 0;
}

int main(int argc, char **argv)
{
	return argc > 1 && !strcmp(argv[1], "reference") ? reference() : man();
}
