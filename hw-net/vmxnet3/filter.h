/* SPDX-License-Identifier: BSD-2-Clause */
/* Receive filter. */
#ifndef VMXNET3_FILTER_H
#define VMXNET3_FILTER_H

#include "vmxnet3.h"

void vmx_filter_mode(struct vmx *v, const uint8_t *shared);
void vmx_filter_vlans(struct vmx *v, const uint8_t *shared);
void vmx_filter_mcast(struct vmx *v, const uint8_t *shared);
void vmx_filter_derive(struct vmx *v);
bool vmx_filter_pass(const struct vmx *v, const struct pkt *pkt);
void vmx_rx_filter(const struct hwnet_nic *nic, struct hwnet_rx_filter *f);

#endif
