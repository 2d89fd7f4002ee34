/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * CRC-32 by folding.
 *
 * DOC: Theory of Operation
 *
 * A message is a polynomial over GF(2), its CRC the remainder by P. Two 64-bit halves that stand n
 * bits before the end of a message can be taken out if each, multiplied by x^n mod P, is added
 * (exclusive or) where it then belongs. PCLMULQDQ multiplies 64 by 64 bits, so 16 bytes are folded
 * onto the next 16 with two multiplications. Four such chains run side by side, as one alone waits
 * for each product. At the end 16 bytes are left, which the tables of crc32.c can finish.
 *
 * Bits are reflected in Ethernet's CRC. The product of two reflected 64-bit numbers comes out one
 * bit low, which the constants make up for: each is the reflection of x^n mod P, shifted left by
 * one. n is, for a distance of d bits, d + 32 for the half that comes first and d - 32 for the
 * other.
 */
#include "crc32.h"

#if defined(__x86_64__) && defined(__GNUC__)
#include <immintrin.h>

#define FOLDING __attribute__((target("pclmul,sse4.1")))

/* Constants for distances of 512 and 128 bits. */
#define FOLD_512_FIRST	0x154442bd4
#define FOLD_512_SECOND 0x1c6e41596
#define FOLD_128_FIRST	0x1751997d0
#define FOLD_128_SECOND 0x0ccaa009e

static inline __m128i load(const uint8_t *p)
{
	return _mm_loadu_si128((const __m128i *)(const void *)p);
}

/* @x moved to where @next stands, and added to it. */
static inline FOLDING __m128i fold(__m128i x, __m128i k, __m128i next)
{
	return _mm_xor_si128(
		_mm_xor_si128(_mm_clmulepi64_si128(x, k, 0x00), _mm_clmulepi64_si128(x, k, 0x11)),
		next);
}

FOLDING void crc32_fold(uint32_t crc, const uint8_t *p, size_t len, uint8_t out[16])
{
	const __m128i far = _mm_set_epi64x(FOLD_512_SECOND, FOLD_512_FIRST);
	const __m128i near = _mm_set_epi64x(FOLD_128_SECOND, FOLD_128_FIRST);
	__m128i a = _mm_xor_si128(load(p), _mm_cvtsi32_si128((int)crc));
	__m128i b = load(p + 16), c = load(p + 32), d = load(p + 48);

	for (p += 64, len -= 64; len >= 64; p += 64, len -= 64) {
		a = fold(a, far, load(p));
		b = fold(b, far, load(p + 16));
		c = fold(c, far, load(p + 32));
		d = fold(d, far, load(p + 48));
	}
	a = fold(fold(fold(a, near, b), near, c), near, d);
	for (; len >= 16; p += 16, len -= 16)
		a = fold(a, near, load(p));
	_mm_storeu_si128((__m128i *)(void *)out, a);
}
#endif
