/* SPDX-License-Identifier: BSD-2-Clause */
/* What traffic rules match, in the configuration document. */
#include "control/rule_values.h"

#include <arpa/inet.h>
#include <string.h>

#include "hwnet/parse.h"
#include "control/values.h"

static const struct vsw_text_name ethertypes[] = {
	{ "ipv4", FRAME_TYPE_IPV4 }, { "arp", FRAME_TYPE_ARP }, { "rarp", 0x8035 },
	{ "ipv6", FRAME_TYPE_IPV6 }, { "lldp", 0x88cc },	{ 0 },
};

static const struct vsw_text_name protocols[] = {
	{ "icmp", FRAME_PROTO_ICMP },	  { "igmp", FRAME_PROTO_IGMP },
	{ "tcp", FRAME_PROTO_TCP },	  { "udp", FRAME_PROTO_UDP },
	{ "gre", FRAME_PROTO_GRE },	  { "esp", FRAME_PROTO_ESP },
	{ "ah", FRAME_PROTO_AH },	  { "sctp", FRAME_PROTO_SCTP },
	{ "icmpv6", FRAME_PROTO_ICMPV6 }, { 0 },
};

static const struct vsw_text_name fragments[] = {
	{ "no", VSW_FRAGMENT_NO },
	{ "first", VSW_FRAGMENT_FIRST },
	{ "later", VSW_FRAGMENT_LATER },
	{ "any", VSW_FRAGMENT_FIRST | VSW_FRAGMENT_LATER },
	{ 0 },
};

static const struct vsw_text_name none[] = { { 0 } };

const struct vsw_match_row vsw_match_rows[] = {
	{ "source-mac", VSW_MATCH_SRC_MAC, VSW_MATCH_OF_MAC, none, 0, "source address" },
	{ "destination-mac", VSW_MATCH_DST_MAC, VSW_MATCH_OF_MAC, none, 0, "destination address" },
	{ "ethertype", VSW_MATCH_ETHERTYPE, VSW_MATCH_OF_NUMBER, ethertypes, 0xffff,
	  "type behind the tags" },
	{ "vlan", VSW_MATCH_VLAN, VSW_MATCH_OF_NUMBER, none, 4094, "VLAN in the switch" },
	{ "source-ip", VSW_MATCH_SRC_IP, VSW_MATCH_OF_IP, none, 0, "source, IPv4 or IPv6" },
	{ "destination-ip", VSW_MATCH_DST_IP, VSW_MATCH_OF_IP, none, 0,
	  "destination, of the same version" },
	{ "protocol", VSW_MATCH_PROTOCOL, VSW_MATCH_OF_NUMBER, protocols, 255,
	  "protocol, behind the extension headers of IPv6" },
	{ "source-port", VSW_MATCH_SRC_PORT, VSW_MATCH_OF_PORTS, none, 65535,
	  "source port of TCP, UDP or SCTP" },
	{ "destination-port", VSW_MATCH_DST_PORT, VSW_MATCH_OF_PORTS, none, 65535,
	  "destination port" },
	{ "tcp-flags", VSW_MATCH_TCP_FLAGS, VSW_MATCH_OF_FLAGS, none, 0,
	  "flags that are set, and behind a ! those that are not: `S!A`" },
	{ "fragment", VSW_MATCH_FRAGMENT, VSW_MATCH_OF_WORD, fragments, 0,
	  "what of a datagram it is: all of it, the first fragment, a later one, any fragment" },
	{ 0 }
};

/* ADDRESS or ADDRESS/BITS, of either version */
static int ip(struct vsw_json_in *in, const json_t *v, struct vsw_rule *r, uint8_t *addr,
	      uint8_t *bits)
{
	char text[64];
	const char *rest = "";
	char *slash;
	unsigned n;
	bool v6;

	if (!json_is_string(v) || json_string_length(v) >= sizeof(text))
		return vsw_json_fail(in, "must be an IP address, or ADDRESS/BITS");
	memcpy(text, json_string_value(v), json_string_length(v) + 1);
	slash = strchr(text, '/');
	v6 = strchr(text, ':');
	n = v6 ? 128 : 32;
	if (slash) {
		*slash = 0;
		rest = slash + 1;
		if (!vsw_text_digits(&rest, n, &n))
			return vsw_json_fail(in, "must be an IP address, or ADDRESS/BITS");
	}
	if (*rest || inet_pton(v6 ? AF_INET6 : AF_INET, text, addr) != 1)
		return vsw_json_fail(in, "must be an IP address, or ADDRESS/BITS");
	if (r->match & (VSW_MATCH_SRC_IP | VSW_MATCH_DST_IP) && r->v6 != v6)
		return vsw_json_fail(in, "IPv4 and IPv6 in one rule");
	r->v6 = v6;
	*bits = (uint8_t)n;
	return 0;
}

/* PORT, or "FROM-TO" */
static int ports(struct vsw_json_in *in, const json_t *v, uint16_t *range)
{
	const char *s = json_is_string(v) ? json_string_value(v) : "";
	unsigned from, to;

	if (json_is_integer(v) && json_integer_value(v) >= 0 && json_integer_value(v) <= 65535)
		from = to = (unsigned)json_integer_value(v);
	else if (!vsw_text_range(&s, 65535, &from, &to) || *s)
		return vsw_json_fail(in, "must be a port number, or \"FROM-TO\", up to 65535");
	range[0] = (uint16_t)from;
	range[1] = (uint16_t)to;
	return 0;
}

/* Flags that must be set, and with ! those that must not: "SA", "S!A" */
static int tcp_flags(struct vsw_json_in *in, const json_t *v, struct vsw_rule *r)
{
	static const char letters[] = VSW_TCP_FLAGS;
	const char *s = json_is_string(v) ? json_string_value(v) : "";

	do {
		bool unset = *s == '!';
		const char *l = s[unset] ? strchr(letters, s[unset]) : NULL;
		uint8_t bit = l ? (uint8_t)(1u << (l - letters)) : 0;

		if (!l || r->tcp_mask & bit)
			return vsw_json_fail(in, "must be letters of " VSW_TCP_FLAGS ", each once, "
						 "! before those that must not be set");
		r->tcp_mask |= bit;
		r->tcp_flags |= unset ? 0 : bit;
		s += unset + 1;
	} while (*s);
	return 0;
}

/* A number that names stand for, into a byte */
static int small(struct vsw_json_in *in, const json_t *v, const struct vsw_text_name *names,
		 unsigned max, uint8_t *at)
{
	uint16_t n = 0;

	if (vsw_read_number_at(in, v, names, max, &n) < 0)
		return -1;
	*at = (uint8_t)n;
	return 0;
}

/* Of fragments, only the names are taken */
static int fragment(struct vsw_json_in *in, const json_t *v, struct vsw_rule *r)
{
	for (const struct vsw_text_name *n = fragments; n->name; n++)
		if (json_is_string(v) && !strcmp(json_string_value(v), n->name)) {
			r->fragment = (uint8_t)n->number;
			return 0;
		}
	return vsw_json_fail(in, "must be one of: no, first, later, any");
}

static int match_value(struct vsw_json_in *in, const struct vsw_match_row *row, const json_t *v,
		       struct vsw_rule *r)
{
	switch (row->bit) {
	case VSW_MATCH_SRC_MAC:
		return vsw_read_mac_mask(in, v, r->src_mac);
	case VSW_MATCH_DST_MAC:
		return vsw_read_mac_mask(in, v, r->dst_mac);
	case VSW_MATCH_ETHERTYPE:
		return vsw_read_number_at(in, v, row->names, row->max, &r->ethertype);
	case VSW_MATCH_VLAN:
		return vsw_read_number_at(in, v, row->names, row->max, &r->vlan);
	case VSW_MATCH_SRC_IP:
		return ip(in, v, r, r->src_ip, &r->src_prefix);
	case VSW_MATCH_DST_IP:
		return ip(in, v, r, r->dst_ip, &r->dst_prefix);
	case VSW_MATCH_PROTOCOL:
		return small(in, v, row->names, row->max, &r->protocol);
	case VSW_MATCH_SRC_PORT:
		return ports(in, v, r->src_port);
	case VSW_MATCH_DST_PORT:
		return ports(in, v, r->dst_port);
	case VSW_MATCH_FRAGMENT:
		return fragment(in, v, r);
	}
	return tcp_flags(in, v, r);
}

static int one_match(struct vsw_json_in *in, const char *key, const json_t *v, size_t n,
		     void *opaque)
{
	struct vsw_rule *r = opaque;
	bool negate = key && !strncmp(key, "not-", 4);

	for (const struct vsw_match_row *row = vsw_match_rows; key && row->key; row++) {
		if (strcmp(key + (negate ? 4 : 0), row->key))
			continue;
		if (r->match & row->bit)
			return vsw_json_fail(in, "given twice");
		if (match_value(in, row, v, r) < 0)
			return -1;
		r->match |= row->bit;
		r->negate |= negate ? row->bit : 0;
		return 0;
	}
	return vsw_json_fail(in, "unknown key");
}

/**
 * vsw_read_rule_match() - Read what of a rule must hold
 * @in:   The document
 * @v:    The value
 * @row:  Its row
 * @base: Struct that its place counts from
 *
 * Return: 0, or -1 and the error is told.
 */
int vsw_read_rule_match(struct vsw_json_in *in, const json_t *v, const struct vsw_value_row *row,
			void *base)
{
	return vsw_json_members(in, v, one_match, base);
}
