/* SPDX-License-Identifier: BSD-2-Clause */
/* The cheapest host there can be; see bench-host.h. */
#include "bench-host.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

uint8_t bench_mem[BENCH_MEM] __attribute__((aligned(4096)));
static bool kicked;

static int dma_read(void *opaque, uint64_t addr, void *buf, size_t len)
{
	if (addr >= BENCH_MEM || len > BENCH_MEM - addr)
		return -1;
	memcpy(buf, bench_mem + addr, len);
	return 0;
}

static int dma_write(void *opaque, uint64_t addr, const void *buf, size_t len)
{
	if (addr >= BENCH_MEM || len > BENCH_MEM - addr)
		return -1;
	memcpy(bench_mem + addr, buf, len);
	return 0;
}

static void *dma_map(void *opaque, uint64_t addr, size_t *len, bool to_guest)
{
	return addr >= BENCH_MEM || *len > BENCH_MEM - addr ? NULL : bench_mem + addr;
}

static void dma_unmap(void *opaque, void *ptr, size_t len, bool to_guest, size_t used)
{
}

static void nothing(void *opaque)
{
}

static void intx(void *opaque, bool level)
{
}

static void msi(void *opaque, unsigned vec)
{
}

static enum hwnet_irq_mode irq_mode(void *opaque)
{
	return HWNET_IRQ_INTX;
}

int64_t bench_now(void)
{
	struct timespec ts;

	clock_gettime(CLOCK_MONOTONIC, &ts);
	return ts.tv_sec * 1000000000ll + ts.tv_nsec;
}

static int64_t now(void *opaque)
{
	return bench_now();
}

static void timer(void *opaque, int64_t deadline)
{
}

static void kick(void *opaque)
{
	kicked = true;
}

static unsigned tx(void *opaque, unsigned queue, const struct pkt *const *pkts, unsigned n)
{
	return n;
}

static void guest_error(void *opaque, const char *fmt, ...)
{
	fprintf(stderr, "guest error: %s\n", fmt);
	exit(EXIT_FAILURE);
}

const struct hwnet_host bench_host = {
	.dma_read = dma_read,
	.dma_write = dma_write,
	.dma_map = dma_map,
	.dma_unmap = dma_unmap,
	.msi = msi,
	.intx = intx,
	.irq_mode = irq_mode,
	.now = now,
	.timer = timer,
	.kick = kick,
	.tx = tx,
	.rx_ready = nothing,
	.rx_filter_changed = nothing,
	.link_changed = nothing,
	.guest_error = guest_error,
};

void bench_settle(struct hwnet_nic *nic)
{
	while (kicked) {
		kicked = false;
		while (hwnet_run(nic, 256))
			;
	}
}

int bench_by_value(const void *a, const void *b)
{
	double x = *(const double *)a, y = *(const double *)b;

	return x < y ? -1 : x > y;
}
