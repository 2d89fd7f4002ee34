/* SPDX-License-Identifier: BSD-2-Clause */
/* The egress queue of a port: its size, and the parameters of CoDel (theory in core/queue.h). */
#include "policy/levels-state.h"
#include "policy/row.h"
#include "core/dequeue.h"
#include "vswitch/fail.h"
#include "core/slots.h"

static const char *check(const struct vsw_policy *policy)
{
	const struct vsw_queue_policy *q = &policy->queue;

	if (q->target && q->target < 1000)
		return "queue.target-us: out of range (0, or 1 to 1000000)";
	return q->interval < q->target ? "queue.interval-us: is less than target-us" : NULL;
}

/* Queues of another size, and on uplinks with another number of classes */
static int prepare(struct vsw_txn *txn, char *err, size_t errlen)
{
	for (struct vsw_txn_item *it = txn->items; it; it = it->next) {
		unsigned classes = it->port->is_uplink ? txn->sw_policy.n_classes : 0;

		if (vsw_queue_fits(it->port->queue, &it->policy.queue, classes))
			continue;
		it->made[POLICY_QUEUEING] = vsw_queue_new(&it->policy.queue, classes);
		if (!it->made[POLICY_QUEUEING])
			return vsw_fail(err, errlen, "out of memory");
	}
	return 0;
}

static void commit(struct vsw_txn_item *it)
{
	struct vsw_port *p = it->port;
	struct vsw_queue *was = p->queue;

	if (it->made[POLICY_QUEUEING]) {
		vsw_queue_flush(p, VSW_DROP_QUEUE_FULL);
		p->queue = it->made[POLICY_QUEUEING];
		it->made[POLICY_QUEUEING] = was;
	}
	vsw_queue_set(p->queue, &it->policy.queue);
}

static void discard(void *made)
{
	vsw_queue_free(made);
}

static void gone(struct vsw_port *p)
{
	vsw_queue_free(p->queue);
}

static const struct vsw_value_row values[] = {
	{ "queue", VSW_VALUE_OBJECT, .help = "egress queue (RFC 8290)" },
	{ "queue.frames", VSW_VALUE_NUMBER, PORT_VALUE(queue.frames), .min = 16, .max = 65536,
	  .init = 1024, .help = "most frames that wait, of which a TSO message is one" },
	{ "queue.bytes", VSW_VALUE_NUMBER, PORT_VALUE(queue.bytes), .min = 65536, .max = 256u << 20,
	  .init = 4u << 20, .help = "most bytes that wait, as on the wire" },
	{ "queue.target-us", VSW_VALUE_US, PORT_VALUE(queue.target), .max = 1000000,
	  .init = 5000, /* RFC 8289 4.4 */
	  .help = "CoDel: standing delay that is tolerated; 0: any, only a full queue drops" },
	{ "queue.interval-us", VSW_VALUE_US, PORT_VALUE(queue.interval), .min = 1, .max = 10000000,
	  .init = 100000, /* RFC 8289 4.3 */
	  .help = "CoDel: for how long more is; not less than `target-us`" },
	{ "queue.ecn", VSW_VALUE_BOOL, PORT_VALUE(queue.ecn), .init = true,
	  .help = "CoDel: mark ECN-capable packets instead of dropping them" },
	{ 0 }
};

const struct vsw_policy_row vsw_policy_queueing = {
	.name = "queue",
	.port_values = values,
	.check_port = check,
	.prepare = prepare,
	.commit_port = commit,
	.discard_port = discard,
	.gone = gone,
	.port_state = vsw_queue_state,
};
