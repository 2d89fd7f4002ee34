/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Fewer doorbells from a loaded guest.
 *
 * DOC: Theory of Operation
 *
 * A driver counts the segments it queued in txNumDeferred and rings when that reaches txThreshold,
 * which the device sets. At 1 each frame rings, and under a hypervisor each ring is an exit. So
 * when a queue's doorbells come in quick succession the threshold goes up, and as long as it is up
 * the device looks at the ring by itself every TX_POLL: the frames that a driver queued last have
 * nobody else to announce them. When a look finds little, the threshold goes down again, and one
 * more look follows, for a frame that was queued while the driver's processor still saw the old
 * value.
 */
#include "tx-threshold.h"

#include "timer.h"

#define TX_POLL	      250000ll /* ns; as long as the largest gap between interrupts */
#define QUICK	      25000ll  /* doorbells closer than this are in quick succession */
#define HOT	      32u      /* so many of them make a queue hot */
#define HOT_FRAMES    4u       /* a look that finds fewer makes it cold */
#define HOT_THRESHOLD 64u

static void set_threshold(struct vmx *v, unsigned queue, uint32_t threshold)
{
	struct vmx_txq *q = &v->s->txq[queue];

	q->threshold = threshold;
	q->bells = 0;
	vmx_put32(v, vmx_txq_pa(v->s, queue) + TQ_THRESHOLD, threshold);
	vmx_put32(v, vmx_txq_pa(v->s, queue) + TQ_NUM_DEFERRED, 0);
}

static void look_again(struct vmx *v)
{
	if (v->s->tx_poll == HWNET_NEVER)
		v->s->tx_poll = hwnet_now(&v->nic) + TX_POLL;
	vmx_arm(v, v->s->tx_poll);
}

/**
 * vmx_threshold_bell() - A doorbell came
 * @v: The card
 * @q: For this queue
 */
void vmx_threshold_bell(struct vmx *v, struct vmx_txq *q)
{
	int64_t now = hwnet_now(&v->nic);

	q->bells = (uint64_t)now - (uint64_t)q->bell_at < QUICK ? q->bells + 1 : 0;
	q->bell_at = now;
}

/**
 * vmx_threshold_idle() - A queue was emptied: decide about the threshold
 * @v:      The card
 * @queue:  Queue
 * @frames: That were in it
 */
void vmx_threshold_idle(struct vmx *v, unsigned queue, unsigned frames)
{
	struct vmx_txq *q = &v->s->txq[queue];
	uint32_t depth = v->s->coal_mode == COAL_STATIC ? v->s->coal_depth : HOT_THRESHOLD;

	if (q->threshold == 1) {
		if (q->bells < HOT)
			return;
		set_threshold(v, queue, depth < q->size / 4 ? depth : q->size / 4);
		q->cooling = 1;
	} else if (q->polled && frames < HOT_FRAMES) {
		set_threshold(v, queue, 1);
	}
	q->polled = 0;
	look_again(v);
}

/**
 * vmx_threshold_poll() - Time to look at queues without doorbell
 * @v: The card
 *
 * Those are each queue whose driver does not ring for each frame, and those that were cooled down
 * just now.
 */
void vmx_threshold_poll(struct vmx *v)
{
	bool any = false;

	for (unsigned i = 0; i < v->s->n_txq; i++) {
		struct vmx_txq *q = &v->s->txq[i];

		if (q->stopped || !q->cooling)
			continue;
		q->cooling = q->threshold != 1; /* the last look, if it is 1 */
		q->polled = 1;
		q->pending = 1;
		any = true;
	}
	if (any)
		hwnet_kick(&v->nic);
}
