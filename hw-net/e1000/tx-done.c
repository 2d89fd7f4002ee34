/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Writing transmit descriptors back (3.4.2).
 *
 * DOC: Theory of Operation
 *
 * With WTHRESH 0 descriptors with RS are marked done at once. Otherwise all
 * are, when so many have gathered, or when a transmit delay ends, or at once if none runs. Only the
 * status byte is written: no other field has anything to say.
 */
#include "tx-done.h"

#include "tx.h"

#define STATUS_OFF 12 /* byte of the descriptor with DD */

/* Mark @count descriptors done from ring index @first on; with @desc only those that ask for it. */
static void mark_done(struct e1000 *c, uint32_t first, uint32_t count,
		      const struct e1000_desc *desc)
{
	size_t len = (size_t)count * sizeof(struct e1000_desc), got = len;
	uint8_t *ring =
		count > 1 ? hwnet_dma_map(&c->nic, e1000_tx_addr(c, first), &got, true) : NULL;
	uint8_t done = TXD_DD;

	for (uint32_t i = 0; i < count; i++) {
		size_t off = i * sizeof(struct e1000_desc) + STATUS_OFF;

		if (desc && !(desc[i].w[2] & TXD_RS))
			continue;
		if (ring && off < got)
			__atomic_store_n(ring + off, done, __ATOMIC_RELEASE);
		else
			hwnet_dma_write(&c->nic, e1000_tx_addr(c, first) + off, &done, 1);
	}
	if (ring)
		hwnet_dma_unmap(&c->nic, ring, got, true, got);
}

/* Likewise for a piece that may wrap. */
static void mark_done_wrap(struct e1000 *c, uint32_t first, uint32_t count,
			   const struct e1000_desc *desc)
{
	uint32_t n = e1000_tx_size(c);
	uint32_t part = count < n - first ? count : n - first;

	mark_done(c, first, part, desc);
	if (count > part)
		mark_done(c, 0, count - part, desc ? desc + part : NULL);
}

/* Descriptors that have gathered for write-back. */
static uint32_t gathered(const struct e1000 *c)
{
	uint32_t n = e1000_tx_size(c), wb = c->s->tx_wb, head = REG(c, TDH);

	if (wb >= n || head >= n)
		return 0;
	return head >= wb ? head - wb : n - wb + head;
}

/**
 * e1000_tx_write_back() - Write back what WTHRESH has gathered
 * @c: The card
 */
void e1000_tx_write_back(struct e1000 *c)
{
	uint32_t count = gathered(c);

	if (count)
		mark_done_wrap(c, c->s->tx_wb, count, NULL);
	c->s->tx_wb = REG(c, TDH);
}

/**
 * e1000_txdctl_write() - Hook of TXDCTL, 13.4.43: the 82544 has no LWTHRESH
 */
void e1000_txdctl_write(struct hwnet_nic *nic, const struct hwnet_reg *reg, unsigned index,
			uint32_t val)
{
	struct e1000 *c = e1000_of(nic);
	uint32_t low = c->info->is_82544 ? UINT32_MAX << DCTL_LWTHRESH_SHIFT : 0;

	REG(c, TXDCTL) = val & reg->wmask & ~low;
}

/* WTHRESH in descriptors, 13.4.43; without GRAN it counts cache lines of 32 bytes. */
static uint32_t write_threshold(const struct e1000 *c)
{
	uint32_t v = REG(c, TXDCTL) >> DCTL_WTHRESH_SHIFT & 0x3f;

	return REG(c, TXDCTL) & DCTL_GRAN ? v : 2 * v;
}

/**
 * e1000_tx_report() - Descriptors of the block were dealt with, TDH has moved
 * @c:      The card
 * @first:  TDH before
 * @count:  How many
 * @report: Some have RS
 */
void e1000_tx_report(struct e1000 *c, uint32_t first, uint32_t count, bool report)
{
	if (!write_threshold(c)) {
		if (report)
			mark_done_wrap(c, first, count, c->tx.desc);
		c->s->tx_wb = REG(c, TDH);
	} else if (gathered(c) >= write_threshold(c)) {
		e1000_tx_write_back(c);
	}
}
