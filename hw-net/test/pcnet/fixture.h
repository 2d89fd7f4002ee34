/* SPDX-License-Identifier: BSD-2-Clause */
/* What the tests of the PCnet share: a host, a driver, a frame to send and one that came. */
#ifndef HW_NET_TEST_PCNET_FIXTURE_H
#define HW_NET_TEST_PCNET_FIXTURE_H

#include "unit.h"
#include "driver.h"

extern struct fake_host host;
extern struct pc_driver drv;
extern uint8_t frame[8192], got[8192];

/* Another station: pc_mac is the card's. */
extern const uint8_t peer[6];

/* A card that no driver has set up; registers only. */
void open_card(enum pc_chip chip);
/* A card that interrupts when @coalesce frames came or 200 us passed, and the driver in style 2. */
void up_coalescing(enum pc_chip chip, unsigned coalesce, unsigned n_rx, unsigned n_tx);

/* A small frame leaves. */
void send_frame(void);
/* A driver's handler: acknowledge, take what came. */
unsigned handle(void);

/* Frame @i of those that left is this one. */
void expect_tx(unsigned i, const uint8_t *want, unsigned len);
/* A frame for the card arrives, in @frame. */
void arrive(unsigned len, uint8_t fill);
/* What the driver takes next: the bytes, padding, and the right FCS. */
void expect_rx(const uint8_t *want, unsigned len);

#endif
