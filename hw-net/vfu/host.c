/* SPDX-License-Identifier: BSD-2-Clause */
/* What a card asks of its host; see vfu.h. */
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "hwnet/dma-copy.h"
#include "vfu/priv.h"

/* Where a bus address is in this process, and how far it goes on. NULL: not to be had */
static uint8_t *find(struct vfu *v, uint64_t addr, size_t *len, bool to_guest)
{
	const struct peer_region *r = v->may_run ? peer_mem_find(&v->mem, addr) : NULL;
	uint64_t off;

	if (!r || !r->map.host || (to_guest && r->read_only))
		return NULL;
	off = addr - r->range.gpa;
	if (*len > r->range.size - off)
		*len = (size_t)(r->range.size - off);
	return r->map.host + off;
}

static int host_dma_read(void *opaque, uint64_t addr, void *buf, size_t len)
{
	uint8_t *to = buf;

	while (len) {
		size_t n = len;
		const uint8_t *at = find(opaque, addr, &n, false);

		if (!at)
			return -1;
		hwnet_dma_copy(to, at, n);
		to += n;
		addr += n;
		len -= n;
	}
	return 0;
}

static int host_dma_write(void *opaque, uint64_t addr, const void *buf, size_t len)
{
	const uint8_t *from = buf;

	while (len) {
		size_t n = len;
		uint8_t *at = find(opaque, addr, &n, true);

		if (!at)
			return -1;
		hwnet_dma_copy_out(at, from, n);
		from += n;
		addr += n;
		len -= n;
	}
	return 0;
}

static void *host_dma_map(void *opaque, uint64_t addr, size_t *len, bool to_guest)
{
	return find(opaque, addr, len, to_guest);
}

static void host_msi(void *opaque, unsigned vec)
{
	struct vfu *v = opaque;

	vfu_irqs_message(&v->irqs, &v->space, vec);
}

static void host_intx(void *opaque, bool level)
{
	struct vfu *v = opaque;

	v->irqs.line = level;
	vfu_irqs_update(&v->irqs, &v->space);
}

static enum hwnet_irq_mode host_irq_mode(void *opaque)
{
	return vfu_space_irq(&((struct vfu *)opaque)->space);
}

static int64_t host_now(void *opaque)
{
	struct vfu *v = opaque;

	return v->ops->now(v->opaque);
}

static void host_timer(void *opaque, int64_t deadline)
{
	struct vfu *v = opaque;

	v->wish = deadline;
	v->ops->timer(v->opaque, v->asleep ? HWNET_NEVER : deadline);
}

static void host_kick(void *opaque)
{
	vfu_later(opaque, VFU_RUN);
}

static unsigned host_tx(void *opaque, unsigned queue, const struct pkt *const *pkts, unsigned n)
{
	struct vfu *v = opaque;

	return v->may_run ? v->ops->tx(v->opaque, pkts, n) : 0;
}

static void host_rx_ready(void *opaque)
{
	vfu_later(opaque, VFU_RX_READY);
}

static void host_filter_changed(void *opaque)
{
	vfu_later(opaque, VFU_TELL_FILTER);
}

static void host_link_changed(void *opaque)
{
	vfu_later(opaque, VFU_TELL_LINK);
}

static void host_guest_error(void *opaque, const char *fmt, ...)
{
	struct vfu *v = opaque;
	char line[200];
	va_list ap;

	va_start(ap, fmt);
	vsnprintf(line, sizeof(line), fmt, ap);
	va_end(ap);
	v->ops->error(v->opaque, line);
}

const struct hwnet_host vfu_host = {
	.dma_read = host_dma_read,
	.dma_write = host_dma_write,
	.dma_map = host_dma_map,
	.msi = host_msi,
	.intx = host_intx,
	.irq_mode = host_irq_mode,
	.now = host_now,
	.timer = host_timer,
	.kick = host_kick,
	.tx = host_tx,
	.rx_ready = host_rx_ready,
	.rx_filter_changed = host_filter_changed,
	.link_changed = host_link_changed,
	.guest_error = host_guest_error,
};
