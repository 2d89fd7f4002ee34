/* SPDX-License-Identifier: BSD-2-Clause */
/* Reading JSON: where in the document one is, what was wrong there, and memory for what is read. */
#ifndef VSWITCH_JSON_H
#define VSWITCH_JSON_H

#include <jansson.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* struct json_in - a document being read; @user: the struct vsw_switch_policy read from it */
struct json_in {
	char *err;
	size_t errlen;
	char path[200];
	const void *user;
	struct json_heap *heap;
};

/* struct json_heap - memory that lives as long as what was read */
struct json_heap {
	struct json_heap *next;
	_Alignas(16) unsigned char mem[];
};

int json_fail(struct json_in *in, const char *fmt, ...) __attribute__((format(printf, 2, 3)));
int json_each(struct json_in *in, const json_t *v,
	      int (*one)(struct json_in *in, const char *key, const json_t *v, size_t n,
			 void *opaque),
	      void *opaque);
void *json_alloc(struct json_in *in, size_t size);
void json_heap_free(struct json_heap *heap);
size_t json_enter(struct json_in *in, const char *key);
void json_leave(struct json_in *in, size_t mark);

#endif
