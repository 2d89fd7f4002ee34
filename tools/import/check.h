/* SPDX-License-Identifier: BSD-2-Clause */
/* Would a switch take this? */
#ifndef IMPORT_CHECK_H
#define IMPORT_CHECK_H

#include <jansson.h>

#include "host.h"

/**
 * check_switch() - Ask a switch whether it takes a document
 * @s:   Of which the document is
 * @doc: The document
 * @bad: Told if it does not, with where the switch was described
 *
 * Return: true, or false.
 */
bool check_switch(const struct vswitch *s, const json_t *doc, struct trouble *bad);

#endif
