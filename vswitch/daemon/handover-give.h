/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * What a daemon gives to the process that takes over, and how it stands still (handover.h).
 *
 * GIVEN is a JSON object, and behind it bytes that its numbers count off, in order; descriptors
 * likewise:
 *
 *	release, place, file, document
 *	manager: { socket, watchdog }          of systemd
 *	fds: 2                                 the control socket, its file
 *	switches: [ { name,
 *	    listeners: [ { group, text } ]     2 descriptors each: socket, file
 *	    ports: [ { id, portgroup, uplink, lasting, mac, source, linked, listener, client,
 *	        wire: { transport, fds, data: bytes } } ],
 *	    early: bytes } ]
 *	clients: [ { in: bytes, out: bytes, pass: 0 or 1, pass-at } ]
 *
 * FROZEN is a table of struct handover_part, for each wire and then for each switch in the order of
 * GIVEN, and behind it the bytes that these point to; descriptors of wires follow in that order.
 */
#ifndef VSWITCHD_HANDOVER_GIVE_H
#define VSWITCHD_HANDOVER_GIVE_H

#include <glib.h>
#include <jansson.h>

#include "handover-state.h"
#include "vswitch/transport.h"

struct daemon;
struct port;

/** HANDOVER_ARENA - Room for what wires say when they stand still; untouched pages cost nothing. */
#define HANDOVER_ARENA ((size_t)256 << 20)

/* struct handover_part - of FROZEN: @at counts from the end of the table; @over: the wire has ended
 * meanwhile; @fds: descriptors that came with what freeze() said */
struct handover_part {
	uint64_t at, len;
	uint32_t over, fds;
};

/* struct handover_wire - a wire that is given: where the arena has what freeze() said */
struct handover_wire {
	struct port *port;
	size_t at, len;
	unsigned fds;
	bool stopped;
};

/* struct giving - @tail: bytes behind @json; @wires: struct handover_wire; @switches: struct
 * handover_switch; @arena: room for freeze(); @late: descriptors that it adds */
struct giving {
	struct daemon *daemon;
	json_t *json;
	GByteArray *tail;
	GArray *fds, *late, *wires, *switches;
	struct vsw_handover h;
	uint8_t *arena;
	size_t used;
	int64_t stopped; /* ns, when wires were */
	bool failed;
};

/**
 * vd_give_new() - Collect all that is given while frames flow
 * @daemon: The daemon
 * @but:    Process that takes over
 * @err:    On failure, one line
 * @errlen: Room in @err
 *
 * Return: it, or NULL.
 */
struct giving *vd_give_new(struct daemon *daemon, int but, char *err, size_t errlen);

/**
 * vd_give_send() - Send it: GIVEN, and descriptors
 * @g:      It
 * @fd:     The channel
 * @err:    On failure, one line
 * @errlen: Room in @err
 *
 * Return: 0, or -1.
 */
int vd_give_send(struct giving *g, int fd, char *err, size_t errlen);

/**
 * vd_give_fds() - Send descriptors
 * @fds:    They
 * @fd:     The channel
 * @err:    On failure, one line
 * @errlen: Room in @err
 *
 * Return: 0, or -1.
 */
int vd_give_fds(const GArray *fds, int fd, char *err, size_t errlen);

/**
 * vd_give_freeze() - Stop all wires and switches, and send where they stand: FROZEN
 * @g:      It
 * @fd:     The channel
 * @err:    On failure, one line
 * @errlen: Room in @err
 *
 * Return: 0, or -1; either way all stands still.
 */
int vd_give_freeze(struct giving *g, int fd, char *err, size_t errlen);

/**
 * vd_give_resume() - Go on as if nothing had been
 * @g: It, frozen
 */
void vd_give_resume(struct giving *g);

/**
 * vd_give_free() - Forget it
 * @g: It or NULL
 */
void vd_give_free(struct giving *g);

#endif
