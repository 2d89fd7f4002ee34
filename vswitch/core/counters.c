/* SPDX-License-Identifier: BSD-2-Clause */
/* What ports counted. */
#include "core/queue.h"

void vsw_port_counters(const struct vsw_port *p, struct vsw_counters *c)
{
	*c = p->c;
	c->queue_frames = p->queue->frames;
	c->queue_bytes = p->queue->bytes;
	c->addresses = p->sw->fdb.learnt[p->fdb_port];
}

void vsw_port_set_counters(struct vsw_port *p, const struct vsw_counters *c)
{
	p->c = *c;
}

void vsw_port_clear_counters(struct vsw_port *p)
{
	memset(&p->c, 0, sizeof(p->c));
}
