/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What QEMU says on its standard error, kept apart from the test's own. */
#ifndef QTEST_ERRORS_H
#define QTEST_ERRORS_H

/**
 * errors_apart() - An argument that has a QEMU write there
 *
 * Return: for the argument list of a QEMU that a shell starts; the same file for all of them.
 */
const char *errors_apart(void);

/**
 * errors_take() - What was written since it was last asked
 *
 * Return: lines, to be freed.
 */
char *errors_take(void);

#endif
