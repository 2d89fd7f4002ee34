/* SPDX-License-Identifier: BSD-2-Clause */
/* The fake host: life, entry points, time; see fake-host.h. */
#include "fake-host.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "fake-priv.h"

/* A card that wants to be run or woken more often than this without time passing is in a loop. */
#define TOO_OFTEN      100000u
#define LENIENT_ROUNDS 64u

void fake_fail(const char *fmt, ...)
{
	va_list ap;

	fputs("fake host: ", stderr);
	va_start(ap, fmt);
	vfprintf(stderr, fmt, ap);
	va_end(ap);
	fputc('\n', stderr);
	abort();
}

/* Entry points do not overlap (nic.h). */
void fake_enter(struct fake_host *h, enum fake_entry entry)
{
	if (h->entry != FAKE_IDLE)
		fake_fail("entry point %d called from inside %d", entry, h->entry);
	h->entry = entry;
	fake_work_begin(h);
}

void fake_leave(struct fake_host *h)
{
	if (h->n_maps)
		fake_fail("%u maps were not given back", h->n_maps);
	fake_work_end(h);
	h->entry = FAKE_IDLE;
}

void fake_host_init(struct fake_host *h)
{
	memset(h, 0, offsetof(struct fake_host, tx));
	fake_mem_init(h);
	h->tx_room = UINT32_MAX;
	h->dma_fail_in = -1;
	h->map_max = 64;
	h->now = 1000000000;
	h->deadline = HWNET_NEVER;
	h->ops = fake_ops;
}

void fake_host_close(struct fake_host *h)
{
	fake_reuse_end(h);
	fake_enter(h, FAKE_IN_OTHER);
	hwnet_free(h->nic);
	fake_leave(h);
	h->nic = NULL;
	if (h->intx || h->deadline != HWNET_NEVER)
		fake_fail("the card is gone but its line or timer is not");
	fake_tx_clear(h);
}

void fake_host_fini(struct fake_host *h)
{
	fake_host_close(h);
	fake_mem_fini(h);
}

const char *fake_open_cfg(struct fake_host *h, const struct hwnet_model *model,
			  const struct hwnet_config *cfg)
{
	static char err[256];

	if (h->map == FAKE_MAP_NONE) {
		h->ops.dma_map = NULL;
		h->ops.dma_unmap = NULL;
	}
	h->cfg = *cfg;
	h->model = model;
	h->carrier = true;
	err[0] = 0;
	fake_enter(h, FAKE_IN_OTHER);
	h->nic = hwnet_new(model, cfg, &h->ops, h, err, sizeof(err));
	fake_leave(h);
	return h->nic ? NULL : err;
}

void fake_open(struct fake_host *h, const char *name)
{
	static const uint8_t mac[6] = { 0x52, 0x54, 0x00, 0x12, 0x34, 0x56 };
	const struct hwnet_model *model = hwnet_find_model(name);
	struct hwnet_config cfg;
	const char *why;

	if (!model)
		fake_fail("there is no model %s", name);
	hwnet_config_init(model, &cfg);
	memcpy(cfg.mac, mac, 6);
	why = fake_open_cfg(h, model, &cfg);
	if (why)
		fake_fail("%s: %s", name, why);
}

bool fake_run(struct fake_host *h, unsigned budget)
{
	h->kicked = false;
	fake_enter(h, FAKE_IN_RUN);
	h->work_budget = budget;
	h->more = hwnet_run(h->nic, budget);
	fake_leave(h);
	return h->more;
}

void fake_serve_kicks(struct fake_host *h)
{
	unsigned budget = h->kick == FAKE_KICK_BUDGET_1 ? 1 : PKT_BURST, rounds = 0;

	if (h->kick == FAKE_KICK_DEFERRED)
		return;
	while (h->kicked || h->more) {
		if (++rounds > LENIENT_ROUNDS && h->lenient)
			return;
		if (rounds > TOO_OFTEN)
			fake_fail("run never comes to an end");
		fake_run(h, budget);
	}
}

static void finish(struct fake_host *h)
{
	fake_leave(h);
	fake_serve_kicks(h);
}

uint64_t fake_read(struct fake_host *h, unsigned bar, uint64_t off, unsigned size)
{
	uint64_t val;

	fake_enter(h, FAKE_IN_OTHER);
	val = hwnet_read(h->nic, bar, off, size);
	finish(h);
	if (size < 8 && val >> (8 * size))
		fake_fail("read of %u bytes at %#llx gave %#llx", size, (unsigned long long)off,
			  (unsigned long long)val);
	return val;
}

void fake_write(struct fake_host *h, unsigned bar, uint64_t off, uint64_t val, unsigned size)
{
	fake_enter(h, FAKE_IN_OTHER);
	hwnet_write(h->nic, bar, off, val, size);
	finish(h);
}

void fake_reset(struct fake_host *h, enum hwnet_reset_kind kind)
{
	fake_enter(h, FAKE_IN_OTHER);
	hwnet_reset(h->nic, kind);
	finish(h);
}

void fake_carrier(struct fake_host *h, bool up)
{
	h->carrier = up;
	fake_enter(h, FAKE_IN_OTHER);
	hwnet_set_carrier(h->nic, up);
	finish(h);
}

unsigned fake_rx(struct fake_host *h, const struct pkt *const *pkts, unsigned n)
{
	unsigned taken;

	fake_enter(h, FAKE_IN_RX);
	h->work_rx = n;
	taken = hwnet_rx(h->nic, pkts, n);
	finish(h);
	if (taken > n)
		fake_fail("rx took %u of %u frames", taken, n);
	return taken;
}

bool fake_rx_bytes(struct fake_host *h, const void *buf, uint32_t len)
{
	struct iovec iov = { (void *)buf, len };
	struct pkt pkt = { .iov = &iov, .iovcnt = 1, .len = len };
	const struct pkt *pkts[] = { &pkt };

	return fake_rx(h, pkts, 1) == 1;
}

void fake_tx_ready(struct fake_host *h)
{
	h->tx_stalled = false;
	fake_enter(h, FAKE_IN_TX_READY);
	hwnet_tx_ready(h->nic);
	finish(h);
}

bool fake_wake(struct fake_host *h, const struct pkt *pkt)
{
	bool wake;

	fake_enter(h, FAKE_IN_OTHER);
	wake = hwnet_wake(h->nic, pkt);
	finish(h);
	return wake;
}

void fake_describe(struct fake_host *h, hwnet_say *say, void *opaque)
{
	fake_enter(h, FAKE_IN_OTHER);
	hwnet_describe(h->nic, say, opaque);
	finish(h);
}

size_t fake_save(struct fake_host *h, void *buf, size_t cap)
{
	size_t len;

	fake_enter(h, FAKE_IN_OTHER);
	len = hwnet_save(h->nic, buf, cap);
	finish(h);
	if (len > cap)
		fake_fail("saved %zu bytes into %zu", len, cap);
	return len;
}

int fake_load(struct fake_host *h, const void *buf, size_t len, char *err, size_t errlen)
{
	int ret;

	fake_enter(h, FAKE_IN_OTHER);
	ret = hwnet_load(h->nic, buf, len, err, errlen);
	finish(h);
	return ret;
}

void fake_advance(struct fake_host *h, int64_t ns)
{
	int64_t end = h->now + ns, last = INT64_MIN;
	unsigned same = 0, timers = 0;

	while (h->deadline <= end) {
		h->now = h->deadline > h->now ? h->deadline : h->now;
		same = h->now == last ? same + 1 : 0;
		if (same > TOO_OFTEN)
			fake_fail("the timer never comes to rest");
		last = h->now;
		fake_work_timers(++timers, ns);
		h->deadline = HWNET_NEVER;
		fake_enter(h, FAKE_IN_TIMER);
		hwnet_timer(h->nic);
		finish(h);
	}
	h->now = end;
}

void fake_tx_clear(struct fake_host *h)
{
	for (unsigned i = 0; i < h->n_tx; i++)
		free(h->tx[i].data);
	h->n_tx = 0;
}

void fake_irq_clear(struct fake_host *h)
{
	h->intx_edges = 0;
	memset(h->msi, 0, sizeof(h->msi));
}
