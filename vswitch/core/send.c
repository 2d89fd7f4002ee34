/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Frames to the owner of a port, or into its queue.
 *
 * Views are what is queued; finishing (segments, checksums, tag into the bytes) comes after the
 * queue, for what the receiver takes at that moment.
 */
#include "core/send.h"

#include "core/queue.h"

static uint8_t kind_of(const struct pkt *p)
{
	uint64_t dst = mac_from(pkt_head(p));

	if (likely(!mac_is_group(dst)))
		return KIND_UNICAST;
	return dst == MAC_BROADCAST ? KIND_BROADCAST : KIND_MULTICAST;
}

static void count_out(struct vsw_port *p, const struct pkt *const *pkts, unsigned n)
{
	for (unsigned i = 0; i < n; i++) {
		struct vsw_count *t = traffic_of(&p->c.out, kind_of(pkts[i]));

		t->frames += wire_frames(pkts[i]);
		t->bytes += wire_bytes(pkts[i]);
		p->c.out.gso += pkts[i]->gso_type != PKT_GSO_NONE;
	}
}

/**
 * vsw_port_send() - Give frames that fit to the owner
 * @p:    The port
 * @pkts: Frames that need nothing more
 * @n:    Their number
 *
 * Return: how many the owner dealt with; they are counted.
 */
unsigned vsw_port_send(struct vsw_port *p, const struct pkt *const *pkts, unsigned n)
{
	unsigned taken = p->ops->send(p->opaque, pkts, n);

	if (unlikely(taken > n))
		taken = n;
	count_out(p, pkts, taken);
	return taken;
}

static void send_or_queue(struct vsw_port *p, const struct pkt *const *pkts, unsigned n)
{
	unsigned taken = p->out_special & OUT_QUEUED ? 0 : vsw_port_send(p, pkts, n);

	if (unlikely(taken < n)) /* the owner left some: they wait */
		vsw_queue_put(p, pkts + taken, n - taken);
}

/* Finish one frame that the owner does not take as it is, and send it */
static void send_finished(struct vsw *sw, struct vsw_port *p, const struct pkt *pkt)
{
	const struct pkt *out[PKT_BURST];
	unsigned n;

	if (pkt_fit_begin(&sw->fit, pkt, p->takes)) {
		vsw_drop_pkt(p, VSW_DROP_FINISH, pkt);
		return;
	}
	p->c.segmented += pkt->gso_type && sw->fit.todo;
	p->c.csummed += pkt->flags & PKT_CSUM_PARTIAL && !(p->takes & PKT_TAKES_CSUM);
	do {
		for (n = 0; n < PKT_BURST; n++) {
			out[n] = pkt_fit_next(&sw->fit, &sw->segment[n]);
			if (!out[n])
				break;
		}
		if (n)
			send_or_queue(p, out, n);
	} while (n == PKT_BURST);
}

/* Send views, finishing those that the owner does not take as they are. Frames that fit go in runs,
 * in order with the others. */
static void finish(struct vsw_port *p, const struct pkt *const *pkts, unsigned n)
{
	struct vsw *sw = p->sw;
	unsigned from = 0;

	for (unsigned i = 0; i < n; i++) {
		if (likely(pkt_fits(pkts[i], p->takes)))
			continue;
		if (i > from)
			send_or_queue(p, pkts + from, i - from);
		send_finished(sw, p, pkts[i]);
		from = i + 1;
	}
	if (n > from)
		send_or_queue(p, pkts + from, n - from);
}

/* Somebody sees them first. True: that is all, or they need not wait and are sent */
__attribute__((noinline)) static bool look(struct vsw_port *p, const struct pkt *const *pkts,
					   unsigned n)
{
	if (vsw_look_pass(p, pkts, n))
		return true;
	if (p->out_special & (OUT_QUEUED | OUT_PACED))
		return false;
	finish(p, pkts, n);
	return true;
}

/**
 * vsw_port_pass() - Views to a port that is open, straight or through its queue
 * @p:    The port
 * @pkts: Views
 * @n:    Their number, <= PKT_BURST
 *
 * A paced queue is not run here: that is for vsw_run_paced(), once for all of a burst.
 */
void vsw_port_pass(struct vsw_port *p, const struct pkt *const *pkts, unsigned n)
{
	struct vsw *sw = p->sw;

	if (!(p->out_special & (OUT_QUEUED | OUT_PACED | OUT_LOOK))) {
		finish(p, pkts, n);
		return;
	}
	if (unlikely(p->out_special & OUT_LOOK) && look(p, pkts, n))
		return;
	vsw_queue_put(p, pkts, n);
	if (p->out_special & OUT_PACED && !p->in_paced) {
		p->in_paced = true;
		sw->paced_port[sw->paced++] = p->number;
	}
}
