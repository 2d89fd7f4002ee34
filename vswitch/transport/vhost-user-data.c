/* SPDX-License-Identifier: BSD-2-Clause */
/* The data half of vhost-user: frames between rings and the switch; see vhost-user.h. */
#include <sys/epoll.h>

#include "hwnet/hash.h"
#include "hwnet/rarp.h"
#include "peer/call.h"
#include "vhost-user.h"

#define BURSTS	  4u	  /* of a ring in a turn, at most */
#define FLOOD	  1000u	  /* kicks without frames */
#define LOOK_EACH 1000000 /* ns between looks at rings without kicks */

_Static_assert(sizeof(struct vring_burst) <= VSW_SCRATCH, "a burst lies in the worker's scratch");

static unsigned rings(const struct vsw_vhost *v)
{
	return 2 * v->be->conf.pairs;
}

/* Ask all drivers for kicks, or not to kick. Return: with @on, whether there is work already */
static bool kicks(struct vsw_vhost *v, bool on)
{
	bool work = false;

	v->armed = on;
	for (unsigned i = 0; i < rings(v); i++) {
		struct vring *vq = vsw_vhost_ring(v->be, i);

		if (vq && (!on || (i & 1 ? !v->held : v->full)))
			work |= vsw_vring_kicks(vq, on);
		else if (vq) /* what it offers changes nothing now */
			vsw_vring_kicks(vq, false);
	}
	return work;
}

static void wake(struct vsw_vhost *v)
{
	if (!v->moving)
		return;
	if (v->armed)
		kicks(v, false);
	vsw_poller_wake(v->wire.worker, &v->poller);
}

/* ---- kicks ---- */

static void unwatch(struct vsw_vhost *v)
{
	for (unsigned i = 0; i < rings(v); i++) {
		if (v->kick[i].on)
			vsw_watch_remove(v->wire.worker, &v->kick[i].watch);
		v->kick[i].on = false;
	}
}

static void kicked(struct vsw_watch *watch, uint32_t events)
{
	struct vsw_vhost_kick *k = (struct vsw_vhost_kick *)watch;
	struct vsw_vhost *v = k->v;

	if (++v->wakes == FLOOD)
		unwatch(v);
	wake(v);
}

/* For edges: it is never read. */
static void watch(struct vsw_vhost *v)
{
	for (unsigned i = 0; i < rings(v); i++) {
		struct vsw_vhost_kick *k = &v->kick[i];

		if (k->on || !vsw_vhost_ring(v->be, i) || v->be->ring[i].kick_fd < 0)
			continue;
		k->watch = (struct vsw_watch) { v->be->ring[i].kick_fd, EPOLLIN | EPOLLET, kicked };
		k->v = v;
		k->on = vsw_watch_add(v->wire.worker, &k->watch) == 0;
	}
}

/* Does a ring that runs have no kick that is listened to? */
static bool is_deaf(const struct vsw_vhost *v)
{
	for (unsigned i = 0; i < rings(v); i++)
		if (vsw_vhost_ring(v->be, i) && !v->kick[i].on)
			return true;
	return false;
}

static void look_again(struct vsw_alarm *alarm)
{
	wake((struct vsw_vhost *)((char *)alarm - offsetof(struct vsw_vhost, alarm)));
}

static bool arm(struct vsw_poller *poller)
{
	struct vsw_vhost *v = (void *)((char *)poller - offsetof(struct vsw_vhost, poller));

	if (is_deaf(v)) {
		vsw_alarm_set(v->wire.worker, &v->alarm,
			      vsw_worker_now(v->wire.worker) + LOOK_EACH);
		return true;
	}
	if (!kicks(v, true))
		return true;
	kicks(v, false);
	return false;
}

/* ---- broken rings ---- */

/* Return: false: the wire is over */
static bool sound(struct vsw_vhost *v)
{
	if (v->be->mem.broken) {
		vsw_wire_fail(&v->wire, "the memory of the virtual machine was taken away");
		return false;
	}
	for (unsigned i = 0; i < rings(v) && !v->told; i++) {
		struct vring *vq = vsw_vhost_ring(v->be, i);

		if (!vq || !vq->why)
			continue;
		v->told = true;
		if (v->be->ring[i].err_fd >= 0)
			peer_call(v->be->ring[i].err_fd);
		vsw_port_set_link(v->wire.port, false);
		vsw_note_post(v->wire.worker, &v->broken);
	}
	return true;
}

/* ---- frames ---- */

static void signal_all(struct vsw_vhost *v)
{
	for (unsigned i = 0; i < rings(v); i++) {
		struct vring *vq = vsw_vhost_ring(v->be, i);

		if (vq)
			vsw_vring_signal(vq);
	}
}

/* The end of a round in which frames moved, either way */
static void finish(struct vsw_flush *flush)
{
	struct vsw_vhost *v = (void *)((char *)flush - offsetof(struct vsw_vhost, flush));

	signal_all(v);
	sound(v);
}

/* From a driver to the switch. Return: chains dealt with */
static unsigned take(struct vsw_vhost *v, struct vring *vq)
{
	struct vring_burst *b = (void *)vsw_worker_scratch(v->wire.worker);
	unsigned done = 0;

	for (unsigned i = 0; i < BURSTS && !v->held; i++) {
		unsigned n = vsw_vring_get(vq, b), taken;

		taken = n ? vsw_port_input(v->wire.port, b->pkts, n) : 0;
		vsw_vring_got(vq, b, taken);
		v->held = taken < n;
		done += b->chains;
		if (b->chains < PKT_BURST)
			break;
	}
	return done;
}

/* The driver has more buffers than when it was full. Return: whether so */
static bool room(struct vsw_vhost *v)
{
	const struct vring *vq = v->full ? vsw_vhost_ring(v->be, 2 * v->pair[0]) : NULL;

	if (!vq || !vsw_vring_more(vq))
		return false;
	v->full = false;
	vsw_port_ready(v->wire.port);
	return true;
}

static unsigned poll(struct vsw_poller *poller)
{
	struct vsw_vhost *v = (void *)((char *)poller - offsetof(struct vsw_vhost, poller));
	unsigned done = 0;

	for (unsigned i = 1; i < rings(v); i += 2) {
		struct vring *vq = vsw_vhost_ring(v->be, i);

		if (vq)
			done += take(v, vq);
	}
	done += room(v);
	if (!done)
		return sound(v) ? 0 : 1;
	v->wakes = 0;
	vsw_flush_later(v->wire.worker, &v->flush);
	if (sound(v) && v->moving)
		watch(v); /* again, if there was a flood */
	return done;
}

static unsigned put(struct vsw_vhost *v, unsigned pair, const struct pkt *const *pkts, unsigned n)
{
	return vsw_vring_put(vsw_vhost_ring(v->be, 2 * pair), pkts, n);
}

static uint32_t flow(const struct pkt *pkt)
{
	struct frame f;

	if (pkt->flags & PKT_HASH)
		return pkt->hash;
	frame_parse(&f, pkt, 0);
	return frame_flow_hash(pkt_head(pkt), &f);
}

/* Each flow to its pair; what a full ring does not take is lost */
static void spread(struct vsw_vhost *v, const struct pkt *const *pkts, unsigned n)
{
	const struct pkt *list[VHOST_PAIRS][PKT_BURST];
	unsigned listed[VHOST_PAIRS] = { 0 };

	for (unsigned i = 0; i < n; i++) {
		unsigned to = (unsigned)((uint64_t)flow(pkts[i]) * v->pairs >> 32);

		list[to][listed[to]++] = pkts[i];
	}
	for (unsigned to = 0; to < v->pairs; to++)
		if (listed[to])
			v->lost += listed[to] - put(v, v->pair[to], list[to], listed[to]);
}

unsigned vsw_vhost_data_send(struct vsw_wire *wire, const struct pkt *const *pkts, unsigned n)
{
	struct vsw_vhost *v = (struct vsw_vhost *)wire;
	unsigned taken = n;

	if (!v->moving || !v->pairs) {
		v->full = true; /* parked: it goes on soon */
		return 0;
	}
	if (v->pairs == 1)
		taken = put(v, v->pair[0], pkts, n);
	else
		spread(v, pkts, n);
	vsw_flush_later(wire->worker, &v->flush);
	if (taken < n) {
		v->full = true;
		wake(v); /* to look for buffers, and then to ask for a kick */
	}
	return taken;
}

void vsw_vhost_data_input_ready(struct vsw_wire *wire)
{
	struct vsw_vhost *v = (struct vsw_vhost *)wire;

	v->held = false;
	wake(v);
}

/* ---- hand-over ---- */

/* Where the virtual machine is now, the switch learns as from any frame */
static void announce(struct vsw_vhost *v)
{
	uint8_t bytes[FRAME_RARP_LEN];
	struct iovec iov;
	struct pkt pkt;
	const struct pkt *one = &pkt;

	v->be->rarp = false;
	frame_rarp(bytes, v->be->rarp_mac);
	pkt_flat(&pkt, &iov, bytes, sizeof(bytes));
	vsw_port_input(v->wire.port, &one, 1);
}

static void find_pairs(struct vsw_vhost *v)
{
	v->pairs = 0;
	for (unsigned i = 0; i < v->be->conf.pairs; i++) {
		struct vring *vq = vsw_vhost_ring(v->be, 2 * i);

		if (vq && vq->enabled)
			v->pair[v->pairs++] = (uint8_t)i;
	}
}

static bool link_up(const struct vsw_vhost *v)
{
	return v->be->link && (!v->be->has_card || v->be->card.flags & VHOST_CARD_LINK);
}

static void tell_switch(struct vsw_vhost *v)
{
	const struct vhost_card *card = &v->be->card;
	struct vsw_addrs addrs = { .promiscuous = card->flags & VHOST_CARD_PROMISCUOUS,
				   .allmulti = card->flags & VHOST_CARD_ALLMULTI,
				   .n = card->n,
				   .addrs = card->addrs };

	v->be->new_card = false;
	memcpy(addrs.mac, card->mac, sizeof(addrs.mac));
	if (card->flags & VHOST_CARD_ADDRS)
		vsw_port_set_addrs(v->wire.port, &addrs);
}

/* The link does not follow rings that stand: for the port there is another wire, or its machine is
 * about to move */
static bool waits(const struct vsw_vhost *v)
{
	return v->wire.waits || (v->be->protocol & VIRTIO_BIT(VHOST_PROTOCOL_STATE) &&
				 v->be->card.flags & VHOST_CARD_LINK);
}

void vsw_vhost_data_card(struct vsw_vhost *v)
{
	if (!v->wire.port)
		return; /* vsw_vhost_data_start() follows */
	tell_switch(v);
	if (v->moving && !v->told && (v->be->link || !waits(v)))
		vsw_port_set_link(v->wire.port, link_up(v));
}

/* The rings are here, and a port is */
static void move(struct vsw_vhost *v)
{
	v->moving = true;
	v->told = false;
	v->wakes = 0;
	find_pairs(v);
	watch(v);
	vsw_port_set_caps(v->wire.port, v->be->takes);
	if (v->be->link || !waits(v))
		vsw_port_set_link(v->wire.port, link_up(v));
	if (v->be->rarp && v->be->link)
		announce(v);
	kicks(v, false);
	wake(v); /* the driver may have offered something before it could kick */
	if (!v->full)
		return;
	v->full = false;
	vsw_port_ready(v->wire.port);
}

static void stand(struct vsw_vhost *v)
{
	if (!v->moving)
		return;
	v->moving = false;
	unwatch(v);
	vsw_poller_remove(v->wire.worker, &v->poller);
	vsw_alarm_set(v->wire.worker, &v->alarm, INT64_MAX);
	vsw_flush_cancel(&v->flush);
	signal_all(v);
}

void vsw_vhost_data_init(struct vsw_vhost *v)
{
	v->poller.poll = poll;
	v->poller.arm = arm;
	v->alarm.ring = look_again;
	v->flush.flush = finish;
}

void vsw_vhost_data_give(struct vsw_vhost *v)
{
	v->mine = true;
	if (v->wire.port)
		move(v);
}

void vsw_vhost_data_take(struct vsw_vhost *v)
{
	stand(v);
	v->mine = false;
}

void vsw_vhost_data_start(struct vsw_vhost *v)
{
	v->held = v->full = false;
	if (v->be->has_card)
		tell_switch(v);
	if (v->mine)
		move(v);
}

void vsw_vhost_data_stop(struct vsw_vhost *v)
{
	stand(v);
}

static void show_ring(const struct vring *vq, const char *name, struct vsw_facts *facts)
{
	vsw_fact_text(facts, name, "%s, %u entries%s%s%s%s", vq->packed ? "packed" : "split",
		      vq->num, vq->enabled ? "" : ", disabled", vq->log ? ", logged" : "",
		      vq->why ? ", broken: " : "", vq->why ? vq->why : "");
}

void vsw_vhost_data_show(const struct vsw_wire *wire, struct vsw_facts *facts)
{
	const struct vsw_vhost *v = (const struct vsw_vhost *)wire;
	struct vring_count sum = { 0 };

	if (!v->mine)
		return;
	for (unsigned i = 0; i < rings(v); i++) {
		const struct vring *vq = vsw_vhost_ring(v->be, i);

		if (vq && i < 2)
			show_ring(vq, i ? "sending" : "receiving", facts);
		sum.frames += v->be->ring[i].vq.count.frames;
		sum.malformed += v->be->ring[i].vq.count.malformed;
		sum.too_long += v->be->ring[i].vq.count.too_long;
		sum.calls += v->be->ring[i].vq.count.calls;
	}
	vsw_fact_number(facts, "queues", v->pairs);
	vsw_fact_number(facts, "frames", sum.frames);
	vsw_fact_number(facts, "bad-frames", sum.malformed);
	vsw_fact_number(facts, "too-long", sum.too_long);
	vsw_fact_number(facts, "lost", v->lost);
	vsw_fact_number(facts, "interrupts", sum.calls);
	vsw_fact_number(facts, "memory-regions", v->be->mem.n);
	if (v->be->mtu)
		vsw_fact_number(facts, "mtu", v->be->mtu);
}
