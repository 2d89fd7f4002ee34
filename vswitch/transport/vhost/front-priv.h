/* SPDX-License-Identifier: BSD-2-Clause */
/* What the files of the front end share; see vswitch/front.h. */
#ifndef VSWITCH_VHOST_FRONT_PRIV_H
#define VSWITCH_VHOST_FRONT_PRIV_H

#include "channel.h"
#include "front-ring.h"
#include "vswitch/front.h"

/* enum front_state - how far the handshake is */
enum front_state {
	FRONT_DOWN,	/* no connection */
	FRONT_FEATURES, /* waits for the features */
	FRONT_PROTOCOL, /* waits for those of the protocol */
	FRONT_SETUP,	/* waits for answers to all that was set */
	FRONT_UP,
};

/* Rings, by the numbers that messages use */
enum { FRONT_RX, FRONT_TX, FRONT_RINGS };

/**
 * struct vsw_front - A front end
 * @ops: @opaque: Its owner
 * @state:    How far it is
 * @stand: @stands: The rings are to stand; they do, as the switch was told
 * @broken:   The rings were left in disorder: begin anew
 * @ch:       The connection
 * @features: Agreed upon, for the rings as they are
 * @protocol: ... and of the protocol, for this connection
 * @unanswered: Answers to come
 * @waiting:  While it is up: the request whose answer is to come; 0: none
 * @card: @card_len: What the switch is to know of the card
 * @new_card: ... and was not told yet
 * @asking:   Counters are to be asked for
 * @saving:   ... and the state of the port
 * @state_fd: @state_len: That state is to be told, or is being asked for; -1: neither
 * @ring:     FRONT_RX, FRONT_TX
 * @memfd: @bytes: @size: Shared memory
 * @call_fd:  eventfd for us
 * @entries:  Of each ring
 * @count:    Counters
 * @burst:    Frames being received
 */
struct vsw_front {
	const struct vsw_front_ops *ops;
	void *opaque;
	enum front_state state;
	bool stand, stands, broken;
	struct vhost_channel ch;
	uint64_t features, protocol;
	unsigned unanswered;
	uint32_t waiting, card_len;
	struct vhost_card card;
	bool new_card, asking, saving;
	int state_fd;
	uint64_t state_len;
	struct front_ring ring[FRONT_RINGS];
	int memfd, call_fd;
	uint8_t *bytes;
	size_t size;
	uint16_t entries;
	struct vsw_front_counters count;
	struct vring_burst burst;
};

/** FRONT_ADDR - Address of the shared memory in messages and rings, ours and the guest's alike. */
#define FRONT_ADDR UINT64_C(0x100000000)

/**
 * vsw_front_over() - The connection is over: the owner is told, and the socket closed (front.c)
 * @f:   The front end
 * @why: One line
 */
void vsw_front_over(struct vsw_front *f, const char *why);

/**
 * vsw_front_hello() - Begin the handshake (front-hello.c)
 * @f: The front end, just connected
 */
void vsw_front_hello(struct vsw_front *f);

/**
 * vsw_front_message() - Take the next step of the handshake (front-hello.c)
 * @f: The front end; its channel has a message, which may be anything. One that does not belong
 *     here ends the connection
 */
void vsw_front_message(struct vsw_front *f);

/**
 * vsw_front_talk() - Ask what is to be asked, if nothing is on its way (front-hello.c)
 * @f: The front end; nothing happens unless it is up
 */
void vsw_front_talk(struct vsw_front *f);

/**
 * vsw_front_state_talk() - Tell or ask the state of the port (front-state.c)
 * @f: The front end, up, nothing on its way
 *
 * Return: the request whose answer is to come, 0: there is nothing to tell or ask now.
 */
uint32_t vsw_front_state_talk(struct vsw_front *f);

/**
 * vsw_front_state_got() - The answer to it has come (front-state.c)
 * @f: The front end
 * @m: The answer, anything
 *
 * Return: NULL, or why the connection is over.
 */
const char *vsw_front_state_got(struct vsw_front *f, const struct vhost_message *m);

/**
 * vsw_front_state_lost() - The connection is over: what was asked is not answered; what is to be
 * told is told to the next one (front-state.c)
 * @f: The front end
 */
void vsw_front_state_lost(struct vsw_front *f);

/**
 * vsw_front_state_drop() - The switch does not know of states: forget what was to be told
 * (front-state.c)
 * @f: The front end
 */
void vsw_front_state_drop(struct vsw_front *f);

#endif
