/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Calls into a card's core, and what waits for their end.
 *
 * DOC: Theory of Operation
 *
 * Everything runs under QEMU's big lock. A call into the core stands between vc_nic_enter() and
 * vc_nic_leave(); what the core asks for meanwhile (kick, flush, new filter) is noted in @pending
 * and done when it has returned, in vc_nic_settle() and nowhere else. So the core is never entered
 * twice, and never from inside one of its own host operations.
 */
#ifndef VC_NIC_CALL_H
#define VC_NIC_CALL_H

#include "nic.h"

/**
 * vc_nic_init_calls() - Set up what nic-call.c needs
 * @s:       The device
 * @actions: What is done when the core has returned, in this order; ended by a row without @act.
 *           That of VC_RUN must be the first
 */
void vc_nic_init_calls(struct vc_nic *s, const struct vc_nic_action *actions);

/**
 * vc_nic_fini_calls() - Undo it
 * @s: The device
 */
void vc_nic_fini_calls(struct vc_nic *s);

/**
 * vc_nic_settle() - Do what is pending
 * @s: The device; no call into its core runs
 */
void vc_nic_settle(struct vc_nic *s);

/**
 * vc_nic_later() - Note that something is to be done, in a bottom half if nobody is about to
 * @s:    The device
 * @what: enum vc_pending
 */
void vc_nic_later(struct vc_nic *s, unsigned what);

/**
 * vc_nic_enter() - A call into the core begins
 * @s: The device; no call into its core runs
 */
static inline void vc_nic_enter(struct vc_nic *s)
{
	assert(!s->busy);
	s->busy = true;
}

/**
 * vc_nic_leave() - It has returned: do what is pending
 * @s: The device
 */
static inline void vc_nic_leave(struct vc_nic *s)
{
	s->busy = false;
	if (unlikely(s->pending))
		vc_nic_settle(s);
}

/**
 * vc_nic_leave_later() - As vc_nic_leave(), for callers up whose stack the core must not run
 * @s: The device. What is pending is done in a bottom half
 */
static inline void vc_nic_leave_later(struct vc_nic *s)
{
	s->busy = false;
	if (s->pending)
		qemu_bh_schedule(s->bh);
}

#endif
