/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Commands of a control.
 *
 * DOC: Theory of Operation
 *
 * A command is a row. What it does is done at once; what it returns is a JSON tree that is written
 * in pieces (answer.c, writer.h). A command with a long list returns an empty array and says how to
 * go on: whenever what is there was written, it is asked for the next few entries. What happens
 * when the switch changes meanwhile is what vswitch/query.h says of its walks.
 */
#ifndef VSWITCH_CONTROL_COMMAND_H
#define VSWITCH_CONTROL_COMMAND_H

#include <jansson.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "vswitch/control.h"

/*
 * struct vsw_call - a command being carried out
 * @ctl:    The control
 * @args:   Its arguments, an object
 * @err: @errlen: For one line, if it fails
 * @more:   Set by a command that returns an empty array and fills it in pieces: append the next few
 *      entries to @list, which is empty; none after so much work is allowed. Return false if these
 *      were the last
 * @cursor: For @more: where it is
 * @fd:     Set by a command: passed with the answer, and closed; -1: none
 */
struct vsw_call {
	struct vsw_control *ctl;
	const json_t *args;
	char *err;
	size_t errlen;
	bool (*more)(struct vsw_call *call, json_t *list);
	uint64_t cursor;
	int fd;
};

/*
 * struct vsw_command - a command
 * @name: Its name
 * @run:  Carry it out. Return the answer, or NULL and the error is told
 * @args: Names it takes, with a ? those that may be missing
 * @help: One line
 */
struct vsw_command {
	const char *name;
	json_t *(*run)(struct vsw_call *call);
	const char *args;
	const char *help;
};

#endif
