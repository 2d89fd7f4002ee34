/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The card under test of inside-rig.h: without its driver, whose names differ from the others'. */
#ifndef QTEST_INSIDE_MODEL_H
#define QTEST_INSIDE_MODEL_H

#include "rig.h"

/**
 * struct inside_model - What the card under test is
 * @device: Type
 * @rig:    The rig of its driver
 * @attach: Set it up; its rig's machine is there
 * @send:   A frame of 64 bytes leaves it
 */
struct inside_model {
	const char *device;
	struct rig *rig;
	void (*attach)(void);
	void (*send)(const uint8_t *frame);
};

/** inside_e1000 - And so on: the cards; one machine at a time */
extern const struct inside_model inside_e1000, inside_pcnet, inside_vmxnet3;

/**
 * inside_messages() - Aim all messages of a vmxnet3 somewhere
 * @addr: Where to
 * @data: What they write
 */
void inside_messages(uint64_t addr, uint32_t data);

#endif
