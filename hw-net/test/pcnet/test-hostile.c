/* SPDX-License-Identifier: BSD-2-Clause */
/* Guests that mean harm. Tests are named after the bug that another model of this card had. */
#include "fixture.h"

#include <string.h>

static void up(unsigned style, uint16_t mode, unsigned n_rx, unsigned n_tx, unsigned size)
{
	pc_open(&host, PC_970A);
	pc_rings(&drv, &host, style, n_rx, n_tx, size);
	drv.mode = mode;
	pc_refill(&drv);
	pc_start(&drv);
}

/* The card stopped itself and says so: 970A, CSR5 SINT. */
static void expect_system_error(void)
{
	ck_assert_uint_eq(pc_csr(&drv, 0), CSR0_STOP);
	ck_assert_uint_eq(pc_csr(&drv, 5) & CSR5_SINT, CSR5_SINT);
	ck_assert_uint_ge(host.errors, 1);
	ck_assert_uint_eq(host.mmio_dma, host.dma_refused);
}

/* CVE-2015-3209: descriptors of one frame with more than 4 KiB together; here 512 of 4 KiB. */
START_TEST(cve_2015_3209_long_transmit_chain)
{
	for (unsigned style = 0; style <= 3; style++) {
		unsigned n = style ? 512 : 128;

		up(style, 0, 4, n, 2048);
		for (unsigned i = 0; i < n; i++) {
			pc_set_buffer(&drv, &drv.tx, i, pc_buf(&drv.tx, 0), 4096);
			pc_set_flags(
				&drv, &drv.tx, i,
				(uint16_t)(D_OWN | (i ? 0 : D_STP) | (i == n - 1 ? D_ENP : 0)));
		}
		pc_ring_tdmd(&drv);
		ck_assert_uint_eq(host.n_tx, 0);
		ck_assert_uint_eq(pc_csr(&drv, 0) & (CSR0_BABL | CSR0_TINT), CSR0_BABL | CSR0_TINT);
		for (unsigned i = 0; i < n; i++)
			ck_assert(!(pc_flags(&drv, &drv.tx, i) & D_OWN));
		fake_host_fini(&host);
	}
}
END_TEST

/* The same without an end: a chain that goes round for ever. */
START_TEST(transmit_chain_without_end)
{
	up(2, 0, 4, 512, 2048);
	for (unsigned i = 0; i < 512; i++) {
		pc_set_buffer(&drv, &drv.tx, i, pc_buf(&drv.tx, 0), 1);
		pc_set_flags(&drv, &drv.tx, i, (uint16_t)(D_OWN | (i ? 0 : D_STP)));
	}
	pc_ring_tdmd(&drv);
	ck_assert_uint_eq(host.n_tx, 0);
	ck_assert_uint_eq(pc_flags(&drv, &drv.tx, 511) & (D_OWN | D_ERR), D_ERR);
	ck_assert_uint_eq(pc_csr(&drv, 0) & CSR0_TXON, 0);
	fake_host_fini(&host);
}
END_TEST

/* CVE-2015-7504: loopback of a frame that fills the buffer, and the FCS behind it. */
START_TEST(cve_2015_7504_loopback_fcs_overflow)
{
	unsigned pieces[3] = { 1514, 8, 4 };

	for (unsigned n = 1; n <= 3; n++) {
		up(2, MODE_LOOP | MODE_INTL, 4, 4, 4096);
		pc_frame(frame, pc_mac, 1600, 1);
		pc_queue(&drv, frame, pieces, n, 0);
		pc_ring_tdmd(&drv);
		if (n < 3)
			ck_assert_uint_eq(pc_mcnt(&drv, 0), (n == 1 ? 1514 : 1522) + 4);
		else
			ck_assert(pc_flags(&drv, &drv.rx, 0) & D_OWN);
		fake_host_fini(&host);

		up(2, MODE_LOOP | MODE_INTL | MODE_DXMTFCS, 4, 4, 4096);
		pc_queue(&drv, frame, pieces, n, 0);
		pc_ring_tdmd(&drv);
		ck_assert_uint_eq(pc_mcnt(&drv, 0), n == 1 ? 1514 : n == 2 ? 1522 : 1526);
		fake_host_fini(&host);
	}
}
END_TEST

/* CVE-2015-7512: a frame from the network larger than any buffer of the model. */
START_TEST(cve_2015_7512_large_receive)
{
	up(2, 0, 4, 4, 4096);
	memset(frame, 0xff, sizeof(frame));
	for (unsigned len = 1500; len < 8192; len += 13)
		ck_assert(fake_rx_bytes(&host, frame, len) || len <= 1522);
	fake_host_fini(&host);
}
END_TEST

/* CVE-2018-17962: sizes that do not fit an int, here the longest message there is. */
START_TEST(cve_2018_17962_size_of_receive)
{
	static uint8_t big[PKT_MAX_LEN];

	up(2, 0, 4, 4, 4096);
	memset(big, 0xff, sizeof(big));
	ck_assert(fake_rx_bytes(&host, big, sizeof(big)));
	ck_assert_uint_eq(hwnet_counters(host.nic)->rx_dropped, 1);
	ck_assert(pc_flags(&drv, &drv.rx, 0) & D_OWN);
	fake_host_fini(&host);
}
END_TEST

/* CVE-2016-7909: a receive ring of length 0 (CSR76 written by hand: that is 65536), none of it the
 * card's. */
START_TEST(cve_2016_7909_receive_ring_of_length_0)
{
	for (unsigned lapp = 0; lapp <= 1; lapp++) {
		up(2, 0, 4, 4, 2048);
		pc_set_csr(&drv, 0, CSR0_STOP);
		for (unsigned i = 0; i < 4; i++)
			pc_set_flags(&drv, &drv.rx, i, 0);
		pc_set_csr(&drv, 3, lapp ? CSR3_LAPPEN : 0);
		pc_set_csr(&drv, 76, 0);
		pc_set_csr(&drv, 72, 0);
		pc_set_csr(&drv, 78, 0);
		pc_set_csr(&drv, 74, 0);
		pc_set_csr(&drv, 0, CSR0_STRT);
		pc_frame(frame, pc_mac, 60, 1);
		ck_assert(!fake_rx_bytes(&host, frame, 60));
		pc_ring_tdmd(&drv);
		ck_assert_uint_lt(host.dma_reads, 2000);
		fake_host_fini(&host);
	}
}
END_TEST

/* Counters out of their rings. */
START_TEST(ring_counters_out_of_range)
{
	up(2, 0, 4, 4, 2048);
	pc_set_csr(&drv, 0, CSR0_STOP);
	pc_set_csr(&drv, 72, 0x1234);
	pc_set_csr(&drv, 74, 0x8000);
	pc_set_csr(&drv, 0, CSR0_STRT);
	arrive(60, 1);
	ck_assert(!(pc_flags(&drv, &drv.rx, 0) & D_OWN));
	pc_send(&drv, frame, 60);
	ck_assert_uint_eq(host.n_tx, 1);
	fake_host_fini(&host);
}
END_TEST

/* CVE-2021-3416: loopback, where receiving made the model transmit again: recursion without end. */
START_TEST(cve_2021_3416_loopback_recursion)
{
	unsigned len = 60;

	up(2, MODE_LOOP | MODE_INTL | MODE_PROM, 128, 128, 2048);
	/* Receive buffers lie over the transmit ring: what is looped back writes descriptors with
	 * OWN set. */
	for (unsigned i = 0; i < 128; i++)
		pc_set_buffer(&drv, &drv.rx, i, drv.tx.desc, 2048);
	memset(frame, 0xff, sizeof(frame));
	for (unsigned i = 0; i < 100; i++)
		pc_queue(&drv, frame, &len, 1, 0);
	pc_ring_tdmd(&drv);
	pc_ring_tdmd(&drv);
	ck_assert_uint_eq(host.n_tx, 0);
	ck_assert_uint_lt(host.dma_reads, 100000);
	fake_host_fini(&host);
}
END_TEST

/* GL#557: rings, buffers, init block that are the card's own registers. DMA is refused, the card
 * stops. */
START_TEST(gl_557_dma_to_own_registers)
{
	up(2, 0, 4, 4, 2048);
	pc_set_csr(&drv, 0, CSR0_STOP);
	pc_set_csr(&drv, 30, 0x0000);
	pc_set_csr(&drv, 31, FAKE_MMIO >> 16);
	pc_set_csr(&drv, 0, CSR0_STRT);
	expect_system_error();
	fake_host_fini(&host);

	up(2, 0, 4, 4, 2048);
	pc_set_csr(&drv, 0, CSR0_STOP);
	pc_set_csr(&drv, 25, FAKE_MMIO >> 16);
	pc_set_csr(&drv, 0, CSR0_STRT);
	pc_frame(frame, pc_mac, 1500, 1);
	ck_assert(fake_rx_bytes(&host, frame, 60));
	expect_system_error();
	fake_host_fini(&host);

	for (unsigned len = 60; len <= 1514; len += 1454) {
		up(2, 0, 4, 4, 2048);
		pc_queue(&drv, frame, &len, 1, 0);
		pc_set_buffer(&drv, &drv.tx, 0, FAKE_MMIO, len);
		pc_ring_tdmd(&drv);
		expect_system_error();
		fake_host_fini(&host);

		up(2, 0, 4, 4, 2048);
		pc_set_buffer(&drv, &drv.rx, 0, FAKE_MMIO + 0x10, 2048);
		ck_assert(fake_rx_bytes(&host, frame, len));
		expect_system_error();
		fake_host_fini(&host);
	}

	pc_open(&host, PC_970A);
	pc_rings(&drv, &host, 2, 4, 4, 2048);
	pc_set_csr(&drv, 1, 0);
	pc_set_csr(&drv, 2, FAKE_MMIO >> 16);
	pc_set_csr(&drv, 0, CSR0_INIT | CSR0_STRT);
	expect_system_error();
	fake_host_fini(&host);
}
END_TEST

/* SINT interrupts without IENA, and a stopped card can be started again. */
START_TEST(system_error_is_reported_and_left)
{
	unsigned len = 60;

	up(2, 0, 4, 4, 2048);
	pc_set_csr(&drv, 5, CSR5_SINTE);
	pc_queue(&drv, frame, &len, 1, 0);
	pc_set_buffer(&drv, &drv.tx, 0, FAKE_NOWHERE, len);
	pc_ring_tdmd(&drv);
	ck_assert(host.intx);
	ck_assert_uint_eq(pc_csr(&drv, 84) | (uint32_t)pc_csr(&drv, 85) << 16, FAKE_NOWHERE);
	pc_set_csr(&drv, 5, CSR5_SINT);
	ck_assert(!host.intx);
	pc_set_flags(&drv, &drv.tx, 0, 0);
	pc_start(&drv);
	pc_frame(frame, peer, 60, 1);
	pc_send(&drv, frame, 60);
	ck_assert_uint_eq(host.n_tx, 1);
	fake_host_fini(&host);
}
END_TEST

/* DMA that fails anywhere: stop, never crash; and each place is reached. */
START_TEST(dma_fails_anywhere)
{
	static const unsigned pieces[4] = { 100, 200, 300, 14 };
	unsigned stopped = 0;

	for (unsigned style = 0; style <= 3; style++)
		for (int fail = 0; fail < 60; fail++) {
			up(style, 0, 8, 64, 256);
			pc_frame(frame, pc_mac, 1514, 1);
			host.dma_fail_in = fail;
			for (unsigned i = 0; i < 12; i++)
				pc_queue(&drv, frame, pieces, 4, 0);
			pc_ring_tdmd(&drv);
			fake_rx_bytes(&host, frame, 700);
			fake_rx_bytes(&host, frame, 100);
			stopped += pc_csr(&drv, 0) == CSR0_STOP;
			fake_host_fini(&host);
		}
	ck_assert_uint_ge(stopped, 150);
}
END_TEST

/* A guest that changes descriptors while they are worked on fools only itself. */
static uint64_t victim;

static void change_mind(struct fake_host *h, uint64_t addr, size_t len)
{
	static uint64_t seed = 1;

	for (unsigned i = 0; i < 64; i++) {
		seed = seed * 6364136223846793005ull + 1442695040888963407ull;
		if (seed >> 62 == 0)
			fake_put16(h, victim + i * 2, (uint16_t)(seed >> 40));
	}
}

START_TEST(descriptors_change_under_way)
{
	static const unsigned pieces[3] = { 100, 900, 14 };

	for (unsigned style = 0; style <= 3; style++)
		for (unsigned round = 0; round < 50; round++) {
			up(style, 0, 8, 8, 256);
			pc_frame(frame, pc_mac, 1514, 1);
			pc_queue(&drv, frame, pieces, 3, 0);
			pc_queue(&drv, frame, pieces, 3, 0);
			victim = round & 1 ? drv.tx.desc : drv.rx.desc;
			host.on_dma = change_mind;
			pc_ring_tdmd(&drv);
			fake_rx_bytes(&host, frame, 1000);
			fake_rx_bytes(&host, frame, 60);
			fake_advance(&host, 1000000);
			host.on_dma = NULL;
			fake_host_fini(&host);
		}
}
END_TEST

/* What stood in a descriptor before OWN was seen is not used: here the driver is still writing
 * during the first look. */
static void finish_descriptor(struct fake_host *h, uint64_t addr, size_t len)
{
	pc_set_buffer(&drv, &drv.tx, 0, pc_buf(&drv.tx, 0), 60);
	h->on_dma = NULL;
}

START_TEST(fields_are_read_after_own)
{
	unsigned len = 60;

	up(2, 0, 4, 4, 2048);
	pc_frame(frame, peer, 60, 1);
	pc_queue(&drv, frame, &len, 1, 0);
	pc_set_buffer(&drv, &drv.tx, 0, pc_buf(&drv.tx, 1), 99);
	host.on_dma = finish_descriptor;
	pc_ring_tdmd(&drv);
	ck_assert_uint_eq(host.n_tx, 1);
	ck_assert_frame_eq(host.tx[0].data, host.tx[0].pkt.len, frame, 60);
	fake_host_fini(&host);
}
END_TEST

/* Every register with every kind of value, frames in between. */
START_TEST(registers_at_random)
{
	uint64_t seed = 88172645463325252ull;

	for (unsigned chip = 0; chip <= 1; chip++)
		for (unsigned round = 0; round < 200; round++) {
			pc_open(&host, (enum pc_chip)chip);
			host.lenient = true;
			pc_up(&drv, &host, round & 3, 8, 8);
			pc_frame(frame, pc_mac, 1514, 1);
			for (unsigned i = 0; i < 200; i++) {
				seed ^= seed << 13;
				seed ^= seed >> 7;
				seed ^= seed << 17;
				if (seed & 0x100)
					pc_set_csr(&drv, seed >> 16 & 127, (uint16_t)(seed >> 32));
				else
					pc_set_bcr(&drv, seed >> 16 & 63, (uint16_t)(seed >> 32));
				if (!(seed & 0xf000))
					pc_set_csr(&drv, 0, CSR0_INIT | CSR0_STRT);
				fake_rx_bytes(&host, frame, 60 + (seed >> 48 & 1023));
				fake_advance(&host, (int64_t)(seed >> 50));
				fake_tx_clear(&host);
			}
			fake_host_fini(&host);
		}
}
END_TEST

int main(void)
{
	const TTest *const tests[] = {
		cve_2015_3209_long_transmit_chain,
		transmit_chain_without_end,
		cve_2015_7504_loopback_fcs_overflow,
		cve_2015_7512_large_receive,
		cve_2018_17962_size_of_receive,
		cve_2016_7909_receive_ring_of_length_0,
		ring_counters_out_of_range,
		cve_2021_3416_loopback_recursion,
		gl_557_dma_to_own_registers,
		system_error_is_reported_and_left,
		dma_fails_anywhere,
		descriptors_change_under_way,
		fields_are_read_after_own,
		registers_at_random,
		NULL,
	};

	return unit_main("pcnet-hostile", tests);
}
