// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * A card's config space: identity, base address registers, interrupts, power states.
 *
 * DOC: Theory of Operation
 *
 * Capabilities stand where the model wants them (hwnet_pci()), because drivers and saved states
 * know the places. MSI and MSI-X are left out if the machine has no controller for messages.
 *
 * Power (PCI PM 1.1, 3.2.4): in D1 to D3 the card answers config space only; frames wait, or wake
 * the machine if the guest enabled PME and the core says that the frame is one to wake for. Coming
 * back from D3 is a reset.
 */
#include "nic.h"

static void write_identity(struct vc_nic *s)
{
	const struct hwnet_pci *ids = &s->ids;
	uint8_t *c = s->pci.config;

	pci_config_set_vendor_id(c, ids->vendor);
	pci_config_set_device_id(c, ids->device);
	pci_config_set_revision(c, ids->revision);
	pci_config_set_prog_interface(c, ids->class_code & 0xff);
	pci_config_set_class(c, ids->class_code >> 8);
	pci_set_word(c + PCI_SUBSYSTEM_VENDOR_ID, ids->subsys_vendor);
	pci_set_word(c + PCI_SUBSYSTEM_ID, ids->subsys_device);
	c[PCI_MIN_GNT] = ids->min_gnt;
	c[PCI_MAX_LAT] = ids->max_lat;
	s->pci.cmask[PCI_REVISION_ID] = 0; /* see add_serial() */
	pci_config_set_interrupt_pin(c, 1);
}

static uint8_t bar_flags(const struct hwnet_bar *bar)
{
	if (bar->kind == HWNET_BAR_IO)
		return PCI_BASE_ADDRESS_SPACE_IO;
	return PCI_BASE_ADDRESS_SPACE_MEMORY | (bar->wide ? PCI_BASE_ADDRESS_MEM_TYPE_64 : 0) |
	       (bar->prefetch ? PCI_BASE_ADDRESS_MEM_PREFETCH : 0);
}

static void add_bars(struct vc_nic *s)
{
	for (unsigned i = 0; i < 6; i++) {
		const struct hwnet_bar *bar = &s->ids.bars[i];
		g_autofree char *name = g_strdup_printf("%s-bar%u", s->name, i);

		if (bar->kind == HWNET_BAR_NONE)
			continue;
		s->bar_of[i].nic = s;
		s->bar_of[i].index = i;
		if (s->ids.msix_vectors && i == s->ids.msix_bar)
			memory_region_init(&s->bars[i], OBJECT(s), name, bar->size);
		else
			memory_region_init_io(&s->bars[i], OBJECT(s), &vc_nic_bar_ops,
					      &s->bar_of[i], name, bar->size);
		pci_register_bar(&s->pci, i, bar_flags(bar), &s->bars[i]);
	}
}

/* PCI PM 1.1, 3.2: PMC as the model says, in PMCSR the state and PME_En are writable, PME_Status is
 * cleared by 1. */
static bool add_pm(struct vc_nic *s, Error **errp)
{
	unsigned at = s->ids.pm_off;
	PCIDevice *pci = &s->pci;

	if (!at)
		return true;
	if (pci_add_capability(pci, PCI_CAP_ID_PM, at, PCI_PM_SIZEOF, errp) < 0)
		return false;
	pci_set_word(pci->config + at + PCI_PM_PMC, s->ids.pm_pmc);
	pci_set_word(pci->wmask + at + PCI_PM_CTRL,
		     PCI_PM_CTRL_STATE_MASK | PCI_PM_CTRL_PME_ENABLE | PCI_PM_CTRL_DATA_SEL_MASK);
	pci_set_word(pci->w1cmask + at + PCI_PM_CTRL, PCI_PM_CTRL_PME_STATUS);
	return true;
}

/* The machine without a controller for messages is no error: the card then has no such capability.
 */
static bool add_msi(struct vc_nic *s, Error **errp)
{
	Error *err = NULL;
	int ret;

	if (!s->ids.msi_vectors)
		return true;
	ret = msi_init(&s->pci, s->ids.msi_off, s->ids.msi_vectors, true, false, &err);
	if (ret == -ENOTSUP)
		error_free(err);
	else if (ret < 0)
		error_propagate(errp, err);
	return ret >= 0 || ret == -ENOTSUP;
}

static bool add_msix(struct vc_nic *s, Error **errp)
{
	MemoryRegion *mr = &s->bars[s->ids.msix_bar];
	Error *err = NULL;
	int ret;

	if (!s->ids.msix_vectors)
		return true;
	ret = msix_init(&s->pci, s->ids.msix_vectors, mr, s->ids.msix_bar, s->ids.msix_table, mr,
			s->ids.msix_bar, s->ids.msix_pba, s->ids.msix_off, &err);
	if (ret == -ENOTSUP)
		error_free(err);
	else if (ret < 0)
		error_propagate(errp, err);
	for (unsigned i = 0; ret >= 0 && i < s->ids.msix_vectors; i++)
		msix_vector_use(&s->pci, i);
	return ret >= 0 || ret == -ENOTSUP;
}

/*
 * The serial number is the first capability of the extended space. It is not compared when a saved
 * state is loaded, as the revision is not: a machine that was saved with another one, or none, goes
 * on with what it had.
 */
static void add_serial(struct vc_nic *s)
{
	if (!s->ids.serial)
		return;
	pcie_dev_ser_num_init(&s->pci, PCI_CONFIG_SPACE_SIZE, s->ids.serial);
	memset(s->pci.cmask + PCI_CONFIG_SPACE_SIZE, 0, PCI_EXT_CAP_DSN_SIZEOF);
}

static bool add_express(struct vc_nic *s, Error **errp)
{
	if (!pci_is_express(&s->pci))
		return true;
	if (!pci_bus_is_express(pci_get_bus(&s->pci))) {
		s->pci.cap_present &= ~QEMU_PCI_CAP_EXPRESS; /* a plain slot: a plain card */
		return true;
	}
	if (pcie_endpoint_cap_init(&s->pci, s->ids.pcie_off) < 0) {
		error_setg(errp, "no room for the PCI Express capability");
		return false;
	}
	add_serial(s);
	return true;
}

bool vc_nic_init_config(struct vc_nic *s, Error **errp)
{
	write_identity(s);
	add_bars(s);
	return add_express(s, errp) && add_pm(s, errp) && add_msi(s, errp) && add_msix(s, errp);
}

void vc_nic_fini_config(struct vc_nic *s)
{
	MemoryRegion *mr = &s->bars[s->ids.msix_bar];

	if (msix_present(&s->pci)) {
		msix_unuse_all_vectors(&s->pci);
		msix_uninit(&s->pci, mr, mr);
	}
	msi_uninit(&s->pci);
	if (pci_is_express(&s->pci))
		pcie_cap_exit(&s->pci);
}

static unsigned power_state(const struct vc_nic *s)
{
	if (!s->ids.pm_off)
		return 0;
	return pci_get_word(s->pci.config + s->ids.pm_off + PCI_PM_CTRL) & PCI_PM_CTRL_STATE_MASK;
}

bool vc_nic_asleep(const struct vc_nic *s)
{
	return power_state(s) != 0;
}

void vc_nic_reset_power(struct vc_nic *s)
{
	uint8_t *ctrl = s->pci.config + s->ids.pm_off + PCI_PM_CTRL;

	if (!vc_nic_asleep(s))
		return;
	vc_trace(s, VC_TRACE_STATE, "D%u to D0 by reset", power_state(s));
	pci_set_word(ctrl, pci_get_word(ctrl) & ~PCI_PM_CTRL_STATE_MASK);
}

static void reset_from_d3(struct vc_nic *s)
{
	vc_trace(s, VC_TRACE_STATE, "D3 to D0: reset");
	vc_nic_enter(s);
	hwnet_reset(s->core, HWNET_RESET_BUS);
	vc_nic_leave(s);
}

void vc_nic_write_config(PCIDevice *pci, uint32_t addr, uint32_t val, int len)
{
	struct vc_nic *s = VC_NIC(pci);
	unsigned was = power_state(s), is;

	pci_default_write_config(pci, addr, val, len);
	is = power_state(s);
	if (is != was)
		vc_trace(s, VC_TRACE_STATE, "D%u to D%u", was, is);
	if (was == 3 && is == 0 && !s->busy)
		reset_from_d3(s);
	vc_nic_update_may_run(s);
}

bool vc_nic_may_wake(const struct vc_nic *s)
{
	return s->ids.pm_off &&
	       (pci_get_word(s->pci.config + s->ids.pm_off + PCI_PM_CTRL) & PCI_PM_CTRL_PME_ENABLE);
}

void vc_nic_wake(struct vc_nic *s, const struct pkt *pkt)
{
	uint8_t *ctrl = s->pci.config + s->ids.pm_off + PCI_PM_CTRL;

	if (!vc_nic_may_wake(s) || s->busy)
		return;
	vc_nic_enter(s);
	if (hwnet_wake(s->core, pkt)) {
		pci_set_word(ctrl, pci_get_word(ctrl) | PCI_PM_CTRL_PME_STATUS);
		vc_trace(s, VC_TRACE_STATE, "wakes the machine");
		qemu_system_wakeup_request(QEMU_WAKEUP_REASON_OTHER, NULL);
	}
	vc_nic_leave(s);
}

void vc_nic_msi(void *opaque, unsigned vec)
{
	struct vc_nic *s = opaque;

	vc_trace(s, VC_TRACE_IRQ, "message %u", vec);
	if (msix_enabled(&s->pci)) {
		if (vec < s->ids.msix_vectors)
			msix_notify(&s->pci, vec);
	} else if (msi_enabled(&s->pci)) {
		msi_notify(&s->pci, vec < msi_nr_vectors_allocated(&s->pci) ? vec : 0);
	}
}

void vc_nic_intx(void *opaque, bool level)
{
	struct vc_nic *s = opaque;

	vc_trace(s, VC_TRACE_IRQ, "line %u", level);
	pci_set_irq(&s->pci, level);
}

enum hwnet_irq_mode vc_nic_irq_mode(void *opaque)
{
	struct vc_nic *s = opaque;

	if (msix_enabled(&s->pci))
		return HWNET_IRQ_MSIX;
	return msi_enabled(&s->pci) ? HWNET_IRQ_MSI : HWNET_IRQ_INTX;
}
