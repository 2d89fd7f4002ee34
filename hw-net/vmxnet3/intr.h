/* SPDX-License-Identifier: BSD-2-Clause */
/* Interrupt vectors. */
#ifndef VMXNET3_INTR_H
#define VMXNET3_INTR_H

#include "vmxnet3.h"

void vmx_intr_line(struct vmx *v, bool level);
void vmx_intr_raise(struct vmx *v, unsigned vec, unsigned tx, unsigned rx);
void vmx_intr_event(struct vmx *v, unsigned vec);
void vmx_intr_mask(struct vmx *v, unsigned vec, bool masked);
void vmx_intr_expire(struct vmx *v, int64_t now);
void vmx_intr_again(struct vmx *v);
void vmx_intr_init(struct vmx *v);
void vmx_intr_stop(struct vmx *v);

#endif
