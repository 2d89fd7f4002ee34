/* SPDX-License-Identifier: BSD-2-Clause */
/* Copying out of frames, heads of one's own, VLAN tags; see hwnet/copy.h. */
#include "hwnet/copy.h"

#include "hwnet/csum.h"
#include "hwnet/parse.h"

static uint32_t min_u32(uint32_t a, uint32_t b)
{
	return a < b ? a : b;
}

void pkt_cursor_init(struct pkt_cursor *c, const struct pkt *pkt, uint32_t off)
{
	off = min_u32(off, pkt->len);
	c->iov = pkt->iov;
	c->left = pkt->len - off;
	while (c->left && off >= c->iov->iov_len)
		off -= (uint32_t)c->iov++->iov_len;
	c->in = off;
}

/* The next contiguous piece, at most @len bytes (0 < @len <= c->left); moves on. */
static const uint8_t *next_piece(struct pkt_cursor *c, uint32_t len, uint32_t *got)
{
	const uint8_t *p = (const uint8_t *)c->iov->iov_base + c->in;
	size_t here = c->iov->iov_len - c->in;

	*got = here < len ? (uint32_t)here : len;
	c->left -= *got;
	c->in += *got;
	if (c->in == c->iov->iov_len && c->left) {
		c->iov++;
		c->in = 0;
	}
	return p;
}

uint32_t pkt_cursor_copy(struct pkt_cursor *c, void *dst, uint32_t len)
{
	uint8_t *to = dst;
	uint32_t n;

	len = min_u32(len, c->left);
	for (uint32_t todo = len; todo; todo -= n) {
		const uint8_t *from = next_piece(c, todo, &n);

		memcpy(to, from, n);
		to += n;
	}
	return len;
}

uint32_t pkt_cursor_copy_crc(struct pkt_cursor *c, void *dst, uint32_t len, uint32_t *crc)
{
	uint8_t *to = dst;
	uint32_t n;

	len = min_u32(len, c->left);
	for (uint32_t todo = len; todo; todo -= n) {
		const uint8_t *from = next_piece(c, todo, &n);

		*crc = frame_crc32_copy(*crc, to, from, n);
		to += n;
	}
	return len;
}

uint32_t pkt_cursor_copy_sum(struct pkt_cursor *c, void *dst, uint32_t len, uint32_t *sum,
			     uint32_t *pos)
{
	uint8_t *to = dst;
	uint32_t n;

	len = min_u32(len, c->left);
	for (uint32_t todo = len; todo; todo -= n) {
		const uint8_t *from = next_piece(c, todo, &n);
		uint32_t part = csum_copy(to, from, n);

		*sum = csum_add(*sum, *pos & 1 ? csum_odd(part) : part);
		*pos += n;
		to += n;
	}
	return len;
}

unsigned pkt_cursor_borrow(struct pkt_cursor *c, uint32_t len, struct iovec *iov, unsigned max)
{
	unsigned cnt = 0;
	uint32_t n;

	for (uint32_t todo = min_u32(len, c->left); todo; todo -= n) {
		const uint8_t *from;

		if (cnt == max)
			return 0;
		from = next_piece(c, todo, &n);
		iov[cnt].iov_base = (void *)from;
		iov[cnt++].iov_len = n;
	}
	return cnt;
}

uint32_t pkt_copy_finished(const struct pkt *pkt, void *dst)
{
	uint8_t *to = dst;
	struct pkt_cursor c;
	uint32_t sum = 0, pos = 0, field;
	uint16_t v;

	pkt_cursor_init(&c, pkt, 0);
	if (!(pkt->flags & PKT_CSUM_PARTIAL))
		return pkt_cursor_copy(&c, dst, pkt->len);
	pkt_cursor_copy(&c, to, pkt->csum_start);
	pkt_cursor_copy_sum(&c, to + pkt->csum_start, pkt->len, &sum, &pos);
	field = (uint32_t)pkt->csum_start + pkt->csum_offset;
	v = csum_fold(sum);
	if (!v && pkt->csum_offset == FRAME_UDP_CSUM)
		v = 0xffff;
	if (field + 2 <= pkt->len)
		memcpy(to + field, &v, 2);
	return pkt->len;
}

/* How many bytes of a frame belong to its head. */
static uint32_t head_need(const struct pkt *pkt)
{
	uint32_t need = PKT_HEAD, field = (uint32_t)pkt->csum_start + pkt->csum_offset + 2;

	if (pkt->gso_type != PKT_GSO_NONE && pkt->hdr_len > need)
		need = pkt->hdr_len;
	if ((pkt->flags & PKT_CSUM_PARTIAL) && field > need)
		need = field;
	return min_u32(need, pkt->len);
}

/* How much of a frame is copied, if @drop bytes of that are left out and @add put in. */
static uint32_t own_len(const struct pkt *pkt, uint32_t drop, uint32_t add)
{
	uint32_t need = min_u32(head_need(pkt) + drop, pkt->len), have = pkt_head_len(pkt);

	return have > need && have - drop + add <= FRAME_HEAD_ROOM ? have : need;
}

/* Why a head cannot be copied so; NULL: it can. */
static const char *cannot_own(const struct pkt *pkt, uint32_t drop, uint32_t add)
{
	uint32_t len = own_len(pkt, drop, add);

	if (len - drop + add > FRAME_HEAD_ROOM ||
	    (pkt->gso_type == PKT_GSO_NONE && head_need(pkt) > FRAME_HDR_MAX))
		return "frame: headers too long";
	if (len < FRAME_ETH_LEN + drop || pkt->len + add > PKT_MAX_LEN)
		return "frame: too short or too long";
	if ((unsigned)pkt->iovcnt + (pkt_head_len(pkt) > len) > FRAME_PIECES_MAX)
		return "frame: too many pieces";
	return NULL;
}

const char *pkt_can_own(const struct pkt *pkt, bool tag)
{
	return cannot_own(pkt, 0, tag ? FRAME_TAG_LEN : 0);
}

/*
 * Copy the head, with @drop bytes left out behind the addresses and room for @add made there. The
 * offsets are those of the result.
 */
static int own_head(const struct pkt *pkt, struct pkt_buf *buf, uint32_t drop, uint32_t add)
{
	uint32_t need = own_len(pkt, drop, add);
	struct pkt_cursor c;
	unsigned cnt;

	if (cannot_own(pkt, drop, add))
		return -1;
	pkt_cursor_init(&c, pkt, 0);
	pkt_cursor_copy(&c, buf->head, FRAME_ADDRS_LEN);
	/* What is dropped is overwritten by what follows it. */
	pkt_cursor_copy(&c, buf->head + FRAME_ADDRS_LEN + add, drop);
	pkt_cursor_copy(&c, buf->head + FRAME_ADDRS_LEN + add, need - drop - FRAME_ADDRS_LEN);
	buf->iov[0].iov_base = buf->head;
	buf->iov[0].iov_len = need - drop + add;
	cnt = pkt_cursor_borrow(&c, c.left, buf->iov + 1, FRAME_PIECES_MAX - 1);
	buf->pkt = *pkt;
	buf->pkt.iov = buf->iov;
	buf->pkt.iovcnt = (uint16_t)(cnt + 1);
	buf->pkt.len = pkt->len - drop + add;
	return 0;
}

/* The bytes from behind the addresses on have moved. */
static void move_offsets(struct pkt *pkt, int by)
{
	if (pkt->flags & PKT_CSUM_PARTIAL)
		pkt->csum_start = (uint16_t)(pkt->csum_start + by);
	if (pkt->gso_type != PKT_GSO_NONE)
		pkt->hdr_len = (uint16_t)(pkt->hdr_len + by);
	if (pkt->outer_l4)
		pkt->outer_l4 = (uint16_t)(pkt->outer_l4 + by);
}

int pkt_head_own(const struct pkt *pkt, struct pkt_buf *buf)
{
	return own_head(pkt, buf, 0, 0);
}

/* Fill the gap behind the addresses with the tag of the metadata. */
static void put_tag(struct pkt_buf *buf)
{
	frame_put_be16(buf->head + FRAME_ADDRS_LEN, buf->pkt.vlan_tpid);
	frame_put_be16(buf->head + FRAME_ADDRS_LEN + 2, buf->pkt.vlan_tci);
	buf->pkt.flags &= (uint16_t)~PKT_VLAN;
	move_offsets(&buf->pkt, FRAME_TAG_LEN);
}

int pkt_vlan_to_bytes(const struct pkt *pkt, struct pkt_buf *buf)
{
	if (own_head(pkt, buf, 0, FRAME_TAG_LEN))
		return -1;
	put_tag(buf);
	return 0;
}

int pkt_vlan_into_own(struct pkt_buf *buf)
{
	size_t len = buf->iov[0].iov_len;

	if (len + FRAME_TAG_LEN > sizeof(buf->head) || buf->pkt.len + FRAME_TAG_LEN > PKT_MAX_LEN)
		return -1;
	memmove(buf->head + FRAME_ADDRS_LEN + FRAME_TAG_LEN, buf->head + FRAME_ADDRS_LEN,
		len - FRAME_ADDRS_LEN);
	buf->iov[0].iov_len = len + FRAME_TAG_LEN;
	buf->pkt.len += FRAME_TAG_LEN;
	put_tag(buf);
	return 0;
}

int pkt_vlan_to_meta(const struct pkt *pkt, struct pkt_buf *buf)
{
	struct frame_l2 l2 = frame_l2(pkt);

	if ((pkt->flags & PKT_VLAN) || !l2.tpid)
		return 1;
	/* A checksum that starts inside the tag is nonsense that would go negative. */
	if ((pkt->flags & PKT_CSUM_PARTIAL) && pkt->csum_start < l2.off)
		return -1;
	if (own_head(pkt, buf, FRAME_TAG_LEN, 0))
		return -1;
	buf->pkt.flags |= PKT_VLAN;
	buf->pkt.vlan_tpid = l2.tpid;
	buf->pkt.vlan_tci = l2.tci;
	move_offsets(&buf->pkt, -(int)FRAME_TAG_LEN);
	return 0;
}

int pkt_vlan_push(const struct pkt *pkt, uint16_t tpid, uint16_t tci, struct pkt_buf *buf)
{
	if (!(pkt->flags & PKT_VLAN))
		buf->pkt = *pkt;
	else if (pkt_vlan_to_bytes(pkt, buf))
		return -1;
	buf->pkt.flags |= PKT_VLAN;
	buf->pkt.vlan_tpid = tpid;
	buf->pkt.vlan_tci = tci;
	return 0;
}

int pkt_vlan_pop(const struct pkt *pkt, struct pkt_buf *buf)
{
	if (pkt->flags & PKT_VLAN) {
		buf->pkt = *pkt;
	} else {
		int ret = pkt_vlan_to_meta(pkt, buf);

		if (ret)
			return ret;
	}
	buf->pkt.flags &= (uint16_t)~PKT_VLAN;
	return 0;
}

int pkt_vlan_untag(const struct pkt *pkt, uint32_t min, struct pkt_buf *buf)
{
	bool pads = pkt->gso_type == PKT_GSO_NONE;
	int ret;

	if (pads && (pkt->flags & PKT_VLAN) && pkt->len < min) {
		ret = pkt_head_own(pkt, buf);
		buf->pkt.flags &= (uint16_t)~PKT_VLAN;
	} else {
		ret = pkt_vlan_pop(pkt, buf);
	}
	if (ret || !pads || buf->pkt.len >= min)
		return ret;
	/* So short a frame is all head (pkt.h). */
	memset(buf->head + buf->pkt.len, 0, min - buf->pkt.len);
	buf->iov[0].iov_len = buf->pkt.len = min;
	return 0;
}
