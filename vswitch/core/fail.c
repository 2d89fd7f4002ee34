/* SPDX-License-Identifier: BSD-2-Clause */
/* Saying what was wrong. */
#include "vswitch/fail.h"

#include <stdarg.h>
#include <stdio.h>

int vsw_fail(char *err, size_t errlen, const char *fmt, ...)
{
	va_list ap;

	va_start(ap, fmt);
	if (err && errlen)
		vsnprintf(err, errlen, fmt, ap);
	va_end(ap);
	return -1;
}
