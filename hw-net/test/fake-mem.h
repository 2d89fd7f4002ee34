/* SPDX-License-Identifier: BSD-2-Clause */
/* The fake host's memory: what fake-host.c and fake-mem.c share. */
#ifndef HW_NET_TEST_FAKE_MEM_H
#define HW_NET_TEST_FAKE_MEM_H

#include "fake-host.h"

void fake_mem_init(struct fake_host *h);
void fake_mem_fini(struct fake_host *h);

int fake_op_dma_read(void *opaque, uint64_t addr, void *buf, size_t len);
int fake_op_dma_write(void *opaque, uint64_t addr, const void *buf, size_t len);
void *fake_op_dma_map(void *opaque, uint64_t addr, size_t *len, bool to_guest);
void fake_op_dma_unmap(void *opaque, void *ptr, size_t len, bool to_guest, size_t used);

#endif
