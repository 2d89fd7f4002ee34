/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Frames that wait at the host for receive descriptors.
 *
 * DOC: Theory of Operation
 *
 * The silicon has a FIFO of a few frames and then misses them. This card leaves them at the host,
 * whose queue is longer, and asks for them again when the driver has given descriptors back. A
 * LANCE has no doorbell for that, so the card looks
 *
 *  - when the driver acknowledges or unmasks interrupts (CSR0, CSR3), which is what it does around
 *    refilling,
 *  - on RDMD (973),
 *  - on the receive poll timer, which starts fast and slows down; CSR7.RXDPOLL switches it off
 *    (973).
 *
 * Looking means one read of the ring, from hwnet_run() or the timer, and only while frames wait.
 * The first two want some room before they call the host, the timer is content with one descriptor.
 *
 * Waiting has an end. A driver that lost an interrupt is waiting for MISS, and a host's queue must
 * not stand for ever: after HOLD_NS frames are missed, one by one, until a descriptor turns up. A
 * frame for which there are some descriptors but too few waits PARTLY_NS: some drivers keep one
 * back, and then there will never be more.
 */
#include "rx-wait.h"

#include "ring.h"

/* Long, because a guest on a busy machine may not run for a second. */
#define HOLD_NS	  2000000000
#define PARTLY_NS 50000000
#define GAP_MIN	  20000
#define GAP_MAX	  1000000
/* Room that is worth a call of the host, at most. */
#define WORTH 8u

/**
 * pcnet_rx_hold() - There is no room: shall the frame wait?
 * @p:      The card
 * @partly: There are some descriptors, but too few
 *
 * Return: true to leave it at the host; false if it has waited long enough.
 */
bool pcnet_rx_hold(struct pcnet *p, bool partly)
{
	struct pcnet_state *s = p->s;
	int64_t until = p->now + (partly ? PARTLY_NS : HOLD_NS);

	if (s->missing)
		return false;
	if (s->hold_until == HWNET_NEVER)
		s->rx_gap = GAP_MIN;
	if (until < s->hold_until)
		s->hold_until = until;
	if (p->now >= s->hold_until) {
		s->hold_until = HWNET_NEVER;
		s->missing = true;
		return false;
	}
	s->deadline[DL_RXPOLL] = p->now + s->rx_gap;
	p->rx_held = true;
	return true;
}

/**
 * pcnet_rx_found() - A frame found room: nothing waits any more
 * @p: The card
 */
void pcnet_rx_found(struct pcnet *p)
{
	p->s->hold_until = HWNET_NEVER;
	p->s->deadline[DL_RXPOLL] = HWNET_NEVER;
	p->s->missing = false;
}

/**
 * pcnet_rx_release() - Ask the host for its frames, if some wait
 * @p: The card
 */
void pcnet_rx_release(struct pcnet *p)
{
	p->s->deadline[DL_RXPOLL] = HWNET_NEVER;
	if (!p->rx_held)
		return;
	p->rx_held = false;
	p->nic.host->rx_ready(p->nic.opaque);
}

static bool has_room(struct pcnet *p, bool timer)
{
	struct pcnet_ring r = pcnet_rx_ring(p->s);
	uint32_t want = r.len / 4 < WORTH ? r.len / 4 : WORTH;

	if (pcnet_window(p, &r, &p->rxwin, WORTH))
		return false; /* stopped, which has released them */
	return p->rxwin.n && (timer || p->rxwin.n >= want || p->rxwin.n == r.len - r.pos);
}

/**
 * pcnet_rx_look() - Look whether what waits has room now
 * @p:     The card
 * @timer: The poll timer asks, not the driver's doings
 */
void pcnet_rx_look(struct pcnet *p, bool timer)
{
	struct pcnet_state *s = p->s;
	bool blind = (s->csr[CSR5] & CSR5_SPND) || (timer && (s->csr[CSR7] & CSR7_RXDPOLL));

	if (!p->rx_held)
		return;
	if (p->now >= s->hold_until || (!blind && has_room(p, timer))) {
		pcnet_rx_release(p);
		return;
	}
	if (!timer || !p->rx_held)
		return;
	s->rx_gap = s->rx_gap * 2 < GAP_MAX ? s->rx_gap * 2 : GAP_MAX;
	s->deadline[DL_RXPOLL] = p->now + s->rx_gap;
}
