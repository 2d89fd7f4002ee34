/* SPDX-License-Identifier: BSD-2-Clause */
/* Where a frame's headers are; see hwnet/parse.h. */
#include "hwnet/parse.h"

/* IPv6 extension headers (RFC 8200, 4.1); more than this many are not passed. */
#define EXT_HOPBYHOP 0
#define EXT_ROUTING  43
#define EXT_FRAGMENT 44
#define EXT_DEST     60
#define EXT_MAX	     8

/* IGMP and MLD message types (RFC 3810, 5; RFC 2710, 3) */
#define MLD_QUERY   130
#define MLD_DONE    132
#define MLD2_REPORT 143

/* Bytes that may be looked at, and options; offsets fit 16 bits because @have does. */
struct view {
	const uint8_t *p;
	uint32_t have;
	unsigned opts;
};

static inline bool there(const struct view *v, uint32_t off, uint32_t n)
{
	return off <= v->have && v->have - off >= n;
}

/* Is a header of @n bytes at @off in the datagram and readable? If not, the frame is cut short. */
static inline bool header(struct frame *f, const struct view *v, uint32_t off, uint32_t n)
{
	if (off + n <= v->have && off + n <= f->end)
		return true;
	f->flags |= FRAME_TRUNC;
	return false;
}

/* An L4 header whose fixed part of @n bytes must be there. */
static inline bool found_l4(struct frame *f, const struct view *v, uint32_t off, uint32_t n,
			    uint32_t flag)
{
	if (!header(f, v, off, n))
		return false;
	f->flags |= flag;
	f->l4 = (uint16_t)off;
	f->payload = (uint16_t)(off + n);
	return true;
}

static inline void parse_tcp(struct frame *f, const struct view *v, uint32_t off)
{
	uint32_t len;

	if (!found_l4(f, v, off, 20, FRAME_TCP))
		return;
	f->payload = 0;
	len = (v->p[off + 12] >> 4) * 4u;
	if (len < 20)
		f->flags |= FRAME_BAD;
	else if (header(f, v, off, len))
		f->payload = (uint16_t)(off + len);
}

static void parse_icmpv6(struct frame *f, const struct view *v, uint32_t off)
{
	uint8_t type;

	if (!found_l4(f, v, off, 4, FRAME_ICMPV6))
		return;
	type = v->p[off];
	if ((type >= MLD_QUERY && type <= MLD_DONE) || type == MLD2_REPORT)
		f->flags |= FRAME_MLD;
}

/* Step over an authentication header (RFC 4302, 2). False if it is not whole. */
static bool skip_ah(struct frame *f, const struct view *v, uint32_t *off)
{
	uint32_t len;

	if (!header(f, v, *off, 12))
		return false;
	len = (v->p[*off + 1] + 2) * 4u;
	f->flags |= FRAME_AH;
	f->proto = v->p[*off];
	*off += len;
	return header(f, v, *off, 0);
}

static void parse_l4_rare(struct frame *f, const struct view *v, uint32_t off)
{
	switch (f->proto) {
	case FRAME_PROTO_SCTP:
		found_l4(f, v, off, 12, FRAME_SCTP);
		break;
	case FRAME_PROTO_ICMP:
		if (f->flags & FRAME_IPV4)
			found_l4(f, v, off, 4, FRAME_ICMP);
		break;
	case FRAME_PROTO_ICMPV6:
		if (f->flags & FRAME_IPV6)
			parse_icmpv6(f, v, off);
		break;
	case FRAME_PROTO_IGMP:
		if (f->flags & FRAME_IPV4)
			found_l4(f, v, off, 8, FRAME_IGMP);
		break;
	case FRAME_PROTO_ESP:
		found_l4(f, v, off, 8, FRAME_ESP);
		break;
	case FRAME_PROTO_GRE:
		found_l4(f, v, off, 4, FRAME_GRE);
		break;
	default:
		break;
	}
}

static inline void parse_l4(struct frame *f, const struct view *v, uint32_t off)
{
	if (f->proto == FRAME_PROTO_TCP)
		parse_tcp(f, v, off);
	else if (f->proto == FRAME_PROTO_UDP)
		found_l4(f, v, off, 8, FRAME_UDP);
	else
		parse_l4_rare(f, v, off);
}

/*
 * The end of an IP datagram that claims to be @claimed bytes from @off on (0: nothing is claimed).
 */
static inline void set_end(struct frame *f, const struct view *v, uint32_t off, uint32_t claimed)
{
	if (v->opts & FRAME_OPT_ANY_LEN)
		return;
	if (!claimed)
		f->flags |= FRAME_LEN_NONE;
	else if (off + claimed > f->end)
		f->flags |= FRAME_LEN_SHORT;
	else
		f->end = off + claimed;
}

/* RFC 791, 3.1 */
static inline void parse_ipv4(struct frame *f, const struct view *v)
{
	const uint8_t *ip = v->p + f->l3;
	uint32_t ihl, total, frag, off;

	if (!header(f, v, f->l3, 20))
		return;
	ihl = (ip[0] & 15) * 4u;
	total = frame_be16(ip + 2);
	if (ip[0] >> 4 != 4 || ihl < 20) {
		f->flags |= FRAME_BAD;
		return;
	}
	f->flags |= FRAME_IPV4;
	f->saddr = (uint16_t)(f->l3 + 12);
	f->daddr = (uint16_t)(f->l3 + 16);
	f->proto = ip[9];
	if (total && total < ihl && !(v->opts & FRAME_OPT_ANY_LEN)) {
		f->flags |= FRAME_BAD;
		return;
	}
	set_end(f, v, f->l3, total);
	frag = frame_be16(ip + 6);
	if (frag & 0x3fff)
		f->flags |= frag & 0x1fff ? FRAME_FRAG | FRAME_FRAG_LATER : FRAME_FRAG;
	if (ihl > 20)
		f->flags |= FRAME_IP_OPTS;
	off = f->l3 + ihl;
	if ((ihl > 20 && !header(f, v, f->l3, ihl)) || (f->flags & FRAME_FRAG_LATER))
		return;
	if (f->proto == FRAME_PROTO_AH && !skip_ah(f, v, &off))
		return;
	parse_l4(f, v, off);
}

/*
 * One extension header at *@off; false when it is the last that can be passed. RFC 8200, 4.3 to 4.6
 */
static bool skip_ext(struct frame *f, const struct view *v, uint32_t *off)
{
	const uint8_t *ext = v->p + *off;

	if (f->proto == FRAME_PROTO_AH)
		return skip_ah(f, v, off);
	if (!header(f, v, *off, 8))
		return false;
	if (f->proto == EXT_FRAGMENT) {
		uint32_t frag = frame_be16(ext + 2);

		f->frag = (uint16_t)*off;
		if (frag & 0xfff9)
			f->flags |= frag & 0xfff8 ? FRAME_FRAG | FRAME_FRAG_LATER : FRAME_FRAG;
		*off += 8;
	} else {
		if (f->proto == EXT_ROUTING && ext[3])
			f->flags |= FRAME_ROUTING;
		*off += (ext[1] + 1) * 8u;
	}
	f->proto = ext[0];
	return header(f, v, *off, 0) && !(f->flags & FRAME_FRAG_LATER);
}

static inline bool is_ext(uint8_t proto)
{
	return proto == EXT_HOPBYHOP || proto == EXT_ROUTING || proto == EXT_FRAGMENT ||
	       proto == EXT_DEST || proto == FRAME_PROTO_AH;
}

static inline void parse_ipv6(struct frame *f, const struct view *v)
{
	const uint8_t *ip = v->p + f->l3;
	uint32_t off = f->l3 + 40u, claimed;

	if (!header(f, v, f->l3, 40))
		return;
	if (ip[0] >> 4 != 6) {
		f->flags |= FRAME_BAD;
		return;
	}
	f->flags |= FRAME_IPV6;
	f->saddr = (uint16_t)(f->l3 + 8);
	f->daddr = (uint16_t)(f->l3 + 24);
	f->proto = ip[6];
	claimed = frame_be16(ip + 4);
	set_end(f, v, f->l3, claimed ? 40 + claimed : 0);
	for (unsigned i = 0; is_ext(f->proto); i++) {
		f->flags |= FRAME_IP_OPTS;
		if (i == EXT_MAX) {
			f->flags |= FRAME_BAD;
			return;
		}
		if (!skip_ext(f, v, &off))
			return;
	}
	parse_l4(f, v, off);
}

/* RFC 826 for Ethernet and IPv4 */
static void parse_arp(struct frame *f, const struct view *v)
{
	const uint8_t *arp = v->p + f->l3;

	if (header(f, v, f->l3, 28) && frame_be16(arp) == 1 &&
	    frame_be16(arp + 2) == FRAME_TYPE_IPV4 && arp[4] == 6 && arp[5] == 4)
		f->flags |= FRAME_ARP;
}

static inline void parse_l3(struct frame *f, const struct view *v)
{
	if (f->type == FRAME_TYPE_IPV4)
		parse_ipv4(f, v);
	else if (f->type == FRAME_TYPE_IPV6)
		parse_ipv6(f, v);
	else if (f->type == FRAME_TYPE_ARP)
		parse_arp(f, v);
}

/* IEEE 802.3, 3.2.6: below 0x600 it is a length, and 802.2 LLC follows; RFC 1042 for SNAP. */
static void parse_llc(struct frame *f, const struct view *v)
{
	static const uint8_t snap[6] = { 0xaa, 0xaa, 0x03, 0, 0, 0 };
	uint32_t claimed = f->type;

	f->flags |= FRAME_LLC;
	f->type = 0;
	if (f->l3 + claimed > f->end)
		f->flags |= FRAME_LEN_SHORT;
	else
		f->end = f->l3 + claimed;
	if (!there(v, f->l3, 8) || f->l3 + 8u > f->end || memcmp(v->p + f->l3, snap, sizeof(snap)))
		return;
	f->flags |= FRAME_SNAP;
	f->type = frame_be16(v->p + f->l3 + 6);
	f->l3 = (uint16_t)(f->l3 + 8);
}

static inline bool is_tag(uint16_t type, unsigned opts)
{
	return frame_is_tag(type) || (type == FRAME_TYPE_QINQ_OLD && (opts & FRAME_OPT_9100));
}

static inline void start(struct frame *f, uint32_t len)
{
	memset(f, 0, sizeof(*f));
	f->end = len;
}

static inline struct view view_of(const uint8_t *p, uint32_t have, uint32_t len, unsigned opts)
{
	have = have < len ? have : len;
	return (struct view) { p, have < UINT16_MAX ? have : UINT16_MAX, opts };
}

/* Step over tags from @off on, the first of which f->type is. Return: where they end, and f->type
 * counts; 0: one is not whole. */
static uint32_t skip_tags(struct frame *f, const struct view *v, uint32_t off)
{
	unsigned most = v->opts & FRAME_OPT_TAGS ? FRAME_TAGS_MAX : 2;

	for (; is_tag(f->type, v->opts) && f->n_tags < most; off += FRAME_TAG_LEN) {
		if (!there(v, off, FRAME_TAG_LEN)) {
			f->flags = FRAME_TRUNC;
			return 0;
		}
		if (f->n_tags < 2)
			f->tci[f->n_tags] = frame_be16(v->p + off);
		f->n_tags++;
		f->type = frame_be16(v->p + off + 2);
	}
	return off;
}

void frame_parse_eth(struct frame *f, const uint8_t *p, uint32_t have, uint32_t len, uint32_t off,
		     unsigned opts)
{
	struct view v = view_of(p, have, len, opts);

	start(f, len);
	if (!there(&v, off, 14)) {
		f->flags = FRAME_TRUNC;
		return;
	}
	f->l2 = (uint16_t)off;
	f->type = frame_be16(p + off + 12);
	off += 14;
	if (f->type >= FRAME_TYPE_VLAN && is_tag(f->type, opts)) { /* IPv4 is below all tags */
		off = skip_tags(f, &v, off);
		if (!off)
			return;
	}
	f->l3 = (uint16_t)off;
	if (f->type < 0x600)
		parse_llc(f, &v);
	parse_l3(f, &v);
}

void frame_parse(struct frame *f, const struct pkt *pkt, unsigned opts)
{
	frame_parse_eth(f, pkt_head(pkt), pkt_head_len(pkt), pkt->len, 0, opts);
}

void frame_parse_l3(struct frame *f, const uint8_t *p, uint32_t have, uint32_t len, uint32_t off,
		    uint16_t type, unsigned opts)
{
	struct view v = view_of(p, have, len, opts);

	start(f, len);
	if (!there(&v, off, 0)) {
		f->flags = FRAME_TRUNC;
		return;
	}
	f->type = type;
	f->l2 = f->l3 = (uint16_t)off;
	parse_l3(f, &v);
}
