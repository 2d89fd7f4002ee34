/* SPDX-License-Identifier: BSD-2-Clause */
/* Which addresses and VLANs are let in. */
#ifndef E1000_FILTER_H
#define E1000_FILTER_H

#include "e1000.h"

/* enum e1000_match - does a frame pass, and by an address that is the only one? PIF says so. */
enum e1000_match { E1000_REJECT, E1000_INEXACT, E1000_EXACT };

enum e1000_match e1000_filter(const struct e1000 *c, const uint8_t *addrs);

void e1000_station(const struct e1000 *c, uint8_t mac[6]);
void e1000_filter_derive(struct e1000 *c);
bool e1000_vlan_admits(const struct e1000 *c, uint16_t tci);
void e1000_rx_filter(const struct hwnet_nic *nic, struct hwnet_rx_filter *f);
hwnet_reg_write e1000_mta_write, e1000_ra_write, e1000_vfta_write;

#endif
