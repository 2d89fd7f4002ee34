/* SPDX-License-Identifier: BSD-2-Clause */
/* Who is told what, and when: kicks, interrupts, the dirty log. */
#include "main.h"

#include <string.h>
#include <sys/eventfd.h>
#include <unistd.h>

#include "driver.h"
#include "peer/call.h"

static const struct driver_conf layouts[] = {
	{ .num = 8 },
	{ .num = 8, .event_idx = true },
	{ .num = 8, .packed = true },
	{ .num = 7, .packed = true, .event_idx = true },
	{ .num = 8, .packed = true, .event_idx = true, .in_order = true },
};

#define EACH_LAYOUT(i) for (unsigned i = 0; i < sizeof(layouts) / sizeof(layouts[0]); i++)

static struct vring_burst burst;

static struct driver *make(unsigned layout, bool to_driver, bool log)
{
	struct driver_conf conf = layouts[layout];

	conf.to_driver = to_driver;
	conf.mergeable = to_driver;
	conf.log = log;
	return driver_new(&conf);
}

static void send(struct driver *d, unsigned n)
{
	static const uint8_t frame[60];
	const struct vnet_hdr h = { 0 };

	while (n--)
		ck_assert_int_ge(driver_send(d, &h, frame, sizeof(frame)), 0);
}

/* All that was sent is taken and given back */
static void turn(struct driver *d)
{
	vsw_vring_get(&d->vq, &burst);
	vsw_vring_got(&d->vq, &burst, burst.n);
	vsw_vring_signal(&d->vq);
}

static void take_all(struct driver *d)
{
	while (driver_take(d, NULL) >= 0)
		;
}

static unsigned deliver(struct driver *d, uint32_t len)
{
	static uint8_t frame[2000];
	struct pkt pkt;
	struct iovec iov;
	const struct pkt *one = &pkt;

	pkt_flat(&pkt, &iov, frame, len);
	return vsw_vring_put(&d->vq, &one, 1);
}

START_TEST(a_sender_kicks_only_when_asked_to)
{
	EACH_LAYOUT(l)
	{
		struct driver *d = make(l, false, false);

		for (unsigned round = 0; round < 40; round++) {
			ck_assert(!vsw_vring_kicks(&d->vq, true));
			send(d, 1 + round % 3);
			ck_assert(driver_must_kick(d, (uint16_t)(1 + round % 3)));
			vsw_vring_kicks(&d->vq, false);
			turn(d);
			take_all(d);
			if (layouts[l].event_idx && !layouts[l].packed)
				continue; /* is off by having been passed */
			send(d, 2);
			ck_assert(!driver_must_kick(d, 2));
			turn(d);
			take_all(d);
		}
		driver_free(d);
	}
}
END_TEST

START_TEST(asking_for_kicks_looks_once_more)
{
	EACH_LAYOUT(l)
	{
		struct driver *d = make(l, false, false), *r = make(l, true, false);

		ck_assert(!vsw_vring_kicks(&d->vq, true));
		send(d, 1);
		ck_assert(vsw_vring_more(&d->vq));
		ck_assert(vsw_vring_kicks(&d->vq, true));
		turn(d);
		ck_assert(!vsw_vring_kicks(&d->vq, true));
		driver_free(d);

		ck_assert_uint_eq(deliver(r, 60), 0);
		ck_assert(!vsw_vring_kicks(&r->vq, true));
		driver_offer_buffer(r, 100);
		ck_assert(driver_must_kick(r, 1));
		ck_assert(vsw_vring_kicks(&r->vq, true));
		/* too short still: asked again, from what has been seen on */
		ck_assert_uint_eq(deliver(r, 500), 0);
		ck_assert(!vsw_vring_kicks(&r->vq, true));
		driver_offer_buffer(r, 1000);
		ck_assert(driver_must_kick(r, 1));
		ck_assert_uint_eq(deliver(r, 500), 1);
		driver_free(r);
	}
}
END_TEST

START_TEST(a_kick_is_wanted_only_for_what_is_new)
{
	EACH_LAYOUT(l)
	{
		struct driver *d = make(l, false, false);

		if (layouts[l].event_idx) {
			vsw_vring_kicks(&d->vq, true);
			send(d, 2);
			ck_assert(driver_must_kick(d, 2));
			send(d, 2);
			ck_assert(!driver_must_kick(d, 2));
		}
		driver_free(d);
	}
}
END_TEST

START_TEST(a_driver_is_told_once_a_burst_if_it_wants)
{
	EACH_LAYOUT(l)
	{
		struct driver *d = make(l, false, false);

		driver_want_calls(d, layouts[l].event_idx ? 2 : 1);
		for (unsigned round = 1; round < 40; round++) {
			send(d, 3);
			turn(d);
			ck_assert_uint_eq(d->vq.count.calls, round);
			vsw_vring_signal(&d->vq);
			ck_assert_uint_eq(d->vq.count.calls, round);
			take_all(d);
			if (layouts[l].event_idx)
				driver_want_calls(d, 2);
		}
		driver_free(d);
	}
}
END_TEST

START_TEST(a_driver_that_wants_no_interrupts_gets_none)
{
	EACH_LAYOUT(l)
	{
		struct driver *d = make(l, false, false);
		uint64_t first;

		/* the first one comes always: what the driver wants may not have
		 * been written yet */
		send(d, 1);
		turn(d);
		take_all(d);
		first = d->vq.count.calls;
		ck_assert_uint_eq(first, 1);
		driver_want_calls(d, 0);
		if (layouts[l].event_idx && !layouts[l].packed)
			driver_avail(d)->ring[8] = 30000; /* far away */
		for (unsigned i = 0; i < 30; i++) {
			send(d, 3);
			turn(d);
			take_all(d);
		}
		ck_assert_uint_eq(d->vq.count.calls, first);
		driver_free(d);
	}
}
END_TEST

START_TEST(an_event_index_is_met_wherever_in_the_burst)
{
	EACH_LAYOUT(l)
	{
		for (unsigned at = 0; at < 40 && layouts[l].event_idx; at++) {
			struct driver *d = make(l, true, false);
			unsigned n = 0;

			for (; n < at; n++) {
				driver_offer_buffer(d, 100);
				deliver(d, 60);
				vsw_vring_signal(&d->vq);
				take_all(d);
			}
			driver_want_calls(d, 2); /* at the next chain */
			d->vq.count.calls = 0;
			vsw_vring_signal(&d->vq);
			ck_assert_uint_eq(d->vq.count.calls, 0);
			for (unsigned i = 0; i < 3; i++) {
				driver_offer_buffer(d, 100);
				deliver(d, 60);
			}
			vsw_vring_signal(&d->vq);
			ck_assert_uint_eq(d->vq.count.calls, 1);
			take_all(d);
			driver_offer_buffer(d, 100);
			deliver(d, 60);
			vsw_vring_signal(&d->vq); /* the event lies behind */
			ck_assert_uint_eq(d->vq.count.calls, 1);
			driver_free(d);
		}
	}
}
END_TEST

/* A driver that takes O_NONBLOCK off and fills its eventfd must not hold the frame thread up */
START_TEST(a_full_eventfd_that_blocks_holds_nobody_up)
{
	const uint64_t most = UINT64_MAX - 1;
	struct driver *d = make(0, false, false);
	uint64_t n;

	peer_call_init();
	d->vq.call_fd = eventfd(0, 0);
	for (unsigned i = 0; i < 1000; i++) {
		if (i == 500)
			ck_assert_int_eq(write(d->vq.call_fd, &most, sizeof(most)), sizeof(most));
		send(d, 1);
		turn(d);
		take_all(d);
		if (i < 500)
			ck_assert_int_eq(read(d->vq.call_fd, &n, sizeof(n)), sizeof(n));
	}
	ck_assert_uint_eq(d->vq.count.calls, 1000);
	close(d->vq.call_fd);
	driver_free(d);
}
END_TEST

START_TEST(a_call_writes_the_eventfd)
{
	struct driver *d = make(0, false, false);
	uint64_t n = 0;

	peer_call_init();
	d->vq.call_fd = eventfd(0, EFD_NONBLOCK);
	send(d, 2);
	turn(d);
	ck_assert_int_eq(read(d->vq.call_fd, &n, 8), 8);
	ck_assert_uint_eq(n, 1);
	ck_assert_int_eq(read(d->vq.call_fd, &n, 8), -1);
	close(d->vq.call_fd);
	driver_free(d);
}
END_TEST

static bool dirty(const struct driver *d, uint64_t gpa)
{
	uint64_t page = gpa >> VHOST_LOG_PAGE;

	return d->log.map.host[page / 8] >> page % 8 & 1;
}

static void clear_log(struct driver *d)
{
	memset(d->log.map.host, 0, d->log.map.size);
}

START_TEST(pages_written_are_logged)
{
	EACH_LAYOUT(l)
	{
		struct driver *d = make(l, true, true);
		uint64_t a, b, page;

		d->brk = 0x10000;
		a = driver_offer_buffer(d, 1000);
		d->brk = 0x2fff0; /* a page boundary runs through its header */
		b = driver_offer_buffer(d, 1000);
		ck_assert_uint_eq(deliver(d, 60), 1);
		ck_assert(dirty(d, a) && !dirty(d, b));
		ck_assert(dirty(d, layouts[l].packed ? d->ring : d->used));
		ck_assert(!dirty(d, 0x5000 + DRIVER_GPA));
		clear_log(d);
		ck_assert_uint_eq(deliver(d, 900), 1);
		ck_assert(!dirty(d, a) && dirty(d, b) && dirty(d, b + 1000));
		clear_log(d);
		vsw_vring_kicks(&d->vq, true);
		vsw_vring_kicks(&d->vq, false);
		ck_assert(dirty(d, d->used));
		driver_free(d);

		d = make(l, false, true);
		clear_log(d);
		send(d, 1);
		turn(d);
		page = layouts[l].packed ? d->ring : d->used;
		for (uint64_t gpa = DRIVER_GPA; gpa < DRIVER_GPA + 0x20000; gpa += 4096)
			ck_assert_int_eq(dirty(d, gpa), gpa >> 12 == page >> 12);
		driver_free(d);
	}
}
END_TEST

/* Each entry given back, on whatever page of the used ring it stands */
START_TEST(pages_of_a_long_used_ring_are_logged)
{
	const struct driver_conf conf = { .num = 1024, .log = true };
	struct driver *d = driver_new(&conf);

	for (unsigned i = 0; i < 1000; i++) {
		clear_log(d);
		send(d, 1);
		turn(d);
		take_all(d);
		ck_assert(dirty(d, d->used + 2));
		ck_assert(dirty(d, d->used + 4 + 8 * i));
		ck_assert(i > 300 || !dirty(d, d->used + 4 + 8 * 1000));
	}
	driver_free(d);
}
END_TEST

START_TEST(pages_beyond_the_log_are_not_logged)
{
	struct driver *d = make(0, true, true);

	d->log.map.size = 8; /* as if the front end had said so */
	driver_offer_buffer(d, 1000);
	ck_assert_uint_eq(deliver(d, 60), 1);
	ck_assert(!dirty(d, d->used));
	driver_free(d);
}
END_TEST

int main(void)
{
	const TTest *const tests[] = {
		a_sender_kicks_only_when_asked_to,
		asking_for_kicks_looks_once_more,
		a_kick_is_wanted_only_for_what_is_new,
		a_driver_is_told_once_a_burst_if_it_wants,
		a_driver_that_wants_no_interrupts_gets_none,
		an_event_index_is_met_wherever_in_the_burst,
		a_call_writes_the_eventfd,
		a_full_eventfd_that_blocks_holds_nobody_up,
		pages_written_are_logged,
		pages_of_a_long_used_ring_are_logged,
		pages_beyond_the_log_are_not_logged,
		NULL,
	};

	return run_tests("vhost-vring-events", tests);
}
