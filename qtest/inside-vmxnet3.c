/* SPDX-License-Identifier: GPL-2.0-or-later */
/* A vmxnet3 as the card under test of inside-rig.h. */
#include "inside-model.h"
#include "vmxnet3-rig.h"

static struct vmx_rig card;

static void attach(void)
{
	vmx_defaults(&card);
	vmx_attach(&card);
}

static void send_frame(const uint8_t *frame)
{
	vmx_tx(&card, 0, frame, 64);
}

const struct inside_model inside_vmxnet3 = { "vc-vmxnet3", &card.r, attach, send_frame };

void inside_messages(uint64_t addr, uint32_t data)
{
	QPCIDevice *dev = card.r.dev;

	vmx_msix(&card);
	for (unsigned i = 0; i < qpci_msix_table_size(dev); i++) {
		uint64_t at = dev->msix_table_off + 16 * i;

		qpci_io_writel(dev, dev->msix_table_bar, at, (uint32_t)addr);
		qpci_io_writel(dev, dev->msix_table_bar, at + 4, addr >> 32);
		qpci_io_writel(dev, dev->msix_table_bar, at + 8, data);
	}
	vmx_imr(&card, 0, false);
}
