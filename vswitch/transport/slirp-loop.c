/* SPDX-License-Identifier: BSD-2-Clause */
/* The NAT thread (slirp.h has the theory). */
#define _GNU_SOURCE /* pthread_setname_np() */
#include <errno.h>
#include <glib.h>
#include <poll.h>
#include <pthread.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/eventfd.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

#include "hwnet/frame.h"
#include "slirp.h"
#include "stream.h"
#include "vswitch/fail.h"

/* #syscalls frames recv send */
/* #syscalls control eventfd poll pthread_create pthread_setname_np pthread_sigmask socketpair */

#define IN_SIZE	 (256u << 10)
#define OUT_SLOW (256u << 10) /* that many bytes wait: no more is read from the host's sockets */
#define OUT_MAX	 (1u << 20)   /* what is beyond is lost */
#define MS	 INT64_C(1000000)

/* struct nat_timer - a timer of libslirp */
struct nat_timer {
	struct nat_timer *next;
	SlirpTimerId id;
	void *opaque;
	int64_t when; /* ms; INT64_MAX: not set */
};

/* struct vsw_nat - an instance; NAT thread but for @next */
struct vsw_nat {
	struct vsw_nat *next;
	Slirp *slirp;
	int fd, poll_at;
	bool filled; /* in this turn */
	struct nat_timer *timers;
	uint32_t n_in, out_at, n_out;
	uint64_t lost;
	uint8_t in[IN_SIZE], out[OUT_MAX];
};

/* The thread. @call is what control wants done, under the lock; @users is control's */
static struct {
	pthread_mutex_t lock;
	pthread_cond_t done;
	pthread_t thread;
	int wake_fd;
	unsigned users;
	bool stop;
	void (*call)(void *opaque);
	void *call_opaque;
	struct vsw_nat *list;
	GArray *polled; /* struct pollfd */
} nats = { PTHREAD_MUTEX_INITIALIZER, PTHREAD_COND_INITIALIZER, .wake_fd = -1 };

static int64_t now_ns(void *opaque)
{
	struct timespec ts;

	clock_gettime(CLOCK_MONOTONIC, &ts);
	return ts.tv_sec * INT64_C(1000000000) + ts.tv_nsec;
}

/* A frame for the switch */
static ssize_t send_packet(const void *buf, size_t len, void *opaque)
{
	struct vsw_nat *n = opaque;
	uint8_t *at = n->out + n->n_out;

	if (len > PKT_MAX_LEN || n->n_out + VSW_STREAM_LEN + len > OUT_MAX) {
		n->lost++;
		return (ssize_t)len;
	}
	frame_put_be16(at, (uint16_t)(len >> 16));
	frame_put_be16(at + 2, (uint16_t)len);
	memcpy(at + VSW_STREAM_LEN, buf, len);
	n->n_out += VSW_STREAM_LEN + (uint32_t)len;
	return (ssize_t)len;
}

static void guest_error(const char *msg, void *opaque)
{
}

static void *timer_new(SlirpTimerId id, void *cb_opaque, void *opaque)
{
	struct vsw_nat *n = opaque;
	struct nat_timer *t = g_new0(struct nat_timer, 1);

	*t = (struct nat_timer) { n->timers, id, cb_opaque, INT64_MAX };
	n->timers = t;
	return t;
}

static void timer_free(void *timer, void *opaque)
{
	struct nat_timer **p = &((struct vsw_nat *)opaque)->timers;

	while (*p && *p != timer)
		p = &(*p)->next;
	if (*p)
		*p = (*p)->next;
	g_free(timer);
}

static void timer_mod(void *timer, int64_t when, void *opaque)
{
	((struct nat_timer *)timer)->when = when;
}

static void poll_fd(int fd, void *opaque)
{
}

static void notify(void *opaque)
{
}

static const SlirpCb callbacks = {
	.send_packet = send_packet,
	.guest_error = guest_error,
	.clock_get_ns = now_ns,
	.timer_new_opaque = timer_new,
	.timer_free = timer_free,
	.timer_mod = timer_mod,
	.register_poll_fd = poll_fd,
	.unregister_poll_fd = poll_fd,
	.notify = notify,
};

/* libslirp's names of events and the system's */
static const struct {
	int slirp;
	short system;
} event_names[] = {
	{ SLIRP_POLL_IN, POLLIN },   { SLIRP_POLL_OUT, POLLOUT }, { SLIRP_POLL_PRI, POLLPRI },
	{ SLIRP_POLL_ERR, POLLERR }, { SLIRP_POLL_HUP, POLLHUP },
};

static int add_fd(int fd, short events)
{
	struct pollfd p = { fd, events, 0 };

	g_array_append_val(nats.polled, p);
	return (int)nats.polled->len - 1;
}

static short happened(int at)
{
	return g_array_index(nats.polled, struct pollfd, at).revents;
}

static int add_poll(int fd, int events, void *opaque)
{
	short system = 0;

	for (size_t i = 0; i < G_N_ELEMENTS(event_names); i++)
		if (events & event_names[i].slirp)
			system |= event_names[i].system;
	return add_fd(fd, system);
}

static int get_revents(int at, void *opaque)
{
	int events = 0;

	for (size_t i = 0; i < G_N_ELEMENTS(event_names); i++)
		if (happened(at) & event_names[i].system)
			events |= event_names[i].slirp;
	return events;
}

static uint32_t until_timer(const struct vsw_nat *n, uint32_t timeout)
{
	int64_t now = now_ns(NULL) / MS;

	for (const struct nat_timer *t = n->timers; t; t = t->next)
		if (t->when <= now)
			timeout = 0;
		else if (t->when - now < timeout)
			timeout = (uint32_t)(t->when - now);
	return timeout;
}

/* What an instance waits for. Return: for how long at most, ms */
static uint32_t prepare(struct vsw_nat *n, uint32_t timeout)
{
	n->poll_at = add_fd(n->fd, n->n_out ? POLLIN | POLLOUT : POLLIN);
	n->filled = n->n_out - n->out_at < OUT_SLOW;
	if (n->filled)
		slirp_pollfds_fill(n->slirp, &timeout, add_poll, n);
	return until_timer(n, timeout);
}

static void timers_run(struct vsw_nat *n)
{
	int64_t now = now_ns(NULL) / MS;

	for (struct nat_timer *t = n->timers; t; t = t->next)
		if (t->when <= now) {
			t->when = INT64_MAX;
			slirp_handle_timer(n->slirp, t->id, t->opaque);
			return; /* the list may be another one now; the next turn goes on */
		}
}

/* Frames from the switch, as many as one read brings */
static void take_frames(struct vsw_nat *n)
{
	ssize_t got = recv(n->fd, n->in + n->n_in, IN_SIZE - n->n_in, MSG_DONTWAIT);
	uint32_t at = 0;

	if (got <= 0)
		return;
	n->n_in += (uint32_t)got;
	while (n->n_in - at >= VSW_STREAM_LEN) {
		const uint8_t *p = n->in + at;
		uint32_t len = (uint32_t)frame_be16(p) << 16 | frame_be16(p + 2);

		if (len > VSW_STREAM_MAX || n->n_in - at - VSW_STREAM_LEN < len)
			break; /* the frame thread sends no longer ones */
		slirp_input(n->slirp, p + VSW_STREAM_LEN, (int)len);
		at += VSW_STREAM_LEN + len;
	}
	n->n_in -= at;
	memmove(n->in, n->in + at, n->n_in);
}

static void give_frames(struct vsw_nat *n)
{
	ssize_t sent;

	if (!n->n_out)
		return;
	sent = send(n->fd, n->out + n->out_at, n->n_out - n->out_at, MSG_DONTWAIT | MSG_NOSIGNAL);
	if (sent > 0)
		n->out_at += (uint32_t)sent;
	if (n->out_at == n->n_out) {
		n->out_at = n->n_out = 0;
	} else if (n->out_at > OUT_SLOW) {
		n->n_out -= n->out_at;
		memmove(n->out, n->out + n->out_at, n->n_out);
		n->out_at = 0;
	}
}

static void turn(struct vsw_nat *n, int ret)
{
	if (n->filled)
		slirp_pollfds_poll(n->slirp, ret < 0, get_revents, n);
	if (happened(n->poll_at) & POLLIN)
		take_frames(n);
	timers_run(n);
	give_frames(n);
}

static void calls_run(void)
{
	pthread_mutex_lock(&nats.lock);
	if (nats.call)
		nats.call(nats.call_opaque);
	nats.call = NULL;
	pthread_cond_signal(&nats.done);
	pthread_mutex_unlock(&nats.lock);
}

static void *run(void *opaque)
{
	uint64_t count;

	pthread_setname_np(pthread_self(), "nat");
	nats.polled = g_array_new(FALSE, FALSE, sizeof(struct pollfd));
	while (!nats.stop) {
		uint32_t timeout = UINT32_MAX;
		int ret;

		g_array_set_size(nats.polled, 0);
		add_fd(nats.wake_fd, POLLIN);
		for (struct vsw_nat *n = nats.list; n; n = n->next)
			timeout = prepare(n, timeout);
		ret = poll((struct pollfd *)nats.polled->data, nats.polled->len,
			   timeout > INT32_MAX ? -1 : (int)timeout);
		for (struct vsw_nat *n = nats.list; n; n = n->next)
			turn(n, ret);
		if (ret > 0 && happened(0) && read(nats.wake_fd, &count, sizeof(count)) > 0)
			calls_run();
	}
	g_array_free(nats.polled, TRUE);
	return NULL;
}

/* Have something done on the NAT thread */
static void call(void (*fn)(void *opaque), void *opaque)
{
	uint64_t one = 1;

	pthread_mutex_lock(&nats.lock);
	nats.call = fn;
	nats.call_opaque = opaque;
	if (write(nats.wake_fd, &one, sizeof(one)) == sizeof(one))
		while (nats.call)
			pthread_cond_wait(&nats.done, &nats.lock);
	pthread_mutex_unlock(&nats.lock);
}

static int thread_get(char *err, size_t errlen)
{
	sigset_t all, was;
	int ret;

	if (nats.users++)
		return 0;
	nats.stop = false;
	nats.wake_fd = eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK);
	sigfillset(&all);
	pthread_sigmask(SIG_SETMASK, &all, &was);
	ret = nats.wake_fd < 0 ? errno : pthread_create(&nats.thread, NULL, run, NULL);
	pthread_sigmask(SIG_SETMASK, &was, NULL);
	if (!ret)
		return 0;
	nats.users = 0;
	if (nats.wake_fd >= 0)
		close(nats.wake_fd);
	return vsw_fail(err, errlen, "NAT thread: %s", strerror(ret));
}

static void stop_there(void *opaque)
{
	nats.stop = true;
}

static void thread_put(void)
{
	if (--nats.users)
		return;
	call(stop_there, NULL);
	pthread_join(nats.thread, NULL);
	close(nats.wake_fd);
}

/* struct asking - arguments and results of what follows */
struct asking {
	struct vsw_nat *nat;
	const SlirpConfig *conf;
	const struct vsw_forward *forward;
	const struct vsw_guest_forward *guest_forward;
	uint8_t *buf;
	size_t room, len, at;
	int ret, error;
};

static void make_there(void *opaque)
{
	struct asking *a = opaque;

	a->nat->slirp = slirp_new(a->conf, &callbacks, a->nat);
	if (!a->nat->slirp)
		return;
	a->nat->next = nats.list;
	nats.list = a->nat;
}

/* A running thread, and an instance on it */
static int make(struct vsw_nat *n, const SlirpConfig *conf, char *err, size_t errlen)
{
	struct asking a = { .nat = n, .conf = conf };

	if (thread_get(err, errlen) < 0)
		return -1;
	call(make_there, &a);
	if (n->slirp)
		return 0;
	thread_put();
	return vsw_fail(err, errlen, "libslirp does not take these addresses");
}

struct vsw_nat *vsw_nat_new(const SlirpConfig *conf, int *fd, char *err, size_t errlen)
{
	struct vsw_nat *n = calloc(1, sizeof(*n));
	int pair[2];

	if (!n || socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0, pair)) {
		vsw_fail(err, errlen, "%s", strerror(errno));
		free(n);
		return NULL;
	}
	n->fd = pair[1];
	*fd = pair[0];
	if (make(n, conf, err, errlen) == 0)
		return n;
	close(pair[0]);
	close(pair[1]);
	free(n);
	return NULL;
}

static void forward_there(void *opaque)
{
	struct asking *a = opaque;
	const struct vsw_forward *f = a->forward;

	a->ret = slirp_add_hostfwd(a->nat->slirp, f->udp, f->host, f->host_port, f->guest,
				   f->guest_port);
	a->error = errno;
}

int vsw_nat_forward(struct vsw_nat *nat, const struct vsw_forward *f, char *err, size_t errlen)
{
	struct asking a = { .nat = nat, .forward = f };
	char text[INET_ADDRSTRLEN];

	call(forward_there, &a);
	if (a.ret == 0)
		return 0;
	inet_ntop(AF_INET, &f->host, text, sizeof(text));
	return vsw_fail(err, errlen, "forward: cannot listen at %s port %s:%u: %s",
			f->udp ? "UDP" : "TCP", text, f->host_port, strerror(a.error));
}

static void guest_forward_there(void *opaque)
{
	struct asking *a = opaque;
	struct in_addr address = a->guest_forward->address;

	a->ret = slirp_add_unix(a->nat->slirp, a->guest_forward->path, &address,
				a->guest_forward->port);
}

int vsw_nat_guest_forward(struct vsw_nat *nat, const struct vsw_guest_forward *f, char *err,
			  size_t errlen)
{
	struct asking a = { .nat = nat, .guest_forward = f };

	call(guest_forward_there, &a);
	if (a.ret == 0)
		return 0;
	return vsw_fail(err, errlen,
			"guest-forward: address of %s is not in the network, or is used", f->path);
}

static void free_there(void *opaque)
{
	struct vsw_nat *n = opaque, **p = &nats.list;

	while (*p != n)
		p = &(*p)->next;
	*p = n->next;
	slirp_cleanup(n->slirp);
	while (n->timers)
		timer_free(n->timers, n);
}

void vsw_nat_free(struct vsw_nat *nat)
{
	if (!nat)
		return;
	call(free_there, nat);
	thread_put();
	close(nat->fd);
	free(nat);
}

static ssize_t put(const void *buf, size_t len, void *opaque)
{
	struct asking *a = opaque;

	if (len > a->room - a->len) {
		a->ret = -1;
		return -1;
	}
	memcpy(a->buf + a->len, buf, len);
	a->len += len;
	return (ssize_t)len;
}

static void save_there(void *opaque)
{
	struct asking *a = opaque;
	int32_t version = slirp_state_version();

	put(&version, sizeof(version), a);
	slirp_state_save(a->nat->slirp, put, a);
}

int vsw_nat_save(struct vsw_nat *nat, uint8_t *buf, size_t room, size_t *len)
{
	struct asking a = { .nat = nat, .buf = buf, .room = room };

	call(save_there, &a);
	*len = a.len;
	return a.ret;
}

static ssize_t get(void *buf, size_t len, void *opaque)
{
	struct asking *a = opaque;

	if (len > a->len - a->at) {
		memset(buf, 0, len);
		a->ret = -1;
		return -1;
	}
	memcpy(buf, a->buf + a->at, len);
	a->at += len;
	return (ssize_t)len;
}

static void load_there(void *opaque)
{
	struct asking *a = opaque;
	int32_t version = 0;

	get(&version, sizeof(version), a);
	if (a->ret < 0 || version > slirp_state_version() ||
	    slirp_state_load(a->nat->slirp, version, get, a) < 0)
		a->ret = -1;
}

int vsw_nat_load(struct vsw_nat *nat, const uint8_t *buf, size_t len)
{
	struct asking a = { .nat = nat, .buf = (uint8_t *)buf, .len = len };

	call(load_there, &a);
	return a.ret;
}
