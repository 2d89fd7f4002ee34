/* SPDX-License-Identifier: BSD-2-Clause */
/* e1000 receive: descriptors, buffers, bursts, waiting. */
#include "rig.h"

static struct rig R;
static uint8_t frame[BUILD_ROOM];

START_TEST(frame_arrives)
{
	rig_open(&R);
	rig_frame(frame, 1000, rig_mac);
	wr(&R, IMS, RXT0);
	ck_assert(fake_rx_bytes(&R.h, frame, 1000));
	ck_assert_uint_eq(rig_rxd(&R, 0).len, 1000);
	ck_assert_uint_eq(rig_rxd(&R, 0).status, ST_DD | ST_EOP | ST_IXSM);
	ck_assert_uint_eq(rig_rxd(&R, 0).errors, 0);
	ck_assert_mem_eq(rig_rx_mem(&R, 0), frame, 1000);
	ck_assert_uint_eq(rd(&R, RDH), 1);
	ck_assert(R.h.intx);
	ck_assert_uint_eq(rd(&R, ICR), RXT0);
	ck_assert(!R.h.intx);
	rig_close(&R);
}
END_TEST

/* 13.4.22: 256 to 2048 bytes, with BSEX 4096 to 16384. */
START_TEST(all_buffer_sizes)
{
	static const struct {
		uint32_t bits, size;
	} sizes[] = { { 0, 2048 },
		      { 1u << 16, 1024 },
		      { 2u << 16, 512 },
		      { 3u << 16, 256 },
		      { 1u << 16 | 1u << 25, 16384 },
		      { 2u << 16 | 1u << 25, 8192 },
		      { 3u << 16 | 1u << 25, 4096 } };

	for (unsigned s = 0; s < 7; s++) {
		uint32_t size = sizes[s].size, len = 3 * size - 9, off = 0;
		unsigned n;

		len = len > 16380 ? 16380 : len < 60 ? 60 : len;
		n = (len + size - 1) / size;
		rig_open(&R);
		for (unsigned i = 0; i < RIG_RING; i++)
			fake_put64(&R.h, R.rx_ring + 16 * i, R.rx_buf + 16384 * i % (1 << 19));
		wr(&R, RDBAL, (uint32_t)R.rx_ring); /* the card fetches anew */
		wr(&R, RCTL, RCTL_ON | 1u << 5 | sizes[s].bits);
		rig_frame(frame, len, rig_mac);
		ck_assert(fake_rx_bytes(&R.h, frame, len));
		for (unsigned i = 0; i < n; i++) {
			uint32_t part = len - off < size ? len - off : size;

			ck_assert_uint_eq(rig_rxd(&R, i).len, part);
			ck_assert_uint_eq(rig_rxd(&R, i).status & 3,
					  i == n - 1 ? ST_DD | ST_EOP : ST_DD);
			ck_assert_mem_eq(fake_mem(&R.h, R.rx_buf + 16384 * i, part), frame + off,
					 part);
			off += part;
		}
		ck_assert_uint_eq(rd(&R, RDH), n);
		rig_close(&R);
	}
}
END_TEST

START_TEST(long_packets_only_if_enabled)
{
	rig_open(&R);
	ck_assert(rig_receive(&R, 1518, rig_mac)); /* 1522 with FCS: the longest */
	ck_assert(rig_receive(&R, 1519, rig_mac));
	ck_assert_uint_eq(rd(&R, RDH), 1);
	ck_assert_uint_eq(rd(&R, ROC), 1);
	wr(&R, RCTL, RCTL_ON | 1u << 5);
	ck_assert(rig_receive(&R, 9014, rig_mac));
	ck_assert_uint_eq(rd(&R, RDH), 1 + 5);
	ck_assert(rig_receive(&R, 16381, rig_mac)); /* 16385: no card takes that */
	ck_assert_uint_eq(rd(&R, RDH), 6);
	rig_close(&R);
}
END_TEST

START_TEST(frames_wait_for_descriptors)
{
	rig_open(&R);
	wr(&R, RDT, 2);
	ck_assert(rig_receive(&R, 100, rig_mac));
	ck_assert(rig_receive(&R, 101, rig_mac));
	ck_assert(!rig_receive(&R, 102, rig_mac));
	ck_assert(!rig_receive(&R, 102, rig_mac));
	ck_assert_uint_eq(rd(&R, RNBC), 1); /* counted when it came */
	ck_assert_uint_eq(rd(&R, ICR) & RXO, RXO);
	ck_assert_uint_eq(rd(&R, MPC), 0);
	fake_reopen(&R.h);
	ck_assert_uint_ge(R.h.rx_ready, 1); /* a loaded card asks for them */
	R.h.rx_ready = 0;
	ck_assert(!rig_receive(&R, 102, rig_mac));
	wr(&R, RDT, 3);
	ck_assert_uint_eq(R.h.rx_ready, 1);
	ck_assert(rig_receive(&R, 102, rig_mac));
	ck_assert_uint_eq(rig_rxd(&R, 2).len, 102);
	rig_close(&R);
}
END_TEST

/* A burst: one write-back of all, one decision about the interrupt. */
START_TEST(burst)
{
	const struct pkt *vec[20];
	struct iovec iov;
	struct pkt pkt;

	rig_open(&R);
	wr(&R, IMS, RXT0);
	rig_frame(frame, 60, rig_mac);
	pkt_flat(&pkt, &iov, frame, 60);
	for (unsigned i = 0; i < 20; i++)
		vec[i] = &pkt;
	ck_assert_uint_eq(fake_rx(&R.h, vec, 20), 20);
	ck_assert_uint_eq(R.h.intx_edges, 1);
	ck_assert_uint_eq(R.h.dma_reads, 1);
	ck_assert_uint_eq(R.h.dma_maps, 1);
	ck_assert_uint_eq(rd(&R, RDH), 20);
	ck_assert_uint_eq(fake_rx(&R.h, vec, 20), 11);
	rig_close(&R);
}
END_TEST

START_TEST(minimum_threshold)
{
	rig_open(&R);
	for (unsigned part = 0; part < 3; part++) {
		unsigned low = RIG_RING >> (part + 1), n = 0;

		wr(&R, RDH, 0);
		wr(&R, RDT, RIG_RING - 1);
		wr(&R, RCTL, RCTL_ON | part << 8);
		rd(&R, ICR);
		for (; n < RIG_RING - 1 - low; n++) {
			ck_assert_uint_eq(rd(&R, ICR) & RXDMT0, 0);
			ck_assert(rig_receive(&R, 60, rig_mac));
		}
		ck_assert_uint_eq(rd(&R, ICR) & RXDMT0, RXDMT0);
		ck_assert(rig_receive(&R, 60, rig_mac));
		ck_assert_uint_eq(rd(&R, ICR) & RXDMT0, 0); /* once */
	}
	rig_close(&R);
}
END_TEST

/* 3.2.5.1: descriptors with address 0 take nothing and are passed over. */
START_TEST(null_descriptors)
{
	rig_open(&R);
	fake_put64(&R.h, R.rx_ring, 0);
	fake_put64(&R.h, R.rx_ring + 16, 0);
	rig_frame(frame, 3000, rig_mac);
	wr(&R, RCTL, RCTL_ON | 1u << 5);
	ck_assert(fake_rx_bytes(&R.h, frame, 3000));
	ck_assert_uint_eq(rig_rxd(&R, 0).len, 0);
	ck_assert_uint_eq(rig_rxd(&R, 0).status, ST_DD);
	ck_assert_uint_eq(rig_rxd(&R, 2).len, 2048);
	ck_assert_uint_eq(rig_rxd(&R, 3).len, 952);
	ck_assert_uint_eq(rig_rxd(&R, 3).status & 3, ST_DD | ST_EOP);
	rig_close(&R);
}
END_TEST

START_TEST(receiver_off)
{
	rig_open(&R);
	wr(&R, RCTL, 0);
	ck_assert(rig_receive(&R, 60, rig_mac));
	ck_assert_uint_eq(hwnet_counters(R.h.nic)->rx_dropped, 1);
	wr(&R, RCTL, RCTL_ON); /* no black-out: the next one is taken */
	ck_assert(rig_receive(&R, 61, rig_mac));
	ck_assert_uint_eq(rd(&R, RDH), 1);
	ck_assert_uint_eq(rig_rxd(&R, 0).len, 61);
	rig_close(&R);
}
END_TEST

/* The guest learns of held frames' fate also when it turns the receiver off meanwhile. */
START_TEST(held_frames_are_asked_for_again)
{
	rig_open(&R);
	wr(&R, RDT, 0);
	ck_assert(!rig_receive(&R, 60, rig_mac));
	wr(&R, RCTL, 0);
	ck_assert_uint_eq(R.h.rx_ready, 1);
	ck_assert(rig_receive(&R, 60, rig_mac)); /* lost */
	rig_close(&R);
}
END_TEST

START_TEST(buffer_is_not_memory)
{
	rig_open(&R);
	fake_put64(&R.h, R.rx_ring, FAKE_NOWHERE);
	ck_assert(rig_receive(&R, 1000, rig_mac));
	ck_assert(rig_receive(&R, 1000, rig_mac));
	ck_assert_uint_eq(rig_rxd(&R, 1).len, 1000);
	ck_assert_uint_eq(R.h.errors, 1);
	rig_close(&R);
}
END_TEST

int main(void)
{
	const TTest *const tests[] = {
		frame_arrives,
		all_buffer_sizes,
		long_packets_only_if_enabled,
		frames_wait_for_descriptors,
		burst,
		minimum_threshold,
		null_descriptors,
		receiver_off,
		held_frames_are_asked_for_again,
		buffer_is_not_memory,
		NULL,
	};

	return unit_main("e1000-rx", tests);
}
