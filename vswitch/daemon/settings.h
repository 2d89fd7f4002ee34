/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Options in a document: from JSON into structs of options, by their rows (struct vsw_option).
 *
 * An object may hold options of several sets of rows, such as those of listening and those of the
 * transport that listens; each is read with the others named as known.
 */
#ifndef VSWITCHD_SETTINGS_H
#define VSWITCHD_SETTINGS_H

#include <jansson.h>

#include "vswitch/transport.h"

/**
 * vd_settings_read() - Read the members of an object that rows know
 * @rows:   The rows, or NULL
 * @conf:   Their struct, from vsw_options_new()
 * @object: The object
 * @err:    On failure, one line with the path below @object
 * @errlen: Room in @err
 *
 * Members that they do not know are left out: vd_settings_known() tells of those.
 *
 * Return: 0, or -1.
 */
int vd_settings_read(const struct vsw_option *rows, void *conf, const json_t *object, char *err,
		     size_t errlen);

/**
 * vd_settings_known() - Are all members of an object known to one of two sets of rows?
 * @a: @b:  Rows, or NULL
 * @object: The object
 * @err:    If not, one line that says what there is
 * @errlen: Room in @err
 *
 * Return: 0, or -1.
 */
int vd_settings_known(const struct vsw_option *a, const struct vsw_option *b, const json_t *object,
		      char *err, size_t errlen);

#endif
