/* SPDX-License-Identifier: BSD-2-Clause */
/* Deadlines on the one timer of the host. Those of interrupts are intr.c's. */
#include "timer.h"

#include "flow.h"
#include "intr.h"
#include "link.h"
#include "tx.h"

/**
 * e1000_at() - Set a deadline
 * @c:     The card
 * @which: Which
 * @when:  When, or HWNET_NEVER
 */
void e1000_at(struct e1000 *c, enum e1000_at which, int64_t when)
{
	if (c->s->at[which] == when)
		return;
	c->s->at[which] = when;
	e1000_arm(c);
}

/**
 * e1000_timer() - A deadline came
 * @nic: The card
 */
void e1000_timer(struct hwnet_nic *nic)
{
	struct e1000 *c = e1000_of(nic);
	struct e1000_state *s = c->s;
	int64_t now = hwnet_now(nic);

	e1000_intr_expire(c, now);
	if (hwnet_due(&s->at[AT_AN], now))
		e1000_an_done(c);
	if (hwnet_due(&s->at[AT_PAUSE], now))
		e1000_tx_kick(c);
	if (hwnet_due(&s->at[AT_XOFF], now))
		e1000_flow_send(c);
	hwnet_due(&s->at[AT_ITR], now);
	e1000_irq_update(c);
}
