/* SPDX-License-Identifier: BSD-2-Clause */
/* Fewer doorbells from a loaded guest. */
#ifndef VMXNET3_TX_THRESHOLD_H
#define VMXNET3_TX_THRESHOLD_H

#include "vmxnet3.h"

void vmx_threshold_bell(struct vmx *v, struct vmx_txq *q);
void vmx_threshold_idle(struct vmx *v, unsigned queue, unsigned frames);
void vmx_threshold_poll(struct vmx *v);

#endif
