/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Requests in what a client sends.
 *
 * DOC: Theory of Operation
 *
 * A request ends where its JSON object does: QMP's clients send no newline behind it. So brackets
 * are counted, outside strings, as bytes come in; each byte is looked at once. What begins with no
 * bracket, or has a newline inside a string, is no JSON: it ends with its line, and the reader of
 * the request will say so. A request that is never closed takes all that follows, as in QMP.
 */
#ifndef VSWITCH_CONTROL_INBOX_H
#define VSWITCH_CONTROL_INBOX_H

#include <stdbool.h>
#include <stddef.h>

#include "control/writer.h"

/* struct vsw_inbox - bytes of a client, and how far they were looked at */
struct vsw_inbox {
	struct vsw_buffer text;
	size_t at;	/* looked at */
	unsigned depth; /* of brackets there */
	bool in_string, escaped;
	bool whole; /* @at is the end of a request */
};

/**
 * vsw_inbox_look() - Look for a whole request
 * @in: The inbox; what a client sent was put at the end of @in->text
 *
 * Return: whether there is one: the first @in->at bytes of the text.
 */
bool vsw_inbox_look(struct vsw_inbox *in);

/**
 * vsw_inbox_next() - Be done with a request
 * @in: The inbox; vsw_inbox_look() found one
 */
void vsw_inbox_next(struct vsw_inbox *in);

#endif
