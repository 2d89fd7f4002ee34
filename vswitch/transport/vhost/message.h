/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Messages of the vhost-user protocol, as both of its ends see them.
 *
 * The front end (a virtual machine, a DPDK program, a card of ours) has rings and memory, and tells
 * the back end (the switch) where they are; the back end only answers. Numbers are those of the
 * protocol's text (QEMU, docs/interop/vhost-user.rst), in the byte order of the machine that both
 * run on.
 *
 * Some messages are ours, since the protocol has none for what they say: VHOST_CARD tells of the
 * card behind the front end, VHOST_COUNTERS asks for what the port has counted. Who does not know
 * them does not acknowledge the bit VHOST_PROTOCOL_CARD, which is far from those that the protocol
 * gives out, one after the other from 0.
 *
 * VHOST_STATE_SAVE and VHOST_STATE_LOAD, with the bit VHOST_PROTOCOL_STATE, are for a machine that
 * moves to another switch: the state of the port (vswitch/state.h) is written into a memory file
 * that comes along, or read from it. Both are answered by a union vhost_payload's @carried.
 */
#ifndef VSWITCH_VHOST_MESSAGE_H
#define VSWITCH_VHOST_MESSAGE_H

#include "peer/mem.h"
#include "vswitch/vswitch.h"

/* enum vhost_request - what a message asks for */
enum vhost_request {
	VHOST_GET_FEATURES = 1,
	VHOST_SET_FEATURES = 2,
	VHOST_SET_OWNER = 3,
	VHOST_RESET_OWNER = 4,
	VHOST_SET_MEM_TABLE = 5,
	VHOST_SET_LOG_BASE = 6,
	VHOST_SET_VRING_NUM = 8,
	VHOST_SET_VRING_ADDR = 9,
	VHOST_SET_VRING_BASE = 10,
	VHOST_GET_VRING_BASE = 11,
	VHOST_SET_VRING_KICK = 12,
	VHOST_SET_VRING_CALL = 13,
	VHOST_SET_VRING_ERR = 14,
	VHOST_GET_PROTOCOL_FEATURES = 15,
	VHOST_SET_PROTOCOL_FEATURES = 16,
	VHOST_GET_QUEUE_NUM = 17,
	VHOST_SET_VRING_ENABLE = 18,
	VHOST_SEND_RARP = 19,
	VHOST_NET_SET_MTU = 20,
	VHOST_GET_MAX_MEM_SLOTS = 36,
	VHOST_ADD_MEM_REG = 37,
	VHOST_REM_MEM_REG = 38,
	VHOST_REQUESTS
};

/* enum vhost_own_request - requests that are ours */
enum vhost_own_request {
	VHOST_CARD = 0x10000,
	VHOST_COUNTERS,
	VHOST_STATE_SAVE,
	VHOST_STATE_LOAD,
	VHOST_OWN_END
};

/** VHOST_OWN_REQUESTS - Their number. */
#define VHOST_OWN_REQUESTS ((unsigned)VHOST_OWN_END - VHOST_CARD)

/* enum vhost_protocol_feature - bits of the word that VHOST_GET_PROTOCOL_FEATURES asks for */
enum vhost_protocol_feature {
	VHOST_PROTOCOL_MQ = 0,
	VHOST_PROTOCOL_LOG_SHMFD = 1,
	VHOST_PROTOCOL_RARP = 2,
	VHOST_PROTOCOL_REPLY_ACK = 3,
	VHOST_PROTOCOL_NET_MTU = 4,
	VHOST_PROTOCOL_CONFIGURE_MEM_SLOTS = 15,
	VHOST_PROTOCOL_STATE = 61, /* ours: VHOST_STATE_SAVE, VHOST_STATE_LOAD */
	VHOST_PROTOCOL_CARD = 62,  /* ours: the other ones of enum vhost_own_request */
};

/* Flags of a message */
#define VHOST_VERSION	   1u /* bits 0-1 */
#define VHOST_VERSION_MASK 3u
#define VHOST_REPLY	   4u
#define VHOST_NEED_REPLY   8u

/* In the word of VHOST_SET_VRING_KICK, _CALL and _ERR beside the ring's number */
#define VHOST_RING_MASK 0xffu
#define VHOST_NO_FD	0x100u

#define VHOST_RING_LOG 1u /* flag of VHOST_SET_VRING_ADDR: log writes of the used ring */

/** VHOST_TABLE - Most regions in a memory table, and descriptors with any message. */
#define VHOST_TABLE 8u

/* enum vhost_card_flags - bits of struct vhost_card's @flags */
enum vhost_card_flags {
	VHOST_CARD_LINK = 1,	    /* its cable is in */
	VHOST_CARD_ADDRS = 2,	    /* its addresses are known: all else is of meaning */
	VHOST_CARD_PROMISCUOUS = 4, /* as in struct vsw_addrs */
	VHOST_CARD_ALLMULTI = 8,
};

/**
 * struct vhost_card - The card behind a front end
 * @mac:   Its address now
 * @flags: enum vhost_card_flags
 * @n:     Entries of @addrs; only these are sent
 * @addrs: Further addresses, as in struct vsw_addrs
 */
struct vhost_card {
	uint8_t mac[6];
	uint16_t flags;
	uint32_t n;
	uint8_t addrs[VSW_MAX_ADDRS][6];
};

/** VHOST_CARD_LEN - Bytes of a struct vhost_card with n addresses. */
#define VHOST_CARD_LEN(n) ((uint32_t)offsetof(struct vhost_card, addrs) + 6u * (n))

/** VHOST_TEXT - Most bytes of the text that answers VHOST_COUNTERS. */
#define VHOST_TEXT 3072u
/** VHOST_CARRIED_WHY - Room for the reason in an answer to VHOST_STATE_SAVE, VHOST_STATE_LOAD. */
#define VHOST_CARRIED_WHY 160u

/**
 * union vhost_payload - What follows the header
 * @u64:    A word: features, answers, a ring and its descriptor, an address (RARP)
 * @state:  A ring's number, and its size, base, or whether it is enabled
 * @addr:   Where a ring is, by the peer's addresses; @log is guest-physical
 * @table:  VHOST_SET_MEM_TABLE
 * @region: VHOST_ADD_MEM_REG, VHOST_REM_MEM_REG
 * @log:    VHOST_SET_LOG_BASE
 * @card:   VHOST_CARD
 * @text:   Answer to VHOST_COUNTERS: a line for each counter, its name, a blank, its value
 * @carried: Bytes of a state: of VHOST_STATE_LOAD (only @len is sent), and the answer to it and
 *      to VHOST_STATE_SAVE. There @why is a text, empty if it was done; it ends with the message
 */
union vhost_payload {
	uint64_t u64;
	struct {
		uint32_t index, num;
	} state;
	struct {
		uint32_t index, flags;
		uint64_t desc, used, avail, log;
	} addr;
	struct {
		uint32_t n, padding;
		struct peer_range range[VHOST_TABLE];
	} table;
	struct {
		uint64_t padding;
		struct peer_range range;
	} region;
	struct {
		uint64_t size, offset;
	} log;
	struct vhost_card card;
	char text[VHOST_TEXT];
	struct {
		uint64_t len;
		char why[VHOST_CARRIED_WHY];
	} carried;
};

/**
 * struct vhost_message - A message
 * @request: enum vhost_request
 * @flags:   Version, VHOST_REPLY, VHOST_NEED_REPLY
 * @size:    Bytes of @payload
 */
struct vhost_message {
	uint32_t request, flags, size;
	union vhost_payload payload;
} __attribute__((packed, aligned(4)));

#define VHOST_HEADER 12u /* bytes before the payload */

#endif
