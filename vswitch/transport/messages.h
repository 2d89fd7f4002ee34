/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * For transports that get a frame a message: messages into frames for the switch, and those that it
 * did not take kept until it does.
 */
#ifndef VSWITCH_TRANSPORT_MESSAGES_H
#define VSWITCH_TRANSPORT_MESSAGES_H

#include <stdbool.h>
#include <stdint.h>

#include "vswitch/transport.h"

/**
 * struct vsw_message - A message; zeros but for @bytes and @len if it is nothing but a frame
 * @bytes: Private memory that may be written
 * @len:   Their number, at most VSW_SCRATCH_SLOT
 * @vlan_tpid: @vlan_tci: a tag that came beside it, host order; @vlan_tpid 0: none
 */
struct vsw_message {
	uint8_t *bytes;
	uint32_t len;
	uint16_t vlan_tpid, vlan_tci;
};

/**
 * struct vsw_messages - What a wire has of it; zeros, then vsw_messages_init()
 * @vnet_len: Each begins with a virtio_net_hdr of so many bytes, 10 or more; 0: none does
 * @n:        Messages that are kept
 * @odd:      Messages that were no frames
 */
struct vsw_messages {
	uint32_t vnet_len;
	unsigned n;
	uint64_t odd;
	uint8_t *mem;
	struct vsw_message kept[PKT_BURST];
};

/**
 * vsw_messages_init() - Get the memory; pages that nobody touches cost nothing
 * @m:        Zeros
 * @vnet_len: As in the struct
 *
 * Return: false: there is none.
 */
bool vsw_messages_init(struct vsw_messages *m, uint32_t vnet_len);

/**
 * vsw_messages_fini() - Give it back
 * @m: Initialised, or zeros
 */
void vsw_messages_fini(struct vsw_messages *m);

/**
 * vsw_messages_give() - Give the switch new messages, if none are kept; keep what it does not take
 * @m:    The wire's
 * @port: The port
 * @list: Messages
 * @n:    Their number, at most PKT_BURST
 */
void vsw_messages_give(struct vsw_messages *m, struct vsw_port *port, struct vsw_message *list,
		       unsigned n);

/**
 * vsw_messages_again() - Give it those that are kept
 * @m:    The wire's
 * @port: The port
 */
void vsw_messages_again(struct vsw_messages *m, struct vsw_port *port);

/**
 * vsw_messages_freeze() - Say what is kept, for another process
 * @m:    The wire's
 * @data: Where to
 * @room: Room there
 *
 * Return: bytes, not 0; 0: there is too little room.
 */
size_t vsw_messages_freeze(const struct vsw_messages *m, uint8_t *data, size_t room);

/**
 * vsw_messages_thaw() - Keep what another process kept
 * @m:    The wire's, initialised; what it kept is forgotten
 * @data: What vsw_messages_freeze() said
 * @len:  Bytes
 *
 * Give it to the switch by vsw_messages_again() when there is a port.
 *
 * Return: 0; -1: it is not sound.
 */
int vsw_messages_thaw(struct vsw_messages *m, const uint8_t *data, size_t len);

#endif
