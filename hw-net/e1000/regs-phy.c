/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Registers of the PHY, reached through MDIC: 88E1011 (82540EM, 82545EM) or 88E1000 (82544GC).
 *
 * Reset values of those that tell of the link are for a card without one; link.c keeps them up to
 * date.
 */
#include "row.h"
#include "regs.h"

const struct hwnet_reg e1000_rows_phy[E1000_ROWS_PHY] = {
#define PHY(n, offset, k, ...)                                                          \
	{                                                                               \
		.num = (offset), .slot = R_PHY + (offset), .kind = REG_##k, .name = #n, \
		__VA_ARGS__                                                             \
	}
	PHY(PCTRL, 0, RW, .reset = BMCR_AN_ENABLE | BMCR_FULL | BMCR_SPEED_MSB, .wmask = 0x7dc0,
	    .write = e1000_bmcr_write, .sect = "13.4.7.1.1",
	    .text = "Control: reset, loopback, speed, autonegotiation, power down"),
	PHY(PSTATUS, 1, RO, .reset = 0x7949, .read = e1000_phy_latch_read, .sect = "13.4.7.1.2",
	    .text = "Status; a lost link shows until it was read once"),
	PHY(PHY_ID1, 2, RO, .reset = 0x0141, .sect = "13.4.7.1.3", .text = "Identifier: Marvell"),
	PHY(PHY_ID2, 3, RO, .reset = 0x0c20, .sect = "13.4.7.1.4",
	    .text = "Identifier: 88E1011 (0x0C20) or 88E1000 (0x0C30, 82544)"),
	PHY(ANA, 4, RW, .reset = 0x0de1, .wmask = 0xafff, .sect = "13.4.7.1.5",
	    .text = "Abilities to advertise"),
	PHY(ANLPA, 5, RO, .sect = "13.4.7.1.6", .text = "The partner's abilities: all, with pause"),
	PHY(ANE, 6, RO, .sect = "13.4.7.1.7", .text = "Autonegotiation expansion"),
	PHY(NPT, 7, RW, .reset = 0x2001, .wmask = 0xbfff, .sect = "13.4.7.1.8",
	    .text = "Next page to send"),
	PHY(LPN, 8, RO, .sect = "13.4.7.1.9", .text = "The partner's next page"),
	PHY(GCON, 9, RW, .reset = 0x0e00, .wmask = 0xff00, .sect = "13.4.7.1.10",
	    .text = "1000BASE-T control: abilities to advertise, master or slave"),
	PHY(GSTATUS, 10, RO, .sect = "13.4.7.1.11",
	    .text = "1000BASE-T status: the partner's abilities"),
	PHY(EPSTATUS, 15, RO, .reset = 0x3000, .sect = "13.4.7.1.12",
	    .text = "Extended status: 1000BASE-T"),
	PHY(PSCON, 16, RW, .reset = 0x0068, .wmask = 0xfffb, .sect = "13.4.7.1.13",
	    .text = "PHY specific control: crossover, polarity"),
	PHY(PSSTAT, 17, RO, .sect = "13.4.7.1.14",
	    .text = "PHY specific status: resolved speed, duplex, link"),
	PHY(PINTE, 18, RW, .wmask = 0xffff, .sect = "13.4.7.1.15", .text = "PHY interrupt enable"),
	PHY(PINTS, 19, RC, .sect = "13.4.7.1.16", .text = "PHY interrupt status"),
	PHY(EPSCON1, 20, RW, .reset = 0x0d60, .wmask = 0xffff, .sect = "13.4.7.1.17",
	    .text = "Extended PHY specific control: clock delays, downshift; storage"),
	PHY(PREC, 21, RC, .sect = "13.4.7.1.18", .text = "PHY receive errors: none"),
	PHY(LEDCON, 24, RW, .reset = 0x4100, .wmask = 0xffff, .sect = "88E1011",
	    .text = "PHY LED control; storage"),
	PHY(LEDOVR, 25, RW, .wmask = 0xffff, .sect = "88E1011",
	    .text = "PHY LED override; storage"),
	PHY(EPSCON2, 26, RW, .reset = 0x000a, .wmask = 0xffff, .sect = "13.4.7.1.19",
	    .text = "Extended PHY specific control 2; storage"),
	PHY(EPSSTAT, 27, RW, .reset = 0x848b, .wmask = 0x7fff, .sect = "13.4.7.1.20",
	    .text = "Extended PHY specific status: mode; storage"),
	PHY(R30PS, 29, RW, .wmask = 0x001f, .sect = "13.4.7.1.21, Linux's loopback test",
	    .text = "Which of 32 registers number 30 is"),
	PHY(R30AW, 30, RW, .wmask = 0xffff, .read = e1000_phy_ext_read,
	    .write = e1000_phy_ext_write, .sect = "13.4.7.1.22, Linux's loopback test",
	    .text = "Window on one of 32 analogue settings; storage"),
};
