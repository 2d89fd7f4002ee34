/* SPDX-License-Identifier: BSD-2-Clause */
/* Messages over a socket; see channel.h. */
#include "channel.h"

#include <errno.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

/* #syscalls control recvmsg sendmsg */

void vsw_vhost_drop_fds(struct vhost_channel *ch)
{
	for (unsigned i = 0; i < ch->n_fds; i++)
		if (ch->fds[i] >= 0)
			close(ch->fds[i]);
	ch->n_fds = 0;
}

static int over(struct vhost_channel *ch, const char *why)
{
	ch->why = why;
	return -1;
}

static void keep_fd(struct vhost_channel *ch, int fd)
{
	if (ch->n_fds < VHOST_TABLE)
		ch->fds[ch->n_fds++] = fd;
	else
		close(fd);
}

/* Take over what came along */
static void keep_fds(struct vhost_channel *ch, struct msghdr *mh)
{
	for (struct cmsghdr *c = CMSG_FIRSTHDR(mh); c; c = CMSG_NXTHDR(mh, c)) {
		size_t n = (c->cmsg_len - CMSG_LEN(0)) / sizeof(int);

		if (c->cmsg_level != SOL_SOCKET || c->cmsg_type != SCM_RIGHTS)
			continue;
		for (size_t i = 0; i < n; i++) {
			int fd;

			memcpy(&fd, CMSG_DATA(c) + i * sizeof(int), sizeof(int));
			keep_fd(ch, fd);
		}
	}
}

/* Read up to @n bytes of the message. Return: as vsw_vhost_receive(), 1 if any came */
static int read_some(struct vhost_channel *ch, uint32_t n)
{
	union {
		struct cmsghdr align;
		char bytes[CMSG_SPACE(VHOST_TABLE * sizeof(int))];
	} control;
	struct iovec iov = { (char *)&ch->msg + ch->got, n };
	struct msghdr mh = { .msg_iov = &iov,
			     .msg_iovlen = 1,
			     .msg_control = &control,
			     .msg_controllen = sizeof(control) };
	ssize_t got = recvmsg(ch->fd, &mh, MSG_CMSG_CLOEXEC | MSG_DONTWAIT);

	if (got < 0)
		return errno == EAGAIN || errno == EINTR ? 0 : over(ch, strerror(errno));
	keep_fds(ch, &mh);
	if (!got)
		return over(ch, ch->got ? "closed in the middle of a message" : "closed");
	if (mh.msg_flags & MSG_CTRUNC)
		return over(ch, "too many file descriptors with a message");
	ch->got += (uint32_t)got;
	return 1;
}

int vsw_vhost_receive(struct vhost_channel *ch)
{
	int ret;

	if (ch->got >= VHOST_HEADER && ch->got == VHOST_HEADER + ch->msg.size) {
		vsw_vhost_drop_fds(ch);
		ch->got = 0;
	}
	for (;;) {
		if (ch->got >= VHOST_HEADER) {
			if (ch->msg.size > sizeof(ch->msg.payload))
				return over(ch, "a message is too long");
			if (ch->got == VHOST_HEADER + ch->msg.size)
				return 1;
			ret = read_some(ch, VHOST_HEADER + ch->msg.size - ch->got);
		} else {
			ret = read_some(ch, VHOST_HEADER - ch->got);
		}
		if (ret <= 0)
			return ret;
	}
}

int vsw_vhost_send(struct vhost_channel *ch, struct vhost_message *msg, const int *fds,
		   unsigned n_fds)
{
	union {
		struct cmsghdr align;
		char bytes[CMSG_SPACE(VHOST_TABLE * sizeof(int))];
	} control;
	struct iovec iov = { msg, VHOST_HEADER + msg->size };
	struct msghdr mh = { .msg_iov = &iov, .msg_iovlen = 1 };

	msg->flags |= VHOST_VERSION;
	if (n_fds) {
		struct cmsghdr *c = &control.align;

		mh.msg_control = &control;
		mh.msg_controllen = CMSG_SPACE(n_fds * sizeof(int));
		c->cmsg_level = SOL_SOCKET;
		c->cmsg_type = SCM_RIGHTS;
		c->cmsg_len = CMSG_LEN(n_fds * sizeof(int));
		memcpy(CMSG_DATA(c), fds, n_fds * sizeof(int));
	}
	if (sendmsg(ch->fd, &mh, MSG_NOSIGNAL | MSG_DONTWAIT) != (ssize_t)iov.iov_len)
		return over(ch, "the peer does not read what it asked for");
	return 0;
}
