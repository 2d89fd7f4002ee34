/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Building transmit frames from descriptors.
 *
 * DOC: Theory of Operation
 *
 * e1000_tx_build() takes the next thing from the block: a context descriptor, or all descriptors of
 * one frame, or the rest of one that was given up. The head of each frame is copied to memory of
 * the card, as much as headers and offload offsets can reach; what the guest changes afterwards
 * changes no decision. Payload is borrowed (dma_map), or copied to the bounce buffer where that is
 * cheaper or the only way. Most frames of most drivers are one descriptor that asks for nothing but
 * to be sent; they take a short cut (build_plain).
 *
 * A null descriptor, without bytes, is passed over if no frame has begun (3.3.3), also one without
 * EOP: IncludeOS gives a whole ring of zeroes away before its first frame.
 *
 * What the guest got wrong costs it that frame: the descriptors are done, nothing is sent,
 * guest_error() says why. A context descriptor between the descriptors of a frame takes effect
 * after the frame.
 */
#include "tx-frame.h"

#include "tx-offload.h"
#include "tx.h"
#include "work.h"

#define BORROW_MIN 256u /* a shorter piece is copied: one call instead of two */
#define PIECES_MAX (FRAME_IOV_MAX - 4u)

/* A frame being gathered. */
struct gather {
	uint8_t *head;
	uint32_t have, need; /* bytes in @head; how many it must get */
	struct iovec *iov;   /* entries behind the head */
	unsigned n_iov;
};

static uint64_t desc_addr(const struct e1000_desc *d)
{
	return (uint64_t)d->w[1] << 32 | d->w[0];
}

/* 20 bits in a data descriptor (3.3.7), 16 in a legacy one (3.3.3). */
static uint32_t desc_len(const struct e1000_desc *d)
{
	return d->w[2] & (e1000_is_extended(d) ? 0xfffff : 0xffff);
}

/* Index of the last descriptor of the frame that starts at @first, or n_desc; @total gets the
 * bytes. */
static unsigned frame_end(const struct e1000_tx *t, unsigned first, uint64_t *total)
{
	*total = 0;
	for (unsigned i = first; i < t->n_desc; i++) {
		const struct e1000_desc *d = &t->desc[i];

		if (e1000_is_context(d))
			continue;
		*total += desc_len(d);
		if (d->w[2] & TXD_EOP)
			return i;
	}
	return t->n_desc;
}

/* One entry more, joined to the last if it continues it. */
static void add_piece(struct gather *g, void *ptr, size_t len)
{
	struct iovec *last = g->n_iov ? &g->iov[g->n_iov - 1] : NULL;

	if (last && (uint8_t *)last->iov_base + last->iov_len == ptr) {
		last->iov_len += len;
		return;
	}
	g->iov[g->n_iov++] = (struct iovec) { ptr, len };
}

/* Payload through the bounce buffer. */
static int add_copy(struct e1000 *c, struct gather *g, uint64_t addr, uint32_t len)
{
	uint8_t *copy = hwnet_bounce(&c->nic, &c->tx.bounce, addr, len);

	if (!copy)
		return -1;
	add_piece(g, copy, len);
	return 0;
}

/* Borrow some of [addr, addr + len). Returns how much, 0: not possible. */
static uint32_t borrow(struct e1000 *c, uint64_t addr, uint32_t len, uint8_t **ptr)
{
	size_t got = len;

	if (len < BORROW_MIN || c->tx.loans.n == E1000_TX_MAPS)
		return 0;
	*ptr = hwnet_borrow(&c->nic, &c->tx.loans, addr, &got);
	return *ptr ? (uint32_t)got : 0;
}

/* Bytes for the head. Returns how many were used, -1: not memory. */
static int64_t to_head(struct e1000 *c, struct gather *g, uint64_t addr, uint32_t len)
{
	uint32_t want = g->need - g->have;

	want = want < len ? want : len;
	if (hwnet_dma_read(&c->nic, addr, g->head + g->have, want))
		return -1;
	g->have += want;
	return want;
}

/* A borrowed piece: its front may still be wanted for the head. */
static void add_borrowed(struct gather *g, uint8_t *ptr, uint32_t len)
{
	uint32_t want = g->need - g->have;

	want = want < len ? want : len;
	memcpy(g->head + g->have, ptr, want);
	g->have += want;
	if (len > want)
		add_piece(g, ptr + want, len - want);
}

/* The buffer of one descriptor. */
static int add_buffer(struct e1000 *c, struct gather *g, uint64_t addr, uint32_t len)
{
	while (len) {
		bool head = g->have < g->need;
		uint8_t *ptr;
		int64_t done = g->n_iov < PIECES_MAX ? borrow(c, addr, len, &ptr) : 0;

		if (done)
			add_borrowed(g, ptr, (uint32_t)done);
		else if (head)
			done = to_head(c, g, addr, len);
		else
			done = add_copy(c, g, addr, len) ? -1 : (int64_t)len;
		if (done < 0)
			return -1;
		addr += (uint64_t)done;
		len -= (uint32_t)done;
	}
	return 0;
}

/* All buffers of a frame. */
static int gather(struct e1000 *c, struct gather *g, unsigned first, unsigned last)
{
	for (unsigned i = first; i <= last; i++) {
		const struct e1000_desc *d = &c->tx.desc[i];

		if (!e1000_is_context(d) && add_buffer(c, g, desc_addr(d), desc_len(d)))
			return -1;
	}
	return 0;
}

/* Is there room for another frame of this length? The first of a burst always finds it. */
static bool has_room(const struct e1000_tx *t, uint64_t total)
{
	return t->n_iov + FRAME_IOV_MAX <= E1000_TX_IOV &&
	       t->loans.n + FRAME_IOV_MAX <= E1000_TX_MAPS &&
	       total <= hwnet_bounce_room(&t->bounce);
}

/* TCTL.PSP, 13.4.33: a short frame is padded; it is all head. */
static void pad(const struct e1000 *c, struct pkt *pkt, struct iovec *head)
{
	if (!(REG(c, TCTL) & TCTL_PSP) || pkt->len >= FRAME_MIN_LEN)
		return;
	memset((uint8_t *)head->iov_base + pkt->len, 0, FRAME_MIN_LEN - pkt->len);
	head->iov_len = pkt->len = FRAME_MIN_LEN;
}

/* Build the frame of descriptors [first, last]. NULL, or why it is dropped. */
static const char *frame_make(struct e1000 *c, unsigned first, unsigned last, uint32_t total)
{
	struct e1000_tx *t = &c->tx;
	struct iovec *iov = &t->iov[t->n_iov];
	struct pkt *pkt = &t->pkt[t->n_pkts];
	struct gather g = { .head = t->head[t->n_pkts], .iov = iov + 1 };
	const char *why;

	g.need = e1000_tx_head_need(c, &t->desc[first], &t->desc[last]);
	if (gather(c, &g, first, last))
		return "transmit buffer is not in memory";
	iov[0] = (struct iovec) { g.head, g.have };
	*pkt = (struct pkt) { .iov = iov, .len = total, .iovcnt = (uint16_t)(1 + g.n_iov) };
	why = e1000_tx_offload(c, pkt, iov, &t->desc[first], &t->desc[last]);
	if (why)
		return why;
	pad(c, pkt, iov);
	return pkt->len < FRAME_ETH_LEN ? "frame shorter than its Ethernet header" : NULL;
}

/* Lengths that no frame has, before anything is copied. */
static const char *frame_check(const struct e1000_desc *first, uint64_t total)
{
	if (!total)
		return "frame without bytes";
	if (total > PKT_MAX_LEN)
		return "frame longer than any message";
	return total > E1000_TX_MAX && !e1000_wants_tso(first) ? "frame longer than 16288 bytes" :
								 NULL;
}

/* The frame is ready: add it to the burst. */
static void queue(struct e1000_tx *t, unsigned first, unsigned last)
{
	t->vec[t->n_pkts] = &t->pkt[t->n_pkts];
	t->start[t->n_pkts] = first;
	t->n_iov += t->pkt[t->n_pkts].iovcnt;
	t->n_pkts++;
	t->pos = last + 1;
}

/* Nothing, and nothing asked for what follows. */
static bool is_null(const struct e1000_desc *d)
{
	uint32_t asks = TXD_VLE | TXD_IC | TXD_TSE;

	return !desc_len(d) && !(d->w[2] & asks) &&
	       !(e1000_is_extended(d) && d->w[3] & (TXD_POPTS_IXSM | TXD_POPTS_TXSM));
}

/* A whole frame that asks for nothing: no tag, checksum, segmentation, and the FCS is ours to
 * make. */
static bool is_plain(const struct e1000_desc *d)
{
	uint32_t asks = TXD_EOP | TXD_IFCS | TXD_VLE | TXD_IC | TXD_TSE;

	return (d->w[2] & asks) == (TXD_EOP | TXD_IFCS) &&
	       !(e1000_is_extended(d) && d->w[3] & (TXD_POPTS_IXSM | TXD_POPTS_TXSM));
}

/* Head and rest of a plain frame. False: not memory that can be borrowed in one piece. */
static bool plain_pieces(struct e1000 *c, const struct e1000_desc *d, uint32_t len, struct pkt *pkt,
			 struct iovec *iov)
{
	uint8_t *head = c->tx.head[c->tx.n_pkts], *ptr;

	*pkt = (struct pkt) { .iov = iov, .len = len, .iovcnt = 1 };
	if (len < BORROW_MIN) {
		iov[0] = (struct iovec) { head, len };
		return !hwnet_dma_read(&c->nic, desc_addr(d), head, len);
	}
	ptr = hwnet_borrow_whole(&c->nic, &c->tx.loans, desc_addr(d), len);
	if (!ptr)
		return false;
	hwnet_split_head(iov, head, ptr, len);
	pkt->iovcnt = 2;
	return true;
}

/* A plain frame. False: it is not one, or there is something wrong with it. */
static bool build_plain(struct e1000 *c, const struct e1000_desc *d)
{
	struct e1000_tx *t = &c->tx;
	struct pkt *pkt = &t->pkt[t->n_pkts];
	struct iovec *iov = &t->iov[t->n_iov];
	uint32_t len = desc_len(d);

	if (!is_plain(d) || len < FRAME_ETH_LEN || len > E1000_TX_MAX || !has_room(t, 0) ||
	    !plain_pieces(c, d, len, pkt, iov))
		return false;
	pad(c, pkt, iov);
	queue(t, t->pos, t->pos);
	return true;
}

/* The descriptors from pos on are one frame. */
static bool build_frame(struct e1000 *c)
{
	struct e1000_tx *t = &c->tx;
	unsigned first = t->pos, last;
	uint32_t bounce = t->bounce.used;
	uint64_t total;
	const char *why;

	while ((last = frame_end(t, first, &total)) == t->n_desc)
		if (first || !e1000_tx_more(c))
			return false;
	why = frame_check(&t->desc[first], total);
	if (t->n_pkts && !has_room(t, total))
		return false;
	if (!why)
		why = frame_make(c, first, last, (uint32_t)total);
	for (unsigned i = first; i < last; i++)
		if (e1000_is_context(&t->desc[i]))
			e1000_tx_context(t->ctx, &t->desc[i]);
	if (!why) {
		t->work += hwnet_work_frame(&t->pkt[t->n_pkts]) - 1;
		queue(t, first, last);
		return true;
	}
	t->pos = last + 1;
	t->work += hwnet_work_drop(total < PKT_MAX_LEN ? (uint32_t)total : 0);
	t->bounce.used = bounce; /* room for the longest frame while the burst is empty */
	hwnet_guest_error(&c->nic, "%s", why);
	return true;
}

/* A frame was given up: go to its end. */
static bool skip(struct e1000 *c)
{
	const struct e1000_desc *d = &c->tx.desc[c->tx.pos++];

	c->s->tx_skip = e1000_is_context(d) || !(d->w[2] & TXD_EOP);
	return true;
}

/**
 * e1000_tx_build() - Deal with the next descriptors of the block
 * @c: The card
 *
 * Return: true if it got on; false if the block is used up, the burst is full, or the frame must
 * wait.
 */
bool e1000_tx_build(struct e1000 *c)
{
	struct e1000_tx *t = &c->tx;
	const struct e1000_desc *d = &t->desc[t->pos];

	if (t->pos == t->n_desc)
		return false;
	if (c->s->tx_skip)
		return skip(c);
	if (!e1000_is_context(d)) {
		if (build_plain(c, d))
			return true;
		if (!is_null(d))
			return build_frame(c);
	} else {
		e1000_tx_context(t->ctx, d);
	}
	t->pos++;
	return true;
}
