/* SPDX-License-Identifier: BSD-2-Clause */
/* vmxnet3: what one act of a guest can cost (docs/security.md, "Work per act"). */
#include "hwnet/gso.h"
#include "fixture.h"

static void queue_message(uint32_t payload, uint32_t mss, uint32_t hlen)
{
	uint32_t len = tcp(payload), lens[8] = { 54 }, n = 1;

	for (uint32_t at = 54; at < len; at += lens[n++])
		lens[n] = len - at < 16383 ? len - at : 16383;
	guest_queue(&g, 0, frame, lens, n, mss << 18, OM_TSO << 10 | hlen);
}

START_TEST(mss1_is_refused)
{
	setup(9, 1);
	queue_message(60000, 1, 54);
	guest_bell(&g, 0);
	ck_assert_uint_eq(h.n_tx, 0);
	ck_assert_uint_eq(guest_tx_done(&g, 0), 1);
	ck_assert_uint_eq(guest_tx_stat(&g, 0, TXS_ERROR), 1);
	check_alive();
}
END_TEST

START_TEST(a_message_counts_as_its_segments)
{
	setup(9, 1);
	h.kick = FAKE_KICK_DEFERRED;
	for (unsigned i = 0; i < 20; i++)
		queue_message(GSO_SEGS_MAX, 1, 54);
	guest_bell(&g, 0);
	for (unsigned i = 1; i <= 20; i++) {
		fake_run(&h, 256);
		ck_assert_uint_eq(h.n_tx, i);
	}
	fake_run(&h, 256);
	ck_assert(!h.more);
	fake_host_fini(&h);
}
END_TEST

START_TEST(descriptors_count)
{
	uint32_t len = tcp(200), lens[16] = { 0 };

	for (unsigned i = 0; i < 15; i++)
		lens[i] = len / 16;
	lens[15] = len - 15 * (len / 16);
	setup(9, 1);
	h.kick = FAKE_KICK_DEFERRED;
	for (unsigned i = 0; i < 4; i++)
		guest_queue(&g, 0, frame, lens, 16, 0, 0);
	guest_bell(&g, 0);
	ck_assert(fake_run(&h, 4)); /* each frame is worth two */
	ck_assert_uint_eq(h.n_tx, 2);
	fake_host_fini(&h);
}
END_TEST

START_TEST(dropped_frames_count)
{
	setup(9, 1);
	h.kick = FAKE_KICK_DEFERRED;
	for (unsigned i = 0; i < 10; i++)
		queue_message(40000, 1000, 55);
	guest_bell(&g, 0);
	ck_assert(fake_run(&h, 64));
	ck_assert_uint_eq(h.errors, 4); /* each is worth twenty */
	ck_assert_uint_eq(h.n_tx, 0);
	fake_host_fini(&h);
}
END_TEST

int main(void)
{
	const TTest *const tests[] = { mss1_is_refused, a_message_counts_as_its_segments,
				       descriptors_count, dropped_frames_count, NULL };

	return unit_main("vmxnet3-work", tests);
}
