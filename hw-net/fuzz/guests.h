/* SPDX-License-Identifier: BSD-2-Clause */
/* What a fuzz program needs to know of a model: one table row each. */
#ifndef HW_NET_FUZZ_GUESTS_H
#define HW_NET_FUZZ_GUESTS_H

#include "program.h"

/**
 * struct fuzz_guest - A driver of the simplest kind
 * @prefix:   Of the names of the models it drives
 * @allocate: Allocate areas
 * @bring_up: Configure and start the card
 * @send:     Put something into a transmit ring, ring the doorbell
 * @refill:   Hand over receive buffers
 * @reg:      Access a register of the model's table: space number, register number; write if @val,
 *            else read
 * @act:      Something else that takes more than one step
 */
struct fuzz_guest {
	const char *prefix;
	void (*allocate)(struct fuzz *z);
	void (*bring_up)(struct fuzz *z);
	void (*send)(struct fuzz *z);
	void (*refill)(struct fuzz *z);
	void (*reg)(struct fuzz *z, unsigned space, uint32_t num, const uint32_t *val);
	void (*act)(struct fuzz *z);
};

extern const struct fuzz_guest fuzz_guest_e1000, fuzz_guest_pcnet, fuzz_guest_vmxnet3;
extern const struct fuzz_guest fuzz_guest_any;

#endif
