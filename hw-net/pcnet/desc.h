/* SPDX-License-Identifier: BSD-2-Clause */
/* Fields of a descriptor; the layouts are in ring.c. Included by pcnet.h. */
#ifndef PCNET_DESC_H
#define PCNET_DESC_H

/* Layout of the software style that is set */
static inline const struct pcnet_layout *pcnet_layout(const struct pcnet_state *s)
{
	return &pcnet_layouts[pcnet_style(s)];
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
