/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * What esxcli prints, in each of the shapes that it has for it, as records of named fields.
 *
 * DOC: Theory of Operation
 *
 * One answer has four shapes: blocks of "   Key: value" below a line with a name; a table below a
 * line of dashes, which say how wide its columns are; --formatter=csv, with a comma at the end of
 * each line; --formatter=json. Their keys differ in blanks and capitals only ("VLAN ID",
 * "VLANID"), so a field is known by its small letters and digits. A list is an array in JSON, and
 * words with commas between them everywhere else.
 */
#ifndef IMPORT_RECORD_H
#define IMPORT_RECORD_H

#include "text.h"

/** RECORD_FIELDS_MAX - Most fields of a record; esxcli's have some twenty. */
#define RECORD_FIELDS_MAX 256u

/* struct field - @items: a list that was one in the input; else NULL, and @text is the value */
struct field {
	char *text;
	GPtrArray *items;
	unsigned line;
};

/* struct record - @fields: struct field by key; @line: where it begins */
struct record {
	const char *file;
	unsigned line;
	GHashTable *fields;
};

/**
 * records_read() - Read an answer
 * @t:     The text it is part of, which outlives the records
 * @from:  Its first line, from 1 on
 * @to:    The line behind its last one
 * @bad:   Told on failure
 *
 * Return: array of struct record, which frees them; or NULL.
 */
GPtrArray *records_read(const struct text *t, unsigned from, unsigned to, struct trouble *bad);

/**
 * records_json() - Records of a JSON array of objects, or of one object
 * @t: @from: @to: @bad: As of records_read()
 *
 * Return: as records_read().
 */
GPtrArray *records_json(const struct text *t, unsigned from, unsigned to, struct trouble *bad);

/**
 * record_new() - A record without fields, for the shapes
 * @t:    The text it is from
 * @line: Where it begins
 *
 * Return: the record.
 */
struct record *record_new(const struct text *t, unsigned line);

/**
 * record_put() - Give a record a field
 * @r:    The record
 * @key:  Its key as printed
 * @text: Its value; taken
 * @line: Where it is
 * @bad:  Told on failure
 *
 * Return: the field; or NULL if it is there already.
 */
struct field *record_put(struct record *r, const char *key, char *text, unsigned line,
			 struct trouble *bad);

/**
 * record_free() - Free a record
 * @record: The record
 */
void record_free(gpointer record);

/**
 * record_find() - A field
 * @r:   The record
 * @key: Small letters and digits of its key
 *
 * Return: the field, or NULL.
 */
const struct field *record_find(const struct record *r, const char *key);

/**
 * record_need() - A field that must be there, with something in it
 * @r:   The record
 * @key: As for record_find()
 * @as:  What it is called where it is printed
 * @bad: Told on failure
 *
 * Return: its value, or NULL.
 */
const char *record_need(const struct record *r, const char *key, const char *as,
			struct trouble *bad);

/**
 * record_number() - A number that must be there
 * @r: @key: @as: @bad: As for record_need()
 * @min: @max: Range
 * @value: Filled
 *
 * Return: true, or false if it is none of the range.
 */
bool record_number(const struct record *r, const char *key, const char *as, gint64 min, gint64 max,
		   gint64 *value, struct trouble *bad);

/**
 * record_bool() - A truth value that may be there
 * @r:     The record
 * @key:   As for record_find()
 * @value: Becomes 1 or 0 if it is
 * @bad:   Told on failure
 *
 * Return: true, or false if it is neither true nor false.
 */
bool record_bool(const struct record *r, const char *key, int *value, struct trouble *bad);

/**
 * record_list() - The words of a list
 * @f: The field, or NULL
 *
 * Return: array of strings, which frees them; empty if there are none.
 */
GPtrArray *record_list(const struct field *f);

#endif
