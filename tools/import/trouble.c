/* SPDX-License-Identifier: BSD-2-Clause */
/* Telling what is wrong with an input. */
#include "trouble.h"

/* One line of at most 300 bytes, whatever the input had in it */
static char *one_line(char *text)
{
	g_autofree char *whole = g_utf8_make_valid(text, MIN((gssize)strlen(text), 300));

	for (char *p = whole; *p; p++)
		if ((unsigned char)*p < ' ' || *p == 127)
			*p = '?';
	g_free(text);
	return g_steal_pointer(&whole);
}

bool trouble_at(struct trouble *t, const char *file, unsigned line, const char *fmt, ...)
{
	g_autofree char *what = NULL;
	va_list args;

	if (t->text)
		return false;
	va_start(args, fmt);
	what = one_line(g_strdup_vprintf(fmt, args));
	va_end(args);
	t->text = line ? g_strdup_printf("%s:%u: %s", file, line, what) :
			 g_strdup_printf("%s: %s", file, what);
	return false;
}
