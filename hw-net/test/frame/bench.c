/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * What the frame primitives cost, in nanoseconds. Built, but not run by tests: nothing here can
 * fail.
 *
 * Each row is the best of fifty measurements of about 2 ms, over frames that are in the cache.
 */
#include <stdio.h>
#include <time.h>

#include "hwnet/frame.h"

#include "build-frame.h"

#define BEST_OF 50

struct work {
	uint8_t bytes[BUILD_ROOM];
	struct iovec iov[4];
	struct pkt pkt;
};

static struct work work;
static struct pkt burst_pkts[PKT_BURST];
static struct iovec burst_iov[PKT_BURST];
static uint8_t burst_bytes[PKT_BURST][2048], copy[BUILD_ROOM];
static struct toeplitz key;
/* Results go here, so that nothing is left out. */
static volatile uint32_t sink;

static double now_ns(void)
{
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC, &t);
	return (double)t.tv_sec * 1e9 + (double)t.tv_nsec;
}

/* Time one call of @once; returns ns. */
static double measure(void (*once)(void))
{
	double best = 1e18;

	for (unsigned round = 0; round < BEST_OF; round++) {
		unsigned n = 0;
		double start = now_ns(), end;

		do {
			for (unsigned i = 0; i < 10; i++)
				once();
			n += 10;
			end = now_ns();
		} while (end - start < 2e6);
		best = (end - start) / n < best ? (end - start) / n : best;
	}
	return best;
}

static void row(const char *what, void (*once)(void), unsigned bytes, unsigned per)
{
	double ns = measure(once);

	printf("%-44s %9.1f ns", what, ns / per);
	if (bytes)
		printf(" %8.2f bytes/ns", bytes / ns);
	putchar('\n');
}

static void use(const struct build *b)
{
	pkt_flat(&work.pkt, work.iov, work.bytes, build_frame(b, work.bytes));
}

static void parse(void)
{
	struct frame f;

	frame_parse(&f, &work.pkt, 0);
	sink = f.payload;
}

static void l2(void)
{
	sink = frame_l2(&work.pkt).type;
}

static void parse_and_hash(void)
{
	struct frame f;

	frame_parse(&f, &work.pkt, 0);
	sink = frame_flow_hash(work.bytes, &f);
}

static void parse_and_toeplitz(void)
{
	struct frame f;
	uint32_t hash = 0;

	frame_parse(&f, &work.pkt, 0);
	sink = toeplitz_frame(&key, work.bytes, &f, ~0u, &hash) ^ hash;
}

static void verify(void)
{
	struct frame f;

	frame_parse(&f, &work.pkt, 0);
	sink = frame_verify_l4(&work.pkt, &f);
}

static void sum(void)
{
	sink = csum_bytes(work.bytes, work.pkt.len);
}

static void sum_copy(void)
{
	sink = csum_copy(copy, work.bytes, work.pkt.len);
}

static void crc(void)
{
	sink = frame_crc32(0, work.bytes, work.pkt.len);
}

static void finish(void)
{
	struct pkt_buf buf;

	sink = (uint32_t)pkt_csum_finish(&work.pkt, &buf);
}

static void tag(void)
{
	struct pkt_buf buf;

	sink = (uint32_t)pkt_vlan_to_bytes(&work.pkt, &buf);
}

static void cut_with(unsigned opts)
{
	static struct pkt_buf seg;
	struct gso_iter it;
	const struct pkt *pkt;

	gso_begin(&it, &work.pkt, opts);
	while ((pkt = gso_next(&it, &seg)) != NULL)
		sink = pkt->len;
}

static void cut(void)
{
	cut_with(0);
}

static void cut_finish(void)
{
	cut_with(GSO_FINISH);
}

static void join_with(unsigned opts)
{
	static struct gro gro;
	const struct pkt *pkts[PKT_BURST];

	for (unsigned i = 0; i < 32; i++)
		pkts[i] = &burst_pkts[i];
	sink = gro_burst(&gro, pkts, 32, pkts, opts);
}

static void join(void)
{
	join_with(GRO_TCPV4);
}

static void join_verify(void)
{
	join_with(GRO_TCPV4 | GRO_VERIFY);
}

static void parsing(void)
{
	struct build b = { .payload = 6, .tcp_opts = 12 };

	use(&b);
	row("L2 only", l2, 0, 1);
	row("parse TCP/IPv4", parse, 0, 1);
	row("parse TCP/IPv4, flow hash", parse_and_hash, 0, 1);
	row("parse TCP/IPv4, Toeplitz", parse_and_toeplitz, 0, 1);
	b.v6 = true;
	use(&b);
	row("parse TCP/IPv6", parse, 0, 1);
	row("parse TCP/IPv6, flow hash", parse_and_hash, 0, 1);
	row("parse TCP/IPv6, Toeplitz", parse_and_toeplitz, 0, 1);
	b = (struct build) { .proto = 17, .tpid = { 0x8100 }, .payload = 18 };
	use(&b);
	row("parse tagged UDP/IPv4", parse, 0, 1);
}

static void summing(void)
{
	static const unsigned payloads[] = { 6, 1460, 65000 };

	for (unsigned i = 0; i < 3; i++) {
		struct build b = { .payload = payloads[i] };

		use(&b);
		printf("-- %u bytes\n", work.pkt.len);
		row("internet checksum", sum, work.pkt.len, 1);
		row("copy and internet checksum", sum_copy, work.pkt.len, 1);
		row("parse and verify TCP", verify, work.pkt.len, 1);
		row("CRC-32", crc, work.pkt.len, 1);
		work.pkt.flags = PKT_CSUM_PARTIAL;
		work.pkt.csum_start = 34;
		work.pkt.csum_offset = 16;
		row("complete a checksum in a head of its own", finish, work.pkt.len, 1);
		work.pkt.flags = PKT_VLAN;
		row("tag into the bytes", tag, 0, 1);
	}
}

static void cutting(void)
{
	struct build b = { .payload = 64 * 1000, .tcp_opts = 12 };

	use(&b);
	work.pkt.gso_type = PKT_GSO_TCPV4;
	work.pkt.gso_size = 1448;
	gso_init(&work.pkt, work.bytes);
	printf("-- %u bytes of TCP in segments of 1448\n", b.payload);
	row("cut, a segment", cut, 0, gso_segments(&work.pkt));
	row("cut and complete checksums, a segment", cut_finish, 0, gso_segments(&work.pkt));
}

static void joining(void)
{
	struct build b = { .payload = 1448, .tcp_opts = 12 };

	for (unsigned i = 0; i < 32; i++) {
		pkt_flat(&burst_pkts[i], &burst_iov[i], burst_bytes[i],
			 build_frame(&b, burst_bytes[i]));
		burst_pkts[i].flags = PKT_CSUM_VALID;
		b.seq += b.payload;
		b.ip_id++;
	}
	row("join 32 segments, a segment", join, 0, 32);
	for (unsigned i = 0; i < 32; i++)
		burst_pkts[i].flags = 0;
	row("join 32 segments and verify, a segment", join_verify, 0, 32);
}

int main(void)
{
	toeplitz_init(&key, (const uint8_t *)"0123456789012345678901234567890123456789", 40);
	parsing();
	summing();
	cutting();
	joining();
	return 0;
}
