/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Frames in.
 *
 * DOC: Theory of Operation
 *
 * A burst reads a window of owned descriptors and fills them one after the other; the window is
 * given back as a block when it is used up or the burst ends. A frame that fits the next buffer is
 * written where it goes at once. One that does not, or comes while CSR3.LAPPEN is set, takes the
 * slow way: what is done is given back, then the frame's descriptors are counted, filled and
 * released one by one.
 *
 * Too few descriptors: the frame stays at the host (wait.c). Only when waiting has been given up is
 * it missed (CSR0 MISS, CSR112), or, if there are some descriptors, cut off with BUFF and OFLO as
 * the silicon does when it runs out in the midst of a frame (970A, RMD1 BUFF).
 */
#include "pcnet.h"
#include "hwnet/gso.h"

/* enum placed - what became of a frame */
enum placed { PLACED, NO_ROOM, HELD, BUS_ERROR };

/**
 * struct rx_burst - A burst being received
 * @r:      Ring, with the window's first descriptor as the current one
 * @used:   Descriptors of the window that are filled
 * @frames: Frames put into memory
 * @partly: A frame found no room although there were some descriptors
 */
struct rx_burst {
	struct pcnet_ring r;
	uint32_t used;
	unsigned frames;
	bool partly;
};

static int open_window(struct pcnet *p, struct rx_burst *b)
{
	b->r = pcnet_rx_ring(p->s);
	b->used = 0;
	return pcnet_window(p, &b->r, &p->rxwin);
}

/* Registers that show the last descriptor used. */
static void note_last(struct pcnet_state *s, const uint8_t *raw)
{
	s->csr[40] = get16(raw + PCNET_BCNT);
	s->csr[41] = pcnet_desc_flags(s, raw);
	s->csr[18] = pcnet_desc_buf(s, raw) & 0xffff;
	s->csr[19] = pcnet_desc_buf(s, raw) >> 16;
}

/* Give back what is filled. */
static int close_window(struct pcnet *p, struct rx_burst *b)
{
	uint32_t n = b->used;

	if (!n)
		return 0;
	b->used = 0;
	note_last(p->s, p->rxwin.raw + (n - 1) * pcnet_layout(p->s)->size);
	if (pcnet_window_write(p, &b->r, &p->rxwin, n, true))
		return -1;
	pcnet_rx_advance(p->s, &b->r, n);
	p->s->rx_done += n;
	return 0;
}

/* Status of a descriptor; @size is 0 unless it is the frame's last. */
static void set_status(struct pcnet *p, uint8_t *raw, uint16_t flags, const struct pcnet_rxframe *f,
		       uint32_t size)
{
	struct pcnet_state *s = p->s;
	uint16_t counts = 0;

	if (flags & D_ENP) {
		flags |= f->match;
		if (f->bad)
			flags |= D_ERR | R_CRC;
		if (p->kind == PCNET_970A) /* the 973 has a frame tag there, which is not in use */
			counts = s->runts;
		s->runts = 0;
	}
	pcnet_desc_set_flags(s, raw, flags);
	pcnet_desc_set_misc(s, raw, pcnet_layout(s)->size == 8 ? 0 : counts, size & 0xfff);
}

/* 970A, Appendix Look-Ahead Packet Processing: frames begin at descriptors with STP; skip to the
 * next one. */
static enum placed seek_stp(struct pcnet *p, struct rx_burst *b)
{
	uint32_t most = b->r.len < PCNET_MAX_CHAIN ? b->r.len : PCNET_MAX_CHAIN;
	uint8_t raw[PCNET_DESC];

	for (uint32_t i = 0; i < most; i++) {
		uint16_t flags;

		if (pcnet_desc(p, &b->r, &p->rxwin, 0, raw))
			return BUS_ERROR;
		flags = pcnet_desc_flags(p->s, raw);
		if (flags & D_STP)
			return flags & D_OWN ? PLACED : NO_ROOM;
		if ((flags & D_OWN) && pcnet_desc_release(p, &b->r, 0, raw))
			return BUS_ERROR;
		pcnet_rx_advance(p->s, &b->r, 1);
		b->r = pcnet_rx_ring(p->s);
		p->rxwin.n = 0; /* the window began elsewhere */
	}
	return NO_ROOM;
}

/* How many descriptors a frame of @total bytes needs. @room: what they hold together. */
static int count_descs(struct pcnet *p, struct rx_burst *b, uint32_t total, uint32_t *n,
		       uint32_t *room)
{
	uint8_t raw[PCNET_DESC];

	*n = *room = 0;
	while (*room < total && *n < b->r.len) {
		if (pcnet_desc(p, &b->r, &p->rxwin, *n, raw))
			return -1;
		if (!(pcnet_desc_flags(p->s, raw) & D_OWN))
			break;
		*room += pcnet_desc_len(raw);
		++*n;
	}
	return 0;
}

/* Fill @n descriptors with a frame. */
static int fill_descs(struct pcnet *p, struct rx_burst *b, const struct pcnet_rxframe *f,
		      uint32_t n)
{
	const uint8_t *bytes = pcnet_flatten(p, f);
	uint32_t left = pcnet_rx_total(f);
	uint8_t raw[PCNET_DESC];

	for (uint32_t i = 0; i < n; i++) {
		uint16_t flags = i ? 0 : D_STP;
		uint32_t len;

		if (pcnet_desc(p, &b->r, &p->rxwin, i, raw))
			return -1;
		len = pcnet_desc_len(raw) < left ? pcnet_desc_len(raw) : left;
		if (pcnet_buf_write(p, pcnet_desc_buf(p->s, raw), bytes, len)) {
			pcnet_system_error(p, "receive buffer", pcnet_desc_buf(p->s, raw));
			return -1;
		}
		bytes += len;
		left -= len;
		if (!left)
			flags |= D_ENP;
		else if (i == n - 1)
			flags |= D_ERR | R_BUFF | R_OFLO;
		set_status(p, raw, flags, f, left ? 0 : f->body + f->tail);
		if (pcnet_desc_release(p, &b->r, i, raw))
			return -1;
		if (!left)
			n = i + 1;
	}
	note_last(p->s, raw);
	pcnet_rx_advance(p->s, &b->r, n);
	p->s->rx_done += n;
	return 0;
}

/* The slow way: any number of descriptors. */
static enum placed chained(struct pcnet *p, struct rx_burst *b, const struct pcnet_rxframe *f)
{
	enum placed found;
	uint32_t n, room;

	if (close_window(p, b) || open_window(p, b))
		return BUS_ERROR;
	if (p->s->csr[3] & CSR3_LAPPEN) {
		found = seek_stp(p, b);
		if (found != PLACED)
			return found;
	}
	if (count_descs(p, b, pcnet_rx_total(f), &n, &room))
		return BUS_ERROR;
	b->partly = n;
	if (!n || (room < pcnet_rx_total(f) && n < b->r.len && !p->s->missing))
		return NO_ROOM;
	if (fill_descs(p, b, f, n) || open_window(p, b))
		return BUS_ERROR;
	return PLACED;
}

/* The next descriptor of the window has room for all of it. */
static enum placed single(struct pcnet *p, struct rx_burst *b, const struct pcnet_rxframe *f,
			  uint8_t *raw)
{
	uint32_t addr = pcnet_desc_buf(p->s, raw);

	if (pcnet_place(p, f, addr)) {
		pcnet_system_error(p, "receive buffer", addr);
		return BUS_ERROR;
	}
	set_status(p, raw, D_STP | D_ENP, f, f->body + f->tail);
	b->used++;
	return PLACED;
}

static enum placed place(struct pcnet *p, struct rx_burst *b, struct pcnet_rxframe *f)
{
	uint8_t *raw;

	if (b->used == p->rxwin.n && (close_window(p, b) || open_window(p, b)))
		return BUS_ERROR;
	pcnet_rx_measure(p->s, f);
	raw = p->rxwin.raw + b->used * pcnet_layout(p->s)->size;
	if (b->used < p->rxwin.n && pcnet_desc_len(raw) >= pcnet_rx_total(f) &&
	    !(p->s->csr[3] & CSR3_LAPPEN))
		return single(p, b, f, raw);
	return chained(p, b, f);
}

/* A frame is in memory. */
static void placed(struct pcnet *p, struct rx_burst *b, const struct pcnet_rxframe *f)
{
	if (!b->frames++)
		pcnet_rx_found(p);
	p->nic.counters.rx_frames++;
	p->nic.counters.rx_bytes += f->pkt->len;
}

/* Give back the rest and tell the driver. */
static void finish(struct pcnet *p, struct rx_burst *b)
{
	struct pcnet_state *s = p->s;

	if (close_window(p, b) || !b->frames || (s->csr[0] & CSR0_STOP))
		return;
	s->csr[0] |= CSR0_RINT;
	s->led_rx = p->now;
	pcnet_traffic(p, DIR_RX, b->frames);
	pcnet_intr(p);
}

/**
 * pcnet_rx_one() - Receive one frame that has passed the filter (loopback)
 * @p: The card
 * @f: The frame
 *
 * There is nobody to hold it: without room it is missed.
 */
void pcnet_rx_one(struct pcnet *p, struct pcnet_rxframe *f)
{
	struct rx_burst b = { .frames = 0 };

	if (open_window(p, &b))
		return;
	switch (place(p, &b, f)) {
	case PLACED:
		placed(p, &b, f);
		break;
	case NO_ROOM:
		pcnet_missed(p, 1);
		break;
	default:
		return;
	}
	finish(p, &b);
}

/* 970A, CSR124 RPA: fragments of collisions are shorter than 64 bytes and have no valid FCS. A
 * short frame with a valid one is just unpadded, as frames between virtual machines often are, and
 * is padded here. */
static bool runt(struct pcnet *p, const struct pkt *pkt)
{
	if (pkt->len >= PCNET_MIN_FRAME || !(pkt->flags & PKT_FCS_BAD) ||
	    (p->s->csr[124] & CSR124_RPA))
		return false;
	if (p->s->runts < 0xff)
		p->s->runts++;
	return true;
}

/* What the guest cannot get in any form. */
static bool unfit(struct pcnet *p, const struct pkt *pkt)
{
	uint32_t len = pkt->len + (pkt->flags & PKT_VLAN ? FRAME_TAG_LEN : 0);

	if (len <= PCNET_MAX_FRAME && pkt->gso_type == PKT_GSO_NONE && !runt(p, pkt))
		return false;
	p->nic.counters.rx_dropped++;
	return true;
}

/* Tag into the bytes, outer checksum done; the inner one is completed while copying. NULL: cannot
 * be. */
static const struct pkt *plain(struct pcnet *p, const struct pkt *pkt)
{
	struct pkt_fit fit;

	if (!(pkt->flags & (PKT_VLAN | PKT_OUTER_CSUM)))
		return pkt;
	if (!pkt_fit_begin(&fit, pkt, PKT_TAKES_CSUM))
		return pkt_fit_next(&fit, &p->fit);
	p->nic.counters.rx_dropped++;
	return NULL;
}

/* Does this frame concern the guest? Fills @f if so. */
static bool admit(struct pcnet *p, const struct pkt *pkt, struct pcnet_rxframe *f)
{
	if (!pcnet_filter(p->s, pkt_head(pkt), &f->match)) {
		p->nic.counters.rx_filtered++;
		return false;
	}
	if (unfit(p, pkt))
		return false;
	f->pkt = plain(p, pkt);
	if (!f->pkt)
		return false;
	f->fcs_own = false;
	f->bad = pkt->flags & PKT_FCS_BAD;
	f->wire = f->pkt->len < PCNET_MIN_FRAME && !f->bad ? PCNET_MIN_FRAME : f->pkt->len;
	return true;
}

/* 970A, Magic Packet: frames wake, none is received. */
static void watch(struct pcnet *p, const struct pkt *const *pkts, unsigned n)
{
	for (unsigned i = 0; i < n; i++)
		if (pcnet_magic(p, pkts[i], p->s->csr[5] & CSR5_MPPLBA))
			p->s->csr[5] |= CSR5_MPINT;
	p->nic.counters.rx_dropped += n;
	pcnet_intr(p);
}

/* Is the receiver off, or does it not listen to the network? Deals with the frames if so. */
static bool deaf(struct pcnet *p, const struct pkt *const *pkts, unsigned n)
{
	const struct pcnet_state *s = p->s;

	if (pcnet_magic_mode(s) && p->link.up) {
		watch(p, pkts, n);
		return true;
	}
	if ((s->csr[0] & CSR0_RXON) && p->link.up && pcnet_loop(p) != LOOP_INTERNAL)
		return false;
	p->nic.counters.rx_dropped += n;
	return true;
}

/* A frame from the network: placed, left at the host, or, after a long wait, what can be had. */
static enum placed receive(struct pcnet *p, struct rx_burst *b, struct pcnet_rxframe *f)
{
	bool suspended = p->s->csr[5] & CSR5_SPND;
	enum placed how;

	b->partly = false;
	how = suspended ? NO_ROOM : place(p, b, f);
	if (how != NO_ROOM)
		return how;
	if (pcnet_rx_hold(p, b->partly))
		return HELD;
	return b->partly ? place(p, b, f) : NO_ROOM;
}

/**
 * pcnet_rx() - hwnet_rx() of this model
 * @nic:  The card
 * @pkts: Frames
 * @n:    Their number
 *
 * Return: how many were dealt with.
 */
unsigned pcnet_rx(struct hwnet_nic *nic, const struct pkt *const *pkts, unsigned n)
{
	struct pcnet *p = to_pcnet(nic);
	struct rx_burst b = { .frames = 0 };
	struct pcnet_rxframe f;
	enum placed how = PLACED;
	unsigned i;

	p->rx_wait = false;
	p->now = hwnet_now(nic);
	if (deaf(p, pkts, n))
		return n;
	if (!(p->s->csr[5] & CSR5_SPND) && open_window(p, &b))
		return n;
	for (i = 0; i < n && how != BUS_ERROR; i++) {
		if (!admit(p, pkts[i], &f))
			continue;
		how = receive(p, &b, &f);
		if (how == HELD)
			break;
		if (how == PLACED)
			placed(p, &b, &f);
		else if (how == NO_ROOM)
			pcnet_missed(p, 1);
	}
	finish(p, &b);
	pcnet_arm(p);
	return how == BUS_ERROR ? n : i;
}
