/* SPDX-License-Identifier: BSD-2-Clause */
/* Help, from the rows of what can be done. */
#ifndef VSWITCHCTL_HELP_H
#define VSWITCHCTL_HELP_H

#include "words.h"

/* help_run() - @run of a row. Return: the status */
int help_run(struct ctl *c);

/**
 * help_all() - How the program is called, nouns, options
 *
 * Return: EX_OK.
 */
int help_all(void);

/**
 * help_noun() - What can be done with a noun
 * @noun: The noun
 *
 * Return: EX_OK.
 */
int help_noun(const struct ctl_noun *noun);

/**
 * help_verbs() - Verbs of a noun, in one line
 * @noun: Its name
 *
 * Return: to be freed with g_free().
 */
char *help_verbs(const char *noun);

#endif
