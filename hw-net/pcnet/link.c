/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The link: 10BASE-T port of the 970A, PHY of the 973.
 *
 * DOC: Theory of Operation
 *
 * The link partner is a switch that takes anything and advertises 10 and 100 Mb/s, half and full
 * duplex. Cable in: link up.
 *
 * 970A. 10 Mb/s; full duplex if BCR9 says so for the port in use.
 *
 * 973. What the PHY's registers say: phy.c.
 */
#include "link.h"

#include "phy.h"
#include "rx-wait.h"

/* 802.3 28B.3: the best that both sides advertise; 0: none. */
static uint32_t best_common(const struct pcnet_state *s)
{
	static const uint16_t order[] = { ANAR_100FD, ANAR_100, ANAR_10FD, ANAR_10 };

	for (unsigned i = 0; i < 4; i++)
		if (s->phy[ANR_ADVERTISE] & PHY_PARTNER & order[i])
			return order[i];
	return 0;
}

static void phy_link(const struct pcnet *p, struct hwnet_link *link)
{
	const struct pcnet_state *s = p->s;
	uint32_t bmcr = s->phy[ANR_CONTROL], best = best_common(s);

	link->up = p->nic.carrier && !(bmcr & (BMCR_PDOWN | BMCR_ISOLATE)) && !pcnet_negotiating(s);
	if (bmcr & BMCR_ANE) {
		link->up = link->up && best;
		link->full = best & (ANAR_100FD | ANAR_10FD);
		link->speed_mbps = best & (ANAR_100FD | ANAR_100) ? 100 : 10;
	} else {
		link->full = bmcr & BMCR_FULL;
		link->speed_mbps = bmcr & BMCR_100 ? 100 : 10;
	}
}

/* 970A, BCR9: FDEN for 10BASE-T; for the AUI port AUIFD as well. ASEL finds the twisted pair. */
static void tp_link(const struct pcnet *p, struct hwnet_link *link)
{
	const struct pcnet_state *s = p->s;
	bool tp = (s->bcr[BCR2] & BCR2_ASEL) || (s->csr[CSR_MODE] & MODE_PORTSEL) == MODE_10BT;

	link->up = p->nic.carrier;
	link->full = (s->bcr[BCR9] & BCR9_FDEN) && (tp || (s->bcr[BCR9] & BCR9_AUIFD));
	link->speed_mbps = 10;
}

/**
 * pcnet_link() - hwnet_link() of this model
 * @nic:  The card
 * @link: Filled
 */
void pcnet_link(const struct hwnet_nic *nic, struct hwnet_link *link)
{
	const struct pcnet *p = pcnet_of_const(nic);

	if (p->kind == PCNET_973)
		phy_link(p, link);
	else
		tp_link(p, link);
}

/**
 * pcnet_link_update() - Something that decides on the link has changed
 * @p: The card
 */
void pcnet_link_update(struct pcnet *p)
{
	struct hwnet_link link;

	pcnet_link(&p->nic, &link);
	if (!link.up)
		p->s->phy[ANR_STATUS] &= ~BMSR_LINK;
	if (link.up == p->link.up && link.full == p->link.full &&
	    link.speed_mbps == p->link.speed_mbps)
		return;
	if (link.up != p->link.up)
		p->s->csr[CSR116] |= p->s->csr[CSR116] & CSR116_LCMODE ? CSR116_LCDET : 0;
	p->link = link;
	p->nic.host->link_changed(p->nic.opaque);
	if (!link.up)
		pcnet_rx_release(p); /* what waits is for nobody now */
}

/**
 * pcnet_set_carrier() - hwnet_set_carrier() of this model
 * @nic: The card
 * @up:  Cable in; nic->carrier is set already
 */
void pcnet_set_carrier(struct hwnet_nic *nic, bool up)
{
	pcnet_of(nic)->now = 0;
	pcnet_link_update(pcnet_of(nic));
}
