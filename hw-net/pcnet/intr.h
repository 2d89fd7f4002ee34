/* SPDX-License-Identifier: BSD-2-Clause */
/* Causes, masks, and the pin. */
#ifndef PCNET_INTR_H
#define PCNET_INTR_H

#include "pcnet.h"

uint32_t pcnet_csr0(const struct pcnet_state *s);
bool pcnet_level(const struct pcnet_state *s);
void pcnet_intr(struct pcnet *p);

#endif
