/* SPDX-License-Identifier: BSD-2-Clause */
/* Records and their fields (record.h has the theory). */
#include "record.h"

#include <string.h>

static void free_field(gpointer p)
{
	struct field *f = p;

	g_free(f->text);
	if (f->items)
		g_ptr_array_unref(f->items);
	g_free(f);
}

struct record *record_new(const struct text *t, unsigned line)
{
	struct record *r = g_new0(struct record, 1);

	r->file = t->file;
	r->line = line;
	r->fields = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, free_field);
	return r;
}

void record_free(gpointer record)
{
	struct record *r = record;

	g_hash_table_unref(r->fields);
	g_free(r);
}

/* Small letters and digits of a key as it is printed */
static char *fold(const char *key)
{
	GString *to = g_string_new(NULL);

	for (; *key; key++)
		if (g_ascii_isalnum(*key))
			g_string_append_c(to, g_ascii_tolower(*key));
	return g_string_free(to, FALSE);
}

struct field *record_put(struct record *r, const char *key, char *text, unsigned line,
			 struct trouble *bad)
{
	char *folded = fold(key);
	struct field *f;

	if (!*folded || g_hash_table_contains(r->fields, folded) ||
	    g_hash_table_size(r->fields) == RECORD_FIELDS_MAX) {
		if (!*folded)
			trouble_at(bad, r->file, line, "'%s' is no key", key);
		else if (g_hash_table_contains(r->fields, folded))
			trouble_at(bad, r->file, line, "'%s' is there twice", key);
		else
			trouble_at(bad, r->file, line, "has more than %u keys", RECORD_FIELDS_MAX);
		g_free(folded);
		g_free(text);
		return NULL;
	}
	f = g_new0(struct field, 1);
	f->text = text;
	f->line = line;
	g_hash_table_insert(r->fields, folded, f);
	return f;
}

const struct field *record_find(const struct record *r, const char *key)
{
	return g_hash_table_lookup(r->fields, key);
}

const char *record_need(const struct record *r, const char *key, const char *as,
			struct trouble *bad)
{
	const struct field *f = record_find(r, key);

	if (f && *f->text)
		return f->text;
	trouble_at(bad, r->file, f ? f->line : r->line, "'%s' is %s", as, f ? "empty" : "missing");
	return NULL;
}

bool record_number(const struct record *r, const char *key, const char *as, gint64 min, gint64 max,
		   gint64 *value, struct trouble *bad)
{
	const char *text = record_need(r, key, as, bad);

	if (!text)
		return false;
	return g_ascii_string_to_signed(text, 10, min, max, value, NULL) ?
		       true :
		       trouble_at(bad, r->file, record_find(r, key)->line,
				  "%s: '%s' is no number from %" G_GINT64_FORMAT
				  " to %" G_GINT64_FORMAT,
				  as, text, min, max);
}

bool record_bool(const struct record *r, const char *key, int *value, struct trouble *bad)
{
	const struct field *f = record_find(r, key);

	if (!f)
		return true;
	*value = !g_ascii_strcasecmp(f->text, "true");
	return *value || !g_ascii_strcasecmp(f->text, "false") ?
		       true :
		       trouble_at(bad, r->file, f->line, "'%s' is neither true nor false", f->text);
}

GPtrArray *record_list(const struct field *f)
{
	GPtrArray *words = g_ptr_array_new_with_free_func(g_free);
	g_auto(GStrv) parts = f && !f->items ? g_strsplit(f->text, ",", -1) : NULL;

	for (unsigned i = 0; f && f->items && i < f->items->len; i++)
		g_ptr_array_add(words, g_strdup(f->items->pdata[i]));
	for (char **p = parts; p && *p; p++)
		if (*g_strstrip(*p))
			g_ptr_array_add(words, g_strdup(*p));
	return words;
}
