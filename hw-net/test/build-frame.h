/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Frames for tests, spelled by what is in them.
 *
 * DOC: Theory of Operation
 *
 * A struct build says what a frame consists of; build_frame() writes it, complete with lengths and
 * checksums. It uses nothing of libframe: sums are taken by the slow functions below, two bytes at
 * a time in network order, so that tests compare two independent ways.
 */
#ifndef HW_NET_TEST_BUILD_FRAME_H
#define HW_NET_TEST_BUILD_FRAME_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* enum build_tunnel - what the frame travels in */
enum build_tunnel { BUILD_PLAIN, BUILD_VXLAN, BUILD_GENEVE };

/**
 * struct build - A frame. Zeroes make a 54-byte TCP/IPv4 frame
 * @dst: @src: MAC addresses; zero: 52:54:00:00:00:01 and :02
 * @tpid: @tci: Up to two tags, outermost first; tpid 0: no more
 * @v6:       IPv6
 * @ip_opts:  IPv4: 0 to 40 bytes of options (NOP), multiple of 4; IPv6: bytes of a destination
 *            options header, multiple of 8
 * @ip_id: @ttl: @tos: As named; ttl 0 means 64
 * @df:       IPv4: do not fragment
 * @frag:     IPv4: the 16-bit word of flags and offset, or-ed in
 * @hosts:    Last bytes of source and destination address; zero: 1 and 2
 * @proto:    6 (also if 0), 17, 1, 58, 132, or other with payload only
 * @sport: @dport: Ports, zero: 1000, 2000
 * @seq: @ack: @window: TCP
 * @flags:    TCP flags; zero: ACK
 * @tcp_opts: TCP: 0 to 40 bytes, multiple of 4; from 12 on they begin with a time stamp
 * @stamp:    The time stamp
 * @payload:  Bytes, @fill and up
 * @fill:     Value of the first
 * @pad:      Bytes of 0 behind the datagram
 * @no_csum:  UDP: 0 as checksum
 * @bad_csum: The L4 checksum is wrong
 * @cut:      Bytes of L4 header and payload that are left out at the end, as by a tiny fragment
 * @tunnel:   What it travels in; the frame described is the inner one, tags are the outer frame's
 * @outer_v6: @outer_csum: The tunnel's IP version; it has a UDP checksum
 */
struct build {
	uint8_t dst[6], src[6];
	uint16_t tpid[2], tci[2];
	bool v6, df, no_csum, bad_csum, outer_v6, outer_csum;
	uint8_t ip_opts, ttl, tos, proto, flags, tcp_opts, fill;
	uint16_t ip_id, frag, sport, dport, window;
	uint8_t hosts[2];
	uint32_t seq, ack, stamp, payload, pad, cut;
	enum build_tunnel tunnel;
};

/** BUILD_ROOM - Bytes that suffice for each frame with a payload of up to 64 KiB. */
#define BUILD_ROOM 66000u

/**
 * build_frame() - Write a frame
 * @b:   What
 * @buf: Where to, BUILD_ROOM bytes
 *
 * Return: its length.
 */
uint32_t build_frame(const struct build *b, uint8_t *buf);

/**
 * build_headers() - Length of all headers of the innermost frame's place
 * @b: What
 *
 * Return: offset of the payload.
 */
uint32_t build_headers(const struct build *b);

/**
 * slow_sum() - Internet checksum the obvious way
 * @sum: Sum of what came before (an even number of bytes), in host numbers
 * @p:   Bytes
 * @len: Their number
 *
 * Return: the sum, folded to 16 bits, not complemented.
 */
uint32_t slow_sum(uint32_t sum, const uint8_t *p, uint32_t len);

/**
 * slow_l4() - Checksum of an L4 message with its pseudo-header
 * @ip:    The IP header
 * @v6:    Its version
 * @proto: Protocol
 * @l4:    The message
 * @len:   Its length
 *
 * Return: 0 if the checksum in the message is right.
 */
uint16_t slow_l4(const uint8_t *ip, bool v6, uint8_t proto, const uint8_t *l4, uint32_t len);

/**
 * slow_crc32() - CRC-32 bit by bit
 * @p:   Bytes
 * @len: Their number
 *
 * Return: the CRC.
 */
uint32_t slow_crc32(const uint8_t *p, uint32_t len);

/**
 * test_random() - Numbers that are the same in each run (xorshift64*)
 * @state: Not 0
 *
 * Return: 32 bits.
 */
uint32_t test_random(uint64_t *state);

#endif
