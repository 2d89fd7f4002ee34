/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Descriptor rings.
 *
 * DOC: Theory of Operation
 *
 * Fetching. A driver fills a descriptor (or the whole chain behind it) and sets OWN of the first
 * last. So the card reads a block once to see how many it owns, and *those* once more to use them:
 * what it works on was read after OWN was seen, and is never read a third time, so a guest that
 * alters it meanwhile fools only itself. Descriptors of a chain beyond the window are read one by
 * one, after their first one was seen to be owned.
 *
 * Giving back. Windows are written as a block. When something else than the flags has changed it is
 * written first with OWN still set, then again without.
 *
 * Where. After STOP and STRT without INIT the transmit ring may begin at its base, as the sheet
 * says, or go on where it was (control.c). Until a frame is there both places are looked at. If the
 * card owns both descriptors, the frames go on over the end of the ring if the last descriptor is
 * the card's, too, and the one before the old place is not; else they begin at the base.
 *
 * Ring lengths of 65536 exist (CSR76 or CSR78 written with 0): numbers of descriptors are 32 bits
 * wide throughout.
 */
#include "ring.h"

#include "control.h"

static struct pcnet_ring ring(const struct pcnet_state *s, enum pcnet_csr base,
			      enum pcnet_csr count, enum pcnet_csr len)
{
	struct pcnet_ring r;

	r.base = pcnet_pair(s, base);
	r.len = pcnet_up_to_0(s, len);
	r.pos = (s->csr[count] - s->csr[len]) & 0xffff;
	if (r.pos >= r.len) /* programmed by hand, out of the ring */
		r.pos = 0;
	return r;
}

/**
 * pcnet_rx_ring() - The receive ring as the CSRs have it
 * @s: State
 *
 * Return: the ring.
 */
struct pcnet_ring pcnet_rx_ring(const struct pcnet_state *s)
{
	return ring(s, CSR_BADR, CSR_RCVRC, CSR_RCVRL);
}

/**
 * pcnet_tx_ring() - The transmit ring as the CSRs have it
 * @s: State
 *
 * Return: the ring.
 */
struct pcnet_ring pcnet_tx_ring(const struct pcnet_state *s)
{
	return ring(s, CSR_BADX, CSR_XMTRC, CSR_XMTRL);
}

/**
 * pcnet_rings_restart() - STRT after STOP, without INIT
 * @s: State
 */
void pcnet_rings_restart(struct pcnet_state *s)
{
	s->csr[CSR_RCVRC] = s->csr[CSR_RCVRL];
	s->restart = false;
	s->tx_where = pcnet_tx_ring(s).pos != 0;
}

/* Does the card own the transmit descriptor @index? -1: it is not memory, the card is stopped. */
static int owns(struct pcnet *p, const struct pcnet_ring *r, uint32_t index)
{
	const struct pcnet_layout *l = pcnet_layout(p->s);
	uint32_t addr = r->base + index * l->size;
	uint8_t flags[2];

	if (hwnet_dma_read(&p->nic, addr + l->flags, flags, 2)) {
		pcnet_system_error(p, "descriptor ring", addr);
		return -1;
	}
	return !!(flags[1] & (D_OWN >> 8));
}

/**
 * pcnet_tx_settle() - Find out where the transmit ring begins after a restart
 * @p: The card; @tx_where is set
 */
void pcnet_tx_settle(struct pcnet *p)
{
	struct pcnet_ring r = pcnet_tx_ring(p->s);
	int base = owns(p, &r, 0), here = base < 0 ? -1 : owns(p, &r, r.pos);

	if (here < 0 || !(base || here))
		return;
	if (base && here && owns(p, &r, r.len - 1) == 1 && !owns(p, &r, r.pos - 1))
		base = 0; /* from here over the end */
	if (base)
		p->s->csr[CSR_XMTRC] = p->s->csr[CSR_XMTRL];
	p->s->tx_where = false;
}

static uint32_t wrapped(const struct pcnet_ring *r, uint32_t ahead)
{
	return (r->pos + ahead) % r->len;
}

static uint32_t counter(const struct pcnet_ring *r, uint32_t ahead)
{
	return (wrapped(r, ahead) - r->len) & 0xffff;
}

/**
 * pcnet_rx_advance() - Descriptors were used up
 * @s: State
 * @r: Receive ring
 * @n: How many
 */
void pcnet_rx_advance(struct pcnet_state *s, const struct pcnet_ring *r, uint32_t n)
{
	s->csr[CSR_RCVRC] = counter(r, n);
}

/**
 * pcnet_tx_advance() - Descriptors were used up
 * @s: State
 * @r: Transmit ring
 * @n: How many
 */
void pcnet_tx_advance(struct pcnet_state *s, const struct pcnet_ring *r, uint32_t n)
{
	s->csr[CSR_XMTRC] = counter(r, n);
}

/**
 * pcnet_desc_addr() - Where a descriptor stands
 * @s:     State
 * @r:     Ring
 * @ahead: 0: the current one, 1: the next, ...
 *
 * Return: its address.
 */
uint32_t pcnet_desc_addr(const struct pcnet_state *s, const struct pcnet_ring *r, uint32_t ahead)
{
	return r->base + wrapped(r, ahead) * pcnet_layout(s)->size;
}

/* How many of @n descriptors from the front the card owns. */
static uint32_t owned(const struct pcnet_layout *l, const uint8_t *raw, uint32_t n)
{
	uint32_t i = 0;

	while (i < n && (raw[i * l->size + l->flags + 1] & (D_OWN >> 8)))
		i++;
	return i;
}

/**
 * pcnet_window() - Read what the card owns from the current descriptor on, up to the end of the
 * ring
 * @p:   The card
 * @r:   Ring
 * @w:   Filled
 * @max: How many are wanted at most, up to PCNET_BURST
 *
 * Return: 0, or -1 if the ring is not in memory; the card is stopped then.
 */
int pcnet_window(struct pcnet *p, const struct pcnet_ring *r, struct pcnet_window *w, uint32_t max)
{
	const struct pcnet_layout *l = pcnet_layout(p->s);
	uint32_t addr = r->base + r->pos * l->size;
	uint32_t n = r->len - r->pos < max ? r->len - r->pos : max;

	w->first = r->pos;
	w->n = 0;
	if (hwnet_dma_read(&p->nic, addr, w->raw, n * l->size))
		goto bad;
	n = owned(l, w->raw, n);
	if (!n)
		return 0;
	__atomic_thread_fence(__ATOMIC_ACQUIRE);
	if (hwnet_dma_read(&p->nic, addr, w->raw, n * l->size))
		goto bad;
	w->n = owned(l, w->raw, n);
	return 0;
bad:
	pcnet_system_error(p, "descriptor ring", addr);
	return -1;
}

/**
 * pcnet_desc() - Read one descriptor
 * @p:     The card
 * @r:     Ring
 * @w:     Window at the current descriptor
 * @ahead: 0: the current one, ...
 * @raw:   Filled: PCNET_DESC bytes
 *
 * From the window if it is there, else from memory.
 *
 * Return: 0, or -1 if it is not in memory; the card is stopped then.
 */
int pcnet_desc(struct pcnet *p, const struct pcnet_ring *r, const struct pcnet_window *w,
	       uint32_t ahead, uint8_t *raw)
{
	const struct pcnet_layout *l = pcnet_layout(p->s);
	uint32_t addr = pcnet_desc_addr(p->s, r, ahead);

	if (ahead < w->n) {
		memcpy(raw, w->raw + ahead * l->size, l->size);
		return 0;
	}
	if (hwnet_dma_read(&p->nic, addr, raw, l->size))
		goto bad;
	if (!owned(l, raw, 1))
		return 0;
	__atomic_thread_fence(__ATOMIC_ACQUIRE);
	if (!hwnet_dma_read(&p->nic, addr, raw, l->size))
		return 0;
bad:
	pcnet_system_error(p, "descriptor", addr);
	return -1;
}

/**
 * pcnet_desc_release() - Give one descriptor back, OWN last
 * @p:     The card
 * @r:     Ring
 * @ahead: Which
 * @raw:   What it is to hold; OWN is cleared here
 *
 * Return: 0, or -1 and the card is stopped.
 */
int pcnet_desc_release(struct pcnet *p, const struct pcnet_ring *r, uint32_t ahead,
		       const uint8_t *raw)
{
	const struct pcnet_layout *l = pcnet_layout(p->s);
	uint32_t addr = pcnet_desc_addr(p->s, r, ahead);
	uint8_t flags[2] = { raw[l->flags], raw[l->flags + 1] & (uint8_t) ~(D_OWN >> 8) };

	if (!hwnet_dma_write(&p->nic, addr + l->misc, raw + l->misc, l->size == 8 ? 2 : 4) &&
	    !hwnet_dma_write(&p->nic, addr + l->flags, flags, 2))
		return 0;
	pcnet_system_error(p, "descriptor", addr);
	return -1;
}

/* Set or clear OWN in the first @n descriptors of the window. */
static void window_own(struct pcnet_window *w, const struct pcnet_layout *l, uint32_t n, bool own)
{
	uint8_t *flags = w->raw + l->flags + 1;

	for (uint32_t i = 0; i < n; i++, flags += l->size)
		*flags = own ? *flags | (D_OWN >> 8) : *flags & (uint8_t) ~(D_OWN >> 8);
}

/* In place, if the ring can be mapped: everything but the flags, then the flags. */
static bool write_mapped(struct pcnet *p, struct pcnet_window *w, uint32_t addr, uint32_t n)
{
	const struct pcnet_layout *l = pcnet_layout(p->s);
	size_t len = n * l->size;
	uint8_t *mem = hwnet_map_whole(&p->nic, addr, len, true);

	if (!mem)
		return false;
	window_own(w, l, n, true);
	memcpy(mem, w->raw, len);
	__atomic_thread_fence(__ATOMIC_RELEASE);
	window_own(w, l, n, false);
	for (uint32_t i = 0; i < len; i += l->size)
		memcpy(mem + i + l->flags, w->raw + i + l->flags, 2);
	hwnet_dma_unmap(&p->nic, mem, len, true, len);
	return true;
}

/* By copying, if not: twice. */
static int write_copied(struct pcnet *p, struct pcnet_window *w, uint32_t addr, uint32_t n,
			bool ordered)
{
	const struct pcnet_layout *l = pcnet_layout(p->s);
	int bad = 0;

	if (ordered) {
		window_own(w, l, n, true);
		bad = hwnet_dma_write(&p->nic, addr, w->raw, n * l->size);
		__atomic_thread_fence(__ATOMIC_RELEASE);
	}
	window_own(w, l, n, false);
	return bad | hwnet_dma_write(&p->nic, addr, w->raw, n * l->size);
}

/**
 * pcnet_window_write() - Give the first descriptors of the window back
 * @p:       The card
 * @r:       Ring
 * @w:       Window
 * @n:       How many
 * @ordered: More than flags has changed: it must be there before OWN is cleared
 *
 * Return: 0, or -1 and the card is stopped.
 */
int pcnet_window_write(struct pcnet *p, const struct pcnet_ring *r, struct pcnet_window *w,
		       uint32_t n, bool ordered)
{
	uint32_t addr = r->base + w->first * pcnet_layout(p->s)->size;

	if ((ordered && write_mapped(p, w, addr, n)) || !write_copied(p, w, addr, n, ordered))
		return 0;
	pcnet_system_error(p, "descriptor ring", addr);
	return -1;
}
