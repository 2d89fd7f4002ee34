/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * A frame by reference, with the words that describe its unfinished offloads.
 *
 * DOC: Theory of Operation
 *
 * A struct pkt is what a network card, the switch and a host's network back end hand to each other.
 * It borrows the bytes: they belong to whoever made the pkt and are valid until the call that was
 * given the pkt returns. Who wants to keep a frame copies it.
 *
 * Rules for whoever makes a pkt (each receiver relies on them, none checks them again):
 *
 *  - The bytes start with the destination address (no preamble) and end before the FCS. 14 <= len
 *    <= PKT_MAX_LEN and the lengths of iov[0..iovcnt-1] add up to len. 1 <= iovcnt <= 63, and 62 if
 *    iov[0] is longer than FRAME_HDR_MAX: who alters such a frame puts a piece in front. Entries of
 *    length 0 do not occur.
 *  - iov[0] holds at least min(len, PKT_HEAD) bytes, or all headers when @hdr_len says more, in
 *    private memory: no guest can change them while the pkt lives. What follows may be memory that
 *    a guest writes at any time, so nobody takes decisions on it. PKT_HEAD covers Ethernet, two
 *    tags, IPv4 or IPv6 and TCP, each with all its options, and the headers of a VXLAN or Geneve
 *    frame without many options.
 *  - Nobody writes into a borrowed frame. To alter one, make another struct pkt with another iovec.
 *  - The outermost VLAN tag is either in the bytes (as received from a wire) or, with PKT_VLAN, in
 *    @vlan_tpid and @vlan_tci and then not in the bytes: both mean the same. All offsets count from
 *    the start of the bytes as they are.
 *  - A frame means here what it means to whoever gets it next. Who takes its outermost tag off
 *    makes the one behind it count, of either type (frame_next_tag()); who judged by the first has
 *    not judged by that.
 *  - With PKT_CSUM_PARTIAL the 16-bit field at csum_start + csum_offset holds the pseudo-header
 *    sum, not complemented, and the one's complement sum from csum_start to the end of the frame is
 *    still to be put there. Start and field are those of the TCP or UDP header that frame_parse()
 *    finds, or frame_parse_inner() in a tunnel; the frame is no fragment, and the field lies in
 *    iov[0]. So what is completed later is nothing that a filter or policy judges by. Words that a
 *    guest or a peer chose go through pkt_words_settle() (words.h).
 *  - With @gso_type other than PKT_GSO_NONE the frame is a whole TCP message (or UDP,
 *    PKT_GSO_UDP_L4) to be cut into segments of at most @gso_size payload bytes each.
 *    PKT_CSUM_PARTIAL is set, @hdr_len is the length of all headers up to the payload and lies in
 *    iov[0], gso_size > 0, len > hdr_len. Its maker puts no more than two tags into the bytes;
 *    whoever passes it on may. Cutting alters lengths, IPv4 identifications, sequence numbers, the
 *    flags FIN, PSH and CWR, and checksums; who judges by those cuts first.
 *
 * The words follow struct virtio_net_hdr (virtio 1.2, section 5.1.6.2); its 12-byte form is made of
 * them field by field.
 */
#ifndef HWNET_PKT_H
#define HWNET_PKT_H

#include <stdint.h>
#include <stddef.h>
#include <sys/uio.h>

/** PKT_HEAD - Bytes of a frame that are private and contiguous in iov[0], if it has that many. */
#define PKT_HEAD 192u
/** PKT_MAX_LEN - Longest frame, headers of a 64 KiB TSO message included. */
#define PKT_MAX_LEN (65535u + 18u + 192u)
/** PKT_BURST - Most frames in one call. */
#define PKT_BURST 64u

/**
 * enum pkt_flags - Bits of struct pkt's @flags
 * @PKT_VLAN:         vlan_tpid and vlan_tci are the outermost tag; it is not in the bytes
 * @PKT_CSUM_PARTIAL: The checksum is to be completed from csum_start
 * @PKT_CSUM_VALID:   Whoever made the pkt has verified, or computed, the checksum of the TCP or UDP
 *                    header that frame_parse() finds: in a tunnel the outer one. Of a UDP checksum
 *                    of 0 it says nothing
 * @PKT_HASH:         hash is one over the flow's addresses and ports, by any function
 * @PKT_OUTER_CSUM:   Tunnel: the outer UDP checksum is to be completed too
 * @PKT_FCS_BAD:      Sent with a wrong FCS on purpose (loopback tests of the pcnet, with DXMTFCS)
 */
enum pkt_flags {
	PKT_VLAN = 1 << 0,
	PKT_CSUM_PARTIAL = 1 << 1,
	PKT_CSUM_VALID = 1 << 2,
	PKT_HASH = 1 << 3,
	PKT_OUTER_CSUM = 1 << 4,
	PKT_FCS_BAD = 1 << 5,
};

/* enum pkt_gso - what the message will be cut into; values are those of VIRTIO_NET_HDR_GSO_* */
enum pkt_gso {
	PKT_GSO_NONE = 0,
	PKT_GSO_TCPV4 = 1,
	PKT_GSO_TCPV6 = 4,
	PKT_GSO_UDP_L4 = 5,
	PKT_GSO_ECN = 0x80, /* or-ed to TCPV4/TCPV6: CWR is set, only the first segment keeps it */
};

/**
 * struct pkt - One frame
 * @iov:         The bytes, borrowed
 * @len:         Their number
 * @iovcnt:      Entries of @iov
 * @flags:       enum pkt_flags
 * @vlan_tpid:   With PKT_VLAN: 0x8100 or 0x88a8, host order
 * @vlan_tci:    With PKT_VLAN: PCP, DEI, VID, host order
 * @csum_start:  With PKT_CSUM_PARTIAL: where summing starts (the innermost L4 header)
 * @csum_offset: With PKT_CSUM_PARTIAL: where the sum goes, from csum_start
 * @gso_type:    enum pkt_gso
 * @gso_size:    Payload bytes of a segment (MSS), 0 without GSO
 * @hdr_len:     With GSO: length of all headers
 * @outer_l4:    With a tunnel (GSO or PKT_OUTER_CSUM): offset of the outer UDP header; 0: no tunnel
 * @hash:        With PKT_HASH
 */
struct pkt {
	const struct iovec *iov;
	uint32_t len;
	uint16_t iovcnt;
	uint16_t flags;
	uint16_t vlan_tpid;
	uint16_t vlan_tci;
	uint16_t csum_start;
	uint16_t csum_offset;
	uint16_t gso_size;
	uint16_t hdr_len;
	uint16_t outer_l4;
	uint8_t gso_type;
	uint8_t reserved;
	uint32_t hash;
};

#endif
