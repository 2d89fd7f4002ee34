/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The PHY of the 973: MII management, port manager, and hooks of its registers (regs-phy.c).
 *
 * DOC: Theory of Operation
 *
 * An MII PHY at address 30 (973, PHY registers; IEEE 802.3 clause 22 for 0-7). Auto-negotiation
 * that software asks for takes ANEG_NS, during which the link is down; the one that the card's own
 * *port manager* does is instant, because nothing in the machine waits for a partner, and drivers
 * look at the link right after it (Linux opens with "link down" for two seconds otherwise). The
 * port manager acts when BCR2 or BCR32 is written, while DANAS is clear: with ASEL or XPHYANE it
 * negotiates, else it forces XPHYSP and XPHYFD.
 *
 * BMSR's link bit is latched low: it shows a loss until it is read.
 */
#include "phy.h"

#include "link.h"
#include "regs.h"

#define PHY_ADDR 30u
#define PHY_NO	 0xffffu /* nobody pulls the data line down */
#define ANEG_NS	 2000000

/* ANR1: 10 and 100 Mb/s, both duplexes, preamble suppression, negotiates, extended */
#define BMSR_FIXED 0x7849u
/* ANR6: the partner negotiates, a page was received */
#define ANER_DONE 0x0003u

static bool has_partner(const struct pcnet *p)
{
	return (p->s->phy[ANR_CONTROL] & BMCR_ANE) && p->nic.carrier && !pcnet_negotiating(p->s);
}

/**
 * pcnet_bmsr_read() - Hook of ANR1: status
 *
 * Return: its value; the link bit is the latch's.
 */
uint32_t pcnet_bmsr_read(struct hwnet_nic *nic, const struct hwnet_reg *reg, unsigned index)
{
	struct pcnet *p = pcnet_of(nic);
	struct pcnet_state *s = p->s;
	uint32_t val = BMSR_FIXED | (s->phy[ANR_STATUS] & BMSR_LINK);

	if (has_partner(p))
		val |= BMSR_ANC;
	s->phy[ANR_STATUS] = p->link.up ? BMSR_LINK : 0;
	return val;
}

/**
 * pcnet_anlpar_read() - Hook of ANR5: the partner's abilities
 *
 * Return: its value; 0 unless negotiation has found a partner.
 */
uint32_t pcnet_anlpar_read(struct hwnet_nic *nic, const struct hwnet_reg *reg, unsigned index)
{
	return has_partner(pcnet_of(nic)) ? PHY_PARTNER : 0;
}

/**
 * pcnet_aner_read() - Hook of ANR6: expansion
 *
 * Return: its value.
 */
uint32_t pcnet_aner_read(struct hwnet_nic *nic, const struct hwnet_reg *reg, unsigned index)
{
	return has_partner(pcnet_of(nic)) ? ANER_DONE : 0;
}

/**
 * pcnet_summary_read() - Hook of ANR24
 *
 * Return: link, duplex, negotiation, speed.
 */
uint32_t pcnet_summary_read(struct hwnet_nic *nic, const struct hwnet_reg *reg, unsigned index)
{
	const struct pcnet *p = pcnet_of(nic);
	const struct hwnet_link *l = &p->link;

	return (l->up ? SUMMARY_LINK : 0) | (l->full ? SUMMARY_FULL : 0) |
	       (pcnet_negotiating(p->s) ? SUMMARY_NEGOTIATING : 0) |
	       (l->speed_mbps == 100 ? SUMMARY_100 : 0);
}

static void renegotiate(struct pcnet *p)
{
	p->s->deadline[DL_ANEG] = pcnet_now(p) + ANEG_NS;
}

/**
 * pcnet_bmcr_write() - Hook of ANR0: reset, negotiate, or force speed and duplex
 */
void pcnet_bmcr_write(struct hwnet_nic *nic, const struct hwnet_reg *reg, unsigned index,
		      uint32_t val)
{
	struct pcnet *p = pcnet_of(nic);
	struct pcnet_state *s = p->s;
	uint32_t old = s->phy[ANR_CONTROL];

	if (val & BMCR_RESET) {
		hwnet_regs_reset(&pcnet_spaces[SPACE_PHY], s->phy);
		renegotiate(p);
	} else {
		s->phy[ANR_CONTROL] = val & reg->wmask;
		if (!(val & BMCR_ANE))
			s->deadline[DL_ANEG] = HWNET_NEVER;
		else if ((val & BMCR_RESTART) || !(old & BMCR_ANE))
			renegotiate(p);
	}
	pcnet_link_update(p);
}

/* Only the internal PHY answers on the management bus. */
static const struct hwnet_reg *addressed(const struct pcnet *p)
{
	unsigned index, where = p->s->bcr[BCR_MIIADDR];

	if (where >> 5 != PHY_ADDR)
		return NULL;
	return hwnet_reg_find(&pcnet_spaces[SPACE_PHY], where & 31, &index);
}

/**
 * pcnet_mii_read() - Hook of BCR34: read the PHY register that BCR33 names
 *
 * Return: its value; ones if no PHY answers.
 */
uint32_t pcnet_mii_read(struct hwnet_nic *nic, const struct hwnet_reg *reg, unsigned index)
{
	struct pcnet *p = pcnet_of(nic);
	const struct hwnet_reg *phy = addressed(p);

	if (p->s->bcr[BCR_MIIADDR] >> 5 != PHY_ADDR)
		return PHY_NO;
	return phy ? hwnet_reg_get(nic, phy, 0, p->s->phy) : 0;
}

/**
 * pcnet_mii_write() - Hook of BCR34: write it
 */
void pcnet_mii_write(struct hwnet_nic *nic, const struct hwnet_reg *reg, unsigned index,
		     uint32_t val)
{
	struct pcnet *p = pcnet_of(nic);
	const struct hwnet_reg *phy = addressed(p);

	if (phy)
		hwnet_reg_set(nic, phy, 0, p->s->phy, val);
}

/**
 * pcnet_port_manager() - BCR2 or BCR32 was written: set the PHY up
 * @p: The card
 */
void pcnet_port_manager(struct pcnet *p)
{
	struct pcnet_state *s = p->s;
	uint32_t ctl = s->bcr[BCR32], bmcr = 0;

	if (p->kind != PCNET_973 || (ctl & BCR32_DANAS))
		return;
	if ((s->bcr[BCR2] & BCR2_ASEL) || (ctl & BCR32_XPHYANE))
		bmcr = BMCR_ANE | BMCR_100 | BMCR_FULL;
	else
		bmcr = (ctl & BCR32_XPHYSP ? BMCR_100 : 0) | (ctl & BCR32_XPHYFD ? BMCR_FULL : 0);
	s->phy[ANR_CONTROL] =
		(s->phy[ANR_CONTROL] & (BMCR_LOOP | BMCR_PDOWN | BMCR_ISOLATE)) | bmcr;
	s->deadline[DL_ANEG] = HWNET_NEVER;
}

/**
 * pcnet_bcr32_write() - Hook of BCR32: PHY control
 */
void pcnet_bcr32_write(struct hwnet_nic *nic, const struct hwnet_reg *reg, unsigned index,
		       uint32_t val)
{
	struct pcnet *p = pcnet_of(nic);

	p->s->bcr[BCR32] = val & reg->wmask;
	if (val & BCR32_XPHYRST)
		hwnet_regs_reset(&pcnet_spaces[SPACE_PHY], p->s->phy);
	pcnet_port_manager(p);
	pcnet_link_update(p);
}

/**
 * pcnet_phy_loop() - Do frames turn round at the MII or in the PHY?
 * @s: State
 *
 * Return: true if so; never on the 970A, whose state has these bits clear.
 */
bool pcnet_phy_loop(const struct pcnet_state *s)
{
	return (s->bcr[BCR32] & BCR32_MIIILP) || (s->phy[ANR_CONTROL] & BMCR_LOOP);
}

/**
 * pcnet_phy_reset() - PHY after H_RESET
 * @kind: Model
 * @s:    State
 */
void pcnet_phy_reset(enum pcnet_kind kind, struct pcnet_state *s)
{
	if (kind == PCNET_973)
		hwnet_regs_reset(&pcnet_spaces[SPACE_PHY], s->phy);
	s->deadline[DL_ANEG] = HWNET_NEVER;
}
