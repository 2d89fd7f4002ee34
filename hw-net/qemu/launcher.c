// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * qemu-vchassis: run the QEMU that the plug-in was built for, with the plug-in in it.
 *
 * Theory: the plug-in uses QEMU's internal structures, so it fits the programs of one build of QEMU
 * only, one for each kind of machine. They are known by their build-ids, which ./configure has put
 * into a list (setup/targets.sh, launcher-targets.c): the build-id is compared before anything
 * runs, and another QEMU is refused in one line. Then QEMU takes this process over, with LD_PRELOAD
 * naming the plug-in; the plug-in takes its name out again (preload.c).
 *
 * The plug-in is looked for beside the launcher (the build tree), then where "make install" puts it
 * and where qemu-vchassis-rebuild puts more of them, relative to the launcher, so that an installed
 * tree may be moved or packaged (launcher-builds.c). The list is beside the plug-in.
 *
 * All arguments are QEMU's, but for a first --qemu=PATH, --target=NAME or --targets. By the name
 * qemu-vchassis-NAME it runs that target. Before QEMU prints its version we print ours.
 */
#define _GNU_SOURCE
#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "launcher.h"
#include "launcher-config.h"

void die(const char *fmt, ...)
{
	va_list args;

	fputs("qemu-vchassis: ", stderr);
	va_start(args, fmt);
	vfprintf(stderr, fmt, args);
	va_end(args);
	fputc('\n', stderr);
	exit(EXIT_REFUSED);
}

/* Put @plugin before whatever else is to be preloaded. */
static void preload(const char *plugin)
{
	const char *others = getenv("LD_PRELOAD");
	const char *colon = others && *others ? ":" : "";
	char *value;

	if (strpbrk(plugin, " :"))
		die("%s: LD_PRELOAD can't name a file with a blank or colon in its path", plugin);
	if (asprintf(&value, "%s%s%s", plugin, colon, others ? others : "") < 0 ||
	    setenv("LD_PRELOAD", value, 1) < 0)
		die("%s", strerror(errno));
	free(value);
}

/* What follows @option in the first argument, which is taken out then; NULL if it is another. */
static const char *take_option(char **argv, const char *option)
{
	const char *value = argv[1];
	size_t len = strlen(option);

	if (!value || strncmp(value, option, len))
		return NULL;
	for (char **arg = argv + 1; *arg; arg++)
		arg[0] = arg[1];
	return value + len;
}

/* The target in the name we were called by: qemu-vchassis-NAME, qemu-vchassis-system-NAME. */
static const char *target_in_name(const char *called)
{
	static const char prefix[] = "qemu-vchassis-", more[] = "system-";
	const char *slash = called ? strrchr(called, '/') : NULL;
	const char *name = slash ? slash + 1 : called;

	if (!name || strncmp(name, prefix, sizeof(prefix) - 1))
		return NULL;
	name += sizeof(prefix) - 1;
	return strncmp(name, more, sizeof(more) - 1) ? name : name + sizeof(more) - 1;
}

/* Which QEMU: --qemu=PATH, --target=NAME, $VCHASSIS_QEMU, our own name, the first of the list. */
static const char *choose_qemu(char **argv, const struct targets *targets)
{
	const char *qemu = take_option(argv, "--qemu="), *name = NULL;

	if (!qemu)
		name = take_option(argv, "--target=");
	if (!qemu && !name)
		qemu = getenv("VCHASSIS_QEMU");
	if (qemu && *qemu)
		return qemu;
	if (!name)
		name = target_in_name(argv[0]);
	return name ? targets_by_name(targets, name)->path : targets->rows[0].path;
}

/* Of this launcher and the plug-in, if @argument asks QEMU for its own; QEMU has both spellings. */
static void print_version(const char *argument)
{
	if (argument && (!strcmp(argument, "--version") || !strcmp(argument, "-version"))) {
		puts("qemu-vchassis " VC_VERSION);
		fflush(stdout);
	}
}

int main(int argc, char **argv)
{
	const struct target *target;
	struct targets targets;
	const char *qemu;

	builds_find(&targets);
	if (argc == 2 && !strcmp(argv[1], "--targets")) {
		targets_print(&targets);
		return 0;
	}
	target = targets_program(&targets, choose_qemu(argv, &targets), &qemu);
	preload(target->plugin);
	print_version(argv[1]);
	execv(qemu, argv);
	die("%s: %s", qemu, strerror(errno));
}
