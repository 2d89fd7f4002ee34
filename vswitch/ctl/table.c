/* SPDX-License-Identifier: BSD-2-Clause */
/* Answers for people (table.h). */
#include "table.h"

#include <string.h>

void table_clean(GString *out, const char *text)
{
	for (const char *s = text; *s; s = g_utf8_next_char(s)) {
		gunichar c = g_utf8_get_char_validated(s, -1);

		if (c == (gunichar)-1 || c == (gunichar)-2) {
			g_string_append_c(out, '?');
			break;
		}
		if (g_unichar_isprint(c))
			g_string_append_unichar(out, c);
		else
			g_string_append_c(out, '?');
	}
}

static void text_of_array(GString *out, const json_t *v)
{
	for (size_t i = 0; i < json_array_size(v); i++) {
		if (i)
			g_string_append_c(out, ' ');
		table_text(out, json_array_get(v, i));
	}
}

void table_text(GString *out, const json_t *v)
{
	char *text;

	switch (v ? json_typeof(v) : JSON_NULL) {
	case JSON_STRING:
		table_clean(out, json_string_value(v));
		break;
	case JSON_INTEGER:
		g_string_append_printf(out, "%" JSON_INTEGER_FORMAT, json_integer_value(v));
		break;
	case JSON_TRUE:
	case JSON_FALSE:
		g_string_append(out, json_is_true(v) ? "yes" : "no");
		break;
	case JSON_NULL:
		g_string_append_c(out, '-');
		break;
	case JSON_ARRAY:
		text_of_array(out, v);
		break;
	default:
		text = json_dumps(v, JSON_COMPACT | JSON_ENCODE_ANY);
		table_clean(out, text ? text : "?");
		free(text);
	}
}

static char *cell(const struct ctl_column *column, const json_t *item)
{
	GString *s = g_string_new(NULL);

	if (column->text)
		column->text(item, s);
	else
		table_text(s, vsw_answer_member(item, column->path));
	if (!s->len)
		g_string_append_c(s, '-');
	return g_string_free(s, FALSE);
}

/* Numbers stand on the right, those with a unit, too */
static bool is_number(const char *s)
{
	size_t digits = strspn(s, "0123456789");

	return digits && (!s[digits] || (strchr("kMGT", s[digits]) && !s[digits + 1]));
}

static void put_cell(GString *out, const char *text, glong width, bool last)
{
	glong pad = width - g_utf8_strlen(text, -1);

	if (is_number(text))
		g_string_append_printf(out, "%*s", (int)pad, "");
	g_string_append(out, text);
	if (!last)
		g_string_append_printf(out, "%*s", (int)(is_number(text) ? 2 : pad + 2), "");
}

static void put_row(GString *out, char *const *cells, const glong *width, unsigned n)
{
	for (unsigned i = 0; i < n; i++)
		put_cell(out, cells[i], width[i], i + 1 == n);
	g_string_append_c(out, '\n');
}

static unsigned count(const struct ctl_column *columns)
{
	unsigned n = 0;

	while (columns[n].title)
		n++;
	return n;
}

GString *table_rows(const struct ctl_column *columns, const json_t *items)
{
	unsigned n = count(columns);
	g_autofree glong *width = g_new0(glong, n);
	g_autoptr(GPtrArray) rows = g_ptr_array_new_with_free_func((GDestroyNotify)g_strfreev);
	GString *out = g_string_new(NULL);

	for (size_t r = 0; r <= json_array_size(items); r++) {
		char **cells = g_new0(char *, n + 1);

		for (unsigned i = 0; i < n; i++) {
			cells[i] = r ? cell(&columns[i], json_array_get(items, r - 1)) :
				       g_strdup(columns[i].title);
			width[i] = MAX(width[i], g_utf8_strlen(cells[i], -1));
		}
		g_ptr_array_add(rows, cells);
	}
	for (guint r = 0; r < rows->len; r++)
		put_row(out, g_ptr_array_index(rows, r), width, n);
	return out;
}

static bool is_plain_array(const json_t *v)
{
	for (size_t i = 0; i < json_array_size(v); i++)
		if (json_is_object(json_array_get(v, i)) || json_is_array(json_array_get(v, i)))
			return false;
	return json_is_array(v);
}

static bool is_nothing(const char *path, const json_t *v)
{
	return g_str_has_prefix(path, "counters.") && json_is_integer(v) && !json_integer_value(v);
}

static void put_member(GString *out, const char *path, const json_t *v)
{
	if (is_nothing(path, v))
		return;
	g_string_append_printf(out, "%-36s ", path);
	table_text(out, v);
	g_string_append_c(out, '\n');
}

static void members(GString *out, const char *prefix, const json_t *v)
{
	const char *key;
	json_t *m;

	json_object_foreach((json_t *)v, key, m) {
		g_autoptr(GString) path = g_string_new(prefix);

		if (path->len)
			g_string_append_c(path, '.');
		table_clean(path, key);
		if (json_is_object(m) && json_object_size(m))
			members(out, path->str, m);
		else if (json_is_array(m) && !is_plain_array(m))
			for (size_t i = 0; i < json_array_size(m); i++) {
				g_autofree char *at = g_strdup_printf("%s.%zu", path->str, i);

				members(out, at, json_array_get(m, i));
			}
		else
			put_member(out, path->str, m);
	}
}

GString *table_members(const json_t *item)
{
	GString *out = g_string_new(NULL);

	if (json_is_array(item))
		for (size_t i = 0; i < json_array_size(item); i++) {
			if (i)
				g_string_append_c(out, '\n');
			members(out, "", json_array_get(item, i));
		}
	else
		members(out, "", item);
	return out;
}
