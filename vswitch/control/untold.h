/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Initial values, as a document would say them.
 *
 * They are not looked up in the rows, but in structs that were told nothing: what policies fill in
 * by themselves, for uplinks above all, is in them, too.
 */
#ifndef VSWITCH_CONTROL_UNTOLD_H
#define VSWITCH_CONTROL_UNTOLD_H

#include <jansson.h>

#include "control/schema.h"

json_t *vsw_untold_value(const struct vsw_value_row *row, const void *base);
json_t *vsw_untold(const struct schema *s, const struct vsw_value_row *row, bool uplink);

#endif
