/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Hashes over a flow's addresses and ports.
 */
#ifndef HWNET_HASH_H
#define HWNET_HASH_H

#include <stddef.h>
#include <stdint.h>

#include "hwnet/parse.h"
#include "hwnet/pkt.h"

/** TOEPLITZ_KEY_MAX - Longest key: IPv6 addresses and ports, and the 32 bits of the last window. */
#define TOEPLITZ_KEY_MAX 40u
/** TOEPLITZ_INPUT_MAX - Longest input: two IPv6 addresses and two ports. */
#define TOEPLITZ_INPUT_MAX 36u

/**
 * struct toeplitz - A key, made ready
 * @tab: For each half byte of the input, for each value, what it adds to the hash
 */
struct toeplitz {
	uint32_t tab[2 * TOEPLITZ_INPUT_MAX][16];
};

/* enum rss_types - what the hash is taken over, in order of preference within a version of IP */
enum rss_types {
	RSS_TCPV4 = 1 << 0, /* addresses and ports of TCP */
	RSS_IPV4 = 1 << 1,  /* addresses */
	RSS_TCPV6 = 1 << 2,
	RSS_IPV6 = 1 << 3,
	RSS_UDPV4 = 1 << 4,
	RSS_UDPV6 = 1 << 5,
};

/**
 * toeplitz_init() - Make a key ready
 * @t:   Filled
 * @key: The key
 * @len: Its length, at most TOEPLITZ_KEY_MAX; missing bytes are 0
 */
void toeplitz_init(struct toeplitz *t, const uint8_t *key, size_t len);

/**
 * toeplitz_hash() - Hash some bytes
 * @t:    The key
 * @data: Bytes
 * @len:  Their number, at most TOEPLITZ_INPUT_MAX
 *
 * Return: the hash.
 */
uint32_t toeplitz_hash(const struct toeplitz *t, const uint8_t *data, size_t len);

/**
 * toeplitz_frame() - RSS hash of a frame
 * @t:     The key
 * @p:     pkt_head()
 * @f:     The frame, parsed
 * @types: enum rss_types that are enabled
 * @hash:  Filled if there is one
 *
 * Fragments have no ports: they are hashed by addresses, if that is enabled.
 *
 * Return: the one type that was used, or 0.
 */
unsigned toeplitz_frame(const struct toeplitz *t, const uint8_t *p, const struct frame *f,
			unsigned types, uint32_t *hash);

/**
 * frame_flow_hash() - Cheap hash over addresses, protocol and ports
 * @p: pkt_head()
 * @f: The frame, parsed
 *
 * For spreading flows over queues or uplinks, not against adversaries. Without IP the MAC addresses
 * are hashed. The fragments of a datagram all hash alike, but not like unfragmented frames of their
 * flow.
 *
 * Return: the hash; all 32 bits are usable.
 */
uint32_t frame_flow_hash(const uint8_t *p, const struct frame *f);

#endif
