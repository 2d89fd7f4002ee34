/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Where a frame's headers are.
 *
 * DOC: Theory of Operation
 *
 * frame_parse() walks Ethernet (DIX, 802.3 with LLC or SNAP), up to two tags, ARP, IPv4 or IPv6
 * with their options, and looks at TCP, UDP, SCTP, ICMP and others just long enough to say where
 * they end. The result is offsets from the start of the bytes and flags; values are read by who
 * needs them, with frame_be16() and the like, from the same pkt_head(). An offset of a header is
 * only set when the header's fixed part is in iov[0] entirely, and @payload only when its options
 * are, too.
 *
 * Lengths that the bytes claim never exceed what is there: @end is cut to the frame, with
 * FRAME_LEN_SHORT.
 */
#ifndef HWNET_PARSE_H
#define HWNET_PARSE_H

#include <stdbool.h>
#include <string.h>

#include "hwnet/copy.h"
#include "hwnet/pkt.h"

/* EtherTypes that this library knows */
#define FRAME_TYPE_IPV4 0x0800
#define FRAME_TYPE_ARP	0x0806
#define FRAME_TYPE_TEB	0x6558 /* Ethernet inside GRE or Geneve */
#define FRAME_TYPE_VLAN 0x8100
#define FRAME_TYPE_IPV6 0x86dd
#define FRAME_TYPE_CONTROL \
	0x8808 /* MAC control (IEEE 802.3, 31): from one end of a wire to the other */
#define FRAME_TYPE_QINQ	    0x88a8
#define FRAME_TYPE_QINQ_OLD 0x9100

/* IP protocol numbers */
#define FRAME_PROTO_ICMP   1
#define FRAME_PROTO_IGMP   2
#define FRAME_PROTO_TCP	   6
#define FRAME_PROTO_UDP	   17
#define FRAME_PROTO_GRE	   47
#define FRAME_PROTO_ESP	   50
#define FRAME_PROTO_AH	   51
#define FRAME_PROTO_ICMPV6 58
#define FRAME_PROTO_SCTP   132

/* UDP ports of tunnels */
#define FRAME_PORT_VXLAN     4789
#define FRAME_PORT_VXLAN_OLD 8472
#define FRAME_PORT_GENEVE    6081

/* Where TCP and UDP have their checksum */
#define FRAME_TCP_CSUM 16
#define FRAME_UDP_CSUM 6

/* TCP flags, byte 13 of the header */
#define FRAME_TCP_FIN 0x01
#define FRAME_TCP_SYN 0x02
#define FRAME_TCP_RST 0x04
#define FRAME_TCP_PSH 0x08
#define FRAME_TCP_ACK 0x10
#define FRAME_TCP_URG 0x20
#define FRAME_TCP_ECE 0x40
#define FRAME_TCP_CWR 0x80

/* enum frame_flags - what frame_parse() found */
enum frame_flags {
	FRAME_LLC = 1 << 0,  /* 802.3: a length instead of an EtherType */
	FRAME_SNAP = 1 << 1, /* ... with SNAP and organisation 0, @type is its EtherType */
	FRAME_ARP = 1 << 2,  /* Ethernet/IPv4 ARP, whole; it begins at @l3 */
	FRAME_IPV4 = 1 << 3,
	FRAME_IPV6 = 1 << 4,
	FRAME_IP_OPTS = 1 << 5,	   /* IPv4 options or IPv6 extension headers */
	FRAME_FRAG = 1 << 6,	   /* a fragment, first or later */
	FRAME_FRAG_LATER = 1 << 7, /* not the first: no L4 header */
	FRAME_ROUTING = 1 << 8,	   /* IPv6, segments left: daddr is not the final one */
	FRAME_TCP = 1 << 9,
	FRAME_UDP = 1 << 10,
	FRAME_SCTP = 1 << 11,
	FRAME_ICMP = 1 << 12,
	FRAME_ICMPV6 = 1 << 13,
	FRAME_MLD = 1 << 14, /* ICMPv6 that is MLD (RFC 3810): FRAME_ICMPV6 is set, too */
	FRAME_IGMP = 1 << 15,
	FRAME_ESP = 1 << 16,
	FRAME_AH = 1 << 17, /* an authentication header was passed on the way */
	FRAME_GRE = 1 << 18,
	FRAME_TRUNC = 1 << 19,	   /* a header goes on beyond iov[0] or the frame */
	FRAME_BAD = 1 << 20,	   /* a header contradicts itself (version, header length) */
	FRAME_LEN_SHORT = 1 << 21, /* the IP length says more than the frame has */
	FRAME_LEN_NONE = 1 << 22,  /* the IP length is 0 (TSO, jumbogram): the frame's is taken */
};

/** FRAME_IP - Either version. */
#define FRAME_IP (FRAME_IPV4 | FRAME_IPV6)
/** FRAME_PORTS - @l4 begins with source and destination port. */
#define FRAME_PORTS (FRAME_TCP | FRAME_UDP | FRAME_SCTP)

/**
 * FRAME_TAGS_MAX - Most tags passed with FRAME_OPT_TAGS: the two that a maker's message may have in
 * its bytes, and what a switch puts around it
 */
#define FRAME_TAGS_MAX 8u

/* enum frame_opts - options of frame_parse() */
enum frame_opts {
	FRAME_OPT_9100 = 1 << 0,    /* 0x9100 is a tag, too */
	FRAME_OPT_ANY_LEN = 1 << 1, /* IP lengths are not looked at: @end is the frame's (TSO) */
	FRAME_OPT_TAGS = 1 << 2, /* up to FRAME_TAGS_MAX tags are passed; @tci has the first two */
};

/**
 * struct frame - Where things are
 * @flags:   enum frame_flags
 * @end:     Where the IP datagram ends (what follows is padding); without IP: the frame's end
 * @type:    EtherType behind the tags; 0 for LLC without SNAP. A third tag is no tag but this type
 * @tci:     Tags in the bytes, outermost first
 * @n_tags:  Their number
 * @proto:   With IP: protocol of the L4 header, behind all extension headers that could be passed
 * @l2:      Offset of the destination address: 0, or that of the frame in the tunnel; for L3 in a
 *           tunnel that of @l3
 * @l3:      Offset of the IP or ARP header, or of whatever follows @type
 * @l4:      Offset of the L4 header; 0: none found
 * @payload: Offset behind it; 0: unknown
 * @saddr: @daddr: Offsets of the IP addresses; 0 without IP
 * @frag:    IPv6: offset of the fragment header, 0: none
 */
struct frame {
	uint32_t flags;
	uint32_t end;
	uint16_t type;
	uint16_t tci[2];
	uint8_t n_tags;
	uint8_t proto;
	uint16_t l2, l3, l4, payload;
	uint16_t saddr, daddr;
	uint16_t frag;
};

/* enum frame_tunnel - what a caller knows to be in a UDP datagram, or in GRE */
enum frame_tunnel { FRAME_VXLAN, FRAME_GENEVE, FRAME_GRE_TUNNEL };

/* Loads from any address, in network order. */
static inline uint16_t frame_be16(const uint8_t *p)
{
	return (uint16_t)(p[0] << 8 | p[1]);
}

static inline uint32_t frame_be32(const uint8_t *p)
{
	return (uint32_t)p[0] << 24 | (uint32_t)p[1] << 16 | (uint32_t)p[2] << 8 | p[3];
}

static inline void frame_put_be16(uint8_t *p, uint16_t v)
{
	p[0] = (uint8_t)(v >> 8);
	p[1] = (uint8_t)v;
}

static inline void frame_put_be32(uint8_t *p, uint32_t v)
{
	frame_put_be16(p, (uint16_t)(v >> 16));
	frame_put_be16(p + 2, (uint16_t)v);
}

/* Is an address one of a group, or that of all? */
static inline bool frame_is_group(const uint8_t *addr)
{
	return addr[0] & 1;
}

static inline bool frame_is_broadcast(const uint8_t *addr)
{
	return frame_be32(addr) == 0xffffffff && frame_be16(addr + 4) == 0xffff;
}

/* Is this EtherType that of a tag (802.1Q-2018, table 9-1)? */
static inline bool frame_is_tag(uint16_t type)
{
	return type == FRAME_TYPE_VLAN || type == FRAME_TYPE_QINQ;
}

/**
 * frame_parse() - Parse a frame
 * @f:    Filled
 * @pkt:  The frame
 * @opts: enum frame_opts
 *
 * A tag in the metadata is the caller's business: tags here are those in the bytes.
 */
void frame_parse(struct frame *f, const struct pkt *pkt, unsigned opts);

/**
 * frame_parse_eth() - Parse a frame that stands somewhere in a buffer
 * @f:    Filled; offsets count from @p
 * @p:    Start of the bytes
 * @have: Bytes that may be read
 * @len:  Bytes that exist (>= @have), for lengths
 * @off:  Where the Ethernet header is
 * @opts: enum frame_opts
 */
void frame_parse_eth(struct frame *f, const uint8_t *p, uint32_t have, uint32_t len, uint32_t off,
		     unsigned opts);

/**
 * frame_parse_l3() - Parse from a network header on
 * @f:    Filled; offsets count from @p
 * @p:    Start of the bytes
 * @have: Bytes that may be read
 * @len:  Bytes that exist (>= @have)
 * @off:  Where the header is
 * @type: Its EtherType
 * @opts: enum frame_opts
 */
void frame_parse_l3(struct frame *f, const uint8_t *p, uint32_t have, uint32_t len, uint32_t off,
		    uint16_t type, unsigned opts);

/**
 * frame_parse_tunnel() - Parse the frame inside a tunnel
 * @f:     Filled; offsets count from the start of the outer frame
 * @pkt:   The outer frame
 * @outer: It, parsed
 * @kind:  What the caller knows it to be (by port number or configuration); VXLAN RFC 7348, Geneve
 *         RFC 8926, GRE RFC 2784 and 2890
 * @opts:  enum frame_opts
 *
 * Return: true if the tunnel header was sound and @f is filled.
 */
bool frame_parse_tunnel(struct frame *f, const struct pkt *pkt, const struct frame *outer,
			enum frame_tunnel kind, unsigned opts);

/**
 * frame_parse_inner() - Parse the frame inside a tunnel that the UDP port tells
 * @f:     Filled
 * @pkt:   The outer frame
 * @outer: It, parsed
 * @opts:  enum frame_opts
 *
 * VXLAN on ports 4789 and 8472 (Linux before it had a number), Geneve on 6081; the ports for which
 * Linux's vmxnet3 driver asks for offloads.
 *
 * Return: as frame_parse_tunnel(); false for other ports.
 */
bool frame_parse_inner(struct frame *f, const struct pkt *pkt, const struct frame *outer,
		       unsigned opts);

/**
 * frame_next_tag() - The tag behind the outermost one
 * @pkt: A frame
 *
 * It counts for whoever gets the frame when the outermost one is taken off (pkt_vlan_pop()).
 *
 * Return: its EtherType << 16 | TCI; 0: there is none. Of a tag that the frame is too short for the
 * TCI is 0.
 */
static inline uint32_t frame_next_tag(const struct pkt *pkt)
{
	uint32_t at = pkt->flags & PKT_VLAN ? FRAME_ADDRS_LEN : FRAME_ADDRS_LEN + FRAME_TAG_LEN;
	const uint8_t *p = pkt_head(pkt);
	uint16_t type;

	if (!(pkt->flags & PKT_VLAN) && !frame_is_tag(frame_be16(p + FRAME_ADDRS_LEN)))
		return 0;
	if (pkt_head_len(pkt) < at + 2)
		return 0;
	type = frame_be16(p + at);
	if (!frame_is_tag(type))
		return 0;
	return (uint32_t)type << 16 | (pkt_head_len(pkt) < at + 4 ? 0 : frame_be16(p + at + 2));
}

/**
 * struct frame_l2 - The least that a switch or receive filter wants
 * @type:   EtherType (or 802.3 length) behind one tag
 * @tci:    The outermost tag, from the metadata or the bytes
 * @tpid:   Its EtherType; 0: untagged
 * @off:    Offset of what follows @type in the bytes
 */
struct frame_l2 {
	uint16_t type;
	uint16_t tci;
	uint16_t tpid;
	uint16_t off;
};

/**
 * frame_l2() - Look at Ethernet and the outermost tag only
 * @pkt: The frame
 *
 * Return: what is there. A tag that the frame is too short for is taken as untagged, of that type.
 */
static inline struct frame_l2 frame_l2(const struct pkt *pkt)
{
	const uint8_t *p = pkt_head(pkt);
	struct frame_l2 l2 = { frame_be16(p + 12), 0, 0, 14 };

	if (pkt->flags & PKT_VLAN) {
		l2.tci = pkt->vlan_tci;
		l2.tpid = pkt->vlan_tpid;
	} else if ((l2.type == FRAME_TYPE_VLAN || l2.type == FRAME_TYPE_QINQ) &&
		   pkt_head_len(pkt) >= 18) {
		l2.tpid = l2.type;
		l2.tci = frame_be16(p + 14);
		l2.type = frame_be16(p + 16);
		l2.off = 18;
	}
	return l2;
}

#endif
