/* SPDX-License-Identifier: BSD-2-Clause */
/* What vswitchctl can be told, as rows (ctl.h has the theory). */
#ifndef VSWITCHCTL_WORDS_H
#define VSWITCHCTL_WORDS_H

#include "ctl.h"
#include "vswitch/control.h"

/**
 * struct ctl_column - A column of a table
 * @title: In capitals
 * @path:  Member of an item: "counters.in.gso"; or, without @text, "" the item itself
 * @text:  Appends the cell of an item; NULL: the member is printed as it is
 */
struct ctl_column {
	const char *title, *path;
	void (*text)(const json_t *item, GString *out);
};

/**
 * struct ctl_word - Something that can be done
 * @noun:    On what
 * @verb:    What; "": the noun says it all
 * @args:    Arguments: NAME, [NAME] one that may be missing, NAME... the last, as many as come. A
 *      name says what stands there, for completion (complete.c)
 * @options: Letters of the options that it takes (struct ctl_option)
 * @command: Command of the control dialect that it sends, or the first of them; "": none
 * @columns: What is printed, ended by a column without title; NULL: all members, one a line
 * @run:     Does it
 * @place:   For the functions of edit.h: which part of the document
 * @help:    One line
 */
struct ctl_word {
	const char *noun, *verb, *args, *options, *command;
	const struct ctl_column *columns;
	int (*run)(struct ctl *c);
	const struct edit_place *place;
	const char *help;
};

/**
 * struct ctl_noun - A noun
 * @name:  The noun
 * @alias: Another name, or NULL
 * @help:  What it is
 */
struct ctl_noun {
	const char *name, *alias, *help;
};

/**
 * struct ctl_option - An option of the command line
 * @letter: Short form
 * @name:   Long form
 * @value:  What its value is called; NULL: it has none
 * @common: All words take it
 * @help:   One line
 */
struct ctl_option {
	char letter;
	const char *name, *value;
	bool common;
	const char *help;
};

/**
 * struct ctl_status - A status that the program ends with
 * @status: The number
 * @help:   When
 */
struct ctl_status {
	int status;
	const char *help;
};

/** ctl_words, ctl_nouns, ctl_options, ctl_statuses - All rows; the last one of each is empty */
extern const struct ctl_word ctl_words[];
extern const struct ctl_noun ctl_nouns[];
extern const struct ctl_option ctl_options[];
extern const struct ctl_status ctl_statuses[];

/**
 * ctl_noun_find() - A noun by its name or alias
 * @name: The name
 *
 * Return: the noun, or NULL.
 */
const struct ctl_noun *ctl_noun_find(const char *name);

/**
 * ctl_word_find() - A row
 * @noun: The noun, as its row is called
 * @verb: The verb, or ""
 *
 * Return: the row, or NULL.
 */
const struct ctl_word *ctl_word_find(const char *noun, const char *verb);

/**
 * ctl_args_next() - The next argument that a row takes
 * @args:     Where the walk over its @args is; moved on
 * @optional: It may be missing
 * @many:     As many as come
 *
 * Return: its name, to be freed with g_free(); NULL: there are no more.
 */
char *ctl_args_next(const char **args, bool *optional, bool *many);

#endif
