/* SPDX-License-Identifier: BSD-2-Clause */
/* How each kind of value is read: the plain ones, and the table of all. */
#include "control/kinds.h"

#include <stdio.h>
#include <string.h>

#include "control/list_values.h"
#include "control/rule_values.h"
#include "control/values.h"

static int read_bool(struct vsw_json_in *in, const json_t *v, const struct vsw_value_row *row,
		     void *base)
{
	if (!json_is_boolean(v))
		return vsw_json_fail(in, "must be true or false");
	vsw_value_set(row, base, json_is_true(v));
	return 0;
}

static int read_number(struct vsw_json_in *in, const json_t *v, const struct vsw_value_row *row,
		       void *base)
{
	json_int_t n = json_integer_value(v);

	if (!json_is_integer(v))
		return vsw_json_fail(in, "must be a number");
	if (n < 0 || (uint64_t)n < row->min || (uint64_t)n > row->max)
		return vsw_json_fail(in, "out of range (%llu to %llu)",
				     (unsigned long long)row->min, (unsigned long long)row->max);
	vsw_value_set(row, base, (uint64_t)n * (row->kind == VSW_VALUE_US ? 1000 : 1));
	return 0;
}

static int read_rate(struct vsw_json_in *in, const json_t *v, const struct vsw_value_row *row,
		     void *base)
{
	uint64_t n;

	if (!json_is_string(v))
		return read_number(in, v, row, base);
	if (!vsw_text_rate(json_string_value(v), row->max, &n) || n < row->min)
		return vsw_json_fail(in,
				     "must be a rate such as 1500, \"100M\" or \"2.5G\" (k, M, G: "
				     "10^3, 10^6, 10^9), %llu to %llu",
				     (unsigned long long)row->min, (unsigned long long)row->max);
	vsw_value_set(row, base, n);
	return 0;
}

static int read_word(struct vsw_json_in *in, const json_t *v, const struct vsw_value_row *row,
		     void *base)
{
	char list[120] = "";

	for (unsigned i = 0; row->words[i]; i++) {
		if (json_is_string(v) && !strcmp(json_string_value(v), row->words[i])) {
			vsw_value_set(row, base, row->min + i);
			return 0;
		}
		snprintf(list + strlen(list), sizeof(list) - strlen(list), "%s%s", i ? ", " : "",
			 row->words[i]);
	}
	return vsw_json_fail(in, "must be one of: %s", list);
}

static int read_name(struct vsw_json_in *in, const json_t *v, const struct vsw_value_row *row,
		     void *base)
{
	char *at = (char *)base + row->at;

	if (!json_is_string(v) || json_string_length(v) >= row->size)
		return vsw_json_fail(in, "must be a string of less than %u characters", row->size);
	memset(at, 0, row->size);
	memcpy(at, json_string_value(v), json_string_length(v));
	return 0;
}

static int read_nothing(struct vsw_json_in *in, const json_t *v, const struct vsw_value_row *row,
			void *base)
{
	return json_is_string(v) ? 0 : vsw_json_fail(in, "must be a string");
}

/* Read by config.c after the switch's own policy */
static int read_policies(struct vsw_json_in *in, const json_t *v, const struct vsw_value_row *row,
			 void *base)
{
	return json_is_object(v) ? 0 : vsw_json_fail(in, "must be an object");
}

static int one_port(struct vsw_json_in *in, const char *key, const json_t *v, size_t n,
		    void *opaque)
{
	const json_t *group = json_object_get(v, "portgroup");
	size_t mark = vsw_json_enter(in, "portgroup");

	if (group && !json_is_string(group))
		return vsw_json_fail(in, "must be the name of a port group");
	vsw_json_leave(in, mark);
	return 0;
}

static int read_ports(struct vsw_json_in *in, const json_t *v, const struct vsw_value_row *row,
		      void *base)
{
	return vsw_json_members(in, v, one_port, NULL);
}

const struct value_kind vsw_value_kinds[VSW_VALUE_KINDS] = {
	[VSW_VALUE_BOOL] = { read_bool, "true, false" },
	[VSW_VALUE_NUMBER] = { read_number, NULL },
	[VSW_VALUE_RATE] = { read_rate, NULL },
	[VSW_VALUE_US] = { read_number, NULL },
	[VSW_VALUE_WORD] = { read_word, NULL },
	[VSW_VALUE_NAME] = { read_name, "name" },
	[VSW_VALUE_OBJECT] = { NULL, "object" },
	[VSW_VALUE_LIST] = { vsw_read_list, "array of object" },
	[VSW_VALUE_NAMES] = { vsw_read_names, "array of names" },
	[VSW_VALUE_MACS] = { vsw_read_macs, "array of MAC addresses" },
	[VSW_VALUE_MAC] = { vsw_read_mac, "MAC address" },
	[VSW_VALUE_IPV4] = { vsw_read_ipv4, "IPv4 address" },
	[VSW_VALUE_IPV6] = { vsw_read_ipv6, "IPv6 address" },
	[VSW_VALUE_BITS] = { vsw_read_bits, "array of number" },
	[VSW_VALUE_HEX] = { vsw_read_hex, NULL },
	[VSW_VALUE_TPID] = { vsw_read_tpid, "`0x8100`, `0x88a8`" },
	[VSW_VALUE_VLAN] = { vsw_read_vlan, "number or object" },
	[VSW_VALUE_VLANS] = { vsw_read_vlans, "list of numbers and ranges" },
	[VSW_VALUE_CLASS] = { vsw_read_class, "name" },
	[VSW_VALUE_RULES] = { vsw_read_rules, "array of object" },
	[VSW_VALUE_RULE_MATCH] = { vsw_read_rule_match, "object" },
	[VSW_VALUE_MIRROR_PORTS] = { vsw_read_mirror_ports, "object: port id to direction" },
	[VSW_VALUE_POLICY] = { read_policies, "object (policy)" },
	[VSW_VALUE_POLICIES] = { read_policies, "object of objects (policy)" },
	[VSW_VALUE_PORTS] = { read_ports, "object of objects (policy)" },
	[VSW_VALUE_EDITOR] = { read_nothing, "string" },
};
