/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Frames out.
 *
 * DOC: Theory of Operation
 *
 * A burst: read a window of owned descriptors, make frames of them, hand those over in one call,
 * give back the descriptors of the frames that were taken. Frames that were not stay in the ring
 * with OWN set, and nothing is read until hwnet_tx_ready(). Nothing of a half-made frame outlives
 * the call, so none is saved.
 *
 * Frames that are not simply handed over (loopback, errors, too short or too long for a wire) end a
 * burst and make one of their own, so that the order stays and partial acceptance has one place.
 */
#include "tx.h"

#include "coalesce.h"
#include "control.h"
#include "intr.h"
#include "loopback.h"
#include "ring.h"
#include "rx-wait.h"
#include "timer.h"
#include "tx-frame.h"
#include "work.h"

/* Descriptors that are worth a first look. */
#define FEW 4u

static bool tx_on(const struct pcnet_state *s)
{
	return (s->csr[CSR0] & CSR0_TXON) && !(s->csr[CSR5] & CSR5_SPND) && !pcnet_magic_mode(s);
}

static bool is_odd(const struct pcnet *p, const struct pcnet_slot *slot)
{
	return slot->drop || pcnet_loop(p) != LOOP_NONE;
}

/* Fill slots: plain frames up to the first odd one, or one odd frame. Returns their number, -1 on a
 * bus error. */
static int gather(struct pcnet *p, const struct pcnet_ring *r, unsigned max)
{
	uint32_t at = 0;
	unsigned n = 0;

	while (at < p->win.n && n < max) {
		struct pcnet_slot *slot = &p->slots[n];
		unsigned loans = p->loans.n;

		if (pcnet_tx_frame(p, r, at, slot)) {
			hwnet_give_back(&p->nic, &p->loans, 0);
			return -1;
		}
		if (is_odd(p, slot)) {
			hwnet_give_back(&p->nic, &p->loans, loans);
			return n ? (int)n : 1;
		}
		at += slot->ndesc;
		n++;
	}
	return (int)n;
}

/* Hand frames over; returns how many were taken. */
static unsigned hand_over(struct pcnet *p, unsigned n)
{
	const struct pkt *pkts[PCNET_BURST];
	unsigned taken;

	for (unsigned i = 0; i < n; i++)
		pkts[i] = &p->slots[i].pkt;
	taken = p->nic.host->tx(p->nic.opaque, 0, pkts, n);
	if (taken > n)
		taken = n;
	p->tx_blocked = taken < n;
	p->nic.counters.tx_frames += taken;
	for (unsigned i = 0; i < taken; i++)
		p->nic.counters.tx_bytes += pkts[i]->len;
	if (taken)
		p->s->led_tx = p->now;
	return taken;
}

/* A frame in loopback, or one that goes nowhere. False: the host takes none now. */
static bool odd_frame(struct pcnet *p, struct pcnet_slot *slot)
{
	enum pcnet_loop loop = pcnet_loop(p);

	if (slot->drop)
		return true;
	if (loop == LOOP_EXTERNAL && p->link.up && !hand_over(p, 1))
		return false;
	pcnet_loop_back(p, slot, pcnet_makes_fcs(p->s, slot));
	return true;
}

/* 970A, CSR0 TINT; CSR5 TOKINTD and LTINTEN take away those of frames that went well. */
static bool wants_tint(const struct pcnet_state *s, const struct pcnet_slot *slot)
{
	if (slot->error)
		return true;
	if (!(slot->flags & D_STP) && slot->drop)
		return false;
	if (s->csr[CSR5] & CSR5_TOKINTD)
		return false;
	return !(s->csr[CSR5] & CSR5_LTINTEN) || (slot->flags & T_LTINT);
}

/* New contents of a descriptor: OWN stays for the writer to clear. */
static void completed(const struct pcnet_state *s, uint8_t *raw, uint16_t error)
{
	uint16_t flags = pcnet_desc_flags(s, raw) & (D_OWN | T_FCS | D_STP | D_ENP | 0x7f);

	pcnet_desc_set_flags(s, raw, error ? flags | D_ERR : flags);
	pcnet_desc_set_misc(s, raw, error, 0);
}

/* Give back what of a chain is beyond the window, before its front shows as done. */
static int release_rest(struct pcnet *p, const struct pcnet_ring *r, uint32_t from, uint32_t end,
			uint16_t error)
{
	uint8_t raw[PCNET_DESC];

	for (uint32_t i = from; i < end; i++) {
		if (pcnet_desc(p, r, &p->win, i, raw))
			return -1;
		completed(p->s, raw, i == end - 1 ? error : 0);
		if (pcnet_desc_release(p, r, i, raw))
			return -1;
	}
	return 0;
}

/* Give back the descriptors of the first @n frames. Returns how many they are, -1:
 * on a bus error. */
static int give_back(struct pcnet *p, const struct pcnet_ring *r, unsigned n)
{
	unsigned size = pcnet_layout(p->s)->size;
	uint16_t error = p->slots[n - 1].error; /* only ever alone */
	uint32_t ndesc = 0, in;
	uint8_t *last;

	for (unsigned i = 0; i < n; i++)
		ndesc += p->slots[i].ndesc;
	in = ndesc < p->win.n ? ndesc : p->win.n;
	if (ndesc > in && release_rest(p, r, in, ndesc, error))
		return -1;
	for (uint32_t i = 0; i < in; i++)
		completed(p->s, p->win.raw + i * size, i == ndesc - 1 ? error : 0);
	last = p->win.raw + (in - 1) * size;
	p->s->csr[CSR_CXBC] = get16(last + PCNET_BCNT);
	p->s->csr[CSR_CXST] = pcnet_desc_flags(p->s, last);
	pcnet_set_pair(p->s, CSR_CXBA, pcnet_desc_buf(p->s, last));
	if (pcnet_window_write(p, r, &p->win, in, error != 0))
		return -1;
	pcnet_tx_advance(p->s, r, ndesc);
	p->s->tx_done += ndesc;
	return (int)ndesc;
}

/* Tell the driver about @n frames. */
static void report(struct pcnet *p, unsigned n)
{
	struct pcnet_state *s = p->s;

	for (unsigned i = 0; i < n; i++)
		if (wants_tint(s, &p->slots[i]))
			s->csr[CSR0] |= CSR0_TINT;
	s->csr[CSR4] |= CSR4_TXSTRT;
	if ((p->slots[n - 1].error & TE_UFLO) && !(s->csr[CSR3] & CSR3_DXSUFLO))
		s->csr[CSR0] &= ~CSR0_TXON;
	pcnet_traffic(p, DIR_TX, n);
	pcnet_intr(p);
}

/* Most doorbells are for one frame: a block is read only if there are some. */
static int look(struct pcnet *p, const struct pcnet_ring *r)
{
	if (pcnet_window(p, r, &p->win, FEW))
		return -1;
	return p->win.n == FEW ? pcnet_window(p, r, &p->win, PCNET_BURST) : 0;
}

/* One burst of up to @max frames. Returns what it has cost; 0: nothing was dealt with. */
static unsigned burst(struct pcnet *p, unsigned max)
{
	struct pcnet_ring r;
	unsigned taken;
	int n, ndesc;

	if (p->s->tx_where)
		pcnet_tx_settle(p);
	r = pcnet_tx_ring(p->s);
	if (look(p, &r) || !p->win.n)
		return 0;
	n = gather(p, &r, max);
	if (n <= 0)
		return 0;
	if (is_odd(p, &p->slots[0]))
		taken = odd_frame(p, &p->slots[0]);
	else
		taken = hand_over(p, (unsigned)n);
	hwnet_give_back(&p->nic, &p->loans, 0);
	if (!taken || !tx_on(p->s))
		return 0;
	ndesc = give_back(p, &r, taken);
	if (ndesc < 0)
		return 0;
	report(p, taken);
	return taken + hwnet_work_descs((uint32_t)ndesc);
}

/* Send what the ring has, until @budget is spent (work.h). True if there may be more. */
static bool send(struct pcnet *p, unsigned budget)
{
	p->s->csr[CSR0] &= ~CSR0_TDMD;
	while (tx_on(p->s) && !p->tx_blocked) {
		unsigned work;

		if (!budget)
			return true;
		work = burst(p, budget < PCNET_BURST ? budget : PCNET_BURST);
		if (!work)
			break;
		budget = hwnet_work_left(budget, work);
	}
	pcnet_intr(p); /* BABL of a frame that the host did not take */
	return false;
}

/**
 * pcnet_tx_waiting() - Does the current transmit descriptor belong to the card? For the poll timer
 * @p: The card
 *
 * Return: true if there is something to send.
 */
bool pcnet_tx_waiting(struct pcnet *p)
{
	const struct pcnet_layout *l = pcnet_layout(p->s);
	struct pcnet_ring r;
	uint32_t addr;
	uint8_t flags[2];

	if (!tx_on(p->s) || p->tx_blocked)
		return false;
	if (p->s->tx_where)
		pcnet_tx_settle(p);
	r = pcnet_tx_ring(p->s);
	addr = r.base + r.pos * l->size;
	if (hwnet_dma_read(&p->nic, addr + l->flags, flags, 2)) {
		pcnet_system_error(p, "descriptor ring", addr);
		return false;
	}
	return flags[1] & (D_OWN >> 8);
}

/**
 * pcnet_run() - hwnet_run() of this model
 * @nic:    The card
 * @budget: Work (work.h), about
 *
 * Return: true if there may be more.
 */
bool pcnet_run(struct hwnet_nic *nic, unsigned budget)
{
	struct pcnet *p = pcnet_of(nic);
	bool more;

	p->now = hwnet_now(nic);
	pcnet_rx_look(p, false);
	more = send(p, budget);
	pcnet_arm(p);
	return more;
}

/**
 * pcnet_tx_ready() - hwnet_tx_ready() of this model
 * @nic: The card
 */
void pcnet_tx_ready(struct hwnet_nic *nic)
{
	struct pcnet *p = pcnet_of(nic);

	if (!p->tx_blocked)
		return;
	p->tx_blocked = false;
	nic->host->kick(nic->opaque);
}
