/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The link: carrier, autonegotiation, and what MAC and guest see of it.
 *
 * DOC: Theory of Operation
 *
 * The cable (carrier) is the host's. With carrier the PHY negotiates with a partner that can do
 * everything, which takes AN_NS, or has the link at once when autonegotiation is off. PSSTAT's link
 * bit is the truth; PSTATUS latches a loss until it was read. A PHY that is powered down, isolated,
 * or cannot agree has no link. In loopback it has one without a cable.
 *
 * The MAC's link (STATUS.LU) is the PHY's. Without it nothing is received, and transmit descriptors
 * wait in the ring: Linux resets the card when the link goes away with work queued, for hardware
 * does the same. Each change raises LSC.
 *
 * By the manual CTRL.SLU must be set for a link. Here it is needed for the first one after power-on
 * only (@linked): Linux's driver may transmit while it is down, when "ethtool -G" meets traffic.
 * Its tail register is at offset 0 then, so an index goes into CTRL, takes SLU away, and nobody
 * sets it again; QEMU's own card does not look at SLU. No driver takes its link down by that bit.
 *
 * A real negotiation takes seconds, long enough for a first DHCP request to be lost. This one is
 * short enough to be over before a driver has set up its rings.
 */
#include "link.h"

#include "intr.h"
#include "rx-wait.h"
#include "timer.h"
#include "tx.h"
#include "wake.h"

#define AN_NS	     2000000 /* 2 ms */
#define PARTNER	     0xcde1u /* acknowledged; pause both ways, 10 and 100 Mb/s both duplexes */
#define PARTNER_1000 0x3c00u /* both receivers fine, 1000BASE-T both duplexes */
#define EXCHANGED    0x000fu /* ANE: pages went both ways, the partner negotiates */

/* Speed and duplex that the PHY's settings lead to; -1: none in common. */
static int resolve(const struct e1000_state *s, bool *full)
{
	uint32_t bmcr = PHY(s, PCTRL), adv = PHY(s, ANA), gadv = PHY(s, GCON);

	if (!(bmcr & BMCR_AN_ENABLE) || (bmcr & BMCR_LOOPBACK)) {
		*full = bmcr & BMCR_FULL;
		if (bmcr & BMCR_SPEED_MSB)
			return SPEED_1000;
		return bmcr & BMCR_SPEED_LSB ? SPEED_100 : SPEED_10;
	}
	if (gadv & (GBCR_FULL | GBCR_HALF)) {
		*full = gadv & GBCR_FULL;
		return SPEED_1000;
	}
	if (adv & (AN_100_FULL | AN_100_HALF)) {
		*full = adv & AN_100_FULL;
		return SPEED_100;
	}
	*full = adv & AN_10_FULL;
	return adv & (AN_10_FULL | AN_10_HALF) ? (int)SPEED_10 : -1;
}

static void phy_down(struct e1000_state *s)
{
	if (PHY(s, PSSTAT) & PSSR_LINK)
		PHY(s, PINTS) |= PHYINT_LINK;
	PHY(s, PSTATUS) &= ~(BMSR_LINK | BMSR_AN_DONE);
	PHY(s, ANLPA) = PHY(s, ANE) = PHY(s, GSTATUS) = 0;
	PHY(s, PSSTAT) = 0;
}

static bool phy_alive(const struct e1000_state *s, bool carrier)
{
	return !(PHY(s, PCTRL) & (BMCR_POWER_DOWN | BMCR_ISOLATE)) &&
	       (carrier || (PHY(s, PCTRL) & BMCR_LOOPBACK));
}

static bool negotiates(const struct e1000_state *s)
{
	return (PHY(s, PCTRL) & (BMCR_AN_ENABLE | BMCR_LOOPBACK)) == BMCR_AN_ENABLE;
}

/* The PHY's registers for the link that its settings lead to; PSTATUS' latch is left alone. */
static void phy_settle(struct e1000_state *s, bool carrier)
{
	bool full;
	int speed = resolve(s, &full);

	phy_down(s);
	if (!phy_alive(s, carrier) || speed < 0)
		return;
	PHY(s, PSSTAT) = (uint32_t)speed << PSSR_SPEED_SHIFT | (full ? PSSR_FULL : 0) |
			 PSSR_RESOLVED | PSSR_LINK;
	PHY(s, PINTS) |= PHYINT_LINK;
	if (!negotiates(s))
		return;
	PHY(s, PSSTAT) |= PSSR_PAGE_RCVD;
	PHY(s, PSTATUS) |= BMSR_AN_DONE;
	PHY(s, ANLPA) = PARTNER;
	PHY(s, ANE) = EXCHANGED;
	PHY(s, GSTATUS) = PARTNER_1000;
	PHY(s, PINTS) |= PHYINT_AN_DONE;
}

/**
 * e1000_link_settle() - The link as it is long after power-on
 * @s:       The state
 * @carrier: Is there a cable?
 */
void e1000_link_settle(struct e1000_state *s, bool carrier)
{
	phy_settle(s, carrier);
	s->at[AT_AN] = HWNET_NEVER;
	s->linked = PHY(s, PSSTAT) & PSSR_LINK;
	s->reg[R_STATUS] = s->linked ? STATUS_LU : 0;
	if (s->linked)
		PHY(s, PSTATUS) |= BMSR_LINK;
	PHY(s, PINTS) = 0;
}

/**
 * e1000_link_update() - Follow a change of the PHY's link or of CTRL
 * @c: The card
 */
void e1000_link_update(struct e1000 *c)
{
	bool up = e1000_link_up(c);

	if (up == !!(REG(c, STATUS) & STATUS_LU))
		return;
	REG(c, STATUS) = up ? STATUS_LU : 0;
	c->s->linked |= up;
	e1000_wake_link(c);
	c->nic.host->link_changed(c->nic.opaque);
	e1000_cause(c, ICR_LSC);
	if (up)
		e1000_tx_kick(c);
	e1000_rx_wake(c);
}

/**
 * e1000_an_start() - The PHY looks for its link anew
 * @c: The card
 */
void e1000_an_start(struct e1000 *c)
{
	struct e1000_state *s = c->s;
	bool waits = negotiates(s) && phy_alive(s, c->nic.carrier);

	if (waits)
		phy_down(s);
	else
		phy_settle(s, c->nic.carrier);
	e1000_at(c, AT_AN, waits ? hwnet_now(&c->nic) + AN_NS : HWNET_NEVER);
	e1000_link_update(c);
}

/**
 * e1000_an_done() - Autonegotiation has completed
 * @c: The card
 */
void e1000_an_done(struct e1000 *c)
{
	phy_settle(c->s, c->nic.carrier);
	e1000_link_update(c);
}

/**
 * e1000_an_look() - The guest is about to look at the PHY
 * @c: The card
 *
 * On a busy host the timer may come late. Autonegotiation has completed all the same: Linux looks
 * once, 4 ms after it has started it, and resets the card if there is no link and frames wait.
 */
void e1000_an_look(struct e1000 *c)
{
	struct e1000_state *s = c->s;

	if (s->at[AT_AN] == HWNET_NEVER || !hwnet_due(&s->at[AT_AN], hwnet_now(&c->nic)))
		return;
	e1000_an_done(c);
	e1000_arm(c);
}

/**
 * e1000_set_carrier() - The cable was plugged or pulled
 * @nic: The card
 * @up:  Plugged
 */
void e1000_set_carrier(struct hwnet_nic *nic, bool up)
{
	e1000_an_start(e1000_of(nic));
}

static unsigned phy_speed(const struct e1000 *c)
{
	return PHY(c->s, PSSTAT) >> PSSR_SPEED_SHIFT & 3;
}

/*
 * TXOFF: the transmitter is paused. By a pause frame (13.4.2), and here also when frames wait for
 * a host that is full, for a link, or for TCTL.EN. Linux looks at it before it calls a
 * transmitter hung whose frames are a second old: it stops its queue then, often for the five
 * seconds until its watchdog resets the card. A real machine does not stand still for a second,
 * but a virtual one on a busy host does; and after a resume Linux has frames in the ring before
 * it sets TCTL.EN.
 */
static bool tx_off(const struct e1000 *c)
{
	return c->s->at[AT_PAUSE] != HWNET_NEVER || e1000_tx_waits(c);
}

/**
 * e1000_status_read() - Hook of STATUS, 13.4.2
 *
 * Speed and duplex are the PHY's unless CTRL forces them; ASDV is what was detected.
 *
 * Return: its value.
 */
uint32_t e1000_status_read(struct hwnet_nic *nic, const struct hwnet_reg *reg, unsigned index)
{
	struct e1000 *c = e1000_of(nic);
	uint32_t ctrl = REG(c, CTRL);
	unsigned detected = phy_speed(c);
	unsigned speed = ctrl & CTRL_FRCSPD ? ctrl >> CTRL_SPEED_SHIFT & 3 : detected;
	bool full = ctrl & CTRL_FRCDPX ? ctrl & CTRL_FD : PHY(c->s, PSSTAT) & PSSR_FULL;

	return REG(c, STATUS) | STATUS_MTXCKOK | speed << STATUS_SPEED_SHIFT |
	       detected << STATUS_ASDV_SHIFT | (full ? STATUS_FD : 0) |
	       (tx_off(c) ? STATUS_TXOFF : 0);
}

/**
 * e1000_link() - The link as the host may report it
 * @nic:  The card
 * @link: Filled
 */
void e1000_link(const struct hwnet_nic *nic, struct hwnet_link *link)
{
	static const uint32_t mbps[] = { 10, 100, 1000, 1000 };
	const struct e1000 *c = e1000_of_const(nic);

	link->up = e1000_link_up(c);
	link->full = PHY(c->s, PSSTAT) & PSSR_FULL;
	link->speed_mbps = mbps[phy_speed(c)];
}
