/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The transmit descriptor ring: fetch, hand over, write back (3.3, 3.4).
 *
 * DOC: Theory of Operation
 *
 * A doorbell (TDT) only kicks. A run copies up to E1000_RING_BLOCK descriptors from TDH on, builds
 * frames from the copy (tx-frame.c), gives them to the host in one call, and commits: it moves TDH
 * past the frames that were taken, writes DD back and raises causes. Frames that were not taken
 * stay in the ring as if they had never been looked at, so a run leaves nothing in flight. What a
 * context descriptor set is kept for later frames only when it is committed, too.
 *
 * A frame whose last descriptor the driver has not queued yet waits in the ring likewise. If the
 * ring is full, or has E1000_TX_CHAIN descriptors, without an end of the frame, the frame is given
 * up and the rest of it skipped (tx_skip).
 *
 * A TDT outside the ring counts as 0, a TDH likewise, so a ring never wraps onto itself.
 */
#include "tx.h"

#include "flow.h"
#include "intr.h"
#include "link.h"
#include "loopback.h"
#include "stats.h"
#include "tx-done.h"
#include "tx-frame.h"
#include "tx-offload.h"
#include "work.h"

/* May frames leave now, if there are any? The transmitter is on, has a link, and neither pause nor
 * host holds it. */
static bool may_send(const struct e1000 *c)
{
	return (REG(c, TCTL) & TCTL_EN) && e1000_tx_size(c) && !c->tx_blocked &&
	       c->s->at[AT_PAUSE] == HWNET_NEVER && (e1000_link_up(c) || e1000_loops(c));
}

/**
 * e1000_tx_waits() - Are there frames that may not leave?
 * @c: The card
 *
 * Return: true if what is in the ring waits for more than a turn of the card.
 */
bool e1000_tx_waits(const struct e1000 *c)
{
	return e1000_tx_size(c) && REG(c, TDH) != e1000_tx_tail(c) && !may_send(c);
}

/**
 * e1000_tx_kick() - Have the ring looked at, if there may be something in it
 * @c: The card
 */
void e1000_tx_kick(struct e1000 *c)
{
	if (may_send(c) && REG(c, TDH) != e1000_tx_tail(c))
		hwnet_kick(&c->nic);
}

/* Copy descriptors [t->n_desc, upto) after TDH. */
static bool fetch(struct e1000 *c, uint32_t upto)
{
	struct e1000_tx *t = &c->tx;
	uint32_t n = e1000_tx_size(c);

	while (t->n_desc < upto) {
		uint32_t index = REG(c, TDH) + t->n_desc;
		uint32_t want = upto - t->n_desc;

		index = index < n ? index : index - n;
		if (want > n - index)
			want = n - index;
		if (hwnet_dma_read(&c->nic, e1000_tx_addr(c, index), &t->desc[t->n_desc],
				   want * sizeof(t->desc[0]))) {
			hwnet_guest_error(&c->nic, "transmit ring is not in memory");
			return false;
		}
		e1000_desc_fetched(&t->desc[t->n_desc], want);
		t->n_desc += want;
	}
	return true;
}

/**
 * e1000_tx_more() - The frame at the start of the block goes on beyond it: fetch more
 * @c: The card
 *
 * Return: true if there is more; false if the frame must wait, or was given up: then all of the
 * block is skipped.
 */
bool e1000_tx_more(struct e1000 *c)
{
	struct e1000_tx *t = &c->tx;
	uint32_t avail = e1000_tx_avail(c);
	uint32_t upto = t->n_desc + E1000_RING_BLOCK;

	if (t->n_desc >= avail || t->n_desc >= E1000_TX_CHAIN) {
		if (avail < E1000_TX_CHAIN && avail + 1 < e1000_tx_size(c))
			return false;
		hwnet_guest_error(&c->nic, "frame of more than %u transmit descriptors",
				  t->n_desc - 1);
		c->s->tx_skip = true;
		t->pos = t->n_desc;
		return false;
	}
	upto = upto < avail ? upto : avail;
	return fetch(c, upto < E1000_TX_CHAIN ? upto : E1000_TX_CHAIN);
}

/* TXD_LOW: fewer descriptors are left than LWTHRESH, in units of 8, asks for (13.4.43). */
static bool went_low(const struct e1000 *c, uint32_t before)
{
	uint32_t low = (REG(c, TXDCTL) >> DCTL_LWTHRESH_SHIFT) * 8;

	return low && before >= low && e1000_tx_avail(c) < low;
}

/* Move TDH past the first @count descriptors of the block, and tell the guest. */
static void commit(struct e1000 *c, uint32_t count)
{
	struct e1000_state *s = c->s;
	struct e1000_tx *t = &c->tx;
	uint32_t n = e1000_tx_size(c);
	uint32_t before = e1000_tx_avail(c), head = REG(c, TDH), causes = 0;
	bool report = false, delayed = true;

	for (uint32_t i = 0; i < count; i++) {
		const struct e1000_desc *d = &t->desc[i];

		if (e1000_is_context(d))
			e1000_tx_context(s->ctx, d);
		if (!(d->w[2] & (TXD_RS | TXD_RPS)))
			continue;
		report = true;
		delayed = delayed && (d->w[2] & TXD_IDE);
	}
	REG(c, TDH) = head + count < n ? head + count : head + count - n;
	e1000_tx_report(c, head, count, report);
	if (REG(c, TDH) == e1000_tx_tail(c))
		causes |= ICR_TXQE;
	if (went_low(c, before))
		causes |= ICR_TXD_LOW;
	if (report)
		e1000_tx_done_cause(c, delayed);
	if (causes)
		e1000_cause(c, causes);
	if (s->at[AT_TIDV] == HWNET_NEVER && s->at[AT_TADV] == HWNET_NEVER)
		e1000_tx_write_back(c);
}

/* Hand the burst over. Returns how many frames were taken. */
static unsigned deliver(struct e1000 *c)
{
	struct e1000_tx *t = &c->tx;
	unsigned taken = t->n_pkts;

	if (e1000_loops(c)) {
		for (unsigned i = 0; i < t->n_pkts; i++)
			e1000_loop_back(c, t->vec[i]);
	} else if (t->n_pkts) {
		taken = c->nic.host->tx(c->nic.opaque, 0, t->vec, t->n_pkts);
		c->tx_blocked = taken < t->n_pkts;
	}
	if (taken)
		e1000_stat_tx(c, t->pkt, taken);
	return taken;
}

static void block_begin(struct e1000 *c)
{
	struct e1000_tx *t = &c->tx;

	t->n_desc = t->pos = 0;
	t->n_pkts = t->n_iov = t->loans.n = t->work = 0;
	t->bounce.used = 0;
	memcpy(t->ctx, c->s->ctx, sizeof(t->ctx));
}

/* One block of descriptors, one burst of frames, until @budget is spent. Returns the descriptors
 * that were dealt with. */
static uint32_t run_block(struct e1000 *c, unsigned budget)
{
	struct e1000_tx *t = &c->tx;
	uint32_t avail = e1000_tx_avail(c), count;
	unsigned taken;

	block_begin(c);
	if (!avail || !fetch(c, avail < E1000_RING_BLOCK ? avail : E1000_RING_BLOCK))
		return 0;
	while (t->n_pkts < PKT_BURST && t->n_pkts + t->work < budget && e1000_tx_build(c))
		;
	t->work += t->n_pkts + 1 + hwnet_work_descs(t->pos);
	taken = deliver(c);
	hwnet_give_back(&c->nic, &t->loans, 0);
	count = taken < t->n_pkts ? t->start[taken] : t->pos;
	if (count)
		commit(c, count);
	return count;
}

/**
 * e1000_run() - Transmit
 * @nic:    The card
 * @budget: Work (work.h), about
 *
 * Return: true if there is more to do now.
 */
bool e1000_run(struct hwnet_nic *nic, unsigned budget)
{
	struct e1000 *c = e1000_of(nic);
	bool progress = true;

	if (REG(c, TDH) >= e1000_tx_size(c))
		REG(c, TDH) = c->s->tx_wb = 0;
	while (budget && progress && may_send(c)) {
		progress = run_block(c, budget);
		budget = hwnet_work_left(budget, c->tx.work);
	}
	return progress && may_send(c) && e1000_tx_avail(c);
}

/**
 * e1000_tx_ready() - The host can take frames again
 * @nic: The card
 */
void e1000_tx_ready(struct hwnet_nic *nic)
{
	struct e1000 *c = e1000_of(nic);

	c->tx_blocked = false;
	e1000_tx_kick(c);
}

/**
 * e1000_tdt_write() - Hook of TDT, 13.4.40: the doorbell
 */
void e1000_tdt_write(struct hwnet_nic *nic, const struct hwnet_reg *reg, unsigned index,
		     uint32_t val)
{
	struct e1000 *c = e1000_of(nic);

	REG(c, TDT) = val & reg->wmask;
	e1000_tx_kick(c);
}

/**
 * e1000_tx_ring_write() - Hook of TDBAL, TDBAH, TDLEN, TDH, 13.4.36 to 13.4.39: the ring is another
 * one
 *
 * Nothing gathered in the old one is written to the new.
 */
void e1000_tx_ring_write(struct hwnet_nic *nic, const struct hwnet_reg *reg, unsigned index,
			 uint32_t val)
{
	struct e1000 *c = e1000_of(nic);

	c->s->reg[reg->slot] = val & reg->wmask;
	c->s->tx_wb = REG(c, TDH);
}

/**
 * e1000_tctl_write() - Hook of TCTL, 13.4.33
 *
 * SWXOFF sends one pause frame and clears itself; turning the transmitter off forgets half a frame.
 */
void e1000_tctl_write(struct hwnet_nic *nic, const struct hwnet_reg *reg, unsigned index,
		      uint32_t val)
{
	struct e1000 *c = e1000_of(nic);

	REG(c, TCTL) = val & reg->wmask & ~TCTL_SWXOFF;
	if (!(val & TCTL_EN))
		c->s->tx_skip = false;
	if (val & TCTL_SWXOFF)
		e1000_flow_now(c);
	e1000_tx_kick(c);
}
