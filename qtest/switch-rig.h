/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * A machine with a switch "sw0", cards on its ports, and wires as its uplinks.
 *
 * Card i is "n<i>" in slot 4 + i, its port "p<i>", its address ends in i. Wire j is the back end
 * "w<j>" of the uplink "u<j>". The cards are driven by the small e1000 driver, so a stock e1000 can
 * be among them.
 */
#ifndef QTEST_SWITCH_RIG_H
#define QTEST_SWITCH_RIG_H

#include "e1000-rig.h"

#define NET_CARDS 4
#define NET_WIRES 2

/** NET_LEN - Length of the frames that net_tx() and net_wire_tx() make, without tag */
#define NET_LEN 64

/**
 * struct net - The machine
 * @card: @n_cards: cards
 * @wire: @n_wires: our ends
 */
struct net {
	QTestState *qts;
	struct e1000_rig card[NET_CARDS];
	int wire[NET_WIRES];
	unsigned n_cards, n_wires;
};

/**
 * struct net_card - What a card is to be
 * @port:   Further properties of its port, or NULL
 * @device: Type; NULL: vc-e1000
 */
struct net_card {
	const char *port, *device;
};

/** net_plain - Cards without further properties */
extern const struct net_card net_plain[NET_CARDS];

/** net_broadcast - Broadcast address */
extern const uint8_t net_broadcast[6];

/**
 * net_start() - Start it
 * @n:     Filled
 * @cards: What cards, @n_cards of them
 * @wires: How many uplinks
 * @more:  Further arguments, or ""
 *
 * With "-incoming" in @more the cards are found but not set up.
 */
void net_start(struct net *n, const struct net_card *cards, unsigned n_cards, unsigned wires,
	       const char *more);
void net_stop(struct net *n);

/**
 * net_mac() - Address of a card
 * @i: Which; beyond the cards: of a station behind a wire
 *
 * Return: six bytes.
 */
const uint8_t *net_mac(uint8_t i);

/* A frame with number @seq leaves a card for @dst; with @tci not 0 there is a tag in it. */
void net_tx(struct net *n, unsigned card, const uint8_t *dst, uint16_t tci, uint32_t seq);
/* The same from a wire, from the address net_mac(@src). */
void net_wire_tx(struct net *n, unsigned wire, unsigned src, const uint8_t *dst, uint16_t tci,
		 uint32_t seq);

/*
 * The next frame that a card receives is number @seq, with tag @tci (0: untagged). Its buffer is
 * given back.
 */
void net_expect(struct net *n, unsigned card, uint16_t tci, uint32_t seq);
void net_wire_expect(struct net *n, unsigned wire, uint16_t tci, uint32_t seq);

/* Nothing comes to a card, to a wire. */
void net_silent(struct net *n, unsigned card);
void net_wire_silent(struct net *n, unsigned wire);

/* Counter of a port, e.g. net_stat(n, "p0", "in.unicast.frames"). */
static inline int64_t net_stat(struct net *n, const char *port, const char *name)
{
	return wire_stat(n->qts, port, name);
}

#endif
