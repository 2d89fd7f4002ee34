/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Messages that the switch did not take, kept until it does: for transports that get a frame a
 * message.
 */
#ifndef VSWITCH_TRANSPORT_HELD_H
#define VSWITCH_TRANSPORT_HELD_H

#include <stdbool.h>
#include <stdint.h>

#include "hwnet/pkt.h"

/**
 * struct vsw_held - Messages in order; zeros: none
 * @mem: Room for PKT_BURST messages of VSW_SCRATCH_SLOT bytes; pages cost nothing until used
 * @n:   Messages
 * @len: Their lengths
 * @at:  Where each begins
 */
struct vsw_held {
	uint8_t *mem;
	unsigned n;
	uint32_t len[PKT_BURST], at[PKT_BURST];
};

/**
 * vsw_held_init() - Get the memory
 * @h: Zeros
 *
 * Return: false: there is none.
 */
bool vsw_held_init(struct vsw_held *h);

/**
 * vsw_held_fini() - Give it back
 * @h: Initialised, or zeros
 */
void vsw_held_fini(struct vsw_held *h);

/**
 * vsw_held_put() - Keep a message behind the others
 * @h:     Less than PKT_BURST messages
 * @bytes: The message; it may be one of those that were kept here
 * @len:   At most VSW_SCRATCH_SLOT
 */
void vsw_held_put(struct vsw_held *h, const uint8_t *bytes, uint32_t len);

/**
 * vsw_held_drop() - Forget the first ones
 * @h: Messages
 * @n: How many
 */
void vsw_held_drop(struct vsw_held *h, unsigned n);

#endif
