/* SPDX-License-Identifier: BSD-2-Clause */
/* When a vector may be sent. */
#ifndef VMXNET3_COALESCE_H
#define VMXNET3_COALESCE_H

#include "vmxnet3.h"

int64_t vmx_coal_when(const struct vmx *v, const struct vmx_intr *i);
void vmx_coal_sent(struct vmx *v, struct vmx_intr *i);
void vmx_coal_reset(struct vmx_state *st);
uint32_t vmx_coal_set(struct hwnet_nic *nic);
uint32_t vmx_coal_get(struct hwnet_nic *nic);

#endif
