/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Descriptors: where their fields stand.
 *
 * Layouts (970A, Receive/Transmit Descriptors). OWN stands in bit 15 of a 16-bit word, the *flags*,
 * in all of them; BCNT is always the word at 4.
 *
 *	SWSTYLE 0, reserved ones     1, 2                       3
 *	00 address 15-0              00 address                 00 RMD2/TMD2
 *	02 flags 15-8, address 23-16 04 BCNT, 06 flags          04 BCNT, 06 flags
 *	04 BCNT                      08 RMD2/TMD2               08 address
 *	06 RMD2/TMD2, 16 bits        0c the driver's            0c the driver's
 */
#ifndef PCNET_DESC_H
#define PCNET_DESC_H

#include "hwnet/pkt.h"
#include "bytes.h"
#include "state.h"

/**
 * struct pcnet_layout - Where the fields of a descriptor stand, by software style
 * @size:   Bytes of a descriptor
 * @flags:  16-bit word with OWN; the address' bits 23-16 share it when @size is 8
 * @addr:   Buffer address
 * @misc:   RMD2 or TMD2: 32 bits, 16 when @size is 8
 */
struct pcnet_layout {
	uint8_t size, flags, addr, misc;
};

/** PCNET_BCNT - BCNT stands at the same place in all layouts. */
#define PCNET_BCNT 4u
#define PCNET_DESC 16u

/* Layout of the software style that is set */
static inline const struct pcnet_layout *pcnet_layout(const struct pcnet_state *s)
{
	static const struct pcnet_layout layouts[] = {
		{ .size = 8, .flags = 2, .addr = 0, .misc = 6 },
		{ .size = 16, .flags = 6, .addr = 0, .misc = 8 },
		{ .size = 16, .flags = 6, .addr = 0, .misc = 8 },
		{ .size = 16, .flags = 6, .addr = 8, .misc = 0 },
	};

	return &layouts[pcnet_style(s)];
}

/**
 * pcnet_desc_buf() - Buffer address
 * @s:   State
 * @raw: Descriptor
 *
 * Return: address; with 16-bit structures CSR2 gives bits 31-24 (970A, BCR20 SSIZE32).
 */
static inline uint32_t pcnet_desc_buf(const struct pcnet_state *s, const uint8_t *raw)
{
	const struct pcnet_layout *l = pcnet_layout(s);

	if (l->size == 8)
		return get16(raw) | (uint32_t)raw[2] << 16 | (s->csr[CSR_IADR + 1] & 0xff00) << 16;
	return get32(raw + l->addr);
}

/**
 * pcnet_desc_len() - Buffer length
 * @raw: Descriptor
 *
 * Return: 1 to 4096: BCNT is a two's complement of 12 bits.
 */
static inline uint32_t pcnet_desc_len(const uint8_t *raw)
{
	return 4096 - (get16(raw + PCNET_BCNT) & 0xfff);
}

/**
 * pcnet_desc_flags() - Flags
 * @s:   State
 * @raw: Descriptor
 *
 * Return: D_..., R_..., T_...; with 16-bit structures without bits 7-0.
 */
static inline uint16_t pcnet_desc_flags(const struct pcnet_state *s, const uint8_t *raw)
{
	const struct pcnet_layout *l = pcnet_layout(s);

	return get16(raw + l->flags) & (l->size == 8 ? 0xff00 : 0xffff);
}

/**
 * pcnet_desc_set_flags() - Set flags
 * @s:     State
 * @raw:   Descriptor
 * @flags: All of them; bits 7-0 are left out of 16-bit structures
 */
static inline void pcnet_desc_set_flags(const struct pcnet_state *s, uint8_t *raw, uint16_t flags)
{
	const struct pcnet_layout *l = pcnet_layout(s);

	raw[l->flags + 1] = (uint8_t)(flags >> 8);
	if (l->size == 16)
		raw[l->flags] = (uint8_t)flags;
}

/**
 * pcnet_desc_set_misc() - Set RMD2 or TMD2
 * @s:   State
 * @raw: Descriptor
 * @hi:  Bits 31-16: error word (transmit), counts of collisions and runts (receive)
 * @lo:  Bits 15-0: retry count (transmit), message length (receive)
 *
 * 16-bit structures have one half: the error word for transmit, the length for receive; the caller
 * gives the one that counts and 0 for the other.
 */
static inline void pcnet_desc_set_misc(const struct pcnet_state *s, uint8_t *raw, uint16_t hi,
				       uint16_t lo)
{
	const struct pcnet_layout *l = pcnet_layout(s);

	if (l->size == 8)
		put16(raw + l->misc, hi | lo);
	else
		put32(raw + l->misc, (uint32_t)hi << 16 | lo);
}

#endif
