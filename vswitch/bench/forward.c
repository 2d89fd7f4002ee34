/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * libvswitch between sockets that carry a frame a message: packet sockets, or Unix datagrams.
 *
 * What a host of the library with such ports does: take up to a burst with one system call, and
 * give each receiver its part of it with one. Frames are not copied in between. (Receiving packet
 * sockets by a ring in shared memory was tried: it saves that call, and costs more in cold memory.)
 */
#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

#include "hwnet/frame.h"
#include "peers.h"
#include "vswitch/policy.h"
#include "vswitch/vswitch.h"

#define FRAME_MAX 2048u

/* struct end - a port's socket */
struct end {
	struct vsw_port *port;
	int fd, epoll;
	bool full; /* it refused a frame, and is watched for room */
};

static int64_t host_now(void *opaque)
{
	return peers_now();
}

static void host_timer(void *opaque, int64_t deadline)
{
	*(int64_t *)opaque = deadline;
}

static const struct vsw_host host = { host_now, host_timer, NULL };

static void watch(struct end *e, bool room)
{
	struct epoll_event ev = { .events = EPOLLIN | (room ? EPOLLOUT : 0u), .data.ptr = e };

	e->full = room;
	if (epoll_ctl(e->epoll, EPOLL_CTL_MOD, e->fd, &ev))
		peers_fail("epoll");
}

static unsigned end_send(void *opaque, const struct pkt *const *pkts, unsigned n)
{
	struct end *e = opaque;
	struct mmsghdr msg[PKT_BURST];
	int sent;

	for (unsigned i = 0; i < n; i++)
		msg[i].msg_hdr = (struct msghdr) { .msg_iov = (struct iovec *)pkts[i]->iov,
						   .msg_iovlen = pkts[i]->iovcnt };
	sent = sendmmsg(e->fd, msg, n, MSG_DONTWAIT);
	if (sent < 0 && errno != EAGAIN && errno != ENOBUFS)
		return n; /* nobody is there any more */
	if (sent < (int)n && !e->full)
		watch(e, true);
	return sent < 0 ? 0 : (unsigned)sent;
}

static const struct vsw_port_ops end_ops = { end_send, NULL, NULL };

static uint8_t buf[PKT_BURST][FRAME_MAX];
static struct mmsghdr msg[PKT_BURST];
static struct iovec space[PKT_BURST];

static void buffers_init(void)
{
	for (unsigned i = 0; i < PKT_BURST; i++) {
		space[i] = (struct iovec) { buf[i], FRAME_MAX };
		msg[i].msg_hdr.msg_iov = &space[i];
		msg[i].msg_hdr.msg_iovlen = 1;
	}
}

static void end_receive(struct end *e)
{
	const struct pkt *pkts[PKT_BURST];
	struct pkt pkt[PKT_BURST];
	struct iovec iov[PKT_BURST];
	int got = recvmmsg(e->fd, msg, PKT_BURST, MSG_DONTWAIT, NULL);
	unsigned n = 0;

	for (int i = 0; i < got; i++) {
		if (msg[i].msg_len < 14)
			continue;
		pkt_flat(&pkt[n], &iov[n], buf[i], msg[i].msg_len);
		pkts[n] = &pkt[n];
		n++;
	}
	if (n)
		vsw_port_input(e->port, pkts, n);
}

static void end_init(struct end *e, struct vsw *sw, int epoll, int fd, unsigned i)
{
	struct epoll_event ev = { .events = EPOLLIN, .data.ptr = e };
	struct vsw_port_conf conf = VSW_PORT_CONF_INIT;
	char id[16], err[200];

	snprintf(id, sizeof(id), "p%u", i);
	conf.id = id;
	e->fd = fd;
	e->epoll = epoll;
	e->port = vsw_port_add(sw, &conf, &end_ops, e, err, sizeof(err));
	if (!e->port)
		peers_fail(err);
	if (epoll_ctl(epoll, EPOLL_CTL_ADD, fd, &ev))
		peers_fail("epoll");
}

/* Milliseconds until the switch's deadline */
static int wait_ms(int64_t deadline)
{
	int64_t ns = deadline - peers_now();

	return deadline == VSW_NEVER ? -1 :
	       ns <= 0		     ? 0 :
	       ns > 1000000000	     ? 1000 :
				       (int)(ns / 1000000 + 1);
}

__attribute__((noreturn)) static void forward(const int *fd)
{
	static struct end ends[PEER_PORTS];
	int64_t deadline = VSW_NEVER;
	struct vsw_conf conf = { .name = "bench", .host = &host, .opaque = &deadline };
	struct vsw *sw = vsw_new(&conf, NULL, 0);
	struct epoll_event ev[PEER_PORTS];
	int epoll = epoll_create1(0);

	if (!sw || epoll < 0)
		peers_fail("out of memory");
	buffers_init();
	for (unsigned i = 0; i < PEER_PORTS; i++)
		end_init(&ends[i], sw, epoll, fd[i], i);
	for (;;) {
		int n = epoll_wait(epoll, ev, PEER_PORTS, wait_ms(deadline));

		if (deadline <= peers_now())
			vsw_timer(sw);
		for (int i = 0; i < n; i++) {
			struct end *e = ev[i].data.ptr;

			if (ev[i].events & EPOLLOUT) {
				watch(e, false);
				vsw_port_ready(e->port);
			}
			if (ev[i].events & EPOLLIN)
				end_receive(e);
		}
	}
}

/**
 * forward_start() - Our switch, in a process of its own
 * @fd: A socket for each port
 *
 * Return: the process.
 */
pid_t forward_start(const int *fd)
{
	pid_t pid = fork();

	if (pid < 0)
		peers_fail("fork");
	if (pid)
		return pid;
	prctl(PR_SET_PDEATHSIG, SIGKILL);
	forward(fd);
}
