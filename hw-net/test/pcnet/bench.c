/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * What a frame costs the PCnet, without a guest: ns a frame, medians.
 *
 * The host is the cheapest there can be. The driver's part (filling descriptors) is not timed.
 *
 *	bench-pcnet [rounds]
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "bench-host.h"
#include "hwnet/copy.h"

#define RING   256u
#define TX     0x1000u
#define RX     0x3000u
#define BLOCK  0x800u
#define BUFS   0x10000u
#define BUFLEN 2048u

static void put(uint32_t at, uint64_t v, unsigned n)
{
	memcpy(bench_mem + at, &v, n);
}

static void csr(struct hwnet_nic *nic, unsigned n, unsigned v)
{
	hwnet_write(nic, 0, 0x12, n, 2);
	hwnet_write(nic, 0, 0x10, v, 2);
	bench_settle(nic);
}

static struct hwnet_nic *start(const uint8_t *mac)
{
	const struct hwnet_model *model = hwnet_find_model("pcnet");
	struct hwnet_config cfg;
	struct hwnet_nic *nic;
	char err[128];

	hwnet_config_init(model, &cfg);
	memcpy(cfg.mac, mac, 6);
	nic = hwnet_new(model, &cfg, &bench_host, NULL, err, sizeof(err));
	if (!nic) {
		fprintf(stderr, "%s\n", err);
		exit(EXIT_FAILURE);
	}
	put(BLOCK, 0, 2);
	put(BLOCK + 2, 8 << 4 | 8 << 12, 2); /* rings of 256 */
	memcpy(bench_mem + BLOCK + 4, mac, 6);
	put(BLOCK + 0x14, RX, 4);
	put(BLOCK + 0x18, TX, 4);
	hwnet_write(nic, 0, 0x12, 20, 2);
	hwnet_write(nic, 0, 0x16, 2, 2);
	csr(nic, 1, BLOCK);
	csr(nic, 2, 0);
	csr(nic, 0, 1);
	csr(nic, 0, 0x42);
	return nic;
}

static void own(uint32_t ring, unsigned i, unsigned len, uint16_t flags)
{
	uint32_t at = ring + i % RING * 16;

	put(at, BUFS + i % RING * BUFLEN, 4);
	put(at + 4, (uint16_t)-len, 2);
	put(at + 8, 0, 4);
	put(at + 6, flags, 2);
}

#define SAMPLES 31

/* Median of the card's part per frame. */
static double transmit(struct hwnet_nic *nic, unsigned len, unsigned batch, unsigned rounds)
{
	static unsigned at;
	double ns[SAMPLES];

	for (unsigned s = 0; s < SAMPLES; s++) {
		int64_t spent = 0;

		for (unsigned r = 0; r < rounds; r++) {
			int64_t t;

			for (unsigned i = 0; i < batch; i++)
				own(TX, at++, len, 0x8300);
			t = bench_now();
			csr(nic, 0, 0x48);
			spent += bench_now() - t;
		}
		ns[s] = (double)spent / rounds / batch;
	}
	qsort(ns, SAMPLES, sizeof(ns[0]), bench_by_value);
	return ns[SAMPLES / 2];
}

static double receive(struct hwnet_nic *nic, const uint8_t *mac, unsigned len, unsigned batch,
		      unsigned rounds)
{
	static unsigned at;
	static uint8_t bytes[PKT_BURST][2048];
	struct pkt pkt[PKT_BURST];
	struct iovec iov[PKT_BURST];
	const struct pkt *pkts[PKT_BURST];
	double ns[SAMPLES];

	for (unsigned i = 0; i < batch; i++) {
		memcpy(bytes[i], mac, 6);
		pkt_flat(&pkt[i], &iov[i], bytes[i], len);
		pkts[i] = &pkt[i];
	}
	for (unsigned s = 0; s < SAMPLES; s++) {
		int64_t spent = 0;

		for (unsigned r = 0; r < rounds; r++) {
			int64_t t;

			for (unsigned i = 0; i < batch; i++)
				own(RX, at++, 1544, 0x8000);
			t = bench_now();
			if (hwnet_rx(nic, pkts, batch) != batch)
				exit(EXIT_FAILURE);
			csr(nic, 0, 0x440);
			spent += bench_now() - t;
		}
		ns[s] = (double)spent / rounds / batch;
	}
	qsort(ns, SAMPLES, sizeof(ns[0]), bench_by_value);
	return ns[SAMPLES / 2];
}

int main(int argc, char **argv)
{
	static const uint8_t mac[6] = { 0x52, 0x54, 0, 0x12, 0x34, 0x56 };
	static const unsigned lengths[] = { 60, 1514 }, batches[] = { 32, 1 };
	unsigned rounds = argc > 1 ? (unsigned)atoi(argv[1]) : 1000;
	struct hwnet_nic *nic;

	nic = start(mac);
	for (unsigned i = 0; i < 2; i++)
		for (unsigned j = 0; j < 2; j++) {
			printf("pcnet transmit, %4u bytes, %2u a doorbell: %6.1f ns\n", lengths[i],
			       batches[j], transmit(nic, lengths[i], batches[j], rounds));
			printf("pcnet receive,  %4u bytes, %2u at once:    %6.1f ns\n", lengths[i],
			       batches[j], receive(nic, mac, lengths[i], batches[j], rounds));
		}
	hwnet_free(nic);
	return EXIT_SUCCESS;
}
