/* SPDX-License-Identifier: BSD-2-Clause */
/* Finding the row of a key, and reading objects by rows (schema.h has the theory). */
#include "control/schema.h"

#include <stdio.h>
#include <string.h>

#include "control/kinds.h"

/* What the document has besides policies; config.c reads it */
static const struct vsw_value_row others[] = {
	{ "$schema", VSW_VALUE_EDITOR,
	  .help = "where the JSON Schema of documents is, for editors; not used by the switch" },
	{ "defaults", VSW_VALUE_POLICY, .help = "policy of all ports" },
	{ "portgroups", VSW_VALUE_POLICIES,
	  .help = "port groups by name: a policy each, and `override`" },
	{ "ports", VSW_VALUE_PORTS,
	  .help = "ports by id: `portgroup`, and what they have of their own" },
	{ 0 }
};

static const struct vsw_value_row *document_part(unsigned n)
{
	const struct vsw_value_row *rows = vsw_schema_switch(n);

	if (rows)
		return rows;
	return n && !vsw_schema_switch(n - 1) ? NULL : others;
}

const struct schema vsw_schema_of_port = { vsw_schema_port, NULL };
const struct schema vsw_schema_of_document = { document_part, NULL };

/**
 * vsw_schema_part() - An array of rows
 * @s: The schema
 * @n: Its number
 *
 * Return: the rows, ended by one without key; NULL: there is none of that number.
 */
const struct vsw_value_row *vsw_schema_part(const struct schema *s, unsigned n)
{
	if (s->part)
		return s->part(n);
	return n ? NULL : s->rows;
}

/**
 * vsw_schema_member() - Name of a value in an object
 * @row:    The value
 * @object: Path of the object, or NULL: what is in none
 *
 * Return: the name, or NULL if it is no member of that object itself.
 */
const char *vsw_schema_member(const struct vsw_value_row *row, const char *object)
{
	size_t len = object ? strlen(object) : 0;
	const char *name = row->key;

	if (object) {
		if (strncmp(name, object, len) || name[len] != '.')
			return NULL;
		name += len + 1;
	}
	return strchr(name, '.') ? NULL : name;
}

/**
 * vsw_schema_find() - Row of a key
 * @s:      The schema
 * @object: Path of the object it is a member of, or NULL
 * @key:    The key
 *
 * Return: the row, or NULL if there is none.
 */
const struct vsw_value_row *vsw_schema_find(const struct schema *s, const char *object,
					    const char *key)
{
	const struct vsw_value_row *row;

	for (unsigned n = 0; (row = vsw_schema_part(s, n)); n++)
		for (; row->key; row++) {
			const char *name = vsw_schema_member(row, object);

			if (name && !strcmp(name, key))
				return row;
		}
	return NULL;
}

/**
 * vsw_schema_beside() - Row of the word that a value is used with
 * @s:   The schema
 * @row: The value, which has such a word
 *
 * Return: the word's row.
 */
const struct vsw_value_row *vsw_schema_beside(const struct schema *s,
					      const struct vsw_value_row *row)
{
	const char *dot = strrchr(row->key, '.');
	char object[80];

	snprintf(object, sizeof(object), "%.*s", dot ? (int)(dot - row->key) : 0, row->key);
	return vsw_schema_find(s, dot ? object : NULL, row->of);
}

/**
 * vsw_schema_read() - Read an object
 * @in:     The document
 * @obj:    The object
 * @s:      What it may have
 * @object: Its own path in the schema, or NULL
 * @base:   Struct that the rows' places count from
 *
 * Return: 0, or -1 and the error is told.
 */
int vsw_schema_read(struct vsw_json_in *in, const json_t *obj, const struct schema *s,
		    const char *object, void *base)
{
	const char *key;
	json_t *v;

	if (!json_is_object(obj))
		return vsw_json_fail(in, "must be an object");
	json_object_foreach((json_t *)obj, key, v) {
		const struct vsw_value_row *row = vsw_schema_find(s, object, key);
		size_t mark = vsw_json_enter(in, key);
		int ret;

		if (!row)
			return vsw_json_fail(in, "unknown key");
		if (row->kind == VSW_VALUE_OBJECT ||
		    (row->kind == VSW_VALUE_VLAN && json_is_object(v)))
			ret = vsw_schema_read(in, v, s, row->key, base);
		else
			ret = vsw_value_kinds[row->kind].read(in, v, row, base);
		if (ret < 0)
			return -1;
		vsw_json_leave(in, mark);
	}
	return 0;
}
