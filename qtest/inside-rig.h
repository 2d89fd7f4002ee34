/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * A machine in which things happen to devices while a card's call is on the stack.
 *
 * Switch "sw0" has the card under test "n0" on port "p0", a stock e1000 "n1" on "p1", a bystander
 * "n2" of ours on "p2", and a wire as its uplink "u0". All receive buffers of the stock card lie in
 * the register of "vc-inside" (inside-device.c): what n0 sends to n1 is written there from inside
 * n0's call, and one of its bytes names the act that is carried out.
 */
#ifndef QTEST_INSIDE_RIG_H
#define QTEST_INSIDE_RIG_H

#include "e1000-rig.h"
#include "inside-model.h"

/**
 * struct inside - The machine
 * @qts:   Connection
 * @model: What the card under test is
 * @card:  Its driver, if it is an e1000
 * @stock: @other: drivers of the stock card and of the bystander
 * @wire:  Our end of the uplink
 * @reg:   Address of the register
 * @dev:   The device that has it
 */
struct inside {
	QTestState *qts;
	const struct inside_model *model;
	struct e1000_rig *card, stock, other;
	int wire;
	uint64_t reg;
	QPCIDevice *dev;
};

/**
 * inside_start() - Start it
 * @in:    Filled
 * @model: What the card under test is
 * @more:  Further arguments, or ""
 */
void inside_start(struct inside *in, const struct inside_model *model, const char *more);

/**
 * inside_stop() - End it; the test fails if QEMU is not alive
 * @in: The machine
 */
void inside_stop(struct inside *in);

/**
 * inside_setup() - Have the driver of the card under test set it up again
 * @in: The machine
 */
void inside_setup(struct inside *in);

/**
 * inside_send() - A frame from the card under test
 * @in:  The machine
 * @dst: Where to; net_mac-like: 0xff for all, else number of a card
 * @act: Number of an act that it brings about at the stock card, or 0
 */
void inside_send(struct inside *in, uint8_t dst, uint8_t act);

/**
 * inside_do() - Something happens from inside a call of the card under test
 * @in:  The machine
 * @act: Line of `acts`, see inside-device.c
 *
 * The frame that brings it about goes to all.
 */
void inside_do(struct inside *in, const char *act);

/**
 * inside_acts() - Set `acts`; `log` is empty then
 * @in:   The machine
 * @acts: Lines
 */
void inside_acts(struct inside *in, const char *acts);

/**
 * inside_log() - What became of the acts
 * @in: The machine
 *
 * Return: a line each, to be freed.
 */
char *inside_log(struct inside *in);

/**
 * inside_exchange() - Bystander and wire reach each other
 * @in: The machine
 */
void inside_exchange(struct inside *in);

#endif
