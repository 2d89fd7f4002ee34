/* SPDX-License-Identifier: BSD-2-Clause */
/* Resets, and what follows a load. */
#ifndef VMXNET3_RESET_H
#define VMXNET3_RESET_H

#include "vmxnet3.h"

void vmx_state_reset(const struct hwnet_nic *nic, void *state);
void vmx_device_reset(struct vmx *v);
void vmx_reset(struct hwnet_nic *nic, enum hwnet_reset_kind kind);
void vmx_loaded(struct hwnet_nic *nic);

#endif
