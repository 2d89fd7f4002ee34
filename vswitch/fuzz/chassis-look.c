/* SPDX-License-Identifier: BSD-2-Clause */
/* What must be true of every frame that leaves the switch; see chassis.h. */
#include <string.h>

#include "chassis.h"
#include "hwnet/frame.h"
#include "hwnet/gso.h"

/* The rule of cards and stock owners: UDP to these ports is dropped. */
#define RULE_FIRST 4000u
#define RULE_LAST  4999u

/* From where build_frame() has its tunnels */
#define TUNNEL_PORT 54321

#define TYPE_MAC_CONTROL 0x8808
#define TYPE_RARP	 0x8035
#define TYPE_BEACON	 0x88b6

static const uint8_t reserved[5] = { 0x01, 0x80, 0xc2, 0, 0 };

/* May whoever is behind a port send in a VLAN, or get frames of it? */
static bool carries(const struct chassis_socket *s, uint16_t vlan)
{
	if (s->row->kind == CHASSIS_UPLINK)
		return true;
	return s->row->vlan ? s->row->vlan == vlan : vlan == 0 || vlan == 10 || vlan == 20;
}

static bool is_tag(uint16_t type)
{
	return type == FRAME_TYPE_VLAN || type == FRAME_TYPE_QINQ;
}

static void look_at_address(const struct chassis_socket *to, const uint8_t *p)
{
	if (!memcmp(p, reserved, 5) && p[5] < 16)
		fake_fail("%s: a frame to a reserved address leaves", to->row->id);
}

/* RARP, beacons, and queries are the switch's own */
static bool made_here(const uint8_t *p, uint16_t type)
{
	return type == TYPE_RARP || type == TYPE_BEACON ||
	       (type == FRAME_TYPE_IPV4 && p[23] == 2) || (type == FRAME_TYPE_IPV6 && p[20] == 0);
}

/* Who sent a frame, by its source; NULL: an uplink, or the switch itself */
static const struct chassis_socket *sender_of(const struct chassis_socket *to, const uint8_t *p)
{
	uint16_t type = frame_be16(p + 12);

	for (unsigned i = 0; i < CHASSIS_SOCKETS; i++)
		if (!memcmp(p + 6, chassis.socket[i].mac, 6))
			return &chassis.socket[i];
	if (!memcmp(p + 6, CHASSIS_OUTSIDE, 2) || is_tag(type) || made_here(p, type))
		return NULL;
	fake_fail("%s: a frame with a forged source leaves", to->row->id);
}

/* The tag in front, and the VLAN that it names */
static void look_at_tag(const struct chassis_socket *to, const struct chassis_socket *from,
			const uint8_t *p, uint32_t len)
{
	uint16_t type = frame_be16(p + 12), vlan = to->row->vlan; /* 0 at trunks: untagged */

	if (type == FRAME_TYPE_VLAN && to->row->vlan && from && from->row->vlan)
		fake_fail("%s: a tag is left in front at an access port", to->row->id);
	if (type == FRAME_TYPE_VLAN && len >= 18)
		vlan = frame_be16(p + 14) & 0xfff;
	if (from && from != to && !carries(from, vlan))
		fake_fail("%s: a frame of VLAN %u from %s", to->row->id, vlan, from->row->id);
}

/* UDP whose header is not whole, though this is not a later fragment (RFC 1858, 3.1) */
static bool is_cut_udp(const struct frame *f)
{
	return f->saddr && f->flags & FRAME_IPV4 && f->proto == FRAME_PROTO_UDP && !f->l4 &&
	       f->flags & (FRAME_TRUNC | FRAME_BAD) && !(f->flags & FRAME_FRAG_LATER);
}

static void look_at_rule(const struct chassis_socket *to, const struct chassis_socket *from,
			 const struct pkt *pkt)
{
	const uint8_t *p = pkt_head(pkt);
	struct frame f;
	uint16_t port;

	frame_parse(&f, pkt, 0);
	if (f.type == TYPE_MAC_CONTROL)
		fake_fail("%s: a MAC control frame leaves", to->row->id);
	if (from && is_cut_udp(&f))
		fake_fail("%s: what the rule of %s can't tell leaves", to->row->id, from->row->id);
	if (!from || !(f.flags & FRAME_UDP) || f.flags & FRAME_FRAG ||
	    (size_t)f.l4 + 4 > pkt_head_len(pkt))
		return;
	port = frame_be16(p + f.l4 + 2);
	if (port >= RULE_FIRST && port <= RULE_LAST)
		fake_fail("%s: what the rule of %s drops leaves", to->row->id, from->row->id);
}

/* See number() in chassis.c: TCP counts from 0, so the payload of each segment can be told; of UDP
 * only the first one's, whose IP identification is 0 */
static void look_at_payload(const struct chassis_socket *to, const struct chassis_socket *from,
			    const struct pkt *pkt)
{
	const uint8_t *p = pkt_head(pkt);
	size_t have = pkt_head_len(pkt);
	struct frame f;
	uint8_t want;

	frame_parse(&f, pkt, 0);
	if (chassis.altered || !from || from->row->kind != CHASSIS_STOCK ||
	    !(f.flags & (FRAME_TCP | FRAME_UDP)) ||
	    f.flags & (FRAME_FRAG | FRAME_TRUNC | FRAME_BAD) || f.type == FRAME_TYPE_IPV6 ||
	    !f.saddr || f.payload >= have || f.payload >= f.end)
		return;
	if (frame_be16(p + f.l4) == TUNNEL_PORT)
		return;
	want = p[f.saddr + 3];
	if (f.flags & FRAME_TCP)
		want = (uint8_t)(want + p[f.l4 + 7]);
	else if (f.l4 + 8u != f.payload || frame_be16(p + f.l3 + 4)) /* not the first segment */
		return;
	if (p[f.payload] != want)
		fake_fail("%s: headers of one frame, and the payload of another", to->row->id);
}

/* FNV-1a */
void chassis_digest(const void *p, size_t len)
{
	const uint8_t *bytes = p;

	for (size_t i = 0; i < len; i++)
		chassis.digest = (chassis.digest ^ bytes[i]) * 0x100000001b3u;
}

static void add_to_digest(const struct chassis_socket *to, const struct pkt *pkt)
{
	chassis_digest(to->row->id, 2);
	chassis_digest(&pkt->len, sizeof(pkt->len));
	for (unsigned i = 0; i < pkt->iovcnt; i++)
		chassis_digest(pkt->iov[i].iov_base, pkt->iov[i].iov_len);
}

static void look_at_plain(const struct chassis_socket *to, const struct pkt *pkt, bool segment)
{
	const struct chassis_socket *from;
	const uint8_t *p = pkt_head(pkt);

	chassis.work++;
	if (fake_reuse.check)
		add_to_digest(to, pkt);
	if (pkt->len < 14 || pkt_head_len(pkt) < 14)
		fake_fail("%s: a frame of %u bytes", to->row->id, pkt->len);
	if (to->row->kind == CHASSIS_MONITOR)
		return;
	from = sender_of(to, p);
	look_at_address(to, p);
	look_at_tag(to, from, p, pkt->len);
	look_at_rule(to, from, pkt);
	if (!segment)
		look_at_payload(to, from, pkt);
}

/* Whoever copies a frame goes by its length. */
static void look_at_pieces(const struct chassis_socket *to, const struct pkt *pkt)
{
	uint64_t sum = 0;

	for (unsigned i = 0; i < pkt->iovcnt; i++)
		sum += pkt->iov[i].iov_len;
	if (sum != pkt->len)
		fake_fail("%s: %u bytes in pieces of %llu", to->row->id, pkt->len,
			  (unsigned long long)sum);
}

/* Not counted as the switch's work */
const struct pkt *__real_pkt_fit_next(struct pkt_fit *fit, struct pkt_buf *buf);

void chassis_look(const struct chassis_socket *to, const struct pkt *pkt)
{
	static struct pkt_fit fit;
	static struct pkt_buf buf;
	const struct pkt *plain;
	const char *why = pkt_fit_begin(&fit, pkt, 0);
	unsigned n = 0;

	look_at_pieces(to, pkt);
	if (why)
		fake_fail("%s: %s", to->row->id, why);
	while ((plain = __real_pkt_fit_next(&fit, &buf))) {
		if (n++ == GSO_SEGS_MAX)
			fake_fail("%s: a message of more than %u segments", to->row->id, n - 1);
		look_at_plain(to, plain, pkt->gso_type == PKT_GSO_UDP_L4);
	}
}
