// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * The builds of the plug-in that an installed launcher may choose from: the one that was installed
 * with it, and those that qemu-vchassis-rebuild made here, for later QEMUs. Each is a directory of
 * vchassis.so and its list of targets; a directory without a list is none (yet). What was made here
 * is under one directory, with two files that tell us how things are: "lock", locked while a build
 * runs, and "failed", a line that says why the last one came to nothing. A directory that others
 * than root and the user could have put something into is left alone.
 */
#define _GNU_SOURCE
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include "launcher.h"
#include "launcher-config.h"

#define REBUILD	    "qemu-vchassis-rebuild"
#define FAILED_ROOM 240

/* Name the file @rest relative to the directory of this program, if it is there. */
static char *beside_us(const char *rest)
{
	char path[PATH_MAX + 256], *slash;
	ssize_t len = readlink("/proc/self/exe", path, PATH_MAX - 1);

	if (len < 0)
		die("/proc/self/exe: %s", strerror(errno));
	path[len] = '\0';
	slash = strrchr(path, '/');
	snprintf(slash + 1, sizeof(path) - (slash + 1 - path), "%s", rest);
	return realpath(path, NULL);
}

static char *join(const char *dir, const char *name)
{
	char *path;

	if (asprintf(&path, "%s/%s", dir, name) < 0)
		die("%s", strerror(errno));
	return path;
}

/* The build at @plugin, whose list is beside it. */
static void add_build(struct targets *targets, const char *plugin)
{
	char *dir = strndup(plugin, strrchr(plugin, '/') - plugin);
	char *list = join(dir, "vchassis.targets");

	targets_read(list, plugin, targets);
	free(list);
	free(dir);
}

static int is_name(const struct dirent *entry)
{
	return entry->d_name[0] != '.';
}

static bool is_trusted(const char *dir)
{
	struct stat st;

	return !stat(dir, &st) && (st.st_uid == 0 || st.st_uid == geteuid()) &&
	       !(st.st_mode & (S_IWGRP | S_IWOTH));
}

static void add_build_if_whole(struct targets *targets, const char *dir)
{
	char *plugin = join(dir, "vchassis.so"), *list = join(dir, "vchassis.targets");

	if (!access(list, R_OK) && !access(plugin, R_OK))
		targets_read(list, plugin, targets); /* whose rows keep the plug-in's name */
	free(list);
}

/* The builds that were made here, in the order of their names. */
static void add_builds(struct targets *targets, const char *dir)
{
	struct dirent **entries;
	int n = is_trusted(dir) ? scandir(dir, &entries, is_name, alphasort) : -1;

	for (int i = 0; i < n; i++) {
		char *build = join(dir, entries[i]->d_name);

		add_build_if_whole(targets, build);
		free(build);
		free(entries[i]);
	}
	if (n >= 0)
		free(entries);
}

void builds_find(struct targets *targets)
{
	char *plugin = beside_us("vchassis.so"), *made_here;

	*targets = (struct targets) { 0 };
	if (plugin) {
		add_build(targets, plugin);
		return;
	}
	plugin = beside_us(VC_PLUGIN_FROM_BINDIR);
	if (!plugin)
		die("no vchassis.so beside this program, nor at " VC_PLUGIN_FROM_BINDIR " from it");
	add_build(targets, plugin);
	made_here = beside_us(VC_BUILDS_FROM_BINDIR);
	if (made_here)
		add_builds(targets, made_here);
	free(made_here);
}

/* Whether a build is under way in @dir. Its lock is never kept, only asked for. */
static bool is_building(const char *dir)
{
	char *path = join(dir, "lock");
	int fd = open(path, O_RDONLY | O_CLOEXEC);
	bool locked = fd >= 0 && flock(fd, LOCK_SH | LOCK_NB) < 0 && errno == EWOULDBLOCK;

	if (fd >= 0)
		close(fd);
	free(path);
	return locked;
}

/* Why the last build in @dir failed; false if it did not. */
static bool has_failed(const char *dir, char why[FAILED_ROOM])
{
	char *path = join(dir, "failed");
	FILE *file = fopen(path, "re");
	bool failed = file && fgets(why, FAILED_ROOM, file);

	if (file)
		fclose(file);
	free(path);
	if (failed)
		why[strcspn(why, "\n")] = '\0';
	return failed;
}

void builds_print_advice(FILE *out, const char *qemu)
{
	char *command = beside_us("../sbin/" REBUILD), *dir = beside_us(VC_BUILDS_FROM_BINDIR);
	char why[FAILED_ROOM];

	if (!command)
		fprintf(out,
			"to build for it: ./configure --qemu=%s && make, or install the package "
			"qemu-vchassis-source",
			qemu);
	else if (dir && is_building(dir))
		fputs("one for it is being built; try again in some minutes", out);
	else if (dir && has_failed(dir, why))
		fprintf(out, "building one for it failed: %s; to try again, as root: " REBUILD,
			why);
	else
		fputs("to build for it, as root: " REBUILD, out);
	free(command);
	free(dir);
}
