/* SPDX-License-Identifier: BSD-2-Clause */
/* Ethernet addresses as numbers, and back. */
#ifndef VSWITCH_MAC_H
#define VSWITCH_MAC_H

#include <stdbool.h>
#include <stdint.h>
#include <string.h>

#include "hwnet/frame.h"

/* mac_from() - An address as a number, first byte highest. Reads 8 bytes. */
static inline uint64_t mac_from(const uint8_t *p)
{
	uint64_t v;

	memcpy(&v, p, 8);
	return __builtin_bswap64(v) >> 16;
}

static inline uint64_t mac_number(const uint8_t *mac)
{
	return (uint64_t)frame_be16(mac) << 32 | frame_be32(mac + 2);
}

static inline void mac_bytes(uint64_t v, uint8_t *mac)
{
	frame_put_be16(mac, (uint16_t)(v >> 32));
	frame_put_be32(mac + 2, (uint32_t)v);
}

static inline bool mac_is_group(uint64_t mac)
{
	return mac >> 40 & 1;
}

/* group_bit() - Which of 64 bits stands for an address in a port's summary of groups */
static inline unsigned group_bit(uint64_t mac)
{
	return (unsigned)(mac * UINT64_C(0x9e3779b97f4a7c15) >> 58);
}

#endif
