/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The egress queue of a port: FQ-CoDel (RFC 8290).
 *
 * DOC: Theory of Operation
 *
 * A queue is made with all its memory: frame slots, cells for their bytes, flows. A frame that the
 * owner of a port did not take is copied into a slot: its first bytes inline, the rest into cells,
 * so that 60-byte frames cost a slot and 64 KiB messages 32 cells. Slots and cells are taken last
 * in, first out: a queue that is never long touches little memory.
 *
 * Frames go to one of QUEUE_FLOWS flows by a hash over addresses and ports under a secret. Flows
 * take turns by deficit round robin, new ones before old ones, so that a flow that sends little
 * never waits for those that send much. Each flow runs CoDel (RFC 8289): what stood in it longer
 * than the target for an interval is dropped, or marked, at an increasing rate; with a target of 0
 * nothing is too old. A full queue drops from the head of the fattest flow.
 *
 * Frames that have left their flow but were not taken by the owner either (*staged*) stay in order
 * before all others, at most QUEUE_STAGE of them.
 */
#ifndef VSWITCH_QUEUE_H
#define VSWITCH_QUEUE_H

#include "vsw.h"

struct vsw_queue *vsw_queue_new(const struct vsw_queue_policy *policy, unsigned classes);
bool vsw_queue_fits(const struct vsw_queue *q, const struct vsw_queue_policy *policy,
		    unsigned classes);
void vsw_queue_classes(struct vsw_queue *q, const struct vsw_class *class, unsigned n,
		       uint32_t mbps);
void vsw_queue_ready(struct vsw_port *p);
void vsw_queue_set(struct vsw_queue *q, const struct vsw_queue_policy *policy);
void vsw_queue_free(struct vsw_queue *q);
void vsw_queue_put(struct vsw_port *p, const struct pkt *pkt);
void vsw_queue_run(struct vsw_port *p);
void vsw_queue_flush(struct vsw_port *p, enum vsw_drop why);

/* shape.c */
int64_t vsw_shape_out_when(const struct vsw_port *p, int64_t now, uint32_t bytes);
void vsw_shape_out_charge(struct vsw_port *p, int64_t now, uint32_t bytes);

/* output.c */
void vsw_port_finish(struct vsw_port *p, const struct pkt *const *pkts, unsigned n);

#endif
