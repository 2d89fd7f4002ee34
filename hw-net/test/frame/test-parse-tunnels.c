/* SPDX-License-Identifier: BSD-2-Clause */
/* The parser on tunnels: VXLAN, Geneve, GRE. */
#include "hwnet/frame.h"

#include "build-frame.h"
#include "parse-exact.h"
#include "unit.h"

static uint8_t buf[BUILD_ROOM];

START_TEST(looks_into_tunnels)
{
	for (unsigned i = 0; i < 16; i++) {
		struct build b = { .tunnel = i & 1 ? BUILD_GENEVE : BUILD_VXLAN,
				   .v6 = i & 2,
				   .outer_v6 = i & 4,
				   .payload = 30,
				   .proto = i & 8 ? 17 : 6,
				   .tpid = { 0x8100 } };
		uint32_t len = build_frame(&b, buf);
		struct frame outer, f;
		struct iovec iov;
		struct pkt pkt;

		pkt_flat(&pkt, &iov, buf, len);
		frame_parse(&outer, &pkt, 0);
		ck_assert(frame_parse_tunnel(&f, &pkt, &outer, i & 1 ? FRAME_GENEVE : FRAME_VXLAN,
					     0));
		ck_assert_uint_eq(f.payload, build_headers(&b));
		ck_assert_uint_eq(f.end, len);
		ck_assert_uint_eq(f.l2, outer.l4 + 16);
		ck_assert(!frame_parse_tunnel(&f, &pkt, &outer, FRAME_GRE_TUNNEL, 0));
		outer.flags |= FRAME_FRAG; /* the rest of the tunnel header may be elsewhere */
		ck_assert(!frame_parse_tunnel(&f, &pkt, &outer, i & 1 ? FRAME_GENEVE : FRAME_VXLAN,
					      0));
		outer.flags &= ~(uint32_t)(FRAME_FRAG | FRAME_UDP);
		ck_assert(!frame_parse_tunnel(&f, &pkt, &outer, i & 1 ? FRAME_GENEVE : FRAME_VXLAN,
					      0));
		outer.flags |= FRAME_UDP;
		buf[outer.l4 + 8] = i & 1 ? 0x40 : 0; /* Geneve version 1; VXLAN without VNI */
		ck_assert(!frame_parse_tunnel(&f, &pkt, &outer, i & 1 ? FRAME_GENEVE : FRAME_VXLAN,
					      0));
	}
}
END_TEST

START_TEST(looks_into_geneve_options)
{
	struct build b = { .tunnel = BUILD_GENEVE, .payload = 30 };
	uint32_t len = build_frame(&b, buf);
	struct frame outer, f;
	struct iovec iov;
	struct pkt pkt;

	memmove(buf + 50 + 8, buf + 50, len - 50);
	buf[42] = 2;
	frame_put_be16(buf + 16, (uint16_t)(frame_be16(buf + 16) + 8));
	frame_put_be16(buf + 38, (uint16_t)(frame_be16(buf + 38) + 8));
	pkt_flat(&pkt, &iov, buf, len + 8);
	frame_parse(&outer, &pkt, 0);
	ck_assert(frame_parse_tunnel(&f, &pkt, &outer, FRAME_GENEVE, 0));
	ck_assert_uint_eq(f.payload, build_headers(&b) + 8);
	buf[42] = 63; /* more options than there are bytes */
	ck_assert(!frame_parse_tunnel(&f, &pkt, &outer, FRAME_GENEVE, 0));
}
END_TEST

START_TEST(looks_into_gre)
{
	/* checksum, key, sequence number, an IPv4 header directly */
	for (unsigned bits = 0; bits < 8; bits++) {
		struct build b = { .proto = 47, .payload = 100 }, in = { .payload = 20 };
		uint32_t len = build_frame(&b, buf), skip;
		uint8_t inner[200];
		struct frame outer, f;
		struct iovec iov;
		struct pkt pkt;

		build_frame(&in, inner);
		frame_put_be16(buf + 34, (bits & 1 ? 0x8000 : 0) | (bits & 2 ? 0x2000 : 0) |
						 (bits & 4 ? 0x1000 : 0));
		frame_put_be16(buf + 36, 0x0800);
		skip = 34 + 4 + 4 * (unsigned)__builtin_popcount(bits);
		memcpy(buf + skip, inner + 14, 60);
		pkt_flat(&pkt, &iov, buf, len);
		frame_parse(&outer, &pkt, 0);
		ck_assert(frame_parse_tunnel(&f, &pkt, &outer, FRAME_GRE_TUNNEL, 0));
		ck_assert_uint_eq(f.l3, skip);
		ck_assert_uint_eq(f.payload, skip + 40);
		ck_assert_uint_eq(f.end, skip + 60);
		buf[35] |= 1; /* version 1 */
		ck_assert(!frame_parse_tunnel(&f, &pkt, &outer, FRAME_GRE_TUNNEL, 0));
	}
}
END_TEST

int main(void)
{
	const TTest *const tests[] = {
		looks_into_tunnels,
		looks_into_geneve_options,
		looks_into_gre,
		NULL,
	};

	return unit_main("frame-parse-tunnels", tests);
}
