/* SPDX-License-Identifier: BSD-2-Clause */
/* Lists of the configuration document. */
#ifndef VSWITCH_LIST_VALUES_H
#define VSWITCH_LIST_VALUES_H

#include "json.h"
#include "vswitch/schema.h"

int value_list(struct json_in *in, const json_t *v, const struct vsw_value_row *row, void *base);
int value_names(struct json_in *in, const json_t *v, const struct vsw_value_row *row, void *base);
int value_macs(struct json_in *in, const json_t *v, const struct vsw_value_row *row, void *base);
int value_rules(struct json_in *in, const json_t *v, const struct vsw_value_row *row, void *base);
int value_mirror_ports(struct json_in *in, const json_t *v, const struct vsw_value_row *row,
		       void *base);

#endif
