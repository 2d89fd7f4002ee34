/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * A client of the control's server: a connection.
 *
 * DOC: Theory of Operation
 *
 * One request at a time: while one is answered, nothing more is read, so that a client cannot make
 * more work than it reads answers. An answer is made in pieces (control.h), when the server says,
 * and only while less than CLIENT_OUT_LOW bytes wait to be sent. Events that come meanwhile follow
 * the answer. What a client costs is bounded: a request of CLIENT_REQUEST_MAX bytes, CLIENT_OUT_LOW
 * of an answer and a piece, and CLIENT_EVENTS_MAX of events; who is beyond is cut off.
 */
#ifndef VSWITCH_CONTROL_CLIENT_H
#define VSWITCH_CONTROL_CLIENT_H

#include <glib.h>
#include <stdbool.h>

#include "vswitch/control.h"

#define CLIENT_REQUEST_MAX VSW_DOCUMENT_MAX
#define CLIENT_OUT_LOW	   (64u << 10)
#define CLIENT_EVENTS_MAX  (1u << 20)
#define CLIENT_MOVED_MAX   (4u << 20) /* bytes to be sent that go to another process */

struct vsw_client;

/*
 * struct vsw_client_ops - What a client tells its server
 * @runnable: vsw_client_run() has something to do
 * @gone:     The connection is at its end: the server frees the client
 */
struct vsw_client_ops {
	void (*runnable)(void *server);
	void (*gone)(void *server, struct vsw_client *client);
};

/**
 * vsw_client_new() - Take a connection, and greet
 * @fd:      Its socket, which the client closes
 * @service: Who answers; outlives the client
 * @opaque:  First argument of its operations
 * @context: Where its sources are
 * @ops: @server: who is told
 *
 * Return: the client.
 */
struct vsw_client *vsw_client_new(int fd, const struct vsw_service *service, void *opaque,
				  GMainContext *context, const struct vsw_client_ops *ops,
				  void *server);

/**
 * vsw_client_taken() - Take a connection over from another process
 * @moved:   What that said; its descriptors are the client's
 * @service: @opaque: @context: @ops: @server: as of vsw_client_new()
 *
 * Return: the client; vsw_client_go_on() comes next.
 */
struct vsw_client *vsw_client_taken(const struct vsw_client_moved *moved,
				    const struct vsw_service *service, void *opaque,
				    GMainContext *context, const struct vsw_client_ops *ops,
				    void *server);

/**
 * vsw_client_go_on() - Watch the connection; it may be gone afterwards
 * @client: From vsw_client_taken(), or after vsw_client_give()
 */
void vsw_client_go_on(struct vsw_client *client);

/**
 * vsw_client_give() - Say what another process needs to go on with a connection
 * @client: The client; the answer in the making is made to its end
 * @moved:  Filled; what it points to is the client's
 *
 * Return: false: it cannot be given.
 */
bool vsw_client_give(struct vsw_client *client, struct vsw_client_moved *moved);

/**
 * vsw_client_peer() - Who is at its other end?
 * @client: The client
 *
 * Return: borrowed.
 */
const struct vsw_peer *vsw_client_peer(const struct vsw_client *client);

/**
 * vsw_client_free() - Close a connection
 * @client: The client
 */
void vsw_client_free(struct vsw_client *client);

/**
 * vsw_client_runnable() - Is there a request to carry out, or an answer to go on with?
 * @client: The client
 *
 * Return: whether vsw_client_run() has something to do.
 */
bool vsw_client_runnable(const struct vsw_client *client);

/**
 * vsw_client_run() - Carry the next request out, or make the next piece of its answer
 * @client: The client, runnable; it may be gone afterwards
 */
void vsw_client_run(struct vsw_client *client);

/**
 * vsw_client_tell() - Queue an event; nothing is sent or freed at once
 * @client: The client
 * @json:   One line
 */
void vsw_client_tell(struct vsw_client *client, const char *json);

#endif
