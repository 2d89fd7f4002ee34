/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Frames out.
 *
 * DOC: Theory of Operation
 *
 * A burst: read a window of owned descriptors, make frames of them, hand those over in one call,
 * give back the descriptors of the frames that were taken. Frames that were not stay in the ring
 * with OWN set, and nothing is read until hwnet_tx_ready(). Nothing of a half-made frame outlives
 * the call, so none is saved.
 *
 * Frames that are not simply handed over (loopback, errors, too short or too long for a wire) end a
 * burst and make one of their own, so that the order stays and partial acceptance has one place.
 *
 * Rules of 970A, Transmit Descriptor Management: a frame begins with STP; owned descriptors before
 * one are given back unsent. A chain whose next descriptor the card does not own underflows: BUFF
 * and UFLO in the last descriptor that it does own, and the transmitter is off unless CSR3.DXSUFLO.
 * The driver sets OWN of the first descriptor last, so that this is always the driver's error. A
 * chain longer than PCNET_MAX_CHAIN underflows too: a ring without ENP would never end otherwise.
 */
#include "pcnet.h"
#include "hwnet/csum.h"

static bool tx_on(const struct pcnet_state *s)
{
	return (s->csr[0] & CSR0_TXON) && !(s->csr[5] & CSR5_SPND) && !pcnet_magic_mode(s);
}

/* The bytes are needed in one piece. */
static bool needs_copy(const struct pcnet *p)
{
	const struct pcnet_state *s = p->s;

	return (s->csr[15] & (MODE_DXMTFCS | MODE_LOOP)) || (s->csr[3] & CSR3_BSWP) ||
	       (s->bcr[20] & 3) == 1 || pcnet_phy_loop(s);
}

static void one_piece(struct pcnet_slot *slot, uint32_t len)
{
	pkt_flat(&slot->pkt, slot->iov, slot->buf, len);
}

/* Lend a long buffer as it lies; only its front, on which decisions are taken, is copied. */
static bool lend(struct pcnet *p, struct pcnet_slot *slot, uint32_t addr, uint32_t len)
{
	size_t got = len;
	uint8_t *mem = hwnet_dma_map(&p->nic, addr, &got, false);

	if (!mem)
		return false;
	if (got < len) {
		hwnet_dma_unmap(&p->nic, mem, got, false, 0);
		return false;
	}
	memcpy(slot->buf, mem, PKT_HEAD);
	one_piece(slot, PKT_HEAD);
	slot->iov[1].iov_base = mem + PKT_HEAD;
	slot->iov[1].iov_len = len - PKT_HEAD;
	slot->pkt.iovcnt = 2;
	slot->pkt.len = len;
	slot->map = mem;
	slot->maplen = got;
	return true;
}

/* Append a buffer to the slot's bytes; what is too long for a frame is counted, not read. */
static int append(struct pcnet *p, struct pcnet_slot *slot, uint32_t at, uint32_t addr,
		  uint32_t len)
{
	uint32_t room = at < PCNET_MAX_FRAME + PCNET_FCS ? PCNET_MAX_FRAME + PCNET_FCS - at : 0;

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
	    lend(p, slot, addr, len))
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

/* A chain from its first descriptor in @raw on; -1 on a bus error. */
static int chain(struct pcnet *p, const struct pcnet_ring *r, uint32_t at, uint8_t *raw,
		 struct pcnet_slot *slot)
{
	uint32_t most = r->len < PCNET_MAX_CHAIN ? r->len : PCNET_MAX_CHAIN, len = 0, k = 0;
	uint16_t flags = slot->flags;

	for (;;) {
		if (append(p, slot, len, pcnet_desc_buf(p->s, raw), pcnet_desc_len(raw)))
			return -1;
		len += pcnet_desc_len(raw);
		k++;
		if (flags & D_ENP)
			break;
		if (k == most || pcnet_desc(p, r, &p->win, at + k, raw)) {
			underflow(slot, k);
			return p->s->csr[0] & CSR0_STOP ? -1 : 0;
		}
		flags = pcnet_desc_flags(p->s, raw);
		if (!(flags & D_OWN)) {
			underflow(slot, k);
			return 0;
		}
	}
	/* ADD_FCS counts in the first descriptor, NO_FCS (SWSTYLE 1) and LTINT in the last. */
	slot->flags = (slot->flags & T_FCS) | (flags & ~T_FCS);
	if ((p->s->bcr[20] & 3) == 1)
		slot->flags = flags;
	slot->ndesc = k;
	one_piece(slot, len);
	return 0;
}

/* Does the card make the FCS, or has the driver? 970A, CSR15 DXMTFCS and TMD1 ADD_FCS/NO_FCS. */
static bool makes_fcs(const struct pcnet_state *s, const struct pcnet_slot *slot)
{
	if ((s->csr[4] & CSR4_APAD) && slot->pkt.len < PCNET_MIN_FRAME)
		return true;
	if ((s->bcr[20] & 3) == 1)
		return !(slot->flags & T_FCS) && !(s->csr[15] & MODE_DXMTFCS);
	return (slot->flags & T_FCS) || !(s->csr[15] & MODE_DXMTFCS);
}

/* 970A, CSR4 APAD_XMT: up to 60 bytes, and FCS. */
static void pad(struct pcnet_slot *slot)
{
	memset(slot->buf + slot->pkt.len, 0, PCNET_MIN_FRAME - slot->pkt.len);
	one_piece(slot, PCNET_MIN_FRAME);
}

/* What a wire would make of the frame's length. */
static void check_length(struct pcnet *p, struct pcnet_slot *slot, bool fcs)
{
	uint32_t len = slot->pkt.len + (fcs ? PCNET_FCS : 0);

	if (len > 1518) /* 970A, CSR0 BABL: longer than 1518 bytes on the wire */
		p->s->csr[0] |= CSR0_BABL;
	if (slot->pkt.len > PCNET_MAX_FRAME + (fcs ? 0 : PCNET_FCS) || len < 14 + PCNET_FCS)
		slot->drop = true;
}

static void finish_frame(struct pcnet *p, struct pcnet_slot *slot)
{
	const struct pcnet_state *s = p->s;
	bool fcs = makes_fcs(s, slot);

	if ((s->csr[4] & CSR4_APAD) && slot->pkt.len < PCNET_MIN_FRAME)
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

/* Make a frame of the descriptors from @at on; -1 on a bus error. */
static int make_frame(struct pcnet *p, const struct pcnet_ring *r, uint32_t at,
		      struct pcnet_slot *slot)
{
	uint8_t raw[PCNET_DESC];
	int bad;

	memcpy(raw, p->win.raw + at * pcnet_layout(p->s)->size, pcnet_layout(p->s)->size);
	slot->flags = pcnet_desc_flags(p->s, raw);
	slot->ndesc = 1;
	slot->error = 0;
	slot->drop = false;
	slot->map = NULL;
	if (!(slot->flags & D_STP)) { /* no frame begins here */
		slot->drop = true;
		slot->pkt.len = 0;
		return 0;
	}
	if (slot->flags & D_ENP)
		bad = whole_frame(p, slot, pcnet_desc_buf(p->s, raw), pcnet_desc_len(raw));
	else
		bad = chain(p, r, at, raw, slot);
	if (bad || slot->error)
		return bad;
	finish_frame(p, slot);
	if (pcnet_loop(p) == LOOP_NONE)
		no_carrier(p, slot);
	return 0;
}

static void unlend(struct pcnet *p, struct pcnet_slot *slot, unsigned n)
{
	for (; n; n--, slot++) {
		if (slot->map)
			hwnet_dma_unmap(&p->nic, slot->map, slot->maplen, false, slot->maplen);
		slot->map = NULL;
	}
}

static bool is_odd(const struct pcnet *p, const struct pcnet_slot *slot)
{
	return slot->drop || pcnet_loop(p) != LOOP_NONE;
}

/* Fill slots: plain frames up to the first odd one, or one odd frame. Returns their number, -1 on a
 * bus error. */
static int gather(struct pcnet *p, const struct pcnet_ring *r, unsigned max)
{
	uint32_t at = 0;
	unsigned n = 0;

	while (at < p->win.n && n < max) {
		struct pcnet_slot *slot = &p->slots[n];

		if (make_frame(p, r, at, slot)) {
			unlend(p, p->slots, n);
			return -1;
		}
		if (is_odd(p, slot)) {
			unlend(p, slot, 1);
			return n ? (int)n : 1;
		}
		at += slot->ndesc;
		n++;
	}
	return (int)n;
}

/* Hand frames over; returns how many were taken. */
static unsigned hand_over(struct pcnet *p, unsigned n)
{
	const struct pkt *pkts[PCNET_BURST];
	unsigned taken;

	for (unsigned i = 0; i < n; i++)
		pkts[i] = &p->slots[i].pkt;
	taken = p->nic.host->tx(p->nic.opaque, 0, pkts, n);
	if (taken > n)
		taken = n;
	p->tx_full = taken < n;
	p->nic.counters.tx_frames += taken;
	for (unsigned i = 0; i < taken; i++)
		p->nic.counters.tx_bytes += pkts[i]->len;
	if (taken)
		p->s->led_tx = p->now;
	return taken;
}

/* A frame in loopback, or one that goes nowhere. False: the host takes none now. */
static bool odd_frame(struct pcnet *p, struct pcnet_slot *slot)
{
	enum pcnet_loop loop = pcnet_loop(p);

	if (slot->drop)
		return true;
	if (loop == LOOP_EXTERNAL && p->link.up && !hand_over(p, 1))
		return false;
	pcnet_loop_back(p, slot, makes_fcs(p->s, slot));
	return true;
}

/* 970A, CSR0 TINT; CSR5 TOKINTD and LTINTEN take away those of frames that went well. */
static bool wants_tint(const struct pcnet_state *s, const struct pcnet_slot *slot)
{
	if (slot->error)
		return true;
	if (!(slot->flags & D_STP) && slot->drop)
		return false;
	if (s->csr[5] & CSR5_TOKINTD)
		return false;
	return !(s->csr[5] & CSR5_LTINTEN) || (slot->flags & T_LTINT);
}

/* New contents of a descriptor: OWN stays for the writer to clear. */
static void completed(const struct pcnet_state *s, uint8_t *raw, uint16_t error)
{
	uint16_t flags = pcnet_desc_flags(s, raw) & (D_OWN | T_FCS | D_STP | D_ENP | 0x7f);

	pcnet_desc_set_flags(s, raw, error ? flags | D_ERR : flags);
	pcnet_desc_set_misc(s, raw, error, 0);
}

/* Give back what of a chain is beyond the window, before its front shows as done. */
static int release_rest(struct pcnet *p, const struct pcnet_ring *r, uint32_t from, uint32_t end,
			uint16_t error)
{
	uint8_t raw[PCNET_DESC];

	for (uint32_t i = from; i < end; i++) {
		if (pcnet_desc(p, r, &p->win, i, raw))
			return -1;
		completed(p->s, raw, i == end - 1 ? error : 0);
		if (pcnet_desc_release(p, r, i, raw))
			return -1;
	}
	return 0;
}

/* Give back the descriptors of the first @n frames. */
static int give_back(struct pcnet *p, const struct pcnet_ring *r, unsigned n)
{
	unsigned size = pcnet_layout(p->s)->size;
	uint16_t error = p->slots[n - 1].error; /* only ever alone */
	uint32_t ndesc = 0, in;
	uint8_t *last;

	for (unsigned i = 0; i < n; i++)
		ndesc += p->slots[i].ndesc;
	in = ndesc < p->win.n ? ndesc : p->win.n;
	if (ndesc > in && release_rest(p, r, in, ndesc, error))
		return -1;
	for (uint32_t i = 0; i < in; i++)
		completed(p->s, p->win.raw + i * size, i == ndesc - 1 ? error : 0);
	last = p->win.raw + (in - 1) * size;
	p->s->csr[42] = get16(last + PCNET_BCNT);
	p->s->csr[43] = pcnet_desc_flags(p->s, last);
	p->s->csr[20] = pcnet_desc_buf(p->s, last) & 0xffff;
	p->s->csr[21] = pcnet_desc_buf(p->s, last) >> 16;
	if (pcnet_window_write(p, r, &p->win, in, error != 0))
		return -1;
	pcnet_tx_advance(p->s, r, ndesc);
	p->s->tx_done += ndesc;
	return 0;
}

/* Tell the driver about @n frames. */
static void report(struct pcnet *p, unsigned n)
{
	struct pcnet_state *s = p->s;

	for (unsigned i = 0; i < n; i++)
		if (wants_tint(s, &p->slots[i]))
			s->csr[0] |= CSR0_TINT;
	s->csr[4] |= CSR4_TXSTRT;
	if ((p->slots[n - 1].error & TE_UFLO) && !(s->csr[3] & CSR3_DXSUFLO))
		s->csr[0] &= ~(uint32_t)CSR0_TXON;
	pcnet_traffic(p, DIR_TX, n);
	pcnet_intr(p);
}

/* One burst of up to @max frames. Returns the frames dealt with. */
static unsigned burst(struct pcnet *p, unsigned max)
{
	struct pcnet_ring r = pcnet_tx_ring(p->s);
	unsigned taken;
	int n;

	if (pcnet_window(p, &r, &p->win) || !p->win.n)
		return 0;
	n = gather(p, &r, max);
	if (n <= 0)
		return 0;
	if (is_odd(p, &p->slots[0]))
		taken = odd_frame(p, &p->slots[0]);
	else
		taken = hand_over(p, (unsigned)n);
	unlend(p, p->slots, (unsigned)n);
	if (!taken || !tx_on(p->s) || give_back(p, &r, taken))
		return 0;
	report(p, taken);
	return taken;
}

/**
 * pcnet_tx_run() - Send what the ring has
 * @p:      The card
 * @budget: Frames at most
 *
 * Return: true if there may be more.
 */
bool pcnet_tx_run(struct pcnet *p, unsigned budget)
{
	p->s->csr[0] &= ~(uint32_t)CSR0_TDMD;
	while (tx_on(p->s) && !p->tx_full) {
		unsigned n;

		if (!budget)
			return true;
		n = burst(p, budget < PCNET_BURST ? budget : PCNET_BURST);
		if (!n)
			break;
		budget -= n;
	}
	return false;
}

/**
 * pcnet_tx_waiting() - Does the current transmit descriptor belong to the card? For the poll timer
 * @p: The card
 *
 * Return: true if there is something to send.
 */
bool pcnet_tx_waiting(struct pcnet *p)
{
	const struct pcnet_layout *l = pcnet_layout(p->s);
	struct pcnet_ring r = pcnet_tx_ring(p->s);
	uint32_t addr = r.base + r.pos * l->size;
	uint8_t flags[2];

	if (!tx_on(p->s) || p->tx_full)
		return false;
	if (hwnet_dma_read(&p->nic, addr + l->flags, flags, 2)) {
		pcnet_system_error(p, "descriptor ring", addr);
		return false;
	}
	return flags[1] & (D_OWN >> 8);
}
