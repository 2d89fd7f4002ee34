/* SPDX-License-Identifier: BSD-2-Clause */
/* vchassis-import: the command line. */
#include <getopt.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sysexits.h>

#include "import.h"
#include "options.h"

/* struct line - the command line as it was read */
struct line {
	const char *folder;
	GHashTable *uplinks;
	char what; /* letter of an option that only prints; or 0 */
};

static int G_GNUC_PRINTF(2, 3) fail(int status, const char *fmt, ...)
{
	va_list args;

	va_start(args, fmt);
	fputs("vchassis-import: ", stderr);
	vfprintf(stderr, fmt, args);
	fputc('\n', stderr);
	va_end(args);
	return status;
}

/* What is printed must be whole */
static int flush(void)
{
	return fflush(stdout) || ferror(stdout) ?
		       fail(EX_IOERR, "cannot write to the standard output") :
		       EX_OK;
}

static int add_uplink(struct line *l, const char *text)
{
	const char *equal = strchr(text, '=');

	if (!equal || equal == text || !equal[1])
		return fail(EX_USAGE, "--uplink: '%s' is not VMNIC=IFNAME", text);
	g_hash_table_insert(l->uplinks, g_strndup(text, (gsize)(equal - text)),
			    g_strdup(equal + 1));
	return EX_OK;
}

static int take_option(struct line *l, int letter)
{
	if (letter == '?')
		return EX_USAGE; /* getopt_long() said what */
	if (letter == 'o')
		l->folder = optarg;
	else if (letter == 'u')
		return add_uplink(l, optarg);
	else
		l->what = (char)letter;
	return EX_OK;
}

static int read_options(struct line *l, int argc, char **argv)
{
	g_autoptr(GArray) all = g_array_new(TRUE, TRUE, sizeof(struct option));
	g_autoptr(GString) letters = g_string_new(NULL);
	int o, status = EX_OK;

	for (const struct import_option *i = import_options; i->name; i++) {
		struct option one = { i->name, i->value ? required_argument : no_argument, NULL,
				      i->letter };

		g_array_append_val(all, one);
		g_string_append_printf(letters, "%c%s", i->letter, i->value ? ":" : "");
	}
	while (status == EX_OK && (o = getopt_long(argc, argv, letters->str,
						   (const struct option *)all->data, NULL)) != -1)
		status = take_option(l, o);
	return status;
}

static int help(void)
{
	printf("vchassis-import [OPTION]... INPUT...\n\n"
	       "What an ESXi host prints of its networks, and .vmx files of its machines, as a\n"
	       "configuration of vswitchd, commands of qemu-vchassis and domains of libvirt.\n\n");
	for (const struct import_option *i = import_options; i->name; i++)
		printf("  -%c, --%s%s%s\n        %s\n", i->letter, i->name, i->value ? " " : "",
		       i->value ? i->value : "", i->help);
	return flush();
}

static int print_only(char what)
{
	if (what == 'h')
		return help();
	if (what == 'V')
		printf("vchassis-import %s\n", IMPORT_VERSION);
	else
		fputs(import_script, stdout);
	return flush();
}

static void free_text(gpointer p)
{
	text_clear(p);
	g_free(p);
}

static GPtrArray *load_all(char **path, struct trouble *bad)
{
	g_autoptr(GPtrArray) texts = g_ptr_array_new_with_free_func(free_text);

	for (; *path; path++) {
		g_ptr_array_add(texts, g_new0(struct text, 1));
		if (!text_load(texts->pdata[texts->len - 1], *path, bad))
			return NULL;
	}
	return g_steal_pointer(&texts);
}

static int write_files(const struct line *l, const struct output *out, const char *report)
{
	g_autofree char *wrong = l->folder ? output_write(out, l->folder) : NULL;

	if (wrong)
		return fail(EX_CANTCREAT, "%s", wrong);
	fputs(report, stdout);
	return flush();
}

static int run(const struct line *l, char **path)
{
	struct trouble bad = { NULL };
	g_autoptr(GPtrArray) texts = load_all(path, &bad);
	struct output *out = output_new();
	g_autofree char *report = texts ? import_run(texts, l->uplinks, out, &bad) : NULL;
	int status = report ? write_files(l, out, report) : EX_DATAERR;

	if (bad.text)
		fail(status, "%s", bad.text);
	output_free(out);
	g_free(bad.text);
	return status;
}

int main(int argc, char **argv)
{
	struct line l = { .uplinks =
				  g_hash_table_new_full(g_str_hash, g_str_equal, g_free, g_free) };
	int status = read_options(&l, argc, argv);

	if (status == EX_OK && l.what)
		status = print_only(l.what);
	else if (status == EX_OK && optind == argc)
		status = fail(EX_USAGE, "what is to be read? --help says what can be");
	else if (status == EX_OK && argc - optind > (int)IMPORT_INPUTS_MAX)
		status = fail(EX_USAGE, "more than %u inputs", IMPORT_INPUTS_MAX);
	else if (status == EX_OK)
		status = run(&l, argv + optind);
	g_hash_table_unref(l.uplinks);
	return status;
}
