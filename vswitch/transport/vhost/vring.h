/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The device's side of a virtqueue: split and packed rings (virtio 1.2, 2.7 and 2.8).
 *
 * DOC: Theory of Operation
 *
 * A ring carries frames one way. From one that the driver sends by, vsw_vring_get() takes a burst:
 * each frame is a struct pkt whose head was copied and whose payload is still in the driver's
 * memory. When the burst has been dealt with, vsw_vring_got() gives the buffers of so many frames
 * back, in order; the others stay in the ring and come again. Into one that the driver receives by,
 * vsw_vring_put() copies frames, each once, into one buffer or, merged, into several.
 * vsw_vring_signal() tells the driver what was given back, if it wants to know: once a burst, not
 * once a frame.
 *
 * The driver is hostile. Of each descriptor a copy is taken with two loads, and what is checked and
 * used is that copy: where it points must be memory of the device's (mem.h), its flags those of the
 * direction, its chain no longer than VRING_CHAIN_MAX. Our own place in the ring is kept in private
 * memory and is never read back. A ring that breaks its own rules is *broken*: nothing moves in it
 * until the control half starts it anew. A frame that breaks those of frames is dropped and
 * counted. A call does as much as VRING_BUDGET descriptors ask for at most.
 *
 * Buffers are given back in the order in which they were offered, always; with VIRTIO_F_IN_ORDER a
 * packed ring that the driver sends by needs one write a burst for that. A frame is given back only
 * after it was delivered, and no byte of the ring says otherwise before: when this process is
 * killed, the next one goes on at the first buffer not given back.
 *
 * A ring belongs to one thread at a time. The control half fills it while it is at rest.
 */
#ifndef VSWITCH_VHOST_VRING_H
#define VSWITCH_VHOST_VRING_H

#include "burst.h"
#include "log.h"
#include "peer/mem.h"
#include "virtio.h"

/** VRING_CHAIN_MAX - Most descriptors of a chain, those of an indirect table included. */
#define VRING_CHAIN_MAX 1024u
/** VRING_BUDGET - A burst takes no further chain when it has looked at so many descriptors. */
#define VRING_BUDGET 2048u

/**
 * struct vring_count - What happened in a ring
 * @frames:    Frames taken or delivered
 * @malformed: Frames dropped: too short or too long, or with words that contradict them
 * @too_long:  Frames dropped: no buffers that the driver offers can hold them
 * @calls:     Times the driver was told
 */
struct vring_count {
	uint64_t frames, malformed, too_long, calls;
};

/**
 * struct vring - A ring; filled by the control half, then vsw_vring_start()
 * @desc:    Descriptors: the table of a split ring, or the packed ring
 * @avail:   Split: what the driver offers
 * @used:    Split: what was given back
 * @driver_event: Packed: when the driver wants to be told
 * @device_event: Packed: when we do
 * @mem:     Where addresses lead
 * @log:     NULL: no log is kept
 * @desc_gpa: Packed, with a log: guest-physical address of @desc
 * @used_gpa: With a log: guest-physical address of @used or @device_event
 * @packed: @event_idx: @indirect: @in_order: @mergeable: @csum_valid: Features (virtio.h)
 * @enabled: False: frames sent are discarded, and none are received
 * @to_driver: The driver receives by it
 * @hdr_len: VNET_HDR_LEN or VNET_HDR_LEGACY
 * @num:     Entries; of a split ring a power of two
 * @call_fd: eventfd of the driver, -1: none
 * @why:     NULL, or why it is broken
 * @next: @next_wrap: Where we take the next chain; split: modulo 65536
 * @back: @back_wrap: Where we give back next
 * @look: @look_wrap: Packed: the first descriptor that was not there when we looked
 * @seen:    Split: @avail->idx when we looked
 * @fetched: Descriptors (split: chains) from @next on whose buffers are on their way into the cache
 * @unsignalled: Descriptors (split: chains) given back since the driver was last considered
 * @signal_always: It was never considered
 * @hint:    Region that the last address was in
 */
struct vring {
	struct vring_desc *desc;
	union {
		struct vring_avail *avail;
		struct vring_event *driver_event;
	};
	union {
		struct vring_used *used;
		struct vring_event *device_event;
	};
	const struct peer_mem *mem;
	const struct vhost_log *log;
	uint64_t desc_gpa, used_gpa;
	bool packed, event_idx, indirect, in_order, mergeable, csum_valid, enabled, to_driver;
	uint16_t hdr_len, num;
	int call_fd;
	const char *why;
	uint16_t next, back, look, seen, fetched, unsignalled;
	bool next_wrap, back_wrap, look_wrap, signal_always;
	struct {
		uint64_t gpa, size;
		uint8_t *host;
	} hint;
	struct vring_count count;
};

/**
 * vsw_vring_start() - Begin with a ring that the control half has filled
 * @vq:   The ring
 * @base: Where, as SET_VRING_BASE says it: split: index; packed: index in bits 0-14 and wrap
 *        counter in 15
 */
void vsw_vring_start(struct vring *vq, uint32_t base);

/**
 * vsw_vring_base() - Where a ring stands, at rest
 * @vq: The ring
 *
 * Return: as GET_VRING_BASE says it: for a packed ring, where we give back stands in bits 16-31 in
 * the same manner.
 */
uint32_t vsw_vring_base(const struct vring *vq);

/**
 * vsw_vring_get() - Take frames that the driver sends
 * @vq: The ring
 * @b:  Filled; the frames live until vsw_vring_got()
 *
 * Return: their number, b->n. With 0 and b->chains chains were taken nevertheless.
 */
unsigned vsw_vring_get(struct vring *vq, struct vring_burst *b);

/**
 * vsw_vring_got() - Give back what was taken; must follow each vsw_vring_get()
 * @vq:    The ring
 * @b:     The burst
 * @taken: How many of its frames, from the front, were dealt with
 */
void vsw_vring_got(struct vring *vq, const struct vring_burst *b, unsigned taken);

/**
 * vsw_vring_put() - Deliver frames to the driver
 * @vq:   The ring
 * @pkts: Frames that the driver takes as they are (vsw_vnet_takes())
 * @n:    Their number
 *
 * Return: how many were dealt with (delivered, or dropped and counted), from the front; fewer when
 * the driver has not offered enough buffers. A ring that is broken or disabled swallows all.
 */
unsigned vsw_vring_put(struct vring *vq, const struct pkt *const *pkts, unsigned n);

/**
 * vsw_vring_more() - Has the driver offered anything since we looked?
 * @vq: The ring
 *
 * Return: true if vsw_vring_get(), or vsw_vring_put() of what it left, has something to do. Costs a
 * load.
 */
bool vsw_vring_more(const struct vring *vq);

/**
 * vsw_vring_kicks() - Ask the driver for kicks, or not to
 * @vq: The ring
 * @on: Ask for one when it offers more than we have seen; false: we look anyway
 *
 * Return: with @on, true if there is more already, so that none may come.
 */
bool vsw_vring_kicks(struct vring *vq, bool on);

/**
 * vsw_vring_signal() - Tell the driver what was given back, if it wants to be told
 * @vq: The ring
 */
void vsw_vring_signal(struct vring *vq);

#endif
