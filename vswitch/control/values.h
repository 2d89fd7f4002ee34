/* SPDX-License-Identifier: BSD-2-Clause */
/* Values of the configuration document that need more than a row. */
#ifndef VSWITCH_CONTROL_VALUES_H
#define VSWITCH_CONTROL_VALUES_H

#include "control/json.h"
#include "vswitch/schema.h"
#include "vswitch/text.h"

int vsw_read_mac(struct vsw_json_in *in, const json_t *v, const struct vsw_value_row *row,
		 void *base);
int vsw_read_ipv4(struct vsw_json_in *in, const json_t *v, const struct vsw_value_row *row,
		  void *base);
int vsw_read_ipv6(struct vsw_json_in *in, const json_t *v, const struct vsw_value_row *row,
		  void *base);
int vsw_read_vlan(struct vsw_json_in *in, const json_t *v, const struct vsw_value_row *row,
		  void *base);
int vsw_read_vlans(struct vsw_json_in *in, const json_t *v, const struct vsw_value_row *row,
		   void *base);
int vsw_read_tpid(struct vsw_json_in *in, const json_t *v, const struct vsw_value_row *row,
		  void *base);
int vsw_read_bits(struct vsw_json_in *in, const json_t *v, const struct vsw_value_row *row,
		  void *base);
int vsw_read_hex(struct vsw_json_in *in, const json_t *v, const struct vsw_value_row *row,
		 void *base);
int vsw_read_class(struct vsw_json_in *in, const json_t *v, const struct vsw_value_row *row,
		   void *base);

int vsw_read_mac_at(struct vsw_json_in *in, const json_t *v, uint8_t *at);
int vsw_read_mac_mask(struct vsw_json_in *in, const json_t *v, uint64_t *pair);
int vsw_read_number_at(struct vsw_json_in *in, const json_t *v, const struct vsw_text_name *names,
		       unsigned max, uint16_t *out);

#endif
