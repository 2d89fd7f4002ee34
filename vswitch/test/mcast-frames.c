/* SPDX-License-Identifier: BSD-2-Clause */
#include "mcast-frames.h"

#include <string.h>

#define PIM 103

static uint64_t group_mac(const uint8_t *a, bool v6)
{
	return v6 ? UINT64_C(0x333300000000) | frame_be32(a + 12) :
		    UINT64_C(0x01005e000000) | (frame_be32(a) & 0x7fffff);
}

/* Where a message of its kind goes: to its group, to all routers, to all who look */
static void destination(uint8_t *to, const struct mc_packet *k, const uint8_t *msg)
{
	static const uint8_t link[13] = { 0xff, 2 };
	uint8_t last = 0;

	memcpy(to, k->to, 16);
	if (memcmp(to, (uint8_t[16]) { 0 }, 16))
		return;
	if (k->proto == PIM)
		last = 0x0d;
	else if (msg[0] == 0x30 || msg[0] == 0x32 || msg[0] == 151 || msg[0] == 153)
		last = 0x6a;
	else if (msg[0] == 0x22 || msg[0] == 143)
		last = 0x16;
	else if (msg[0] == 0x17 || msg[0] == 132)
		last = 2;
	else if (!memcmp(msg + (k->v6 ? 8 : 4), (uint8_t[16]) { 0 }, k->v6 ? 16 : 4))
		last = 1;
	if (!last) {
		memcpy(to, msg + (k->v6 ? 8 : 4), k->v6 ? 16 : 4);
	} else if (k->v6) {
		memcpy(to, link, sizeof(link));
		to[15] = last;
	} else {
		frame_put_be32(to, 0xe0000000u + last);
	}
}

static uint32_t ethernet(uint8_t *p, const struct mc_packet *k, const uint8_t *to)
{
	uint64_t mac = group_mac(to, k->v6) ^ (k->flaw == MC_MAC);
	uint32_t at = 12;

	frame_put_be16(p, (uint16_t)(mac >> 32));
	frame_put_be32(p + 2, (uint32_t)mac);
	memcpy(p + 6, (uint8_t[]) { 2, 0, 0, 0, 0, k->host }, 6);
	if (k->tag >= 0) {
		frame_put_be16(p + 12, 0x8100);
		frame_put_be16(p + 14, (uint16_t)k->tag);
		at = 16;
	}
	frame_put_be16(p + at, k->v6 ? 0x86dd : 0x0800);
	return at + 2;
}

static void sum4(uint8_t *m, uint32_t len, const struct mc_packet *k)
{
	uint16_t sum;

	m[2] = m[3] = 0;
	sum = csum_fold(csum_bytes(m, len)) ^ (k->flaw == MC_SUM ? 0x55 : 0);
	memcpy(m + 2, &sum, 2);
}

static uint32_t packet4(uint8_t *p, const struct mc_packet *k, const uint8_t *to,
			const uint8_t *msg, uint32_t len)
{
	uint32_t ihl = k->flaw == MC_ALERT || k->proto == PIM ? 20 : 24;

	memset(p, 0, 24);
	p[0] = (uint8_t)(0x40 | ihl / 4);
	p[1] = 0xc0;
	frame_put_be16(p + 2, (uint16_t)(ihl + len + (k->flaw == MC_LENGTH ? 40 : 0)));
	p[6] = k->flaw == MC_FRAGMENT ? 0x20 : 0;
	p[8] = k->flaw == MC_TTL ? 64 : 1;
	p[9] = k->proto;
	if (k->host)
		memcpy(p + 12, (uint8_t[]) { 10, 0, 0, k->host }, 4);
	if (k->flaw == MC_SOURCE)
		p[12] = 230;
	memcpy(p + 16, to, 4);
	if (ihl == 24)
		frame_put_be32(p + 20, 0x94040000);
	csum_ipv4_set(p);
	if (k->flaw == MC_HEADER_SUM)
		p[10] ^= 0x55;
	memcpy(p + ihl, msg, len);
	sum4(p + ihl, len, k);
	return ihl + len;
}

/* Extension headers in front of the message. Return: their length */
static uint32_t extensions(uint8_t *p, const struct mc_packet *k)
{
	uint32_t at = 40;

	if (k->proto == FRAME_PROTO_ICMPV6) {
		memcpy(p + at, (uint8_t[]) { k->proto, 0, 5, 2, 0, 0, 1, 0 }, 8);
		if (k->flaw == MC_ALERT)
			p[at + 2] = 1; /* padding of 2 */
		p[6] = 0;
		at += 8;
	}
	if (k->flaw == MC_FRAGMENT) {
		p[k->proto == FRAME_PROTO_ICMPV6 ? 40 : 6] = 44;
		memcpy(p + at, (uint8_t[]) { k->proto, 0, 0, 1, 0, 0, 0, 9 }, 8);
		at += 8;
	}
	return at - 40;
}

static uint32_t packet6(uint8_t *p, const struct mc_packet *k, const uint8_t *to,
			const uint8_t *msg, uint32_t len)
{
	uint32_t ext;
	uint16_t sum;

	memset(p, 0, 56);
	p[0] = 0x60;
	p[6] = k->proto;
	p[7] = k->flaw == MC_TTL ? 64 : 1;
	if (k->host) {
		memcpy(p + 8, (uint8_t[]) { 0xfe, 0x80 }, 2);
		p[23] = k->host;
	}
	if (k->flaw == MC_SOURCE)
		p[8] = 0x20;
	memcpy(p + 24, to, 16);
	ext = extensions(p, k);
	frame_put_be16(p + 4, (uint16_t)(ext + len + (k->flaw == MC_LENGTH ? 40 : 0)));
	memcpy(p + 40 + ext, msg, len);
	p[42 + ext] = p[43 + ext] = 0;
	sum = csum_fold(
		csum_add(csum_pseudo6(p + 8, k->proto, len), csum_bytes(p + 40 + ext, len)));
	if (k->flaw == MC_SUM || k->flaw == MC_HEADER_SUM)
		sum ^= 0x55;
	memcpy(p + 42 + ext, &sum, 2);
	return 40 + ext + len;
}

/**
 * mc_frame() - Put a message into a frame
 * @buf: Room for MC_FRAME_MAX bytes
 * @k:   In what
 * @msg: The message; its checksum is computed
 * @len: Its length
 *
 * Return: the frame's length, 60 at least.
 */
uint32_t mc_frame(uint8_t *buf, const struct mc_packet *k, const uint8_t *msg, uint32_t len)
{
	uint8_t to[16];
	uint32_t at;

	destination(to, k, msg);
	at = ethernet(buf, k, to);
	at += k->v6 ? packet6(buf + at, k, to, msg, len) : packet4(buf + at, k, to, msg, len);
	while (at < 60)
		buf[at++] = 0;
	return at;
}

/* mc_old() - A report or leave of IGMPv1, v2 or MLDv1; with other types what begins like them */
uint32_t mc_old(uint8_t *msg, bool v6, uint8_t type, const uint8_t *group)
{
	memset(msg, 0, 24);
	msg[0] = type;
	memcpy(msg + (v6 ? 8 : 4), group, v6 ? 16 : 4);
	return v6 ? 24 : 8;
}

/* mc_query() - @version of IGMP 1 to 3, of MLD 1 or 2; @response as it is in the field, or its
 * upper bits; @group NULL: of all groups */
uint32_t mc_query(uint8_t *msg, bool v6, unsigned version, const uint8_t *group, uint16_t response,
		  uint8_t robustness, uint8_t interval)
{
	uint32_t len = mc_old(msg, v6, v6 ? 130 : 0x11, group ? group : (uint8_t[16]) { 0 });

	if (v6)
		frame_put_be16(msg + 4, response);
	else
		msg[1] = version == 1 ? 0 : (uint8_t)response;
	if (version != (v6 ? 2 : 3))
		return len;
	memset(msg + len, 0, 4);
	msg[len] = robustness;
	msg[len + 1] = interval;
	return len + 4;
}

/* mc_report() - Of IGMPv3 or MLDv2 */
uint32_t mc_report(uint8_t *msg, bool v6, const struct mc_record *r, unsigned n)
{
	uint32_t alen = v6 ? 16 : 4, at = 8;

	memset(msg, 0, 8);
	msg[0] = v6 ? 143 : 0x22;
	frame_put_be16(msg + 6, (uint16_t)n);
	for (; n; n--, r++) {
		msg[at] = r->type;
		msg[at + 1] = (uint8_t)r->aux;
		frame_put_be16(msg + at + 2, (uint16_t)r->sources);
		memcpy(msg + at + 4, r->group, alen);
		at += 4 + alen;
		memset(msg + at, 0x20, r->sources * alen + r->aux * 4);
		at += r->sources * alen + r->aux * 4;
	}
	return at;
}

/* mc_hello() - PIM hello; @holdtime < 0: it does not say */
uint32_t mc_hello(uint8_t *msg, int holdtime)
{
	memcpy(msg, (uint8_t[]) { 0x20, 0, 0, 0, 0, 20, 0, 4, 1, 2, 3, 4, 0, 1, 0, 2 }, 16);
	if (holdtime < 0)
		return 12;
	frame_put_be16(msg + 16, (uint16_t)holdtime);
	return 18;
}

/* mc_data() - Something sent to a group */
uint32_t mc_data(uint8_t *buf, bool v6, uint8_t host, const uint8_t *group, int tag)
{
	struct mc_packet k = { .v6 = v6, .host = host, .proto = 17, .flaw = MC_ALERT, .tag = tag };
	uint8_t msg[40] = { 0x10, 0, 0x10, 0, 0, 40 };
	uint32_t at = ethernet(buf, &k, group);

	at += v6 ? packet6(buf + at, &k, group, msg, 40) : packet4(buf + at, &k, group, msg, 40);
	while (at < 60)
		buf[at++] = 0;
	return at;
}
