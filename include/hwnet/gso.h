/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Messages larger than a frame: checking them, cutting them, and making any frame fit for a plainer
 * receiver.
 *
 * DOC: Theory of Operation
 *
 * A GSO message (pkt.h) has one set of headers and up to 64 KiB of payload. Its maker calls
 * gso_init() on the headers, which the maker still owns, so that whoever takes the message whole
 * finds lengths and pseudo-header sums as if it were one large frame. A maker that took the words
 * from elsewhere (a virtio header) calls gso_check().
 *
 * Segmentation is an iterator: gso_begin(), then gso_next() with a struct pkt_buf for each segment,
 * until it returns NULL. Each segment borrows its payload from the message; headers, and payload up
 * to PKT_HEAD bytes, are in the buffer. Several buffers make a burst.
 *
 * pkt_fit() is what a port calls on its way out: it yields the very frame it was given if the
 * receiver can take that, and otherwise what has been made of it.
 */
#ifndef HWNET_GSO_H
#define HWNET_GSO_H

#include <stdbool.h>

#include "hwnet/copy.h"
#include "hwnet/parse.h"
#include "hwnet/pkt.h"

/* enum pkt_takes - what a receiver can take; the GSO bits are those of hwnet_rx_caps() */
enum pkt_takes {
	PKT_TAKES_CSUM = 1 << 0, /* PKT_CSUM_PARTIAL */
	PKT_TAKES_TCPV4 = 1 << PKT_GSO_TCPV4,
	PKT_TAKES_TCPV6 = 1 << PKT_GSO_TCPV6,
	PKT_TAKES_UDP_L4 = 1 << PKT_GSO_UDP_L4,
	PKT_TAKES_GSO = PKT_TAKES_TCPV4 | PKT_TAKES_TCPV6 | PKT_TAKES_UDP_L4,
	PKT_TAKES_ECN = 1 << 8,	    /* TCP messages with PKT_GSO_ECN */
	PKT_TAKES_VLAN = 1 << 9,    /* PKT_VLAN */
	PKT_TAKES_TUNNEL = 1 << 10, /* GSO inside a tunnel, PKT_OUTER_CSUM */
};

/**
 * GSO_SEGS_MAX - Most segments of a message
 *
 * Each costs whoever has to cut the message as much as a frame. Enough for 64 KiB in the smallest
 * segments that stacks make (Linux: tcp_min_snd_mss, 48 bytes with 12 of a time stamp).
 */
#define GSO_SEGS_MAX 2048u

/* enum gso_opts - options of gso_begin() */
enum gso_opts {
	GSO_FINISH = 1 << 0,	 /* complete L4 checksums; else segments have PKT_CSUM_PARTIAL */
	GSO_VLAN_BYTES = 1 << 1, /* a tag in the metadata goes into the bytes */
};

/**
 * struct gso_info - A checked message's layout
 * @l3: @l4: Innermost IP and TCP or UDP header
 * @outer_l3: With a tunnel: outer IP header, else 0
 * @v6: @outer_v6: IP versions
 * @tcp:     TCP, else UDP
 */
struct gso_info {
	uint16_t l3, l4, outer_l3;
	bool v6, outer_v6, tcp;
};

/**
 * gso_check() - Is a GSO message what pkt.h says, fresh from its maker?
 * @pkt:  The message; iov, iovcnt, len are sound, all else may be hostile
 * @info: Filled, or NULL
 *
 * Checks the words against each other and against the headers: types, offsets, header lengths,
 * number of entries and of segments, two tags in the bytes at most. Length fields and checksums in
 * the headers are not looked at; segmentation writes them anew.
 *
 * Return: NULL, or what is wrong.
 */
const char *gso_check(const struct pkt *pkt, struct gso_info *info);

/**
 * gso_init() - Complete the headers of a message one makes
 * @pkt:  The message; @gso_type, @gso_size, @len and, for a tunnel, @outer_l4 are set; @iov[0]
 *        holds the headers
 * @head: The same bytes as @iov[0], writable
 *
 * Sets @hdr_len, @csum_start, @csum_offset and PKT_CSUM_PARTIAL from the headers; writes total and
 * payload lengths, UDP lengths, IPv4 header checksums, the pseudo-header sum, and PKT_GSO_ECN if
 * CWR is set.
 *
 * Return: NULL, or what is wrong (then the frame must not be sent).
 */
const char *gso_init(struct pkt *pkt, uint8_t *head);

/**
 * gso_segments() - How many segments a message makes
 * @pkt: A message, or a frame
 *
 * Return: their number, at least 1.
 */
static inline unsigned gso_segments(const struct pkt *pkt)
{
	if (pkt->gso_type == PKT_GSO_NONE)
		return 1;
	return (pkt->len - pkt->hdr_len + pkt->gso_size - 1) / pkt->gso_size;
}

/**
 * gso_too_many() - Does a message make too many segments?
 * @payload: Its payload, bytes
 * @size:    Payload of a segment, not 0
 *
 * Return: true if they are more than GSO_SEGS_MAX.
 */
static inline bool gso_too_many(uint32_t payload, uint32_t size)
{
	return payload > GSO_SEGS_MAX * size;
}

/**
 * struct gso_iter - A message being cut; private
 * @pkt:  The message
 * @opts: enum gso_opts
 * @info: Layout, offsets as in @tmpl
 * @cur:  Where the next payload byte is
 * @seg:  Words of each segment
 * @hdr_len: Bytes of @tmpl
 * @index: Segments made
 * @outer_l4: Outer UDP header in @tmpl, with a tunnel
 * @outer_csum: It gets a checksum
 * @ip_sum: @outer_ip_sum: @l4_sum: @outer_l4_sum: Sums of what is the same in each segment
 * @tmpl: Headers, with the fields that change from segment to segment as in the message
 */
struct gso_iter {
	const struct pkt *pkt;
	unsigned opts;
	struct gso_info info;
	struct pkt_cursor cur;
	struct pkt seg;
	uint32_t hdr_len;
	uint32_t index;
	uint16_t outer_l4;
	bool outer_csum;
	uint32_t ip_sum, outer_ip_sum, l4_sum, outer_l4_sum;
	uint8_t tmpl[FRAME_HEAD_ROOM];
};

/**
 * gso_begin() - Start cutting a message
 * @it:   The iterator
 * @pkt:  The message; lives until the last segment was used
 * @opts: enum gso_opts
 *
 * Return: NULL, or what is wrong with the message; then there are no segments.
 */
const char *gso_begin(struct gso_iter *it, const struct pkt *pkt, unsigned opts);

/**
 * gso_next() - Make the next segment
 * @it:  The iterator
 * @buf: Where to
 *
 * IPv4 identifications count up from the message's; FIN and PSH are on the last segment only, CWR
 * on the first only.
 *
 * Return: @buf's pkt, or NULL after the last.
 */
const struct pkt *gso_next(struct gso_iter *it, struct pkt_buf *buf);

/**
 * gso_skip() - Go on behind segments that were made before
 * @it: An iterator that has just begun
 * @n:  How many
 *
 * For whoever got some of them out of an earlier iterator. Costs no more than one segment.
 */
void gso_skip(struct gso_iter *it, uint32_t n);

/**
 * struct pkt_fit - A frame being made fit; private
 * @pkt:   The frame, NULL when it was given out
 * @todo:  What has to be done to it
 * @gso:   If it has to be cut
 */
struct pkt_fit {
	const struct pkt *pkt;
	unsigned todo;
	struct gso_iter gso;
};

/**
 * pkt_fits() - Can a receiver take a frame as it is?
 * @pkt:   The frame
 * @takes: enum pkt_takes
 *
 * A message whose length does not go into an IP header is never taken whole.
 *
 * Return: true if there is nothing to do; callers use it as their short cut.
 */
static inline bool pkt_fits(const struct pkt *pkt, uint32_t takes)
{
	if (!(pkt->flags & (PKT_VLAN | PKT_CSUM_PARTIAL | PKT_OUTER_CSUM)) && !pkt->gso_type)
		return true;
	if ((pkt->flags & PKT_VLAN) && !(takes & PKT_TAKES_VLAN))
		return false;
	if ((pkt->flags & PKT_CSUM_PARTIAL) && !(takes & PKT_TAKES_CSUM))
		return false;
	if ((pkt->flags & PKT_OUTER_CSUM) && !(takes & PKT_TAKES_TUNNEL))
		return false;
	if (pkt->gso_type == PKT_GSO_NONE)
		return true;
	if (pkt->len > UINT16_MAX || (pkt->outer_l4 && !(takes & PKT_TAKES_TUNNEL)))
		return false;
	if ((pkt->gso_type & PKT_GSO_ECN) && !(takes & PKT_TAKES_ECN))
		return false;
	return takes & 1u << (pkt->gso_type & ~PKT_GSO_ECN & 31);
}

/**
 * pkt_fit_begin() - Make a frame fit for a receiver
 * @fit:   The iterator
 * @pkt:   The frame; lives until the last result was used
 * @takes: enum pkt_takes
 *
 * Return: NULL, then there is one result at least; or what is wrong with the frame: it yields
 * nothing, and is to be dropped and counted.
 */
const char *pkt_fit_begin(struct pkt_fit *fit, const struct pkt *pkt, uint32_t takes);

/**
 * pkt_fit_next() - The next frame for the receiver
 * @fit: The iterator
 * @buf: Used if something has to be altered; its contents live as long as the result
 *
 * Return: a frame: the original, or @buf's; NULL after the last.
 */
const struct pkt *pkt_fit_next(struct pkt_fit *fit, struct pkt_buf *buf);

/**
 * pkt_fit_skip() - Go on behind results that were used before
 * @fit: An iterator that has just begun, on the same frame for the same receiver
 * @n:   How many
 */
void pkt_fit_skip(struct pkt_fit *fit, uint32_t n);

#endif
