/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Getting bytes out of a frame, and VLAN tags into and out of its bytes.
 */
#ifndef HWNET_COPY_H
#define HWNET_COPY_H

#include <stdbool.h>
#include <string.h>

#include "hwnet/pkt.h"

/**
 * FRAME_HDR_MAX - Longest headers of a GSO message and highest end of a checksum field dealt with.
 */
#define FRAME_HDR_MAX 512u
/** FRAME_IOV_MAX - Entries in a struct pkt_buf. */
#define FRAME_IOV_MAX 64u
/**
 * FRAME_PIECES_MAX - Most pieces of a frame (pkt.h), altered or not
 *
 * A frame whose first piece is longer than FRAME_HDR_MAX gets one more when its head is copied, so
 * its maker keeps to one less. Other heads are copied whole, however often that happens.
 */
#define FRAME_PIECES_MAX (FRAME_IOV_MAX - 1u)
/** FRAME_ADDRS_LEN - Bytes of the two addresses: a tag stands behind them, or the EtherType. */
#define FRAME_ADDRS_LEN 12u
/** FRAME_ETH_LEN - Bytes of an Ethernet header without tag. */
#define FRAME_ETH_LEN 14u
/** FRAME_TAG_LEN - Bytes of a VLAN tag (IEEE 802.1Q, 9.3). */
#define FRAME_TAG_LEN 4u
/** FRAME_MIN_LEN - Shortest frame on a wire, without FCS (IEEE 802.3, 3.2.8). */
#define FRAME_MIN_LEN 60u
/** FRAME_FCS_LEN - Bytes of the FCS behind it. */
#define FRAME_FCS_LEN 4u
/** FRAME_HEAD_ROOM - Longest head of an altered frame: with four tags more than it had. */
#define FRAME_HEAD_ROOM (FRAME_HDR_MAX + 4u * FRAME_TAG_LEN)

/**
 * struct pkt_buf - An altered frame: its own head, the rest borrowed
 * @pkt:  The frame; @pkt.iov is @iov
 * @head: iov[0]
 * @iov:  @head, then pieces of the original
 *
 * About 1.6 KiB, of which only what the frame needs is touched.
 */
struct pkt_buf {
	struct pkt pkt;
	uint8_t head[FRAME_HEAD_ROOM];
	struct iovec iov[FRAME_IOV_MAX];
};

/**
 * struct pkt_cursor - A place in a frame that moves on
 * @iov:  Current entry
 * @in:   Bytes of it that are behind us
 * @left: Bytes of the frame that are ahead
 */
struct pkt_cursor {
	const struct iovec *iov;
	size_t in;
	uint32_t left;
};

/**
 * pkt_head() - The private, contiguous front of a frame
 * @pkt: The frame
 *
 * Return: iov[0].
 */
static inline const uint8_t *pkt_head(const struct pkt *pkt)
{
	return pkt->iov[0].iov_base;
}

/**
 * pkt_head_len() - How much of it
 * @pkt: The frame
 *
 * Return: bytes.
 */
static inline uint32_t pkt_head_len(const struct pkt *pkt)
{
	return (uint32_t)pkt->iov[0].iov_len;
}

/**
 * pkt_front() - How much of a frame's front to copy, so that few pieces are left
 * @pkt:  The frame
 * @room: Bytes there is room for, at least PKT_HEAD
 *
 * Return: all of iov[0], or PKT_HEAD if there is no room for that.
 */
static inline uint32_t pkt_front(const struct pkt *pkt, uint32_t room)
{
	return pkt_head_len(pkt) <= room ? pkt_head_len(pkt) : PKT_HEAD;
}

/**
 * pkt_pieces_fit() - Has a frame as few pieces as pkt.h says?
 * @pkt: The frame
 *
 * Return: true if its head can be copied.
 */
static inline bool pkt_pieces_fit(const struct pkt *pkt)
{
	return pkt->iovcnt < FRAME_PIECES_MAX ||
	       (pkt->iovcnt == FRAME_PIECES_MAX && pkt_head_len(pkt) <= FRAME_HDR_MAX);
}

/**
 * pkt_flat() - Make a frame of one buffer, without offloads
 * @pkt: Filled
 * @iov: One entry, filled; lives as long as @pkt
 * @buf: The bytes
 * @len: Their number, 14 to PKT_MAX_LEN
 */
static inline void pkt_flat(struct pkt *pkt, struct iovec *iov, const void *buf, uint32_t len)
{
	iov->iov_base = (void *)buf;
	iov->iov_len = len;
	memset(pkt, 0, sizeof(*pkt));
	pkt->iov = iov;
	pkt->iovcnt = 1;
	pkt->len = len;
}

/**
 * pkt_cursor_init() - Set a cursor
 * @c:   The cursor
 * @pkt: The frame
 * @off: Where; beyond the end counts as the end
 */
void pkt_cursor_init(struct pkt_cursor *c, const struct pkt *pkt, uint32_t off);

/**
 * pkt_cursor_copy() - Copy the next bytes and move on
 * @c:   The cursor
 * @dst: Where to
 * @len: How many
 *
 * Return: bytes copied: @len, or what was left.
 */
uint32_t pkt_cursor_copy(struct pkt_cursor *c, void *dst, uint32_t len);

/**
 * pkt_cursor_copy_crc() - Copy the next bytes, compute their CRC-32 on the way, and move on
 * @c:   The cursor
 * @dst: Where to
 * @len: How many
 * @crc: As frame_crc32() returned it for what comes before, or 0; updated
 *
 * Return: bytes copied: @len, or what was left.
 */
uint32_t pkt_cursor_copy_crc(struct pkt_cursor *c, void *dst, uint32_t len, uint32_t *crc);

/**
 * pkt_cursor_copy_sum() - Copy the next bytes, sum them as the internet checksum does, and move on
 * @c:   The cursor
 * @dst: Where to
 * @len: How many
 * @sum: The sum so far, of @pos bytes; updated
 * @pos: Bytes summed so far; updated. A piece that starts at an odd @pos is summed right.
 *
 * Sums are as in csum.h.
 *
 * Return: bytes copied.
 */
uint32_t pkt_cursor_copy_sum(struct pkt_cursor *c, void *dst, uint32_t len, uint32_t *sum,
			     uint32_t *pos);

/**
 * pkt_cursor_borrow() - Borrow the next bytes as iovec entries and move on
 * @c:   The cursor
 * @len: How many bytes; at most what is left
 * @iov: Filled
 * @max: Room in @iov
 *
 * Return: entries filled, or 0 if there were more than @max (or nothing).
 */
unsigned pkt_cursor_borrow(struct pkt_cursor *c, uint32_t len, struct iovec *iov, unsigned max);

/**
 * pkt_copy() - Copy from anywhere in a frame
 * @pkt: The frame
 * @off: From where
 * @dst: Where to
 * @len: How many
 *
 * Return: bytes copied: @len, or what there is from @off.
 */
static inline uint32_t pkt_copy(const struct pkt *pkt, uint32_t off, void *dst, uint32_t len)
{
	struct pkt_cursor c;

	if (off <= pkt_head_len(pkt) && len <= pkt_head_len(pkt) - off) {
		memcpy(dst, pkt_head(pkt) + off, len);
		return len;
	}
	pkt_cursor_init(&c, pkt, off);
	return pkt_cursor_copy(&c, dst, len);
}

/**
 * pkt_copy_finished() - Copy a whole frame and complete its checksum on the way
 * @pkt: The frame; no GSO message. A tag in the metadata stays there
 * @dst: Room for pkt->len bytes
 *
 * One pass: the sum is taken while copying.
 *
 * Return: pkt->len.
 */
uint32_t pkt_copy_finished(const struct pkt *pkt, void *dst);

/**
 * pkt_can_own() - Could pkt_head_own() do it, with a tag put in besides?
 * @pkt: The frame
 * @tag: With a tag
 *
 * Return: NULL, or why not: the frame breaks the rules of pkt.h, or would be too long.
 */
const char *pkt_can_own(const struct pkt *pkt, bool tag);

/**
 * pkt_head_own() - Copy a frame's head into a buffer so that it may be altered
 * @pkt: The frame
 * @buf: Filled: @buf->pkt is the same frame, its head in @buf->head
 *
 * The head is all of iov[0], if there is room for it; else the headers (GSO), what is up to a
 * checksum field to be completed, or PKT_HEAD bytes, whatever is most.
 *
 * Return: 0, or -1 as pkt_can_own().
 */
int pkt_head_own(const struct pkt *pkt, struct pkt_buf *buf);

/**
 * pkt_vlan_to_bytes() - Move the tag of the metadata into the bytes
 * @pkt: A frame with PKT_VLAN
 * @buf: Filled; offsets follow
 *
 * Return: 0, or -1 as pkt_head_own().
 */
int pkt_vlan_to_bytes(const struct pkt *pkt, struct pkt_buf *buf);

/**
 * pkt_vlan_into_own() - pkt_vlan_to_bytes() for a frame that is in a buffer already
 * @buf: A frame with PKT_VLAN whose iov[0] is @buf->head; altered
 *
 * Return: 0, or -1 if the frame would be too long.
 */
int pkt_vlan_into_own(struct pkt_buf *buf);

/**
 * pkt_vlan_to_meta() - Move the outermost tag of the bytes into the metadata
 * @pkt: A frame without PKT_VLAN
 * @buf: Filled; offsets follow
 *
 * Return: 0; 1 if there is no tag (0x8100 or 0x88a8) in the bytes, then @buf is not filled; -1 as
 * pkt_head_own(), or if what is left would be no frame.
 */
int pkt_vlan_to_meta(const struct pkt *pkt, struct pkt_buf *buf);

/**
 * pkt_vlan_push() - Put another tag around a frame
 * @pkt:  The frame
 * @tpid: 0x8100 or 0x88a8
 * @tci:  PCP, DEI, VID
 * @buf:  Filled; the new tag is in the metadata, one that was there is now in the bytes
 *
 * A frame without PKT_VLAN costs no copy: buf->pkt.iov is the frame's own.
 *
 * Return: 0, or -1 as pkt_head_own().
 */
int pkt_vlan_push(const struct pkt *pkt, uint16_t tpid, uint16_t tci, struct pkt_buf *buf);

/**
 * pkt_vlan_pop() - Take the outermost tag off, wherever it is
 * @pkt: The frame
 * @buf: Filled; as pkt_vlan_push(), no copy if the tag was in the metadata
 *
 * What stood behind it may be another tag, which is the outermost now, and counts for whoever gets
 * the frame: frame_next_tag() tells before.
 *
 * Return: 0; 1 if there is no tag; -1 as pkt_vlan_to_meta().
 */
int pkt_vlan_pop(const struct pkt *pkt, struct pkt_buf *buf);

/**
 * pkt_vlan_untag() - Take the outermost tag off, and pad what has become too short for a wire
 * @pkt: The frame
 * @min: Length below which zeros are put behind the frame, at most PKT_HEAD; a message is not
 *       padded
 * @buf: Filled; as pkt_vlan_pop(), but a frame that is padded is copied
 *
 * Wherever the tag was, the result is the same.
 *
 * Return: as pkt_vlan_pop().
 */
int pkt_vlan_untag(const struct pkt *pkt, uint32_t min, struct pkt_buf *buf);

#endif
