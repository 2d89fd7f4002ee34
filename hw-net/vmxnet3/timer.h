/* SPDX-License-Identifier: BSD-2-Clause */
/* Deadlines. */
#ifndef VMXNET3_TIMER_H
#define VMXNET3_TIMER_H

#include "vmxnet3.h"

/* Make sure that vmx_timer() comes by @deadline. Too early a call does no harm, so deadlines are
 * only brought forward here. */
static inline void vmx_arm(struct vmx *v, int64_t deadline)
{
	if (deadline < v->nic.armed)
		hwnet_arm(&v->nic, deadline);
}

void vmx_rearm(struct vmx *v);
void vmx_timer(struct hwnet_nic *nic);

#endif
