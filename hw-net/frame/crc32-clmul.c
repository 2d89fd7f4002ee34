/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * CRC-32 by folding.
 *
 * DOC: Theory of Operation
 *
 * A message is a polynomial over GF(2), its CRC the remainder by P, of degree 32. Eight bytes that
 * stand n bits before others can be taken out if they, multiplied by x^n mod P, are added
 * (exclusive or) to these. PCLMULQDQ multiplies 64 by 64 bits, so 16 bytes are folded onto any
 * others with two multiplications. In order:
 *
 *  1. begin(): bytes beyond a multiple of 16 are taken from the front. Zeros before a message alter
 *     nothing, so they are 16 bytes, zeros first, and folded onto the 16 that follow. The register
 *     so far is added to the message's first four bytes.
 *  2. chains(), in crc32-fold.h: several vectors side by side, as one alone waits for each product,
 *     are folded onto the next as many, until there are fewer. Then their first half onto the
 *     second, that onto as many bytes more, if there are, and so on down to one vector.
 *  3. end(): the same with the halves of a vector, down to 16 bytes.
 *  4. remainder(): what these 16 bytes leave in the register.
 *
 * VPCLMULQDQ multiplies two such pairs, with AVX-512 four, in the time of one:
 *
 * | bits | chains | least bytes | on                                  |
 * |------|--------|-------------|-------------------------------------|
 * |  128 |      1 |          16 | what has PCLMULQDQ                  |
 * |  128 |      8 |         128 | the same                            |
 * |  256 |      4 |         128 | AMD since Zen 3, Intel's Alder Lake |
 * |  512 |      4 |         256 | AMD since Zen 4, Intel's Ice Lake   |
 *
 * Eight chains of 128 bits are for processors of Intel that can begin a product in each cycle and
 * have it after seven. AMD's begin one every other cycle, and four chains would do. The 188
 * multiplications of 1514 bytes keep the multiplier busy there; nothing else costs time. So copying
 * the bytes as they are loaded costs next to nothing.
 *
 * Bits are reflected in Ethernet's CRC: the lowest bit of the first byte is the highest power. The
 * product of two reflected 64-bit numbers comes out one bit low, which the constants make up for:
 * each is the reflection of x^n mod P, shifted left by one. n is, for a distance of d bits, d + 32
 * for the half that comes first and d - 32 for the other. The unit test computes all constants bit
 * by bit.
 */
#include "crc32.h"

#if defined(__x86_64__) && defined(__GNUC__)
#include <immintrin.h>

/* What the functions of each width need; the larger have all that the smaller have, so that these
 * can be inlined there. */
#define ON_128 __attribute__((target("pclmul,sse4.1")))
#define ON_256 __attribute__((target("pclmul,avx2,vpclmulqdq")))
#define ON_512 __attribute__((target("pclmul,avx2,vpclmulqdq,avx512f")))

/* For each vector: to be spelled out by the compiler, so that they stay in registers. */
#define EACH(i, n) _Pragma("GCC unroll 8") for (unsigned i = 0; i < (n); i++)

/* So that what is constant in a call is left out of it. */
#define SPELLED_OUT inline __attribute__((always_inline))

static const struct frame_crc32_constants constants = {
	.by = {
		{ 0x1751997d0, 0x0ccaa009e },
		{ 0x0f1da05aa, 0x15a546366 },
		{ 0x154442bd4, 0x1c6e41596 },
		{ 0x1e88ef372, 0x14a7fe880 },
		{ 0x11542778a, 0x1322d1430 },
	},
	.quotient = 0xb4e5b025f7011641,
	.poly = 0x1db710641,
};

static inline ON_128 __m128i load_128(const void *p)
{
	return _mm_loadu_si128((const __m128i *)p);
}

/* Bytes from @at on; copied, too, if they are to be. */
static inline ON_128 __m128i take_128(struct crc32_bytes b, size_t at)
{
	const __m128i x = load_128(b.from + at);

	if (b.to)
		_mm_storeu_si128((__m128i *)(void *)(b.to + at), x);
	return x;
}

/* The constants for a distance in bytes. */
static inline ON_128 __m128i by_128(size_t distance)
{
	return load_128(constants.by[__builtin_ctzl(distance) - 4]);
}

/* @x moved to where @next stands, and added to it. */
static inline ON_128 __m128i fold_128(__m128i x, __m128i by, __m128i next)
{
	return _mm_xor_si128(_mm_xor_si128(_mm_clmulepi64_si128(x, by, 0x00), next),
			     _mm_clmulepi64_si128(x, by, 0x11));
}

/* @x with @first in place of its first 16 bytes. */
static inline ON_128 __m128i put_128(__m128i x, __m128i first)
{
	return first;
}

/* The first 16 + @odd bytes of a message, less than 32, as 16. */
static inline ON_128 __m128i begin(uint32_t crc, struct crc32_bytes b, size_t odd)
{
	/* 16 of these, from n on, have PSHUFB move bytes up by 16 - n or down by n - 16. */
	static const uint8_t moves[48] = {
		0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80,
		0x80, 0x80, 0x80, 0x80, 0,    1,    2,	  3,	4,    5,    6,	  7,
		8,    9,    10,	  11,	12,   13,   14,	  15,	0x80, 0x80, 0x80, 0x80,
		0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80,
	};
	const __m128i reg = _mm_cvtsi32_si128((int)crc);
	const __m128i up = load_128(moves + odd), down = load_128(moves + 16 + odd);

	return fold_128(_mm_shuffle_epi8(_mm_xor_si128(take_128(b, 0), reg), up), by_128(16),
			_mm_xor_si128(load_128(b.from + odd), _mm_shuffle_epi8(reg, down)));
}

/* The register after the 16 bytes of @x: their remainder, with 32 zeros behind them. Bytes 0 to 7
 * are folded onto the others and these zeros, which leaves 96 bits. Barrett's reduction: the first
 * 64 of them times x^96 / P, without the lower half, are the quotient; taking P off as often leaves
 * the remainder in the last 32. */
static inline ON_128 uint32_t remainder_128(__m128i x)
{
	const __m128i divide = load_128(&constants.quotient);
	__m128i q;

	x = _mm_xor_si128(_mm_clmulepi64_si128(x, by_128(16), 0x10), _mm_srli_si128(x, 8));
	q = _mm_clmulepi64_si128(x, divide, 0x00);
	x = _mm_xor_si128(_mm_clmulepi64_si128(q, divide, 0x10), x);
	return (uint32_t)_mm_extract_epi32(x, 2);
}

static inline ON_128 uint32_t end_128(__m128i x, struct crc32_bytes b, size_t at, size_t len)
{
	return remainder_128(x);
}

#define VEC	__m128i
#define WIDTH	16u
#define ON	ON_128
#define NAME(f) f##_128
#include "crc32-fold.h"

static ON_128 uint32_t with_16(uint32_t crc, struct crc32_bytes b, size_t len)
{
	return chains_128(crc, b, len, 1);
}

static ON_128 uint32_t with_128(uint32_t crc, struct crc32_bytes b, size_t len)
{
	const struct crc32_bytes only = { b.from, NULL };

	return b.to ? chains_128(crc, b, len, 8) : chains_128(crc, only, len, 8);
}

static inline ON_256 __m256i take_256(struct crc32_bytes b, size_t at)
{
	const __m256i x = _mm256_loadu_si256((const __m256i *)(const void *)(b.from + at));

	if (b.to)
		_mm256_storeu_si256((__m256i *)(void *)(b.to + at), x);
	return x;
}

static inline ON_256 __m256i by_256(size_t distance)
{
	return _mm256_broadcastsi128_si256(by_128(distance));
}

static inline ON_256 __m256i fold_256(__m256i x, __m256i by, __m256i next)
{
	return _mm256_xor_si256(_mm256_xor_si256(_mm256_clmulepi64_epi128(x, by, 0x00), next),
				_mm256_clmulepi64_epi128(x, by, 0x11));
}

static inline ON_256 __m256i put_256(__m256i x, __m128i first)
{
	return _mm256_inserti128_si256(x, first, 0);
}

static inline ON_256 uint32_t end_256(__m256i x, struct crc32_bytes b, size_t at, size_t len)
{
	const __m128i by = by_128(16);
	__m128i half = fold_128(_mm256_castsi256_si128(x), by, _mm256_extracti128_si256(x, 1));

	if (len - at >= 16)
		half = fold_128(half, by, take_128(b, at));
	return remainder_128(half);
}

#define VEC	__m256i
#define WIDTH	32u
#define ON	ON_256
#define NAME(f) f##_256
#include "crc32-fold.h"

static ON_256 uint32_t with_256(uint32_t crc, struct crc32_bytes b, size_t len)
{
	const struct crc32_bytes only = { b.from, NULL };

	return b.to ? chains_256(crc, b, len, 4) : chains_256(crc, only, len, 4);
}

static inline ON_512 __m512i take_512(struct crc32_bytes b, size_t at)
{
	const __m512i x = _mm512_loadu_si512(b.from + at);

	if (b.to)
		_mm512_storeu_si512(b.to + at, x);
	return x;
}

static inline ON_512 __m512i by_512(size_t distance)
{
	return _mm512_broadcast_i32x4(by_128(distance));
}

/* 0x96 is the exclusive or of three. */
static inline ON_512 __m512i fold_512(__m512i x, __m512i by, __m512i next)
{
	return _mm512_ternarylogic_epi64(_mm512_clmulepi64_epi128(x, by, 0x00),
					 _mm512_clmulepi64_epi128(x, by, 0x11), next, 0x96);
}

static inline ON_512 __m512i put_512(__m512i x, __m128i first)
{
	return _mm512_inserti32x4(x, first, 0);
}

static inline ON_512 uint32_t end_512(__m512i x, struct crc32_bytes b, size_t at, size_t len)
{
	const __m256i by = by_256(32);
	__m256i half = fold_256(_mm512_castsi512_si256(x), by, _mm512_extracti64x4_epi64(x, 1));

	if (len - at < 32)
		return end_256(half, b, at, len);
	return end_256(fold_256(half, by, take_256(b, at)), b, at + 32, len);
}

#define VEC	__m512i
#define WIDTH	64u
#define ON	ON_512
#define NAME(f) f##_512
#include "crc32-fold.h"

static ON_512 uint32_t with_512(uint32_t crc, struct crc32_bytes b, size_t len)
{
	const struct crc32_bytes only = { b.from, NULL };

	return b.to ? chains_512(crc, b, len, 4) : chains_512(crc, only, len, 4);
}

/* __builtin_cpu_supports() knows whether the operating system saves the registers, too. */
static bool there_128(void)
{
	return __builtin_cpu_supports("pclmul") && __builtin_cpu_supports("sse4.1");
}

static bool there_256(void)
{
	return __builtin_cpu_supports("vpclmulqdq") && __builtin_cpu_supports("avx2");
}

static bool there_512(void)
{
	return there_256() && __builtin_cpu_supports("avx512f");
}

static const struct frame_crc32_folder folders[] = {
	{ "AVX-512F and VPCLMULQDQ", 256, there_512, with_512 },
	{ "AVX2 and VPCLMULQDQ", 128, there_256, with_256 },
	{ "SSE4.1 and PCLMULQDQ", 128, there_128, with_128 },
	{ "SSE4.1 and PCLMULQDQ, one vector", 16, there_128, with_16 },
};

#define FOLDERS (sizeof(folders) / sizeof(folders[0]))

const struct frame_crc32_constants *frame_crc32_constants(void)
{
	return &constants;
}
#else
#define FOLDERS 0

static const struct frame_crc32_folder folders[1];

const struct frame_crc32_constants *frame_crc32_constants(void)
{
	return NULL;
}
#endif

const struct frame_crc32_folder *frame_crc32_folder(unsigned i)
{
	return i < FOLDERS ? &folders[i] : NULL;
}

bool frame_crc32_fold(uint32_t *crc, struct crc32_bytes b, size_t len)
{
#pragma GCC unroll 4
	for (unsigned i = 0; i < FOLDERS; i++) {
		const struct frame_crc32_folder *f = &folders[i];

		if (len < f->least || !f->there())
			continue;
		*crc = f->fold(*crc, b, len);
		return true;
	}
	return false;
}
