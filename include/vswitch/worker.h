/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The frame thread: one thread that calls one or more switches, and nothing but frames makes it
 * wait.
 *
 * DOC: Theory of Operation
 *
 * A switch has one caller at a time (vswitch/vswitch.h). In a daemon that caller is a worker
 * (struct vsw_worker), a thread of its own; all else (sockets of control, handshakes,
 * configuration, the log) happens on the *control thread*. The two talk as follows:
 *
 *  - Control asks the worker with vsw_worker_call(): a function that runs on the frame thread
 *    between two bursts, while the control thread waits for it. One that has much to do does a
 *    piece of it, of at most 1 ms, and returns true: it is called again after the frames that have
 *    come meanwhile.
 *  - The worker tells control with a struct vsw_note, which can be posted at any time, costs no
 *    allocation, and cannot be lost: a note that is posted twice before it is read is read once.
 *
 * Neither a lock nor a full queue can ever hold the frame thread up.
 *
 * What the data halves of transports get from it, all on the frame thread:
 *
 * | struct      | calls when                                                                   |
 * |-------------|------------------------------------------------------------------------------|
 * | vsw_watch   | a file descriptor is ready (level-triggered: what is left over comes again)  |
 * | vsw_poller  | in each round while it has work, for rings in shared memory                  |
 * | vsw_alarm   | a time has come                                                              |
 * | vsw_flush   | the round ends: what was gathered in it goes out with one system call        |
 *
 * A round is: ready descriptors, pollers, flushes, calls of control, alarms, flushes. Each watch
 * and poller gives at most a few bursts a round, so that a busy port cannot starve the others.
 *
 * After work the worker looks again for a while before it sleeps (@poll_max at most, in struct
 * vsw_worker_conf), if that paid lately: the time doubles when a sleep turns out to have been
 * shorter, and halves when nothing came in it. An idle worker sleeps until a descriptor is ready or
 * an alarm is due. A poller is asked to arm itself before that; it then needs a descriptor that
 * wakes it.
 *
 * The structs are embedded in those of their users. Functions of one worker are called on its
 * frame thread, or by control before it starts and after it stops, unless they say otherwise.
 */
#ifndef VSWITCH_WORKER_H
#define VSWITCH_WORKER_H

#include <stdatomic.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct vsw_worker;

/** VSW_SCRATCH_SLOT - Bytes between two slots of a worker's scratch memory: room for the longest
 * frame any transport takes, and not a multiple of a page. */
#define VSW_SCRATCH_SLOT (69632u + 192u)
/** VSW_SCRATCH - Bytes of it. */
#define VSW_SCRATCH (64u * VSW_SCRATCH_SLOT)

/**
 * struct vsw_worker_conf - What a worker is made with; zeros are defaults
 * @name:     Name of its thread, at most 15 characters; NULL: "frames"
 * @now:      The time, ns of a monotonic clock; NULL: the system's
 * @opaque:   First argument of @now
 * @poll_max: Longest time it looks again before it sleeps, ns, at most 1 ms; 0: 50 us; negative:
 *      none
 */
struct vsw_worker_conf {
	const char *name;
	int64_t (*now)(void *opaque);
	void *opaque;
	int64_t poll_max;
};

/**
 * struct vsw_worker_stats - What a worker has done
 * @rounds: Rounds
 * @sleeps: Times it slept
 * @calls:  Calls of control that were finished
 * @longest_call: Longest piece of one, ns
 * @poll:   For how long it looks again now, ns
 */
struct vsw_worker_stats {
	uint64_t rounds, sleeps, calls;
	int64_t longest_call, poll;
};

/**
 * struct vsw_watch - A file descriptor that is looked at
 * @fd:     The descriptor
 * @events: EPOLLIN, EPOLLOUT; change them with vsw_watch_change()
 * @ready:  Called with what is ready (EPOLLERR and EPOLLHUP may come unasked). It may add and
 *      remove any watch
 */
struct vsw_watch {
	int fd;
	uint32_t events;
	void (*ready)(struct vsw_watch *watch, uint32_t events);
};

/**
 * struct vsw_poller - A ring that is looked at in each round while it has work
 * @poll:   Do some, a few bursts at most. Return: how much was done, 0: nothing was there
 * @arm:    Ask the other side for a wake-up, then look once more. Return: false if there is work
 *      already, then it goes on being polled; true: it is left alone until vsw_poller_wake()
 * @next:   private, as what follows
 */
struct vsw_poller {
	unsigned (*poll)(struct vsw_poller *poller);
	bool (*arm)(struct vsw_poller *poller);
	struct vsw_poller *next;
	bool active;
	int64_t idle_at;
};

/**
 * struct vsw_alarm - Something to be done at a time
 * @ring: Called at or soon after it; the alarm is then unset
 * @next: private, as what follows
 */
struct vsw_alarm {
	void (*ring)(struct vsw_alarm *alarm);
	struct vsw_alarm *next, **link;
	int64_t when;
};

/**
 * struct vsw_flush - Something to be done when the round ends
 * @flush: Called then
 * @next:  private, as what follows
 */
struct vsw_flush {
	void (*flush)(struct vsw_flush *flush);
	struct vsw_flush *next, **link;
};

/**
 * struct vsw_note - Something that control is to be told
 * @read: Called on the control thread
 * @next: private, as what follows
 */
struct vsw_note {
	void (*read)(struct vsw_note *note);
	struct vsw_note *next;
	atomic_bool posted;
};

/**
 * vsw_worker_new() - Make a worker; its thread does not run yet
 * @conf:   What kind; NULL: defaults
 * @err:    On failure, one line
 * @errlen: Room in @err
 *
 * Return: the worker, or NULL.
 */
struct vsw_worker *vsw_worker_new(const struct vsw_worker_conf *conf, char *err, size_t errlen);

/**
 * vsw_worker_free() - Destroy a worker; its thread is stopped first
 * @w: The worker or NULL; nothing is registered with it any more
 */
void vsw_worker_free(struct vsw_worker *w);

/**
 * vsw_worker_start() - Start the thread
 * @w:      The worker
 * @err:    On failure, one line
 * @errlen: Room in @err
 *
 * The thread has all signals but SIGBUS blocked, of which transports have a handler.
 *
 * Return: 0, or -1.
 */
int vsw_worker_start(struct vsw_worker *w, char *err, size_t errlen);

/**
 * vsw_worker_stop() - Stop the thread at the end of a round, and wait for it
 * @w: The worker; it may be started again
 */
void vsw_worker_stop(struct vsw_worker *w);

/**
 * vsw_worker_round() - One round, for programs that have no thread for frames
 * @w:    The worker, not started
 * @wait: Longest time to wait for work, ns; 0: do not wait
 *
 * The thread that calls it is the frame thread for as long.
 */
void vsw_worker_round(struct vsw_worker *w, int64_t wait);

/**
 * vsw_worker_now() - The time
 * @w: The worker; any thread
 *
 * Return: ns.
 */
int64_t vsw_worker_now(const struct vsw_worker *w);

/**
 * vsw_worker_call() - Run a function on the frame thread, and wait until it is done
 * @w:      The worker; any thread but the frame thread. If the worker is not started, the function
 *      runs here
 * @fn:     The function. A piece of at most 1 ms; true: there is more, call again after the next
 *      round
 * @opaque: Its argument
 */
void vsw_worker_call(struct vsw_worker *w, bool (*fn)(void *opaque), void *opaque);

/**
 * vsw_worker_scratch() - Memory to receive frames into
 * @w: The worker; frame thread
 *
 * One for all: what is in it does not outlive the call of a watch, poller, alarm or flush. Pages
 * that nobody has touched cost nothing.
 *
 * Return: VSW_SCRATCH bytes.
 */
uint8_t *vsw_worker_scratch(struct vsw_worker *w);

/**
 * vsw_worker_stats() - Ask what it has done
 * @w:     The worker; the frame thread, or inside a call
 * @stats: Filled
 */
void vsw_worker_stats(const struct vsw_worker *w, struct vsw_worker_stats *stats);

/**
 * vsw_watch_add() - Look at a descriptor
 * @w:     The worker
 * @watch: The watch, filled; not added yet
 *
 * Return: 0, or -1 with errno.
 */
int vsw_watch_add(struct vsw_worker *w, struct vsw_watch *watch);

/**
 * vsw_watch_change() - Look for other events
 * @w:      The worker
 * @watch:  The watch
 * @events: New events; the same as before costs nothing
 */
void vsw_watch_change(struct vsw_worker *w, struct vsw_watch *watch, uint32_t events);

/**
 * vsw_watch_remove() - Look no more; its descriptor is still open
 * @w:     The worker
 * @watch: The watch; ready() is not called any more, not in this round either
 */
void vsw_watch_remove(struct vsw_worker *w, struct vsw_watch *watch);

/**
 * vsw_poller_wake() - There is work: poll in each round from now on
 * @w:      The worker
 * @poller: The poller, filled
 */
void vsw_poller_wake(struct vsw_worker *w, struct vsw_poller *poller);

/**
 * vsw_poller_remove() - Poll no more
 * @w:      The worker
 * @poller: The poller, active or not
 */
void vsw_poller_remove(struct vsw_worker *w, struct vsw_poller *poller);

/**
 * vsw_alarm_set() - Set an alarm; it replaces the time that was set
 * @w:     The worker
 * @alarm: The alarm; @ring is set, all else was zero at first
 * @when:  Time; INT64_MAX: not at all
 */
void vsw_alarm_set(struct vsw_worker *w, struct vsw_alarm *alarm, int64_t when);

/**
 * vsw_flush_later() - Call flush() when the round ends; once, however often it is asked for
 * @w:     The worker
 * @flush: What to call; @flush is set, all else was zero at first
 */
void vsw_flush_later(struct vsw_worker *w, struct vsw_flush *flush);

/**
 * vsw_flush_cancel() - Do not call it
 * @flush: What was asked for, or not
 */
void vsw_flush_cancel(struct vsw_flush *flush);

/**
 * vsw_note_post() - Tell control
 * @w:    The worker; any thread
 * @note: The note; it must live until it was read, or cancelled
 */
void vsw_note_post(struct vsw_worker *w, struct vsw_note *note);

/**
 * vsw_note_fd() - Descriptor that is readable when there are notes to read
 * @w: The worker; control thread
 *
 * Return: the descriptor, to be polled only.
 */
int vsw_note_fd(const struct vsw_worker *w);

/**
 * vsw_notes_read() - Read all notes: their read() is called
 * @w: The worker; control thread
 */
void vsw_notes_read(struct vsw_worker *w);

/**
 * vsw_note_cancel() - A note that nobody posts any more will not be read any more
 * @w:    The worker; control thread
 * @note: The note
 */
void vsw_note_cancel(struct vsw_worker *w, struct vsw_note *note);

#endif
