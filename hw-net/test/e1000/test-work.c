/* SPDX-License-Identifier: BSD-2-Clause */
/* e1000: what one act of a guest can cost (docs/security.md, "Work per act"). */
#include "rig.h"
#include "hwnet/gso.h"

#define TUCMD (0x01000000u | 0x02000000u)
#define MANY  4096u

static struct rig R;
static uint8_t frame[BUILD_ROOM];

/* A message of @payload bytes and its context. */
static void queue_message(uint32_t payload, uint32_t mss, uint32_t hdr_len)
{
	struct build b = { .payload = payload };
	uint32_t len = build_frame(&b, frame);

	rig_data(&R, 0, frame, len);
	rig_context(&R, 14 | 24 << 8 | 33 << 16, 34 | 50 << 8, payload | TSE | TUCMD,
		    mss << 16 | hdr_len << 8);
	for (uint32_t at = 0, n; at < len; at += n) {
		n = len - at < 16384 ? len - at : 16384;
		rig_desc(&R, R.tx_buf + at, n | DATA | TSE | IFCS | (at + n == len ? EOP | RS : 0),
			 IXSM | TXSM);
	}
}

/* One doorbell was worth 16.5 million segments. */
START_TEST(mss1_is_refused)
{
	rig_open(&R);
	queue_message(60000, 1, 54);
	rig_ring(&R);
	ck_assert_uint_eq(R.h.n_tx, 0);
	ck_assert_str_eq(R.h.last_error, "GSO: too many segments");
	ck_assert_uint_eq(rd(&R, TDH), rd(&R, TDT));
	rig_check_alive(&R);
}
END_TEST

START_TEST(a_message_counts_as_its_segments)
{
	rig_open(&R);
	R.h.kick = FAKE_KICK_DEFERRED;
	for (unsigned i = 0; i < 6; i++)
		queue_message(GSO_SEGS_MAX, 1, 54);
	rig_ring(&R);
	for (unsigned i = 1; i <= 6; i++) {
		fake_run(&R.h, 256);
		ck_assert_uint_eq(R.h.n_tx, i);
	}
	fake_run(&R.h, 256);
	ck_assert(!R.h.more);
	rig_close(&R);
}
END_TEST

/* A long ring of descriptors that are all alike. */
static void long_ring(uint64_t addr, uint32_t w2)
{
	uint64_t ring = fake_alloc(&R.h, MANY * 16, 128);

	for (unsigned i = 0; i < MANY; i++) {
		fake_put64(&R.h, ring + 16 * i, addr);
		fake_put32(&R.h, ring + 16 * i + 8, w2);
	}
	wr(&R, TDBAL, (uint32_t)ring);
	wr(&R, TDBAH, 0);
	wr(&R, TDLEN, MANY * 16);
	wr(&R, TDH, 0);
	wr(&R, TDT, MANY - 1);
}

START_TEST(descriptors_without_a_frame_count)
{
	rig_open(&R);
	R.h.kick = FAKE_KICK_DEFERRED;
	long_ring(0, DEXT);
	ck_assert(fake_run(&R.h, 32));
	ck_assert_uint_le(rd(&R, TDH), 32 * 16);
	while (fake_run(&R.h, 32))
		;
	ck_assert_uint_eq(rd(&R, TDH), MANY - 1);
	rig_close(&R);
}
END_TEST

/* 16 KiB each are gathered before the card finds that there is no header of that kind. */
START_TEST(dropped_frames_count)
{
	rig_open(&R);
	R.h.kick = FAKE_KICK_DEFERRED;
	rig_context(&R, 14 | 24 << 8, 34 | 50 << 8, TSE | TUCMD, 1000 << 16 | 54 << 8);
	rig_ring(&R);
	fake_run(&R.h, 64);
	long_ring(R.tx_buf, 16384 | DATA | TSE | EOP | IFCS);
	ck_assert(fake_run(&R.h, 64));
	ck_assert_uint_ge(rd(&R, TDH), 4);
	ck_assert_uint_le(rd(&R, TDH), 64 / 8);
	ck_assert_uint_eq(R.h.n_tx, 0);
	rig_close(&R);
}
END_TEST

/* FCTTV 1: a pause frame each 256 ns for as long as no descriptor comes. */
START_TEST(xoff_storm)
{
	rig_open(&R);
	wr(&R, CTRL, 0x10000040); /* TFCE, SLU */
	wr(&R, FCTTV, 1);
	wr(&R, FCRTH, 0x8000);
	wr(&R, RDT, 0);
	ck_assert(!rig_receive(&R, 60, rig_mac));
	fake_advance(&R.h, 10000000); /* the fake host counts timers */
	ck_assert_uint_ge(R.h.n_tx, 50);
	ck_assert_uint_le(R.h.n_tx, 401);
	rig_close(&R);
}
END_TEST

int main(void)
{
	const TTest *const tests[] = { mss1_is_refused,
				       a_message_counts_as_its_segments,
				       descriptors_without_a_frame_count,
				       dropped_frames_count,
				       xoff_storm,
				       NULL };

	return unit_main("e1000-work", tests);
}
