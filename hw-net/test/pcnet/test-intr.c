/* SPDX-License-Identifier: BSD-2-Clause */
/* Interrupts: causes and masks; frames that wait for descriptors. */
#include "fixture.h"

#define US 1000

START_TEST(causes_and_masks)
{
	up_coalescing(PC_970A, 1, 4, 4);
	fake_rx_bytes(&host, frame, 60);
	ck_assert(host.intx);
	pc_set_csr(&drv, 3, CSR0_RINT);
	ck_assert(!host.intx);
	ck_assert_uint_eq(pc_csr(&drv, 0) & (CSR0_RINT | CSR0_INTR), CSR0_RINT);
	pc_set_csr(&drv, 3, 0);
	ck_assert(host.intx);
	pc_set_csr(&drv, 0, 0); /* IENA off: the cause stays */
	ck_assert(!host.intx);
	ck_assert_uint_eq(pc_csr(&drv, 0) & CSR0_INTR, CSR0_INTR);
	pc_set_csr(&drv, 0, CSR0_IENA | CSR0_RINT);
	ck_assert(!host.intx);
	pc_set_csr(&drv, 4, CSR4_UINTCMD | 0x115);
	ck_assert(host.intx);
	ck_assert_uint_eq(pc_csr(&drv, 4), CSR4_UINT | 0x115);
	pc_set_csr(&drv, 4, CSR4_UINT | 0x115);
	ck_assert(!host.intx);
	fake_host_fini(&host);
}
END_TEST

START_TEST(transmit_start_interrupt)
{
	up_coalescing(PC_970A, 1, 4, 4);
	pc_set_csr(&drv, 3, CSR0_TINT);
	send_frame();
	ck_assert(!host.intx);
	ck_assert_uint_eq(pc_csr(&drv, 4) & CSR4_TXSTRT, CSR4_TXSTRT);
	pc_set_csr(&drv, 4, 0x115 & ~CSR4_TXSTRTM);
	ck_assert(host.intx);
	pc_set_csr(&drv, 4, CSR4_TXSTRT | (0x115 & ~CSR4_TXSTRTM));
	ck_assert(!host.intx);
	fake_host_fini(&host);
}
END_TEST

/* 970A, CSR5 TOKINTD: no interrupt for frames that went well. */
START_TEST(transmit_ok_interrupt_disable)
{
	up_coalescing(PC_970A, 1, 4, 4);
	pc_set_csr(&drv, 5, CSR5_TOKINTD);
	send_frame();
	ck_assert_uint_eq(pc_csr(&drv, 0) & CSR0_TINT, 0);
	fake_carrier(&host, false); /* half duplex: LCAR */
	send_frame();
	ck_assert_uint_eq(pc_flags(&drv, &drv.tx, 1), D_ERR | D_STP | D_ENP);
	ck_assert_uint_eq(pc_error(&drv, 1), TE_LCAR);
	ck_assert_uint_eq(pc_csr(&drv, 0) & CSR0_TINT, CSR0_TINT);
	fake_host_fini(&host);
}
END_TEST

/* 970A, CSR5 LTINTEN: only frames whose last descriptor has LTINT. */
START_TEST(last_transmit_interrupt)
{
	unsigned len = 60, pieces[2] = { 30, 30 };

	up_coalescing(PC_970A, 1, 4, 8);
	pc_set_csr(&drv, 5, CSR5_LTINTEN);
	pc_queue(&drv, frame, &len, 1, 0);
	pc_ring_tdmd(&drv);
	ck_assert_uint_eq(pc_csr(&drv, 0) & CSR0_TINT, 0);
	pc_queue(&drv, frame, &len, 1, T_LTINT);
	pc_ring_tdmd(&drv);
	ck_assert_uint_eq(pc_csr(&drv, 0) & CSR0_TINT, CSR0_TINT);
	pc_set_csr(&drv, 0, CSR0_TINT | CSR0_IENA);
	pc_queue(&drv, frame, pieces, 2, 0);
	pc_set_flags(&drv, &drv.tx, 3, D_OWN | D_ENP | T_LTINT);
	pc_ring_tdmd(&drv);
	ck_assert_uint_eq(pc_csr(&drv, 0) & CSR0_TINT, CSR0_TINT);
	fake_host_fini(&host);
}
END_TEST

/* Fill the ring so that a frame waits. */
static void fill(unsigned n)
{
	for (unsigned i = 0; i < n; i++)
		ck_assert(fake_rx_bytes(&host, frame, 60));
	ck_assert(!fake_rx_bytes(&host, frame, 60));
}

/* A full ring: frames stay at the host, nothing is missed, and the driver's refilling brings them
 * in. */
START_TEST(frames_wait_for_descriptors)
{
	up_coalescing(PC_970A, 1, 4, 4);
	fill(4);
	ck_assert_uint_eq(hwnet_counters(host.nic)->rx_held, 1);
	ck_assert_uint_eq(handle(), 4);
	pc_set_csr(&drv, 3, 0); /* as NAPI unmasks */
	ck_assert_uint_eq(host.rx_ready, 1);
	ck_assert(fake_rx_bytes(&host, frame, 60));
	ck_assert_uint_eq(pc_csr(&drv, 0) & CSR0_MISS, 0);
	ck_assert_uint_eq(pc_csr(&drv, 112), 0);
	fake_host_fini(&host);
}
END_TEST

/* A driver that gives descriptors back without touching a register: the poll timer finds them. */
START_TEST(the_poll_timer_finds_descriptors)
{
	up_coalescing(PC_970A, 1, 4, 4);
	fill(4);
	fake_advance(&host, 5000 * US);
	ck_assert_uint_eq(host.rx_ready, 0);
	pc_give(&drv, 0);
	fake_advance(&host, 1000 * US);
	ck_assert_uint_eq(host.rx_ready, 1);
	fake_host_fini(&host);
}
END_TEST

/* 973, CSR7: RXDPOLL stops the timer, RDMD looks. */
START_TEST(receive_demand)
{
	up_coalescing(PC_973, 1, 4, 4);
	pc_set_csr(&drv, 7, CSR7_RXDPOLL);
	fill(4);
	pc_refill(&drv);
	fake_advance(&host, 100000 * US);
	ck_assert_uint_eq(host.rx_ready, 0);
	pc_set_csr(&drv, 7, CSR7_RXDPOLL | CSR7_RDMD);
	ck_assert_uint_eq(host.rx_ready, 1);
	fake_host_fini(&host);
}
END_TEST

/* Waiting ends: MISS, so that a driver which lost its way is told, and the host's queue moves. */
START_TEST(misses_after_waiting_too_long)
{
	up_coalescing(PC_970A, 1, 4, 4);
	fill(4);
	pc_set_csr(&drv, 0, CSR0_RINT | CSR0_IENA);
	fake_advance(&host, 1999000 * US);
	ck_assert_uint_eq(host.rx_ready, 0);
	fake_advance(&host, 3000 * US);
	ck_assert_uint_eq(host.rx_ready, 1);
	for (unsigned i = 0; i < 5; i++)
		ck_assert(fake_rx_bytes(&host, frame, 60));
	ck_assert_uint_eq(pc_csr(&drv, 112), 5);
	ck_assert_uint_eq(pc_csr(&drv, 0) & (CSR0_MISS | CSR0_ERR), CSR0_MISS | CSR0_ERR);
	ck_assert(host.intx);
	handle();
	ck_assert(fake_rx_bytes(&host, frame, 60));
	ck_assert_uint_eq(pc_csr(&drv, 0) & CSR0_RINT, CSR0_RINT);
	/* It waits again from now on. */
	for (unsigned i = 0; i < 3; i++)
		fake_rx_bytes(&host, frame, 60);
	ck_assert(!fake_rx_bytes(&host, frame, 60));
	fake_host_fini(&host);
}
END_TEST

START_TEST(missed_frame_counter_overflows)
{
	up_coalescing(PC_970A, 1, 1, 4);
	fill(1);
	fake_advance(&host, 2100000 * US);
	for (unsigned i = 0; i < 65535; i++)
		fake_rx_bytes(&host, frame, 60);
	ck_assert_uint_eq(pc_csr(&drv, 112), 65535);
	ck_assert_uint_eq(pc_csr(&drv, 4) & CSR4_MFCO, 0);
	fake_rx_bytes(&host, frame, 60);
	ck_assert_uint_eq(pc_csr(&drv, 112), 0);
	ck_assert_uint_eq(pc_csr(&drv, 4) & CSR4_MFCO, CSR4_MFCO);
	fake_host_fini(&host);
}
END_TEST

/* A driver that keeps descriptors back: a frame that needs more is cut off after a short wait
 * (970A, RMD1 BUFF). */
START_TEST(too_few_descriptors)
{
	pc_open(&host, PC_970A);
	pc_rings(&drv, &host, 2, 4, 4, 64);
	pc_refill(&drv);
	pc_set_flags(&drv, &drv.rx, 3, 0);
	pc_start(&drv);
	pc_frame(frame, pc_mac, 1000, 1);
	ck_assert(!fake_rx_bytes(&host, frame, 300));
	fake_advance(&host, 51000 * US);
	ck_assert_uint_ge(host.rx_ready, 1);
	ck_assert(fake_rx_bytes(&host, frame, 300));
	ck_assert_uint_eq(pc_flags(&drv, &drv.rx, 0), D_STP);
	ck_assert_uint_eq(pc_flags(&drv, &drv.rx, 1), 0);
	ck_assert_uint_eq(pc_flags(&drv, &drv.rx, 2), D_ERR | R_BUFF | R_OFLO);
	fake_host_fini(&host);
}
END_TEST

/* A frame that no ring of this driver could hold is not waited for. */
START_TEST(larger_than_the_ring)
{
	pc_open(&host, PC_970A);
	pc_rings(&drv, &host, 2, 4, 4, 64);
	pc_refill(&drv);
	pc_start(&drv);
	pc_frame(frame, pc_mac, 1000, 1);
	ck_assert(fake_rx_bytes(&host, frame, 300));
	ck_assert_uint_eq(pc_flags(&drv, &drv.rx, 3), D_ERR | R_BUFF | R_OFLO);
	fake_host_fini(&host);
}
END_TEST

/* Stopping lets the host's queue go. */
START_TEST(stop_releases_waiting_frames)
{
	up_coalescing(PC_970A, 1, 4, 4);
	fill(4);
	pc_set_csr(&drv, 0, CSR0_STOP);
	ck_assert_uint_eq(host.rx_ready, 1);
	ck_assert(fake_rx_bytes(&host, frame, 60));
	ck_assert_uint_eq(pc_csr(&drv, 112), 0);
	fake_host_fini(&host);
}
END_TEST

int main(void)
{
	const TTest *const tests[] = {
		causes_and_masks,
		transmit_start_interrupt,
		transmit_ok_interrupt_disable,
		last_transmit_interrupt,
		frames_wait_for_descriptors,
		the_poll_timer_finds_descriptors,
		receive_demand,
		misses_after_waiting_too_long,
		missed_frame_counter_overflows,
		too_few_descriptors,
		larger_than_the_ring,
		stop_releases_waiting_frames,
		NULL,
	};

	return unit_main("pcnet-intr", tests);
}
