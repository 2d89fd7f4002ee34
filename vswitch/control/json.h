/* SPDX-License-Identifier: BSD-2-Clause */
/* Reading JSON: where in the document one is, what was wrong there, and memory for what is read. */
#ifndef VSWITCH_JSON_H
#define VSWITCH_JSON_H

#include <jansson.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* struct vsw_json_in - a document being read; @user: the struct vsw_switch_policy read from it */
struct vsw_json_in {
	char *err;
	size_t errlen;
	char path[200];
	const void *user;
	struct vsw_json_heap *heap;
};

/* struct vsw_json_heap - memory that lives as long as what was read */
struct vsw_json_heap {
	struct vsw_json_heap *next;
	_Alignas(16) unsigned char mem[];
};

/* vsw_json_one - Reads one of several. Return: 0, or -1 and the error is told */
typedef int vsw_json_one(struct vsw_json_in *in, const char *key, const json_t *v, size_t n,
			 void *opaque);

int vsw_json_fail(struct vsw_json_in *in, const char *fmt, ...)
	__attribute__((format(printf, 2, 3)));
int vsw_json_each(struct vsw_json_in *in, const json_t *v, vsw_json_one *one, void *opaque);
int vsw_json_members(struct vsw_json_in *in, const json_t *v, vsw_json_one *one, void *opaque);
int vsw_json_fail_key(struct vsw_json_in *in, const char *wrong);
void *vsw_json_alloc(struct vsw_json_in *in, size_t size);
void vsw_json_heap_cut(struct vsw_json_in *in, struct vsw_json_heap *mark);
void vsw_json_heap_free(struct vsw_json_heap *heap);
size_t vsw_json_enter(struct vsw_json_in *in, const char *key);
void vsw_json_leave(struct vsw_json_in *in, size_t mark);

#endif
