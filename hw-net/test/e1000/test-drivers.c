/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * What drivers do to their e1000 beside, or against, the manual, and have to survive. Each test
 * says whose habit it is.
 */
#include "rig.h"

#define CTRL_RST  (1u << 26)
#define STATUS_LU 0x02u

static const char *const models[] = { "e1000", "e1000-82544gc", "e1000-82545em" };
static struct rig R;
static uint8_t frame[BUILD_ROOM];

static void expect_traffic(void)
{
	unsigned n = R.h.n_tx;

	ck_assert_uint_eq(rd(&R, STATUS) & STATUS_LU, STATUS_LU);
	rig_frame(frame, 60, rig_mac);
	rig_send(&R, frame, 60, 0);
	ck_assert_uint_eq(R.h.n_tx, n + 1);
	ck_assert(rig_receive(&R, 100, rig_mac));
	ck_assert_uint_eq(hwnet_counters(R.h.nic)->rx_dropped, 0);
}

/*
 * Linux: "ethtool -G" of a card with traffic. The driver transmits while it is down, and writes the
 * tail to offset 0, CTRL, while the PHY still negotiates. The link comes up all the same, and after
 * a migration, and each time the cable is plugged.
 */
START_TEST(e1000_ring_slu)
{
	rig_open_model(&R, models[_i]);
	wr(&R, CTRL, CTRL_RST);
	rig_phy_write(&R, 0, 0x1340);
	for (unsigned tail = 0; tail < 16; tail += 4)
		wr(&R, CTRL, tail);
	ck_assert_uint_eq(rd(&R, STATUS) & STATUS_LU, 0);
	rig_start(&R);
	fake_advance(&R.h, 10000000);
	expect_traffic();
	wr(&R, CTRL, 8);
	expect_traffic();
	fake_reopen(&R.h);
	fake_carrier(&R.h, false);
	ck_assert_uint_eq(rd(&R, STATUS) & STATUS_LU, 0);
	fake_carrier(&R.h, true);
	fake_advance(&R.h, 10000000);
	expect_traffic();
	rig_close(&R);
}
END_TEST

int main(void)
{
	Suite *suite = suite_create("e1000-drivers");
	TCase *tcase = tcase_create("e1000-drivers");

	tcase_add_loop_test(tcase, e1000_ring_slu, 0, 3);
	return unit_run(suite, tcase, srunner_create(suite));
}
