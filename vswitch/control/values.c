/* SPDX-License-Identifier: BSD-2-Clause */
/* Values of the configuration document that need more than a row: addresses, numbers, lists. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "schema.h"
#include "core/vsw.h"

#define AT(t, m) offsetof(struct t, m)

static const char *string(const json_t *v)
{
	return json_is_string(v) ? json_string_value(v) : "";
}

static bool parse_mac(const char *s, uint8_t *mac)
{
	unsigned b[6];
	char end;

	if (sscanf(s, "%2x:%2x:%2x:%2x:%2x:%2x%c", &b[0], &b[1], &b[2], &b[3], &b[4], &b[5],
		   &end) != 6)
		return false;
	for (int i = 0; i < 6; i++)
		mac[i] = (uint8_t)b[i];
	return true;
}

int value_mac(struct json_in *in, const json_t *v, void *at)
{
	return parse_mac(string(v), at) ?
		       0 :
		       json_fail(in, "must be an address such as \"02:00:00:00:00:01\"");
}

/* "ADDRESS" or "ADDRESS/MASK" into value and mask */
int value_mac_mask(struct json_in *in, const json_t *v, void *at)
{
	uint64_t *pair = at;
	uint8_t mac[6], mask[6];
	const char *s = string(v), *slash = strchr(s, '/');
	char first[20];

	snprintf(first, sizeof(first), "%.*s", slash ? (int)(slash - s) : 19, s);
	memset(mask, 0xff, 6);
	if (!parse_mac(first, mac) || (slash && !parse_mac(slash + 1, mask)))
		return json_fail(in, "must be an address, or ADDRESS/MASK");
	pair[0] = mac_number(mac);
	pair[1] = mac_number(mask);
	return 0;
}

int value_ipv4(struct json_in *in, const json_t *v, void *at)
{
	unsigned b[4];
	uint8_t *p = at;
	char end;

	if (sscanf(string(v), "%3u.%3u.%3u.%3u%c", &b[0], &b[1], &b[2], &b[3], &end) != 4 ||
	    b[0] > 255 || b[1] > 255 || b[2] > 255 || b[3] > 255)
		return json_fail(in, "must be an IPv4 address");
	for (int i = 0; i < 4; i++)
		p[i] = (uint8_t)b[i];
	return 0;
}

int value_vlan(struct json_in *in, const json_t *v, void *at)
{
	struct vsw_policy p;

	if (!json_is_integer(v))
		return json_is_object(v) ? json_read(in, v, schema_vlan, at) :
					   json_fail(in, "must be a number or an object");
	if (json_integer_value(v) < 0 || json_integer_value(v) > 4095)
		return json_fail(in, "out of range (0 to 4095)");
	vsw_policy_set_vlan(&p, (int)json_integer_value(v));
	memcpy(at, &p.vlan, sizeof(p.vlan));
	return 0;
}

int value_vlan_list(struct json_in *in, const json_t *v, void *at)
{
	uint64_t *map = at;
	const char *s = string(v);

	if (!*s)
		return json_fail(in, "must be a list such as \"1-10,20\"");
	memset(map, 0, VSW_VLANS / 8);
	while (*s) {
		char *end;
		unsigned long from = strtoul(s, &end, 10), to = from;

		if (end != s && *end == '-') {
			s = end + 1;
			to = strtoul(s, &end, 10);
		}
		if (end == s || (*end && *end != ',') || from < 1 || to > 4094 || from > to)
			return json_fail(in, "must be a list such as \"1-10,20\", of 1 to 4094");
		for (; from <= to; from++)
			map[from >> 6] |= UINT64_C(1) << (from & 63);
		s = *end ? end + 1 : end;
	}
	return 0;
}

int value_tpid(struct json_in *in, const json_t *v, void *at)
{
	unsigned long n = strtoul(string(v), NULL, 16);

	if (n != FRAME_TYPE_VLAN && n != FRAME_TYPE_QINQ)
		return json_fail(in, "must be \"0x8100\" or \"0x88a8\"");
	*(uint16_t *)at = (uint16_t)n;
	return 0;
}

static int one_reserved(struct json_in *in, const char *key, const json_t *v, size_t n,
			void *opaque)
{
	if (!json_is_integer(v) || json_integer_value(v) < 0 || json_integer_value(v) > 15)
		return json_fail(in, "must be a number from 0 to 15");
	*(uint16_t *)opaque |= (uint16_t)(1u << json_integer_value(v));
	return 0;
}

int value_reserved(struct json_in *in, const json_t *v, void *at)
{
	*(uint16_t *)at = 0;
	return json_each(in, v, one_reserved, at);
}

static int one_address(struct json_in *in, const char *key, const json_t *v, size_t n, void *opaque)
{
	struct vsw_mac_policy *m = opaque;

	if (m->n_addresses == VSW_MAX_STATIC)
		return json_fail(in, "more than %u", VSW_MAX_STATIC);
	return value_mac(in, v, m->address[m->n_addresses++]);
}

int value_addresses(struct json_in *in, const json_t *v, void *at)
{
	struct vsw_mac_policy *m = (void *)((char *)at - AT(vsw_mac_policy, n_addresses));

	m->n_addresses = 0;
	return json_each(in, v, one_address, m);
}

/* struct names - a list of names being filled */
struct names {
	char (*name)[VSW_NAME_MAX];
	unsigned n, max;
};

static int one_name(struct json_in *in, const char *key, const json_t *v, size_t n, void *opaque)
{
	struct names *l = opaque;

	if (!json_is_string(v) || json_string_length(v) >= VSW_NAME_MAX)
		return json_fail(in, "must be a name");
	if (l->n == l->max)
		return json_fail(in, "more than %u", l->max);
	memset(l->name[l->n], 0, VSW_NAME_MAX);
	memcpy(l->name[l->n++], json_string_value(v), json_string_length(v));
	return 0;
}

int value_active(struct json_in *in, const json_t *v, void *at)
{
	struct vsw_team_policy *t = (void *)((char *)at - AT(vsw_team_policy, active));
	struct names l = { t->active, 0, VSW_TEAM_MAX };

	if (json_each(in, v, one_name, &l) < 0)
		return -1;
	t->n_active = l.n;
	return 0;
}

int value_standby(struct json_in *in, const json_t *v, void *at)
{
	struct vsw_team_policy *t = (void *)((char *)at - AT(vsw_team_policy, standby));
	struct names l = { t->standby, 0, VSW_TEAM_MAX };

	if (json_each(in, v, one_name, &l) < 0)
		return -1;
	t->n_standby = l.n;
	return 0;
}

int value_class(struct json_in *in, const json_t *v, void *at)
{
	const struct vsw_switch_policy *sp = in->user;

	for (unsigned i = 0; i < sp->n_classes; i++)
		if (!strcmp(sp->class[i].name, string(v))) {
			*(uint8_t *)at = (uint8_t)i;
			return 0;
		}
	return json_fail(in, "no such class");
}

/* Read by config.c after the switch's own policy */
int value_anything(struct json_in *in, const json_t *v, void *at)
{
	return json_is_object(v) ? 0 : json_fail(in, "must be an object");
}
