/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Handing the daemon over to another process of it, for which nothing is lost.
 *
 * DOC: Theory of Operation
 *
 * `vswitchd --takeover` connects to the control socket of the daemon that runs, and asks with the
 * command "hand-over" (of the daemon's own user or root only). The answer carries one end of a
 * socket pair, by which all else goes:
 *
 * | old process                            | new process                                         |
 * |----------------------------------------|-----------------------------------------------------|
 * |                                        | BEGIN                                               |
 * | GIVEN: document, listeners, ports,     |                                                     |
 * | what give() of each wire says, control |                                                     |
 * | connections, tables of addresses; FDS  |                                                     |
 * |                                        | makes all of it, maps and touches memory; READY     |
 * | stops all wires at the end of a burst; |                                                     |
 * | FROZEN: what freeze() says, and the    |                                                     |
 * | rest of each switch's state            |                                                     |
 * |                                        | takes it; LOADED: nothing can fail any more         |
 * | GO, and ends                           |                                                     |
 * |                                        | starts all wires                                    |
 *
 * Frames flow in the old process until it stops the wires, and in the new one from GO on: what is
 * between the two is the gap. From BEGIN on the control thread of the old process does nothing
 * else, so that no port, connection or document changes; who asks something waits, and is answered
 * by the new process.
 *
 * The new process touches nothing of what both share before GO. Until it has sent GO the old one
 * can go on as if nothing had been, and does when the new one ends, refuses (FAILED), or does not
 * answer in time. A new process that has said LOADED and finds that the old one died starts: the
 * wires stand still then, too. One that does not know whether the old one lives does not.
 *
 * The format has a number (HANDOVER_VERSION): another one is refused before anything is done. What
 * wires, switches and libslirp say has versions of its own.
 *
 * A client that breaks its own connection meanwhile (memory that shrinks) loses that only; what
 * opens something of the host's must be taken over, or nothing is.
 */
#ifndef VSWITCHD_HANDOVER_H
#define VSWITCHD_HANDOVER_H

#include <jansson.h>
#include <stdbool.h>

#include "vswitch/control.h"
#include "vswitch/endpoint.h"

struct daemon;
struct handover;
struct takeover;

/** HANDOVER_VERSION - Of the messages and of what GIVEN and FROZEN say. */
#define HANDOVER_VERSION 1u

/* ---- the old process: handover-old.c, handover-give.c ---- */

/**
 * vd_handover_offer() - Another process wants to take over
 * @daemon:  The daemon
 * @peer:    Who
 * @version: HANDOVER_VERSION of that process
 * @err:     On failure, one line
 * @errlen:  Room in @err
 *
 * The hand-over begins when that process says so.
 *
 * Return: the end of a socket pair that it is to get; -1.
 */
int vd_handover_offer(struct daemon *daemon, const struct vsw_peer *peer, json_int_t version,
		      char *err, size_t errlen);

/**
 * vd_handover_forget() - Nobody takes over any more
 * @daemon: The daemon, at its end
 */
void vd_handover_forget(struct daemon *daemon);

/* ---- the new process: handover-new.c, handover-take.c ---- */

/**
 * vd_takeover_ask() - Ask the daemon that runs for all it has
 * @daemon: The new daemon, with a place only
 * @path:   Control socket, as on the command line, or NULL
 * @err:    On failure, one line
 * @errlen: Room in @err
 *
 * Document, file and place of @daemon become those of the other one, and what it gives is what
 * switches, listeners and ports are made of from now on.
 *
 * Return: 0, or -1: the other daemon goes on, or there is none.
 */
int vd_takeover_ask(struct daemon *daemon, const char *path, char *err, size_t errlen);

/**
 * vd_takeover_socket() - The control socket that was given
 * @daemon: The new daemon
 * @at:     Filled
 *
 * Return: the socket; -1: it was not given.
 */
int vd_takeover_socket(struct daemon *daemon, struct vsw_endpoint *at);

/**
 * vd_takeover_ports() - Make the ports of clients, and all wires, from what was given
 * @daemon: The new daemon, whose switches are made
 * @err:    On failure, one line
 * @errlen: Room in @err
 *
 * Return: 0, or -1.
 */
int vd_takeover_ports(struct daemon *daemon, char *err, size_t errlen);

/**
 * vd_takeover_finish() - Have the other daemon stop, and go on in its place
 * @daemon: The new daemon, all of it made
 * @err:    On failure, one line
 * @errlen: Room in @err
 *
 * Return: 0: frames flow here; -1: the other daemon goes on.
 */
int vd_takeover_finish(struct daemon *daemon, char *err, size_t errlen);

/**
 * vd_takeover_clients() - Go on with the connections of the control socket; the end of it
 * @daemon: The new daemon, with its server
 */
void vd_takeover_clients(struct daemon *daemon);

/**
 * vd_takeover_listener() - The socket of a listener that was given
 * @daemon: The new daemon
 * @name:   Its switch
 * @group:  Its port group
 * @text:   What it was made from
 * @at:     Its file is set
 *
 * Return: the socket, the caller's; -1: it was not given.
 */
int vd_takeover_listener(struct daemon *daemon, const char *name, const char *group,
			 const char *text, struct vsw_endpoint *at);

/**
 * vd_takeover_linked() - Had a port its link up when it was given?
 * @daemon: The new daemon
 * @name:   Its switch
 * @id:     The port
 *
 * Return: whether.
 */
bool vd_takeover_linked(struct daemon *daemon, const char *name, const char *id);

#endif
