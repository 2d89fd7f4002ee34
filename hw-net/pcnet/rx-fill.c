/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Bytes between frames and buffers.
 *
 * What a driver finds in its buffers is what was on the wire: the frame padded to 60 bytes and its
 * FCS, unless ASTRP_RCV has them stripped. With BSWP the bytes of each aligned double word stand in
 * reverse (970A, CSR3 BSWP: data buffers only, never descriptors or the init block), that is, byte
 * A of the buffer is at address A ^ 3.
 */
#include "rx-fill.h"

#include "hwnet/csum.h"

/* 970A, CSR4 ASTRP_RCV: frames whose length field is below 46 lose padding and FCS. */
static bool stripped(const struct pcnet_state *s, const struct pcnet_rxframe *f)
{
	const uint8_t *head = pkt_head(f->pkt);
	unsigned length = frame_be16(head + FRAME_ADDRS_LEN);

	return (s->csr[CSR4] & CSR4_ASTRP) && length < 46 && FRAME_ETH_LEN + length <= f->wire;
}

/**
 * pcnet_rx_measure() - Work out what of a frame goes to memory
 * @s: State
 * @f: Frame with @wire; @body, @tail, @align are filled
 */
void pcnet_rx_measure(const struct pcnet_state *s, struct pcnet_rxframe *f)
{
	const uint8_t *head = pkt_head(f->pkt);

	f->align = s->csr[CSR122] & CSR122_RCVALGN ? 2 : 0;
	f->body = f->wire;
	f->tail = FRAME_FCS_LEN;
	if (stripped(s, f)) {
		f->body = FRAME_ETH_LEN + frame_be16(head + FRAME_ADDRS_LEN);
		f->tail = 0;
	}
}

static void copy_frame(const struct pcnet_rxframe *f, uint8_t *to)
{
	struct pkt_cursor c;

	if (f->pkt->flags & PKT_CSUM_PARTIAL) {
		pkt_copy_finished(f->pkt, to);
	} else if (f->pkt->iovcnt == 1) {
		memcpy(to, f->pkt->iov[0].iov_base, f->pkt->len);
	} else {
		pkt_cursor_init(&c, f->pkt, 0);
		pkt_cursor_copy(&c, to, f->pkt->len);
	}
	if (f->wire > f->pkt->len)
		memset(to + f->pkt->len, 0, f->wire - f->pkt->len);
}

/* The FCS behind a frame whose right one is @crc; a bad one is the complement. */
static void put_fcs(const struct pcnet_rxframe *f, uint8_t *frame, uint32_t crc)
{
	put32(frame + f->wire, f->fcs_own ? f->fcs : f->bad ? ~crc : crc);
}

/**
 * pcnet_flatten() - All that goes to memory, in one piece
 * @p: The card
 * @f: Frame, measured
 *
 * Return: pcnet_rx_total() bytes.
 */
const uint8_t *pcnet_flatten(struct pcnet *p, const struct pcnet_rxframe *f)
{
	uint8_t *to = p->flat + f->align;

	memset(p->flat, 0, f->align);
	copy_frame(f, to);
	if (f->tail)
		put_fcs(f, to, frame_crc32(0, to, f->wire));
	return p->flat;
}

/* A frame long enough to need no padding; its CRC is computed on the way. */
static uint32_t copy_long(const struct pcnet_rxframe *f, uint8_t *to)
{
	if (!(f->pkt->flags & PKT_CSUM_PARTIAL))
		return pkt_crc32_copy(f->pkt, to);
	pkt_copy_finished(f->pkt, to);
	return frame_crc32(0, to, f->wire);
}

/* Long frames are copied straight to where they go. */
static bool place_mapped(struct pcnet *p, const struct pcnet_rxframe *f, uint32_t addr)
{
	uint32_t total = pcnet_rx_total(f);
	uint8_t *mem = hwnet_map_whole(&p->nic, addr, total, true);

	if (!mem)
		return false;
	memset(mem, 0, f->align);
	put_fcs(f, mem + f->align, copy_long(f, mem + f->align));
	hwnet_dma_unmap(&p->nic, mem, total, true, total);
	return true;
}

/**
 * pcnet_place() - Write a frame into one buffer that has room for all of it
 * @p:    The card
 * @f:    Frame, measured
 * @addr: Buffer
 *
 * Return: 0, or -1 if the buffer is not in memory.
 */
int pcnet_place(struct pcnet *p, const struct pcnet_rxframe *f, uint32_t addr)
{
	if (pcnet_rx_total(f) > PCNET_COPY && f->tail && !(p->s->csr[CSR3] & CSR3_BSWP) &&
	    place_mapped(p, f, addr))
		return 0;
	return pcnet_buf_write(p, addr, pcnet_flatten(p, f), pcnet_rx_total(f));
}

/* Byte swap is for big-endian machines, which have no PCI slot for this card any more: a byte of
 * the frame stands at its address with the two low bits inverted. */
#define SWAP_BLOCK 256u

static HWNET_RARE int swapped_read(struct pcnet *p, uint32_t addr, uint8_t *buf, uint32_t len)
{
	uint8_t raw[SWAP_BLOCK];

	while (len) {
		uint32_t in = addr & 3, n = len < SWAP_BLOCK - in ? len : SWAP_BLOCK - in;

		if (hwnet_dma_read(&p->nic, addr - in, raw, (in + n + 3) & ~3u))
			return -1;
		for (uint32_t i = 0; i < n; i++)
			buf[i] = raw[(in + i) ^ 3];
		addr += n;
		buf += n;
		len -= n;
	}
	return 0;
}

/* Whole words in blocks; of a word that is not written whole, the other bytes stay. */
static HWNET_RARE int swapped_write(struct pcnet *p, uint32_t addr, const uint8_t *buf,
				    uint32_t len)
{
	uint8_t raw[SWAP_BLOCK];
	uint32_t n;

	for (; len; addr += n, buf += n, len -= n) {
		n = len & ~3u;
		n = (addr & 3) || !n ? 1 : n < SWAP_BLOCK ? n : SWAP_BLOCK;
		for (uint32_t i = 0; i < n; i++)
			raw[n == 1 ? 0 : i ^ 3] = buf[i];
		if (hwnet_dma_write(&p->nic, n == 1 ? addr ^ 3 : addr, raw, n))
			return -1;
	}
	return 0;
}

/**
 * pcnet_buf_read() - Read from a data buffer
 * @p:    The card
 * @addr: Address
 * @buf:  Filled
 * @len:  Bytes
 *
 * Return: 0, or -1 if it is not in memory.
 */
int pcnet_buf_read(struct pcnet *p, uint32_t addr, uint8_t *buf, uint32_t len)
{
	if (p->s->csr[CSR3] & CSR3_BSWP)
		return swapped_read(p, addr, buf, len);
	return hwnet_dma_read(&p->nic, addr, buf, len);
}

/**
 * pcnet_buf_write() - Write to a data buffer
 * @p:    The card
 * @addr: Address
 * @buf:  Bytes
 * @len:  Their number
 *
 * Return: 0, or -1 if it is not in memory.
 */
int pcnet_buf_write(struct pcnet *p, uint32_t addr, const uint8_t *buf, uint32_t len)
{
	if (p->s->csr[CSR3] & CSR3_BSWP)
		return swapped_write(p, addr, buf, len);
	return hwnet_dma_write(&p->nic, addr, buf, len);
}
