/* SPDX-License-Identifier: BSD-2-Clause */
/* Resets, and what follows a load. */
#ifndef PCNET_RESET_H
#define PCNET_RESET_H

#include "pcnet.h"

void pcnet_state_reset(const struct hwnet_nic *nic, void *state);
void pcnet_reset(struct hwnet_nic *nic, enum hwnet_reset_kind kind);
void pcnet_s_reset(struct pcnet *p);
void pcnet_loaded(struct hwnet_nic *nic);

#endif
