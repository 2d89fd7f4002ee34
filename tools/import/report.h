/* SPDX-License-Identifier: BSD-2-Clause */
/* What could not be carried over, and what is to be decided: lines for people, in the order of the
 * inputs and of their lines. */
#ifndef IMPORT_REPORT_H
#define IMPORT_REPORT_H

#include <glib.h>

/* struct note - @rank: which input it is of */
struct note {
	unsigned rank, line;
	char *text;
};

/* struct notes - struct note of each kind; @files: names of the inputs in order */
struct notes {
	GArray *left, *decide;
	const GPtrArray *files;
};

/**
 * notes_new() - No lines
 * @files: Names of the inputs, which give the order; outlives the notes
 *
 * Return: notes, to be freed by notes_free().
 */
struct notes *notes_new(const GPtrArray *files);

/**
 * notes_free() - Free notes
 * @n: The notes or NULL
 */
void notes_free(struct notes *n);

/**
 * notes_left() - Something is not carried over
 * @n:    The notes
 * @file: @line: Where it stands
 * @fmt:  What, and what follows
 */
void notes_left(struct notes *n, const char *file, unsigned line, const char *fmt, ...)
	G_GNUC_PRINTF(4, 5);

/**
 * notes_decide() - Something is for people to decide
 * @n:    The notes
 * @file: @line: Where it stands
 * @fmt:  What, and how
 */
void notes_decide(struct notes *n, const char *file, unsigned line, const char *fmt, ...)
	G_GNUC_PRINTF(4, 5);

/**
 * notes_text() - The report
 * @n: The notes, which are put in order
 *
 * Return: text, to be freed.
 */
char *notes_text(struct notes *n);

#endif
