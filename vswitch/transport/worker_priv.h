/* SPDX-License-Identifier: BSD-2-Clause */
/* Insides of a worker. */
#ifndef VSWITCH_WORKER_PRIV_H
#define VSWITCH_WORKER_PRIV_H

#include <pthread.h>
#include <semaphore.h>
#include <stdio.h>
#include <sys/epoll.h>

#include "vswitch/worker.h"

#define WORKER_EVENTS 64

/* struct worker_call - control waits for it; on the stack of its caller */
struct worker_call {
	struct worker_call *next;
	bool (*fn)(void *opaque);
	void *opaque;
	sem_t done;
};

struct vsw_worker {
	struct vsw_worker_conf conf;
	pthread_t thread;
	atomic_bool started, stop;
	int epoll_fd, kick_fd;
	struct vsw_watch kick; /* somebody wrote kick_fd */

	/* the round */
	struct epoll_event event[WORKER_EVENTS];
	int event_at, events;	     /* the one being looked at, and their number */
	int64_t now;		     /* at the beginning of the round */
	int64_t worked_at;	     /* when there was work last */
	int64_t looked_at;	     /* when descriptors were looked at last */
	bool worked, ring_worked;    /* in this round; in the last one, by a poller */
	struct vsw_poller *poller;   /* active ones */
	struct vsw_poller **poll_at; /* next one to be polled in this round */
	struct vsw_alarm *alarm;     /* those that are set */
	int64_t nearest;	     /* no alarm is due before */
	struct vsw_flush *flush;
	struct vsw_worker_stats stats;
	uint8_t *scratch;

	/* calls of control: new ones, last first; and those that the frame thread has taken */
	_Atomic(struct worker_call *) call;
	struct worker_call *todo;

	/* notes to control: new ones, last first; and those that control has taken, in order */
	_Atomic(struct vsw_note *) note;
	struct vsw_note *unread;
	int note_fd;
};

/* watch.c */
bool worker_look(struct vsw_worker *w, int64_t wait);
bool worker_poll(struct vsw_worker *w);
void worker_alarms(struct vsw_worker *w);
void worker_flushes(struct vsw_worker *w);

/* message.c */
void worker_calls(struct vsw_worker *w);
void worker_wake(struct vsw_worker *w);
void worker_kicked(struct vsw_watch *watch, uint32_t events);

#endif
