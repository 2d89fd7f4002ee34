/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * packet: an interface of the host by a packet socket (packet(7)), with virtio_net_hdr: checksums
 * stay unfinished and TCP messages whole both ways.
 *
 * DOC: Theory of Operation
 *
 * In. Frames come in a ring of slots that the kernel shares (TPACKET_V2). Version 3 costs less a
 * frame, but shows frames only when a block of them is full or its timer has run out, which is a
 * millisecond for a frame that is alone. What is longer than a slot (whole messages, jumbo frames)
 * is in the socket's queue besides, in the same order (TP_STATUS_COPY), and is read from there; if
 * there is no room either, it is lost and counted. Our own frames do not come back
 * (PACKET_IGNORE_OUTGOING).
 *
 * Out. A burst leaves with one sendmmsg(), by the interface's queueing discipline or past it.
 *
 * The interface is watched: without carrier the port's link is down, and when it goes away the wire
 * ends; whoever opened it opens it again.
 */
#define _GNU_SOURCE /* sendmmsg() */
#include <arpa/inet.h>
#include <errno.h>
#include <linux/if_ether.h>
#include <linux/if_packet.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/mman.h>
#include <sys/socket.h>
#include <unistd.h>

#include "interface.h"
#include "messages.h"
#include "vhost/vnet-hdr.h"
#include "vswitch/fail.h"

/* #syscalls frames getsockopt recv sendmmsg */
/* #syscalls control bind setsockopt socket */

#ifndef PACKET_IGNORE_OUTGOING /* Linux 4.20 */
#define PACKET_IGNORE_OUTGOING 23
#endif

#define SLOT_SIZE  2048u
#define BLOCK_SIZE (64u << 10)
#define IOV_MAX_   256u /* entries in one sendmmsg() */
#define QUEUE_SIZE (4 << 20)
#define MOST_SLOTS 65536u

extern const struct vsw_transport vsw_transport_packet;

/* struct packet_options */
struct packet_options {
	char *ifname;
	uint32_t slots;
	bool promiscuous, qdisc;
};

/* struct packet - a wire */
struct packet {
	struct vsw_wire wire;
	struct vsw_watch watch;
	struct vsw_messages in_hand;
	struct vsw_interface interface;
	int fd;
	bool blocked;
	uint8_t *ring;
	uint32_t slots, next; /* next to be read */
	uint64_t reads, writes, unsent, cut;
};

static struct packet *of(struct vsw_wire *wire)
{
	return (struct packet *)wire;
}

/* Look for what is wanted now */
static void look(struct packet *p)
{
	vsw_watch_change(p->wire.worker, &p->watch,
			 (p->in_hand.n ? 0u : EPOLLIN) | (p->blocked ? EPOLLOUT : 0u));
}

static struct tpacket2_hdr *slot(const struct packet *p, uint32_t n)
{
	return (void *)(p->ring + (size_t)n * SLOT_SIZE);
}

/* The frame that did not fit into its slot, from the queue. False: it is not there. */
static bool from_queue(struct packet *p, struct vsw_message *m, uint8_t *scratch)
{
	ssize_t n = recv(p->fd, scratch, VSW_SCRATCH_SLOT, MSG_DONTWAIT);

	p->reads++;
	m->bytes = scratch;
	m->len = n > 0 ? (uint32_t)n : 0;
	return n > 0;
}

/* A slot that the kernel has filled. False: the frame is not whole. */
static bool take(struct packet *p, struct tpacket2_hdr *h, struct vsw_message *m, uint8_t *scratch)
{
	*m = (struct vsw_message) { (uint8_t *)h + h->tp_mac - VNET_HDR_LEGACY,
				    h->tp_len + VNET_HDR_LEGACY };
	if (h->tp_status & TP_STATUS_VLAN_VALID) {
		m->vlan_tpid = h->tp_status & TP_STATUS_VLAN_TPID_VALID ? h->tp_vlan_tpid :
									  FRAME_TYPE_VLAN;
		m->vlan_tci = h->tp_vlan_tci;
	}
	if (h->tp_status & TP_STATUS_COPY)
		return from_queue(p, m, scratch);
	return h->tp_snaplen == h->tp_len;
}

static void receive(struct packet *p)
{
	uint8_t *scratch = vsw_worker_scratch(p->wire.worker);
	struct vsw_message list[PKT_BURST];
	uint32_t first = p->next, seen = 0;
	unsigned n = 0;

	while (seen < PKT_BURST && seen < p->slots) {
		struct tpacket2_hdr *h = slot(p, p->next);

		if (!(__atomic_load_n(&h->tp_status, __ATOMIC_ACQUIRE) & TP_STATUS_USER))
			break;
		if (take(p, h, &list[n], scratch + (size_t)n * VSW_SCRATCH_SLOT))
			n++;
		else
			p->cut++;
		p->next = p->next + 1 == p->slots ? 0 : p->next + 1;
		seen++;
	}
	vsw_messages_give(&p->in_hand, p->wire.port, list, n);
	for (; seen--; first = first + 1 == p->slots ? 0 : first + 1)
		__atomic_store_n(&slot(p, first)->tp_status, TP_STATUS_KERNEL, __ATOMIC_RELEASE);
	if (p->in_hand.n)
		look(p);
}

static void ready(struct vsw_watch *watch, uint32_t events)
{
	struct packet *p = (void *)((char *)watch - offsetof(struct packet, watch));
	socklen_t len = sizeof(int);
	int error;

	if (events & EPOLLERR) /* it went down: the watch of the interface knows more */
		getsockopt(p->fd, SOL_SOCKET, SO_ERROR, &error, &len);
	if (p->blocked && events & EPOLLOUT) {
		p->blocked = false;
		look(p);
		vsw_port_ready(p->wire.port);
	}
	if (p->wire.port && !p->in_hand.n && events & EPOLLIN)
		receive(p);
}

static void packet_input_ready(struct vsw_wire *wire)
{
	vsw_messages_again(&of(wire)->in_hand, wire->port);
	look(of(wire));
}

/* struct batch - frames on their way out */
struct batch {
	unsigned n, iovs;
	struct mmsghdr msg[PKT_BURST];
	struct vnet_hdr header[PKT_BURST];
	struct iovec iov[IOV_MAX_];
};

/* As many as there is room for, at least one */
static void gather(struct batch *b, const struct pkt *const *pkts, unsigned n)
{
	b->n = b->iovs = 0;
	for (; b->n < n && b->iovs + pkts[b->n]->iovcnt + 1 <= IOV_MAX_; b->n++) {
		const struct pkt *pkt = pkts[b->n];
		struct iovec *iov = &b->iov[b->iovs];

		b->header[b->n] = vsw_vnet_from(pkt, false);
		iov[0] = (struct iovec) { &b->header[b->n], VNET_HDR_LEGACY };
		memcpy(iov + 1, pkt->iov, pkt->iovcnt * sizeof(*iov));
		b->msg[b->n].msg_hdr =
			(struct msghdr) { .msg_iov = iov, .msg_iovlen = pkt->iovcnt + 1u };
		b->iovs += pkt->iovcnt + 1u;
	}
}

static unsigned packet_send(struct vsw_wire *wire, const struct pkt *const *pkts, unsigned n)
{
	struct packet *p = of(wire);
	struct batch b;
	unsigned done = 0;

	while (done < n && !p->blocked) {
		int ret;

		gather(&b, pkts + done, n - done);
		ret = sendmmsg(p->fd, b.msg, b.n, MSG_DONTWAIT);
		p->writes++;
		if (ret > 0) {
			done += (unsigned)ret;
		} else if (errno == EAGAIN) {
			p->blocked = true;
			look(p);
		} else { /* too long for the interface, or it is full, or down */
			p->unsent++;
			done++;
		}
	}
	return done;
}

/* struct linking - arguments of link_there() */
struct linking {
	struct packet *p;
	bool up;
};

static bool link_there(void *opaque)
{
	struct linking *l = opaque;

	if (l->p->wire.port)
		vsw_port_set_link(l->p->wire.port, l->up);
	return false;
}

static void interface_changed(struct vsw_interface *i)
{
	struct packet *p = (void *)((char *)i - offsetof(struct packet, interface));
	struct linking l = { p, i->state == VSW_INTERFACE_UP };

	if (i->state == VSW_INTERFACE_GONE) {
		vsw_wire_end(&p->wire, "interface '%s' is gone", i->name);
		return;
	}
	vsw_worker_call(p->wire.worker, link_there, &l);
}

static int set(int fd, int option, int value)
{
	return setsockopt(fd, SOL_PACKET, option, &value, sizeof(value));
}

static int open_socket(struct packet *p, bool qdisc, char *err, size_t errlen)
{
	int size = QUEUE_SIZE;

	p->fd = socket(AF_PACKET, SOCK_RAW | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
	if (p->fd < 0 && (errno == EPERM || errno == EACCES))
		return vsw_fail(err, errlen, "no right to use interface '%s': it takes CAP_NET_RAW",
				p->interface.name);
	if (p->fd < 0)
		return vsw_fail(err, errlen, "packet socket: %s", strerror(errno));
	if (setsockopt(p->fd, SOL_SOCKET, SO_RCVBUFFORCE, &size, sizeof(size)) < 0)
		setsockopt(p->fd, SOL_SOCKET, SO_RCVBUF, &size, sizeof(size));
	if (set(p->fd, PACKET_VERSION, TPACKET_V2) == 0 && set(p->fd, PACKET_VNET_HDR, 1) == 0 &&
	    set(p->fd, PACKET_IGNORE_OUTGOING, 1) == 0 && set(p->fd, PACKET_COPY_THRESH, 1) == 0 &&
	    set(p->fd, PACKET_QDISC_BYPASS, !qdisc) == 0)
		return 0;
	return vsw_fail(err, errlen, "packet socket: %s", strerror(errno));
}

static int open_ring(struct packet *p, uint32_t slots, char *err, size_t errlen)
{
	uint32_t blocks = (slots * SLOT_SIZE + BLOCK_SIZE - 1) / BLOCK_SIZE;
	struct tpacket_req req = { .tp_block_size = BLOCK_SIZE,
				   .tp_block_nr = blocks,
				   .tp_frame_size = SLOT_SIZE,
				   .tp_frame_nr = blocks * (BLOCK_SIZE / SLOT_SIZE) };
	void *ring;

	slots = req.tp_frame_nr;
	if (setsockopt(p->fd, SOL_PACKET, PACKET_RX_RING, &req, sizeof(req)) < 0)
		return vsw_fail(err, errlen, "slots: a ring of %u: %s", slots, strerror(errno));
	ring = mmap(NULL, (size_t)slots * SLOT_SIZE, PROT_READ | PROT_WRITE, MAP_SHARED, p->fd, 0);
	if (ring == MAP_FAILED)
		return vsw_fail(err, errlen, "slots: a ring of %u: %s", slots, strerror(errno));
	p->ring = ring;
	p->slots = slots;
	return 0;
}

/* The ring is there before the socket is bound: all frames come by it */
static int bind_socket(struct packet *p, bool promiscuous, char *err, size_t errlen)
{
	struct sockaddr_ll a = { .sll_family = AF_PACKET,
				 .sll_protocol = htons(ETH_P_ALL),
				 .sll_ifindex = (int)p->interface.index };
	struct packet_mreq m = { .mr_ifindex = (int)p->interface.index,
				 .mr_type = PACKET_MR_PROMISC };

	if (promiscuous && setsockopt(p->fd, SOL_PACKET, PACKET_ADD_MEMBERSHIP, &m, sizeof(m)) < 0)
		return vsw_fail(err, errlen, "interface '%s': %s", p->interface.name,
				strerror(errno));
	if (bind(p->fd, (struct sockaddr *)&a, sizeof(a)) < 0)
		return vsw_fail(err, errlen, "interface '%s': %s", p->interface.name,
				strerror(errno));
	return 0;
}

/* struct moved - what packet_give() says; @next also what packet_freeze() says first */
struct moved {
	uint32_t version, slots, index, next;
};

/* The socket of another process, bound, and its ring, which both may map */
static int take_over(struct packet *p, struct vsw_handover *h, char *err, size_t errlen)
{
	struct moved z = { 0 };
	void *ring;

	if (h->len == sizeof(z))
		memcpy(&z, h->data, sizeof(z));
	if (h->n_fds != 1 || z.version != 1 || !z.slots || z.slots > MOST_SLOTS)
		return vsw_fail(err, errlen, "not what this transport hands over");
	if (z.index != p->interface.index)
		return vsw_fail(err, errlen, "interface '%s' is another one by now",
				p->interface.name);
	ring = mmap(NULL, (size_t)z.slots * SLOT_SIZE, PROT_READ | PROT_WRITE, MAP_SHARED, h->fd[0],
		    0);
	if (ring == MAP_FAILED)
		return vsw_fail(err, errlen, "slots: a ring of %u: %s", z.slots, strerror(errno));
	p->ring = ring;
	p->slots = z.slots;
	p->fd = h->fd[0];
	h->fd[0] = -1;
	return 0;
}

static void packet_close(struct vsw_wire *wire)
{
	struct packet *p = of(wire);

	vsw_interface_stop(&p->interface);
	if (p->ring)
		munmap(p->ring, (size_t)p->slots * SLOT_SIZE);
	if (p->fd >= 0)
		close(p->fd);
	vsw_messages_fini(&p->in_hand);
	free(p);
}

static int packet_make(struct packet *p, const struct vsw_wire_conf *conf, char *err, size_t errlen)
{
	const struct packet_options *o = conf->options;

	snprintf(p->interface.name, sizeof(p->interface.name), "%s", o->ifname);
	p->interface.changed = interface_changed;
	if (!vsw_messages_init(&p->in_hand, VNET_HDR_LEGACY))
		return vsw_fail(err, errlen, "out of memory");
	if (vsw_interface_watch(&p->interface, conf->context, err, errlen) < 0)
		return -1;
	if (conf->from) {
		if (take_over(p, conf->from, err, errlen) < 0)
			return -1;
	} else if (open_socket(p, o->qdisc, err, errlen) < 0 ||
		   open_ring(p, o->slots, err, errlen) < 0 ||
		   bind_socket(p, o->promiscuous, err, errlen) < 0) {
		return -1;
	}
	p->watch = (struct vsw_watch) { p->fd, EPOLLIN, ready };
	return 0;
}

static struct vsw_wire *packet_open(const struct vsw_wire_conf *conf, char *err, size_t errlen)
{
	struct packet *p = calloc(1, sizeof(*p));

	if (!p) {
		vsw_fail(err, errlen, "out of memory");
		return NULL;
	}
	vsw_wire_init(&p->wire, &vsw_transport_packet, conf);
	p->fd = -1;
	if (packet_make(p, conf, err, errlen) == 0)
		return &p->wire;
	packet_close(&p->wire);
	return NULL;
}

static void packet_start(struct vsw_wire *wire)
{
	struct packet *p = of(wire);

	if (vsw_watch_add(wire->worker, &p->watch) < 0) {
		vsw_wire_fail(wire, "cannot be watched: %s", strerror(errno));
		return;
	}
	look(p);
	vsw_port_set_caps(wire->port,
			  PKT_TAKES_CSUM | PKT_TAKES_TCPV4 | PKT_TAKES_TCPV6 | PKT_TAKES_ECN);
	vsw_port_set_link(wire->port, p->interface.state == VSW_INTERFACE_UP);
	if (p->in_hand.n)
		packet_input_ready(wire);
}

static void packet_stop(struct vsw_wire *wire)
{
	vsw_watch_remove(wire->worker, &of(wire)->watch);
	of(wire)->blocked = false;
}

static void packet_show(const struct vsw_wire *wire, struct vsw_facts *facts)
{
	const struct packet *p = (const struct packet *)wire;

	vsw_fact_text(facts, "interface", "%s", p->interface.name);
	vsw_fact_number(facts, "reads", p->reads);
	vsw_fact_number(facts, "writes", p->writes);
	vsw_fact_number(facts, "not-sent", p->unsent);
	vsw_fact_number(facts, "bad-frames", p->in_hand.odd);
	vsw_fact_number(facts, "too-long", p->cut);
}

static int packet_give(struct vsw_wire *wire, struct vsw_handover *h)
{
	const struct packet *p = of(wire);
	struct moved z = { 1, p->slots, p->interface.index, 0 };

	if (h->room < sizeof(z))
		return -1;
	memcpy(h->data, &z, sizeof(z));
	h->len = sizeof(z);
	h->fd[0] = p->fd;
	h->n_fds = 1;
	return 0;
}

static int packet_freeze(struct vsw_wire *wire, struct vsw_handover *h)
{
	const struct packet *p = of(wire);
	size_t len;

	if (h->room < sizeof(p->next))
		return -1;
	memcpy(h->data, &p->next, sizeof(p->next));
	len = vsw_messages_freeze(&p->in_hand, h->data + sizeof(p->next),
				  h->room - sizeof(p->next));
	h->len = sizeof(p->next) + len;
	return len ? 0 : -1;
}

static int packet_thaw(struct vsw_wire *wire, const struct vsw_handover *h)
{
	struct packet *p = of(wire);
	uint32_t next;

	if (h->len < sizeof(next))
		return -1;
	memcpy(&next, h->data, sizeof(next));
	if (next >= p->slots)
		return -1;
	p->next = next;
	return vsw_messages_thaw(&p->in_hand, h->data + sizeof(next), h->len - sizeof(next));
}

static const struct vsw_option options[] = {
	{ "ifname", VSW_OPTION_TEXT, .required = true,
	  .off = offsetof(struct packet_options, ifname), .max = 15, .check = vsw_interface_check,
	  .help = "the interface; its own addresses should not be in use by the host" },
	{ "slots", VSW_OPTION_NUMBER, .off = offsetof(struct packet_options, slots), .min = 64,
	  .max = MOST_SLOTS, .def = "2048",
	  .help = "frames that may wait, 2 KiB each; rounded up to a multiple of 32" },
	{ "promiscuous", VSW_OPTION_BOOL, .off = offsetof(struct packet_options, promiscuous),
	  .def = "on", .help = "take frames to all addresses, as an uplink must" },
	{ "qdisc", VSW_OPTION_BOOL, .off = offsetof(struct packet_options, qdisc), .def = "on",
	  .help = "send by the interface's queueing discipline; off: straight to its driver, which "
		  "costs less, but loses what it has no room for, and hides it from captures" },
	{ 0 }
};

const struct vsw_transport vsw_transport_packet = {
	.name = "packet",
	.help = "an interface of the host by a packet socket; needs CAP_NET_RAW",
	.kind = VSW_TRANSPORT_OWN,
	.options = options,
	.options_size = sizeof(struct packet_options),
	.open = packet_open,
	.close = packet_close,
	.start = packet_start,
	.stop = packet_stop,
	.send = packet_send,
	.input_ready = packet_input_ready,
	.show = packet_show,
	.give = packet_give,
	.freeze = packet_freeze,
	.thaw = packet_thaw,
};
