/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * What a frame costs in the e1000 core: nanoseconds a frame, without a guest and without QEMU.
 *
 * On the cheapest host there can be a driver in this program fills rings, 32 frames a doorbell. A
 * row is the median of several rounds. Run by hand: bench-e1000 [rounds]
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "bench-host.h"
#include "hwnet/frame.h"

#define RING	  256u
#define BURST	  32u
#define TX_RING	  0x10000u
#define RX_RING	  0x20000u
#define TX_DATA	  0x100000u
#define RX_DATA	  0x800000u
#define MAX_ROUND 101

static struct hwnet_nic *nic;

static void wr(uint32_t off, uint32_t val)
{
	hwnet_write(nic, 0, off, val, 4);
	bench_settle(nic);
}

static void put64(uint32_t addr, uint64_t val)
{
	memcpy(bench_mem + addr, &val, 8);
}

static void set_up(uint32_t rctl, uint32_t rxcsum)
{
	struct hwnet_config cfg;
	char err[100];

	hwnet_free(nic);
	hwnet_config_init(hwnet_find_model("e1000"), &cfg);
	memcpy(cfg.mac, "\x52\x54\0\1\2\3", 6);
	nic = hwnet_new(hwnet_find_model("e1000"), &cfg, &bench_host, NULL, err, sizeof(err));
	wr(0x3800, TX_RING);
	wr(0x3808, RING * 16);
	wr(0x400, 0x0a);
	wr(0x2800, RX_RING);
	wr(0x2808, RING * 16);
	wr(0x5000, rxcsum);
	wr(0x100, rctl);
	wr(0xd0, 0x9d);
	wr(0x3828, 0x01010000);
}

/* One doorbell of @n frames of @len bytes in @parts descriptors each, with a context if @mss. */
static void send(uint32_t *tail, unsigned n, uint32_t len, uint32_t mss)
{
	for (unsigned i = 0; i < n; i++) {
		if (mss) {
			put64(TX_RING + *tail * 16, 0x000032220000180eull);
			put64(TX_RING + *tail * 16 + 8,
			      (uint64_t)mss << 48 | 54ull << 40 | 0x27000000 | (len - 54));
			*tail = (*tail + 1) % RING;
		}
		put64(TX_RING + *tail * 16, TX_DATA + i * 2048);
		if (mss)
			put64(TX_RING + *tail * 16 + 8, 0x300ull << 32 | 0x2f100000 | len);
		else
			put64(TX_RING + *tail * 16 + 8, 0x0b000000 | len);
		*tail = (*tail + 1) % RING;
	}
	wr(0x3818, *tail);
	hwnet_read(nic, 0, 0xc0, 4);
}

static double bench_tx(uint32_t len, uint32_t mss, unsigned burst)
{
	unsigned doorbells = 20000 / burst;
	uint32_t tail = 0;
	int64_t t0;

	set_up(0, 0);
	t0 = bench_now();
	for (unsigned i = 0; i < doorbells; i++)
		send(&tail, burst, len, mss);
	return (double)(bench_now() - t0) / doorbells / burst;
}

/* Lengths and checksums of the IPv4 and TCP headers. */
static void finish(uint8_t *p, uint32_t len)
{
	uint16_t sum;

	frame_put_be16(p + 16, (uint16_t)(len - 14));
	csum_ipv4_set(p + 14);
	sum = csum_fold(csum_add(csum_pseudo4(p + 26, 6, len - 34), csum_bytes(p + 34, len - 34)));
	memcpy(p + 50, &sum, 2);
}

static double bench_rx(uint32_t len, uint32_t rctl, uint32_t rxcsum, unsigned burst, unsigned flags)
{
	static uint8_t frame[2048];
	unsigned calls = 20000 / burst;
	const struct pkt *vec[BURST];
	struct iovec iov;
	struct pkt pkt;
	uint32_t tail = RING - 1, head = 0;
	int64_t t0;

	set_up(0x8002 | rctl, rxcsum);
	memcpy(frame, bench_mem + TX_DATA, len);
	memset(frame, 0xff, 6);
	finish(frame, len);
	pkt_flat(&pkt, &iov, frame, len);
	pkt.flags = (uint16_t)flags;
	for (unsigned i = 0; i < BURST; i++)
		vec[i] = &pkt;
	for (unsigned i = 0; i < RING; i++)
		put64(RX_RING + i * 16, RX_DATA + i * 2048);
	wr(0x2818, tail);
	t0 = bench_now();
	for (unsigned i = 0; i < calls; i++) {
		if (hwnet_rx(nic, vec, burst) != burst)
			exit(1);
		for (unsigned j = 0; j < burst; j++, head = (head + 1) % RING)
			if (!(bench_mem[RX_RING + head * 16 + 12] & 1))
				exit(1);
		tail = (tail + burst) % RING;
		wr(0x2818, tail);
		hwnet_read(nic, 0, 0xc0, 4);
	}
	return (double)(bench_now() - t0) / calls / burst;
}

#define ROW(name, call)                                                  \
	do {                                                             \
		for (unsigned r = 0; r < rounds; r++)                    \
			v[r] = call;                                     \
		qsort(v, rounds, sizeof(*v), bench_by_value);            \
		printf("%-44s %8.1f ns a frame\n", name, v[rounds / 2]); \
	} while (0)

/* An Ethernet, IPv4 and TCP header that the TSO rows need. */
static void fill_frames(void)
{
	static const uint8_t hdr[54] = {
		0x52, 0x54, 0,	  0, 0,	 1, 0x52, 0x54, 0,  1, 2,    3,	   8,  0, 0x45, 0, 0,	 0,
		0,    1,    0x40, 0, 64, 6, 0,	  0,	10, 0, 0,    1,	   10, 0, 0,	2, 0x10, 0,
		0x20, 0,    0,	  0, 0,	 1, 0,	  0,	0,  0, 0x50, 0x10, 1,  0, 0,	0, 0,	 0,
	};

	for (unsigned i = 0; i < BURST; i++)
		memcpy(bench_mem + TX_DATA + i * 2048, hdr, sizeof(hdr));
}

int main(int argc, char **argv)
{
	unsigned rounds = argc > 1 ? (unsigned)atoi(argv[1]) : 21;
	double v[MAX_ROUND];

	if (!rounds || rounds > MAX_ROUND)
		return 2;
	fill_frames();
	ROW("transmit 60 bytes, 32 a doorbell", bench_tx(60, 0, BURST));
	ROW("transmit 1514 bytes, 32 a doorbell", bench_tx(1514, 0, BURST));
	ROW("transmit 60 bytes, 1 a doorbell", bench_tx(60, 0, 1));
	ROW("transmit 64 KiB TSO, 1 a doorbell", bench_tx(65226, 1448, 1));
	ROW("receive 60 bytes, 32 a burst", bench_rx(60, 0, 0, BURST, 0));
	ROW("receive 60 bytes, no FCS", bench_rx(60, 0x04000000, 0, BURST, 0));
	ROW("receive 60 bytes, no FCS, checksum offload",
	    bench_rx(60, 0x04000000, 0x200, BURST, 0));
	ROW("receive 60 bytes, no FCS, offload, known good",
	    bench_rx(60, 0x04000000, 0x200, BURST, PKT_CSUM_VALID));
	ROW("receive 60 bytes, checksum offload", bench_rx(60, 0, 0x200, BURST, 0));
	ROW("receive 1514 bytes, 32 a burst", bench_rx(1514, 0, 0, BURST, 0));
	ROW("receive 1514 bytes, no FCS", bench_rx(1514, 0x04000000, 0, BURST, 0));
	ROW("receive 1514 bytes, checksum offload", bench_rx(1514, 0, 0x200, BURST, 0));
	ROW("receive 1514 bytes, offload, known good",
	    bench_rx(1514, 0, 0x200, BURST, PKT_CSUM_VALID));
	ROW("receive 60 bytes, 1 a burst", bench_rx(60, 0, 0, 1, 0));
	hwnet_free(nic);
	return 0;
}
