/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Internet checksum (RFC 1071) and CRC-32.
 *
 * DOC: Theory of Operation
 *
 * A *sum* is a uint32_t that is congruent, modulo 0xffff, to the sum of the 16-bit words as this
 * machine loads them from memory; sums of pieces are added with csum_add(), a piece that began at
 * an odd position is turned by csum_odd() before. csum_fold() makes the 16-bit complement that is
 * stored, with memcpy(), as it is: because sum and field are both in memory order, nothing needs
 * byte swapping (RFC 1071, 2(B)). Numbers that are not in memory, such as the length in a
 * pseudo-header, enter as csum_be16().
 */
#ifndef HWNET_CSUM_H
#define HWNET_CSUM_H

#include <stdint.h>
#include <string.h>

#include "hwnet/parse.h"
#include "hwnet/pkt.h"

/* enum frame_csum - outcome of a verification */
enum frame_csum {
	FRAME_CSUM_UNKNOWN, /* none there, or not verifiable (fragment, cut short) */
	FRAME_CSUM_GOOD,
	FRAME_CSUM_BAD,
	FRAME_CSUM_ABSENT, /* UDP with 0: the sender computed none */
};

/**
 * csum_bytes() - Sum of bytes
 * @p:   Bytes, any alignment
 * @len: Their number
 *
 * Return: the sum.
 */
uint32_t csum_bytes(const void *p, size_t len);

/**
 * csum_copy() - Copy bytes and sum them
 * @dst: Where to
 * @src: From where
 * @len: How many
 *
 * Return: the sum.
 */
uint32_t csum_copy(void *dst, const void *src, size_t len);

static inline uint32_t csum_add(uint32_t a, uint32_t b)
{
	uint32_t s = a + b;

	return s + (s < b);
}

/* A sum of bytes that will stand at an odd position. */
static inline uint32_t csum_odd(uint32_t sum)
{
	return sum << 8 | sum >> 24;
}

/* A 16-bit number as it would stand in memory in network order. */
static inline uint32_t csum_be16(uint16_t v)
{
	uint8_t b[2] = { (uint8_t)(v >> 8), (uint8_t)v };
	uint16_t m;

	memcpy(&m, b, 2);
	return m;
}

/* Sum folded to 16 bits, not complemented. */
static inline uint16_t csum_fold16(uint32_t sum)
{
	sum = (sum & 0xffff) + (sum >> 16);
	return (uint16_t)(sum + (sum >> 16));
}

/* What goes into the field. */
static inline uint16_t csum_fold(uint32_t sum)
{
	return (uint16_t)~csum_fold16(sum);
}

/**
 * csum_pkt() - Sum of a part of a frame
 * @pkt: The frame
 * @off: From where
 * @len: How many bytes; what is beyond the frame's end is not counted
 *
 * Return: the sum, as if @off were an even position.
 */
uint32_t csum_pkt(const struct pkt *pkt, uint32_t off, uint32_t len);

/**
 * csum_pseudo4() - Pseudo-header of IPv4 (RFC 9293, 3.1)
 * @addrs: Source and destination, 8 bytes
 * @proto: Protocol
 * @len:   L4 header and payload
 *
 * Return: the sum.
 */
uint32_t csum_pseudo4(const uint8_t *addrs, uint8_t proto, uint32_t len);

/**
 * csum_pseudo6() - Pseudo-header of IPv6 (RFC 8200, 8.1)
 * @addrs: Source and destination, 32 bytes
 * @proto: Protocol
 * @len:   L4 header and payload
 *
 * Return: the sum.
 */
uint32_t csum_pseudo6(const uint8_t *addrs, uint8_t proto, uint32_t len);

/**
 * csum_pseudo() - Pseudo-header of a parsed frame
 * @p:   pkt_head()
 * @f:   The frame, with IP
 * @len: L4 header and payload
 *
 * Return: the sum.
 */
static inline uint32_t csum_pseudo(const uint8_t *p, const struct frame *f, uint32_t len)
{
	return f->flags & FRAME_IPV4 ? csum_pseudo4(p + f->saddr, f->proto, len) :
				       csum_pseudo6(p + f->saddr, f->proto, len);
}

/**
 * csum_ipv4_set() - Compute an IPv4 header's checksum and store it
 * @ip: The header, in memory of one's own, 20 to 60 bytes as it says itself
 */
void csum_ipv4_set(uint8_t *ip);

/**
 * frame_ds() - DS field of an IP header, ECN included (RFC 2474, 3; RFC 3168, 5)
 * @p: pkt_head()
 * @f: The frame, with IP; more than the fixed part of the header need not be there
 *
 * Return: its 8 bits.
 */
static inline uint8_t frame_ds(const uint8_t *p, const struct frame *f)
{
	const uint8_t *ip = p + f->l3;

	return f->flags & FRAME_IPV4 ? ip[1] : (uint8_t)(ip[0] << 4 | ip[1] >> 4);
}

/**
 * frame_set_ds() - Change it
 * @head: The frame's head, in memory of one's own
 * @f:    The frame, with IP; more than the fixed part of the header need not be there
 * @ds:   8 bits
 *
 * The checksum of an IPv4 header is updated by the difference (RFC 1624, 3): one that was wrong
 * stays wrong, so that the receiver sees what happened to the header.
 */
void frame_set_ds(uint8_t *head, const struct frame *f, uint8_t ds);

/**
 * frame_verify_ip() - Verify the IPv4 header checksum
 * @pkt: The frame
 * @f:   It, parsed
 *
 * Return: GOOD or BAD; UNKNOWN if it is not IPv4 or its header is not whole.
 */
enum frame_csum frame_verify_ip(const struct pkt *pkt, const struct frame *f);

/**
 * frame_verify_l4() - Verify the checksum of TCP, UDP, ICMP, ICMPv6 or IGMP
 * @pkt: The frame
 * @f:   It, parsed
 *
 * Flags PKT_CSUM_VALID and PKT_CSUM_PARTIAL are not looked at: this sums. SCTP's CRC-32c is
 * UNKNOWN.
 *
 * Return: enum frame_csum.
 */
enum frame_csum frame_verify_l4(const struct pkt *pkt, const struct frame *f);

/**
 * pkt_l4_csum_any() - pkt_l4_csum() of any frame
 * @pkt: The frame
 * @f:   It, parsed; not the frame in a tunnel
 *
 * Return: enum frame_csum.
 */
enum frame_csum pkt_l4_csum_any(const struct pkt *pkt, const struct frame *f);

/**
 * pkt_l4_csum() - What is known of the checksum of the header that frame_parse() finds
 * @pkt: The frame
 * @f:   It, parsed; not the frame in a tunnel
 *
 * PKT_CSUM_VALID is believed, for a checksum that is there. PKT_CSUM_PARTIAL is GOOD if it will be
 * once it is finished. Else as frame_verify_l4().
 *
 * Return: enum frame_csum.
 */
static inline enum frame_csum pkt_l4_csum(const struct pkt *pkt, const struct frame *f)
{
	unsigned said = pkt->flags & (PKT_CSUM_PARTIAL | PKT_CSUM_VALID);

	if (said == PKT_CSUM_VALID && (f->flags & (FRAME_TCP | FRAME_FRAG)) == FRAME_TCP)
		return FRAME_CSUM_GOOD;
	return pkt_l4_csum_any(pkt, f);
}

/**
 * pkt_csum_value() - The checksum that PKT_CSUM_PARTIAL wants
 * @pkt: A frame with PKT_CSUM_PARTIAL, no GSO message
 *
 * Return: the field's final value, in memory order; 0xffff for a UDP checksum that would be 0 (RFC
 * 768).
 */
uint16_t pkt_csum_value(const struct pkt *pkt);

/**
 * pkt_can_finish() - Are the words such that pkt_csum_finish() can do it?
 * @pkt: The frame, no GSO message
 *
 * Return: NULL, or why not. That its head can be copied is for pkt_can_own() to say.
 */
const char *pkt_can_finish(const struct pkt *pkt);

/**
 * pkt_csum_finish() - Complete PKT_CSUM_PARTIAL, and the outer checksum with PKT_OUTER_CSUM
 * @pkt: The frame, no GSO message
 * @buf: Filled: the same frame with a finished head. PKT_CSUM_VALID is set if the checksum is in
 *       the place where a receiver looks for it
 *
 * Return: 0, or -1 as pkt_can_finish() and pkt_can_own().
 */
int pkt_csum_finish(const struct pkt *pkt, struct pkt_buf *buf);

/**
 * frame_crc32() - CRC-32 of IEEE 802.3, as the FCS has it
 * @crc: 0, or the result for the bytes before
 * @p:   Bytes
 * @len: Their number
 *
 * The FCS is this, stored least significant byte first.
 *
 * Return: the CRC.
 */
uint32_t frame_crc32(uint32_t crc, const void *p, size_t len);

/**
 * frame_crc32_copy() - Copy bytes and compute their CRC-32 on the way
 * @crc: 0, or the result for the bytes before
 * @dst: Where to, apart from @src
 * @src: From where
 * @len: How many
 *
 * Return: as frame_crc32().
 */
uint32_t frame_crc32_copy(uint32_t crc, void *dst, const void *src, size_t len);

/**
 * pkt_crc32() - FCS of a frame
 * @pkt: The frame, as it is: nothing is completed
 *
 * Return: the CRC.
 */
uint32_t pkt_crc32(const struct pkt *pkt);

/**
 * pkt_crc32_copy() - Copy a whole frame and compute its FCS on the way
 * @pkt: The frame, as it is: nothing is completed
 * @dst: Room for pkt->len bytes
 *
 * Return: the CRC of what was copied.
 */
uint32_t pkt_crc32_copy(const struct pkt *pkt, void *dst);

#endif
