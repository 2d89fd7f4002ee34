/* SPDX-License-Identifier: BSD-2-Clause */
/* Reading JSON out of an input. */
#include "json-text.h"

json_t *json_text_read(const struct text *t, unsigned from, unsigned to, struct trouble *bad)
{
	GString *all = g_string_new(NULL);
	json_error_t e;
	json_t *v;

	for (unsigned i = from; i < to; i++)
		g_string_append_printf(all, "%s\n", t->line[i - 1]);
	v = json_loadb(all->str, all->len, JSON_REJECT_DUPLICATES, &e);
	if (!v)
		trouble_at(bad, t->file, MIN(from + (unsigned)MAX(e.line, 1) - 1, to - 1), "%s",
			   e.text);
	g_string_free(all, TRUE);
	return v;
}
