/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Words of another party: what stays unfinished is nothing that anybody judges by
 * (pkt_words_settle()).
 */
#include "hwnet/frame.h"

#include "build-frame.h"
#include "messages.h"
#include "unit.h"

static uint8_t bytes[BUILD_ROOM], before[BUILD_ROOM], done[BUILD_ROOM];

/* A frame with the words of a sum. */
static struct pkt words(struct iovec *iov, uint32_t len, uint32_t start, uint32_t offset)
{
	struct pkt pkt;

	pkt_flat(&pkt, iov, bytes, len);
	pkt.flags = PKT_CSUM_PARTIAL;
	pkt.csum_start = (uint16_t)start;
	pkt.csum_offset = (uint16_t)offset;
	return pkt;
}

/* Does the sum of the frame in @bytes stay unfinished? If not, it has to be what it would be. */
static bool waits(uint32_t len, uint32_t start, uint32_t offset)
{
	struct iovec iov;
	struct pkt pkt = words(&iov, len, start, offset);

	memcpy(before, bytes, len);
	pkt_copy_finished(&pkt, done);
	ck_assert_ptr_null(pkt_words_settle(&pkt, bytes));
	if (pkt.flags & PKT_CSUM_PARTIAL) {
		ck_assert_mem_eq(bytes, before, len);
		return true;
	}
	ck_assert_mem_eq(bytes, done, len);
	memcpy(bytes, before, len);
	return false;
}

static uint32_t l4_of(const struct build *b)
{
	return build_headers(b) - (b->proto == 17 ? 8 : 20 + b->tcp_opts);
}

static uint32_t field_of(const struct build *b)
{
	return b->proto == 17 ? FRAME_UDP_CSUM : FRAME_TCP_CSUM;
}

START_TEST(sums_of_tcp_and_udp_wait)
{
	for (unsigned i = 0; i < 64; i++) {
		struct build b = { .payload = 40,
				   .v6 = i & 1,
				   .proto = i & 2 ? 17 : 6,
				   .tcp_opts = i & 2 ? 0 : 12,
				   .ip_opts = i & 4 ? 16 : 0,
				   .tpid = { i & 8 ? 0x8100 : 0, i & 16 ? 0x88a8 : 0 },
				   .pad = i & 32 ? 7 : 0 };
		uint32_t len = build_frame(&b, bytes);

		ck_assert(waits(len, l4_of(&b), field_of(&b)));
	}
}
END_TEST

/* csum-rewrite: forged addresses, group addresses, ports were written by the sum. */
START_TEST(no_other_place_waits)
{
	for (unsigned i = 0; i < 8; i++) {
		struct build b = { .payload = 6,
				   .v6 = i & 1,
				   .proto = i & 2 ? 17 : 6,
				   .tpid = { i & 4 ? 0x8100 : 0 } };
		uint32_t len = build_frame(&b, bytes);

		for (uint32_t start = 0; start < len; start++)
			for (uint32_t offset = 0; start + offset + 2 <= len; offset++)
				ck_assert_int_eq(waits(len, start, offset),
						 start == l4_of(&b) && offset == field_of(&b));
	}
}
END_TEST

START_TEST(nothing_waits_in_fragments_and_broken_headers)
{
	static const uint16_t frags[] = { 0x2000, 0x0001, 0x2010 };
	struct build b = { .payload = 100, .proto = 17 };
	uint32_t len;

	for (unsigned i = 0; i < 3; i++) {
		b.frag = frags[i];
		len = build_frame(&b, bytes);
		ck_assert(!waits(len, 34, FRAME_UDP_CSUM));
	}
	b = (struct build) { .payload = 100 };
	len = build_frame(&b, bytes);
	bytes[46] = 0x40; /* TCP data offset below 5 */
	ck_assert(!waits(len, 34, FRAME_TCP_CSUM));
	build_frame(&b, bytes);
	frame_put_be16(bytes + 16, 30); /* the datagram ends within the TCP header */
	ck_assert(!waits(len, 34, FRAME_TCP_CSUM));
	build_frame(&b, bytes);
	bytes[14] = 0x55; /* no IPv4 */
	ck_assert(!waits(len, 34, FRAME_TCP_CSUM));
}
END_TEST

/* RFC 8200, 4.1: the header is behind them. A fragment header says that there is no such. */
START_TEST(extension_headers_are_passed)
{
	struct build b = { .payload = 60, .v6 = true, .proto = 17, .ip_opts = 24 };
	uint32_t len = build_frame(&b, bytes);

	ck_assert(waits(len, 54 + 24, FRAME_UDP_CSUM));
	ck_assert(!waits(len, 54, FRAME_UDP_CSUM));
	bytes[20] = 44; /* the destination options are read as a fragment header */
	memset(bytes + 54, 0, 8);
	bytes[54] = 17;
	frame_put_be16(bytes + 56, 1);
	ck_assert(!waits(len, 54 + 8, FRAME_UDP_CSUM));
	frame_put_be16(bytes + 56, 0); /* RFC 6946: whole all the same */
	ck_assert(waits(len, 54 + 8, FRAME_UDP_CSUM));
}
END_TEST

START_TEST(inner_sums_wait_where_the_port_tells_the_tunnel)
{
	for (unsigned i = 0; i < 16; i++) {
		struct build b = { .payload = 50,
				   .tunnel = i & 1 ? BUILD_GENEVE : BUILD_VXLAN,
				   .v6 = i & 2,
				   .proto = i & 4 ? 17 : 6,
				   .outer_csum = i & 8 };
		uint32_t len = build_frame(&b, bytes), l4 = l4_of(&b);

		ck_assert(waits(len, l4, field_of(&b)));
		ck_assert(!waits(len, l4 - 8, field_of(&b)));
		frame_put_be16(bytes + 36, 67); /* whatever it is, it is not for us to say */
		ck_assert(!waits(len, l4, field_of(&b)));
		frame_put_be16(bytes + 36, FRAME_PORT_VXLAN);
		bytes[20] = 0x20; /* a fragment */
		ck_assert(!waits(len, l4, field_of(&b)));
	}
}
END_TEST

START_TEST(a_field_behind_the_head_is_refused)
{
	struct build b = { .payload = 300 };
	uint32_t len = build_frame(&b, bytes);
	struct iovec iov[2] = { { bytes, PKT_HEAD }, { bytes + PKT_HEAD, len - PKT_HEAD } };
	struct pkt pkt = { .iov = iov,
			   .iovcnt = 2,
			   .len = len,
			   .flags = PKT_CSUM_PARTIAL,
			   .csum_start = 190,
			   .csum_offset = 1 };

	ck_assert_ptr_nonnull(pkt_words_settle(&pkt, bytes));
	pkt.csum_offset = 0;
	ck_assert_ptr_null(pkt_words_settle(&pkt, bytes));
	ck_assert_uint_eq(pkt.flags, 0);
}
END_TEST

/* Whoever sets both flags has not verified anything. */
START_TEST(an_unfinished_sum_is_not_valid)
{
	struct build b = { .payload = 30 };
	uint32_t len = build_frame(&b, bytes);
	struct iovec iov;
	struct pkt pkt = words(&iov, len, 34, FRAME_TCP_CSUM);

	pkt.flags |= PKT_CSUM_VALID;
	ck_assert_ptr_null(pkt_words_settle(&pkt, bytes));
	ck_assert_uint_eq(pkt.flags, PKT_CSUM_PARTIAL);
	pkt = words(&iov, len, 20, 0);
	pkt.flags |= PKT_CSUM_VALID;
	ck_assert_ptr_null(pkt_words_settle(&pkt, bytes));
	ck_assert_uint_eq(pkt.flags, 0);
	pkt.flags = PKT_CSUM_VALID;
	ck_assert_ptr_null(pkt_words_settle(&pkt, bytes));
	ck_assert_uint_eq(pkt.flags, PKT_CSUM_VALID);
}
END_TEST

START_TEST(outer_sums_wait_at_the_outer_header_only)
{
	struct build b = { .payload = 30, .tunnel = BUILD_VXLAN };
	uint32_t len = build_frame(&b, bytes);
	struct iovec iov;
	struct pkt pkt = words(&iov, len, l4_of(&b), FRAME_TCP_CSUM);

	pkt.flags |= PKT_OUTER_CSUM;
	pkt.outer_l4 = 34;
	ck_assert_ptr_null(pkt_words_settle(&pkt, bytes));
	ck_assert_uint_eq(pkt.flags, PKT_CSUM_PARTIAL | PKT_OUTER_CSUM);
	pkt.outer_l4 = 30;
	ck_assert_ptr_nonnull(pkt_words_settle(&pkt, bytes));
	pkt.outer_l4 = 34;
	pkt.csum_start = 34;
	pkt.csum_offset = FRAME_UDP_CSUM;
	ck_assert_ptr_nonnull(pkt_words_settle(&pkt, bytes));
}
END_TEST

START_TEST(words_of_a_message_fit_its_headers)
{
	static struct message m;
	struct build b = { .payload = 3000 };

	make_message(&m, &b, 1000, NULL);
	ck_assert_ptr_null(pkt_words_settle(&m.pkt, m.bytes));
	m.pkt.hdr_len++;
	ck_assert_ptr_nonnull(pkt_words_settle(&m.pkt, m.bytes));
	m.pkt.hdr_len--;
	m.pkt.csum_start += 2;
	ck_assert_ptr_nonnull(pkt_words_settle(&m.pkt, m.bytes));
	m.pkt.csum_start -= 2;
	m.pkt.csum_offset = FRAME_UDP_CSUM;
	ck_assert_ptr_nonnull(pkt_words_settle(&m.pkt, m.bytes));
	m.pkt.csum_offset = FRAME_TCP_CSUM;
	m.pkt.gso_size = 0;
	ck_assert_ptr_nonnull(pkt_words_settle(&m.pkt, m.bytes));
}
END_TEST

int main(void)
{
	const TTest *const tests[] = { sums_of_tcp_and_udp_wait,
				       no_other_place_waits,
				       nothing_waits_in_fragments_and_broken_headers,
				       extension_headers_are_passed,
				       inner_sums_wait_where_the_port_tells_the_tunnel,
				       a_field_behind_the_head_is_refused,
				       an_unfinished_sum_is_not_valid,
				       outer_sums_wait_at_the_outer_header_only,
				       words_of_a_message_fit_its_headers,
				       NULL };

	return unit_main("frame-words", tests);
}
