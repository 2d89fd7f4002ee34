// SPDX-License-Identifier: GPL-2.0-or-later
/* A card's interrupts; see nic-irq.h. */
#include "nic-irq.h"

static bool messages_enabled(const struct vc_nic *s)
{
	return msix_enabled((PCIDevice *)&s->pci) || msi_enabled(&s->pci);
}

void vc_nic_msi(void *opaque, unsigned vec)
{
	struct vc_nic *s = opaque;

	if (s->asleep)
		return;
	vc_trace(s, VC_TRACE_IRQ, "message %u", vec);
	if (msix_enabled(&s->pci)) {
		if (vec < s->ids.msix_vectors)
			msix_notify(&s->pci, vec);
	} else if (msi_enabled(&s->pci)) {
		msi_notify(&s->pci, vec < msi_nr_vectors_allocated(&s->pci) ? vec : 0);
	}
}

void vc_nic_update_intx(struct vc_nic *s)
{
	if (!s->gone)
		pci_set_irq(&s->pci, s->intx && !s->asleep && !messages_enabled(s));
}

void vc_nic_intx(void *opaque, bool level)
{
	struct vc_nic *s = opaque;

	vc_trace(s, VC_TRACE_IRQ, "line %u", level);
	s->intx = level;
	vc_nic_update_intx(s);
}

enum hwnet_irq_mode vc_nic_irq_mode(void *opaque)
{
	struct vc_nic *s = opaque;

	if (s->gone)
		return HWNET_IRQ_INTX;
	if (msix_enabled(&s->pci))
		return HWNET_IRQ_MSIX;
	return msi_enabled(&s->pci) ? HWNET_IRQ_MSI : HWNET_IRQ_INTX;
}
