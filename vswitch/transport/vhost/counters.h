/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Counters of a port as text: the answer to VHOST_COUNTERS.
 *
 * A line for each counter, its name, a blank, its value; names are told and not numbers, since the
 * two ends may be of different versions. What one of them does not know it leaves out.
 */
#ifndef VSWITCH_VHOST_COUNTERS_H
#define VSWITCH_VHOST_COUNTERS_H

#include "vswitch/vswitch.h"

/**
 * vsw_counters_print() - Write counters
 * @c:    The counters
 * @text: Where to; not ended by a zero
 * @room: Room there
 *
 * Return: bytes written; whole lines.
 */
uint32_t vsw_counters_print(const struct vsw_counters *c, char *text, size_t room);

/**
 * vsw_counters_scan() - Read counters
 * @c:    Filled; what is not told is 0
 * @text: The text, which may be anything
 * @len:  Its bytes
 */
void vsw_counters_scan(struct vsw_counters *c, const char *text, uint32_t len);

#endif
