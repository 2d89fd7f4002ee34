/* SPDX-License-Identifier: BSD-2-Clause */
/* Frames for tests; see build-frame.h. */
#include "build-frame.h"

#include <string.h>

static void put16(uint8_t *p, uint32_t v)
{
	p[0] = (uint8_t)(v >> 8);
	p[1] = (uint8_t)v;
}

static void put32(uint8_t *p, uint32_t v)
{
	put16(p, v >> 16);
	put16(p + 2, v & 0xffff);
}

uint32_t slow_sum(uint32_t sum, const uint8_t *p, uint32_t len)
{
	uint64_t all = sum;

	for (uint32_t i = 0; i < len / 2; i++)
		all += (uint32_t)p[2 * i] << 8 | p[2 * i + 1];
	if (len & 1)
		all += (uint32_t)p[len - 1] << 8;
	while (all > 0xffff)
		all = (all & 0xffff) + (all >> 16);
	return (uint32_t)all;
}

uint16_t slow_l4(const uint8_t *ip, bool v6, uint8_t proto, const uint8_t *l4, uint32_t len)
{
	uint8_t numbers[8] = { 0 };
	uint32_t sum;

	put32(numbers, len);
	numbers[7] = proto;
	sum = slow_sum(0, v6 ? ip + 8 : ip + 12, v6 ? 32 : 8);
	sum = slow_sum(sum, numbers, 8);
	sum = slow_sum(sum, l4, len);
	return (uint16_t)~sum;
}

uint32_t slow_crc32(const uint8_t *p, uint32_t len)
{
	uint32_t crc = 0xffffffff;

	for (uint32_t i = 0; i < len; i++) {
		crc ^= p[i];
		for (unsigned b = 0; b < 8; b++)
			crc = crc & 1 ? crc >> 1 ^ 0xedb88320 : crc >> 1;
	}
	return ~crc;
}

uint32_t test_random(uint64_t *state)
{
	uint64_t x = *state;

	x ^= x >> 12;
	x ^= x << 25;
	x ^= x >> 27;
	*state = x;
	return (uint32_t)((x * 0x2545f4914f6cdd1du) >> 32);
}

static uint8_t proto_of(const struct build *b)
{
	return b->proto ? b->proto : 6;
}

static uint32_t l4_len(const struct build *b)
{
	switch (proto_of(b)) {
	case 6:
		return 20u + b->tcp_opts;
	case 17:
		return 8;
	case 132:
		return 12;
	case 1:
	case 58:
		return 8;
	default:
		return 0;
	}
}

static uint32_t eth_len(const struct build *b)
{
	return 14u + 4u * ((b->tpid[0] != 0) + (b->tpid[0] && b->tpid[1]));
}

static uint32_t ip_len(const struct build *b)
{
	return (b->v6 ? 40u : 20u) + b->ip_opts;
}

static uint32_t tunnel_len(const struct build *b)
{
	return b->tunnel == BUILD_PLAIN ? 0 : (b->outer_v6 ? 40u : 20u) + 8 + 8 + 14;
}

uint32_t build_headers(const struct build *b)
{
	return eth_len(b) + tunnel_len(b) + ip_len(b) + l4_len(b);
}

static const uint8_t *mac_or(const uint8_t *mac, const uint8_t *other)
{
	static const uint8_t none[6];

	return memcmp(mac, none, 6) ? mac : other;
}

static uint8_t *put_eth(const struct build *b, uint8_t *p, bool tags, bool v6)
{
	static const uint8_t one[6] = { 0x52, 0x54, 0, 0, 0, 1 },
			     two[6] = { 0x52, 0x54, 0, 0, 0, 2 };

	memcpy(p, mac_or(b->dst, one), 6);
	memcpy(p + 6, mac_or(b->src, two), 6);
	p += 12;
	for (unsigned i = 0; tags && i < 2 && b->tpid[i]; i++, p += 4) {
		put16(p, b->tpid[i]);
		put16(p + 2, b->tci[i]);
	}
	put16(p, v6 ? 0x86dd : 0x0800);
	return p + 2;
}

static void put_ipv4(const struct build *b, uint8_t *p, uint32_t len, uint8_t proto, uint8_t opts)
{
	memset(p, 0, 20u + opts);
	p[0] = (uint8_t)(0x45 + opts / 4);
	p[1] = b->tos;
	put16(p + 2, len);
	put16(p + 4, b->ip_id);
	put16(p + 6, (b->df ? 0x4000u : 0) | b->frag);
	p[8] = b->ttl ? b->ttl : 64;
	p[9] = proto;
	memcpy(p + 12, (const uint8_t[]) { 10, 0, 0, b->hosts[0] ? b->hosts[0] : 1 }, 4);
	memcpy(p + 16, (const uint8_t[]) { 10, 0, 0, b->hosts[1] ? b->hosts[1] : 2 }, 4);
	memset(p + 20, 1, opts);
	put16(p + 10, ~slow_sum(0, p, 20u + opts));
}

/* A destination options header of @opts bytes holds PadN. */
static void put_ipv6(const struct build *b, uint8_t *p, uint32_t len, uint8_t proto, uint8_t opts)
{
	memset(p, 0, 40u + opts);
	p[0] = (uint8_t)(0x60 | b->tos >> 4);
	p[1] = (uint8_t)(b->tos << 4);
	put16(p + 2, 0x1a2b); /* flow label; like the addresses, with bytes that differ */
	put16(p + 4, len - 40);
	for (unsigned i = 1; i < 15; i++) {
		p[8 + i] = (uint8_t)(0x10 + i);
		p[24 + i] = (uint8_t)(0x20 + i);
	}
	p[6] = opts ? 60 : proto;
	p[7] = b->ttl ? b->ttl : 64;
	p[8] = p[24] = 0xfd;
	p[23] = b->hosts[0] ? b->hosts[0] : 1;
	p[39] = b->hosts[1] ? b->hosts[1] : 2;
	if (!opts)
		return;
	p[40] = proto;
	p[41] = (uint8_t)(opts / 8 - 1);
	p[42] = 1;
	p[43] = (uint8_t)(opts - 4);
}

static void put_ip(const struct build *b, uint8_t *p, uint32_t len, uint8_t proto, bool v6,
		   uint8_t opts)
{
	if (v6)
		put_ipv6(b, p, len, proto, opts);
	else
		put_ipv4(b, p, len, proto, opts);
}

static void put_tcp(const struct build *b, uint8_t *p)
{
	put32(p + 4, b->seq);
	put32(p + 8, b->ack);
	p[12] = (uint8_t)((20 + b->tcp_opts) / 4 << 4);
	p[13] = b->flags ? b->flags : 0x10;
	put16(p + 14, b->window);
	memset(p + 20, 1, b->tcp_opts);
	if (b->tcp_opts >= 12) {
		p[22] = 8;
		p[23] = 10;
		put32(p + 24, b->stamp);
		put32(p + 28, 0x1234);
	}
}

/*
 * The L4 message with payload; its checksum field is still 0. Returns the field's offset, 0 if
 * there is none.
 */
static uint32_t put_l4(const struct build *b, uint8_t *p, uint32_t len)
{
	uint32_t head = l4_len(b), payload = b->payload;
	uint8_t fill = b->fill;

	memset(p, 0, head);
	for (uint32_t i = 0; i < payload; i++)
		p[head + i] = (uint8_t)(fill + i);
	if (proto_of(b) == 6 || proto_of(b) == 17 || proto_of(b) == 132) {
		put16(p, b->sport ? b->sport : 1000);
		put16(p + 2, b->dport ? b->dport : 2000);
	}
	switch (proto_of(b)) {
	case 6:
		put_tcp(b, p);
		return 16;
	case 17:
		put16(p + 4, len);
		return b->no_csum ? 0 : 6;
	case 1:
		p[0] = 8;
		return 2;
	case 58:
		p[0] = 128;
		return 2;
	default:
		return 0;
	}
}

static void put_l4_csum(const struct build *b, const uint8_t *ip, uint8_t *l4, uint32_t len,
			uint32_t field)
{
	uint16_t v;

	if (!field)
		return;
	v = proto_of(b) == 1 ? (uint16_t)~slow_sum(0, l4, len) :
			       slow_l4(ip, b->v6, proto_of(b), l4, len);
	if (!v && proto_of(b) == 17)
		v = 0xffff;
	put16(l4 + field, b->bad_csum ? v ^ 0x5a00 : v);
}

/* Outer IP, UDP and tunnel header in front of @inner bytes. Returns where these go. */
static uint8_t *put_tunnel(const struct build *b, uint8_t *p, uint32_t inner)
{
	bool geneve = b->tunnel == BUILD_GENEVE;
	uint32_t ip = b->outer_v6 ? 40 : 20;

	put_ip(b, p, ip + 16 + inner, 17, b->outer_v6, 0);
	p += ip;
	memset(p, 0, 16);
	put16(p, 54321);
	put16(p + 2, geneve ? 6081 : 4789);
	put16(p + 4, 16 + inner);
	if (geneve)
		put16(p + 10, 0x6558);
	else
		p[8] = 0x08;
	p[14] = 42;
	return p + 16;
}

static void put_outer_csum(const struct build *b, const uint8_t *ip, uint8_t *udp, uint32_t len)
{
	uint16_t v = slow_l4(ip, b->outer_v6, 17, udp, len);

	put16(udp + 6, v ? v : 0xffff);
}

uint32_t build_frame(const struct build *b, uint8_t *buf)
{
	uint32_t whole = l4_len(b) + b->payload, len = whole - (b->cut < whole ? b->cut : 0), field;
	bool tunnel = b->tunnel != BUILD_PLAIN;
	uint8_t *p, *ip, *outer;

	p = outer = put_eth(b, buf, true, tunnel ? b->outer_v6 : b->v6);
	if (tunnel) {
		p = put_tunnel(b, p, 14 + ip_len(b) + len);
		p = put_eth(b, p, false, b->v6);
	}
	ip = p;
	put_ip(b, ip, ip_len(b) + len, proto_of(b), b->v6, b->ip_opts);
	p += ip_len(b);
	field = put_l4(b, p, whole);
	put_l4_csum(b, ip, p, whole, field);
	p += len;
	if (tunnel && b->outer_csum) {
		uint8_t *udp = outer + (b->outer_v6 ? 40 : 20);

		put_outer_csum(b, outer, udp, (uint32_t)(p - udp));
	}
	memset(p, 0, b->pad);
	return (uint32_t)(p - buf) + b->pad;
}
