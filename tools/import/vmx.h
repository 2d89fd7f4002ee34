/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * A .vmx file: the dictionary of a virtual machine.
 *
 * DOC: Theory of Operation
 *
 * A line is KEY = "VALUE", empty, or a comment behind #. Keys are told apart without regard to
 * case. Within quotes |XX is the character with that hexadecimal code, by which a quote (|22), a
 * bar (|7C) and a line end (|0A) are written. A value without quotes goes to the end of its line.
 * A key that is there twice is refused, as VMware's programs do: which of the two counts is not
 * ours to guess.
 */
#ifndef IMPORT_VMX_H
#define IMPORT_VMX_H

#include "text.h"

/** VMX_KEYS_MAX - Most keys of a dictionary; a machine has some hundreds. */
#define VMX_KEYS_MAX 4096u

/* struct vmx_value - @line: where it is, from 1 on */
struct vmx_value {
	char *text;
	unsigned line;
};

/* struct vmx - @file: the text's; @values: struct vmx_value by key in small letters */
struct vmx {
	const char *file;
	GHashTable *values;
};

/**
 * vmxfile_read() - Read a dictionary
 * @v:   Filled; to be cleared by vmxfile_clear(), also after a failure
 * @t:   The text; its name must stay
 * @bad: Told on failure
 *
 * Return: true, or false.
 */
bool vmxfile_read(struct vmx *v, const struct text *t, struct trouble *bad);

/**
 * vmxfile_clear() - Free what a dictionary has
 * @v: The dictionary, or zeros
 */
void vmxfile_clear(struct vmx *v);

/**
 * vmxfile_find() - A value
 * @v:   The dictionary
 * @fmt: Its key, in any case
 *
 * Return: the value, or NULL.
 */
const struct vmx_value *vmxfile_find(const struct vmx *v, const char *fmt, ...) G_GNUC_PRINTF(2, 3);

/**
 * vmxfile_bool() - A truth value
 * @v:       The dictionary
 * @untold:  What holds if it is not there
 * @value:   Filled
 * @bad:     Told on failure
 * @fmt:     Its key
 *
 * Return: true, or false if it is neither TRUE nor FALSE.
 */
bool vmxfile_bool(const struct vmx *v, bool untold, bool *value, struct trouble *bad,
		  const char *fmt, ...) G_GNUC_PRINTF(5, 6);

/**
 * vmxfile_number() - A number
 * @v:      The dictionary
 * @untold: What holds if it is not there
 * @min: @max: Range
 * @value:  Filled
 * @bad:    Told on failure
 * @fmt:    Its key
 *
 * Return: true, or false if it is none of the range.
 */
bool vmxfile_number(const struct vmx *v, gint64 untold, gint64 min, gint64 max, gint64 *value,
		    struct trouble *bad, const char *fmt, ...) G_GNUC_PRINTF(7, 8);

#endif
