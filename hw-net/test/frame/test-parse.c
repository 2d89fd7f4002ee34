/* SPDX-License-Identifier: BSD-2-Clause */
/* The parser on frames of all kinds. */
#include "hwnet/frame.h"

#include "build-frame.h"
#include "parse-exact.h"
#include "unit.h"

static uint8_t buf[BUILD_ROOM];

START_TEST(finds_all_headers)
{
	static const uint32_t l4_flags[] = { FRAME_TCP, FRAME_UDP, FRAME_SCTP };
	static const uint8_t protos[] = { 6, 17, 132 };

	for (unsigned i = 0; i < 2 * 3 * 3 * 2; i++) {
		struct build b = { .v6 = i % 2,
				   .proto = protos[i / 2 % 3],
				   .payload = 33,
				   .pad = i / 6 % 3,
				   .tcp_opts = 12 };
		unsigned tags = i / 6 % 3, l3 = 14 + 4 * tags;
		uint32_t len, l4;
		struct frame f;

		b.ip_opts = i / 18 % 2 ? 16 : 0;
		b.tpid[0] = tags > 0 ? 0x88a8 : 0;
		b.tpid[1] = tags > 1 ? 0x8100 : 0;
		b.tci[0] = 0x2001;
		b.tci[1] = 0x0fff;
		len = build_frame(&b, buf);
		l4 = l3 + (b.v6 ? 40 : 20) + b.ip_opts;
		f = parse(buf, len);
		ck_assert_uint_eq(f.n_tags, tags);
		ck_assert_uint_eq(f.tci[0], tags > 0 ? 0x2001 : 0);
		ck_assert_uint_eq(f.tci[1], tags > 1 ? 0x0fff : 0);
		ck_assert_uint_eq(f.type, b.v6 ? 0x86dd : 0x0800);
		ck_assert_uint_eq(f.l3, l3);
		ck_assert_uint_eq(f.saddr, l3 + (b.v6 ? 8 : 12));
		ck_assert_uint_eq(f.daddr, l3 + (b.v6 ? 24 : 16));
		ck_assert_uint_eq(f.l4, l4);
		ck_assert_uint_eq(f.proto, b.proto);
		ck_assert_uint_eq(f.payload, build_headers(&b));
		ck_assert_uint_eq(f.end, len - b.pad);
		ck_assert_uint_eq(f.flags & ~FRAME_PORTS, (b.v6 ? FRAME_IPV6 : FRAME_IPV4) |
								  (b.ip_opts ? FRAME_IP_OPTS : 0));
		ck_assert_uint_eq(f.flags & FRAME_PORTS, l4_flags[i / 2 % 3]);
	}
}
END_TEST

START_TEST(knows_other_protocols)
{
	static const struct {
		uint8_t proto;
		uint32_t v4, v6;
	} rows[] = {
		{ 1, FRAME_ICMP, 0 },	      { 2, FRAME_IGMP, 0 },	    { 58, 0, FRAME_ICMPV6 },
		{ 50, FRAME_ESP, FRAME_ESP }, { 47, FRAME_GRE, FRAME_GRE }, { 200, 0, 0 },
	};

	for (unsigned i = 0; i < 12; i++) {
		struct build b = { .proto = rows[i / 2].proto, .v6 = i % 2, .payload = 20 };
		uint32_t want = i % 2 ? rows[i / 2].v6 : rows[i / 2].v4;
		struct frame f = parse(buf, build_frame(&b, buf));

		ck_assert_uint_eq(f.flags & KIND, want);
		ck_assert_uint_eq(f.proto, b.proto);
		ck_assert_int_eq(f.l4 != 0, want != 0);
	}
}
END_TEST

START_TEST(knows_mld)
{
	struct build b = { .proto = 58, .v6 = true, .payload = 16 };
	uint32_t len = build_frame(&b, buf);

	for (unsigned type = 0; type < 256; type++) {
		bool mld = type == 130 || type == 131 || type == 132 || type == 143;
		struct frame f;

		buf[54] = (uint8_t)type;
		f = parse(buf, len);
		ck_assert_uint_eq(f.flags & KIND, mld ? FRAME_ICMPV6 | FRAME_MLD : FRAME_ICMPV6);
	}
}
END_TEST

START_TEST(tells_fragments_apart)
{
	struct build b = { .proto = 17, .payload = 40, .frag = 0x2000 };
	struct frame f = parse(buf, build_frame(&b, buf));

	ck_assert_uint_eq(f.flags, FRAME_IPV4 | FRAME_UDP | FRAME_FRAG);
	b.frag = 0x2001;
	f = parse(buf, build_frame(&b, buf));
	ck_assert_uint_eq(f.flags, FRAME_IPV4 | FRAME_FRAG | FRAME_FRAG_LATER);
	ck_assert_uint_eq(f.l4, 0);
	b.frag = 0x0001;
	f = parse(buf, build_frame(&b, buf));
	ck_assert_uint_eq(f.flags, FRAME_IPV4 | FRAME_FRAG | FRAME_FRAG_LATER);
	b.frag = 0x4000; /* do not fragment is no fragment */
	f = parse(buf, build_frame(&b, buf));
	ck_assert_uint_eq(f.flags, FRAME_IPV4 | FRAME_UDP);
}
END_TEST

/* An IPv6 frame whose extension headers the caller has put at 54; returns its length. */
static uint32_t ext_frame(const uint8_t *ext, uint32_t len, uint8_t first)
{
	struct build b = { .proto = 17, .v6 = true, .payload = 32 };
	uint32_t total = build_frame(&b, buf);

	memmove(buf + 54 + len, buf + 54, total - 54);
	memcpy(buf + 54, ext, len);
	buf[20] = first;
	frame_put_be16(buf + 18, (uint16_t)(total - 54 + len));
	return total + len;
}

START_TEST(passes_extension_headers)
{
	/* hop-by-hop, routing with none left, fragment that is alone, authentication,
	 * destination */
	static const uint8_t ext[] = {
		43, 0, 1,  4, 0, 0, 0, 0, 44, 1, 0,  0, 0,  0, 0, 0, 0, 0, 0, 0, 0, 0,
		0,  0, 51, 0, 0, 0, 1, 2, 3,  4, 60, 4, 0,  0, 0, 0, 0, 0, 0, 0, 0, 0,
		0,  0, 0,  0, 0, 0, 0, 0, 0,  0, 0,  0, 17, 0, 1, 4, 0, 0, 0, 0,
	};
	uint32_t len = ext_frame(ext, sizeof(ext), 0);
	struct frame f = parse(buf, len);

	ck_assert_uint_eq(f.flags, FRAME_IPV6 | FRAME_IP_OPTS | FRAME_AH | FRAME_UDP);
	ck_assert_uint_eq(f.l4, 54 + sizeof(ext));
	ck_assert_uint_eq(f.frag, 54 + 24);
	ck_assert_uint_eq(f.end, len);
	buf[54 + 8 + 3] = 1;
	f = parse(buf, len);
	ck_assert_uint_eq(f.flags,
			  FRAME_IPV6 | FRAME_IP_OPTS | FRAME_AH | FRAME_UDP | FRAME_ROUTING);
	buf[54 + 24 + 3] = 1; /* more fragments */
	f = parse(buf, len);
	ck_assert(f.flags & FRAME_FRAG && f.flags & FRAME_UDP);
	buf[54 + 24 + 3] = 8; /* offset 1 */
	f = parse(buf, len);
	ck_assert(f.flags & FRAME_FRAG_LATER && !f.l4);
}
END_TEST

START_TEST(extension_headers_are_bounded)
{
	uint8_t ext[9 * 8] = { 0 };
	struct frame f;

	for (unsigned i = 0; i < 9; i++)
		ext[8 * i] = 60;
	ext[64] = 17;
	f = parse(buf, ext_frame(ext, 72, 60));
	ck_assert(f.flags & FRAME_BAD && !f.l4);
	ext[56] = 17;
	f = parse(buf, ext_frame(ext, 64, 60));
	ck_assert_uint_eq(f.flags, FRAME_IPV6 | FRAME_IP_OPTS | FRAME_UDP);
	/* one that is longer than the frame */
	ext[1] = 255;
	f = parse(buf, ext_frame(ext, 64, 60));
	ck_assert(f.flags & FRAME_TRUNC && !f.l4);
}
END_TEST

START_TEST(passes_authentication_in_ipv4)
{
	struct build b = { .proto = 17, .payload = 32 };
	uint32_t len = build_frame(&b, buf);

	memmove(buf + 34 + 24, buf + 34, len - 34);
	memset(buf + 34, 0, 24);
	buf[23] = 51;
	buf[34] = 17;
	buf[35] = 4;
	frame_put_be16(buf + 16, (uint16_t)(len - 14 + 24));
	ck_assert_uint_eq(parse(buf, len + 24).l4, 58);
	ck_assert_uint_eq(parse(buf, len + 24).flags, FRAME_IPV4 | FRAME_AH | FRAME_UDP);
}
END_TEST

START_TEST(reads_llc_and_snap)
{
	uint8_t p[60] = { [12] = 0, [13] = 46, [14] = 0x42, [15] = 0x42, [16] = 3 };
	struct frame f = parse(p, 60);

	ck_assert_uint_eq(f.flags, FRAME_LLC);
	ck_assert_uint_eq(f.type, 0);
	ck_assert_uint_eq(f.end, 60);
	memcpy(p + 14, "\xaa\xaa\x03\x00\x00\x00\x08\x06", 8);
	p[13] = 8 + 28;
	memcpy(p + 22, "\x00\x01\x08\x00\x06\x04", 6);
	f = parse(p, 60);
	ck_assert_uint_eq(f.flags, FRAME_LLC | FRAME_SNAP | FRAME_ARP);
	ck_assert_uint_eq(f.type, 0x0806);
	ck_assert_uint_eq(f.l3, 22);
	ck_assert_uint_eq(f.end, 50);
	p[19] = 1; /* another organisation's */
	ck_assert_uint_eq(parse(p, 60).flags, FRAME_LLC);
	p[13] = 47;
	ck_assert_uint_eq(parse(p, 60).flags, FRAME_LLC | FRAME_LEN_SHORT);
}
END_TEST

START_TEST(reads_arp)
{
	uint8_t p[60] = { [12] = 8, [13] = 6 };
	struct frame f;

	memcpy(p + 14, "\x00\x01\x08\x00\x06\x04\x00\x01", 8);
	f = parse(p, 60);
	ck_assert_uint_eq(f.flags, FRAME_ARP);
	ck_assert_uint_eq(f.l3, 14);
	ck_assert_uint_eq(parse(p, 41).flags, FRAME_TRUNC);
	p[18] = 8;
	ck_assert_uint_eq(parse(p, 60).flags, 0);
}
END_TEST

START_TEST(old_tag_type_only_if_asked)
{
	struct build b = { .tpid = { 0x9100, 0x8100 }, .tci = { 1, 2 }, .payload = 20 };
	uint32_t len = build_frame(&b, buf);
	struct frame f = parse(buf, len);

	ck_assert_uint_eq(f.n_tags, 0);
	ck_assert_uint_eq(f.type, 0x9100);
	f = parse_exact(buf, len, len, FRAME_OPT_9100);
	ck_assert_uint_eq(f.n_tags, 2);
	ck_assert(f.flags & FRAME_TCP);
}
END_TEST

START_TEST(third_tag_is_a_type)
{
	struct build b = { .tpid = { 0x8100, 0x8100 }, .payload = 20 };
	uint32_t len = build_frame(&b, buf);
	struct frame f;

	memmove(buf + 16, buf + 12, len - 12);
	f = parse(buf, len + 4);
	ck_assert_uint_eq(f.n_tags, 2);
	ck_assert_uint_eq(f.type, 0x8100);
	ck_assert_uint_eq(f.flags, 0);
	ck_assert_uint_eq(f.l3, 22);
}
END_TEST

START_TEST(l2_takes_the_outermost_tag)
{
	struct build b = { .tpid = { 0x88a8, 0x8100 }, .tci = { 5, 6 }, .payload = 10 };
	struct frame_l2 l2;
	struct iovec iov;
	struct pkt pkt;

	pkt_flat(&pkt, &iov, buf, build_frame(&b, buf));
	l2 = frame_l2(&pkt);
	ck_assert(l2.tpid == 0x88a8 && l2.tci == 5 && l2.type == 0x8100 && l2.off == 18);
	pkt.flags = PKT_VLAN;
	pkt.vlan_tpid = 0x8100;
	pkt.vlan_tci = 9;
	l2 = frame_l2(&pkt);
	ck_assert(l2.tpid == 0x8100 && l2.tci == 9 && l2.type == 0x88a8 && l2.off == 14);
	b.tpid[0] = 0;
	pkt_flat(&pkt, &iov, buf, build_frame(&b, buf));
	l2 = frame_l2(&pkt);
	ck_assert(l2.tpid == 0 && l2.type == 0x0800 && l2.off == 14);
}
END_TEST

int main(void)
{
	const TTest *const tests[] = {
		finds_all_headers,
		knows_other_protocols,
		knows_mld,
		tells_fragments_apart,
		passes_extension_headers,
		extension_headers_are_bounded,
		passes_authentication_in_ipv4,
		reads_llc_and_snap,
		reads_arp,
		old_tag_type_only_if_asked,
		third_tag_is_a_type,
		l2_takes_the_outermost_tag,
		NULL,
	};

	return unit_main("frame-parse", tests);
}
