/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Receive buffers: which ones a frame will use.
 *
 * DOC: Theory of Operation
 *
 * A frame begins in a *head* buffer of ring 0. What does not fit goes on in *body* buffers: those
 * that follow in ring 0, else those of ring 1 (Linux vmxnet3_adjust_rx_ring_size puts an MTU's
 * worth into ring 0 and keeps ring 1 for LRO). Bodies of ring 0 that a frame did not need are
 * skipped by the next one; drivers expect that. A frame that fits is put into the receive data ring
 * (revision 3), at the place of the head buffer it saves.
 *
 * Descriptors are read ahead, as many as a window holds and are the device's: a driver does not
 * take back what it gave, so they stay good from call to call, until ACTIVATE or another state.
 *
 * A frame is planned completely before anything of it is written. If buffers are missing it is held
 * back: rx-wait.c. One that needs all of a ring, less the descriptor that drivers leave out, gets
 * no more by waiting, and is too long.
 *
 * Bodies that were skipped are never looked at again, so each descriptor is looked at once, however
 * often frames come that find no head behind them. @skipped counts them until there is a head: a
 * ring full of them has none.
 */
#include "rx-ring.h"

#include "stats.h"

/* Look at the ring from an index on, and keep what is the device's. */
static HWNET_APART const struct vmx_desc *fetch(struct vmx *v, const struct vmx_rxring *r,
						struct vmx_rx_window *w, uint32_t at, uint8_t gen)
{
	uint32_t n = r->size - at < RX_WINDOW ? r->size - at : RX_WINDOW;

	w->at = at;
	w->gen = gen;
	w->n = 0;
	if (hwnet_dma_read(&v->nic, r->pa + at * sizeof(w->d[0]), w->d, n * sizeof(w->d[0])))
		return NULL;
	for (uint32_t i = 0; i < n; i++) {
		w->d[i].addr = le64toh(w->d[i].addr);
		w->d[i].d2 = le32toh(w->d[i].d2);
		if (w->n == i && vmx_rxd_ready(&w->d[i], gen))
			w->n++;
	}
	return &w->d[0];
}

/* The descriptor that is next. NULL: the ring is not memory. */
static inline const struct vmx_desc *peek(struct vmx *v, unsigned queue, unsigned ring,
					  const struct vmx_rx_plan *p)
{
	struct vmx_rx_window *w = &v->rx[queue].win[ring];
	uint32_t at = p->next[ring];

	if (at - w->at < w->n && w->gen == p->gen[ring])
		return &w->d[at - w->at];
	return fetch(v, &v->s->rxq[queue].ring[ring], w, at, p->gen[ring]);
}

/**
 * vmx_rx_forget() - The rings are others now: drop what was read ahead
 * @v: The card
 */
void vmx_rx_forget(struct vmx *v)
{
	for (unsigned i = 0; i < VMX_MAX_RXQ; i++)
		v->rx[i].win[0].n = v->rx[i].win[1].n = v->rx[i].skipped = 0;
}

static HWNET_RARE enum vmx_plan broken(struct vmx *v, unsigned queue, uint32_t error)
{
	vmx_rxq_stop(v, queue, error);
	return PLAN_BROKEN;
}

static void add(struct vmx_rx_plan *p, const struct vmx_desc *d, uint32_t idx, unsigned rqid)
{
	p->buf[p->n].addr = d->addr;
	p->buf[p->n].len = RXD_LEN(d->d2);
	p->buf[p->n].idx = (uint16_t)idx;
	p->buf[p->n++].rqid = (uint16_t)rqid;
}

/* A body where a head should be. */
static HWNET_RARE void skip(struct vmx *v, unsigned queue, struct vmx_rx_plan *p)
{
	struct vmx_rxring *r = &v->s->rxq[queue].ring[0];

	vmx_step(&r->next, &r->gen, r->size);
	p->next[0] = r->next;
	p->gen[0] = r->gen;
	v->rx[queue].skipped++;
}

/* The next head buffer, behind bodies that are left over. */
static enum vmx_plan plan_head(struct vmx *v, unsigned queue, struct vmx_rx_plan *p)
{
	const struct vmx_rxring *r = &v->s->rxq[queue].ring[0];

	for (; v->rx[queue].skipped < r->size; skip(v, queue, p)) {
		const struct vmx_desc *d = peek(v, queue, 0, p);

		if (!d)
			return broken(v, queue, ERR_TXD_INVALID);
		if (!vmx_rxd_ready(d, p->gen[0]))
			return PLAN_STARVED;
		if (!(d->d2 & RXD_BODY)) {
			if (d->d2 & RXD_DTYPE)
				return broken(v, queue, ERR_DESC_NOT_SPT);
			if (RXD_LEN(d->d2) < VMX_MIN_HEAD_BUF)
				return broken(v, queue, ERR_SMALL_BUF);
			add(p, d, p->next[0], queue);
			vmx_step(&p->next[0], &p->gen[0], r->size);
			return PLAN_OK;
		}
	}
	return broken(v, queue, ERR_DESC_NOT_SPT);
}

/* Is there a body next in this ring? 1: yes; 0: not now; -1: what is there is a head. */
static int body_at(struct vmx *v, unsigned queue, unsigned ring, const struct vmx_rx_plan *p,
		   const struct vmx_desc **d)
{
	*d = peek(v, queue, ring, p);
	if (!*d || !vmx_rxd_ready(*d, p->gen[ring]))
		return 0;
	return (*d)->d2 & RXD_BODY ? 1 : -1;
}

/* Another body buffer; @used counts those of ring 1. */
static enum vmx_plan plan_body(struct vmx *v, unsigned queue, struct vmx_rx_plan *p, uint32_t *used)
{
	const struct vmx_rxq *q = &v->s->rxq[queue];
	const struct vmx_desc *d;
	unsigned ring = 0;
	int is = body_at(v, queue, 0, p, &d);

	if (is <= 0 && q->ring[1].size) {
		ring = 1;
		is = body_at(v, queue, 1, p, &d);
		if (is < 0) /* ring 1 has bodies only; GL#533 */
			return broken(v, queue, ERR_DESC_NOT_SPT);
		if (!is && ++*used >= q->ring[1].size)
			return PLAN_TOO_LONG; /* the whole ring is not enough */
	}
	if (is < 0)
		return PLAN_TOO_LONG;
	if (!is) /* without ring 1: the same of ring 0 */
		return !ring && v->rx[queue].skipped + p->n + 1 >= q->ring[0].size ? PLAN_TOO_LONG :
										     PLAN_STARVED;
	if ((d->d2 & RXD_DTYPE) || !RXD_LEN(d->d2))
		return broken(v, queue, d->d2 & RXD_DTYPE ? ERR_DESC_NOT_SPT : ERR_SMALL_BUF);
	*used += ring;
	add(p, d, p->next[ring], queue + ring * v->s->n_rxq);
	vmx_step(&p->next[ring], &p->gen[ring], q->ring[ring].size);
	return PLAN_OK;
}

/* Small frames go into the data ring; their completion names the head buffer that stays with the
 * device's ring. */
static bool use_data_ring(const struct vmx *v, unsigned queue, uint32_t len, struct vmx_rx_plan *p)
{
	const struct vmx_rxq *q = &v->s->rxq[queue];

	if (!q->data_size || len > q->data_size)
		return false;
	p->buf[0].addr = q->data_pa + (uint64_t)p->buf[0].idx * q->data_size;
	p->buf[0].len = q->data_size;
	p->buf[0].rqid = (uint16_t)(queue + 2 * v->s->n_rxq);
	return true;
}

/* The head buffer is not enough. */
static HWNET_APART enum vmx_plan plan_bodies(struct vmx *v, unsigned queue, uint32_t len,
					     struct vmx_rx_plan *p)
{
	unsigned most = v->s->max_sg && v->s->max_sg < RX_MAX_DESC ? v->s->max_sg : RX_MAX_DESC;
	uint32_t have, used = 0;
	enum vmx_plan res;

	for (have = p->buf[0].len; have < len; have += p->buf[p->n - 1].len) {
		if (p->n == most)
			return PLAN_TOO_LONG;
		res = plan_body(v, queue, p, &used);
		if (res != PLAN_OK)
			return res;
	}
	return PLAN_OK;
}

/**
 * vmx_rx_plan() - Choose buffers for a frame; none is taken yet
 * @v:     The card
 * @queue: Queue
 * @len:   Bytes
 * @p:     Filled
 *
 * Return: enum vmx_plan. With PLAN_BROKEN the queue was stopped.
 */
enum vmx_plan vmx_rx_plan(struct vmx *v, unsigned queue, uint32_t len, struct vmx_rx_plan *p)
{
	const struct vmx_rxring *r = v->s->rxq[queue].ring;
	enum vmx_plan res;

	p->n = 0;
	for (unsigned i = 0; i < 2; i++) {
		p->next[i] = r[i].next;
		p->gen[i] = r[i].gen;
	}
	res = plan_head(v, queue, p);
	if (res != PLAN_OK || use_data_ring(v, queue, len, p) || len <= p->buf[0].len)
		return res;
	return plan_bodies(v, queue, len, p);
}

/**
 * vmx_rx_take() - The planned buffers are the frame's
 * @q: Queue
 * @p: Plan
 */
void vmx_rx_take(struct vmx_rxq *q, const struct vmx_rx_plan *p)
{
	for (unsigned i = 0; i < 2; i++) {
		q->ring[i].next = p->next[i];
		q->ring[i].gen = p->gen[i];
	}
}

/* Does a plan lead all the way round a ring, but for the descriptor that drivers leave out? */
static bool all_round(const struct vmx_rxring *from, uint32_t next, uint8_t gen, uint32_t skipped)
{
	uint32_t n = next + (gen != from->gen ? from->size : 0) - from->next;

	return n + skipped + 1 >= from->size;
}

/**
 * vmx_rx_room() - Is there room for all segments of a message? Plans them all, takes none
 * @v:     The card
 * @queue: Queue
 * @pkt:   The message
 *
 * Return: false if buffers are missing that may come; true if there are enough, or waiting does
 * not help.
 */
bool vmx_rx_room(struct vmx *v, unsigned queue, const struct pkt *pkt)
{
	struct vmx_rxq *q = &v->s->rxq[queue];
	struct vmx_rxring before[2] = { q->ring[0], q->ring[1] };
	uint32_t *skipped = &v->rx[queue].skipped, before_skipped = *skipped, all_skipped = 0;
	uint32_t left = pkt->len - pkt->hdr_len;
	enum vmx_plan res = PLAN_OK;

	while (res == PLAN_OK && left && all_skipped <= q->ring[0].size) {
		uint32_t n = left < pkt->gso_size ? left : pkt->gso_size;

		res = vmx_rx_plan(v, queue, pkt->hdr_len + n + FRAME_TAG_LEN, &v->plan);
		if (res == PLAN_OK)
			vmx_rx_take(q, &v->plan);
		left -= n;
		all_skipped += *skipped;
		*skipped = 0;
	}
	q->ring[0] = before[0];
	q->ring[1] = before[1];
	*skipped = before_skipped;
	for (unsigned i = 0; i < 2 && before[i].size; i++)
		if (all_round(&before[i], v->plan.next[i], v->plan.gen[i], i ? 0 : before_skipped))
			return true;
	return res != PLAN_STARVED;
}
