/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * What is in the answers to commands, and in events: rows that the reference page is made from.
 *
 * A test holds what is written against them (vswitch/test/test-answers.c): nothing else is, and in
 * its play each of them is.
 */
#ifndef VSWITCH_CONTROL_FIELDS_H
#define VSWITCH_CONTROL_FIELDS_H

#include <stdbool.h>

#include "vswitch/vswitch.h"

/*
 * struct vsw_field - a member
 * @path:  Its name, behind those of the objects it is in, with dots; what is in an array has the
 *      array's path; * stands for any name
 * @type:  "string", "number", "boolean", "object", "any", or "array of" one of them
 * @maybe: It may be missing, or null
 * @help:  One line
 */
struct vsw_field {
	const char *path;
	const char *type;
	bool maybe;
	const char *help;
};

/*
 * struct vsw_answer_row - what a command returns
 * @command: Its name
 * @list:    An array of objects; else an object
 * @fields:  Members, ended by a row without path; NULL: they are not the control's to say
 */
struct vsw_answer_row {
	const char *command;
	bool list;
	const struct vsw_field *fields;
};

/* vsw_answer_rows - of commands that return something; ended by a row without command */
extern const struct vsw_answer_row vsw_answer_rows[];

/**
 * vsw_event_fields() - Members of an event's data
 * @about: What the event is about
 *
 * Return: members, ended by a row without path.
 */
const struct vsw_field *vsw_event_fields(enum vsw_event_about about);

#endif
