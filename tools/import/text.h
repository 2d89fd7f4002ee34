/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * An input as lines of UTF-8.
 *
 * DOC: Theory of Operation
 *
 * A file is read once, whole, and has TEXT_MAX bytes at most. A .vmx file may say in its first line
 * what its bytes mean (.encoding = "windows-1252"); it is converted before anything looks for
 * quotes, since the second byte of a character of Shift_JIS or GBK may look like one of ASCII.
 * What is not UTF-8 then is refused, and so is a zero byte, so that all behind this works on
 * strings.
 */
#ifndef IMPORT_TEXT_H
#define IMPORT_TEXT_H

#include "trouble.h"

/** TEXT_MAX - Most bytes of an input. */
#define TEXT_MAX (1u << 20)

/* struct text - @file: name for people; @line: @n strings without line ends, parts of @bytes */
struct text {
	char *file, *bytes;
	char **line;
	unsigned n;
};

/**
 * text_take() - Lines of bytes
 * @t:     Filled; to be cleared by text_clear(), also after a failure
 * @file:  Where they are from
 * @bytes: They, of anybody's making; copied
 * @len:   Their number
 * @bad:   Told on failure
 *
 * Return: true, or false if they are no text.
 */
bool text_take(struct text *t, const char *file, const char *bytes, size_t len,
	       struct trouble *bad);

/**
 * text_load() - Lines of a file
 * @t:    Filled; to be cleared by text_clear(), also after a failure
 * @path: The file
 * @bad:  Told on failure
 *
 * Return: true, or false if it cannot be read or is no text.
 */
bool text_load(struct text *t, const char *path, struct trouble *bad);

/**
 * text_clear() - Free what a text has
 * @t: The text, or zeros
 */
void text_clear(struct text *t);

/**
 * text_blank() - Is there nothing in a line but white space?
 * @line: The line
 *
 * Return: whether it is so.
 */
bool text_blank(const char *line);

#endif
