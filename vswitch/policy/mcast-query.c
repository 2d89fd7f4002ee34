/* SPDX-License-Identifier: BSD-2-Clause */
/* The bytes of queries: IGMPv2 and v3 (RFC 2236 2, RFC 3376 4.1), MLDv1 and v2 (RFC 2710 3, RFC
 * 3810 5.1). */
#include "policy/mcast-query.h"

#include "hwnet/csum.h"
#include "policy/mcast-addr.h"

#define HEAD4	 (14u + 24u) /* Ethernet, IPv4 with router alert */
#define HEAD6	 (14u + 48u) /* Ethernet, IPv6 with hop-by-hop options */
#define SHORTEST 60u

/* A number as IGMPv3 and MLDv2 write it, in 8 bits, rounded down (RFC 3376 4.1.1) */
static uint8_t code8(uint32_t v)
{
	unsigned exp = 0;

	if (v < 128)
		return (uint8_t)v;
	for (v >>= 3; v > 31 && exp < 7; v >>= 1)
		exp++;
	return (uint8_t)(0x80 | exp << 4 | ((v > 31 ? 31 : v) & 15));
}

static void ethernet(uint8_t *p, const struct mcast_query *q, const struct mcast_addr *to)
{
	mac_bytes(mcast_mac(to, q->v6), p);
	mac_bytes(q->mac, p + 6);
	frame_put_be16(p + 12, q->v6 ? FRAME_TYPE_IPV6 : FRAME_TYPE_IPV4);
}

/* Suppress flag, robustness, interval, no sources (RFC 3376 4.1.5 to 4.1.8) */
static void latest(uint8_t *p, const struct mcast_query *q)
{
	p[0] = ROBUSTNESS;
	p[1] = code8(q->interval);
}

/* IPv4 with router alert option (RFC 2113), precedence of network control (RFC 3376 4) */
static uint32_t query4(uint8_t *p, const struct mcast_query *q, const struct mcast_addr *to)
{
	uint32_t len = q->version == 3 ? 12 : 8;
	uint16_t sum;

	p[14] = 0x46;
	p[15] = 0xc0;
	frame_put_be16(p + 16, (uint16_t)(24 + len));
	p[22] = 1;
	p[23] = FRAME_PROTO_IGMP;
	memcpy(p + 26, q->src.b, 4);
	memcpy(p + 30, to->b, 4);
	frame_put_be32(p + 34, 0x94040000);
	csum_ipv4_set(p + 14);
	p[HEAD4] = 0x11;
	p[HEAD4 + 1] = code8(q->response / 100);
	memcpy(p + HEAD4 + 4, q->group.b, 4);
	if (q->version == 3)
		latest(p + HEAD4 + 8, q);
	sum = csum_fold(csum_bytes(p + HEAD4, len));
	memcpy(p + HEAD4 + 2, &sum, 2);
	return SHORTEST;
}

/* IPv6 with hop-by-hop router alert (RFC 2711) */
static uint32_t query6(uint8_t *p, const struct mcast_query *q, const struct mcast_addr *to)
{
	uint32_t len = q->version == 2 ? 28 : 24;
	uint16_t sum;

	p[14] = 0x60;
	frame_put_be16(p + 18, (uint16_t)(8 + len));
	p[20] = 0; /* hop-by-hop */
	p[21] = 1;
	memcpy(p + 22, q->src.b, 16);
	memcpy(p + 38, to->b, 16);
	memcpy(p + 54, (uint8_t[]) { FRAME_PROTO_ICMPV6, 0, 5, 2, 0, 0, 1, 0 }, 8);
	p[HEAD6] = 130;
	frame_put_be16(p + HEAD6 + 4, (uint16_t)q->response);
	memcpy(p + HEAD6 + 8, q->group.b, 16);
	if (q->version == 2)
		latest(p + HEAD6 + 24, q);
	sum = csum_fold(csum_add(csum_pseudo6(p + 22, FRAME_PROTO_ICMPV6, len),
				 csum_bytes(p + HEAD6, len)));
	memcpy(p + HEAD6 + 2, &sum, 2);
	return HEAD6 + len;
}

/**
 * vsw_mcast_query() - Write a query
 * @p: Room for QUERY_MAX bytes
 * @q: What it says
 *
 * Return: the length of the frame.
 */
uint32_t vsw_mcast_query(uint8_t *p, const struct mcast_query *q)
{
	struct mcast_addr to = addr_zero(&q->group) ? mcast_all_hosts(q->v6) : q->group;

	memset(p, 0, QUERY_MAX);
	ethernet(p, q, &to);
	return q->v6 ? query6(p, q, &to) : query4(p, q, &to);
}
