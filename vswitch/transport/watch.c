/* SPDX-License-Identifier: BSD-2-Clause */
/* What a worker calls, and when: descriptors, pollers, alarms, flushes. */
#define _GNU_SOURCE /* epoll_pwait2() */
#include <errno.h>
#include <time.h>

#include "worker_priv.h"

/* #syscalls frames epoll_ctl epoll_pwait epoll_pwait2 */

static int control(struct vsw_worker *w, int op, struct vsw_watch *watch)
{
	struct epoll_event ev = { .events = watch->events, .data.ptr = watch };

	return epoll_ctl(w->epoll_fd, op, watch->fd, &ev);
}

int vsw_watch_add(struct vsw_worker *w, struct vsw_watch *watch)
{
	return control(w, EPOLL_CTL_ADD, watch);
}

void vsw_watch_change(struct vsw_worker *w, struct vsw_watch *watch, uint32_t events)
{
	if (watch->events == events)
		return;
	watch->events = events;
	control(w, EPOLL_CTL_MOD, watch);
}

void vsw_watch_remove(struct vsw_worker *w, struct vsw_watch *watch)
{
	control(w, EPOLL_CTL_DEL, watch);
	for (int i = w->event_at; i < w->events; i++)
		if (w->event[i].data.ptr == watch)
			w->event[i].data.ptr = NULL;
}

/* Wait for a descriptor at most @wait ns, INT64_MAX: for ever */
static int wait_for(struct vsw_worker *w, int64_t wait)
{
	struct timespec ts = { wait / 1000000000, wait % 1000000000 };
	int n = epoll_pwait2(w->epoll_fd, w->event, WORKER_EVENTS, wait == INT64_MAX ? NULL : &ts,
			     NULL);

	if (n < 0 && (errno == ENOSYS || errno == EPERM)) /* before Linux 5.11, or forbidden */
		n = epoll_pwait(w->epoll_fd, w->event, WORKER_EVENTS,
				wait / 1000000 >= INT32_MAX ? -1 : (int)((wait + 999999) / 1000000),
				NULL);
	return n;
}

/**
 * worker_look() - Call the watches whose descriptors are ready
 * @w:    The worker; its @now is set anew if it slept
 * @wait: Longest time to wait for one
 *
 * Return: whether there was one.
 */
bool worker_look(struct vsw_worker *w, int64_t wait)
{
	int n = wait_for(w, wait);

	if (wait)
		w->now = vsw_worker_now(w);
	w->events = n > 0 ? n : 0;
	for (w->event_at = 0; w->event_at < w->events; w->event_at++) {
		struct epoll_event *ev = &w->event[w->event_at];
		struct vsw_watch *watch = ev->data.ptr;

		if (watch)
			watch->ready(watch, ev->events);
	}
	w->events = 0;
	return n > 0;
}

void vsw_poller_wake(struct vsw_worker *w, struct vsw_poller *poller)
{
	if (poller->active)
		return;
	poller->active = true;
	poller->idle_at = vsw_worker_now(w);
	poller->next = w->poller;
	w->poller = poller;
}

void vsw_poller_remove(struct vsw_worker *w, struct vsw_poller *poller)
{
	struct vsw_poller **p = &w->poller;

	if (!poller->active)
		return;
	while (*p != poller)
		p = &(*p)->next;
	*p = poller->next;
	if (w->poll_at == &poller->next)
		w->poll_at = p;
	poller->active = false;
}

/* One poller's turn. It leaves the list when it has been idle for as long as the worker looks
 * again. Return: whether it had work. */
static bool turn(struct vsw_worker *w, struct vsw_poller *p)
{
	if (p->poll(p)) {
		p->idle_at = w->now;
		return true;
	}
	if (p->active && w->now - p->idle_at >= w->stats.poll && p->arm(p))
		vsw_poller_remove(w, p);
	return false;
}

/**
 * worker_poll() - Give each active poller its turn
 * @w: The worker
 *
 * Return: whether one had work.
 */
bool worker_poll(struct vsw_worker *w)
{
	bool worked = false;

	for (w->poll_at = &w->poller; *w->poll_at;) {
		struct vsw_poller *p = *w->poll_at;

		w->poll_at = &p->next;
		worked |= turn(w, p);
	}
	w->poll_at = NULL;
	return worked;
}

static void alarm_unlink(struct vsw_alarm *a)
{
	if (!a->link)
		return;
	*a->link = a->next;
	if (a->next)
		a->next->link = a->link;
	a->link = NULL;
}

static void alarm_link(struct vsw_alarm **list, struct vsw_alarm *a)
{
	a->next = *list;
	a->link = list;
	if (a->next)
		a->next->link = &a->next;
	*list = a;
}

void vsw_alarm_set(struct vsw_worker *w, struct vsw_alarm *alarm, int64_t when)
{
	alarm_unlink(alarm);
	alarm->when = when;
	if (when == INT64_MAX)
		return;
	alarm_link(&w->alarm, alarm);
	if (when < w->nearest)
		w->nearest = when;
}

/**
 * worker_alarms() - Ring the alarms that are due
 * @w: The worker
 *
 * @nearest may be too early, never too late: an alarm that is put off leaves it as it is.
 */
void worker_alarms(struct vsw_worker *w)
{
	struct vsw_alarm *due = NULL, *next;

	if (w->now < w->nearest)
		return;
	w->nearest = INT64_MAX;
	for (struct vsw_alarm *a = w->alarm; a; a = next) {
		next = a->next;
		if (a->when > w->now) {
			w->nearest = a->when < w->nearest ? a->when : w->nearest;
			continue;
		}
		alarm_unlink(a);
		alarm_link(&due, a);
	}
	while (due) {
		struct vsw_alarm *a = due;

		alarm_unlink(a);
		a->ring(a);
	}
}

void vsw_flush_later(struct vsw_worker *w, struct vsw_flush *flush)
{
	if (flush->link)
		return;
	flush->next = w->flush;
	flush->link = &w->flush;
	if (flush->next)
		flush->next->link = &flush->next;
	w->flush = flush;
}

void vsw_flush_cancel(struct vsw_flush *flush)
{
	if (!flush->link)
		return;
	*flush->link = flush->next;
	if (flush->next)
		flush->next->link = flush->link;
	flush->link = NULL;
}

/**
 * worker_flushes() - Call what was asked for; what is asked for in its course waits for the next
 * time
 * @w: The worker
 */
void worker_flushes(struct vsw_worker *w)
{
	struct vsw_flush *list = w->flush;

	w->flush = NULL;
	if (list)
		list->link = &list;
	while (list) {
		struct vsw_flush *f = list;

		vsw_flush_cancel(f);
		f->flush(f);
	}
}
