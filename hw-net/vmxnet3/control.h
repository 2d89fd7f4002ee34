/* SPDX-License-Identifier: BSD-2-Clause */
/* Commands. */
#ifndef VMXNET3_CONTROL_H
#define VMXNET3_CONTROL_H

#include "vmxnet3.h"

#define VMX_N_COMMANDS 32u

uint32_t vmx_command(struct vmx *v, uint32_t cmd);
extern const struct hwnet_command vmx_commands[VMX_N_COMMANDS];

#endif
