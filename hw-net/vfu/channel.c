/* SPDX-License-Identifier: BSD-2-Clause */
/* Messages and their descriptors; see channel.h. */
#define _GNU_SOURCE /* recvmmsg() */
#include "vfu/channel.h"

#include <errno.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

/* #syscalls frames recvmmsg send */

static int over(struct vfu_channel *ch, const char *why)
{
	if (!ch->why)
		ch->why = why;
	return -1;
}

static void close_all(int *fds, unsigned *n)
{
	for (unsigned i = 0; i < *n; i++)
		if (fds[i] >= 0)
			close(fds[i]);
	*n = 0;
}

void vfu_msg_drop(struct vfu_msg *m)
{
	close_all(m->fds, &m->n_fds);
}

/* Room behind what was read */
static void compact(struct vfu_channel *ch)
{
	memmove(ch->in, ch->in + ch->start, ch->end - ch->start);
	ch->fds_at -= ch->start;
	ch->end -= ch->start;
	ch->start = 0;
}

/* Descriptors of a control message; those of the message before must have been asked for. */
static int take_fds(struct vfu_channel *ch, const struct cmsghdr *c)
{
	int fds[VFU_FDS_MAX];
	unsigned n = (unsigned)((c->cmsg_len - CMSG_LEN(0)) / sizeof(int));

	if (n > VFU_FDS_MAX)
		return over(ch, "too many descriptors"); /* there was no room for them */
	memcpy(fds, CMSG_DATA(c), n * sizeof(int));
	if (ch->n_fds) {
		memcpy(ch->odd, fds, n * sizeof(int));
		ch->n_odd = n;
		return over(ch, "descriptors in the middle of a message");
	}
	memcpy(ch->fds, fds, n * sizeof(int));
	ch->n_fds = n;
	return 0;
}

static int take_control(struct vfu_channel *ch, struct msghdr *h)
{
	int ret = 0;

	for (struct cmsghdr *c = CMSG_FIRSTHDR(h); c; c = CMSG_NXTHDR(h, c))
		if (c->cmsg_level == SOL_SOCKET && c->cmsg_type == SCM_RIGHTS)
			ret |= take_fds(ch, c);
	if (h->msg_flags & MSG_CTRUNC)
		return over(ch, "too many descriptors");
	return ret;
}

/* Return: 1: something was read; 0: nothing is there; -1 */
static int fill(struct vfu_channel *ch)
{
	union {
		struct cmsghdr align;
		char bytes[CMSG_SPACE(VFU_FDS_MAX * sizeof(int))];
	} control;
	struct iovec iov = { ch->in + ch->end, sizeof(ch->in) - ch->end };
	/* one, by the call that the frame thread is allowed to make anyway */
	struct mmsghdr mm = { .msg_hdr = { .msg_iov = &iov,
					   .msg_iovlen = 1,
					   .msg_control = &control,
					   .msg_controllen = sizeof(control) } };
	struct msghdr *h = &mm.msg_hdr;
	int n = recvmmsg(ch->fd, &mm, 1, MSG_DONTWAIT | MSG_CMSG_CLOEXEC, NULL);

	ch->reads++;
	if (n < 0)
		return errno == EAGAIN || errno == EINTR ? 0 : over(ch, strerror(errno));
	if (n == 0 || mm.msg_len == 0)
		return over(ch, "connection closed");
	ch->end += mm.msg_len;
	if (take_control(ch, h) < 0)
		return -1;
	if (h->msg_controllen)
		ch->fds_at = ch->end - 1;
	return 1;
}

/* A whole message of what was read. Return: 1, 0: there is none, -1 */
static int cut(struct vfu_channel *ch, struct vfu_msg *m)
{
	uint32_t left = ch->end - ch->start;

	if (left < sizeof(m->hdr))
		return 0;
	memcpy(&m->hdr, ch->in + ch->start, sizeof(m->hdr));
	if (m->hdr.size < sizeof(m->hdr) || m->hdr.size > VFU_MSG_MAX)
		return over(ch, "message of a length that none has");
	if (left < m->hdr.size)
		return 0;
	m->body = ch->in + ch->start + sizeof(m->hdr);
	m->len = m->hdr.size - (uint32_t)sizeof(m->hdr);
	ch->start += m->hdr.size;
	m->n_fds = 0;
	if (ch->n_fds && ch->fds_at < ch->start) {
		memcpy(m->fds, ch->fds, sizeof(m->fds));
		m->n_fds = ch->n_fds;
		ch->n_fds = 0;
	}
	return 1;
}

int vfu_channel_next(struct vfu_channel *ch, struct vfu_msg *m)
{
	int ret = ch->why ? -1 : cut(ch, m);

	if (ret)
		return ret;
	compact(ch);
	ret = fill(ch);
	return ret > 0 ? cut(ch, m) : ret;
}

uint8_t *vfu_channel_room(struct vfu_channel *ch)
{
	return ch->out + sizeof(struct vfu_hdr);
}

bool vfu_channel_flush(struct vfu_channel *ch)
{
	ssize_t n;

	if (ch->why)
		return false;
	if (ch->out_at == ch->out_end)
		return true;
	n = send(ch->fd, ch->out + ch->out_at, ch->out_end - ch->out_at,
		 MSG_DONTWAIT | MSG_NOSIGNAL);
	ch->writes++;
	if (n < 0 && errno != EAGAIN && errno != EINTR && errno != ENOBUFS) {
		over(ch, errno == EPIPE ? "connection closed" : strerror(errno));
		return false;
	}
	ch->out_at += n > 0 ? (uint32_t)n : 0;
	return ch->out_at == ch->out_end;
}

void vfu_channel_answer(struct vfu_channel *ch, const struct vfu_hdr *to, int error, uint32_t len)
{
	struct vfu_hdr hdr = { .id = to->id, .command = to->command, .flags = VFU_REPLY };

	if (to->flags & VFU_NO_REPLY)
		return;
	if (error) {
		hdr.flags |= VFU_ERROR;
		hdr.error = (uint32_t)error;
		len = 0;
	}
	hdr.size = (uint32_t)sizeof(hdr) + len;
	memcpy(ch->out, &hdr, sizeof(hdr));
	ch->out_at = 0;
	ch->out_end = hdr.size;
	vfu_channel_flush(ch);
}

void vfu_channel_fini(struct vfu_channel *ch)
{
	close_all(ch->fds, &ch->n_fds);
	close_all(ch->odd, &ch->n_odd);
}
