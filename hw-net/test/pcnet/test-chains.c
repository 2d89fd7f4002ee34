/* SPDX-License-Identifier: BSD-2-Clause */
/* Frames over several descriptors, out and in; look-ahead. */
#include "fixture.h"

/* Chains: two to all descriptors, pieces of odd lengths, across the end of the ring, across
 * windows. */
START_TEST(transmit_chains)
{
	unsigned pieces[512];

	for (unsigned style = 0; style <= 3; style++) {
		pc_open(&host, PC_970A);
		pc_rings(&drv, &host, style, 4, 128, 2048);
		pc_start(&drv);
		for (unsigned n = 2; n <= 128; n += n < 8 ? 1 : 20) {
			unsigned len = 0, at;

			for (unsigned i = 0; i < n; i++) {
				pieces[i] = i == n / 2 ? 61 : 1 + i % 7;
				len += pieces[i];
			}
			pc_frame(frame, peer, len, (uint8_t)n);
			at = pc_queue(&drv, frame, pieces, n, 0);
			pc_ring_tdmd(&drv);
			ck_assert_uint_eq(host.n_tx, 1);
			expect_tx(0, frame, len);
			fake_tx_clear(&host);
			for (unsigned i = 0; i < n; i++)
				ck_assert_uint_eq(pc_flags(&drv, &drv.tx, at + i),
						  (i ? 0 : D_STP) | (i == n - 1 ? D_ENP : 0));
		}
		fake_host_fini(&host);
	}
}
END_TEST

/* Many chains behind one doorbell: the last of a window reaches beyond it. */
START_TEST(chains_across_windows)
{
	static const unsigned pieces[3] = { 14, 33, 50 };

	pc_open(&host, PC_970A);
	pc_rings(&drv, &host, 2, 4, 128, 2048);
	pc_start(&drv);
	for (unsigned round = 0; round < 4; round++) {
		for (unsigned i = 0; i < 42; i++) {
			pc_frame(frame, peer, 97, (uint8_t)i);
			pc_queue(&drv, frame, pieces, 3, 0);
		}
		pc_ring_tdmd(&drv);
		ck_assert_uint_eq(host.n_tx, 42);
		for (unsigned i = 0; i < 42; i++) {
			pc_frame(frame, peer, 97, (uint8_t)i);
			expect_tx(i, frame, 97);
		}
		fake_tx_clear(&host);
	}
	fake_host_fini(&host);
}
END_TEST

/* Frames that exactly fill, just miss and exceed a buffer, over up to all descriptors. */
START_TEST(receive_chains)
{
	static const unsigned sizes[] = { 64, 100, 128, 760, 1518 };

	for (unsigned style = 0; style <= 3; style++)
		for (unsigned s = 0; s < 5; s++) {
			pc_open(&host, PC_970A);
			pc_rings(&drv, &host, style, 64, 4, sizes[s]);
			pc_refill(&drv);
			pc_start(&drv);
			for (unsigned len = 60; len <= 1514; len += 1) {
				unsigned over = (len + 4) % sizes[s];

				if (over > 2 && over < sizes[s] - 2 && len % 97)
					continue;
				arrive(len, (uint8_t)len);
				expect_rx(frame, len);
			}
			fake_host_fini(&host);
		}
}
END_TEST

START_TEST(receive_status_of_a_chain)
{
	pc_open(&host, PC_970A);
	pc_rings(&drv, &host, 2, 8, 4, 64);
	pc_refill(&drv);
	pc_start(&drv);
	arrive(124, 0); /* 128 with FCS: two descriptors, exactly */
	ck_assert_uint_eq(pc_flags(&drv, &drv.rx, 0), D_STP);
	ck_assert_uint_eq(pc_flags(&drv, &drv.rx, 1), D_ENP | R_PAM);
	ck_assert_uint_eq(pc_mcnt(&drv, 1), 128);
	ck_assert_uint_eq(pc_flags(&drv, &drv.rx, 2), D_OWN);
	arrive(125, 0); /* one more byte, one more descriptor */
	ck_assert_uint_eq(pc_flags(&drv, &drv.rx, 3), 0);
	ck_assert_uint_eq(pc_flags(&drv, &drv.rx, 4), D_ENP | R_PAM);
	ck_assert_uint_eq(pc_mcnt(&drv, 4), 129);
	fake_host_fini(&host);
}
END_TEST

/* Owned descriptors before one with STP are given back unsent (970A, Transmit Descriptor
 * Management). */
START_TEST(frames_begin_with_stp)
{
	unsigned len = 60;

	pc_open(&host, PC_970A);
	pc_up(&drv, &host, 2, 4, 8);
	pc_frame(frame, peer, len, 1);
	for (unsigned i = 0; i < 3; i++) {
		pc_queue(&drv, frame, &len, 1, 0);
		pc_set_flags(&drv, &drv.tx, i, D_OWN | D_ENP);
	}
	pc_queue(&drv, frame, &len, 1, 0);
	pc_ring_tdmd(&drv);
	ck_assert_uint_eq(host.n_tx, 1);
	for (unsigned i = 0; i < 4; i++)
		ck_assert(!(pc_flags(&drv, &drv.tx, i) & D_OWN));
	fake_host_fini(&host);
}
END_TEST

/* 970A, TMD2 BUFF and UFLO: the chain goes on in a descriptor that the card does not own. */
START_TEST(underflow_stops_the_transmitter)
{
	for (unsigned dxsuflo = 0; dxsuflo <= 1; dxsuflo++) {
		unsigned pieces[2] = { 30, 30 }, len = 60;

		pc_open(&host, PC_970A);
		pc_up(&drv, &host, 2, 4, 8);
		if (dxsuflo)
			pc_set_csr(&drv, 3, CSR3_DXSUFLO);
		pc_frame(frame, peer, 60, 1);
		pc_queue(&drv, frame, pieces, 2, 0);
		pc_set_flags(&drv, &drv.tx, 1, D_ENP);
		pc_ring_tdmd(&drv);
		ck_assert_uint_eq(host.n_tx, 0);
		ck_assert_uint_eq(pc_flags(&drv, &drv.tx, 0), D_ERR | D_STP);
		ck_assert_uint_eq(pc_error(&drv, 0), TE_BUFF | TE_UFLO);
		ck_assert_uint_eq(pc_csr(&drv, 0) & (CSR0_TINT | CSR0_TXON),
				  CSR0_TINT | (dxsuflo ? CSR0_TXON : 0));
		drv.tx.next = 1;
		pc_queue(&drv, frame, &len, 1, 0);
		pc_ring_tdmd(&drv);
		ck_assert_uint_eq(host.n_tx, dxsuflo);
		fake_host_fini(&host);
	}
}
END_TEST

/* 970A, Look-Ahead Packet Processing: frames begin where the driver set STP; what lies between is
 * skipped. */
START_TEST(look_ahead)
{
	pc_open(&host, PC_970A);
	pc_rings(&drv, &host, 2, 8, 4, 256);
	pc_refill(&drv);
	pc_set_flags(&drv, &drv.rx, 0, D_OWN | D_STP);
	pc_set_flags(&drv, &drv.rx, 3, D_OWN | D_STP);
	pc_set_flags(&drv, &drv.rx, 5, 0); /* the driver's own, to be passed over */
	pc_set_flags(&drv, &drv.rx, 6, D_OWN | D_STP);
	pc_set_csr(&drv, 3, CSR3_LAPPEN);
	pc_start(&drv);
	arrive(300, 1);
	ck_assert_uint_eq(pc_flags(&drv, &drv.rx, 0), D_STP);
	ck_assert_uint_eq(pc_flags(&drv, &drv.rx, 1), D_ENP | R_PAM);
	ck_assert_uint_eq(pc_flags(&drv, &drv.rx, 2), D_OWN);
	arrive(60, 1);
	ck_assert_uint_eq(pc_flags(&drv, &drv.rx, 2), 0); /* discarded */
	ck_assert_uint_eq(pc_flags(&drv, &drv.rx, 3), D_STP | D_ENP | R_PAM);
	ck_assert(fake_rx_bytes(&host, frame, 60));
	ck_assert_uint_eq(pc_flags(&drv, &drv.rx, 4), 0);
	ck_assert_uint_eq(pc_flags(&drv, &drv.rx, 6), D_STP | D_ENP | R_PAM);
	fake_host_fini(&host);
}
END_TEST

int main(void)
{
	const TTest *const tests[] = {
		transmit_chains,
		chains_across_windows,
		receive_chains,
		receive_status_of_a_chain,
		frames_begin_with_stp,
		underflow_stops_the_transmitter,
		look_ahead,
		NULL,
	};

	return unit_main("pcnet-chains", tests);
}
