// SPDX-License-Identifier: GPL-2.0-or-later
/* Frames between a card and the rings that a daemon has; see remote.h. */
#include "remote-frames.h"
#include "hwnet/frame.h"

#define BURSTS 8u  /* from the daemon, before others get their turn */
#define PIECES 16u /* segments of a message that are made at a time */

/* Frames, and bytes, as on the wire: a message counts as its segments */
static void count(struct vsw_traffic *t, const struct pkt *pkt)
{
	static const uint8_t all[6] = { 0xff, 0xff, 0xff, 0xff, 0xff, 0xff };
	const uint8_t *to = pkt_head(pkt);
	unsigned n = gso_segments(pkt);
	struct vsw_count *c = &t->unicast;

	if (to[0] & 1)
		c = memcmp(to, all, sizeof(all)) ? &t->multicast : &t->broadcast;
	c->frames += n;
	c->bytes += pkt->len + (n - 1) * pkt->hdr_len;
	c->bytes += pkt->flags & PKT_VLAN ? n * FRAME_TAG_LEN : 0;
	t->gso += pkt->gso_type != PKT_GSO_NONE;
}

static void count_all(struct vsw_traffic *t, const struct pkt *const *pkts, unsigned n)
{
	for (unsigned i = 0; i < n; i++)
		count(t, pkts[i]);
}

/* How many, from the front, can be taken as they are */
static unsigned fitting(const struct pkt *const *pkts, unsigned n, uint32_t takes)
{
	unsigned i = 0;

	while (i < n && pkt_fits(pkts[i], takes) && vc_is_sendable(pkts[i]))
		i++;
	return i;
}

/* ---- from the card ---- */

/* A frame that the switch does not take as it is. Return: false: no room for (the first piece of)
 * it */
static bool put_pieces(struct vc_remote *r, const struct pkt *pkt)
{
	struct pkt_fit fit;
	struct pkt_buf buf;
	const struct pkt *piece;
	bool first = true;

	if (!vc_is_sendable(pkt)) {
		r->p->wrong_fcs++;
		return true;
	}
	if (pkt_fit_begin(&fit, pkt, vsw_front_takes(r->front))) {
		r->count.drops[VSW_DROP_FINISH]++;
		return true;
	}
	for (; (piece = pkt_fit_next(&fit, &buf)); first = false) {
		if (vsw_front_put(r->front, &piece, 1))
			continue;
		if (first)
			return false;
		r->count.drops[VSW_DROP_QUEUE_FULL]++; /* lost, as on a wire */
	}
	return true;
}

/* Return: how many the ring has taken */
static unsigned put(struct vc_remote *r, const struct pkt *const *pkts, unsigned n)
{
	uint32_t takes = vsw_front_takes(r->front);
	unsigned done = 0;

	while (done < n) {
		unsigned fit = fitting(pkts + done, n - done, takes), taken;

		if (!fit && !put_pieces(r, pkts[done]))
			break;
		taken = fit ? vsw_front_put(r->front, pkts + done, fit) : 1;
		done += taken;
		if (taken < fit)
			break;
	}
	return done;
}

/* Be told of what there is to do; at once if there is something already */
static void sleep_on(struct vc_remote *r)
{
	if (!vsw_front_sleep(r->front, !r->held))
		qemu_bh_schedule(r->poll);
}

unsigned vc_remote_input(struct vc_port *p, const struct pkt *const *pkts, unsigned n)
{
	struct vc_remote *r = p->remote;
	unsigned done;

	if (!p->up || !vsw_front_is_up(r->front)) {
		for (unsigned i = 0; i < n; i++)
			r->count.drops[VSW_DROP_LINK_DOWN] += gso_segments(pkts[i]);
		count_all(&r->count.in, pkts, n);
		return n;
	}
	done = put(r, pkts, n);
	vsw_front_flush(r->front);
	if (!vsw_front_is_up(r->front))
		done = n; /* broken just now: they are lost */
	count_all(&r->count.in, pkts, done);
	if (done < n) {
		r->count.held++;
		r->full = true;
		sleep_on(r);
	}
	return done;
}

/* ---- to the card ---- */

static unsigned give(struct vc_remote *r, const struct pkt *const *pkts, unsigned n)
{
	unsigned taken;

	if (!r->p->up) {
		for (unsigned i = 0; i < n; i++)
			r->count.drops[VSW_DROP_LINK_DOWN] += gso_segments(pkts[i]);
		return n;
	}
	taken = vc_port_output(r->p, pkts, n);
	count_all(&r->count.out, pkts, taken);
	return taken;
}

/* The next pieces of a frame. Return: how many there are */
static unsigned make_pieces(struct pkt_fit *fit, struct pkt_buf *buf, const struct pkt **piece)
{
	unsigned n = 0;

	while (n < PIECES && (piece[n] = pkt_fit_next(fit, &buf[n])))
		n++;
	return n;
}

/* A frame that the card does not take as it is. Return: false: it has left some of it */
static bool give_pieces(struct vc_remote *r, const struct pkt *pkt)
{
	struct pkt_buf buf[PIECES];
	const struct pkt *piece[PIECES];
	struct pkt_fit fit;
	unsigned n, taken;

	if (pkt_fit_begin(&fit, pkt, r->caps)) {
		r->count.drops[VSW_DROP_FINISH]++;
		return true;
	}
	pkt_fit_skip(&fit, r->pieces);
	while ((n = make_pieces(&fit, buf, piece))) {
		taken = give(r, piece, n);
		r->pieces += taken;
		if (taken < n)
			return false;
	}
	r->count.segmented += pkt->gso_type != PKT_GSO_NONE;
	r->pieces = 0;
	return true;
}

/* Return: how many the card has taken */
static unsigned give_all(struct vc_remote *r, const struct pkt *const *pkts, unsigned n)
{
	unsigned done = 0;

	while (done < n) {
		unsigned fit = fitting(pkts + done, n - done, r->caps), taken = 1;

		if (fit)
			taken = give(r, pkts + done, fit);
		else if (!give_pieces(r, pkts[done]))
			break;
		done += taken;
		if (taken < fit)
			break;
	}
	return done;
}

/* Return: whether there may be more */
static bool deliver_burst(struct vc_remote *r)
{
	const struct pkt *const *pkts;
	unsigned n = vsw_front_get(r->front, &pkts);
	unsigned taken = give_all(r, pkts, n);

	vsw_front_got(r->front, taken);
	r->held = taken < n;
	return n && !r->held;
}

void vc_remote_poll(void *opaque)
{
	struct vc_remote *r = opaque;
	unsigned bursts = 0;

	if (r->busy || r->p->gone)
		return;
	r->busy = true;
	r->held = false;
	while (bursts < BURSTS && deliver_burst(r))
		bursts++;
	vsw_front_flush(r->front);
	if (r->full && vsw_front_room(r->front)) {
		r->full = false;
		vc_port_input_ready(r->p);
	}
	r->busy = false;
	if (bursts == BURSTS)
		qemu_bh_schedule(r->poll);
	else
		sleep_on(r);
}

void vc_remote_kicked(void *opaque)
{
	struct vc_remote *r = opaque;

	vsw_front_wake(r->front);
	vc_remote_poll(r);
}

/* From inside a delivery the card says so of what it has just got: then the burst goes on */
void vc_remote_ready(struct vc_port *p)
{
	struct vc_remote *r = p->remote;

	if (r->busy)
		qemu_bh_schedule(r->poll);
	else if (r->held)
		vc_remote_poll(r);
}
