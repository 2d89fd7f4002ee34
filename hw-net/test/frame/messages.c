/* SPDX-License-Identifier: BSD-2-Clause */
/* GSO messages for tests; see messages.h. */
#include "messages.h"

#include <check.h>

static uint16_t type_of(const struct build *b)
{
	if (b->proto == 17)
		return PKT_GSO_UDP_L4;
	return b->v6 ? PKT_GSO_TCPV6 : PKT_GSO_TCPV4;
}

/* Offset of the outer UDP header. */
static uint16_t outer_l4(const struct build *b)
{
	uint32_t tags = b->tpid[0] ? b->tpid[1] ? 8 : 4 : 0;

	return b->tunnel == BUILD_PLAIN ? 0 : (uint16_t)(14 + tags + (b->outer_v6 ? 40 : 20));
}

/* The first piece is a copy, as pkt.h wants it; the others are of 1 to 3000 bytes. */
static void split_message(struct message *m, uint32_t len, uint64_t *seed)
{
	uint32_t first = PKT_HEAD + test_random(seed) % 800, at;
	unsigned cnt = 1;

	first = first < len ? first : len;
	memcpy(m->head, m->bytes, first);
	memset(m->bytes, 0xdd, first);
	m->iov[0] = (struct iovec) { m->head, first };
	for (at = first; at < len; cnt++) {
		uint32_t n = 1 + test_random(seed) % 3000;

		n = cnt < FRAME_IOV_MAX - 2 && n < len - at ? n : len - at;
		m->iov[cnt] = (struct iovec) { m->bytes + at, n };
		at += n;
	}
	m->pkt.iovcnt = (uint16_t)cnt;
}

/* What a driver of a card with TSO leaves for the card: no lengths, no header checksums. */
static void clear_lengths(const struct build *b, uint8_t *p)
{
	uint32_t inner = build_headers(b) - (b->proto == 17 ? 8u : 20u + b->tcp_opts);
	uint32_t ip = inner - b->ip_opts - (b->v6 ? 40 : 20);

	memset(p + ip + (b->v6 ? 4 : 2), 0, 2);
	if (!b->v6)
		memset(p + ip + 10, 0, 2);
	if (b->proto == 17)
		memset(p + inner + 4, 0, 2);
	if (b->tunnel != BUILD_PLAIN) {
		uint32_t outer = outer_l4(b) - (b->outer_v6 ? 40u : 20u);

		memset(p + outer + (b->outer_v6 ? 4 : 2), 0, 2);
		memset(p + outer_l4(b) + 4, 0, 2);
	}
}

void make_message(struct message *m, const struct build *b, uint16_t mss, uint64_t *seed)
{
	uint32_t len = build_frame(b, m->bytes);
	const char *why;
	uint8_t *head = m->bytes;

	pkt_flat(&m->pkt, m->iov, m->bytes, len);
	clear_lengths(b, m->bytes);
	if (seed) {
		split_message(m, len, seed);
		head = m->head;
	}
	m->pkt.gso_type = (uint8_t)type_of(b);
	m->pkt.gso_size = mss;
	m->pkt.outer_l4 = outer_l4(b);
	m->pkt.flags = b->tunnel != BUILD_PLAIN && b->outer_csum ? PKT_OUTER_CSUM : 0;
	why = gso_init(&m->pkt, head);
	ck_assert_msg(!why, "%s", why);
}

uint32_t expect_segment(const struct build *b, uint16_t mss, uint32_t i, uint8_t *buf)
{
	struct build s = *b;
	uint32_t at = i * mss;
	uint8_t flags = b->flags ? b->flags : 0x10;

	s.payload = b->payload - at < mss ? b->payload - at : mss;
	s.fill = (uint8_t)(b->fill + at);
	s.seq = b->seq + at;
	s.ip_id = (uint16_t)(b->ip_id + i);
	if (at + s.payload < b->payload)
		flags &= (uint8_t) ~(FRAME_TCP_FIN | FRAME_TCP_PSH);
	if (i)
		flags &= (uint8_t)~FRAME_TCP_CWR;
	s.flags = flags;
	return build_frame(&s, buf);
}

struct build random_message(uint64_t *seed, uint16_t *mss)
{
	struct build b = { .v6 = test_random(seed) % 2, .proto = test_random(seed) % 3 ? 6 : 17 };

	*mss = (uint16_t)(1 + test_random(seed) % (test_random(seed) % 4 ? 1460 : 9000));
	b.payload = 1 + test_random(seed) % (*mss * 12u);
	b.payload = b.payload < 60000 ? b.payload : 60000;
	b.seq = test_random(seed);
	b.ack = test_random(seed);
	b.window = (uint16_t)test_random(seed);
	b.ip_id = (uint16_t)test_random(seed);
	b.fill = (uint8_t)test_random(seed);
	b.tos = (uint8_t)test_random(seed);
	b.flags = (uint8_t)(0x10 |
			    (test_random(seed) & (FRAME_TCP_PSH | FRAME_TCP_FIN | FRAME_TCP_CWR)));
	b.tcp_opts = (uint8_t)(test_random(seed) % 11 * 4);
	b.stamp = test_random(seed);
	b.ip_opts = test_random(seed) % 4 ? 0 : 8;
	b.tpid[0] = test_random(seed) % 4 ? 0 : 0x8100;
	b.tci[0] = (uint16_t)test_random(seed);
	if (test_random(seed) % 4 == 0) {
		b.tunnel = test_random(seed) % 2 ? BUILD_VXLAN : BUILD_GENEVE;
		b.outer_v6 = test_random(seed) % 2;
		b.outer_csum = test_random(seed) % 2;
	}
	return b;
}

uint32_t flatten(const struct pkt *pkt, uint8_t *to)
{
	uint32_t len = 0, head = pkt->len < PKT_HEAD ? pkt->len : PKT_HEAD;

	ck_assert_uint_ge(pkt->iov[0].iov_len, head);
	ck_assert_uint_le(pkt->iovcnt, FRAME_PIECES_MAX);
	for (unsigned i = 0; i < pkt->iovcnt; i++) {
		ck_assert_uint_gt(pkt->iov[i].iov_len, 0);
		ck_assert_uint_le(len + pkt->iov[i].iov_len, pkt->len);
		memcpy(to + len, pkt->iov[i].iov_base, pkt->iov[i].iov_len);
		len += (uint32_t)pkt->iov[i].iov_len;
	}
	ck_assert_uint_eq(len, pkt->len);
	return len;
}
