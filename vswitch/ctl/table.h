/* SPDX-License-Identifier: BSD-2-Clause */
/* Answers for people: tables, and lists of members. */
#ifndef VSWITCHCTL_TABLE_H
#define VSWITCHCTL_TABLE_H

#include "words.h"

/**
 * table_rows() - A table of a list
 * @columns: Its columns
 * @items:   An array
 *
 * Return: lines, to be freed with g_string_free().
 */
GString *table_rows(const struct ctl_column *columns, const json_t *items);

/**
 * table_members() - All members of an object, one a line; counters that are 0 are left out
 * @item: The object, or an array of them
 *
 * Return: lines, to be freed with g_string_free().
 */
GString *table_members(const json_t *item);

/**
 * table_text() - Append a value, without what could move a terminal's cursor
 * @out: Where
 * @v:   The value, or NULL
 */
void table_text(GString *out, const json_t *v);

/**
 * table_clean() - Append a text likewise
 * @out:  Where
 * @text: The text
 */
void table_clean(GString *out, const char *text);

#endif
