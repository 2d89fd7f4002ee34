/* SPDX-License-Identifier: BSD-2-Clause */
/* CRC-32 with the processor's carry-less multiplication; what crc32.c and crc32-clmul.c share. */
#ifndef HW_NET_FRAME_CRC32_H
#define HW_NET_FRAME_CRC32_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/** CRC32_FOLD_MIN - Fewest bytes that can be folded. */
#define CRC32_FOLD_MIN 64u
/** CRC32_WIDE_MIN - Fewest bytes that can be folded with four times the width. */
#define CRC32_WIDE_MIN 256u

#if defined(__x86_64__) && defined(__GNUC__)
/**
 * crc32_can_fold() - Has this processor what crc32_fold() needs?
 *
 * Return: true if so.
 */
static inline bool crc32_can_fold(void)
{
	return __builtin_cpu_supports("pclmul") && __builtin_cpu_supports("sse4.1");
}

/**
 * crc32_fold() - Reduce a long message to a short one of the same remainder
 * @crc: The shift register so far (not inverted)
 * @p:   Bytes
 * @len: Their number, a multiple of 16, at least CRC32_FOLD_MIN
 * @out: 16 bytes: they leave the register, if it begins with 0, as the message leaves one that
 * begins with @crc
 */
void crc32_fold(uint32_t crc, const uint8_t *p, size_t len, uint8_t out[16]);

/**
 * crc32_can_fold_wide() - Has this processor what crc32_fold_wide() needs?
 *
 * Return: true if so.
 */
static inline bool crc32_can_fold_wide(void)
{
	return __builtin_cpu_supports("vpclmulqdq") && __builtin_cpu_supports("avx512f");
}

/**
 * crc32_fold_wide() - crc32_fold() for long messages
 * @crc: The shift register so far (not inverted)
 * @p:   Bytes
 * @len: Their number, a multiple of 64, at least CRC32_WIDE_MIN
 * @out: 64 bytes, as crc32_fold()'s 16
 */
void crc32_fold_wide(uint32_t crc, const uint8_t *p, size_t len, uint8_t out[64]);
#else
static inline bool crc32_can_fold(void)
{
	return false;
}

static inline void crc32_fold(uint32_t crc, const uint8_t *p, size_t len, uint8_t out[16])
{
}

static inline bool crc32_can_fold_wide(void)
{
	return false;
}

static inline void crc32_fold_wide(uint32_t crc, const uint8_t *p, size_t len, uint8_t out[64])
{
}
#endif

#endif
