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
 * VPCLMULQDQ with AVX-512 multiplies four such pairs in the time of one, so the four chains take
 * 256 bytes at a time.
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
#define WIDE	__attribute__((target("pclmul,vpclmulqdq,avx512f")))

/* Constants for distances of 2048, 512 and 128 bits. */
#define FOLD_2048_FIRST	 0x11542778a
#define FOLD_2048_SECOND 0x1322d1430
#define FOLD_512_FIRST	 0x154442bd4
#define FOLD_512_SECOND	 0x1c6e41596
#define FOLD_128_FIRST	 0x1751997d0
#define FOLD_128_SECOND	 0x0ccaa009e

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

static inline WIDE __m512i load4(const uint8_t *p)
{
	return _mm512_loadu_si512((const void *)p);
}

static inline WIDE __m512i constants(uint64_t first, uint64_t second)
{
	return _mm512_broadcast_i32x4(_mm_set_epi64x((int64_t)second, (int64_t)first));
}

/* As fold(), four at once; 0x96 is the exclusive or of three. */
static inline WIDE __m512i fold4(__m512i x, __m512i k, __m512i next)
{
	return _mm512_ternarylogic_epi64(_mm512_clmulepi64_epi128(x, k, 0x00),
					 _mm512_clmulepi64_epi128(x, k, 0x11), next, 0x96);
}

WIDE void crc32_fold_wide(uint32_t crc, const uint8_t *p, size_t len, uint8_t out[64])
{
	const __m512i far = constants(FOLD_2048_FIRST, FOLD_2048_SECOND);
	const __m512i near = constants(FOLD_512_FIRST, FOLD_512_SECOND);
	__m512i a = _mm512_xor_si512(load4(p), _mm512_zextsi128_si512(_mm_cvtsi32_si128((int)crc)));
	__m512i b = load4(p + 64), c = load4(p + 128), d = load4(p + 192);

	for (p += 256, len -= 256; len >= 256; p += 256, len -= 256) {
		a = fold4(a, far, load4(p));
		b = fold4(b, far, load4(p + 64));
		c = fold4(c, far, load4(p + 128));
		d = fold4(d, far, load4(p + 192));
	}
	a = fold4(fold4(fold4(a, near, b), near, c), near, d);
	for (; len >= 64; p += 64, len -= 64)
		a = fold4(a, near, load4(p));
	_mm512_storeu_si512((void *)out, a);
}
#endif
