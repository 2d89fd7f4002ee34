/* SPDX-License-Identifier: BSD-2-Clause */
/* Saying what was wrong, for whoever has an @err to fill. */
#ifndef VSWITCH_FAIL_H
#define VSWITCH_FAIL_H

#include <stddef.h>

/**
 * vsw_fail() - Say what was wrong
 * @err:    Where to, or NULL
 * @errlen: Room in it
 * @fmt:    As printf; one line
 *
 * Return: -1, always.
 */
int vsw_fail(char *err, size_t errlen, const char *fmt, ...) __attribute__((format(printf, 3, 4)));

#endif
