/* SPDX-License-Identifier: BSD-2-Clause */
/* Descriptors and completions of a vmxnet3, little-endian; sources as of bits.h. */
#ifndef VMXNET3_DESC_H
#define VMXNET3_DESC_H

#include <endian.h>
#include <stdbool.h>
#include <stdint.h>
#include <string.h>

/* Every descriptor has 16 bytes. */
struct vmx_desc {
	uint64_t addr;
	uint32_t d2, d3;
};

/* Completions, as four words */
struct vmx_comp {
	uint32_t d[4];
};

/* TxDesc d2: len 0..13, gen 14, oco 15, dtype 16, ext1 17, msscof 18..31 */
#define TXD_LEN(d2)    ((d2)&0x3fff ? (d2)&0x3fff : 0x4000u)
#define TXD_GEN	       (1u << 14)
#define TXD_OCO	       (1u << 15)
#define TXD_DTYPE      (1u << 16)
#define TXD_EXT1       (1u << 17)
#define TXD_MSSCOF(d2) ((d2) >> 18)
/* TxDesc d3: hlen 0..9, om 10..11, eop 12, cq 13, ext2 14, ti 15, tci 16..31 */
#define TXD_HLEN(d3) ((d3)&0x3ff)
#define TXD_OM(d3)   ((d3) >> 10 & 3)
#define TXD_EOP	     (1u << 12)
#define TXD_CQ	     (1u << 13)
#define TXD_TI	     (1u << 15)
#define TXD_TCI(d3)  ((d3) >> 16)
enum vmx_om { OM_NONE, OM_ENCAP, OM_CSUM, OM_TSO };

/* TxCompDesc: d0 index of the EOP descriptor, d3 gen 31, type 0 */
#define COMP_GEN (1u << 31)

/* RxDesc d2: len 0..13, btype 14, dtype 15, gen 31 */
#define RXD_LEN(d2) ((d2)&0x3fff)
#define RXD_BODY    (1u << 14)
#define RXD_DTYPE   (1u << 15)
#define RXD_GEN	    (1u << 31)

/* RxCompDesc d0: rxdIdx 0..11, inner 13, eop 14, sop 15, rqID 16..25, rssType 26..29, cnc 30, ext2
 * 31 */
#define RCD_INNER	(1u << 13) /* v4, v6, tcp ... describe the inner headers */
#define RCD_EOP		(1u << 14)
#define RCD_SOP		(1u << 15)
#define RCD_RQID(q)	((uint32_t)(q) << 16)
#define RCD_RSS_TYPE(t) ((uint32_t)(t) << 26)
#define RCD_CNC		(1u << 30)
/* RxCompDesc d1: hash; with RCD_TYPE_LRO: segCnt 0..7, dupAckCnt 8..15, tsDelta 16..31 */
/* RxCompDesc d2: len 0..13, err 14, ts 15, tci 16..31 */
#define RCD_ERR	   (1u << 14)
#define RCD_TS	   (1u << 15)
#define RCD_TCI(t) ((uint32_t)(t) << 16)
/* RxCompDesc d3: csum or mss 0..15, flags, type 24..30, gen 31 */
#define RCD_TUC	     (1u << 16)
#define RCD_UDP	     (1u << 17)
#define RCD_TCP	     (1u << 18)
#define RCD_IPC	     (1u << 19)
#define RCD_V6	     (1u << 20)
#define RCD_V4	     (1u << 21)
#define RCD_FRG	     (1u << 22)
#define RCD_FCS	     (1u << 23)
#define RCD_TYPE     (3u << 24)
#define RCD_TYPE_LRO (4u << 24)

/* Step to the next index of a ring; the generation bit flips each time round. */
static inline void vmx_step(uint32_t *next, uint8_t *gen, uint32_t size)
{
	if (++*next == size) {
		*next = 0;
		*gen ^= 1;
	}
}

/* Does the device own this descriptor? @gen: 0 or 1 */
static inline bool vmx_txd_ready(const struct vmx_desc *d, uint8_t gen)
{
	return !!(d->d2 & TXD_GEN) == gen;
}

static inline bool vmx_rxd_ready(const struct vmx_desc *d, uint8_t gen)
{
	return !!(d->d2 & RXD_GEN) == gen;
}

/*
 * A completion as the guest reads it. In two halves, because it is written so (done.c): a processor
 * that loads 8 bytes which it has just stored as 4 and 4 waits for them.
 */
static inline void vmx_comp_make(struct vmx_comp *c, uint32_t d0, uint32_t d1, uint32_t d2,
				 uint32_t d3)
{
	uint64_t half[2] = { htole64(d0 | (uint64_t)d1 << 32), htole64(d2 | (uint64_t)d3 << 32) };

	memcpy(c, half, sizeof(half));
}

/* Completions are made without the generation bit, the last bit of the upper half. */
static inline void vmx_comp_stamp(struct vmx_comp *c, uint8_t gen)
{
	uint64_t half;

	memcpy(&half, &c->d[2], sizeof(half));
	half |= htole64((uint64_t)gen << 63);
	memcpy(&c->d[2], &half, sizeof(half));
}

#endif
