/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * A port of a switch in a daemon.
 *
 * DOC: Theory of Operation
 *
 * A port with connect= dials the daemon (dial.h) and gives the socket that it gets to a front end
 * (vswitch/front.h), which has rings in memory of its own. All of it happens on QEMU's main loop,
 * under its big lock, and nothing waits:
 *
 * | file            | what                                                                    |
 * |-----------------|-------------------------------------------------------------------------|
 * | remote-side.c   | the row of functions that the port calls (struct vc_side)               |
 * | remote-frames.c | frames between the card and the rings                                   |
 * | remote-life.c   | dialling, being up, being away, dialling again                          |
 * | remote-move.c   | the state of the port of a machine that moves to another daemon         |
 *
 * Life. From lost connection or failed attempt to the next attempt 50 ms go by, then twice as long
 * each time, a second at most. As soon as an attempt has failed, or a connection is lost, the
 * daemon counts as away: the card's cable is out (vc_port_set_out()), an event of QEMU says so
 * (NETDEV_STREAM_DISCONNECTED; NETDEV_STREAM_CONNECTED when it is there), and a line on stderr,
 * why. What changes of that happens in a bottom half: the front end may find its connection broken
 * in the middle of a burst.
 *
 * A machine that migrates stops its rings when it stops for that (RUN_STATE_FINISH_MIGRATE), and no
 * sooner: savevm and "stop" are none of the port's business. If it goes on after all, so do the
 * rings. One that waits for a machine to come connects on standby, its rings standing: of the same
 * daemon it is the second of its port (vswitch/daemon/holder.h), of another one it has a port whose
 * link is down. The rings run with the first of QEMU's announcements, or with the machine. Nothing
 * of it pulls a cable. The daemon knows a machine by its UUID. One without lets its port go when it
 * stops for a migration, and the other end finds the port taken until then.
 *
 * To another daemon the port's state goes with the machine: it is asked for when the machine is
 * saved, and told before the rings run (port-vmstate.h). What comes for the machine between that
 * and the end of the migration is lost. When QEMU says that the machine has moved, the cable is out
 * here, so that its addresses are no longer at this port; it is in again if the machine goes on.
 *
 * Frames. A burst from a card is copied into the ring at once, with one system call for all of it
 * at most. If there is no room the rest stays with the card, which is told when there is. Frames
 * from the switch stay in the ring until the card takes them: what a card has no room for is asked
 * of it again when it says so (ready()). The switch sends messages whole; they are cut here for a
 * card that does not take them so, and if it has room for some of the segments only, the others
 * follow later (@pieces). While frames are being delivered nothing is delivered from inside that,
 * and no new connection is begun, since both would move the ring under the burst.
 *
 * The daemon is as hostile as a guest. What it writes into the rings is checked by the front end,
 * what it says by dial.c; the rest is a number of counters.
 */
#ifndef VC_REMOTE_H
#define VC_REMOTE_H

#include "dial.h"
#include "port.h"
#include "vswitch/front.h"

/** QUIET_MS - Most milliseconds for the daemon to answer what QEMU waits for in a migration. */
#define QUIET_MS 500

/**
 * struct vc_remote - A port's connection with a daemon
 * @p:     The port
 * @front: The front end
 * @caps:  enum pkt_takes: what the card takes
 *
 * Life:
 * @path: @wanted: The control socket; the switch that is wanted there, NULL: the only one
 * @token:  The port group's, or NULL
 * @name:   The switch that the port is in, as the daemon calls it
 * @dial:   While it dials
 * @timer:  Next attempt, or end of patience with a handshake
 * @changed: Bottom half in which what the front end has told takes effect
 * @fd:     The front end's socket, -1: none
 * @wait:   Until the attempt after the next, ms
 * @watch:  Tells us of the machine's state
 * @quiet: @released: The rings stand for a migration; the machine has moved
 * @lost: @why: The connection was lost, since the bottom half looked last
 * @said:   Why it is away, as was said last
 *
 * Frames:
 * @poll:   Bottom half that goes on with them
 * @busy:   They are being delivered
 * @held:   The card has left some
 * @full:   The ring had no room for all; the card is to be told
 * @pieces: Segments of the first message in the ring that the card has got
 *
 * Card:
 * @has_addrs: @addrs: @more: its addresses as it told them; @addrs.addrs is @more
 * @cable:  Its cable is in
 * @count:  What passed
 * @told:   What the daemon has counted, as it was told last
 */
struct vc_remote {
	struct vc_port *p;
	struct vsw_front *front;
	uint32_t caps;

	char *path, *wanted, *token;
	char name[DIAL_WHY];
	struct vc_dial *dial;
	QEMUTimer *timer;
	QEMUBH *changed;
	int fd;
	int64_t wait;
	struct vc_watch watch;
	bool lost, quiet, released;
	char why[DIAL_WHY], said[DIAL_WHY];

	QEMUBH *poll;
	bool busy, held, full;
	uint32_t pieces;

	bool has_addrs, cable;
	struct vsw_addrs addrs;
	uint8_t more[VSW_MAX_ADDRS][6];
	struct vsw_counters count, told;
};

#endif
