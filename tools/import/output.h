/* SPDX-License-Identifier: BSD-2-Clause */
/* The folder with what was made: all of it or nothing. */
#ifndef IMPORT_OUTPUT_H
#define IMPORT_OUTPUT_H

#include <glib.h>
#include <stdbool.h>

/* struct output - files by name that are to be written; @scripts: may be executed */
struct output {
	GPtrArray *names, *texts;
};

/**
 * output_new() - Nothing
 *
 * Return: the files, to be freed by output_free().
 */
struct output *output_new(void);

/**
 * output_free() - Free files
 * @o: The files
 */
void output_free(struct output *o);

/**
 * output_add() - A file; one that ends in .sh may be executed
 * @o:    The files
 * @name: Its name; taken
 * @text: What is in it; taken
 */
void output_add(struct output *o, char *name, char *text);

/**
 * output_write() - Write them into a new folder
 * @o:      The files
 * @folder: Its path; nothing may be there
 *
 * They are written beside it and get its name when the last one is whole.
 *
 * Return: NULL, or what went wrong, to be freed, and there is no folder.
 */
char *output_write(const struct output *o, const char *folder);

#endif
