/* SPDX-License-Identifier: BSD-2-Clause */
/* The registers that act: start, stop, suspend, acknowledge, mask. */
#ifndef PCNET_CONTROL_H
#define PCNET_CONTROL_H

#include "pcnet.h"

void pcnet_stop_state(struct pcnet_state *s);
void pcnet_system_error(struct pcnet *p, const char *what, uint64_t addr);
void pcnet_missed(struct pcnet *p, unsigned n);
hwnet_reg_read pcnet_csr0_read, pcnet_csr7_read;
hwnet_reg_write pcnet_csr0_write, pcnet_csr3_write, pcnet_csr4_write, pcnet_csr5_write,
	pcnet_csr7_write, pcnet_csr116_write;

#endif
