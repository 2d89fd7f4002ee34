/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * CRC-32: each way of computing it, whichever of them frame_crc32() takes on this machine, against
 * division bit by bit. Not with Check, which cannot say that a case was skipped: ways that this
 * processor has not are reported so.
 */
#include <stdio.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <unistd.h>

#include "hwnet/frame.h"

#include "build-frame.h"
#include "frame/crc32.h"

#define POLY 0x104c11db7u /* IEEE 802.3, 3.2.9 */
#define MOST 2200u	  /* bytes of a message */
#define SLIP 64u	  /* alignments */

/* Memory between two pages that must not be touched. */
static uint8_t *room;
static size_t room_len;
static uint64_t seed = 1;
static unsigned cases;
static bool failed;

/* The register after one more byte. */
static uint32_t shift_byte(uint32_t reg, uint8_t byte)
{
	reg ^= byte;
	for (unsigned b = 0; b < 8; b++)
		reg = reg & 1 ? reg >> 1 ^ 0xedb88320 : reg >> 1;
	return reg;
}

/* The register after bytes that are not to be copied. */
static uint32_t shift(const struct frame_crc32_folder *way, uint32_t reg, const uint8_t *p,
		      size_t len)
{
	return way->fold(reg, (struct crc32_bytes) { p, NULL }, len);
}

/* One case's result; @wrong is NULL or says what is. */
static void report(const char *name, const char *what, const char *wrong)
{
	printf("%sok %u - %s: %s\n", wrong ? "not " : "", ++cases, name, what);
	if (wrong)
		printf("# %s\n", wrong);
	failed |= wrong != NULL;
}

static const char *complaint(const char *what, size_t len, unsigned at)
{
	static char text[80];

	snprintf(text, sizeof(text), "%s: %zu bytes at %u", what, len, at);
	return text;
}

/* All lengths at all alignments, from registers that differ. */
static const char *lengths(const struct frame_crc32_folder *way)
{
	for (unsigned at = 0; at < SLIP; at++) {
		uint32_t reg = at ? test_random(&seed) : 0xffffffff, want = reg;

		for (size_t len = 0; len <= MOST; want = shift_byte(want, room[at + len++]))
			if (len >= way->least && shift(way, reg, room + at, len) != want)
				return complaint("wrong", len, at);
	}
	return NULL;
}

/* The first and the last bytes there are: reading others ends the program. */
static const char *edges(const struct frame_crc32_folder *way)
{
	for (size_t len = way->least; len <= MOST; len++) {
		const uint8_t *end = room + room_len - len;

		if (shift(way, 0, room, len) != frame_crc32_by_table(0, room, len))
			return complaint("wrong", len, 0);
		if (shift(way, 0, end, len) != frame_crc32_by_table(0, end, len))
			return complaint("wrong at the end", len, 0);
	}
	return NULL;
}

/* A message in pieces; those too short for this way go through the tables. */
static const char *pieces(const struct frame_crc32_folder *way)
{
	for (size_t len = 0; len <= MOST; len++) {
		unsigned slip = test_random(&seed) % SLIP;
		const uint8_t *p = room + slip;
		uint32_t reg = 0xffffffff;

		for (size_t left = len, n; left; left -= n, p += n) {
			n = 1 + test_random(&seed) % (len / 2 + 1);
			n = n < left ? n : left;
			reg = n < way->least ? frame_crc32_by_table(reg, p, n) :
					       shift(way, reg, p, n);
		}
		if (~reg != slow_crc32(room + slip, (uint32_t)len))
			return complaint("wrong", len, slip);
	}
	return NULL;
}

/* Copied on the way, exactly. */
static const char *copies(const struct frame_crc32_folder *way)
{
	static uint8_t copy[MOST + 2 * SLIP], want[sizeof(copy)];

	for (size_t len = way->least; len <= MOST; len++) {
		unsigned from = test_random(&seed) % SLIP, to = test_random(&seed) % SLIP;
		struct crc32_bytes b = { room + from, copy + to };

		memset(copy, 0xa5, sizeof(copy));
		memset(want, 0xa5, sizeof(want));
		memcpy(want + to, room + from, len);
		if (way->fold(0, b, len) != frame_crc32_by_table(0, room + from, len))
			return complaint("wrong", len, from);
		if (memcmp(copy, want, sizeof(copy)))
			return complaint("copied wrong", len, from);
	}
	return NULL;
}

static void try_way(const struct frame_crc32_folder *way)
{
	static const struct {
		const char *what;
		const char *(*run)(const struct frame_crc32_folder *way);
	} tests[] = {
		{ "all lengths", lengths },
		{ "nothing beyond the bytes", edges },
		{ "pieces", pieces },
		{ "copies", copies },
	};

	for (unsigned i = 0; i < sizeof(tests) / sizeof(tests[0]); i++) {
		if (way->there())
			report(way->name, tests[i].what, tests[i].run(way));
		else
			printf("ok %u - %s: %s # SKIP not on this processor: %s\n", ++cases,
			       way->name, tests[i].what, way->name);
	}
}

/* x^@n mod P. */
static uint32_t power(unsigned n)
{
	uint64_t r = 1;

	while (n--) {
		r <<= 1;
		if (r >> 32)
			r ^= POLY;
	}
	return (uint32_t)r;
}

/* The lowest @bits bits of @v, in reverse. */
static uint64_t reflected(uint64_t v, unsigned bits)
{
	uint64_t r = 0;

	for (unsigned i = 0; i < bits; i++)
		r |= (v >> i & 1) << (bits - 1 - i);
	return r;
}

/* x^@n / P without the highest power, n - 32 bits: long division. */
static uint64_t quotient(unsigned n)
{
	uint64_t rest = (uint64_t)1 << 32, q = 0;

	for (unsigned i = 0; i <= n - 32; i++) {
		bool fits = rest >> 32;

		q = q << 1 | fits;
		rest = (fits ? rest ^ POLY : rest) << 1;
	}
	return q;
}

/* Each constant of folding, from what it is said to be. */
static const char *constants(const struct frame_crc32_constants *c)
{
	for (unsigned i = 0; i < CRC32_DISTANCES; i++) {
		unsigned bits = 128u << i;

		if (c->by[i][0] != reflected(power(bits + 32), 32) << 1)
			return complaint("first half", bits / 8, 0);
		if (c->by[i][1] != reflected(power(bits - 32), 32) << 1)
			return complaint("second half", bits / 8, 0);
	}
	/* The highest power is the lowest bit of 65, so those above it are bits 1 to 64. */
	if (c->quotient != (reflected(quotient(96), 64) << 1 | 1))
		return "quotient";
	return c->poly == reflected(POLY, 33) ? NULL : "polynomial";
}

static bool always(void)
{
	return true;
}

static uint32_t by_table(uint32_t reg, struct crc32_bytes b, size_t len)
{
	if (b.to)
		memcpy(b.to, b.from, len);
	return frame_crc32_by_table(reg, b.from, len);
}

/* What is public has the register's complement. */
static uint32_t any_way(uint32_t reg, struct crc32_bytes b, size_t len)
{
	return b.to ? ~frame_crc32_copy(~reg, b.to, b.from, len) : ~frame_crc32(~reg, b.from, len);
}

static const char *packet(void)
{
	struct iovec iov[3] = { { room, 20 }, { room + 20, 1 }, { room + 21, 379 } };
	struct pkt pkt = { .iov = iov, .iovcnt = 3, .len = 400 };
	uint32_t want = slow_crc32(room, 400);
	uint8_t copy[400];

	if (pkt_crc32(&pkt) != want)
		return "pkt_crc32()";
	if (pkt_crc32_copy(&pkt, copy) != want)
		return "pkt_crc32_copy()";
	return memcmp(copy, room, 400) ? "copied wrong" : NULL;
}

static bool make_room(void)
{
	size_t page = (size_t)sysconf(_SC_PAGESIZE);
	uint8_t *p;

	room_len = (MOST + SLIP + page - 1) / page * page;
	p = mmap(NULL, room_len + 2 * page, PROT_NONE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	if (p == MAP_FAILED || mprotect(p + page, room_len, PROT_READ | PROT_WRITE))
		return false;
	room = p + page;
	for (size_t i = 0; i < room_len; i++)
		room[i] = (uint8_t)test_random(&seed);
	return true;
}

int main(void)
{
	static const struct frame_crc32_folder table = { "tables", 0, always, by_table };
	static const struct frame_crc32_folder any = { "public", 0, always, any_way };
	const struct frame_crc32_folder *way;

	/* What was found before a crash is to be seen. */
	setvbuf(stdout, NULL, _IOLBF, 0);
	if (!make_room())
		return EXIT_FAILURE;
	/* The check value of the standard. */
	report("public", "nine digits",
	       frame_crc32(0, "123456789", 9) == 0xcbf43926 ? NULL : "wrong");
	report("public", "frame in pieces", packet());
	try_way(&any);
	try_way(&table);
	for (unsigned i = 0; (way = frame_crc32_folder(i)) != NULL; i++)
		try_way(way);
	if (frame_crc32_constants())
		report("folding", "constants", constants(frame_crc32_constants()));
	printf("1..%u\n", cases);
	return failed ? EXIT_FAILURE : EXIT_SUCCESS;
}
