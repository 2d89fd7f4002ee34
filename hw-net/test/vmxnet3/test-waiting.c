/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Frames that are in the vmxnet3's rings before they may leave: those that a host refused leave
 * when it has room, without another doorbell, and none waits for a host that was told to forget
 * it.
 */
#include "hwnet/frame.h"
#include "fixture.h"

static void queue(unsigned q)
{
	guest_queue_plain(&g, q, frame, udp(100));
	guest_bell(&g, q);
}

static void expect_sent(unsigned n)
{
	ck_assert_uint_eq(h.n_tx, n);
	for (unsigned i = 0; i < n; i++)
		ck_assert_uint_eq(h.tx[i].pkt.len, udp(100));
}

/* One frame of each of two queues, refused. */
static void open_refused(void)
{
	setup(9, 2);
	h.tx_room = 0;
	queue(0);
	queue(1);
	h.tx_room = UINT32_MAX;
	guest_bell(&g, 0);
	ck_assert_uint_eq(h.n_tx, 0); /* not asked again */
}

START_TEST(for_the_host)
{
	open_refused();
	fake_tx_ready(&h);
	expect_sent(2);
	ck_assert_uint_eq(guest_tx_done(&g, 0), 1);
	ck_assert_uint_eq(guest_tx_done(&g, 1), 1);
	fake_host_fini(&h);
}
END_TEST

static void reset(void)
{
	guest_cmd(&g, VMX_CMD_RESET);
}

static void quiesce(void)
{
	guest_cmd(&g, VMX_CMD_QUIESCE);
}

static void bus_reset(void)
{
	fake_reset(&h, HWNET_RESET_BUS);
}

static void (*const ends[])(void) = { reset, quiesce, bus_reset };

static void restart(void)
{
	guest_clean(&g);
	ck_assert_uint_eq(guest_activate(&g), 0);
	for (unsigned i = 0; i < 3; i++)
		guest_imr(&g, i, false);
}

/* The next rings wait for no word from a host that refused a frame of the last ones. */
START_TEST(for_a_host_that_refused_before_a_reset)
{
	open_refused();
	ends[_i]();
	restart();
	ck_assert_uint_eq(h.n_tx, 0);
	queue(0);
	queue(1);
	expect_sent(2);
	fake_tx_ready(&h);
	expect_sent(2);
	fake_host_fini(&h);
}
END_TEST

/* A doorbell of a device that is not active is nothing; drivers ring again for what they queue
 * then. */
START_TEST(for_the_activation)
{
	setup(9, 1);
	ends[_i]();
	guest_bell(&g, 0);
	ck_assert_uint_eq(h.n_tx, 0);
	restart();
	queue(0);
	expect_sent(1);
	fake_host_fini(&h);
}
END_TEST

/* A host that loads a state has refused nothing of it, and so says nothing: another one, or the
 * same. */
START_TEST(for_another_host)
{
	static uint8_t state[1 << 17];
	char err[160];
	size_t len;

	open_refused();
	fake_reopen(&h);
	expect_sent(2);
	fake_host_fini(&h);
	open_refused();
	len = fake_save(&h, state, sizeof(state));
	ck_assert_int_eq(fake_load(&h, state, len, err, sizeof(err)), 0);
	expect_sent(2);
	fake_host_fini(&h);
}
END_TEST

/* A host that was asked to run and does so only after the end of the rings finds nothing of
 * them. */
START_TEST(for_a_late_run)
{
	setup(9, 1);
	h.kick = FAKE_KICK_DEFERRED;
	queue(0);
	ends[_i]();
	fake_run(&h, 64);
	ck_assert_uint_eq(h.n_tx, 0);
	h.kick = FAKE_KICK_AT_ONCE;
	restart();
	queue(0);
	expect_sent(1);
	fake_host_fini(&h);
}
END_TEST

/* Without a cable frames are done and gone: no driver waits for them. */
START_TEST(for_no_cable)
{
	setup(9, 1);
	fake_carrier(&h, false);
	queue(0);
	ck_assert_uint_eq(guest_tx_done(&g, 0), 1);
	ck_assert_uint_eq(h.n_tx, 0);
	fake_carrier(&h, true);
	queue(0);
	expect_sent(1);
	fake_host_fini(&h);
}
END_TEST

int main(void)
{
	Suite *suite = suite_create("vmxnet3-waiting");
	TCase *tcase = tcase_create("vmxnet3-waiting");

	tcase_add_test(tcase, for_the_host);
	tcase_add_loop_test(tcase, for_a_host_that_refused_before_a_reset, 0, 3);
	tcase_add_loop_test(tcase, for_the_activation, 0, 3);
	tcase_add_test(tcase, for_another_host);
	tcase_add_loop_test(tcase, for_a_late_run, 0, 3);
	tcase_add_test(tcase, for_no_cable);
	return unit_run(suite, tcase, srunner_create(suite));
}
