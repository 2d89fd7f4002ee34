/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * A device server of vfio-user (protocol 0.1) for a card of libhwnet: the second host of
 * hwnet/nic.h, beside the QEMU plug-in. Its clients are VMMs: QEMU's vfio-user-pci and others.
 *
 * DOC: Theory of Operation
 *
 * One connection is one card (struct vfu): made when the client connects, gone with it. It knows no
 * threads and no clock; whoever has it calls it when the socket is readable, a deadline has come,
 * or frames arrive, and is told by struct vfu_ops what there is to do.
 *
 * | file      | what                                                                            |
 * |-----------|---------------------------------------------------------------------------------|
 * | vfu.c     | the card's life, and calls into it                                              |
 * | host.c    | what the card asks of its host (struct hwnet_host)                              |
 * | message.c | messages: which are known, information, accesses to registers                   |
 * | slow.c    | messages that map memory or look at descriptors                                 |
 * | space.c   | configuration space                                                             |
 * | irqs.c    | eventfds of interrupts                                                          |
 * | channel.c | the socket                                                                      |
 * | move.c    | the card and its client on their way to another process (move.h)                |
 *
 * Two threads. Accesses to registers want an answer at once; mapping and unmapping gigabytes takes
 * its time, and so may the system calls that look at strangers' descriptors. vfu_receive() thus
 * stops at a message that is slow, and says so. Three steps follow: vfu_prepare(), on another
 * thread, does what takes time; vfu_apply(), where vfu_receive() is called, puts it in force and
 * answers; vfu_dispose(), on the other thread again, gives up what is not needed any more. The card
 * works on between them. Whoever has one thread calls the three one after the other.
 *
 * Memory is what the client maps by descriptor (peer/mem.h: only memory is taken, and what is taken
 * away later harms nobody). A range without descriptor is noted, and out of reach: messages by
 * which a server may ask for it exist, but QEMU answers them on its main loop, for which a
 * processor that waits for one of our answers holds the lock; a card would have to wait for memory
 * in the middle of a register write, and the guest would stand still until a time-out.
 *
 * Whatever a client sends is hostile: each length and index is checked against what there is, an
 * error is answered where the protocol has one, and the connection ends where it has none. One
 * message makes at most one answer, of which one is remembered; one call handles a bounded number.
 */
#ifndef HW_NET_VFU_VFU_H
#define HW_NET_VFU_VFU_H

#include "hwnet/nic.h"

struct vfu;

/* enum vfu_change - what of a card is another thing now */
enum vfu_change {
	VFU_CHANGED_LINK = 1,	/* hwnet_link(), or hwnet_rx_caps() */
	VFU_CHANGED_FILTER = 2, /* hwnet_rx_filter() */
};

/**
 * struct vfu_ops - What a card asks of whoever has it; as the operations of the same names in
 * struct hwnet_host
 * @now:      The time, ns
 * @timer:    Call vfu_timer() at that time
 * @work:     Call vfu_work() soon. It may be asked for from any call of this file
 * @tx:       Frames leave the card
 * @rx_ready: There is room for frames that vfu_rx() left; called from vfu_work()
 * @changed:  Bits of enum vfu_change; called from vfu_work()
 * @error:    The guest broke a rule: one line
 */
struct vfu_ops {
	int64_t (*now)(void *opaque);
	void (*timer)(void *opaque, int64_t deadline);
	void (*work)(void *opaque);
	unsigned (*tx)(void *opaque, const struct pkt *const *pkts, unsigned n);
	void (*rx_ready)(void *opaque);
	void (*changed)(void *opaque, unsigned what);
	void (*error)(void *opaque, const char *line);
};

/* enum vfu_state - what vfu_receive() leaves */
enum vfu_state {
	VFU_IDLE, /* no whole message is there; the socket may still be readable */
	VFU_MORE, /* there may be more: call again, after others had their turn */
	VFU_FULL, /* an answer waits until the socket is writable */
	VFU_SLOW, /* a message for vfu_prepare(), vfu_apply(), vfu_dispose() */
	VFU_OVER, /* the connection is over */
};

/**
 * struct vfu_stats - What was done
 * @reads: @writes: Accesses to registers
 * @messages: Messages
 * @received: @sent: System calls
 * @maps:     Ranges of memory that are mapped
 * @unshared: Ranges that cannot be reached
 * @refused:  Messages answered by an error
 * @not_ready: Frames to a card that is not set up, or asleep
 */
struct vfu_stats {
	uint64_t reads, writes, messages, received, sent, maps, unshared, refused, not_ready;
};

/**
 * vfu_new() - Make a card for a client
 * @model:  What card
 * @cfg:    The user's choice; copied
 * @ops:    Operations; outlive it
 * @opaque: First argument of each
 * @fd:     The connection, non-blocking; it stays the caller's, and outlives this
 * @err:    On failure, one line
 * @errlen: Room in @err
 *
 * Return: the card, or NULL.
 */
struct vfu *vfu_new(const struct hwnet_model *model, const struct hwnet_config *cfg,
		    const struct vfu_ops *ops, void *opaque, int fd, char *err, size_t errlen);

/**
 * vfu_free() - Unplug a card; memory is unmapped
 * @v: The card or NULL
 */
void vfu_free(struct vfu *v);

/**
 * vfu_receive() - Handle messages that have come; the socket is readable or writable, or
 * vfu_apply() was called
 * @v: The card
 *
 * vfu_work() is to follow.
 *
 * Return: what is to be done next.
 */
enum vfu_state vfu_receive(struct vfu *v);

/**
 * vfu_prepare() - First step of a slow message: what takes time
 * @v: The card, after VFU_SLOW. Everything but vfu_receive() may be called at the same time
 */
void vfu_prepare(struct vfu *v);

/**
 * vfu_apply() - Second step: put it in force
 * @v: The card, after vfu_prepare()
 */
void vfu_apply(struct vfu *v);

/**
 * vfu_dispose() - Third step: give up what is not needed any more
 * @v: The card, after vfu_apply(), and before vfu_receive() is called again; everything else may be
 *     called at the same time
 */
void vfu_dispose(struct vfu *v);

/**
 * vfu_work() - Do what there is to do: send frames, tell what changed
 * @v: The card
 *
 * Return: true if there is more.
 */
bool vfu_work(struct vfu *v);

/**
 * vfu_timer() - The deadline has come
 * @v: The card
 */
void vfu_timer(struct vfu *v);

/**
 * vfu_rx() - Frames arrive; as hwnet_rx()
 * @v:    The card
 * @pkts: Frames
 * @n:    Their number, any
 *
 * Return: how many were dealt with; if fewer than @n, rx_ready() follows.
 */
unsigned vfu_rx(struct vfu *v, const struct pkt *const *pkts, unsigned n);

/**
 * vfu_tx_ready() - Frames can be taken again that tx() left
 * @v: The card
 */
void vfu_tx_ready(struct vfu *v);

/**
 * vfu_nic() - The card itself, to be asked
 * @v: The card
 *
 * Return: what hwnet_link(), hwnet_rx_filter(), hwnet_counters() and the like take.
 */
struct hwnet_nic *vfu_nic(struct vfu *v);

/**
 * vfu_model() - What card it is
 * @v: The card
 *
 * Return: the model.
 */
const struct hwnet_model *vfu_model(const struct vfu *v);

/**
 * vfu_mac() - Its permanent address
 * @v: The card
 *
 * Return: 6 bytes.
 */
const uint8_t *vfu_mac(const struct vfu *v);

/**
 * vfu_stats() - What was done
 * @v:     The card
 * @stats: Filled
 */
void vfu_stats(const struct vfu *v, struct vfu_stats *stats);

/**
 * vfu_broken() - Is memory gone that was mapped?
 * @v: The card
 *
 * Return: whether; then it should be freed.
 */
bool vfu_broken(const struct vfu *v);

/**
 * vfu_why() - Why the connection is over
 * @v: The card
 *
 * Return: one line, or NULL.
 */
const char *vfu_why(const struct vfu *v);

#endif
