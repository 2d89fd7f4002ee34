/* SPDX-License-Identifier: BSD-2-Clause */
/* The three models: what distinguishes them, and their side of model.h. */
#include "e1000.h"

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

#define INTEL  0x8086
#define VMWARE 0x15ad
#define PM_OFF 0xdc   /* 4.1: capabilities of the 82540EM start here */
#define PM_PMC 0xc822 /* version 2, DSI, PME# from D0, D3hot, D3cold */

/*
 * Identities. Of the 82540EM and the 82544GC those of Intel's own adapters, PRO/1000 MT Desktop and
 * PRO/1000 T Desktop. The 82545EM is what ESXi gives its guests, so it has VMware's: Windows keeps
 * an adapter's settings by PCI\VEN_8086&DEV_100F&SUBSYS_075015AD&REV_01.
 */
static const struct e1000_info info_82540em = {
	.device = 0x100e,
	.subsys_vendor = INTEL,
	.subsys = 0x001e,
	.revision = 2,
	.phy_id2 = 0x0c20,
	.io_size = 64,
	.ee_words = 64,
};
static const struct e1000_info info_82544gc = {
	.device = 0x100c,
	.subsys_vendor = INTEL,
	.subsys = 0x1112,
	.revision = 2,
	.phy_id2 = 0x0c30,
	.is_82544 = true,
	.io_size = 32,
	.ee_words = 64,
};
static const struct e1000_info info_82545em = {
	.device = 0x100f,
	.subsys_vendor = VMWARE,
	.subsys = 0x0750,
	.revision = 1,
	.phy_id2 = 0x0c20,
	.wide = true,
	.io_size = 64,
	.ee_words = 256,
};

/**
 * e1000_info_of() - What distinguishes a model
 * @model: The model
 *
 * Return: its peculiarities.
 */
const struct e1000_info *e1000_info_of(const struct hwnet_model *model)
{
	if (model == &hwnet_e1000_82544gc)
		return &info_82544gc;
	return model == &hwnet_e1000_82545em ? &info_82545em : &info_82540em;
}

static int e1000_init(struct hwnet_nic *nic, char *err, size_t errlen)
{
	struct e1000 *c = e1000_of(nic);

	c->s = nic->state;
	c->info = e1000_info_of(nic->model);
	e1000_map_init(c);
	e1000_filter_derive(c);
	return 0;
}

static void e1000_pci(const struct hwnet_nic *nic, struct hwnet_pci *pci)
{
	const struct e1000_info *info = e1000_info_of(nic->model);

	pci->vendor = INTEL;
	pci->device = info->device;
	pci->subsys_vendor = info->subsys_vendor;
	pci->subsys_device = info->subsys;
	pci->class_code = 0x020000;
	pci->revision = info->revision;
	pci->min_gnt = 0xff;
	pci->bars[0] = (struct hwnet_bar) { HWNET_BAR_MEM, info->wide, false, E1000_MEM_SIZE };
	pci->bars[info->wide ? 4 : 2] =
		(struct hwnet_bar) { HWNET_BAR_IO, false, false, info->io_size };
	pci->pm_off = PM_OFF;
	pci->pm_pmc = PM_PMC;
	pci->rom = "efi-e1000.rom";
}

/* The 8254x has no receive coalescing: every message must be cut for it. */
static uint32_t e1000_rx_caps(const struct hwnet_nic *nic)
{
	return 0;
}

static const struct hwnet_model_ops ops = {
	.nic_size = sizeof(struct e1000),
	.state_size = sizeof(struct e1000_state),
	.fields = e1000_fields,
	.n_fields = E1000_N_FIELDS,
	.regs = e1000_spaces,
	.n_regs = E1000_N_SPACES,
	.init = e1000_init,
	.state_reset = e1000_state_reset,
	.state_check = e1000_state_check,
	.loaded = e1000_loaded,
	.pci = e1000_pci,
	.reset = e1000_reset,
	.set_carrier = e1000_set_carrier,
	.link = e1000_link,
	.read = e1000_read,
	.write = e1000_write,
	.run = e1000_run,
	.timer = e1000_timer,
	.rx = e1000_rx,
	.rx_caps = e1000_rx_caps,
	.tx_ready = e1000_tx_ready,
	.rx_filter = e1000_rx_filter,
	.wake = e1000_wake,
	.describe = e1000_describe,
};

static const struct hwnet_prop props[] = {
	[E1000_PROP_TX_COALESCE] = {
		.name = "tx-coalesce-us",
		.help = "longest wait of a transmit-only interrupt under load, microseconds; "
			"0: none",
		.kind = HWNET_PROP_UINT,
		.def = 250,
		.max = 10000,
	},
	{ .name = NULL },
};

const struct hwnet_model hwnet_e1000 = {
	.name = "e1000",
	.desc = "Intel PRO/1000 MT Desktop (82540EM)",
	.props = props,
	.ops = &ops,
};
const struct hwnet_model hwnet_e1000_82544gc = {
	.name = "e1000-82544gc",
	.desc = "Intel PRO/1000 T Desktop (82544GC)",
	.props = props,
	.ops = &ops,
};
const struct hwnet_model hwnet_e1000_82545em = {
	.name = "e1000-82545em",
	.desc = "Intel PRO/1000 MT Server (82545EM)",
	.props = props,
	.ops = &ops,
};
