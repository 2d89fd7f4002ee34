/* SPDX-License-Identifier: BSD-2-Clause */
/* The egress queue of a port: its size, and the parameters of CoDel (core/queue.h has the theory). */
#include "policy/row.h"
#include "core/dequeue.h"
#include "vswitch/fail.h"
#include "core/slots.h"

static const char *check(const struct vsw_policy *policy)
{
	const struct vsw_queue_policy *q = &policy->queue;

	if (q->frames < 16 || q->frames > 65536)
		return "queue: frames out of range (16 to 65536)";
	if (q->bytes < 65536 || q->bytes > 256u << 20)
		return "queue: bytes out of range (65536 to 268435456)";
	if ((q->target && q->target < 1000) || q->target > NS_PER_S)
		return "queue: target out of range (0, or 1 us to 1 s)";
	if (q->interval < 1000 || q->interval > 10 * NS_PER_S)
		return "queue: interval out of range (1 us to 10 s)";
	return q->interval < q->target ? "queue: interval is shorter than target" : NULL;
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

const struct vsw_policy_row vsw_policy_queueing = {
	.name = "queue",
	.check_port = check,
	.prepare = prepare,
	.commit_port = commit,
	.discard_port = discard,
	.gone = gone,
};
