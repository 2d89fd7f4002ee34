/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Frames that come back, from the MAC or from the PHY (13.4.22, 13.4.7.1.1).
 *
 * The transmitter calls the receiver, directly, and the receiver never transmits: so there is no
 * recursion (CVE-2021-3416), whatever the rings contain.
 */
#include "loopback.h"

#include "rx.h"
#include "stats.h"

/* Frames in loopback come back at once, one by one; a receiver without room loses them. */
static void loop_frame(struct e1000 *c, const struct pkt *pkt)
{
	if (e1000_rx_frames(c, &pkt, 1))
		return;
	c->s->rx_held = false;
	e1000_stat_add(c, STAT_MPC, 1);
	c->nic.counters.rx_dropped++;
}

/**
 * e1000_loop_back() - Receive what was just sent
 * @c:   The card
 * @pkt: A frame, or a message, which comes back in segments
 */
void e1000_loop_back(struct e1000 *c, const struct pkt *pkt)
{
	struct gso_iter it;
	struct pkt_buf buf;
	const struct pkt *seg;

	if (pkt->gso_type == PKT_GSO_NONE) {
		loop_frame(c, pkt);
		return;
	}
	if (gso_begin(&it, pkt, GSO_FINISH))
		return;
	while ((seg = gso_next(&it, &buf)))
		loop_frame(c, seg);
}
