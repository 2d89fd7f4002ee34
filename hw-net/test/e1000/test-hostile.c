/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * A guest that means harm, or memory that does: registers with any value, rings that point at
 * registers, frames that change while they are read, DMA that fails at any step, random programs.
 */
#include "rig.h"

static const uint8_t broadcast[6] = { 0xff, 0xff, 0xff, 0xff, 0xff, 0xff };

static struct rig R;
static uint8_t frame[70000];

/* Every address that a guest can give points at the card's registers. */
START_TEST(gl_556_dma_reentrancy)
{
	rig_open(&R);
	wr(&R, TDBAL, (uint32_t)FAKE_MMIO + 0x3800);
	wr(&R, TDBAH, 0);
	rig_frame(frame, 60, rig_mac);
	rig_send(&R, frame, 60, 0);
	wr(&R, RDBAL, (uint32_t)FAKE_MMIO + 0x2800);
	wr(&R, RDBAH, 0);
	ck_assert(rig_receive(&R, 60, rig_mac));
	ck_assert_uint_ge(R.h.mmio_dma, 2);
	wr(&R, TDBAL, (uint32_t)R.tx_ring);
	wr(&R, TDBAH, (uint32_t)(R.tx_ring >> 32));
	rig_desc(&R, FAKE_MMIO + TDT, 1000 | EOP | IFCS | RS, 0);
	rig_ring(&R);
	ck_assert_uint_eq(R.h.n_tx, 1); /* the frame queued first; the ring is back */
	rig_check_alive(&R);
}
END_TEST

/* Registers at every offset, in every size, with every value that models have asserted on. */
START_TEST(gl_309_register_values)
{
	static const uint64_t values[] = { 0, ~0ull, 0x5a5a5a5a5a5a5a5a, 0x8000000080000000 };

	rig_open(&R);
	R.h.lenient = true;
	for (unsigned v = 0; v < 4; v++) {
		for (uint32_t off = 0; off < 0xa100; off += 3) {
			unsigned size = 1u << (off & 3);

			fake_write(&R.h, 0, off, values[v], size);
			fake_read(&R.h, 0, off, size);
		}
		fake_advance(&R.h, 1000000);
	}
	fake_read(&R.h, 0, 0x1ffff, 8);
	fake_write(&R.h, 0, 0x1fffd, ~0ull, 8);
	rig_check_alive(&R);
}
END_TEST

static unsigned change_len;

/* The guest alters headers the moment they were read. */
static void change_mind(struct fake_host *h, uint64_t addr, size_t len)
{
	if (addr >= R.tx_buf && addr < R.tx_buf + 256)
		fake_fill(h, R.tx_buf, 0xff, change_len);
	if (addr >= R.tx_ring && addr < R.tx_ring + 16 * RIG_RING)
		fake_fill(h, R.tx_ring, 0xff, 16 * RIG_RING);
}

START_TEST(double_fetch)
{
	struct build b = { .payload = 8000 };
	uint32_t len = build_frame(&b, frame);

	rig_open(&R);
	rig_data(&R, 0, frame, len);
	rig_context(&R, 14 | 24 << 8, 34 | 50 << 8, TSE | 0x03000000 | 8000, 1000u << 16 | 54 << 8);
	rig_desc(&R, R.tx_buf, 100 | DATA | TSE | IFCS, IXSM | TXSM);
	rig_desc(&R, R.tx_buf + 100, (len - 100) | DATA | TSE | EOP | IFCS | RS, 0);
	change_len = 100;
	R.h.on_dma = change_mind;
	rig_ring(&R);
	ck_assert_uint_eq(R.h.n_tx, 1);
	ck_assert_mem_eq(R.h.tx[0].data, frame, 16);
	ck_assert_ptr_null(gso_check(&R.h.tx[0].pkt, NULL));
	R.h.on_dma = NULL;
	rig_check_alive(&R);
}
END_TEST

/* DMA that fails at any step: no frame is half there, nothing stays mapped, the card goes on. */
START_TEST(dma_fails_anywhere)
{
	for (int n = 0; n < 24; n++) {
		rig_open(&R);
		rig_frame(frame, 1514, rig_mac);
		rig_data(&R, 0, frame, 1514);
		for (unsigned i = 0; i < 4; i++) {
			rig_desc(&R, R.tx_buf, 700 | IFCS, 0);
			rig_desc(&R, R.tx_buf + 700, 814 | EOP | IFCS | RS, 0);
		}
		R.h.dma_fail_in = n;
		rig_ring(&R);
		for (unsigned i = 0; i < R.h.n_tx; i++)
			ck_assert_frame_eq(R.h.tx[i].data, R.h.tx[i].pkt.len, frame, 1514);
		R.h.dma_fail_in = n % 6;
		rig_receive(&R, 1514, rig_mac);
		rig_receive(&R, 60, broadcast);
		R.h.dma_fail_in = -1;
		rig_check_alive(&R);
	}
}
END_TEST

/* A message that fails half-way gives its room in the bounce buffer back to the next one. */
START_TEST(bounce_buffer_of_a_dropped_frame)
{
	struct build b = { .payload = 60000 };
	uint32_t len;

	rig_init(&R);
	R.h.map = FAKE_MAP_REFUSED;
	fake_open(&R.h, "e1000");
	rig_start(&R);
	len = build_frame(&b, frame);
	rig_data(&R, 0, frame, len);
	rig_context(&R, 14 | 24 << 8, 34 | 50 << 8, TSE | 0x03000000 | 60000,
		    1000u << 16 | 54 << 8);
	for (unsigned i = 0; i < 3; i++) {
		rig_desc(&R, R.tx_buf, len | DATA | TSE | IFCS, IXSM | TXSM);
		rig_desc(&R, FAKE_NOWHERE, 1000 | DATA | TSE | EOP | IFCS, IXSM | TXSM);
	}
	rig_desc(&R, R.tx_buf, len | DATA | TSE | EOP | IFCS, IXSM | TXSM);
	rig_ring(&R);
	ck_assert_uint_eq(R.h.n_tx, 1);
	ck_assert_mem_eq(R.h.tx[0].data + 54, frame + 54, 60000);
	rig_check_alive(&R);
}
END_TEST

/* Random programs of registers and descriptors. */
START_TEST(random_programs)
{
	uint64_t seed = 20240229;

	for (unsigned round = 0; round < 60; round++) {
		rig_open(&R);
		R.h.lenient = true;
		R.h.map = (enum fake_map)(round % 5);
		R.h.map_max = 1 + round;
		for (unsigned i = 0; i < 3000; i++)
			fake_put32(&R.h, R.tx_buf + 4 * i, test_random(&seed));
		for (unsigned step = 0; step < 300; step++) {
			uint32_t r = test_random(&seed), v = test_random(&seed);

			switch (r % 8) {
			case 0:
				wr(&R, (r >> 8) % 0x6000, v);
				break;
			case 1:
				fake_put32(&R.h, R.rx_ring + (r >> 8) % (RIG_RING * 16 - 3), v);
				break;
			case 2:
			case 3:
				rig_desc(&R, R.tx_buf + (v & 0xfff), v & (r | 0xff000fff), r);
				break;
			case 4:
				rig_ring(&R);
				break;
			case 5:
				rig_receive(&R, 14 + v % 2000, v & 1 ? rig_mac : broadcast);
				break;
			case 6:
				rig_phy_write(&R, r >> 8 & 31, (uint16_t)v);
				break;
			default:
				fake_advance(&R.h, v % 10000000);
			}
			if (R.h.n_tx > 400)
				fake_tx_clear(&R.h);
		}
		fake_tx_clear(&R.h);
		fake_reopen(&R.h);
		fake_carrier(&R.h, true);
		wr(&R, CTRL, 1u << 31);
		wr(&R, CTRL, 1u << 26);
		fake_advance(&R.h, 100000000);
		rig_check_alive(&R);
	}
}
END_TEST

int main(void)
{
	const TTest *const tests[] = {
		gl_556_dma_reentrancy,
		gl_309_register_values,
		double_fetch,
		dma_fails_anywhere,
		bounce_buffer_of_a_dropped_frame,
		random_programs,
		NULL,
	};

	return unit_main("e1000-hostile", tests);
}
