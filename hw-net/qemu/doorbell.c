// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * When a card's core runs: register accesses, deadlines, and what follows from them.
 *
 * DOC: Theory of Operation
 *
 * A register write that gives the core work makes it call kick(), which notes VC_RUN. When the
 * write has returned, vc_nic_settle() runs the core, at once or (doorbell=bh) in a bottom half. At
 * once is the default: it saves a turn of the main loop per doorbell, 2-3 us, and drivers ring once
 * for many frames anyway. A run sends at most VC_RUN_BUDGET frames; what is left goes on in a
 * bottom half, so that one guest's ring cannot hold the big lock for ever.
 *
 * While the VM is stopped, the card asleep, or bus mastering off, nothing runs: the wish stays
 * noted until that changes.
 *
 * The core has one timer. QEMU's is left alone when the new deadline is later than the one it is
 * set to: coming early costs a comparison, setting it costs a lock and perhaps a wake-up of the
 * main loop.
 */
#include "netclient.h"
#include "port.h"

/* About how many frames a card may send before others get their turn. */
#define VC_RUN_BUDGET 256u

void vc_nic_update_may_run(struct vc_nic *s)
{
	bool could = s->may_run;

	s->may_run = (pci_get_word(s->pci.config + PCI_COMMAND) & PCI_COMMAND_MASTER) &&
		     !vc_nic_asleep(s) && runstate_is_running();
	if (s->may_run && !could)
		vc_nic_later(s, VC_FLUSH);
}

int64_t vc_nic_now(void *opaque)
{
	struct vc_nic *s = opaque;

	return s->now ? s->now : qemu_clock_get_ns(QEMU_CLOCK_VIRTUAL);
}

/* The deadline has come: tell the core. Called with @busy set. */
static void expire(struct vc_nic *s)
{
	vc_trace(s, VC_TRACE_STATE, "deadline");
	s->wish = HWNET_NEVER;
	hwnet_timer(s->core);
}

static void run(struct vc_nic *s)
{
	s->busy = true;
	s->now = qemu_clock_get_ns(
		QEMU_CLOCK_VIRTUAL); /* the core's, too: one reading per doorbell */
	if (s->wish <= s->now)
		expire(s); /* the main loop is late: on a busy host it may be very late */
	s->pending &= ~VC_RUN;
	if (hwnet_run(s->core, VC_RUN_BUDGET))
		s->pending |= VC_RUN;
	s->now = 0;
	s->busy = false;
	if (s->pending & VC_RUN)
		qemu_bh_schedule(s->bh);
}

/* All but VC_RUN. */
static void tell_others(struct vc_nic *s)
{
	unsigned what = s->pending & ~VC_RUN;

	s->pending &= VC_RUN;
	if (what & VC_TX_READY)
		vc_nic_port_ready(s);
	if (what & VC_LINK)
		vc_nic_update_link(s);
	if (what & VC_FILTER)
		vc_nic_update_filter(s);
	if (what & VC_FLUSH)
		vc_nic_flush(s);
}

static void settle(struct vc_nic *s, bool run_now)
{
	if (s->settling || s->busy)
		return; /* whoever is further up the stack does it */
	s->settling = true;
	if ((s->pending & VC_RUN) && s->may_run) {
		if (run_now)
			run(s);
		else
			qemu_bh_schedule(s->bh);
	}
	tell_others(s);
	s->settling = false;
	if (s->pending & ~VC_RUN)
		qemu_bh_schedule(s->bh); /* came up while telling others */
}

void vc_nic_settle(struct vc_nic *s)
{
	settle(s, s->doorbell == VC_DOORBELL_NOW);
}

void vc_nic_later(struct vc_nic *s, unsigned what)
{
	s->pending |= what;
	if (!s->busy)
		qemu_bh_schedule(s->bh);
}

static void bottom_half(void *opaque)
{
	settle(opaque, true);
}

void vc_nic_kick(void *opaque)
{
	struct vc_nic *s = opaque;

	s->pending |= VC_RUN;
}

void vc_nic_timer(void *opaque, int64_t deadline)
{
	struct vc_nic *s = opaque;

	s->wish = deadline;
	if (deadline >= s->armed)
		return;
	s->armed = deadline;
	timer_mod(s->timer, deadline);
}

static void timer_comes(void *opaque)
{
	struct vc_nic *s = opaque;

	s->armed = HWNET_NEVER;
	if (s->wish == HWNET_NEVER)
		return;
	if (s->wish > qemu_clock_get_ns(QEMU_CLOCK_VIRTUAL)) {
		vc_nic_timer(s, s->wish);
		return;
	}
	vc_nic_enter(s);
	expire(s);
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

void vc_nic_init_doorbell(struct vc_nic *s)
{
	s->wish = s->armed = HWNET_NEVER;
	s->timer = timer_new_ns(QEMU_CLOCK_VIRTUAL, timer_comes, s);
	s->bh = qemu_bh_new(bottom_half, s);
	s->vm_state = qemu_add_vm_change_state_handler(vm_state_changed, s);
	s->suspend.notify = suspended;
	qemu_register_suspend_notifier(&s->suspend);
	s->wakeup.notify = woken;
	qemu_register_wakeup_notifier(&s->wakeup);
}

void vc_nic_fini_doorbell(struct vc_nic *s)
{
	notifier_remove(&s->suspend);
	notifier_remove(&s->wakeup);
	qemu_del_vm_change_state_handler(s->vm_state);
	qemu_bh_delete(s->bh);
	timer_free(s->timer);
}

/*
 * May the guest reach the registers now? Not in a low-power state; and not from inside a call into
 * the core, which a guest can bring about: a stock card that gets our frame and whose ring "is" in
 * our registers.
 */
static inline bool answers(const struct vc_nic *s)
{
	return likely(!s->busy && !vc_nic_asleep(s));
}

static uint64_t read_register(void *opaque, hwaddr addr, unsigned size)
{
	struct vc_nic_bar *bar = opaque;
	struct vc_nic *s = bar->nic;
	uint64_t val;

	if (!answers(s))
		return UINT64_MAX;
	vc_nic_enter(s);
	val = hwnet_read(s->core, bar->index, addr, size);
	vc_nic_leave(s);
	vc_trace(s, VC_TRACE_REG, "bar %u read  0x%04" PRIx64 "/%u = 0x%" PRIx64, bar->index,
		 (uint64_t)addr, size, val);
	return val;
}

static void write_register(void *opaque, hwaddr addr, uint64_t val, unsigned size)
{
	struct vc_nic_bar *bar = opaque;
	struct vc_nic *s = bar->nic;

	vc_trace(s, VC_TRACE_REG, "bar %u write 0x%04" PRIx64 "/%u = 0x%" PRIx64, bar->index,
		 (uint64_t)addr, size, val);
	if (!answers(s))
		return;
	vc_nic_enter(s);
	hwnet_write(s->core, bar->index, addr, val, size);
	if (unlikely(hwnet_rx_caps(s->core) != s->rx_caps))
		s->pending |= VC_LINK;
	vc_nic_leave(s);
}

const MemoryRegionOps vc_nic_bar_ops = {
	.read = read_register,
	.write = write_register,
	.endianness = DEVICE_LITTLE_ENDIAN,
	.valid = { .min_access_size = 1, .max_access_size = 8, .unaligned = true },
	.impl = { .min_access_size = 1, .max_access_size = 8, .unaligned = true },
};
