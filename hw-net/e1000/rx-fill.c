/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Writing a received frame into the guest's buffers.
 *
 * DOC: Theory of Operation
 *
 * The bytes that reach the guest are those that a wire would have brought: a tag of the metadata is
 * put in, a partial checksum completed, a short frame padded, and the FCS appended unless SECRC
 * strips it. Tag and checksum alter the head only, so the head is made in memory of the card and
 * the rest copied straight from the frame.
 *
 * A small frame is made in one piece and written with one call; of a large one the rest is copied
 * from where it is to where the guest wants it, and the FCS computed on the way. A frame that needs
 * none of this is copied from where it is altogether; a small one that needs an FCS alone, which is
 * what most drivers have most, takes a short cut (one_piece).
 */
#include "rx-fill.h"

#define FLAT_MAX  448u /* up to this length a frame is made in one piece */
#define HEAD_ROOM 64u  /* in front of the head, so that tags are put in without moving it */

/* The front of the frame in memory of ours: at least what tag and checksum alter, or all of a small
 * frame. */
static void make_head(struct e1000 *c, const struct e1000_arrival *a, struct e1000_source *src)
{
	const struct pkt *pkt = a->pkt;
	uint32_t take = pkt->len <= FLAT_MAX - HEAD_ROOM ? pkt->len : PKT_HEAD;
	uint8_t *base = c->rx.flat + HEAD_ROOM;

	if ((pkt->flags & PKT_CSUM_PARTIAL) && take < pkt->csum_start + pkt->csum_offset + 2u)
		take = pkt->csum_start + pkt->csum_offset + 2u;
	pkt_copy(pkt, 0, base, take);
	src->cur.left = 0;
	if (take < pkt->len)
		pkt_cursor_init(&src->cur, pkt, take);
	if (pkt->flags & PKT_CSUM_PARTIAL) {
		uint16_t sum = pkt_csum_value(pkt);

		memcpy(base + pkt->csum_start + pkt->csum_offset, &sum, 2);
	}
	src->head = base - a->delta;
	src->head_len = (uint32_t)((int)take + a->delta);
	if (a->delta)
		memmove(src->head, base, FRAME_ADDRS_LEN);
	if (a->delta > 0) {
		frame_put_be16(src->head + FRAME_ADDRS_LEN, pkt->vlan_tpid);
		frame_put_be16(src->head + FRAME_ADDRS_LEN + 2, pkt->vlan_tci);
	}
}

/* FCS over what is written; a wrong one arrives wrong. */
static void put_fcs(uint8_t *p, uint32_t crc, bool bad)
{
	put32(p, bad ? ~crc : crc);
}

/* All of the frame is in the head, where there is room for padding and FCS. */
static void finish_small(struct e1000_source *src, bool fcs)
{
	if (src->head_len < FRAME_MIN_LEN) {
		memset(src->head + src->head_len, 0, FRAME_MIN_LEN - src->head_len);
		src->head_len = FRAME_MIN_LEN;
	}
	if (!fcs)
		return;
	put_fcs(src->head + src->head_len, frame_crc32(0, src->head, src->head_len), src->fcs_bad);
	src->head_len += FRAME_FCS_LEN;
}

/* Does the frame reach memory byte for byte as it came, whatever is behind it? */
static bool is_unaltered(const struct e1000_arrival *a)
{
	return !(a->pkt->flags & PKT_CSUM_PARTIAL) && !a->delta && a->pkt->len >= FRAME_MIN_LEN;
}

/* A frame in one piece that is unaltered, and small if an FCS follows: with that it is made
 * whole. */
static void one_piece(struct e1000 *c, const struct pkt *pkt, bool fcs, struct e1000_source *src)
{
	uint8_t *p = pkt->iov[0].iov_base;

	src->head = p;
	src->head_len = src->len = pkt->len;
	src->cur.left = 0;
	if (!fcs)
		return;
	src->head = c->rx.flat;
	put_fcs(src->head + pkt->len, frame_crc32_copy(0, src->head, p, pkt->len), src->fcs_bad);
	src->head_len = src->len += FRAME_FCS_LEN;
}

/**
 * e1000_rx_source() - Make ready what is to be written for a frame
 * @c:   The card
 * @a:   The frame
 * @src: Filled; lives until the next frame's
 */
void e1000_rx_source(struct e1000 *c, const struct e1000_arrival *a, struct e1000_source *src)
{
	bool fcs = !(REG(c, RCTL) & RCTL_SECRC), small = fcs && a->pkt->len < FLAT_MAX;

	src->fcs_bad = a->pkt->flags & PKT_FCS_BAD;
	src->summing = false;
	if (!is_unaltered(a)) {
		make_head(c, a, src);
	} else if (a->pkt->iovcnt == 1 && (!fcs || small)) {
		one_piece(c, a->pkt, fcs, src);
		return;
	} else if (small) {
		make_head(c, a, src);
	} else {
		src->head = c->rx.flat;
		src->head_len = 0;
		pkt_cursor_init(&src->cur, a->pkt, 0);
	}
	if (!src->cur.left) {
		finish_small(src, fcs);
		src->len = src->head_len;
		return;
	}
	src->summing = fcs;
	src->crc = 0;
	src->fcs_in = 0;
	src->len = src->head_len + src->cur.left + (fcs ? FRAME_FCS_LEN : 0);
}

/* The next @len bytes: of the head, of the frame, and of the FCS, which is known after the last. */
static void source_next(void *from, uint8_t *dst, uint32_t len)
{
	struct e1000_source *src = from;
	uint32_t n = len < src->head_len ? len : src->head_len;

	if (src->summing)
		src->crc = frame_crc32_copy(src->crc, dst, src->head, n);
	else
		memcpy(dst, src->head, n);
	src->head += n;
	src->head_len -= n;
	if (!src->summing) {
		pkt_cursor_copy(&src->cur, dst + n, len - n);
		return;
	}
	n += pkt_cursor_copy_crc(&src->cur, dst + n, len - n, &src->crc);
	if (!src->head_len && !src->cur.left)
		put_fcs(src->fcs, src->crc, src->fcs_bad);
	memcpy(dst + n, src->fcs + src->fcs_in, len - n);
	src->fcs_in += len - n;
}

/**
 * e1000_rx_write() - Write the next bytes of a frame into a buffer of the guest
 * @c:    The card
 * @src:  The frame; moves on
 * @addr: The buffer
 * @len:  How many bytes; at most what is left
 *
 * Return: 0, or -1 if the buffer is not memory.
 */
int e1000_rx_write(struct e1000 *c, struct e1000_source *src, uint64_t addr, uint32_t len)
{
	if (len <= src->head_len && !src->summing) {
		const uint8_t *p = src->head;

		src->head += len;
		src->head_len -= len;
		return hwnet_dma_write(&c->nic, addr, p, len);
	}
	if (!src->head_len && !src->summing && src->cur.left >= len &&
	    src->cur.iov->iov_len - src->cur.in >= len) {
		struct iovec piece;

		pkt_cursor_borrow(&src->cur, len, &piece, 1);
		return hwnet_dma_write(&c->nic, addr, piece.iov_base, len);
	}
	return hwnet_fill(&c->nic, addr, len, source_next, src);
}
