/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The front end of vhost-user: how a card plugs into a switch in another process.
 *
 * DOC: Theory of Operation
 *
 * A *front end* (struct vsw_front) has two rings and all their buffers in a memory file of its own,
 * which it shares with the switch over a Unix socket: the switch sees this memory and nothing else
 * of the process. Frames are copied into the sending ring by vsw_front_put(), and out of the
 * receiving ring by whoever gets them from vsw_front_get(). No system call is made for a frame: one
 * for a burst at most (vsw_front_flush()), and none while the switch looks at the ring by itself.
 *
 * It has no event loop. Its owner watches two descriptors:
 *
 *  - the socket, given to vsw_front_attach(). When it is readable, or has hung up, call
 *    vsw_front_readable(): the handshake goes on, or the connection is over;
 *  - vsw_front_fd(), an eventfd that is readable when the switch has done something. Before waiting
 *    for it call vsw_front_sleep(); when it returns false there is work already.
 *
 * The owner is told by up() when frames can pass, and when no longer. Connecting, waiting, and
 * doing so again are the owner's: give vsw_front_attach() another socket. The rings live as long as
 * the front end: what the switch has not given back when it dies is given to the next one, in
 * order, and what it had delivered is still there to be got. A frame that it had sent on but not
 * yet given back is sent again: a burst at most.
 *
 * The switch is told of the card behind the front end by vsw_front_set_card(): its cable, its
 * addresses and filter. It is told again by itself whenever there is a new connection, before
 * frames can pass.
 *
 * What the switch writes into the rings is checked like anything from outside; when it breaks their
 * rules the connection is over. Calls for one front end never overlap.
 */
#ifndef VSWITCH_FRONT_H
#define VSWITCH_FRONT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "hwnet/gso.h"
#include "hwnet/pkt.h"
#include "vswitch/vswitch.h"

struct vsw_front;

/**
 * struct vsw_front_conf - What a front end is made with; zeros are defaults
 * @entries: Descriptors of each ring, 64 to 4096; 0: 256
 */
struct vsw_front_conf {
	unsigned entries;
};

/**
 * struct vsw_front_ops - What a front end tells its owner
 * @up: Frames can pass (true, @why is NULL), or no longer, or the handshake failed (false, one line
 *      why; the socket is closed when it returns). Called from vsw_front_attach(),
 *      vsw_front_readable(), vsw_front_get() and vsw_front_put(); the front end must be neither
 *      freed, nor attached, nor detached in it
 * @counters: Answer to vsw_front_ask(), borrowed. Called from vsw_front_readable(). May be NULL
 * @saved: Answer to vsw_front_save(): the state of the port, borrowed; or NULL, and one line why
 *      not. Called from vsw_front_readable() and vsw_front_wait(). May be NULL
 * @loaded: Answer to vsw_front_load(): NULL, or one line why the switch does not take it. Called
 *      from the same and from vsw_front_load(). May be NULL
 */
struct vsw_front_ops {
	void (*up)(void *opaque, bool up, const char *why);
	void (*counters)(void *opaque, const struct vsw_counters *c);
	void (*saved)(void *opaque, const uint8_t *data, size_t len, const char *why);
	void (*loaded)(void *opaque, const char *why);
};

/**
 * struct vsw_front_counters - What happened
 * @sent: @received: Frames
 * @malformed: Frames from the switch that broke the rules of hwnet/pkt.h, dropped
 * @kicks:     Times the switch was told
 */
struct vsw_front_counters {
	uint64_t sent, received, malformed, kicks;
};

/**
 * vsw_front_new() - Make a front end, not connected
 * @conf:   What kind, or NULL
 * @ops:    Operations; outlive it
 * @opaque: First argument of each
 * @err:    On failure, one line
 * @errlen: Room in @err
 *
 * Return: it, or NULL.
 */
struct vsw_front *vsw_front_new(const struct vsw_front_conf *conf, const struct vsw_front_ops *ops,
				void *opaque, char *err, size_t errlen);

/**
 * vsw_front_free() - Destroy it, and close its socket
 * @f: It or NULL
 */
void vsw_front_free(struct vsw_front *f);

/**
 * vsw_front_attach() - Begin to talk to a switch
 * @f:  The front end, not connected
 * @fd: A connected Unix stream socket, non-blocking; it is the front end's from now on
 */
void vsw_front_attach(struct vsw_front *f, int fd);

/**
 * vsw_front_detach() - End the connection; up() is not called
 * @f: The front end, connected or not
 */
void vsw_front_detach(struct vsw_front *f);

/**
 * vsw_front_readable() - The socket is readable, or has hung up
 * @f: The front end
 */
void vsw_front_readable(struct vsw_front *f);

/**
 * vsw_front_is_up() - Can frames pass?
 * @f: The front end
 *
 * Return: true from up(true) to up(false).
 */
bool vsw_front_is_up(const struct vsw_front *f);

/**
 * vsw_front_run() - Use the rings, or let them stand
 * @f:  The front end, connected or not; a new one runs
 * @on: false: the switch is to stop at the end of a burst; a connection that is made now only waits
 *
 * No frames pass while the rings stand, and what waits in them stays there. up() is called when
 * they run again, and when a connection that only waits has been made: vsw_front_is_up() is false
 * then, and vsw_front_stands() true.
 */
void vsw_front_run(struct vsw_front *f, bool on);

/**
 * vsw_front_stands() - Is there a connection whose rings stand?
 * @f: The front end
 *
 * Return: whether so.
 */
bool vsw_front_stands(const struct vsw_front *f);

/**
 * vsw_front_wait() - Wait until the switch has answered all that it was asked
 * @f:  The front end
 * @ms: As long as this, at most
 *
 * Operations may be called.
 *
 * Return: whether it has; if not, or without a connection, false.
 */
bool vsw_front_wait(struct vsw_front *f, int ms);

/**
 * vsw_front_set_card() - Tell of the card behind the front end
 * @f:     The front end, connected or not
 * @link:  Its cable is in
 * @addrs: Its addresses and filter, copied; NULL: not known
 *
 * One message at a time is on its way; what changes meanwhile follows when that is answered. A
 * switch of another make is not told.
 */
void vsw_front_set_card(struct vsw_front *f, bool link, const struct vsw_addrs *addrs);

/**
 * vsw_front_ask() - Ask what the port of the switch has counted; counters() follows
 * @f: The front end, connected or not. Asking again before the answer does nothing
 */
void vsw_front_ask(struct vsw_front *f);

/**
 * vsw_front_carries() - Does the switch know of the state of a port?
 * @f: The front end, connected
 *
 * Return: whether so; false for one of an earlier release.
 */
bool vsw_front_carries(const struct vsw_front *f);

/**
 * vsw_front_save() - Ask for the state of the port, whose rings stand; saved() follows
 * @f: The front end, vsw_front_stands() and vsw_front_carries()
 */
void vsw_front_save(struct vsw_front *f);

/**
 * vsw_front_load() - Tell the switch the state of the port, before the rings run
 * @f:    The front end, connected or not; its rings stand
 * @data: What saved() was given at another switch, copied
 * @len:  Bytes, at most VSW_PORT_STATE_MAX
 *
 * It goes with the first connection that there is; loaded() follows.
 */
void vsw_front_load(struct vsw_front *f, const uint8_t *data, size_t len);

/**
 * vsw_front_loads() - Is a state still to be told, or the answer to come?
 * @f: The front end
 */
bool vsw_front_loads(const struct vsw_front *f);

/**
 * vsw_front_takes() - Which frames does the switch take?
 * @f: The front end, up
 *
 * Return: enum pkt_takes (hwnet/gso.h).
 */
uint32_t vsw_front_takes(const struct vsw_front *f);

/**
 * vsw_front_put() - Send frames
 * @f:    The front end
 * @pkts: Frames that the switch takes as they are
 * @n:    Their number, any
 *
 * Return: how many were copied, from the front. When the ring is full vsw_front_sleep() asks to be
 * told that there is room. Without a connection none are taken.
 */
unsigned vsw_front_put(struct vsw_front *f, const struct pkt *const *pkts, unsigned n);

/**
 * vsw_front_flush() - Tell the switch what was sent, and which buffers were given back, if it wants
 * to know
 * @f: The front end
 */
void vsw_front_flush(struct vsw_front *f);

/**
 * vsw_front_get() - Receive frames
 * @f:    The front end; frames that came before a connection was lost can still be got
 * @pkts: Filled; they live until vsw_front_got()
 *
 * Return: their number, at most PKT_BURST.
 */
unsigned vsw_front_get(struct vsw_front *f, const struct pkt *const **pkts);

/**
 * vsw_front_got() - Give their buffers back; must follow each vsw_front_get()
 * @f:     The front end
 * @taken: How many frames of the burst were dealt with, from the front; the others come again
 */
void vsw_front_got(struct vsw_front *f, unsigned taken);

/**
 * vsw_front_fd() - Descriptor that is readable when the switch has done something
 * @f: The front end
 *
 * Return: an eventfd; it never changes.
 */
int vsw_front_fd(const struct vsw_front *f);

/**
 * vsw_front_room() - Is there room for frames?
 * @f: The front end
 *
 * Return: false if vsw_front_put() left some, and the switch has taken none since. After true
 * vsw_front_sleep() is not concerned with room until vsw_front_put() leaves some again.
 */
bool vsw_front_room(struct vsw_front *f);

/**
 * vsw_front_sleep() - Ask to be told by vsw_front_fd()
 * @f:      The front end
 * @frames: When frames come; false: nobody would take them now
 *
 * Return: true: wait for it; false: there are frames (if asked for), or (if vsw_front_put() left
 * some) there is room.
 */
bool vsw_front_sleep(struct vsw_front *f, bool frames);

/**
 * vsw_front_wake() - Read vsw_front_fd(), and ask not to be told until vsw_front_sleep()
 * @f: The front end
 */
void vsw_front_wake(struct vsw_front *f);

/**
 * vsw_front_counters() - Ask for the counters
 * @f: The front end
 *
 * Return: borrowed.
 */
const struct vsw_front_counters *vsw_front_counters(const struct vsw_front *f);

#endif
