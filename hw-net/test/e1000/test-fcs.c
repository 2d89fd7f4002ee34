/* SPDX-License-Identifier: BSD-2-Clause */
/* e1000 receive: the end of a frame, padding and FCS, right or wrong. */
#include "rig.h"

static struct rig R;
static uint8_t frame[BUILD_ROOM];

/* Without SECRC the real FCS is there, for every length and every way of mapping. */
START_TEST(fcs_is_real)
{
	static const enum fake_map maps[] = { FAKE_MAP_FULL, FAKE_MAP_SHORT, FAKE_MAP_REFUSED,
					      FAKE_MAP_BOUNCE, FAKE_MAP_NONE };

	for (unsigned m = 0; m < 5; m++) {
		rig_init(&R);
		R.h.map = maps[m];
		R.h.map_max = 100;
		fake_open(&R.h, "e1000");
		rig_start(&R);
		wr(&R, RCTL, 0x8002);
		for (uint32_t len = 60, i = 0; len <= 1514; len += 31, i = (i + 1) % RIG_RING) {
			const uint8_t *p;
			uint32_t fcs;

			rig_frame(frame, len, rig_mac);
			fcs = slow_crc32(frame, len);
			ck_assert(fake_rx_bytes(&R.h, frame, len));
			p = rig_rx_mem(&R, i);
			ck_assert_uint_eq(rig_rxd(&R, i).len, len + 4);
			ck_assert_mem_eq(p, frame, len);
			ck_assert_uint_eq(p[len] | p[len + 1] << 8 | p[len + 2] << 16 |
						  (uint32_t)p[len + 3] << 24,
					  fcs);
			wr(&R, RDT, i);
		}
		rig_close(&R);
	}
}
END_TEST

/* What is in the buffers of the first descriptors, up to the end of the frame. */
static uint32_t gather(uint8_t *to)
{
	uint32_t at = 0;

	for (unsigned i = 0; i < RIG_RING; i++) {
		struct rig_rxd d = rig_rxd(&R, i);

		memcpy(to + at, rig_rx_mem(&R, i), d.len);
		at += d.len;
		if (d.status & ST_EOP)
			return at;
	}
	return 0;
}

/* A frame in pieces, over buffers of 256 bytes, between which the FCS is torn; with a tag that is
 * put in; with a checksum to complete beyond the first buffer; with an FCS that came wrong. */
START_TEST(fcs_of_many_buffers)
{
	uint8_t want[1100], got[1100];

	for (uint32_t len = 440; len < 1034; len++) {
		bool tag = len % 3 == 1, sum = len % 7 == 1, bad = len % 5 == 1;
		uint32_t cut = 300 + len % 100, wire = len + (tag ? 4 : 0), fcs;
		struct iovec iov[2] = { { frame, cut }, { frame + cut, len - cut } };
		struct pkt pkt = { .iov = iov, .iovcnt = 2, .len = len };
		const struct pkt *vec = &pkt;

		rig_open(&R);
		wr(&R, RCTL, 0x8002 | 1u << 2 | 1u << 5 | 3u << 16); /* SBP, LPE */
		rig_frame(frame, len, rig_mac);
		memcpy(want, frame, 12);
		memcpy(want + 12, "\x81\0\xa1\x23", 4);
		memcpy(want + 12 + (wire - len), frame + 12, len - 12);
		pkt.flags = (tag ? PKT_VLAN : 0) | (sum ? PKT_CSUM_PARTIAL : 0) |
			    (bad ? PKT_FCS_BAD : 0);
		pkt.csum_start = 262;
		pkt.csum_offset = 6;
		if (sum)
			memcpy(want + wire - len + 268, &(uint16_t) { pkt_csum_value(&pkt) }, 2);
		pkt.vlan_tpid = 0x8100;
		pkt.vlan_tci = 0xa123;
		fcs = htole32(slow_crc32(want, wire) ^ (bad ? UINT32_MAX : 0));
		memcpy(want + wire, &fcs, 4);
		ck_assert_uint_eq(fake_rx(&R.h, &vec, 1), 1);
		ck_assert_uint_eq(gather(got), wire + 4);
		ck_assert_mem_eq(got, want, wire + 4);
		rig_close(&R);
	}
}
END_TEST

/* A small frame in one piece or two, a right FCS and one that came wrong; and nothing behind it. */
START_TEST(fcs_of_small_frames)
{
	for (uint32_t len = 60; len < 460; len++) {
		uint32_t cut = len % 2 ? len : 14 + len % 45, fcs;
		struct iovec iov[2] = { { frame, cut }, { frame + cut, len - cut } };
		struct pkt pkt = { .iov = iov, .iovcnt = len % 2 ? 1 : 2, .len = len };
		const struct pkt *vec = &pkt;

		rig_open(&R);
		wr(&R, RCTL, 0x8002 | 1u << 2); /* SBP */
		fake_fill(&R.h, R.rx_buf, 0xee, RIG_BUF);
		rig_frame(frame, len, rig_mac);
		pkt.flags = len % 5 == 1 ? PKT_FCS_BAD : 0;
		fcs = htole32(slow_crc32(frame, len) ^ (pkt.flags ? UINT32_MAX : 0));
		ck_assert_uint_eq(fake_rx(&R.h, &vec, 1), 1);
		ck_assert_uint_eq(rig_rxd(&R, 0).len, len + 4);
		ck_assert_mem_eq(rig_rx_mem(&R, 0), frame, len);
		ck_assert_mem_eq(rig_rx_mem(&R, 0) + len, &fcs, 4);
		ck_assert_uint_eq(rig_rx_mem(&R, 0)[len + 4], 0xee);
		rig_close(&R);
	}
}
END_TEST

START_TEST(short_frames_are_padded)
{
	uint8_t want[60] = { 0 };

	rig_open(&R);
	fake_fill(&R.h, R.rx_buf + RIG_BUF, 0xee, 64);
	ck_assert(rig_receive(&R, 200, rig_mac)); /* nothing of it must show */
	rig_frame(want, 42, rig_mac);
	ck_assert(fake_rx_bytes(&R.h, want, 42));
	ck_assert_uint_eq(rig_rxd(&R, 1).len, 60);
	ck_assert_mem_eq(rig_rx_mem(&R, 1), want, 60);
	ck_assert_uint_eq(rig_rx_mem(&R, 1)[60], 0xee);
	rig_close(&R);
}
END_TEST

START_TEST(bad_frames_with_sbp)
{
	struct iovec iov;
	struct pkt pkt;
	const struct pkt *vec = &pkt;
	const uint8_t *p;
	uint32_t fcs;

	rig_open(&R);
	rig_frame(frame, 100, rig_mac);
	pkt_flat(&pkt, &iov, frame, 100);
	pkt.flags = PKT_FCS_BAD;
	ck_assert_uint_eq(fake_rx(&R.h, &vec, 1), 1);
	ck_assert_uint_eq(rd(&R, RDH), 0);
	ck_assert_uint_eq(rd(&R, CRCERRS), 1);
	wr(&R, RCTL, 0x8002 | 4); /* SBP, FCS kept */
	ck_assert_uint_eq(fake_rx(&R.h, &vec, 1), 1);
	ck_assert_uint_eq(rig_rxd(&R, 0).errors, ER_CE);
	p = rig_rx_mem(&R, 0) + 100;
	fcs = p[0] | p[1] << 8 | p[2] << 16 | (uint32_t)p[3] << 24;
	ck_assert_uint_ne(fcs, slow_crc32(frame, 100));
	ck_assert_uint_eq(rd(&R, GPRC), 0);
	rig_close(&R);
}
END_TEST

int main(void)
{
	const TTest *const tests[] = {
		fcs_is_real,	     fcs_of_many_buffers,
		fcs_of_small_frames, short_frames_are_padded,
		bad_frames_with_sbp, NULL,
	};

	return unit_main("e1000-fcs", tests);
}
