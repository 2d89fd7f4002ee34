/* SPDX-License-Identifier: BSD-2-Clause */
/* Joining: what was cut is joined again; what differs is not joined; flows keep their order. */
#include "messages.h"
#include "unit.h"

#define BOTH (GRO_TCPV4 | GRO_TCPV6)

/* A burst of frames that are built one by one. */
struct burst {
	uint8_t bytes[PKT_BURST][2048];
	struct iovec iov[PKT_BURST];
	struct pkt pkts[PKT_BURST];
	const struct pkt *in[PKT_BURST], *out[PKT_BURST];
	unsigned n;
};

static struct gro gro;
static struct burst burst;
static struct message msg;
static struct pkt_buf segs[PKT_BURST];
static struct gso_iter iter;
static uint8_t got[BUILD_ROOM], want[BUILD_ROOM];

static void add_flags(const struct build *b, uint16_t flags)
{
	unsigned i = burst.n++;

	pkt_flat(&burst.pkts[i], &burst.iov[i], burst.bytes[i], build_frame(b, burst.bytes[i]));
	burst.pkts[i].flags = flags;
	burst.in[i] = &burst.pkts[i];
}

static void add(const struct build *b)
{
	add_flags(b, PKT_CSUM_VALID);
}

static unsigned run(unsigned opts)
{
	return gro_burst(&gro, burst.in, burst.n, burst.out, opts);
}

/* The segment that follows. */
static struct build next_of(struct build b)
{
	b.seq += b.payload;
	b.fill = (uint8_t)(b.fill + b.payload);
	b.ip_id++;
	return b;
}

/* Two segments, the second changed: how many frames come out. */
static unsigned pair(struct build first, struct build second)
{
	burst.n = 0;
	add(&first);
	add(&second);
	return run(BOTH);
}

START_TEST(cut_and_joined_is_the_same)
{
	uint64_t seed = 41;
	unsigned joined = 0;

	for (unsigned round = 0; round < 600; round++) {
		const struct pkt *in[PKT_BURST], *out[PKT_BURST];
		unsigned n = 0, left;
		uint16_t mss;
		struct build b = random_message(&seed, &mss);

		b.tunnel = BUILD_PLAIN;
		b.proto = 6;
		b.ip_opts = 0;
		b.flags = (uint8_t)(b.flags & (FRAME_TCP_ACK | FRAME_TCP_PSH));
		b.payload = b.payload < 30u * mss ? b.payload : 30u * mss;
		make_message(&msg, &b, mss, NULL);
		ck_assert_ptr_null(gso_begin(&iter, &msg.pkt, round % 2 ? GSO_FINISH : 0));
		while (n < PKT_BURST && gso_next(&iter, &segs[n])) {
			in[n] = &segs[n].pkt;
			n++;
		}
		if (round % 4 == 1)
			for (unsigned i = 0; i < n; i++)
				segs[i].pkt.flags &= (uint16_t)~PKT_CSUM_VALID;
		left = gro_burst(&gro, in, n, out, BOTH | GRO_VERIFY);
		ck_assert_uint_eq(left, 1);
		if (n == 1) {
			ck_assert_ptr_eq(out[0], in[0]);
			continue;
		}
		joined++;
		ck_assert_frame_eq(got, flatten(out[0], got), msg.bytes, msg.pkt.len);
		ck_assert_uint_eq(out[0]->gso_type, msg.pkt.gso_type);
		ck_assert_uint_eq(out[0]->gso_size, mss);
		ck_assert_uint_eq(out[0]->hdr_len, msg.pkt.hdr_len);
		ck_assert_uint_eq(out[0]->csum_start, msg.pkt.csum_start);
		ck_assert_uint_eq(out[0]->flags, PKT_CSUM_PARTIAL);
		ck_assert_ptr_null(gso_check(out[0], NULL));
	}
	ck_assert_uint_gt(joined, 300);
}
END_TEST

START_TEST(what_differs_is_not_joined)
{
	for (unsigned v6 = 0; v6 < 2; v6++) {
		struct build a = {
			.payload = 1000, .v6 = v6, .tcp_opts = 12, .stamp = 5, .ip_id = 7
		};
		struct build good = next_of(a), b;

#define DIFFERS(change)                                      \
	do {                                                 \
		b = good;                                    \
		change;                                      \
		ck_assert_uint_eq(pair(a, b), 2);            \
		ck_assert_ptr_eq(burst.out[0], burst.in[0]); \
		ck_assert_ptr_eq(burst.out[1], burst.in[1]); \
	} while (0)

		ck_assert_uint_eq(pair(a, good), 1);
		DIFFERS(b.seq++);
		DIFFERS(b.seq--);
		DIFFERS(b.ack++);
		DIFFERS(b.window++);
		DIFFERS(b.stamp++);
		DIFFERS(b.tcp_opts = 16);
		DIFFERS(b.ttl = 63);
		DIFFERS(b.tos = 0x10);
		DIFFERS(b.sport = 1001);
		DIFFERS(b.dport = 2001);
		DIFFERS(b.hosts[0] = 9);
		DIFFERS(b.hosts[1] = 9);
		DIFFERS(b.src[5] = 9);
		DIFFERS(b.tpid[0] = 0x8100);
		DIFFERS(b.payload = 1001);
		DIFFERS(b.payload = 0);
		DIFFERS(b.ip_opts = 8);
		DIFFERS(b.flags = FRAME_TCP_ACK | FRAME_TCP_FIN);
		DIFFERS(b.flags = FRAME_TCP_ACK | FRAME_TCP_URG);
		DIFFERS(b.flags = FRAME_TCP_ACK | FRAME_TCP_CWR);
		DIFFERS(b.flags = FRAME_TCP_ACK | FRAME_TCP_ECE);
		DIFFERS(b.flags = FRAME_TCP_ACK | FRAME_TCP_SYN);
		DIFFERS(b.flags = FRAME_TCP_PSH);
		DIFFERS(b.proto = 17);
		if (!v6) {
			DIFFERS(b.ip_id++);
			DIFFERS(b.df = true);
			DIFFERS(b.frag = 0x2000);
		}
	}
}
END_TEST

START_TEST(with_df_the_identification_does_not_matter)
{
	struct build a = { .payload = 1000, .df = true }, b = next_of(a);

	b.ip_id = 4711;
	ck_assert_uint_eq(pair(a, b), 1);
}
END_TEST

START_TEST(checksums_must_be_good)
{
	struct build a = { .payload = 1000 }, b = next_of(a), bad = b;

	bad.bad_csum = true;
	burst.n = 0;
	add_flags(&a, 0);
	add_flags(&b, 0);
	ck_assert_uint_eq(run(BOTH), 2);
	ck_assert_uint_eq(run(BOTH | GRO_VERIFY), 1);
	burst.n = 0;
	add_flags(&a, 0);
	add_flags(&bad, 0);
	ck_assert_uint_eq(run(BOTH | GRO_VERIFY), 2);
	burst.n = 0;
	bad = a;
	bad.bad_csum = true;
	add_flags(&bad, 0);
	add_flags(&b, 0);
	ck_assert_uint_eq(run(BOTH | GRO_VERIFY), 2);
	ck_assert_uint_eq(pair(a, b), 1);
	burst.bytes[1][24] ^= 1; /* the IPv4 header checksum */
	ck_assert_uint_eq(run(BOTH), 2);
	ck_assert_ptr_eq(burst.out[0], burst.in[0]);
	ck_assert_uint_eq(pair(a, b), 1);
	burst.bytes[0][24] ^= 1;
	ck_assert_uint_eq(run(BOTH), 2);
}
END_TEST

START_TEST(unfinished_checksums_are_known)
{
	struct build a = { .payload = 1000 }, b = next_of(a);

	burst.n = 0;
	add_flags(&a, PKT_CSUM_PARTIAL);
	add_flags(&b, PKT_CSUM_PARTIAL);
	for (unsigned i = 0; i < 2; i++) {
		burst.pkts[i].csum_start = 34;
		burst.pkts[i].csum_offset = 16;
	}
	ck_assert_uint_eq(run(BOTH), 1);
	burst.pkts[1].csum_start = 35;
	ck_assert_uint_eq(run(BOTH | GRO_VERIFY), 2);
}
END_TEST

START_TEST(push_ends_a_message)
{
	struct build b = { .payload = 500 };

	burst.n = 0;
	for (unsigned i = 0; i < 6; i++) {
		b.flags = i == 2 ? FRAME_TCP_ACK | FRAME_TCP_PSH : FRAME_TCP_ACK;
		add(&b);
		b = next_of(b);
	}
	ck_assert_uint_eq(run(BOTH), 2);
	ck_assert_uint_eq(burst.out[0]->len, 54 + 1500);
	ck_assert_uint_eq(pkt_head(burst.out[0])[47], FRAME_TCP_ACK | FRAME_TCP_PSH);
	ck_assert_uint_eq(burst.out[1]->len, 54 + 1500);
	ck_assert_uint_eq(pkt_head(burst.out[1])[47], FRAME_TCP_ACK);
}
END_TEST

START_TEST(a_short_segment_ends_a_message)
{
	struct build b = { .payload = 500 };

	burst.n = 0;
	for (unsigned i = 0; i < 4; i++) {
		b.payload = i == 1 ? 499 : 500;
		add(&b);
		b = next_of(b);
	}
	ck_assert_uint_eq(run(BOTH), 2);
	ck_assert_uint_eq(burst.out[0]->len, 54 + 999);
	ck_assert_uint_eq(burst.out[1]->len, 54 + 1000);
}
END_TEST

START_TEST(padding_is_no_payload)
{
	struct build a = { .payload = 4, .fill = 'a' }, b = next_of(a), c = next_of(b);

	burst.n = 0;
	a.pad = b.pad = c.pad = 2;
	add(&a);
	add(&b);
	add(&c);
	ck_assert_uint_eq(run(BOTH), 1);
	ck_assert_uint_eq(flatten(burst.out[0], got), 54 + 12);
	ck_assert_mem_eq(got + 54, "abcdefghijkl", 12);
}
END_TEST

START_TEST(tags_of_the_metadata_count)
{
	struct build a = { .payload = 1000 }, b = next_of(a);

	pair(a, b);
	burst.pkts[0].flags |= PKT_VLAN;
	burst.pkts[0].vlan_tci = 5;
	ck_assert_uint_eq(run(BOTH), 2);
	burst.pkts[1].flags |= PKT_VLAN;
	ck_assert_uint_eq(run(BOTH), 2);
	burst.pkts[1].vlan_tci = 5;
	ck_assert_uint_eq(run(BOTH), 1);
	ck_assert_uint_eq(burst.out[0]->flags, PKT_VLAN | PKT_CSUM_PARTIAL);
	ck_assert_uint_eq(burst.out[0]->vlan_tci, 5);
}
END_TEST

START_TEST(only_what_is_asked_for)
{
	struct build a = { .payload = 1000 }, b = next_of(a);

	pair(a, b);
	ck_assert_uint_eq(run(GRO_TCPV6), 2);
	ck_assert_uint_eq(run(GRO_TCPV4), 1);
	a.v6 = b.v6 = true;
	pair(a, b);
	ck_assert_uint_eq(run(GRO_TCPV6), 1);
	ck_assert_uint_eq(run(GRO_TCPV4), 2);
	ck_assert_uint_eq(run(0), 2);
}
END_TEST

/* A frame that could belong to the flow stops joining across it. */
START_TEST(nothing_overtakes_its_flow)
{
	struct build a = { .payload = 1000 }, b = next_of(a), ack = b,
		     other = { .proto = 17, .payload = 9 };

	ack.payload = 0;
	burst.n = 0;
	add(&a);
	add(&ack);
	add(&b);
	ck_assert_uint_eq(run(BOTH), 3);
	for (unsigned i = 0; i < 3; i++)
		ck_assert_ptr_eq(burst.out[i], burst.in[i]);
	burst.n = 0;
	add(&a);
	add(&other);
	add(&b);
	ck_assert_uint_eq(run(BOTH), 2);
	ck_assert_ptr_eq(burst.out[1], burst.in[1]);
	other.frag = 0x2001;
	burst.n = 0;
	add(&a);
	add(&other);
	add(&b);
	ck_assert_uint_eq(run(BOTH), 3);
}
END_TEST

START_TEST(flows_do_not_disturb_each_other)
{
	struct build flows[8];

	burst.n = 0;
	for (unsigned i = 0; i < 8; i++)
		flows[i] = (struct build) { .payload = 100,
					    .sport = (uint16_t)(5000 + i),
					    .v6 = i & 1,
					    .fill = (uint8_t)i };
	for (unsigned i = 0; i < 64; i++) {
		add(&flows[i % 8]);
		flows[i % 8] = next_of(flows[i % 8]);
	}
	ck_assert_uint_eq(run(BOTH), 8);
	for (unsigned i = 0; i < 8; i++) {
		struct build whole = { .payload = 800,
				       .sport = (uint16_t)(5000 + i),
				       .v6 = i & 1,
				       .fill = (uint8_t)i };
		uint32_t len = build_frame(&whole, want), field = i & 1 ? 70 : 50;

		ck_assert_uint_eq(flatten(burst.out[i], got), len);
		memcpy(want + field, got + field, 2);
		ck_assert_mem_eq(got, want, len);
	}
}
END_TEST

START_TEST(more_flows_than_there_is_room_for_pass)
{
	burst.n = 0;
	for (unsigned i = 0; i < PKT_BURST; i++) {
		struct build b = { .payload = 100, .sport = (uint16_t)(5000 + i / 2 * 7) };

		if (i % 2)
			b = next_of(b);
		add(&b);
	}
	ck_assert_uint_eq(run(BOTH), PKT_BURST - GRO_FLOWS);
}
END_TEST

START_TEST(a_message_has_its_limits)
{
	/* length: 64 segments of 1400 are more than an IP header can say */
	struct build b = { .payload = 1400 };

	burst.n = 0;
	for (unsigned i = 0; i < PKT_BURST; i++) {
		add(&b);
		b = next_of(b);
	}
	ck_assert_uint_eq(run(BOTH), 2);
	ck_assert_uint_le(burst.out[0]->len, 65535);
	ck_assert_uint_eq(burst.out[0]->len + burst.out[1]->len, 108 + 64 * 1400);
	/* pieces: 64 small segments need one entry each */
	b = (struct build) { .payload = 300 };
	burst.n = 0;
	for (unsigned i = 0; i < PKT_BURST; i++) {
		add(&b);
		b = next_of(b);
	}
	ck_assert_uint_eq(run(BOTH), 2);
	ck_assert_uint_lt(burst.out[0]->iovcnt, FRAME_IOV_MAX);
	ck_assert_uint_eq(burst.out[0]->len + burst.out[1]->len, 108 + 64 * 300);
}
END_TEST

START_TEST(output_may_be_input)
{
	struct build b = { .payload = 300 };
	const struct pkt *pkts[4];

	burst.n = 0;
	for (unsigned i = 0; i < 4; i++) {
		add(&b);
		b = next_of(b);
		pkts[i] = burst.in[i];
	}
	ck_assert_uint_eq(gro_burst(&gro, pkts, 4, pkts, BOTH), 1);
	ck_assert_uint_eq(pkts[0]->len, 54 + 1200);
}
END_TEST

/* Whatever a burst is like: no byte of payload is lost or made, no flow is reordered. */
START_TEST(any_burst_keeps_its_bytes)
{
	uint64_t seed = 42;

	for (unsigned round = 0; round < 3000; round++) {
		struct build flows[3] = { { .payload = 64 },
					  { .payload = 64, .sport = 7 },
					  { .payload = 64, .v6 = true } };
		uint32_t before = 0, after = 0, last[3] = { 0 };
		unsigned n;

		burst.n = 0;
		for (unsigned i = 0; i < 40; i++) {
			unsigned k = test_random(&seed) % 3;
			struct build b = flows[k];

			b.flags = test_random(&seed) % 9 ? 0 : (uint8_t)test_random(&seed);
			b.payload -= test_random(&seed) % 9 ? 0 : 10;
			b.ack += test_random(&seed) % 9 ? 0 : 1;
			before += b.payload;
			add(&b);
			flows[k] = next_of(b);
			flows[k].payload = 64;
		}
		n = run(BOTH);
		for (unsigned i = 0; i < n; i++) {
			struct frame f;
			unsigned k;

			frame_parse(&f, burst.out[i], 0);
			k = f.flags & FRAME_IPV6 ? 2 :
						   frame_be16(pkt_head(burst.out[i]) + f.l4) == 7;
			ck_assert_uint_eq(frame_be32(pkt_head(burst.out[i]) + f.l4 + 4), last[k]);
			last[k] += f.end - f.payload;
			after += f.end - f.payload;
			flatten(burst.out[i], got);
		}
		ck_assert_uint_eq(before, after);
	}
}
END_TEST

int main(void)
{
	const TTest *const tests[] = {
		cut_and_joined_is_the_same,
		what_differs_is_not_joined,
		with_df_the_identification_does_not_matter,
		checksums_must_be_good,
		unfinished_checksums_are_known,
		push_ends_a_message,
		a_short_segment_ends_a_message,
		padding_is_no_payload,
		tags_of_the_metadata_count,
		only_what_is_asked_for,
		nothing_overtakes_its_flow,
		flows_do_not_disturb_each_other,
		more_flows_than_there_is_room_for_pass,
		a_message_has_its_limits,
		output_may_be_input,
		any_burst_keeps_its_bytes,
		NULL,
	};

	return unit_main("frame-gro", tests);
}
