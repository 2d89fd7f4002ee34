/* SPDX-License-Identifier: BSD-2-Clause */
/* Messages of a hand-over (handover-channel.h). */
#define _GNU_SOURCE /* memfd_create() */
#include "handover-channel.h"

#include <errno.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/socket.h>
#include <unistd.h>

#include <glib.h>

#include "notify.h"
#include "vswitch/fail.h"
#include "vswitch/file.h"

/* #syscalls control memfd_create poll pread recvmsg sendmsg */

#define MAGIC	 0x76736801u
#define SLICE_MS 1000
#define SAY_MS	 1000

/* Wait for the socket, in slices, so that a watchdog hears of us. Return: whether it is ready */
static bool await(int fd, short events, int ms)
{
	int64_t until = g_get_monotonic_time() + ms * INT64_C(1000);

	for (;;) {
		struct pollfd p = { fd, events, 0 };
		int64_t left = (until - g_get_monotonic_time() + 999) / 1000;
		int n = poll(&p, 1, left > SLICE_MS ? SLICE_MS : left > 0 ? (int)left : 0);

		if (n > 0)
			return true;
		if (left <= 0)
			return false;
		vd_notify("WATCHDOG=1");
	}
}

union rights {
	struct cmsghdr align;
	char bytes[CMSG_SPACE(HANDOVER_FDS * sizeof(int))];
};

static void add_rights(struct msghdr *mh, union rights *control, const int *fds, unsigned n)
{
	if (!n)
		return;
	mh->msg_control = control;
	mh->msg_controllen = CMSG_SPACE(n * sizeof(int));
	control->align = (struct cmsghdr) { .cmsg_len = CMSG_LEN(n * sizeof(int)),
					    .cmsg_level = SOL_SOCKET,
					    .cmsg_type = SCM_RIGHTS };
	memcpy(CMSG_DATA(&control->align), fds, n * sizeof(int));
}

int vd_channel_send(int fd, struct handover_message *msg, const int *fds, unsigned n, int ms,
		    char *err, size_t errlen)
{
	struct iovec iov = { msg, sizeof(*msg) };
	struct msghdr mh = { .msg_iov = &iov, .msg_iovlen = 1 };
	union rights control = { 0 };

	msg->magic = MAGIC;
	add_rights(&mh, &control, fds, n);
	while (sendmsg(fd, &mh, MSG_NOSIGNAL | MSG_DONTWAIT) < 0) {
		if (errno != EAGAIN && errno != EINTR)
			return vsw_fail(err, errlen, "the other process: %s",
					errno == EPIPE ? "has ended" : strerror(errno));
		if (!await(fd, POLLOUT, ms))
			return vsw_fail(err, errlen, "the other process does not read");
	}
	return 0;
}

int vd_channel_say(int fd, enum handover_kind kind, const char *text, char *err, size_t errlen)
{
	struct handover_message msg = { .kind = kind };

	snprintf(msg.text, sizeof(msg.text), "%s", text ? text : "");
	return vd_channel_send(fd, &msg, NULL, 0, SAY_MS, err, errlen);
}

/* Take over the descriptors of a message, or close them */
static void take_rights(struct msghdr *mh, int *fds, unsigned *n)
{
	for (struct cmsghdr *c = CMSG_FIRSTHDR(mh); c; c = CMSG_NXTHDR(mh, c)) {
		size_t count = (c->cmsg_len - CMSG_LEN(0)) / sizeof(int);

		if (c->cmsg_level != SOL_SOCKET || c->cmsg_type != SCM_RIGHTS)
			continue;
		for (size_t i = 0; i < count; i++) {
			int fd;

			memcpy(&fd, CMSG_DATA(c) + i * sizeof(int), sizeof(int));
			if (fds && *n < HANDOVER_FDS)
				fds[(*n)++] = fd;
			else
				close(fd);
		}
	}
}

static void close_all(const int *fds, unsigned *n)
{
	while (*n)
		close(fds[--*n]);
}

static int check(const struct handover_message *msg, ssize_t len, int flags,
		 enum handover_kind kind, char *err, size_t errlen)
{
	if (len != sizeof(*msg) || msg->magic != MAGIC)
		return vsw_fail(err, errlen, "the other process speaks another language");
	if (msg->kind == HANDOVER_FAILED)
		return vsw_fail(err, errlen, "%.*s", (int)sizeof(msg->text) - 1, msg->text);
	if (flags & MSG_CTRUNC)
		return vsw_fail(err, errlen, "too few descriptors may be open (RLIMIT_NOFILE)");
	if (msg->kind != (uint32_t)kind)
		return vsw_fail(err, errlen, "message %u instead of %u", msg->kind, (unsigned)kind);
	return 0;
}

int vd_channel_receive(int fd, enum handover_kind kind, struct handover_message *msg, int *fds,
		       unsigned *n, int ms, char *err, size_t errlen)
{
	struct iovec iov = { msg, sizeof(*msg) };
	union rights control;
	struct msghdr mh = { .msg_iov = &iov,
			     .msg_iovlen = 1,
			     .msg_control = &control,
			     .msg_controllen = sizeof(control) };
	unsigned none = 0;
	ssize_t len;

	if (!await(fd, POLLIN, ms))
		return vsw_fail(err, errlen, "the other process does not answer");
	len = recvmsg(fd, &mh, MSG_CMSG_CLOEXEC | MSG_DONTWAIT);
	if (len <= 0) {
		vsw_fail(err, errlen, "the other process has ended");
		return -2;
	}
	n = n ? n : &none;
	*n = 0;
	take_rights(&mh, fds, n);
	if (check(msg, len, mh.msg_flags, kind, err, errlen) == 0)
		return 0;
	if (fds)
		close_all(fds, n);
	return -1;
}

int vd_channel_file(const void *const *parts, const size_t *lens, unsigned n, char *err,
		    size_t errlen)
{
	int fd = memfd_create("hand-over", MFD_CLOEXEC), ret = 0;

	for (unsigned i = 0; fd >= 0 && ret == 0 && i < n; i++)
		ret = vsw_file_write(fd, parts[i], lens[i]);
	if (fd >= 0 && ret == 0)
		return fd;
	vsw_fail(err, errlen, "file of memory: %s", strerror(errno));
	if (fd >= 0)
		close(fd);
	return -1;
}

static int read_all(int fd, uint8_t *bytes, size_t len)
{
	size_t at = 0;

	while (at < len) {
		ssize_t n = pread(fd, bytes + at, len - at, (off_t)at);

		if (n == 0 || (n < 0 && errno != EINTR))
			return -1;
		at += n > 0 ? (size_t)n : 0;
	}
	return 0;
}

uint8_t *vd_channel_copy(int fd, uint64_t len, char *err, size_t errlen)
{
	uint8_t *bytes = len <= HANDOVER_MOST ? malloc((size_t)len + 1) : NULL;

	if (bytes && read_all(fd, bytes, (size_t)len) == 0) {
		bytes[len] = 0;
		close(fd);
		return bytes;
	}
	vsw_fail(err, errlen, bytes ? "what was sent cannot be read" : "out of memory");
	free(bytes);
	close(fd);
	return NULL;
}
