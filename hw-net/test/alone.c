/* SPDX-License-Identifier: BSD-2-Clause */
/* A host of the smallest kind: linked from libhwnet and the C library, it makes one card of every
 * model. */
#include <stdio.h>
#include <string.h>

#include "hwnet/nic.h"

static int dma_read(void *opaque, uint64_t addr, void *buf, size_t len)
{
	return -1;
}

static int dma_write(void *opaque, uint64_t addr, const void *buf, size_t len)
{
	return -1;
}

static void msi(void *opaque, unsigned vec)
{
}

static void intx(void *opaque, bool level)
{
}

static enum hwnet_irq_mode irq_mode(void *opaque)
{
	return HWNET_IRQ_INTX;
}

static int64_t now(void *opaque)
{
	return 0;
}

static void timer(void *opaque, int64_t deadline)
{
}

static void nothing(void *opaque)
{
}

static unsigned tx(void *opaque, unsigned queue, const struct pkt *const *pkts, unsigned n)
{
	return n;
}

static void guest_error(void *opaque, const char *fmt, ...)
{
}

static const struct hwnet_host host = {
	.dma_read = dma_read,
	.dma_write = dma_write,
	.msi = msi,
	.intx = intx,
	.irq_mode = irq_mode,
	.now = now,
	.timer = timer,
	.kick = nothing,
	.tx = tx,
	.rx_ready = nothing,
	.rx_filter_changed = nothing,
	.link_changed = nothing,
	.guest_error = guest_error,
};

int main(void)
{
	for (const struct hwnet_model *const *m = hwnet_models(); *m; m++) {
		struct hwnet_config cfg;
		struct hwnet_nic *nic;
		struct hwnet_pci pci;
		char err[256];

		hwnet_config_init(*m, &cfg);
		memcpy(cfg.mac, (const uint8_t[]) { 0x52, 0x54, 0, 1, 2, 3 }, 6);
		nic = hwnet_new(*m, &cfg, &host, NULL, err, sizeof(err));
		if (!nic) {
			fprintf(stderr, "%s: %s\n", (*m)->name, err);
			return 1;
		}
		hwnet_pci(nic, &pci);
		printf("%s: %04x:%04x\n", (*m)->name, pci.vendor, pci.device);
		hwnet_free(nic);
	}
	return 0;
}
