/* SPDX-License-Identifier: BSD-2-Clause */
/* Frames made fit for receivers of all kinds. */
#include "messages.h"
#include "unit.h"

#define ALL                                                                                      \
	(PKT_TAKES_CSUM | PKT_TAKES_TCPV4 | PKT_TAKES_TCPV6 | PKT_TAKES_UDP_L4 | PKT_TAKES_ECN | \
	 PKT_TAKES_VLAN | PKT_TAKES_TUNNEL)

static struct message msg;
static struct pkt_fit fit, other;
static uint8_t got[BUILD_ROOM], want[BUILD_ROOM];

static uint32_t random_takes(uint64_t *seed)
{
	return test_random(seed) & ALL;
}

/* Finish what is left to do of a frame, so that it can be compared. */
static const struct pkt *plain(const struct pkt *pkt, struct pkt_buf *a, struct pkt_buf *b)
{
	if (pkt->flags & (PKT_CSUM_PARTIAL | PKT_OUTER_CSUM)) {
		ck_assert_int_eq(pkt_csum_finish(pkt, a), 0);
		pkt = &a->pkt;
	}
	if (pkt->flags & PKT_VLAN) {
		ck_assert_int_eq(pkt_vlan_to_bytes(pkt, b), 0);
		pkt = &b->pkt;
	}
	return pkt;
}

/* A message goes through whole or in the right segments, and always as the receiver wants it. */
START_TEST(messages_arrive)
{
	uint64_t seed = 31;
	unsigned whole = 0;

	for (unsigned round = 0; round < 1500; round++) {
		uint32_t takes = random_takes(&seed), i = 0, len;
		uint16_t mss;
		struct build b = random_message(&seed, &mss), tagged = b;
		struct pkt_buf buf, one, two;
		const struct pkt *pkt;
		bool vlan;

		b.tpid[0] = tagged.tpid[0] = 0;
		b.payload = tagged.payload = 1 + b.payload % 9000;
		make_message(&msg, &b, mss, &seed);
		vlan = test_random(&seed) % 2;
		if (vlan) {
			tagged.tpid[0] = msg.pkt.vlan_tpid = 0x8100;
			tagged.tci[0] = msg.pkt.vlan_tci = 0x0abc;
			msg.pkt.flags |= PKT_VLAN;
		}
		ck_assert_ptr_null(pkt_fit_begin(&fit, &msg.pkt, takes));
		while ((pkt = pkt_fit_next(&fit, &buf)) != NULL) {
			ck_assert(pkt_fits(pkt, takes));
			if (pkt->gso_type != PKT_GSO_NONE) {
				whole++;
				ck_assert_ptr_null(gso_check(pkt, NULL));
				ck_assert_uint_eq(gso_segments(pkt), gso_segments(&msg.pkt));
				i = gso_segments(pkt);
				continue;
			}
			len = expect_segment(&tagged, mss, i++, want);
			ck_assert_frame_eq(got, flatten(plain(pkt, &one, &two), got), want, len);
		}
		ck_assert_uint_eq(i, gso_segments(&msg.pkt));
		ck_assert_ptr_null(pkt_fit_next(&fit, &buf));
	}
	ck_assert_uint_gt(whole, 20);
}
END_TEST

START_TEST(who_takes_all_gets_the_frame_itself)
{
	struct build b = { .payload = 5000 };
	struct pkt_buf buf;

	make_message(&msg, &b, 1000, NULL);
	msg.pkt.flags |= PKT_VLAN;
	ck_assert(pkt_fits(&msg.pkt, ALL));
	ck_assert_ptr_null(pkt_fit_begin(&fit, &msg.pkt, ALL));
	ck_assert_ptr_eq(pkt_fit_next(&fit, &buf), &msg.pkt);
	ck_assert_ptr_null(pkt_fit_next(&fit, &buf));
}
END_TEST

START_TEST(plain_frames_need_nothing)
{
	struct build b = { .payload = 500 };
	struct pkt_buf buf;
	struct iovec iov;
	struct pkt pkt;

	pkt_flat(&pkt, &iov, want, build_frame(&b, want));
	ck_assert(pkt_fits(&pkt, 0));
	ck_assert_ptr_null(pkt_fit_begin(&fit, &pkt, 0));
	ck_assert_ptr_eq(pkt_fit_next(&fit, &buf), &pkt);
}
END_TEST

START_TEST(each_word_asks_for_its_bit)
{
	struct build b = { .payload = 5000, .flags = FRAME_TCP_ACK | FRAME_TCP_CWR };
	static const uint32_t bits[] = { PKT_TAKES_CSUM, PKT_TAKES_TCPV4, PKT_TAKES_ECN,
					 PKT_TAKES_VLAN };

	make_message(&msg, &b, 1000, NULL);
	msg.pkt.flags |= PKT_VLAN;
	ck_assert(pkt_fits(&msg.pkt,
			   PKT_TAKES_CSUM | PKT_TAKES_TCPV4 | PKT_TAKES_ECN | PKT_TAKES_VLAN));
	for (unsigned i = 0; i < 4; i++)
		ck_assert(!pkt_fits(&msg.pkt, ALL & ~bits[i]));
	b.tunnel = BUILD_VXLAN;
	make_message(&msg, &b, 1000, NULL);
	ck_assert(pkt_fits(&msg.pkt, ALL));
	ck_assert(!pkt_fits(&msg.pkt, ALL & ~PKT_TAKES_TUNNEL));
}
END_TEST

START_TEST(checksum_and_tag_at_once)
{
	struct build b = { .payload = 700 }, tagged = b;
	struct pkt_buf buf;
	uint32_t len;
	uint16_t v;

	tagged.tpid[0] = 0x8100;
	tagged.tci[0] = 3;
	len = build_frame(&tagged, want);
	pkt_flat(&msg.pkt, msg.iov, msg.bytes, build_frame(&b, msg.bytes));
	v = csum_fold16(csum_pseudo4(msg.bytes + 26, 6, 720));
	memcpy(msg.bytes + 50, &v, 2);
	msg.pkt.flags = PKT_VLAN | PKT_CSUM_PARTIAL;
	msg.pkt.vlan_tpid = 0x8100;
	msg.pkt.vlan_tci = 3;
	msg.pkt.csum_start = 34;
	msg.pkt.csum_offset = 16;
	ck_assert_ptr_null(pkt_fit_begin(&fit, &msg.pkt, 0));
	ck_assert_ptr_eq(pkt_fit_next(&fit, &buf), &buf.pkt);
	ck_assert_frame_eq(got, flatten(&buf.pkt, got), want, len);
	ck_assert_uint_eq(buf.pkt.flags, PKT_CSUM_VALID);
	ck_assert_ptr_null(pkt_fit_next(&fit, &buf));
}
END_TEST

/* A message whose maker forgot PKT_CSUM_PARTIAL is still no plain frame. */
START_TEST(messages_without_checksum_words_are_no_frames)
{
	struct build b = { .payload = 5000 };

	make_message(&msg, &b, 1000, NULL);
	msg.pkt.flags = 0;
	ck_assert(!pkt_fits(&msg.pkt, 0));
	ck_assert_ptr_nonnull(pkt_fit_begin(&fit, &msg.pkt, 0));
}
END_TEST

START_TEST(what_cannot_be_made_fit_is_told)
{
	struct build b = { .payload = 5000 };
	struct pkt_buf buf;

	make_message(&msg, &b, 1000, NULL);
	msg.pkt.hdr_len++;
	ck_assert_ptr_nonnull(pkt_fit_begin(&fit, &msg.pkt, 0));
	ck_assert_ptr_null(pkt_fit_next(&fit, &buf));
	make_message(&msg, &b, 1000, NULL);
	msg.pkt.gso_type = PKT_GSO_NONE;
	msg.pkt.csum_start = 5000;
	ck_assert_ptr_nonnull(pkt_fit_begin(&fit, &msg.pkt, 0));
	ck_assert_ptr_null(pkt_fit_next(&fit, &buf));
	msg.pkt.flags = PKT_OUTER_CSUM; /* and there is no tunnel */
	ck_assert_ptr_nonnull(pkt_fit_begin(&fit, &msg.pkt, 0));
	ck_assert_ptr_null(pkt_fit_next(&fit, &buf));
}
END_TEST

/* pieces-64: what begins has a result; what has none is told at once, and can be counted. */
START_TEST(too_many_pieces_are_told)
{
	struct iovec iov[FRAME_IOV_MAX];
	struct pkt_buf buf;
	struct pkt pkt;

	pkt_flat(&pkt, iov, got, 1000 + FRAME_IOV_MAX - 1);
	iov[0].iov_len = 1000;
	for (unsigned i = 1; i < FRAME_IOV_MAX; i++)
		iov[i] = (struct iovec) { got + 999 + i, 1 };
	pkt.iovcnt = FRAME_PIECES_MAX;
	pkt.len--;
	ck_assert_ptr_null(pkt_fit_begin(&fit, &pkt, 0)); /* nothing is to be done */
	pkt.flags = PKT_VLAN;
	ck_assert_ptr_null(pkt_fit_begin(&fit, &pkt, PKT_TAKES_VLAN));
	ck_assert_ptr_nonnull(pkt_fit_begin(&fit, &pkt, 0));
	pkt.iovcnt--;
	pkt.len--;
	ck_assert_ptr_null(pkt_fit_begin(&fit, &pkt, 0));
	ck_assert_ptr_nonnull(pkt_fit_next(&fit, &buf));
	ck_assert_uint_eq(buf.pkt.iovcnt, FRAME_PIECES_MAX);
}
END_TEST

/* quadratic-resume: whoever goes on behind some segments does not make those again. */
START_TEST(goes_on_where_it_was_left)
{
	static const uint32_t takes[] = { 0, PKT_TAKES_CSUM, PKT_TAKES_VLAN | PKT_TAKES_TUNNEL };
	uint64_t seed = 77;

	for (unsigned round = 0; round < 60; round++) {
		struct pkt_buf one, two;
		const struct pkt *p, *q;
		uint16_t mss;
		struct build b = random_message(&seed, &mss);
		unsigned skip;

		b.payload = 1 + b.payload % 9000;
		make_message(&msg, &b, mss, &seed);
		skip = test_random(&seed) % (gso_segments(&msg.pkt) + 2);
		ck_assert_ptr_null(pkt_fit_begin(&fit, &msg.pkt, takes[round % 3]));
		for (unsigned i = 0; i < skip; i++)
			pkt_fit_next(&fit, &one);
		ck_assert_ptr_null(pkt_fit_begin(&other, &msg.pkt, takes[round % 3]));
		pkt_fit_skip(&other, skip);
		do {
			p = pkt_fit_next(&fit, &one);
			q = pkt_fit_next(&other, &two);
			ck_assert_int_eq(!p, !q);
			if (p)
				ck_assert_frame_eq(got, flatten(p, got), want, flatten(q, want));
		} while (p);
	}
}
END_TEST

START_TEST(a_frame_that_was_used_is_skipped)
{
	struct build b = { .payload = 50 };
	struct pkt_buf buf;
	struct iovec iov;
	struct pkt pkt;

	pkt_flat(&pkt, &iov, got, build_frame(&b, got));
	ck_assert_ptr_null(pkt_fit_begin(&fit, &pkt, 0));
	pkt_fit_skip(&fit, 0);
	ck_assert_ptr_eq(pkt_fit_next(&fit, &buf), &pkt);
	ck_assert_ptr_null(pkt_fit_begin(&fit, &pkt, 0));
	pkt_fit_skip(&fit, 1);
	ck_assert_ptr_null(pkt_fit_next(&fit, &buf));
}
END_TEST

int main(void)
{
	const TTest *const tests[] = {
		messages_arrive,
		who_takes_all_gets_the_frame_itself,
		plain_frames_need_nothing,
		each_word_asks_for_its_bit,
		checksum_and_tag_at_once,
		messages_without_checksum_words_are_no_frames,
		what_cannot_be_made_fit_is_told,
		too_many_pieces_are_told,
		goes_on_where_it_was_left,
		a_frame_that_was_used_is_skipped,
		NULL,
	};

	return unit_main("frame-fit", tests);
}
