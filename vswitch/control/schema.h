/* SPDX-License-Identifier: BSD-2-Clause */
/* The configuration document's rows. */
#ifndef VSWITCH_SCHEMA_H
#define VSWITCH_SCHEMA_H

#include "json.h"
#include "vswitch/policy.h"

extern const struct json_field schema_policy[]; /* base: struct vsw_policy */
extern const struct json_field
	schema_switch[]; /* base: struct vsw_switch_policy; the document but for ports and groups */

/* values.c: kinds of value that need more than a row */
int value_mac(struct json_in *in, const json_t *v, void *at);
int value_mac_mask(struct json_in *in, const json_t *v, void *at);
int value_ipv4(struct json_in *in, const json_t *v, void *at);
int value_vlan(struct json_in *in, const json_t *v, void *at);
int value_vlan_list(struct json_in *in, const json_t *v, void *at);
int value_tpid(struct json_in *in, const json_t *v, void *at);
int value_reserved(struct json_in *in, const json_t *v, void *at);
int value_addresses(struct json_in *in, const json_t *v, void *at);
int value_active(struct json_in *in, const json_t *v, void *at);
int value_standby(struct json_in *in, const json_t *v, void *at);
int value_class(struct json_in *in, const json_t *v, void *at);
int value_anything(struct json_in *in, const json_t *v, void *at);
extern const struct json_field schema_vlan[];

/* table_values.c */
int value_pvlans(struct json_in *in, const json_t *v, void *at);
int value_classes(struct json_in *in, const json_t *v, void *at);
int value_mirrors(struct json_in *in, const json_t *v, void *at);
extern const struct json_field schema_pvlan[], schema_class[], schema_mirror[];

/* rule_values.c */
int value_rules(struct json_in *in, const json_t *v, void *at);
extern const struct json_field schema_rule[];

#endif
