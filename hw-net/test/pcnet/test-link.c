/* SPDX-License-Identifier: BSD-2-Clause */
/* Around the frames: link, PHY, LEDs, EEPROM, software timer. */
#include "fixture.h"

static void expect_link(bool is_up, bool full, unsigned speed)
{
	struct hwnet_link link;

	hwnet_link(host.nic, &link);
	ck_assert_int_eq(link.up, is_up);
	ck_assert_int_eq(link.full, full);
	ck_assert_uint_eq(link.speed_mbps, speed);
}

START_TEST(ten_megabits_on_the_970a)
{
	open_card(PC_970A);
	expect_link(true, false, 10);
	pc_set_bcr(&drv, 9, BCR9_FDEN);
	expect_link(true, true, 10);
	ck_assert_uint_eq(host.link_changed, 1);
	pc_set_bcr(&drv, 2, 0); /* AUI now: full duplex wants AUIFD too */
	expect_link(true, false, 10);
	pc_set_bcr(&drv, 9, BCR9_FDEN | BCR9_AUIFD);
	expect_link(true, true, 10);
	fake_carrier(&host, false);
	expect_link(false, true, 10);
	fake_host_fini(&host);
}
END_TEST

START_TEST(hundred_megabits_on_the_973)
{
	open_card(PC_973);
	expect_link(true, true, 100);
	ck_assert_uint_eq(pc_mii(&drv, 1), 0x786d);
	ck_assert_uint_eq(pc_mii(&drv, 5), 0x45e1);
	ck_assert_uint_eq(pc_mii(&drv, 24), 0xd);
	fake_host_fini(&host);
}
END_TEST

/* Only the PHY at 30 answers; Linux scans all 32. */
START_TEST(one_phy)
{
	open_card(PC_973);
	for (unsigned i = 0; i < 32; i++) {
		pc_set_bcr(&drv, 33, (uint16_t)(i << 5 | 2));
		ck_assert_uint_eq(pc_bcr(&drv, 34), i == 30 ? 0 : 0xffff);
		pc_set_bcr(&drv, 33, (uint16_t)(i << 5 | 3));
		ck_assert_uint_eq(pc_bcr(&drv, 34), i == 30 ? 0x6b60 : 0xffff);
	}
	fake_host_fini(&host);
}
END_TEST

START_TEST(negotiation_takes_the_best_of_both)
{
	open_card(PC_973);
	pc_set_mii(&drv, 4, 0x0061);
	pc_set_mii(&drv, 0, 0x1200);
	expect_link(false, true, 10);
	ck_assert_uint_eq(pc_mii(&drv, 1) & 0x0024, 0);
	ck_assert_uint_eq(pc_mii(&drv, 5), 0);
	fake_advance(&host, 2000000);
	expect_link(true, true, 10);
	pc_mii(&drv, 1);
	ck_assert_uint_eq(pc_mii(&drv, 1) & 0x0024, 0x0024);
	pc_set_mii(&drv, 4, 0x0081);
	pc_set_mii(&drv, 0, 0x1200);
	fake_advance(&host, 2000000);
	expect_link(true, false, 100);
	pc_set_mii(&drv, 4, 0x0001); /* nothing in common */
	pc_set_mii(&drv, 0, 0x1200);
	fake_advance(&host, 2000000);
	expect_link(false, false, 10);
	pc_set_mii(&drv, 0, 0x2100); /* forced */
	expect_link(true, true, 100);
	pc_set_mii(&drv, 0, 0x8000); /* reset */
	fake_advance(&host, 2000000);
	expect_link(true, true, 100);
	ck_assert_uint_eq(pc_mii(&drv, 4), 0x01e1);
	fake_host_fini(&host);
}
END_TEST

/* 802.3 22.2.4.2.13: the link bit remembers a loss until it is read. */
START_TEST(link_bit_is_latched)
{
	open_card(PC_973);
	fake_carrier(&host, false);
	fake_carrier(&host, true);
	ck_assert_uint_eq(pc_mii(&drv, 1) & 4, 0);
	ck_assert_uint_eq(pc_mii(&drv, 1) & 4, 4);
	fake_host_fini(&host);
}
END_TEST

/* Linux with options=: DANAS, then speed and duplex, then DANAS off, ASEL clear. */
START_TEST(port_manager_forces)
{
	open_card(PC_973);
	pc_set_bcr(&drv, 2, 0);
	pc_set_bcr(&drv, 32, BCR32_DANAS);
	pc_set_bcr(&drv, 32, BCR32_XPHYFD);
	expect_link(true, true, 10);
	pc_set_bcr(&drv, 32, BCR32_XPHYSP);
	expect_link(true, false, 100);
	pc_set_bcr(&drv, 32, BCR32_XPHYANE);
	expect_link(true, true, 100);
	fake_host_fini(&host);
}
END_TEST

/* What Linux takes for "link": BCR4 other than 0xc0. */
START_TEST(link_led)
{
	open_card(PC_970A);
	ck_assert_uint_eq(pc_bcr(&drv, 4), 0x80c0);
	fake_carrier(&host, false);
	ck_assert_uint_eq(pc_bcr(&drv, 4), 0x00c0);
	fake_host_fini(&host);
}
END_TEST

START_TEST(activity_leds)
{
	open_card(PC_970A);
	pc_up(&drv, &host, 2, 4, 4);
	ck_assert_uint_eq(pc_bcr(&drv, 5), 0x0084);
	ck_assert_uint_eq(pc_bcr(&drv, 7), 0x0090);
	pc_frame(frame, pc_mac, 60, 1);
	fake_rx_bytes(&host, frame, 60);
	ck_assert_uint_eq(pc_bcr(&drv, 5), 0x8084);
	ck_assert_uint_eq(pc_bcr(&drv, 7), 0x0090);
	pc_send(&drv, frame, 60);
	ck_assert_uint_eq(pc_bcr(&drv, 7), 0x8090);
	fake_advance(&host, 60000000);
	ck_assert_uint_eq(pc_bcr(&drv, 5), 0x0084);
	ck_assert_uint_eq(pc_bcr(&drv, 7), 0x0090);
	fake_host_fini(&host);
}
END_TEST

/* 973, BCR2 LEDPE: LED registers take writes only while it is set. Linux sets it. */
START_TEST(led_program_enable)
{
	open_card(PC_973);
	pc_set_bcr(&drv, 5, 0x4000);
	ck_assert_uint_eq(pc_bcr(&drv, 5), 0x0084);
	pc_set_bcr(&drv, 2, 0x1002);
	pc_set_bcr(&drv, 5, 0x4000);
	ck_assert_uint_eq(pc_bcr(&drv, 5), 0x4000);
	pc_set_bcr(&drv, 48, 0x0082);
	ck_assert_uint_eq(pc_bcr(&drv, 48), 0x8082); /* 100 Mb/s */
	fake_host_fini(&host);
}
END_TEST

/* No link: frames go nowhere; half duplex notices (970A, TMD2 LCAR), full duplex does not. */
START_TEST(no_cable)
{
	open_card(PC_970A);
	pc_up(&drv, &host, 2, 4, 4);
	fake_carrier(&host, false);
	pc_frame(frame, pc_mac, 60, 1);
	pc_send(&drv, frame, 60);
	ck_assert_uint_eq(pc_error(&drv, 0), TE_LCAR);
	pc_set_bcr(&drv, 9, BCR9_FDEN);
	pc_send(&drv, frame, 60);
	ck_assert_uint_eq(pc_flags(&drv, &drv.tx, 1), D_STP | D_ENP);
	ck_assert(fake_rx_bytes(&host, frame, 60));
	ck_assert(pc_flags(&drv, &drv.rx, 0) & D_OWN);
	ck_assert_uint_eq(host.n_tx, 0);
	fake_host_fini(&host);
}
END_TEST

/* Bits to the EEPROM by hand: ECS and EEN, a bit on EDI, ESK up, ESK down. Returns EDO after the
 * edge. */
static bool clock_bit(bool bit)
{
	uint16_t base = BCR19_EEN | BCR19_ECS | (bit ? BCR19_EDIO : 0);
	bool out;

	pc_set_bcr(&drv, 19, base);
	pc_set_bcr(&drv, 19, base | BCR19_ESK);
	out = pc_bcr(&drv, 19) & BCR19_EDIO;
	pc_set_bcr(&drv, 19, base);
	return out;
}

static void clock_out(uint32_t bits, unsigned n)
{
	while (n--)
		clock_bit(bits >> n & 1);
}

static void deselect(void)
{
	pc_set_bcr(&drv, 19, BCR19_EEN);
}

static uint16_t ee_read(unsigned addr)
{
	uint16_t val = 0;

	clock_out(6 << 6 | addr, 9);
	for (unsigned i = 0; i < 16; i++)
		val = (uint16_t)(val << 1 | clock_bit(false));
	deselect();
	return val;
}

static void ee_command(unsigned bits)
{
	clock_out(bits, 9);
	deselect();
}

static void ee_write(unsigned addr, uint16_t val)
{
	clock_out(5 << 6 | addr, 9);
	clock_out(val, 16);
	deselect();
}

#define EWEN (4u << 6 | 0x30)
#define EWDS (4u << 6)

/* The bytes that the chip loads from add up to 0xff (970A, EEPROM Interface). */
START_TEST(eeprom_is_read)
{
	for (enum pc_chip chip = PC_970A; chip <= PC_973; chip++) {
		unsigned sum = 0, words = chip == PC_973 ? 41 : 18;

		open_card(chip);
		ck_assert_uint_eq(pc_bcr(&drv, 19) & (BCR19_PVALID | BCR19_EEDET),
				  BCR19_PVALID | BCR19_EEDET);
		ck_assert_uint_eq(ee_read(0), 0x5452);
		ck_assert_uint_eq(ee_read(2), 0x5634);
		ck_assert_uint_eq(ee_read(7), 0x5757);
		for (unsigned i = 0; i < words; i++)
			sum += (ee_read(i) & 0xff) + (ee_read(i) >> 8);
		ck_assert_uint_eq(sum & 0xff, 0xff);
		fake_host_fini(&host);
	}
}
END_TEST

START_TEST(eeprom_reads_on)
{
	uint32_t val = 0;

	open_card(PC_970A);
	clock_out(6 << 6 | 0, 9);
	for (unsigned i = 0; i < 32; i++)
		val = val << 1 | clock_bit(false);
	deselect();
	ck_assert_uint_eq(val, 0x54521200u);
	fake_host_fini(&host);
}
END_TEST

START_TEST(eeprom_is_written_when_enabled)
{
	open_card(PC_970A);
	ee_write(40, 0x1234);
	ck_assert_uint_eq(ee_read(40), 0);
	ee_command(EWEN);
	ee_write(40, 0x1234);
	ck_assert_uint_eq(ee_read(40), 0x1234);
	ee_command(7u << 6 | 40); /* erase */
	ck_assert_uint_eq(ee_read(40), 0xffff);
	clock_out(4u << 6 | 0x10, 9); /* write all */
	clock_out(0xa55a, 16);
	deselect();
	ck_assert_uint_eq(ee_read(0), 0xa55a);
	ck_assert_uint_eq(ee_read(63), 0xa55a);
	ee_command(4u << 6 | 0x20); /* erase all */
	ck_assert_uint_eq(ee_read(17), 0xffff);
	ee_command(EWDS);
	ee_write(40, 0);
	ck_assert_uint_eq(ee_read(40), 0xffff);
	fake_host_fini(&host);
}
END_TEST

/* A new address: valid after a load with the right checksum, and after power was cut. */
START_TEST(eeprom_survives)
{
	open_card(PC_970A);
	ee_command(EWEN);
	ee_write(2, 0x5635); /* one more in a byte, */
	ck_assert_uint_eq(pc_csr(&drv, 14), 0x5634);
	pc_set_bcr(&drv, 19, BCR19_PREAD);
	ck_assert_uint_eq(pc_bcr(&drv, 19) & BCR19_PVALID, 0);
	ee_write(17, (uint16_t)(ee_read(17) - 0x100)); /* one less in the last */
	pc_set_bcr(&drv, 19, BCR19_PREAD);
	ck_assert_uint_eq(pc_bcr(&drv, 19) & BCR19_PVALID, BCR19_PVALID);
	ck_assert_uint_eq(pc_csr(&drv, 14), 0x5635);
	ck_assert_uint_eq(fake_read(&host, 0, 4, 2), 0x5635);
	fake_reset(&host, HWNET_RESET_POWER);
	ck_assert_uint_eq(pc_csr(&drv, 14), 0x5635);
	fake_host_fini(&host);
}
END_TEST

/* BCRs come from the EEPROM after H_RESET. */
START_TEST(eeprom_sets_bcrs)
{
	open_card(PC_970A);
	ee_command(EWEN);
	ee_write(13, 0x0001); /* BCR9 */
	ee_write(17, (uint16_t)(ee_read(17) - 0x100));
	fake_reset(&host, HWNET_RESET_BUS);
	ck_assert_uint_eq(pc_bcr(&drv, 9), 1);
	expect_link(true, true, 10);
	fake_host_fini(&host);
}
END_TEST

/* 973, BCR31: a free-running timer in units of 12.8 us; 9531 of them are 121.9968 ms. */
START_TEST(software_timer)
{
	open_card(PC_973);
	fake_advance(&host, 1000000000);
	ck_assert_uint_eq(pc_csr(&drv, 7) & CSR7_STINT, 0);
	pc_set_bcr(&drv, 31, 9531);
	fake_advance(&host, 121986800);
	ck_assert_uint_eq(pc_csr(&drv, 7) & CSR7_STINT, 0);
	fake_advance(&host, 10000);
	ck_assert_uint_eq(pc_csr(&drv, 7) & CSR7_STINT, CSR7_STINT);
	ck_assert_int_eq(host.deadline, HWNET_NEVER); /* nobody wants to be told */
	pc_set_csr(&drv, 7, CSR7_STINT | CSR7_STINTE);
	pc_set_csr(&drv, 0, CSR0_IENA);
	ck_assert(!host.intx);
	for (unsigned i = 0; i < 3; i++) {
		fake_advance(&host, 121986800);
		ck_assert(!host.intx);
		fake_advance(&host, 10000);
		ck_assert(host.intx);
		pc_set_csr(&drv, 7, CSR7_STINT | CSR7_STINTE);
		ck_assert(!host.intx);
	}
	fake_host_fini(&host);
}
END_TEST

int main(void)
{
	const TTest *const tests[] = {
		ten_megabits_on_the_970a,
		hundred_megabits_on_the_973,
		one_phy,
		negotiation_takes_the_best_of_both,
		link_bit_is_latched,
		port_manager_forces,
		link_led,
		activity_leds,
		led_program_enable,
		no_cable,
		eeprom_is_read,
		eeprom_reads_on,
		eeprom_is_written_when_enabled,
		eeprom_survives,
		eeprom_sets_bcrs,
		software_timer,
		NULL,
	};

	return unit_main("pcnet-link", tests);
}
