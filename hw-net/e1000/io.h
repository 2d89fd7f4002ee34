/* SPDX-License-Identifier: BSD-2-Clause */
/* The BARs. */
#ifndef E1000_IO_H
#define E1000_IO_H

#include "e1000.h"

void e1000_map_init(struct e1000 *c);
uint64_t e1000_read(struct hwnet_nic *nic, unsigned bar, uint64_t off, unsigned size);
void e1000_write(struct hwnet_nic *nic, unsigned bar, uint64_t off, uint64_t val, unsigned size);

#endif
