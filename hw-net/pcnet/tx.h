/* SPDX-License-Identifier: BSD-2-Clause */
/* Frames out. */
#ifndef PCNET_TX_H
#define PCNET_TX_H

#include "pcnet.h"

bool pcnet_tx_waiting(struct pcnet *p);
bool pcnet_run(struct hwnet_nic *nic, unsigned budget);
void pcnet_tx_ready(struct hwnet_nic *nic);

#endif
