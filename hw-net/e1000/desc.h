/* SPDX-License-Identifier: BSD-2-Clause */
/* Descriptors: 16 bytes each, and what kinds there are. Their bits are in bits.h. */
#ifndef E1000_DESC_H
#define E1000_DESC_H

#include <stdbool.h>
#include <stdint.h>

#include "bits.h"

/* struct e1000_desc - 16 bytes of a ring, as numbers: e1000_desc_fetched() */
struct e1000_desc {
	uint32_t w[4];
};

/* Rings are little-endian. */
static inline void e1000_desc_fetched(struct e1000_desc *d, unsigned n)
{
#if __BYTE_ORDER__ == __ORDER_BIG_ENDIAN__
	for (unsigned i = 0; i < n; i++)
		for (unsigned j = 0; j < 4; j++)
			d[i].w[j] = __builtin_bswap32(d[i].w[j]);
#else
	(void)d;
	(void)n;
#endif
}

/* Kinds of transmit descriptors, 3.3.3, 3.3.6, 3.3.7; of the 16 extended types two exist, the
 * others pass as data. */
static inline bool e1000_is_extended(const struct e1000_desc *d)
{
	return d->w[2] & TXD_DEXT;
}

static inline bool e1000_is_context(const struct e1000_desc *d)
{
	return e1000_is_extended(d) && (d->w[2] >> TXD_DTYP_SHIFT & 15) == TXD_DTYP_CONTEXT;
}

static inline bool e1000_wants_tso(const struct e1000_desc *first)
{
	return e1000_is_extended(first) && (first->w[2] & TXD_TSE);
}

/* Descriptors of a ring whose length register holds this; 13.4.27, 13.4.38 */
static inline uint32_t e1000_ring_len(uint32_t len_reg)
{
	return len_reg / sizeof(struct e1000_desc);
}

#endif
