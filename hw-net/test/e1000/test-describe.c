/* SPDX-License-Identifier: BSD-2-Clause */
/* 8254x: what hwnet_describe() tells. */
#include "rig.h"
#include "facts.h"

static struct rig r;
static struct facts f;

static void open_model(const char *name)
{
	rig_init(&r);
	fake_open(&r.h, name);
	rig_start(&r);
}

START_TEST(rings_and_buffers)
{
	static const char *const names[] = { "e1000", "e1000-82544gc", "e1000-82545em" };

	for (unsigned i = 0; i < 3; i++) {
		open_model(names[i]);
		facts_ask(&f, &r.h);
		ck_assert(facts_yes(&f, "active"));
		ck_assert_uint_eq(facts_number(&f, "tx-ring"), RIG_RING);
		ck_assert_uint_eq(facts_number(&f, "rx-ring"), RIG_RING);
		ck_assert_uint_eq(facts_number(&f, "rx-buffer"), 2048);
		ck_assert(facts_yes(&f, "fcs-strip"));
		ck_assert(!facts_yes(&f, "long-frames"));
		ck_assert_str_eq(facts_text(&f, "unicast"), "table");
		wr(&r, RCTL, RCTL_ON | 0x02010020u); /* BSEX, BSIZE 01b, LPE */
		facts_ask(&f, &r.h);
		ck_assert_uint_eq(facts_number(&f, "rx-buffer"), 16384);
		ck_assert(facts_yes(&f, "long-frames"));
		fake_host_fini(&r.h);
	}
}
END_TEST

START_TEST(timers_in_nanoseconds)
{
	open_model("e1000");
	wr(&r, ITR, 195);
	wr(&r, TIDV, 8);
	wr(&r, TADV, 32);
	wr(&r, IMS, RXT0 | LSC);
	facts_ask(&f, &r.h);
	ck_assert_uint_eq(facts_number(&f, "interrupt-gap-ns"), 195 * 256);
	ck_assert_uint_eq(facts_number(&f, "tx-delay-ns"), 8 * 1024);
	ck_assert_uint_eq(facts_number(&f, "tx-delay-max-ns"), 32 * 1024);
	ck_assert_uint_eq(facts_number(&f, "rx-delay-ns"), 0);
	ck_assert_uint_eq(facts_number(&f, "interrupt-mask"), RXT0 | LSC);
	fake_host_fini(&r.h);
}
END_TEST

/* Linux switches off checksums of TCP and UDP, and leaves those of IP as they are after a reset. */
START_TEST(checksums_apart)
{
	open_model("e1000");
	wr(&r, RXCSUM, 0x100);
	facts_ask(&f, &r.h);
	ck_assert(!facts_yes(&f, "rx-checksum"));
	ck_assert(facts_yes(&f, "rx-ip-checksum"));
	fake_host_fini(&r.h);
}
END_TEST

START_TEST(vlans_of_the_table)
{
	open_model("e1000");
	facts_ask(&f, &r.h);
	ck_assert(!facts_yes(&f, "vlan-filter"));
	ck_assert_ptr_null(facts_find(&f, "vlans", HWNET_FACT_LIST));
	wr(&r, VFTA + 4 * (100 / 32), 1u << 100 % 32);
	wr(&r, VFTA + 4 * (4095 / 32), 1u << 4095 % 32);
	wr(&r, RCTL, RCTL_ON | 1u << 18);
	facts_ask(&f, &r.h);
	ck_assert(facts_yes(&f, "vlan-filter"));
	ck_assert_uint_eq(facts_list(&f, "vlans")->n, 2);
	ck_assert_uint_eq(facts_list(&f, "vlans")->list[0], 100);
	ck_assert_uint_eq(facts_list(&f, "vlans")->list[1], 4095);
	fake_host_fini(&r.h);
}
END_TEST

int main(void)
{
	const TTest *const tests[] = { rings_and_buffers, timers_in_nanoseconds, checksums_apart,
				       vlans_of_the_table, NULL };

	return unit_main("e1000-describe", tests);
}
