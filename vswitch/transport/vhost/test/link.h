/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * A front end and a back end in one process, joined by a socket pair, with their rings driven by
 * the test.
 */
#ifndef VSWITCH_VHOST_TEST_LINK_H
#define VSWITCH_VHOST_TEST_LINK_H

#include "transport/vhost/backend.h"
#include "transport/vhost/channel.h"
#include "vswitch/front.h"

/* struct back - one life of the switch's side */
struct back {
	struct vhost_backend *be;
	struct vhost_channel ch;
	bool running; /* the data half has the rings */
	unsigned parks;
	struct vring_burst burst;
};

struct link {
	struct vsw_front *front;
	struct back *back;
	bool up;
	unsigned ups, downs;
	char why[200];
	unsigned entries;
	uint64_t without; /* features that the back end does not offer */
	int fd;		  /* the front end's end of the socket pair */
};

/* Both ends, the handshake done. link_end() frees them; @entries 0: default */
struct link *link_new(unsigned entries);
void link_end(struct link *l);

/* A back end for a connected socket; the switch is gone; another one comes */
struct back *back_new(int fd, uint64_t without);
void back_free(struct back *b);
void link_kill(struct link *l);
void link_restart(struct link *l);

/* Take messages that have come. Return: false: the connection is over */
bool back_pump(struct back *b);

/* Both ends, until nothing more happens */
void link_pump(struct link *l);

/* The back end's rings */
struct vring *link_from_front(struct link *l);
struct vring *link_to_front(struct link *l);

/* Descriptors that this process has */
unsigned open_fds(void);

#endif
