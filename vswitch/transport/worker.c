/* SPDX-License-Identifier: BSD-2-Clause */
/* The frame thread: its life, its rounds, and for how long it looks again before it sleeps. */
#define _GNU_SOURCE /* pthread_setname_np() */
#include <errno.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/eventfd.h>
#include <sys/mman.h>
#include <time.h>
#include <unistd.h>

#include "vswitch/fail.h"
#include "worker_priv.h"

/* #syscalls control epoll_create1 eventfd pthread_create pthread_setname_np pthread_sigmask */

#define POLL_MAX   INT64_C(50000)   /* default of @poll_max */
#define POLL_LIMIT INT64_C(1000000) /* and its most */
#define POLL_FIRST INT64_C(5000)    /* the shortest time that is worth looking again */
#define LOOK_EACH  INT64_C(20000) /* while rings keep it busy, descriptors are looked at so often */

/* All ends of a worker's descriptors and its own watch. Return: false with errno. */
static bool open_fds(struct vsw_worker *w)
{
	w->epoll_fd = epoll_create1(EPOLL_CLOEXEC);
	w->kick_fd = eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK);
	w->note_fd = eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK);
	w->kick = (struct vsw_watch) { w->kick_fd, EPOLLIN, worker_kicked };
	return w->epoll_fd >= 0 && w->kick_fd >= 0 && w->note_fd >= 0 &&
	       vsw_watch_add(w, &w->kick) == 0;
}

struct vsw_worker *vsw_worker_new(const struct vsw_worker_conf *conf, char *err, size_t errlen)
{
	struct vsw_worker *w = calloc(1, sizeof(*w));

	if (!w) {
		vsw_fail(err, errlen, "out of memory");
		return NULL;
	}
	if (conf)
		w->conf = *conf;
	if (!w->conf.name)
		w->conf.name = "frames";
	if (w->conf.poll_max <= 0)
		w->conf.poll_max = w->conf.poll_max ? 0 : POLL_MAX;
	if (w->conf.poll_max > POLL_LIMIT)
		w->conf.poll_max = POLL_LIMIT;
	w->nearest = INT64_MAX;
	w->epoll_fd = w->kick_fd = w->note_fd = -1;
	w->scratch = mmap(NULL, VSW_SCRATCH, PROT_READ | PROT_WRITE,
			  MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
	if (w->scratch != MAP_FAILED && open_fds(w))
		return w;
	vsw_fail(err, errlen, "frame thread: %s", strerror(errno));
	vsw_worker_free(w);
	return NULL;
}

void vsw_worker_free(struct vsw_worker *w)
{
	if (!w)
		return;
	vsw_worker_stop(w);
	if (w->epoll_fd >= 0)
		close(w->epoll_fd);
	if (w->kick_fd >= 0)
		close(w->kick_fd);
	if (w->note_fd >= 0)
		close(w->note_fd);
	if (w->scratch != MAP_FAILED)
		munmap(w->scratch, VSW_SCRATCH);
	free(w);
}

int64_t vsw_worker_now(const struct vsw_worker *w)
{
	struct timespec ts;

	if (w->conf.now)
		return w->conf.now(w->conf.opaque);
	clock_gettime(CLOCK_MONOTONIC, &ts);
	return ts.tv_sec * INT64_C(1000000000) + ts.tv_nsec;
}

uint8_t *vsw_worker_scratch(struct vsw_worker *w)
{
	return w->scratch;
}

void vsw_worker_stats(const struct vsw_worker *w, struct vsw_worker_stats *stats)
{
	*stats = w->stats;
}

/* May the worker sleep now? Not while something waits for the next round, nor right after work. */
static bool idle(const struct vsw_worker *w)
{
	return !w->flush && !w->todo && !w->poller && w->now - w->worked_at >= w->stats.poll;
}

/* Look at the descriptors, asleep if there is nothing else to do. */
static void look(struct vsw_worker *w, int64_t wait)
{
	int64_t slept, before = w->now;
	bool sleeps = wait > 0 && idle(w) && w->nearest > w->now;

	if (!sleeps && w->ring_worked && w->now - w->looked_at < LOOK_EACH)
		return;
	if (sleeps && w->nearest != INT64_MAX && w->nearest - w->now < wait)
		wait = w->nearest - w->now;
	if (worker_look(w, sleeps ? wait : 0))
		w->worked = true;
	w->looked_at = w->now;
	if (!sleeps)
		return;
	w->stats.sleeps++;
	slept = w->now - before;
	if (slept >= w->conf.poll_max || !w->worked)
		w->stats.poll = w->stats.poll / 2 < POLL_FIRST ? 0 : w->stats.poll / 2;
	else
		w->stats.poll = w->stats.poll ? w->stats.poll * 2 : POLL_FIRST;
	if (w->stats.poll > w->conf.poll_max)
		w->stats.poll = w->conf.poll_max;
}

void vsw_worker_round(struct vsw_worker *w, int64_t wait)
{
	w->now = vsw_worker_now(w);
	w->worked = false;
	look(w, wait);
	w->ring_worked = worker_poll(w);
	worker_flushes(w);
	worker_calls(w);
	worker_alarms(w);
	worker_flushes(w);
	if (w->worked || w->ring_worked)
		w->worked_at = w->now;
	w->stats.rounds++;
}

static void *run(void *opaque)
{
	struct vsw_worker *w = opaque;

	pthread_setname_np(pthread_self(), w->conf.name);
	while (!atomic_load_explicit(&w->stop, memory_order_acquire))
		vsw_worker_round(w, INT64_MAX);
	return NULL;
}

int vsw_worker_start(struct vsw_worker *w, char *err, size_t errlen)
{
	sigset_t all, was;
	int ret;

	atomic_store(&w->stop, false);
	atomic_store(&w->started, true);
	sigfillset(&all);
	sigdelset(&all, SIGBUS); /* a map of a peer's file has a handler (peer/map.h) */
	pthread_sigmask(SIG_SETMASK, &all, &was);
	ret = pthread_create(&w->thread, NULL, run, w);
	pthread_sigmask(SIG_SETMASK, &was, NULL);
	if (!ret)
		return 0;
	atomic_store(&w->started, false);
	return vsw_fail(err, errlen, "frame thread: %s", strerror(ret));
}

void vsw_worker_stop(struct vsw_worker *w)
{
	if (!atomic_load(&w->started))
		return;
	atomic_store_explicit(&w->stop, true, memory_order_release);
	worker_wake(w);
	pthread_join(w->thread, NULL);
	atomic_store(&w->started, false);
}
