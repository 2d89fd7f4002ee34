/* SPDX-License-Identifier: BSD-2-Clause */
/* What is wrong with an input: one line that begins with its file and line; the first one counts */
#ifndef IMPORT_TROUBLE_H
#define IMPORT_TROUBLE_H

#include <glib.h>
#include <stdbool.h>

/* struct trouble - @text: the line, or NULL; to be freed by its owner */
struct trouble {
	char *text;
};

/**
 * trouble_at() - An input is refused
 * @t:    Gets the line, unless it has one
 * @file: The file
 * @line: Line in it, from 1 on; 0: the file as a whole
 * @fmt:  What is wrong, and what there is instead
 *
 * Return: false.
 */
bool trouble_at(struct trouble *t, const char *file, unsigned line, const char *fmt, ...)
	G_GNUC_PRINTF(4, 5);

#endif
