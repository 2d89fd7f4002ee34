/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Messages between the control thread and the frame thread.
 *
 * Both ways they are stacks that are pushed with a compare-and-swap, and taken as a whole with one
 * exchange; who takes them turns them round. The frame thread waits for nobody in either.
 */
#include <unistd.h>

#include "worker_priv.h"

static void ring(int fd)
{
	uint64_t one = 1;
	ssize_t n = write(fd, &one, sizeof(one));

	(void)n; /* full: it rings already */
}

static void silence(int fd)
{
	uint64_t count;
	ssize_t n = read(fd, &count, sizeof(count));

	(void)n;
}

/**
 * worker_wake() - Make the frame thread go round
 * @w: The worker; any thread
 */
void worker_wake(struct vsw_worker *w)
{
	ring(w->kick_fd);
}

/**
 * worker_kicked() - The frame thread's watch of that
 * @watch:  Its descriptor
 * @events: Not used
 */
void worker_kicked(struct vsw_watch *watch, uint32_t events)
{
	silence(watch->fd);
}

void vsw_worker_call(struct vsw_worker *w, bool (*fn)(void *opaque), void *opaque)
{
	struct worker_call c = { .fn = fn, .opaque = opaque };

	if (!atomic_load(&w->started)) {
		while (fn(opaque))
			;
		return;
	}
	sem_init(&c.done, 0, 0);
	c.next = atomic_load(&w->call);
	while (!atomic_compare_exchange_weak(&w->call, &c.next, &c))
		;
	worker_wake(w);
	while (sem_wait(&c.done) < 0)
		;
	sem_destroy(&c.done);
}

/* New calls, in order, behind those that are not finished */
static void take_calls(struct vsw_worker *w)
{
	struct worker_call *c = atomic_exchange(&w->call, NULL), *first = NULL, *next;
	struct worker_call **end = &w->todo;

	for (; c; c = next) {
		next = c->next;
		c->next = first;
		first = c;
	}
	while (*end)
		end = &(*end)->next;
	*end = first;
}

/* A piece of one. Return: whether there is more. */
static bool piece(struct vsw_worker *w, struct worker_call *c)
{
	int64_t begin = vsw_worker_now(w), took;
	bool more = c->fn(c->opaque);

	took = vsw_worker_now(w) - begin;
	if (took > w->stats.longest_call)
		w->stats.longest_call = took;
	return more;
}

/**
 * worker_calls() - Do a piece of each call of control
 * @w: The worker
 */
void worker_calls(struct vsw_worker *w)
{
	struct worker_call **p = &w->todo;

	if (atomic_load_explicit(&w->call, memory_order_relaxed))
		take_calls(w);
	while (*p) {
		struct worker_call *c = *p;

		if (piece(w, c)) {
			p = &c->next;
			continue;
		}
		*p = c->next;
		w->stats.calls++;
		sem_post(&c->done); /* c is its caller's from here on */
	}
}

void vsw_note_post(struct vsw_worker *w, struct vsw_note *note)
{
	if (atomic_exchange(&note->posted, true))
		return;
	note->next = atomic_load(&w->note);
	while (!atomic_compare_exchange_weak(&w->note, &note->next, note))
		;
	ring(w->note_fd);
}

int vsw_note_fd(const struct vsw_worker *w)
{
	return w->note_fd;
}

/* New notes, in order, behind those that are not read */
static void take_notes(struct vsw_worker *w)
{
	struct vsw_note *n = atomic_exchange(&w->note, NULL), *first = NULL, *next;
	struct vsw_note **end = &w->unread;

	for (; n; n = next) {
		next = n->next;
		n->next = first;
		first = n;
	}
	while (*end)
		end = &(*end)->next;
	*end = first;
}

void vsw_notes_read(struct vsw_worker *w)
{
	silence(w->note_fd);
	take_notes(w);
	while (w->unread) {
		struct vsw_note *n = w->unread;

		w->unread = n->next;
		atomic_store(&n->posted, false);
		n->read(n);
	}
}

void vsw_note_cancel(struct vsw_worker *w, struct vsw_note *note)
{
	struct vsw_note **p = &w->unread;

	take_notes(w);
	while (*p && *p != note)
		p = &(*p)->next;
	if (*p)
		*p = note->next;
	atomic_store(&note->posted, false);
}
