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

/* What UDP says of its length, and what IP does, are the same? */
static bool same_length(const struct pkt *pkt, const struct frame *f)
{
	return !(f->flags & FRAME_UDP) || frame_be16(pkt_head(pkt) + f->l4 + 4) == f->end - f->l4;
}

/*
 * Will the checksum that PKT_CSUM_PARTIAL wants be the one that a receiver verifies? So it is if it
 * is that of the header that was parsed, what will be summed is what the lengths say (or zeros
 * behind it), and the field holds the sum of the pseudo-header.
 */
static enum frame_csum partial_csum(const struct pkt *pkt, const struct frame *f)
{
	uint16_t want = f->flags & FRAME_TCP ? FRAME_TCP_CSUM : FRAME_UDP_CSUM, field;
	uint32_t sum;

	if ((f->flags & NOT_WHOLE) || !(f->flags & (FRAME_TCP | FRAME_UDP)) ||
	    f->l4 != pkt->csum_start || pkt->csum_offset != want || !same_length(pkt, f) ||
	    csum_fold16(csum_pkt(pkt, f->end, pkt->len)))
		return FRAME_CSUM_UNKNOWN;
	memcpy(&field, pkt_head(pkt) + f->l4 + want, 2);
	sum = csum_add(csum_pseudo(pkt_head(pkt), f, f->end - f->l4), (uint16_t)~field);
	return csum_fold16(sum) % 0xffff ? FRAME_CSUM_BAD : FRAME_CSUM_GOOD;
}

enum frame_csum pkt_l4_csum_any(const struct pkt *pkt, const struct frame *f)
{
	if (pkt->flags & PKT_CSUM_PARTIAL)
		return partial_csum(pkt, f);
	if (!(pkt->flags & PKT_CSUM_VALID) || !(f->flags & (FRAME_TCP | FRAME_UDP)) ||
	    (f->flags & FRAME_FRAG))
		return frame_verify_l4(pkt, f);
	if ((f->flags & FRAME_UDP) && !frame_be16(pkt_head(pkt) + f->l4 + FRAME_UDP_CSUM))
		return FRAME_CSUM_ABSENT;
	return FRAME_CSUM_GOOD;
}

uint16_t pkt_csum_value(const struct pkt *pkt)
{
	uint16_t v = csum_fold(csum_pkt(pkt, pkt->csum_start, pkt->len));

	return !v && pkt->csum_offset == FRAME_UDP_CSUM ? 0xffff : v;
}

/*
 * The outer UDP checksum, when the inner one is complete. The inner L4 message then sums to the
 * complement of what its field held before, so the payload need not be read again.
 */
static void finish_outer(struct pkt_buf *buf, const struct frame *f, bool inner, uint16_t initial)
{
	const struct pkt *pkt = &buf->pkt;
	uint32_t l4 = pkt->outer_l4, sum;
	uint16_t v = 0;

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
	if (f->end == pkt->len && same_length(pkt, f))
		buf->pkt.flags |= PKT_CSUM_VALID;
}

/* Does the frame, parsed, have the outer header that PKT_OUTER_CSUM speaks of? */
static bool has_outer(const struct pkt *pkt, const struct frame *f)
{
	return (f->flags & FRAME_UDP) && !(f->flags & NOT_WHOLE) && f->l4 == pkt->outer_l4 &&
	       (!(pkt->flags & PKT_CSUM_PARTIAL) || pkt->csum_start >= f->payload);
}

const char *pkt_can_finish(const struct pkt *pkt)
{
	uint32_t field = (uint32_t)pkt->csum_start + pkt->csum_offset;
	struct frame f;

	if ((pkt->flags & PKT_CSUM_PARTIAL) && field + 2 > pkt->len)
		return "checksum: field is behind the frame";
	if (!(pkt->flags & PKT_OUTER_CSUM))
		return NULL;
	frame_parse(&f, pkt, FRAME_OPT_9100);
	return has_outer(pkt, &f) ? NULL : "checksum: no outer UDP header where outer_l4 says";
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
	if ((pkt->flags & PKT_OUTER_CSUM) && !has_outer(pkt, &f))
		return -1;
	if (inner) {
		bool good = partial_csum(&buf->pkt, &f) == FRAME_CSUM_GOOD;

		memcpy(&initial, buf->head + field, 2);
		v = pkt_csum_value(&buf->pkt);
		memcpy(buf->head + field, &v, 2);
		buf->pkt.flags &= (uint16_t) ~(PKT_CSUM_PARTIAL | PKT_CSUM_VALID);
		buf->pkt.flags |= good ? PKT_CSUM_VALID : 0;
	}
	if (pkt->flags & PKT_OUTER_CSUM)
		finish_outer(buf, &f, inner, initial);
	return 0;
}
