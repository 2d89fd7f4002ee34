/* SPDX-License-Identifier: BSD-2-Clause */
/* Wake-up. */
#ifndef VMXNET3_WAKE_H
#define VMXNET3_WAKE_H

#include "vmxnet3.h"

void vmx_pm_configure(struct vmx *v, const uint8_t *shared);
bool vmx_wake(struct hwnet_nic *nic, const struct pkt *pkt);

#endif
