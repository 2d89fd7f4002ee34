/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Frames for a machine that sleeps.
 *
 * DOC: Theory of Operation
 *
 * While a VM is in S3 QEMU's net layer delivers nothing: the first frame waits in a queue, and most
 * back ends then stop reading. A frame that wakes would never be seen. Filters see frames before
 * that, so while the machine sleeps each back end of ours has one that hands frames to whoever
 * would get them and takes them away. A card that is asleep looks whether it is to wake the
 * machine, and loses them, as a real one does. QEMU refuses filters on back ends with vhost: their
 * cards sleep on, and the user is told so.
 */
#ifndef VC_WAKE_H
#define VC_WAKE_H

#include "machine.h"

/**
 * struct vc_wake - Of each net client that a back end sends to
 * @nc:     The net client
 * @watch:  Tells us of the machine's state
 * @filter: While the machine sleeps, or NULL
 * @may_wake: See vc_wake_init()
 * @told:   The user knows that the back end takes no filter
 */
struct vc_wake {
	NetClientState *nc;
	struct vc_watch watch;
	Object *filter;
	bool (*may_wake)(NetClientState *nc);
	bool told;
};

/**
 * vc_wake_init() - Let frames wake
 * @w:  Filled
 * @nc: A card's or port's net client, whose peer may be a back end
 * @may_wake: Did the guest enable it? NULL: behind a port there may be any card
 */
void vc_wake_init(struct vc_wake *w, NetClientState *nc, bool (*may_wake)(NetClientState *nc));

/**
 * vc_wake_fini() - The net client is about to go
 * @w: As filled by vc_wake_init(); or zeroed
 */
void vc_wake_fini(struct vc_wake *w);

#endif
