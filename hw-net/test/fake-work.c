/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * How much a card does in one call: an oracle for bounds of work.
 *
 * DOC: Theory of Operation
 *
 * Time cannot be tested, work can be counted: the frames that leave (a message as its segments, for
 * that is what it costs whoever cuts it), and the operations on guest memory, without which a card
 * cannot loop over anything of a guest's. Each call has an allowance; a card that exceeds it is in
 * the guest's hands. Bounds are those of docs/security.md, "Work per act".
 *
 * | call           | frames                | operations on memory                                |
 * |----------------|-----------------------|-----------------------------------------------------|
 * | hwnet_run()    | budget, and a message | FAKE_OPS_UNIT for each of the budget, and each sent |
 * | hwnet_rx()     | none                  | FAKE_OPS_RX a frame                                 |
 * | hwnet_timer()  | 1                     | FAKE_OPS_CALL                                       |
 * | all others     | none                  | FAKE_OPS_CALL                                       |
 *
 * And a card that is left alone wants to be woken FAKE_TIMER_GAP apart, but for what was due.
 */
#include "fake-priv.h"

#include "hwnet/gso.h"

#define FAKE_OPS_CALL	4096u
#define FAKE_OPS_UNIT	64u
#define FAKE_OPS_RX	5120u
#define FAKE_TIMER_GAP	20000
#define FAKE_TIMERS_DUE 100

static unsigned ops(const struct fake_host *h)
{
	return h->dma_reads + h->dma_writes + h->dma_maps;
}

void fake_work_begin(struct fake_host *h)
{
	h->work_ops = ops(h);
	h->work_wire = h->work_budget = h->work_rx = 0;
}

void fake_work_sent(struct fake_host *h, const struct pkt *pkt)
{
	h->work_wire += gso_segments(pkt);
}

static unsigned wire_allowed(const struct fake_host *h)
{
	if (h->entry == FAKE_IN_RUN)
		return h->work_budget + GSO_SEGS_MAX;
	return h->entry == FAKE_IN_TIMER;
}

void fake_work_end(const struct fake_host *h)
{
	unsigned done = ops(h) - h->work_ops, allowed = FAKE_OPS_CALL;

	allowed += FAKE_OPS_UNIT * (h->work_budget + h->work_wire) + FAKE_OPS_RX * h->work_rx;
	if (h->work_wire > wire_allowed(h))
		fake_fail("%u frames on the wire in one call, budget %u", h->work_wire,
			  h->work_budget);
	if (done > allowed)
		fake_fail("%u operations on memory in one call, allowed are %u", done, allowed);
}

void fake_work_timers(unsigned n, int64_t ns)
{
	if (n > FAKE_TIMERS_DUE + (uint64_t)ns / FAKE_TIMER_GAP)
		fake_fail("%u timers in %lld ns", n, (long long)ns);
}
