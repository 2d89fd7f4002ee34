/* SPDX-License-Identifier: BSD-2-Clause */
/* Registers of the PHY of the Am79C973 (IEEE 802.3, clause 22), reached through BCR33 and BCR34. */
#include "regs.h"

#include "phy.h"

const struct hwnet_reg pcnet_phy_rows[PCNET_PHY_ROWS] = {
	ROW(0, "ANR0", REG_RW, BMCR_ANE | BMCR_100 | BMCR_FULL, 0x7d80, .write = pcnet_bmcr_write,
	    DOC("973, ANR0", "PHY control; 802.3 22.2.4.1")),
	ROW(1, "ANR1", REG_RO, BMSR_LINK, 0, .read = pcnet_bmsr_read,
	    DOC("973, ANR1", "PHY status; 802.3 22.2.4.2. The slot holds the latched link bit")),
	ROW(2, "ANR2", REG_RO, 0x0000, 0, DOC("973, ANR2", "PHY identifier, AMD")),
	ROW(3, "ANR3", REG_RO, 0x6b60, 0, DOC("973, ANR3", "PHY identifier, AMD, model 36h")),
	ROW(4, "ANR4", REG_RW, 0x01e1, 0x2de0, DOC("973, ANR4", "Advertisement")),
	ROW(5, "ANR5", REG_RO, 0, 0, .read = pcnet_anlpar_read,
	    DOC("973, ANR5", "Link partner ability")),
	ROW(6, "ANR6", REG_RO, 0, 0, .read = pcnet_aner_read,
	    DOC("973, ANR6", "Auto-negotiation expansion")),
	ROW(7, "ANR7", REG_RW, 0x2001, 0xb7ff, DOC("973, ANR7", "Next page")),
	ROW(24, "ANR24", REG_RO, 0, 0, .read = pcnet_summary_read,
	    DOC("973, ANR24", "Summary: link, full duplex, negotiation running, 100 Mb/s")),
};
