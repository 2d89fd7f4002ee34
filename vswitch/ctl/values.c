/* SPDX-License-Identifier: BSD-2-Clause */
/* KEY=VALUE of the command line (values.h). */
#include "values.h"

#include <string.h>

static int fail(char **err, const char *format, ...) G_GNUC_PRINTF(2, 3);

static int fail(char **err, const char *format, ...)
{
	va_list ap;

	va_start(ap, format);
	*err = g_strdup_vprintf(format, ap);
	va_end(ap);
	return -1;
}

static const struct vsw_value_row *find_list(const struct vsw_value_row *(*part)(unsigned n),
					     const char *key)
{
	const struct vsw_value_row *row;

	for (unsigned n = 0; (row = part(n)); n++)
		for (; row->key; row++)
			if (row->sub && !strcmp(row->key, key))
				return row->sub;
	return NULL;
}

/* Arrays of rows by number, those of @more last; NULL after them */
static const struct vsw_value_row *rows(const struct value_keys *keys, unsigned n)
{
	const struct vsw_value_row *row = NULL;
	unsigned own = 0;

	if (keys->part) {
		row = keys->part(n);
		while (!row && keys->part(own))
			own++;
	} else {
		own = 1;
		if (n == 0) {
			row = find_list(vsw_schema_switch, keys->list);
			row = row ? row : find_list(vsw_schema_port, keys->list);
		}
	}
	return row ? row : n == own ? keys->more : NULL;
}

/* A row's key as it is written here; NULL: it is none of the keys */
static const char *key_of(const struct value_keys *keys, const struct vsw_value_row *row)
{
	size_t len = keys->section ? strlen(keys->section) : 0;

	if (!len)
		return row->key;
	return !strncmp(row->key, keys->section, len) && row->key[len] == '.' ? row->key + len + 1 :
										NULL;
}

void values_each(const struct value_keys *keys,
		 void (*fn)(void *opaque, const char *key, const struct vsw_value_row *row),
		 void *opaque)
{
	const struct vsw_value_row *row;

	for (unsigned n = 0; (row = rows(keys, n)); n++)
		for (; row->key; row++)
			if (key_of(keys, row))
				fn(opaque, key_of(keys, row), row);
}

/* Has it members that no row tells? */
static bool is_free(const struct vsw_value_row *row)
{
	return row->kind == VSW_VALUE_RULE_MATCH || row->kind == VSW_VALUE_MIRROR_PORTS ||
	       row->kind == VSW_VALUE_POLICIES;
}

/* The row of a key, and what of the key is a member that no row tells */
static const struct vsw_value_row *find(const struct value_keys *keys, const char *key,
					const char **member)
{
	const struct vsw_value_row *row;

	for (unsigned n = 0; (row = rows(keys, n)); n++)
		for (; row->key; row++) {
			const char *name = key_of(keys, row);
			size_t len = name ? strlen(name) : 0;

			if (!name || strncmp(key, name, len))
				continue;
			*member = key[len] == '.' && is_free(row) ? key + len + 1 : NULL;
			if (!key[len] || *member)
				return row;
		}
	return NULL;
}

static void name_key(void *opaque, const char *key, const struct vsw_value_row *row)
{
	g_string_append_printf(opaque, " %s", key);
}

static int unknown(const struct value_keys *keys, const char *key, char **err)
{
	g_autoptr(GString) all = g_string_new(NULL);

	values_each(keys, name_key, all);
	return fail(err, "%s: unknown key; there are%s", key, all->str);
}

static bool is_word_true(const char *s)
{
	return !strcmp(s, "true") || !strcmp(s, "yes") || !strcmp(s, "on");
}

static bool is_word_false(const char *s)
{
	return !strcmp(s, "false") || !strcmp(s, "no") || !strcmp(s, "off");
}

/* NULL: it is none */
static json_t *number(const char *s)
{
	guint64 n;

	return g_ascii_string_to_unsigned(s, 10, 0, G_MAXINT64, &n, NULL) ?
		       json_integer((json_int_t)n) :
		       NULL;
}

/* What a text means where nothing says what it must be */
static json_t *guess(const char *s)
{
	json_t *n = number(s);

	if (n)
		return n;
	if (*s == '{' || *s == '[')
		return json_loads(s, JSON_REJECT_DUPLICATES, NULL);
	return is_word_true(s) ? json_true() : is_word_false(s) ? json_false() : json_string(s);
}

static json_t *list(const char *s, json_t *(*one)(const char *s))
{
	g_auto(GStrv) part = g_strsplit(s, ",", -1);
	json_t *j;

	if (*s == '[')
		return json_loads(s, JSON_REJECT_DUPLICATES, NULL);
	j = json_array();
	for (unsigned i = 0; part[i]; i++)
		json_array_append_new(j, one(part[i]));
	return j;
}

static json_t *number_or_string(const char *s)
{
	json_t *n = number(s);

	return n ? n : json_string(s);
}

/* A value of a kind; NULL: it cannot be one */
static json_t *value(const struct vsw_value_row *row, const char *s)
{
	switch (row->kind) {
	case VSW_VALUE_BOOL:
		return is_word_true(s) ? json_true() : is_word_false(s) ? json_false() : NULL;
	case VSW_VALUE_NUMBER:
	case VSW_VALUE_US:
		return number(s);
	case VSW_VALUE_BITS:
		return list(s, number_or_string);
	case VSW_VALUE_NAMES:
	case VSW_VALUE_MACS:
		return list(s, json_string);
	case VSW_VALUE_HEX:
	case VSW_VALUE_RATE:
		return number_or_string(s);
	case VSW_VALUE_VLAN:
		return *s == '{' ? json_loads(s, JSON_REJECT_DUPLICATES, NULL) : number(s);
	case VSW_VALUE_OBJECT:
	case VSW_VALUE_LIST:
	case VSW_VALUE_RULES:
	case VSW_VALUE_RULE_MATCH:
	case VSW_VALUE_MIRROR_PORTS:
	case VSW_VALUE_POLICY:
	case VSW_VALUE_POLICIES:
		return json_loads(s, JSON_REJECT_DUPLICATES, NULL);
	default:
		return json_string(s);
	}
}

/* What a value of a kind looks like, for whoever wrote something else */
static char *wanted(const struct vsw_value_row *row)
{
	switch (row->kind) {
	case VSW_VALUE_BOOL:
		return g_strdup("true or false");
	case VSW_VALUE_NUMBER:
	case VSW_VALUE_US:
		return g_strdup_printf("a number (%llu to %llu)", (unsigned long long)row->min,
				       (unsigned long long)row->max);
	case VSW_VALUE_VLAN:
		return g_strdup("a number (0 to 4095)");
	default:
		return g_strdup("JSON");
	}
}

/* Objects on the way to a key's last part, made if they are not there */
static json_t *enter(json_t *obj, const char *key, const char **last)
{
	const char *dot;

	for (; (dot = strchr(key, '.')); key = dot + 1) {
		g_autofree char *part = g_strndup(key, (gsize)(dot - key));

		if (!json_is_object(json_object_get(obj, part)))
			json_object_set_new(obj, part, json_object());
		obj = json_object_get(obj, part);
	}
	*last = key;
	return obj;
}

static int put(json_t *obj, const char *key, json_t *v, char **err)
{
	return v && json_object_set_new(obj, key, v) == 0 ?
		       0 :
		       fail(err, "%s: must be UTF-8, or JSON behind { or [", key);
}

int values_set(json_t *obj, const struct value_keys *keys, const char *text, char **err)
{
	const char *eq = strchr(text, '='), *member = NULL, *last;
	g_autofree char *key = g_strndup(text, eq ? (gsize)(eq - text) : strlen(text));
	g_autofree char *what = NULL;
	const struct vsw_value_row *row = find(keys, key, &member);
	json_t *v;

	if (!eq || eq == text)
		return fail(err, "%s: must be KEY=VALUE", text);
	if (!row)
		return unknown(keys, key, err);
	obj = enter(obj, key_of(keys, row), &last);
	if (member) {
		if (!json_is_object(json_object_get(obj, last)))
			json_object_set_new(obj, last, json_object());
		return put(json_object_get(obj, last), member, eq[1] ? guess(eq + 1) : json_null(),
			   err);
	}
	v = eq[1] ? value(row, eq + 1) : json_null();
	what = wanted(row);
	return v ? put(obj, last, v, err) : fail(err, "%s: must be %s", key, what);
}
