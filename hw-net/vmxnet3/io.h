/* SPDX-License-Identifier: BSD-2-Clause */
/* The two register BARs. */
#ifndef VMXNET3_IO_H
#define VMXNET3_IO_H

#include "vmxnet3.h"

uint64_t vmx_read(struct hwnet_nic *nic, unsigned bar, uint64_t off, unsigned size);
void vmx_write(struct hwnet_nic *nic, unsigned bar, uint64_t off, uint64_t val, unsigned size);

#endif
