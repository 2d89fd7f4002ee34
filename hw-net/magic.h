/* SPDX-License-Identifier: BSD-2-Clause */
/* Magic Packets: frames that wake a machine. */
#ifndef HW_NET_MAGIC_H
#define HW_NET_MAGIC_H

#include <stdbool.h>
#include <stdint.h>

/** HWNET_MAGIC_LEN - Bytes of the pattern: six times ffh, then an address sixteen times. */
#define HWNET_MAGIC_LEN 102u

/**
 * hwnet_is_magic() - Does a frame have the pattern for an address?
 * @p:    The frame
 * @len:  Its length
 * @from: Offset that the pattern starts at, at the earliest
 * @mac:  The address
 *
 * Return: true if so.
 */
bool hwnet_is_magic(const uint8_t *p, uint32_t len, uint32_t from, const uint8_t mac[6]);

#endif
