// SPDX-License-Identifier: GPL-2.0-or-later
/* When a card's core runs; see nic-doorbell.h. */
#include "nic-call.h"
#include "nic-doorbell.h"

/* About how many frames a card may send before others get their turn, as they are on the wire. */
#define VC_RUN_BUDGET 1024u

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

void vc_nic_run(struct vc_nic *s)
{
	s->busy = true;
	/* The core's time, too: one reading per doorbell. */
	s->now = qemu_clock_get_ns(QEMU_CLOCK_VIRTUAL);
	if (s->wish <= s->now)
		expire(s); /* the main loop is late: on a busy host it may be very late */
	s->pending &= ~VC_RUN;
	if (hwnet_run(s->core, VC_RUN_BUDGET))
		s->pending |= VC_RUN;
	s->now = 0;
	s->busy = false;
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
	if (s->wish == HWNET_NEVER || s->asleep)
		return;
	if (s->busy) {
		vc_nic_later(s, VC_TIMER);
		return;
	}
	if (s->wish > qemu_clock_get_ns(QEMU_CLOCK_VIRTUAL)) {
		vc_nic_timer(s, s->wish);
		return;
	}
	vc_nic_enter(s);
	expire(s);
	vc_nic_leave(s);
}

void vc_nic_rearm(struct vc_nic *s)
{
	if (s->wish != HWNET_NEVER && !s->asleep)
		vc_nic_timer(s, s->wish);
}

void vc_nic_init_timer(struct vc_nic *s)
{
	s->wish = s->armed = HWNET_NEVER;
	s->timer = timer_new_ns(QEMU_CLOCK_VIRTUAL, timer_comes, s);
}

void vc_nic_fini_timer(struct vc_nic *s)
{
	timer_free(s->timer);
}

/*
 * May the guest reach the registers now? Not in a low-power state; and not from inside a call into
 * the core, which a guest can bring about: a stock card that gets our frame and whose ring "is" in
 * our registers.
 */
static inline bool answers(const struct vc_nic *s)
{
	return likely(!s->busy && !s->asleep);
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
