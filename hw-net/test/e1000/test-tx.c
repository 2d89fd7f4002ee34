/* SPDX-License-Identifier: BSD-2-Clause */
/* e1000 transmit: descriptors, ring, write-back, partial acceptance, flow to the host. */
#include "rig.h"

static struct rig R;
static uint8_t frame[BUILD_ROOM];

static void check_sent(unsigned n, const uint8_t *want, uint32_t len)
{
	ck_assert_uint_lt(n, R.h.n_tx);
	ck_assert_frame_eq(R.h.tx[n].data, R.h.tx[n].pkt.len, want, len);
}

START_TEST(legacy_frame_leaves)
{
	rig_open(&R);
	rig_frame(frame, 1514, rig_mac);
	rig_send(&R, frame, 1514, 0);
	ck_assert_uint_eq(R.h.n_tx, 1);
	check_sent(0, frame, 1514);
	ck_assert_uint_eq(R.h.tx[0].pkt.flags, 0);
	ck_assert_uint_eq(rd(&R, TDH), 1);
	ck_assert_uint_eq(rig_tx_status(&R, 0), 1);
	ck_assert_uint_eq(rd(&R, ICR), TXDW | TXQE);
	rig_close(&R);
}
END_TEST

/* All ways a host maps memory, all lengths around the copied head. */
START_TEST(every_way_of_mapping)
{
	static const enum fake_map maps[] = { FAKE_MAP_FULL, FAKE_MAP_SHORT, FAKE_MAP_REFUSED,
					      FAKE_MAP_BOUNCE, FAKE_MAP_NONE };

	for (unsigned m = 0; m < 5; m++) {
		rig_init(&R);
		R.h.map = maps[m];
		R.h.map_max = 100;
		fake_open(&R.h, "e1000");
		rig_start(&R);
		for (uint32_t len = 60; len < 1514; len += 13) {
			rig_frame(frame, len, rig_mac);
			rig_send(&R, frame, len, 0);
			check_sent(R.h.n_tx - 1, frame, len);
			if (R.h.n_tx > 100)
				fake_tx_clear(&R.h);
		}
		rig_close(&R);
	}
}
END_TEST

/* Pieces of every size, zero-length ones among them. */
START_TEST(frame_of_many_descriptors)
{
	uint32_t off = 0, len;

	rig_open(&R);
	rig_frame(frame, 1514, rig_mac);
	rig_data(&R, 0, frame, 1514);
	for (unsigned i = 0; off < 1514; i++, off += len) {
		len = (i * i * 3) % 211;
		len = off + len > 1514 ? 1514 - off : len;
		rig_desc(&R, R.tx_buf + off, len | DATA | IFCS, 0);
		ck_assert_uint_lt(i, RIG_RING - 3);
	}
	rig_desc(&R, 0, DATA | IFCS | EOP | RS, 0);
	rig_ring(&R);
	ck_assert_uint_eq(R.h.n_tx, 1);
	check_sent(0, frame, 1514);
	ck_assert_uint_eq(rd(&R, TDH), R.tail);
	ck_assert_uint_eq(rig_tx_status(&R, R.tail - 1), 1);
	ck_assert_uint_eq(rig_tx_status(&R, 0), 0);
	rig_close(&R);
}
END_TEST

START_TEST(ring_wraps)
{
	rig_open(&R);
	for (unsigned i = 0; i < 3 * RIG_RING; i++) {
		rig_frame(frame, 60 + i, rig_mac);
		rig_send(&R, frame, 60 + i, 0);
		check_sent(i, frame, 60 + i);
	}
	ck_assert_uint_eq(rd(&R, TDH), 0);
	rig_close(&R);
}
END_TEST

/* A burst over the end of the ring costs one read for each contiguous piece. */
START_TEST(descriptors_come_in_blocks)
{
	unsigned reads;

	rig_open(&R);
	rig_frame(frame, 60, rig_mac);
	rig_data(&R, 0, frame, 60);
	wr(&R, TDH, 20);
	R.tail = 20;
	for (unsigned i = 0; i < 24; i++)
		rig_desc(&R, R.tx_buf, 60 | EOP | IFCS | RS, 0);
	reads = R.h.dma_reads;
	rig_ring(&R);
	ck_assert_uint_eq(R.h.n_tx, 24);
	ck_assert_uint_eq(R.h.dma_reads - reads, 24 + 2); /* payloads, two pieces of ring */
	ck_assert_uint_eq(rd(&R, TDH), 12);
	rig_close(&R);
}
END_TEST

START_TEST(host_takes_a_part)
{
	rig_open(&R);
	for (unsigned i = 0; i < 6; i++) {
		rig_frame(frame, 100 + i, rig_mac);
		rig_data(&R, 4096 * i, frame, 100 + i);
		rig_desc(&R, R.tx_buf + 4096 * i, (100 + i) | EOP | IFCS | RS, 0);
	}
	R.h.tx_room = 2;
	rig_ring(&R);
	ck_assert_uint_eq(R.h.n_tx, 2);
	ck_assert_uint_eq(rd(&R, TDH), 2);
	ck_assert_uint_eq(rig_tx_status(&R, 1), 1);
	ck_assert_uint_eq(rig_tx_status(&R, 2), 0);
	ck_assert_uint_eq(rd(&R, ICR) & TXQE, 0);
	R.h.tx_room = UINT_MAX;
	fake_tx_ready(&R.h);
	ck_assert_uint_eq(R.h.n_tx, 6);
	for (unsigned i = 0; i < 6; i++)
		ck_assert_uint_eq(R.h.tx[i].pkt.len, 100 + i);
	ck_assert_uint_eq(rd(&R, TDH), 6);
	rig_close(&R);
}
END_TEST

static unsigned tx_calls;
static unsigned (*tx_inner)(void *opaque, unsigned queue, const struct pkt *const *pkts,
			    unsigned n);

static unsigned tx_counted(void *opaque, unsigned queue, const struct pkt *const *pkts, unsigned n)
{
	tx_calls++;
	return tx_inner(opaque, queue, pkts, n);
}

/* Until it says that it is ready again. */
START_TEST(host_that_is_full_is_left_alone)
{
	rig_open(&R);
	tx_inner = R.h.ops.tx;
	R.h.ops.tx = tx_counted;
	rig_frame(frame, 60, rig_mac);
	R.h.tx_room = 0;
	tx_calls = 0;
	for (unsigned i = 0; i < 5; i++)
		rig_send(&R, frame, 60, 0);
	fake_run(&R.h, 64);
	ck_assert_uint_eq(tx_calls, 1);
	R.h.tx_room = UINT_MAX;
	fake_tx_ready(&R.h);
	ck_assert_uint_eq(tx_calls, 2);
	ck_assert_uint_eq(R.h.n_tx, 5);
	rig_close(&R);
}
END_TEST

/* What a context descriptor sets for a frame that was not taken is not forgotten, nor early. */
START_TEST(context_waits_with_its_frame)
{
	struct build b = { .payload = 40 };
	uint32_t len = build_frame(&b, frame);

	rig_open(&R);
	rig_data(&R, 0, frame, len);
	for (unsigned i = 0; i < 2; i++) {
		rig_context(&R, 0, (34 + 2 * i) | (50 + 2 * i) << 8, 0, 0);
		rig_desc(&R, R.tx_buf, len | DATA | EOP | IFCS | RS, TXSM);
	}
	R.h.tx_room = 1;
	rig_ring(&R);
	ck_assert_uint_eq(rd(&R, TDH), 3); /* the second context may go, its frame may not */
	R.h.tx_room = UINT_MAX;
	fake_reopen(&R.h);
	rig_ring(&R);
	ck_assert_uint_eq(R.h.n_tx, 2);
	ck_assert_uint_eq(R.h.tx[0].pkt.csum_start, 34);
	/* no place to wait in: done by the card */
	ck_assert_uint_eq(frame_be16(R.h.tx[1].data + 52),
			  (uint16_t)~slow_sum(0, frame + 36, len - 36));
	rig_close(&R);
}
END_TEST

START_TEST(frame_waits_for_its_end)
{
	rig_open(&R);
	rig_frame(frame, 300, rig_mac);
	rig_data(&R, 0, frame, 300);
	rig_desc(&R, R.tx_buf, 200 | DATA | IFCS, 0);
	rig_ring(&R);
	ck_assert_uint_eq(R.h.n_tx, 0);
	fake_reopen(&R.h);
	rig_desc(&R, R.tx_buf + 200, 100 | DATA | IFCS | EOP | RS, 0);
	rig_ring(&R);
	ck_assert_uint_eq(R.h.n_tx, 1);
	check_sent(0, frame, 300);
	rig_close(&R);
}
END_TEST

/* A ring full of pieces without an end: given up, and the frame after it is fine. */
START_TEST(frame_without_end_is_given_up)
{
	rig_open(&R);
	rig_frame(frame, 60, rig_mac);
	rig_data(&R, 0, frame, 60);
	for (unsigned i = 0; i < RIG_RING - 1; i++)
		rig_desc(&R, R.tx_buf, 10 | DATA | IFCS | RS, 0);
	rig_ring(&R);
	ck_assert_uint_eq(R.h.n_tx, 0);
	ck_assert_uint_eq(rd(&R, TDH), RIG_RING - 1);
	ck_assert_uint_ge(R.h.errors, 1);
	fake_reopen(&R.h);
	rig_desc(&R, R.tx_buf, 10 | DATA | IFCS | EOP | RS, 0); /* still the one given up */
	rig_desc(&R, R.tx_buf, 60 | DATA | IFCS | EOP | RS, 0);
	rig_ring(&R);
	ck_assert_uint_eq(R.h.n_tx, 1);
	check_sent(0, frame, 60);
	rig_close(&R);
}
END_TEST

START_TEST(short_frames_are_padded_if_asked)
{
	uint8_t want[60] = { 0 };

	rig_open(&R);
	rig_frame(frame, 42, rig_mac);
	memcpy(want, frame, 42);
	memset(fake_mem(&R.h, R.tx_buf, 64), 0xee, 64);
	rig_send(&R, frame, 42, 0);
	check_sent(0, want, 60);
	wr(&R, TCTL, 2);
	rig_send(&R, frame, 42, 0);
	check_sent(1, frame, 42);
	rig_close(&R);
}
END_TEST

/* Without IFCS the driver brings the FCS. */
START_TEST(driver_brings_the_fcs)
{
	uint32_t fcs;

	rig_open(&R);
	rig_frame(frame, 300, rig_mac);
	fcs = slow_crc32(frame, 300);
	for (unsigned i = 0; i < 4; i++)
		frame[300 + i] = (uint8_t)(fcs >> 8 * i);
	rig_data(&R, 0, frame, 304);
	rig_desc(&R, R.tx_buf, 302 | DATA, 0);
	rig_desc(&R, R.tx_buf + 302, 2 | DATA | EOP | RS, 0);
	rig_ring(&R);
	check_sent(0, frame, 300);
	ck_assert_uint_eq(R.h.tx[0].pkt.flags & PKT_FCS_BAD, 0);
	frame[301] ^= 1;
	rig_data(&R, 0, frame, 304);
	rig_desc(&R, R.tx_buf, 304 | DATA | EOP | RS, 0);
	rig_ring(&R);
	check_sent(1, frame, 300);
	ck_assert_uint_eq(R.h.tx[1].pkt.flags & PKT_FCS_BAD, PKT_FCS_BAD);
	rig_close(&R);
}
END_TEST

/* WTHRESH 4 with GRAN: all of four are written back together, RS or not. */
START_TEST(write_back_gathers)
{
	rig_open(&R);
	wr(&R, TXDCTL, 4u << 16 | 1u << 24);
	wr(&R, TIDV, 100);
	rig_frame(frame, 60, rig_mac);
	for (unsigned i = 0; i < 3; i++) {
		rig_send(&R, frame, 60, IDE);
		ck_assert_uint_eq(rig_tx_status(&R, i), 0);
	}
	rig_desc(&R, R.tx_buf, 60 | EOP | IFCS, 0);
	rig_ring(&R);
	for (unsigned i = 0; i < 4; i++)
		ck_assert_uint_eq(rig_tx_status(&R, i), 1);
	rig_send(&R, frame, 60, IDE);
	ck_assert_uint_eq(rig_tx_status(&R, 4), 0);
	fake_reopen(&R.h);
	ck_assert_uint_eq(rd(&R, ICR) & TXDW, 0);
	fake_advance(&R.h, 100 * 1024); /* TIDV ends: the rest follows */
	ck_assert_uint_eq(rig_tx_status(&R, 4), 1);
	ck_assert_uint_eq(rd(&R, ICR) & TXDW, TXDW);
	rig_close(&R);
}
END_TEST

/* With no timer running nothing is held back, or a driver that waits would wait for ever. */
START_TEST(write_back_without_delay_is_at_once)
{
	rig_open(&R);
	wr(&R, TXDCTL, 8u << 16);
	rig_frame(frame, 60, rig_mac);
	rig_send(&R, frame, 60, 0);
	ck_assert_uint_eq(rig_tx_status(&R, 0), 1);
	rig_close(&R);
}
END_TEST

START_TEST(ring_runs_low)
{
	rig_open(&R);
	wr(&R, TXDCTL, 1u << 25); /* below 8 */
	wr(&R, TCTL, 0);
	rig_frame(frame, 60, rig_mac);
	for (unsigned i = 0; i < 12; i++)
		rig_send(&R, frame, 60, 0);
	R.h.tx_room = 4;
	wr(&R, TCTL, TCTL_ON);
	ck_assert_uint_eq(rd(&R, ICR) & TXD_LOW, 0);
	R.h.tx_room = 1;
	fake_tx_ready(&R.h);
	ck_assert_uint_eq(rd(&R, ICR) & TXD_LOW, TXD_LOW);
	rig_close(&R);
}
END_TEST

START_TEST(off_means_off)
{
	rig_open(&R);
	wr(&R, TCTL, 0);
	rig_frame(frame, 60, rig_mac);
	rig_send(&R, frame, 60, 0);
	ck_assert_uint_eq(R.h.n_tx, 0);
	wr(&R, TCTL, TCTL_ON);
	ck_assert_uint_eq(R.h.n_tx, 1);
	fake_carrier(&R.h, false); /* without a link frames wait, as on hardware */
	rig_send(&R, frame, 60, 0);
	ck_assert_uint_eq(R.h.n_tx, 1);
	fake_carrier(&R.h, true);
	fake_advance(&R.h, 10000000);
	ck_assert_uint_eq(R.h.n_tx, 2);
	rig_close(&R);
}
END_TEST

/* Descriptors and payload that are not memory cost the guest its frame, no more. */
START_TEST(not_memory)
{
	rig_open(&R);
	rig_desc(&R, FAKE_NOWHERE, 600 | EOP | IFCS | RS, 0);
	rig_frame(frame, 60, rig_mac);
	rig_send(&R, frame, 60, 0);
	ck_assert_uint_eq(R.h.n_tx, 1);
	ck_assert_uint_eq(rig_tx_status(&R, 0), 1);
	wr(&R, TDBAL, (uint32_t)FAKE_NOWHERE);
	rig_send(&R, frame, 60, 0);
	ck_assert_uint_eq(R.h.n_tx, 1);
	ck_assert_uint_ge(R.h.errors, 2);
	rig_close(&R);
}
END_TEST

START_TEST(one_frame_at_a_time)
{
	rig_open(&R);
	R.h.kick = FAKE_KICK_BUDGET_1;
	for (unsigned i = 0; i < 10; i++) {
		rig_frame(frame, 60 + i, rig_mac);
		rig_data(&R, 4096 * i, frame, 60 + i);
		rig_desc(&R, R.tx_buf + 4096 * i, (60 + i) | EOP | IFCS | RS, 0);
	}
	rig_ring(&R);
	ck_assert_uint_eq(R.h.n_tx, 10);
	rig_close(&R);
}
END_TEST

START_TEST(doorbell_only_kicks)
{
	rig_open(&R);
	R.h.kick = FAKE_KICK_DEFERRED;
	rig_frame(frame, 60, rig_mac);
	rig_send(&R, frame, 60, 0);
	ck_assert_uint_eq(R.h.n_tx, 0);
	ck_assert(R.h.kicked);
	ck_assert(!fake_run(&R.h, 64));
	ck_assert_uint_eq(R.h.n_tx, 1);
	rig_close(&R);
}
END_TEST

int main(void)
{
	const TTest *const tests[] = {
		legacy_frame_leaves,
		every_way_of_mapping,
		frame_of_many_descriptors,
		ring_wraps,
		descriptors_come_in_blocks,
		host_takes_a_part,
		host_that_is_full_is_left_alone,
		context_waits_with_its_frame,
		frame_waits_for_its_end,
		frame_without_end_is_given_up,
		short_frames_are_padded_if_asked,
		driver_brings_the_fcs,
		write_back_gathers,
		write_back_without_delay_is_at_once,
		ring_runs_low,
		off_means_off,
		not_memory,
		one_frame_at_a_time,
		doorbell_only_kicks,
		NULL,
	};

	return unit_main("e1000-tx", tests);
}
