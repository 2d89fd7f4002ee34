/* SPDX-License-Identifier: BSD-2-Clause */
/* The frame thread: descriptors, pollers, alarms, flushes, calls and notes, in one thread with a
 * stepped clock, and with a thread of its own. */
#include <errno.h>
#include <poll.h>
#include <pthread.h>
#include <signal.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/eventfd.h>
#include <unistd.h>

#include "main.h"
#include "vswitch/worker.h"

#define US INT64_C(1000)

static struct vsw_worker *w;
static int64_t now;
static char err[200];

static int64_t stepped(void *opaque)
{
	return now;
}

static void make(int64_t (*clock)(void *opaque), int64_t poll_max)
{
	struct vsw_worker_conf conf = { .now = clock, .poll_max = poll_max };

	w = vsw_worker_new(&conf, err, sizeof(err));
	ck_assert_msg(w != NULL, "%s", err);
}

static struct vsw_worker_stats stats(void)
{
	struct vsw_worker_stats s;

	vsw_worker_stats(w, &s);
	return s;
}

/* A descriptor that counts how often it was ready */
struct seen {
	struct vsw_watch watch;
	unsigned times;
	struct vsw_watch *remove; /* on its first time */
	bool drain;
};

static void seen(struct vsw_watch *watch, uint32_t events)
{
	struct seen *s = (struct seen *)watch;
	uint64_t n;

	s->times++;
	if (s->drain)
		ck_assert_int_eq(read(watch->fd, &n, sizeof(n)), sizeof(n));
	if (s->remove)
		vsw_watch_remove(w, s->remove);
	s->remove = NULL;
}

static void seen_init(struct seen *s, unsigned count)
{
	memset(s, 0, sizeof(*s));
	s->watch.fd = eventfd(count, EFD_NONBLOCK | EFD_CLOEXEC);
	s->watch.events = EPOLLIN;
	s->watch.ready = seen;
	ck_assert_int_eq(vsw_watch_add(w, &s->watch), 0);
}

START_TEST(watch_is_level_triggered)
{
	struct seen s;

	make(stepped, 0);
	seen_init(&s, 1);
	vsw_worker_round(w, 0);
	vsw_worker_round(w, 0);
	ck_assert_uint_eq(s.times, 2);
	vsw_watch_change(w, &s.watch, 0);
	vsw_worker_round(w, 0);
	ck_assert_uint_eq(s.times, 2);
	vsw_watch_change(w, &s.watch, EPOLLIN);
	vsw_watch_remove(w, &s.watch);
	vsw_worker_round(w, 0);
	ck_assert_uint_eq(s.times, 2);
	close(s.watch.fd);
	vsw_worker_free(w);
}
END_TEST

/* Both are ready; whichever comes first removes the other, which may then be gone */
START_TEST(watch_removed_in_the_round_is_not_called)
{
	struct seen a, b;

	make(stepped, 0);
	seen_init(&a, 1);
	seen_init(&b, 1);
	a.remove = &b.watch;
	b.remove = &a.watch;
	vsw_worker_round(w, 0);
	ck_assert_uint_eq(a.times + b.times, 1);
	vsw_worker_free(w);
	close(a.watch.fd);
	close(b.watch.fd);
}
END_TEST

struct bell {
	struct vsw_alarm alarm;
	unsigned times;
	int64_t again; /* after it rang */
};

static void rang(struct vsw_alarm *alarm)
{
	struct bell *b = (struct bell *)alarm;

	b->times++;
	if (b->again)
		vsw_alarm_set(w, alarm, now + b->again);
}

START_TEST(alarms_ring_when_due)
{
	struct bell a = { .alarm.ring = rang }, b = { .alarm.ring = rang, .again = 10 };

	make(stepped, 0);
	now = 1000;
	vsw_alarm_set(w, &a.alarm, 2000);
	vsw_alarm_set(w, &b.alarm, 1500);
	vsw_worker_round(w, 0);
	ck_assert_uint_eq(a.times + b.times, 0);
	now = 1500;
	vsw_worker_round(w, 0);
	vsw_worker_round(w, 0);
	ck_assert_uint_eq(a.times, 0);
	ck_assert_uint_eq(b.times, 1);
	now = 1510;
	vsw_worker_round(w, 0);
	ck_assert_uint_eq(b.times, 2);
	vsw_alarm_set(w, &a.alarm, 3000); /* put off */
	vsw_alarm_set(w, &b.alarm, INT64_MAX);
	now = 2500;
	vsw_worker_round(w, 0);
	ck_assert_uint_eq(a.times, 0);
	now = 3000;
	vsw_worker_round(w, 0);
	ck_assert_uint_eq(a.times, 1);
	ck_assert_uint_eq(b.times, 2);
	vsw_worker_free(w);
}
END_TEST

/* An alarm that sets itself anew for a time that is past rings once a round, not for ever */
START_TEST(alarm_for_the_past_does_not_hold_the_round)
{
	struct bell a = { .alarm.ring = rang, .again = -1 };

	make(stepped, 0);
	now = 100;
	vsw_alarm_set(w, &a.alarm, 0);
	vsw_worker_round(w, 0);
	ck_assert_uint_eq(a.times, 1);
	vsw_worker_round(w, 0);
	ck_assert_uint_eq(a.times, 2);
	vsw_worker_free(w);
}
END_TEST

struct out {
	struct vsw_flush flush;
	unsigned times;
	bool again;
	struct out *cancel;
};

static void flushed(struct vsw_flush *flush)
{
	struct out *o = (struct out *)flush;

	o->times++;
	if (o->again)
		vsw_flush_later(w, flush);
	if (o->cancel)
		vsw_flush_cancel(&o->cancel->flush);
}

START_TEST(flushes_once_a_round)
{
	struct out a = { .flush.flush = flushed }, b = a, c = a;

	make(stepped, 0);
	a.cancel = &b;
	vsw_flush_later(w, &b.flush);
	vsw_flush_later(w, &a.flush); /* the last one goes first */
	vsw_flush_later(w, &a.flush);
	c.again = true;
	vsw_flush_later(w, &c.flush);
	vsw_worker_round(w, 0);
	ck_assert_uint_eq(a.times, 1);
	ck_assert_uint_eq(b.times, 0);
	ck_assert_uint_eq(c.times, 2); /* each of the two times in a round */
	c.again = false;
	vsw_worker_round(w, INT64_MAX); /* does not sleep while one waits */
	ck_assert_uint_eq(c.times, 3);
	vsw_worker_free(w);
}
END_TEST

struct ring {
	struct vsw_poller poller;
	unsigned work, armed;
	bool refuse; /* to be armed */
};

static unsigned poll_ring(struct vsw_poller *p)
{
	struct ring *r = (struct ring *)p;

	return r->work ? r->work-- : 0;
}

static bool arm_ring(struct vsw_poller *p)
{
	struct ring *r = (struct ring *)p;

	r->armed++;
	return !r->refuse;
}

START_TEST(poller_leaves_when_it_is_idle)
{
	struct ring r = { { poll_ring, arm_ring }, .work = 2 };

	make(stepped, -1);
	vsw_poller_wake(w, &r.poller);
	vsw_worker_round(w, 0);
	vsw_worker_round(w, 0);
	ck_assert_uint_eq(r.work, 0);
	ck_assert(r.poller.active);
	r.refuse = true; /* work came between the last look and the arming */
	vsw_worker_round(w, INT64_MAX);
	ck_assert_uint_eq(r.armed, 1);
	ck_assert(r.poller.active);
	r.refuse = false;
	vsw_worker_round(w, INT64_MAX);
	ck_assert_uint_eq(r.armed, 2);
	ck_assert(!r.poller.active);
	vsw_poller_wake(w, &r.poller);
	vsw_poller_remove(w, &r.poller);
	vsw_worker_round(w, 0);
	ck_assert_uint_eq(r.armed, 2);
	vsw_worker_free(w);
}
END_TEST

/* The clock goes on by @step while it sleeps */
static int64_t step;

static void tick(struct vsw_watch *watch, uint32_t events)
{
}

static int64_t walking(void *opaque)
{
	return now += step;
}

/* Sleeps that were shorter than the longest look make it look again for longer; long ones undo
 * that */
START_TEST(looks_again_only_while_it_pays)
{
	struct vsw_watch watch = { .events = EPOLLIN, .ready = tick };

	make(walking, 50 * US);
	watch.fd = eventfd(1, EFD_CLOEXEC);
	vsw_watch_add(w, &watch);
	now = 1000 * US;
	step = 100 * US;
	vsw_worker_round(w, INT64_MAX);
	ck_assert_int_eq(stats().poll, 0);
	step = 10 * US; /* it sleeps when the look is over, for 10 us */
	for (int i = 0; i < 100; i++)
		vsw_worker_round(w, INT64_MAX);
	ck_assert_int_ge(stats().poll, 5 * US);
	ck_assert_int_le(stats().poll, 50 * US);
	step = 1000 * US;
	for (int i = 0; i < 10; i++)
		vsw_worker_round(w, INT64_MAX);
	ck_assert_int_eq(stats().poll, 0);
	vsw_watch_remove(w, &watch);
	close(watch.fd);
	vsw_worker_free(w);
}
END_TEST

static bool three_pieces(void *opaque)
{
	return ++*(int *)opaque < 3;
}

START_TEST(call_without_a_thread_runs_here)
{
	int n = 0;

	make(stepped, 0);
	vsw_worker_call(w, three_pieces, &n);
	ck_assert_int_eq(n, 3);
	vsw_worker_free(w);
}
END_TEST

/* A call in pieces, while a descriptor is always ready: it is looked at between two pieces */
struct shared {
	struct seen seen;
	unsigned seen_at[3];
	int pieces;
	pthread_t thread;
	struct vsw_note note;
	int posts, reads;
};

static bool piece(void *opaque)
{
	struct shared *s = opaque;

	s->seen_at[s->pieces] = s->seen.times;
	s->thread = pthread_self();
	return ++s->pieces < 3;
}

static bool watch_here(void *opaque)
{
	struct shared *s = opaque;

	seen_init(&s->seen, 1);
	return false;
}

static bool unwatch_here(void *opaque)
{
	struct shared *s = opaque;

	vsw_watch_remove(w, &s->seen.watch);
	close(s->seen.watch.fd);
	return false;
}

START_TEST(call_is_done_between_frames)
{
	struct shared s = { .pieces = 0 };

	make(NULL, 0);
	ck_assert_int_eq(vsw_worker_start(w, err, sizeof(err)), 0);
	vsw_worker_call(w, watch_here, &s);
	vsw_worker_call(w, piece, &s);
	vsw_worker_call(w, unwatch_here, &s);
	ck_assert_int_eq(s.pieces, 3);
	ck_assert_uint_lt(s.seen_at[0], s.seen_at[1]);
	ck_assert_uint_lt(s.seen_at[1], s.seen_at[2]);
	ck_assert(!pthread_equal(s.thread, pthread_self()));
	vsw_worker_stop(w);
	ck_assert_uint_eq(stats().calls, 3);
	vsw_worker_free(w);
}
END_TEST

static bool add_one(void *opaque)
{
	(*(int *)opaque)++; /* unlocked: only the frame thread is here */
	return false;
}

static void *caller(void *opaque)
{
	for (int i = 0; i < 1000; i++)
		vsw_worker_call(w, add_one, opaque);
	return NULL;
}

START_TEST(calls_of_many_threads)
{
	pthread_t t[4];
	int n = 0;

	make(NULL, 0);
	ck_assert_int_eq(vsw_worker_start(w, err, sizeof(err)), 0);
	for (int i = 0; i < 4; i++)
		pthread_create(&t[i], NULL, caller, &n);
	for (int i = 0; i < 4; i++)
		pthread_join(t[i], NULL);
	ck_assert_int_eq(n, 4000);
	vsw_worker_free(w);
}
END_TEST

static void on_note(struct vsw_note *note)
{
	struct shared *s = (void *)((char *)note - offsetof(struct shared, note));

	s->reads++;
}

static bool post_twice(void *opaque)
{
	struct shared *s = opaque;

	vsw_note_post(w, &s->note);
	vsw_note_post(w, &s->note);
	return false;
}

static bool note_waits(void)
{
	struct pollfd p = { vsw_note_fd(w), POLLIN };

	return poll(&p, 1, 0) == 1;
}

START_TEST(notes_are_read_once)
{
	struct shared s = { .note.read = on_note };

	make(NULL, 0);
	ck_assert_int_eq(vsw_worker_start(w, err, sizeof(err)), 0);
	ck_assert(!note_waits());
	vsw_worker_call(w, post_twice, &s);
	ck_assert(note_waits());
	vsw_notes_read(w);
	ck_assert_int_eq(s.reads, 1);
	ck_assert(!note_waits());
	vsw_worker_call(w, post_twice, &s);
	vsw_note_cancel(w, &s.note);
	vsw_notes_read(w);
	ck_assert_int_eq(s.reads, 1);
	vsw_worker_call(w, post_twice, &s);
	vsw_notes_read(w);
	ck_assert_int_eq(s.reads, 2);
	vsw_worker_free(w);
}
END_TEST

/* One note cancels another that is behind it in the same reading */
struct pair {
	struct vsw_note note;
	struct pair *other;
	int reads;
};

static void cancel_other(struct vsw_note *note)
{
	struct pair *p = (struct pair *)note;

	p->reads++;
	vsw_note_cancel(w, &p->other->note);
}

START_TEST(note_cancelled_while_notes_are_read)
{
	struct pair a = { .note.read = cancel_other }, b = a;

	make(stepped, 0);
	a.other = &b;
	b.other = &a;
	vsw_note_post(w, &a.note);
	vsw_note_post(w, &b.note);
	vsw_notes_read(w);
	ck_assert_int_eq(a.reads, 1);
	ck_assert_int_eq(b.reads, 0);
	vsw_worker_free(w);
}
END_TEST

START_TEST(starts_again_after_a_stop)
{
	int n = 0;

	make(NULL, 0);
	for (int i = 0; i < 3; i++) {
		ck_assert_int_eq(vsw_worker_start(w, err, sizeof(err)), 0);
		vsw_worker_call(w, add_one, &n);
		vsw_worker_stop(w);
		vsw_worker_call(w, add_one, &n);
	}
	ck_assert_int_eq(n, 6);
	vsw_worker_free(w);
}
END_TEST

static bool ask_mask(void *opaque)
{
	pthread_sigmask(SIG_BLOCK, NULL, opaque);
	return false;
}

/* A page that a peer took away was the end of the daemon: SIGBUS was blocked where frames are */
START_TEST(frame_thread_takes_sigbus_and_nothing_else)
{
	sigset_t mask;

	make(NULL, 0);
	ck_assert_int_eq(vsw_worker_start(w, err, sizeof(err)), 0);
	vsw_worker_call(w, ask_mask, &mask);
	for (int sig = 1; sig < 32; sig++)
		if (sig != SIGKILL && sig != SIGSTOP)
			ck_assert_int_eq(sigismember(&mask, sig), sig != SIGBUS);
	vsw_worker_free(w);
}
END_TEST

int main(void)
{
	const TTest *const tests[] = { watch_is_level_triggered,
				       watch_removed_in_the_round_is_not_called,
				       alarms_ring_when_due,
				       alarm_for_the_past_does_not_hold_the_round,
				       flushes_once_a_round,
				       poller_leaves_when_it_is_idle,
				       looks_again_only_while_it_pays,
				       call_without_a_thread_runs_here,
				       call_is_done_between_frames,
				       calls_of_many_threads,
				       notes_are_read_once,
				       note_cancelled_while_notes_are_read,
				       starts_again_after_a_stop,
				       frame_thread_takes_sigbus_and_nothing_else,
				       NULL };

	return run_tests("transport-worker", tests);
}
