/* SPDX-License-Identifier: BSD-2-Clause */
/* Internet checksum against the slow way; verifying and completing. */
#include "hwnet/frame.h"

#include "build-frame.h"
#include "unit.h"

static uint8_t buf[BUILD_ROOM], other[BUILD_ROOM];

/* A 16-bit value in memory order as a number. */
static uint16_t as_number(uint16_t v)
{
	uint8_t b[2];

	memcpy(b, &v, 2);
	return frame_be16(b);
}

/* Sums that are congruent are the same checksum; 0 and 0xffff are. */
static uint32_t canonical(uint32_t sum)
{
	return sum % 0xffff;
}

static void random_bytes(uint8_t *p, uint32_t len, uint64_t *seed)
{
	for (uint32_t i = 0; i < len; i++)
		p[i] = (uint8_t)test_random(seed);
}

START_TEST(sums_as_the_slow_way)
{
	uint64_t seed = 1;

	for (unsigned round = 0; round < 3000; round++) {
		uint32_t at = test_random(&seed) % 16,
			 len = test_random(&seed) % (round % 10 ? 300 : 5000);
		uint32_t want;

		random_bytes(buf + at, len, &seed);
		if (round % 7 == 0)
			memset(buf + at, 0xff, len); /* every addition carries */
		want = canonical(slow_sum(0, buf + at, len));
		ck_assert_uint_eq(canonical(as_number(csum_fold16(csum_bytes(buf + at, len)))),
				  want);
		memset(other, 0, len + 1);
		ck_assert_uint_eq(
			canonical(as_number(csum_fold16(csum_copy(other, buf + at, len)))), want);
		ck_assert_mem_eq(other, buf + at, len);
		ck_assert_uint_eq(other[len], 0);
	}
}
END_TEST

START_TEST(odd_pieces_add_up)
{
	uint64_t seed = 2;

	for (unsigned round = 0; round < 1000; round++) {
		struct iovec iov[20];
		uint32_t at = 0, off, len;
		unsigned cnt = 0;
		struct pkt pkt;

		random_bytes(buf, 600, &seed);
		while (at < 600 && cnt < 20) {
			uint32_t n = cnt == 19 ? 600 - at : 1 + test_random(&seed) % 60;

			n = n < 600 - at ? n : 600 - at;
			iov[cnt++] = (struct iovec) { buf + at, n };
			at += n;
		}
		pkt = (struct pkt) { .iov = iov, .iovcnt = (uint16_t)cnt, .len = 600 };
		off = test_random(&seed) % 620;
		len = test_random(&seed) % 700;
		at = off >= 600 ? 0 : len < 600 - off ? len : 600 - off;
		ck_assert_uint_eq(canonical(as_number(csum_fold16(csum_pkt(&pkt, off, len)))),
				  canonical(slow_sum(0, buf + off, at)));
	}
}
END_TEST

static void flat(struct pkt *pkt, struct iovec *iov, struct frame *f, uint32_t len)
{
	pkt_flat(pkt, iov, buf, len);
	frame_parse(f, pkt, 0);
}

START_TEST(verifies_each_protocol)
{
	static const uint8_t protos[] = { 6, 17, 1, 58 };

	for (unsigned i = 0; i < 4 * 2 * 3; i++) {
		struct build b = { .proto = protos[i % 4],
				   .v6 = i / 4 % 2,
				   .payload = 101 + i,
				   .pad = i % 3,
				   .tcp_opts = 12,
				   .ip_opts = (uint8_t)(i / 8 * 8) };
		struct iovec iov;
		struct frame f;
		struct pkt pkt;

		if (b.proto == (b.v6 ? 1 : 58))
			continue;
		flat(&pkt, &iov, &f, build_frame(&b, buf));
		ck_assert_int_eq(frame_verify_l4(&pkt, &f), FRAME_CSUM_GOOD);
		ck_assert_int_eq(frame_verify_ip(&pkt, &f),
				 b.v6 ? FRAME_CSUM_UNKNOWN : FRAME_CSUM_GOOD);
		b.bad_csum = true;
		flat(&pkt, &iov, &f, build_frame(&b, buf));
		ck_assert_int_eq(frame_verify_l4(&pkt, &f), FRAME_CSUM_BAD);
		buf[f.l3 + 8] ^= 1;
		ck_assert_int_eq(frame_verify_ip(&pkt, &f),
				 b.v6 ? FRAME_CSUM_UNKNOWN : FRAME_CSUM_BAD);
	}
}
END_TEST

START_TEST(knows_what_cannot_be_verified)
{
	struct build b = { .proto = 17, .payload = 64, .no_csum = true };
	struct iovec iov;
	struct frame f;
	struct pkt pkt;

	flat(&pkt, &iov, &f, build_frame(&b, buf));
	ck_assert_int_eq(frame_verify_l4(&pkt, &f), FRAME_CSUM_ABSENT);
	b.no_csum = false;
	b.frag = 0x2000; /* first fragment */
	flat(&pkt, &iov, &f, build_frame(&b, buf));
	ck_assert_int_eq(frame_verify_l4(&pkt, &f), FRAME_CSUM_UNKNOWN);
	b.frag = 0;
	flat(&pkt, &iov, &f, build_frame(&b, buf) - 1);
	ck_assert_int_eq(frame_verify_l4(&pkt, &f), FRAME_CSUM_UNKNOWN);
	flat(&pkt, &iov, &f, build_frame(&b, buf));
	buf[f.l4 + 5]++; /* UDP length beyond the datagram */
	ck_assert_int_eq(frame_verify_l4(&pkt, &f), FRAME_CSUM_UNKNOWN);
	b.proto = 132;
	flat(&pkt, &iov, &f, build_frame(&b, buf));
	ck_assert_int_eq(frame_verify_l4(&pkt, &f), FRAME_CSUM_UNKNOWN);
}
END_TEST

/* Make a finished frame unfinished: the pseudo-header's sum in the field. */
static void unfinish(struct pkt *pkt, uint8_t *p)
{
	struct frame f;
	uint16_t v;

	frame_parse(&f, pkt, 0);
	pkt->flags |= PKT_CSUM_PARTIAL;
	pkt->csum_start = f.l4;
	pkt->csum_offset = f.flags & FRAME_TCP ? 16 : 6;
	v = csum_fold16(csum_pseudo(p, &f, pkt->len - f.l4));
	memcpy(p + f.l4 + pkt->csum_offset, &v, 2);
}

START_TEST(finishes_what_was_left)
{
	for (unsigned i = 0; i < 200; i++) {
		struct build b = { .proto = i & 1 ? 17 : 6,
				   .v6 = i & 2,
				   .payload = i * 7,
				   .fill = (uint8_t)i,
				   .tpid = { i & 4 ? 0x8100 : 0 } };
		uint32_t len = build_frame(&b, other);
		struct pkt_buf out;
		struct iovec iov[2];
		struct pkt pkt;

		memcpy(buf, other, len);
		pkt_flat(&pkt, iov, buf, len);
		unfinish(&pkt, buf);
		if (len > 200) {
			iov[0].iov_len = 199;
			iov[1] = (struct iovec) { buf + 199, len - 199 };
			pkt.iovcnt = 2;
		}
		ck_assert_int_eq(pkt_csum_finish(&pkt, &out), 0);
		ck_assert_uint_eq(out.pkt.flags, PKT_CSUM_VALID);
		ck_assert_uint_eq(pkt_copy(&out.pkt, 0, buf, len), len);
		ck_assert_frame_eq(buf, out.pkt.len, other, len);
	}
}
END_TEST

/* UDP that would sum to 0 gets 0xffff, since 0 means that there is no checksum (RFC 768). */
START_TEST(udp_zero_becomes_ones)
{
	struct build b = { .proto = 17, .payload = 2 };
	uint32_t len = build_frame(&b, buf);
	struct pkt_buf out;
	struct iovec iov;
	struct pkt pkt;
	uint16_t v;

	/* Put what the checksum is now where the payload is 0: then the sum is 0xffff. */
	memcpy(&v, buf + 40, 2);
	buf[42] = buf[43] = 0;
	pkt_flat(&pkt, &iov, buf, len);
	unfinish(&pkt, buf);
	v = pkt_csum_value(&pkt);
	memcpy(buf + 42, &v, 2);
	ck_assert_uint_eq(pkt_csum_value(&pkt), 0xffff);
	ck_assert_int_eq(pkt_csum_finish(&pkt, &out), 0);
	ck_assert_mem_eq(out.head + 40, "\xff\xff", 2);
}
END_TEST

/* A start that is not the L4 header is summed as told, but nobody vouches for it. */
START_TEST(odd_requests_are_not_called_valid)
{
	struct build b = { .payload = 100 };
	uint32_t len = build_frame(&b, buf);
	struct pkt_buf out;
	struct iovec iov;
	struct pkt pkt;

	pkt_flat(&pkt, &iov, buf, len);
	pkt.flags = PKT_CSUM_PARTIAL;
	pkt.csum_start = 33;
	pkt.csum_offset = 20;
	ck_assert_int_eq(pkt_csum_finish(&pkt, &out), 0);
	ck_assert_uint_eq(out.pkt.flags, 0);
	build_frame(&b, buf);
	pkt.csum_start = 34;
	pkt.csum_offset = 16; /* right place, but the pseudo-header's sum is not in it */
	ck_assert_int_eq(pkt_csum_finish(&pkt, &out), 0);
	ck_assert_uint_eq(out.pkt.flags, 0);
	pkt.csum_start = (uint16_t)(len - 1);
	ck_assert_int_eq(pkt_csum_finish(&pkt, &out), -1);
}
END_TEST

START_TEST(finishes_the_outer_checksum)
{
	for (unsigned i = 0; i < 64; i++) {
		struct build b = { .proto = i & 1 ? 17 : 6,
				   .v6 = i & 2,
				   .outer_v6 = i & 4,
				   .tunnel = i & 8 ? BUILD_VXLAN : BUILD_GENEVE,
				   .payload = 60 + i,
				   .outer_csum = true };
		uint32_t len = build_frame(&b, other), udp, l4, field;
		struct frame outer, inner;
		struct pkt_buf out;
		struct iovec iov;
		struct pkt pkt;
		uint16_t v;

		memcpy(buf, other, len);
		flat(&pkt, &iov, &outer, len);
		ck_assert(frame_parse_tunnel(&inner, &pkt, &outer,
					     i & 8 ? FRAME_VXLAN : FRAME_GENEVE, 0));
		udp = outer.l4;
		l4 = inner.l4;
		field = i & 1 ? 6 : 16;
		ck_assert_uint_eq(inner.payload, build_headers(&b));
		memset(buf + udp + 6, 0xab, 2); /* of no meaning with PKT_OUTER_CSUM */
		pkt.outer_l4 = (uint16_t)udp;
		pkt.flags = PKT_OUTER_CSUM;
		if (i & 16) {
			v = csum_fold16(csum_pseudo(buf, &inner, len - l4));
			memcpy(buf + l4 + field, &v, 2);
			pkt.flags |= PKT_CSUM_PARTIAL;
			pkt.csum_start = (uint16_t)l4;
			pkt.csum_offset = (uint16_t)field;
		}
		ck_assert_int_eq(pkt_csum_finish(&pkt, &out), 0);
		ck_assert_uint_eq(pkt_copy(&out.pkt, 0, buf, len), len);
		ck_assert_frame_eq(buf, out.pkt.len, other, len);
		pkt.outer_l4++;
		ck_assert_int_eq(pkt_csum_finish(&pkt, &out), -1);
	}
}
END_TEST

int main(void)
{
	const TTest *const tests[] = {
		sums_as_the_slow_way,
		odd_pieces_add_up,
		verifies_each_protocol,
		knows_what_cannot_be_verified,
		finishes_what_was_left,
		udp_zero_becomes_ones,
		odd_requests_are_not_called_valid,
		finishes_the_outer_checksum,
		NULL,
	};

	return unit_main("frame-csum", tests);
}
