/* SPDX-License-Identifier: BSD-2-Clause */
/* The model: properties, configuration space, entry points. */
#include "vmxnet3.h"

#include <stdio.h>

#include "control.h"
#include "describe.h"
#include "filter.h"
#include "io.h"
#include "link.h"
#include "regs.h"
#include "reset.h"
#include "rss.h"
#include "rx.h"
#include "timer.h"
#include "tx.h"
#include "wake.h"

/* Where VMware's device has its capabilities; guests that came from there have saved them in their
 * resume data. */
#define CAP_PM	 0x40
#define CAP_PCIE 0x48
#define CAP_MSI	 0x84
#define CAP_MSIX 0x9c

static const char *const mask_modes[] = { "auto", "active", "lazy", NULL };

static const struct hwnet_prop props[] = {
	[PROP_REV] = {
		.name = "rev",
		.help = "latest revision that is offered to the driver",
		.kind = HWNET_PROP_UINT,
		.def = VMX_REV_MAX,
		.min = 1,
		.max = VMX_REV_MAX,
		.fixed = true,
	},
	[PROP_QUEUES] = {
		.name = "queues",
		.help = "queues in each direction that are offered to drivers of revision 6 and "
			"later",
		.kind = HWNET_PROP_UINT,
		.def = 8,
		.min = 1,
		.max = VMX_MAX_TXQ,
		.fixed = true,
	},
	[PROP_SPEED] = {
		.name = "link-speed",
		.help = "Mb/s that the driver is told",
		.kind = HWNET_PROP_UINT,
		.def = 10000,
		.min = 1,
		.max = 65535,
	},
	[PROP_MSI] = {
		.name = "msi",
		.help = "the device has MSI",
		.kind = HWNET_PROP_BOOL,
		.def = 1,
		.max = 1,
		.fixed = true,
	},
	[PROP_MSIX] = {
		.name = "msix",
		.help = "the device has MSI-X",
		.kind = HWNET_PROP_BOOL,
		.def = 1,
		.max = 1,
		.fixed = true,
	},
	[PROP_MASK_MODE] = {
		.name = "mask-mode",
		.help = "who masks an interrupt when it is sent: auto (device), active (driver), "
			"lazy (nobody)",
		.kind = HWNET_PROP_ENUM,
		.def = IMM_AUTO,
		.choices = mask_modes,
		.fixed = true,
	},
	[PROP_LRO] = {
		.name = "lro",
		.help = "whole TCP messages to drivers that enable LRO",
		.kind = HWNET_PROP_BOOL,
		.def = 1,
		.max = 1,
	},
	{ .name = NULL },
};

static int vmx_init(struct hwnet_nic *nic, char *err, size_t errlen)
{
	struct vmx *v = vmx_of(nic);

	v->s = nic->state;
	vmx_rss_derive(v);
	vmx_filter_derive(v);
	return 0;
}

/*
 * VMware's serial number of a card: the station address around ff fe, in the order that Windows
 * then names the adapter by (FF290C00F1B6A9FE00). With it a guest from ESXi finds the adapter that
 * it knows, and its settings.
 */
static uint64_t serial(const uint8_t mac[6])
{
	uint64_t low = (uint32_t)mac[5] << 24 | mac[4] << 16 | mac[3] << 8 | 0xfe;
	uint64_t high = 0xff000000u | mac[2] << 16 | mac[1] << 8 | mac[0];

	return high << 32 | low;
}

/* Revision 6 has more vectors, revision 7 more room for doorbells. */
static void vmx_pci(const struct hwnet_nic *nic, struct hwnet_pci *pci)
{
	uint64_t rev = nic->cfg.values[PROP_REV];

	pci->vendor = pci->subsys_vendor = VMX_VENDOR;
	pci->device = pci->subsys_device = VMX_DEVICE;
	pci->class_code = 0x020000;
	pci->revision = 1;
	pci->bars[0] = (struct hwnet_bar) { HWNET_BAR_MEM, false, false,
					    rev >= 7 ? VMX_BAR0_LARGE : VMX_BAR0_SIZE };
	pci->bars[1] = (struct hwnet_bar) { HWNET_BAR_MEM, false, false, VMX_BAR1_SIZE };
	pci->bars[2] = (struct hwnet_bar) { HWNET_BAR_MEM, false, false, VMX_BAR2_SIZE };
	pci->msi_vectors = nic->cfg.values[PROP_MSI] ? 1 : 0;
	pci->msi_off = CAP_MSI;
	pci->msix_vectors =
		nic->cfg.values[PROP_MSIX] ? rev >= 6 ? VMX_MAX_INTRS : VMX_MAX_INTRS_V1 : 0;
	pci->msix_bar = 2;
	pci->msix_table = 0;
	pci->msix_pba = VMX_MSIX_PBA;
	pci->msix_off = CAP_MSIX;
	pci->pm_off = CAP_PM;
	pci->pm_pmc = 0xc803; /* PM 1.2; PME# from D0, D3hot, D3cold */
	pci->pcie_off = CAP_PCIE;
	pci->serial = serial(nic->cfg.mac);
	pci->rom = "efi-vmxnet3.rom";
}

static const struct hwnet_model_ops ops = {
	.nic_size = sizeof(struct vmx),
	.state_size = sizeof(struct vmx_state),
	.fields = vmx_fields,
	.n_fields = VMX_N_FIELDS,
	.regs = vmx_regspaces,
	.n_regs = 2,
	.commands = vmx_commands,
	.n_commands = VMX_N_COMMANDS,
	.init = vmx_init,
	.state_reset = vmx_state_reset,
	.state_check = vmx_state_check,
	.loaded = vmx_loaded,
	.pci = vmx_pci,
	.reset = vmx_reset,
	.set_carrier = vmx_set_carrier,
	.link = vmx_link,
	.read = vmx_read,
	.write = vmx_write,
	.run = vmx_run,
	.timer = vmx_timer,
	.rx = vmx_rx,
	.rx_caps = vmx_rx_caps,
	.tx_ready = vmx_tx_ready,
	.rx_filter = vmx_rx_filter,
	.wake = vmx_wake,
	.describe = vmx_describe,
};

const struct hwnet_model hwnet_vmxnet3 = {
	.name = "vmxnet3",
	.desc = "VMware vmxnet3, revisions 1 to 9",
	.props = props,
	.ops = &ops,
};
