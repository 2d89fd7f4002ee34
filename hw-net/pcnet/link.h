/* SPDX-License-Identifier: BSD-2-Clause */
/* The link. */
#ifndef PCNET_LINK_H
#define PCNET_LINK_H

#include "pcnet.h"

void pcnet_link(const struct hwnet_nic *nic, struct hwnet_link *link);
void pcnet_link_update(struct pcnet *p);
void pcnet_set_carrier(struct hwnet_nic *nic, bool up);

#endif
