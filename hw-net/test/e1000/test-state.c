/* SPDX-License-Identifier: BSD-2-Clause */
/* e1000 saved state: golden file, hostile ones, cards that go on where others stopped. */
#include <stdio.h>

#include "rig.h"

#define STATE_MAX 200000u

static struct rig R;
static uint8_t state[STATE_MAX], other[STATE_MAX];
static uint8_t frame[2000];
static char err[160];

/* A card with something everywhere: contexts, timers, causes, frames held, EEPROM in
 * mid-command. */
static void make_interesting(void)
{
	rig_open(&R);
	wr(&R, IMS, 0x9d);
	wr(&R, ITR, 500);
	wr(&R, RDTR, 20);
	wr(&R, RADV, 60);
	wr(&R, TIDV, 30);
	wr(&R, TADV, 90);
	wr(&R, TXDCTL, 8u << 16 | 1u << 24);
	wr(&R, 0x10004, 0xfeedface);
	rig_context(&R, 14 | 24 << 8, 34 | 50 << 8, 0, 0);
	rig_context(&R, 14 | 24 << 8, 34 | 50 << 8, TSE | 0x03000000 | 2000, 1000u << 16 | 54 << 8);
	rig_frame(frame, 60, rig_mac);
	rig_send(&R, frame, 60, IDE);
	wr(&R, RDT, 2);
	rig_receive(&R, 60, rig_mac);
	rig_receive(&R, 60, rig_mac);
	rig_receive(&R, 60, rig_mac);
	wr(&R, EECD, 2);
	wr(&R, EECD, 7);
	rig_phy_write(&R, 29, 5);
	rig_phy_write(&R, 30, 0x77);
}

static size_t read_golden(void)
{
	FILE *f = fopen(E1000_GOLDEN "/e1000.state", "rb");
	size_t n;

	if (!f)
		return 0;
	n = fread(other, 1, sizeof(other), f);
	fclose(f);
	return n;
}

/* A state of the first release is taken by every later one, and means the same. */
START_TEST(golden_state)
{
	size_t len, n;

	make_interesting();
	len = fake_save(&R.h, state, sizeof(state));
	if (getenv("E1000_GOLDEN_WRITE")) {
		FILE *f = fopen(E1000_GOLDEN "/e1000.state", "wb");

		ck_assert_uint_eq(fwrite(state, 1, len, f), len);
		fclose(f);
	}
	n = read_golden();
	ck_assert_uint_gt(n, 60000);
	rig_close(&R);
	rig_open(&R);
	ck_assert_msg(fake_load(&R.h, other, n, err, sizeof(err)) == 0, "%s", err);
	ck_assert_uint_eq(fake_save(&R.h, other, sizeof(other)), len);
	ck_assert_mem_eq(other, state, len);
	ck_assert_uint_eq(rd(&R, 0x10004), 0xfeedface);
	ck_assert_uint_eq(rig_phy_read(&R, 30), 0x77);
	ck_assert_uint_eq(rd(&R, TDH), 3);
	rig_close(&R);
}
END_TEST

/* The bytes of element @index of a field. */
static uint8_t *field(const char *name, unsigned index)
{
	size_t n = strlen(name);

	for (size_t i = 0; i < STATE_MAX - 100; i++)
		if (state[i] == n && !memcmp(&state[i + 1], name, n))
			return &state[i + 1 + n + 5 + index * state[i + 1 + n]];
	ck_abort_msg("no field %s", name);
	return NULL;
}

START_TEST(unsound_states_are_refused)
{
	static const struct {
		const char *field;
		unsigned index;
		uint32_t val;
	} bad[] = { { "ee_phase", 0, 9 },    { "ee_addr", 0, 200 },   { "rx_held", 0, 2 },
		    { "reg", 31, 0x18 },     { "reg", 33, 0x100000 }, { "reg", 34, 0x10000 },
		    { "reg", 10, 1u << 31 }, { "reg", 15, 1 },	      { "tx_wb", 0, 0x10000 } };

	for (unsigned i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
		size_t len;
		uint8_t *p;

		make_interesting();
		len = fake_save(&R.h, state, sizeof(state));
		memcpy(other, state, len);
		p = field(bad[i].field, bad[i].index);
		for (unsigned j = 0; j < (bad[i].val > 255 || !strcmp(bad[i].field, "reg") ? 4 : 1);
		     j++)
			p[j] = (uint8_t)(bad[i].val >> 8 * j);
		ck_assert_msg(fake_load(&R.h, state, len, err, sizeof(err)) == -1, "%s %u",
			      bad[i].field, bad[i].index);
		ck_assert_uint_eq(fake_save(&R.h, state, sizeof(state)), len);
		ck_assert_mem_eq(state, other, len); /* nothing changed */
		rig_close(&R);
	}
}
END_TEST

START_TEST(of_another_model)
{
	size_t len;

	make_interesting();
	len = fake_save(&R.h, state, sizeof(state));
	rig_close(&R);
	rig_open_model(&R, "e1000-82545em");
	ck_assert_int_eq(fake_load(&R.h, state, len, err, sizeof(err)), -1);
	rig_close(&R);
}
END_TEST

/* Bytes changed at random: refused, or a card that copes with what it was told. */
START_TEST(states_at_random)
{
	uint64_t seed = 4711;

	for (unsigned round = 0; round < 400; round++) {
		size_t len;

		make_interesting();
		R.h.lenient = true;
		len = fake_save(&R.h, state, sizeof(state));
		for (unsigned i = 0; i < 1 + round % 20; i++) {
			uint32_t r = test_random(&seed);

			/* mostly where registers and the small fields are, not in packet memory */
			state[r % (i & 1 ? 1000 : len)] = (uint8_t)(r >> 24);
		}
		if (fake_load(&R.h, state, len, err, sizeof(err)))
			ck_assert_uint_gt(strlen(err), 0);
		rig_receive(&R, 60, rig_mac);
		rig_ring(&R);
		fake_advance(&R.h, 1000000);
		wr(&R, CTRL, 1u << 26);
		rig_start(&R);
		fake_carrier(&R.h, false);
		fake_carrier(&R.h, true);
		rig_phy_write(&R, 0, 0x9140);
		fake_advance(&R.h, 100000000);
		ck_assert(rig_receive(&R, 60, rig_mac)); /* a reset mends everything */
		rig_close(&R);
	}
}
END_TEST

START_TEST(shorter_states_keep_reset_values)
{
	size_t len = 6 + 1 + 5;

	make_interesting();
	fake_save(&R.h, state, sizeof(state));
	ck_assert_int_eq(fake_load(&R.h, state, len, err, sizeof(err)), 0);
	ck_assert_uint_eq(rd(&R, RCTL) | rd(&R, IMS) | rd(&R, TDLEN), 0);
	ck_assert_uint_eq(rd(&R, RA), 0x12005452);
	for (len++; len < 3000; len += 17)
		ck_assert_int_eq(fake_load(&R.h, state, len, err, sizeof(err)), -1);
	rig_close(&R);
}
END_TEST

int main(void)
{
	const TTest *const tests[] = {
		golden_state,	  unsound_states_are_refused,	    of_another_model,
		states_at_random, shorter_states_keep_reset_values, NULL
	};

	return unit_main("e1000-state", tests);
}
