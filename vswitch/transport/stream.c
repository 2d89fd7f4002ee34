/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * stream: frames over a stream socket, each behind its length in 4 bytes, big-endian. It is what
 * QEMU's -netdev stream and -netdev socket speak.
 *
 * DOC: Theory of Operation
 *
 * In. One recv() a turn takes what is there, many frames at once, into the worker's scratch memory,
 * behind what was kept of the turn before: the beginning of a frame whose end had not come yet, or
 * frames that the switch did not take (@held). Only the rest is copied into memory of the wire's
 * own. While the switch holds frames back, nothing is read: the peer waits.
 *
 * Out. Frames of a round are gathered, with their lengths, and leave with one send() when the round
 * ends, or sooner when the buffer is full. When the socket takes no more (@blocked), the switch's
 * frames are refused, so that they wait in the port's queue, where they are dropped fairly if they
 * must be; what stands in the buffer goes first when there is room again. So a peer that does not
 * read costs nobody else anything.
 *
 * The first frame of a connection may lack its beginning: QEMU does not forget how much of a frame
 * it had sent when the connection before broke (net/stream.c, up to 11.x). What follows would be
 * read as a length. So the first frame must look like one, or the connection is closed once more,
 * which mends it. A length beyond what QEMU accepts ends a connection at any time.
 */
#include <arpa/inet.h>
#include <errno.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/mman.h>
#include <sys/socket.h>
#include <unistd.h>

#include "hwnet/frame.h"
#include "stream.h"
#include "vswitch/fail.h"

/* #syscalls frames recv send */
/* #syscalls control setsockopt */

#define LEN_SIZE  VSW_STREAM_LEN
#define LEN_MAX	  VSW_STREAM_MAX
#define READ_SIZE (128u << 10) /* bytes a turn: at most 1,800 frames */
#define KEEP_SIZE (READ_SIZE + LEN_SIZE + LEN_MAX)
#define OUT_SIZE  (128u << 10)
#define MAC_GROUP 1

extern const struct vsw_transport vsw_transport_stream;

static uint8_t *reserve(size_t size)
{
	void *p = mmap(NULL, size, PROT_READ | PROT_WRITE,
		       MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);

	return p == MAP_FAILED ? NULL : p;
}

static uint32_t length_at(const uint8_t *p)
{
	return (uint32_t)frame_be16(p) << 16 | frame_be16(p + 2);
}

/* Look for what is wanted now: no frames while the switch holds some, room only if needed */
static void look(struct vsw_stream *s)
{
	vsw_watch_change(s->wire.worker, &s->watch,
			 (s->held ? 0u : EPOLLIN) | (s->blocked ? EPOLLOUT : 0u));
}

/* Does a connection begin with a frame? @left bytes from its length on are there. */
static bool begins_well(const uint8_t *p, uint32_t left)
{
	static const uint8_t none[6];
	uint32_t len = length_at(p);
	const uint8_t *src = p + LEN_SIZE + 6;

	if (len < 14 || len > LEN_MAX)
		return false;
	return left < LEN_SIZE + 14 || (!(src[0] & MAC_GROUP) && memcmp(src, none, 6));
}

/* struct parse - frames found in a piece of memory */
struct parse {
	const uint8_t *at;
	uint32_t left;
	unsigned n;
	bool bad; /* what follows them is none, nor the beginning of one */
	struct pkt pkt[PKT_BURST];
	struct iovec iov[PKT_BURST];
	const struct pkt *list[PKT_BURST];
	const uint8_t *start[PKT_BURST]; /* of each frame's length */
};

/* The next frames, at most a burst */
static void find(struct vsw_stream *s, struct parse *f)
{
	f->n = 0;
	while (f->n < PKT_BURST && f->left >= LEN_SIZE) {
		uint32_t len = length_at(f->at);

		f->bad = len > LEN_MAX || (!s->greeted && !begins_well(f->at, f->left));
		if (f->bad || f->left - LEN_SIZE < len)
			break;
		s->greeted = true;
		if (len >= 14 && len <= PKT_MAX_LEN) {
			f->start[f->n] = f->at;
			pkt_flat(&f->pkt[f->n], &f->iov[f->n], f->at + LEN_SIZE, len);
			f->list[f->n] = &f->pkt[f->n];
			f->n++;
		} else {
			s->odd++;
		}
		f->at += LEN_SIZE + len;
		f->left -= LEN_SIZE + len;
	}
}

static void nonsense(struct vsw_stream *s, uint32_t len)
{
	if (s->greeted)
		vsw_wire_fail(&s->wire, "peer sent a frame of %u bytes, at most %u can be", len,
			      LEN_MAX);
	else
		vsw_wire_fail(&s->wire, "what the peer sent first is no frame");
}

/* Give the switch all whole frames of some bytes; keep the rest. */
static void deliver(struct vsw_stream *s, const uint8_t *bytes, uint32_t len)
{
	struct parse f = { .at = bytes, .left = len };
	const uint8_t *end = bytes + len;

	do {
		unsigned taken;

		find(s, &f);
		taken = f.n ? vsw_port_input(s->wire.port, f.list, f.n) : 0;
		if (!s->wire.port) /* it failed meanwhile */
			return;
		s->held = taken < f.n;
		if (s->held)
			f.at = f.start[taken];
	} while (f.n == PKT_BURST && !s->held);
	if (f.bad && !s->held) {
		nonsense(s, length_at(f.at));
		return;
	}
	s->kept = (uint32_t)(end - f.at);
	if (s->kept && f.at != s->keep)
		memmove(s->keep, f.at, s->kept);
	look(s);
}

static void receive(struct vsw_stream *s)
{
	uint8_t *buf = vsw_worker_scratch(s->wire.worker);
	ssize_t n;

	if (s->kept)
		memcpy(buf, s->keep, s->kept);
	n = recv(s->fd, buf + s->kept, READ_SIZE, MSG_DONTWAIT);
	s->reads++;
	if (n > 0)
		deliver(s, buf, s->kept + (uint32_t)n);
	else if (n == 0)
		vsw_wire_fail(&s->wire, "connection closed");
	else if (errno != EAGAIN && errno != EINTR)
		vsw_wire_fail(&s->wire, "%s", strerror(errno));
}

/* Send what was gathered. False: the socket does not take all of it. */
static bool push(struct vsw_stream *s)
{
	ssize_t n = send(s->fd, s->out + s->out_at, s->out_end - s->out_at,
			 MSG_DONTWAIT | MSG_NOSIGNAL);

	s->writes++;
	if (n < 0 && errno != EAGAIN && errno != EINTR && errno != ENOBUFS) {
		vsw_wire_fail(&s->wire, "%s",
			      errno == EPIPE ? "connection closed" : strerror(errno));
		return false;
	}
	s->out_at += n > 0 ? (uint32_t)n : 0;
	if (s->out_at == s->out_end) {
		s->out_at = s->out_end = 0;
		return true;
	}
	s->blocks++;
	s->blocked = true;
	look(s);
	return false;
}

static void flush(struct vsw_flush *f)
{
	struct vsw_stream *s = (void *)((char *)f - offsetof(struct vsw_stream, flush));

	if (s->out_end && !s->blocked)
		push(s);
}

static void drain(struct vsw_stream *s)
{
	if (!push(s))
		return;
	s->blocked = false;
	look(s);
	if (!s->refused)
		return;
	s->refused = false;
	vsw_port_ready(s->wire.port);
}

static void ready(struct vsw_watch *watch, uint32_t events)
{
	struct vsw_stream *s = (void *)((char *)watch - offsetof(struct vsw_stream, watch));

	if (s->blocked && events & (EPOLLOUT | EPOLLERR | EPOLLHUP))
		drain(s);
	if (!s->wire.port)
		return;
	if (!s->held && events & ~(uint32_t)EPOLLOUT)
		receive(s);
	else if (events & (EPOLLERR | EPOLLHUP)) /* nobody would look at it */
		vsw_wire_fail(&s->wire, "connection closed");
}

/* Room for a frame in the buffer. False: the socket takes no more. */
static bool make_room(struct vsw_stream *s, uint32_t len)
{
	return s->out_end + LEN_SIZE + len <= OUT_SIZE || push(s);
}

unsigned vsw_stream_send(struct vsw_wire *wire, const struct pkt *const *pkts, unsigned n)
{
	struct vsw_stream *s = (struct vsw_stream *)wire;
	unsigned i = 0;

	for (; i < n && !s->blocked; i++) {
		uint8_t *at;

		if (!make_room(s, pkts[i]->len))
			break;
		at = s->out + s->out_end;
		frame_put_be16(at, (uint16_t)(pkts[i]->len >> 16));
		frame_put_be16(at + 2, (uint16_t)pkts[i]->len);
		s->out_end += LEN_SIZE + pkt_copy_finished(pkts[i], at + LEN_SIZE);
	}
	if (wire->failed)
		return n; /* the link is down: nobody waits for them */
	if (!s->blocked)
		vsw_flush_later(wire->worker, &s->flush);
	s->refused = i < n;
	return i;
}

void vsw_stream_input_ready(struct vsw_wire *wire)
{
	struct vsw_stream *s = (struct vsw_stream *)wire;

	s->held = false;
	deliver(s, s->keep, s->kept);
}

void vsw_stream_fini(struct vsw_stream *s)
{
	if (s->fd >= 0)
		close(s->fd);
	if (s->keep)
		munmap(s->keep, KEEP_SIZE);
	if (s->out)
		munmap(s->out, OUT_SIZE);
}

int vsw_stream_init(struct vsw_stream *s, int fd, char *err, size_t errlen)
{
	int one = 1;

	s->fd = -1;
	s->keep = reserve(KEEP_SIZE);
	s->out = reserve(OUT_SIZE);
	if (!s->keep || !s->out)
		return vsw_fail(err, errlen, "out of memory");
	s->fd = fd;
	setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &one, sizeof(one)); /* if it is TCP */
	s->watch = (struct vsw_watch) { fd, EPOLLIN, ready };
	s->flush.flush = flush;
	return 0;
}

static void stream_close(struct vsw_wire *wire)
{
	vsw_stream_fini((struct vsw_stream *)wire);
	free(wire);
}

static struct vsw_wire *stream_open(const struct vsw_wire_conf *conf, char *err, size_t errlen)
{
	struct vsw_stream *s = calloc(1, sizeof(*s));
	bool given = conf->from && conf->from->n_fds == 1;

	if (!s) {
		vsw_fail(err, errlen, "out of memory");
		return NULL;
	}
	vsw_wire_init(&s->wire, &vsw_transport_stream, conf);
	if (vsw_stream_init(s, given ? conf->from->fd[0] : conf->fd, err, errlen) < 0) {
		stream_close(&s->wire);
		return NULL;
	}
	if (given)
		conf->from->fd[0] = -1;
	return &s->wire;
}

void vsw_stream_start(struct vsw_wire *wire)
{
	struct vsw_stream *s = (struct vsw_stream *)wire;

	if (vsw_watch_add(wire->worker, &s->watch) < 0) {
		vsw_wire_fail(wire, "cannot be watched: %s", strerror(errno));
		return;
	}
	s->blocked |= s->out_end > 0; /* it was stopped with something to send */
	look(s);
	vsw_port_set_caps(wire->port, PKT_TAKES_CSUM); /* summed while it is copied */
	vsw_port_set_link(wire->port, true);
	if (s->held)
		vsw_stream_input_ready(wire);
}

void vsw_stream_stop(struct vsw_wire *wire)
{
	struct vsw_stream *s = (struct vsw_stream *)wire;

	vsw_watch_remove(wire->worker, &s->watch);
	vsw_flush_cancel(&s->flush);
}

void vsw_stream_show(const struct vsw_wire *wire, struct vsw_facts *facts)
{
	const struct vsw_stream *s = (const struct vsw_stream *)wire;

	vsw_fact_number(facts, "reads", s->reads);
	vsw_fact_number(facts, "writes", s->writes);
	vsw_fact_number(facts, "blocked", s->blocks);
	vsw_fact_number(facts, "bad-lengths", s->odd);
	vsw_fact_number(facts, "bytes-kept", s->kept);
	vsw_fact_number(facts, "bytes-waiting", s->out_end - s->out_at);
}

static int stream_give(struct vsw_wire *wire, struct vsw_handover *h)
{
	h->fd[0] = ((struct vsw_stream *)wire)->fd;
	h->n_fds = 1;
	h->len = 0;
	return 0;
}

/* struct frozen - what stream_freeze() says; @kept bytes that came, and @waiting that are to leave,
 * follow */
struct frozen {
	uint32_t version, kept, waiting, greeted;
};

static int stream_freeze(struct vsw_wire *wire, struct vsw_handover *h)
{
	struct vsw_stream *s = (struct vsw_stream *)wire;
	struct frozen z = { 1, s->kept, s->out_end - s->out_at, s->greeted };

	h->len = sizeof(z) + z.kept + z.waiting;
	if (h->len > h->room)
		return -1;
	memcpy(h->data, &z, sizeof(z));
	memcpy(h->data + sizeof(z), s->keep, z.kept);
	memcpy(h->data + sizeof(z) + z.kept, s->out + s->out_at, z.waiting);
	return 0;
}

static int stream_thaw(struct vsw_wire *wire, const struct vsw_handover *h)
{
	struct vsw_stream *s = (struct vsw_stream *)wire;
	struct frozen z;

	if (h->len < sizeof(z))
		return -1;
	memcpy(&z, h->data, sizeof(z));
	if (z.version != 1 || z.kept > KEEP_SIZE || z.waiting > OUT_SIZE ||
	    h->len != sizeof(z) + z.kept + z.waiting)
		return -1;
	memcpy(s->keep, h->data + sizeof(z), z.kept);
	memcpy(s->out, h->data + sizeof(z) + z.kept, z.waiting);
	s->kept = z.kept;
	s->held = z.kept > 0; /* whole frames may be among it: start() has a look */
	s->out_end = z.waiting;
	s->blocked = z.waiting > 0;
	s->greeted = z.greeted;
	return 0;
}

const struct vsw_transport vsw_transport_stream = {
	.name = "stream",
	.help = "frames over a stream socket, as QEMU's -netdev stream",
	.kind = VSW_TRANSPORT_SOCKET,
	.open = stream_open,
	.close = stream_close,
	.start = vsw_stream_start,
	.stop = vsw_stream_stop,
	.send = vsw_stream_send,
	.input_ready = vsw_stream_input_ready,
	.show = vsw_stream_show,
	.give = stream_give,
	.freeze = stream_freeze,
	.thaw = stream_thaw,
};
