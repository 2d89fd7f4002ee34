/* SPDX-License-Identifier: BSD-2-Clause */
/* Text of a JSON tree, in pieces (writer.h has the theory). */
#include "control/writer.h"

#include <stdlib.h>
#include <string.h>

void vsw_buffer_put(struct vsw_buffer *t, const char *s, size_t len)
{
	if (!len) /* then @s, and @t->s, may be NULL */
		return;
	if (t->room - t->len < len) {
		size_t room = (t->len + len) * 2;
		char *more = realloc(t->s, room);

		if (!more) {
			t->broken = true;
			return;
		}
		t->s = more;
		t->room = room;
	}
	memcpy(t->s + t->len, s, len);
	t->len += len;
}

void vsw_buffer_drop(struct vsw_buffer *t, size_t len)
{
	t->len -= len;
	if (len)
		memmove(t->s, t->s + len, t->len);
}

static int put(const char *s, size_t len, void *opaque)
{
	vsw_buffer_put(opaque, s, len);
	return 0;
}

/* A value as a whole */
static void put_value(struct vsw_buffer *out, const json_t *v)
{
	if (json_dump_callback(v, put, out, JSON_COMPACT | JSON_ENCODE_ANY) < 0)
		out->broken = true;
}

static void put_key(struct vsw_buffer *out, const char *key)
{
	json_t *j = json_string(key);

	if (!j)
		out->broken = true;
	else
		put_value(out, j);
	json_decref(j);
	vsw_buffer_put(out, ":", 1);
}

static void enter(struct vsw_writer *w, json_t *v, struct vsw_buffer *out)
{
	struct vsw_writer_level *l;

	if (!(json_is_object(v) || json_is_array(v)) || w->depth == WRITER_DEPTH) {
		put_value(out, v);
		return;
	}
	l = &w->level[w->depth++];
	*l = (struct vsw_writer_level) { .at = v };
	if (json_is_object(v))
		l->iter = json_object_iter(v);
	vsw_buffer_put(out, json_is_object(v) ? "{" : "[", 1);
}

static void comma(struct vsw_writer_level *l, struct vsw_buffer *out)
{
	if (l->any)
		vsw_buffer_put(out, ",", 1);
	l->any = true;
}

/* The next member of the innermost object, or its end */
static void member(struct vsw_writer *w, struct vsw_writer_level *l, struct vsw_buffer *out)
{
	json_t *v;

	if (!l->iter) {
		vsw_buffer_put(out, "}", 1);
		w->depth--;
		return;
	}
	comma(l, out);
	put_key(out, json_object_iter_key(l->iter));
	v = json_object_iter_value(l->iter);
	l->iter = json_object_iter_next(l->at, l->iter);
	enter(w, v, out);
}

/* The next entry of the innermost array, or its end. False: there may be more later */
static bool entry(struct vsw_writer *w, struct vsw_writer_level *l, struct vsw_buffer *out)
{
	if (l->index < json_array_size(l->at)) {
		comma(l, out);
		enter(w, json_array_get(l->at, l->index++), out);
		return true;
	}
	if (l->at == w->open) {
		json_array_clear(l->at);
		l->index = 0;
		if (!w->refill(w->opaque, l->at))
			w->open = NULL;
		return json_array_size(l->at) || !w->open;
	}
	vsw_buffer_put(out, "]", 1);
	w->depth--;
	return true;
}

void vsw_writer_begin(struct vsw_writer *w, json_t *tree)
{
	memset(w, 0, sizeof(*w));
	w->tree = tree;
}

bool vsw_writer_step(struct vsw_writer *w, struct vsw_buffer *out)
{
	size_t end = out->len + WRITER_PIECE;
	bool go = true;

	if (w->tree)
		enter(w, w->tree, out);
	w->tree = NULL;
	while (go && w->depth && out->len < end && !out->broken) {
		struct vsw_writer_level *l = &w->level[w->depth - 1];

		if (json_is_object(l->at))
			member(w, l, out);
		else
			go = entry(w, l, out);
	}
	return w->depth && !out->broken;
}
