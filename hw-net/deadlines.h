/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Several deadlines on the one timer that a host gives.
 *
 * A model keeps an array of absolute times in its state, one per purpose; HWNET_NEVER is "not
 * running". It tells the host the nearest with hwnet_arm(), and in its timer function looks at each
 * that has come.
 */
#ifndef HW_NET_DEADLINES_H
#define HW_NET_DEADLINES_H

#include <stdbool.h>
#include <stdint.h>

/**
 * hwnet_nearest() - The nearest of several deadlines
 * @at: Deadlines, ns
 * @n:  Their number
 *
 * Return: the smallest, INT64_MAX if none runs.
 */
static inline int64_t hwnet_nearest(const int64_t *at, unsigned n)
{
	int64_t near = INT64_MAX;

	for (unsigned i = 0; i < n; i++)
		near = at[i] < near ? at[i] : near;
	return near;
}

/**
 * hwnet_due() - Has this deadline come? If so it stops running.
 * @at:  The deadline
 * @now: The time
 *
 * Return: true once.
 */
static inline bool hwnet_due(int64_t *at, int64_t now)
{
	if (*at > now)
		return false;
	*at = INT64_MAX;
	return true;
}

#endif
