/* SPDX-License-Identifier: BSD-2-Clause */
/* The transmit ring in numbers, for tx.c and tx-done.c. */
#ifndef E1000_TX_H
#define E1000_TX_H

#include "e1000.h"

static inline uint32_t e1000_tx_size(const struct e1000 *c)
{
	return e1000_ring_len(REG(c, TDLEN));
}

static inline uint32_t e1000_tx_tail(const struct e1000 *c)
{
	return REG(c, TDT) < e1000_tx_size(c) ? REG(c, TDT) : 0;
}

static inline uint64_t e1000_tx_addr(const struct e1000 *c, uint32_t index)
{
	return ((uint64_t)REG(c, TDBAH) << 32 | REG(c, TDBAL)) +
	       (uint64_t)index * sizeof(struct e1000_desc);
}

/* Descriptors that the guest has queued. */
static inline uint32_t e1000_tx_avail(const struct e1000 *c)
{
	uint32_t n = e1000_tx_size(c), head = REG(c, TDH), tail = e1000_tx_tail(c);

	return tail >= head ? tail - head : n - head + tail;
}

void e1000_tx_report(struct e1000 *c, uint32_t first, uint32_t count, bool report);

#endif
