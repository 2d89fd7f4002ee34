/* SPDX-License-Identifier: BSD-2-Clause */
/* Asking the daemon that runs to hand over (handover-ask.h). */
#define _GNU_SOURCE /* struct ucred */
#include "handover-ask.h"

#include <errno.h>
#include <jansson.h>
#include <poll.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "daemon.h"
#include "handover-take.h"
#include "handover.h"
#include "place.h"
#include "vswitch/fail.h"

/* #syscalls control connect getsockopt poll recvmsg socket */

#define ANSWER_MS  10000
#define ANSWER_MAX 4096u

static int dial(const struct daemon *d, const char *path, char *err, size_t errlen)
{
	struct vsw_endpoint at;
	char where[128];
	int fd;

	if (vd_place_parse(d->place, path ? path : VD_SOCKET_NAME, &at, err, errlen) < 0)
		return -1;
	fd = socket(at.sa.ss_family, SOCK_STREAM | SOCK_CLOEXEC, 0);
	if (fd >= 0 && connect(fd, (struct sockaddr *)&at.sa, at.len) == 0)
		return fd;
	vsw_endpoint_print(&at, where, sizeof(where));
	vsw_fail(err, errlen, "no daemon to take over: %s: %s", where, strerror(errno));
	if (fd >= 0)
		close(fd);
	return -1;
}

/* A byte, so that nothing behind the line is taken; a descriptor that comes with it */
static int one_byte(int fd, char *byte, int *passed)
{
	union {
		struct cmsghdr align;
		char bytes[CMSG_SPACE(sizeof(int))];
	} control;
	struct iovec iov = { byte, 1 };
	struct msghdr mh = { .msg_iov = &iov,
			     .msg_iovlen = 1,
			     .msg_control = &control,
			     .msg_controllen = sizeof(control) };
	struct pollfd p = { fd, POLLIN, 0 };
	struct cmsghdr *c;

	if (poll(&p, 1, ANSWER_MS) != 1 || recvmsg(fd, &mh, MSG_CMSG_CLOEXEC) != 1)
		return -1;
	c = CMSG_FIRSTHDR(&mh);
	if (c && c->cmsg_level == SOL_SOCKET && c->cmsg_type == SCM_RIGHTS) {
		if (*passed >= 0)
			close(*passed);
		memcpy(passed, CMSG_DATA(c), sizeof(int));
	}
	return 0;
}

/* The next line that is no event */
static json_t *line(int fd, int *passed)
{
	char text[ANSWER_MAX];
	json_t *j = NULL;

	do {
		size_t n = 0;

		json_decref(j);
		do {
			if (n == sizeof(text) || one_byte(fd, &text[n], passed) < 0)
				return NULL;
		} while (text[n++] != '\n');
		j = json_loadb(text, n, 0, NULL);
	} while (j && json_object_get(j, "event"));
	return j;
}

/* Who made the channel, and a descriptor that tells when that process has ended. Who listens at the
 * control socket may have been a process before that one. */
static void find_process(struct takeover *t)
{
	struct ucred c;
	socklen_t len = sizeof(c);

	if (getsockopt(t->fd, SOL_SOCKET, SO_PEERCRED, &c, &len) < 0 || c.pid <= 0)
		return;
	t->old = c.pid;
#ifdef SYS_pidfd_open
	t->pidfd = (int)syscall(SYS_pidfd_open, c.pid, 0);
#endif
}

static int answer(json_t *j, int channel, struct takeover *t, char *err, size_t errlen)
{
	const json_t *error = json_object_get(j, "error");
	const char *why = json_string_value(json_object_get(error, "desc"));

	if (channel >= 0 && json_object_get(j, "return")) {
		t->fd = channel;
		find_process(t);
		return 0;
	}
	if (channel >= 0)
		close(channel);
	return vsw_fail(err, errlen, "the daemon does not hand over: %s",
			why ? why : "it does not answer");
}

static int ask(int fd, struct takeover *t, char *err, size_t errlen)
{
	static const char request[] =
		"{\"execute\":\"hand-over\",\"arguments\":{\"version\":%u}}\n";
	char text[sizeof(request) + 10];
	int channel = -1, n = snprintf(text, sizeof(text), request, HANDOVER_VERSION), ret;
	json_t *j = line(fd, &channel); /* the greeting */

	json_decref(j);
	if (!j || write(fd, text, (size_t)n) != n)
		return answer(NULL, channel, t, err, errlen);
	j = line(fd, &channel);
	ret = answer(j, channel, t, err, errlen);
	json_decref(j);
	return ret;
}

int vd_handover_ask(const struct daemon *d, const char *path, struct takeover *t, char *err,
		    size_t errlen)
{
	int fd = dial(d, path, err, errlen), ret;

	if (fd < 0)
		return -1;
	ret = ask(fd, t, err, errlen);
	close(fd);
	return ret;
}
