/* SPDX-License-Identifier: BSD-2-Clause */
/* Bus configuration registers: access. */
#ifndef PCNET_REGS_BCR_H
#define PCNET_REGS_BCR_H

#include "pcnet.h"

uint16_t pcnet_sws(uint16_t style);
uint16_t pcnet_bcr_read(struct pcnet *p, unsigned num);
void pcnet_bcr_write(struct pcnet *p, unsigned num, uint16_t val);
void pcnet_bcr_reset(enum pcnet_kind kind, struct pcnet_state *s);

#endif
