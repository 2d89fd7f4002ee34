/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Calls into a card's core, and what waits for their end.
 *
 * DOC: Theory of Operation
 *
 * Everything runs under QEMU's big lock. A call into the core stands between vc_nic_enter() and
 * vc_nic_leave(); what the core asks for meanwhile (kick, flush, new filter), and what others do to
 * the card meanwhile (reset, cable; see life.h), is noted in @pending and done when it has
 * returned, in vc_nic_settle() and nowhere else. So the core is never entered twice, and never from
 * inside one of its own host operations.
 *
 * VC_FIRST is done as soon as the core has returned, before anybody else can call it. The rest may
 * lead to other devices and back; it is done by the outermost vc_nic_settle(), while the card is
 * held (life.h). A register access, frame or power state that finds the core on the stack is
 * answered as by a card that is not there, left with its sender, or applied in full afterwards.
 */
#ifndef VC_NIC_CALL_H
#define VC_NIC_CALL_H

#include "nic.h"

/** VC_FIRST - What is done before anybody else can call the core */
#define VC_FIRST (VC_RESET | VC_CABLE)

/**
 * vc_nic_init_calls() - Set up what nic-call.c needs
 * @s:       The device
 * @actions: What is done when the core has returned, in this order; ended by a row without @act
 */
void vc_nic_init_calls(struct vc_nic *s, const struct vc_nic_action *actions);

/**
 * vc_nic_fini_calls() - Undo it
 * @s: The device
 */
void vc_nic_fini_calls(struct vc_nic *s);

/**
 * vc_nic_settle() - Do what is pending, if no call into the core runs
 * @s: The device, held
 */
void vc_nic_settle(struct vc_nic *s);

/**
 * vc_nic_settle_later() - Do VC_FIRST, and the rest in a bottom half
 * @s: The device, held
 */
void vc_nic_settle_later(struct vc_nic *s);

/**
 * vc_nic_do() - Do something as soon as no call into the core runs
 * @s:    The device
 * @what: enum vc_pending
 */
void vc_nic_do(struct vc_nic *s, unsigned what);

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
	vc_life_hold(&s->life);
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
	vc_life_put(&s->life);
}

/**
 * vc_nic_leave_later() - As vc_nic_leave(), for callers up whose stack the core must not run
 * @s: The device. What is pending is done in a bottom half
 */
static inline void vc_nic_leave_later(struct vc_nic *s)
{
	s->busy = false;
	if (unlikely(s->pending))
		vc_nic_settle_later(s);
	vc_life_put(&s->life);
}

#endif
