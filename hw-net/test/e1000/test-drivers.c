/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * What drivers do to their e1000 beside, or against, the manual, and have to survive. Each test
 * says whose habit it is.
 */
#include "rig.h"

#define CTRL_RST  (1u << 26)
#define STATUS_LU 0x02u
#define SWSM	  0x5b50u
#define SWESMBI	  2u

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

/* U-Boot takes the EEPROM's semaphore on every model, and finds no address without it. */
START_TEST(e1000_swsm)
{
	rig_open_model(&R, models[_i]);
	wr(&R, SWSM, SWESMBI);
	ck_assert_uint_eq(rd(&R, SWSM), SWESMBI);
	fake_reopen(&R.h);
	ck_assert_uint_eq(rd(&R, SWSM), SWESMBI);
	wr(&R, SWSM, 0);
	ck_assert_uint_eq(rd(&R, SWSM), 0);
	wr(&R, SWSM, ~0u);
	ck_assert_uint_eq(rd(&R, SWSM), SWESMBI); /* nothing more of it is there */
	wr(&R, CTRL, CTRL_RST);
	ck_assert_uint_eq(rd(&R, SWSM), 0);
	rig_close(&R);
}
END_TEST

/* Null descriptors before a frame: how many, and what they ask for. */
static const struct {
	unsigned n;
	uint32_t cmd;
} nulls[] = { { 1, 0 }, { RIG_RING - 1, 0 }, { 1, IFCS }, { 1, EOP }, { 3, EOP | RS } };

/* 3.3.3. IncludeOS gives a ring of zeroes away (TDT one less than its size), then sends. */
START_TEST(e1000_null_descriptors)
{
	rig_open(&R);
	for (unsigned i = 0; i < nulls[_i].n; i++)
		rig_desc(&R, 0, nulls[_i].cmd, 0);
	rig_ring(&R);
	ck_assert_uint_eq(rd(&R, TDH), nulls[_i].n);
	rig_frame(frame, 60, rig_mac);
	for (unsigned i = 1; i <= 2; i++) {
		rig_send(&R, frame, 60, 0);
		ck_assert_uint_eq(R.h.n_tx, i);
		ck_assert_frame_eq(R.h.tx[i - 1].data, R.h.tx[i - 1].pkt.len, frame, 60);
	}
	ck_assert_uint_eq(R.h.errors, 0);
	rig_close(&R);
}
END_TEST

/* HelenOS writes lengths, heads and tails after CTRL.RST, but not where the rings are. */
START_TEST(e1000_bases_outlive_reset)
{
	rig_open_model(&R, models[_i]);
	wr(&R, CTRL, CTRL_RST);
	ck_assert_uint_eq(rd(&R, TDLEN) | rd(&R, RDLEN) | rd(&R, RCTL) | rd(&R, TCTL), 0);
	ck_assert_uint_eq(rd(&R, TDBAL), (uint32_t)R.tx_ring);
	ck_assert_uint_eq(rd(&R, TDBAH), (uint32_t)(R.tx_ring >> 32));
	ck_assert_uint_eq(rd(&R, RDBAL), (uint32_t)R.rx_ring);
	ck_assert_uint_eq(rd(&R, RDBAH), (uint32_t)(R.rx_ring >> 32));
	wr(&R, TDLEN, RIG_RING * 16);
	wr(&R, RDLEN, RIG_RING * 16);
	wr(&R, RDT, RIG_RING - 1);
	wr(&R, TCTL, TCTL_ON);
	wr(&R, RCTL, RCTL_ON);
	R.tail = 0;
	expect_traffic();
	fake_reset(&R.h, HWNET_RESET_BUS);
	ck_assert_uint_eq(rd(&R, TDBAL) | rd(&R, RDBAL), 0);
	rig_close(&R);
}
END_TEST

/* A jumbo frame for small buffers needs more descriptors than there are: it is lost, and the next
 * one comes. */
START_TEST(a_frame_longer_than_the_ring_is_not_held)
{
	rig_open(&R);
	wr(&R, RCTL, RCTL_ON | 1u << 5 | 3u << 16); /* long frames, 256 bytes a buffer */
	ck_assert(rig_receive(&R, 9000, rig_mac));
	ck_assert_uint_eq(hwnet_counters(R.h.nic)->rx_dropped, 1);
	ck_assert_uint_eq(rd(&R, RDH), 0);
	ck_assert(rig_receive(&R, 200, rig_mac));
	ck_assert_uint_eq(rd(&R, RDH), 1);
	rig_close(&R);
}
END_TEST

static unsigned eeprom_word(unsigned at)
{
	unsigned spins = 0;
	uint32_t v;

	wr(&R, EERD, at << 8 | 1);
	while (!((v = rd(&R, EERD)) & 0x10))
		ck_assert_uint_lt(spins++, 1000);
	return v >> 16;
}

/* A write that drivers look at again (Redox reads each register back). */
static void wr_seen(uint32_t off, uint32_t val)
{
	wr(&R, off, val);
	ck_assert_uint_eq(rd(&R, off), val);
}

static void wait_for_link(void)
{
	for (unsigned i = 0; i < 100 && !(rd(&R, STATUS) & STATUS_LU); i++)
		fake_advance(&R.h, 100000);
	ck_assert_uint_eq(rd(&R, STATUS) & STATUS_LU, STATUS_LU);
}

/* ToaruOS: EEPROM words by bit 4 of EERD, RST alone in CTRL, statistics written to, masks set and
 * cleared again; a ring of 8 to send, whose tail it reads back before each frame. */
START_TEST(toaruos_starts)
{
	rig_init(&R);
	fake_open(&R.h, "e1000");
	ck_assert_uint_eq(eeprom_word(0), 0x5452);
	wr(&R, CTRL, CTRL_RST);
	fake_advance(&R.h, 10000000);
	ck_assert_uint_eq(rd(&R, CTRL) & CTRL_RST, 0);
	wr(&R, CTRL, (rd(&R, CTRL) | 0x60) & ~0x80000088u);
	for (uint32_t i = 0; i < 64; i++)
		wr(&R, 0x4000 + 4 * i, 0);
	wr(&R, RCTL, 1u << 4);
	rig_start(&R);
	wr(&R, TDLEN, 8 * 16);
	wr(&R, IMS, 0xff);
	wr(&R, IMC, 0xff);
	wr(&R, IMS, 0xc7);
	wait_for_link();
	rig_frame(frame, 60, rig_mac);
	for (unsigned i = 0; i < 20; i++) {
		uint32_t at = rd(&R, TDT);

		rig_data(&R, 0, frame, 60);
		fake_put64(&R.h, R.tx_ring + 16 * at, R.tx_buf);
		fake_put64(&R.h, R.tx_ring + 16 * at + 8, 60 | EOP | IFCS | RS);
		wr(&R, TDT, (at + 1) % 8);
		ck_assert_uint_eq(R.h.n_tx, i + 1);
		ck_assert(rig_receive(&R, 100, rig_mac));
		ck_assert(R.h.intx);
		rd(&R, ICR);
		wr(&R, RDT, (rd(&R, RDT) + 1) % RIG_RING);
	}
	rig_close(&R);
}
END_TEST

/* Redox: reads back whatever it writes, enables the receiver before it says how large buffers are,
 * and waits for the link without end. */
START_TEST(redox_starts)
{
	rig_init(&R);
	fake_open(&R.h, "e1000");
	wr(&R, CTRL, rd(&R, CTRL) | CTRL_RST);
	ck_assert_uint_eq(rd(&R, CTRL) & CTRL_RST, 0);
	wr_seen(CTRL, rd(&R, CTRL) | 0x60);
	wr_seen(CTRL, rd(&R, CTRL) & ~0x80000088u);
	wr_seen(FCAL, 0);
	wr_seen(FCAH, 0);
	ck_assert_uint_eq(rd(&R, RA), 0x12005452);
	rig_start(&R);
	wr_seen(TDLEN, 16 * 16);
	wr_seen(RDLEN, 16 * 16);
	wr_seen(RDT, 15);
	wr(&R, IMS, 0xd8);
	for (unsigned bit = 0; bit < 32; bit++)
		if (0x0601802au >> bit & 1)
			wr_seen(RCTL, (rd(&R, RCTL) | 1u << bit) & ~0xc0u);
	wr_seen(RCTL, rd(&R, RCTL) & ~0x20000u);
	wait_for_link();
	ck_assert(rig_receive(&R, 9000, rig_mac));
	ck_assert_uint_eq(rd(&R, RDH), 1);
	ck_assert_uint_eq(rig_rxd(&R, 0).len, 9000);
	rig_frame(frame, 60, rig_mac);
	rig_send(&R, frame, 60, 0);
	ck_assert_uint_eq(R.h.n_tx, 1);
	rig_close(&R);
}
END_TEST

int main(void)
{
	Suite *suite = suite_create("e1000-drivers");
	TCase *tcase = tcase_create("e1000-drivers");

	tcase_add_loop_test(tcase, e1000_ring_slu, 0, 3);
	tcase_add_loop_test(tcase, e1000_swsm, 0, 3);
	tcase_add_loop_test(tcase, e1000_null_descriptors, 0, 5);
	tcase_add_loop_test(tcase, e1000_bases_outlive_reset, 0, 3);
	tcase_add_test(tcase, a_frame_longer_than_the_ring_is_not_held);
	tcase_add_test(tcase, toaruos_starts);
	tcase_add_test(tcase, redox_starts);
	return unit_run(suite, tcase, srunner_create(suite));
}
