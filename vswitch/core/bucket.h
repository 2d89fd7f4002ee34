/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * A token bucket, kept as a time: when the tokens taken so far will have come in ("virtual
 * scheduling", ITU-T I.371).
 *
 * What is taken costs units / rate seconds. The division's remainder is carried over, so the rate
 * is exact over any length of time, for 60-byte frames as for 64 KiB messages. A message larger
 * than the bucket passes when the bucket is full, and the next one waits until all of it is paid
 * for.
 */
#ifndef VSWITCH_BUCKET_H
#define VSWITCH_BUCKET_H

#include <stdbool.h>
#include <stdint.h>

/*
 * struct bucket - rate and depth, and the time
 * @rate:  Units (bits, frames) a second; 0: no limit
 * @depth: What may be taken at once after a pause, ns
 * @due:   When all that was taken is paid for
 * @rest:  Remainder of the last division
 */
struct bucket {
	uint64_t rate;
	int64_t depth, due;
	uint64_t rest;
};

static inline void bucket_set(struct bucket *b, uint64_t rate, uint64_t units)
{
	b->rate = rate;
	b->depth =
		rate ? (int64_t)((__extension__(unsigned __int128) units * 1000000000u) / rate) : 0;
}

static inline int64_t bucket_cost(const struct bucket *b, uint64_t units)
{
	return (int64_t)((units * UINT64_C(1000000000) + b->rest) / b->rate);
}

/* bucket_when() - Time from which on @units may be taken; not after @now: they may */
static inline int64_t bucket_when(const struct bucket *b, int64_t now, uint64_t units)
{
	int64_t cost;

	if (!b->rate)
		return now;
	cost = bucket_cost(b, units);
	return b->due + (cost < b->depth ? cost - b->depth : 0);
}

/* bucket_charge() - Take @units, whether they are there or not */
static inline void bucket_charge(struct bucket *b, int64_t now, uint64_t units)
{
	uint64_t n = units * UINT64_C(1000000000) + b->rest;

	if (!b->rate)
		return;
	if (b->due < now) {
		b->due = now;
		n -= b->rest;
	}
	b->due += (int64_t)(n / b->rate);
	b->rest = n % b->rate;
}

/* bucket_take() - Take @units if they are there */
static inline bool bucket_take(struct bucket *b, int64_t now, uint64_t units)
{
	if (bucket_when(b, now, units) > now)
		return false;
	bucket_charge(b, now, units);
	return true;
}

#endif
