// SPDX-License-Identifier: GPL-2.0-or-later
/* Power states of a card; see nic-power.h. */
#include "nic-call.h"
#include "nic-irq.h"
#include "nic-power.h"

static unsigned power_state(const struct vc_nic *s)
{
	if (!s->ids.pm_off)
		return 0;
	return pci_get_word(s->pci.config + s->ids.pm_off + PCI_PM_CTRL) & PCI_PM_CTRL_STATE_MASK;
}

/* Config space may say another state than before. */
static void update_asleep(struct vc_nic *s)
{
	bool was = s->asleep;

	s->asleep = power_state(s) != 0;
	if (s->asleep == was)
		return;
	vc_nic_update_intx(s);
	if (!s->asleep)
		vc_nic_later(s, VC_TIMER);
}

void vc_nic_reset_power(struct vc_nic *s)
{
	uint8_t *ctrl = s->pci.config + s->ids.pm_off + PCI_PM_CTRL;

	if (!power_state(s))
		return;
	vc_trace(s, VC_TRACE_STATE, "D%u to D0 by reset", power_state(s));
	pci_set_word(ctrl, pci_get_word(ctrl) & ~PCI_PM_CTRL_STATE_MASK);
}

void vc_nic_update_may_run(struct vc_nic *s)
{
	bool could = s->may_run;

	if (s->gone)
		return;
	update_asleep(s);
	s->may_run = (pci_get_word(s->pci.config + PCI_COMMAND) & PCI_COMMAND_MASTER) &&
		     !s->asleep && runstate_is_running();
	if (s->may_run && !could)
		vc_nic_later(s, VC_TX_READY | VC_FLUSH);
}

void vc_nic_reset_core(struct vc_nic *s)
{
	s->pending &= ~VC_RUN;
	s->busy = true;
	hwnet_reset(s->core, HWNET_RESET_BUS);
	s->busy = false;
	s->pending |= VC_FILTER | VC_LINK;
}

/* PCI PM 1.1, 3.2.4: a state that the card does not have is not entered. */
static void refuse_state(struct vc_nic *s, unsigned was)
{
	uint8_t *ctrl = s->pci.config + s->ids.pm_off + PCI_PM_CTRL;
	unsigned is = power_state(s);

	if ((is == 1 && !(s->ids.pm_pmc & PCI_PM_CAP_D1)) ||
	    (is == 2 && !(s->ids.pm_pmc & PCI_PM_CAP_D2)))
		pci_set_word(ctrl, (pci_get_word(ctrl) & ~PCI_PM_CTRL_STATE_MASK) | was);
}

/* What follows from a config write. */
static void config_changed(struct vc_nic *s, unsigned was)
{
	unsigned is;

	refuse_state(s, was);
	is = power_state(s);
	if (is != was)
		vc_trace(s, VC_TRACE_STATE, "D%u to D%u%s", was, is,
			 was == 3 && is == 0 ? ": reset" : "");
	vc_nic_update_may_run(s);
	vc_nic_update_intx(s);
	if (was == 3 && is == 0)
		vc_nic_do(s, VC_RESET);
}

void vc_nic_write_config(PCIDevice *pci, uint32_t addr, uint32_t val, int len)
{
	struct vc_nic *s = VC_NIC(pci);
	unsigned was = power_state(s);

	vc_life_hold(&s->life);
	pci_default_write_config(pci, addr, val, len);
	if (!s->gone) /* by a message that the write let go */
		config_changed(s, was);
	vc_life_put(&s->life);
}

bool vc_nic_may_wake(const struct vc_nic *s)
{
	return !s->gone && s->ids.pm_off &&
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

/* In S3 the machine runs still, for a moment. */
static void machine_changed(struct vc_watch *w, enum vc_machine_event event)
{
	struct vc_nic *s = container_of(w, struct vc_nic, watch);

	if (event == VC_MACHINE_SUSPEND)
		s->may_run = false;
	else
		vc_nic_update_may_run(s);
}

void vc_nic_init_power(struct vc_nic *s)
{
	vc_watch_machine(&s->watch, machine_changed);
}

void vc_nic_fini_power(struct vc_nic *s)
{
	vc_unwatch_machine(&s->watch);
}
