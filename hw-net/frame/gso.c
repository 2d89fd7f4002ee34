/* SPDX-License-Identifier: BSD-2-Clause */
/* Checking and completing GSO messages; see hwnet/gso.h. */
#include "hwnet/gso.h"

#include "gso.h"
#include "hwnet/csum.h"

/* Lengths of a message are written anew, so those in the headers do not matter. */
#define PARSE_OPTS (FRAME_OPT_9100 | FRAME_OPT_ANY_LEN)

/* Headers that cannot be repeated in front of each segment. */
#define NOT_CUTTABLE (FRAME_FRAG | FRAME_ROUTING | FRAME_TRUNC | FRAME_BAD | FRAME_AH)

/*
 * The frame in the tunnel. Only one reading of the tunnel header has its L4 header where
 * @csum_start says.
 */
static bool parse_inner(struct frame *f, const struct pkt *pkt, const struct frame *outer,
			unsigned opts)
{
	static const enum frame_tunnel kinds[] = { FRAME_GENEVE, FRAME_VXLAN };

	for (unsigned i = 0; i < 2; i++)
		if (frame_parse_tunnel(f, pkt, outer, kinds[i], opts) &&
		    (f->flags & (FRAME_TCP | FRAME_UDP)) &&
		    (!pkt->csum_start || f->l4 == pkt->csum_start))
			return true;
	return false;
}

/* Parse the innermost headers; with a tunnel, fill in the outer part of @info. */
static const char *parse_message(const struct pkt *pkt, struct frame *f, struct gso_info *info,
				 enum gso_grants grants)
{
	unsigned opts = PARSE_OPTS | (grants == GSO_UNDER_WAY ? FRAME_OPT_TAGS : 0);
	struct frame outer;

	info->outer_l3 = 0;
	info->outer_v6 = false;
	if (!pkt->outer_l4) {
		frame_parse(f, pkt, opts);
		return NULL;
	}
	frame_parse(&outer, pkt, opts);
	if (!(outer.flags & FRAME_UDP) || (outer.flags & NOT_CUTTABLE) || outer.l4 != pkt->outer_l4)
		return "GSO: no outer UDP header where outer_l4 says";
	if (!parse_inner(f, pkt, &outer, opts))
		return "GSO: no frame in the tunnel";
	info->outer_l3 = outer.l3;
	info->outer_v6 = outer.flags & FRAME_IPV6;
	return NULL;
}

/* Do the innermost headers fit the message's type? */
static const char *check_type(const struct pkt *pkt, const struct frame *f)
{
	uint32_t want;

	switch (pkt->gso_type) {
	case PKT_GSO_TCPV4:
	case PKT_GSO_TCPV4 | PKT_GSO_ECN:
		want = FRAME_TCP | FRAME_IPV4;
		break;
	case PKT_GSO_TCPV6:
	case PKT_GSO_TCPV6 | PKT_GSO_ECN:
		want = FRAME_TCP | FRAME_IPV6;
		break;
	case PKT_GSO_UDP_L4:
		want = FRAME_UDP | (f->flags & FRAME_IP);
		break;
	default:
		return "GSO: unknown type";
	}
	if ((f->flags & want) != want || (f->flags & NOT_CUTTABLE) || !f->payload)
		return "GSO: headers are not of the type or cannot be cut";
	return NULL;
}

/* What concerns the words alone. */
static const char *check_words(const struct pkt *pkt)
{
	if (!pkt->gso_size)
		return "GSO: segment size is 0";
	if (pkt->len > PKT_MAX_LEN || !pkt_pieces_fit(pkt))
		return "GSO: too long or too many pieces";
	return NULL;
}

/*
 * Headers against lengths: they are private, there is payload, and a segment's lengths go into 16
 * bits.
 */
static const char *check_lengths(const struct pkt *pkt, const struct frame *f,
				 const struct gso_info *info, enum gso_grants grants)
{
	uint32_t seg, l3 = info->outer_l3 ? info->outer_l3 : f->l3;
	uint32_t most = grants == GSO_UNDER_WAY ? FRAME_HEAD_ROOM - FRAME_TAG_LEN : FRAME_HDR_MAX;

	if (f->payload > most || f->payload > pkt_head_len(pkt))
		return "GSO: headers too long";
	if (f->payload >= pkt->len)
		return "GSO: no payload";
	if (gso_too_many(pkt->len - f->payload, pkt->gso_size))
		return "GSO: too many segments";
	seg = pkt->len - f->payload;
	seg = seg < pkt->gso_size ? seg : pkt->gso_size;
	if (f->payload - l3 + seg > UINT16_MAX)
		return "GSO: segments too long";
	return NULL;
}

static const char *layout(const struct pkt *pkt, struct frame *f, struct gso_info *info,
			  enum gso_grants grants)
{
	const char *why = check_words(pkt);

	if (!why)
		why = parse_message(pkt, f, info, grants);
	if (!why)
		why = check_type(pkt, f);
	if (!why)
		why = check_lengths(pkt, f, info, grants);
	if (why)
		return why;
	info->l3 = f->l3;
	info->l4 = f->l4;
	info->v6 = f->flags & FRAME_IPV6;
	info->tcp = f->flags & FRAME_TCP;
	return NULL;
}

static uint16_t csum_offset_of(const struct gso_info *info)
{
	return info->tcp ? FRAME_TCP_CSUM : FRAME_UDP_CSUM;
}

const char *gso_check_as(const struct pkt *pkt, struct gso_info *info, enum gso_grants grants)
{
	struct gso_info own;
	struct frame f;
	const char *why = layout(pkt, &f, &own, grants);

	if (why)
		return why;
	if (!(pkt->flags & PKT_CSUM_PARTIAL) || pkt->csum_start != f.l4 ||
	    pkt->csum_offset != csum_offset_of(&own))
		return "GSO: checksum words do not point at the L4 checksum";
	if (pkt->hdr_len != f.payload)
		return "GSO: hdr_len is not where the payload begins";
	if (info)
		*info = own;
	return NULL;
}

const char *gso_check(const struct pkt *pkt, struct gso_info *info)
{
	return gso_check_as(pkt, info, GSO_OF_MAKER);
}

/* A length as a header can say it: 0 if it has too many bits for that (RFC 2675 for IPv6). */
static uint16_t len16(uint32_t len)
{
	return len <= UINT16_MAX ? (uint16_t)len : 0;
}

static void set_ip_len(uint8_t *ip, bool v6, uint32_t len)
{
	if (v6) {
		frame_put_be16(ip + 4, len16(len - 40));
		return;
	}
	frame_put_be16(ip + 2, len16(len));
	csum_ipv4_set(ip);
}

static void put_sum(uint8_t *p, uint32_t sum)
{
	uint16_t v = csum_fold16(sum);

	memcpy(p, &v, 2);
}

static uint32_t pseudo(const uint8_t *ip, bool v6, uint8_t proto, uint32_t len)
{
	return v6 ? csum_pseudo6(ip + 8, proto, len) : csum_pseudo4(ip + 12, proto, len);
}

/*
 * The outer headers; the outer checksum, if there shall be one, is the sum's start like the inner.
 */
static void init_outer(const struct pkt *pkt, uint8_t *head, const struct gso_info *info)
{
	uint8_t *ip = head + info->outer_l3, *udp = head + pkt->outer_l4;
	uint32_t len = pkt->len - pkt->outer_l4;

	set_ip_len(ip, info->outer_v6, pkt->len - info->outer_l3);
	frame_put_be16(udp + 4, len16(len));
	if (pkt->flags & PKT_OUTER_CSUM)
		put_sum(udp + FRAME_UDP_CSUM, pseudo(ip, info->outer_v6, FRAME_PROTO_UDP, len));
}

const char *gso_init(struct pkt *pkt, uint8_t *head)
{
	struct gso_info info;
	struct frame f;
	const char *why;
	uint32_t len;

	pkt->csum_start = 0;
	why = layout(pkt, &f, &info, GSO_OF_MAKER);
	if (why)
		return why;
	pkt->hdr_len = f.payload;
	pkt->flags |= PKT_CSUM_PARTIAL;
	pkt->csum_start = f.l4;
	pkt->csum_offset = csum_offset_of(&info);
	if (info.tcp && (head[f.l4 + 13] & FRAME_TCP_CWR))
		pkt->gso_type |= PKT_GSO_ECN;
	len = pkt->len - f.l4;
	set_ip_len(head + f.l3, info.v6, pkt->len - f.l3);
	if (!info.tcp)
		frame_put_be16(head + f.l4 + 4, len16(len));
	put_sum(head + f.l4 + pkt->csum_offset, pseudo(head + f.l3, info.v6, f.proto, len));
	if (info.outer_l3)
		init_outer(pkt, head, &info);
	return NULL;
}
