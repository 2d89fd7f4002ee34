/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * A port that moves from one connection to another, with its virtual machine.
 *
 * DOC: Theory of Operation
 *
 * In a live migration two processes are the same machine for a while: the source, whose guest runs
 * until it is stopped, and the target, whose guest runs from then on. Both may be connected to one
 * port. One of them *holds* it: its wire is the port's (@wire), frames pass there and nowhere else.
 * The other one is the port's *second* (struct second): its wire is open, what it says of rings and
 * card is noted, no frame passes.
 *
 * Who holds is decided by one rule: the second becomes the holder as soon as its rings run and
 * those of the holder do not. vhost-user tells of both (GET_VRING_BASE stops a ring, SET_VRING_KICK
 * starts it), so it is the same for a card of ours and for stock virtio-net:
 *
 *	source                  target             the port
 *	runs                    .                  held by the source: "active"
 *	runs                    connects           the target is its "standby"
 *	stops its rings         .                  "quiet": frames for it wait in its queue
 *	.                       starts its rings   moves: held by the target; the source is "moved"
 *	ends                    runs               "active"
 *
 *	(or) starts its rings   .                  the migration was cancelled: "active" as before
 *	(or) .                  ends               the same; the source goes on when it wants to
 *	(or) ends               .                  held by the target, which has not begun yet
 *	(after the move)
 *	starts its rings        runs               no change: an event says so
 *	runs                    ends               held by the source again
 *
 * The port is the same all the time: its counters, levels, rules, addresses and groups stay where
 * they are, and what waits in its queue goes to whoever holds it next. Its link stays up while its
 * rings stand and there is a second, or was one when they stopped (@waits of struct vsw_wire).
 *
 * Who may be a second: a client that says by "plug" that it is a machine that comes in
 * ("incoming"), whose UUID is the holder's; or one that connects to a listener with "standby",
 * whose port is taken. There is one second at most; a source that has lost its port, and whose
 * rings stand, makes room for the next target.
 *
 * A port that a machine that comes in plugs into on another daemon has no holder before it; its
 * rings stand until the machine runs, which is when it is announced. What the port was elsewhere
 * comes with the machine (carry.h).
 *
 * All of it is the control thread's. A process that takes over gets the holders' wires; a second
 * connects again.
 */
#ifndef VSWITCHD_HOLDER_H
#define VSWITCHD_HOLDER_H

#include "port.h"

/**
 * struct second - A connection beside the one that holds the port
 * @wire:   It
 * @client: Who it is
 * @moved:  It held the port before; else it has not yet
 */
struct second {
	struct vsw_wire *wire;
	struct port_client client;
	bool moved;
};

/**
 * vd_holder_step() - Tell of a step of a move: an event, and a line in the log
 * @p:   The port
 * @fmt: One line, as for printf(), and what it wants
 */
void vd_holder_step(const struct port *p, const char *fmt, ...)
	__attribute__((format(printf, 2, 3)));

/**
 * vd_holder_may() - May a machine that comes in be the second of a port?
 * @p:      A port with a wire
 * @who:    The client
 * @err:    If not, one line
 * @errlen: Room in @err
 *
 * Return: 0, or -1.
 */
int vd_holder_may(const struct port *p, const struct port_client *who, char *err, size_t errlen);

/**
 * vd_holder_plug_second() - Let a second in
 * @p: @transport: @options: @fd: @client: @err: @errlen: As of vd_port_plug(), of a port with a
 *      wire
 *
 * Return: 0, or -1.
 */
int vd_holder_plug_second(struct port *p, const struct vsw_transport *transport,
			  const void *options, int fd, const struct port_client *client, char *err,
			  size_t errlen);

/**
 * vd_holder_runs() - The other side of a wire has begun to use it, or has stopped
 * @p:    The port, whose @wire or @second it is
 * @wire: The wire
 * @runs: Which
 */
void vd_holder_runs(struct port *p, const struct vsw_wire *wire, bool runs);

/**
 * vd_holder_left() - A wire of the port is over
 * @p:    The port
 * @wire: The wire
 * @why:  One line
 *
 * Return: true: the port goes on with another one; false: nothing was done.
 */
bool vd_holder_left(struct port *p, struct vsw_wire *wire, const char *why);

/**
 * vd_holder_drop_second() - Part with the second
 * @p: The port; with or without one
 */
void vd_holder_drop_second(struct port *p);

/**
 * vd_holder_state() - What the holder does, for people
 * @p: The port
 *
 * Return: "active", "quiet" (its rings stand), "standby" (it has not begun), or NULL: the port has
 * no wire, or one that does not tell.
 */
const char *vd_holder_state(const struct port *p);

#endif
