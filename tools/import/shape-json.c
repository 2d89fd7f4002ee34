/* SPDX-License-Identifier: BSD-2-Clause */
/* The shape of --formatter=json. */
#include <jansson.h>
#include <string.h>

#include "json-text.h"
#include "record.h"

/* A scalar as the other shapes print it. NULL: it is none */
static char *scalar(const json_t *v)
{
	if (json_is_string(v))
		return g_strdup(json_string_value(v));
	if (json_is_integer(v))
		return g_strdup_printf("%" JSON_INTEGER_FORMAT, json_integer_value(v));
	if (json_is_boolean(v))
		return g_strdup(json_is_true(v) ? "true" : "false");
	return json_is_null(v) ? g_strdup("") : NULL;
}

static bool put_list(struct record *r, const char *key, const json_t *list, struct trouble *bad)
{
	struct field *f = record_put(r, key, g_strdup(""), r->line, bad);
	const json_t *item;
	size_t i;

	if (!f)
		return false;
	f->items = g_ptr_array_new_with_free_func(g_free);
	json_array_foreach(list, i, item) {
		char *text = scalar(item);

		if (!text)
			return trouble_at(bad, r->file, r->line, "%s[%zu] is no plain value", key,
					  i);
		g_ptr_array_add(f->items, text);
	}
	return true;
}

static bool put_object(GPtrArray *all, const struct text *t, unsigned line, json_t *object,
		       struct trouble *bad)
{
	struct record *r = record_new(t, line);
	const char *key;
	json_t *v;

	g_ptr_array_add(all, r);
	json_object_foreach(object, key, v) {
		char *text = scalar(v);

		if (!text && !json_is_array(v))
			return trouble_at(bad, t->file, line, "'%s' is no plain value and no list",
					  key);
		if (!(text ? !!record_put(r, key, text, line, bad) : put_list(r, key, v, bad)))
			return false;
	}
	return true;
}

GPtrArray *records_json(const struct text *t, unsigned from, unsigned to, struct trouble *bad)
{
	g_autoptr(GPtrArray) all = g_ptr_array_new_with_free_func(record_free);
	json_t *whole = json_text_read(t, from, to, bad), *v;
	bool ok = whole;
	size_t i;

	if (json_is_object(whole)) {
		ok = put_object(all, t, from, whole, bad);
	} else if (whole) {
		json_array_foreach(whole, i, v) {
			ok = ok && (json_is_object(v) ? put_object(all, t, from, v, bad) :
							trouble_at(bad, t->file, from,
								   "[%zu] is no object", i));
		}
	}
	json_decref(whole);
	return ok ? g_steal_pointer(&all) : NULL;
}
