/* SPDX-License-Identifier: BSD-2-Clause */
/* How each kind of value is read. */
#ifndef VSWITCH_KINDS_H
#define VSWITCH_KINDS_H

#include "control/json.h"
#include "vswitch/schema.h"

/* value_read - Reads a value into the struct that its row's place counts from. Return: 0, or -1 and
 * the error is told */
typedef int value_read(struct vsw_json_in *in, const json_t *v, const struct vsw_value_row *row,
		       void *base);

/*
 * struct value_kind - a kind of value
 * @read: Reads it; NULL for objects
 * @type: For the manual; NULL: its row says it
 */
struct value_kind {
	value_read *read;
	const char *type;
};

extern const struct value_kind vsw_value_kinds[VSW_VALUE_KINDS];

#endif
