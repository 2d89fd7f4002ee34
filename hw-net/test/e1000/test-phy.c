/* SPDX-License-Identifier: BSD-2-Clause */
/* e1000 PHY, link, loopback, EEPROM. */
#include "rig.h"

#define SK 1u
#define CS 2u
#define DI 4u
#define DO 8u

static struct rig R;
static uint8_t frame[70000];

START_TEST(mdic)
{
	rig_open(&R);
	ck_assert_uint_eq(rig_phy_read(&R, 2), 0x0141);
	ck_assert_uint_eq(rig_phy_read(&R, 3), 0x0c20);
	ck_assert_uint_eq(rd(&R, MDIC) >> 28, 1); /* ready, no error */
	rig_phy_write(&R, 2, 0xffff);
	ck_assert_uint_eq(rig_phy_read(&R, 2), 0x0141);
	rig_phy_write(&R, 20, 0x1234);
	ck_assert_uint_eq(rig_phy_read(&R, 20), 0x1234);
	for (unsigned i = 0; i < 4; i++) { /* registers 29 and 30 are a window */
		rig_phy_write(&R, 29, 0x1c + i);
		rig_phy_write(&R, 30, 0x8ff0 + i);
	}
	for (unsigned i = 0; i < 4; i++) {
		rig_phy_write(&R, 29, 0x1c + i);
		ck_assert_uint_eq(rig_phy_read(&R, 30), 0x8ff0 + i);
	}
	wr(&R, MDIC, 2u << 26 | 2u << 21 | 2u << 16); /* nobody at address 2 */
	ck_assert_uint_eq(rd(&R, MDIC) >> 28 & 5, 5);
	wr(&R, MDIC, 1u << 29 | 2u << 26 | 1u << 21);
	ck_assert_uint_eq(rd(&R, ICR) & MDAC, MDAC);
	rig_close(&R);
}
END_TEST

START_TEST(phy_of_the_82544)
{
	rig_open_model(&R, "e1000-82544gc");
	ck_assert_uint_eq(rig_phy_read(&R, 3), 0x0c30);
	rig_close(&R);
}
END_TEST

START_TEST(link_negotiates)
{
	struct hwnet_link link;

	rig_open(&R);
	ck_assert_uint_eq(rd(&R, STATUS) & 0xc3, 0x83); /* up from the start: 1000 Mb/s, full */
	wr(&R, IMS, LSC);
	fake_carrier(&R.h, false);
	ck_assert_uint_eq(rd(&R, STATUS) & 2, 0);
	ck_assert_uint_eq(rd(&R, ICR), LSC);
	fake_carrier(&R.h, true);
	ck_assert_uint_eq(rd(&R, STATUS) & 2, 0);
	ck_assert_uint_eq(rig_phy_read(&R, 1) & 0x24, 0);
	fake_reopen(&R.h);
	fake_advance(&R.h, 100000000);
	ck_assert_uint_eq(rd(&R, STATUS) & 0xc3, 0x83);
	ck_assert_uint_eq(rd(&R, ICR), LSC);
	ck_assert_uint_eq(rig_phy_read(&R, 1) & 0x24, 0x20); /* the loss shows once */
	ck_assert_uint_eq(rig_phy_read(&R, 1) & 0x24, 0x24);
	ck_assert_uint_eq(rig_phy_read(&R, 17) & 0xec00, 0xac00);
	hwnet_link(R.h.nic, &link);
	ck_assert(link.up && link.full && link.speed_mbps == 1000);
	rig_close(&R);
}
END_TEST

START_TEST(advertised_and_forced_speeds)
{
	rig_open(&R);
	rig_phy_write(&R, 9, 0);
	rig_phy_write(&R, 0, 0x1340); /* restart */
	ck_assert_uint_eq(rd(&R, STATUS) & 2, 0);
	fake_advance(&R.h, 100000000);
	ck_assert_uint_eq(rd(&R, STATUS) & 0xc3, 0x43);
	rig_phy_write(&R, 4, 0x21); /* 10 Mb/s half */
	rig_phy_write(&R, 0, 0x1340);
	fake_advance(&R.h, 100000000);
	ck_assert_uint_eq(rd(&R, STATUS) & 0xc3, 0x02);
	rig_phy_write(&R, 0, 0x2100); /* forced: at once */
	ck_assert_uint_eq(rd(&R, STATUS) & 0xc3, 0x43);
	wr(&R, CTRL, (rd(&R, CTRL) & ~0x301u) | 0x1800); /* the MAC forced to 10 half */
	ck_assert_uint_eq(rd(&R, STATUS) & 0x3c3, 0x102);
	rig_phy_write(&R, 0, 0x0800); /* power down */
	ck_assert_uint_eq(rd(&R, STATUS) & 2, 0);
	rig_close(&R);
}
END_TEST

/* 13.4.1; a card that has had a link since power-on keeps it, see e1000_ring_slu. */
START_TEST(set_link_up_bit)
{
	rig_open_unplugged(&R);
	wr(&R, CTRL, rd(&R, CTRL) & ~0x40u);
	fake_carrier(&R.h, true);
	fake_advance(&R.h, 10000000);
	ck_assert_uint_eq(rd(&R, STATUS) & 2, 0);
	ck_assert(rig_receive(&R, 60, rig_mac));
	ck_assert_uint_eq(rd(&R, RDH), 0);
	wr(&R, CTRL, rd(&R, CTRL) | 0x40);
	ck_assert_uint_eq(rd(&R, STATUS) & 2, 2);
	rig_close(&R);
}
END_TEST

/* Linux's first frames: reset, PHY set-up, and the link must be there before a lease is asked
 * for. */
START_TEST(link_is_fast)
{
	rig_open(&R);
	wr(&R, CTRL, rd(&R, CTRL) | 1u << 31);
	wr(&R, CTRL, rd(&R, CTRL) & ~(1u << 31));
	rig_phy_write(&R, 0, 0x1340);
	fake_advance(&R.h, 10000000);
	ck_assert_uint_eq(rd(&R, STATUS) & 2, 2);
	rig_close(&R);
}
END_TEST

static void check_loop(uint32_t len)
{
	uint32_t n = rd(&R, RDH);

	rig_frame(frame, len, rig_mac);
	rig_send(&R, frame, len, 0);
	ck_assert_uint_eq(R.h.n_tx, 0);
	ck_assert_uint_eq(rd(&R, RDH), n + 1);
	ck_assert_uint_eq(rig_rxd(&R, n).len, len);
	ck_assert_mem_eq(rig_rx_mem(&R, n), frame, len);
	ck_assert(rig_receive(&R, 60, rig_mac)); /* the wire is cut off */
	ck_assert_uint_eq(rd(&R, RDH), n + 1);
}

START_TEST(loopbacks)
{
	rig_open(&R);
	fake_carrier(&R.h, false);
	wr(&R, RCTL, RCTL_ON | 1u << 6); /* MAC; no cable needed */
	check_loop(1024);
	wr(&R, RCTL, RCTL_ON);
	rig_phy_write(&R, 0, 0x4140); /* PHY, as Linux's self-test */
	check_loop(1024);
	fake_carrier(&R.h, true);
	check_loop(1514);
	rig_phy_write(&R, 0, 0x1340);
	fake_advance(&R.h, 100000000);
	rig_send(&R, frame, 60, 0);
	ck_assert_uint_eq(R.h.n_tx, 1);
	rig_close(&R);
}
END_TEST

/* A message in loopback comes back as its segments; more than there is room for is lost. */
START_TEST(loopback_of_a_message)
{
	struct build b = { .payload = 20000 };
	uint32_t len = build_frame(&b, frame);

	rig_open(&R);
	wr(&R, RCTL, RCTL_ON | 1u << 6 | 8);
	rig_data(&R, 0, frame, len);
	rig_context(&R, 14 | 24 << 8 | 33 << 16, 34 | 50 << 8, TSE | 0x03000000 | 20000,
		    1000u << 16 | 54 << 8);
	rig_desc(&R, R.tx_buf, len | DATA | TSE | EOP | IFCS | RS, IXSM | TXSM);
	rig_ring(&R);
	ck_assert_uint_eq(rd(&R, RDH), 20);
	ck_assert_uint_eq(rig_rxd(&R, 19).len, 1054);
	rig_desc(&R, R.tx_buf, len | DATA | TSE | EOP | IFCS | RS, IXSM | TXSM);
	rig_ring(&R);
	ck_assert_uint_eq(rd(&R, RDH), RIG_RING - 1);
	ck_assert_uint_eq(rd(&R, MPC), 9);
	ck_assert_uint_eq(hwnet_counters(R.h.nic)->rx_dropped, 9);
	rig_close(&R);
}
END_TEST

static uint16_t eerd(unsigned addr)
{
	wr(&R, EERD, addr << 8 | 1);
	ck_assert_uint_eq(rd(&R, EERD) & 0x10, 0x10);
	return (uint16_t)(rd(&R, EERD) >> 16);
}

START_TEST(eeprom_contents)
{
	static const char *const models[] = { "e1000", "e1000-82544gc", "e1000-82545em" };
	static const uint16_t ids[] = { 0x100e, 0x100c, 0x100f };

	for (unsigned m = 0; m < 3; m++) {
		uint16_t sum = 0;

		rig_open_model(&R, models[m]);
		for (unsigned i = 0; i < 64; i++)
			sum = (uint16_t)(sum + eerd(i));
		ck_assert_uint_eq(sum, 0xbaba);
		ck_assert_uint_eq(eerd(0), 0x5452);
		ck_assert_uint_eq(eerd(2), 0x5634);
		ck_assert_uint_eq(eerd(0x0d), ids[m]);
		ck_assert_uint_eq(rd(&R, EECD) & 0x300, m == 2 ? 0x300 : 0x100);
		rig_close(&R);
	}
}
END_TEST

/* The pins, as a driver moves them. */
static void clock_out(uint32_t val, unsigned bits)
{
	while (bits--) {
		uint32_t di = val >> bits & 1 ? DI : 0;

		wr(&R, EECD, CS | di);
		wr(&R, EECD, CS | di | SK);
		wr(&R, EECD, CS | di);
	}
}

static uint16_t clock_in(void)
{
	uint16_t val = 0;

	for (unsigned i = 0; i < 16; i++) {
		wr(&R, EECD, CS | SK);
		val = (uint16_t)(val << 1 | !!(rd(&R, EECD) & DO));
		wr(&R, EECD, CS);
	}
	return val;
}

static void select_chip(void)
{
	wr(&R, EECD, 0);
	wr(&R, EECD, CS);
}

static uint16_t pin_read(unsigned addr, unsigned bits)
{
	select_chip();
	clock_out(6, 3);
	clock_out(addr, bits);
	ck_assert_uint_eq(rd(&R, EECD) & DO, 0); /* the dummy bit */
	return clock_in();
}

static void pin_write(unsigned addr, unsigned bits, uint16_t val)
{
	select_chip();
	clock_out(5, 3);
	clock_out(addr, bits);
	clock_out(val, 16);
	select_chip();
	ck_assert_uint_eq(rd(&R, EECD) & DO, DO); /* ready */
	wr(&R, EECD, 0);
}

START_TEST(eeprom_pins)
{
	static const char *const models[] = { "e1000", "e1000-82545em" };

	for (unsigned m = 0; m < 2; m++) {
		unsigned bits = m ? 8 : 6, last = (1u << bits) - 1;

		rig_open_model(&R, models[m]);
		wr(&R, EECD, 1u << 6);
		ck_assert_uint_eq(rd(&R, EECD) & 0x80, 0x80); /* granted */
		for (unsigned i = 0; i < 64; i++)
			ck_assert_uint_eq(pin_read(i, bits), eerd(i));
		pin_read(0, bits);
		ck_assert_uint_eq(clock_in(), eerd(1)); /* the next word follows */
		pin_write(0x10, bits, 0x1234);		/* write is not enabled */
		ck_assert_uint_ne(eerd(0x10), 0x1234);
		select_chip();
		clock_out(4, 3);
		clock_out(3u << (bits - 2), bits); /* EWEN */
		pin_write(0x10, bits, 0x1234);
		ck_assert_uint_eq(eerd(0x10), 0x1234);
		fake_reopen(&R.h);
		ck_assert_uint_eq(eerd(0x10), 0x1234);
		select_chip();
		clock_out(7, 3);
		clock_out(0x10, bits); /* erase */
		wr(&R, EECD, 0);
		ck_assert_uint_eq(eerd(0x10), 0xffff);
		select_chip();
		clock_out(4, 3);
		clock_out(1u << (bits - 2), bits); /* write all */
		clock_out(0x5aa5, 16);
		wr(&R, EECD, 0);
		ck_assert_uint_eq(eerd(0), 0x5aa5);
		ck_assert_uint_eq(eerd(last), 0x5aa5);
		select_chip();
		clock_out(4, 3);
		clock_out(2u << (bits - 2), bits); /* erase all */
		wr(&R, EECD, 0);
		ck_assert_uint_eq(eerd(last), 0xffff);
		select_chip();
		clock_out(4, 3);
		clock_out(0, bits); /* EWDS */
		pin_write(3, bits, 1);
		ck_assert_uint_eq(eerd(3), 0xffff);
		rig_close(&R);
	}
}
END_TEST

/* What the guest wrote is there after power came back, and is the station address from then on. */
START_TEST(eeprom_survives_power)
{
	rig_open(&R);
	select_chip();
	clock_out(4, 3);
	clock_out(0x30, 6);
	pin_write(2, 6, 0xbeef);
	fake_reset(&R.h, HWNET_RESET_POWER);
	ck_assert_uint_eq(eerd(2), 0xbeef);
	ck_assert_uint_eq(rd(&R, RA + 4), 0x8000beef);
	rig_close(&R);
}
END_TEST

int main(void)
{
	const TTest *const tests[] = {
		mdic,
		phy_of_the_82544,
		link_negotiates,
		advertised_and_forced_speeds,
		set_link_up_bit,
		link_is_fast,
		loopbacks,
		loopback_of_a_message,
		eeprom_contents,
		eeprom_pins,
		eeprom_survives_power,
		NULL,
	};

	return unit_main("e1000-phy", tests);
}
