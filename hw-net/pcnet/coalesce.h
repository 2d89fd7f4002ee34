/* SPDX-License-Identifier: BSD-2-Clause */
/* Holding the interrupt pin back under load. */
#ifndef PCNET_COALESCE_H
#define PCNET_COALESCE_H

#include "pcnet.h"

void pcnet_traffic(struct pcnet *p, enum pcnet_dir dir, unsigned n);
bool pcnet_hold_pin(struct pcnet *p);
void pcnet_pin_raised(struct pcnet_state *s);
void pcnet_pin_free(struct pcnet_state *s);

#endif
