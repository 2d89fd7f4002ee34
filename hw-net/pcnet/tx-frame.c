/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * From transmit descriptors to a frame: gathering, padding, FCS, length.
 *
 * Rules of 970A, Transmit Descriptor Management: a frame begins with STP; owned descriptors before
 * one are given back unsent. A chain whose next descriptor the card does not own underflows: BUFF
 * and UFLO in the last descriptor that it does own, and the transmitter is off unless CSR3.DXSUFLO.
 * The driver sets OWN of the first descriptor last, so that this is always the driver's error. A
 * chain longer than PCNET_MAX_CHAIN underflows too: a ring without ENP would never end otherwise.
 */
#include "tx-frame.h"

#include "control.h"
#include "loopback.h"
#include "phy.h"
#include "ring.h"
#include "rx-fill.h"

/* The bytes are needed in one piece. */
static bool needs_copy(const struct pcnet *p)
{
	const struct pcnet_state *s = p->s;

	return (s->csr[CSR_MODE] & (MODE_DXMTFCS | MODE_LOOP)) || (s->csr[CSR3] & CSR3_BSWP) ||
	       pcnet_style(s) == STYLE_ILACC || pcnet_phy_loop(s);
}

static void one_piece(struct pcnet_slot *slot, uint32_t len)
{
	pkt_flat(&slot->pkt, slot->iov, slot->buf, len);
}

/* Borrow a long buffer as it lies; only its front, on which decisions are taken, is copied. */
static bool borrow(struct pcnet *p, struct pcnet_slot *slot, uint32_t addr, uint32_t len)
{
	uint8_t *mem = hwnet_borrow_whole(&p->nic, &p->loans, addr, len);

	if (!mem)
		return false;
	hwnet_split_head(slot->iov, slot->buf, mem, len);
	slot->pkt = (struct pkt) { .iov = slot->iov, .iovcnt = 2, .len = len };
	return true;
}

/* Append a buffer to the slot's bytes; what is too long for a frame is counted, not read. */
static int append(struct pcnet *p, struct pcnet_slot *slot, uint32_t at, uint32_t addr,
		  uint32_t len)
{
	uint32_t room =
		at < PCNET_MAX_FRAME + FRAME_FCS_LEN ? PCNET_MAX_FRAME + FRAME_FCS_LEN - at : 0;

	if (!room)
		return 0;
	if (!pcnet_buf_read(p, addr, slot->buf + at, len < room ? len : room))
		return 0;
	pcnet_system_error(p, "transmit buffer", addr);
	return -1;
}

/* The usual case, one descriptor; -1 on a bus error. */
static int whole_frame(struct pcnet *p, struct pcnet_slot *slot, uint32_t addr, uint32_t len)
{
	if (len > PCNET_COPY && len <= PCNET_MAX_FRAME && !needs_copy(p) &&
	    borrow(p, slot, addr, len))
		return 0;
	if (append(p, slot, 0, addr, len))
		return -1;
	one_piece(slot, len);
	return 0;
}

static void underflow(struct pcnet_slot *slot, uint32_t ndesc)
{
	slot->ndesc = ndesc;
	slot->error = TE_BUFF | TE_UFLO;
	slot->drop = true;
}

/* A chain from its first descriptor on; -1 on a bus error. */
static int chain(struct pcnet *p, const struct pcnet_ring *r, uint32_t at, struct pcnet_slot *slot)
{
	uint8_t raw[PCNET_DESC];
	uint32_t most = pcnet_chain_max(r), len = 0, k = 0;
	uint16_t flags = slot->flags;

	memcpy(raw, p->win.raw + at * pcnet_layout(p->s)->size, pcnet_layout(p->s)->size);
	for (;;) {
		if (append(p, slot, len, pcnet_desc_buf(p->s, raw), pcnet_desc_len(raw)))
			return -1;
		len += pcnet_desc_len(raw);
		k++;
		if (flags & D_ENP)
			break;
		if (k == most || pcnet_desc(p, r, &p->win, at + k, raw)) {
			underflow(slot, k);
			return p->s->csr[CSR0] & CSR0_STOP ? -1 : 0;
		}
		flags = pcnet_desc_flags(p->s, raw);
		if (!(flags & D_OWN)) {
			underflow(slot, k);
			return 0;
		}
	}
	/* ADD_FCS counts in the first descriptor, NO_FCS (SWSTYLE 1) and LTINT in the last. */
	if (pcnet_style(p->s) != STYLE_ILACC)
		flags = (slot->flags & T_FCS) | (flags & ~T_FCS);
	slot->flags = flags | D_STP;
	slot->ndesc = k;
	one_piece(slot, len);
	return 0;
}

/**
 * pcnet_makes_fcs() - Does the card make the FCS, or has the driver?
 * @s:    State
 * @slot: The frame
 *
 * 970A, CSR15 DXMTFCS and TMD1 ADD_FCS/NO_FCS.
 *
 * Return: true if the card does.
 */
bool pcnet_makes_fcs(const struct pcnet_state *s, const struct pcnet_slot *slot)
{
	if ((s->csr[CSR4] & CSR4_APAD) && slot->pkt.len < FRAME_MIN_LEN)
		return true;
	if (pcnet_style(s) == STYLE_ILACC)
		return !(slot->flags & T_FCS) && !(s->csr[CSR_MODE] & MODE_DXMTFCS);
	return (slot->flags & T_FCS) || !(s->csr[CSR_MODE] & MODE_DXMTFCS);
}

/* 970A, CSR4 APAD_XMT: up to 60 bytes, and FCS. */
static void pad(struct pcnet_slot *slot)
{
	memset(slot->buf + slot->pkt.len, 0, FRAME_MIN_LEN - slot->pkt.len);
	one_piece(slot, FRAME_MIN_LEN);
}

/* What a wire would make of the frame's length. */
static void check_length(struct pcnet *p, struct pcnet_slot *slot, bool fcs)
{
	uint32_t len = slot->pkt.len + (fcs ? FRAME_FCS_LEN : 0);

	/* 970A, CSR0 BABL: longer than 1518 bytes on the wire. From the 972 on the bit is
	 * reserved. */
	if (len > 1518 && p->kind == PCNET_970A)
		p->s->csr[CSR0] |= CSR0_BABL;
	if (slot->pkt.len > PCNET_MAX_FRAME + (fcs ? 0 : FRAME_FCS_LEN) ||
	    len < FRAME_ETH_LEN + FRAME_FCS_LEN)
		slot->drop = true;
}

static void finish_frame(struct pcnet *p, struct pcnet_slot *slot)
{
	const struct pcnet_state *s = p->s;
	bool fcs = pcnet_makes_fcs(s, slot);

	if ((s->csr[CSR4] & CSR4_APAD) && slot->pkt.len < FRAME_MIN_LEN)
		pad(slot);
	check_length(p, slot, fcs);
	if (slot->drop || fcs)
		return;
	if (pcnet_loop(p) == LOOP_NONE && !pcnet_fcs_take(slot))
		slot->pkt.flags |= PKT_FCS_BAD;
}

/* 970A, TMD2 LCAR: no link, and half duplex, where the carrier is listened to while sending. */
static void no_carrier(const struct pcnet *p, struct pcnet_slot *slot)
{
	if (p->link.up)
		return;
	slot->drop = true;
	if (!p->link.full)
		slot->error = TE_LCAR;
}

/**
 * pcnet_tx_frame() - Make a frame of descriptors
 * @p:    The card; its window is open
 * @r:    Ring
 * @at:   Where in the window it begins
 * @slot: Filled
 *
 * Return: 0, or -1 on a bus error; the card is stopped then.
 */
int pcnet_tx_frame(struct pcnet *p, const struct pcnet_ring *r, uint32_t at,
		   struct pcnet_slot *slot)
{
	const uint8_t *raw = p->win.raw + at * pcnet_layout(p->s)->size;
	int bad;

	slot->flags = pcnet_desc_flags(p->s, raw);
	slot->ndesc = 1;
	slot->error = 0;
	slot->drop = false;
	if (!(slot->flags & D_STP)) { /* no frame begins here */
		slot->drop = true;
		slot->pkt.len = 0;
		return 0;
	}
	if (slot->flags & D_ENP)
		bad = whole_frame(p, slot, pcnet_desc_buf(p->s, raw), pcnet_desc_len(raw));
	else
		bad = chain(p, r, at, slot);
	if (bad || slot->error)
		return bad;
	finish_frame(p, slot);
	if (pcnet_loop(p) == LOOP_NONE)
		no_carrier(p, slot);
	return 0;
}
