/* SPDX-License-Identifier: BSD-2-Clause */
/* Frames that come back. */
#ifndef PCNET_LOOPBACK_H
#define PCNET_LOOPBACK_H

#include "pcnet.h"

/* enum pcnet_loop - where frames turn round */
enum pcnet_loop { LOOP_NONE, LOOP_INTERNAL, LOOP_EXTERNAL };

enum pcnet_loop pcnet_loop(const struct pcnet *p);
bool pcnet_fcs_take(struct pcnet_slot *slot);
void pcnet_loop_back(struct pcnet *p, struct pcnet_slot *slot, bool fcs_made);

#endif
