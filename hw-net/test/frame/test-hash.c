/* SPDX-License-Identifier: BSD-2-Clause */
/* Toeplitz against the published verification suite; the flow hash. */
#include "hwnet/frame.h"

#include "build-frame.h"
#include "unit.h"

/* Key and vectors: "Verifying the RSS Hash Calculation", Microsoft's network driver
 * documentation. */
static const uint8_t key[40] = {
	0x6d, 0x5a, 0x56, 0xda, 0x25, 0x5b, 0x0e, 0xc2, 0x41, 0x67, 0x25, 0x3d, 0x43, 0xa3,
	0x8f, 0xb0, 0xd0, 0xca, 0x2b, 0xcb, 0xae, 0x7b, 0x30, 0xb4, 0x77, 0xcb, 0x2d, 0xa3,
	0x80, 0x30, 0xf2, 0x0c, 0x6a, 0x42, 0xb7, 0x3b, 0xbe, 0xac, 0x01, 0xfa,
};

static const struct {
	uint8_t src[4], dst[4];
	uint16_t sport, dport;
	uint32_t addrs, ports;
} v4[] = {
	{ { 66, 9, 149, 187 }, { 161, 142, 100, 80 }, 2794, 1766, 0x323e8fc2, 0x51ccc178 },
	{ { 199, 92, 111, 2 }, { 65, 69, 140, 83 }, 14230, 4739, 0xd718262a, 0xc626b0ea },
	{ { 24, 19, 198, 95 }, { 12, 22, 207, 184 }, 12898, 38024, 0xd2d0a5de, 0x5c2b394a },
	{ { 38, 27, 205, 30 }, { 209, 142, 163, 6 }, 48228, 2217, 0x82989176, 0xafc7327f },
	{ { 153, 39, 163, 191 }, { 202, 188, 127, 2 }, 44251, 1303, 0x5d1809c5, 0x10e828a2 },
};

static const struct {
	uint16_t src[8], dst[8];
	uint16_t sport, dport;
	uint32_t addrs, ports;
} v6[] = {
	{ { 0x3ffe, 0x2501, 0x200, 0x1fff, 0, 0, 0, 7 },
	  { 0x3ffe, 0x2501, 0x200, 3, 0, 0, 0, 1 },
	  2794,
	  1766,
	  0x2cc18cd5,
	  0x40207d3d },
	{ { 0x3ffe, 0x501, 8, 0, 0x260, 0x97ff, 0xfe40, 0xefab },
	  { 0xff02, 0, 0, 0, 0, 0, 0, 1 },
	  14230,
	  4739,
	  0x0f0c461c,
	  0xdde51bbf },
	{ { 0x3ffe, 0x1900, 0x4545, 3, 0x200, 0xf8ff, 0xfe21, 0x67cf },
	  { 0xfe80, 0, 0, 0, 0x200, 0xf8ff, 0xfe21, 0x67cf },
	  44251,
	  38024,
	  0x4b61e985,
	  0x02d1feef },
};

static uint8_t buf[BUILD_ROOM];
static struct toeplitz ready;

/* The definition: for each bit of the input that is set, the 32 bits of the key from there on. */
static uint32_t slow_toeplitz(const uint8_t *k, const uint8_t *data, unsigned len)
{
	uint32_t hash = 0;

	for (unsigned bit = 0; bit < 8 * len; bit++) {
		uint32_t window = 0;

		for (unsigned b = bit; b < bit + 32; b++)
			window = window << 1 | (b / 8 < 40 ? k[b / 8] >> (7 - b % 8) & 1 : 0);
		hash ^= data[bit / 8] >> (7 - bit % 8) & 1 ? window : 0;
	}
	return hash;
}

static void put_ports(const struct frame *f, uint16_t sport, uint16_t dport)
{
	frame_put_be16(buf + f->l4, sport);
	frame_put_be16(buf + f->l4 + 2, dport);
}

static unsigned hash_of(const struct frame *f, unsigned types, uint32_t *hash)
{
	return toeplitz_frame(&ready, buf, f, types, hash);
}

START_TEST(verification_suite_v4)
{
	struct build b = { .payload = 1 };
	struct iovec iov;
	struct frame f;
	struct pkt pkt;
	uint32_t hash;

	toeplitz_init(&ready, key, 40);
	pkt_flat(&pkt, &iov, buf, build_frame(&b, buf));
	frame_parse(&f, &pkt, 0);
	for (unsigned i = 0; i < 5; i++) {
		memcpy(buf + f.saddr, v4[i].src, 4);
		memcpy(buf + f.daddr, v4[i].dst, 4);
		put_ports(&f, v4[i].sport, v4[i].dport);
		ck_assert_uint_eq(hash_of(&f, RSS_IPV4 | RSS_TCPV4, &hash), RSS_TCPV4);
		ck_assert_uint_eq(hash, v4[i].ports);
		ck_assert_uint_eq(hash_of(&f, RSS_IPV4 | RSS_UDPV4 | RSS_TCPV6, &hash), RSS_IPV4);
		ck_assert_uint_eq(hash, v4[i].addrs);
	}
}
END_TEST

START_TEST(verification_suite_v6)
{
	struct build b = { .payload = 1, .v6 = true };
	struct iovec iov;
	struct frame f;
	struct pkt pkt;
	uint32_t hash;

	toeplitz_init(&ready, key, 40);
	pkt_flat(&pkt, &iov, buf, build_frame(&b, buf));
	frame_parse(&f, &pkt, 0);
	for (unsigned i = 0; i < 3; i++) {
		for (unsigned j = 0; j < 8; j++) {
			frame_put_be16(buf + f.saddr + 2 * j, v6[i].src[j]);
			frame_put_be16(buf + f.daddr + 2 * j, v6[i].dst[j]);
		}
		put_ports(&f, v6[i].sport, v6[i].dport);
		ck_assert_uint_eq(hash_of(&f, RSS_IPV6 | RSS_TCPV6, &hash), RSS_TCPV6);
		ck_assert_uint_eq(hash, v6[i].ports);
		ck_assert_uint_eq(hash_of(&f, RSS_IPV6, &hash), RSS_IPV6);
		ck_assert_uint_eq(hash, v6[i].addrs);
	}
}
END_TEST

START_TEST(any_input_as_defined)
{
	uint64_t seed = 1;
	uint8_t k[40], data[36];

	for (unsigned round = 0; round < 200; round++) {
		unsigned klen = test_random(&seed) % 41, len = test_random(&seed) % 37;

		memset(k, 0, 40);
		for (unsigned i = 0; i < klen; i++)
			k[i] = (uint8_t)test_random(&seed);
		for (unsigned i = 0; i < len; i++)
			data[i] = (uint8_t)test_random(&seed);
		toeplitz_init(&ready, k, klen);
		ck_assert_uint_eq(toeplitz_hash(&ready, data, len), slow_toeplitz(k, data, len));
	}
}
END_TEST

START_TEST(types_that_do_not_apply)
{
	struct build b = { .payload = 20, .proto = 17, .frag = 0x2000 };
	struct iovec iov;
	struct frame f;
	struct pkt pkt;
	uint32_t hash;

	toeplitz_init(&ready, key, 40);
	pkt_flat(&pkt, &iov, buf, build_frame(&b, buf));
	frame_parse(&f, &pkt, 0);
	ck_assert_uint_eq(hash_of(&f, RSS_UDPV4 | RSS_IPV4, &hash), RSS_IPV4);
	ck_assert_uint_eq(hash_of(&f, RSS_UDPV4 | RSS_TCPV4 | RSS_IPV6, &hash), 0);
	b.frag = 0;
	build_frame(&b, buf);
	frame_parse(&f, &pkt, 0);
	ck_assert_uint_eq(hash_of(&f, RSS_UDPV4 | RSS_IPV4, &hash), RSS_UDPV4);
	frame_put_be16(buf + 12, 0x0806);
	frame_parse(&f, &pkt, 0);
	ck_assert_uint_eq(hash_of(&f, ~0u, &hash), 0);
}
END_TEST

static uint32_t flow_hash(const struct build *b)
{
	struct iovec iov;
	struct frame f;
	struct pkt pkt;

	pkt_flat(&pkt, &iov, buf, build_frame(b, buf));
	frame_parse(&f, &pkt, 0);
	return frame_flow_hash(buf, &f);
}

START_TEST(flow_hash_tells_flows_apart)
{
	for (unsigned v = 0; v < 2; v++) {
		struct build b = { .v6 = v, .payload = 10 }, c = b;
		uint32_t h = flow_hash(&b);

		c.seq = 99;
		c.payload = 20;
		c.ttl = 3;
		ck_assert_uint_eq(flow_hash(&c), h);
		c = b;
		c.sport = 1001;
		ck_assert_uint_ne(flow_hash(&c), h);
		c = b;
		c.dport = 2001;
		ck_assert_uint_ne(flow_hash(&c), h);
		c = b;
		c.hosts[0] = 9;
		ck_assert_uint_ne(flow_hash(&c), h);
		c = b;
		c.hosts[1] = 9;
		ck_assert_uint_ne(flow_hash(&c), h);
	}
}
END_TEST

START_TEST(flow_hash_takes_each_byte_of_an_address)
{
	for (unsigned v = 0; v < 2; v++) {
		struct build b = { .v6 = v, .payload = 10 };
		uint32_t h = flow_hash(&b), at = v ? 22 : 26;
		struct iovec iov;
		struct frame f;
		struct pkt pkt;

		for (unsigned i = 0; i < (v ? 32 : 8); i++) {
			pkt_flat(&pkt, &iov, buf, build_frame(&b, buf));
			buf[at + i] ^= 0x40;
			frame_parse(&f, &pkt, 0);
			ck_assert_uint_ne(frame_flow_hash(buf, &f), h);
		}
	}
}
END_TEST

START_TEST(fragments_hash_alike)
{
	struct build b = { .payload = 64, .proto = 17, .frag = 0x2000 }, later = b;

	later.frag = 0x0004;
	later.sport = 7;
	ck_assert_uint_eq(flow_hash(&b), flow_hash(&later));
}
END_TEST

START_TEST(flow_hash_spreads)
{
	unsigned count[16] = { 0 };

	for (unsigned i = 0; i < 4096; i++) {
		struct build b = { .sport = (uint16_t)(40000 + i), .payload = 1 };

		count[flow_hash(&b) >> 28]++;
	}
	for (unsigned i = 0; i < 16; i++)
		ck_assert_uint_ge(count[i], 256 / 2);
}
END_TEST

START_TEST(flow_hash_without_ip)
{
	uint8_t p[60] = { 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 0x88, 0xb5 };
	struct iovec iov;
	struct frame f;
	struct pkt pkt;
	uint32_t h;

	pkt_flat(&pkt, &iov, p, 60);
	frame_parse(&f, &pkt, 0);
	h = frame_flow_hash(p, &f);
	p[20] = 1;
	ck_assert_uint_eq(frame_flow_hash(p, &f), h);
	p[11] = 13;
	ck_assert_uint_ne(frame_flow_hash(p, &f), h);
	p[11] = 12;
	p[0] = 3;
	ck_assert_uint_ne(frame_flow_hash(p, &f), h);
}
END_TEST

/* A tunnel for L3 that holds nothing known: there are no addresses of any kind. */
START_TEST(flow_hash_of_l3_without_addresses)
{
	uint8_t *own = malloc(20);
	struct frame f;

	memset(own, 1, 20);
	frame_parse_l3(&f, own, 20, 20, 20, 0x1234, 0);
	ck_assert_uint_eq(frame_flow_hash(own, &f), 0);
	free(own);
}
END_TEST

int main(void)
{
	const TTest *const tests[] = {
		verification_suite_v4,
		verification_suite_v6,
		any_input_as_defined,
		types_that_do_not_apply,
		flow_hash_tells_flows_apart,
		flow_hash_takes_each_byte_of_an_address,
		fragments_hash_alike,
		flow_hash_spreads,
		flow_hash_without_ip,
		flow_hash_of_l3_without_addresses,
		NULL,
	};

	return unit_main("frame-hash", tests);
}
