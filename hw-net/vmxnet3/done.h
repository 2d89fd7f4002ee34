/* SPDX-License-Identifier: BSD-2-Clause */
/* Writing completion rings. */
#ifndef VMXNET3_DONE_H
#define VMXNET3_DONE_H

#include "vmxnet3.h"

int vmx_put_many(struct vmx *v, uint64_t pa, uint32_t size, uint32_t *next, uint8_t *gen,
		 struct vmx_comp *comp, unsigned n);

/* Write completions at *@next and move it on. 0, or -1 if the ring is not memory. */
static inline int vmx_put_comps(struct vmx *v, uint64_t pa, uint32_t size, uint32_t *next,
				uint8_t *gen, struct vmx_comp *comp, unsigned n)
{
	if (n != 1)
		return vmx_put_many(v, pa, size, next, gen, comp, n);
	pa += *next * sizeof(*comp);
	vmx_comp_stamp(comp, *gen);
	vmx_step(next, gen, size);
	return hwnet_dma_write(&v->nic, pa, comp, sizeof(*comp));
}

#endif
