/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Registers of the PHY, reached through MDIC: 88E1011 (82540EM, 82545EM) or 88E1000 (82544GC).
 *
 * Reset values of those that tell of the link are for a card without one; link.c keeps them up to
 * date.
 */
#include "regs.h"

#include "phy.h"

const struct hwnet_reg e1000_rows_phy[E1000_ROWS_PHY] = {
	ROW_PHY(PCTRL, RW, .reset = BMCR_AN_ENABLE | BMCR_FULL | BMCR_SPEED_MSB, .wmask = 0x7dc0,
		.write = e1000_bmcr_write, .sect = "13.4.7.1.1",
		.text = "Control: reset, loopback, speed, autonegotiation, power down"),
	ROW_PHY(PSTATUS, RO, .reset = 0x7949, .read = e1000_phy_latch_read, .sect = "13.4.7.1.2",
		.text = "Status; a lost link shows until it was read once"),
	ROW_PHY(PHY_ID1, RO, .reset = 0x0141, .sect = "13.4.7.1.3", .text = "Identifier: Marvell"),
	ROW_PHY(PHY_ID2, RO, .reset = 0x0c20, .sect = "13.4.7.1.4",
		.text = "Identifier: 88E1011 (0x0C20) or 88E1000 (0x0C30, 82544)"),
	ROW_PHY(ANA, RW, .reset = 0x0de1, .wmask = 0xafff, .sect = "13.4.7.1.5",
		.text = "Abilities to advertise"),
	ROW_PHY(ANLPA, RO, .sect = "13.4.7.1.6",
		.text = "The partner's abilities: all, with pause"),
	ROW_PHY(ANE, RO, .sect = "13.4.7.1.7", .text = "Autonegotiation expansion"),
	ROW_PHY(NPT, RW, .reset = 0x2001, .wmask = 0xbfff, .sect = "13.4.7.1.8",
		.text = "Next page to send"),
	ROW_PHY(LPN, RO, .sect = "13.4.7.1.9", .text = "The partner's next page"),
	ROW_PHY(GCON, RW, .reset = 0x0e00, .wmask = 0xff00, .sect = "13.4.7.1.10",
		.text = "1000BASE-T control: abilities to advertise, master or slave"),
	ROW_PHY(GSTATUS, RO, .sect = "13.4.7.1.11",
		.text = "1000BASE-T status: the partner's abilities"),
	ROW_PHY(EPSTATUS, RO, .reset = 0x3000, .sect = "13.4.7.1.12",
		.text = "Extended status: 1000BASE-T"),
	ROW_PHY(PSCON, RW, .reset = 0x0068, .wmask = 0xfffb, .sect = "13.4.7.1.13",
		.text = "PHY specific control: crossover, polarity"),
	ROW_PHY(PSSTAT, RO, .sect = "13.4.7.1.14",
		.text = "PHY specific status: resolved speed, duplex, link"),
	ROW_PHY(PINTE, RW, .wmask = 0xffff, .sect = "13.4.7.1.15", .text = "PHY interrupt enable"),
	ROW_PHY(PINTS, RC, .sect = "13.4.7.1.16", .text = "PHY interrupt status"),
	ROW_PHY(EPSCON1, RW, .reset = 0x0d60, .wmask = 0xffff, .sect = "13.4.7.1.17",
		.text = "Extended PHY specific control: clock delays, downshift; storage"),
	ROW_PHY(PREC, RC, .sect = "13.4.7.1.18", .text = "PHY receive errors: none"),
	ROW_PHY(LEDCON, RW, .reset = 0x4100, .wmask = 0xffff, .sect = "88E1011",
		.text = "PHY LED control; storage"),
	ROW_PHY(LEDOVR, RW, .wmask = 0xffff, .sect = "88E1011",
		.text = "PHY LED override; storage"),
	ROW_PHY(EPSCON2, RW, .reset = 0x000a, .wmask = 0xffff, .sect = "13.4.7.1.19",
		.text = "Extended PHY specific control 2; storage"),
	ROW_PHY(EPSSTAT, RW, .reset = 0x848b, .wmask = 0x7fff, .sect = "13.4.7.1.20",
		.text = "Extended PHY specific status: mode; storage"),
	ROW_PHY(R30PS, RW, .wmask = 0x001f, .sect = "13.4.7.1.21, Linux's loopback test",
		.text = "Which of 32 registers number 30 is"),
	ROW_PHY(R30AW, RW, .wmask = 0xffff, .read = e1000_phy_ext_read,
		.write = e1000_phy_ext_write, .sect = "13.4.7.1.22, Linux's loopback test",
		.text = "Window on one of 32 analogue settings; storage"),
};
