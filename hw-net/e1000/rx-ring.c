/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The receive descriptor ring: fetching ahead, writing back (3.2).
 *
 * DOC: Theory of Operation
 *
 * Descriptors are fetched in blocks into a cache, as hardware does (3.2.4); what the guest changes
 * in one between RDH and RDT after that is not seen. The cache is one stretch of the ring:
 *
 *	desc[0]        desc[first]       desc[pos]          desc[n]
 *	| written back | used, not yet   | fetched, unused  |
 *	                 ^ RDH
 *
 * e1000_rx_reserve() makes sure that a frame's descriptors are there before the first byte is
 * written; e1000_rx_flush() writes [first, pos) back, once a burst. The cache is not part of the
 * state: what is between RDH and RDT is fetched again after a load, and forgotten when the guest
 * moves the ring.
 *
 * Write-back replaces the second quadword of a descriptor with one store, so length, checksum and
 * errors are never seen later than DD, and payload is written before. DPDK and others trust DD
 * alone.
 *
 * RDT: drivers that write the ring's size there (or more) give away all of it; the head never meets
 * the tail.
 *
 * Null descriptors, with address 0, take no data and are passed over (3.2.5.1).
 */
#include "rx-ring.h"

#include "rx-wait.h"

#define DONE_OFF 8 /* second quadword of a descriptor */

static uint32_t ring_size(const struct e1000 *c)
{
	return e1000_ring_len(REG(c, RDLEN));
}

static uint64_t ring_addr(const struct e1000 *c, uint32_t index)
{
	return ((uint64_t)REG(c, RDBAH) << 32 | REG(c, RDBAL)) +
	       (uint64_t)index * sizeof(struct e1000_desc);
}

/* Descriptors that the guest gave away, from RDH on */
static uint32_t given(const struct e1000 *c)
{
	uint32_t n = ring_size(c), head = REG(c, RDH), tail = REG(c, RDT);

	if (head >= n)
		return 0;
	if (tail >= n)
		return n - head;
	return tail >= head ? tail - head : n - head + tail;
}

/**
 * e1000_rx_forget() - The ring is another one: drop what was fetched
 * @c: The card
 */
void e1000_rx_forget(struct e1000 *c)
{
	c->rx.first = c->rx.pos = c->rx.n = 0;
}

/* Minimum threshold: a half, a quarter or an eighth of the ring, 13.4.22 RDMTS. */
static bool went_low(const struct e1000 *c, uint32_t before, uint32_t count)
{
	uint32_t part = REG(c, RCTL) >> RCTL_RDMTS_SHIFT & 3;
	uint32_t low = ring_size(c) >> ((part < 3 ? part : 2) + 1);

	return before > low && before - count <= low;
}

static uint64_t le64(uint64_t val)
{
#if __BYTE_ORDER__ == __ORDER_BIG_ENDIAN__
	return __builtin_bswap64(val);
#else
	return val;
#endif
}

/* Write @count descriptors back, which do not wrap. */
static void write_back(struct e1000 *c, uint32_t index, uint32_t count, const uint64_t *done)
{
	size_t len = (size_t)count * sizeof(struct e1000_desc), got = len;
	uint8_t *ring = count > 1 ? hwnet_dma_map(&c->nic, ring_addr(c, index), &got, true) : NULL;

	for (uint32_t i = 0; i < count; i++) {
		size_t off = i * sizeof(struct e1000_desc);
		uint64_t val = le64(done[i]);

		if (ring && off + sizeof(struct e1000_desc) <= got)
			__atomic_store_n((uint64_t *)(void *)(ring + off + DONE_OFF), val,
					 __ATOMIC_RELEASE);
		else
			hwnet_dma_write(&c->nic, ring_addr(c, index + i) + DONE_OFF, &val, 8);
	}
	if (ring)
		hwnet_dma_unmap(&c->nic, ring, got, true, got);
}

/**
 * e1000_rx_flush() - Write used descriptors back and move RDH
 * @c: The card
 *
 * RXDMT0 is noted in @c->rx.causes.
 */
void e1000_rx_flush(struct e1000 *c)
{
	struct e1000_rx *rx = &c->rx;
	uint32_t n = ring_size(c), count = rx->pos - rx->first, head = REG(c, RDH);
	uint32_t before = given(c);
	uint32_t part = count < n - head ? count : n - head;

	if (!count)
		return;
	write_back(c, head, part, &rx->done[rx->first]);
	if (count > part)
		write_back(c, 0, count - part, &rx->done[rx->first + part]);
	REG(c, RDH) = head + count < n ? head + count : head + count - n;
	rx->first = rx->pos;
	if (went_low(c, before, count))
		rx->causes |= ICR_RXDMT0;
}

/* Room in the cache: what was written back makes way. */
static void compact(struct e1000_rx *rx)
{
	memmove(rx->desc, &rx->desc[rx->pos], (rx->n - rx->pos) * sizeof(rx->desc[0]));
	rx->n -= rx->pos;
	rx->first = rx->pos = 0;
}

/* Descriptors in the ring that the cache does not have. */
static uint32_t unfetched(const struct e1000 *c)
{
	uint32_t avail = given(c), cached = c->rx.n - c->rx.first;

	return avail > cached ? avail - cached : 0;
}

/* Fetch another block. False if there is none, or no memory there. Moves the cache; @pos stays the
 * same descriptor. */
static bool fetch(struct e1000 *c)
{
	struct e1000_rx *rx = &c->rx;
	uint32_t n = ring_size(c), want, index;

	if (rx->n == E1000_RX_CACHE || (rx->pos > rx->first && !unfetched(c)))
		e1000_rx_flush(c);
	if (rx->first == rx->pos && rx->n + E1000_RING_BLOCK > E1000_RX_CACHE)
		compact(rx);
	want = unfetched(c);
	if (!want || rx->n == E1000_RX_CACHE)
		return false;
	index = REG(c, RDH) + rx->n - rx->first;
	index = index < n ? index : index - n;
	want = want < n - index ? want : n - index;
	want = want < E1000_RING_BLOCK ? want : E1000_RING_BLOCK;
	want = want < E1000_RX_CACHE - rx->n ? want : E1000_RX_CACHE - rx->n;
	if (hwnet_dma_read(&c->nic, ring_addr(c, index), &rx->desc[rx->n],
			   want * sizeof(rx->desc[0]))) {
		hwnet_guest_error(&c->nic, "receive ring is not in memory");
		rx->no_memory = true;
		return false;
	}
	e1000_desc_fetched(&rx->desc[rx->n], want);
	rx->n += want;
	return true;
}

/* A frame that wants more than these @count descriptors gets no more by waiting. */
static bool all_used(const struct e1000 *c, uint32_t count)
{
	return count >= E1000_RX_CACHE || (count && count + 1 >= ring_size(c));
}

/**
 * e1000_rx_reserve() - Make sure of descriptors for a frame
 * @c:    The card
 * @bufs: Buffers that it takes
 *
 * Return: how many descriptors these are, null ones included, from @c->rx.pos on; 0 if the frame
 * must wait; -1 if waiting does not help: the ring is not memory, or all of it is not enough, less
 * the descriptor that drivers leave out.
 */
int e1000_rx_reserve(struct e1000 *c, uint32_t bufs)
{
	struct e1000_rx *rx = &c->rx;
	unsigned count = 0;

	rx->no_memory = false;
	while (bufs) {
		if (rx->pos + count == rx->n && !fetch(c))
			return rx->no_memory || all_used(c, count) ? -1 : 0;
		bufs -= (rx->desc[rx->pos + count].w[0] | rx->desc[rx->pos + count].w[1]) != 0;
		count++;
	}
	return (int)count;
}

/**
 * e1000_rdt_write() - Hook of RDT, 13.4.29: more descriptors
 */
void e1000_rdt_write(struct hwnet_nic *nic, const struct hwnet_reg *reg, unsigned index,
		     uint32_t val)
{
	struct e1000 *c = e1000_of(nic);

	REG(c, RDT) = val & reg->wmask;
	if (c->rx.n - c->rx.first > given(c))
		e1000_rx_forget(c); /* taken back */
	if (c->s->rx_held && given(c))
		e1000_rx_wake(c);
}

/**
 * e1000_rx_ring_write() - Hook of RDBAL, RDBAH, RDLEN, RDH, 13.4.25 to 13.4.28: the ring is another
 * one
 *
 * RDH outside of the ring counts as 0 as soon as it matters (rx.c).
 */
void e1000_rx_ring_write(struct hwnet_nic *nic, const struct hwnet_reg *reg, unsigned index,
			 uint32_t val)
{
	struct e1000 *c = e1000_of(nic);

	c->s->reg[reg->slot] = val & reg->wmask;
	e1000_rx_forget(c);
}
