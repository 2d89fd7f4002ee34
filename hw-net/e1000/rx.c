/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Receiving frames (3.2).
 *
 * DOC: Theory of Operation
 *
 * A burst goes through, frame by frame: flow control, filters, length, then descriptors, then
 * payload. Write-back and the interrupt decision come once, at the end. The first frame that finds
 * no descriptors ends the burst; it and those behind it stay at the host (RNBC, RXO, and a pause
 * frame if the guest wants those), which offers them again after rx_ready(). Nothing is lost
 * meanwhile, so MPC stays. A receiver that is off or has no link loses what comes.
 *
 * The bytes that reach the guest are those that a wire would have brought: a tag of the metadata is
 * put in, a partial checksum completed, a short frame padded, and the FCS appended unless SECRC
 * strips it. Tag and checksum alter the head only, so the head is made in memory of the card and
 * the rest copied straight from the frame.
 */
#include "e1000.h"

#define MIN_LEN	  60u	/* a wire has no shorter frames */
#define VLAN_MAX  1522u /* longest frame with CRC and tag without LPE, 13.4.22 */
#define FLAT_MAX  448u	/* up to this length a frame is made in one piece */
#define HEAD_ROOM 64u	/* in front of the head, so that tags are put in without moving it */
#define L2_ADDRS  12u

/* What is to be written: head, then the frame from a cursor on, then padding and FCS. */
struct source {
	uint8_t *head;
	uint32_t head_len;
	struct pkt_cursor cur;
	uint8_t tail[MIN_LEN + E1000_FCS_LEN];
	uint32_t tail_len, tail_in;
	uint32_t len;
};

/* One frame, as far as it is understood. */
struct arrival {
	const struct pkt *pkt;
	enum e1000_match match;
	bool tagged; /* carries a tag that VET knows */
	bool strip;  /* it is not written, but reported */
	uint16_t tci;
	int delta;	   /* bytes that a tag adds on the way to memory, or takes away */
	uint32_t wire_len; /* with tag, padding, FCS */
};

/* 13.4.22 BSIZE, BSEX */
static uint32_t buf_size(uint32_t rctl)
{
	uint32_t size = 2048u >> (rctl >> RCTL_BSIZE_SHIFT & 3);

	return rctl & RCTL_BSEX && size < 2048 ? size * 16 : size;
}

/* Chapter 9: does the frame carry a tag of the type in VET? */
static void look_at_tag(const struct e1000 *c, struct arrival *a)
{
	const uint8_t *p = pkt_head(a->pkt);
	bool meta = a->pkt->flags & PKT_VLAN;
	uint16_t type = meta ? a->pkt->vlan_tpid : frame_be16(p + L2_ADDRS);

	a->tagged = type == REG(c, VET) && (meta || a->pkt->len >= L2_ADDRS + FRAME_TAG_LEN + 2);
	if (a->tagged) {
		a->tci = meta ? a->pkt->vlan_tci : frame_be16(p + L2_ADDRS + 2);
		a->strip = REG(c, CTRL) & CTRL_VME;
	}
	if (meta != a->strip)
		a->delta = meta ? (int)FRAME_TAG_LEN : -(int)FRAME_TAG_LEN;
}

static uint32_t wire_len(const struct pkt *pkt)
{
	uint32_t len = pkt->len + (pkt->flags & PKT_VLAN ? FRAME_TAG_LEN : 0);

	return (len < MIN_LEN ? MIN_LEN : len) + E1000_FCS_LEN;
}

/* No header ends there: FRAME_HDR_MAX. */
static bool sum_too_far(const struct pkt *pkt)
{
	return (pkt->flags & PKT_CSUM_PARTIAL) &&
	       pkt->csum_start + pkt->csum_offset + 2u > FRAME_HDR_MAX;
}

/* Is it let in? Counts it if not. */
static bool admit(struct e1000 *c, struct arrival *a)
{
	uint32_t rctl = REG(c, RCTL);
	uint32_t max = rctl & (RCTL_LPE | RCTL_SBP) ? E1000_RX_MAX : VLAN_MAX;

	a->match = e1000_filter(c, pkt_head(a->pkt));
	look_at_tag(c, a);
	if (a->match == E1000_REJECT ||
	    (a->tagged && (rctl & RCTL_VFE) && !e1000_vlan_admits(c, a->tci))) {
		e1000_stat_rx_seen(c, a->wire_len);
		c->nic.counters.rx_filtered++;
		return false;
	}
	if (a->wire_len > max || a->pkt->gso_type || sum_too_far(a->pkt))
		e1000_stat_add(c, 0x40ac, 1); /* ROC */
	else if (!(a->pkt->flags & PKT_FCS_BAD))
		return true;
	else if (rctl & RCTL_SBP)
		return true;
	else
		e1000_stat_add(c, 0x4000, 1); /* CRCERRS */
	e1000_stat_rx_seen(c, a->wire_len);
	c->nic.counters.rx_dropped++;
	return false;
}

/* The front of the frame in memory of ours: at least what tag and checksum alter, or all of a small
 * frame. */
static void make_head(struct e1000 *c, const struct arrival *a, struct source *src)
{
	const struct pkt *pkt = a->pkt;
	uint32_t take = pkt->len <= FLAT_MAX - HEAD_ROOM ? pkt->len : PKT_HEAD;
	uint8_t *base = c->rx.flat + HEAD_ROOM;

	if ((pkt->flags & PKT_CSUM_PARTIAL) && take < pkt->csum_start + pkt->csum_offset + 2u)
		take = pkt->csum_start + pkt->csum_offset + 2u;
	pkt_cursor_init(&src->cur, pkt, 0);
	pkt_cursor_copy(&src->cur, base, take);
	if (pkt->flags & PKT_CSUM_PARTIAL) {
		uint16_t sum = pkt_csum_value(pkt);

		memcpy(base + pkt->csum_start + pkt->csum_offset, &sum, 2);
	}
	src->head = base - a->delta;
	src->head_len = (uint32_t)((int)take + a->delta);
	if (a->delta)
		memmove(src->head, base, L2_ADDRS);
	if (a->delta > 0) {
		frame_put_be16(src->head + L2_ADDRS, pkt->vlan_tpid);
		frame_put_be16(src->head + L2_ADDRS + 2, pkt->vlan_tci);
	}
}

/* FCS over what is written; a wrong one arrives wrong. */
static uint32_t fcs_of(const struct source *src, const struct pkt *pkt)
{
	struct pkt_cursor cur = src->cur;
	uint32_t crc = frame_crc32(0, src->head, src->head_len);

	for (; cur.left; cur.iov++, cur.in = 0) {
		uint32_t n = (uint32_t)(cur.iov->iov_len - cur.in);

		crc = frame_crc32(crc, (uint8_t *)cur.iov->iov_base + cur.in, n);
		cur.left -= n;
	}
	crc = frame_crc32(crc, src->tail, src->tail_len);
	return pkt->flags & PKT_FCS_BAD ? ~crc : crc;
}

static void make_source(struct e1000 *c, const struct arrival *a, struct source *src)
{
	uint32_t body;

	make_head(c, a, src);
	body = src->head_len + src->cur.left;
	src->tail_in = 0;
	src->tail_len = 0;
	if (body < MIN_LEN) {
		src->tail_len = MIN_LEN - body;
		memset(src->tail, 0, src->tail_len);
	}
	if (!(REG(c, RCTL) & RCTL_SECRC)) {
		uint32_t fcs = fcs_of(src, a->pkt);

		for (unsigned i = 0; i < E1000_FCS_LEN; i++)
			src->tail[src->tail_len++] = (uint8_t)(fcs >> 8 * i);
	}
	src->len = body + src->tail_len;
	if (src->cur.left)
		return;
	memcpy(src->head + src->head_len, src->tail, src->tail_len); /* small: one piece */
	src->head_len += src->tail_len;
	src->tail_len = 0;
}

/* The next @len bytes of the source. */
static void source_copy(struct source *src, uint8_t *dst, uint32_t len)
{
	uint32_t n = len < src->head_len ? len : src->head_len;

	memcpy(dst, src->head, n);
	src->head += n;
	src->head_len -= n;
	n += pkt_cursor_copy(&src->cur, dst + n, len - n);
	memcpy(dst + n, src->tail + src->tail_in, len - n);
	src->tail_in += len - n;
}

/* One buffer through memory of ours. */
static int write_copied(struct e1000 *c, struct source *src, uint64_t addr, uint32_t len)
{
	uint8_t buf[512];

	while (len) {
		uint32_t n = len < sizeof(buf) ? len : sizeof(buf);

		source_copy(src, buf, n);
		if (hwnet_dma_write(&c->nic, addr, buf, n))
			return -1;
		addr += n;
		len -= n;
	}
	return 0;
}

/* The next @len bytes to the guest's buffer at @addr. */
static int write_buffer(struct e1000 *c, struct source *src, uint64_t addr, uint32_t len)
{
	if (len <= src->head_len) {
		const uint8_t *p = src->head;

		src->head += len;
		src->head_len -= len;
		return hwnet_dma_write(&c->nic, addr, p, len);
	}
	while (len) {
		size_t got = len;
		uint8_t *dst = hwnet_dma_map(&c->nic, addr, &got, true);

		if (!dst)
			return write_copied(c, src, addr, len);
		source_copy(src, dst, (uint32_t)got);
		hwnet_dma_unmap(&c->nic, dst, got, true, got);
		addr += got;
		len -= (uint32_t)got;
	}
	return 0;
}

/* Status, errors, checksum and special of the last descriptor, 3.2.3. */
static uint64_t last_words(struct e1000 *c, const struct arrival *a)
{
	uint64_t done = e1000_rx_checksum(c, a->pkt, a->delta) | (uint64_t)RXD_EOP
									 << RXD_STATUS_SHIFT;

	if (a->match == E1000_INEXACT)
		done |= (uint64_t)RXD_PIF << RXD_STATUS_SHIFT;
	if (a->strip)
		done |= (uint64_t)RXD_VP << RXD_STATUS_SHIFT | (uint64_t)a->tci
								       << RXD_SPECIAL_SHIFT;
	if (a->pkt->flags & PKT_FCS_BAD)
		done |= (uint64_t)RXD_ERR_CE << RXD_ERRORS_SHIFT;
	return done;
}

/* Fill @count descriptors. */
static void fill(struct e1000 *c, const struct arrival *a, struct source *src, unsigned count)
{
	struct e1000_rx *rx = &c->rx;
	uint32_t size = buf_size(REG(c, RCTL)), left = src->len;
	bool failed = false;

	for (unsigned i = 0; i < count; i++) {
		const struct e1000_desc *d = &rx->desc[rx->pos + i];
		uint64_t addr = (uint64_t)d->w[1] << 32 | d->w[0];
		uint32_t n = !addr ? 0 : left < size ? left : size;

		if (n && !failed)
			failed = write_buffer(c, src, addr, n);
		left -= n;
		rx->done[rx->pos + i] = n | (uint64_t)RXD_DD << RXD_STATUS_SHIFT;
	}
	rx->done[rx->pos + count - 1] |= last_words(c, a);
	rx->pos += count;
	if (failed) {
		hwnet_guest_error(&c->nic, "receive buffer is not in memory");
		c->nic.counters.rx_dropped++;
	}
}

/* The causes of a frame that was written: RSRPD ends delays for small ones (13.4.32; it counts the
 * FCS out). */
static void note_causes(struct e1000 *c, uint32_t len)
{
	c->rx.causes |= ICR_RXT0;
	if (REG(c, RSRPD) && len - E1000_FCS_LEN <= REG(c, RSRPD))
		c->rx.causes |= ICR_SRPD;
}

static void count(struct e1000 *c, const struct arrival *a)
{
	e1000_stat_rx_seen(c, a->wire_len);
	if (a->pkt->flags & PKT_FCS_BAD)
		e1000_stat_add(c, 0x4000, 1); /* CRCERRS, not a good frame */
	else
		e1000_stat_rx(c, a->wire_len, pkt_head(a->pkt));
	c->nic.counters.rx_frames++;
	c->nic.counters.rx_bytes += a->pkt->len;
}

/* One frame. False if it must wait. */
static bool rx_one(struct e1000 *c, const struct pkt *pkt)
{
	struct arrival a = { .pkt = pkt, .wire_len = wire_len(pkt) };
	struct source src;
	uint32_t len, size = buf_size(REG(c, RCTL));
	int descs;

	if (e1000_flow_rx(c, pkt) || !admit(c, &a))
		return true;
	len = (uint32_t)((int)pkt->len + a.delta);
	len = (len < MIN_LEN ? MIN_LEN : len) + (REG(c, RCTL) & RCTL_SECRC ? 0 : E1000_FCS_LEN);
	descs = e1000_rx_reserve(c, (len + size - 1) / size);
	if (!descs)
		return false;
	if (descs < 0) {
		c->nic.counters.rx_dropped++;
		return true;
	}
	make_source(c, &a, &src);
	fill(c, &a, &src, (unsigned)descs);
	count(c, &a);
	note_causes(c, a.wire_len);
	return true;
}

/* The first frame found no descriptor. */
static void hold(struct e1000 *c, unsigned left)
{
	if (e1000_st(c)->rx_held)
		return;
	e1000_st(c)->rx_held = true;
	e1000_stat_add(c, 0x40a0, left); /* RNBC */
	e1000_flow_full(c);
	c->rx.causes |= ICR_RXO;
}

/**
 * e1000_rx_frames() - Frames that have come through the PHY, or back through a loopback
 * @c:    The card
 * @pkts: Frames
 * @n:    Their number
 *
 * Return: how many were dealt with.
 */
unsigned e1000_rx_frames(struct e1000 *c, const struct pkt *const *pkts, unsigned n)
{
	unsigned i;

	if (!(REG(c, RCTL) & RCTL_EN)) {
		c->nic.counters.rx_dropped += n;
		return n;
	}
	if (REG(c, RDH) >= e1000_ring_len(REG(c, RDLEN)))
		REG(c, RDH) = 0;
	c->rx.causes = 0;
	for (i = 0; i < n && rx_one(c, pkts[i]); i++)
		;
	e1000_rx_flush(c);
	if (i < n)
		hold(c, n - i);
	if (c->rx.causes)
		e1000_rx_done_cause(c, c->rx.causes);
	return i;
}

/**
 * e1000_rx() - Frames arrive
 * @nic:  The card
 * @pkts: Frames
 * @n:    Their number
 *
 * Return: how many were dealt with; in loopback, and without a link, none gets further than the
 * PHY.
 */
unsigned e1000_rx(struct hwnet_nic *nic, const struct pkt *const *pkts, unsigned n)
{
	struct e1000 *c = e1000_of(nic);

	if (e1000_link_up(c) && !e1000_loops(c))
		return e1000_rx_frames(c, pkts, n);
	nic->counters.rx_dropped += n;
	return n;
}

/**
 * e1000_rx_wake() - Frames that wait at the host may be offered again
 * @c: The card
 */
void e1000_rx_wake(struct e1000 *c)
{
	if (!e1000_st(c)->rx_held)
		return;
	e1000_st(c)->rx_held = false;
	e1000_flow_room(c);
	c->nic.host->rx_ready(c->nic.opaque);
}

/* 13.4.22. Takes effect at once; a receiver that was just turned on takes what comes next. */
void e1000_rctl_write(struct hwnet_nic *nic, const struct hwnet_reg *reg, unsigned index,
		      uint32_t val)
{
	struct e1000 *c = e1000_of(nic);

	REG(c, RCTL) = val & reg->wmask;
	nic->host->rx_filter_changed(nic->opaque);
	e1000_rx_wake(c);
	e1000_tx_kick(c); /* loopback needs no link */
}
