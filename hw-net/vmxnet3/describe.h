/* SPDX-License-Identifier: BSD-2-Clause */
/* What the driver has made of the card, for people. */
#ifndef VMXNET3_DESCRIBE_H
#define VMXNET3_DESCRIBE_H

#include "vmxnet3.h"

void vmx_describe(struct hwnet_nic *nic, const struct hwnet_listener *to);

#endif
