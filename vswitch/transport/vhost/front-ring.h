/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The driver's side of a packed ring with VIRTIO_F_IN_ORDER, for the front end.
 *
 * DOC: Theory of Operation
 *
 * A ring that we send by has its frames behind each other in a ring of bytes: a descriptor for
 * each, header and frame contiguous, however long. Buffers come back in the order in which they
 * were offered, so the bytes are given out and taken back like those of any queue. Short frames lie
 * densely, which the caches of both sides like.
 *
 * A ring that we receive by has a buffer of FRONT_BUF bytes for each descriptor, in the order of
 * the ring; the switch merges as many as a frame needs. Buffers are FRONT_STRIDE apart: with a
 * power of two the beginnings of all would share a few sets of the cache.
 *
 * Private: where we are, and what each descriptor that we have offered says. The switch tells us
 * three numbers a descriptor (that it was given back, an id, a length) and a header a frame; all
 * are copied and checked. After its death all descriptors that were not given back are written
 * anew, since it may have left one half done.
 */
#ifndef VSWITCH_VHOST_FRONT_RING_H
#define VSWITCH_VHOST_FRONT_RING_H

#include "burst.h"

/** FRONT_BUF - Bytes of a receive buffer, header included. */
#define FRONT_BUF    2048u
#define FRONT_STRIDE (FRONT_BUF + 64u)
/** FRONT_BYTES - Bytes for frames to be sent: a few of the longest, a power of two. */
#define FRONT_BYTES (512u << 10)

/**
 * struct front_ring - A ring
 * @desc: @ours: @theirs: In shared memory: descriptors; when we, and when they, want to be told
 * @buf:  In shared memory: bytes of frames, or buffers
 * @gpa:  Address of @buf for the switch
 * @num:  Entries
 * @rest: For each descriptor, what we have offered but for the flags
 * @addr: Sending: for each, where its frame is
 * @end:  Sending: for each, @tail when it comes back
 * @next: @next_wrap: Where we offer next
 * @last: @last_wrap: What comes back next
 * @out:  Descriptors offered and not back
 * @head: @tail: Sending: bytes given out and taken back so far, modulo 2^32
 * @unkicked: Descriptors offered since the switch was last considered
 * @full: Sending: there was no room
 * @kick_fd: eventfd for the switch
 */
struct front_ring {
	struct vring_desc *desc;
	struct vring_event *ours, *theirs;
	uint8_t *buf;
	uint64_t gpa;
	uint16_t num;
	uint64_t *rest, *addr;
	uint32_t *end;
	uint16_t next, last, out, unkicked;
	bool next_wrap, last_wrap, full;
	uint32_t head, tail;
	int kick_fd;
};

/**
 * vsw_front_ring_reset() - Begin anew: nothing is offered
 * @r: The ring; memory and @num are set
 */
void vsw_front_ring_reset(struct front_ring *r);

/**
 * vsw_front_ring_resume() - Write anew what is offered
 * @r:    The ring; nobody reads it now
 * @skip: So many descriptors are back already, and stay as they are
 *
 * Return: where the switch shall begin, as VHOST_SET_VRING_BASE has it.
 */
uint32_t vsw_front_ring_resume(struct front_ring *r, uint16_t skip);

/**
 * vsw_front_ring_must_kick() - Does the switch want to be told of what was offered?
 * @r: The ring; call vring_fence() before
 *
 * Return: whether, of all that was offered since the last call.
 */
bool vsw_front_ring_must_kick(struct front_ring *r);

/**
 * vsw_front_ring_want() - Ask to be told when the next descriptor comes back
 * @r:  The ring
 * @on: Or not to be told
 */
void vsw_front_ring_want(struct front_ring *r, bool on);

/**
 * vsw_front_ring_more() - Is the next descriptor back?
 * @r: The ring
 *
 * Return: whether.
 */
bool vsw_front_ring_more(const struct front_ring *r);

/**
 * vsw_front_tx_put() - Send frames
 * @r:    The ring that is sent by
 * @pkts: Frames, copied
 * @n:    Their number
 * @why:  NULL there; filled if the switch broke the rules
 *
 * Return: how many there was room for; -1: the switch broke the rules.
 */
int vsw_front_tx_put(struct front_ring *r, const struct pkt *const *pkts, unsigned n,
		     const char **why);

/**
 * vsw_front_tx_reap() - Take back what was sent
 * @r: The ring that is sent by
 *
 * Return: false if the switch broke the rules.
 */
bool vsw_front_tx_reap(struct front_ring *r);

/**
 * vsw_front_rx_fill() - Offer all buffers
 * @r: The ring that is received by, reset
 */
void vsw_front_rx_fill(struct front_ring *r);

/**
 * vsw_front_rx_get() - Receive frames into a burst
 * @r:   The ring that is received by
 * @b:   Filled; frames borrow the buffers until vsw_front_rx_got()
 * @why: Filled if the switch broke the rules
 *
 * Return: false if it did.
 */
bool vsw_front_rx_get(struct front_ring *r, struct vring_burst *b, const char **why);

/**
 * vsw_front_rx_got() - Give buffers of a burst back
 * @r:      The ring that is received by
 * @b:      The burst
 * @chains: How many of its chains, from the front
 */
void vsw_front_rx_got(struct front_ring *r, const struct vring_burst *b, unsigned chains);

/**
 * vsw_front_rx_waiting() - Descriptors of whole frames that have come and were not got
 * @r: The ring that is received by
 *
 * Return: their number; the frames of a switch that died half way through one end before that.
 */
uint16_t vsw_front_rx_waiting(const struct front_ring *r);

#endif
