/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Frames that are in the PCnet's ring before they may leave: whatever held them, they leave when
 * it is gone, without another TDMD; and none waits for a host that was told to forget it.
 */
#include "fixture.h"

#include <string.h>

static const enum pc_chip chips[] = { PC_970A, PC_973 };

/* The driver has set up its rings, but not started. */
static void open_stopped(enum pc_chip chip)
{
	open_card(chip);
	pc_rings(&drv, &host, 2, 8, 8, 2048);
	pc_init(&drv);
}

static void queue(void)
{
	send_frame();
	ck_assert_uint_eq(host.n_tx, 0);
}

static void expect_sent(void)
{
	uint8_t out[64];

	pc_frame(out, peer, 60, 1);
	ck_assert_uint_eq(host.n_tx, 1);
	expect_tx(0, out, 60);
	ck_assert(!(pc_flags(&drv, &drv.tx, 0) & 0x8000)); /* OWN */
}

/* 970A, CSR0: TDMD without TXON is nothing, STRT looks at the ring by itself. */
START_TEST(for_the_start)
{
	open_stopped(chips[_i]);
	queue();
	pc_set_csr(&drv, 0, CSR0_STRT | CSR0_IENA);
	expect_sent();
	fake_host_fini(&host);
}
END_TEST

START_TEST(for_the_end_of_a_suspension)
{
	open_stopped(chips[_i]);
	pc_set_csr(&drv, 0, CSR0_STRT | CSR0_IENA);
	pc_set_csr(&drv, 5, CSR5_SPND);
	queue();
	pc_set_csr(&drv, 5, 0);
	expect_sent();
	fake_host_fini(&host);
}
END_TEST

static void open_refused(enum pc_chip chip)
{
	open_stopped(chip);
	pc_set_csr(&drv, 0, CSR0_STRT | CSR0_IENA);
	host.tx_room = 0;
	queue();
	host.tx_room = UINT32_MAX;
	pc_ring_tdmd(&drv);
	ck_assert_uint_eq(host.n_tx, 0); /* not asked again */
}

START_TEST(for_the_host)
{
	open_refused(chips[_i]);
	fake_tx_ready(&host);
	expect_sent();
	fake_host_fini(&host);
}
END_TEST

static void stop(void)
{
	pc_set_csr(&drv, 0, CSR0_STOP);
}

static void s_reset(void)
{
	pc_soft_reset(&drv);
}

static void bus_reset(void)
{
	fake_reset(&host, HWNET_RESET_BUS);
}

static void power_cycle(void)
{
	fake_reset(&host, HWNET_RESET_POWER);
}

static void (*const ends[])(void) = { stop, s_reset, bus_reset, power_cycle };

/* The next ring waits for no word from a host that refused a frame of the last one. */
START_TEST(for_a_host_that_refused_before_a_reset)
{
	for (unsigned i = 0; i < 4; i++) {
		open_refused(chips[_i]);
		ends[i]();
		drv.dwio = false; /* which resets end */
		pc_rings(&drv, &host, 2, 8, 8, 2048);
		pc_init(&drv);
		pc_set_csr(&drv, 0, CSR0_STRT | CSR0_IENA);
		ck_assert_uint_eq(host.n_tx, 0);
		send_frame();
		expect_sent();
		fake_tx_ready(&host);
		expect_sent();
		fake_host_fini(&host);
	}
}
END_TEST

/* A host that loads a state has refused nothing of it, and so says nothing: another one, or the
 * same. */
START_TEST(for_another_host)
{
	static uint8_t state[1 << 16];
	char err[160];
	size_t len;

	open_refused(chips[_i]);
	fake_reopen(&host);
	expect_sent();
	fake_host_fini(&host);
	open_refused(chips[_i]);
	len = fake_save(&host, state, sizeof(state));
	ck_assert_int_eq(fake_load(&host, state, len, err, sizeof(err)), 0);
	expect_sent();
	fake_host_fini(&host);
	open_stopped(chips[_i]);
	queue();
	fake_reopen(&host);
	pc_set_csr(&drv, 0, CSR0_STRT | CSR0_IENA);
	expect_sent();
	fake_host_fini(&host);
}
END_TEST

/* A host that was asked to run and does so only after the end of the ring finds nothing of it. */
START_TEST(for_a_late_run)
{
	for (unsigned i = 0; i < 4; i++) {
		open_stopped(chips[_i]);
		pc_set_csr(&drv, 0, CSR0_STRT | CSR0_IENA);
		host.kick = FAKE_KICK_DEFERRED;
		queue();
		ends[i]();
		fake_run(&host, 64);
		ck_assert_uint_eq(host.n_tx, 0);
		host.kick = FAKE_KICK_AT_ONCE;
		pc_rings(&drv, &host, 2, 8, 8, 2048);
		pc_init(&drv);
		pc_set_csr(&drv, 0, CSR0_STRT | CSR0_IENA);
		send_frame();
		expect_sent();
		fake_host_fini(&host);
	}
}
END_TEST

int main(void)
{
	Suite *suite = suite_create("pcnet-waiting");
	TCase *tcase = tcase_create("pcnet-waiting");

	tcase_add_loop_test(tcase, for_the_start, 0, 2);
	tcase_add_loop_test(tcase, for_the_end_of_a_suspension, 0, 2);
	tcase_add_loop_test(tcase, for_the_host, 0, 2);
	tcase_add_loop_test(tcase, for_a_host_that_refused_before_a_reset, 0, 2);
	tcase_add_loop_test(tcase, for_another_host, 0, 2);
	tcase_add_loop_test(tcase, for_a_late_run, 0, 2);
	return unit_run(suite, tcase, srunner_create(suite));
}
