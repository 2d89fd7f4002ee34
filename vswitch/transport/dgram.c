/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * dgram: a frame a datagram, over Unix or UDP sockets, as QEMU's -netdev dgram.
 *
 * DOC: Theory of Operation
 *
 * Datagrams of a turn come with one recvmmsg(), those of a burst leave with one sendmmsg(), from
 * where the switch has them. A peer whose queue is full is waited for: its frames stand in the
 * port's queue meanwhile.
 *
 * Over Unix sockets there are two: @fd is bound to the local path and takes what comes; @out is
 * connected to the peer's path, which is how one learns that there is room again, and that the peer
 * is gone (sending fails). Then the link is down, and the control thread tries once a second to
 * connect it anew; also when something comes from a peer that was gone. Over UDP, and with a socket
 * handed over by a client, both are the same, and a peer that is not there is not noticed.
 */
#define _GNU_SOURCE /* recvmmsg() */
#include <errno.h>
#include <glib.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <unistd.h>

#include "messages.h"
#include "vswitch/endpoint.h"
#include "vswitch/fail.h"
#include "vswitch/transport.h"

/* #syscalls frames getsockopt recvmmsg sendmmsg */
/* #syscalls control connect socket */

#define RETRY_MS 1000

extern const struct vsw_transport vsw_transport_dgram;

/* struct dgram_options */
struct dgram_options {
	char *local, *remote, *mode, *owner;
};

/* struct dgram - a wire */
struct dgram {
	struct vsw_wire wire;
	struct vsw_watch in, room; /* of @fd, and of @out while it is full */
	int fd, out;
	struct vsw_endpoint local, remote;
	struct vsw_messages in_hand;
	bool blocked; /* the peer's queue is full */
	bool lost;    /* there is no peer */
	bool udp;
	struct vsw_note seek; /* control is to look for it */
	GSource *retry;	      /* control thread: until it is found */
	GMainContext *context;
	uint64_t reads, writes, blocks, unsent;
};

static struct dgram *of(struct vsw_wire *wire)
{
	return (struct dgram *)wire;
}

static bool same_socket(const struct dgram *d)
{
	return d->fd == d->out;
}

/* Look for what is wanted now: nothing to read while the switch holds some, room only if needed */
static void look(struct dgram *d)
{
	uint32_t in = d->in_hand.n ? 0 : EPOLLIN, room = d->blocked ? EPOLLOUT : 0;

	vsw_watch_change(d->wire.worker, &d->in, same_socket(d) ? in | room : in);
	if (!same_socket(d))
		vsw_watch_change(d->wire.worker, &d->room, room);
}

static void receive(struct dgram *d)
{
	uint8_t *scratch = vsw_worker_scratch(d->wire.worker);
	struct vsw_message list[PKT_BURST];
	struct mmsghdr msg[PKT_BURST];
	struct iovec iov[PKT_BURST];
	int n;

	for (unsigned i = 0; i < PKT_BURST; i++) {
		list[i] = (struct vsw_message) { scratch + (size_t)i * VSW_SCRATCH_SLOT };
		iov[i] = (struct iovec) { list[i].bytes, PKT_MAX_LEN + 1 };
		msg[i].msg_hdr = (struct msghdr) { .msg_iov = &iov[i], .msg_iovlen = 1 };
	}
	n = recvmmsg(d->fd, msg, PKT_BURST, MSG_DONTWAIT, NULL);
	d->reads++;
	if (n <= 0)
		return; /* an error of UDP's, such as ECONNREFUSED, is read so, too */
	if (d->lost)
		vsw_note_post(d->wire.worker, &d->seek);
	for (int i = 0; i < n; i++)
		list[i].len = msg[i].msg_len;
	vsw_messages_give(&d->in_hand, d->wire.port, list, (unsigned)n);
	if (d->in_hand.n)
		look(d);
}

static void came(struct vsw_watch *watch, uint32_t events)
{
	struct dgram *d = (void *)((char *)watch - offsetof(struct dgram, in));

	if (!d->in_hand.n)
		receive(d);
}

static void dgram_input_ready(struct vsw_wire *wire)
{
	struct dgram *d = of(wire);

	vsw_messages_again(&d->in_hand, wire->port);
	look(d);
}

static void got_room(struct dgram *d)
{
	if (!d->blocked)
		return;
	d->blocked = false;
	look(d);
	vsw_port_ready(d->wire.port);
}

static void room(struct vsw_watch *watch, uint32_t events)
{
	struct dgram *d = (void *)((char *)watch - offsetof(struct dgram, room));
	socklen_t len = sizeof(int);
	int error;

	if (events & EPOLLERR) /* taken away; sending will fail for the same reason */
		getsockopt(d->out, SOL_SOCKET, SO_ERROR, &error, &len);
	got_room(d);
}

static void came_or_room(struct vsw_watch *watch, uint32_t events)
{
	struct dgram *d = (void *)((char *)watch - offsetof(struct dgram, in));

	if (events & EPOLLOUT)
		got_room(d);
	if (d->wire.port && events & ~(uint32_t)EPOLLOUT)
		came(watch, events);
}

/* The peer of a Unix socket is gone. One that was handed over does not come back. */
static void lose(struct dgram *d)
{
	if (same_socket(d)) {
		vsw_wire_fail(&d->wire, "peer is gone");
		return;
	}
	d->lost = true;
	vsw_port_set_link(d->wire.port, false);
	vsw_note_post(d->wire.worker, &d->seek);
}

/* Why the next frame did not leave. Return: true: it is dealt with, go on behind it. */
static bool excuse(struct dgram *d)
{
	if (errno == EAGAIN) {
		d->blocks++;
		d->blocked = true;
		look(d);
		return false;
	}
	d->unsent++;
	if (!d->udp && (errno == ECONNREFUSED || errno == ECONNRESET || errno == ENOTCONN ||
			errno == ENOENT || errno == EPIPE))
		lose(d);
	return true;
}

static unsigned dgram_send(struct vsw_wire *wire, const struct pkt *const *pkts, unsigned n)
{
	struct dgram *d = of(wire);
	struct mmsghdr msg[PKT_BURST];
	unsigned done = 0;

	for (unsigned i = 0; i < n; i++)
		msg[i].msg_hdr = (struct msghdr) { .msg_iov = (struct iovec *)pkts[i]->iov,
						   .msg_iovlen = pkts[i]->iovcnt };
	while (done < n && !d->blocked && !d->lost && !wire->failed) {
		int ret = sendmmsg(d->out, msg + done, n - done, MSG_DONTWAIT | MSG_NOSIGNAL);

		d->writes++;
		if (ret > 0)
			done += (unsigned)ret;
		else if (excuse(d))
			done++;
	}
	return d->lost || wire->failed ? n : done;
}

/* Control thread: the peer at its path. Return: whether it is there. */
static bool connect_peer(struct dgram *d)
{
	return connect(d->out, (struct sockaddr *)&d->remote.sa, d->remote.len) == 0;
}

static bool found(void *opaque)
{
	struct dgram *d = opaque;

	d->lost = false;
	if (d->wire.port)
		vsw_port_set_link(d->wire.port, true);
	return false;
}

static void stop_seeking(struct dgram *d)
{
	if (!d->retry)
		return;
	g_source_destroy(d->retry);
	g_source_unref(d->retry);
	d->retry = NULL;
}

static gboolean try_again(gpointer opaque)
{
	struct dgram *d = opaque;

	if (!connect_peer(d))
		return G_SOURCE_CONTINUE;
	stop_seeking(d);
	vsw_worker_call(d->wire.worker, found, d);
	if (d->wire.host->changed)
		d->wire.host->changed(d->wire.opaque, &d->wire, "peer is there");
	return G_SOURCE_REMOVE;
}

/* It was lost, or something came from it while it was */
static void seek(struct vsw_note *note)
{
	struct dgram *d = (void *)((char *)note - offsetof(struct dgram, seek));
	bool first = !d->retry;

	if (first) {
		d->retry = g_timeout_source_new(RETRY_MS);
		g_source_set_callback(d->retry, try_again, d, NULL);
		g_source_attach(d->retry, d->context);
		if (d->wire.host->changed)
			d->wire.host->changed(d->wire.opaque, &d->wire, "peer is gone");
	}
	try_again(d);
}

static void dgram_close(struct vsw_wire *wire)
{
	struct dgram *d = of(wire);

	vsw_note_cancel(wire->worker, &d->seek);
	stop_seeking(d);
	vsw_endpoint_unlink(&d->local);
	if (d->out >= 0 && !same_socket(d))
		close(d->out);
	if (d->fd >= 0)
		close(d->fd);
	vsw_messages_fini(&d->in_hand);
	free(d);
}

/* Addresses of both kinds: both paths, or both UDP */
static int addresses(struct dgram *d, const struct dgram_options *o, char *err, size_t errlen)
{
	if (!o->local || !o->remote) {
		return vsw_fail(err, errlen, "%s: is missing", o->local ? "remote" : "local");
	}
	if (vsw_endpoint_parse(o->local, &d->local, err, errlen) < 0 ||
	    vsw_endpoint_parse(o->remote, &d->remote, err, errlen) < 0)
		return -1;
	if (d->local.sa.ss_family == d->remote.sa.ss_family)
		return 0;
	return vsw_fail(err, errlen, "remote: must be of the same kind as local");
}

static int open_unix(struct dgram *d, const struct dgram_options *o, char *err, size_t errlen)
{
	struct vsw_access access;

	if (vsw_access_parse(o->mode, o->owner, &access, err, errlen) < 0)
		return -1;
	d->fd = vsw_endpoint_bind(&d->local, SOCK_DGRAM, &access, err, errlen);
	if (d->fd < 0)
		return -1;
	d->out = socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
	if (d->out < 0) {
		return vsw_fail(err, errlen, "%s", strerror(errno));
	}
	d->lost = !connect_peer(d);
	return 0;
}

static int open_udp(struct dgram *d, char *err, size_t errlen)
{
	d->udp = true;
	d->fd = d->out = vsw_endpoint_bind(&d->local, SOCK_DGRAM, NULL, err, errlen);
	if (d->fd < 0)
		return -1;
	if (connect_peer(d))
		return 0;
	return vsw_fail(err, errlen, "remote: %s", strerror(errno));
}

/* struct moved - what dgram_give() says; @paths: there are addresses, and they are paths */
struct moved {
	uint32_t version, udp, paths, none;
};

static int take_over(struct dgram *d, const struct dgram_options *o, struct vsw_handover *h,
		     char *err, size_t errlen)
{
	struct moved z;

	if (h->len != sizeof(z))
		return vsw_fail(err, errlen, "not what this transport hands over");
	memcpy(&z, h->data, sizeof(z));
	if (z.version != 1 || h->n_fds != (z.paths ? 3u : 1u))
		return vsw_fail(err, errlen, "not what this transport hands over");
	if ((z.udp || z.paths) && addresses(d, o, err, errlen) < 0)
		return -1;
	d->udp = z.udp;
	d->fd = h->fd[0];
	d->out = z.paths ? h->fd[1] : d->fd;
	d->local.file = z.paths ? h->fd[2] : -1;
	for (unsigned i = 0; i < h->n_fds; i++)
		h->fd[i] = -1;
	return 0;
}

static int open_sockets(struct dgram *d, const struct vsw_wire_conf *conf, char *err, size_t errlen)
{
	const struct dgram_options *o = conf->options;

	if (conf->from)
		return take_over(d, o, conf->from, err, errlen);
	if (conf->fd >= 0) {
		d->fd = d->out = conf->fd;
		return 0;
	}
	if (addresses(d, o, err, errlen) < 0)
		return -1;
	return vsw_endpoint_path(&d->local) ? open_unix(d, o, err, errlen) :
					      open_udp(d, err, errlen);
}

static struct vsw_wire *dgram_open(const struct vsw_wire_conf *conf, char *err, size_t errlen)
{
	struct dgram *d = calloc(1, sizeof(*d));

	if (!d) {
		vsw_fail(err, errlen, "out of memory");
		return NULL;
	}
	vsw_wire_init(&d->wire, &vsw_transport_dgram, conf);
	d->fd = d->out = d->local.file = -1;
	d->context = conf->context;
	d->seek.read = seek;
	if (!vsw_messages_init(&d->in_hand, 0)) {
		vsw_fail(err, errlen, "out of memory");
		dgram_close(&d->wire);
		return NULL;
	}
	if (open_sockets(d, conf, err, errlen) < 0) {
		dgram_close(&d->wire);
		return NULL;
	}
	d->in = (struct vsw_watch) { d->fd, EPOLLIN, same_socket(d) ? came_or_room : came };
	d->room = (struct vsw_watch) { d->out, 0, room };
	return &d->wire;
}

static void dgram_start(struct vsw_wire *wire)
{
	struct dgram *d = of(wire);

	if (vsw_watch_add(wire->worker, &d->in) < 0 ||
	    (!same_socket(d) && vsw_watch_add(wire->worker, &d->room) < 0)) {
		vsw_wire_fail(wire, "cannot be watched: %s", strerror(errno));
		return;
	}
	look(d);
	vsw_port_set_caps(wire->port, 0);
	vsw_port_set_link(wire->port, !d->lost);
	if (d->lost)
		vsw_note_post(wire->worker, &d->seek);
}

static void dgram_stop(struct vsw_wire *wire)
{
	struct dgram *d = of(wire);

	vsw_watch_remove(wire->worker, &d->in);
	if (!same_socket(d))
		vsw_watch_remove(wire->worker, &d->room);
	d->blocked = false;
}

static void dgram_show(const struct vsw_wire *wire, struct vsw_facts *facts)
{
	const struct dgram *d = (const struct dgram *)wire;
	char text[VSW_FACT_MAX];

	vsw_endpoint_print(&d->local, text, sizeof(text));
	vsw_fact_text(facts, "local", "%s", text);
	vsw_endpoint_print(&d->remote, text, sizeof(text));
	vsw_fact_text(facts, "remote", "%s", text);
	vsw_fact_number(facts, "reads", d->reads);
	vsw_fact_number(facts, "writes", d->writes);
	vsw_fact_number(facts, "blocked", d->blocks);
	vsw_fact_number(facts, "bad-lengths", d->in_hand.odd);
	vsw_fact_number(facts, "not-sent", d->unsent);
}

/* Descriptors: ours; of Unix sockets the one to the peer, and the file of our path */
static int dgram_give(struct vsw_wire *wire, struct vsw_handover *h)
{
	struct dgram *d = of(wire);
	struct moved z = { 1, d->udp, !same_socket(d), 0 };

	if (h->room < sizeof(z))
		return -1;
	memcpy(h->data, &z, sizeof(z));
	h->len = sizeof(z);
	h->fd[0] = d->fd;
	h->fd[1] = d->out;
	h->fd[2] = d->local.file;
	h->n_fds = z.paths ? 3 : 1;
	return 0;
}

static int dgram_freeze(struct vsw_wire *wire, struct vsw_handover *h)
{
	uint32_t lost = of(wire)->lost;
	size_t len;

	if (h->room < sizeof(lost))
		return -1;
	memcpy(h->data, &lost, sizeof(lost));
	len = vsw_messages_freeze(&of(wire)->in_hand, h->data + sizeof(lost),
				  h->room - sizeof(lost));
	h->len = sizeof(lost) + len;
	return len ? 0 : -1;
}

static int dgram_thaw(struct vsw_wire *wire, const struct vsw_handover *h)
{
	uint32_t lost;

	if (h->len < sizeof(lost))
		return -1;
	memcpy(&lost, h->data, sizeof(lost));
	of(wire)->lost = lost;
	return vsw_messages_thaw(&of(wire)->in_hand, h->data + sizeof(lost), h->len - sizeof(lost));
}

static const char *an_address(const char *v)
{
	char why[160];
	struct vsw_endpoint a;

	return vsw_endpoint_parse(v, &a, why, sizeof(why)) < 0 ?
		       "must be a path, HOST:PORT, or [HOST]:PORT" :
		       NULL;
}

#define TEXT(k, m, most, c, h)                                                             \
	{                                                                                  \
		k, VSW_OPTION_TEXT, .off = offsetof(struct dgram_options, m), .max = most, \
				    .check = c, .help = h                                  \
	}

static const struct vsw_option options[] = {
	TEXT("local", local, 107, an_address, "our socket: a path, or HOST:PORT for UDP"),
	TEXT("remote", remote, 107, an_address, "the peer's socket, of the same kind"),
	TEXT("mode", mode, 4, NULL, "permissions of our path, octal; 0600 if not given"),
	TEXT("owner", owner, 64, NULL, "owner of our path: USER, USER:GROUP, or :GROUP"),
	{ 0 }
};

const struct vsw_transport vsw_transport_dgram = {
	.name = "dgram",
	.help = "a frame a datagram over Unix or UDP sockets, as QEMU's -netdev dgram",
	.kind = VSW_TRANSPORT_OWN,
	.options = options,
	.options_size = sizeof(struct dgram_options),
	.open = dgram_open,
	.close = dgram_close,
	.start = dgram_start,
	.stop = dgram_stop,
	.send = dgram_send,
	.input_ready = dgram_input_ready,
	.show = dgram_show,
	.give = dgram_give,
	.freeze = dgram_freeze,
	.thaw = dgram_thaw,
};
