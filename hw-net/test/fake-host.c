/* SPDX-License-Identifier: BSD-2-Clause */
/* The host's side of the contract; see fake-host.h. Memory is in fake-mem.c. */
#include "fake-host.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "fake-mem.h"

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
static void enter(struct fake_host *h, enum fake_entry entry)
{
	if (h->entry != FAKE_IDLE)
		fake_fail("entry point %d called from inside %d", entry, h->entry);
	h->entry = entry;
}

static void leave(struct fake_host *h)
{
	if (h->n_maps)
		fake_fail("%u maps were not given back", h->n_maps);
	h->entry = FAKE_IDLE;
}

/* ---- host operations ---- */

static void op_msi(void *opaque, unsigned vec)
{
	struct fake_host *h = opaque;

	if (h->irq_mode == HWNET_IRQ_INTX)
		fake_fail("message %u while the guest has neither MSI nor MSI-X on", vec);
	if (vec >= HWNET_MAX_MSIX)
		fake_fail("message %u", vec);
	h->msi[vec]++;
}

static void op_intx(void *opaque, bool level)
{
	struct fake_host *h = opaque;

	if (level == h->intx)
		fake_fail("INTA# driven %d again", level);
	if (level && h->irq_mode != HWNET_IRQ_INTX)
		fake_fail("INTA# asserted while the guest has MSI or MSI-X on");
	h->intx = level;
	h->intx_edges += level;
}

static enum hwnet_irq_mode op_irq_mode(void *opaque)
{
	return ((struct fake_host *)opaque)->irq_mode;
}

static int64_t op_now(void *opaque)
{
	return ((struct fake_host *)opaque)->now;
}

static void op_timer(void *opaque, int64_t deadline)
{
	((struct fake_host *)opaque)->deadline = deadline;
}

static void op_kick(void *opaque)
{
	struct fake_host *h = opaque;

	if (h->entry == FAKE_IN_RUN || h->entry == FAKE_IN_RX)
		fake_fail("kick from entry point %d", h->entry);
	h->kicked = true;
	h->kicks++;
}

/* Is a frame what pkt.h says? */
static void check_frame(const struct pkt *pkt)
{
	uint32_t field = (uint32_t)pkt->csum_start + pkt->csum_offset + 2, need = pkt->len;
	size_t len = 0;

	if (pkt->len < 14 || pkt->len > PKT_MAX_LEN || !pkt->iovcnt)
		fake_fail("tx: frame of %u bytes in %u pieces", pkt->len, pkt->iovcnt);
	for (unsigned i = 0; i < pkt->iovcnt; i++) {
		if (!pkt->iov[i].iov_len)
			fake_fail("tx: piece %u is empty", i);
		len += pkt->iov[i].iov_len;
	}
	if (len != pkt->len)
		fake_fail("tx: pieces add up to %zu, len is %u", len, pkt->len);
	need = need < PKT_HEAD ? need : PKT_HEAD;
	if (pkt->gso_type != PKT_GSO_NONE) {
		if (!(pkt->flags & PKT_CSUM_PARTIAL) || !pkt->gso_size || pkt->hdr_len >= pkt->len)
			fake_fail("tx: GSO words contradict each other");
		need = need > pkt->hdr_len ? need : pkt->hdr_len;
	}
	if (pkt->flags & PKT_CSUM_PARTIAL)
		need = need > field ? need : field;
	if (pkt->iov[0].iov_len < need)
		fake_fail("tx: %zu private bytes, %u needed", pkt->iov[0].iov_len, need);
}

static void keep_frame(struct fake_host *h, unsigned queue, const struct pkt *pkt)
{
	struct fake_frame *f;
	uint8_t *p;

	if (h->n_tx == FAKE_TX_MAX) {
		if (!h->lenient)
			fake_fail("tx: more than %u frames kept", FAKE_TX_MAX);
		fake_tx_clear(h);
	}
	f = &h->tx[h->n_tx++];
	f->data = p = malloc(pkt->len);
	if (!p)
		fake_fail("out of memory");
	for (unsigned i = 0; i < pkt->iovcnt; i++) {
		memcpy(p, pkt->iov[i].iov_base, pkt->iov[i].iov_len);
		p += pkt->iov[i].iov_len;
	}
	f->pkt = *pkt;
	f->iov.iov_base = f->data;
	f->iov.iov_len = pkt->len;
	f->pkt.iov = &f->iov;
	f->pkt.iovcnt = 1;
	f->queue = queue;
	f->pieces = pkt->iovcnt;
	f->time = h->now;
}

static unsigned op_tx(void *opaque, unsigned queue, const struct pkt *const *pkts, unsigned n)
{
	struct fake_host *h = opaque;
	unsigned taken = n < h->tx_room ? n : h->tx_room;

	if (h->entry != FAKE_IN_RUN && h->entry != FAKE_IN_TIMER)
		fake_fail("tx from entry point %d", h->entry);
	if (!n || n > PKT_BURST)
		fake_fail("tx of %u frames", n);
	for (unsigned i = 0; i < n; i++)
		check_frame(pkts[i]);
	for (unsigned i = 0; i < taken; i++)
		keep_frame(h, queue, pkts[i]);
	if (h->tx_room != UINT32_MAX)
		h->tx_room -= taken;
	h->tx_stalled |= taken < n;
	return taken;
}

static void op_rx_ready(void *opaque)
{
	struct fake_host *h = opaque;

	if (h->entry == FAKE_IN_RX)
		fake_fail("rx_ready from inside rx");
	h->rx_ready++;
}

static void op_rx_filter_changed(void *opaque)
{
	((struct fake_host *)opaque)->filter_changed++;
}

static void op_link_changed(void *opaque)
{
	((struct fake_host *)opaque)->link_changed++;
}

static void op_guest_error(void *opaque, const char *fmt, ...)
{
	struct fake_host *h = opaque;
	va_list ap;

	va_start(ap, fmt);
	vsnprintf(h->last_error, sizeof(h->last_error), fmt, ap);
	va_end(ap);
	if (strchr(h->last_error, '\n'))
		fake_fail("guest_error with a newline");
	h->errors++;
}

/* ---- life ---- */

void fake_host_init(struct fake_host *h)
{
	memset(h, 0, sizeof(*h));
	fake_mem_init(h);
	h->tx_room = UINT32_MAX;
	h->dma_fail_in = -1;
	h->map_max = 64;
	h->now = 1000000000;
	h->deadline = HWNET_NEVER;
	h->ops = (struct hwnet_host) {
		.dma_read = fake_op_dma_read,
		.dma_write = fake_op_dma_write,
		.dma_map = fake_op_dma_map,
		.dma_unmap = fake_op_dma_unmap,
		.msi = op_msi,
		.intx = op_intx,
		.irq_mode = op_irq_mode,
		.now = op_now,
		.timer = op_timer,
		.kick = op_kick,
		.tx = op_tx,
		.rx_ready = op_rx_ready,
		.rx_filter_changed = op_rx_filter_changed,
		.link_changed = op_link_changed,
		.guest_error = op_guest_error,
	};
}

void fake_host_fini(struct fake_host *h)
{
	enter(h, FAKE_IN_OTHER);
	hwnet_free(h->nic);
	leave(h);
	h->nic = NULL;
	if (h->intx || h->deadline != HWNET_NEVER)
		fake_fail("the card is gone but its line or timer is not");
	fake_tx_clear(h);
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
	enter(h, FAKE_IN_OTHER);
	h->nic = hwnet_new(model, cfg, &h->ops, h, err, sizeof(err));
	leave(h);
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

/* ---- entry points ---- */

bool fake_run(struct fake_host *h, unsigned budget)
{
	h->kicked = false;
	enter(h, FAKE_IN_RUN);
	h->more = hwnet_run(h->nic, budget);
	leave(h);
	return h->more;
}

static void serve_kicks(struct fake_host *h)
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
	leave(h);
	serve_kicks(h);
}

uint64_t fake_read(struct fake_host *h, unsigned bar, uint64_t off, unsigned size)
{
	uint64_t val;

	enter(h, FAKE_IN_OTHER);
	val = hwnet_read(h->nic, bar, off, size);
	finish(h);
	if (size < 8 && val >> (8 * size))
		fake_fail("read of %u bytes at %#llx gave %#llx", size, (unsigned long long)off,
			  (unsigned long long)val);
	return val;
}

void fake_write(struct fake_host *h, unsigned bar, uint64_t off, uint64_t val, unsigned size)
{
	enter(h, FAKE_IN_OTHER);
	hwnet_write(h->nic, bar, off, val, size);
	finish(h);
}

void fake_reset(struct fake_host *h, enum hwnet_reset_kind kind)
{
	enter(h, FAKE_IN_OTHER);
	hwnet_reset(h->nic, kind);
	finish(h);
}

void fake_carrier(struct fake_host *h, bool up)
{
	h->carrier = up;
	enter(h, FAKE_IN_OTHER);
	hwnet_set_carrier(h->nic, up);
	finish(h);
}

unsigned fake_rx(struct fake_host *h, const struct pkt *const *pkts, unsigned n)
{
	unsigned taken;

	enter(h, FAKE_IN_RX);
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
	enter(h, FAKE_IN_TX_READY);
	hwnet_tx_ready(h->nic);
	finish(h);
}

bool fake_wake(struct fake_host *h, const struct pkt *pkt)
{
	bool wake;

	enter(h, FAKE_IN_OTHER);
	wake = hwnet_wake(h->nic, pkt);
	finish(h);
	return wake;
}

size_t fake_save(struct fake_host *h, void *buf, size_t cap)
{
	size_t len;

	enter(h, FAKE_IN_OTHER);
	len = hwnet_save(h->nic, buf, cap);
	finish(h);
	if (len > cap)
		fake_fail("saved %zu bytes into %zu", len, cap);
	return len;
}

int fake_load(struct fake_host *h, const void *buf, size_t len, char *err, size_t errlen)
{
	int ret;

	enter(h, FAKE_IN_OTHER);
	ret = hwnet_load(h->nic, buf, len, err, errlen);
	finish(h);
	return ret;
}

/* Save into a buffer of exactly the size that is asked for. */
static uint8_t *save_alloc(struct fake_host *h, size_t *len)
{
	size_t max = hwnet_state_max(h->nic);
	uint8_t *buf = malloc(max);

	if (!buf)
		fake_fail("out of memory");
	enter(h, FAKE_IN_OTHER);
	*len = hwnet_save(h->nic, buf, max);
	leave(h);
	return buf;
}

/* Name, element size and index of what has byte @at of a saved state (hw-net/state.h has the
 * format). */
static unsigned find_field(const uint8_t *state, size_t len, size_t at, char *name, unsigned *index)
{
	size_t p = 6 + 1 + state[6];
	unsigned size = 0;

	while (p <= at && p < len) {
		unsigned n = state[p];
		const uint8_t *count = state + p + 2 + n;
		size_t data = p + 6 + n;

		size = state[p + 1 + n];
		memcpy(name, state + p + 1, n);
		name[n] = 0;
		*index = at > data ? (unsigned)((at - data) / size) : 0;
		p = data + size * (count[0] | (size_t)count[1] << 8 | (size_t)count[2] << 16);
	}
	return size;
}

/*
 * Are two saved states of a card the same? With @settled, fields of one byte may differ: loading
 * fulfils wishes that the saved card still had, such as rx_ready. Returns false if some do.
 */
static bool check_same(const uint8_t *a, const uint8_t *b, size_t len, bool settled)
{
	char name[256] = "";
	unsigned index = 0;

	if (!memcmp(a, b, len))
		return true;
	for (size_t at = 0; at < len; at++) {
		if (a[at] == b[at])
			continue;
		if (find_field(a, len, at, name, &index) == 1 && settled)
			continue;
		fake_fail(
			"the card saves itself otherwise after loading: %s[%u], byte %zu was %#x, is %#x",
			name, index, at, a[at], b[at]);
	}
	return false;
}

/* Destroy the card, make another of the kind, let it load. */
static void replace_card(struct fake_host *h, const uint8_t *state, size_t len)
{
	struct hwnet_config cfg = h->cfg;
	bool carrier = h->carrier;
	const char *why;
	char err[256];
	int ret;

	enter(h, FAKE_IN_OTHER);
	hwnet_free(h->nic);
	leave(h);
	h->kicked = h->more = false;
	why = fake_open_cfg(h, h->model, &cfg);
	if (why)
		fake_fail("reopen: %s", why);
	h->carrier = carrier;
	enter(h, FAKE_IN_OTHER);
	hwnet_set_carrier(h->nic, carrier);
	leave(h);
	enter(h, FAKE_IN_OTHER);
	ret = hwnet_load(h->nic, state, len, err, sizeof(err));
	leave(h);
	if (ret)
		fake_fail("the card does not load what it saved: %s", err);
}

/* Once; false if that settled something. */
static bool reopen_once(struct fake_host *h, bool settled)
{
	size_t len, again;
	uint8_t *before = save_alloc(h, &len), *after;
	bool same;

	replace_card(h, before, len);
	after = save_alloc(h, &again);
	if (again != len)
		fake_fail("the card saves %zu bytes after loading %zu", again, len);
	same = check_same(before, after, len, settled);
	free(before);
	free(after);
	return same;
}

void fake_reopen(struct fake_host *h)
{
	if (!reopen_once(h, true))
		reopen_once(h, false);
	serve_kicks(h);
}

void fake_advance(struct fake_host *h, int64_t ns)
{
	int64_t end = h->now + ns, last = INT64_MIN;
	unsigned same = 0;

	while (h->deadline <= end) {
		h->now = h->deadline > h->now ? h->deadline : h->now;
		same = h->now == last ? same + 1 : 0;
		if (same > TOO_OFTEN)
			fake_fail("the timer never comes to rest");
		last = h->now;
		h->deadline = HWNET_NEVER;
		enter(h, FAKE_IN_TIMER);
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
