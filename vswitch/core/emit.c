/* SPDX-License-Identifier: BSD-2-Clause */
/* Frames that the switch itself makes. */
#include "core/emit.h"

#include "core/dequeue.h"
#include "core/send.h"

/**
 * vsw_port_emit() - Send frames that the switch made
 * @p:    To this port
 * @pkts: Views
 * @n:    Their number, <= PKT_BURST
 */
void vsw_port_emit(struct vsw_port *p, const struct pkt *const *pkts, unsigned n)
{
	struct vsw *sw = p->sw;
	unsigned was = sw->busy;

	if (p->out_special & (OUT_CLOSED | OUT_MAC_CHANGE)) {
		for (unsigned i = 0; i < n; i++)
			vsw_drop_pkt(p, port_closed_why(p), pkts[i]);
		return;
	}
	sw->busy = 1;
	if (!was)
		sw->look.timed = false;
	vsw_port_pass(p, pkts, n);
	if (!was)
		vsw_run_paced(sw);
	sw->busy = was;
}
