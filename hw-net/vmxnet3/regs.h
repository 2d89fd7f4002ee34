/* SPDX-License-Identifier: BSD-2-Clause */
/* Registers of the two BARs, and what their values mean. */
#ifndef VMXNET3_REGS_H
#define VMXNET3_REGS_H

#include "vmxnet3.h"

uint32_t vmx_caps(const struct vmx_state *st);
void vmx_mac(const struct vmx_state *st, uint8_t mac[6]);
void vmx_set_mac(struct vmx_state *st, const uint8_t mac[6]);
extern const struct hwnet_regspace vmx_regspaces[2];

#endif
