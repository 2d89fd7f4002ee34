/* SPDX-License-Identifier: BSD-2-Clause */
/* Which frames are let in. */
#ifndef PCNET_FILTER_H
#define PCNET_FILTER_H

#include "pcnet.h"

void pcnet_station(const struct pcnet_state *s, uint8_t mac[6]);
bool pcnet_filter(const struct pcnet_state *s, const uint8_t *da, uint16_t *match);
void pcnet_rx_filter(const struct hwnet_nic *nic, struct hwnet_rx_filter *f);
void pcnet_filter_changed(struct pcnet *p);

#endif
