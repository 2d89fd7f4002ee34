/* SPDX-License-Identifier: BSD-2-Clause */
/* Frames made from fields of the command line (frame.h). */
#include "frame.h"

#include <arpa/inet.h>
#include <stdio.h>
#include <string.h>

#include "hwnet/csum.h"
#include "hwnet/frame.h"

/* struct made - what a frame is to be made of; 0: nothing was said */
struct made {
	guint8 dst[6], src[6], src_ip[16], dst_ip[16];
	guint64 vlan, pcp, type, protocol, src_port, dst_port, length;
	bool tagged, ip, v6, ports;
};

const struct frame_field frame_fields[] = {
	{ "dst", "destination address; untold all stations" },
	{ "src", "source address; untold the port's" },
	{ "vlan", "a tag of that VLAN, 0 to 4095" },
	{ "pcp", "a tag with that priority, 0 to 7" },
	{ "type", "EtherType, 0x0600 to 0xffff; untold what IP needs, else 0x88b5" },
	{ "src-ip", "IPv4 or IPv6" },
	{ "dst-ip", "IPv4 or IPv6" },
	{ "protocol", "of IP: tcp, udp, icmp, icmpv6, or a number" },
	{ "src-port", "0 to 65535" },
	{ "dst-port", "0 to 65535" },
	{ "length", "in all, 14 to 65535; untold as short as may be" },
	{ 0 }
};

static bool read_mac(const char *s, guint8 *mac)
{
	unsigned b[6];
	char end;

	if (sscanf(s, "%2x:%2x:%2x:%2x:%2x:%2x%c", &b[0], &b[1], &b[2], &b[3], &b[4], &b[5],
		   &end) != 6)
		return false;
	for (unsigned i = 0; i < 6; i++)
		mac[i] = (guint8)b[i];
	return true;
}

static bool read_number(const char *s, guint64 min, guint64 max, guint64 *n)
{
	bool is_hex = g_str_has_prefix(s, "0x");

	return g_ascii_string_to_unsigned(s + 2 * is_hex, is_hex ? 16 : 10, min, max, n, NULL);
}

static bool read_ip(const char *s, struct made *m, guint8 *ip)
{
	bool v6 = strchr(s, ':');

	if ((m->ip && m->v6 != v6) || inet_pton(v6 ? AF_INET6 : AF_INET, s, ip) != 1)
		return false;
	m->ip = true;
	m->v6 = v6;
	return true;
}

static bool read_protocol(const char *s, guint64 *n)
{
	static const struct {
		const char *name;
		guint64 number;
	} names[] = { { "tcp", FRAME_PROTO_TCP },
		      { "udp", FRAME_PROTO_UDP },
		      { "icmp", FRAME_PROTO_ICMP },
		      { "icmpv6", FRAME_PROTO_ICMPV6 } };

	for (unsigned i = 0; i < G_N_ELEMENTS(names); i++)
		if (!strcmp(s, names[i].name)) {
			*n = names[i].number;
			return true;
		}
	return read_number(s, 1, 255, n);
}

static bool read_l2(struct made *m, const char *name, const char *s)
{
	if (!strcmp(name, "dst"))
		return read_mac(s, m->dst);
	if (!strcmp(name, "src"))
		return read_mac(s, m->src);
	if (!strcmp(name, "type"))
		return read_number(s, 0x600, 0xffff, &m->type);
	if (!strcmp(name, "length"))
		return read_number(s, FRAME_ETH_LEN, FRAME_BYTES_MAX, &m->length);
	m->tagged = true;
	return !strcmp(name, "vlan") ? read_number(s, 0, 4095, &m->vlan) :
				       read_number(s, 0, 7, &m->pcp);
}

/* Return: false: the value is none */
static bool read_field(struct made *m, const char *name, const char *s)
{
	if (!strcmp(name, "src-ip"))
		return read_ip(s, m, m->src_ip);
	if (!strcmp(name, "dst-ip"))
		return read_ip(s, m, m->dst_ip);
	if (!strcmp(name, "protocol"))
		return read_protocol(s, &m->protocol);
	m->ports |= g_str_has_suffix(name, "-port");
	if (!strcmp(name, "src-port"))
		return read_number(s, 0, 65535, &m->src_port);
	if (!strcmp(name, "dst-port"))
		return read_number(s, 0, 65535, &m->dst_port);
	return read_l2(m, name, s);
}

static const struct frame_field *find_field(const char *name, gsize len)
{
	const struct frame_field *f = frame_fields;

	while (f->name && (strlen(f->name) != len || strncmp(f->name, name, len)))
		f++;
	return f->name ? f : NULL;
}

static char *no_field(const char *text)
{
	GString *s = g_string_new(text);

	g_string_append(s, ": no field of a frame, and no file; there are");
	for (const struct frame_field *f = frame_fields; f->name; f++)
		g_string_append_printf(s, " %s", f->name);
	return g_string_free(s, FALSE);
}

static bool read_fields(struct made *m, char *const *fields, char **err)
{
	for (; *fields; fields++) {
		const char *eq = strchr(*fields, '=');
		const struct frame_field *f =
			eq ? find_field(*fields, (gsize)(eq - *fields)) : NULL;

		if (!f)
			*err = no_field(*fields);
		else if (!read_field(m, f->name, eq + 1))
			*err = g_strdup_printf("%s: must be: %s", *fields, f->help);
		if (*err)
			return false;
	}
	return true;
}

static void put16(GByteArray *a, guint64 n)
{
	guint8 b[2] = { (guint8)(n >> 8), (guint8)n };

	g_byte_array_append(a, b, sizeof(b));
}

static void put_zeros(GByteArray *a, gsize n)
{
	guint was = a->len;

	g_byte_array_set_size(a, was + (guint)n);
	memset(a->data + was, 0, n);
}

static void put_ethernet(GByteArray *a, const struct made *m)
{
	guint64 type = m->type ? m->type : !m->ip ? 0x88b5 : m->v6 ? 0x86dd : 0x0800;

	g_byte_array_append(a, m->dst, 6);
	g_byte_array_append(a, m->src, 6);
	if (m->tagged) {
		put16(a, FRAME_TYPE_VLAN);
		put16(a, m->pcp << 13 | m->vlan);
	}
	put16(a, type);
}

static void put_ipv4(GByteArray *a, const struct made *m, guint64 payload)
{
	guint at = a->len;
	guint16 sum;

	put16(a, 0x4500);
	put16(a, 20 + payload);
	put16(a, 0);
	put16(a, 0);
	put16(a, 64u << 8 | m->protocol);
	put16(a, 0);
	g_byte_array_append(a, m->src_ip, 4);
	g_byte_array_append(a, m->dst_ip, 4);
	sum = csum_fold(csum_bytes(a->data + at, 20)); /* as it stands in memory */
	memcpy(a->data + at + 10, &sum, sizeof(sum));
}

static void put_ipv6(GByteArray *a, const struct made *m, guint64 payload)
{
	put16(a, 0x6000);
	put16(a, 0);
	put16(a, payload);
	put16(a, m->protocol << 8 | 64);
	g_byte_array_append(a, m->src_ip, 16);
	g_byte_array_append(a, m->dst_ip, 16);
}

static void put_ports(GByteArray *a, const struct made *m, guint64 payload)
{
	put16(a, m->src_port);
	put16(a, m->dst_port);
	if (m->protocol == FRAME_PROTO_UDP) {
		put16(a, payload);
		put16(a, 0);
	} else if (m->protocol == FRAME_PROTO_TCP) {
		put_zeros(a, 8);
		put16(a, 0x5000 | FRAME_TCP_SYN);
		put16(a, 8192);
		put_zeros(a, 4);
	}
}

/* Bytes behind the IP header, at least */
static guint64 l4_length(const struct made *m)
{
	return m->protocol == FRAME_PROTO_TCP ? 20 : m->protocol == FRAME_PROTO_UDP ? 8 : 4;
}

static GByteArray *put_frame(struct made *m)
{
	GByteArray *a = g_byte_array_new();
	guint64 least;

	if (m->ports && !m->protocol)
		m->protocol = FRAME_PROTO_UDP;
	put_ethernet(a, m);
	least = m->ip ? a->len + (m->v6 ? 40 : 20) + l4_length(m) : a->len;
	if (!m->length || m->length < least)
		m->length = MAX(least, 60);
	if (m->ip) {
		guint64 payload = m->length - a->len - (m->v6 ? 40 : 20);

		(m->v6 ? put_ipv6 : put_ipv4)(a, m, payload);
		put_ports(a, m, payload);
	}
	if (a->len < m->length)
		put_zeros(a, m->length - a->len);
	return a;
}

GByteArray *frame_make(char *const *fields, const char *src, char **err)
{
	struct made m = { .dst = { 0xff, 0xff, 0xff, 0xff, 0xff, 0xff },
			  .src = { 2, 0, 0, 0, 0, 1 } };

	*err = NULL;
	if (src && strcmp(src, "00:00:00:00:00:00"))
		read_mac(src, m.src);
	return read_fields(&m, fields, err) ? put_frame(&m) : NULL;
}

char *frame_hex(const guint8 *bytes, gsize n)
{
	GString *s = g_string_sized_new(2 * n);

	for (gsize i = 0; i < n; i++)
		g_string_append_printf(s, "%02x", bytes[i]);
	return g_string_free(s, FALSE);
}

GByteArray *frame_unhex(const char *text)
{
	GByteArray *a = g_byte_array_new();

	for (; g_ascii_isxdigit(text[0]) && g_ascii_isxdigit(text[1]); text += 2) {
		guint8 b = (guint8)(g_ascii_xdigit_value(text[0]) << 4 |
				    g_ascii_xdigit_value(text[1]));

		g_byte_array_append(a, &b, 1);
	}
	return a;
}
