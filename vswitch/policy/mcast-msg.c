/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Is a frame a message of IGMP, MLD, router discovery or PIM, and does it keep the rules of its
 * RFC? What fails a check is not used (RFC 4541 2.1.1 (5)): it is a frame to a group like others.
 *
 * Headers are read in the first PKT_HEAD bytes, which are private; the message behind them is
 * copied once, in one piece, and only the copy is read: what follows the head may be memory that a
 * guest writes meanwhile.
 */
#include "policy/mcast-msg.h"

#include "policy/mcast-addr.h"

#define PROTO_PIM	 103
#define EXT_HOPBYHOP	 0
#define OPT4_END	 0
#define OPT4_NOP	 1
#define OPT4_ALERT	 148 /* RFC 2113 2.1 */
#define OPT6_PAD1	 0
#define OPT6_ALERT	 5	    /* RFC 2711 2.1 */
#define ALL_SNOOPERS4	 0xe000006a /* RFC 4286 2 */
#define ALL_PIM_ROUTERS4 0xe000000d /* RFC 7761 4.3.1 */

/* What a message is like in which packet it comes */
enum needs {
	ALERT = 1,	 /* router alert */
	LINK_LOCAL = 2,	 /* from a link-local address */
	OR_ZERO = 4,	 /* or from :: */
	TO_SNOOPERS = 8, /* to all snoopers */
	TO_ROUTERS = 16, /* to all PIM routers */
	QUERY = 32,
	OF_ROUTER = 64, /* only routers send it */
};

/* struct kind - a message: what is read of it is there if it has @min bytes */
struct kind {
	uint8_t proto, type, min;
	uint8_t needs; /* enum needs */
};

static const struct kind kinds4[] = {
	{ FRAME_PROTO_IGMP, 0x11, 8, ALERT | QUERY | OF_ROUTER }, /* RFC 3376 4.1 */
	{ FRAME_PROTO_IGMP, 0x12, 8, 0 },			  /* IGMPv1 report: RFC 1112 */
	{ FRAME_PROTO_IGMP, 0x16, 8, ALERT },			  /* IGMPv2 report: RFC 2236 2 */
	{ FRAME_PROTO_IGMP, 0x17, 8, ALERT },			  /* leave */
	{ FRAME_PROTO_IGMP, 0x22, 8, ALERT },			  /* IGMPv3 report: 3376 4.2 */
	{ FRAME_PROTO_IGMP, 0x30, 8, ALERT | TO_SNOOPERS | OF_ROUTER }, /* RFC 4286 3.1 */
	{ FRAME_PROTO_IGMP, 0x32, 4, ALERT | TO_SNOOPERS | OF_ROUTER }, /* 3.3 */
	{ PROTO_PIM, 0x20, 4, TO_ROUTERS | OF_ROUTER },			/* hello: RFC 7761 4.9.2 */
	{ 0, 0, 0, 0 }
};

static const struct kind kinds6[] = {
	{ FRAME_PROTO_ICMPV6, 130, 24, ALERT | LINK_LOCAL | QUERY | OF_ROUTER }, /* 3810 5.1 */
	{ FRAME_PROTO_ICMPV6, 131, 24, ALERT | LINK_LOCAL | OR_ZERO }, /* RFC 2710 3, 3590 4 */
	{ FRAME_PROTO_ICMPV6, 132, 24, ALERT | LINK_LOCAL | OR_ZERO },
	{ FRAME_PROTO_ICMPV6, 143, 8, ALERT | LINK_LOCAL | OR_ZERO }, /* RFC 3810 5.2 */
	{ FRAME_PROTO_ICMPV6, 151, 8, ALERT | LINK_LOCAL | TO_SNOOPERS | OF_ROUTER },
	{ FRAME_PROTO_ICMPV6, 153, 4, ALERT | LINK_LOCAL | TO_SNOOPERS | OF_ROUTER },
	{ PROTO_PIM, 0x20, 4, LINK_LOCAL | TO_ROUTERS | OF_ROUTER },
	{ 0, 0, 0, 0 }
};

/* Messages of multicast routers that snooping does not read: DVMRP, PIMv1 (RFC 4541 2.1.1) */
#define IGMP_DVMRP 0x13
#define IGMP_PIMV1 0x14

static bool is_v6(const struct mcast_view *v)
{
	return v->f.flags & FRAME_IPV6;
}

/**
 * vsw_mcast_view() - Look at the head of a frame
 * @v: Filled
 * @b: The frame's burst
 * @i: Its place there
 */
void vsw_mcast_view(struct mcast_view *v, const struct vsw_burst *b, unsigned i)
{
	const struct pkt *pkt = b->pkt[i];
	uint32_t have = pkt_head_len(pkt);
	unsigned size;

	v->pkt = pkt;
	v->p = pkt_head(pkt);
	v->have = have < PKT_HEAD ? have : PKT_HEAD;
	frame_parse_eth(&v->f, v->p, v->have, pkt->len, 0, 0);
	v->inner = v->f.n_tags > (b->tag[i] == TAG_BYTES) || v->f.flags & FRAME_LLC ||
		   (b->tag[i] == TAG_NONE && pkt->flags & PKT_VLAN);
	if (!(v->f.flags & FRAME_IP))
		return;
	v->src = v->dst = (struct mcast_addr) { 0 };
	size = is_v6(v) ? 16 : 4;
	memcpy(&v->src, v->p + v->f.saddr, size);
	memcpy(&v->dst, v->p + v->f.daddr, size);
}

/* Hop-by-hop options of IPv6, which come first if at all; 0: there are none */
static uint32_t hop_by_hop(const struct mcast_view *v)
{
	return v->p[v->f.l3 + 6] == EXT_HOPBYHOP ? v->f.l3 + 40u : 0;
}

/* Are they all in the head? */
static bool options_seen(const struct mcast_view *v, uint32_t off)
{
	return off + 8 <= v->have && off + (v->p[off + 1] + 1) * 8u <= v->have;
}

static bool alert6(const struct mcast_view *v)
{
	uint32_t off = hop_by_hop(v), end;

	if (!off || !options_seen(v, off))
		return false;
	end = off + (v->p[off + 1] + 1) * 8u;
	for (off += 2; off + 4 <= end; off += v->p[off] == OPT6_PAD1 ? 1 : 2u + v->p[off + 1])
		if (v->p[off] == OPT6_ALERT)
			return v->p[off + 1] == 2 && !frame_be16(v->p + off + 2); /* 0: MLD */
	return false;
}

static bool alert4(const struct mcast_view *v)
{
	uint32_t off = v->f.l3 + 20u, end = v->f.l3 + (v->p[v->f.l3] & 15) * 4u;

	while (off + 4 <= end && v->p[off] != OPT4_END && v->p[off] != OPT4_ALERT) {
		if (v->p[off] != OPT4_NOP && v->p[off + 1] < 2)
			return false;
		off += v->p[off] == OPT4_NOP ? 1 : v->p[off + 1];
	}
	return off + 4 <= end && v->p[off] == OPT4_ALERT && v->p[off + 1] == 4;
}

/* Where the message begins in the head; 0: there is none that can be told */
static uint32_t message_at(const struct mcast_view *v)
{
	uint32_t off;

	if (is_v6(v) && v->f.flags & FRAME_ICMPV6)
		return v->f.l4;
	if (is_v6(v))
		off = v->p[v->f.l3 + 6] == PROTO_PIM ? v->f.l3 + 40u : 0;
	else
		off = v->f.l3 + (v->p[v->f.l3] & 15) * 4u;
	return off < v->have && off < v->f.end ? off : 0;
}

static const struct kind *kind_of(const struct mcast_view *v, uint32_t at)
{
	const struct kind *k = is_v6(v) ? kinds6 : kinds4;

	while (k->proto && !(k->proto == v->f.proto && k->type == v->p[at]))
		k++;
	return k->proto ? k : NULL;
}

/* MLD's router alert stands before something that the head does not show: whoever reassembles it
 * may find a query there */
static bool hides6(const struct mcast_view *v)
{
	uint32_t off = hop_by_hop(v);

	if (!off)
		return false;
	return !options_seen(v, off) ||
	       (alert6(v) && v->f.flags & (FRAME_FRAG | FRAME_TRUNC | FRAME_BAD));
}

/**
 * vsw_mcast_of_router() - Does a frame have, or may it hide, a message that only routers send?
 * @v: The frame
 *
 * Return: whether. What can't be decided counts as one.
 */
bool vsw_mcast_of_router(const struct mcast_view *v)
{
	uint32_t at;
	const struct kind *k;

	if (!(v->f.flags & FRAME_IP) || v->inner)
		return false;
	if (v->f.proto == PROTO_PIM || (is_v6(v) && hides6(v)))
		return true;
	at = message_at(v);
	if (!is_v6(v) && v->f.proto == FRAME_PROTO_IGMP &&
	    (!at || v->f.flags & FRAME_FRAG || v->p[at] == IGMP_DVMRP || v->p[at] == IGMP_PIMV1))
		return true;
	k = at ? kind_of(v, at) : NULL;
	return k && k->needs & OF_ROUTER;
}

/* The final checksum, RFC 1071. One that the sender left to be finished is right if what stands in
 * its place is the sum of the pseudo-header. */
static bool sum_holds(const struct mcast_view *v, uint32_t at, const uint8_t *p, uint32_t len)
{
	uint32_t pseudo = is_v6(v) ? csum_pseudo6(v->p + v->f.saddr, v->f.proto, len) : 0;
	uint16_t folded = csum_fold16(pseudo);

	if (!(v->pkt->flags & PKT_CSUM_PARTIAL))
		return csum_fold(csum_add(csum_bytes(p, len), pseudo)) == 0;
	return v->pkt->csum_start == at && v->pkt->csum_offset == 2 &&
	       (uint16_t)csum_bytes(p + 2, 2) == folded;
}

static bool link_local(const struct mcast_addr *a)
{
	return a->b[0] == 0xfe && (a->b[1] & 0xc0) == 0x80;
}

static bool source_holds(const struct mcast_view *v, uint32_t needs)
{
	if (!is_v6(v)) /* reports may come from 0.0.0.0 (RFC 3376 4.2.13), queries do (RFC 4541) */
		return v->src.b[0] < 0xe0 &&
		       !(needs & (TO_SNOOPERS | TO_ROUTERS) && addr_zero(&v->src));
	return link_local(&v->src) || (needs & OR_ZERO && addr_zero(&v->src));
}

static bool to_one(const struct mcast_view *v, uint32_t ip4, uint8_t ip6)
{
	static const uint8_t link[15] = { 0xff, 2 };

	if (!is_v6(v))
		return frame_be32(v->dst.b) == ip4;
	return !memcmp(v->dst.b, link, sizeof(link)) && v->dst.b[15] == ip6;
}

static bool destination_holds(const struct mcast_view *v, uint32_t needs)
{
	if (mac_from(v->p) != mcast_mac(&v->dst, is_v6(v)))
		return false;
	if (needs & TO_SNOOPERS)
		return to_one(v, ALL_SNOOPERS4, 0x6a);
	return !(needs & TO_ROUTERS) || to_one(v, ALL_PIM_ROUTERS4, 0x0d);
}

/* Queries of other lengths are of no version (RFC 3376 7.1, RFC 3810 8.1) */
static bool length_holds(bool v6, const struct kind *k, uint32_t len)
{
	if (len < k->min)
		return false;
	return !(k->needs & QUERY) || len == k->min || len >= (v6 ? 28 : 12);
}

/* IGMPv1 is older than the router alert */
static bool needs_alert(bool v6, const struct kind *k, const uint8_t *p, uint32_t len)
{
	return k->needs & ALERT && (v6 || !(k->needs & QUERY) || len > 8 || p[1]);
}

static bool packet_holds(const struct mcast_view *v)
{
	uint8_t ttl = v->p[v->f.l3 + (is_v6(v) ? 7 : 8)];

	if (v->f.flags & (FRAME_FRAG | FRAME_BAD | FRAME_LEN_SHORT | FRAME_LEN_NONE | FRAME_AH |
			  FRAME_ROUTING) ||
	    v->pkt->gso_type || ttl != 1)
		return false;
	return is_v6(v) || frame_verify_ip(v->pkt, &v->f) == FRAME_CSUM_GOOD;
}

/* Read the message, and see whether all that its kind demands is so */
static enum mcast_look read_msg(struct vsw_mcast *m, const struct mcast_view *v, uint32_t at,
				const struct kind *k, struct mcast_msg *msg)
{
	uint32_t len = v->f.end - at;

	if (!packet_holds(v) || !length_holds(is_v6(v), k, len) || !source_holds(v, k->needs) ||
	    !destination_holds(v, k->needs))
		return LOOK_BAD;
	if (len > MCAST_MSG_MAX)
		return k->needs & OF_ROUTER ? LOOK_BAD : LOOK_LONG;
	pkt_copy(v->pkt, at, m->msg, len);
	if (needs_alert(is_v6(v), k, m->msg, len) && !(is_v6(v) ? alert6(v) : alert4(v)))
		return LOOK_BAD;
	if (!sum_holds(v, at, m->msg, len))
		return LOOK_BAD;
	*msg = (struct mcast_msg) { .v6 = is_v6(v),
				    .proto = v->f.proto,
				    .src = v->src,
				    .dst = v->dst,
				    .p = m->msg,
				    .len = len };
	return LOOK_MSG;
}

/**
 * vsw_mcast_look() - What is a frame to snooping?
 * @m:   The tables: the message is copied there
 * @v:   The frame
 * @msg: Filled with LOOK_MSG, valid until the next look
 *
 * Return: enum mcast_look.
 */
enum mcast_look vsw_mcast_look(struct vsw_mcast *m, const struct mcast_view *v,
			       struct mcast_msg *msg)
{
	const struct kind *k = NULL;
	uint32_t at;

	if (!(v->f.flags & FRAME_IP) || v->inner)
		return LOOK_OTHER;
	if (v->f.proto == FRAME_PROTO_IGMP || v->f.proto == FRAME_PROTO_ICMPV6 ||
	    v->f.proto == PROTO_PIM) {
		at = message_at(v);
		k = at ? kind_of(v, at) : NULL;
	}
	if (k)
		return read_msg(m, v, at, k, msg);
	return LOOK_DATA;
}
