/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * How long a device of ours lives.
 *
 * DOC: Theory of Operation
 *
 * A card's message (MSI) goes to an address that the guest chose, and a stock card that gets one of
 * our frames writes to where the guest pointed its ring. Both may be the config space of a bridge
 * or of a card, or a register. So while one of our calls is on the stack, anything may happen to
 * the device that made it: config writes, other power states, reset by the bridge, removal. The
 * rest, which no guest can bring about, an event loop inside some device's register could: a saved
 * state, set_link, removal of a port or netdev. Two rules, and no exceptions:
 *
 *  1. What is QEMU's changes at once: config space, regions, bus mastering, power state. A removed
 *     device is gone for everybody at once: it moves no frames, reaches no memory, signals nothing.
 *  2. What is ours waits until the outermost call has returned: a card's core is reset, plugged in,
 *     or run again then (nic-call.h), never under its own feet; and memory, net client, core and
 *     switch port of a removed device are freed after that, in a bottom half, as QEMU's net layer
 *     may still be on the stack with the net client in its hands.
 *
 * A struct vc_life counts the calls on the stack: each card has one; the ports of a switch share
 * the switch's, because a switch cannot lose a port while it is in a call. Whatever leads outside
 * stands between vc_life_hold() and vc_life_put(), and whatever frees goes through vc_life_end().
 */
#ifndef VC_LIFE_H
#define VC_LIFE_H

#include "compat.h"

/**
 * struct vc_life - Who is on the stack
 * @holds: Calls
 * @due:   A bottom half is to look at @ended
 * @ended: What is to be freed when there are none
 */
struct vc_life {
	unsigned holds;
	bool due;
	QSIMPLEQ_HEAD(, vc_life_rest) ended;
};

/**
 * vc_life_init() - Begin
 * @l: Filled
 */
void vc_life_init(struct vc_life *l);

/**
 * vc_life_hold() - A call begins that may lead anywhere
 * @l: The life of who makes it
 */
static inline void vc_life_hold(struct vc_life *l)
{
	l->holds++;
}

/**
 * vc_life_release() - The last of the calls has returned, and something ended meanwhile
 * @l: The life
 */
void vc_life_release(struct vc_life *l);

/**
 * vc_life_put() - The call has returned. What it held still lives until the main loop turns
 * @l: The life
 */
static inline void vc_life_put(struct vc_life *l)
{
	if (!--l->holds && unlikely(!QSIMPLEQ_EMPTY(&l->ended)))
		vc_life_release(l);
}

/**
 * vc_life_held() - Is such a call on the stack?
 * @l: The life
 *
 * Return: true if so.
 */
static inline bool vc_life_held(const struct vc_life *l)
{
	return l->holds;
}

/**
 * vc_life_end() - A device is removed: free what is ours of it
 * @l:      The life
 * @obj:    The device, which lives until it is done
 * @finish: Does it; at once if no call is on the stack
 */
void vc_life_end(struct vc_life *l, Object *obj, void (*finish)(Object *obj));

#endif
