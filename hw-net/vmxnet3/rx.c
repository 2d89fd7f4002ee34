/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Receive: a burst of frames into queues.
 *
 * Each frame is filtered, made to be what this guest takes (checksum completed, tag where it is
 * wanted, cut if whole messages are not), hashed to a queue, and put into buffers there.
 * Completions collect in struct vmx_rx_work and are written when the burst is through, with one
 * interrupt decision for each queue touched.
 *
 * The first frame that waits for buffers ends the burst: it and what follows stay at the host, for
 * how long, says rx-wait.c. An inactive device, and one without link, drops.
 */
#include "rx.h"

#include "filter.h"
#include "intr.h"
#include "rss.h"
#include "rx-done.h"
#include "rx-fill.h"
#include "rx-offload.h"
#include "rx-ring.h"
#include "rx-wait.h"
#include "stats.h"

/* enum outcome - of one frame */
enum outcome {
	DONE,	 /* delivered, or dropped and counted */
	STARVED, /* there are no buffers now */
	HELD,	 /* it waits for some */
	UNFIT,	 /* a message for which there will never be enough; its segments need fewer */
};

/* What this guest takes. Completed checksums always: it may forward what it receives. */
static uint32_t takes(const struct vmx *v)
{
	const struct vmx_state *st = v->s;
	uint32_t t = PKT_TAKES_ECN;

	if (st->features & UPT_F_RXVLAN)
		t |= PKT_TAKES_VLAN;
	if ((st->features & UPT_F_LRO) && v->nic.cfg.values[PROP_LRO])
		t |= PKT_TAKES_TCPV4 | PKT_TAKES_TCPV6;
	if (st->rev >= 4 && (st->features & UPT_F_RXINNEROFLD))
		t |= PKT_TAKES_TUNNEL;
	return t;
}

/**
 * vmx_rx_caps() - hwnet_rx_caps() of this model
 * @nic: The card
 *
 * Return: PKT_TAKES_... of messages that the guest takes whole.
 */
uint32_t vmx_rx_caps(const struct hwnet_nic *nic)
{
	const struct vmx *v = vmx_of_const(nic);

	return v->s->active ? takes(v) & (PKT_TAKES_TCPV4 | PKT_TAKES_TCPV6) : 0;
}

/* What this guest takes of this frame: an unfinished checksum only with a message that it takes
 * whole. */
static uint32_t takes_of(const struct vmx *v, const struct pkt *pkt)
{
	uint32_t t = takes(v);

	if (pkt->gso_type && pkt_fits(pkt, t | PKT_TAKES_CSUM | PKT_TAKES_VLAN))
		t |= PKT_TAKES_CSUM;
	if ((pkt->flags & PKT_VLAN) && pkt->vlan_tpid != FRAME_TYPE_VLAN)
		t &= ~PKT_TAKES_VLAN; /* the completion has no room for a type */
	return t;
}

static HWNET_RARE enum outcome drop(struct vmx *v, unsigned queue)
{
	++*vmx_rx_stat(v, queue, RXS_ERROR);
	v->nic.counters.rx_dropped++;
	return DONE;
}

/* The queue that was starved last loses @n frames, as they are on the wire. */
static HWNET_RARE enum outcome lose(struct vmx *v, unsigned n)
{
	*vmx_rx_stat(v, v->rx_starved, RXS_OUT_OF_BUF) += n;
	v->nic.counters.rx_no_buffer += n;
	return DONE;
}

/* Frames for the one queue that there is wait as long as they have to. */
static bool may_wait(struct vmx *v)
{
	return v->s->n_rxq == 1 || vmx_rx_may_wait(v);
}

static HWNET_RARE enum outcome wait_or_lose(struct vmx *v, const struct pkt *pkt)
{
	if (may_wait(v))
		return HELD;
	return lose(v, pkt->gso_type ? gso_segments(pkt) : 1);
}

/* Plan a frame; a second time if there was nothing, because the driver may have added buffers
 * before it saw the request. */
static enum vmx_plan plan_twice(struct vmx *v, unsigned queue, uint32_t len)
{
	enum vmx_plan res = vmx_rx_plan(v, queue, len, &v->plan);

	if (res != PLAN_STARVED || !vmx_rx_starve(v, queue))
		return res;
	res = vmx_rx_plan(v, queue, len, &v->plan);
	if (res == PLAN_OK)
		vmx_rx_sated(v, queue);
	return res;
}

/* Queue of a frame, and what is to be said of it. */
static inline __attribute__((always_inline)) unsigned classify(struct vmx *v, const struct pkt *pkt,
							       struct frame *f,
							       struct vmx_rx_info *info)
{
	if (v->s->hash_type || (v->s->features & (UPT_F_RXCSUM | UPT_F_LRO)))
		frame_parse(f, pkt, pkt->gso_type ? FRAME_OPT_ANY_LEN : 0);
	else
		memset(f, 0, sizeof(*f));
	if (v->s->hash_type)
		return vmx_rss_queue(v, pkt, f, &info->rss_type, &info->hash);
	info->rss_type = RSS_TYPE_NONE;
	info->hash = 0;
	return 0;
}

/* There is no plan for a frame. */
static HWNET_RARE enum outcome not_placed(struct vmx *v, const struct pkt *pkt, unsigned queue,
					  enum vmx_plan why)
{
	if (why == PLAN_STARVED)
		return STARVED;
	return why == PLAN_TOO_LONG && pkt->gso_type ? UNFIT : drop(v, queue);
}

/* Put a frame that is as the guest wants it into its queue. */
static enum outcome place(struct vmx *v, const struct pkt *pkt)
{
	struct vmx_rx_info info;
	struct frame f;
	unsigned queue = classify(v, pkt, &f, &info);
	uint32_t len = pkt->len < FRAME_MIN_LEN ? FRAME_MIN_LEN : pkt->len;
	enum vmx_plan res;

	if (v->s->rxq[queue].stopped)
		return drop(v, queue);
	res = plan_twice(v, queue, len);
	if (res != PLAN_OK)
		return not_placed(v, pkt, queue, res);
	vmx_rx_describe(v, pkt, &f, &info);
	if (vmx_put_frame(v, pkt, &v->plan)) {
		hwnet_guest_error(&v->nic, "receive queue %u: a buffer is not memory", queue);
		vmx_rxq_stop(v, queue, ERR_TXD_INVALID);
		return drop(v, queue);
	}
	vmx_rx_take(&v->s->rxq[queue], &v->plan);
	vmx_rx_complete(v, queue, &v->plan, len, &info);
	v->rx_touched |= 1u << queue;
	vmx_count_rx(v, queue, pkt, info.segs);
	return DONE;
}

/* A tag of the bytes goes into the completion, if the guest wants that. */
static enum outcome strip_and_place(struct vmx *v, const struct pkt *pkt)
{
	if ((v->s->features & UPT_F_RXVLAN) && !(pkt->flags & PKT_VLAN) &&
	    frame_be16(pkt_head(pkt) + FRAME_ADDRS_LEN) == FRAME_TYPE_VLAN &&
	    !pkt_vlan_to_meta(pkt, &v->stripped))
		pkt = &v->stripped.pkt;
	return place(v, pkt);
}

/* Does a message wait, until all of its segments, which go to one queue, have room? */
static bool message_waits(struct vmx *v, const struct pkt *pkt)
{
	struct vmx_rx_info info;
	struct frame f;
	unsigned queue = classify(v, pkt, &f, &info);

	if (v->s->rxq[queue].stopped || vmx_rx_room(v, queue, pkt))
		return false;
	if (vmx_rx_starve(v, queue) && vmx_rx_room(v, queue, pkt))
		return false;
	return may_wait(v);
}

/* A frame that is not as the guest takes it. */
static HWNET_APART enum outcome fit_and_place(struct vmx *v, const struct pkt *pkt, uint32_t t)
{
	const struct pkt *out;
	unsigned n = 0;

	if (pkt->gso_type && message_waits(v, pkt))
		return HELD;
	if (pkt_fit_begin(&v->fit, pkt, t))
		return drop(v, 0);
	while ((out = pkt_fit_next(&v->fit, &v->fitted))) {
		if (strip_and_place(v, out) == STARVED)
			return pkt->gso_type ? lose(v, gso_segments(pkt) - n) :
					       wait_or_lose(v, pkt);
		n++;
	}
	return DONE;
}

/* Longer than the guest's MTU; two tags more are let through, as buffers have room for (Linux
 * VMXNET3_MAX_ETH_HDR_SIZE). */
static bool too_long(const struct vmx *v, const struct pkt *pkt)
{
	return pkt->gso_type == PKT_GSO_NONE &&
	       pkt->len > v->s->mtu + FRAME_ETH_LEN + 2 * FRAME_TAG_LEN;
}

static enum outcome receive(struct vmx *v, const struct pkt *pkt)
{
	enum outcome o;

	if (!vmx_filter_pass(v, pkt)) {
		v->nic.counters.rx_filtered++;
		return DONE;
	}
	if ((pkt->flags & PKT_FCS_BAD) || too_long(v, pkt))
		return drop(v, 0);
	if (!pkt_fits(pkt, 0)) { /* there is something to be done to it, or it is a message */
		uint32_t t = takes_of(v, pkt);

		if (!pkt_fits(pkt, t))
			return fit_and_place(v, pkt, t);
	}
	o = strip_and_place(v, pkt);
	if (o == UNFIT)
		return fit_and_place(v, pkt, takes(v) & PKT_TAKES_VLAN);
	return o == STARVED ? wait_or_lose(v, pkt) : o;
}

/* Write completions, and tell. */
static void finish(struct vmx *v)
{
	for (; v->rx_touched; v->rx_touched &= v->rx_touched - 1) {
		unsigned i = (unsigned)__builtin_ctz(v->rx_touched);

		vmx_rx_flush(v, i);
		vmx_intr_raise(v, v->s->rxq[i].intr, 0, v->rx[i].frames);
		v->rx[i].frames = 0;
	}
}

/**
 * vmx_rx() - hwnet_rx() of this model
 * @nic:  The card
 * @pkts: Frames
 * @n:    Their number
 *
 * Return: how many were dealt with.
 */
unsigned vmx_rx(struct hwnet_nic *nic, const struct pkt *const *pkts, unsigned n)
{
	struct vmx *v = vmx_of(nic);
	unsigned i;

	if (!v->s->active || !nic->carrier) {
		nic->counters.rx_dropped += n;
		return n;
	}
	for (i = 0; i < n; i++)
		if (receive(v, pkts[i]) == HELD)
			break;
	finish(v);
	return i;
}
