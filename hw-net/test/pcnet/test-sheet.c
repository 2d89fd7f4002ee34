/* SPDX-License-Identifier: BSD-2-Clause */
/* Where the two chips differ, bits that only one has, and the identity in config space. */
#include "driver.h"
#include "unit.h"

#include <string.h>

#include "pcnet/pcnet.h"

static struct fake_host host;
static struct pc_driver drv;
static uint8_t frame[2048];

static const uint8_t peer[6] = { 0x02, 0, 0, 0, 0, 0x01 };

static void up(enum pc_chip chip)
{
	pc_open(&host, chip);
	pc_rings(&drv, &host, 2, 8, 8, 2048);
	pc_refill(&drv);
	pc_start(&drv);
}

/* Windows takes a card of another revision or subsystem for a new one. VMware's vlance is revision
 * 10h, VirtualBox's 79C973 is 40h, the subsystem of both is 1022:2000. */
START_TEST(identity)
{
	struct hwnet_pci pci;

	for (unsigned chip = PC_970A; chip <= PC_973; chip++) {
		pc_open(&host, (enum pc_chip)chip);
		memset(&pci, 0, sizeof(pci));
		hwnet_pci(host.nic, &pci);
		ck_assert_uint_eq(pci.vendor, 0x1022);
		ck_assert_uint_eq(pci.device, 0x2000);
		ck_assert_uint_eq(pci.revision, chip == PC_973 ? 0x40 : 0x10);
		ck_assert_uint_eq(pci.subsys_vendor, 0x1022);
		ck_assert_uint_eq(pci.subsys_device, 0x2000);
		fake_host_fini(&host);
	}
}
END_TEST

/* CSR0 BABL is one of the 970A and 971; from the 972 on bit 14 is reserved and ERR knows nothing of
 * it. There tagged frames of full length neither interrupt nor count as errors. */
START_TEST(long_frames_babble_on_the_970a_only)
{
	for (unsigned chip = PC_970A; chip <= PC_973; chip++) {
		uint16_t want = chip == PC_970A ? CSR0_BABL | CSR0_ERR : 0;

		up((enum pc_chip)chip);
		pc_frame(frame, peer, 1518, 1);
		pc_send(&drv, frame, 1518);
		ck_assert_uint_eq(host.n_tx, 1);
		ck_assert_uint_eq(pc_csr(&drv, 0) & (CSR0_BABL | CSR0_ERR), want);
		fake_host_fini(&host);
	}
}
END_TEST

/* 970A, CSR4 TIMER switches CSR82 on; a driver reads back that it did. */
START_TEST(bus_activity_timer)
{
	up(PC_970A);
	pc_set_csr(&drv, 4, 0x2915);
	ck_assert_uint_eq(pc_csr(&drv, 4) & 0x2000, 0x2000);
	pc_set_csr(&drv, 4, 0x0915);
	ck_assert_uint_eq(pc_csr(&drv, 4) & 0x2000, 0);
	fake_host_fini(&host);
}
END_TEST

/* 970A, CSR80: bits 15 and 14 read as ones, whatever is written. */
START_TEST(fifo_thresholds)
{
	pc_open(&host, PC_970A);
	memset(&drv, 0, sizeof(drv));
	drv.h = &host;
	ck_assert_uint_eq(pc_csr(&drv, 80), 0xd410);
	pc_set_csr(&drv, 80, 0x0c10);
	ck_assert_uint_eq(pc_csr(&drv, 80), 0xcc10);
	fake_host_fini(&host);
}
END_TEST

/* Runt packet accept: the 970A wants CSR4 EN124, the 973 a stopped controller. */
START_TEST(runt_accept)
{
	up(PC_970A);
	pc_set_csr(&drv, 124, CSR124_RPA);
	ck_assert_uint_eq(pc_csr(&drv, 124), 0);
	pc_set_csr(&drv, 4, CSR4_EN124 | 0x115);
	pc_set_csr(&drv, 124, CSR124_RPA);
	ck_assert_uint_eq(pc_csr(&drv, 124), CSR124_RPA);
	fake_host_fini(&host);
	up(PC_973);
	pc_set_csr(&drv, 4, CSR4_EN124 | 0x115);
	pc_set_csr(&drv, 124, CSR124_RPA);
	ck_assert_uint_eq(pc_csr(&drv, 124), 0);
	pc_set_csr(&drv, 0, CSR0_STOP);
	pc_set_csr(&drv, 124, CSR124_RPA);
	ck_assert_uint_eq(pc_csr(&drv, 124), CSR124_RPA);
	fake_host_fini(&host);
}
END_TEST

int main(void)
{
	const TTest *const tests[] = {
		identity,	    long_frames_babble_on_the_970a_only,
		bus_activity_timer, fifo_thresholds,
		runt_accept,	    NULL,
	};

	return unit_main("pcnet-sheet", tests);
}
