/* SPDX-License-Identifier: BSD-2-Clause */
/* Frames between a guest's memory and a card: borrow.h, on a host that counts what it lends. */
#include <string.h>

#include "borrow.h"
#include "unit.h"

#define SIZE 0x4000u

/* Memory; how much a map gives at most; what is lent; what was accessed of what came back last. */
static struct host {
	uint8_t mem[SIZE];
	size_t map_max;
	unsigned lent, maps, reads, writes;
	size_t used;
} h;

static int dma_read(void *opaque, uint64_t addr, void *buf, size_t len)
{
	h.reads++;
	if (addr >= SIZE || len > SIZE - addr)
		return -1;
	memcpy(buf, h.mem + addr, len);
	return 0;
}

static int dma_write(void *opaque, uint64_t addr, const void *buf, size_t len)
{
	h.writes++;
	if (addr >= SIZE || len > SIZE - addr)
		return -1;
	memcpy(h.mem + addr, buf, len);
	return 0;
}

static void *dma_map(void *opaque, uint64_t addr, size_t *len, bool to_guest)
{
	h.maps++;
	if (addr >= SIZE || !h.map_max)
		return NULL;
	*len = *len < h.map_max ? *len : h.map_max;
	*len = *len < SIZE - addr ? *len : SIZE - addr;
	h.lent++;
	return h.mem + addr;
}

static void dma_unmap(void *opaque, void *ptr, size_t len, bool to_guest, size_t used)
{
	ck_assert_uint_le(used, len);
	h.lent--;
	h.used = used;
}

static const struct hwnet_host ops = {
	.dma_read = dma_read, .dma_write = dma_write, .dma_map = dma_map, .dma_unmap = dma_unmap
};
static const struct hwnet_host plain_ops = { .dma_read = dma_read, .dma_write = dma_write };

static struct hwnet_nic nic;
static struct hwnet_loans loans;
static struct hwnet_bounce bounce;

static void begin(size_t map_max)
{
	memset(&h, 0, sizeof(h));
	for (unsigned i = 0; i < SIZE; i++)
		h.mem[i] = (uint8_t)(i * 7 + (i >> 8));
	h.map_max = map_max;
	nic.host = &ops;
	loans.n = 0;
	bounce.used = 0;
}

START_TEST(whole_or_nothing)
{
	begin(1000);
	ck_assert_ptr_eq(hwnet_map_whole(&nic, 16, 1000, true), h.mem + 16);
	ck_assert_uint_eq(h.lent, 1);
	ck_assert_ptr_null(hwnet_map_whole(&nic, 16, 1001, true));
	ck_assert_uint_eq(h.lent, 1); /* the short one was given back, */
	ck_assert_uint_eq(h.used, 0); /* untouched */
	ck_assert_ptr_null(hwnet_map_whole(&nic, SIZE, 1, false));
	nic.host = &plain_ops;
	ck_assert_ptr_null(hwnet_map_whole(&nic, 16, 10, false));
}
END_TEST

START_TEST(loans_are_noted_and_given_back)
{
	size_t len = 300;

	begin(200);
	ck_assert_ptr_eq(hwnet_borrow(&nic, &loans, 100, &len), h.mem + 100);
	ck_assert_uint_eq(len, 200);
	ck_assert_ptr_null(hwnet_borrow_whole(&nic, &loans, 100, 201));
	ck_assert_uint_eq(loans.n, 1);
	ck_assert_ptr_eq(hwnet_borrow_whole(&nic, &loans, 500, 200), h.mem + 500);
	ck_assert_ptr_nonnull(hwnet_borrow_whole(&nic, &loans, 900, 10));
	ck_assert_uint_eq(h.lent, 3);
	hwnet_give_back(&nic, &loans, 2);
	ck_assert_uint_eq(h.used, 10);
	ck_assert_uint_eq(h.lent, 2);
	hwnet_give_back(&nic, &loans, 0);
	ck_assert_uint_eq(h.lent, 0);
	ck_assert_uint_eq(loans.n, 0);
}
END_TEST

START_TEST(nothing_is_noted_of_what_is_not_lent)
{
	size_t len = 10;

	begin(0);
	ck_assert_ptr_null(hwnet_borrow(&nic, &loans, 0, &len));
	ck_assert_ptr_null(hwnet_borrow_whole(&nic, &loans, 0, 10));
	ck_assert_uint_eq(loans.n, 0);
}
END_TEST

START_TEST(head_is_private)
{
	uint8_t head[PKT_HEAD];
	struct iovec iov[2];

	begin(SIZE);
	hwnet_split_head(iov, head, h.mem, 1514);
	ck_assert_ptr_eq(iov[0].iov_base, head);
	ck_assert_uint_eq(iov[0].iov_len, PKT_HEAD);
	ck_assert_ptr_eq(iov[1].iov_base, h.mem + PKT_HEAD);
	ck_assert_uint_eq(iov[1].iov_len, 1514 - PKT_HEAD);
	ck_assert_mem_eq(head, h.mem, PKT_HEAD);
	h.mem[0] ^= 1;
	ck_assert_mem_ne(head, h.mem, PKT_HEAD);
}
END_TEST

START_TEST(copies_stand_behind_each_other)
{
	uint8_t *first, *second;

	begin(SIZE);
	first = hwnet_bounce(&nic, &bounce, 32, 100);
	second = hwnet_bounce(&nic, &bounce, 1000, 50);
	ck_assert_ptr_eq(second, first + 100);
	ck_assert_mem_eq(first, h.mem + 32, 100);
	ck_assert_mem_eq(second, h.mem + 1000, 50);
	ck_assert_uint_eq(hwnet_bounce_room(&bounce), PKT_MAX_LEN - 150);
	ck_assert_ptr_null(hwnet_bounce(&nic, &bounce, SIZE - 1, 2));
	ck_assert_uint_eq(hwnet_bounce_room(&bounce), PKT_MAX_LEN - 150);
}
END_TEST

/* A frame whose bytes are 1, 2, 3 and so on. */
static void next(void *from, uint8_t *dst, uint32_t len)
{
	uint8_t *at = from;

	while (len--)
		*dst++ = ++*at;
}

static void check_filled(uint32_t addr, uint32_t len)
{
	for (uint32_t i = 0; i < len; i++)
		ck_assert_uint_eq(h.mem[addr + i], (uint8_t)(i + 1));
	ck_assert_uint_eq(h.mem[addr + len], (uint8_t)((addr + len) * 7 + ((addr + len) >> 8)));
	ck_assert_uint_eq(h.lent, 0);
}

START_TEST(fills_in_place_piece_by_piece)
{
	uint8_t at = 0;

	begin(1000);
	ck_assert_int_eq(hwnet_fill(&nic, 64, 2500, next, &at), 0);
	check_filled(64, 2500);
	ck_assert_uint_eq(h.maps, 3);
	ck_assert_uint_eq(h.used, 500);
	ck_assert_uint_eq(h.writes, 0);
}
END_TEST

START_TEST(fills_by_copying_what_cannot_be_mapped)
{
	uint8_t at = 0;

	begin(0);
	ck_assert_int_eq(hwnet_fill(&nic, 64, 2500, next, &at), 0);
	check_filled(64, 2500);
	ck_assert_uint_eq(h.maps, 1);
	ck_assert_uint_eq(h.writes, 3);
}
END_TEST

START_TEST(fill_does_not_pick_up_crumbs)
{
	uint8_t at = 0;

	begin(1);
	ck_assert_int_eq(hwnet_fill(&nic, 64, 10000, next, &at), 0);
	check_filled(64, 10000);
	ck_assert_uint_le(h.maps + h.writes, 10000 / HWNET_FILL_MIN + 2);
	begin(HWNET_FILL_MIN);
	at = 0;
	ck_assert_int_eq(hwnet_fill(&nic, 64, 10000, next, &at), 0);
	check_filled(64, 10000);
	ck_assert_uint_le(h.maps + h.writes, 10000 / HWNET_FILL_MIN + 2);
}
END_TEST
START_TEST(fill_ends_where_memory_ends)
{
	uint8_t at = 0;

	begin(SIZE);
	ck_assert_int_eq(hwnet_fill(&nic, SIZE - 300, 301, next, &at), -1);
	ck_assert_uint_eq(h.mem[SIZE - 1], (uint8_t)300);
	ck_assert_uint_eq(h.lent, 0);
	at = 0;
	ck_assert_int_eq(hwnet_fill(&nic, SIZE, 1, next, &at), -1);
	ck_assert_int_eq(hwnet_fill(&nic, SIZE, 0, next, &at), 0);
}
END_TEST

int main(void)
{
	const TTest *const tests[] = {
		whole_or_nothing,
		loans_are_noted_and_given_back,
		nothing_is_noted_of_what_is_not_lent,
		head_is_private,
		copies_stand_behind_each_other,
		fills_in_place_piece_by_piece,
		fills_by_copying_what_cannot_be_mapped,
		fill_does_not_pick_up_crumbs,
		fill_ends_where_memory_ends,
		NULL,
	};

	return unit_main("borrow", tests);
}
