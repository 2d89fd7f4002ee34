/* SPDX-License-Identifier: BSD-2-Clause */
/* Control and status registers: access. */
#ifndef PCNET_REGS_CSR_H
#define PCNET_REGS_CSR_H

#include "pcnet.h"

uint16_t pcnet_csr_read(struct pcnet *p, unsigned num);
void pcnet_csr_write(struct pcnet *p, unsigned num, uint16_t val);
void pcnet_csr_reset(enum pcnet_kind kind, struct pcnet_state *s, bool soft);

#endif
