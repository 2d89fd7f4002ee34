/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Receiving frames (3.2).
 *
 * DOC: Theory of Operation
 *
 * A burst goes through, frame by frame: flow control, filters, length, then descriptors, then
 * payload. Write-back and the interrupt decision come once, at the end. The first frame that finds
 * no descriptors ends the burst (rx-wait.c). A receiver that is off or has no link loses what
 * comes.
 */
#include "rx.h"

#include "filter.h"
#include "flow.h"
#include "intr.h"
#include "link.h"
#include "loopback.h"
#include "rx-fill.h"
#include "rx-offload.h"
#include "rx-ring.h"
#include "rx-wait.h"
#include "stats.h"
#include "tx.h"

#define VLAN_MAX 1522u /* longest frame with CRC and tag without LPE, 13.4.22 */

/* Chapter 9: does the frame carry a tag of the type in VET? */
static void look_at_tag(const struct e1000 *c, struct e1000_arrival *a)
{
	const uint8_t *p = pkt_head(a->pkt);
	bool meta = a->pkt->flags & PKT_VLAN;
	uint16_t type = meta ? a->pkt->vlan_tpid : frame_be16(p + FRAME_ADDRS_LEN);

	a->tagged =
		type == REG(c, VET) && (meta || a->pkt->len >= FRAME_ADDRS_LEN + FRAME_TAG_LEN + 2);
	if (a->tagged) {
		a->tci = meta ? a->pkt->vlan_tci : frame_be16(p + FRAME_ADDRS_LEN + 2);
		a->strip = REG(c, CTRL) & CTRL_VME;
	}
	if (meta != a->strip)
		a->delta = meta ? (int)FRAME_TAG_LEN : -(int)FRAME_TAG_LEN;
}

static uint32_t wire_len(const struct pkt *pkt)
{
	uint32_t len = pkt->len + (pkt->flags & PKT_VLAN ? FRAME_TAG_LEN : 0);

	return (len < FRAME_MIN_LEN ? FRAME_MIN_LEN : len) + FRAME_FCS_LEN;
}

/* No header ends there: FRAME_HDR_MAX. */
static bool sum_too_far(const struct pkt *pkt)
{
	return (pkt->flags & PKT_CSUM_PARTIAL) &&
	       pkt->csum_start + pkt->csum_offset + 2u > FRAME_HDR_MAX;
}

/* Is it let in? Counts it if not. */
static bool admit(struct e1000 *c, struct e1000_arrival *a)
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
	if (a->wire_len > max || a->pkt->gso_type || sum_too_far(a->pkt)) {
		e1000_stat_add(c, STAT_ROC, 1);
		e1000_stat_add(c, STAT_RLEC, 1); /* 13.7.15 */
	} else if (!(a->pkt->flags & PKT_FCS_BAD) || (rctl & RCTL_SBP)) {
		return true;
	} else {
		e1000_stat_add(c, STAT_CRCERRS, 1);
	}
	e1000_stat_rx_seen(c, a->wire_len);
	c->nic.counters.rx_dropped++;
	return false;
}

/* Status, errors, checksum and special of the last descriptor, 3.2.3. */
static uint64_t last_words(struct e1000 *c, const struct e1000_arrival *a)
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
static void fill(struct e1000 *c, const struct e1000_arrival *a, struct e1000_source *src,
		 unsigned count)
{
	struct e1000_rx *rx = &c->rx;
	uint32_t size = 1u << e1000_buf_shift(REG(c, RCTL)), left = src->len;
	bool failed = false;

	for (unsigned i = 0; i < count; i++) {
		const struct e1000_desc *d = &rx->desc[rx->pos + i];
		uint64_t addr = (uint64_t)d->w[1] << 32 | d->w[0];
		uint32_t n = !addr ? 0 : left < size ? left : size;

		if (n && !failed)
			failed = e1000_rx_write(c, src, addr, n);
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
	if (REG(c, RSRPD) && len - FRAME_FCS_LEN <= REG(c, RSRPD))
		c->rx.causes |= ICR_SRPD;
}

static void count(struct e1000 *c, const struct e1000_arrival *a)
{
	e1000_stat_rx_seen(c, a->wire_len);
	if (a->pkt->flags & PKT_FCS_BAD)
		e1000_stat_add(c, STAT_CRCERRS, 1); /* not a good frame */
	else
		e1000_stat_rx(c, a->wire_len, pkt_head(a->pkt));
	c->nic.counters.rx_frames++;
	c->nic.counters.rx_bytes += a->pkt->len;
}

/* One frame. False if it must wait. */
static bool rx_one(struct e1000 *c, const struct pkt *pkt)
{
	struct e1000_arrival a = { .pkt = pkt, .wire_len = wire_len(pkt) };
	struct e1000_source src;
	uint32_t len;
	int descs;

	if (e1000_flow_rx(c, pkt) || !admit(c, &a))
		return true;
	len = (uint32_t)((int)pkt->len + a.delta);
	len = (len < FRAME_MIN_LEN ? FRAME_MIN_LEN : len) +
	      (REG(c, RCTL) & RCTL_SECRC ? 0 : FRAME_FCS_LEN);
	descs = e1000_rx_reserve(c, ((len - 1) >> e1000_buf_shift(REG(c, RCTL))) + 1);
	if (!descs)
		return false;
	if (descs < 0) {
		c->nic.counters.rx_dropped++;
		return true;
	}
	e1000_rx_source(c, &a, &src);
	fill(c, &a, &src, (unsigned)descs);
	count(c, &a);
	note_causes(c, a.wire_len);
	return true;
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
		e1000_rx_hold(c, n - i);
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
 * e1000_rctl_write() - Hook of RCTL, 13.4.22
 *
 * Takes effect at once; a receiver that was just turned on takes what comes next.
 */
void e1000_rctl_write(struct hwnet_nic *nic, const struct hwnet_reg *reg, unsigned index,
		      uint32_t val)
{
	struct e1000 *c = e1000_of(nic);

	REG(c, RCTL) = val & reg->wmask;
	nic->host->rx_filter_changed(nic->opaque);
	e1000_rx_wake(c);
	e1000_tx_kick(c); /* loopback needs no link */
}
