/* SPDX-License-Identifier: BSD-2-Clause */
/* A row of results.json out of one figure a round; the fields are in hw-net/qemu/bench/bench.py. */
#ifndef VSWITCH_BENCH_ROW_H
#define VSWITCH_BENCH_ROW_H

#include <stdbool.h>

#define ROW_ROUNDS 32u /* at most */

/*
 * struct row - ours beside the peer, measured in turn
 * @ours: @peer: By round
 * @unit:   Of these; NULL: ns a frame
 * @higher: More is better
 */
struct row {
	const char *name, *peer_name;
	const double *ours, *peer;
	unsigned rounds;
	const char *unit;
	bool higher;
};

double row_quantile(const double *v, unsigned n, unsigned quarter);
void row_print(const struct row *r);
void row_end(void);

#endif
