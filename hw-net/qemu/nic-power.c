// SPDX-License-Identifier: GPL-2.0-or-later
/* Power states of a card; see nic-power.h. */
#include "nic-call.h"
#include "nic-power.h"

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

void vc_nic_update_may_run(struct vc_nic *s)
{
	bool could = s->may_run;

	s->may_run = (pci_get_word(s->pci.config + PCI_COMMAND) & PCI_COMMAND_MASTER) &&
		     !vc_nic_asleep(s) && runstate_is_running();
	if (s->may_run && !could)
		vc_nic_later(s, VC_FLUSH);
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

static void vm_state_changed(void *opaque, bool running, RunState state)
{
	vc_nic_update_may_run(opaque);
}

/* S3 is no change of state to vm_state_changed(). It is told of a moment before it begins. */
static void suspended(Notifier *n, void *data)
{
	container_of(n, struct vc_nic, suspend)->may_run = false;
}

static void woken(Notifier *n, void *data)
{
	vc_nic_update_may_run(container_of(n, struct vc_nic, wakeup));
}

void vc_nic_init_power(struct vc_nic *s)
{
	s->vm_state = qemu_add_vm_change_state_handler(vm_state_changed, s);
	s->suspend.notify = suspended;
	qemu_register_suspend_notifier(&s->suspend);
	s->wakeup.notify = woken;
	qemu_register_wakeup_notifier(&s->wakeup);
}

void vc_nic_fini_power(struct vc_nic *s)
{
	notifier_remove(&s->suspend);
	notifier_remove(&s->wakeup);
	qemu_del_vm_change_state_handler(s->vm_state);
}
