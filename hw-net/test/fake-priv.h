/* SPDX-License-Identifier: BSD-2-Clause */
/* What the fake host's own files share. */
#ifndef HW_NET_TEST_FAKE_PRIV_H
#define HW_NET_TEST_FAKE_PRIV_H

#include "fake-host.h"

/* Bytes for the guest or the wire: none may be what happened to be in the card's memory. Only a
 * build with clang's -fsanitize=memory can tell. */
#ifdef __has_feature
#if __has_feature(memory_sanitizer)
#include <sanitizer/msan_interface.h>
#define fake_defined(p, len) __msan_check_mem_is_initialized(p, len)
#endif
#endif
#ifndef fake_defined
#define fake_defined(p, len) ((void)(p), (void)(len))
#endif

/* fake-ops.c: operations as given to a card. */
extern const struct hwnet_host fake_ops;

/* fake-host.c: around each call of an entry point; what kicks lead to. */
void fake_enter(struct fake_host *h, enum fake_entry entry);
void fake_leave(struct fake_host *h);
void fake_serve_kicks(struct fake_host *h);

/* fake-reuse.c: a host begins, with memory but no card; is about to be released. */
void fake_reuse_begin(struct fake_host *h);
void fake_reuse_end(struct fake_host *h);

/* fake-work.c: a call begins; a frame leaves; the call ends; so many timers came in some time. */
void fake_work_begin(struct fake_host *h);
void fake_work_sent(struct fake_host *h, const struct pkt *pkt);
void fake_work_end(const struct fake_host *h);
void fake_work_timers(unsigned n, int64_t ns);

/* fake-mem.c */
void fake_mem_init(struct fake_host *h);
void fake_mem_fini(struct fake_host *h);

int fake_op_dma_read(void *opaque, uint64_t addr, void *buf, size_t len);
int fake_op_dma_write(void *opaque, uint64_t addr, const void *buf, size_t len);
void *fake_op_dma_map(void *opaque, uint64_t addr, size_t *len, bool to_guest);
void fake_op_dma_unmap(void *opaque, void *ptr, size_t len, bool to_guest, size_t used);

#endif
