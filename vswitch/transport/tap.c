/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * tap: an interface of the kernel, with virtio_net_hdr: checksums stay unfinished and TCP messages
 * whole both ways.
 *
 * There is no call for several frames: each costs one read() or writev(). A turn reads a burst at
 * most.
 *
 * An interface that goes away ends the wire; whoever opened it opens it again.
 */
#include <errno.h>
#include <fcntl.h>
#include <linux/if_tun.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/ioctl.h>
#include <sys/socket.h>
#include <unistd.h>

#include "interface.h"
#include "messages.h"
#include "vhost/vnet-hdr.h"
#include "vswitch/fail.h"

/* #syscalls frames writev */
/* #syscalls control ioctl open socket */

#ifndef TUN_F_USO4 /* Linux 6.2 */
#define TUN_F_USO4 0x20
#define TUN_F_USO6 0x40
#endif

#define OFFLOADS (TUN_F_CSUM | TUN_F_TSO4 | TUN_F_TSO6 | TUN_F_TSO_ECN)

extern const struct vsw_transport vsw_transport_tap;

/* struct tap_options */
struct tap_options {
	char *ifname;
	bool offloads;
};

/* struct tap - a wire */
struct tap {
	struct vsw_wire wire;
	struct vsw_watch watch;
	struct vsw_messages in_hand;
	int fd;
	bool blocked;
	uint32_t takes;
	struct vsw_interface interface;
	uint64_t reads, writes, unsent;
};

/* Look for what is wanted now */
static void look(struct tap *t)
{
	vsw_watch_change(t->wire.worker, &t->watch,
			 (t->in_hand.n ? 0u : EPOLLIN) | (t->blocked ? EPOLLOUT : 0u));
}

static void receive(struct tap *t)
{
	uint8_t *scratch = vsw_worker_scratch(t->wire.worker);
	struct vsw_message list[PKT_BURST];
	unsigned n = 0;

	while (n < PKT_BURST) {
		uint8_t *at = scratch + (size_t)n * VSW_SCRATCH_SLOT;
		ssize_t len = read(t->fd, at, VSW_SCRATCH_SLOT);

		t->reads++;
		if (len < 0)
			break;
		list[n++] = (struct vsw_message) { at, (uint32_t)len };
	}
	if (n < PKT_BURST && errno != EAGAIN && errno != EINTR && errno != EIO) {
		vsw_wire_fail(&t->wire, "interface '%s' is gone (%s)", t->interface.name,
			      strerror(errno));
		return;
	}
	vsw_messages_give(&t->in_hand, t->wire.port, list, n);
	if (t->in_hand.n)
		look(t);
}

static void ready(struct vsw_watch *watch, uint32_t events)
{
	struct tap *t = (void *)((char *)watch - offsetof(struct tap, watch));

	if (t->blocked && events & (EPOLLOUT | EPOLLERR)) {
		t->blocked = false;
		look(t);
		vsw_port_ready(t->wire.port);
	}
	if (t->wire.port && !t->in_hand.n && events & ~(uint32_t)EPOLLOUT)
		receive(t);
}

static void tap_input_ready(struct vsw_wire *wire)
{
	struct tap *t = (struct tap *)wire;

	vsw_messages_again(&t->in_hand, wire->port);
	look(t);
}

/* False: there is no room now */
static bool send_one(struct tap *t, const struct pkt *pkt)
{
	struct vnet_hdr h = vsw_vnet_from(pkt, true);
	struct iovec iov[FRAME_IOV_MAX + 1] = { { &h, sizeof(h) } };
	ssize_t n;

	h.num_buffers = 0;
	memcpy(iov + 1, pkt->iov, pkt->iovcnt * sizeof(iov[0]));
	n = writev(t->fd, iov, pkt->iovcnt + 1);
	t->writes++;
	if (n < 0 && errno == EAGAIN)
		return false;
	t->unsent += n < 0; /* it is down, or going: reading tells */
	return true;
}

static unsigned tap_send(struct vsw_wire *wire, const struct pkt *const *pkts, unsigned n)
{
	struct tap *t = (struct tap *)wire;

	for (unsigned i = 0; i < n; i++)
		if (t->blocked || !send_one(t, pkts[i])) {
			t->blocked = true;
			look(t);
			return i;
		}
	return n;
}

static int name_it(struct tap *t, const struct tap_options *o, char *err, size_t errlen)
{
	struct ifreq r = { .ifr_flags = IFF_TAP | IFF_NO_PI | IFF_VNET_HDR };

	snprintf(r.ifr_name, sizeof(r.ifr_name), "%s", o->ifname);
	if (ioctl(t->fd, TUNSETIFF, &r) == 0) {
		memcpy(t->interface.name, r.ifr_name, sizeof(t->interface.name));
		return 0;
	}
	if (errno == EPERM)
		return vsw_fail(
			err, errlen,
			"ifname: no right to use '%s': it takes CAP_NET_ADMIN, or "
			"'ip tuntap add dev %s mode tap vnet_hdr user %u' by an administrator",
			o->ifname, o->ifname, (unsigned)geteuid());
	if (errno == EINVAL)
		return vsw_fail(err, errlen,
				"ifname: '%s' is an interface of another kind, or made without "
				"vnet_hdr",
				o->ifname);
	return vsw_fail(err, errlen, "ifname: %s: %s", o->ifname, strerror(errno));
}

static int set_header(struct tap *t, char *err, size_t errlen)
{
	int len = sizeof(struct vnet_hdr), little = 1;

	if (ioctl(t->fd, TUNSETVNETHDRSZ, &len) == 0 && ioctl(t->fd, TUNSETVNETLE, &little) == 0)
		return 0;
	return vsw_fail(err, errlen, "%s: %s", t->interface.name, strerror(errno));
}

/* What the kernel may leave unfinished; what we may, it takes in any case, but for UDP */
static void set_offloads(struct tap *t, bool on)
{
	bool uso = on && ioctl(t->fd, TUNSETOFFLOAD, OFFLOADS | TUN_F_USO4 | TUN_F_USO6) == 0;

	if (on && !uso)
		ioctl(t->fd, TUNSETOFFLOAD, OFFLOADS);
	if (on)
		t->takes = PKT_TAKES_CSUM | PKT_TAKES_TCPV4 | PKT_TAKES_TCPV6 | PKT_TAKES_ECN;
	if (uso)
		t->takes |= PKT_TAKES_UDP_L4;
}

/* struct linking - arguments of link_there() */
struct linking {
	struct tap *t;
	bool up;
};

static bool link_there(void *opaque)
{
	struct linking *l = opaque;

	if (l->t->wire.port)
		vsw_port_set_link(l->t->wire.port, l->up);
	return false;
}

/* That it is gone reading tells */
static void interface_changed(struct vsw_interface *i)
{
	struct tap *t = (void *)((char *)i - offsetof(struct tap, interface));
	struct linking l = { t, i->state == VSW_INTERFACE_UP };

	if (i->state != VSW_INTERFACE_GONE)
		vsw_worker_call(t->wire.worker, link_there, &l);
}

/* An interface that is down takes nothing. One that an administrator made for us is theirs. */
static void bring_up(const struct tap *t)
{
	struct ifreq r = { .ifr_flags = 0 };
	int fd = socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC, 0);

	memcpy(r.ifr_name, t->interface.name, sizeof(r.ifr_name));
	if (fd < 0)
		return;
	if (ioctl(fd, SIOCGIFFLAGS, &r) == 0 && !(r.ifr_flags & IFF_UP)) {
		r.ifr_flags |= IFF_UP;
		if (ioctl(fd, SIOCSIFFLAGS, &r) < 0 && t->wire.host->changed)
			t->wire.host->changed(t->wire.opaque, (struct vsw_wire *)&t->wire,
					      "the interface is down, and we have no right to "
					      "bring it up: 'ip link set' it up");
	}
	close(fd);
}

static int open_device(struct tap *t, const struct tap_options *o, char *err, size_t errlen)
{
	t->fd = open("/dev/net/tun", O_RDWR | O_NONBLOCK | O_CLOEXEC);
	if (t->fd < 0)
		return vsw_fail(err, errlen, "/dev/net/tun: %s", strerror(errno));
	return name_it(t, o, err, errlen);
}

/* A descriptor that was handed over has its name, and is set up */
static void take_device(struct tap *t, struct vsw_handover *h)
{
	struct ifreq r = { .ifr_flags = 0 };

	t->fd = h->fd[0];
	h->fd[0] = -1;
	if (ioctl(t->fd, TUNGETIFF, &r) == 0)
		memcpy(t->interface.name, r.ifr_name, sizeof(t->interface.name));
}

static void tap_close(struct vsw_wire *wire)
{
	struct tap *t = (struct tap *)wire;

	vsw_interface_stop(&t->interface);
	if (t->fd >= 0)
		close(t->fd);
	vsw_messages_fini(&t->in_hand);
	free(t);
}

static int tap_make(struct tap *t, const struct vsw_wire_conf *conf, char *err, size_t errlen)
{
	const struct tap_options *o = conf->options;

	if (!vsw_messages_init(&t->in_hand, sizeof(struct vnet_hdr)))
		return vsw_fail(err, errlen, "out of memory");
	if (conf->from && conf->from->n_fds == 1)
		take_device(t, conf->from);
	else if (open_device(t, o, err, errlen) < 0)
		return -1;
	if (set_header(t, err, errlen) < 0)
		return -1;
	set_offloads(t, o->offloads);
	bring_up(t);
	t->interface.changed = interface_changed;
	if (vsw_interface_watch(&t->interface, conf->context, err, errlen) < 0)
		return -1;
	t->watch = (struct vsw_watch) { t->fd, EPOLLIN, ready };
	return 0;
}

static struct vsw_wire *tap_open(const struct vsw_wire_conf *conf, char *err, size_t errlen)
{
	struct tap *t = calloc(1, sizeof(*t));

	if (!t) {
		vsw_fail(err, errlen, "out of memory");
		return NULL;
	}
	vsw_wire_init(&t->wire, &vsw_transport_tap, conf);
	t->fd = -1;
	if (tap_make(t, conf, err, errlen) == 0)
		return &t->wire;
	tap_close(&t->wire);
	return NULL;
}

static void tap_start(struct vsw_wire *wire)
{
	struct tap *t = (struct tap *)wire;

	if (vsw_watch_add(wire->worker, &t->watch) < 0) {
		vsw_wire_fail(wire, "cannot be watched: %s", strerror(errno));
		return;
	}
	look(t);
	vsw_port_set_caps(wire->port, t->takes);
	vsw_port_set_link(wire->port, t->interface.state == VSW_INTERFACE_UP);
	if (t->in_hand.n)
		tap_input_ready(wire);
}

static void tap_stop(struct vsw_wire *wire)
{
	struct tap *t = (struct tap *)wire;

	vsw_watch_remove(wire->worker, &t->watch);
	t->blocked = false;
}

static void tap_show(const struct vsw_wire *wire, struct vsw_facts *facts)
{
	const struct tap *t = (const struct tap *)wire;

	vsw_fact_text(facts, "interface", "%s", t->interface.name);
	vsw_fact_number(facts, "reads", t->reads);
	vsw_fact_number(facts, "writes", t->writes);
	vsw_fact_number(facts, "not-sent", t->unsent);
	vsw_fact_number(facts, "bad-frames", t->in_hand.odd);
}

static int tap_give(struct vsw_wire *wire, struct vsw_handover *h)
{
	h->fd[0] = ((struct tap *)wire)->fd;
	h->n_fds = 1;
	h->len = 0;
	return 0;
}

static int tap_freeze(struct vsw_wire *wire, struct vsw_handover *h)
{
	h->len = vsw_messages_freeze(&((struct tap *)wire)->in_hand, h->data, h->room);
	return h->len ? 0 : -1;
}

static int tap_thaw(struct vsw_wire *wire, const struct vsw_handover *h)
{
	return vsw_messages_thaw(&((struct tap *)wire)->in_hand, h->data, h->len);
}

static const struct vsw_option options[] = {
	{ "ifname", VSW_OPTION_TEXT, .required = true, .off = offsetof(struct tap_options, ifname),
	  .max = 15, .check = vsw_interface_check,
	  .help = "the interface; made if it is not there" },
	{ "offloads", VSW_OPTION_BOOL, .off = offsetof(struct tap_options, offloads), .def = "on",
	  .help = "unfinished checksums and whole messages pass both ways" },
	{ 0 }
};

const struct vsw_transport vsw_transport_tap = {
	.name = "tap",
	.help = "an interface of the kernel; needs CAP_NET_ADMIN or an interface made for us",
	.kind = VSW_TRANSPORT_OWN,
	.options = options,
	.options_size = sizeof(struct tap_options),
	.open = tap_open,
	.close = tap_close,
	.start = tap_start,
	.stop = tap_stop,
	.send = tap_send,
	.input_ready = tap_input_ready,
	.show = tap_show,
	.give = tap_give,
	.freeze = tap_freeze,
	.thaw = tap_thaw,
};
