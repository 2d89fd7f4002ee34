// SPDX-License-Identifier: GPL-2.0-or-later
/* A card's config space; see nic-config.h. */
#include "nic-config.h"
#include "nic-doorbell.h"

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

/*
 * PCI PM 1.1, 3.2: PMC as the model says, in PMCSR the state and PME_En are writable, PME_Status is
 * cleared by 1.
 */
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

/* A machine without a controller for messages is no error: the card then has no such capability. */
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
