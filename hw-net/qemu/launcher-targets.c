// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * The QEMUs that one build of the plug-in serves: the list that ./configure made, and what is true
 * of it now. A program is known by its build-id alone. Its name in the list only helps to say what
 * is wrong with one that is not known. Where there are several builds, their lists stand one after
 * another, and a name may be in more than one.
 */
#define _GNU_SOURCE
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "launcher.h"
#include "launcher-config.h"

/* The states that setup/targets.sh writes. */
static const struct {
	const char *state, *words;
} reasons[] = {
	{ "no-pci", "has no PCI bus, and all our cards are PCI devices" },
	{ "no-symbols", "exports no symbols (it was linked without --enable-modules), so that no "
			"plug-in can work in it" },
	{ "no-build-id", "has no build-id, so that a changed one could not be told" },
	{ "other-build", "is from another build of QEMU than what this was built for" },
};

static bool fits(const struct target *target)
{
	return !strcmp(target->state, "fits");
}

static const char *reason(const struct target *target)
{
	for (size_t i = 0; i < sizeof(reasons) / sizeof(reasons[0]); i++)
		if (!strcmp(target->state, reasons[i].state))
			return reasons[i].words;
	return target->state;
}

/* One line, whose fields are separated by tabs. Return: false if they are not five. */
static bool parse(char *line, struct target *target)
{
	target->name = strsep(&line, "\t");
	target->state = strsep(&line, "\t");
	target->build_id = strsep(&line, "\t");
	target->program = strsep(&line, "\t");
	target->path = line;
	return target->path && *target->path && !strchr(target->path, '\t');
}

static void add_row(struct targets *targets, const struct target *row)
{
	targets->rows = realloc(targets->rows, (targets->n + 1) * sizeof(*row));
	if (!targets->rows)
		die("%s", strerror(errno));
	targets->rows[targets->n++] = *row;
}

void targets_read(const char *path, const char *plugin, struct targets *targets)
{
	FILE *file = fopen(path, "re");
	struct target row = { .plugin = plugin };
	char *line = NULL;
	size_t room = 0, n = 0;

	if (!file)
		die("%s: %s", path, strerror(errno));
	while (getline(&line, &room, file) >= 0) {
		n++;
		line[strcspn(line, "\n")] = '\0';
		if (!parse(line, &row))
			die("%s, line %zu: not TARGET STATE BUILD-ID PROGRAM NAME, with tabs "
			    "between them",
			    path, n);
		add_row(targets, &row);
		line = NULL; /* the row keeps it */
		room = 0;
	}
	free(line);
	fclose(file);
	if (!n)
		die("%s: empty; run ./configure again", path);
}

/* Whether a row before the @i-th has its name. */
static bool seen_before(const struct targets *targets, size_t i)
{
	for (size_t j = 0; j < i; j++)
		if (!strcmp(targets->rows[j].name, targets->rows[i].name))
			return true;
	return false;
}

/* The names of those that fit, with a blank before each. */
static char *names(const struct targets *targets)
{
	char *list = NULL, *longer;

	for (size_t i = 0; i < targets->n; i++) {
		if (!fits(&targets->rows[i]) || seen_before(targets, i))
			continue;
		if (asprintf(&longer, "%s %s", list ? list : "", targets->rows[i].name) < 0)
			die("%s", strerror(errno));
		free(list);
		list = longer;
	}
	return list ? list : strdup(" none");
}

const struct target *targets_by_name(const struct targets *targets, const char *name)
{
	for (size_t i = 0; i < targets->n; i++)
		if (!strcmp(targets->rows[i].name, name))
			return &targets->rows[i];
	die("no qemu-system-%s was there when this was built; there were:%s; if it is there now, "
	    "run make again",
	    name, names(targets));
}

static const struct target *by_path(const struct targets *targets, const char *path)
{
	for (size_t i = 0; i < targets->n; i++)
		if (!strcmp(targets->rows[i].path, path) || !strcmp(targets->rows[i].program, path))
			return &targets->rows[i];
	return NULL;
}

static const struct target *by_build_id(const struct targets *targets, const char *id)
{
	for (size_t i = 0; i < targets->n; i++)
		if (*id && !strcmp(targets->rows[i].build_id, id))
			return &targets->rows[i];
	return NULL;
}

/* How the program of @target is now. */
static const char *state_now(const struct target *target)
{
	char id[BUILD_ID_ROOM];
	const char *why = build_id_read(target->program, id);

	if (why)
		return why;
	if (strcmp(id, target->build_id))
		return "has changed since this was built; run make again";
	return fits(target) ? "fits" : reason(target);
}

/* Refuse @path, which no plug-in was built for, and say what to do. */
__attribute__((noreturn)) static void refuse(const char *path, bool in_list)
{
	char *text = NULL;
	size_t len;
	FILE *out = open_memstream(&text, &len);

	if (!out)
		die("%s", strerror(errno));
	fprintf(out, "%s is not the QEMU this was built for (%s); ", path, VC_QEMU_VERSION);
	builds_print_advice(out, path);
	if (in_list)
		fprintf(out,
			"; until then %s starts it with QEMU's own cards (their names without vc-, "
			"-netdev in place of vc-port)",
			path);
	fclose(out);
	die("%s", text);
}

const struct target *targets_program(const struct targets *targets, const char *path,
				     const char **program)
{
	const struct target *seen = by_path(targets, path), *known;
	char id[BUILD_ID_ROOM];
	const char *why;

	*program = seen ? seen->program : path;
	why = build_id_read(*program, id);
	if (why)
		die("%s: %s", *program, why);
	known = by_build_id(targets, id);
	if (!known && seen && !*id)
		known = seen;
	if (!known)
		refuse(path, seen);
	if (!fits(known))
		die("%s (target %s) %s", path, known->name, reason(known));
	return known;
}

/* Of the rows with the name of @row, the one that is true now; @row if none is. */
static const struct target *true_now(const struct targets *targets, const struct target *row)
{
	const struct target *end = targets->rows + targets->n;
	char id[BUILD_ID_ROOM];

	for (const struct target *other = row; other < end; other++)
		if (!strcmp(other->name, row->name) && !build_id_read(other->program, id) &&
		    !strcmp(id, other->build_id))
			return other;
	return row;
}

static void print_row(const struct target *row)
{
	bool same = !strcmp(row->path, row->program);

	printf("%-16s %s%s%s\n%17sbuild-id %s: %s\n", row->name, row->path,
	       same ? "" : ", which is ", same ? "" : row->program, "",
	       *row->build_id ? row->build_id : "none", state_now(row));
}

void targets_print(const struct targets *targets)
{
	for (size_t i = 0; i < targets->n; i++)
		if (!seen_before(targets, i))
			print_row(true_now(targets, &targets->rows[i]));
}
