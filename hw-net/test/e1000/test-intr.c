/* SPDX-License-Identifier: BSD-2-Clause */
/* e1000 interrupts: causes and masks, and each of the five timers on a stepped clock. */
#include "rig.h"

#define US 1024 /* unit of the delay timers, ns */

static struct rig R;
static uint8_t frame[64];

static void open_with(uint32_t ims)
{
	rig_open(&R);
	rig_frame(frame, 60, rig_mac);
	wr(&R, IMS, ims);
	fake_irq_clear(&R.h);
}

START_TEST(masks_and_causes)
{
	open_with(0);
	wr(&R, ICS, LSC | RXT0);
	ck_assert(!R.h.intx);
	ck_assert_uint_eq(rd(&R, ICS), LSC | RXT0); /* VxWorks looks there; nothing is cleared */
	wr(&R, IMS, LSC);
	ck_assert(R.h.intx);
	wr(&R, IMS, RXT0);
	ck_assert_uint_eq(rd(&R, IMS), LSC | RXT0);
	wr(&R, IMC, LSC);
	ck_assert(R.h.intx);
	wr(&R, ICR, RXT0); /* writing 1 clears */
	ck_assert(!R.h.intx);
	ck_assert_uint_eq(rd(&R, ICR), LSC);
	ck_assert_uint_eq(rd(&R, ICR), 0);
	ck_assert_uint_eq(rd(&R, IMS), RXT0); /* reading ICR masks nothing */
	rig_close(&R);
}
END_TEST

/* Linux, ethtool -t: each of the first ten causes through the mask. */
START_TEST(each_cause_interrupts)
{
	open_with(0);
	for (unsigned i = 0; i < 17; i++) {
		wr(&R, IMC, 0xffffffff);
		wr(&R, ICS, 1u << i);
		ck_assert(!R.h.intx);
		wr(&R, IMS, 1u << i);
		ck_assert(R.h.intx);
		ck_assert_uint_eq(rd(&R, ICR), 1u << i);
		wr(&R, ICS, ~(1u << i));
		ck_assert(!R.h.intx);
		rd(&R, ICR);
	}
	rig_close(&R);
}
END_TEST

START_TEST(itr_spaces_interrupts)
{
	open_with(RXT0);
	wr(&R, ITR, 1000); /* 256 us */
	fake_rx_bytes(&R.h, frame, 60);
	ck_assert(R.h.intx); /* the first is not delayed */
	rd(&R, ICR);
	for (unsigned i = 0; i < 3; i++) {
		fake_advance(&R.h, 60000);
		fake_rx_bytes(&R.h, frame, 60);
		ck_assert(!R.h.intx);
		ck_assert_uint_eq(rd(&R, ICS), RXT0); /* but a driver that polls sees it */
	}
	fake_reopen(&R.h);
	fake_advance(&R.h, 256000 - 180000 - 1);
	ck_assert(!R.h.intx);
	fake_advance(&R.h, 1);
	ck_assert(R.h.intx);
	rd(&R, ICR);
	fake_advance(&R.h, 1000000);
	fake_rx_bytes(&R.h, frame, 60);
	ck_assert(R.h.intx); /* the interval passed in silence */
	rig_close(&R);
}
END_TEST

START_TEST(itr_off_has_no_floor)
{
	open_with(RXT0);
	for (unsigned i = 0; i < 5; i++) {
		fake_rx_bytes(&R.h, frame, 60);
		ck_assert(R.h.intx);
		rd(&R, ICR);
	}
	ck_assert_uint_eq(R.h.intx_edges, 5);
	ck_assert(R.h.deadline == HWNET_NEVER);
	rig_close(&R);
}
END_TEST

START_TEST(itr_shortened)
{
	open_with(RXT0);
	wr(&R, ITR, 60000);
	fake_rx_bytes(&R.h, frame, 60);
	rd(&R, ICR);
	fake_rx_bytes(&R.h, frame, 60);
	ck_assert(!R.h.intx);
	wr(&R, ITR, 10);
	fake_advance(&R.h, 2560);
	ck_assert(R.h.intx);
	rig_close(&R);
}
END_TEST

/* RDTR starts anew with each frame, RADV runs from the first. */
START_TEST(receive_delays)
{
	open_with(RXT0);
	wr(&R, RDTR, 10);
	fake_rx_bytes(&R.h, frame, 60);
	fake_advance(&R.h, 9 * US);
	fake_rx_bytes(&R.h, frame, 60);
	fake_advance(&R.h, 9 * US);
	ck_assert(!R.h.intx);
	ck_assert_uint_eq(rig_rxd(&R, 1).status & ST_DD, ST_DD); /* the frame is there already */
	fake_advance(&R.h, US);
	ck_assert(R.h.intx);
	rd(&R, ICR);
	wr(&R, RADV, 15);
	fake_rx_bytes(&R.h, frame, 60);
	fake_advance(&R.h, 9 * US);
	fake_rx_bytes(&R.h, frame, 60);
	fake_reopen(&R.h);
	fake_advance(&R.h, 6 * US - 1);
	ck_assert(!R.h.intx);
	fake_advance(&R.h, 1);
	ck_assert(R.h.intx);
	rd(&R, ICR);
	fake_advance(&R.h, 100 * US); /* RADV ended RDTR, too */
	ck_assert_uint_eq(R.h.intx_edges, 2);
	rig_close(&R);
}
END_TEST

START_TEST(receive_delay_ends_early)
{
	open_with(RXT0 | SRPD);
	wr(&R, RDTR, 1000);
	fake_rx_bytes(&R.h, frame, 60);
	ck_assert(!R.h.intx);
	wr(&R, RDTR, 1000 | 1u << 31); /* FPD */
	ck_assert_uint_eq(rd(&R, ICR), RXT0);
	ck_assert_uint_eq(rd(&R, RDTR), 1000);
	wr(&R, RSRPD, 60);
	fake_rx_bytes(&R.h, frame, 60);
	ck_assert(R.h.intx);
	ck_assert_uint_eq(rd(&R, ICR) & SRPD, SRPD);
	rig_receive(&R, 61, rig_mac);
	ck_assert(!R.h.intx);
	rig_close(&R);
}
END_TEST

/* TIDV and TADV likewise, for descriptors with IDE. */
START_TEST(transmit_delays)
{
	open_with(TXDW);
	wr(&R, TIDV, 10);
	rig_send(&R, frame, 60, IDE);
	fake_advance(&R.h, 9 * US);
	rig_send(&R, frame, 60, IDE);
	fake_advance(&R.h, 9 * US);
	ck_assert(!R.h.intx);
	ck_assert_uint_eq(rig_tx_status(&R, 1), 1);
	fake_advance(&R.h, US);
	ck_assert(R.h.intx);
	rd(&R, ICR);
	wr(&R, TADV, 15);
	rig_send(&R, frame, 60, IDE);
	fake_advance(&R.h, 9 * US);
	rig_send(&R, frame, 60, IDE);
	fake_advance(&R.h, 6 * US - 1);
	ck_assert(!R.h.intx);
	fake_advance(&R.h, 1);
	ck_assert(R.h.intx);
	rd(&R, ICR);
	rig_send(&R, frame, 60, IDE);
	ck_assert(!R.h.intx);
	rig_send(&R, frame, 60, 0); /* without IDE at once, and it ends the delay of the other */
	ck_assert(R.h.intx);
	rd(&R, ICR);
	fake_advance(&R.h, 100 * US);
	ck_assert(!R.h.intx);
	rig_close(&R);
}
END_TEST

START_TEST(transmit_delay_of_zero)
{
	open_with(TXDW);
	rig_send(&R, frame, 60, IDE);
	ck_assert(R.h.intx);
	rd(&R, ICR);
	wr(&R, TIDV, 500);
	rig_send(&R, frame, 60, IDE);
	wr(&R, TIDV, 500 | 1u << 31);
	ck_assert_uint_eq(rd(&R, ICR) & TXDW, TXDW);
	rig_desc(&R, R.tx_buf, 60 | EOP | IFCS, 0); /* no RS, no report */
	rig_ring(&R);
	ck_assert_uint_eq(rd(&R, ICR) & TXDW, 0);
	rig_close(&R);
}
END_TEST

#define LONG_RING 128u

/* A transmit ring long enough for a stream, empty. */
static void use_long_ring(void)
{
	R.tx_ring = fake_alloc(&R.h, LONG_RING * 16, 128);
	R.tail = 0;
	wr(&R, TDBAL, (uint32_t)R.tx_ring);
	wr(&R, TDBAH, (uint32_t)(R.tx_ring >> 32));
	wr(&R, TDLEN, LONG_RING * 16);
	wr(&R, TDH, 0);
	wr(&R, TDT, 0);
}

/* One doorbell for @n frames; @flags: more bits of their descriptors. */
static void send_batch_as(unsigned n, uint32_t flags)
{
	uint64_t data = rig_data(&R, 0, frame, 60);

	for (unsigned i = 0; i < n; i++) {
		uint64_t d = R.tx_ring + 16 * R.tail;

		fake_put64(&R.h, d, data);
		fake_put64(&R.h, d + 8, 60 | EOP | IFCS | RS | flags);
		R.tail = (R.tail + 1) % LONG_RING;
	}
	rig_ring(&R);
}

static void send_batch(unsigned n)
{
	send_batch_as(n, 0);
}

/* A stream: 15 descriptors are no load, 16 are; three quarters of the ring or another cause ends
 * the wait. */
START_TEST(transmit_coalescing)
{
	open_with(TXDW | RXT0);
	use_long_ring();
	send_batch(15);
	ck_assert(R.h.intx);
	rd(&R, ICR);
	send_batch(16);
	ck_assert(!R.h.intx);
	ck_assert_uint_eq(rd(&R, ICS) & TXDW, TXDW); /* who polls sees it */
	fake_advance(&R.h, 250000 - 1);
	ck_assert(!R.h.intx);
	fake_advance(&R.h, 1);
	ck_assert(R.h.intx);
	rd(&R, ICR);
	send_batch(40);
	ck_assert(!R.h.intx);
	send_batch(55);
	ck_assert(!R.h.intx);
	send_batch(1); /* three quarters of the ring are done */
	ck_assert(R.h.intx);
	rd(&R, ICR);
	send_batch(20);
	ck_assert(!R.h.intx);
	fake_rx_bytes(&R.h, frame, 60);
	ck_assert(R.h.intx);
	rig_close(&R);
}
END_TEST

/*
 * Frames whose interrupt waits, and another with a delay of its own: the interrupt that comes tells
 * of all of them, once. A delay alone goes on when something else interrupts.
 */
START_TEST(one_interrupt_tells_all_that_was_sent)
{
	open_with(TXDW | RXT0);
	use_long_ring();
	wr(&R, TIDV, 8);
	send_batch(1);
	rd(&R, ICR); /* the last interrupt is just over */
	send_batch(16);
	send_batch_as(1, IDE);
	ck_assert(!R.h.intx);
	fake_rx_bytes(&R.h, frame, 60);
	ck_assert(R.h.intx);
	ck_assert_uint_eq(rd(&R, ICR) & (TXDW | RXT0), TXDW | RXT0);
	fake_advance(&R.h, 1000000);
	ck_assert(!R.h.intx);
	ck_assert_uint_eq(rd(&R, ICR), 0);

	send_batch_as(1, IDE);
	fake_rx_bytes(&R.h, frame, 60);
	ck_assert_uint_eq(rd(&R, ICR) & (TXDW | RXT0), RXT0);
	fake_advance(&R.h, 1000000);
	ck_assert_uint_eq(rd(&R, ICR) & TXDW, TXDW);
	rig_close(&R);
}
END_TEST

START_TEST(transmit_coalescing_off)
{
	struct hwnet_config cfg;

	rig_init(&R);
	hwnet_config_init(hwnet_find_model("e1000"), &cfg);
	memcpy(cfg.mac, rig_mac, 6);
	cfg.values[0] = 0;
	ck_assert_ptr_null(fake_open_cfg(&R.h, hwnet_find_model("e1000"), &cfg));
	rig_start(&R);
	wr(&R, IMS, TXDW);
	rd(&R, ICR);
	use_long_ring();
	send_batch(16);
	ck_assert(R.h.intx);
	rd(&R, ICR);
	send_batch(16);
	ck_assert(R.h.intx);
	rig_close(&R);
}
END_TEST

/* Nobody is woken for a cause that nobody would see. */
START_TEST(masked_delay_needs_no_timer)
{
	open_with(0);
	wr(&R, TIDV, 10);
	rig_send(&R, frame, 60, IDE);
	ck_assert(R.h.deadline == HWNET_NEVER);
	fake_advance(&R.h, 11 * US);
	ck_assert_uint_eq(rd(&R, ICR) & TXDW, TXDW);
	rig_send(&R, frame, 60, IDE);
	fake_advance(&R.h, 9 * US);
	wr(&R, IMS, TXDW);
	ck_assert(!R.h.intx);
	fake_advance(&R.h, US);
	ck_assert(R.h.intx);
	rig_close(&R);
}
END_TEST

START_TEST(the_82544_lacks_some)
{
	rig_open_model(&R, "e1000-82544gc");
	wr(&R, ITR, 0xffff);
	wr(&R, RADV, 0xffff);
	wr(&R, TADV, 0xffff);
	wr(&R, RSRPD, 0xfff);
	wr(&R, IMS, 0xffffffff);
	ck_assert_uint_eq(rd(&R, ITR) | rd(&R, RADV) | rd(&R, TADV) | rd(&R, RSRPD), 0);
	ck_assert_uint_eq(rd(&R, IMS) & (TXD_LOW | SRPD), 0);
	wr(&R, ICS, TXD_LOW | SRPD);
	ck_assert_uint_eq(rd(&R, ICR), 0);
	rig_close(&R);
}
END_TEST

int main(void)
{
	const TTest *const tests[] = {
		masks_and_causes,
		each_cause_interrupts,
		itr_spaces_interrupts,
		itr_off_has_no_floor,
		itr_shortened,
		receive_delays,
		receive_delay_ends_early,
		transmit_delays,
		transmit_delay_of_zero,
		transmit_coalescing,
		one_interrupt_tells_all_that_was_sent,
		transmit_coalescing_off,
		masked_delay_needs_no_timer,
		the_82544_lacks_some,
		NULL,
	};

	return unit_main("e1000-intr", tests);
}
