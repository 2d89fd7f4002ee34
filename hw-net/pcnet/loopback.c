/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Frames that come back.
 *
 * DOC: Theory of Operation
 *
 * Internal loopback (CSR15 LOOP with INTL) returns frames inside the card and cuts it off from the
 * network. So do, on the 973, BCR32 MIIILP and the PHY's own loopback bit: the frame turns round at
 * the MII. External loopback (LOOP without INTL) sends the frame and receives it as well.
 *
 * The transmit path calls the receive path for one frame, directly, and the receive path never
 * transmits: descriptors are written, nothing is kicked. So there is no recursion, whatever the
 * frames and rings contain.
 *
 * FCS (970A, Loopback Operation): both generators work. A frame sent with FCS comes back with it;
 * with DXMTFCS the driver's last four bytes are taken for the FCS and checked. Runts are accepted
 * in any loopback.
 */
#include "loopback.h"

#include "filter.h"
#include "phy.h"
#include "rx-fill.h"
#include "rx.h"
#include "hwnet/csum.h"

/**
 * pcnet_loop() - Which loopback is on
 * @p: The card
 *
 * Return: enum pcnet_loop.
 */
enum pcnet_loop pcnet_loop(const struct pcnet *p)
{
	const struct pcnet_state *s = p->s;

	if (p->kind == PCNET_973 && pcnet_phy_loop(s))
		return LOOP_INTERNAL;
	if (!(s->csr[CSR_MODE] & MODE_LOOP))
		return LOOP_NONE;
	return s->csr[CSR_MODE] & MODE_INTL ? LOOP_INTERNAL : LOOP_EXTERNAL;
}

/* 970A, CSR15 FCOLL: each attempt of an internal loopback collides, so the frame ends with a retry
 * error. */
static bool forced_collision(struct pcnet *p, struct pcnet_slot *slot)
{
	struct pcnet_state *s = p->s;
	unsigned tries = s->csr[CSR_MODE] & MODE_DRTY ? 1 : 16;

	if (!(s->csr[CSR_MODE] & MODE_FCOLL) || pcnet_loop(p) != LOOP_INTERNAL)
		return false;
	slot->error = TE_RTRY;
	s->csr[CSR_COLLISIONS] += tries;
	if (s->csr[CSR_COLLISIONS] > 0xffff)
		s->csr[CSR4] |= CSR4_RCVCCO;
	s->csr[CSR_COLLISIONS] &= 0xffff;
	return true;
}

/**
 * pcnet_fcs_take() - The driver made the FCS: cut it off
 * @slot: Frame in one piece, at least 18 bytes
 *
 * Return: true if it was right.
 */
bool pcnet_fcs_take(struct pcnet_slot *slot)
{
	uint32_t len = slot->pkt.len - FRAME_FCS_LEN;

	pkt_flat(&slot->pkt, slot->iov, slot->buf, len);
	return frame_crc32(0, slot->buf, len) == get32(slot->buf + len);
}

/**
 * pcnet_loop_back() - Receive a frame that was just sent
 * @p:        The card
 * @slot:     The frame; its error word is set if it collided
 * @fcs_made: The card made the FCS, the bytes have none
 */
void pcnet_loop_back(struct pcnet *p, struct pcnet_slot *slot, bool fcs_made)
{
	struct pcnet_rxframe f = { .pkt = &slot->pkt };

	if (forced_collision(p, slot) || !(p->s->csr[CSR0] & CSR0_RXON))
		return;
	if (!fcs_made) {
		f.bad = !pcnet_fcs_take(slot);
		f.fcs = get32(slot->buf + slot->pkt.len);
		f.fcs_own = true;
	}
	f.wire = slot->pkt.len;
	if (pcnet_filter(p->s, slot->buf, &f.match))
		pcnet_rx_one(p, &f);
}
