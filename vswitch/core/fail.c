/* SPDX-License-Identifier: BSD-2-Clause */
/* Saying what was wrong. */
#include "core/fail.h"

#include <stdarg.h>
#include <stdio.h>

/**
 * vsw_fail() - Say what was wrong
 * @err:    Where to
 * @errlen: Room
 * @fmt:    As printf
 *
 * Return: -1, always.
 */
int vsw_fail(char *err, size_t errlen, const char *fmt, ...)
{
	va_list ap;

	va_start(ap, fmt);
	if (err && errlen)
		vsnprintf(err, errlen, fmt, ap);
	va_end(ap);
	return -1;
}
