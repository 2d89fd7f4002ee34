/* SPDX-License-Identifier: BSD-2-Clause */
/* The PHY of the 973: MII management, port manager, hooks of its registers. */
#ifndef PCNET_PHY_H
#define PCNET_PHY_H

#include "pcnet.h"

/* What the partner says of itself: it acknowledges, pause, all four, IEEE 802.3 */
#define PHY_PARTNER 0x45e1u

static inline bool pcnet_negotiating(const struct pcnet_state *s)
{
	return s->deadline[DL_ANEG] != HWNET_NEVER;
}

void pcnet_port_manager(struct pcnet *p);
bool pcnet_phy_loop(const struct pcnet_state *s);
void pcnet_phy_reset(enum pcnet_kind kind, struct pcnet_state *s);
hwnet_reg_read pcnet_bmsr_read, pcnet_anlpar_read, pcnet_aner_read, pcnet_summary_read,
	pcnet_mii_read;
hwnet_reg_write pcnet_bmcr_write, pcnet_mii_write, pcnet_bcr32_write;

#endif
