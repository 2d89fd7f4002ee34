/* SPDX-License-Identifier: BSD-2-Clause */
/* What the loops over frames need of a split ring (virtio 1.2, 2.7); see vring-priv.h. */
#ifndef VSWITCH_VHOST_VRING_SPLIT_H
#define VSWITCH_VHOST_VRING_SPLIT_H

#include "vring-priv.h"

static inline uint16_t split_mask(const struct vring *vq, uint16_t i)
{
	return (uint16_t)(i & (vq->num - 1));
}

static inline uint16_t *split_avail_event(const struct vring *vq)
{
	return (uint16_t *)&vq->used->ring[vq->num];
}

static inline const uint16_t *split_used_event(const struct vring *vq)
{
	return &vq->avail->ring[vq->num];
}

/* split_desc() - A copy of a descriptor of the table or of an indirect one */
static inline struct vring_slot split_desc(const struct vring_desc *d)
{
	uint64_t rest = le64toh(relaxed(&d->rest));

	return (struct vring_slot) { .addr = le64toh(relaxed(&d->addr)),
				     .len = (uint32_t)rest,
				     .flags = (uint16_t)(rest >> 32),
				     .id = (uint16_t)(rest >> 48) };
}

/* split_fetch() - Fetch buffers of chains, those before @to from @next on */
static inline void split_fetch(struct vring *vq, bool write, unsigned to)
{
	for (unsigned i = vq->fetched; i < to; i++) {
		uint16_t at = split_mask(vq, (uint16_t)(vq->next + i));
		uint16_t head = le16toh(relaxed(&vq->avail->ring[at]));

		if (likely(head < vq->num))
			vring_fetch(vq, le64toh(relaxed(&vq->desc[head].addr)), write);
	}
	if (vq->fetched < to)
		vq->fetched = (uint16_t)to;
}

/* split_ready() - How many chains are there, @max at most; their buffers are fetched */
static inline unsigned split_ready(struct vring *vq, bool write, unsigned max)
{
	uint16_t n;

	vq->seen = le16toh(acquire(&vq->avail->idx));
	n = (uint16_t)(vq->seen - vq->next);
	if (unlikely(n > vq->num)) {
		vring_break(vq, "the driver offers more chains than there are descriptors");
		return 0;
	}
	split_fetch(vq, write, n < max + VRING_AHEAD ? n : max + VRING_AHEAD);
	return n < max ? n : max;
}

/* split_slot() - Head of the next chain. False: there is none */
static inline bool split_slot(struct vring *vq, struct vring_slot *s)
{
	uint16_t head;

	if (vq->next == vq->seen)
		return false;
	head = le16toh(relaxed(&vq->avail->ring[split_mask(vq, vq->next)]));
	if (unlikely(head >= vq->num)) {
		vring_break(vq, "the driver offers a descriptor that is not there");
		return false;
	}
	*s = split_desc(&vq->desc[head]);
	/* the next of a chain is read by the walk again: nothing has been decided on it */
	s->id = head;
	return true;
}

/* split_advance() - A chain was taken */
static inline void split_advance(struct vring *vq)
{
	vq->next++;
}

/* split_back() - Write that a chain is given back; not visible before split_publish() */
static inline void split_back(struct vring *vq, uint16_t id, uint32_t len)
{
	uint16_t at = split_mask(vq, vq->back);

	vq->used->ring[at].id = htole32(id);
	vq->used->ring[at].len = htole32(len);
	vq->back++;
	vq->unsignalled++;
	vring_log_used(vq, vq->used_gpa + 4 + 8 * (uint64_t)at, 8);
}

static inline void split_publish(struct vring *vq)
{
	__atomic_store_n(&vq->used->idx, htole16(vq->back), __ATOMIC_RELEASE);
	vring_log_used(vq, vq->used_gpa + 2, 2);
}

/**
 * vsw_split_kicks() - Ask the driver for kicks, or not to (vring-split.c)
 * @vq: The ring
 * @on: Ask for one
 *
 * Return: @on: then the caller looks once more, for what came before the driver saw this.
 */
bool vsw_split_kicks(struct vring *vq, bool on);

/**
 * vsw_split_wants_call() - Does the driver want to be told of what was given back?
 * @vq: The ring, its @unsignalled not 0; call vring_fence() before
 *
 * Return: whether.
 */
bool vsw_split_wants_call(const struct vring *vq);

#endif
