/* SPDX-License-Identifier: BSD-2-Clause */
/* The model as nic.c sees it: properties, configuration space, entry points. */
#include "pcnet.h"

#include <stdio.h>

#include "describe.h"
#include "filter.h"
#include "io.h"
#include "link.h"
#include "regs.h"
#include "reset.h"
#include "rx.h"
#include "timer.h"
#include "tx.h"
#include "wake.h"

static const char *const models[] = { "am79c970a", "am79c973", NULL };

static const struct hwnet_prop props[] = {
	[PCNET_PROP_MODEL] = {
		.name = "model",
		.help = "chip: am79c970a (PCnet-PCI II, 10 Mb/s) or am79c973 (PCnet-FAST III, "
			"100 Mb/s)",
		.kind = HWNET_PROP_ENUM,
		.def = PCNET_970A,
		.fixed = true,
		.choices = models,
	},
	[PCNET_PROP_COALESCE] = {
		.name = "coalesce",
		.help = "frames per interrupt at most while traffic is bulk; 1: an interrupt for "
			"every frame",
		.kind = HWNET_PROP_UINT,
		.def = 32,
		.min = 1,
		.max = 512,
	},
	[PCNET_PROP_COALESCE_US] = {
		.name = "coalesce-us",
		.help = "longest that an interrupt is held back, in microseconds",
		.kind = HWNET_PROP_UINT,
		.def = 1000,
		.min = 1,
		.max = 10000,
	},
	{ .name = NULL },
};

static int init(struct hwnet_nic *nic, char *err, size_t errlen)
{
	struct pcnet *p = pcnet_of(nic);

	p->s = nic->state;
	p->kind = (enum pcnet_kind)nic->cfg.values[PCNET_PROP_MODEL];
	p->coalesce = (uint32_t)nic->cfg.values[PCNET_PROP_COALESCE];
	p->coalesce_ns = (int64_t)nic->cfg.values[PCNET_PROP_COALESCE_US] * 1000;
	pcnet_link(nic, &p->link);
	return 0;
}

#define SUBSYS_VENDOR 0x1022
#define SUBSYS_DEVICE 0x2000

/*
 * 970A, PCI Configuration Registers; 973 adds power management (PCI PM 1.1) and the EEPROM's
 * subsystem ids. Where none are given the card shows what VMware's vlance and VirtualBox's cards
 * do, and the same revisions: Windows takes a card of other ones for new, without its settings.
 */
static void pci(const struct hwnet_nic *nic, struct hwnet_pci *pci)
{
	const struct pcnet *p = pcnet_of_const(nic);

	pci->vendor = 0x1022;
	pci->device = 0x2000;
	pci->class_code = 0x020000;
	pci->revision = p->kind == PCNET_973 ? 0x40 : 0x10;
	pci->min_gnt = p->s->bcr[BCR_LATENCY] & 0xff;
	pci->max_lat = p->s->bcr[BCR_LATENCY] >> 8 & 0xff;
	pci->bars[0] = (struct hwnet_bar) { .kind = HWNET_BAR_IO, .size = PCNET_BAR_SIZE };
	pci->bars[1] = (struct hwnet_bar) { .kind = HWNET_BAR_MEM, .size = PCNET_BAR_SIZE };
	pci->rom = "efi-pcnet.rom";
	pci->subsys_vendor = SUBSYS_VENDOR;
	pci->subsys_device = SUBSYS_DEVICE;
	if (p->kind == PCNET_970A)
		return;
	if (p->s->bcr[BCR_SUBSYS_VENDOR]) {
		pci->subsys_vendor = (uint16_t)p->s->bcr[BCR_SUBSYS_VENDOR];
		pci->subsys_device = (uint16_t)p->s->bcr[BCR_SUBSYS_ID];
	}
	pci->pm_off = 0x40;
	pci->pm_pmc = (uint16_t)p->s->bcr[BCR_PMC];
}

static uint32_t rx_caps(const struct hwnet_nic *nic)
{
	return 0;
}

static const struct hwnet_model_ops ops = {
	.nic_size = sizeof(struct pcnet),
	.state_size = sizeof(struct pcnet_state),
	.fields = pcnet_fields,
	.n_fields = PCNET_N_FIELDS,
	.regs = pcnet_spaces,
	.n_regs = N_SPACES,
	.init = init,
	.state_reset = pcnet_state_reset,
	.state_check = pcnet_state_check,
	.loaded = pcnet_loaded,
	.pci = pci,
	.reset = pcnet_reset,
	.set_carrier = pcnet_set_carrier,
	.link = pcnet_link,
	.read = pcnet_io_read,
	.write = pcnet_io_write,
	.run = pcnet_run,
	.timer = pcnet_timer,
	.rx = pcnet_rx,
	.rx_caps = rx_caps,
	.tx_ready = pcnet_tx_ready,
	.rx_filter = pcnet_rx_filter,
	.wake = pcnet_wake,
	.describe = pcnet_describe,
};

const struct hwnet_model hwnet_pcnet = {
	.name = "pcnet",
	.desc = "AMD PCnet-PCI II / PCnet-FAST III (VMware's vlance)",
	.props = props,
	.ops = &ops,
};
