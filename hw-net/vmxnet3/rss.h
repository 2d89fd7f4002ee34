/* SPDX-License-Identifier: BSD-2-Clause */
/* Receive-side scaling. */
#ifndef VMXNET3_RSS_H
#define VMXNET3_RSS_H

#include "vmxnet3.h"

void vmx_rss_set_fields(struct vmx *v, uint32_t fields);
const char *vmx_check_rss_table(const struct vmx_state *st);
void vmx_rss_choose_fields(struct vmx *v, uint32_t fields);
void vmx_rss_derive(struct vmx *v);
void vmx_rss_configure(struct vmx *v, const uint8_t *shared, bool table_only);
unsigned vmx_rss_queue(const struct vmx *v, const struct pkt *pkt, const struct frame *f,
		       unsigned *type, uint32_t *hash);

#endif
