/* SPDX-License-Identifier: BSD-2-Clause */
/* JSON that is some lines of an input. */
#ifndef IMPORT_JSON_TEXT_H
#define IMPORT_JSON_TEXT_H

#include <jansson.h>

#include "text.h"

/**
 * json_text_read() - Read an array or an object
 * @t:    The text
 * @from: Its first line, from 1 on
 * @to:   The line behind its last one
 * @bad:  Told on failure
 *
 * Return: jansson's value, which the caller frees; or NULL.
 */
json_t *json_text_read(const struct text *t, unsigned from, unsigned to, struct trouble *bad);

#endif
