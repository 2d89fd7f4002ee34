/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Frames between a guest's memory and a card: what is borrowed, what is copied.
 *
 * DOC: Theory of Operation
 *
 * A frame that leaves a card has a private head and a payload (hwnet/pkt.h). The *head* is a copy
 * in the card's memory: at least PKT_HEAD bytes, or all of a short frame. Decisions are taken on
 * it, so the guest must not be able to change it any more. The *payload* stays where the guest has
 * it, if the host can map it. All that is mapped for a burst is noted in a struct hwnet_loans and
 * given back in one go when the burst has been handed over. What the host cannot map, and pieces so
 * short that a copy is cheaper, go through a struct hwnet_bounce, which lives as long.
 *
 * A frame that arrives is written straight into memory that the host maps, or by way of a buffer on
 * the stack where it cannot: hwnet_fill().
 *
 * A host may map less than it is asked for (nic.h). Who cannot use a part asks for the whole and
 * gets all or nothing.
 *
 * Functions that run for each frame are inline: the cards' objects are not always linked with
 * inlining across files.
 */
#ifndef HW_NET_BORROW_H
#define HW_NET_BORROW_H

#include <string.h>

#include "hwnet/pkt.h"
#include "model.h"

/* struct hwnet_loan - a piece of guest memory that the host lends */
struct hwnet_loan {
	void *ptr;
	size_t len;
};

/**
 * struct hwnet_loans - What was borrowed for a burst, to read from
 * @n:    How many pieces; starts at 0
 * @loan: They
 */
struct hwnet_loans {
	unsigned n;
	struct hwnet_loan loan[HWNET_MAX_MAPS];
};

/**
 * struct hwnet_bounce - Payload that was copied
 * @used:  Bytes in use; starts at 0
 * @bytes: Room for the longest frame
 */
struct hwnet_bounce {
	uint32_t used;
	uint8_t bytes[PKT_MAX_LEN];
};

/**
 * hwnet_map_whole() - Map all of a piece of guest memory, or nothing
 * @nic:      The card
 * @addr:     Where
 * @len:      How much
 * @to_guest: The card will write
 *
 * Return: the memory, for hwnet_dma_unmap() with the same @len; NULL: not possible in one piece.
 */
static inline uint8_t *hwnet_map_whole(struct hwnet_nic *nic, uint64_t addr, size_t len,
				       bool to_guest)
{
	size_t got = len;
	uint8_t *p = hwnet_dma_map(nic, addr, &got, to_guest);

	if (!p || got == len)
		return p;
	hwnet_dma_unmap(nic, p, got, to_guest, 0);
	return NULL;
}

/**
 * hwnet_borrow() - Borrow memory to read from
 * @nic:  The card
 * @l:    Noted here; fewer than HWNET_MAX_MAPS so far
 * @addr: Where
 * @len:  How much; set to what was got, from the front
 *
 * Return: the memory, NULL: not possible.
 */
static inline uint8_t *hwnet_borrow(struct hwnet_nic *nic, struct hwnet_loans *l, uint64_t addr,
				    size_t *len)
{
	uint8_t *p = hwnet_dma_map(nic, addr, len, false);

	if (p)
		l->loan[l->n++] = (struct hwnet_loan) { p, *len };
	return p;
}

/**
 * hwnet_borrow_whole() - Borrow all of a piece, or nothing
 * @nic:  The card
 * @l:    Noted here; fewer than HWNET_MAX_MAPS so far
 * @addr: Where
 * @len:  How much
 *
 * Return: the memory, NULL: not possible.
 */
static inline uint8_t *hwnet_borrow_whole(struct hwnet_nic *nic, struct hwnet_loans *l,
					  uint64_t addr, size_t len)
{
	uint8_t *p = hwnet_map_whole(nic, addr, len, false);

	if (p)
		l->loan[l->n++] = (struct hwnet_loan) { p, len };
	return p;
}

/**
 * hwnet_give_back() - Give borrowed memory back
 * @nic:  The card
 * @l:    Loans
 * @from: Those before this one are kept; 0: none
 */
static inline void hwnet_give_back(struct hwnet_nic *nic, struct hwnet_loans *l, unsigned from)
{
	const struct hwnet_loan *i = l->loan + from;

	for (unsigned left = l->n - from; left; left--, i++)
		hwnet_dma_unmap(nic, i->ptr, i->len, false, i->len);
	l->n = from;
}

/**
 * hwnet_split_head() - Make a frame of a private head and borrowed payload
 * @iov:  Two entries, filled
 * @head: Room for PKT_HEAD bytes, filled
 * @p:    The frame in borrowed memory
 * @len:  Its length, more than PKT_HEAD
 */
static inline void hwnet_split_head(struct iovec *iov, uint8_t *head, uint8_t *p, size_t len)
{
	memcpy(head, p, PKT_HEAD);
	iov[0] = (struct iovec) { head, PKT_HEAD };
	iov[1] = (struct iovec) { p + PKT_HEAD, len - PKT_HEAD };
}

/**
 * hwnet_bounce_room() - How much a bounce buffer still takes
 * @b: The buffer
 *
 * Return: bytes.
 */
static inline uint32_t hwnet_bounce_room(const struct hwnet_bounce *b)
{
	return (uint32_t)sizeof(b->bytes) - b->used;
}

/**
 * hwnet_bounce() - Copy payload
 * @nic:  The card
 * @b:    Buffer with room for @len bytes
 * @addr: Where it is
 * @len:  How much
 *
 * Return: the copy, NULL: not memory.
 */
static inline uint8_t *hwnet_bounce(struct hwnet_nic *nic, struct hwnet_bounce *b, uint64_t addr,
				    uint32_t len)
{
	uint8_t *p = b->bytes + b->used;

	if (hwnet_dma_read(nic, addr, p, len))
		return NULL;
	b->used += len;
	return p;
}

/* The next @len bytes of a frame that arrives, to @dst; there are that many. */
typedef void hwnet_next(void *from, uint8_t *dst, uint32_t len);

/**
 * hwnet_fill_copied() - Write bytes of a frame into guest memory that cannot be mapped
 * @nic:  The card
 * @addr: Where to
 * @len:  How many
 * @next: Where they come from
 * @from: Its first argument
 *
 * Return: 0, or -1 if it is not memory; some bytes may be written then.
 */
int hwnet_fill_copied(struct hwnet_nic *nic, uint64_t addr, uint32_t len, hwnet_next *next,
		      void *from);

/* A piece of a frame shorter than this is not worth a mapping: memory that a host gives in crumbs
 * would cost one for each byte. */
#define HWNET_FILL_MIN 256u

/**
 * hwnet_fill() - Write bytes of a frame into guest memory
 * @nic:  The card
 * @addr: Where to
 * @len:  How many
 * @next: Where they come from; a function that the compiler can inline
 * @from: Its first argument
 *
 * What is mapped is written in place; from the first piece below HWNET_FILL_MIN on, which is not
 * the last one, the rest is copied. That is at most an operation for HWNET_FILL_MIN bytes, and two.
 *
 * Return: 0, or -1 if it is not memory; some bytes may be written then.
 */
static inline __attribute__((always_inline)) int hwnet_fill(struct hwnet_nic *nic, uint64_t addr,
							    uint32_t len, hwnet_next *next,
							    void *from)
{
	while (len) {
		size_t got = len;
		uint8_t *dst = hwnet_dma_map(nic, addr, &got, true);

		if (dst && got < len && got < HWNET_FILL_MIN) {
			hwnet_dma_unmap(nic, dst, got, true, 0);
			dst = NULL;
		}
		if (!dst)
			return hwnet_fill_copied(nic, addr, len, next, from);
		next(from, dst, (uint32_t)got);
		hwnet_dma_unmap(nic, dst, got, true, got);
		addr += got;
		len -= (uint32_t)got;
	}
	return 0;
}

#endif
