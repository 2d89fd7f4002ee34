/* SPDX-License-Identifier: BSD-2-Clause */
/* The 32 bytes through which a driver reaches everything. */
#ifndef PCNET_IO_H
#define PCNET_IO_H

#include "pcnet.h"

#define PCNET_BAR_SIZE 32u

uint64_t pcnet_io_read(struct hwnet_nic *nic, unsigned bar, uint64_t off, unsigned size);
void pcnet_io_write(struct hwnet_nic *nic, unsigned bar, uint64_t off, uint64_t val, unsigned size);

#endif
