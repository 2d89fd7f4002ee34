/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Transmit queues.
 *
 * DOC: Theory of Operation
 *
 * A doorbell marks its queue pending and kicks; vmx_run() serves pending queues in turn, and begins
 * behind the one that sent last, so that none uses up the budget, or the room at the host, that the
 * others need. For each it takes descriptors as long as their generation bit is new, groups them to
 * frames, and hands bursts of up to PKT_BURST to the host. What the host dealt with is completed
 * with one write and one interrupt decision. What it did not take stays in the guest's ring: the
 * queue goes back to that frame's first descriptor, and nothing else of it exists. So a saved state
 * needs no frames.
 *
 * The generation bit of a frame's first descriptor is set last by drivers; a frame whose last
 * descriptor is not there yet waits for the next doorbell.
 *
 * A queue stops with an error (stats.c) when its ring makes no sense: not memory, more than
 * TX_MAX_DESC descriptors or a whole ring without an end of packet, a descriptor type that does not
 * exist.
 */
#include "tx.h"

#include "done.h"
#include "intr.h"
#include "stats.h"
#include "tx-frame.h"
#include "tx-threshold.h"
#include "work.h"

/* Bring the window to at least @need descriptors from the queue's position on. false: the ring is
 * not memory. */
static bool fetch(struct vmx *v, const struct vmx_txq *q, unsigned need)
{
	struct vmx_tx *tx = &v->tx;

	if (tx->win_at + need <= tx->win_n)
		return true;
	memmove(tx->win, tx->win + tx->win_at, (tx->win_n - tx->win_at) * sizeof(tx->win[0]));
	tx->win_n -= tx->win_at;
	tx->win_at = 0;
	while (tx->win_n < need) {
		uint32_t at = (q->next + tx->win_n) % q->size,
			 n = q->size - at < tx->fetch ? q->size - at : tx->fetch;

		if (hwnet_dma_read(&v->nic, q->ring_pa + at * sizeof(tx->win[0]),
				   tx->win + tx->win_n, n * sizeof(tx->win[0])))
			return false;
		tx->fetch = TX_FETCH;
		for (unsigned i = 0; i < n; i++) {
			struct vmx_desc *d = &tx->win[tx->win_n++];

			d->addr = le64toh(d->addr);
			d->d2 = le32toh(d->d2);
			d->d3 = le32toh(d->d3);
		}
	}
	return true;
}

/*
 * Length of the next frame in descriptors, which then are at win_at. 0: there is none, or the queue
 * was stopped.
 *
 * TX_WINDOW leaves room for a block behind TX_MAX_DESC descriptors.
 */
static unsigned next_frame(struct vmx *v, unsigned queue)
{
	struct vmx_txq *q = &v->s->txq[queue];
	uint32_t at = q->next;
	uint8_t gen = q->gen;

	for (unsigned n = 1; n <= TX_MAX_DESC && n <= q->size; n++) {
		const struct vmx_desc *d;

		if (!fetch(v, q, n)) {
			vmx_txq_stop(v, queue, ERR_TXD_INVALID);
			return 0;
		}
		d = &v->tx.win[v->tx.win_at + n - 1];
		if (!vmx_txd_ready(d, gen))
			return 0;
		if (d->d2 & TXD_DTYPE) {
			vmx_txq_stop(v, queue, ERR_DESC_NOT_SPT);
			return 0;
		}
		if (d->d3 & TXD_EOP)
			return n;
		vmx_step(&at, &gen, q->size);
	}
	vmx_txq_stop(v, queue, q->size <= TX_MAX_DESC ? ERR_NOEOP : ERR_BIG_PKT);
	return 0;
}

/* Move the queue behind @n descriptors and note what they were. */
static void consume(struct vmx *v, struct vmx_txq *q, unsigned n, bool sent)
{
	struct vmx_tx *tx = &v->tx;
	struct vmx_tx_entry *e = &tx->entry[tx->n_entry++];

	e->sop = q->next;
	e->gen = q->gen;
	e->cq = tx->win[tx->win_at + n - 1].d3 & TXD_CQ;
	e->pkt = sent ? (int)tx->n_pkt - 1 : -1;
	q->next += n - 1;
	if (q->next >= q->size) {
		q->next -= q->size;
		q->gen ^= 1;
	}
	e->eop = q->next;
	vmx_step(&q->next, &q->gen, q->size);
	tx->win_at += n;
}

/* Fill a burst, until @budget is spent. Returns false when there is nothing more in the ring. */
static bool collect(struct vmx *v, unsigned queue, unsigned budget)
{
	struct vmx_tx *tx = &v->tx;

	tx->n_entry = tx->n_pkt = tx->n_iov = tx->loans.n = tx->work = 0;
	tx->bounce.used = 0;
	tx->budget = budget;
	tx->max = budget < PKT_BURST ? budget : PKT_BURST;
	while (tx->n_entry < tx->max) {
		unsigned n = next_frame(v, queue);
		enum vmx_gather g;

		if (!n)
			return false;
		g = vmx_tx_gather(v, queue, tx->win + tx->win_at, n);
		if (g == GATHER_FULL)
			return true;
		consume(v, &v->s->txq[queue], n, g == GATHER_OK);
	}
	return true;
}

/* Complete what was dealt with: @taken frames, and dropped ones between them. Returns how many
 * entries that is. */
static unsigned complete(struct vmx *v, unsigned queue, unsigned taken)
{
	struct vmx_txq *q = &v->s->txq[queue];
	struct vmx_tx *tx = &v->tx;
	unsigned i, n = 0;

	for (i = 0; i < tx->n_entry; i++) {
		const struct vmx_tx_entry *e = &tx->entry[i];

		if (e->pkt >= (int)taken)
			break;
		if (e->cq)
			vmx_comp_make(&tx->comp[n++], e->eop, 0, 0, 0);
	}
	if (v->nic.carrier)
		vmx_count_tx(v, queue, tx->pkt, taken);
	else
		*vmx_tx_stat(v, queue, TXS_DISCARD) += taken;
	if (i < tx->n_entry) {
		q->next = tx->entry[i].sop;
		q->gen = tx->entry[i].gen;
	}
	if (vmx_put_comps(v, q->comp_pa, q->comp_size, &q->comp_next, &q->comp_gen, tx->comp, n))
		vmx_txq_stop(v, queue, ERR_TXD_INVALID);
	else if (n)
		vmx_intr_raise(v, q->intr, n, 0);
	return i;
}

/* One burst. Returns true if there may be more. */
static bool burst(struct vmx *v, unsigned queue, unsigned budget, unsigned *done)
{
	struct vmx_tx *tx = &v->tx;
	bool more = collect(v, queue, budget);
	unsigned taken = tx->n_pkt;

	if (tx->n_pkt && v->nic.carrier)
		taken = v->nic.host->tx(v->nic.opaque, queue, tx->ptr, tx->n_pkt);
	hwnet_give_back(&v->nic, &tx->loans, 0);
	*done += complete(v, queue, taken);
	v->s->txq[queue].blocked = taken < tx->n_pkt;
	return more && taken == tx->n_pkt && !v->s->txq[queue].stopped;
}

/* Serve one queue; returns what is left of the budget. */
static unsigned serve(struct vmx *v, unsigned queue, unsigned budget)
{
	struct vmx_txq *q = &v->s->txq[queue];
	unsigned done = 0;
	bool more = true;

	v->tx.win_n = v->tx.win_at = 0;
	v->tx.fetch = TX_FETCH / 8; /* a lone frame needs few */
	while (more && budget) {
		more = burst(v, queue, budget, &done);
		budget = hwnet_work_left(budget, v->tx.n_entry + v->tx.work);
	}
	if (done)
		v->tx_turn = queue + 1;
	q->pending = more || q->blocked;
	if (!more && !q->blocked)
		vmx_threshold_idle(v, queue, done);
	return budget;
}

/**
 * vmx_run() - hwnet_run() of this model
 * @nic:    The card
 * @budget: Frames, about
 *
 * Return: true if there is more to do now.
 */
bool vmx_run(struct hwnet_nic *nic, unsigned budget)
{
	struct vmx *v = vmx_of(nic);
	bool more = false;

	if (!v->s->active)
		return false;
	for (unsigned n = v->s->n_txq, i = v->tx_turn < n ? v->tx_turn : 0; n; n--) {
		struct vmx_txq *q = &v->s->txq[i];

		if (q->pending && !q->blocked && !q->stopped) {
			if (budget)
				budget = serve(v, i, budget);
			more |= q->pending && !q->blocked;
		}
		i = i + 1 < v->s->n_txq ? i + 1 : 0;
	}
	return more;
}

/**
 * vmx_tx_kick() - A doorbell
 * @v:     The card
 * @queue: Queue
 *
 * Indices of queues that there are not, and doorbells of an inactive device, are nothing
 * (CVE-2016-6833).
 */
void vmx_tx_kick(struct vmx *v, unsigned queue)
{
	struct vmx_txq *q = &v->s->txq[queue];

	if (!v->s->active || queue >= v->s->n_txq || q->stopped)
		return;
	q->pending = 1;
	vmx_threshold_bell(v, q);
	if (!q->blocked)
		hwnet_kick(&v->nic);
}

/**
 * vmx_tx_ready() - hwnet_tx_ready() of this model
 * @nic: The card
 */
void vmx_tx_ready(struct hwnet_nic *nic)
{
	struct vmx *v = vmx_of(nic);
	bool any = false;

	for (unsigned i = 0; i < VMX_MAX_TXQ; i++) {
		struct vmx_txq *q = &v->s->txq[i];

		any |= q->blocked;
		q->blocked = 0;
	}
	if (any && v->s->active)
		hwnet_kick(nic);
}
