// SPDX-License-Identifier: GPL-2.0-or-later
/* A port of the switch; see port.h. */
#include "backend.h"
#include "port-client.h"
#include "trace.h"

static QLIST_HEAD(, vc_port) ports = QLIST_HEAD_INITIALIZER(ports);

static bool unfiltered(const NetClientState *nc)
{
	return QTAILQ_EMPTY(&nc->filters) && !nc->link_down;
}

bool vc_port_direct(const struct vc_port *p)
{
	const NetClientState *nc = &p->client->nc;

	return p->card.ops && unfiltered(nc) && unfiltered(nc->peer);
}

static unsigned send_to_peer(struct vc_port *p, const struct pkt *const *pkts, unsigned n)
{
	if (likely(vc_port_direct(p)))
		return p->card.ops->rx(p->card.card, pkts, n);
	return vc_port_send_stock(p, pkts, n);
}

/* All of it leads out of the switch, and may come back to it; see life.h. */
unsigned vc_port_output(struct vc_port *p, const struct pkt *const *pkts, unsigned n)
{
	unsigned taken = n;

	vc_life_hold(p->life);
	if (likely(!p->gone))
		taken = send_to_peer(p, pkts, n);
	vc_life_put(p->life);
	vc_trace(p, VC_TRACE_RX, "out: %u of %u frames", taken, n);
	return taken;
}

void vc_port_input_ready(struct vc_port *p)
{
	qemu_bh_schedule(p->bh);
}

/*
 * The switch takes input again. In a bottom half: a card that goes on may do anything, the switch
 * being in a call may not.
 */
static void input_ready(void *opaque)
{
	struct vc_port *p = opaque;

	if (p->gone)
		return;
	if (p->card.ops)
		p->card.ops->ready(p->card.card);
	qemu_flush_queued_packets(&p->client->nc);
}

unsigned vc_port_input(struct vc_port *p, const struct pkt *const *pkts, unsigned n)
{
	unsigned taken = p->side->input(p, pkts, n);

	vc_trace(p, VC_TRACE_TX, "in: %u of %u frames", taken, n);
	return taken;
}

void vc_port_ready(struct vc_port *p)
{
	p->side->ready(p);
}

void vc_port_set_addrs(struct vc_port *p, const struct vsw_addrs *addrs)
{
	p->side->set_addrs(p, addrs);
}

/* All that is known of a stock card is its address; so it gets all groups. */
static void tell_stock_card(struct vc_port *p, NetClientState *peer)
{
	struct vsw_addrs addrs = { .allmulti = true };

	memcpy(addrs.mac, qemu_get_nic(peer)->conf->macaddr.a, sizeof(addrs.mac));
	p->side->set_addrs(p, &addrs);
}

static bool is_stock_card(const struct vc_port *p)
{
	const NetClientState *peer = p->client->nc.peer;

	return peer && peer->info->type == NET_CLIENT_DRIVER_NIC && !p->card.ops;
}

/*
 * The link of a stock card is not looked at: nobody tells the port when it changes. QEMU drops its
 * frames by itself.
 */
static bool cable_is_in(const struct vc_port *p)
{
	NetClientState *nc = &p->client->nc, *peer = nc->peer;

	return peer && !nc->link_down && (is_stock_card(p) || !peer->link_down);
}

bool vc_port_link(const struct vc_port *p)
{
	return cable_is_in(p) && !p->away;
}

void vc_port_update(struct vc_port *p)
{
	NetClientState *peer = p->client->nc.peer;
	const struct vc_port_card *card = &p->card;
	bool was_up = p->up;

	if (!peer)
		vc_port_forget_peer(p);
	else if (is_stock_card(p))
		tell_stock_card(p, peer);
	p->peer = peer;
	p->up = vc_port_link(p);
	p->side->set_state(p, cable_is_in(p),
			   card->ops ? card->ops->caps(card->card) : vc_port_vnet(p).takes);
	if (p->out && peer != p->pulled)
		qemu_bh_schedule(p->cable_bh);
	if (was_up && !p->up && p->held)
		qemu_purge_queued_packets(&p->client->nc); /* nobody asks for it again */
	if (!p->held)
		p->side->ready(p);
	vc_trace(p, VC_TRACE_LINK, "peer %s, link %s, takes 0x%x, header of %d bytes",
		 peer ? peer->name : "none", p->up ? "up" : "down", vc_port_vnet(p).takes,
		 vc_port_vnet(p).len);
}

void vc_port_attach(struct vc_port *p, const struct vc_port_card_ops *card_ops, void *card)
{
	p->card = (struct vc_port_card) { card_ops, card };
}

void vc_port_detach(struct vc_port *p)
{
	p->card = (struct vc_port_card) { 0 };
}

void vc_ports_update(void)
{
	struct vc_port *p;

	QLIST_FOREACH(p, &ports, next)
		if (!p->gone)
			vc_port_update(p);
}

void vc_ports_miss_peers(void)
{
	struct vc_port *p;

	QLIST_FOREACH(p, &ports, next)
		if (!p->gone && p->peer && !p->client->nc.peer)
			vc_port_update(p);
}

static void follow(struct vc_port *p)
{
	if (!p->client->nc.peer)
		vc_port_rejoin(p);
	if (p->client->nc.peer != p->peer || vc_port_link(p) != p->up)
		vc_port_update(p);
}

void vc_ports_follow(void)
{
	struct vc_port *p;

	QLIST_FOREACH(p, &ports, next)
		if (p->netdev && !p->gone)
			follow(p);
}

static void delete_bhs(struct vc_port *p)
{
	qemu_bh_delete(p->bh);
	qemu_bh_delete(p->sent_bh);
	qemu_bh_delete(p->cable_bh);
}

bool vc_port_init(struct vc_port *p, Error **errp)
{
	p->gone = p->up = p->out = p->linked = false;
	p->pulled = NULL;
	if (p->netdev && !vc_backend_find(p->netdev, errp))
		return false;
	p->bh = qemu_bh_new(input_ready, p);
	p->sent_bh = qemu_bh_new(vc_port_sent, p);
	p->cable_bh = qemu_bh_new(vc_port_hold_cable, p);
	if (!p->side->begin(p, errp)) {
		delete_bhs(p);
		return false;
	}
	vc_port_make_client(p);
	QLIST_INSERT_HEAD(&ports, p, next);
	vc_port_update(p);
	return true;
}

void vc_port_disconnect(struct vc_port *p)
{
	p->gone = true;
	p->client->port = NULL;
	vc_port_detach(p);
}

void vc_port_fini(struct vc_port *p)
{
	QLIST_REMOVE(p, next);
	vc_port_drop_client(p);
	p->side->end(p);
	delete_bhs(p);
	g_free(p->flat);
	p->flat = NULL;
}
