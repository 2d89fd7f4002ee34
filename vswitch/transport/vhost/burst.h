/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * A burst of frames that lie in memory of another process, with heads of their own.
 *
 * DOC: Theory of Operation
 *
 * Frames come as a header (virtio.h) and bytes, in one piece or in several. A struct pkt is made of
 * each: its first bytes are copied into the burst, the rest is borrowed where it lies. Heads and
 * lists of pieces are packed behind each other, so that a burst of short frames touches little
 * memory.
 */
#ifndef VSWITCH_VHOST_BURST_H
#define VSWITCH_VHOST_BURST_H

#include <stdbool.h>
#include <string.h>

#include "vnet-hdr.h"

/**
 * struct vring_chain - A chain that was taken and not given back
 * @id: What gives it back
 * @n:  Descriptors of the ring in it; split: 1
 */
struct vring_chain {
	uint16_t id, n;
};

/* Room in a burst: heads and pieces of PKT_BURST short frames, or of fewer long ones */
#define VRING_BURST_HEADS  (PKT_BURST * PKT_HEAD + FRAME_HDR_MAX)
#define VRING_BURST_PIECES (4 * PKT_BURST + FRAME_IOV_MAX)

/**
 * struct burst_at - How far a burst is; loops keep a copy of their own, in registers
 * @n:       Frames
 * @chains:  Chains taken, those of dropped frames included
 * @heads: @pieces: In use of @head, of @iov
 */
struct burst_at {
	unsigned n, chains, heads, pieces;
};

/**
 * struct vring_burst - Frames taken from a ring; a thread needs one for all its rings
 * @now: @n: @chains: @heads: @pieces: as in struct burst_at
 * @pkts:    The frames
 * @pkt:     Their structs
 * @at:      For each, chains taken before it
 * @chain:   The chains
 * @start: @start_wrap: The ring's @next before
 * @flat_used: @flat holds a frame of too many pieces
 */
struct vring_burst {
	union {
		struct burst_at now;
		struct {
			unsigned n, chains, heads, pieces;
		};
	};
	uint16_t start;
	bool start_wrap, flat_used;
	const struct pkt *pkts[PKT_BURST];
	struct pkt pkt[PKT_BURST];
	uint16_t at[PKT_BURST];
	struct vring_chain chain[PKT_BURST];
	struct iovec iov[VRING_BURST_PIECES];
	_Alignas(64) uint8_t head[VRING_BURST_HEADS];
	uint8_t flat[PKT_MAX_LEN + VNET_HDR_LEN];
};

/* burst_copy_head() - Copy a head; most frames are short, and copies of fixed size may overlap */
static inline void burst_copy_head(uint8_t *to, const uint8_t *from, uint32_t n)
{
	if (n == PKT_HEAD) {
		memcpy(to, from, PKT_HEAD);
	} else if (n >= 32 && n <= 64) {
		memcpy(to, from, 32);
		memcpy(to + n - 32, from + n - 32, 32);
	} else {
		memcpy(to, from, n);
	}
}

/* burst_new_frame() - The next frame, its list of @cnt pieces behind those in use */
static inline struct pkt *burst_new_frame(struct vring_burst *b, const struct burst_at *at,
					  uint32_t len, unsigned cnt)
{
	struct pkt *pkt = &b->pkt[at->n];

	memset(pkt, 0, sizeof(*pkt));
	pkt->iov = &b->iov[at->pieces];
	pkt->iovcnt = (uint16_t)cnt;
	pkt->len = len;
	return pkt;
}

/* burst_keep() - It is one: keep it, with @cnt pieces and a head of @n bytes */
static inline void burst_keep(struct vring_burst *b, struct burst_at *at, struct pkt *pkt,
			      unsigned cnt, uint32_t n)
{
	b->pkts[at->n] = pkt;
	b->at[at->n] = (uint16_t)at->chains;
	at->n++;
	at->pieces += cnt;
	at->heads += (n + 63) & ~63u;
}

/**
 * burst_plain() - Take a frame of one piece whose header asks for nothing
 * @b:    The burst, with room
 * @at:   How far it is
 * @p:    The header and, behind it, the frame
 * @hdr_len: Length of the header
 * @len:  Bytes of the frame, FRAME_ETH_LEN to PKT_MAX_LEN
 *
 * Return: false if the header asks for something; nothing was taken.
 */
static inline bool burst_plain(struct vring_burst *b, struct burst_at *at, uint8_t *p,
			       uint32_t hdr_len, uint32_t len)
{
	uint8_t *head = b->head + at->heads;
	struct iovec *iov = &b->iov[at->pieces];
	uint32_t n = len < PKT_HEAD ? len : PKT_HEAD;
	unsigned cnt = 1;
	struct vnet_hdr h;

	memcpy(&h, p, 2); /* flags and type */
	if (!vsw_vnet_plain(&h))
		return false;
	p += hdr_len;
	burst_copy_head(head, p, n);
	iov[0] = (struct iovec) { head, n };
	if (len > n)
		iov[cnt++] = (struct iovec) { p + n, len - n };
	burst_keep(b, at, burst_new_frame(b, at, len, cnt), cnt, n);
	return true;
}

/** BURST_PIECES - Most pieces that a frame may lie in. */
#define BURST_PIECES (FRAME_IOV_MAX - 2)

/* burst_pieces() - Where to list the pieces of the next frame, BURST_PIECES at most */
static inline struct iovec *burst_pieces(struct vring_burst *b)
{
	return &b->iov[b->pieces + 1];
}

/* burst_room() - Is there room for any frame? */
static inline bool burst_room(const struct burst_at *at)
{
	return at->n < PKT_BURST && at->heads + FRAME_HDR_MAX <= VRING_BURST_HEADS &&
	       at->pieces + FRAME_IOV_MAX <= VRING_BURST_PIECES;
}

/**
 * vsw_burst_any() - Take a frame of any number of pieces, with any header
 * @b:       The burst, with room
 * @cnt:     Pieces in burst_pieces(), header included
 * @hdr_len: Length of the header
 * @total:   Bytes in all pieces, @hdr_len + FRAME_ETH_LEN to @hdr_len + PKT_MAX_LEN
 *
 * Return: NULL, or why it was not taken.
 */
const char *vsw_burst_any(struct vring_burst *b, unsigned cnt, uint32_t hdr_len, uint32_t total);

#endif
