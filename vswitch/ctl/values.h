/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * KEY=VALUE of the command line, by the rows that the document itself is read by
 * (vswitch/schema.h).
 */
#ifndef VSWITCHCTL_VALUES_H
#define VSWITCHCTL_VALUES_H

#include <glib.h>
#include <jansson.h>

#include "vswitch/schema.h"

/**
 * struct value_keys - Keys that an object may have
 * @part: Arrays of rows by number; or NULL: @list
 * @list: Key of a list of the switch's values, or of a port's: its elements have the keys
 * @more: Rows besides, ended by one without key; or NULL
 * @section: Only what is in the object of that key; its keys are counted from there. Or NULL
 */
struct value_keys {
	const struct vsw_value_row *(*part)(unsigned n);
	const char *list;
	const struct vsw_value_row *more;
	const char *section;
};

/**
 * values_set() - Put KEY=VALUE into an object
 * @obj:  The object; objects in it are made
 * @keys: Keys it may have
 * @text: "KEY=VALUE"; without a value: null, which takes the key out of a document
 * @err:  On failure, one line; freed with g_free()
 *
 * What the value may be is checked by whoever reads the document; here it is made a value of the
 * key's kind.
 *
 * Return: 0, or -1.
 */
int values_set(json_t *obj, const struct value_keys *keys, const char *text, char **err);

/**
 * values_each() - For each key
 * @keys:   The keys
 * @fn:     Called with each key and its row
 * @opaque: Its first argument
 */
void values_each(const struct value_keys *keys,
		 void (*fn)(void *opaque, const char *key, const struct vsw_value_row *row),
		 void *opaque);

#endif
