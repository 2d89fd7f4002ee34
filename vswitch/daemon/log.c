/* SPDX-License-Identifier: BSD-2-Clause */
/* The log. */
#include "log.h"

#include <stdarg.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static enum vd_level most = VD_INFO;
static bool journal;

void vd_log_init(enum vd_level level)
{
	most = level;
	journal = getenv("JOURNAL_STREAM") != NULL;
}

void vd_log(enum vd_level level, const char *fmt, ...)
{
	char line[1024];
	int at, n;
	va_list ap;

	if (level > most)
		return;
	at = journal ? snprintf(line, sizeof(line), "<%d>", level) :
		       snprintf(line, sizeof(line), "vswitchd: ");
	va_start(ap, fmt);
	n = vsnprintf(line + at, sizeof(line) - (size_t)at - 1, fmt, ap);
	va_end(ap);
	if (n < 0)
		return;
	if ((size_t)n > sizeof(line) - (size_t)at - 2)
		n = (int)(sizeof(line) - (size_t)at - 2);
	for (char *p = line + at; p < line + at + n; p++)
		if ((unsigned char)*p < ' ' || *p == 127)
			*p = '?';
	line[at + n] = '\n';
	if (write(STDERR_FILENO, line, (size_t)(at + n + 1)) < 0) { /* nobody reads it */
	}
}
