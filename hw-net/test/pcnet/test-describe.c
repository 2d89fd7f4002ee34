/* SPDX-License-Identifier: BSD-2-Clause */
/* PCnet: what hwnet_describe() tells. */
#include "facts.h"
#include "fixture.h"

static struct facts f;

START_TEST(card_that_no_driver_has_touched)
{
	open_card(PC_970A);
	facts_ask(&f, &host);
	ck_assert(!facts_yes(&f, "active"));
	ck_assert_str_eq(facts_text(&f, "interrupt"), "intx");
	ck_assert_uint_eq(facts_number(&f, "io-bits"), 16);
	ck_assert_str_eq(facts_text(&f, "loopback"), "none");
	fake_host_fini(&host);
}
END_TEST

START_TEST(rings_by_software_style)
{
	static const unsigned styles[] = { 0, 2, 3 };

	for (unsigned i = 0; i < 3; i++) {
		pc_open(&host, PC_973);
		pc_up(&drv, &host, styles[i], 16, 64);
		facts_ask(&f, &host);
		ck_assert(facts_yes(&f, "active"));
		ck_assert(facts_yes(&f, "interrupts"));
		ck_assert_uint_eq(facts_number(&f, "software-style"), styles[i]);
		ck_assert_uint_eq(facts_number(&f, "structure-bits"), styles[i] ? 32 : 16);
		ck_assert_uint_eq(facts_number(&f, "rx-ring"), 16);
		ck_assert_uint_eq(facts_number(&f, "tx-ring"), 64);
		ck_assert(!facts_yes(&f, "promiscuous"));
		ck_assert(facts_yes(&f, "broadcast"));
		fake_host_fini(&host);
	}
}
END_TEST

START_TEST(double_word_io_and_modes)
{
	pc_open(&host, PC_973);
	pc_rings(&drv, &host, 2, 8, 8, 2048);
	pc_switch_dwio(&drv);
	drv.mode = MODE_PROM | MODE_DTX;
	pc_start(&drv);
	facts_ask(&f, &host);
	ck_assert_uint_eq(facts_number(&f, "io-bits"), 32);
	ck_assert(facts_yes(&f, "promiscuous"));
	ck_assert(!facts_yes(&f, "tx-enabled"));
	ck_assert(facts_yes(&f, "rx-enabled"));
	fake_host_fini(&host);
}
END_TEST

int main(void)
{
	const TTest *const tests[] = { card_that_no_driver_has_touched, rings_by_software_style,
				       double_word_io_and_modes, NULL };

	return unit_main("pcnet-describe", tests);
}
