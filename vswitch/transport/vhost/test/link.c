/* SPDX-License-Identifier: BSD-2-Clause */
/* A front end and a back end in one process; see link.h. */
#include "link.h"

#include "peer/call.h"

#include <check.h>
#include <dirent.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <unistd.h>

static void park(void *opaque)
{
	struct back *b = opaque;

	ck_assert(b->running);
	b->running = false;
	b->parks++;
}

static const struct vhost_host host = { park };

struct back *back_new(int fd, uint64_t without)
{
	const struct vhost_conf conf = { .pairs = 1, .mtu = 9000, .without = without };
	struct back *b = calloc(1, sizeof(*b));

	b->ch.fd = fd;
	b->be = vsw_vhost_backend_new(&conf, &host, b);
	ck_assert_ptr_nonnull(b->be);
	return b;
}

void back_free(struct back *b)
{
	if (!b)
		return;
	vsw_vhost_drop_fds(&b->ch);
	vsw_vhost_backend_free(b->be);
	close(b->ch.fd);
	free(b);
}

bool back_pump(struct back *b)
{
	struct vhost_message reply;
	int ret;

	while ((ret = vsw_vhost_receive(&b->ch)) > 0) {
		ret = vsw_vhost_backend_message(b->be, &b->ch.msg, b->ch.fds, b->ch.n_fds, &reply);
		if (ret < 0 || (ret && vsw_vhost_send(&b->ch, &reply, NULL, 0)))
			return false;
	}
	if (vsw_vhost_backend_settle(b->be)) {
		ck_assert(!b->running);
		b->running = true;
	}
	return !ret;
}

static void up(void *opaque, bool is_up, const char *why)
{
	struct link *l = opaque;

	l->up = is_up;
	l->ups += is_up;
	l->downs += !is_up;
	snprintf(l->why, sizeof(l->why), "%s", why ? why : "");
}

static const struct vsw_front_ops ops = { up };

void link_pump(struct link *l)
{
	for (unsigned i = 0; i < 5; i++) {
		if (l->back && !back_pump(l->back)) {
			back_free(l->back);
			l->back = NULL;
		}
		vsw_front_readable(l->front);
	}
}

void link_kill(struct link *l)
{
	back_free(l->back);
	l->back = NULL;
}

void link_restart(struct link *l)
{
	int fd[2];

	ck_assert_int_eq(socketpair(AF_UNIX, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0, fd), 0);
	l->back = back_new(fd[1], l->without);
	l->fd = fd[0];
	vsw_front_attach(l->front, fd[0]);
	link_pump(l);
}

struct link *link_new(unsigned entries)
{
	struct link *l = calloc(1, sizeof(*l));
	const struct vsw_front_conf conf = { .entries = entries };
	char err[200] = "";

	l->front = vsw_front_new(&conf, &ops, l, err, sizeof(err));
	ck_assert_msg(l->front, "%s", err);
	link_restart(l);
	ck_assert_msg(l->up, "%s; %s", l->why, l->back ? l->back->be->why : "");
	return l;
}

void link_end(struct link *l)
{
	vsw_front_free(l->front);
	back_free(l->back);
	free(l);
}

struct vring *link_from_front(struct link *l)
{
	struct vring *vq = vsw_vhost_ring(l->back->be, 1);

	ck_assert_ptr_nonnull(vq);
	return vq;
}

struct vring *link_to_front(struct link *l)
{
	struct vring *vq = vsw_vhost_ring(l->back->be, 0);

	ck_assert_ptr_nonnull(vq);
	return vq;
}

unsigned open_fds(void)
{
	unsigned n = 0;
	DIR *d;

	peer_call_init(); /* what the process keeps */
	d = opendir("/proc/self/fd");
	while (readdir(d))
		n++;
	closedir(d);
	return n;
}
