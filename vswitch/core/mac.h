/* SPDX-License-Identifier: BSD-2-Clause */
/* Ethernet addresses as numbers, and back; VLAN ids. */
#ifndef VSWITCH_MAC_H
#define VSWITCH_MAC_H

#include <stdbool.h>
#include <stdint.h>
#include <string.h>

#include "hwnet/frame.h"

#define MAC_MASK      UINT64_C(0xffffffffffff)
#define MAC_BROADCAST MAC_MASK

/* VID_MASK, VID_RESERVED - Of a tag's TCI (802.1Q-2018 9.6) */
#define VID_MASK     0xfffu
#define VID_RESERVED 0xfffu

/* HASH_FACTOR - 2^64 divided by the golden ratio, for multiplicative hashing (Knuth 6.4) */
#define HASH_FACTOR UINT64_C(0x9e3779b97f4a7c15)

/* mac_from() - An address as a number, first byte highest. Reads 8 bytes. */
static inline uint64_t mac_from(const uint8_t *p)
{
	uint64_t v;

	memcpy(&v, p, 8);
	return __builtin_bswap64(v) >> 16;
}

/* mac_number() - The same, of 6 bytes */
static inline uint64_t mac_number(const uint8_t *mac)
{
	return (uint64_t)frame_be16(mac) << 32 | frame_be32(mac + 2);
}

/* mac_bytes() - And back */
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
	return (unsigned)(mac * HASH_FACTOR >> 58);
}

#endif
