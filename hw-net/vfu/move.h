/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * A card and its client on their way to another process, which the client does not notice.
 *
 * DOC: Theory of Operation
 *
 * What changes by slow messages only (what card it is, memory, eventfds) is said by vfu_give()
 * while the card works on; whoever has the card carries no slow message out from then on. All else
 * is said by vfu_freeze(), when nothing calls the card any more: its saved state, configuration
 * space, what of the connection was read and not handled, or answered and not sent. A slow message
 * that waits is said as one that was not handled, with its descriptors; a card that comes to stay
 * still has it.
 *
 * In the other process vfu_taken() makes a card and maps its memory, and vfu_thaw() takes the rest.
 * Neither rings an eventfd nor touches memory or the socket; vfu_receive() and vfu_work() are to
 * follow when it may.
 *
 * Bytes may come from another release, or from one that is broken: all of it is checked.
 */
#ifndef HW_NET_VFU_MOVE_H
#define HW_NET_VFU_MOVE_H

#include "peer/moved.h"
#include "vfu/vfu.h"

/**
 * vfu_give() - Say what card it is, what memory and eventfds it has
 * @v: The card
 * @m: Descriptors and bytes are added to it
 *
 * Return: 0; -1: there is too little room.
 */
int vfu_give(const struct vfu *v, struct peer_moved *m);

/**
 * vfu_freeze() - Say all else
 * @v: The card; nothing calls it any more
 * @m: Descriptors and bytes are added to it
 *
 * Return: 0; -1: there is too little room.
 */
int vfu_freeze(struct vfu *v, struct peer_moved *m);

/**
 * vfu_taken() - Make a card that goes on with another one's client
 * @m:      What vfu_give() said; descriptors that are kept become -1
 * @ops:    As of vfu_new()
 * @opaque: First argument of each
 * @fd:     The connection, as of vfu_new()
 * @err:    On failure, one line
 * @errlen: Room in @err
 *
 * Return: the card, for vfu_thaw(); NULL: what was said is not sound, or memory is short.
 */
struct vfu *vfu_taken(const struct peer_moved *m, const struct vfu_ops *ops, void *opaque, int fd,
		      char *err, size_t errlen);

/**
 * vfu_thaw() - Take the rest
 * @v: From vfu_taken()
 * @m: What vfu_freeze() said; descriptors are the card's on success
 *
 * Return: 0; -1: it is not sound.
 */
int vfu_thaw(struct vfu *v, const struct peer_moved *m);

#endif
