/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * From JSON into structs, by table.
 *
 * DOC: Theory of Operation
 *
 * A JSON object is described by rows: key, kind, place in the struct, range, one line of help. The
 * rows refuse unknown keys, wrong types and numbers out of range with the path of the value, and
 * are what docs/switch-schema.md is made from. Keys that are not there leave the struct as it is: a
 * port's policy is the defaults, written over by its group's object, written over by its own.
 */
#ifndef VSWITCH_JSON_H
#define VSWITCH_JSON_H

#include <jansson.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct json_field;

/* struct json_in - a document being read */
struct json_in {
	char *err;
	size_t errlen;
	char path[200];
	const void *user; /* struct schema_names of the document */
	struct json_heap *heap;
};

/* struct json_heap - memory that lives as long as what was read */
struct json_heap {
	struct json_heap *next;
	_Alignas(16) unsigned char mem[];
};

/* enum json_kind - types of values */
enum json_kind {
	JF_BOOL,
	JF_U8,
	JF_U16,
	JF_U32,
	JF_U64,
	JF_NS_FROM_US,
	JF_WORD,
	JF_NAME,
	JF_OBJECT,
	JF_CUSTOM
};

/* struct json_field - one key */
struct json_field {
	const char *key;
	enum json_kind kind;
	size_t off;
	uint64_t min, max;
	const char *const *words;     /* WORD: as enum, in order; NULL-terminated */
	const struct json_field *sub; /* OBJECT, and CUSTOM for the manual */
	int (*custom)(struct json_in *in, const json_t *v, void *at);
	const char *help;
	const char *type; /* CUSTOM: for the manual */
};

int json_fail(struct json_in *in, const char *fmt, ...) __attribute__((format(printf, 2, 3)));
int json_read(struct json_in *in, const json_t *obj, const struct json_field *fields, void *base);
int json_each(struct json_in *in, const json_t *v,
	      int (*one)(struct json_in *in, const char *key, const json_t *v, size_t n,
			 void *opaque),
	      void *opaque);
void *json_alloc(struct json_in *in, size_t size);
void json_heap_free(struct json_heap *heap);
size_t json_enter(struct json_in *in, const char *key);
void json_leave(struct json_in *in, size_t mark);

#endif
