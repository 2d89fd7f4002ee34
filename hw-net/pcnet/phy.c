/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The link: 10BASE-T port of the 970A, PHY and port manager of the 973.
 *
 * DOC: Theory of Operation
 *
 * The link partner is a switch that takes anything and advertises 10 and 100 Mb/s, half and full
 * duplex. Cable in: link up.
 *
 * 970A. 10 Mb/s; full duplex if BCR9 says so for the port in use.
 *
 * 973. An MII PHY at address 30 (973, PHY registers; IEEE 802.3 clause 22 for 0-7).
 * Auto-negotiation that software asks for takes ANEG_NS, during which the link is down; the one
 * that the card's own *port manager* does is instant, because nothing in the machine waits for a
 * partner, and drivers look at the link right after it (Linux opens with "link down" for two
 * seconds otherwise). The port manager acts when BCR2 or BCR32 is written, while DANAS is clear:
 * with ASEL or XPHYANE it negotiates, else it forces XPHYSP and XPHYFD.
 *
 * BMSR's link bit is latched low: it shows a loss until it is read.
 */
#include "pcnet.h"

#define PHY_ADDR 30u
#define PHY_NO	 0xffffu /* nobody pulls the data line down */
#define ANEG_NS	 2000000

#define BMCR_RESET   0x8000u
#define BMCR_LOOP    0x4000u
#define BMCR_100     0x2000u
#define BMCR_ANE     0x1000u
#define BMCR_PDOWN   0x0800u
#define BMCR_ISOLATE 0x0400u
#define BMCR_RESTART 0x0200u
#define BMCR_FULL    0x0100u

#define BMSR_FIXED \
	0x7849u /* 10 and 100 Mb/s, both duplexes, preamble suppression, negotiates, extended */
#define BMSR_ANC  0x0020u
#define BMSR_LINK 0x0004u

#define ANAR_10	   0x0020u
#define ANAR_10FD  0x0040u
#define ANAR_100   0x0080u
#define ANAR_100FD 0x0100u
#define PARTNER	   0x45e1u /* acknowledges, pause, all four, IEEE 802.3 */

static uint32_t bmsr_read(struct hwnet_nic *nic, const struct hwnet_reg *reg, unsigned index);
static uint32_t anlpar_read(struct hwnet_nic *nic, const struct hwnet_reg *reg, unsigned index);
static uint32_t aner_read(struct hwnet_nic *nic, const struct hwnet_reg *reg, unsigned index);
static uint32_t summary_read(struct hwnet_nic *nic, const struct hwnet_reg *reg, unsigned index);
static void bmcr_write(struct hwnet_nic *nic, const struct hwnet_reg *reg, unsigned index,
		       uint32_t val);

#define ROW(n, nm, kd, rst, msk, ...)                                                    \
	{                                                                                \
		.num = n, .slot = n, .name = nm, .kind = kd, .reset = rst, .wmask = msk, \
		__VA_ARGS__                                                              \
	}
#define DOC(s, t) .sect = s, .text = t

const struct hwnet_reg pcnet_phy_rows[PCNET_PHY_ROWS] = {
	ROW(0, "ANR0", REG_RW, BMCR_ANE | BMCR_100 | BMCR_FULL, 0x7d80, .write = bmcr_write,
	    DOC("973, ANR0", "PHY control; 802.3 22.2.4.1")),
	ROW(1, "ANR1", REG_RO, BMSR_LINK, 0, .read = bmsr_read,
	    DOC("973, ANR1", "PHY status; 802.3 22.2.4.2. The slot holds the latched link bit")),
	ROW(2, "ANR2", REG_RO, 0x0000, 0, DOC("973, ANR2", "PHY identifier, AMD")),
	ROW(3, "ANR3", REG_RO, 0x6b60, 0, DOC("973, ANR3", "PHY identifier, AMD, model 36h")),
	ROW(4, "ANR4", REG_RW, 0x01e1, 0x2de0, DOC("973, ANR4", "Advertisement")),
	ROW(5, "ANR5", REG_RO, 0, 0, .read = anlpar_read, DOC("973, ANR5", "Link partner ability")),
	ROW(6, "ANR6", REG_RO, 0, 0, .read = aner_read,
	    DOC("973, ANR6", "Auto-negotiation expansion")),
	ROW(7, "ANR7", REG_RW, 0x2001, 0xb7ff, DOC("973, ANR7", "Next page")),
	ROW(24, "ANR24", REG_RO, 0, 0, .read = summary_read,
	    DOC("973, ANR24", "Summary: link, full duplex, negotiation running, 100 Mb/s")),
};

static bool negotiating(const struct pcnet_state *s)
{
	return s->deadline[DL_ANEG] != HWNET_NEVER;
}

/* 802.3 28B.3: the best that both sides advertise; 0: none. */
static uint32_t best_common(const struct pcnet_state *s)
{
	static const uint16_t order[] = { ANAR_100FD, ANAR_100, ANAR_10FD, ANAR_10 };

	for (unsigned i = 0; i < 4; i++)
		if (s->phy[ANR_ADVERTISE] & PARTNER & order[i])
			return order[i];
	return 0;
}

static void phy_link(const struct pcnet *p, struct hwnet_link *link)
{
	const struct pcnet_state *s = p->s;
	uint32_t bmcr = s->phy[ANR_CONTROL], best = best_common(s);

	link->up = p->nic.carrier && !(bmcr & (BMCR_PDOWN | BMCR_ISOLATE)) && !negotiating(s);
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
	const struct pcnet *p = to_cpcnet(nic);

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
	to_pcnet(nic)->now = 0;
	pcnet_link_update(to_pcnet(nic));
}

static void renegotiate(struct pcnet *p)
{
	p->s->deadline[DL_ANEG] = pcnet_now(p) + ANEG_NS;
}

/**
 * pcnet_aneg_done() - The deadline of auto-negotiation has come
 * @p: The card
 */
void pcnet_aneg_done(struct pcnet *p)
{
	pcnet_link_update(p);
}

static uint32_t bmsr_read(struct hwnet_nic *nic, const struct hwnet_reg *reg, unsigned index)
{
	struct pcnet *p = to_pcnet(nic);
	struct pcnet_state *s = p->s;
	uint32_t val = BMSR_FIXED | (s->phy[ANR_STATUS] & BMSR_LINK);

	if ((s->phy[ANR_CONTROL] & BMCR_ANE) && p->nic.carrier && !negotiating(s))
		val |= BMSR_ANC;
	s->phy[ANR_STATUS] = p->link.up ? BMSR_LINK : 0;
	return val;
}

static uint32_t anlpar_read(struct hwnet_nic *nic, const struct hwnet_reg *reg, unsigned index)
{
	const struct pcnet *p = to_pcnet(nic);

	return (p->s->phy[ANR_CONTROL] & BMCR_ANE) && p->nic.carrier && !negotiating(p->s) ?
		       PARTNER :
		       0;
}

/* Link partner negotiates; page received. */
static uint32_t aner_read(struct hwnet_nic *nic, const struct hwnet_reg *reg, unsigned index)
{
	return anlpar_read(nic, reg, index) ? 0x0003 : 0;
}

static uint32_t summary_read(struct hwnet_nic *nic, const struct hwnet_reg *reg, unsigned index)
{
	const struct pcnet *p = to_pcnet(nic);
	const struct hwnet_link *l = &p->link;

	return (l->up ? 8 : 0) | (l->full ? 4 : 0) | (negotiating(p->s) ? 2 : 0) |
	       (l->speed_mbps == 100 ? 1 : 0);
}

static void bmcr_write(struct hwnet_nic *nic, const struct hwnet_reg *reg, unsigned index,
		       uint32_t val)
{
	struct pcnet *p = to_pcnet(nic);
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
 * @nic:   Card
 * @reg:   Row
 * @index: 0
 *
 * Return: its value; ones if no PHY answers.
 */
uint32_t pcnet_mii_read(struct hwnet_nic *nic, const struct hwnet_reg *reg, unsigned index)
{
	struct pcnet *p = to_pcnet(nic);
	const struct hwnet_reg *phy = addressed(p);

	if (p->s->bcr[BCR_MIIADDR] >> 5 != PHY_ADDR)
		return PHY_NO;
	return phy ? hwnet_reg_get(nic, phy, 0, p->s->phy) : 0;
}

/**
 * pcnet_mii_write() - Hook of BCR34: write it
 * @nic:   Card
 * @reg:   Row
 * @index: 0
 * @val:   What the guest writes
 */
void pcnet_mii_write(struct hwnet_nic *nic, const struct hwnet_reg *reg, unsigned index,
		     uint32_t val)
{
	struct pcnet *p = to_pcnet(nic);
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
 * @nic:   Card
 * @reg:   Row
 * @index: 0
 * @val:   What the guest writes
 */
void pcnet_bcr32_write(struct hwnet_nic *nic, const struct hwnet_reg *reg, unsigned index,
		       uint32_t val)
{
	struct pcnet *p = to_pcnet(nic);

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
