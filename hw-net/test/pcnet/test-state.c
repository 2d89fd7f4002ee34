/* SPDX-License-Identifier: BSD-2-Clause */
/* Saved states: complete, the same for ever, and not trusted. */
#include "driver.h"
#include "unit.h"

#include <stdio.h>
#include <string.h>

#include "pcnet/pcnet.h"

static struct fake_host host;
static struct pc_driver drv;
static uint8_t frame[2048], got[2048], buf[16384], other[16384];

/* Frames before and after moving the card, with everything that can be under way under way. */
START_TEST(moves_anywhere)
{
	for (unsigned chip = 0; chip <= 1; chip++)
		for (unsigned style = 0; style <= 3; style++) {
			uint16_t flags;
			unsigned len = 60;

			pc_open_coalesce(&host, (enum pc_chip)chip, 32, 200);
			pc_up(&drv, &host, style, 32, 8);
			pc_frame(frame, pc_mac, 60, 1);
			for (unsigned i = 0; i < 60; i++) {
				fake_rx_bytes(&host, frame, 60);
				fake_advance(&host, 1000);
				ck_assert_uint_eq(pc_recv(&drv, got, sizeof(got), &flags), 64);
				if (i == 30 || i == 50)
					fake_reopen(&host);
			}
			host.kick = FAKE_KICK_DEFERRED;
			pc_queue(&drv, frame, &len, 1, 0);
			pc_ring_tdmd(&drv);
			host.kick = FAKE_KICK_AT_ONCE;
			fake_reopen(&host);
			pc_set_csr(&drv, 0, CSR0_IENA); /* serves the kick of loading */
			ck_assert_uint_eq(host.n_tx, 1);
			fake_advance(&host, 1000000);
			ck_assert(host.intx);
			fake_reopen(&host);
			ck_assert(host.intx);
			fake_host_fini(&host);
		}
}
END_TEST

START_TEST(timers_move)
{
	pc_open(&host, PC_973);
	pc_up(&drv, &host, 2, 4, 4);
	pc_set_bcr(&drv, 31, 1000);
	pc_set_csr(&drv, 7, CSR7_STINTE);
	pc_set_mii(&drv, 0, 0x1200);
	fake_advance(&host, 1000000);
	fake_reopen(&host);
	ck_assert_int_ne(host.deadline, HWNET_NEVER);
	fake_advance(&host, 1000000);
	ck_assert_uint_eq(pc_mii(&drv, 24), 0xd);
	fake_advance(&host, 11000000);
	ck_assert(host.intx);
	fake_host_fini(&host);
}
END_TEST

/* Halfway through an EEPROM command. */
START_TEST(eeprom_engine_moves)
{
	pc_open(&host, PC_970A);
	memset(&drv, 0, sizeof(drv));
	drv.h = &host;
	for (unsigned i = 0; i < 25; i++) {
		bool bit = i < 2; /* 110000000, then 16 bits of data */

		pc_set_bcr(&drv, 19, (uint16_t)(BCR19_EEN | BCR19_ECS | bit));
		pc_set_bcr(&drv, 19, (uint16_t)(BCR19_EEN | BCR19_ECS | BCR19_ESK | bit));
		fake_reopen(&host);
		if (i >= 9)
			ck_assert_uint_eq(pc_bcr(&drv, 19) & 1, 0x5452 >> (24 - i) & 1);
	}
	fake_host_fini(&host);
}
END_TEST

static uint32_t checksum(const uint8_t *p, size_t n)
{
	uint32_t sum = 2166136261u;

	for (size_t i = 0; i < n; i++)
		sum = (sum ^ p[i]) * 16777619u;
	return sum;
}

/* A state of the first release loads for ever and means the same. The files are beside this
 * source. */
static size_t golden(const char *name)
{
	char path[512];
	FILE *f;
	size_t n;

	snprintf(path, sizeof(path), "%s/%s", PCNET_GOLDEN, name);
	f = fopen(path, "rb");
	if (!f)
		return 0;
	n = fread(buf, 1, sizeof(buf), f);
	fclose(f);
	return n;
}

static void make_interesting(enum pc_chip chip)
{
	pc_open_coalesce(&host, chip, 32, 200);
	pc_up(&drv, &host, chip == PC_973 ? 3 : 0, 16, 8);
	pc_frame(frame, pc_mac, 60, 1);
	fake_rx_bytes(&host, frame, 60);
	fake_advance(&host, 12345);
	pc_send(&drv, frame, 60);
	pc_set_csr(&drv, 4, 0x0915);
	if (chip == PC_973)
		pc_set_bcr(&drv, 31, 5000);
}

/* With PCNET_GOLDEN_WRITE set the files are made anew, for a new field. */
START_TEST(golden_states)
{
	static const char *const names[] = { "pcnet-970a.state", "pcnet-973.state" };
	char err[128];

	for (unsigned chip = 0; chip <= 1; chip++) {
		size_t n, len;

		make_interesting((enum pc_chip)chip);
		len = fake_save(&host, other, sizeof(other));
		if (getenv("PCNET_GOLDEN_WRITE")) {
			char path[512];
			FILE *f;

			snprintf(path, sizeof(path), "%s/%s", PCNET_GOLDEN, names[chip]);
			f = fopen(path, "wb");
			ck_assert_uint_eq(fwrite(other, 1, len, f), len);
			fclose(f);
		}
		n = golden(names[chip]);
		ck_assert_uint_gt(n, 1000);
		ck_assert_int_eq(fake_load(&host, buf, n, err, sizeof(err)), 0);
		ck_assert_uint_eq(fake_save(&host, buf, sizeof(buf)), len);
		ck_assert_uint_eq(checksum(buf, len), checksum(other, len));
		ck_assert_uint_eq(pc_csr(&drv, 4), 0x0915 | CSR4_TXSTRT);
		ck_assert_uint_eq(pc_csr(&drv, 0) & (CSR0_RINT | CSR0_TINT), CSR0_RINT | CSR0_TINT);
		ck_assert_uint_eq(pc_csr(&drv, 76), 0xfff0);
		ck_assert_uint_eq(pc_csr(&drv, 72), 0xfff1);
		fake_host_fini(&host);
	}
}
END_TEST

/* Replace the value of a scalar or an array element in a saved state. */
static void poke(uint8_t *state, size_t len, const char *name, unsigned index, uint64_t val)
{
	size_t n = strlen(name);

	for (size_t i = 0; i + n + 5 < len; i++) {
		uint8_t *p = state + i;

		if (p[0] != n || memcmp(p + 1, name, n))
			continue;
		for (unsigned j = 0; j < p[1 + n]; j++)
			p[1 + n + 5 + (size_t)index * p[1 + n] + j] = (uint8_t)(val >> (8 * j));
		return;
	}
	ck_abort_msg("no field %s", name);
}

static void expect_refused(const char *name, unsigned index, uint64_t val, const char *why)
{
	char err[128];
	size_t len;

	make_interesting(PC_970A);
	len = fake_save(&host, buf, sizeof(buf));
	memcpy(other, buf, len);
	poke(buf, len, name, index, val);
	ck_assert_int_eq(fake_load(&host, buf, len, err, sizeof(err)), -1);
	ck_assert_msg(strstr(err, why), "%s[%u]: %s", name, index, err);
	fake_save(&host, buf, sizeof(buf));
	ck_assert_mem_eq(buf, other, len);
	fake_host_fini(&host);
}

START_TEST(unsound_states_are_refused)
{
	expect_refused("csr", 0, CSR0_STOP | CSR0_TXON, "stopped and running");
	expect_refused("csr", 0, 0x8000, "computed");
	expect_refused("csr", 88, 0x5003, "another model");
	expect_refused("csr", 5, 0x2000, "reserved");
	expect_refused("csr", 4, CSR4_UINTCMD, "reserved");
	expect_refused("csr", 3, 0x8000, "reserved");
	expect_refused("csr", 1, 0x10000, "out of range");
	expect_refused("csr", 7, CSR7_STINTE, "another model");
	expect_refused("bcr", 20, 0x0305, "BCR20");
	expect_refused("bcr", 32, BCR32_MIIILP, "another model");
	expect_refused("phy", 0, 0x4000, "another model");
	expect_refused("stimer_next", 0, 5, "another model");
	expect_refused("ee_addr", 0, 64, "out of range");
	expect_refused("ee_phase", 0, 1, "nowhere");
	expect_refused("ee_left", 0, 18, "out of range");
	expect_refused("rx_gap", 0, 0, "out of range");
	expect_refused("win_dir", 0, 3, "out of range");
	expect_refused("bulk", 0, 2, "out of range");
	expect_refused("deadline", 0, 1ull << 63, "time");
	expect_refused("led_rx", 0, 1ull << 62, "time");
	expect_refused("rap", 0, 256, "out of range");
	expect_refused("pin", 0, 0, "INTA#"); /* found by fuzzing */
}
END_TEST

/* Each byte of a state altered: loaded or refused, the card works on. */
START_TEST(states_at_random)
{
	char err[128];
	size_t len;
	uint16_t flags;

	make_interesting(PC_973);
	len = fake_save(&host, other, sizeof(other));
	for (size_t i = 0; i < len; i++) {
		memcpy(buf, other, len);
		buf[i] ^= (uint8_t)(1u << i % 8);
		host.lenient = true;
		fake_load(&host, buf, len, err, sizeof(err));
		fake_rx_bytes(&host, frame, 60);
		pc_recv(&drv, got, sizeof(got), &flags);
		pc_csr(&drv, 7);
		pc_bcr(&drv, 19);
		pc_set_csr(&drv, 0, CSR0_TDMD | CSR0_IENA);
		fake_advance(&host, 10000);
		ck_assert_int_eq(fake_load(&host, other, len, err, sizeof(err)), 0);
		fake_load(&host, other, i, err, sizeof(err)); /* cut short */
		fake_tx_clear(&host);
	}
	fake_host_fini(&host);
}
END_TEST

int main(void)
{
	const TTest *const tests[] = {
		moves_anywhere,
		timers_move,
		eeprom_engine_moves,
		golden_states,
		unsound_states_are_refused,
		states_at_random,
		NULL,
	};

	return unit_main("pcnet-state", tests);
}
