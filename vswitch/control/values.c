/* SPDX-License-Identifier: BSD-2-Clause */
/* Values of the configuration document that need more than a row: addresses, numbers, VLANs. */
#include "control/values.h"

#include <arpa/inet.h>
#include <stdio.h>
#include <string.h>

#include "hwnet/frame.h"

static const char *string(const json_t *v)
{
	return json_is_string(v) ? json_string_value(v) : "";
}

static bool parse_mac(const char *s, uint8_t *mac)
{
	return vsw_text_mac(s, s + strlen(s), mac);
}

/* Address as a number, first byte highest */
static uint64_t mac_value(const uint8_t *mac)
{
	return (uint64_t)frame_be16(mac) << 32 | frame_be32(mac + 2);
}

/**
 * vsw_read_mac_at() - Read an address
 * @in: The document
 * @v:  The value
 * @at: Filled, 6 bytes
 *
 * Return: 0, or -1 and the error is told.
 */
int vsw_read_mac_at(struct vsw_json_in *in, const json_t *v, uint8_t *at)
{
	return parse_mac(string(v), at) ?
		       0 :
		       vsw_json_fail(in, "must be an address such as \"02:00:00:00:00:01\"");
}

/**
 * vsw_read_mac() - Read an address
 * @in:   The document
 * @v:    The value
 * @row:  Its row
 * @base: Struct that its place counts from
 *
 * Return: 0, or -1 and the error is told.
 */
int vsw_read_mac(struct vsw_json_in *in, const json_t *v, const struct vsw_value_row *row,
		 void *base)
{
	return vsw_read_mac_at(in, v, (uint8_t *)base + row->at);
}

/**
 * vsw_read_mac_mask() - Read "ADDRESS" or "ADDRESS/MASK"
 * @in:   The document
 * @v:    The value
 * @pair: Filled: value and mask
 *
 * Return: 0, or -1 and the error is told.
 */
int vsw_read_mac_mask(struct vsw_json_in *in, const json_t *v, uint64_t *pair)
{
	uint8_t mac[6], mask[6];
	const char *s = string(v), *slash = strchr(s, '/');

	memset(mask, 0xff, 6);
	if (!vsw_text_mac(s, slash ? slash : s + strlen(s), mac) ||
	    (slash && !parse_mac(slash + 1, mask)))
		return vsw_json_fail(in, "must be an address, or ADDRESS/MASK");
	pair[0] = mac_value(mac);
	pair[1] = mac_value(mask);
	return 0;
}

/**
 * vsw_read_ipv4() - Read an IPv4 address
 * @in:   The document
 * @v:    The value
 * @row:  Its row
 * @base: Struct that its place counts from
 *
 * Return: 0, or -1 and the error is told.
 */
int vsw_read_ipv4(struct vsw_json_in *in, const json_t *v, const struct vsw_value_row *row,
		  void *base)
{
	uint8_t *at = (uint8_t *)base + row->at;

	if (inet_pton(AF_INET, string(v), at) != 1)
		return vsw_json_fail(in, "must be an IPv4 address");
	return row->max && at[0] > row->max ? vsw_json_fail(in, "is the address of a group") : 0;
}

/**
 * vsw_read_ipv6() - Read an IPv6 address
 * @in:   The document
 * @v:    The value
 * @row:  Its row
 * @base: Struct that its place counts from
 *
 * Return: 0, or -1 and the error is told.
 */
int vsw_read_ipv6(struct vsw_json_in *in, const json_t *v, const struct vsw_value_row *row,
		  void *base)
{
	static const uint8_t none[16];
	uint8_t *at = (uint8_t *)base + row->at;

	if (inet_pton(AF_INET6, string(v), at) != 1)
		return vsw_json_fail(in, "must be an IPv6 address");
	return memcmp(at, none, 16) && (at[0] != 0xfe || at[1] >> 6 != 2) ?
		       vsw_json_fail(in, "is not link-local (fe80::/10)") :
		       0;
}

/**
 * vsw_read_vlan() - Read VMware's VLAN number
 * @in:   The document
 * @v:    The value
 * @row:  Its row
 * @base: Struct that its place counts from
 *
 * Return: 0, or -1 and the error is told.
 */
int vsw_read_vlan(struct vsw_json_in *in, const json_t *v, const struct vsw_value_row *row,
		  void *base)
{
	struct vsw_policy p;

	if (!json_is_integer(v))
		return vsw_json_fail(in, "must be a number or an object");
	if (json_integer_value(v) < 0 || json_integer_value(v) > VSW_VGT)
		return vsw_json_fail(in, "out of range (0 to %d)", VSW_VGT);
	vsw_policy_set_vlan(&p, (int)json_integer_value(v));
	memcpy((char *)base + row->at, &p.vlan, sizeof(p.vlan));
	return 0;
}

/* By words: a list may name the same VLANs again and again */
static void set_bits(uint64_t *map, unsigned from, unsigned to)
{
	for (unsigned w = from >> 6; w <= to >> 6; w++) {
		uint64_t bits = ~UINT64_C(0);

		if (w == from >> 6)
			bits &= ~UINT64_C(0) << (from & 63);
		if (w == to >> 6)
			bits &= ~UINT64_C(0) >> (63 - (to & 63));
		map[w] |= bits;
	}
}

/**
 * vsw_read_vlans() - Read a list of VLANs such as "1-10,20"
 * @in:   The document
 * @v:    The value
 * @row:  Its row
 * @base: Struct that its place counts from
 *
 * Return: 0, or -1 and the error is told.
 */
int vsw_read_vlans(struct vsw_json_in *in, const json_t *v, const struct vsw_value_row *row,
		   void *base)
{
	uint64_t *map = (uint64_t *)((char *)base + row->at);
	const char *s = string(v);

	memset(map, 0, VSW_VLANS / 8);
	do {
		unsigned from, to;

		if (!vsw_text_range(&s, 4094, &from, &to) || !from || (*s && *s != ','))
			return vsw_json_fail(in,
					     "must be a list such as \"1-10,20\", of 1 to 4094");
		set_bits(map, from, to);
	} while (*s++);
	return 0;
}

/**
 * vsw_read_tpid() - Read the EtherType of a tag
 * @in:   The document
 * @v:    The value
 * @row:  Its row
 * @base: Struct that its place counts from
 *
 * Return: 0, or -1 and the error is told.
 */
int vsw_read_tpid(struct vsw_json_in *in, const json_t *v, const struct vsw_value_row *row,
		  void *base)
{
	unsigned n;

	if (!vsw_text_number(string(v), UINT16_MAX, &n) ||
	    (n != FRAME_TYPE_VLAN && n != FRAME_TYPE_QINQ))
		return vsw_json_fail(in, "must be \"0x8100\" or \"0x88a8\"");
	vsw_value_set(row, base, n);
	return 0;
}

/* struct bits - numbers being collected */
struct bits {
	uint64_t max, set;
};

static int one_bit(struct vsw_json_in *in, const char *key, const json_t *v, size_t n, void *opaque)
{
	struct bits *b = opaque;

	if (!json_is_integer(v) || json_integer_value(v) < 0 ||
	    (uint64_t)json_integer_value(v) > b->max)
		return vsw_json_fail(in, "must be a number from 0 to %llu",
				     (unsigned long long)b->max);
	b->set |= UINT64_C(1) << json_integer_value(v);
	return 0;
}

/**
 * vsw_read_bits() - Read an array of numbers, a bit each
 * @in:   The document
 * @v:    The value
 * @row:  Its row
 * @base: Struct that its place counts from
 *
 * Return: 0, or -1 and the error is told.
 */
int vsw_read_bits(struct vsw_json_in *in, const json_t *v, const struct vsw_value_row *row,
		  void *base)
{
	struct bits b = { row->max, 0 };

	if (vsw_json_each(in, v, one_bit, &b) < 0)
		return -1;
	vsw_value_set(row, base, b.set);
	return 0;
}

/**
 * vsw_read_number_at() - Read a number, a text of one, or a name that stands for one
 * @in:    The document
 * @v:     The value
 * @names: Names, ended by one that is NULL
 * @max:   Highest
 * @out:   Filled
 *
 * Return: 0, or -1 and the error is told.
 */
int vsw_read_number_at(struct vsw_json_in *in, const json_t *v, const struct vsw_text_name *names,
		       unsigned max, uint16_t *out)
{
	unsigned n = max + 1;
	char list[160] = "";

	if (json_is_integer(v) && json_integer_value(v) >= 0 && json_integer_value(v) <= max)
		n = (unsigned)json_integer_value(v);
	else if (json_is_string(v) && !vsw_text_named(json_string_value(v), names, max, &n))
		n = max + 1;
	if (n <= max) {
		*out = (uint16_t)n;
		return 0;
	}
	for (; names->name; names++)
		snprintf(list + strlen(list), sizeof(list) - strlen(list), "%s, ", names->name);
	return vsw_json_fail(in, "must be %s%sa number from 0 to %u, decimal or with 0x", list,
			     list[0] ? "or " : "", max);
}

/**
 * vsw_read_hex() - Read a number, or a text of one, decimal or with 0x
 * @in:   The document
 * @v:    The value
 * @row:  Its row
 * @base: Struct that its place counts from
 *
 * Return: 0, or -1 and the error is told.
 */
int vsw_read_hex(struct vsw_json_in *in, const json_t *v, const struct vsw_value_row *row,
		 void *base)
{
	static const struct vsw_text_name none[] = { { 0 } };
	uint16_t n = 0;

	if (vsw_read_number_at(in, v, none, (unsigned)row->max, &n) < 0)
		return -1;
	vsw_value_set(row, base, n);
	return 0;
}

/**
 * vsw_read_class() - Read the name of a class that the document has
 * @in:   The document
 * @v:    The value
 * @row:  Its row
 * @base: Struct that its place counts from
 *
 * Return: 0, or -1 and the error is told.
 */
int vsw_read_class(struct vsw_json_in *in, const json_t *v, const struct vsw_value_row *row,
		   void *base)
{
	const struct vsw_switch_policy *sp = in->user;

	for (unsigned i = 0; i < sp->n_classes; i++)
		if (!strcmp(sp->class[i].name, string(v))) {
			vsw_value_set(row, base, i);
			return 0;
		}
	return vsw_json_fail(in, "no such class");
}
