/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Completion for shells.
 *
 * DOC: Theory of Operation
 *
 * The script that a shell gets knows nothing: it runs "vswitchctl __complete WORD..." with the line
 * up to the cursor, and offers the lines that this prints. So there is one place that knows words,
 * options, keys, and what the switch that runs has; a switch that is not there completes nothing.
 */
#ifndef VSWITCHCTL_COMPLETE_H
#define VSWITCHCTL_COMPLETE_H

#include "words.h"

#define COMPLETE_WORD "__complete"

/* complete_bash() - @run of a row: print the script. Return: the status */
int complete_bash(struct ctl *c);

/**
 * complete_words() - Print what the last word may be
 * @words: The command line behind the program's name, ended by NULL
 *
 * Return: EX_OK.
 */
int complete_words(char **words);

#endif
