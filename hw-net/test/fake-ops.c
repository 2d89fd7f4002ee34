/* SPDX-License-Identifier: BSD-2-Clause */
/* What the fake host does for a card, and how it checks the card's manners; see fake-host.h. */
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "fake-priv.h"

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
		fake_defined(pkt->iov[i].iov_base, pkt->iov[i].iov_len);
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
	for (unsigned i = 0; i < taken; i++) {
		fake_work_sent(h, pkts[i]);
		keep_frame(h, queue, pkts[i]);
	}
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

const struct hwnet_host fake_ops = {
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
