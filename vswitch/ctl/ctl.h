/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * vswitchctl: a run of the program.
 *
 * DOC: Theory of Operation
 *
 * What the program can be told is a table of rows (words.c): noun, verb, arguments, the command of
 * the control dialect that it sends, the columns of what it prints, help. The parser (main.c), the
 * help, the completion, the man page and the reference page are made from the same rows.
 *
 * A row's @run does the work. Most rows need no function of their own: ctl_run_command() sends the
 * row's command, with the arguments under their names in small letters, and prints what comes back;
 * the functions of edit.h change an object of the configuration document.
 *
 * Everything that comes from the other end is text of others: it is printed with control characters
 * taken out (table.c), and a wrong shape is an error, not a crash.
 *
 * A run ends with a status of <sysexits.h>; CTL_REFUSED is besides them.
 */
#ifndef VSWITCHCTL_CTL_H
#define VSWITCHCTL_CTL_H

#include <glib.h>
#include <jansson.h>
#include <stdbool.h>
#include <sysexits.h>

#include "wire.h"

/** CTL_REFUSED - Status: the switch refused it, or "config diff" found differences. */
#define CTL_REFUSED 1

struct ctl_word;

/**
 * struct ctl - A run
 * @word:    What is to be done
 * @arg:     Arguments by the names that the row gives them, in their order; char *
 * @name:    Those names; char *, as long as @arg
 * @wire:    The connection, once ctl_wire() has made it
 * @socket: @on: @json: @follow: @confirm: @count: @interval: @file: options of the command line
 */
struct ctl {
	const struct ctl_word *word;
	GPtrArray *arg, *name;
	struct wire *wire;
	const char *socket, *on, *file;
	bool json, follow;
	unsigned confirm, count, interval;
};

/**
 * ctl_fail() - Say what is wrong
 * @status: Status to end with
 * @format: As printf(), one line without its end: what, where, and what there is instead
 *
 * Return: @status.
 */
int ctl_fail(int status, const char *format, ...) G_GNUC_PRINTF(2, 3);

/**
 * ctl_arg() - An argument of the command line
 * @c:    The run
 * @name: As the row calls it
 *
 * Return: the first of that name; NULL: it was not given.
 */
const char *ctl_arg(const struct ctl *c, const char *name);

/**
 * ctl_wire() - The connection to the switch, made when it is first wanted
 * @c:      The run
 * @status: Set, and the error is told, if there is none
 *
 * Return: the connection, or NULL.
 */
struct wire *ctl_wire(struct ctl *c, int *status);

/**
 * ctl_ask() - Have a command carried out
 * @c:       The run
 * @command: Its name
 * @args:    Its arguments; taken over; NULL: none
 * @status:  Set, and the error is told, if it fails
 *
 * To a daemon a command of a switch says which switch, if the command line does. Warnings in the
 * answer are told. A change that is in force and could not be saved sets @status, too.
 *
 * Return: what it returned; NULL if it failed.
 */
json_t *ctl_ask(struct ctl *c, const char *command, json_t *args, int *status);

/**
 * ctl_try() - The same, of a command that the other end may not have
 * @c:       The run, connected
 * @command: Its name
 * @args:    Its arguments; taken over; NULL: none
 *
 * Return: what it returned; NULL if it failed, of which nothing is told.
 */
json_t *ctl_try(struct ctl *c, const char *command, json_t *args);

/**
 * ctl_run_command() - Send the row's command and print what comes back
 * @c: The run
 *
 * Return: the status.
 */
int ctl_run_command(struct ctl *c);

/**
 * ctl_print() - Print an answer as the command line wants it: JSON, or by the columns of the row
 * @c:      The run
 * @answer: The answer
 *
 * Return: the status.
 */
int ctl_print(const struct ctl *c, const json_t *answer);

/**
 * ctl_flush() - Is all that was printed out?
 *
 * Return: EX_OK; or EX_IOERR, and the error is told.
 */
int ctl_flush(void);

#endif
