/* SPDX-License-Identifier: BSD-2-Clause */
/* CRC-32 inside: what crc32.c, crc32-clmul.c and their tests share. */
#ifndef HW_NET_FRAME_CRC32_H
#define HW_NET_FRAME_CRC32_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/**
 * frame_crc32_by_table() - Shift bytes in with the tables, as any processor can
 * @crc: The shift register so far (not inverted)
 * @p:   Bytes
 * @len: Their number
 *
 * Return: the shift register.
 */
uint32_t frame_crc32_by_table(uint32_t crc, const uint8_t *p, size_t len);

/**
 * struct crc32_bytes - Bytes to shift in
 * @from: Where they are
 * @to:   Where to copy them meanwhile, apart from @from; or NULL
 */
struct crc32_bytes {
	const uint8_t *from;
	uint8_t *to;
};

/**
 * frame_crc32_fold() - Shift bytes in by folding, in the widest way that the processor has
 * @crc: The shift register so far (not inverted), taken on
 * @b:   Bytes
 * @len: Their number
 *
 * Return: false if nothing was done: they are too few, or this processor cannot fold.
 */
bool frame_crc32_fold(uint32_t *crc, struct crc32_bytes b, size_t len);

/**
 * struct frame_crc32_folder - One way of folding
 * @name:  What the processor must have
 * @least: Fewest bytes it is for
 * @there: Has this processor what it takes?
 * @fold:  The register after @least bytes or more
 */
struct frame_crc32_folder {
	const char *name;
	size_t least;
	bool (*there)(void);
	uint32_t (*fold)(uint32_t crc, struct crc32_bytes b, size_t len);
};

/**
 * frame_crc32_folder() - The ways of folding, for tests
 * @i: 0 for the widest
 *
 * Return: one, or NULL if @i is their number.
 */
const struct frame_crc32_folder *frame_crc32_folder(unsigned i);

/* Distances that bytes are folded over: 16 << 0 to 16 << 4. */
#define CRC32_DISTANCES 5

/**
 * struct frame_crc32_constants - What is multiplied by
 * @by:       For each distance, what moves bytes 0 to 7 of 16, and what moves bytes 8 to 15
 * @quotient: x^96 / P, reflected, without its highest power (which is bit 64)
 * @poly:     P, reflected, all 33 bits
 */
struct frame_crc32_constants {
	uint64_t by[CRC32_DISTANCES][2];
	uint64_t quotient, poly;
};

/**
 * frame_crc32_constants() - The constants of folding, for tests
 *
 * Return: them, or NULL on machines without folding.
 */
const struct frame_crc32_constants *frame_crc32_constants(void);

#endif
