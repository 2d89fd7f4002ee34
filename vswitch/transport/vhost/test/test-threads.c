/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Two threads, one at each end of the rings, with and without sleeping, built with ThreadSanitizer.
 *
 * The back end's memory is the front end's own map here, so that the sanitizer sees both threads at
 * the same addresses. Frames carry their number: none may be lost, doubled or torn. A third thread
 * plays the control half: it parks the rings now and then, as a message would.
 */
#include <poll.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/eventfd.h>
#include <sys/socket.h>
#include <unistd.h>

#include "hwnet/copy.h"
#include "transport/vhost/backend.h"
#include "transport/vhost/channel.h"
#include "transport/vhost/front-priv.h"

#define FRAMES 20000u

static struct vsw_front *front;
static struct vhost_backend *be;
static struct vhost_channel ch;
static bool up;
static const char *failed;
static pthread_mutex_t rings = PTHREAD_MUTEX_INITIALIZER; /* held by the half that has them */

static void fail(const char *what)
{
	failed = what;
	fprintf(stderr, "# %s\n", what);
	_exit(1);
}

static void park(void *opaque)
{
}

static void on_up(void *opaque, bool is_up, const char *why)
{
	up = is_up;
	if (!is_up)
		fail(why);
}

static const struct vhost_host host = { park };
static const struct vsw_front_ops ops = { on_up };

static void answer(void)
{
	struct vhost_message reply;
	int ret;

	while (vsw_vhost_receive(&ch) > 0) {
		ret = vsw_vhost_backend_message(be, &ch.msg, ch.fds, ch.n_fds, &reply);
		if (ret < 0 || (ret && vsw_vhost_send(&ch, &reply, NULL, 0)))
			fail(be->why);
	}
	vsw_vhost_backend_settle(be);
}

/* The addresses of the back end's own map become the front end's */
static void alias(struct vring *vq, unsigned i)
{
	struct front_ring *r = &front->ring[i];

	vq->desc = r->desc;
	vq->driver_event = r->ours;
	vq->device_event = r->theirs;
	vq->hint.gpa = FRONT_ADDR;
	vq->hint.size = front->size;
	vq->hint.host = front->bytes;
}

static void join(void)
{
	const struct vhost_conf conf = { .pairs = 1, .mtu = 9000 };
	const struct vsw_front_conf front_conf = { .entries = 64 };
	char err[100];
	int fd[2];

	front = vsw_front_new(&front_conf, &ops, NULL, err, sizeof(err));
	be = vsw_vhost_backend_new(&conf, &host, NULL);
	if (!front || !be || socketpair(AF_UNIX, SOCK_STREAM | SOCK_NONBLOCK, 0, fd))
		fail("cannot be set up");
	ch.fd = fd[1];
	vsw_front_attach(front, fd[0]);
	for (unsigned i = 0; i < 5; i++) {
		answer();
		vsw_front_readable(front);
	}
	if (!up)
		fail("not up");
	alias(vsw_vhost_ring(be, 0), FRONT_RX);
	alias(vsw_vhost_ring(be, 1), FRONT_TX);
}

static uint32_t length(unsigned i)
{
	return i % 50 == 7 ? 9000 : i % 7 == 3 ? 1514 : 60;
}

/* Frames from number @from on. Return: how many */
static unsigned make(unsigned from, struct pkt *pkt, struct iovec *iov, const struct pkt **pkts,
		     uint8_t (*bytes)[9000])
{
	unsigned n = from < FRAMES ? FRAMES - from : 0;

	n = n < 1 + from % 16 ? n : 1 + from % 16;
	for (unsigned i = 0; i < n; i++) {
		uint32_t number = from + i, len = length(number);

		memset(bytes[i], (int)(number & 0xff), len);
		memcpy(bytes[i], &number, 4);
		memcpy(bytes[i] + len - 4, &number, 4);
		pkt_flat(&pkt[i], &iov[i], bytes[i], len);
		pkts[i] = &pkt[i];
	}
	return n;
}

static void check(const struct pkt *p, uint32_t number)
{
	uint32_t first, last, len = length(number);
	uint8_t middle;

	if (p->len != len)
		fail("a frame of another length");
	pkt_copy(p, 0, &first, 4);
	pkt_copy(p, len - 4, &last, 4);
	pkt_copy(p, len / 2, &middle, 1);
	if (first != number || last != number || middle != (number & 0xff))
		fail("a frame is lost, doubled or torn");
}

static void wait_for(int fd)
{
	struct pollfd p = { fd, POLLIN, 0 };
	uint64_t n;

	if (poll(&p, 1, 60000) != 1)
		fail("nobody has told us for a minute");
	if (read(fd, &n, sizeof(n)) < 0)
		fail("an eventfd that is not readable");
}

/* The card: sends all its frames, receives all the switch's */
static void *card(void *opaque)
{
	static uint8_t bytes[16][9000];
	static struct pkt pkt[16];
	static struct iovec iov[16];
	const struct pkt *pkts[16], *const *got;
	unsigned sent = 0, came = 0;

	while (sent < FRAMES || came < FRAMES) {
		unsigned n = make(sent, pkt, iov, pkts, bytes), put, m;

		put = vsw_front_put(front, pkts, n);
		sent += put;
		m = vsw_front_get(front, &got);
		for (unsigned i = 0; i < m; i++)
			check(got[i], came + i);
		vsw_front_got(front, m);
		came += m;
		vsw_front_flush(front);
		if (!put && !m && vsw_front_sleep(front, true)) {
			wait_for(vsw_front_fd(front));
			vsw_front_wake(front);
		}
	}
	return NULL;
}

/* A turn of the switch. Return: false: nothing to do, and kicks were asked for */
static bool turn(unsigned *came, unsigned *delivered, struct vring_burst *b)
{
	static uint8_t bytes[16][9000];
	static struct pkt pkt[16];
	static struct iovec iov[16];
	const struct pkt *pkts[16];
	struct vring *tx = vsw_vhost_ring(be, 1), *rx = vsw_vhost_ring(be, 0);
	unsigned n = make(*delivered, pkt, iov, pkts, bytes), put, m;

	m = vsw_vring_get(tx, b);
	for (unsigned i = 0; i < m; i++)
		check(b->pkts[i], *came + i);
	vsw_vring_got(tx, b, m);
	*came += m;
	put = vsw_vring_put(rx, pkts, n);
	*delivered += put;
	vsw_vring_signal(tx);
	vsw_vring_signal(rx);
	if (tx->why || rx->why)
		fail(tx->why ? tx->why : rx->why);
	if (m || put)
		return true;
	m = vsw_vring_kicks(tx, true);
	return (n && vsw_vring_kicks(rx, true)) || m;
}

static void wait_for_kick(void)
{
	struct pollfd p[2] = { { be->ring[0].kick_fd, POLLIN, 0 },
			       { be->ring[1].kick_fd, POLLIN, 0 } };
	uint64_t n;

	if (poll(p, 2, 60000) < 1)
		fail("no kick for a minute");
	for (unsigned i = 0; i < 2; i++)
		if (p[i].revents && read(p[i].fd, &n, sizeof(n)) < 0)
			fail("an eventfd that is not readable");
}

static atomic_bool done;

static void *the_switch(void *opaque)
{
	struct vring_burst *b = calloc(1, sizeof(*b));
	unsigned came = 0, delivered = 0;

	while (came < FRAMES || delivered < FRAMES) {
		bool busy;

		pthread_mutex_lock(&rings);
		busy = turn(&came, &delivered, b);
		pthread_mutex_unlock(&rings);
		if (!busy && (came < FRAMES || delivered < FRAMES))
			wait_for_kick();
	}
	free(b);
	done = true;
	return NULL;
}

/* Stops both rings and starts them where they were, as GET_VRING_BASE and what follows do */
static void *control(void *opaque)
{
	while (!done) {
		pthread_mutex_lock(&rings);
		for (unsigned i = 0; i < 2; i++) {
			struct vring *vq = vsw_vhost_ring(be, i);

			vsw_vring_start(vq, vsw_vring_base(vq));
			alias(vq, i);
		}
		pthread_mutex_unlock(&rings);
		poll(NULL, 0, 1);
	}
	return NULL;
}

int main(void)
{
	void *(*const run[])(void *) = { card, the_switch, control };
	pthread_t thread[3];

	printf("1..1\n");
	join();
	for (unsigned i = 0; i < 3; i++)
		if (pthread_create(&thread[i], NULL, run[i], NULL))
			fail("no thread");
	for (unsigned i = 0; i < 3; i++)
		pthread_join(thread[i], NULL);
	vsw_front_free(front);
	vsw_vhost_backend_free(be);
	close(ch.fd);
	printf("%s 1 - %u frames each way between two threads\n", failed ? "not ok" : "ok", FRAMES);
	return failed != NULL;
}
