/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Frames in.
 *
 * DOC: Theory of Operation
 *
 * Too few descriptors: the frame stays at the host (rx-wait.c). Only when waiting has been given up
 * is it missed (CSR0 MISS, CSR112), or, if there are some descriptors, cut off with BUFF and OFLO
 * as the silicon does when it runs out in the midst of a frame (970A, RMD1 BUFF).
 */
#include "rx.h"

#include "coalesce.h"
#include "control.h"
#include "filter.h"
#include "intr.h"
#include "loopback.h"
#include "rx-fill.h"
#include "rx-ring.h"
#include "rx-wait.h"
#include "timer.h"
#include "wake.h"
#include "hwnet/gso.h"

/* A frame is in memory. */
static void placed(struct pcnet *p, struct pcnet_burst *b, const struct pcnet_rxframe *f)
{
	if (!b->frames++)
		pcnet_rx_found(p);
	p->nic.counters.rx_frames++;
	p->nic.counters.rx_bytes += f->pkt->len;
}

/* Give back the rest and tell the driver. */
static void finish(struct pcnet *p, struct pcnet_burst *b)
{
	struct pcnet_state *s = p->s;

	if (pcnet_rx_close(p, b) || !b->frames || (s->csr[CSR0] & CSR0_STOP))
		return;
	s->csr[CSR0] |= CSR0_RINT;
	s->led_rx = p->now;
	pcnet_traffic(p, DIR_RX, b->frames);
	pcnet_intr(p);
}

/**
 * pcnet_rx_one() - Receive one frame that has passed the filter (loopback)
 * @p: The card
 * @f: The frame
 *
 * There is nobody to hold it: without room it is missed.
 */
void pcnet_rx_one(struct pcnet *p, struct pcnet_rxframe *f)
{
	struct pcnet_burst b = { .want = 1 };

	if (pcnet_rx_open(p, &b))
		return;
	switch (pcnet_rx_fill(p, &b, f)) {
	case PLACED:
		placed(p, &b, f);
		break;
	case NO_ROOM:
		pcnet_missed(p, 1);
		break;
	default:
		return;
	}
	finish(p, &b);
}

/* 970A, CSR124 RPA: fragments of collisions are shorter than 64 bytes and have no valid FCS. A
 * short frame with a valid one is just unpadded, as frames between virtual machines often are, and
 * is padded here. */
static bool drop_runt(struct pcnet *p, const struct pkt *pkt)
{
	if (pkt->len >= FRAME_MIN_LEN || !(pkt->flags & PKT_FCS_BAD) ||
	    (p->s->csr[CSR124] & CSR124_RPA))
		return false;
	if (p->s->runts < 0xff)
		p->s->runts++;
	return true;
}

/* What the guest cannot get in any form. */
static bool drop_unfit(struct pcnet *p, const struct pkt *pkt)
{
	uint32_t len = pkt->len + (pkt->flags & PKT_VLAN ? FRAME_TAG_LEN : 0);

	if (len <= PCNET_MAX_FRAME && pkt->gso_type == PKT_GSO_NONE && !drop_runt(p, pkt))
		return false;
	p->nic.counters.rx_dropped++;
	return true;
}

/* Tag into the bytes, outer checksum done; the inner one is completed while copying. NULL: cannot
 * be. */
static HWNET_RARE const struct pkt *make_plain(struct pcnet *p, const struct pkt *pkt)
{
	struct pkt_fit fit;

	if (!pkt_fit_begin(&fit, pkt, PKT_TAKES_CSUM))
		return pkt_fit_next(&fit, &p->fit);
	p->nic.counters.rx_dropped++;
	return NULL;
}

/* Does this frame concern the guest? Fills @f if so. */
static bool admit(struct pcnet *p, const struct pkt *pkt, struct pcnet_rxframe *f)
{
	if (!pcnet_filter(p->s, pkt_head(pkt), &f->match)) {
		p->nic.counters.rx_filtered++;
		return false;
	}
	if (drop_unfit(p, pkt))
		return false;
	f->pkt = pkt->flags & (PKT_VLAN | PKT_OUTER_CSUM) ? make_plain(p, pkt) : pkt;
	if (!f->pkt)
		return false;
	f->fcs_own = false;
	f->bad = pkt->flags & PKT_FCS_BAD;
	f->wire = f->pkt->len < FRAME_MIN_LEN && !f->bad ? FRAME_MIN_LEN : f->pkt->len;
	return true;
}

/* 970A, Magic Packet: frames wake, none is received. */
static void watch(struct pcnet *p, const struct pkt *const *pkts, unsigned n)
{
	for (unsigned i = 0; i < n; i++)
		if (pcnet_magic(p, pkts[i], p->s->csr[CSR5] & CSR5_MPPLBA))
			p->s->csr[CSR5] |= CSR5_MPINT;
	p->nic.counters.rx_dropped += n;
	pcnet_intr(p);
}

/* Is the receiver off, or does it not listen to the network? Deals with the frames if so. */
static bool turn_away(struct pcnet *p, const struct pkt *const *pkts, unsigned n)
{
	const struct pcnet_state *s = p->s;

	if (pcnet_magic_mode(s) && p->link.up) {
		watch(p, pkts, n);
		return true;
	}
	if ((s->csr[CSR0] & CSR0_RXON) && p->link.up && pcnet_loop(p) != LOOP_INTERNAL)
		return false;
	p->nic.counters.rx_dropped += n;
	return true;
}

/* A frame from the network: placed, left at the host, or, after a long wait, what can be had. */
static enum pcnet_placed receive(struct pcnet *p, struct pcnet_burst *b, struct pcnet_rxframe *f)
{
	bool suspended = p->s->csr[CSR5] & CSR5_SPND;
	enum pcnet_placed how;

	b->partly = false;
	how = suspended ? NO_ROOM : pcnet_rx_fill(p, b, f);
	if (how != NO_ROOM)
		return how;
	if (pcnet_rx_hold(p, b->partly))
		return HELD;
	return b->partly ? pcnet_rx_fill(p, b, f) : NO_ROOM;
}

/**
 * pcnet_rx() - hwnet_rx() of this model
 * @nic:  The card
 * @pkts: Frames
 * @n:    Their number
 *
 * Return: how many were dealt with.
 */
unsigned pcnet_rx(struct hwnet_nic *nic, const struct pkt *const *pkts, unsigned n)
{
	struct pcnet *p = pcnet_of(nic);
	struct pcnet_burst b = { .want = n < PCNET_BURST ? n : PCNET_BURST };
	struct pcnet_rxframe f;
	enum pcnet_placed how = PLACED;
	unsigned i;

	p->rx_held = false;
	p->now = hwnet_now(nic);
	if (turn_away(p, pkts, n))
		return n;
	if (!(p->s->csr[CSR5] & CSR5_SPND) && pcnet_rx_open(p, &b))
		return n;
	for (i = 0; i < n && how != BUS_ERROR; i++) {
		if (!admit(p, pkts[i], &f))
			continue;
		how = receive(p, &b, &f);
		if (how == HELD)
			break;
		if (how == PLACED)
			placed(p, &b, &f);
		else if (how == NO_ROOM)
			pcnet_missed(p, 1);
	}
	finish(p, &b);
	pcnet_arm(p);
	return how == BUS_ERROR ? n : i;
}
