/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Cutting a GSO message into segments; see hwnet/gso.h.
 *
 * DOC: Theory of Operation
 *
 * gso_begin() makes a template of the headers in which all that is the same in each segment is
 * done: tag inserted, fields that change set to 0, and sums of what stays taken. gso_next() copies
 * the template and puts in lengths, IP identification, sequence number, flags and sums.
 *
 * The sum of an outer UDP datagram needs no pass over the payload: the inner L4 message, once
 * complete, sums to the complement of its pseudo-header.
 */
#include "gso.h"
#include "hwnet/csum.h"

#define MACS_LEN 12u

static uint8_t l4_proto(const struct gso_iter *it)
{
	return it->info.tcp ? FRAME_PROTO_TCP : FRAME_PROTO_UDP;
}

static void put_sum(uint8_t *p, uint16_t v)
{
	memcpy(p, &v, 2);
}

/* Headers into the template, with the tag if it is wanted there. */
static void fill_template(struct gso_iter *it, bool tag)
{
	const uint8_t *head = pkt_head(it->pkt);
	uint32_t add = tag ? FRAME_TAG_LEN : 0;

	it->hdr_len = it->pkt->hdr_len + add;
	memcpy(it->tmpl, head, MACS_LEN);
	memcpy(it->tmpl + MACS_LEN + add, head + MACS_LEN, it->pkt->hdr_len - MACS_LEN);
	if (!tag)
		return;
	frame_put_be16(it->tmpl + MACS_LEN, it->pkt->vlan_tpid);
	frame_put_be16(it->tmpl + MACS_LEN + 2, it->pkt->vlan_tci);
	it->info.l3 = (uint16_t)(it->info.l3 + add);
	it->info.l4 = (uint16_t)(it->info.l4 + add);
	if (it->info.outer_l3)
		it->info.outer_l3 = (uint16_t)(it->info.outer_l3 + add);
}

/* What a segment's words are. */
static void fill_words(struct gso_iter *it, bool tag)
{
	struct pkt *seg = &it->seg;

	*seg = *it->pkt;
	seg->flags &= (uint16_t) ~(PKT_CSUM_PARTIAL | PKT_CSUM_VALID | PKT_OUTER_CSUM);
	if (tag)
		seg->flags &= (uint16_t)~PKT_VLAN;
	if (!(it->opts & GSO_FINISH))
		seg->flags |= PKT_CSUM_PARTIAL;
	else if (!it->info.outer_l3 || it->outer_csum)
		seg->flags |= PKT_CSUM_VALID;
	seg->gso_type = PKT_GSO_NONE;
	seg->gso_size = seg->hdr_len = seg->outer_l4 = 0;
	seg->csum_start = seg->csum_offset = 0;
}

/* Clear length and checksum of an IPv4 header and sum the rest but the identification. */
static uint32_t prepare_ip(uint8_t *ip, bool v6)
{
	uint16_t id;
	uint32_t sum;

	if (v6)
		return 0;
	memcpy(&id, ip + 4, 2);
	memset(ip + 2, 0, 4);
	memset(ip + 10, 0, 2);
	sum = csum_bytes(ip, (ip[0] & 15) * 4u);
	memcpy(ip + 4, &id, 2);
	return sum;
}

static uint32_t prepare_pseudo(const uint8_t *ip, bool v6, uint8_t proto)
{
	return v6 ? csum_pseudo6(ip + 8, proto, 0) : csum_pseudo4(ip + 12, proto, 0);
}

/* An outer checksum stays absent only if it was 0 and nobody asked for it. */
static void prepare_outer(struct gso_iter *it, uint32_t outer_l4)
{
	uint8_t *udp = it->tmpl + outer_l4, *ip = it->tmpl + it->info.outer_l3;

	it->outer_l4 = (uint16_t)outer_l4;
	it->outer_csum = (it->pkt->flags & PKT_OUTER_CSUM) || frame_be16(udp + FRAME_UDP_CSUM);
	it->outer_ip_sum = prepare_ip(ip, it->info.outer_v6);
	it->outer_l4_sum = prepare_pseudo(ip, it->info.outer_v6, FRAME_PROTO_UDP);
	put_sum(udp + FRAME_UDP_CSUM, 0);
}

const char *gso_begin(struct gso_iter *it, const struct pkt *pkt, unsigned opts)
{
	bool tag = (opts & GSO_VLAN_BYTES) && (pkt->flags & PKT_VLAN);
	const char *why = gso_check_as(pkt, &it->info, GSO_UNDER_WAY);
	uint8_t *ip;

	if (why)
		return why;
	it->pkt = pkt;
	it->opts = opts;
	it->index = 0;
	it->outer_csum = false;
	pkt_cursor_init(&it->cur, pkt, pkt->hdr_len);
	fill_template(it, tag);
	ip = it->tmpl + it->info.l3;
	it->ip_sum = prepare_ip(ip, it->info.v6);
	it->l4_sum = prepare_pseudo(ip, it->info.v6, l4_proto(it));
	if (it->info.outer_l3)
		prepare_outer(it, pkt->outer_l4 + (tag ? FRAME_TAG_LEN : 0));
	fill_words(it, tag);
	return NULL;
}

/* Length and identification of one IP header. @len: from the header to the segment's end. */
static void put_ip(uint8_t *ip, bool v6, uint32_t len, uint32_t sum, uint32_t index)
{
	uint16_t id;

	if (v6) {
		frame_put_be16(ip + 4, (uint16_t)(len - 40));
		return;
	}
	id = (uint16_t)(frame_be16(ip + 4) + index);
	frame_put_be16(ip + 2, (uint16_t)len);
	frame_put_be16(ip + 4, id);
	sum = csum_add(sum, csum_be16((uint16_t)len) + csum_be16(id));
	put_sum(ip + 10, csum_fold(sum));
}

static void put_tcp(const struct gso_iter *it, uint8_t *tcp, bool last)
{
	frame_put_be32(tcp + 4, frame_be32(tcp + 4) + it->index * it->pkt->gso_size);
	if (!last)
		tcp[13] &= (uint8_t) ~(FRAME_TCP_FIN | FRAME_TCP_PSH);
	if (it->index)
		tcp[13] &= (uint8_t)~FRAME_TCP_CWR;
}

/*
 * The L4 checksum. @payload: sum of the payload, if it is to be completed. Returns the
 * pseudo-header's sum.
 */
static uint16_t put_l4_sum(const struct gso_iter *it, struct pkt_buf *buf, uint32_t payload)
{
	uint8_t *l4 = buf->head + it->info.l4;
	uint32_t at = it->info.tcp ? FRAME_TCP_CSUM : FRAME_UDP_CSUM, sum;
	uint16_t start, v;

	start = csum_fold16(
		csum_add(it->l4_sum, csum_be16((uint16_t)(buf->pkt.len - it->info.l4))));
	put_sum(l4 + at, start);
	if (!(it->opts & GSO_FINISH)) {
		buf->pkt.csum_start = it->info.l4;
		buf->pkt.csum_offset = (uint16_t)at;
		return start;
	}
	sum = csum_add(payload, csum_bytes(l4, it->hdr_len - it->info.l4));
	v = csum_fold(sum);
	put_sum(l4 + at, !v && !it->info.tcp ? 0xffff : v);
	return start;
}

static void put_outer(const struct gso_iter *it, struct pkt_buf *buf, uint16_t inner)
{
	uint8_t *udp = buf->head + it->outer_l4;
	uint32_t len = buf->pkt.len - it->outer_l4, head = it->info.l4 - it->outer_l4, sum, rest;
	uint16_t v;

	put_ip(buf->head + it->info.outer_l3, it->info.outer_v6, buf->pkt.len - it->info.outer_l3,
	       it->outer_ip_sum, it->index);
	frame_put_be16(udp + 4, (uint16_t)len);
	if (!it->outer_csum)
		return;
	rest = (uint16_t)~inner;
	sum = csum_add(it->outer_l4_sum, csum_be16((uint16_t)len));
	sum = csum_add(sum, csum_bytes(udp, head));
	sum = csum_add(sum, head & 1 ? csum_odd(rest) : rest);
	v = csum_fold(sum);
	put_sum(udp + FRAME_UDP_CSUM, v ? v : 0xffff);
}

/* The first @copy of @n bytes of payload into the head, the rest as pieces; their number. */
static unsigned place(struct gso_iter *it, struct pkt_buf *buf, uint32_t n, uint32_t copy)
{
	pkt_cursor_copy(&it->cur, buf->head + it->hdr_len, copy);
	return pkt_cursor_borrow(&it->cur, n - copy, buf->iov + 1, FRAME_PIECES_MAX - 1);
}

/*
 * Payload of @n bytes: as much as belongs into the private head is copied, the rest borrowed. When
 * one segment has all pieces of the message, what the first has left is copied too.
 * Returns its sum, if that is needed.
 */
static uint32_t take_payload(struct gso_iter *it, struct pkt_buf *buf, uint32_t n)
{
	uint32_t room = it->hdr_len < PKT_HEAD ? PKT_HEAD - it->hdr_len : 0;
	uint32_t copy = n < room ? n : room, sum = 0, pos = 0;
	struct pkt_cursor from = it->cur;
	unsigned cnt = place(it, buf, n, copy);

	if (!cnt && copy < n) {
		it->cur = from;
		room = FRAME_HEAD_ROOM - it->hdr_len;
		copy = n < room ? n : room;
		cnt = place(it, buf, n, copy);
	}
	buf->iov[0].iov_base = buf->head;
	buf->iov[0].iov_len = it->hdr_len + copy;
	buf->pkt.iov = buf->iov;
	buf->pkt.iovcnt = (uint16_t)(cnt + 1);
	buf->pkt.len = it->hdr_len + n;
	if (!(it->opts & GSO_FINISH))
		return 0;
	sum = csum_bytes(buf->head + it->hdr_len, copy);
	pos = copy;
	for (unsigned i = 1; i <= cnt; i++) {
		uint32_t part = csum_bytes(buf->iov[i].iov_base, buf->iov[i].iov_len);

		sum = csum_add(sum, pos & 1 ? csum_odd(part) : part);
		pos += (uint32_t)buf->iov[i].iov_len;
	}
	return sum;
}

void gso_skip(struct gso_iter *it, uint32_t n)
{
	uint64_t off = it->pkt->hdr_len + (uint64_t)n * it->pkt->gso_size;

	pkt_cursor_init(&it->cur, it->pkt, off < it->pkt->len ? (uint32_t)off : it->pkt->len);
	it->index = n;
}

const struct pkt *gso_next(struct gso_iter *it, struct pkt_buf *buf)
{
	uint32_t left = it->cur.left, n, sum;
	uint16_t start;
	uint8_t *l4;

	if (!left)
		return NULL;
	n = left < it->pkt->gso_size ? left : it->pkt->gso_size;
	buf->pkt = it->seg;
	memcpy(buf->head, it->tmpl, it->hdr_len);
	sum = take_payload(it, buf, n);
	put_ip(buf->head + it->info.l3, it->info.v6, buf->pkt.len - it->info.l3, it->ip_sum,
	       it->index);
	l4 = buf->head + it->info.l4;
	if (it->info.tcp)
		put_tcp(it, l4, n == left);
	else
		frame_put_be16(l4 + 4, (uint16_t)(buf->pkt.len - it->info.l4));
	start = put_l4_sum(it, buf, sum);
	if (it->info.outer_l3)
		put_outer(it, buf, start);
	it->index++;
	return &buf->pkt;
}
