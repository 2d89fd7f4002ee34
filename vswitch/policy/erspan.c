/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * ERSPAN (draft-foschiano-erspan-03): a mirrored frame in GRE over IPv4.
 *
 * Type II (4.2): GRE with sequence number, protocol 0x88be, and 8 bytes: version 1, VLAN, CoS,
 * encapsulation, truncated, session, index. Type III (4.3): protocol 0x22eb and 12 bytes: version
 * 2, VLAN, CoS, truncated, session, timestamp.
 */
#include "policy/erspan.h"

#define GRE_SEQUENCE 0x1000 /* RFC 2890 2 */
#define TYPE_ERSPAN2 0x88be
#define TYPE_ERSPAN3 0x22eb

static void ethernet_ip(uint8_t *p, const struct vsw_mirror *m, uint32_t payload, uint16_t id)
{
	memcpy(p, m->dst_mac, 6);
	memcpy(p + 6, m->src_mac, 6);
	frame_put_be16(p + 12, FRAME_TYPE_IPV4);
	p += 14;
	memset(p, 0, 20);
	p[0] = 0x45;
	frame_put_be16(p + 2, (uint16_t)(20 + payload));
	frame_put_be16(p + 4, id);
	p[8] = 64;
	p[9] = FRAME_PROTO_GRE;
	memcpy(p + 12, m->src_ip, 4);
	memcpy(p + 16, m->dst_ip, 4);
	csum_ipv4_set(p);
}

static uint32_t gre(uint8_t *p, uint16_t type, uint32_t sequence)
{
	frame_put_be16(p, GRE_SEQUENCE);
	frame_put_be16(p + 2, type);
	frame_put_be32(p + 4, sequence);
	return 8;
}

/* Encapsulation of the frame that was copied (4.2): how it came, and whether the copy has a tag */
enum { EN_UNTAGGED = 0, EN_TAG_GONE = 2, EN_TAG_KEPT = 3 };

static unsigned encapsulation(const struct mirror_session *s, const struct mirror_note *n)
{
	if (s->conf.strip)
		return n->tag == TAG_NONE ? EN_UNTAGGED : EN_TAG_GONE;
	return n->vid || n->tag != TAG_NONE ? EN_TAG_KEPT : EN_UNTAGGED;
}

static uint32_t erspan2(uint8_t *p, const struct mirror_session *s, const struct mirror_note *n,
			bool truncated)
{
	unsigned en = encapsulation(s, n);

	frame_put_be16(p, (uint16_t)(1 << 12 | n->vid));
	frame_put_be16(p + 2, (uint16_t)((n->pcp >> 1) << 13 | en << 11 | truncated << 10 |
					 s->conf.session));
	frame_put_be32(p + 4, 0);
	return 8;
}

static uint32_t erspan3(uint8_t *p, const struct mirror_session *s, const struct mirror_note *n,
			bool truncated, int64_t now)
{
	frame_put_be16(p, (uint16_t)(2 << 12 | n->vid));
	frame_put_be16(p + 2, (uint16_t)((n->pcp >> 1) << 13 | truncated << 10 | s->conf.session));
	frame_put_be32(p + 4, (uint32_t)(now / 100000)); /* granularity 00: 100 us */
	frame_put_be16(p + 8, 0);
	frame_put_be16(p + 10, (uint16_t)(n->out << 3)); /* D: egress */
	return 12;
}

/**
 * vsw_erspan() - Put a frame into its tunnel
 * @s:     The session
 * @inner: The frame, finished
 * @n:     What is known of it
 * @whole: Its length before it was cut
 * @now:   The time
 * @out:   Filled
 *
 * Return: the outer frame, or NULL if the frame does not fit into an IPv4 packet, or has too many
 * pieces.
 */
const struct pkt *vsw_erspan(struct mirror_session *s, const struct pkt *inner,
			     const struct mirror_note *n, uint32_t whole, int64_t now,
			     struct pkt_buf *out)
{
	bool v3 = s->conf.kind == VSW_MIRROR_ERSPAN3;
	uint8_t *p = out->head;
	uint32_t len = 34, copied;
	struct pkt_cursor c;
	unsigned pieces;

	if (inner->len > 65535 - 20 - 20)
		return NULL;
	len += gre(p + len, v3 ? TYPE_ERSPAN3 : TYPE_ERSPAN2, s->sequence);
	len += v3 ? erspan3(p + len, s, n, whole > inner->len, now) :
		    erspan2(p + len, s, n, whole > inner->len);
	ethernet_ip(p, &s->conf, len - 34 + inner->len, (uint16_t)s->sequence++);
	pkt_cursor_init(&c, inner, 0);
	copied = pkt_cursor_copy(&c, p + len, pkt_front(inner, FRAME_HDR_MAX - len));
	memset(&out->pkt, 0, sizeof(out->pkt));
	out->pkt.iov = out->iov;
	out->pkt.len = len + inner->len;
	out->iov[0] = (struct iovec) { p, len + copied };
	pieces = pkt_cursor_borrow(&c, inner->len - copied, out->iov + 1, FRAME_PIECES_MAX - 1);
	out->pkt.iovcnt = (uint16_t)(1 + pieces);
	return pieces || copied == inner->len ? &out->pkt : NULL;
}
