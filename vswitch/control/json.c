/* SPDX-License-Identifier: BSD-2-Clause */
/* Reading JSON. */
#include "control/json.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "vswitch/control.h"
#include "vswitch/text.h"

/**
 * vsw_json_fail() - Refuse a value
 * @in:  The document; its path is put before the text
 * @fmt: As printf
 *
 * Return: -1, always.
 */
int vsw_json_fail(struct vsw_json_in *in, const char *fmt, ...)
{
	char text[160];
	va_list ap;

	va_start(ap, fmt);
	vsnprintf(text, sizeof(text), fmt, ap);
	va_end(ap);
	if (in->err && in->errlen)
		snprintf(in->err, in->errlen, "%s: %s", in->path[0] ? in->path : "/", text);
	if (in->err && in->errlen)
		vsw_text_clean(in->err);
	return -1;
}

/**
 * vsw_json_fail_key() - Refuse a value of the object that one is in
 * @in:    The document
 * @wrong: "KEY: WHY", as vsw_policy_check() says it
 *
 * Return: -1, always.
 */
int vsw_json_fail_key(struct vsw_json_in *in, const char *wrong)
{
	const char *colon = strstr(wrong, ": ");
	char key[120];

	if (!colon)
		return vsw_json_fail(in, "%s", wrong);
	snprintf(key, sizeof(key), "%.*s", (int)(colon - wrong), wrong);
	for (char *dot = key; (dot = strchr(dot, '.'));)
		*dot = '/';
	vsw_json_enter(in, key);
	return vsw_json_fail(in, "%s", colon + 2);
}

/**
 * vsw_json_enter() - Go into a value
 * @in:  The document
 * @key: Its key
 *
 * Return: for vsw_json_leave().
 */
size_t vsw_json_enter(struct vsw_json_in *in, const char *key)
{
	size_t mark = strlen(in->path);

	snprintf(in->path + mark, sizeof(in->path) - mark, "/%s", key);
	return mark;
}

/**
 * vsw_json_leave() - Come back out
 * @in:   The document
 * @mark: From vsw_json_enter()
 */
void vsw_json_leave(struct vsw_json_in *in, size_t mark)
{
	in->path[mark] = 0;
}

/**
 * vsw_json_alloc() - Memory that lives as long as what is read
 * @in:   The document
 * @size: Bytes
 *
 * Return: zeroed memory, or NULL.
 */
void *vsw_json_alloc(struct vsw_json_in *in, size_t size)
{
	struct vsw_json_heap *h = calloc(1, sizeof(*h) + size);

	if (!h)
		return NULL;
	h->next = in->heap;
	in->heap = h;
	return h->mem;
}

/**
 * vsw_json_heap_cut() - Give back what was allocated last
 * @in:   The document
 * @mark: Its @heap at the time from which on all is given back
 */
void vsw_json_heap_cut(struct vsw_json_in *in, struct vsw_json_heap *mark)
{
	while (in->heap != mark) {
		struct vsw_json_heap *h = in->heap;

		in->heap = h->next;
		free(h);
	}
}

/**
 * vsw_json_heap_free() - Give all of it back
 * @heap: The document's heap
 */
void vsw_json_heap_free(struct vsw_json_heap *heap)
{
	struct vsw_json_in in = { .heap = heap };

	vsw_json_heap_cut(&in, NULL);
}

/**
 * vsw_json_each() - Walk over an array
 * @in:     The document
 * @v:      The value
 * @one:    Called with each entry and its place; the key is NULL
 * @opaque: Its last argument
 *
 * Return: 0, or -1.
 */
int vsw_json_each(struct vsw_json_in *in, const json_t *v, vsw_json_one *one, void *opaque)
{
	if (!json_is_array(v))
		return vsw_json_fail(in, "must be an array");
	for (size_t n = 0; n < json_array_size(v); n++) {
		char index[24];
		size_t mark;

		snprintf(index, sizeof(index), "%zu", n);
		mark = vsw_json_enter(in, index);
		if (one(in, NULL, json_array_get(v, n), n, opaque) < 0)
			return -1;
		vsw_json_leave(in, mark);
	}
	return 0;
}

/**
 * vsw_json_members() - Walk over an object
 * @in:     The document
 * @v:      The value
 * @one:    Called with each member's key, value and place
 * @opaque: Its last argument
 *
 * Return: 0, or -1.
 */
int vsw_json_members(struct vsw_json_in *in, const json_t *v, vsw_json_one *one, void *opaque)
{
	const char *key;
	size_t n = 0;
	json_t *m;

	if (!json_is_object(v))
		return vsw_json_fail(in, "must be an object");
	json_object_foreach((json_t *)v, key, m) {
		size_t mark = vsw_json_enter(in, key);

		if (one(in, key, m, n++, opaque) < 0)
			return -1;
		vsw_json_leave(in, mark);
	}
	return 0;
}

json_t *vsw_answer_member(const json_t *item, const char *path)
{
	while (item && *path) {
		size_t len = strcspn(path, ".");

		item = json_object_getn(item, path, len);
		path += len + (path[len] == '.');
	}
	return (json_t *)item;
}
