/* SPDX-License-Identifier: BSD-2-Clause */
/* Frames that come back. */
#ifndef E1000_LOOPBACK_H
#define E1000_LOOPBACK_H

#include "e1000.h"

/**
 * e1000_loops() - Do frames that are sent come back?
 * @c: The card
 *
 * In the MAC (RCTL.LBM 01b) or in the PHY. LBM 11b only prepares the MAC for the latter (13.4.22).
 *
 * Return: true if so.
 */
static inline bool e1000_loops(const struct e1000 *c)
{
	return (REG(c, RCTL) & RCTL_LBM) == 1u << RCTL_LBM_SHIFT ||
	       (PHY(c->s, PCTRL) & BMCR_LOOPBACK);
}

void e1000_loop_back(struct e1000 *c, const struct pkt *pkt);

#endif
