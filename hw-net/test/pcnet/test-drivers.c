/* SPDX-License-Identifier: BSD-2-Clause */
/* What drivers do to their pcnet when they start, or start again. Each test says whose habit it
 * is. */
#include "driver.h"
#include "unit.h"

static struct fake_host host;
static struct pc_driver drv;
static const uint8_t peer[6] = { 2, 0, 0, 0, 0, 1 };
static uint8_t frame[2000], got[2000];

static void open_ring(void)
{
	pc_open(&host, PC_970A);
	pc_up(&drv, &host, 2, 4, 4);
}

/* What a driver that begins at index @at has to do to its own notes. */
static void afresh(unsigned at)
{
	for (unsigned i = 0; i < drv.tx.n; i++)
		pc_set_flags(&drv, &drv.tx, i, 0);
	drv.tx.next = at;
}

static void send(unsigned n)
{
	for (unsigned i = 0; i < n; i++) {
		pc_frame(frame, peer, 60, (uint8_t)host.n_tx);
		pc_send(&drv, frame, 60);
	}
}

/* Frames left in the order in which they were queued, each with the number it had then. */
static void expect_order(unsigned n)
{
	ck_assert_uint_eq(host.n_tx, n);
	for (unsigned i = 0; i < n; i++) {
		pc_frame(frame, peer, 60, (uint8_t)i);
		ck_assert_frame_eq(host.tx[i].data, host.tx[i].pkt.len, frame, 60);
	}
}

static void stop_start(void)
{
	pc_set_csr(&drv, 0, CSR0_STOP);
	pc_set_csr(&drv, 0, CSR0_STRT | CSR0_IENA);
}

/* Plan 9 and Minoca: STOP, rings afresh from 0, STRT without INIT (970A, Re-Initialization). */
START_TEST(pcnet_stop_strt)
{
	for (unsigned before = 0; before < 4; before++) {
		open_ring();
		send(before);
		stop_start();
		if (_i)
			fake_reopen(&host);
		afresh(0);
		send(6);
		expect_order(before + 6);
		fake_host_fini(&host);
	}
}
END_TEST

/* A driver made for VMware's card goes on where it was. */
START_TEST(stop_strt_goes_on)
{
	for (unsigned before = 0; before < 4; before++) {
		open_ring();
		send(before);
		stop_start();
		if (_i)
			fake_reopen(&host);
		send(6);
		expect_order(before + 6);
		fake_host_fini(&host);
	}
}
END_TEST

/* Frames that are there before STRT: on over the end of the ring, or from the base. */
START_TEST(stop_strt_with_frames)
{
	unsigned len = 60;

	open_ring();
	send(2);
	pc_set_csr(&drv, 0, CSR0_STOP);
	afresh(_i ? 0 : 2);
	for (unsigned i = 0; i < 3; i++) {
		pc_frame(frame, peer, 60, (uint8_t)(2 + i));
		pc_queue(&drv, frame, &len, 1, 0);
	}
	pc_set_csr(&drv, 0, CSR0_STRT | CSR0_IENA);
	expect_order(5);
	send(4);
	expect_order(9);
	fake_host_fini(&host);
}
END_TEST

/* The receive ring begins at its base. */
START_TEST(stop_strt_receives_from_the_base)
{
	open_ring();
	pc_frame(frame, pc_mac, 60, 1);
	ck_assert(fake_rx_bytes(&host, frame, 60));
	stop_start();
	for (unsigned i = 0; i < drv.rx.n; i++)
		pc_give(&drv, i);
	drv.rx.next = 0;
	for (unsigned i = 0; i < 8; i++) {
		uint16_t flags;

		pc_frame(frame, pc_mac, 60, (uint8_t)i);
		ck_assert(fake_rx_bytes(&host, frame, 60));
		ck_assert_uint_ge(pc_recv(&drv, got, sizeof(got), &flags), 60);
		ck_assert_mem_eq(got, frame, 60);
	}
	fake_host_fini(&host);
}
END_TEST

static void expect_exchange(unsigned n)
{
	uint16_t flags;

	send(n);
	fake_advance(&host, 2000000);
	expect_order(n);
	pc_frame(frame, pc_mac, 60, 7);
	ck_assert(fake_rx_bytes(&host, frame, 60));
	ck_assert(host.intx);
	ck_assert_uint_ge(pc_recv(&drv, got, sizeof(got), &flags), 60);
}

/* Visopsys: both resets by reading, and a write after; address from the PROM, chip id; 16-bit
 * structures by CSR58; IDON masked, INIT, wait, STRT. Frames are found by the poll timer alone. */
START_TEST(visopsys_starts)
{
	pc_open(&host, PC_970A);
	pc_rings(&drv, &host, 0, 4, 4, 1536);
	pc_refill(&drv);
	fake_read(&host, 0, 0x18, 4);
	fake_read(&host, 0, 0x14, 2);
	fake_write(&host, 0, 0x14, 0, 2);
	pc_set_csr(&drv, 0, CSR0_STOP);
	for (unsigned i = 0; i < 6; i++)
		ck_assert_uint_eq(fake_read(&host, 0, i, 1), pc_mac[i]);
	ck_assert_uint_eq((pc_csr(&drv, 89) & 0xfff) << 4 | pc_csr(&drv, 88) >> 12, 0x2621);
	pc_set_csr(&drv, 58, 0);
	ck_assert_uint_eq(pc_csr(&drv, 58) & 0xff, 0);
	pc_set_csr(&drv, 3, 0x100);
	pc_set_csr(&drv, 4, pc_csr(&drv, 4) | 0x4c00);
	pc_set_bcr(&drv, 18, pc_bcr(&drv, 18) | 0x260);
	pc_init(&drv);
	ck_assert(!host.intx);
	pc_set_csr(&drv, 0, CSR0_STRT | CSR0_IENA);
	expect_exchange(3);
	fake_host_fini(&host);
}
END_TEST

/* ReactOS: both resets by narrow reads, style 2 by CSR58, INIT and STRT in one write, LEDs
 * programmed while it runs, link read from one of them. */
START_TEST(reactos_starts)
{
	pc_open(&host, PC_970A);
	pc_rings(&drv, &host, 2, 4, 4, 1536);
	pc_refill(&drv);
	fake_read(&host, 0, 0x18, 2);
	fake_read(&host, 0, 0x14, 2);
	pc_set_csr(&drv, 0, CSR0_STOP);
	pc_set_csr(&drv, 58, pc_csr(&drv, 58) | 2);
	pc_init(&drv); /* lays the block out */
	pc_set_csr(&drv, 0, CSR0_STOP);
	pc_set_csr(&drv, 4, pc_csr(&drv, 4) | 0x4804);
	pc_set_csr(&drv, 15, 0);
	pc_set_csr(&drv, 0, CSR0_STRT | CSR0_INIT | CSR0_IENA);
	ck_assert(pc_csr(&drv, 0) & CSR0_IDON);
	pc_set_bcr(&drv, 2, 0x1000);
	pc_set_bcr(&drv, 4, 0xc0);
	pc_set_bcr(&drv, 7, 0x94);
	ck_assert(pc_bcr(&drv, 4) & 0x8000); /* lit: there is a link */
	pc_set_csr(&drv, 0, pc_csr(&drv, 0));
	pc_set_csr(&drv, 0, CSR0_IENA);
	expect_exchange(3);
	fake_host_fini(&host);
}
END_TEST

int main(void)
{
	Suite *suite = suite_create("pcnet-drivers");
	TCase *tcase = tcase_create("pcnet-drivers");

	tcase_add_loop_test(tcase, pcnet_stop_strt, 0, 2);
	tcase_add_loop_test(tcase, stop_strt_goes_on, 0, 2);
	tcase_add_loop_test(tcase, stop_strt_with_frames, 0, 2);
	tcase_add_test(tcase, stop_strt_receives_from_the_base);
	tcase_add_test(tcase, visopsys_starts);
	tcase_add_test(tcase, reactos_starts);
	return unit_run(suite, tcase, srunner_create(suite));
}
