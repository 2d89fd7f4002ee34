/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Access to the memory of a ring: loads and stores of single words in the order that the
 * specification wants, and the translation of addresses.
 *
 * struct vring_slot is the head of a chain, copied. How one is found, and how a chain is given
 * back, depends on the layout: vring-split.h and vring-packed.h have the same functions for each.
 * Loops over frames are written once and compiled for both.
 */
#ifndef VSWITCH_VHOST_VRING_PRIV_H
#define VSWITCH_VHOST_VRING_PRIV_H

#include "vring.h"

#define likely(x)   __builtin_expect(!!(x), 1)
#define unlikely(x) __builtin_expect(!!(x), 0)
/* for functions with a constant argument, which makes several functions of them */
#define specialise static inline __attribute__((always_inline))

#define relaxed(p) __atomic_load_n(p, __ATOMIC_RELAXED)
#define acquire(p) __atomic_load_n(p, __ATOMIC_ACQUIRE)

/* vring_fence() - What was written before is visible before anything after is read */
static inline void vring_fence(void)
{
#ifdef __SANITIZE_THREAD__ /* which does not know fences */
	unsigned here = 0;

	__atomic_fetch_add(&here, 1, __ATOMIC_SEQ_CST);
#else
	__atomic_thread_fence(__ATOMIC_SEQ_CST);
#endif
}

#define VRING_LINE 64u /* of the cache */

/**
 * struct vring_slot - A descriptor, copied
 * @addr: @len: @flags: Its fields
 * @id:  Packed: its buffer id; split: its place in the table
 */
struct vring_slot {
	uint64_t addr;
	uint32_t len;
	uint16_t flags, id;
};

/* vring_break() - The ring is not one: nothing moves in it any more */
static inline void vring_break(struct vring *vq, const char *why)
{
	if (!vq->why)
		vq->why = why;
}

/**
 * vsw_vring_find() - As vring_host(), when the address is not in the region of the last one
 * @vq:   The ring; its hint becomes the region
 * @gpa:  Guest-physical address
 * @len:  Bytes wanted, not 0
 * @here: Filled: how many of them are contiguous from there, not 0
 *
 * Return: where, or NULL: nowhere.
 */
uint8_t *vsw_vring_find(struct vring *vq, uint64_t gpa, uint64_t len, uint64_t *here);

/**
 * vring_host() - Where an address leads
 * @vq:   The ring
 * @gpa:  Guest-physical address
 * @len:  Bytes wanted, not 0
 * @here: Filled: how many of them are contiguous from there, not 0
 *
 * Return: where, or NULL: nowhere.
 */
static inline uint8_t *vring_host(struct vring *vq, uint64_t gpa, uint64_t len, uint64_t *here)
{
	uint64_t off = gpa - vq->hint.gpa;

	if (likely(off < vq->hint.size && len <= vq->hint.size - off)) {
		*here = len;
		return vq->hint.host + off;
	}
	return vsw_vring_find(vq, gpa, len, here);
}

/* vring_whole() - Where an address leads, if all of it is contiguous there */
static inline uint8_t *vring_whole(struct vring *vq, uint64_t gpa, uint64_t len)
{
	uint64_t here = 0;
	uint8_t *p = vring_host(vq, gpa, len, &here);

	return here == len ? p : NULL;
}

/* For writing. Told nothing of the processor, gcc fetches for reading, and the line comes twice. */
static inline void vring_fetch_own(const uint8_t *p)
{
#ifdef __x86_64__ /* all of which know it, or do nothing */
	__asm__("prefetchw %0" : : "m"(*p));
#else
	__builtin_prefetch(p, 1);
#endif
}

/*
 * vring_fetch() - The first bytes of a buffer will be read, or written, soon: its header, and most
 * of a short frame. Another processor wrote them, so each line is a long way off. Nothing is
 * decided on the address, which will be read again.
 */
static inline void vring_fetch(const struct vring *vq, uint64_t gpa, bool write)
{
	uint64_t off = gpa - vq->hint.gpa;
	const uint8_t *p;

	if (off >= vq->hint.size || vq->hint.size - off <= VRING_LINE)
		return;
	p = vq->hint.host + off;
	if (write) {
		vring_fetch_own(p);
		vring_fetch_own(p + VRING_LINE);
	} else {
		__builtin_prefetch(p);
		__builtin_prefetch(p + VRING_LINE);
	}
}

/** VRING_AHEAD - Buffers that are fetched before the burst that they will be in: while the switch
 * deals with the one before. */
#define VRING_AHEAD PKT_BURST

/* vring_went() - From @from to @next lies behind */
static inline void vring_went(struct vring *vq, uint16_t from)
{
	bool lap = vq->packed && vq->next < from;
	uint16_t n = (uint16_t)(vq->next - from + (lap ? vq->num : 0));

	vq->fetched = (uint16_t)(vq->fetched > n ? vq->fetched - n : 0);
}

static inline void vring_log_used(const struct vring *vq, uint64_t gpa, uint64_t len)
{
	if (unlikely(vq->log))
		vsw_vhost_log(vq->log, gpa, len);
}

/**
 * struct vring_walk - A chain being looked at, piece by piece
 * @vq:    Its ring
 * @cur:   The current descriptor; addr and len move on
 * @table: @left: In an indirect table: address of its next descriptor, and how many there are
 * @pos:   Packed: ring index of the next descriptor
 * @n:     Descriptors of the ring in the chain so far
 * @looked: All descriptors so far
 * @id:    What gives it back
 * @indirect: In a table
 * @gpa:   Guest-physical address of the last piece
 */
struct vring_walk {
	struct vring *vq;
	struct vring_slot cur;
	uint64_t table, gpa;
	uint32_t left;
	uint16_t pos, n, looked, id;
	bool indirect;
};

/**
 * vsw_vring_walk_begin() - Begin with a chain
 * @w:    The walk
 * @vq:   The ring
 * @head: Its first descriptor
 * @pos:  Packed: index of that
 */
void vsw_vring_walk_begin(struct vring_walk *w, struct vring *vq, const struct vring_slot *head,
			  uint16_t pos);

/**
 * vsw_vring_walk_next() - The next contiguous piece of memory
 * @w:   The walk
 * @len: Filled, not 0
 *
 * Return: where it is; NULL at the end, or if the chain is bad: then the ring is broken.
 */
uint8_t *vsw_vring_walk_next(struct vring_walk *w, uint32_t *len);

#endif
