/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Drivers of fuzz-glue's cards. They prepare rings and ring doorbells without asking whether the
 * card is there, powered, or of another mind; only glue_card_exchange() has expectations.
 */
#ifndef QTEST_GLUE_CARD_H
#define QTEST_GLUE_CARD_H

#include "glue-world.h"

/**
 * glue_card_setup() - Reset, rings, link, receiver and transmitter on
 * @g: The machine
 * @i: Which card
 */
void glue_card_setup(struct glue *g, unsigned i);

/**
 * glue_card_carry() - Have all receive buffers of the carrier lie in the register
 * @g: The machine
 */
void glue_card_carry(struct glue *g);

/**
 * glue_card_send() - Queue frames, then ring the doorbell
 * @g:  The machine
 * @i:  Which card
 * @to: Last byte of the destination; 0xff: all
 * @n:  How many frames, up to 8
 * @act: What each brings about at the carrier: numbers of lines, 0: nothing
 */
void glue_card_send(struct glue *g, unsigned i, uint8_t to, unsigned n, const uint8_t *act);

/**
 * glue_card_tso() - Queue a message of TCP that the card is to cut
 * @g:    The machine
 * @i:    Which card; not a pcnet
 * @len:  Payload, up to 1900
 * @mss:  Payload of a segment
 */
void glue_card_tso(struct glue *g, unsigned i, unsigned len, uint16_t mss);

/**
 * glue_card_aim() - Have a card's messages end somewhere
 * @g:    The machine
 * @i:    Which card; one that has MSI-X
 * @data: What they write into the register
 */
void glue_card_aim(struct glue *g, unsigned i, uint32_t data);

/**
 * glue_card_exchange() - A card that was set up and the wire reach each other; the test fails if
 * they do not
 * @g: The machine
 * @i: Which card
 */
void glue_card_exchange(struct glue *g, unsigned i);

/**
 * glue_frame() - What cards and wire send
 * @buf: Filled with 64 bytes
 * @from: @to: last bytes of the addresses
 * @act:  What it brings about at the carrier
 */
void glue_frame(uint8_t *buf, uint8_t from, uint8_t to, uint8_t act);

#endif
