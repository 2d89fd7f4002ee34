/* SPDX-License-Identifier: BSD-2-Clause */
/* Deadlines: of vectors, and of looks at rings without doorbell. */
#include "timer.h"

#include "intr.h"
#include "rx-wait.h"
#include "tx-threshold.h"

/**
 * vmx_rearm() - See to it that vmx_timer() comes by the nearest of all deadlines
 * @v: The card
 */
void vmx_rearm(struct vmx *v)
{
	int64_t near = v->s->tx_poll < v->s->rx_poll ? v->s->tx_poll : v->s->rx_poll;

	for (unsigned vec = 0; vec < VMX_MAX_INTRS; vec++)
		near = v->s->intr[vec].deadline < near ? v->s->intr[vec].deadline : near;
	vmx_arm(v, near);
}

/**
 * vmx_timer() - hwnet_timer() of this model
 * @nic: The card
 */
void vmx_timer(struct hwnet_nic *nic)
{
	struct vmx *v = vmx_of(nic);
	int64_t now = hwnet_now(nic);

	if (v->s->active) {
		vmx_intr_expire(v, now);
		if (hwnet_due(&v->s->tx_poll, now))
			vmx_threshold_poll(v);
		if (hwnet_due(&v->s->rx_poll, now))
			vmx_rx_poll(v);
	}
	vmx_rearm(v);
}
