/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef LAUNCHER_H
#define LAUNCHER_H

#include <stdbool.h>
#include <stddef.h>
#include <stdio.h>

/* As a shell has it for a command that can't be run. */
#define EXIT_REFUSED 126

/* Hex digits of the longest build-id there is room for, and the end of the string. */
#define BUILD_ID_ROOM (2 * 64 + 1)

/* One QEMU that ./configure saw, as it was then; setup/targets.sh makes the list. */
struct target {
	char *name;	/* x86_64, aarch64, ... */
	char *state;	/* "fits", or why no plug-in fits it */
	char *build_id; /* hex digits */
	char *program;	/* what runs */
	char *path; /* what the user calls: the program, a link to it, a script that ends in it */
	const char *plugin; /* of the list that this stands in */
};

struct targets {
	struct target *rows; /* the first is the one without more words */
	size_t n;
};

/**
 * die() - Say in one line on stderr why nothing runs, and exit with EXIT_REFUSED.
 * @fmt: as for printf(), without a newline.
 */
__attribute__((noreturn, format(printf, 1, 2))) void die(const char *fmt, ...);

/**
 * build_id_read() - Read the build-id of a program.
 * @path: a file
 * @hex: room for it, as hex digits; empty if the program has none
 *
 * Return: NULL, or what is wrong with the file, in a few words.
 */
const char *build_id_read(const char *path, char hex[BUILD_ID_ROOM]);

/**
 * builds_find() - Read the lists of all builds of the plug-in there are; dies if there is none.
 * @targets: filled in; lives until the process ends
 */
void builds_find(struct targets *targets);

/**
 * builds_print_advice() - Say how one gets a plug-in for a QEMU that none was built for.
 * @out: for a part of a line
 * @qemu: the program
 */
void builds_print_advice(FILE *out, const char *qemu);

/**
 * targets_read() - Read one more list of targets; dies of a line that is none.
 * @path: the file
 * @plugin: what they fit; kept
 * @targets: gets them after those it has
 */
void targets_read(const char *path, const char *plugin, struct targets *targets);

/**
 * targets_by_name() - The target of this name; dies, and says which there are, if there is none.
 * @targets: what ./configure saw
 * @name: what follows "qemu-system-"
 *
 * Return: a row of @targets.
 */
const struct target *targets_by_name(const struct targets *targets, const char *name);

/**
 * targets_program() - Find the plug-in for what the user has named; dies if none fits it.
 * @targets: of all builds
 * @path: a program, or a script that ./configure followed
 * @program: what is to run: @path, or what the script of that name runs
 *
 * The file is read now: a program is known by its build-id, wherever it is.
 *
 * Return: a row of @targets.
 */
const struct target *targets_program(const struct targets *targets, const char *path,
				     const char **program);

/**
 * targets_print() - Print them to stdout, each once, with how it is now.
 * @targets: of all builds
 */
void targets_print(const struct targets *targets);

#endif
