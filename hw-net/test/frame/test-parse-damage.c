/* SPDX-License-Identifier: BSD-2-Clause */
/* The parser on frames that contradict themselves, are cut short, or damaged. */
#include "hwnet/frame.h"

#include "build-frame.h"
#include "parse-exact.h"
#include "unit.h"

static uint8_t buf[BUILD_ROOM];

/* Whatever the bytes are, this holds of the result. */
static void check_sound(const struct frame *f, uint32_t have, uint32_t len)
{
	ck_assert_uint_le(f->end, len);
	ck_assert_uint_le(f->l3, have);
	ck_assert_uint_le(f->payload, have);
	ck_assert_uint_le(f->payload, f->end);
	if (f->flags & FRAME_IP)
		ck_assert_uint_le(f->daddr + (f->flags & FRAME_IPV4 ? 4u : 16u), have);
	else
		ck_assert_uint_eq(f->l4, 0);
	if (f->flags & KIND)
		ck_assert_uint_ne(f->l4, 0);
	if (f->flags & FRAME_TCP)
		ck_assert_uint_le(f->l4 + 20u, have);
	if (f->flags & FRAME_UDP)
		ck_assert_uint_le(f->l4 + 8u, have);
	if (f->frag)
		ck_assert_uint_le(f->frag + 8u, have);
	if (f->l4) {
		ck_assert_uint_ge(f->l4, f->l3 + 20u);
		ck_assert_uint_le(f->l4 + 4u, have);
		ck_assert(!f->payload || f->payload >= f->l4);
	}
}

/* A random frame of ordinary kinds. */
static struct build random_build(uint64_t *seed)
{
	static const uint8_t protos[] = { 6, 17, 132, 1, 58, 50, 47, 2, 200 };
	struct build b = { .v6 = test_random(seed) % 2 };

	b.proto = protos[test_random(seed) % sizeof(protos)];
	b.tpid[0] = test_random(seed) % 2 ? 0x8100 : 0;
	b.tpid[1] = test_random(seed) % 2 ? 0x88a8 : 0;
	b.ip_opts = (uint8_t)(test_random(seed) % 3 * 8);
	b.tcp_opts = (uint8_t)(test_random(seed) % 11 * 4);
	b.payload = test_random(seed) % 60;
	b.pad = test_random(seed) % 10;
	b.tunnel = test_random(seed) % 3;
	b.frag = test_random(seed) % 8 ? 0 : (uint16_t)test_random(seed) & 0x3fff;
	b.outer_v6 = test_random(seed) % 2;
	return b;
}

START_TEST(contradictions_are_told)
{
	struct build b = { .payload = 20 };
	uint32_t len = build_frame(&b, buf);
	struct frame f;

	buf[14] = 0x44;
	ck_assert_uint_eq(parse(buf, len).flags, FRAME_BAD);
	buf[14] = 0x65;
	ck_assert_uint_eq(parse(buf, len).flags, FRAME_BAD);
	build_frame(&b, buf);
	buf[46] = 0x40; /* TCP header of 16 bytes */
	f = parse(buf, len);
	ck_assert(f.flags & FRAME_BAD && f.flags & FRAME_TCP && !f.payload);
	build_frame(&b, buf);
	frame_put_be16(buf + 16, 19);
	f = parse(buf, len);
	ck_assert(f.flags & FRAME_BAD && !f.l4);
	frame_put_be16(buf + 16, 39); /* the datagram ends inside the TCP header */
	f = parse(buf, len);
	ck_assert(f.flags & FRAME_TRUNC && !f.l4);
}
END_TEST

START_TEST(lengths_are_cut_to_the_frame)
{
	for (unsigned v6 = 0; v6 < 2; v6++) {
		struct build b = { .payload = 20, .v6 = v6 };
		uint32_t len = build_frame(&b, buf), at = v6 ? 18 : 16;
		struct frame f;

		frame_put_be16(buf + at, 1000);
		f = parse(buf, len);
		ck_assert(f.flags & FRAME_LEN_SHORT && f.flags & FRAME_TCP);
		ck_assert_uint_eq(f.end, len);
		frame_put_be16(buf + at, 0);
		f = parse(buf, len);
		ck_assert(f.flags & FRAME_LEN_NONE && f.flags & FRAME_TCP);
		ck_assert_uint_eq(f.end, len);
		frame_put_be16(buf + at, 2);
		f = parse_exact(buf, len, len, FRAME_OPT_ANY_LEN);
		ck_assert_uint_eq(f.flags, (v6 ? FRAME_IPV6 : FRAME_IPV4) | FRAME_TCP);
		ck_assert_uint_eq(f.end, len);
	}
}
END_TEST

START_TEST(no_cut_is_read_beyond)
{
	uint64_t seed = 11;

	for (unsigned round = 0; round < 60; round++) {
		struct build b = random_build(&seed);
		uint32_t len = build_frame(&b, buf);
		struct frame whole = parse(buf, len);

		for (uint32_t have = 0; have <= len; have++) {
			struct frame f = parse_exact(buf, have, len, 0);

			check_sound(&f, have, len);
			/* Headers that are found are where they are in the whole frame. */
			ck_assert(f.l4 == whole.l4 || (!f.l4 && f.flags & FRAME_TRUNC));
			ck_assert(f.payload == whole.payload ||
				  (!f.payload && f.flags & FRAME_TRUNC));
			f = parse_exact(buf, have, have, 0);
			check_sound(&f, have, have);
		}
	}
}
END_TEST

START_TEST(no_damage_misleads)
{
	uint64_t seed = 12;

	for (unsigned round = 0; round < 20000; round++) {
		struct build b = random_build(&seed);
		uint32_t len = build_frame(&b, buf), have = test_random(&seed) % (len + 1);
		struct frame f, in;
		struct iovec iov;
		struct pkt pkt;
		uint8_t *own;

		for (unsigned n = test_random(&seed) % 6; n; n--)
			buf[test_random(&seed) % len] = (uint8_t)test_random(&seed);
		f = parse_exact(buf, have, len, test_random(&seed) % 4);
		check_sound(&f, have, len);
		if (have < 14)
			continue;
		own = malloc(have);
		memcpy(own, buf, have);
		pkt_flat(&pkt, &iov, own, have);
		frame_parse(&f, &pkt, 0);
		if (frame_parse_tunnel(&in, &pkt, &f, test_random(&seed) % 3, 0))
			check_sound(&in, have, have);
		frame_verify_l4(&pkt, &f);
		frame_verify_ip(&pkt, &f);
		frame_flow_hash(own, &f);
		free(own);
	}
}
END_TEST

int main(void)
{
	const TTest *const tests[] = {
		contradictions_are_told,
		lengths_are_cut_to_the_frame,
		no_cut_is_read_beyond,
		no_damage_misleads,
		NULL,
	};

	return unit_main("frame-parse-damage", tests);
}
