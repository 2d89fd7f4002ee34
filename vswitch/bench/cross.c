/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * What it costs to have frames in user space at all: a process that takes them out of the kernel
 * and puts them back into the next port, without a look at them. From a socket as many with one
 * call as there are, from a tap each with its own: there is no other way.
 */
#include <errno.h>
#include <fcntl.h>
#include <linux/if.h>
#include <linux/if_tun.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/ioctl.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <unistd.h>

#include "peers.h"

#define BATCH 64u
#define ROOM  2048u

static uint8_t room[BATCH][ROOM];

static void cross_messages(int from, int to)
{
	struct mmsghdr msg[BATCH];
	struct iovec iov[BATCH];
	int n;

	memset(msg, 0, sizeof(msg));
	for (unsigned i = 0; i < BATCH; i++) {
		iov[i] = (struct iovec) { room[i], ROOM };
		msg[i].msg_hdr.msg_iov = &iov[i];
		msg[i].msg_hdr.msg_iovlen = 1;
	}
	n = recvmmsg(from, msg, BATCH, MSG_DONTWAIT, NULL);
	for (int i = 0; i < n; i++)
		iov[i].iov_len = msg[i].msg_len;
	if (n > 0 && sendmmsg(to, msg, (unsigned)n, 0) < 0 && errno != ENOBUFS)
		peers_fail("sendmmsg");
}

static void cross_frames(int from, int to)
{
	ssize_t n;

	for (unsigned i = 0; i < BATCH && (n = read(from, room[0], ROOM)) > 0; i++)
		if (write(to, room[0], (size_t)n) < 0)
			peers_fail("write");
}

__attribute__((noreturn)) static void cross(const int *fd, bool is_tap)
{
	struct epoll_event ev[PEER_PORTS] = { { .events = EPOLLIN } };
	int epoll = epoll_create1(0);

	for (unsigned i = 0; i < PEER_PORTS; i++) {
		ev[0].data.u32 = i;
		if (epoll_ctl(epoll, EPOLL_CTL_ADD, fd[i], &ev[0]))
			peers_fail("epoll");
	}
	for (;;) {
		int n = epoll_wait(epoll, ev, PEER_PORTS, -1);

		for (int i = 0; i < n; i++)
			(is_tap ? cross_frames : cross_messages)(fd[ev[i].data.u32],
								 fd[ev[i].data.u32 ^ 1]);
	}
}

/**
 * cross_start() - That process
 * @fd:     A socket or tap for each port, non-blocking; closed here
 * @is_tap: Which
 *
 * Return: the process.
 */
pid_t cross_start(const int *fd, bool is_tap)
{
	pid_t pid = fork();

	if (pid < 0)
		peers_fail("fork");
	if (!pid) {
		prctl(PR_SET_PDEATHSIG, SIGKILL);
		cross(fd, is_tap);
	}
	for (unsigned i = 0; i < PEER_PORTS; i++)
		close(fd[i]);
	return pid;
}

/**
 * cross_datagrams() - That process, between Unix datagram sockets
 * @p: Filled
 *
 * Return: NULL, or why there is none.
 */
const char *cross_datagrams(struct path *p)
{
	int inner[PEER_PORTS], fd[2];

	for (unsigned i = 0; i < PEER_PORTS; i++) {
		if (socketpair(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC, 0, fd))
			return "too many sockets";
		p->fd[i] = p->out_fd[i] = fd[0];
		inner[i] = fd[1];
	}
	p->kind = PATH_CROSSED;
	p->pid = cross_start(inner, false);
	return NULL;
}

/**
 * cross_tap() - Open a tap
 * @name: As given to veth_taps()
 * @i:    Of which port
 *
 * Return: its descriptor, or -1.
 */
int cross_tap(const char *name, unsigned i)
{
	struct ifreq r = { .ifr_flags = IFF_TAP | IFF_NO_PI | IFF_VNET_HDR };
	int fd = open("/dev/net/tun", O_RDWR | O_NONBLOCK | O_CLOEXEC);

	snprintf(r.ifr_name, sizeof(r.ifr_name), "%so%u", name, i);
	if (fd >= 0 && ioctl(fd, TUNSETIFF, &r) == 0)
		return fd;
	if (fd >= 0)
		close(fd);
	return -1;
}
