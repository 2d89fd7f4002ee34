/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * When a card's core runs: register accesses, deadlines, and what follows from them.
 *
 * DOC: Theory of Operation
 *
 * A register write that gives the core work makes it call kick(), which notes VC_RUN. When the
 * write has returned, vc_nic_settle() runs the core, at once or (doorbell=bh) in a bottom half. At
 * once is the default: it saves a turn of the main loop per doorbell, 2-3 us, and drivers ring once
 * for many frames anyway. A run sends about VC_RUN_BUDGET frames; what is left goes on in a
 * bottom half, so that one guest's ring cannot hold the big lock for ever.
 *
 * While the VM is stopped, the card asleep, or bus mastering off, nothing runs: the wish stays
 * noted until that changes. Deadlines wait only for a card that is asleep, whose clock stands
 * still: without bus mastering a link still comes up. But nothing leaves the card (vc_nic_tx()).
 *
 * The core has one timer. QEMU's is left alone when the new deadline is later than the one it is
 * set to: coming early costs a comparison, setting it costs a lock and perhaps a wake-up of the
 * main loop.
 */
#ifndef VC_NIC_DOORBELL_H
#define VC_NIC_DOORBELL_H

#include "nic.h"

/** vc_nic_bar_ops - Access to a card's registers; opaque is a struct vc_nic_bar */
extern const MemoryRegionOps vc_nic_bar_ops;

/**
 * vc_nic_init_timer() - Set up the core's timer
 * @s: The device
 */
void vc_nic_init_timer(struct vc_nic *s);

/**
 * vc_nic_fini_timer() - Undo it
 * @s: The device
 */
void vc_nic_fini_timer(struct vc_nic *s);

/**
 * vc_nic_rearm() - Set the timer again: what VC_TIMER asks for
 * @s: The device
 */
void vc_nic_rearm(struct vc_nic *s);

/**
 * vc_nic_run() - Run the core: what VC_RUN asks for
 * @s: The device; it may run
 */
void vc_nic_run(struct vc_nic *s);

/**
 * vc_nic_kick() - The core's kick()
 * @opaque: The device
 */
void vc_nic_kick(void *opaque);

/**
 * vc_nic_now() - The core's now()
 * @opaque: The device
 *
 * Return: the time of the virtual clock, ns.
 */
int64_t vc_nic_now(void *opaque);

/**
 * vc_nic_timer() - The core's timer()
 * @opaque:   The device
 * @deadline: When, ns of the virtual clock
 */
void vc_nic_timer(void *opaque, int64_t deadline);

#endif
