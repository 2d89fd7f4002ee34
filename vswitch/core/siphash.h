/* SPDX-License-Identifier: BSD-2-Clause */
/* SipHash-2-4 (Aumasson, Bernstein 2012) of whole 64-bit words: who does not know the key can't
 * make the sum of anything. */
#ifndef VSWITCH_SIPHASH_H
#define VSWITCH_SIPHASH_H

#include <stdint.h>

static inline uint64_t siphash_rotate(uint64_t v, unsigned by)
{
	return v << by | v >> (64 - by);
}

static inline void siphash_round(uint64_t *v)
{
	v[0] += v[1];
	v[2] += v[3];
	v[1] = siphash_rotate(v[1], 13) ^ v[0];
	v[3] = siphash_rotate(v[3], 16) ^ v[2];
	v[0] = siphash_rotate(v[0], 32);
	v[2] += v[1];
	v[0] += v[3];
	v[1] = siphash_rotate(v[1], 17) ^ v[2];
	v[3] = siphash_rotate(v[3], 21) ^ v[0];
	v[2] = siphash_rotate(v[2], 32);
}

static inline void siphash_word(uint64_t *v, uint64_t word)
{
	v[3] ^= word;
	siphash_round(v);
	siphash_round(v);
	v[0] ^= word;
}

/* siphash() - Sum of @n words under a key */
static inline uint64_t siphash(const uint64_t key[2], const uint64_t *word, unsigned n)
{
	uint64_t v[4] = { key[0] ^ UINT64_C(0x736f6d6570736575),
			  key[1] ^ UINT64_C(0x646f72616e646f6d),
			  key[0] ^ UINT64_C(0x6c7967656e657261),
			  key[1] ^ UINT64_C(0x7465646279746573) };

	for (unsigned i = 0; i < n; i++)
		siphash_word(v, word[i]);
	siphash_word(v, (uint64_t)n << 59); /* the length in bytes, in the last one */
	v[2] ^= 0xff;
	for (unsigned i = 0; i < 4; i++)
		siphash_round(v);
	return v[0] ^ v[1] ^ v[2] ^ v[3];
}

#endif
