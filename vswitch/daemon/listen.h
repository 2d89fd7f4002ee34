/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Sockets at which clients plug in without asking: the "listen" of a port group.
 *
 * Who may do so is the socket's owner and mode. A client gets a port of the group; its number is
 * the lowest free one, or the port is always the same. So many at a time may be there as "max"
 * says, so that a client that connects for ever only takes its own.
 */
#ifndef VSWITCHD_LISTEN_H
#define VSWITCHD_LISTEN_H

#include <glib.h>
#include <jansson.h>

#include "vswitch/endpoint.h"
#include "vswitch/transport.h"

struct dswitch;
struct vsw_acceptor;

/* struct listen_options - what can be said of it, besides the transport's options */
struct listen_options {
	char *transport, *address, *mode, *owner, *ports;
	uint32_t max;
	bool standby;
};

extern const struct vsw_option vd_listen_rows[];

/* struct listener - a socket; @text: what it was made from, to be compared */
struct listener {
	struct dswitch *sw;
	char group[VSW_NAME_MAX], *text;
	const struct vsw_transport *transport;
	void *options; /* of @transport */
	struct listen_options *conf;
	struct vsw_endpoint at;
	struct vsw_access access;
	struct listener *before; /* in force, whose socket this one will get; or NULL */
	int fd;
	struct vsw_acceptor *acceptor; /* from vd_listener_open() on */
	unsigned clients;	       /* ports that came by it */
	int64_t refused;	       /* when a client was last said to be refused */
};

/**
 * vd_listener_new() - Listen
 * @sw:     The switch
 * @group:  Port group
 * @object: As in the document
 * @err:    On failure, one line with the path below @object
 * @errlen: Room in @err
 *
 * Nobody is let in before vd_listener_open().
 *
 * Return: the listener, or NULL.
 */
struct listener *vd_listener_new(struct dswitch *sw, const char *group, const json_t *object,
				 char *err, size_t errlen);

/**
 * vd_listener_succeed() - Take over the socket of the listener that was at the same address
 * @l: A new listener; there need not be one
 */
void vd_listener_succeed(struct listener *l);

/**
 * vd_listener_open() - Let clients in
 * @l: The listener
 */
void vd_listener_open(struct listener *l);

/**
 * vd_listener_free() - Listen no more; ports that came by it stay
 * @l: The listener or NULL
 */
void vd_listener_free(struct listener *l);

/**
 * vd_listener_left() - A port that came by a listener is gone
 * @l: The listener
 */
void vd_listener_left(struct listener *l);

#endif
