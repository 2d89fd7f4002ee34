/* SPDX-License-Identifier: BSD-2-Clause */
/* The transmit ring: fetch, hand over, commit. */
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

bool e1000_tx_waits(const struct e1000 *c);
void e1000_tx_kick(struct e1000 *c);
bool e1000_tx_more(struct e1000 *c);
bool e1000_run(struct hwnet_nic *nic, unsigned budget);
void e1000_tx_ready(struct hwnet_nic *nic);
hwnet_reg_write e1000_tdt_write, e1000_tx_ring_write, e1000_tctl_write;

#endif
