/* SPDX-License-Identifier: BSD-2-Clause */
/* Initial values, as a document would say them (untold.h has the theory). */
#include "control/untold.h"

#include <arpa/inet.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static json_t *number(const struct vsw_value_row *row, uint64_t n)
{
	return n >= row->min && n <= row->max ? json_integer((json_int_t)n) : NULL;
}

static json_t *address(int family, const void *at)
{
	char text[INET6_ADDRSTRLEN];

	return json_string(inet_ntop(family, at, text, sizeof(text)));
}

static json_t *mac(const uint8_t *m)
{
	return json_sprintf("%02x:%02x:%02x:%02x:%02x:%02x", m[0], m[1], m[2], m[3], m[4], m[5]);
}

static bool carried(const uint64_t *map, unsigned vid)
{
	return vid < VSW_VLANS && map[vid >> 6] >> (vid & 63) & 1;
}

/* A list such as "1-10,20" */
static json_t *vlans(const uint64_t *map)
{
	char text[20 * VSW_VLANS / 2], *end = text;

	for (unsigned from = 0; from < VSW_VLANS; from++) {
		unsigned to = from;

		if (!carried(map, from))
			continue;
		while (carried(map, to + 1))
			to++;
		end += sprintf(end, "%s%u", end > text ? "," : "", from);
		if (to > from)
			end += sprintf(end, "-%u", to);
		from = to;
	}
	*end = 0;
	return json_string(text);
}

/* VMware's number, if it says all */
static json_t *vlan(const struct vsw_vlan_policy *v)
{
	int n = v->mode == VSW_VLAN_TRUNK ? VSW_VGT : v->vid;
	struct vsw_policy same;

	vsw_policy_set_vlan(&same, n);
	return memcmp(&same.vlan, v, sizeof(*v)) ? NULL : json_integer(n);
}

static json_t *bits(uint64_t set)
{
	json_t *j = json_array();

	for (unsigned n = 0; n < 64; n++)
		if (set >> n & 1)
			json_array_append_new(j, json_integer(n));
	return j;
}

/* Lists begin empty: there is nothing to say of elements */
static json_t *list(const struct vsw_value_row *row, const void *base)
{
	return *(const unsigned *)((const char *)base + row->count) ? NULL : json_array();
}

/**
 * vsw_untold_value() - A value of a struct that was told nothing, as a document would say it
 * @row:  The value
 * @base: The struct
 *
 * Return: the value; NULL if no document can say it.
 */
json_t *vsw_untold_value(const struct vsw_value_row *row, const void *base)
{
	const void *at = (const char *)base + row->at;

	switch (row->kind) {
	case VSW_VALUE_BOOL:
		return json_boolean(vsw_value_get(row, base));
	case VSW_VALUE_NUMBER:
	case VSW_VALUE_RATE:
	case VSW_VALUE_HEX:
		return number(row, vsw_value_get(row, base));
	case VSW_VALUE_US:
		return number(row, vsw_value_get(row, base) / 1000);
	case VSW_VALUE_WORD:
		return json_string(row->words[vsw_value_get(row, base) - row->min]);
	case VSW_VALUE_LIST:
	case VSW_VALUE_NAMES:
	case VSW_VALUE_MACS:
	case VSW_VALUE_RULES:
		return list(row, base);
	case VSW_VALUE_MAC:
		return mac(at);
	case VSW_VALUE_IPV4:
		return address(AF_INET, at);
	case VSW_VALUE_IPV6:
		return address(AF_INET6, at);
	case VSW_VALUE_BITS:
		return bits(vsw_value_get(row, base));
	case VSW_VALUE_TPID:
		return json_sprintf("0x%04x", (unsigned)vsw_value_get(row, base));
	case VSW_VALUE_VLAN:
		return vlan(at);
	case VSW_VALUE_VLANS:
		return vlans(at);
	case VSW_VALUE_RULE_MATCH:
	case VSW_VALUE_MIRROR_PORTS:
		return json_object();
	default:
		return NULL;
	}
}

/* What an element of a list is untold */
static json_t *of_element(const struct vsw_value_row *rows, const struct vsw_value_row *row)
{
	size_t size = 0;
	json_t *j;
	void *element;

	for (const struct vsw_value_row *r = rows; r->key; r++)
		size = r->at + r->size > size ? r->at + r->size : size;
	element = calloc(1, size);
	if (!element)
		return NULL;
	vsw_values_init(rows, element);
	j = vsw_untold_value(row, element);
	free(element);
	return j;
}

/**
 * vsw_untold() - A value if nothing is said
 * @s:      The schema that it is of
 * @row:    The value
 * @uplink: Of a port: what an uplink has
 *
 * Return: the value; NULL if no document can say it.
 */
json_t *vsw_untold(const struct schema *s, const struct vsw_value_row *row, bool uplink)
{
	static struct vsw_policy port;
	static struct vsw_switch_policy sw;

	if (row->untold)
		return NULL;
	if (s->rows)
		return of_element(s->rows, row);
	vsw_policy_init(&port, uplink);
	vsw_switch_policy_init(&sw);
	return vsw_untold_value(row, s == &vsw_schema_of_port ? (void *)&port : (void *)&sw);
}
