/* SPDX-License-Identifier: BSD-2-Clause */
/* From DriverShared to a running device, and back. */
#ifndef VMXNET3_SETUP_H
#define VMXNET3_SETUP_H

#include "vmxnet3.h"

const char *vmx_check_limits(const struct vmx_state *st);
const char *vmx_check_txq(const struct vmx_txq *q);
const char *vmx_check_rxq(const struct vmx_rxq *q);
uint32_t vmx_activate(struct hwnet_nic *nic);
void vmx_quiesce(struct vmx *v);

#endif
