/* SPDX-License-Identifier: BSD-2-Clause */
/* Frames out and in, for every software style: rings of all lengths, stop and go, offloads. */
#include "build-frame.h"
#include "fixture.h"

#include <limits.h>
#include <string.h>

#include "hwnet/copy.h"

START_TEST(transmits)
{
	for (unsigned style = 0; style <= 3; style++)
		for (unsigned wide = 0; wide <= 1; wide++) {
			pc_open(&host, wide ? PC_973 : PC_970A);
			pc_rings(&drv, &host, style, 4, 4, 2048);
			if (wide)
				pc_switch_dwio(&drv);
			pc_start(&drv);
			for (unsigned i = 0; i < 11; i++) {
				unsigned len = 60 + 150 * i;
				unsigned at;

				if (len > 1514)
					len = 1514;
				pc_frame(frame, peer, len, (uint8_t)i);
				at = pc_send(&drv, frame, len);
				expect_tx(i, frame, len);
				ck_assert_uint_eq(pc_flags(&drv, &drv.tx, at), D_STP | D_ENP);
				ck_assert_uint_eq(pc_error(&drv, at), 0);
				ck_assert(host.intx);
				pc_set_csr(&drv, 0, CSR0_TINT | CSR0_IENA);
				ck_assert(!host.intx);
			}
			fake_host_fini(&host);
		}
}
END_TEST

START_TEST(receives)
{
	for (unsigned style = 0; style <= 3; style++)
		for (unsigned wide = 0; wide <= 1; wide++) {
			pc_open(&host, wide ? PC_973 : PC_970A);
			pc_rings(&drv, &host, style, 4, 4, 2048);
			if (wide)
				pc_switch_dwio(&drv);
			pc_refill(&drv);
			pc_start(&drv);
			for (unsigned i = 0; i < 11; i++) {
				unsigned len = 14 + 150 * i;

				arrive(len, (uint8_t)i);
				ck_assert(host.intx);
				ck_assert_uint_eq(pc_csr(&drv, 0) & (CSR0_RINT | CSR0_ERR),
						  CSR0_RINT);
				expect_rx(frame, len);
				pc_set_csr(&drv, 0, CSR0_RINT | CSR0_IENA);
				ck_assert(!host.intx);
			}
			fake_host_fini(&host);
		}
}
END_TEST

/* A single descriptor, and the longest rings there are. */
START_TEST(ring_lengths)
{
	static const unsigned lengths[] = { 1, 2, 128, 512 };

	for (unsigned style = 0; style <= 3; style++)
		for (unsigned l = 0; l < 4; l++) {
			unsigned n = lengths[l];

			if (!style && n > 128)
				continue;
			pc_open(&host, PC_970A);
			pc_up(&drv, &host, style, n, n);
			for (unsigned i = 0; i < 2 * n + 1; i++) {
				pc_frame(frame, peer, 100, (uint8_t)i);
				pc_send(&drv, frame, 100);
				expect_tx(0, frame, 100);
				fake_tx_clear(&host);
				arrive(101, (uint8_t)i);
				expect_rx(frame, 101);
			}
			fake_host_fini(&host);
		}
}
END_TEST

/* A full ring at one doorbell. */
START_TEST(a_ring_at_a_time)
{
	unsigned len = 64;

	for (unsigned style = 0; style <= 3; style++) {
		pc_open(&host, PC_970A);
		pc_rings(&drv, &host, style, 4, 128, 2048);
		pc_start(&drv);
		for (unsigned round = 0; round < 3; round++) {
			for (unsigned i = 0; i < 127; i++) { /* so that bursts wrap */
				pc_frame(frame, peer, len, (uint8_t)i);
				pc_queue(&drv, frame, &len, 1, 0);
			}
			pc_ring_tdmd(&drv);
			ck_assert_uint_eq(host.n_tx, 127);
			for (unsigned i = 0; i < 127; i++) {
				pc_frame(frame, peer, len, (uint8_t)i);
				expect_tx(i, frame, len);
			}
			fake_tx_clear(&host);
		}
		for (unsigned i = 0; i < 128; i++)
			ck_assert_uint_eq(pc_flags(&drv, &drv.tx, i), D_STP | D_ENP);
		fake_host_fini(&host);
	}
}
END_TEST

/* The host takes some: the rest stays in the ring, owned, until it asks. */
START_TEST(partial_acceptance)
{
	unsigned len = 60;

	pc_open(&host, PC_970A);
	pc_up(&drv, &host, 2, 4, 16);
	host.tx_room = 5;
	for (unsigned i = 0; i < 12; i++) {
		pc_frame(frame, peer, 60, (uint8_t)i);
		pc_queue(&drv, frame, &len, 1, 0);
	}
	pc_ring_tdmd(&drv);
	ck_assert_uint_eq(host.n_tx, 5);
	ck_assert(!(pc_flags(&drv, &drv.tx, 4) & D_OWN));
	ck_assert(pc_flags(&drv, &drv.tx, 5) & D_OWN);
	pc_ring_tdmd(&drv);
	ck_assert_uint_eq(host.n_tx, 5);
	host.tx_room = UINT_MAX;
	fake_tx_ready(&host);
	ck_assert_uint_eq(host.n_tx, 12);
	for (unsigned i = 0; i < 12; i++) {
		pc_frame(frame, peer, 60, (uint8_t)i);
		expect_tx(i, frame, 60);
	}
	fake_host_fini(&host);
}
END_TEST

/* Whatever dma_map does, the frames are the same. */
START_TEST(maps_of_all_kinds)
{
	for (enum fake_map map = FAKE_MAP_FULL; map < FAKE_MAP_NONE; map++) {
		pc_open(&host, PC_970A);
		pc_up(&drv, &host, 2, 4, 4);
		host.map = map;
		host.map_max = 300;
		for (unsigned len = 60; len <= 1514; len += 727) {
			pc_frame(frame, peer, len, 3);
			pc_send(&drv, frame, len);
			expect_tx(0, frame, len);
			fake_tx_clear(&host);
			arrive(len, 4);
			expect_rx(frame, len);
		}
		fake_host_fini(&host);
	}
}
END_TEST

/*
 * STOP, then STRT without INIT: a driver that keeps its index goes on in the transmit ring where it
 * was. INIT starts both rings afresh.
 */
START_TEST(stop_and_start)
{
	pc_open(&host, PC_970A);
	pc_up(&drv, &host, 2, 4, 4);
	pc_frame(frame, peer, 60, 1);
	pc_send(&drv, frame, 60);
	pc_frame(frame, pc_mac, 60, 1);
	fake_rx_bytes(&host, frame, 60);
	pc_set_csr(&drv, 0, CSR0_STOP);
	ck_assert(fake_rx_bytes(&host, frame, 60)); /* dropped */
	pc_set_csr(&drv, 0, CSR0_STRT | CSR0_IENA);
	pc_frame(frame, peer, 60, 2);
	ck_assert_uint_eq(pc_send(&drv, frame, 60), 1);
	expect_tx(1, frame, 60);
	pc_set_csr(&drv, 0, CSR0_STOP);
	pc_start(&drv);
	ck_assert_uint_eq(pc_send(&drv, frame, 60), 0);
	ck_assert_uint_eq(host.n_tx, 3);
	fake_host_fini(&host);
}
END_TEST

/* 970A, CSR5 SPND: nothing moves, nothing is lost. */
START_TEST(suspend_keeps_frames)
{
	unsigned len = 60;

	pc_open(&host, PC_970A);
	pc_up(&drv, &host, 2, 4, 4);
	pc_set_csr(&drv, 5, CSR5_SPND);
	ck_assert(pc_csr(&drv, 5) & CSR5_SPND);
	pc_frame(frame, peer, 60, 1);
	pc_queue(&drv, frame, &len, 1, 0);
	pc_ring_tdmd(&drv);
	ck_assert_uint_eq(host.n_tx, 0);
	pc_frame(frame, pc_mac, 60, 2);
	ck_assert(!fake_rx_bytes(&host, frame, 60));
	ck_assert_uint_eq(host.rx_ready, 0);
	pc_set_csr(&drv, 5, 0);
	ck_assert_uint_eq(host.n_tx, 1);
	ck_assert_uint_eq(host.rx_ready, 1);
	ck_assert(fake_rx_bytes(&host, frame, 60));
	expect_rx(frame, 60);
	fake_host_fini(&host);
}
END_TEST

/* Drivers that never ring: the poll timer finds the frame (970A, CSR47), at its default within 2
 * ms. */
START_TEST(poll_timer)
{
	unsigned len = 60;

	pc_open(&host, PC_970A);
	pc_up(&drv, &host, 0, 4, 4);
	for (unsigned i = 0; i < 5; i++) {
		pc_frame(frame, peer, len, (uint8_t)i);
		pc_queue(&drv, frame, &len, 1, 0);
		ck_assert_uint_eq(host.n_tx, i);
		fake_advance(&host, 2000000);
		ck_assert_uint_eq(host.n_tx, i + 1);
	}
	/* DPOLL: nobody looks. */
	pc_set_csr(&drv, 4, CSR4_DPOLL | 0x115);
	pc_queue(&drv, frame, &len, 1, 0);
	ck_assert_int_eq(host.deadline, HWNET_NEVER);
	fake_advance(&host, 1000000000);
	ck_assert_uint_eq(host.n_tx, 5);
	fake_host_fini(&host);
}
END_TEST

/* A driver that rings leaves the host in peace. */
START_TEST(poll_timer_backs_off)
{
	unsigned before;

	pc_open(&host, PC_970A);
	pc_up(&drv, &host, 2, 4, 4);
	pc_frame(frame, peer, 60, 0);
	pc_send(&drv, frame, 60);
	fake_advance(&host, 1000000000);
	before = host.dma_reads;
	fake_advance(&host, 1000000000);
	ck_assert_uint_le(host.dma_reads - before, 8);
	fake_host_fini(&host);
}
END_TEST

/* Offload words of frames that come from other cards. */
START_TEST(received_offloads_are_finished)
{
	struct build b = { .proto = 17, .payload = 300 };
	struct iovec iov[3];
	struct pkt pkt;
	const struct pkt *pkts[1] = { &pkt };
	uint8_t want[600];
	uint32_t len;

	memcpy(b.dst, pc_mac, 6);
	len = build_frame(&b, want);
	memcpy(frame, want, len);
	pc_open(&host, PC_970A);
	pc_up(&drv, &host, 2, 4, 4);
	/* Pseudo-header sum only, in three pieces, tag in the metadata. */
	pkt_flat(&pkt, iov, frame, len);
	pkt.flags = PKT_CSUM_PARTIAL;
	pkt.csum_start = 34;
	pkt.csum_offset = 6;
	{
		uint8_t pseudo[12];
		uint32_t sum;

		memcpy(pseudo, frame + 26, 8);
		pseudo[8] = 0;
		pseudo[9] = 17;
		pseudo[10] = (uint8_t)((len - 34) >> 8);
		pseudo[11] = (uint8_t)(len - 34);
		sum = slow_sum(0, pseudo, 12);
		frame[40] = (uint8_t)(sum >> 8);
		frame[41] = (uint8_t)sum;
	}
	ck_assert_uint_eq(fake_rx(&host, pkts, 1), 1);
	expect_rx(want, len);
	iov[0].iov_len = 200;
	iov[1] = (struct iovec) { frame + 200, 41 };
	iov[2] = (struct iovec) { frame + 241, len - 241 };
	pkt.iovcnt = 3;
	ck_assert_uint_eq(fake_rx(&host, pkts, 1), 1);
	expect_rx(want, len);
	pkt.flags |= PKT_VLAN;
	pkt.vlan_tpid = 0x8100;
	pkt.vlan_tci = 0x2005;
	ck_assert_uint_eq(fake_rx(&host, pkts, 1), 1);
	memmove(want + 16, want + 12, len - 12);
	memcpy(want + 12, "\x81\x00\x20\x05", 4);
	expect_rx(want, len + 4);
	fake_host_fini(&host);
}
END_TEST

/* 970A, CSR3 BSWP: data bytes are swapped in double words, descriptors are not. */
START_TEST(byte_swap)
{
	pc_open(&host, PC_970A);
	pc_rings(&drv, &host, 2, 4, 4, 2048);
	pc_refill(&drv);
	pc_set_csr(&drv, 3, CSR3_BSWP);
	pc_start(&drv);
	for (unsigned len = 60; len < 64; len++) {
		uint8_t swapped[64];

		pc_frame(frame, peer, 64, 1);
		for (unsigned i = 0; i < 64; i++)
			swapped[i ^ 3] = frame[i];
		unsigned piece = len, at = pc_queue(&drv, frame, &piece, 1, 0);

		fake_put(&host, pc_buf(&drv.tx, at), swapped, 64);
		pc_ring_tdmd(&drv);
		expect_tx(len - 60, frame, len);
	}
	arrive(61, 1);
	ck_assert_uint_eq(pc_mcnt(&drv, 0), 65);
	for (unsigned i = 0; i < 61; i++)
		ck_assert_uint_eq(fake_get8(&host, pc_buf(&drv.rx, 0) + (i ^ 3)), frame[i]);
	fake_host_fini(&host);
}
END_TEST

/* Buffers anywhere in a word: each byte at its address with the low bits inverted, no other
 * touched. */
START_TEST(byte_swap_at_odd_addresses)
{
	uint64_t mem;

	pc_open(&host, PC_970A);
	pc_rings(&drv, &host, 2, 4, 4, 2048);
	pc_refill(&drv);
	pc_set_csr(&drv, 3, CSR3_BSWP);
	pc_start(&drv);
	mem = fake_alloc(&host, 4096, 16);
	for (unsigned off = 0; off < 4; off++) {
		unsigned len = 1000 + off, at, piece = len;

		pc_frame(frame, peer, len, (uint8_t)off);
		for (unsigned i = 0; i < len; i++)
			fake_put8(&host, (mem + off + i) ^ 3, frame[i]);
		at = pc_queue(&drv, frame, &piece, 1, 0);
		pc_set_buffer(&drv, &drv.tx, at, mem + off, len);
		pc_ring_tdmd(&drv);
		expect_tx(off, frame, len);
		fake_fill(&host, mem, 0xee, 4096);
		pc_set_buffer(&drv, &drv.rx, off, mem + 8 + off, 2048);
		arrive(len, (uint8_t)(off + 9));
		for (unsigned i = 0; i < len; i++)
			ck_assert_uint_eq(fake_get8(&host, (mem + 8 + off + i) ^ 3), frame[i]);
		for (unsigned i = 0; i < off + 8; i++)
			ck_assert_uint_eq(fake_get8(&host, (mem + i) ^ 3), 0xee);
		for (unsigned i = off + 8 + len + 4; i < 4096; i++)
			ck_assert_uint_eq(fake_get8(&host, (mem + i) ^ 3), 0xee);
	}
	fake_host_fini(&host);
}
END_TEST

/* 970A, CSR122 RCVALGN: two bytes before the frame, not counted. */
START_TEST(receive_alignment)
{
	pc_open(&host, PC_970A);
	pc_up(&drv, &host, 2, 4, 4);
	pc_set_csr(&drv, 122, 1);
	for (unsigned len = 60; len <= 1514; len += 1454) {
		arrive(len, 1);
		fake_get(&host, pc_buf(&drv.rx, len > 60) + 2, got, len);
		ck_assert_mem_eq(got, frame, len);
		ck_assert_uint_eq(pc_mcnt(&drv, len > 60), len + 4);
	}
	fake_host_fini(&host);
}
END_TEST

int main(void)
{
	const TTest *const tests[] = {
		transmits,
		receives,
		ring_lengths,
		a_ring_at_a_time,
		partial_acceptance,
		maps_of_all_kinds,
		stop_and_start,
		suspend_keeps_frames,
		poll_timer,
		poll_timer_backs_off,
		received_offloads_are_finished,
		byte_swap,
		byte_swap_at_odd_addresses,
		receive_alignment,
		NULL,
	};

	return unit_main("pcnet-rings", tests);
}
