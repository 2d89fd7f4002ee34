// SPDX-License-Identifier: GPL-2.0-or-later
/* A card's net client; see nic-client.h. */
#include "nic-call.h"
#include "nic-client.h"
#include "nic-filter.h"
#include "nic-power.h"
#include "port-client.h"

/* The device behind a net client of ours. */
static struct vc_nic *nic_of(NetClientState *nc)
{
	return qemu_get_nic_opaque(nc);
}

static struct vc_port *peer_port(const struct vc_nic *s)
{
	return vc_port_of(qemu_get_queue(s->client)->peer);
}

/* Room again at a stock peer, or at its queue. */
static void sent(NetClientState *nc, ssize_t len)
{
	vc_nic_tx_ready(nic_of(nc));
}

static bool may_wake(NetClientState *nc)
{
	return vc_nic_may_wake(nic_of(nc));
}

static struct vc_vnet peer_takes(const struct vc_nic *s)
{
	struct vc_vnet v = { s->vnet_len, 0 };

	if (s->vnet_len)
		v.takes = PKT_TAKES_CSUM | PKT_TAKES_TCPV4 | PKT_TAKES_TCPV6 | PKT_TAKES_ECN;
	return v;
}

static unsigned tx_stock(struct vc_nic *s, const struct pkt *const *pkts, unsigned n)
{
	NetClientState *nc = qemu_get_queue(s->client);
	struct vc_vnet v = peer_takes(s);

	for (unsigned i = 0; i < n; i++) {
		if (s->tx_held)
			return i;
		if (unlikely(!vc_is_sendable(pkts[i]))) {
			s->wrong_fcs++;
			continue;
		}
		s->tx_held = !vc_send(nc, pkts[i], &v, sent);
	}
	return n;
}

unsigned vc_nic_tx(void *opaque, unsigned queue, const struct pkt *const *pkts, unsigned n)
{
	struct vc_nic *s = opaque;
	struct vc_port *port = peer_port(s);
	unsigned taken;

	if (unlikely(!s->may_run))
		return s->gone ? n : 0; /* vc_nic_update_may_run() tells when */
	if (port && likely(vc_port_direct(port)))
		taken = vc_port_input(port, pkts, n);
	else
		taken = tx_stock(s, pkts, n);
	vc_trace(s, VC_TRACE_TX, "queue %u: %u of %u frames", queue, taken, n);
	return taken;
}

void vc_nic_tx_ready(struct vc_nic *s)
{
	s->tx_held = false;
	if (s->busy) {
		vc_nic_later(s, VC_TX_READY);
		return;
	}
	vc_nic_enter(s);
	hwnet_tx_ready(s->core);
	vc_nic_leave_later(s);
}

/* Frames while the guest sleeps: one may be what it wants to be woken by. None is kept. */
static void knock(struct vc_nic *s, const struct pkt *const *pkts, unsigned n)
{
	for (unsigned i = 0; i < n && runstate_check(RUN_STATE_SUSPENDED); i++)
		vc_nic_wake(s, pkts[i]);
}

static unsigned cannot_rx(struct vc_nic *s, const struct pkt *const *pkts, unsigned n)
{
	if (s->gone)
		return n;
	if (s->busy) {
		vc_nic_later(s, VC_FLUSH);
		return 0;
	}
	if (runstate_check(RUN_STATE_SUSPENDED))
		knock(s, pkts, n);
	else if (!runstate_is_running())
		return 0;	   /* later */
	s->rx_lost.not_ready += n; /* asleep, or not set up by the guest */
	return n;
}

static unsigned rx(struct vc_nic *s, const struct pkt *const *pkts, unsigned n)
{
	unsigned taken;

	/* When the VM goes on, QEMU's net layer may be told before us. */
	if (unlikely(!s->may_run))
		vc_nic_update_may_run(s);
	if (unlikely(s->busy || !s->may_run))
		return cannot_rx(s, pkts, n);
	vc_nic_enter(s);
	taken = hwnet_rx(s->core, pkts, n);
	vc_nic_leave(s);
	vc_trace(s, VC_TRACE_RX, "%u of %u frames", taken, n);
	return taken;
}

/*
 * A message that the guest does not take whole (any more: the back end was told). If the card has
 * room for none of its segments it waits; once it has begun, segments without room are lost, as on
 * a wire.
 *
 * Return: 0 if it waits.
 */
static unsigned rx_in_segments(struct vc_nic *s, const struct pkt *pkt)
{
	struct pkt_fit fit;
	struct pkt_buf buf;
	const struct pkt *p;
	unsigned n = 0;

	if (pkt_fit_begin(&fit, pkt, PKT_TAKES_CSUM | PKT_TAKES_VLAN)) {
		s->rx_lost.malformed++;
		return 1;
	}
	for (; (p = pkt_fit_next(&fit, &buf)); n++) {
		if (rx(s, &p, 1))
			continue;
		if (n)
			s->rx_lost.no_buffer += gso_segments(pkt) - n;
		return n;
	}
	return 1;
}

static bool taken_whole(const struct vc_nic *s, const struct pkt *pkt)
{
	return pkt->gso_type == PKT_GSO_NONE ||
	       (hwnet_rx_caps(s->core) & 1u << (pkt->gso_type & ~PKT_GSO_ECN));
}

static ssize_t receive_frame(struct vc_nic *s, const struct iovec *iov, int cnt, int vnet_len)
{
	const struct pkt *p;
	struct vc_frame f;
	const char *why = vc_frame_from(&f, iov, cnt, vnet_len, s->peer_private, &s->flat);

	if (why) {
		s->rx_lost.malformed++;
		vc_trace(s, VC_TRACE_RX, "dropped: %s", why);
		return iov_size(iov, cnt);
	}
	p = &f.pkt;
	if (likely(taken_whole(s, p)) ? !rx(s, &p, 1) : !rx_in_segments(s, p))
		return 0;
	return vnet_len + p->len;
}

static ssize_t receive_iov(NetClientState *nc, const struct iovec *iov, int cnt)
{
	struct vc_nic *s = nic_of(nc);

	return receive_frame(s, iov, cnt, s->vnet_len);
}

static ssize_t receive(NetClientState *nc, const uint8_t *buf, size_t size)
{
	struct iovec iov = { (void *)buf, size };

	return receive_iov(nc, &iov, 1);
}

#if HAVE_RECEIVE_RAW
/*
 * Frames of QEMU's own making, never with a header. Newer QEMU puts an empty header of
 * nc->vnet_hdr_len bytes in front.
 */
static ssize_t receive_raw(NetClientState *nc, const uint8_t *buf, size_t size)
{
	struct iovec iov = { (void *)buf, size };

	return receive_frame(nic_of(nc), &iov, 1, 0);
}
#endif

void vc_nic_flush(struct vc_nic *s)
{
	struct vc_port *port = peer_port(s);

	if (port)
		vc_port_ready(port);
	qemu_flush_queued_packets(qemu_get_queue(s->client));
}

static void update_offloads(struct vc_nic *s)
{
	NetClientState *nc = qemu_get_queue(s->client);
	uint32_t caps = hwnet_rx_caps(s->core);
	struct vc_port *port = peer_port(s);

	s->rx_caps = caps;
	if (port)
		vc_port_update(port);
	else if (s->vnet_len)
		vc_set_offload(nc->peer, true, caps & 1u << PKT_GSO_TCPV4,
			       caps & 1u << PKT_GSO_TCPV6, false);
}

void vc_nic_update_link(struct vc_nic *s)
{
	struct vc_port *port = peer_port(s);
	struct hwnet_link link;

	hwnet_link(s->core, &link);
	vc_trace(s, VC_TRACE_LINK, "cable %s, link %s, %u Mb/s %s duplex",
		 s->carrier ? "in" : "out", link.up ? "up" : "down", link.speed_mbps,
		 link.full ? "full" : "half");
	if (s->rx_caps != hwnet_rx_caps(s->core))
		update_offloads(s);
	else if (port)
		vc_port_update(port);
}

void vc_nic_plug_cable(struct vc_nic *s)
{
	s->busy = true;
	hwnet_set_carrier(s->core, s->carrier);
	s->busy = false;
	s->pending |= VC_LINK | (s->carrier ? VC_FLUSH : 0);
	if (runstate_check(RUN_STATE_SUSPENDED))
		vc_nic_wake(s, NULL);
}

static void link_status_changed(NetClientState *nc)
{
	struct vc_nic *s = nic_of(nc);

	s->carrier = !nc->link_down;
	vc_nic_do(s, VC_CABLE);
}

/* What a port of ours calls. */
static unsigned card_rx(void *card, const struct pkt *const *pkts, unsigned n)
{
	return rx(card, pkts, n);
}

static void card_ready(void *card)
{
	vc_nic_tx_ready(card);
}

static uint32_t card_caps(const void *card)
{
	const struct vc_nic *s = card;

	return hwnet_rx_caps(s->core) | PKT_TAKES_CSUM | PKT_TAKES_VLAN;
}

static const struct vc_port_card_ops card_ops = {
	.rx = card_rx,
	.ready = card_ready,
	.caps = card_caps,
};

static void cleanup(NetClientState *nc)
{
	struct vc_port *port = vc_port_of(nc->peer);

	if (port)
		vc_port_detach(port);
}

/*
 * RFC 903 request for our own address, as QEMU's own announcement: what a switch needs to learn
 * where we are now.
 */
static void make_rarp(uint8_t frame[60], const uint8_t mac[6])
{
	static const uint8_t fixed[] = { 0x80, 0x35, 0, 1, 8, 0, 6, 4, 0, 3 };

	memset(frame, 0, 60);
	memset(frame, 0xff, 6);
	memcpy(frame + 6, mac, 6);
	memcpy(frame + 12, fixed, sizeof(fixed));
	memcpy(frame + 22, mac, 6);
	memcpy(frame + 32, mac, 6);
}

/* After migration QEMU announces the permanent address; the guest may have set another. */
static void announce(NetClientState *nc)
{
	struct vc_nic *s = nic_of(nc);
	struct hwnet_rx_filter f;
	uint8_t frame[60];

	hwnet_rx_filter(s->core, &f);
	if (!memcmp(f.mac, s->conf.macaddr.a, 6) || (f.mac[0] & 1))
		return;
	make_rarp(frame, f.mac);
	qemu_send_packet_raw(nc, frame, sizeof(frame));
}

static NetClientInfo client_info = {
	.type = NET_CLIENT_DRIVER_NIC,
	.size = sizeof(NICState),
	.receive = receive,
#if HAVE_RECEIVE_RAW
	.receive_raw = receive_raw,
#endif
	.receive_iov = receive_iov,
	.cleanup = cleanup,
	.link_status_changed = link_status_changed,
	.query_rx_filter = vc_nic_query_rx_filter,
	.announce = announce,
};

void vc_nic_init_client(struct vc_nic *s)
{
	struct vc_port *port;
	NetClientState *nc;
	struct vc_vnet v;

	s->client = vc_new_nic(&client_info, &s->conf, DEVICE(s), s);
	nc = qemu_get_queue(s->client);
	qemu_format_nic_info_str(nc, s->conf.macaddr.a);
	s->carrier = true;
	port = peer_port(s);
	s->peer_private = !port && vc_is_private(nc->peer);
	if (port)
		vc_port_attach(port, &card_ops, s);
	else if (vc_agree_vnet(nc->peer, &v))
		s->vnet_len = nc->vnet_hdr_len = v.len;
	vc_wake_init(&s->wake, nc, may_wake);
	update_offloads(s);
	vc_trace(s, VC_TRACE_LINK, "peer %s, header of %d bytes",
		 nc->peer ? nc->peer->name : "none", s->vnet_len);
}

void vc_nic_fini_client(struct vc_nic *s)
{
	struct vc_port *port = peer_port(s);

	vc_wake_fini(&s->wake);
	qemu_del_nic(s->client);
	s->client = NULL;
	if (port)
		vc_port_update(port);
}
