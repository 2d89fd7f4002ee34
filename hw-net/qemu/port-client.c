// SPDX-License-Identifier: GPL-2.0-or-later
/* A port's net client; see port-client.h. */
#include "backend.h"
#include "port-client.h"
#include "trace.h"
#include "qemu/iov.h"

static NetClientInfo client_info;

static struct vc_port_client *client_of(NetClientState *nc)
{
	return container_of(nc, struct vc_port_client, nc);
}

struct vc_port *vc_port_of(NetClientState *nc)
{
	return nc && nc->info == &client_info ? client_of(nc)->port : NULL;
}

struct vc_vnet vc_port_vnet(const struct vc_port *p)
{
	return p->vnet_used ? p->vnet : (struct vc_vnet) { 0 };
}

void vc_port_forget_peer(struct vc_port *p)
{
	p->vnet = (struct vc_vnet) { .len = VC_VNET_LEN };
	p->vnet_used = false;
	/* QEMU's note of it, for filters and for headers that it adds by itself. */
	p->client->nc.vnet_hdr_len = 0;
	p->held = false; /* what QEMU kept for it went with it, without a word */
}

static void sent(NetClientState *nc, ssize_t len)
{
	struct vc_port *p = vc_port_of(nc);

	if (!p)
		return;
	p->held = false;
	qemu_bh_schedule(p->sent_bh);
}

/*
 * In a bottom half: QEMU tells us while it empties its queue, and gives what is put into it now to
 * the card without asking if that has room. A card that has none then loses it.
 */
void vc_port_sent(void *opaque)
{
	struct vc_port *p = opaque;

	if (!p->gone && !p->held)
		p->side->ready(p);
}

unsigned vc_port_send_stock(struct vc_port *p, const struct pkt *const *pkts, unsigned n)
{
	NetClientState *nc = &p->client->nc;
	struct vc_vnet v = vc_port_vnet(p);

	if (!nc->peer) {
		vc_port_update(p); /* the back end was deleted, which nobody tells the port */
		return n;
	}
	for (unsigned i = 0; i < n; i++) {
		if (p->held)
			return i;
		if (unlikely(!vc_is_sendable(pkts[i]))) {
			p->wrong_fcs++;
			continue;
		}
		p->held = !vc_send(nc, pkts[i], &v, sent);
	}
	return n;
}

static ssize_t receive_frame(struct vc_port *p, const struct iovec *iov, int cnt, int vnet_len)
{
	const struct pkt *pkt;
	struct vc_frame f;
	const char *why;

	if (!p)
		return iov_size(iov, cnt);
	why = vc_frame_from(&f, iov, cnt, vnet_len, vc_is_private(p->client->nc.peer), &p->flat);
	pkt = &f.pkt;
	if (why) {
		p->malformed++;
		vc_trace(p, VC_TRACE_TX, "dropped: %s", why);
		return iov_size(iov, cnt);
	}
	return vc_port_input(p, &pkt, 1) ? vnet_len + pkt->len : 0;
}

static ssize_t receive_iov(NetClientState *nc, const struct iovec *iov, int cnt)
{
	struct vc_port *p = vc_port_of(nc);

	return receive_frame(p, iov, cnt, p ? vc_port_vnet(p).len : 0);
}

static ssize_t receive(NetClientState *nc, const uint8_t *buf, size_t size)
{
	struct iovec iov = { (void *)buf, size };

	return receive_iov(nc, &iov, 1);
}

#if HAVE_RECEIVE_RAW
/*
 * Frames of QEMU's own making (announcements), never with a header. Newer QEMU puts an empty one in
 * front.
 */
static ssize_t receive_raw(NetClientState *nc, const uint8_t *buf, size_t size)
{
	struct iovec iov = { (void *)buf, size };

	return receive_frame(vc_port_of(nc), &iov, 1, 0);
}
#endif

static void link_status_changed(NetClientState *nc)
{
	struct vc_port *p = vc_port_of(nc);

	if (!p)
		return;
	if (p->out) {
		p->linked = true;
		qemu_bh_schedule(p->cable_bh);
	}
	vc_port_update(p);
}

static bool has_vnet_hdr(NetClientState *nc)
{
	return true;
}

static bool has_vnet_hdr_len(NetClientState *nc, int len)
{
	return len == VC_VNET_LEN || len == VC_VNET_LEN + 2 || len == VC_VNET_MAX;
}

static void set_vnet_hdr_len(NetClientState *nc, int len)
{
	struct vc_port *p = vc_port_of(nc);

	if (!p)
		return;
	p->vnet.len = len;
#if !HAVE_USING_VNET_HDR
	p->vnet_used = len != 0;
#endif
	vc_port_update(p);
}

#if HAVE_USING_VNET_HDR
static void using_vnet_hdr(NetClientState *nc, bool on)
{
	struct vc_port *p = vc_port_of(nc);

	if (!p)
		return;
	p->vnet_used = on;
	vc_port_update(p);
}
#endif

#if HAVE_GET_VNET_HDR_LEN
static int get_vnet_hdr_len(NetClientState *nc)
{
	struct vc_port *p = vc_port_of(nc);

	return p ? vc_port_vnet(p).len : 0;
}
#endif

static void set_offload(NetClientState *nc, VC_OFFLOAD_PARAMS)
{
	struct vc_port *p = vc_port_of(nc);

	if (!p)
		return;
	p->vnet.takes =
		(VC_OFFLOAD_CSUM ? PKT_TAKES_CSUM : 0) | (VC_OFFLOAD_TSO4 ? PKT_TAKES_TCPV4 : 0) |
		(VC_OFFLOAD_TSO6 ? PKT_TAKES_TCPV6 : 0) | (VC_OFFLOAD_ECN ? PKT_TAKES_ECN : 0) |
		(VC_OFFLOAD_USO ? PKT_TAKES_UDP_L4 : 0);
	vc_port_update(p);
}

/*
 * Of a port that is removed the client has no port any more. Else QEMU ends: it frees all clients,
 * and then still runs handlers of descriptors and bottom halves while it waits for its monitors.
 */
static void cleanup(NetClientState *nc)
{
	struct vc_port *p = vc_port_of(nc);

	if (p)
		vc_port_disconnect(p);
}

static NetClientInfo client_info = {
	.type = NET_CLIENT_DRIVER_SOCKET, /* one that QEMU never casts to something of its own */
	.size = sizeof(struct vc_port_client),
	.receive = receive,
#if HAVE_RECEIVE_RAW
	.receive_raw = receive_raw,
#endif
	.receive_iov = receive_iov,
	.cleanup = cleanup,
	.link_status_changed = link_status_changed,
	.has_vnet_hdr = has_vnet_hdr,
	.has_vnet_hdr_len = has_vnet_hdr_len,
	.set_vnet_hdr_len = set_vnet_hdr_len,
#if HAVE_USING_VNET_HDR
	.using_vnet_hdr = using_vnet_hdr,
#endif
#if HAVE_GET_VNET_HDR_LEN
	.get_vnet_hdr_len = get_vnet_hdr_len,
#endif
	.set_offload = set_offload,
};

/* An uplink gets whole messages and unfinished checksums if its back end has them. */
static void join_back_end(struct vc_port *p, NetClientState *peer)
{
	if (!vc_agree_vnet(peer, &p->vnet))
		return;
	p->vnet_used = true;
	p->client->nc.vnet_hdr_len = p->vnet.len;
	vc_set_offload(peer, true, true, true, true);
}

void vc_port_make_client(struct vc_port *p)
{
	NetClientState *peer = p->netdev ? vc_backend_find(p->netdev, &error_abort) : NULL;
	NetClientState *nc = qemu_new_net_client(&client_info, peer, VC_PORT_MODEL, p->dev.id);

	p->client = client_of(nc);
	p->client->port = p;
	vc_port_show(p);
	vc_wake_init(&p->wake, nc, NULL);
	vc_port_forget_peer(p);
	if (peer)
		join_back_end(p, peer);
}

void vc_port_show(struct vc_port *p)
{
	qemu_set_info_str(&p->client->nc, "switch=%s", p->side->name(p));
}

static void set_link_down(NetClientState *card, bool down)
{
	if (card->link_down == down)
		return;
	card->link_down = down;
	if (card->info->link_status_changed)
		card->info->link_status_changed(card);
}

/*
 * While the cable is out because of us, set_link says what is to be when it is in. Of a card that
 * was down already and is set down QEMU tells us no more than that something was set.
 */
void vc_port_hold_cable(void *opaque)
{
	struct vc_port *p = opaque;
	NetClientState *card = p->client->nc.peer;

	if (p->gone || !p->out || !card || card->info->type != NET_CLIENT_DRIVER_NIC)
		return;
	if (p->pulled != card || p->linked)
		p->card_down = card->link_down;
	p->pulled = card;
	p->linked = false;
	set_link_down(card, true);
}

void vc_port_set_out(struct vc_port *p, bool out)
{
	NetClientState *card = p->client->nc.peer;

	if (p->out == out)
		return;
	if (!out && p->linked)
		vc_port_hold_cable(p);
	p->out = out;
	if (out)
		vc_port_hold_cable(p);
	else if (card && p->pulled == card)
		set_link_down(card, p->card_down);
	if (!out)
		p->pulled = NULL;
}

void vc_port_rejoin(struct vc_port *p)
{
	NetClientState *peer = vc_backend_find(p->netdev, NULL);

	if (!peer)
		return;
	p->client->nc.peer = peer;
	peer->peer = &p->client->nc;
	vc_port_forget_peer(p);
	join_back_end(p, peer);
}

void vc_port_drop_client(struct vc_port *p)
{
	vc_wake_fini(&p->wake);
	qemu_del_net_client(&p->client->nc);
	p->client = NULL;
}
