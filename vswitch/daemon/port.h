/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Ports of the daemon: a port of a switch, and what is plugged into it.
 *
 * DOC: Theory of Operation
 *
 * There are two kinds. A *lasting* port is declared by the configuration: it is there whether or
 * not something is plugged in, with its link down if not, and the daemon brings its wire about
 * again and again: it opens a transport, dials a peer, or waits for a client. A port that a client
 * brings about, by connecting to a listener that numbers its ports or by the command "plug", is
 * there as long as the client.
 *
 * All of it is the control thread's. What concerns the switch is done on the frame thread by
 * vsw_worker_call(); a burst of frames is never interrupted for it.
 */
#ifndef VSWITCHD_PORT_H
#define VSWITCHD_PORT_H

#include <glib.h>
#include <sys/socket.h>

#include "vswitch/endpoint.h"
#include "vswitch/transport.h"

struct dial;
struct listener;
struct dswitch;
struct port;
struct second;

/* enum port_source - how a wire comes about */
enum port_source {
	PORT_OPENS, /* the transport opens what its options say */
	PORT_DIALS, /* a peer is dialled */
	PORT_WAITS, /* a client comes by a listener, or the command "plug" */
};

/* struct port_client - who is plugged in; @pid 0: not known */
struct port_client {
	pid_t pid;
	uid_t uid;
	gid_t gid;
	char vm[VSW_NAME_MAX], uuid[40], kind[32];
};

/* struct port_conf - what a port is made with; texts are copied */
struct port_conf {
	const char *id, *portgroup; /* @portgroup may be NULL */
	bool uplink, lasting;
	uint8_t mac[6];
	enum port_source source;
	const struct vsw_transport *transport; /* NULL: whatever a client comes with */
	void *options;			       /* of @transport; the port's if it is made */
	const struct vsw_endpoint *remote;     /* DIALS */
	uint32_t retry_ms;		       /* OPENS, DIALS */
	char *text;			       /* what of a document it was made from; the port's */
};

/* struct port - a port of the daemon */
struct port {
	struct dswitch *sw;
	char id[VSW_NAME_MAX], portgroup[VSW_NAME_MAX];
	bool uplink, lasting;
	uint8_t mac[6];
	enum port_source source;
	const struct vsw_transport *transport;
	void *options;
	struct vsw_endpoint remote;
	uint32_t retry_ms;
	struct vsw_jack jack;
	struct vsw_wire *wire;
	struct port_client client;
	struct second *second; /* beside who holds the port, or NULL (holder.h) */
	bool incoming;	       /* a machine that comes in has plugged in, and has not run yet */
	bool fresh;	 /* ... that was made for it: it may say what its state is (carry.h) */
	int64_t carried; /* until when enough was said of its state, us (carry.c) */
	int64_t stopped; /* when the holder's rings stopped last, us */
	GSource *retry;
	struct dial *dial;	    /* a connection that is on its way */
	char why[VSW_WHY_MAX + 64]; /* why there is no wire, as it was logged last */
	struct listener *listener;  /* that it came by, or NULL */
	char *text;		    /* what of a document it was made from */
	bool declared;		    /* still in the document that is being put in force */
};

/**
 * vd_port_new() - Make a port
 * @sw:     Its switch
 * @conf:   What kind
 * @err:    On failure, one line
 * @errlen: Room in @err
 *
 * A lasting port that opens or dials begins to.
 *
 * Return: the port, or NULL.
 */
struct port *vd_port_new(struct dswitch *sw, const struct port_conf *conf, char *err,
			 size_t errlen);

/**
 * vd_port_free() - Remove a port, with what is plugged in
 * @port: The port or NULL
 */
void vd_port_free(struct port *port);

/**
 * vd_port_plug() - Plug a connection into a port
 * @port:      A port without a wire
 * @transport: What is spoken on it
 * @options:   Of @transport, borrowed
 * @fd:        The socket; the port's if this succeeds. -1: the transport opens its own
 * @client:    Who is at the other end, or NULL
 * @err:       On failure, one line
 * @errlen:    Room in @err
 *
 * Return: 0, or -1.
 */
int vd_port_plug(struct port *port, const struct vsw_transport *transport, const void *options,
		 int fd, const struct port_client *client, char *err, size_t errlen);

/**
 * vd_port_open_wire() - Open a wire for a port; it is not plugged in
 * @port: @transport: @options: @fd: @err: @errlen: As of vd_port_plug()
 *
 * Return: the wire, whose events are the port's; or NULL.
 */
struct vsw_wire *vd_port_open_wire(struct port *port, const struct vsw_transport *transport,
				   const void *options, int fd, char *err, size_t errlen);

/**
 * vd_port_adopt() - Open a wire that another process gave; it is not plugged in yet
 * @port:      A port without a wire
 * @transport: What is spoken on it
 * @from:      What was given; descriptors that are kept become -1
 * @client:    Who is at the other end
 * @err:       On failure, one line
 * @errlen:    Room in @err
 *
 * Return: 0, or -1.
 */
int vd_port_adopt(struct port *port, const struct vsw_transport *transport,
		  struct vsw_handover *from, const struct port_client *client, char *err,
		  size_t errlen);

/**
 * vd_port_begin() - The daemon was taken over: bring the wire about, if the port has none
 * @port: The port
 */
void vd_port_begin(struct port *port);

/**
 * vd_port_unplug() - Pull out what is plugged in
 * @port: The port
 * @why:  What is logged
 *
 * A lasting port goes on as if its peer had left; another one is freed by this.
 */
void vd_port_unplug(struct port *port, const char *why);

/**
 * vd_client_of() - Who is at the other end of a Unix socket
 * @fd:     The socket
 * @client: Filled; zeros if it is another kind of socket
 */
void vd_client_of(int fd, struct port_client *client);

#endif
