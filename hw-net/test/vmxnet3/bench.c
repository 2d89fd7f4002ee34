/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * What a frame costs in the vmxnet3 model alone: a driver without guest, a host that does nothing.
 *
 * Prints one JSON object a row: name, frames a doorbell, ns a frame (median of rounds). What the
 * driver itself does is measured apart and taken off. Run by hand: bench-vmxnet3 [bursts a round]
 */
#include <stdio.h>
#include <stdlib.h>
#include <time.h>

#include "build-frame.h"
#include "hwnet/frame.h"
#include "guest.h"

#define ROUNDS 15u

static unsigned bursts = 4000; /* a round */
static struct fake_host h;
static struct guest g;
static uint8_t frame[BUILD_ROOM];

static unsigned swallow(void *opaque, unsigned queue, const struct pkt *const *pkts, unsigned n)
{
	return n;
}

static double ns_now(void)
{
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC, &t);
	return 1e9 * (double)t.tv_sec + (double)t.tv_nsec;
}

static int bench_by_value(const void *a, const void *b)
{
	double x = *(const double *)a, y = *(const double *)b;

	return (x > y) - (x < y);
}

static void setup(void)
{
	fake_host_init(&h);
	h.irq_mode = HWNET_IRQ_MSIX;
	h.kick = FAKE_KICK_DEFERRED;
	h.ops.tx = swallow;
	guest_open(&g, &h, 9, 1);
	g.tx_size = g.rx_size = g.rx2_size = 256;
	guest_prepare(&g);
	if (guest_activate(&g))
		fake_fail("ACTIVATE");
	guest_imr(&g, 0, false);
}

/* Only the part that is the device's is timed. */
static double tx_round(const uint32_t *lens, unsigned pieces, uint32_t d2, uint32_t d3,
		       unsigned burst)
{
	double sum = 0;

	for (unsigned i = 0; i < bursts; i++) {
		double t;

		for (unsigned j = 0; j < burst; j++)
			guest_queue(&g, 0, frame, lens, pieces, d2, d3);
		t = ns_now();
		guest_bell(&g, 0);
		while (fake_run(&h, 64))
			;
		sum += ns_now() - t;
		guest_tx_done(&g, 0);
		guest_imr(&g, 0, false);
	}
	return sum / bursts / burst;
}

static double rx_round(const struct pkt *const *pkts, unsigned burst)
{
	static struct guest_frame f;
	double sum = 0;

	for (unsigned i = 0; i < bursts; i++) {
		double t = ns_now();
		unsigned n = fake_rx(&h, pkts, burst);

		sum += ns_now() - t;
		if (n != burst)
			fake_fail("%u of %u frames taken", n, burst);
		while (guest_rx(&g, 0, &f))
			;
		guest_imr(&g, 0, false);
	}
	return sum / bursts / burst;
}

static double clock_cost(void)
{
	double t = ns_now();

	for (unsigned i = 0; i < 100000; i++)
		ns_now();
	return (ns_now() - t) / 100000;
}

static void print(const char *name, unsigned burst, double *ns)
{
	qsort(ns, ROUNDS, sizeof(ns[0]), bench_by_value);
	printf("{\"name\": \"vmxnet3-%s\", \"burst\": %u, \"ns\": %.1f}\n", name, burst,
	       ns[ROUNDS / 2] - clock_cost() / burst);
	fflush(stdout);
}

static void bench_tx(const char *name, uint32_t payload, bool tso, unsigned burst)
{
	struct build b = { .payload = payload };
	uint32_t len = build_frame(&b, frame), lens[20] = { len }, n = 1;
	double ns[ROUNDS];

	if (len > 256) { /* as Linux does: headers in the data ring, the rest in pages */
		lens[0] = 54;
		for (uint32_t at = 54; at < len; at += lens[n++])
			lens[n] = len - at < 4096 ? len - at : 4096;
	}
	setup();
	for (unsigned i = 0; i < ROUNDS; i++)
		ns[i] = tx_round(lens, n, tso ? 1460u << 18 : 0, tso ? OM_TSO << 10 | 54 : 0,
				 burst);
	print(name, burst, ns);
	fake_host_fini(&h);
}

static void bench_rx(const char *name, uint32_t payload, unsigned burst)
{
	struct build b = { .dst = { 0x52, 0x54, 0x00, 0x12, 0x34, 0x56 }, .payload = payload };
	uint32_t len = build_frame(&b, frame), head = len < PKT_HEAD ? len : PKT_HEAD;
	struct iovec iov[2] = { { frame, head }, { frame + head, len - head } };
	struct pkt pkt = { .iov = iov, .iovcnt = len > head ? 2 : 1, .len = len };
	const struct pkt *pkts[64];
	double ns[ROUNDS];

	for (unsigned i = 0; i < 64; i++)
		pkts[i] = &pkt;
	pkt.flags = PKT_CSUM_VALID;
	setup();
	for (unsigned i = 0; i < ROUNDS; i++)
		ns[i] = rx_round(pkts, burst);
	print(name, burst, ns);
	fake_host_fini(&h);
}

int main(int argc, char **argv)
{
	if (argc > 1)
		bursts = (unsigned)atoi(argv[1]);
	bench_tx("tx-60", 6, false, 32);
	bench_tx("tx-60", 6, false, 1);
	bench_tx("tx-1514", 1460, false, 32);
	bench_tx("tx-64k-tso", 65000, true, 8);
	bench_rx("rx-60", 6, 32);
	bench_rx("rx-60", 6, 1);
	bench_rx("rx-1514", 1460, 32);
	return 0;
}
