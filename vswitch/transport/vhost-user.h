/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The transport vhost-user: a wire of it, and how its two halves hand each other the rings.
 *
 * DOC: Theory of Operation
 *
 * The control half (vhost-user.c) reads messages on the control thread and gives them to the back
 * end (vhost/backend.h). The data half (vhost-user-data.c) moves frames on the frame thread. Rings
 * belong to one of them at a time: when a message needs them, the back end's park() calls over to
 * the frame thread, which stops at the end of a burst; when what has come has been dealt with, and
 * the rings are settled, a second call hands them back. Each such call is a few microseconds of
 * waiting for the control thread; for the frame thread it is what any call costs. The port's link
 * follows what the front end has made of its rings, but does not flap while they are parked: frames
 * to it wait.
 *
 * A front end that has connected and does not say VHOST_SET_OWNER, or one that stops in the middle
 * of a message, is given VHOST_LATE_MS; then the connection is over. So no port and no place at a
 * listener is held by a connection that is none. One that has an owner may be silent for ever.
 *
 * A front end of ours tells of its card: addresses and filter, which the switch takes as those of
 * a card of its own process, and its cable, without which the link is down. If it knows of the
 * state of a port (VHOST_PROTOCOL_STATE), its rings stand only while its machine moves: the link
 * stays up then, so that the state is whole when it is asked for, until the cable is out or the
 * connection is over.
 *
 * Turns. While there is work the rings are polled, a few bursts a round, with kicks turned off. A
 * driver that has nothing to send is asked for a kick, and left alone until it comes. The eventfd
 * of a kick is never read: it is watched for edges, so that no driver can make its reader wait.
 * Kicks that bring no frames, FLOOD of them in a row, are not listened to any more: the rings are
 * then looked at once a millisecond, as are those of a driver that has no kicks, until there are
 * frames again.
 *
 * Frames that the port's driver has no buffers for stay in the switch, in the port's queue, as long
 * as there is one pair of rings. With several, each flow has its pair (by its hash), and a full
 * ring loses its own frames, for it must not hold up those of others.
 *
 * A driver that breaks the rules of a ring closes its port (link down, an event, its error eventfd)
 * until it starts the ring anew; the connection stays, since a new one would find the ring as it
 * is. Memory that is taken away ends the connection.
 */
#ifndef VSWITCH_TRANSPORT_VHOST_USER_H
#define VSWITCH_TRANSPORT_VHOST_USER_H

#include "vhost/backend.h"
#include "vhost/channel.h"
#include "vswitch/transport.h"

/** VHOST_LATE_MS - Milliseconds for the first VHOST_SET_OWNER, and for the rest of a message. */
#define VHOST_LATE_MS 30000u

/**
 * struct vsw_vhost_kick - A kick being watched
 * @watch: Its watch
 * @v:     The wire
 * @on:    It is watched
 */
struct vsw_vhost_kick {
	struct vsw_watch watch;
	struct vsw_vhost *v;
	bool on;
};

/**
 * struct vsw_vhost - A wire
 * @wire: What all wires have
 * @be:   The back end: with the data half from vsw_vhost_data_start() to vsw_vhost_data_stop()
 *
 * Control thread:
 * @ch:     The connection
 * @source: Its GSource
 * @late:   Another, while something is owed, that ends the wire; or NULL
 * @owned:  VHOST_SET_OWNER has come
 *
 * Frame thread:
 * @poller: @alarm: @flush: What calls the data half
 * @kick:     By ring
 * @mine:     It has the rings
 * @moving:   ... and a port
 * @held:     The switch did not take all that came
 * @full:     The driver did not take all that it was given (one pair only)
 * @armed:    It was asked for kicks
 * @told:     That a ring is broken was said
 * @wakes:    Kicks in a row that brought no frames
 * @pairs:    Pairs that receive, and which
 * @pair: by number
 * @lost:     Frames lost at full rings (several pairs)
 * @broken:   Note for control: a ring is broken
 */
struct vsw_vhost {
	struct vsw_wire wire;
	struct vhost_backend *be;
	struct vhost_channel ch;
	void *source, *late;
	bool owned;
	struct vsw_poller poller;
	struct vsw_alarm alarm;
	struct vsw_flush flush;
	struct vsw_vhost_kick kick[2 * VHOST_PAIRS];
	bool mine, moving, held, full, armed, told;
	unsigned wakes, pairs;
	uint8_t pair[VHOST_PAIRS];
	uint64_t lost;
	struct vsw_note broken;
};

/**
 * vsw_vhost_state_save() - save() of struct vhost_host (vhost-user-state.c)
 */
int vsw_vhost_state_save(void *opaque, int fd, uint64_t *len, char *why, size_t room);

/**
 * vsw_vhost_state_load() - load() of struct vhost_host: a copy is handed to the wire's host
 */
int vsw_vhost_state_load(void *opaque, int fd, uint64_t len, char *why, size_t room);

/**
 * vsw_vhost_data_init() - Make a data half; control thread
 * @v: The wire, not started
 */
void vsw_vhost_data_init(struct vsw_vhost *v);

/**
 * vsw_vhost_data_give() - The rings are the data half's; frame thread
 * @v: The wire, its back end settled. With a port frames move from now on
 */
void vsw_vhost_data_give(struct vsw_vhost *v);

/**
 * vsw_vhost_data_take() - The rings are taken from it; frame thread
 * @v: The wire. When this returns nothing of the data half touches rings or memory
 */
void vsw_vhost_data_take(struct vsw_vhost *v);

/**
 * vsw_vhost_data_card() - The front end has told of its card; frame thread, while control waits
 * @v: The wire
 */
void vsw_vhost_data_card(struct vsw_vhost *v);

/**
 * vsw_vhost_data_start() - The wire is plugged in; frame thread
 * @v: The wire, with worker and port
 */
void vsw_vhost_data_start(struct vsw_vhost *v);

/**
 * vsw_vhost_data_stop() - The wire is pulled out; frame thread
 * @v: The wire; the data half keeps the rings if it has them
 */
void vsw_vhost_data_stop(struct vsw_vhost *v);

/**
 * vsw_vhost_data_send() - send() of the row; frame thread
 * @wire: A struct vsw_vhost
 * @pkts: Frames, copied into the driver's buffers
 * @n:    Their number, <= PKT_BURST
 *
 * Return: how many were taken: none while rings are parked; with several pairs all, and those for
 * which a ring had no buffers are counted as lost.
 */
unsigned vsw_vhost_data_send(struct vsw_wire *wire, const struct pkt *const *pkts, unsigned n);

/**
 * vsw_vhost_data_input_ready() - input_ready() of the row: the switch takes frames again; frame
 * thread
 * @wire: A struct vsw_vhost
 */
void vsw_vhost_data_input_ready(struct vsw_wire *wire);

/**
 * vsw_vhost_data_show() - show() of the row: sums over all rings, and the shape of the first pair;
 * frame thread
 * @wire:  A struct vsw_vhost
 * @facts: They are added there; nothing while control has the rings
 */
void vsw_vhost_data_show(const struct vsw_wire *wire, struct vsw_facts *facts);

#endif
