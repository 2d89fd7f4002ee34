/* SPDX-License-Identifier: BSD-2-Clause */
/* Copying out of frames, cursor, tags in and out. */
#include "hwnet/frame.h"

#include "build-frame.h"
#include "unit.h"

#define LEN 1500u

/* A frame in pieces of random lengths, the first of at least @first bytes. */
struct pieces {
	uint8_t bytes[2048];
	struct iovec iov[FRAME_IOV_MAX];
	struct pkt pkt;
};

static void split(struct pieces *s, uint32_t len, uint32_t first, uint64_t *seed)
{
	uint32_t at = 0, n = first < len ? first : len;
	unsigned cnt = 0;

	pkt_flat(&s->pkt, s->iov, s->bytes, len);
	while (at < len) {
		s->iov[cnt].iov_base = s->bytes + at;
		s->iov[cnt++].iov_len = n;
		at += n;
		n = cnt < FRAME_IOV_MAX - 2 ? 1 + test_random(seed) % 80 : len;
		n = n < len - at ? n : len - at;
	}
	s->pkt.iovcnt = (uint16_t)cnt;
}

static void fill(struct pieces *s, uint32_t len)
{
	for (uint32_t i = 0; i < len; i++)
		s->bytes[i] = (uint8_t)(i * 7 + i / 256);
}

/* All bytes of a frame, by the shortest way there is. */
static uint32_t flatten(const struct pkt *pkt, uint8_t *to)
{
	uint32_t len = 0;

	for (unsigned i = 0; i < pkt->iovcnt; i++) {
		memcpy(to + len, pkt->iov[i].iov_base, pkt->iov[i].iov_len);
		len += (uint32_t)pkt->iov[i].iov_len;
	}
	ck_assert_uint_eq(len, pkt->len);
	return len;
}

START_TEST(copies_any_part)
{
	uint8_t got[LEN + 16];
	uint64_t seed = 1;
	struct pieces s;

	fill(&s, LEN);
	for (unsigned round = 0; round < 2000; round++) {
		uint32_t off = test_random(&seed) % (LEN + 20),
			 len = test_random(&seed) % (LEN + 20);
		uint32_t want = off >= LEN ? 0 : len < LEN - off ? len : LEN - off;

		split(&s, LEN, test_random(&seed) % 2 ? 200 : LEN, &seed);
		memset(got, 0xee, sizeof(got));
		ck_assert_uint_eq(pkt_copy(&s.pkt, off, got, len < LEN ? len : LEN), want);
		ck_assert_mem_eq(got, s.bytes + (off < LEN ? off : 0), want);
		ck_assert_uint_eq(got[want], 0xee);
	}
}
END_TEST

START_TEST(cursor_moves_on)
{
	uint8_t got[LEN];
	uint64_t seed = 2;
	struct pieces s;

	fill(&s, LEN);
	for (unsigned round = 0; round < 300; round++) {
		struct pkt_cursor c;
		uint32_t sum = 0, pos = 0, at = 0;

		split(&s, LEN, 192, &seed);
		pkt_cursor_init(&c, &s.pkt, 0);
		while (c.left) {
			uint32_t n = 1 + test_random(&seed) % 300, was = c.left;

			if (test_random(&seed) % 2)
				n = pkt_cursor_copy_sum(&c, got + at, n, &sum, &pos);
			else
				n = pkt_cursor_copy_sum(&c, got + at, n < 3 ? n : 3, &sum, &pos);
			ck_assert_uint_eq(was - c.left, n);
			at += n;
		}
		ck_assert_frame_eq(got, at, s.bytes, LEN);
		ck_assert_uint_eq(pos, LEN);
		ck_assert_uint_eq(csum_fold(sum), csum_fold(csum_bytes(s.bytes, LEN)));
		ck_assert_uint_eq(pkt_cursor_copy(&c, got, 1), 0);
	}
}
END_TEST

START_TEST(crc_on_the_way)
{
	uint8_t got[LEN];
	uint64_t seed = 3;
	struct pieces s;

	fill(&s, LEN);
	for (unsigned round = 0; round < 300; round++) {
		struct pkt_cursor c;
		uint32_t crc = 0, at = 0;

		split(&s, LEN, 192, &seed);
		pkt_cursor_init(&c, &s.pkt, 0);
		while (c.left)
			at += pkt_cursor_copy_crc(&c, got + at, 1 + test_random(&seed) % 300, &crc);
		ck_assert_frame_eq(got, at, s.bytes, LEN);
		ck_assert_uint_eq(crc, slow_crc32(s.bytes, LEN));
	}
}
END_TEST

START_TEST(borrows_pieces)
{
	struct iovec iov[FRAME_IOV_MAX];
	uint64_t seed = 3;
	struct pieces s;

	fill(&s, LEN);
	for (unsigned round = 0; round < 300; round++) {
		uint32_t off = test_random(&seed) % LEN, len = 1 + test_random(&seed) % LEN,
			 at = off;
		struct pkt_cursor c;
		unsigned cnt;

		split(&s, LEN, 192, &seed);
		len = len < LEN - off ? len : LEN - off;
		pkt_cursor_init(&c, &s.pkt, off);
		cnt = pkt_cursor_borrow(&c, len, iov, FRAME_IOV_MAX);
		ck_assert_uint_gt(cnt, 0);
		for (unsigned i = 0; i < cnt; i++) {
			ck_assert_ptr_eq(iov[i].iov_base, s.bytes + at);
			ck_assert_uint_gt(iov[i].iov_len, 0);
			at += (uint32_t)iov[i].iov_len;
		}
		ck_assert_uint_eq(at, off + len);
		ck_assert_uint_eq(c.left, LEN - off - len);
	}
}
END_TEST

START_TEST(borrow_tells_of_too_little_room)
{
	uint8_t bytes[17] = { 0 };
	struct iovec iov[3], parts[4] = {
		{ bytes, 14 },
		{ bytes + 14, 1 },
		{ bytes + 15, 1 },
		{ bytes + 16, 1 },
	};
	struct pkt pkt = { .iov = parts, .iovcnt = 4, .len = 17 };
	struct pkt_cursor c;

	pkt_cursor_init(&c, &pkt, 0);
	ck_assert_uint_eq(pkt_cursor_borrow(&c, 17, iov, 3), 0);
	pkt_cursor_init(&c, &pkt, 0);
	ck_assert_uint_eq(pkt_cursor_borrow(&c, 16, iov, 3), 3);
	ck_assert_uint_eq(c.left, 1);
}
END_TEST

/* A frame with offsets that a tag moves. */
static uint32_t offload_frame(struct pieces *s, unsigned tags)
{
	struct build b = { .payload = 1200, .tpid = { 0x88a8, 0x8100 }, .tci = { 100, 0x2007 } };
	uint32_t len;

	b.tpid[tags < 2 ? tags : 1] = tags < 2 ? 0 : b.tpid[1];
	len = build_frame(&b, s->bytes);
	pkt_flat(&s->pkt, s->iov, s->bytes, len);
	return len;
}

START_TEST(tag_goes_into_bytes)
{
	uint8_t got[2048], want[2048];
	uint64_t seed = 4;
	struct pkt_buf buf;
	struct pieces s;

	for (unsigned round = 0; round < 100; round++) {
		uint32_t len = offload_frame(&s, 0);

		split(&s, len, 192, &seed);
		s.pkt.flags = PKT_VLAN | PKT_CSUM_PARTIAL | PKT_HASH;
		s.pkt.vlan_tpid = 0x88a8;
		s.pkt.vlan_tci = 0xe123;
		s.pkt.csum_start = 34;
		s.pkt.csum_offset = 16;
		s.pkt.hash = 77;
		ck_assert_int_eq(pkt_vlan_to_bytes(&s.pkt, &buf), 0);
		memcpy(want, s.bytes, 12);
		memcpy(want + 12, "\x88\xa8\xe1\x23", 4);
		memcpy(want + 16, s.bytes + 12, len - 12);
		ck_assert_frame_eq(got, flatten(&buf.pkt, got), want, len + 4);
		ck_assert_uint_eq(buf.pkt.flags, PKT_CSUM_PARTIAL | PKT_HASH);
		ck_assert_uint_eq(buf.pkt.csum_start, 38);
		ck_assert_uint_eq(buf.pkt.csum_offset, 16);
		ck_assert_uint_eq(buf.pkt.hash, 77);
		ck_assert_uint_ge(buf.iov[0].iov_len, PKT_HEAD);
	}
}
END_TEST

START_TEST(tag_moves_gso_offsets)
{
	struct pkt_buf buf, back;
	uint8_t got[2048];
	struct pieces s;
	uint32_t len = offload_frame(&s, 0);

	s.pkt.flags = PKT_VLAN | PKT_CSUM_PARTIAL;
	s.pkt.vlan_tpid = 0x8100;
	s.pkt.vlan_tci = 5;
	s.pkt.csum_start = 34;
	s.pkt.csum_offset = 16;
	s.pkt.gso_type = PKT_GSO_TCPV4;
	s.pkt.gso_size = 500;
	s.pkt.hdr_len = 54;
	s.pkt.outer_l4 = 40;
	ck_assert_int_eq(pkt_vlan_to_bytes(&s.pkt, &buf), 0);
	ck_assert_uint_eq(buf.pkt.hdr_len, 58);
	ck_assert_uint_eq(buf.pkt.outer_l4, 44);
	ck_assert_uint_eq(buf.pkt.csum_start, 38);
	ck_assert_int_eq(pkt_vlan_to_meta(&buf.pkt, &back), 0);
	ck_assert_uint_eq(back.pkt.hdr_len, 54);
	ck_assert_uint_eq(back.pkt.outer_l4, 40);
	ck_assert_uint_eq(back.pkt.csum_start, 34);
	ck_assert_uint_eq(back.pkt.flags, s.pkt.flags);
	ck_assert_uint_eq(back.pkt.vlan_tpid, 0x8100);
	ck_assert_uint_eq(back.pkt.vlan_tci, 5);
	ck_assert_frame_eq(got, flatten(&back.pkt, got), s.bytes, len);
}
END_TEST

START_TEST(push_and_pop_are_inverse)
{
	uint8_t got[2048];
	struct pkt_buf a, b, c, d;
	struct pieces s;
	uint32_t len = offload_frame(&s, 0);

	ck_assert_int_eq(pkt_vlan_push(&s.pkt, 0x8100, 7, &a), 0);
	ck_assert_ptr_eq(a.pkt.iov, s.iov);
	ck_assert_int_eq(pkt_vlan_push(&a.pkt, 0x88a8, 9, &b), 0);
	ck_assert_uint_eq(b.pkt.len, len + 4);
	ck_assert_uint_eq(b.pkt.vlan_tci, 9);
	ck_assert_mem_eq(b.head + 12, "\x81\x00\x00\x07", 4);
	ck_assert_int_eq(pkt_vlan_pop(&b.pkt, &c), 0);
	ck_assert_uint_eq(c.pkt.flags & PKT_VLAN, 0);
	ck_assert_int_eq(pkt_vlan_pop(&c.pkt, &d), 0);
	ck_assert_uint_eq(d.pkt.flags & PKT_VLAN, 0);
	ck_assert_frame_eq(got, flatten(&d.pkt, got), s.bytes, len);
	ck_assert_int_eq(pkt_vlan_pop(&d.pkt, &a), 1);
}
END_TEST

START_TEST(tag_of_a_frame_too_short_stays)
{
	static const uint8_t runt[17] = { [12] = 0x81, [15] = 5 };
	struct pkt_buf buf;
	struct iovec iov;
	struct pkt pkt;

	pkt_flat(&pkt, &iov, runt, 17);
	ck_assert_int_eq(pkt_vlan_to_meta(&pkt, &buf), 1);
	pkt_flat(&pkt, &iov, runt, 14);
	ck_assert_int_eq(pkt_vlan_to_meta(&pkt, &buf), 1);
}
END_TEST

START_TEST(heads_beyond_reason_are_refused)
{
	struct iovec iov[FRAME_IOV_MAX];
	struct pkt_buf buf;
	struct pieces s;
	uint32_t len = offload_frame(&s, 0);

	s.pkt.flags = PKT_CSUM_PARTIAL;
	s.pkt.csum_start = FRAME_HDR_MAX - 7;
	s.pkt.csum_offset = 6;
	ck_assert_int_eq(pkt_head_own(&s.pkt, &buf), -1);
	s.pkt.csum_start--;
	ck_assert_int_eq(pkt_head_own(&s.pkt, &buf), 0);
	ck_assert_uint_eq(buf.iov[0].iov_len, FRAME_HDR_MAX);
	s.pkt.csum_start = 65535;
	s.pkt.csum_offset = 65535;
	ck_assert_int_eq(pkt_head_own(&s.pkt, &buf), -1);
	s.pkt.flags = 0;
	for (unsigned i = 0; i < FRAME_IOV_MAX; i++)
		iov[i] = (struct iovec) { s.bytes + (i ? len - FRAME_IOV_MAX + i : 0),
					  i ? 1 : len - FRAME_IOV_MAX + 1 };
	s.pkt.iov = iov;
	s.pkt.iovcnt = FRAME_IOV_MAX;
	ck_assert_int_eq(pkt_head_own(&s.pkt, &buf), -1);
	s.pkt.iovcnt = FRAME_PIECES_MAX; /* and a long first piece */
	s.pkt.len--;
	ck_assert_int_eq(pkt_head_own(&s.pkt, &buf), -1);
	s.pkt.iovcnt--;
	s.pkt.len--;
	ck_assert_int_eq(pkt_head_own(&s.pkt, &buf), 0);
	ck_assert_uint_eq(buf.pkt.iovcnt, FRAME_PIECES_MAX);
}
END_TEST

/* pieces-64: a frame of as many pieces as there may be is altered again and again. */
START_TEST(altering_adds_no_pieces)
{
	for (uint32_t first = PKT_HEAD; first <= FRAME_HDR_MAX; first += 40) {
		struct iovec iov[FRAME_PIECES_MAX];
		struct pkt_buf buf[4];
		uint8_t bytes[1200], got[1200];
		struct pkt pkt;

		for (unsigned i = 0; i < sizeof(bytes); i++)
			bytes[i] = (uint8_t)(i * 13);
		pkt_flat(&pkt, iov, bytes, first + FRAME_PIECES_MAX - 1);
		iov[0].iov_len = first;
		for (unsigned i = 1; i < FRAME_PIECES_MAX; i++)
			iov[i] = (struct iovec) { bytes + first + i - 1, 1 };
		pkt.iovcnt = FRAME_PIECES_MAX;
		ck_assert_ptr_null(pkt_can_own(&pkt, true));
		ck_assert_int_eq(pkt_vlan_push(&pkt, 0x8100, 1, &buf[0]), 0);
		for (unsigned i = 1; i < 4; i++) {
			ck_assert_int_eq(pkt_vlan_push(&buf[i - 1].pkt, 0x88a8, i, &buf[i]), 0);
			ck_assert_uint_eq(buf[i].pkt.iovcnt, FRAME_PIECES_MAX);
			ck_assert_uint_eq(buf[i].pkt.len, pkt.len + 4 * i);
		}
		ck_assert_uint_eq(pkt_copy(&buf[3].pkt, 24, got, 1200), pkt.len - 12);
		ck_assert_mem_eq(got, bytes + 12, pkt.len - 12);
	}
}
END_TEST

/* untag-short: padded in the head, and alike wherever the tag was. */
START_TEST(untagging_pads)
{
	for (uint32_t len = 18; len <= 70; len++) {
		uint8_t bytes[80], bare[80];
		struct pkt_buf a, b;
		struct iovec iov;
		struct pkt pkt;

		for (unsigned i = 0; i < sizeof(bytes); i++)
			bytes[i] = (uint8_t)(i + 1);
		memcpy(bytes + 12, "\x81\x00\x00\x05", 4);
		memcpy(bare, bytes, 12);
		memcpy(bare + 12, bytes + 16, 64);
		pkt_flat(&pkt, &iov, bytes, len);
		ck_assert_int_eq(pkt_vlan_untag(&pkt, 60, &a), 0);
		pkt_flat(&pkt, &iov, bare, len - 4);
		pkt.flags = PKT_VLAN;
		pkt.vlan_tpid = 0x8100;
		ck_assert_int_eq(pkt_vlan_untag(&pkt, 60, &b), 0);
		ck_assert_uint_eq(a.pkt.len, len - 4 < 60 ? 60 : len - 4);
		ck_assert_uint_eq(a.pkt.iovcnt, 1);
		ck_assert_uint_eq(a.pkt.iov[0].iov_len, a.pkt.len);
		ck_assert_uint_eq(b.pkt.iov[0].iov_len, a.pkt.len);
		ck_assert_uint_eq((a.pkt.flags | b.pkt.flags) & PKT_VLAN, 0);
		ck_assert_mem_eq(pkt_head(&a.pkt), pkt_head(&b.pkt), a.pkt.len);
		ck_assert_mem_eq(pkt_head(&a.pkt), bare, len - 4);
		for (uint32_t i = len - 4; i < 60; i++)
			ck_assert_uint_eq(pkt_head(&a.pkt)[i], 0);
	}
}
END_TEST

START_TEST(the_tag_behind_is_told)
{
	static const uint8_t types[][8] = { { 0x81, 0, 0, 5, 0x88, 0xb5 },
					    { 0x81, 0, 0, 0, 0x81, 0, 0, 20 },
					    { 0x88, 0xa8, 0, 7, 0x81, 0, 1, 2 },
					    { 0x81, 0, 0, 7, 0x88, 0xa8, 1, 2 },
					    { 0x88, 0xb5, 0, 7, 0x81, 0, 1, 2 } };
	static const uint32_t want[] = { 0, 0x81000014, 0x81000102, 0x88a80102, 0 };
	static const uint32_t front[] = { 0x81000005, 0x81000000, 0x88a80007, 0x81000007, 0 };
	uint8_t bytes[64] = { 0 };
	struct iovec iov;
	struct pkt pkt;

	for (unsigned i = 0; i < 5; i++) {
		memcpy(bytes + 12, types[i], 8);
		pkt_flat(&pkt, &iov, bytes, sizeof(bytes));
		ck_assert_uint_eq(frame_next_tag(&pkt), want[i]);
		pkt.flags = PKT_VLAN; /* another one beside the frame */
		ck_assert_uint_eq(frame_next_tag(&pkt), front[i]);
	}
	memcpy(bytes + 12, types[1], 8);
	pkt_flat(&pkt, &iov, bytes, 18);
	ck_assert_uint_eq(frame_next_tag(&pkt), 0x81000000);
	pkt_flat(&pkt, &iov, bytes, 17);
	ck_assert_uint_eq(frame_next_tag(&pkt), 0);
}
END_TEST

START_TEST(tag_inside_a_checksum_is_refused)
{
	struct pkt_buf buf;
	struct pieces s;

	offload_frame(&s, 1);
	s.pkt.flags = PKT_CSUM_PARTIAL;
	s.pkt.csum_start = 2;
	s.pkt.csum_offset = 16;
	ck_assert_int_eq(pkt_vlan_to_meta(&s.pkt, &buf), -1);
}
END_TEST

START_TEST(a_frame_of_greatest_length_takes_no_tag)
{
	static uint8_t big[PKT_MAX_LEN];
	struct pkt_buf buf;
	struct iovec iov;
	struct pkt pkt;

	pkt_flat(&pkt, &iov, big, PKT_MAX_LEN);
	pkt.flags = PKT_VLAN;
	ck_assert_int_eq(pkt_vlan_to_bytes(&pkt, &buf), -1);
	pkt_flat(&pkt, &iov, big, PKT_MAX_LEN - 4);
	pkt.flags = PKT_VLAN;
	ck_assert_int_eq(pkt_vlan_to_bytes(&pkt, &buf), 0);
	ck_assert_int_eq(pkt_vlan_into_own(&buf), -1);
}
END_TEST

START_TEST(copy_finishes_the_checksum)
{
	uint8_t got[2048], want[2048];
	uint64_t seed = 5;
	struct pieces s;

	for (unsigned round = 0; round < 100; round++) {
		struct build b = { .payload = 900 + round, .proto = round % 2 ? 17 : 6 };
		uint32_t len = build_frame(&b, want), field = round % 2 ? 40 : 50;
		uint16_t start;

		memcpy(s.bytes, want, len);
		memset(s.bytes + field, 0, 2);
		start = csum_fold16(csum_pseudo4(s.bytes + 26, round % 2 ? 17 : 6, len - 34));
		memcpy(s.bytes + field, &start, 2);
		split(&s, len, 192 + round % 3, &seed);
		s.pkt.flags = PKT_CSUM_PARTIAL;
		s.pkt.csum_start = 34;
		s.pkt.csum_offset = (uint16_t)(field - 34);
		ck_assert_frame_eq(got, pkt_copy_finished(&s.pkt, got), want, len);
		s.pkt.flags = 0;
		ck_assert_frame_eq(got, pkt_copy_finished(&s.pkt, got), s.bytes, len);
	}
}
END_TEST

int main(void)
{
	const TTest *const tests[] = {
		copies_any_part,
		cursor_moves_on,
		crc_on_the_way,
		borrows_pieces,
		borrow_tells_of_too_little_room,
		tag_goes_into_bytes,
		tag_moves_gso_offsets,
		push_and_pop_are_inverse,
		tag_of_a_frame_too_short_stays,
		heads_beyond_reason_are_refused,
		altering_adds_no_pieces,
		untagging_pads,
		the_tag_behind_is_told,
		tag_inside_a_checksum_is_refused,
		a_frame_of_greatest_length_takes_no_tag,
		copy_finishes_the_checksum,
		NULL,
	};

	return unit_main("frame-copy", tests);
}
