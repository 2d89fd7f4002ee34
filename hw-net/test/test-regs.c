/* SPDX-License-Identifier: BSD-2-Clause */
/* Register tables: finding, reading, writing; the check; and the tables of every model. */
#include <string.h>

#include "toy-nic.h"
#include "unit.h"

static unsigned reads, writes;

static uint32_t read_hook(struct hwnet_nic *nic, const struct hwnet_reg *reg, unsigned index)
{
	reads++;
	return 0x1000 + index;
}

static void write_hook(struct hwnet_nic *nic, const struct hwnet_reg *reg, unsigned index,
		       uint32_t val)
{
	writes++;
}

#define ROW(num, count, stride, slot, kind, reset, wmask, name, rd, wr)                    \
	{                                                                                  \
		num, count, stride, slot, kind, reset, wmask, name, rd, wr, "1.2", "a row" \
	}

static struct hwnet_reg rows[] = {
	ROW(0x10, 0, 0, 0, REG_RW, 0x55, 0x0f, "RW", NULL, NULL),
	ROW(0x14, 3, 0, 1, REG_RO, 7, 0xff, "RO", NULL, NULL),
	ROW(0x20, 2, 16, 4, REG_W1C, 0xff, 0x3c, "W1C", NULL, NULL),
	ROW(0x40, 0, 0, 6, REG_RC, 9, 0xff, "RC", NULL, NULL),
	ROW(0x44, 0, 0, 7, REG_WO, 0, 0xff, "WO", NULL, NULL),
	ROW(0x48, 2, 0, 8, REG_RW, 0, ~0u, "HOOKS", read_hook, write_hook),
	ROW(0x60, 0, 0, 10, REG_RC, 3, 0, "RCHOOK", read_hook, NULL),
};

#define N_ROWS	(sizeof(rows) / sizeof(rows[0]))
#define N_SLOTS 11u

static const struct hwnet_regspace space = { "test", 4, 32, rows, N_ROWS };
static uint32_t words[N_SLOTS];

static const struct hwnet_reg *find(uint32_t num, unsigned *index)
{
	return hwnet_reg_find(&space, num, index);
}

static uint32_t get(uint32_t num)
{
	unsigned index;
	const struct hwnet_reg *reg = find(num, &index);

	ck_assert_ptr_nonnull(reg);
	return hwnet_reg_get(NULL, reg, index, words);
}

static void set(uint32_t num, uint32_t val)
{
	unsigned index;
	const struct hwnet_reg *reg = find(num, &index);

	ck_assert_ptr_nonnull(reg);
	hwnet_reg_set(NULL, reg, index, words, val);
}

/* Each number, found by looking at each row. */
START_TEST(finds_what_is_there)
{
	for (uint32_t num = 0; num < 0x100; num++) {
		const struct hwnet_reg *want = NULL, *got;
		unsigned want_index = 0, index = 99;

		for (unsigned i = 0; i < N_ROWS; i++)
			for (unsigned j = 0; j < (rows[i].count ? rows[i].count : 1); j++) {
				uint32_t at =
					rows[i].num + j * (rows[i].stride ? rows[i].stride : 4);

				if (num >= at && num < at + 4) {
					want = &rows[i];
					want_index = j;
				}
			}
		got = find(num, &index);
		ck_assert_ptr_eq(got, want);
		if (want)
			ck_assert_uint_eq(index, want_index);
	}
	ck_assert_ptr_null(find(~0u, &(unsigned) { 0 }));
}
END_TEST

START_TEST(reset_fills_each_slot)
{
	static const uint32_t want[N_SLOTS] = { 0x55, 7, 7, 7, 0xff, 0xff, 9, 0, 0, 0, 3 };

	memset(words, 0xee, sizeof(words));
	hwnet_regs_reset(&space, words);
	ck_assert_mem_eq(words, want, sizeof(want));
}
END_TEST

START_TEST(kinds_do_as_they_say)
{
	hwnet_regs_reset(&space, words);
	set(0x10, 0xaaaaaaaa);
	ck_assert_uint_eq(get(0x10), 0x5a);
	set(0x18, 0);
	ck_assert_uint_eq(get(0x18), 7);
	set(0x30, 0x14);
	ck_assert_uint_eq(get(0x30), 0xeb);
	ck_assert_uint_eq(get(0x20), 0xff);
	set(0x30, 0xc3);
	ck_assert_uint_eq(get(0x30), 0xeb);
	set(0x40, 1);
	ck_assert_uint_eq(get(0x40), 9);
	ck_assert_uint_eq(get(0x40), 0);
	set(0x44, 0x177);
	ck_assert_uint_eq(get(0x44), 0);
	ck_assert_uint_eq(words[7], 0x77);
}
END_TEST

START_TEST(hooks_are_asked)
{
	hwnet_regs_reset(&space, words);
	reads = writes = 0;
	ck_assert_uint_eq(get(0x4c), 0x1001);
	ck_assert_uint_eq(reads, 1);
	set(0x48, 5);
	ck_assert_uint_eq(writes, 1);
	ck_assert_uint_eq(words[8], 0);
	ck_assert_uint_eq(get(0x60), 0x1000);
	ck_assert_uint_eq(words[10], 0);
}
END_TEST

#define BAD(change, name)                                                  \
	do {                                                               \
		struct hwnet_reg saved[N_ROWS];                            \
		memcpy(saved, rows, sizeof(rows));                         \
		change;                                                    \
		ck_assert_str_eq(hwnet_regs_check(&space, N_SLOTS), name); \
		memcpy(rows, saved, sizeof(rows));                         \
	} while (0)

START_TEST(check_finds_bad_rows)
{
	ck_assert_ptr_null(hwnet_regs_check(&space, N_SLOTS));
	ck_assert_str_eq(hwnet_regs_check(&space, N_SLOTS - 1), "RCHOOK");
	BAD(rows[2].name = NULL, "(a row without a name)");
	BAD(rows[2].sect = NULL, "W1C");
	BAD(rows[2].text = NULL, "W1C");
	BAD(rows[1].count = 4, "W1C");
	BAD(rows[1].num = 0x0c, "RO");
	BAD(rows[3].num = 0x33, "RC");
	BAD(rows[3].slot = 5, "RC");
	BAD(rows[1].slot = 0, "RO");
}
END_TEST

START_TEST(toy_table_is_sound)
{
	ck_assert_ptr_null(hwnet_regs_check(&toy_space, TOY_SLOTS));
}
END_TEST

/*
 * The tables of all models. Slots are bounded by the state's size; the values' array begins
 * somewhere in it, so this is what can be said without knowing the model.
 */
START_TEST(tables_of_all_models_are_sound)
{
	for (const struct hwnet_model *const *m = hwnet_models(); *m; m++) {
		const struct hwnet_model_ops *ops = (*m)->ops;

		for (unsigned i = 0; i < ops->n_regs; i++) {
			const struct hwnet_regspace *s = &ops->regs[i];
			const char *bad = hwnet_regs_check(s, (unsigned)(ops->state_size / 4));

			ck_assert_msg(!bad, "%s, %s: %s", (*m)->name, s->name, bad);
			ck_assert(s->unit == 1 || s->unit == 2 || s->unit == 4);
			ck_assert(s->bits == 8 || s->bits == 16 || s->bits == 32);
			for (unsigned j = 0; j < s->n_rows; j++)
				ck_assert_msg(s->bits == 32 || !(s->rows[j].reset >> s->bits),
					      "%s: reset value", s->rows[j].name);
		}
	}
}
END_TEST

int main(void)
{
	const TTest *const tests[] = {
		finds_what_is_there,
		reset_fills_each_slot,
		kinds_do_as_they_say,
		hooks_are_asked,
		check_finds_bad_rows,
		toy_table_is_sound,
		tables_of_all_models_are_sound,
		NULL,
	};

	return unit_main("regs", tests);
}
