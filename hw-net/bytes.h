/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Numbers in what card and driver share (descriptors, init blocks, addresses): little end first, at
 * any address. In network order they are frame_be16() and its like.
 */
#ifndef HW_NET_BYTES_H
#define HW_NET_BYTES_H

#include <endian.h>
#include <stdint.h>
#include <string.h>

static inline uint16_t get16(const uint8_t *p)
{
	uint16_t v;

	memcpy(&v, p, 2);
	return le16toh(v);
}

static inline uint32_t get32(const uint8_t *p)
{
	uint32_t v;

	memcpy(&v, p, 4);
	return le32toh(v);
}

static inline uint64_t get64(const uint8_t *p)
{
	uint64_t v;

	memcpy(&v, p, 8);
	return le64toh(v);
}

static inline void put16(uint8_t *p, uint16_t v)
{
	v = htole16(v);
	memcpy(p, &v, 2);
}

static inline void put32(uint8_t *p, uint32_t v)
{
	v = htole32(v);
	memcpy(p, &v, 4);
}

/* A station address in two registers: four bytes, then two */
static inline void put_mac(uint8_t mac[6], uint32_t low, uint32_t high)
{
	put32(mac, low);
	put16(mac + 4, (uint16_t)high);
}

#endif
