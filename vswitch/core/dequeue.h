/* SPDX-License-Identifier: BSD-2-Clause */
/* Frames out of the egress queues. */
#ifndef VSWITCH_DEQUEUE_H
#define VSWITCH_DEQUEUE_H

#include "core/vsw.h"

void vsw_queue_ready(struct vsw_port *p);
void vsw_queue_run(struct vsw_port *p);
void vsw_queue_flush(struct vsw_port *p, enum vsw_drop why);
void vsw_run_paced(struct vsw *sw);
void vsw_queues_due(struct vsw *sw, int64_t now);

#endif
