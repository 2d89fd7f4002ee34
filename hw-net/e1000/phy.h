/* SPDX-License-Identifier: BSD-2-Clause */
/* Registers of the PHY, and MDIC. */
#ifndef E1000_PHY_H
#define E1000_PHY_H

#include "e1000.h"

void e1000_phy_reset(struct e1000_state *s, const struct e1000_info *info);
hwnet_reg_read e1000_phy_latch_read, e1000_phy_ext_read;
hwnet_reg_write e1000_mdic_write, e1000_phy_ext_write, e1000_bmcr_write;

#endif
