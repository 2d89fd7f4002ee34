/* SPDX-License-Identifier: BSD-2-Clause */
/* What is to be done at the deadlines. */
#include "core/dequeue.h"
#include "core/due.h"
#include "core/open.h"
#include "core/port-io.h"
#include "policy/row.h"

void vsw_timer(struct vsw *sw)
{
	int64_t now = vsw_now(sw);

	if (sw->busy)
		return;
	sw->in_timer = true;
	EACH_POLICY(n, due)
		if (sw->due[DUE_POLICY + n] <= now)
			vsw_policies[n]->due(sw, now);
	if (sw->due[DUE_OPEN] <= now)
		vsw_ports_open_due(sw, now);
	if (sw->due[DUE_QUEUE] <= now)
		vsw_queues_due(sw, now);
	if (sw->due[DUE_INPUT] <= now)
		vsw_ports_notify(sw, now);
	sw->in_timer = false;
	sw->wished = VSW_NEVER; /* the host's timer has run out: what is wanted next must be said */
	vsw_due_tell(sw);
}
