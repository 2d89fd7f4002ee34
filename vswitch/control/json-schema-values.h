/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Values in JSON Schema: what of each the readers take, as far as a schema can tell. Each function
 * returns a new object.
 */
#ifndef VSWITCH_CONTROL_JSON_SCHEMA_VALUES_H
#define VSWITCH_CONTROL_JSON_SCHEMA_VALUES_H

#include <jansson.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "vswitch/schema.h"
#include "vswitch/text.h"

json_t *vsw_js_range(uint64_t min, uint64_t max);
json_t *vsw_js_text(size_t least, size_t most);
json_t *vsw_js_array(json_t *items, uint64_t most);
json_t *vsw_js_words(const char *const *list);
json_t *vsw_js_mac(int station);
json_t *vsw_js_ipv4(unsigned first);
json_t *vsw_js_ipv6(void);
json_t *vsw_js_vlans(void);
json_t *vsw_js_tpid(void);
json_t *vsw_js_number_or(const struct vsw_text_name *names, unsigned max);
json_t *vsw_js_rate(const struct vsw_value_row *row);
json_t *vsw_js_prefix(bool v6);
json_t *vsw_js_match(void);

#endif
