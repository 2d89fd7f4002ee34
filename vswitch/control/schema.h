/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * From JSON into policies, by the rows of their values (vswitch/schema.h).
 *
 * DOC: Theory of Operation
 *
 * The rows refuse unknown keys, wrong types and numbers out of range with the path of the value,
 * and are what docs/switch-schema.md is made from. Keys that are not there leave the struct as it
 * is: a port's policy is the defaults, written over by its group's object, written over by its own.
 *
 * Each kind of value has its reader, in one table (kinds.c).
 */
#ifndef VSWITCH_CONTROL_SCHEMA_H
#define VSWITCH_CONTROL_SCHEMA_H

#include "control/json.h"
#include "vswitch/schema.h"

/*
 * struct schema - values that an object may have
 * @part: Arrays of rows by number, NULL after the last; or
 * @rows: One array
 */
struct schema {
	const struct vsw_value_row *(*part)(unsigned n);
	const struct vsw_value_row *rows;
};

/* vsw_schema_of_port: of a port's policy; vsw_schema_of_document: of a switch's, and the rest of
 * the document */
extern const struct schema vsw_schema_of_port, vsw_schema_of_document;

const struct vsw_value_row *vsw_schema_part(const struct schema *s, unsigned n);
const char *vsw_schema_member(const struct vsw_value_row *row, const char *object);
const struct vsw_value_row *vsw_schema_find(const struct schema *s, const char *object,
					    const char *key);
const struct vsw_value_row *vsw_schema_beside(const struct schema *s,
					      const struct vsw_value_row *row);
int vsw_schema_read(struct vsw_json_in *in, const json_t *obj, const struct schema *s,
		    const char *object, void *base);

#endif
