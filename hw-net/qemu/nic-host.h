/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What QEMU does for a card's core: struct hwnet_host. */
#ifndef VC_NIC_HOST_H
#define VC_NIC_HOST_H

#include "nic.h"

/** vc_nic_host - The operations that every core gets; opaque is the device */
extern const struct hwnet_host vc_nic_host;

#endif
