/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * vmxnet3: what queues do to each other. A receive queue without buffers costs its own frames, and
 * the others a wait that is bounded; transmit queues take turns.
 */
#include "hwnet/frame.h"
#include "fixture.h"

#define MS 1000000ll

static struct build to[2]; /* a frame for each queue */

/* Two queues, and frames of which the guest's hash says whose they are. */
static void open_two(void)
{
	bool have[2] = { false, false };

	setup_rss(4, 2);
	for (unsigned port = 1; !(have[0] && have[1]); port++) {
		struct build b = { .sport = (uint16_t)port, .payload = 100 };
		unsigned q = queue_of(b);

		to[q] = b;
		have[q] = true;
	}
}

static bool offer(unsigned queue)
{
	return fake_rx_bytes(&h, frame, make(to[queue]));
}

/* Frames until one waits. */
static unsigned fill(unsigned queue)
{
	unsigned n = 0;

	while (offer(queue))
		ck_assert_uint_lt(++n, 100);
	return n;
}

static void serve(unsigned queue)
{
	while (guest_rx_keep(&g, queue, &got))
		;
	guest_refill(&g, queue);
}

START_TEST(vmxnet3_rx_queue_blocks)
{
	open_two();
	ck_assert_uint_eq(fill(0), 63);
	ck_assert_uint_eq(guest_rx_stat(&g, 0, RXS_OUT_OF_BUF), 0);
	fake_advance(&h, 4 * MS);
	ck_assert_uint_eq(h.rx_ready, 1); /* nothing was given back, but the wait is over */
	for (unsigned i = 0; i < 1000; i++) {
		ck_assert(offer(0));
		ck_assert(offer(1));
		ck_assert(guest_rx(&g, 1, &got));
	}
	ck_assert_uint_eq(guest_rx_stat(&g, 0, RXS_OUT_OF_BUF), 1000);
	ck_assert_uint_eq(guest_rx_stat(&g, 0, RXS_ERROR), 0);
	ck_assert_uint_eq(guest_rx_stat(&g, 1, RXS_OUT_OF_BUF), 0);
	ck_assert_uint_eq(hwnet_counters(h.nic)->rx_no_buffer, 1000);
	serve(0);
	for (unsigned i = 0; i < 63; i++)
		ck_assert(offer(0));
	ck_assert_uint_eq(guest_rx_stat(&g, 0, RXS_OUT_OF_BUF), 1000);
	fake_host_fini(&h);
}
END_TEST

/* A queue that gets a buffer now and then, as soon as the last is used, would hold the card up all
 * the time. */
START_TEST(a_slow_queue_holds_others_up_a_sixteenth_of_the_time)
{
	unsigned waited = 0;

	open_two();
	fill(0);
	for (unsigned i = 0; i < 6400; i++) { /* 64 periods; ten frames for each buffer */
		fake_advance(&h, 64 * MS / 100);
		if (i % 10 == 0)
			guest_rx(&g, 0, &got);
		waited += !offer(0);
	}
	ck_assert_uint_ge(waited, 1);
	ck_assert_uint_le(waited, 6400 / 16);
	ck_assert_uint_gt(guest_rx_stat(&g, 0, RXS_OUT_OF_BUF), 5000);
	fake_host_fini(&h);
}
END_TEST

/* Buffers that come in time cost nobody a frame. */
START_TEST(a_short_famine_loses_nothing)
{
	open_two();
	for (unsigned i = 0; i < 20; i++) {
		ck_assert_uint_eq(fill(0), 63);
		fake_advance(&h, 2 * MS);
		serve(0);
		ck_assert_uint_eq(h.rx_ready, i + 1); /* the doorbell tells */
		ck_assert(offer(0));
		serve(0);
		fake_advance(&h, 62 * MS);
		ck_assert_uint_eq(h.rx_ready, i + 1);
	}
	ck_assert_uint_eq(guest_rx_stat(&g, 0, RXS_OUT_OF_BUF), 0);
	fake_host_fini(&h);
}
END_TEST

/* With one queue nothing is held up that could go ahead. */
START_TEST(the_only_queue_waits_as_long_as_it_takes)
{
	setup(9, 1);
	while (fake_rx_bytes(&h, frame, udp(500)))
		;
	for (unsigned i = 0; i < 100; i++) {
		fake_advance(&h, 100 * MS);
		ck_assert(!fake_rx_bytes(&h, frame, udp(500)));
	}
	ck_assert_uint_eq(h.rx_ready, 0);
	ck_assert_uint_eq(guest_rx_stat(&g, 0, RXS_OUT_OF_BUF), 0);
	fake_host_fini(&h);
}
END_TEST

/* loadvm: the clock of the state may be far behind, or ahead of, that of the host. */
START_TEST(a_clock_that_jumps_makes_no_wait_longer)
{
	for (unsigned back = 0; back < 2; back++) {
		open_two();
		fill(0);
		h.now += back ? -900 * MS : 900000 * MS;
		fake_reopen(&h);
		ck_assert(!offer(0));
		fake_advance(&h, 4 * MS);
		ck_assert(offer(0));
		ck_assert_uint_eq(guest_rx_stat(&g, 0, RXS_OUT_OF_BUF), 1);
		fake_host_fini(&h);
	}
}
END_TEST

/* A queue that is out of order loses its frames by itself, too. */
START_TEST(a_stopped_queue_blocks_nobody)
{
	open_two();
	for (unsigned i = 0; i < g.rx_size; i++)
		fake_put32(&h, g.rx[0][0].pa + 16 * i + 8, 2048 | RXD_DTYPE | RXD_GEN);
	for (unsigned i = 0; i < 200; i++) {
		ck_assert(offer(0));
		ck_assert(offer(1));
		ck_assert(guest_rx(&g, 1, &got));
	}
	ck_assert_uint_ge(guest_rx_stat(&g, 0, RXS_ERROR), 100);
	fake_host_fini(&h);
}
END_TEST

/* A message that has to be cut into more segments than the ring can ever hold is no reason to stop
 * for good: as many arrive as there is room for. */
START_TEST(a_message_longer_than_the_ring_is_not_held)
{
	struct sent s;

	open_host(9, 1);
	g.rx_size = 32;
	g.data_len = 0;
	start();
	message(&s, (struct build) { .payload = 60000 }, 1460);
	ck_assert_uint_eq(gso_segments(&s.pkt), 42);
	ck_assert_uint_eq(deliver(&s.pkt), 1);
	for (unsigned i = 0; i < 31; i++)
		ck_assert(guest_rx_keep(&g, 0, &got));
	ck_assert(!guest_rx_keep(&g, 0, &got));
	ck_assert_uint_eq(guest_rx_stat(&g, 0, RXS_OUT_OF_BUF), 11);
	guest_refill(&g, 0);
	ck_assert(fake_rx_bytes(&h, frame, udp(100)));
	fake_host_fini(&h);
}
END_TEST

/* Neither is a frame that all buffers of a ring are too few for. */
START_TEST(a_frame_longer_than_the_ring_is_not_held)
{
	open_host(2, 1);
	g.rx_size = 32;
	g.rx2_size = 0;
	g.head_len = 128;
	g.bodies = 3;
	start();
	for (unsigned i = 0; i < 32; i++) { /* 128 + 31 bodies of 16 bytes */
		uint64_t d2 = g.rx[0][0].pa + 16 * i + 8;

		fake_put32(&h, d2, i ? 16 | RXD_BODY | RXD_GEN : 128 | RXD_GEN);
	}
	fake_put32(&h, g.rx[0][0].pa + 16 * 31 + 8, 0); /* the one that drivers leave out */
	ck_assert(fake_rx_bytes(&h, frame, udp(1000)));
	ck_assert_uint_eq(guest_rx_stat(&g, 0, RXS_ERROR), 1);
	ck_assert(fake_rx_bytes(&h, frame, udp(300)));
	ck_assert_uint_eq(guest_rx_stat(&g, 0, RXS_UCAST_PKTS), 1);
	fake_host_fini(&h);
}
END_TEST

/* Bodies without a head, nearly a ring of them: frames that come meanwhile do not lead round the
 * ring each. */
START_TEST(bodies_are_skipped_once)
{
	unsigned before;

	open_host(9, 1);
	g.rx_size = 1024;
	start();
	for (unsigned i = 0; i < 1023; i++)
		fake_put32(&h, g.rx[0][0].pa + 16 * i + 8, 16 | RXD_BODY | RXD_GEN);
	ck_assert(!fake_rx_bytes(&h, frame, udp(100)));
	before = h.dma_reads;
	for (unsigned i = 0; i < 100; i++)
		ck_assert(!fake_rx_bytes(&h, frame, udp(100)));
	ck_assert_uint_le(h.dma_reads - before, 200);
	fake_put32(&h, g.rx[0][0].pa + 16 * 1023 + 8, 16 | RXD_BODY | RXD_GEN);
	ck_assert(fake_rx_bytes(&h, frame, udp(100))); /* now it is certain that there is none */
	ck_assert_uint_eq(fake_get32(&h, guest_rxq_pa(&g, 0) + QD_STOPPED), 1);
	fake_host_fini(&h);
}
END_TEST

static void queue_frames(unsigned queue, unsigned n)
{
	for (unsigned i = 0; i < n; i++)
		guest_queue_plain(&g, queue, frame, udp(100));
	guest_bell(&g, queue);
}

static unsigned sent_by(unsigned queue)
{
	unsigned n = 0;

	for (unsigned i = 0; i < h.n_tx; i++)
		n += h.tx[i].queue == queue;
	return n;
}

/* A queue with more frames than a run may send, run after run, leaves the others their turn. */
START_TEST(transmit_queues_share_the_budget)
{
	setup(6, 4);
	h.kick = FAKE_KICK_DEFERRED;
	for (unsigned q = 0; q < 4; q++)
		queue_frames(q, 40);
	for (unsigned run = 0; run < 4; run++) {
		fake_run(&h, 10);
		queue_frames(run, 10); /* and it has as many again */
	}
	for (unsigned q = 0; q < 4; q++)
		ck_assert_uint_eq(sent_by(q), 10);
	fake_host_fini(&h);
}
END_TEST

/* And with more than the host has room for. */
START_TEST(transmit_queues_share_the_host)
{
	setup(6, 4);
	h.kick = FAKE_KICK_DEFERRED;
	for (unsigned q = 0; q < 4; q++)
		queue_frames(q, 40);
	h.kick = FAKE_KICK_AT_ONCE;
	for (unsigned turn = 0; turn < 8; turn++) {
		h.tx_room = 5;
		fake_tx_ready(&h);
		if (!turn)
			fake_run(&h, 256);
	}
	for (unsigned q = 0; q < 4; q++)
		ck_assert_uint_eq(sent_by(q), 10);
	fake_host_fini(&h);
}
END_TEST

int main(void)
{
	const TTest *const tests[] = {
		vmxnet3_rx_queue_blocks,
		a_slow_queue_holds_others_up_a_sixteenth_of_the_time,
		a_short_famine_loses_nothing,
		the_only_queue_waits_as_long_as_it_takes,
		a_clock_that_jumps_makes_no_wait_longer,
		a_stopped_queue_blocks_nobody,
		a_message_longer_than_the_ring_is_not_held,
		a_frame_longer_than_the_ring_is_not_held,
		bodies_are_skipped_once,
		transmit_queues_share_the_budget,
		transmit_queues_share_the_host,
		NULL,
	};

	return unit_main("vmxnet3-queues", tests);
}
