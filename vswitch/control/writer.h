/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Text of a JSON tree, in pieces.
 *
 * DOC: Theory of Operation
 *
 * A tree is walked with a stack of our own instead of by recursion, so that a caller can stop after
 * any value and go on later. One array of the tree may be open: when the walk is at its end, more
 * is asked for, so that a list of 100,000 entries is never all there.
 *
 * A piece ends with the first value that brings it to WRITER_PIECE bytes. What is deeper than
 * WRITER_DEPTH is written at once: documents are not, an "id" that a client made up may be.
 */
#ifndef VSWITCH_CONTROL_WRITER_H
#define VSWITCH_CONTROL_WRITER_H

#include <jansson.h>
#include <stdbool.h>
#include <stddef.h>

#define WRITER_PIECE 8192u
#define WRITER_DEPTH 12u

/* struct vsw_buffer - text that grows */
struct vsw_buffer {
	char *s;
	size_t len, room;
	bool broken; /* memory was short: the text is not whole */
};

/* struct vsw_writer_level - a container that the walk is in */
struct vsw_writer_level {
	json_t *at;
	void *iter;   /* objects: the next member */
	size_t index; /* arrays: the next entry */
	bool any;     /* something was written: a comma is due */
};

/*
 * struct vsw_writer - a tree being written
 * @tree:   The tree, if nothing of it was written yet
 * @open:   Array of it that is filled while it is written, or NULL
 * @refill: Put the next entries into @open, which is empty: some, or none after so much work.
 *      Return false if these were the last
 */
struct vsw_writer {
	json_t *tree;
	struct vsw_writer_level level[WRITER_DEPTH];
	unsigned depth;
	json_t *open;
	bool (*refill)(void *opaque, json_t *open);
	void *opaque;
};

/**
 * vsw_buffer_put() - Append
 * @t:   The text
 * @s:   Bytes
 * @len: Their number
 */
void vsw_buffer_put(struct vsw_buffer *t, const char *s, size_t len);

/**
 * vsw_buffer_drop() - Take bytes off the front
 * @t:   The text
 * @len: Their number, at most @t->len
 */
void vsw_buffer_drop(struct vsw_buffer *t, size_t len);

/**
 * vsw_writer_begin() - Begin to write
 * @w:    Filled
 * @tree: An object or array; borrowed, not changed until it is written
 */
void vsw_writer_begin(struct vsw_writer *w, json_t *tree);

/**
 * vsw_writer_step() - Write the next piece
 * @w:   The writer
 * @out: Gets it, after what it has
 *
 * Return: whether there is more.
 */
bool vsw_writer_step(struct vsw_writer *w, struct vsw_buffer *out);

#endif
