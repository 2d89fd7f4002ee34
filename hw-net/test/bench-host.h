/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The cheapest host there can be, for measuring cards: guest memory is one array, mapping is an
 * addition, frames that leave are gone.
 */
#ifndef HW_NET_TEST_BENCH_HOST_H
#define HW_NET_TEST_BENCH_HOST_H

#include "hwnet/nic.h"

#define BENCH_MEM (32u << 20)

extern uint8_t bench_mem[BENCH_MEM];
extern const struct hwnet_host bench_host;

/* The host's clock, ns. */
int64_t bench_now(void);
/* Do what the card was kicked for. */
void bench_settle(struct hwnet_nic *nic);
/* Numbers, for qsort(). */
int bench_by_value(const void *a, const void *b);

#endif
