/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * A driver of one virtqueue, split or packed, for tests: it offers chains, and takes back what the
 * device under test gives back.
 *
 * DOC: Theory of Operation
 *
 * It is a second reading of the specification: nothing of the device's code is used here but the
 * layouts of virtio.h. Its memory is a memfd that driver and device have mapped each for itself, in
 * two regions that lie behind each other in the guest and apart here, so that a buffer may lie
 * across both. Pieces of memory are handed out and never taken back.
 */
#ifndef VSWITCH_VHOST_TEST_DRIVER_H
#define VSWITCH_VHOST_TEST_DRIVER_H

#include "transport/vhost/vring.h"

#define DRIVER_GPA    UINT64_C(0x40000000)
#define DRIVER_REGION (8u << 20) /* bytes of each of the two */

/* struct driver_conf - what kind of ring */
struct driver_conf {
	bool packed, event_idx, in_order, mergeable, to_driver, log;
	uint16_t num;
};

/* struct driver_part - one buffer of a chain */
struct driver_part {
	uint64_t gpa;
	uint32_t len;
};

struct driver {
	struct driver_conf conf;
	struct vring vq; /* the device's side */
	struct peer_mem mem;
	struct vhost_log log;
	uint8_t *bytes;		    /* the driver's own map, both regions */
	uint64_t ring, avail, used; /* guest-physical; packed: @avail and @used are the events */
	uint32_t brk;		    /* bytes handed out */
	uint16_t next, last;	    /* offered, taken back */
	bool next_wrap, last_wrap;
	uint16_t free, free_head; /* descriptors; split: list of them */
	uint16_t *length;	  /* descriptors of the chain of an id */
	uint16_t batch;		  /* chains that an in-order device has given back at once */
	uint16_t *order;	  /* packed: ids in the order in which they were offered */
	uint32_t order_head, order_tail;
};

struct driver *driver_new(const struct driver_conf *conf);
void driver_free(struct driver *d);

/* Memory for a buffer; in the guest, and here */
uint64_t driver_alloc(struct driver *d, uint32_t len);
void *driver_at(const struct driver *d, uint64_t gpa);

/* Offer a chain; @indirect: by a table. Return: its id, or -1: no descriptors are left */
int driver_offer(struct driver *d, const struct driver_part *part, unsigned n, bool indirect);

/* Offer @n bytes of memory of its own as one buffer. Return: where it is */
uint64_t driver_offer_buffer(struct driver *d, uint32_t len);

/* Put a frame with a header into one buffer and offer it */
int driver_send(struct driver *d, const struct vnet_hdr *h, const void *frame, uint32_t len);

/* Take the next chain back. Return: its id, or -1: none */
int driver_take(struct driver *d, uint32_t *len);

/* Ask for interrupts: not at all (0), always (1), at the next chain given back (2: event index) */
void driver_want_calls(struct driver *d, int when);

/* Does the device want to be told of what was offered since @old chains (packed: descriptors)? */
bool driver_must_kick(const struct driver *d, uint16_t old);

/* Raw access, for drivers that misbehave */
struct vring_desc *driver_desc(const struct driver *d, unsigned i);
struct vring_avail *driver_avail(const struct driver *d);

#endif
