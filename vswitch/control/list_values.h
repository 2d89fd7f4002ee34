/* SPDX-License-Identifier: BSD-2-Clause */
/* Lists of the configuration document. */
#ifndef VSWITCH_LIST_VALUES_H
#define VSWITCH_LIST_VALUES_H

#include "control/json.h"
#include "vswitch/schema.h"

/* vsw_directions - words of enum vsw_direction, from 1 on; NULL at the end */
extern const char *const vsw_directions[];

int vsw_read_list(struct vsw_json_in *in, const json_t *v, const struct vsw_value_row *row,
		  void *base);
int vsw_read_names(struct vsw_json_in *in, const json_t *v, const struct vsw_value_row *row,
		   void *base);
int vsw_read_macs(struct vsw_json_in *in, const json_t *v, const struct vsw_value_row *row,
		  void *base);
int vsw_read_rules(struct vsw_json_in *in, const json_t *v, const struct vsw_value_row *row,
		   void *base);
int vsw_read_mirror_ports(struct vsw_json_in *in, const json_t *v, const struct vsw_value_row *row,
			  void *base);

#endif
