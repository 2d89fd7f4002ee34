/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Joining the TCP segments of a burst into messages.
 *
 * DOC: Theory of Operation
 *
 * gro_burst() gets a burst and returns one that is as long or shorter: segments that follow one
 * another in a flow have become a GSO message, others are passed through as they are. Nothing stays
 * behind for the next burst, so it adds no delay and needs no timer. A message stands where its
 * first segment stood; frames of one flow never overtake each other.
 *
 * Joined are segments whose headers differ in nothing but sequence number (which must continue),
 * checksum, IPv4 identification and length; that have no flags but ACK and PSH, equal options (so
 * equal timestamps), all the same payload length but the last, and a checksum that is known to be
 * good. PSH ends a message. Cutting the message again with gso_next() gives the segments back.
 */
#ifndef HWNET_GRO_H
#define HWNET_GRO_H

#include "hwnet/copy.h"
#include "hwnet/pkt.h"

/** GRO_FLOWS - Messages that can be under construction in a burst. */
#define GRO_FLOWS 16u

/* enum gro_opts - options of gro_burst() */
enum gro_opts {
	GRO_TCPV4 = 1 << PKT_GSO_TCPV4,
	GRO_TCPV6 = 1 << PKT_GSO_TCPV6,
	GRO_VERIFY = 1 << 8, /* sum segments without PKT_CSUM_VALID; else they pass as they are */
};

/**
 * struct gro_msg - A message under construction; private
 * @first:    Its first segment
 * @slot:     Its index in the output
 * @segs:     Segments joined
 * @next_seq: Sequence number that would continue it
 * @flow:     Hash of addresses and ports
 * @end:      Its length so far
 * @mss:      Payload of its first segment
 * @l3: @l4: @payload: @saddr: Offsets, alike in all its segments
 * @ip_id:    IPv4 identification of its first segment
 * @v6:       IPv6
 * @open:     More may be joined
 * @psh:      PSH is set
 * @buf:      The message, from the second segment on
 */
struct gro_msg {
	const struct pkt *first;
	unsigned slot, segs;
	uint32_t next_seq, flow, end, mss;
	uint16_t l3, l4, payload, saddr, ip_id;
	bool v6, open, psh;
	struct pkt_buf buf;
};

/**
 * struct gro - Storage of gro_burst(); about 28 KiB, no need to clear it
 * @n:    Messages in use
 * @msgs: Messages
 */
struct gro {
	unsigned n;
	struct gro_msg msgs[GRO_FLOWS];
};

/**
 * gro_burst() - Join what can be joined
 * @gro:  Storage; the results live in it
 * @in:   Frames, at most PKT_BURST; they live as long as the results are used
 * @n:    Their number
 * @out:  Filled, room for @n; may be the same array as @in
 * @opts: enum gro_opts
 *
 * Return: number of frames in @out.
 */
unsigned gro_burst(struct gro *gro, const struct pkt *const *in, unsigned n, const struct pkt **out,
		   unsigned opts);

#endif
