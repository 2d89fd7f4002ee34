/* SPDX-License-Identifier: BSD-2-Clause */
/* Flows of an egress queue. */
#ifndef VSWITCH_CODEL_H
#define VSWITCH_CODEL_H

#include "core/queue.h"

void vsw_flow_restore(struct vsw_queue *q, uint16_t flow, const struct qflow *was, bool old);
void vsw_flow_put(struct vsw_queue *q, uint32_t slot);
uint32_t vsw_flow_get(struct vsw_port *p, int64_t now);
uint32_t vsw_flow_evict(struct vsw_queue *q);

#endif
