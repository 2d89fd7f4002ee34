/* SPDX-License-Identifier: BSD-2-Clause */
/* Verifying and completing checksums of frames; see hwnet/csum.h. */
#include "hwnet/copy.h"
#include "hwnet/csum.h"

/*
 * Flags of frames whose L4 checksum cannot be verified: not all summed bytes, or not the final
 * address, are there.
 */
#define NOT_WHOLE \
	(FRAME_FRAG | FRAME_ROUTING | FRAME_TRUNC | FRAME_BAD | FRAME_LEN_SHORT | FRAME_LEN_NONE)

/* Sum of an IPv4 header. Without options, as most are, it is five words. */
static inline uint32_t sum_ip(const uint8_t *ip, uint32_t ihl)
{
	uint64_t sum = 0;

	if (ihl != 20)
		return csum_bytes(ip, ihl);
	for (unsigned i = 0; i < 20; i += 4) {
		uint32_t word;

		memcpy(&word, ip + i, 4);
		sum += word;
	}
	return csum_add((uint32_t)sum, (uint32_t)(sum >> 32));
}

enum frame_csum frame_verify_ip(const struct pkt *pkt, const struct frame *f)
{
	const uint8_t *ip = pkt_head(pkt) + f->l3;
	uint32_t ihl;

	if (!(f->flags & FRAME_IPV4) || (f->flags & FRAME_BAD))
		return FRAME_CSUM_UNKNOWN;
	ihl = (ip[0] & 15) * 4u;
	if (f->l3 + ihl > pkt_head_len(pkt) || f->l3 + ihl > pkt->len)
		return FRAME_CSUM_UNKNOWN;
	return csum_fold(sum_ip(ip, ihl)) ? FRAME_CSUM_BAD : FRAME_CSUM_GOOD;
}

/* UDP says itself how much is summed (RFC 768; RFC 8200, 8.1). */
static enum frame_csum verify_udp(const struct pkt *pkt, const struct frame *f)
{
	const uint8_t *p = pkt_head(pkt), *udp = p + f->l4;
	uint32_t len = frame_be16(udp + 4);

	if (!frame_be16(udp + FRAME_UDP_CSUM))
		return FRAME_CSUM_ABSENT;
	if (len < 8 || len > f->end - f->l4)
		return FRAME_CSUM_UNKNOWN;
	return csum_fold(csum_add(csum_pseudo(p, f, len), csum_pkt(pkt, f->l4, len))) ?
		       FRAME_CSUM_BAD :
		       FRAME_CSUM_GOOD;
}

enum frame_csum frame_verify_l4(const struct pkt *pkt, const struct frame *f)
{
	uint32_t sum = 0;

	if ((f->flags & NOT_WHOLE) || !f->l4)
		return FRAME_CSUM_UNKNOWN;
	if (f->flags & FRAME_UDP)
		return verify_udp(pkt, f);
	if (f->flags & (FRAME_TCP | FRAME_ICMPV6))
		sum = csum_pseudo(pkt_head(pkt), f, f->end - f->l4);
	else if (!(f->flags & (FRAME_ICMP | FRAME_IGMP)))
		return FRAME_CSUM_UNKNOWN;
	sum = csum_add(sum, csum_pkt(pkt, f->l4, f->end - f->l4));
	return csum_fold(sum) ? FRAME_CSUM_BAD : FRAME_CSUM_GOOD;
}

uint16_t pkt_csum_value(const struct pkt *pkt)
{
	uint16_t v = csum_fold(csum_pkt(pkt, pkt->csum_start, pkt->len));

	return !v && pkt->csum_offset == FRAME_UDP_CSUM ? 0xffff : v;
}

/*
 * Is a checksum that was completed over csum_start..end the one that a receiver verifies? So it is
 * if csum_start is TCP or UDP as parsed, what was summed is what the lengths say, and the field
 * began as the pseudo-header sum.
 */
static bool will_verify(const struct pkt *pkt, const struct frame *f, uint16_t initial)
{
	uint16_t want = f->flags & FRAME_TCP ? FRAME_TCP_CSUM : FRAME_UDP_CSUM;
	uint32_t len = pkt->len - pkt->csum_start;

	if ((f->flags & NOT_WHOLE) || !(f->flags & (FRAME_TCP | FRAME_UDP)) ||
	    f->l4 != pkt->csum_start || f->end != pkt->len || pkt->csum_offset != want)
		return false;
	if ((f->flags & FRAME_UDP) && frame_be16(pkt_head(pkt) + f->l4 + 4) != len)
		return false;
	return csum_fold16(csum_pseudo(pkt_head(pkt), f, len)) == initial;
}

/*
 * The outer UDP checksum, when the inner one is complete. The inner L4 message then sums to the
 * complement of what its field held before, so the payload need not be read again.
 */
static int finish_outer(struct pkt_buf *buf, const struct frame *f, bool inner, uint16_t initial)
{
	const struct pkt *pkt = &buf->pkt;
	uint32_t l4 = pkt->outer_l4, sum;
	uint16_t v = 0;

	if (!(f->flags & FRAME_UDP) || (f->flags & NOT_WHOLE) || f->l4 != l4 ||
	    (inner && pkt->csum_start < l4 + 8))
		return -1;
	memcpy(buf->head + l4 + FRAME_UDP_CSUM, &v, 2);
	sum = csum_pseudo(buf->head, f, f->end - l4);
	if (inner) {
		uint32_t rest = (uint16_t)~initial;

		sum = csum_add(sum, csum_pkt(pkt, l4, pkt->csum_start - l4));
		sum = csum_add(sum, (pkt->csum_start - l4) & 1 ? csum_odd(rest) : rest);
	} else {
		sum = csum_add(sum, csum_pkt(pkt, l4, f->end - l4));
	}
	v = csum_fold(sum);
	v = v ? v : 0xffff;
	memcpy(buf->head + l4 + FRAME_UDP_CSUM, &v, 2);
	buf->pkt.flags &= (uint16_t)~PKT_OUTER_CSUM;
	return 0;
}

int pkt_csum_finish(const struct pkt *pkt, struct pkt_buf *buf)
{
	uint32_t field = (uint32_t)pkt->csum_start + pkt->csum_offset;
	bool inner = pkt->flags & PKT_CSUM_PARTIAL;
	uint16_t initial = 0, v;
	struct frame f;

	if (pkt_head_own(pkt, buf) || (inner && field + 2 > buf->iov[0].iov_len))
		return -1;
	frame_parse(&f, &buf->pkt, FRAME_OPT_9100);
	if (inner) {
		memcpy(&initial, buf->head + field, 2);
		v = pkt_csum_value(&buf->pkt);
		if (will_verify(&buf->pkt, &f, initial))
			buf->pkt.flags |= PKT_CSUM_VALID;
		memcpy(buf->head + field, &v, 2);
		buf->pkt.flags &= (uint16_t)~PKT_CSUM_PARTIAL;
	}
	if (pkt->flags & PKT_OUTER_CSUM)
		return finish_outer(buf, &f, inner, initial);
	return 0;
}
