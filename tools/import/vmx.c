/* SPDX-License-Identifier: BSD-2-Clause */
/* Reading a .vmx file (vmx.h has the theory). */
#include "vmx.h"

#include <string.h>

static void free_value(gpointer p)
{
	struct vmx_value *value = p;

	g_free(value->text);
	g_free(value);
}

/* The text between quotes, with |XX as what it stands for. NULL: an escape is none */
static char *unescape(const char *from, size_t n)
{
	GString *to = g_string_new(NULL);

	for (size_t i = 0; i < n; i++) {
		int high, low;

		if (from[i] != '|') {
			g_string_append_c(to, from[i]);
			continue;
		}
		high = i + 2 < n ? g_ascii_xdigit_value(from[i + 1]) : -1;
		low = i + 2 < n ? g_ascii_xdigit_value(from[i + 2]) : -1;
		if (high < 0 || low < 0 || !(high | low)) {
			g_string_free(to, TRUE);
			return NULL;
		}
		g_string_append_c(to, (char)(high << 4 | low));
		i += 2;
	}
	return g_string_free(to, FALSE);
}

static bool quoted(const struct text *t, unsigned line, const char *at, char **value,
		   struct trouble *bad)
{
	size_t n = strcspn(++at, "\"");
	const char *rest = at + n + 1;

	if (!at[n])
		return trouble_at(bad, t->file, line, "the value has no quote at its end");
	rest += strspn(rest, " \t");
	if (*rest && *rest != '#')
		return trouble_at(bad, t->file, line,
				  "'%s' stands behind the value; a quote within one is written |22",
				  rest);
	*value = unescape(at, n);
	if (!*value)
		return trouble_at(bad, t->file, line,
				  "| in a value takes two hexadecimal digits, as |22; not 00");
	return g_utf8_validate(*value, -1, NULL) ?
		       true :
		       trouble_at(bad, t->file, line, "the value is not UTF-8 with its escapes");
}

static bool take_value(const struct text *t, unsigned line, const char *at, char **value,
		       struct trouble *bad)
{
	if (*at == '"')
		return quoted(t, line, at, value, bad);
	*value = g_strstrip(g_strdup(at));
	return strchr(*value, '"') ?
		       trouble_at(bad, t->file, line,
				  "a quote stands within a value that has none before it") :
		       true;
}

static bool take_line(struct vmx *v, const struct text *t, unsigned line, struct trouble *bad)
{
	const char *at = t->line[line - 1] + strspn(t->line[line - 1], " \t"), *key = at;
	size_t n = strcspn(at, " \t=\"");
	const struct vmx_value *twice;
	struct vmx_value *value;
	g_autofree char *folded = g_ascii_strdown(key, (gssize)n);

	at += n + strspn(at + n, " \t");
	if (!n || *at != '=')
		return trouble_at(bad, t->file, line, "is not KEY = \"VALUE\"");
	twice = g_hash_table_lookup(v->values, folded);
	if (twice)
		return trouble_at(bad, t->file, line, "'%.*s' is there already, in line %u", (int)n,
				  key, twice->line);
	if (g_hash_table_size(v->values) == VMX_KEYS_MAX)
		return trouble_at(bad, t->file, line, "has more than %u keys", VMX_KEYS_MAX);
	value = g_new0(struct vmx_value, 1);
	value->line = line;
	g_hash_table_insert(v->values, g_steal_pointer(&folded), value);
	at++;
	return take_value(t, line, at + strspn(at, " \t"), &value->text, bad);
}

bool vmxfile_read(struct vmx *v, const struct text *t, struct trouble *bad)
{
	*v = (struct vmx) { t->file,
			    g_hash_table_new_full(g_str_hash, g_str_equal, g_free, free_value) };
	for (unsigned i = 1; i <= t->n; i++) {
		const char *at = t->line[i - 1] + strspn(t->line[i - 1], " \t");

		if (*at && *at != '#' && !take_line(v, t, i, bad))
			return false;
	}
	if (!g_hash_table_size(v->values))
		return trouble_at(bad, t->file, 1, "has no KEY = \"VALUE\" at all");
	return true;
}

void vmxfile_clear(struct vmx *v)
{
	if (v->values)
		g_hash_table_unref(v->values);
	*v = (struct vmx) { 0 };
}

static const struct vmx_value *find(const struct vmx *v, const char *fmt, va_list args)
{
	g_autofree char *key = g_strdup_vprintf(fmt, args);
	g_autofree char *folded = g_ascii_strdown(key, -1);

	return g_hash_table_lookup(v->values, folded);
}

const struct vmx_value *vmxfile_find(const struct vmx *v, const char *fmt, ...)
{
	const struct vmx_value *value;
	va_list args;

	va_start(args, fmt);
	value = find(v, fmt, args);
	va_end(args);
	return value;
}

bool vmxfile_bool(const struct vmx *v, bool untold, bool *value, struct trouble *bad,
		  const char *fmt, ...)
{
	const struct vmx_value *found;
	va_list args;

	va_start(args, fmt);
	found = find(v, fmt, args);
	va_end(args);
	*value = untold;
	if (!found)
		return true;
	*value = !g_ascii_strcasecmp(found->text, "TRUE");
	return *value || !g_ascii_strcasecmp(found->text, "FALSE") ?
		       true :
		       trouble_at(bad, v->file, found->line, "'%s' is neither TRUE nor FALSE",
				  found->text);
}

bool vmxfile_number(const struct vmx *v, gint64 untold, gint64 min, gint64 max, gint64 *value,
		    struct trouble *bad, const char *fmt, ...)
{
	const struct vmx_value *found;
	va_list args;

	va_start(args, fmt);
	found = find(v, fmt, args);
	va_end(args);
	*value = untold;
	return !found || g_ascii_string_to_signed(found->text, 10, min, max, value, NULL) ?
		       true :
		       trouble_at(bad, v->file, found->line,
				  "'%s' is no number from %" G_GINT64_FORMAT
				  " to %" G_GINT64_FORMAT,
				  found->text, min, max);
}
