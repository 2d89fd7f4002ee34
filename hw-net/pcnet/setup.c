/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The init block: mode, addresses, and where the rings are (970A, Initialization Block).
 *
 *	16-bit structures: 24 bytes                32-bit structures: 28 bytes
 *	00 MODE                                    00 MODE
 *	02 PADR, 6 bytes                           02 RLEN in bits 7-4, TLEN in bits 15-12
 *	08 LADRF, 8 bytes                          04 PADR, 6 bytes
 *	10 RDRA 23-0, RLEN in bits 31-29           0c LADRF, 8 bytes
 *	14 TDRA 23-0, TLEN in bits 31-29           14 RDRA
 *	                                           18 TDRA
 */
#include "setup.h"

#include "control.h"
#include "filter.h"
#include "link.h"

/* The two forms reduced to one. */
struct init_block {
	uint16_t mode;
	const uint8_t *padr, *ladrf;
	uint32_t rdra, tdra;
	unsigned rlen, tlen;
};

static void parse16(const uint8_t *b, uint32_t high, struct init_block *ib)
{
	uint32_t r = get32(b + 0x10), t = get32(b + 0x14);

	ib->padr = b + 2;
	ib->ladrf = b + 8;
	ib->rlen = r >> 29;
	ib->tlen = t >> 29;
	/* Descriptors are 8 bytes and aligned to that. */
	ib->rdra = high | (r & 0xfffff8);
	ib->tdra = high | (t & 0xfffff8);
}

static void parse32(const uint8_t *b, struct init_block *ib)
{
	ib->padr = b + 4;
	ib->ladrf = b + 0xc;
	ib->rlen = b[2] >> 4;
	ib->tlen = b[3] >> 4;
	ib->rdra = get32(b + 0x14) & ~15u;
	ib->tdra = get32(b + 0x18) & ~15u;
}

/* 970A, RLEN and TLEN: 2 to the power of them; 32-bit structures go to 512. */
static uint32_t ring_length(unsigned log)
{
	return 1u << (log > 9 ? 9 : log);
}

static void store(struct pcnet_state *s, const struct init_block *ib)
{
	s->csr[CSR_LENGTHS] = ib->tlen << 12 | ib->rlen << 8;
	for (unsigned i = 0; i < 4; i++)
		s->csr[CSR_LADRF + i] = get16(ib->ladrf + 2 * i);
	for (unsigned i = 0; i < 3; i++)
		s->csr[CSR_PADR + i] = get16(ib->padr + 2 * i);
	s->csr[CSR_MODE] = ib->mode;
	pcnet_set_pair(s, CSR_BADR, ib->rdra);
	pcnet_set_pair(s, CSR_BADX, ib->tdra);
	s->csr[CSR_RCVRC] = s->csr[CSR_RCVRL] = (0u - ring_length(ib->rlen)) & 0xffff;
	s->csr[CSR_XMTRC] = s->csr[CSR_XMTRL] = (0u - ring_length(ib->tlen)) & 0xffff;
}

/**
 * pcnet_init_block() - INIT was written: read the init block
 * @p: The card
 *
 * Return: 0, or -1 if it is not in memory; the card is stopped then.
 */
int pcnet_init_block(struct pcnet *p)
{
	struct pcnet_state *s = p->s;
	bool wide = s->bcr[BCR20] & BCR20_SSIZE32;
	uint32_t addr = pcnet_pair(s, CSR_IADR);
	uint8_t block[28];
	struct init_block ib;

	if (hwnet_dma_read(&p->nic, addr, block, wide ? 28 : 24)) {
		pcnet_system_error(p, "init block", addr);
		return -1;
	}
	ib.mode = get16(block);
	if (wide)
		parse32(block, &ib);
	else
		parse16(block, (s->csr[CSR_IADR + 1] & 0xff00) << 16, &ib);
	store(s, &ib);
	s->csr[CSR0] &= ~CSR0_STOP;
	s->csr[CSR0] |= CSR0_INIT | CSR0_IDON;
	s->missing = s->restart = s->tx_where = false;
	pcnet_filter_changed(p);
	pcnet_link_update(p);
	return 0;
}
