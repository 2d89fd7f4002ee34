/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Regression tests named after bugs that e1000 models have had: CVE numbers, gl (QEMU's GitLab), lp
 * (Launchpad), or the project. Each does what triggered the bug; the fake host aborts on any breach
 * of the contract, sanitizers on any of memory. Here are those about rings.
 */
#include "rig.h"

static struct rig R;
static uint8_t frame[70000];

/* A ring that the tail, or the head, is outside of. */
START_TEST(cve_2015_6815_ring_never_ends)
{
	rig_open(&R);
	rig_frame(frame, 60, rig_mac);
	rig_data(&R, 0, frame, 60);
	for (unsigned i = 0; i < RIG_RING; i++)
		rig_desc(&R, R.tx_buf, 60 | EOP | IFCS | RS, 0);
	for (uint32_t tail = RIG_RING; tail < 0x10000; tail = tail * 2 + 1) {
		fake_tx_clear(&R.h);
		wr(&R, TDT, 3);
		wr(&R, TDH, 3);
		fake_tx_clear(&R.h);
		wr(&R, TDT, tail);
		ck_assert_uint_eq(rd(&R, TDH),
				  0); /* taken as 0: up to the end, not round and round */
		ck_assert_uint_eq(R.h.n_tx, RIG_RING - 3);
	}
	rig_check_alive(&R);
}
END_TEST

START_TEST(cve_2016_1981_head_outside_the_ring)
{
	rig_open(&R);
	rig_frame(frame, 60, rig_mac);
	wr(&R, TDH, 0xffff);
	wr(&R, RDH, 0xfff0);
	rig_send(&R, frame, 60, 0);
	ck_assert_uint_eq(R.h.n_tx, 1);
	ck_assert_uint_eq(rd(&R, TDH), 1);
	ck_assert(rig_receive(&R, 60, rig_mac));
	ck_assert_uint_eq(rd(&R, RDH), 1);
	wr(&R, RDLEN, 128); /* shrinks under RDH's feet */
	wr(&R, RDH, 31);
	rig_receive(&R, 60, rig_mac);
	rig_check_alive(&R);
}
END_TEST

/* A ring of null descriptors takes no frame, and does not take for ever. */
START_TEST(cve_2020_28916_all_null_descriptors)
{
	rig_open(&R);
	for (unsigned i = 0; i < RIG_RING; i++)
		fake_put64(&R.h, R.rx_ring + 16 * i, 0);
	wr(&R, RDBAL, (uint32_t)R.rx_ring);
	ck_assert(rig_receive(&R, 60, rig_mac)); /* lost: no descriptor more would help */
	ck_assert_uint_eq(hwnet_counters(R.h.nic)->rx_dropped, 1);
	wr(&R, RDT, 0xffff); /* all of it, again and again */
	rig_receive(&R, 60, rig_mac);
	rig_check_alive(&R);
}
END_TEST

/* Rings moved and resized while both directions are on; descriptors of both kinds in one frame. */
START_TEST(bhyve_ring_moved_while_enabled)
{
	rig_open(&R);
	rig_frame(frame, 300, rig_mac);
	rig_data(&R, 0, frame, 300);
	for (unsigned i = 0; i < 200; i++) {
		wr(&R, i & 1 ? RDLEN : TDLEN, i * 128 % 1024);
		wr(&R, i & 2 ? RDBAH : TDBAH, i);
		rig_receive(&R, 60, rig_mac);
		rig_desc(&R, R.tx_buf, 60 | EOP | IFCS | RS, 0);
		rig_ring(&R);
	}
	wr(&R, CTRL, 1u << 26);
	rig_start(&R);
	fake_tx_clear(&R.h);
	rig_desc(&R, R.tx_buf, 100 | IFCS, 0);
	rig_desc(&R, R.tx_buf + 100, 100 | DATA | IFCS, 0);
	rig_desc(&R, R.tx_buf + 200, 100 | EOP | IFCS | RS, 0);
	rig_ring(&R);
	ck_assert_frame_eq(R.h.tx[0].data, R.h.tx[0].pkt.len, frame, 300);
	rig_check_alive(&R);
}
END_TEST

static uint64_t payload_written;

static int watch_write(void *opaque, uint64_t addr, const void *buf, size_t len)
{
	uint64_t desc = R.rx_ring;
	const uint8_t *p = buf;

	if (addr >= R.rx_buf && addr < R.rx_buf + RIG_BUF)
		payload_written += len;
	for (size_t i = 0; i < len; i++)
		if (addr + i == desc + 12 && (p[i] & ST_DD)) {
			ck_assert_uint_eq(payload_written, 700);
			ck_assert_uint_eq(addr, desc + 8); /* one store, with the length in it */
			ck_assert_uint_eq(len, 8);
			ck_assert_uint_eq(p[0] | p[1] << 8, 700);
			payload_written = 0;
		}
	fake_put(&R.h, addr, buf, len);
	return 0;
}

/* DPDK and FreeBSD trust DD alone: it comes after the data, and with the rest of the descriptor. */
START_TEST(gl_402_dd_before_data)
{
	rig_init(&R);
	R.h.map = FAKE_MAP_REFUSED;
	R.h.ops.dma_write = watch_write;
	fake_open(&R.h, "e1000");
	R.h.ops.dma_write = watch_write;
	rig_start(&R);
	payload_written = 0;
	ck_assert(rig_receive(&R, 700, rig_mac));
	ck_assert_uint_eq(rig_rxd(&R, 0).status & ST_DD, ST_DD);
	ck_assert_uint_eq(payload_written, 0); /* seen */
	rig_close(&R);
}
END_TEST

/* A driver that enables the receiver before it fills the ring: nothing is received into nothing. */
START_TEST(lp_1402755_receive_before_the_ring_is_filled)
{
	rig_open(&R);
	wr(&R, RDH, 0);
	wr(&R, RDT, 0);
	ck_assert(!rig_receive(&R, 60, rig_mac));
	ck_assert_uint_eq(rig_rxd(&R, 0).status, 0);
	rig_check_alive(&R);
}
END_TEST

/* RDT written as the ring's size gives all of it away, lap after lap. */
START_TEST(rdt_equal_to_ring_size)
{
	rig_open(&R);
	wr(&R, RDT, RIG_RING);
	for (unsigned i = 0; i < 5 * RIG_RING; i++) {
		fake_put8(&R.h, R.rx_ring + 16 * (i % RIG_RING) + 12, 0);
		ck_assert(rig_receive(&R, 60 + i, rig_mac));
		ck_assert_uint_eq(rig_rxd(&R, i % RIG_RING).len, 60 + i);
		ck_assert_uint_eq(rd(&R, RDH), (i + 1) % RIG_RING);
	}
	rig_check_alive(&R);
}
END_TEST

int main(void)
{
	const TTest *const tests[] = {
		cve_2015_6815_ring_never_ends,
		cve_2016_1981_head_outside_the_ring,
		cve_2020_28916_all_null_descriptors,
		bhyve_ring_moved_while_enabled,
		gl_402_dd_before_data,
		lp_1402755_receive_before_the_ring_is_filled,
		rdt_equal_to_ring_size,
		NULL,
	};

	return unit_main("e1000-bugs-rings", tests);
}
