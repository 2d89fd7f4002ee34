/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Wake-up: Magic Packets (970A, Magic Packet Mode), and OnNow (973), which also wakes when the link
 * changes.
 */
#include "wake.h"

#include "filter.h"
#include "magic.h"

/**
 * pcnet_magic() - Is this a Magic Packet for the card?
 * @p:     The card
 * @pkt:   Frame
 * @group: Logical and broadcast addresses count too (MPPLBA, EMPPLBA)
 *
 * Return: true if so.
 */
bool pcnet_magic(const struct pcnet *p, const struct pkt *pkt, bool group)
{
	uint8_t buf[PCNET_MAX_FRAME], mac[6];
	uint32_t len = pkt_copy(pkt, 0, buf, sizeof(buf));
	uint16_t match;

	if (!pcnet_filter(p->s, buf, &match) || !match || (match != R_PAM && !group))
		return false;
	pcnet_station(p->s, mac);
	return hwnet_is_magic(buf, len, FRAME_ADDRS_LEN, mac);
}

/**
 * pcnet_wake() - hwnet_wake() of this model
 * @nic: The card
 * @pkt: The frame, or NULL: the link changed
 *
 * 973, OnNow: a change of the link, or Magic Packet with EMPPLBA for group addresses.
 *
 * Return: true to assert PME#.
 */
bool pcnet_wake(struct hwnet_nic *nic, const struct pkt *pkt)
{
	struct pcnet *p = pcnet_of(nic);
	struct pcnet_state *s = p->s;

	if (p->kind != PCNET_973)
		return false;
	if (!pkt) {
		s->csr[CSR116] |= s->csr[CSR116] & CSR116_LCMODE ? CSR116_LCDET : 0;
		return s->csr[CSR116] & CSR116_LCMODE;
	}
	if (!(s->csr[CSR116] & CSR116_MPPEN))
		return false;
	if (!pcnet_magic(p, pkt, s->csr[CSR116] & CSR116_EMPPLBA))
		return false;
	s->csr[CSR116] |= CSR116_MPMAT;
	return true;
}
