/* SPDX-License-Identifier: BSD-2-Clause */
/* Magic Packets: the pattern, where it may stand, and what is nearly one. */
#include <string.h>

#include "magic.h"
#include "unit.h"

static const uint8_t mac[6] = { 0x52, 0x54, 0, 0x12, 0x34, 0x56 };
static uint8_t frame[300];

/* A frame with the pattern at @at. */
static void put(uint32_t at)
{
	memset(frame, 0x11, sizeof(frame));
	memset(frame + at, 0xff, 6);
	for (unsigned i = 1; i <= 16; i++)
		memcpy(frame + at + 6 * i, mac, 6);
}

START_TEST(pattern_is_found_anywhere)
{
	for (uint32_t at = 14; at + HWNET_MAGIC_LEN <= sizeof(frame); at++) {
		put(at);
		ck_assert(hwnet_is_magic(frame, sizeof(frame), 14, mac));
		ck_assert(hwnet_is_magic(frame, at + HWNET_MAGIC_LEN, at, mac));
	}
}
END_TEST

START_TEST(not_before_and_not_beyond)
{
	put(20);
	ck_assert(!hwnet_is_magic(frame, sizeof(frame), 21, mac));
	ck_assert(!hwnet_is_magic(frame, 20 + HWNET_MAGIC_LEN - 1, 0, mac));
	ck_assert(!hwnet_is_magic(frame, 0, 0, mac));
	ck_assert(!hwnet_is_magic(frame, 10, 14, mac));
}
END_TEST

START_TEST(each_byte_counts)
{
	for (unsigned i = 0; i < HWNET_MAGIC_LEN; i++) {
		put(40);
		frame[40 + i] ^= 1;
		ck_assert(!hwnet_is_magic(frame, sizeof(frame), 14, mac));
	}
}
END_TEST

/* More bytes of ffh in front do not hide it. */
START_TEST(longer_lead_in)
{
	put(40);
	memset(frame + 30, 0xff, 10);
	ck_assert(hwnet_is_magic(frame, sizeof(frame), 14, mac));
}
END_TEST

int main(void)
{
	const TTest *const tests[] = {
		pattern_is_found_anywhere,
		not_before_and_not_beyond,
		each_byte_counts,
		longer_lead_in,
		NULL,
	};

	return unit_main("magic", tests);
}
