/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The smallest card there can be, for tests of what surrounds models: nic.c, tables, and the fake
 * host itself.
 *
 * DOC: Theory of Operation
 *
 * One buffer each way. The driver puts an address and a length into TXADDR and TXLEN and writes
 * DOORBELL; run sends the frame and sets bit 0 of CAUSE. A frame that arrives is written to RXADDR
 * if RXLEN has room for it and RXLEN is not 0, which is cleared then; bit 1 of CAUSE is set. TIMER
 * starts a deadline of that many microseconds, which sets bit 2. CAUSE is write-1-to-clear and
 * drives INTA#, or message 0.
 *
 * The property "breach" makes it break one rule of hwnet/nic.h.
 */
#ifndef HW_NET_TEST_TOY_NIC_H
#define HW_NET_TEST_TOY_NIC_H

#include "model.h"

/* Register numbers */
#define TOY_TXADDR   0x00
#define TOY_TXLEN    0x08
#define TOY_DOORBELL 0x0c
#define TOY_RXADDR   0x10
#define TOY_RXLEN    0x18
#define TOY_TIMER    0x1c
#define TOY_CAUSE    0x20
#define TOY_COUNT    0x24
#define TOY_LUT	     0x40

/* Bits of CAUSE */
#define TOY_SENT     1u
#define TOY_RECEIVED 2u
#define TOY_TIMED    4u

/* enum toy_breach - rules to break */
enum toy_breach {
	TOY_BREACH_NONE,
	TOY_BREACH_TX_IN_WRITE,
	TOY_BREACH_KICK_IN_RUN,
	TOY_BREACH_KEEP_MAP,
	TOY_BREACH_UNMAP_MORE,
	TOY_BREACH_MSI_OFF,
	TOY_BREACH_LONG_READ,
	TOY_BREACH_SHORT_HEAD,
	TOY_BREACH_WRONG_LEN,
	TOY_BREACH_RX_READY_IN_RX,
	TOY_BREACH_STATE,
	TOY_BREACH_ENDLESS,
	TOY_BREACH_TIMER,
	TOY_BREACHES,
};

/* Its properties, by index */
enum toy_prop { TOY_PROP_BREACH, TOY_PROP_SIZE, TOY_PROP_LAZY };

extern const struct hwnet_model toy_model;

/* The table, for tests of tables. */
extern const struct hwnet_regspace toy_space;
#define TOY_SLOTS 14u

#endif
