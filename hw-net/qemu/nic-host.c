// SPDX-License-Identifier: GPL-2.0-or-later
/* What QEMU does for a card's core. */
#include "nic-call.h"
#include "nic-client.h"
#include "nic-doorbell.h"
#include "nic-host.h"
#include "nic-irq.h"
#include "qemu/log.h"

/* Guest errors logged per second; a guest can make any number. */
#define ERRORS_PER_SECOND 20

static int host_dma_read(void *opaque, uint64_t addr, void *buf, size_t len)
{
	return vc_dma_read(&((struct vc_nic *)opaque)->dma, addr, buf, len);
}

static int host_dma_write(void *opaque, uint64_t addr, const void *buf, size_t len)
{
	return vc_dma_write(&((struct vc_nic *)opaque)->dma, addr, buf, len);
}

static void *host_dma_map(void *opaque, uint64_t addr, size_t *len, bool to_guest)
{
	return vc_dma_map(&((struct vc_nic *)opaque)->dma, addr, len);
}

static void host_dma_unmap(void *opaque, void *ptr, size_t len, bool to_guest, size_t used)
{
	if (to_guest && used)
		vc_dma_dirty(&((struct vc_nic *)opaque)->dma, ptr, used);
}

static void host_rx_ready(void *opaque)
{
	vc_nic_later(opaque, VC_FLUSH);
}

static void host_rx_filter_changed(void *opaque)
{
	vc_nic_later(opaque, VC_FILTER);
}

static void host_link_changed(void *opaque)
{
	vc_nic_later(opaque, VC_LINK);
}

/* Is there room for another line in this second? Says so if lines were left out. */
static bool may_log(struct vc_nic *s)
{
	int64_t now = qemu_clock_get_ns(QEMU_CLOCK_REALTIME);

	if (now - s->errors.since >= NANOSECONDS_PER_SECOND) {
		if (s->errors.count > ERRORS_PER_SECOND)
			qemu_log_mask(LOG_GUEST_ERROR, "%s: %u more guest errors\n", s->name,
				      s->errors.count - ERRORS_PER_SECOND);
		s->errors.since = now;
		s->errors.count = 0;
	}
	return s->errors.count++ < ERRORS_PER_SECOND;
}

static void host_guest_error(void *opaque, const char *fmt, ...)
{
	struct vc_nic *s = opaque;
	g_autofree char *text = NULL;
	va_list args;

	if (!qemu_loglevel_mask(LOG_GUEST_ERROR) || !may_log(s))
		return;
	va_start(args, fmt);
	text = g_strdup_vprintf(fmt, args);
	va_end(args);
	qemu_log("%s: %s\n", s->name, text);
}

const struct hwnet_host vc_nic_host = {
	.dma_read = host_dma_read,
	.dma_write = host_dma_write,
	.dma_map = host_dma_map,
	.dma_unmap = host_dma_unmap,
	.msi = vc_nic_msi,
	.intx = vc_nic_intx,
	.irq_mode = vc_nic_irq_mode,
	.now = vc_nic_now,
	.timer = vc_nic_timer,
	.kick = vc_nic_kick,
	.tx = vc_nic_tx,
	.rx_ready = host_rx_ready,
	.rx_filter_changed = host_rx_filter_changed,
	.link_changed = host_link_changed,
	.guest_error = host_guest_error,
};
