/* SPDX-License-Identifier: BSD-2-Clause */
/* Reading JSON by table (json.h has the theory). */
#include "json.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/**
 * json_fail() - Refuse a value
 * @in:  The document; its path is put before the text
 * @fmt: As printf
 *
 * Return: -1, always.
 */
int json_fail(struct json_in *in, const char *fmt, ...)
{
	char text[160];
	va_list ap;

	va_start(ap, fmt);
	vsnprintf(text, sizeof(text), fmt, ap);
	va_end(ap);
	if (in->err && in->errlen)
		snprintf(in->err, in->errlen, "%s: %s", in->path[0] ? in->path : "/", text);
	return -1;
}

/**
 * json_enter() - Go into a value
 * @in:  The document
 * @key: Its key
 *
 * Return: for json_leave().
 */
size_t json_enter(struct json_in *in, const char *key)
{
	size_t mark = strlen(in->path);

	snprintf(in->path + mark, sizeof(in->path) - mark, "/%s", key);
	return mark;
}

/**
 * json_leave() - Come back out
 * @in:   The document
 * @mark: From json_enter()
 */
void json_leave(struct json_in *in, size_t mark)
{
	in->path[mark] = 0;
}

/**
 * json_alloc() - Memory that lives as long as what is read
 * @in:   The document
 * @size: Bytes
 *
 * Return: zeroed memory, or NULL.
 */
void *json_alloc(struct json_in *in, size_t size)
{
	struct json_heap *h = calloc(1, sizeof(*h) + size);

	if (!h)
		return NULL;
	h->next = in->heap;
	in->heap = h;
	return h->mem;
}

/**
 * json_heap_free() - Give it back
 * @heap: The document's heap
 */
void json_heap_free(struct json_heap *heap)
{
	while (heap) {
		struct json_heap *h = heap;

		heap = h->next;
		free(h);
	}
}

static int read_number(struct json_in *in, const json_t *v, const struct json_field *f,
		       uint64_t *out)
{
	if (!json_is_integer(v))
		return json_fail(in, "must be a number");
	if (json_integer_value(v) < 0 || (uint64_t)json_integer_value(v) < f->min ||
	    (uint64_t)json_integer_value(v) > f->max)
		return json_fail(in, "out of range (%llu to %llu)", (unsigned long long)f->min,
				 (unsigned long long)f->max);
	*out = (uint64_t)json_integer_value(v);
	return 0;
}

static int read_word(struct json_in *in, const json_t *v, const struct json_field *f, void *at)
{
	char list[120] = "";

	for (int i = 0; f->words[i]; i++) {
		if (json_is_string(v) && !strcmp(json_string_value(v), f->words[i])) {
			*(int *)at = i; /* an enum of our own structs */
			return 0;
		}
		snprintf(list + strlen(list), sizeof(list) - strlen(list), "%s%s", i ? ", " : "",
			 f->words[i]);
	}
	return json_fail(in, "must be one of: %s", list);
}

static int read_name(struct json_in *in, const json_t *v, const struct json_field *f, char *at)
{
	if (!json_is_string(v) || json_string_length(v) >= f->max)
		return json_fail(in, "must be a string of less than %llu characters",
				 (unsigned long long)f->max);
	memset(at, 0, f->max);
	memcpy(at, json_string_value(v), json_string_length(v));
	return 0;
}

static void store(const struct json_field *f, void *at, uint64_t n)
{
	switch (f->kind) {
	case JF_U8:
		*(uint8_t *)at = (uint8_t)n;
		break;
	case JF_U16:
		*(uint16_t *)at = (uint16_t)n;
		break;
	case JF_U32:
		*(uint32_t *)at = (uint32_t)n;
		break;
	case JF_NS_FROM_US:
		*(int64_t *)at = (int64_t)n * 1000;
		break;
	default:
		*(uint64_t *)at = n;
	}
}

static int read_field(struct json_in *in, const json_t *v, const struct json_field *f, void *at)
{
	uint64_t n = 0;

	switch (f->kind) {
	case JF_BOOL:
		if (!json_is_boolean(v))
			return json_fail(in, "must be true or false");
		*(bool *)at = json_is_true(v);
		return 0;
	case JF_WORD:
		return read_word(in, v, f, at);
	case JF_NAME:
		return read_name(in, v, f, at);
	case JF_OBJECT:
		return json_read(in, v, f->sub, at);
	case JF_CUSTOM:
		return f->custom(in, v, at);
	default:
		if (read_number(in, v, f, &n) < 0)
			return -1;
		store(f, at, n);
		return 0;
	}
}

/**
 * json_read() - Read an object
 * @in:     The document
 * @obj:    The object
 * @fields: What it may have, ended by a row without key
 * @base:   Struct the rows' offsets count from
 *
 * Return: 0, or -1 and the error is told.
 */
int json_read(struct json_in *in, const json_t *obj, const struct json_field *fields, void *base)
{
	const char *key;
	json_t *v;

	if (!json_is_object(obj))
		return json_fail(in, "must be an object");
	json_object_foreach((json_t *)obj, key, v) {
		const struct json_field *f = fields;
		size_t mark = json_enter(in, key);

		while (f->key && strcmp(f->key, key))
			f++;
		if (!f->key)
			return json_fail(in, "unknown key");
		if (read_field(in, v, f, (char *)base + f->off) < 0)
			return -1;
		json_leave(in, mark);
	}
	return 0;
}

/**
 * json_each() - Walk over an array or over an object's members
 * @in:     The document
 * @v:      The value
 * @one:    Called with each member's key (NULL in arrays), value and place
 * @opaque: Its last argument
 *
 * Return: 0, or -1.
 */
int json_each(struct json_in *in, const json_t *v,
	      int (*one)(struct json_in *in, const char *key, const json_t *v, size_t n,
			 void *opaque),
	      void *opaque)
{
	size_t n = 0;
	json_t *m;
	const char *key;

	if (json_is_object(v)) {
		json_object_foreach((json_t *)v, key, m) {
			size_t mark = json_enter(in, key);

			if (one(in, key, m, n++, opaque) < 0)
				return -1;
			json_leave(in, mark);
		}
		return 0;
	}
	if (!json_is_array(v))
		return json_fail(in, "must be an array");
	for (n = 0; n < json_array_size(v); n++) {
		char index[24];
		size_t mark;

		snprintf(index, sizeof(index), "%zu", n);
		mark = json_enter(in, index);
		if (one(in, NULL, json_array_get(v, n), n, opaque) < 0)
			return -1;
		json_leave(in, mark);
	}
	return 0;
}
