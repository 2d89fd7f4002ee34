/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Receive descriptors and their buffers.
 *
 * DOC: Theory of Operation
 *
 * A burst reads a window of owned descriptors and fills them one after the other; the window is
 * given back as a block when it is used up or the burst ends. A frame that fits the next buffer is
 * written where it goes at once. One that does not, or comes while CSR3.LAPPEN is set, takes the
 * slow way: what is done is given back, then the frame's descriptors are counted, filled and
 * released one by one.
 */
#include "rx-ring.h"

#include "control.h"
#include "ring.h"
#include "rx-fill.h"

/**
 * pcnet_rx_open() - Begin with the descriptors that the card owns now
 * @p: The card
 * @b: Burst; its window is empty if there are none
 *
 * Return: 0, or -1 on a bus error; the card is stopped then.
 */
int pcnet_rx_open(struct pcnet *p, struct pcnet_burst *b)
{
	b->r = pcnet_rx_ring(p->s);
	b->used = 0;
	return pcnet_window(p, &b->r, &p->rxwin, b->want);
}

/* Registers that show the last descriptor used. */
static void note_last(struct pcnet_state *s, const uint8_t *raw)
{
	s->csr[CSR_CRBC] = get16(raw + PCNET_BCNT);
	s->csr[CSR_CRST] = pcnet_desc_flags(s, raw);
	pcnet_set_pair(s, CSR_CRBA, pcnet_desc_buf(s, raw));
}

/**
 * pcnet_rx_close() - Give back what is filled
 * @p: The card
 * @b: Burst
 *
 * Return: 0, or -1 on a bus error; the card is stopped then.
 */
int pcnet_rx_close(struct pcnet *p, struct pcnet_burst *b)
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
 * next one. 1: the card owns it; 0: it does not, or there is none; -1: bus error. */
static int seek_stp(struct pcnet *p, struct pcnet_burst *b)
{
	uint32_t most = pcnet_chain_max(&b->r);
	uint8_t raw[PCNET_DESC];

	for (uint32_t i = 0; i < most; i++) {
		uint16_t flags;

		if (pcnet_desc(p, &b->r, &p->rxwin, 0, raw))
			return -1;
		flags = pcnet_desc_flags(p->s, raw);
		if (flags & D_STP)
			return flags & D_OWN ? 1 : 0;
		if ((flags & D_OWN) && pcnet_desc_release(p, &b->r, 0, raw))
			return -1;
		pcnet_rx_advance(p->s, &b->r, 1);
		b->r = pcnet_rx_ring(p->s);
		p->rxwin.n = 0; /* the window began elsewhere */
	}
	return 0;
}

/* How many descriptors a frame of @total bytes needs. @room: what they hold together. */
static int count_descs(struct pcnet *p, struct pcnet_burst *b, uint32_t total, uint32_t *n,
		       uint32_t *room)
{
	uint8_t raw[PCNET_DESC];

	*n = *room = 0;
	while (*room < total && *n < pcnet_chain_max(&b->r)) {
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
static int fill_descs(struct pcnet *p, struct pcnet_burst *b, const struct pcnet_rxframe *f,
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
static enum pcnet_placed chained(struct pcnet *p, struct pcnet_burst *b,
				 const struct pcnet_rxframe *f)
{
	uint32_t n, room;
	int found;

	if (pcnet_rx_close(p, b) || pcnet_rx_open(p, b))
		return BUS_ERROR;
	if (p->s->csr[CSR3] & CSR3_LAPPEN) {
		found = seek_stp(p, b);
		if (found <= 0)
			return found ? BUS_ERROR : NO_ROOM;
	}
	if (count_descs(p, b, pcnet_rx_total(f), &n, &room))
		return BUS_ERROR;
	b->partly = n;
	if (!n || (room < pcnet_rx_total(f) && n < pcnet_chain_max(&b->r) && !p->s->missing))
		return NO_ROOM;
	if (fill_descs(p, b, f, n) || pcnet_rx_open(p, b))
		return BUS_ERROR;
	return PLACED;
}

/* The next descriptor of the window has room for all of it. */
static enum pcnet_placed single(struct pcnet *p, struct pcnet_burst *b,
				const struct pcnet_rxframe *f, uint8_t *raw)
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

/**
 * pcnet_rx_fill() - Put a frame into the next descriptors
 * @p: The card
 * @b: Burst
 * @f: Frame; measured here
 *
 * Return: enum pcnet_placed, never HELD.
 */
enum pcnet_placed pcnet_rx_fill(struct pcnet *p, struct pcnet_burst *b, struct pcnet_rxframe *f)
{
	uint8_t *raw;

	if (b->used == p->rxwin.n && (pcnet_rx_close(p, b) || pcnet_rx_open(p, b)))
		return BUS_ERROR;
	pcnet_rx_measure(p->s, f);
	raw = p->rxwin.raw + b->used * pcnet_layout(p->s)->size;
	if (b->used < p->rxwin.n && pcnet_desc_len(raw) >= pcnet_rx_total(f) &&
	    !(p->s->csr[CSR3] & CSR3_LAPPEN))
		return single(p, b, f, raw);
	return chained(p, b, f);
}
