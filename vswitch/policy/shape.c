/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Shaping: VMware's average, peak and burst size, as two token buckets that both must have room.
 *
 * On the way in a frame beyond it is left at the owner, for a card in the guest's ring, and the
 * owner is told when its time has come. On the way out frames wait in the port's queue (queue.c
 * asks vsw_shape_out_when()).
 */
#include "core/queue.h"
#include "core/vsw.h"

/* Peak is a rate within the burst: its own bucket is small, but a whole message must fit */
#define PEAK_DEPTH_BITS (UINT64_C(8) * PKT_MAX_LEN)

static int64_t later(int64_t a, int64_t b)
{
	return a > b ? a : b;
}

static void set(struct bucket *average, struct bucket *peak, const struct vsw_shape_policy *s)
{
	struct bucket was = *average;

	bucket_set(average, s->average, s->burst * 8);
	if (average->rate != was.rate || average->depth != was.depth)
		average->due = 0;
	bucket_set(peak, s->average ? s->peak : 0, PEAK_DEPTH_BITS);
}

/**
 * vsw_shape_compile() - Bring a port's shaping into force
 * @p: The port
 */
void vsw_shape_compile(struct vsw_port *p)
{
	set(&p->in_average, &p->in_peak, &p->policy.shape_in);
	set(&p->out_average, &p->out_peak, &p->policy.shape_out);
	if (p->policy.shape_in.average)
		p->in_special |= IN_SHAPED;
	if (p->policy.shape_out.average || (p->is_uplink && p->sw->policy.n_classes))
		p->out_special |= OUT_PACED;
}

/**
 * vsw_shape_in() - How many frames may come in now?
 * @p:    The port, IN_SHAPED
 * @pkts: Frames
 * @n:    Their number
 *
 * If not all, the owner's next try is arranged for.
 *
 * Return: how many, from the front; they are charged.
 */
unsigned vsw_shape_in(struct vsw_port *p, const struct pkt *const *pkts, unsigned n)
{
	int64_t now = vsw_now(p->sw);

	for (unsigned i = 0; i < n; i++) {
		uint64_t bits = UINT64_C(8) * wire_bytes(pkts[i]);
		int64_t when = later(bucket_when(&p->in_average, now, bits),
				     bucket_when(&p->in_peak, now, bits));

		if (when > now) {
			p->input_at = when;
			return i;
		}
		bucket_charge(&p->in_average, now, bits);
		bucket_charge(&p->in_peak, now, bits);
	}
	return n;
}

/**
 * vsw_shape_out_when() - When may this leave by the port?
 * @p:     The port
 * @now:   The time
 * @bytes: Its bytes on the wire
 *
 * Return: the time; not after @now: at once.
 */
int64_t vsw_shape_out_when(const struct vsw_port *p, int64_t now, uint32_t bytes)
{
	uint64_t bits = UINT64_C(8) * bytes;

	return later(bucket_when(&p->out_average, now, bits), bucket_when(&p->out_peak, now, bits));
}

/**
 * vsw_shape_out_charge() - It leaves
 * @p:     The port
 * @now:   The time
 * @bytes: Its bytes on the wire
 */
void vsw_shape_out_charge(struct vsw_port *p, int64_t now, uint32_t bytes)
{
	bucket_charge(&p->out_average, now, UINT64_C(8) * bytes);
	bucket_charge(&p->out_peak, now, UINT64_C(8) * bytes);
}

/**
 * vsw_queues_due() - Run the paced queues whose time has come, and set the next deadline
 * @sw:  The switch, not busy
 * @now: The time
 */
void vsw_queues_due(struct vsw *sw, int64_t now)
{
	int64_t next = VSW_NEVER;

	for (unsigned i = 1; i <= sw->last_port; i++) {
		struct vsw_port *p = sw->port[i];

		if (!p || p->queue_at == VSW_NEVER)
			continue;
		if (p->queue_at <= now) {
			sw->busy = 1;
			vsw_queue_run(p);
			sw->busy = 0;
		}
		if (p->queue_at < next)
			next = p->queue_at;
	}
	vsw_due_at(sw, DUE_QUEUE, next);
}
