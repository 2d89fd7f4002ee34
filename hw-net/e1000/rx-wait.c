/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Frames that wait at the host for receive descriptors.
 *
 * DOC: Theory of Operation
 *
 * A frame that finds no descriptors stays at the host, and what comes behind it: RNBC, RXO, and a
 * pause frame if the guest wants those. The host offers them again after rx_ready(), which follows
 * when the guest gives descriptors (rx-ring.c). Nothing is lost meanwhile, so MPC stays.
 */
#include "rx-wait.h"

#include "flow.h"
#include "stats.h"

/**
 * e1000_rx_hold() - A frame found no descriptors
 * @c:    The card
 * @left: Frames that stay at the host: it, and those behind it
 */
void e1000_rx_hold(struct e1000 *c, unsigned left)
{
	if (c->s->rx_held)
		return;
	c->s->rx_held = true;
	e1000_stat_add(c, STAT_RNBC, left);
	e1000_flow_full(c);
	c->rx.causes |= ICR_RXO;
}

/**
 * e1000_rx_wake() - Frames that wait at the host may be offered again
 * @c: The card
 */
void e1000_rx_wake(struct e1000 *c)
{
	if (!c->s->rx_held)
		return;
	c->s->rx_held = false;
	e1000_flow_room(c);
	c->nic.host->rx_ready(c->nic.opaque);
}
