/* SPDX-License-Identifier: BSD-2-Clause */
/* Requests in what a client sends (inbox.h has the theory). */
#include "control/inbox.h"

#include <string.h>

static bool is_space(char c)
{
	return c == ' ' || c == '\t' || c == '\r' || c == '\n';
}

/* White space between two requests */
static void skip_space(struct vsw_inbox *in)
{
	size_t n = 0;

	while (n < in->text.len && is_space(in->text.s[n]))
		n++;
	vsw_buffer_drop(&in->text, n);
}

/* The next byte of a string. Return: whether a request that is no JSON ends here */
static bool string_byte(struct vsw_inbox *in, char c)
{
	if (in->escaped)
		in->escaped = false;
	else if (c == '\\')
		in->escaped = true;
	else if (c == '"')
		in->in_string = false;
	return c == '\n';
}

/* The next byte of a request. Return: whether it is the last one */
static bool next_byte(struct vsw_inbox *in, char c)
{
	if (in->in_string)
		return string_byte(in, c);
	switch (c) {
	case '"':
		in->in_string = in->depth > 0;
		return false;
	case '{':
	case '[':
		in->depth++;
		return false;
	case '}':
	case ']':
		return in->depth && --in->depth == 0;
	}
	return c == '\n' && !in->depth;
}

bool vsw_inbox_look(struct vsw_inbox *in)
{
	if (in->at == 0)
		skip_space(in);
	while (!in->whole && in->at < in->text.len)
		in->whole = next_byte(in, in->text.s[in->at++]);
	return in->whole;
}

void vsw_inbox_next(struct vsw_inbox *in)
{
	vsw_buffer_drop(&in->text, in->at);
	in->at = in->depth = 0;
	in->in_string = in->escaped = in->whole = false;
}
