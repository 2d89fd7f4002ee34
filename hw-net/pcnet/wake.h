/* SPDX-License-Identifier: BSD-2-Clause */
/* Wake-up. */
#ifndef PCNET_WAKE_H
#define PCNET_WAKE_H

#include "pcnet.h"

bool pcnet_magic(const struct pcnet *p, const struct pkt *pkt, bool group);
bool pcnet_wake(struct hwnet_nic *nic, const struct pkt *pkt);

#endif
