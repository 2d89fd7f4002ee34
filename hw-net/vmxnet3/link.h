/* SPDX-License-Identifier: BSD-2-Clause */
/* The link. */
#ifndef VMXNET3_LINK_H
#define VMXNET3_LINK_H

#include "vmxnet3.h"

void vmx_set_carrier(struct hwnet_nic *nic, bool up);
void vmx_link(const struct hwnet_nic *nic, struct hwnet_link *link);

#endif
