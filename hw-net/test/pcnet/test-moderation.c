/* SPDX-License-Identifier: BSD-2-Clause */
/* Interrupts under load: held back, but not from those who wait for them. */
#include "fixture.h"

#define US 1000

/* One request, one answer, at any speed: each interrupts at once. */
START_TEST(request_and_response_is_not_delayed)
{
	up_coalescing(PC_970A, 32, 32, 32);
	for (unsigned i = 0; i < 500; i++) {
		fake_irq_clear(&host);
		fake_rx_bytes(&host, frame, 60);
		ck_assert(host.intx);
		handle();
		ck_assert(!host.intx);
		fake_advance(&host, 5 * US);
		send_frame();
		ck_assert(host.intx);
		handle();
		fake_advance(&host, 5 * US);
	}
	fake_host_fini(&host);
}
END_TEST

/* A stream: many frames an interrupt, each delayed by no more than the bound. */
START_TEST(receive_stream_is_moderated)
{
	unsigned total = 0;
	int64_t waiting = 0;

	up_coalescing(PC_970A, 32, 128, 4);
	for (unsigned i = 0; i < 2000; i++) {
		fake_rx_bytes(&host, frame, 60);
		if (!host.intx && !waiting)
			waiting = host.now;
		fake_advance(&host, 10 * US);
		if (host.intx) {
			if (waiting)
				ck_assert_int_le(host.now - waiting, 210 * US);
			waiting = 0;
			total += handle();
		}
	}
	ck_assert_uint_ge(total, 1900);
	ck_assert_uint_ge(total / host.intx_edges, 16);
	fake_host_fini(&host);
}
END_TEST

/* The driver's ring of 16: the interrupt comes when it is used up, not by time. */
START_TEST(transmit_stream_is_moderated)
{
	unsigned len = 60;

	up_coalescing(PC_970A, 32, 4, 16);
	for (unsigned round = 0; round < 50; round++) {
		for (unsigned i = 0; i < 16; i++) {
			pc_queue(&drv, frame, &len, 1, 0);
			pc_ring_tdmd(&drv);
			fake_advance(&host, US);
		}
		ck_assert(host.intx || round == 0);
		handle();
		fake_tx_clear(&host);
	}
	ck_assert_uint_le(host.intx_edges, 55);
	fake_host_fini(&host);
}
END_TEST

/* Three quarters of the receive ring are the limit, however large `coalesce` is. */
START_TEST(moderation_minds_the_ring)
{
	up_coalescing(PC_970A, 512, 32, 4);
	for (unsigned i = 0; i < 64; i++) {
		fake_rx_bytes(&host, frame, 60);
		fake_advance(&host, US);
		handle();
	}
	fake_irq_clear(&host);
	for (unsigned i = 0; i < 24; i++) {
		ck_assert(!host.intx);
		fake_rx_bytes(&host, frame, 60);
	}
	ck_assert(host.intx);
	fake_host_fini(&host);
}
END_TEST

static void make_bulk(void)
{
	for (unsigned i = 0; i < 64; i++) {
		fake_rx_bytes(&host, frame, 60);
		fake_advance(&host, US);
		handle();
	}
}

/* The last frames of a burst wait a quarter of the bound; errors do not wait. */
START_TEST(moderation_ends)
{
	up_coalescing(PC_970A, 32, 128, 4);
	make_bulk();
	fake_rx_bytes(&host, frame, 60);
	ck_assert(!host.intx);
	ck_assert_uint_eq(pc_csr(&drv, 0) & (CSR0_RINT | CSR0_INTR), CSR0_RINT | CSR0_INTR);
	fake_advance(&host, 49 * US);
	ck_assert(!host.intx);
	fake_advance(&host, 2 * US);
	ck_assert(host.intx);
	handle();
	make_bulk();
	fake_rx_bytes(&host, frame, 60);
	ck_assert(!host.intx);
	pc_set_csr(&drv, 4, CSR4_UINTCMD | 0x115);
	ck_assert(host.intx);
	/* After a pause the first frame is not delayed. */
	pc_set_csr(&drv, 4, CSR4_UINT | 0x115);
	handle();
	fake_advance(&host, 1000 * US);
	fake_rx_bytes(&host, frame, 60);
	ck_assert(host.intx);
	fake_host_fini(&host);
}
END_TEST

/* Only transmitted frames: nobody is waiting, so the whole bound is used. */
START_TEST(transmit_interrupts_wait_longer)
{
	up_coalescing(PC_970A, 32, 4, 64);
	for (unsigned i = 0; i < 32; i++) {
		send_frame();
		fake_advance(&host, US);
		handle();
	}
	send_frame();
	fake_advance(&host, 199 * US);
	ck_assert(!host.intx);
	fake_advance(&host, 2 * US);
	ck_assert(host.intx);
	/* A received frame makes it shorter. (The first after a pause is told at once.) */
	handle();
	send_frame();
	handle();
	send_frame();
	fake_advance(&host, 10 * US);
	fake_rx_bytes(&host, frame, 60);
	fake_advance(&host, 49 * US);
	ck_assert(!host.intx);
	fake_advance(&host, 2 * US);
	ck_assert(host.intx);
	fake_host_fini(&host);
}
END_TEST

/* Bursts with halts of the guest between them are a stream. */
START_TEST(halts_do_not_hide_a_stream)
{
	up_coalescing(PC_970A, 32, 128, 4);
	make_bulk();
	fake_irq_clear(&host);
	for (unsigned burst = 0; burst < 20; burst++) {
		fake_advance(&host, 3000 * US);
		for (unsigned i = 0; i < 33; i++) {
			fake_rx_bytes(&host, frame, 60);
			if (host.intx)
				handle();
			fake_advance(&host, US);
		}
	}
	/* The first frame of each is told at once, then 32. */
	ck_assert_uint_eq(host.intx_edges, 40);
	fake_host_fini(&host);
}
END_TEST

/* One turn of requests and answers of six frames; returns whether the guest had to wait. */
static bool long_turn(void)
{
	bool waited;

	for (unsigned i = 0; i < 6; i++)
		fake_rx_bytes(&host, frame, 60);
	waited = !host.intx;
	if (waited)
		fake_advance(&host, 60 * US);
	ck_assert(host.intx);
	handle();
	for (unsigned i = 0; i < 6; i++)
		send_frame();
	handle();
	fake_tx_clear(&host);
	fake_advance(&host, 10 * US);
	return waited;
}

/* They look like bulk, but each answer shows that waiting was in vain. */
START_TEST(long_requests_are_seldom_delayed)
{
	unsigned waited = 0;

	up_coalescing(PC_970A, 32, 128, 64);
	for (unsigned turn = 0; turn < 300; turn++)
		waited += long_turn();
	ck_assert_uint_ge(waited, 1);
	ck_assert_uint_le(waited, 20);
	/* A stream is found again, and makes up for it: one long request more changes little. */
	for (unsigned i = 0; i < 512; i++) {
		fake_rx_bytes(&host, frame, 60);
		if (host.intx)
			handle();
	}
	ck_assert(long_turn());
	make_bulk();
	fake_irq_clear(&host);
	make_bulk();
	ck_assert_uint_eq(host.intx_edges, 0);
	fake_host_fini(&host);
}
END_TEST

/* A driver that polls sees the cause at once; what it acknowledges is not reported again. */
START_TEST(polling_drivers_see_no_delay)
{
	up_coalescing(PC_970A, 32, 128, 4);
	make_bulk();
	fake_irq_clear(&host);
	fake_rx_bytes(&host, frame, 60);
	ck_assert_uint_eq(handle(), 1);
	fake_advance(&host, 10000 * US);
	ck_assert_uint_eq(host.intx_edges, 0);
	fake_rx_bytes(&host, frame, 60);
	handle();
	fake_irq_clear(&host);
	make_bulk();
	ck_assert_uint_eq(host.intx_edges, 0);
	fake_host_fini(&host);
}
END_TEST

START_TEST(coalesce_1_is_the_silicon)
{
	up_coalescing(PC_970A, 1, 128, 4);
	for (unsigned i = 0; i < 100; i++) {
		fake_rx_bytes(&host, frame, 60);
		ck_assert(host.intx);
		handle();
	}
	fake_host_fini(&host);
}
END_TEST

int main(void)
{
	const TTest *const tests[] = {
		request_and_response_is_not_delayed,
		receive_stream_is_moderated,
		transmit_stream_is_moderated,
		moderation_minds_the_ring,
		moderation_ends,
		transmit_interrupts_wait_longer,
		halts_do_not_hide_a_stream,
		long_requests_are_seldom_delayed,
		polling_drivers_see_no_delay,
		coalesce_1_is_the_silicon,
		NULL,
	};

	return unit_main("pcnet-moderation", tests);
}
