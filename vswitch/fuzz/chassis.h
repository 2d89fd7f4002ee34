/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * A chassis for fuzzing: cards driven by hostile guests and stock owners on one switch.
 *
 * DOC: Theory of Operation
 *
 * The ports stand for good, what is plugged into them comes and goes:
 *
 * | ports  | owner                        | VLANs                     | policy                    |
 * |--------|------------------------------|---------------------------|---------------------------|
 * | c0..c2 | e1000, vmxnet3, pcnet        | access 10, 20, 10         | own address, one rule    |
 * | s0, s1 | any frames, any room, echoes | access 10, 20             | the same                  |
 * | s2     | the same                     | trunk of 10, 20, untagged | the same                  |
 * | s3     | takes all mirrors            | none that others have     |                           |
 * | u0, u1 | uplinks                      | all                       |                           |
 *
 * What is changed while frames flow (shaping, storm control, queues, teams, mirrors, multicast,
 * links, addresses, counters) changes neither VLANs, security, nor the rule, so what must hold of
 * every frame that leaves is known. It is finished first, as its receiver or the next bridge would
 * see it, and then looked at:
 *
 *  - a frame to a reserved address, a MAC control frame, and what the rule drops never leaves,
 *    nor what may be part of such a datagram because the header that tells was cut off;
 *  - from access port to access port no tag is in front;
 *  - its source is the address of a port, one from behind the uplinks (CHASSIS_OUTSIDE), or it is
 *    made by the switch;
 *  - nobody gets a frame of a VLAN that it or its sender is not in;
 *  - headers and payload are of the same frame, of those that stock owners sent;
 *  - of a message no more segments are made than GSO_SEGS_MAX.
 *
 * Who sent a frame that waited in a queue is told by its source address, which everybody but an
 * uplink must bear.
 *
 * Besides, an act of a guest, owner, or client may cost so many frames on the wire and no more, the
 * switch's timer comes to an end, and an owner is not called before vsw_port_add() has given it its
 * port, nor after it is removed.
 */
#ifndef VSWITCH_FUZZ_CHASSIS_H
#define VSWITCH_FUZZ_CHASSIS_H

#include "program.h"
#include "vswitch/control.h"
#include "vswitch/policy.h"
#include "vswitch/vswitch.h"

#define CHASSIS_CARDS	3u
#define CHASSIS_SOCKETS 9u
/* First bytes of addresses behind the uplinks. */
#define CHASSIS_OUTSIDE "\x02\xaa"
/* Most plain frames that one act may bring forth, for all receivers together, besides the segments
 * of messages that it consists of, for each receiver */
#define CHASSIS_WORK 20000u

/* So often may a card that is left alone send a pause frame, in ns (docs/security.md) */
#define CHASSIS_ALONE 20000

/* So much of a time that passes do cards live through, in ns */
#define CHASSIS_CARD_TIME 20000000

/* Timers of the switch in a row without time passing */
#define CHASSIS_TIMERS 50u

/* enum chassis_kind - what is behind a port */
enum chassis_kind { CHASSIS_CARD, CHASSIS_STOCK, CHASSIS_MONITOR, CHASSIS_UPLINK };

/**
 * struct chassis_row - What is true of a port for good
 * @id:    Its name
 * @kind:  What is behind it
 * @vlan:  Access: its VLAN; else 0
 * @model: Of the card
 */
struct chassis_row {
	const char *id;
	enum chassis_kind kind;
	uint16_t vlan;
	const char *model;
};

/**
 * struct chassis_socket - A port and its owner
 * @row:    What it is
 * @mac:    Address of its card
 * @port:   The port, or NULL: removed
 * @adding: vsw_port_add() has not returned
 * @takes:  Stock owners: what they take
 * @room:   Stock owners: frames they still take
 * @echo:   They send what they get, from inside send()
 * @card:   The card
 * @filters: @links: Changes of the card's filter and link that the switch was told
 * @refused: The card left frames at the port
 * @waiting: The switch left frames at the card
 */
struct chassis_socket {
	const struct chassis_row *row;
	uint8_t mac[6];
	struct vsw_port *port;
	bool adding;
	uint32_t takes;
	unsigned room;
	bool echo;
	struct fuzz *card;
	unsigned filters, links;
	bool refused, waiting;
};

/**
 * struct chassis - All of it
 * @sw: @ctl: The switch and its control
 * @socket:  The ports
 * @dressing: Whose frames are being made
 * @now: @deadline: The switch's clock; the cards' are set to it
 * @work:    Plain frames since the act began
 * @allowed: So many may be more than CHASSIS_WORK
 * @made: @offered: Frames that were made of others for a receiver; that receivers were offered
 * @rich: This execution may change the configuration, and ask for it
 * @changes: @asks: So often did it
 * @altered: A sum was finished in a place that its sender chose: payloads mean nothing now
 * @number:  Of the frame that was made last, 1 to 255
 * @digest:  Of all frames that left, if a test asks for it (fake_reuse)
 * @in: @left: The input
 */
struct chassis {
	struct vsw *sw;
	struct vsw_control *ctl;
	struct chassis_socket socket[CHASSIS_SOCKETS];
	struct chassis_socket *dressing;
	int64_t now, deadline;
	unsigned work, allowed, made, offered;
	bool rich;
	unsigned changes, asks;
	uint8_t number;
	bool altered;
	uint64_t digest;
	const uint8_t *in;
	size_t left;
};

/** chassis_cards - The cards; their memory is large, so there is one set */
extern struct fuzz chassis_cards[CHASSIS_CARDS];

/**
 * chassis_open() - Make the switch with all its ports
 * @c: Filled; zero
 * @how: Properties of the cards: @n bytes for each, see fuzz_open_at()
 * @n: That
 */
void chassis_open(struct chassis *c, const uint8_t *how, size_t n);

/**
 * chassis_close() - Free all but the cards' memory
 * @c: The chassis
 */
void chassis_close(struct chassis *c);

/**
 * chassis_make() - Make all that chassis_begin() can begin with
 * @prepare: Changes a new chassis by an input
 */
void chassis_make(void (*prepare)(void));

/**
 * chassis_begin() - Begin with a chassis as good as new
 * @data: Input; the first byte chooses the cards' properties
 * @size: Its length
 */
void chassis_begin(const uint8_t *data, size_t size);

/**
 * chassis_end() - See that the chassis is in order; of some inputs, free all, and see that nothing
 * is left
 */
void chassis_end(void);

/**
 * chassis_plug() - Add a removed port again
 * @s: The port
 */
void chassis_plug(struct chassis_socket *s);

/**
 * chassis_ready() - An owner takes frames again
 * @s: The port
 *
 * Of a message that waits no segment is made that is not offered: those before were taken.
 */
void chassis_ready(struct chassis_socket *s);

/**
 * chassis_unplug() - Remove a port; its card stays
 * @s: The port
 */
void chassis_unplug(struct chassis_socket *s);

/**
 * chassis_dress() - Make a frame one of a port's: source, destination, port number, payload
 * @z: The program; chassis.dressing is the port
 * @b: The frame, before it is written
 */
void chassis_dress(struct fuzz *z, struct build *b);

/**
 * chassis_settle() - Let cards and switch tell each other what happened in an act, and see that it
 * did not cost too much
 */
void chassis_settle(void);

/**
 * chassis_time() - Let time pass for switch and cards
 * @ns: How much
 */
void chassis_time(int64_t ns);

/**
 * chassis_digest() - Add bytes to the digest
 * @p:   Bytes
 * @len: How many
 */
void chassis_digest(const void *p, size_t len);

/**
 * chassis_look() - Look at a frame that leaves
 * @to:  Where
 * @pkt: The frame
 *
 * Aborts with one line if it may not.
 */
void chassis_look(const struct chassis_socket *to, const struct pkt *pkt);

/**
 * chassis_look_at_tables() - See that no table of the switch names a port that is gone
 *
 * Aborts with one line if one does.
 */
void chassis_look_at_tables(void);

extern struct chassis chassis;

#endif
