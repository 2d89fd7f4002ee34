/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Frames that wait at the host for receive buffers.
 *
 * DOC: Theory of Operation
 *
 * When buffers are missing the queue is *starved*, and hwnet_rx() returns with the frame still at
 * the host. It ends when the driver unmasks the queue's vector, having polled the ring empty; by a
 * doorbell, once a quarter of the ring is there; or by looking from time to time, less and less
 * often.
 *
 * What waits holds up all that comes behind it. With one queue that is as it should be: nothing
 * could be received before it. With several, frames for other queues would wait for a queue that
 * is not theirs, so a frame waits for RX_WAIT at most, and all of them together for RX_WAIT of each
 * RX_PERIOD. After that a starved queue loses what comes for it, as on ESXi, and counts it in
 * pktsRxOutOfBuf.
 *
 * Drivers ring for receive buffers if updateRxProd says so. It is not asked of a driver that takes
 * LRO: Linux then gives some frames to its stack through GRO, which holds them a while, and others
 * directly, as updateRxProd is at that moment, and frames of one flow overtake each other.
 */
#include "rx-wait.h"

#include "timer.h"

#define RX_POLL_MAX 8000000ll /* ns */
#define RX_WAIT	    4000000ll
#define RX_PERIOD   64000000ll

static void look_later(struct vmx *v)
{
	if (v->s->rx_poll == HWNET_NEVER)
		v->s->rx_poll = hwnet_now(&v->nic) + v->rx_gap;
	if (v->rx_end < v->s->rx_poll)
		v->s->rx_poll = v->rx_end;
	vmx_arm(v, v->s->rx_poll);
}

static void ask_doorbell(struct vmx *v, unsigned queue, uint8_t yes)
{
	hwnet_dma_write(&v->nic, vmx_rxq_pa(v->s, queue) + RQ_UPDATE_PROD, &yes, 1);
}

/**
 * vmx_rx_starve() - Buffers are missing: look again later, and ask for a doorbell
 * @v:     The card
 * @queue: Queue
 *
 * Return: true if this is news to the driver, which may have added buffers before it saw the
 * request.
 */
bool vmx_rx_starve(struct vmx *v, unsigned queue)
{
	bool new = !v->s->rxq[queue].starved;

	v->rx_starved = queue;
	if (new) {
		v->s->rxq[queue].starved = 1;
		v->rx_gap = VMX_RX_POLL;
		if (!(v->s->features & UPT_F_LRO))
			ask_doorbell(v, queue, 1);
	}
	look_later(v);
	return new;
}

/**
 * vmx_rx_may_wait() - A frame finds no buffers, and others may have some: does it stay at the host?
 * @v: The card
 *
 * A period begins with the first frame that has to wait; a clock that went back begins a new one.
 *
 * Return: false if the frame is to be given up.
 */
bool vmx_rx_may_wait(struct vmx *v)
{
	struct vmx_state *st = v->s;
	int64_t now = hwnet_now(&v->nic), left = st->rx_period - now;

	if (left <= 0 || left > RX_PERIOD) {
		st->rx_period = now + RX_PERIOD;
		left = RX_PERIOD;
	}
	if (left <= RX_PERIOD - RX_WAIT)
		return false;
	v->rx_end = st->rx_period - (RX_PERIOD - RX_WAIT);
	look_later(v);
	return true;
}

/**
 * vmx_rx_sated() - There were buffers after all
 * @v:     The card
 * @queue: Queue
 */
void vmx_rx_sated(struct vmx *v, unsigned queue)
{
	v->s->rxq[queue].starved = 0;
	ask_doorbell(v, queue, 0);
}

/* What was left at the host may be offered again. */
static void call(struct vmx *v)
{
	v->rx_end = HWNET_NEVER;
	v->nic.host->rx_ready(v->nic.opaque);
}

static void feed(struct vmx *v, unsigned queue)
{
	vmx_rx_sated(v, queue);
	call(v);
}

/**
 * vmx_rx_bell() - RXPROD: the driver has added buffers
 * @v:     The card
 * @queue: Queue, if it exists
 * @ring:  0 or 1
 * @prod:  Those up to here are the device's
 *
 * A queue that is not starved finds them by itself.
 */
void vmx_rx_bell(struct vmx *v, unsigned queue, unsigned ring, uint32_t prod)
{
	struct vmx_rxq *q = &v->s->rxq[queue];
	const struct vmx_rxring *r = &q->ring[ring];

	if (!v->s->active || queue >= v->s->n_rxq || !q->starved || prod >= r->size)
		return;
	if ((prod + r->size - r->next) % r->size >= r->size / 4)
		feed(v, queue);
}

/* Did a starved queue get a buffer? */
static bool fed(struct vmx *v, unsigned queue)
{
	const struct vmx_rxring *r = &v->s->rxq[queue].ring[0];
	struct vmx_desc d;

	if (hwnet_dma_read(&v->nic, r->pa + r->next * sizeof(d), &d, sizeof(d)))
		return false;
	d.d2 = le32toh(d.d2);
	return vmx_rxd_ready(&d, r->gen);
}

/**
 * vmx_rx_unmasked() - The driver has unmasked a vector: it is done with its queue for now
 * @v:   The card
 * @vec: Vector
 */
void vmx_rx_unmasked(struct vmx *v, unsigned vec)
{
	for (unsigned i = 0; i < v->s->n_rxq; i++)
		if (v->s->rxq[i].starved && v->s->rxq[i].intr == vec && fed(v, i))
			feed(v, i);
}

/**
 * vmx_rx_poll() - Time to look at starved queues
 * @v: The card
 */
void vmx_rx_poll(struct vmx *v)
{
	bool any = false;

	if (hwnet_due(&v->rx_end, hwnet_now(&v->nic)))
		call(v); /* to give up those that have waited too long */
	for (unsigned i = 0; i < v->s->n_rxq; i++) {
		if (!v->s->rxq[i].starved)
			continue;
		if (fed(v, i))
			feed(v, i);
		else
			any = true;
	}
	v->rx_gap = v->rx_gap < RX_POLL_MAX / 2 ? 2 * v->rx_gap : RX_POLL_MAX;
	if (any)
		look_later(v);
}
