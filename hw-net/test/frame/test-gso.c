/* SPDX-License-Identifier: BSD-2-Clause */
/* Cutting messages, against segments built from scratch; hostile messages. */
#include "messages.h"
#include "unit.h"

static struct message msg;
static struct gso_iter iter;
static uint8_t got[BUILD_ROOM], want[BUILD_ROOM];

/* Is there a checksum where a receiver looks for one? In a tunnel that of the outer UDP header. */
static bool has_sum(const struct pkt *pkt)
{
	struct frame f;

	frame_parse(&f, pkt, FRAME_OPT_9100);
	return !(f.flags & FRAME_UDP) || frame_be16(pkt_head(pkt) + f.l4 + FRAME_UDP_CSUM);
}

/* Cut @msg; each segment, completed if it is not, must be the one that is built. */
static void check_cut(const struct build *b, uint16_t mss, unsigned opts)
{
	uint32_t n = (b->payload + mss - 1) / mss, i = 0, len;
	struct pkt_buf seg, done;
	const struct pkt *pkt;

	ck_assert_uint_eq(gso_segments(&msg.pkt), n);
	ck_assert_ptr_null(gso_begin(&iter, &msg.pkt, opts));
	while ((pkt = gso_next(&iter, &seg)) != NULL) {
		ck_assert_uint_lt(i, n);
		ck_assert_uint_eq(pkt->gso_type, PKT_GSO_NONE);
		ck_assert_uint_eq(pkt->flags & PKT_OUTER_CSUM, 0);
		ck_assert_uint_eq(pkt->outer_l4, 0);
		if (opts & GSO_FINISH) {
			ck_assert_uint_eq(pkt->flags & (PKT_CSUM_PARTIAL | PKT_CSUM_VALID),
					  has_sum(pkt) ? PKT_CSUM_VALID : 0);
		} else {
			ck_assert_uint_eq(pkt->flags & (PKT_CSUM_PARTIAL | PKT_CSUM_VALID),
					  PKT_CSUM_PARTIAL);
			ck_assert_int_eq(pkt_csum_finish(pkt, &done), 0);
			pkt = &done.pkt;
		}
		len = expect_segment(b, mss, i++, want);
		ck_assert_frame_eq(got, flatten(pkt, got), want, len);
	}
	ck_assert_uint_eq(i, n);
	ck_assert_ptr_null(gso_next(&iter, &seg));
}

START_TEST(segments_are_as_built)
{
	uint64_t seed = 21;

	for (unsigned round = 0; round < 400; round++) {
		uint16_t mss;
		struct build b = random_message(&seed, &mss);

		make_message(&msg, &b, mss, round % 5 ? &seed : NULL);
		check_cut(&b, mss, round % 2 ? GSO_FINISH : 0);
	}
}
END_TEST

START_TEST(no_empty_segment_at_a_multiple)
{
	struct build b = { .payload = 4380, .flags = 0x18 };

	make_message(&msg, &b, 1460, NULL);
	check_cut(&b, 1460, GSO_FINISH);
	b.payload = 1460;
	make_message(&msg, &b, 1460, NULL);
	check_cut(&b, 1460, GSO_FINISH);
	b.payload = 1;
	make_message(&msg, &b, 1460, NULL);
	check_cut(&b, 1460, GSO_FINISH);
	b.payload = 200;
	make_message(&msg, &b, 1, NULL);
	check_cut(&b, 1, GSO_FINISH);
}
END_TEST

START_TEST(numbers_wrap)
{
	struct build b = { .payload = 10000, .seq = 0xfffffc00, .ip_id = 0xfffe };

	make_message(&msg, &b, 1000, NULL);
	check_cut(&b, 1000, GSO_FINISH);
}
END_TEST

START_TEST(flags_go_where_they_belong)
{
	struct build b = { .payload = 3000,
			   .flags = FRAME_TCP_ACK | FRAME_TCP_PSH | FRAME_TCP_FIN | FRAME_TCP_CWR |
				    FRAME_TCP_ECE };
	static const uint8_t flags[] = {
		FRAME_TCP_ACK | FRAME_TCP_ECE | FRAME_TCP_CWR,
		FRAME_TCP_ACK | FRAME_TCP_ECE,
		FRAME_TCP_ACK | FRAME_TCP_ECE | FRAME_TCP_PSH | FRAME_TCP_FIN,
	};
	struct pkt_buf seg;

	make_message(&msg, &b, 1000, NULL);
	ck_assert_uint_eq(msg.pkt.gso_type, PKT_GSO_TCPV4 | PKT_GSO_ECN);
	ck_assert_ptr_null(gso_begin(&iter, &msg.pkt, 0));
	for (unsigned i = 0; i < 3; i++) {
		ck_assert_ptr_nonnull(gso_next(&iter, &seg));
		ck_assert_uint_eq(seg.head[47], flags[i]);
	}
}
END_TEST

START_TEST(tag_of_the_metadata)
{
	struct build b = { .payload = 5000 }, tagged = b;
	struct pkt_buf seg;
	uint64_t seed = 22;

	tagged.tpid[0] = 0x88a8;
	tagged.tci[0] = 0x6123;
	make_message(&msg, &b, 1400, &seed);
	msg.pkt.flags |= PKT_VLAN | PKT_HASH;
	msg.pkt.vlan_tpid = 0x88a8;
	msg.pkt.vlan_tci = 0x6123;
	msg.pkt.hash = 5;
	check_cut(&tagged, 1400, GSO_FINISH | GSO_VLAN_BYTES);
	check_cut(&tagged, 1400, GSO_VLAN_BYTES);
	check_cut(&b, 1400, GSO_FINISH);
	ck_assert_ptr_null(gso_begin(&iter, &msg.pkt, 0));
	ck_assert_ptr_nonnull(gso_next(&iter, &seg));
	ck_assert_uint_eq(seg.pkt.flags, PKT_VLAN | PKT_HASH | PKT_CSUM_PARTIAL);
	ck_assert_uint_eq(seg.pkt.vlan_tci, 0x6123);
	ck_assert_uint_eq(seg.pkt.hash, 5);
}
END_TEST

START_TEST(tag_of_the_metadata_before_a_tunnel)
{
	for (unsigned i = 0; i < 4; i++) {
		struct build b = { .payload = 5000,
				   .tunnel = BUILD_VXLAN,
				   .outer_csum = i & 1,
				   .outer_v6 = i & 2 };
		struct build tagged = b;

		tagged.tpid[0] = 0x8100;
		tagged.tci[0] = 7;
		make_message(&msg, &b, 1300, NULL);
		msg.pkt.flags |= PKT_VLAN;
		msg.pkt.vlan_tpid = 0x8100;
		msg.pkt.vlan_tci = 7;
		check_cut(&tagged, 1300, GSO_FINISH | GSO_VLAN_BYTES);
		check_cut(&tagged, 1300, GSO_VLAN_BYTES);
	}
}
END_TEST

/* Two tags of the maker's, and what a switch puts around them: sound to whoever cuts it. */
START_TEST(tags_under_way_are_granted)
{
	struct build b = { .payload = 5000, .tpid = { 0x8100, 0x88a8 } };
	struct pkt_buf buf[3], seg;
	const struct pkt *pkt;
	unsigned n = 0;

	make_message(&msg, &b, 1000, NULL);
	ck_assert_ptr_null(gso_check(&msg.pkt, NULL));
	ck_assert_int_eq(pkt_vlan_push(&msg.pkt, 0x8100, 7, &buf[0]), 0);
	ck_assert_ptr_null(gso_check(&buf[0].pkt, NULL)); /* as a card makes it: one beside */
	ck_assert_int_eq(pkt_vlan_push(&buf[0].pkt, 0x88a8, 8, &buf[1]), 0);
	ck_assert_ptr_nonnull(gso_check(&buf[1].pkt, NULL)); /* a maker may not */
	ck_assert_int_eq(pkt_vlan_push(&buf[1].pkt, 0x88a8, 9, &buf[2]), 0);
	ck_assert_ptr_null(gso_begin(&iter, &buf[2].pkt, GSO_FINISH | GSO_VLAN_BYTES));
	while ((pkt = gso_next(&iter, &seg)) != NULL) {
		ck_assert_uint_eq(pkt->len, 5 * 4 + 54 + 1000);
		ck_assert_mem_eq(pkt_head(pkt) + 12, "\x88\xa8\0\x9\x88\xa8\0\x8\x81\0\0\x7", 12);
		ck_assert_uint_eq(frame_be16(pkt_head(pkt) + 34 + 2), 1040);
		ck_assert_uint_eq(slow_sum(0, pkt_head(pkt) + 34, 20), 0xffff);
		n++;
	}
	ck_assert_uint_eq(n, 5);
}
END_TEST

/* pieces-64: all pieces of a message in one segment. */
START_TEST(one_segment_of_many_pieces)
{
	struct build b = { .payload = 1200 };
	uint32_t len = build_headers(&b) + b.payload;

	for (uint32_t first = 54; first <= FRAME_HDR_MAX; first += 30) {
		make_message(&msg, &b, 1300, NULL);
		msg.iov[0].iov_len = first < PKT_HEAD ? PKT_HEAD : first;
		for (unsigned i = 1; i < FRAME_PIECES_MAX; i++) {
			uint32_t at = (uint32_t)msg.iov[0].iov_len + (i - 1) * 4;
			bool last = i == FRAME_PIECES_MAX - 1;

			msg.iov[i] = (struct iovec) { msg.bytes + at, last ? len - at : 4 };
		}
		msg.pkt.iovcnt = FRAME_PIECES_MAX;
		check_cut(&b, 1300, GSO_FINISH); /* flatten() looks at the pieces */
	}
}
END_TEST

START_TEST(payload_is_borrowed)
{
	struct build b = { .payload = 4000 };
	struct pkt_buf seg;

	make_message(&msg, &b, 1000, NULL);
	ck_assert_ptr_null(gso_begin(&iter, &msg.pkt, GSO_FINISH));
	ck_assert_ptr_nonnull(gso_next(&iter, &seg));
	ck_assert_uint_eq(seg.pkt.iovcnt, 2);
	ck_assert_uint_eq(seg.iov[0].iov_len, PKT_HEAD);
	ck_assert_ptr_eq(seg.iov[1].iov_base, msg.bytes + PKT_HEAD);
}
END_TEST

START_TEST(whole_message_has_its_lengths)
{
	for (unsigned i = 0; i < 8; i++) {
		struct build b = { .payload = 30000,
				   .v6 = i & 1,
				   .proto = i & 2 ? 17 : 6,
				   .tunnel = i & 4 ? BUILD_GENEVE : BUILD_PLAIN };
		uint32_t len = build_frame(&b, want), field;
		struct frame f;
		uint16_t v;

		make_message(&msg, &b, 1000, NULL);
		field = (uint32_t)msg.pkt.csum_start + msg.pkt.csum_offset;
		ck_assert_uint_eq(msg.pkt.hdr_len, build_headers(&b));
		if (!(i & 4)) {
			frame_parse(&f, &msg.pkt, 0);
			v = csum_fold16(csum_pseudo(msg.bytes, &f, len - f.l4));
			ck_assert_mem_eq(msg.bytes + field, &v, 2);
		}
		memcpy(want + field, msg.bytes + field, 2);
		ck_assert_frame_eq(msg.bytes, msg.pkt.len, want, len);
	}
}
END_TEST

START_TEST(a_length_that_no_header_can_say_is_0)
{
	struct build b = { .payload = 65500 }, seg = b;

	make_message(&msg, &b, 1460, NULL);
	ck_assert_uint_eq(frame_be16(msg.bytes + 16), 0);
	ck_assert(!pkt_fits(&msg.pkt, ~0u));
	check_cut(&seg, 1460, GSO_FINISH);
}
END_TEST

static void reset_message(const struct build *b)
{
	make_message(&msg, b, 1000, NULL);
	ck_assert_ptr_null(gso_check(&msg.pkt, NULL));
}

#define REFUSED(change)                                        \
	do {                                                   \
		reset_message(&b);                             \
		change;                                        \
		ck_assert_ptr_nonnull(gso_check(p, NULL));     \
		ck_assert_ptr_nonnull(gso_begin(&iter, p, 0)); \
	} while (0)

START_TEST(words_that_contradict_are_refused)
{
	struct build b = { .payload = 4000, .tcp_opts = 12 };
	struct pkt *p = &msg.pkt;

	REFUSED(p->gso_size = 0);
	REFUSED(p->gso_size = 1); /* 4000 segments */
	REFUSED(p->gso_type = PKT_GSO_NONE);
	REFUSED(p->gso_type = 2);
	REFUSED(p->gso_type = PKT_GSO_TCPV6);
	REFUSED(p->gso_type = PKT_GSO_UDP_L4);
	REFUSED(p->gso_type = PKT_GSO_UDP_L4 | PKT_GSO_ECN);
	REFUSED(p->flags = 0);
	REFUSED(p->csum_start++);
	REFUSED(p->csum_start = 0);
	REFUSED(p->csum_offset--);
	REFUSED(p->hdr_len++);
	REFUSED(p->hdr_len -= 12);
	REFUSED(p->hdr_len = 65535);
	REFUSED(p->outer_l4 = 34);
	REFUSED(p->len = p->hdr_len);
	REFUSED(p->len = p->hdr_len - 1u);
	REFUSED(p->iovcnt = FRAME_IOV_MAX);
	REFUSED(msg.iov[0].iov_len = p->hdr_len - 1u);
	REFUSED(msg.bytes[20] = 0x20); /* more fragments */
	REFUSED(msg.bytes[14] = 0x4f);
	REFUSED(msg.bytes[46] = 0x50);
	REFUSED(msg.bytes[12] = 0x86);
}
END_TEST

START_TEST(tunnel_words_that_contradict_are_refused)
{
	struct build b = { .payload = 4000, .tunnel = BUILD_VXLAN };
	struct pkt *p = &msg.pkt;

	REFUSED(p->outer_l4 = 0);
	REFUSED(p->outer_l4++);
	REFUSED(p->csum_start = 34);
	REFUSED(msg.bytes[23] = 6);
	REFUSED(msg.bytes[42] = 0);
	REFUSED(msg.bytes[20] = 0x20);
	REFUSED(msg.bytes[62] = 0x99);
}
END_TEST

START_TEST(segments_that_no_header_can_describe_are_refused)
{
	struct build b = { .payload = 65500 };

	make_message(&msg, &b, 1000, NULL);
	msg.pkt.gso_size = 65495;
	ck_assert_ptr_null(gso_check(&msg.pkt, NULL));
	msg.pkt.gso_size = 65496;
	ck_assert_ptr_nonnull(gso_check(&msg.pkt, NULL));
}
END_TEST

/* Whatever a message is like that passes the check: it is cut into what it says, and nothing else
 * is read. */
START_TEST(accepted_messages_are_cut_to_the_end)
{
	unsigned accepted = 0;
	uint64_t seed = 23;

	for (unsigned round = 0; round < 20000; round++) {
		uint16_t mss,
			*words[] = { &msg.pkt.gso_size,	   &msg.pkt.hdr_len,  &msg.pkt.csum_start,
				     &msg.pkt.csum_offset, &msg.pkt.outer_l4, &msg.pkt.flags };
		struct build b = random_message(&seed, &mss);
		uint32_t payload = 0, n = 0, hdr;
		const struct pkt *pkt;
		struct pkt_buf seg;

		b.payload = 1 + b.payload % 3000;
		make_message(&msg, &b, mss, NULL);
		msg.bytes[test_random(&seed) % build_headers(&b)] ^= (uint8_t)test_random(&seed);
		if (test_random(&seed) % 2)
			*words[test_random(&seed) % 6] = (uint16_t)test_random(&seed);
		if (test_random(&seed) % 2)
			msg.pkt.gso_size = (uint16_t)test_random(&seed);
		if (gso_begin(&iter, &msg.pkt, test_random(&seed) % 4))
			continue;
		accepted++;
		while ((pkt = gso_next(&iter, &seg)) != NULL) {
			hdr = msg.pkt.hdr_len + ((msg.pkt.flags & ~pkt->flags) & PKT_VLAN ? 4 : 0);
			ck_assert_uint_gt(pkt->len, hdr);
			ck_assert_uint_le(pkt->len, hdr + msg.pkt.gso_size);
			payload += pkt->len - hdr;
			n++;
			flatten(pkt, got);
		}
		ck_assert_uint_eq(payload, msg.pkt.len - msg.pkt.hdr_len);
		ck_assert_uint_eq(n, gso_segments(&msg.pkt));
	}
	ck_assert_uint_gt(accepted, 2000);
}
END_TEST

START_TEST(init_refuses_what_is_no_message)
{
	struct build b = { .payload = 4000, .proto = 132 };
	struct iovec iov;
	struct pkt pkt;

	pkt_flat(&pkt, &iov, msg.bytes, build_frame(&b, msg.bytes));
	pkt.gso_type = PKT_GSO_TCPV4;
	pkt.gso_size = 1000;
	ck_assert_ptr_nonnull(gso_init(&pkt, msg.bytes));
	b.proto = 6;
	build_frame(&b, msg.bytes);
	pkt.gso_type = PKT_GSO_TCPV6;
	ck_assert_ptr_nonnull(gso_init(&pkt, msg.bytes));
	pkt.gso_type = PKT_GSO_TCPV4;
	pkt.gso_size = 0;
	ck_assert_ptr_nonnull(gso_init(&pkt, msg.bytes));
	pkt.gso_size = 1000;
	ck_assert_ptr_null(gso_init(&pkt, msg.bytes));
}
END_TEST

int main(void)
{
	const TTest *const tests[] = {
		segments_are_as_built,
		no_empty_segment_at_a_multiple,
		numbers_wrap,
		flags_go_where_they_belong,
		tag_of_the_metadata,
		tag_of_the_metadata_before_a_tunnel,
		tags_under_way_are_granted,
		one_segment_of_many_pieces,
		payload_is_borrowed,
		whole_message_has_its_lengths,
		a_length_that_no_header_can_say_is_0,
		words_that_contradict_are_refused,
		tunnel_words_that_contradict_are_refused,
		segments_that_no_header_can_describe_are_refused,
		accepted_messages_are_cut_to_the_end,
		init_refuses_what_is_no_message,
		NULL,
	};

	return unit_main("frame-gso", tests);
}
