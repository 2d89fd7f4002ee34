/* SPDX-License-Identifier: BSD-2-Clause */
/* Statistics registers: counting. */
#ifndef E1000_STATS_H
#define E1000_STATS_H

#include "e1000.h"

/* Counters stop at their largest value. */
static inline void e1000_stat_add(struct e1000 *c, enum e1000_stat off, uint32_t n)
{
	uint32_t *v = &c->s->reg[R_STAT(off)], sum = *v + n;

	*v = sum < n ? UINT32_MAX : sum;
}

/* Count in a pair, @off is the low half's. */
static inline void e1000_stat_add64(struct e1000 *c, enum e1000_stat off, uint64_t n)
{
	uint32_t *v = &c->s->reg[R_STAT(off)];
	uint64_t sum = ((uint64_t)v[1] << 32 | v[0]) + n;

	sum = sum < n ? UINT64_MAX : sum;
	v[0] = (uint32_t)sum;
	v[1] = (uint32_t)(sum >> 32);
}

void e1000_stat_rx_seen(struct e1000 *c, uint32_t len);
void e1000_stat_rx(struct e1000 *c, uint32_t len, const uint8_t *dst);
void e1000_stat_tx(struct e1000 *c, const struct pkt *pkts, unsigned n);
void e1000_stat_tx_pause(struct e1000 *c, uint32_t len);
hwnet_reg_read e1000_stat_read_high;

#endif
