/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * A driver of fuzz-glue: a row of functions, as the headers of the drivers have names in common. A
 * function does what it does without asking whether the card is there or of another mind.
 */
#ifndef QTEST_GLUE_DRIVER_H
#define QTEST_GLUE_DRIVER_H

#include "rig.h"

#define GLUE_CARDS 6u

/* Frames that glue_frame() makes; room for one that comes */
#define GLUE_LEN  64u
#define GLUE_ROOM 4096u

/**
 * struct glue_driver - A driver; each function is told which card
 * @rig:   Its rig
 * @ready: Has it been set up once?
 * @setup: Reset, rings, link, receiver and transmitter on
 * @put:   Queue a frame of GLUE_LEN bytes
 * @bell:  Ring the doorbell
 * @tso:   Queue a message of TCP to be cut, and ring; may be NULL
 * @take:  The next frame that came; the test fails if none does. Returns its length
 */
struct glue_driver {
	struct rig *(*rig)(unsigned i);
	bool (*ready)(unsigned i);
	void (*setup)(unsigned i);
	void (*put)(unsigned i, const uint8_t *frame);
	void (*bell)(unsigned i);
	void (*tso)(unsigned i, const uint8_t *frame, size_t len, uint16_t mss);
	size_t (*take)(unsigned i, uint8_t *frame);
};

extern const struct glue_driver glue_e1000, glue_pcnet, glue_vmxnet3;

/**
 * glue_e1000_carry() - Have all receive buffers of a card lie in one place
 * @i:    Which card
 * @addr: The place
 */
void glue_e1000_carry(unsigned i, uint64_t addr);

/**
 * glue_vmxnet3_aim() - Have a card's messages end somewhere
 * @i:    Which card; mapped
 * @addr: Where
 * @data: What they write
 */
void glue_vmxnet3_aim(unsigned i, uint64_t addr, uint32_t data);

#endif
