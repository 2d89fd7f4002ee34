/* SPDX-License-Identifier: BSD-2-Clause */
/* Lists of the configuration document: of objects by rows, of names, of addresses. */
#include "control/list_values.h"

#include <string.h>

#include "control/schema.h"
#include "control/values.h"

/* struct list - a list being filled */
struct list {
	const struct vsw_value_row *row;
	char *at; /* its elements, zeroed or written over */
	unsigned n;
};

/* The next element, or NULL and the error is told */
static void *next(struct vsw_json_in *in, struct list *l)
{
	if (l->n == l->row->max) {
		vsw_json_fail(in, "more than %u", (unsigned)l->row->max);
		return NULL;
	}
	return memset(l->at + (size_t)l->n++ * l->row->size, 0, l->row->size);
}

static int fill(struct vsw_json_in *in, const json_t *v, const struct vsw_value_row *row,
		void *base, vsw_json_one *one)
{
	struct list l = { row, (char *)base + row->at, 0 };

	if (vsw_json_each(in, v, one, &l) < 0)
		return -1;
	*(unsigned *)((char *)base + row->count) = l.n;
	return 0;
}

static const struct vsw_value_row *find(const struct vsw_value_row *rows, const char *key)
{
	while (strcmp(rows->key, key))
		rows++;
	return rows;
}

/* Must a value be given in this element? */
static bool needed(const struct vsw_value_row *rows, const struct vsw_value_row *row,
		   const void *element)
{
	const struct vsw_value_row *of;

	if (!row->missing || !row->of)
		return row->missing;
	of = find(rows, row->of);
	return row->needed >> (vsw_value_get(of, element) - of->min) & 1;
}

static int check_given(struct vsw_json_in *in, const json_t *v, const struct vsw_value_row *rows,
		       const char *element)
{
	for (const struct vsw_value_row *row = rows; row->key; row++)
		if (needed(rows, row, element) &&
		    (!json_object_get(v, row->key) ||
		     (row->kind == VSW_VALUE_NAME && !element[row->at])))
			return vsw_json_fail(in, "%s", row->missing);
	return 0;
}

static int one_object(struct vsw_json_in *in, const char *key, const json_t *v, size_t n,
		      void *opaque)
{
	struct list *l = opaque;
	const struct schema s = { NULL, l->row->sub };
	char *element = next(in, l);

	if (!element)
		return -1;
	vsw_values_init(l->row->sub, element);
	if (vsw_schema_read(in, v, &s, NULL, element) < 0)
		return -1;
	return check_given(in, v, l->row->sub, element);
}

/**
 * vsw_read_list() - Read an array of objects
 * @in:   The document
 * @v:    The value
 * @row:  Its row
 * @base: Struct that its place counts from
 *
 * Return: 0, or -1 and the error is told.
 */
int vsw_read_list(struct vsw_json_in *in, const json_t *v, const struct vsw_value_row *row,
		  void *base)
{
	return fill(in, v, row, base, one_object);
}

/**
 * vsw_read_rules() - Read traffic rules; their memory is that of the document
 * @in:   The document
 * @v:    The value
 * @row:  Its row
 * @base: Struct that its place counts from
 *
 * Return: 0, or -1 and the error is told.
 */
int vsw_read_rules(struct vsw_json_in *in, const json_t *v, const struct vsw_value_row *row,
		   void *base)
{
	struct list l = { row, NULL, 0 };

	if (!json_is_array(v) || json_array_size(v) > row->max)
		return vsw_json_fail(in, "must be an array of at most %u rules",
				     (unsigned)row->max);
	l.at = vsw_json_alloc(in, (json_array_size(v) + 1) * row->size);
	if (!l.at)
		return vsw_json_fail(in, "out of memory");
	if (vsw_json_each(in, v, one_object, &l) < 0)
		return -1;
	memcpy((char *)base + row->at, &l.at, sizeof(l.at));
	*(unsigned *)((char *)base + row->count) = l.n;
	return 0;
}

static int one_name(struct vsw_json_in *in, const char *key, const json_t *v, size_t n,
		    void *opaque)
{
	struct list *l = opaque;
	char *element;

	if (!json_is_string(v) || json_string_length(v) >= l->row->size)
		return vsw_json_fail(in, "must be a name");
	element = next(in, l);
	if (!element)
		return -1;
	memcpy(element, json_string_value(v), json_string_length(v));
	return 0;
}

/**
 * vsw_read_names() - Read an array of names
 * @in:   The document
 * @v:    The value
 * @row:  Its row
 * @base: Struct that its place counts from
 *
 * Return: 0, or -1 and the error is told.
 */
int vsw_read_names(struct vsw_json_in *in, const json_t *v, const struct vsw_value_row *row,
		   void *base)
{
	return fill(in, v, row, base, one_name);
}

static int one_mac(struct vsw_json_in *in, const char *key, const json_t *v, size_t n, void *opaque)
{
	uint8_t *element = next(in, opaque);

	if (!element || vsw_read_mac_at(in, v, element) < 0)
		return -1;
	return element[0] & 1 ? vsw_json_fail(in, "is the address of a group") : 0;
}

/**
 * vsw_read_macs() - Read an array of addresses
 * @in:   The document
 * @v:    The value
 * @row:  Its row
 * @base: Struct that its place counts from
 *
 * Return: 0, or -1 and the error is told.
 */
int vsw_read_macs(struct vsw_json_in *in, const json_t *v, const struct vsw_value_row *row,
		  void *base)
{
	return fill(in, v, row, base, one_mac);
}

const char *const vsw_directions[] = { "from-port", "to-port", "both", NULL };

static int one_source(struct vsw_json_in *in, const char *key, const json_t *v, size_t n,
		      void *opaque)
{
	struct vsw_mirror *m = opaque;

	if (m->n_ports == VSW_MIRROR_PORTS || strlen(key) >= VSW_NAME_MAX)
		return vsw_json_fail(in, "too many sources, or name too long");
	for (unsigned d = 0; vsw_directions[d] && json_is_string(v); d++)
		if (!strcmp(json_string_value(v), vsw_directions[d])) {
			memcpy(m->port[m->n_ports], key, strlen(key));
			m->direction[m->n_ports++] = (uint8_t)(d + 1);
			return 0;
		}
	return vsw_json_fail(in, "must be one of: from-port, to-port, both");
}

/**
 * vsw_read_mirror_ports() - Read the sources of a mirror session
 * @in:   The document
 * @v:    The value
 * @row:  Its row
 * @base: Struct that its place counts from
 *
 * Return: 0, or -1 and the error is told.
 */
int vsw_read_mirror_ports(struct vsw_json_in *in, const json_t *v, const struct vsw_value_row *row,
			  void *base)
{
	struct vsw_mirror *m = base;

	m->n_ports = 0;
	return vsw_json_members(in, v, one_source, m);
}
