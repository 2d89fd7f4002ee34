/* SPDX-License-Identifier: BSD-2-Clause */
/* Drivers that break the rules of rings: the ring stops, and nothing else happens. */
#define _GNU_SOURCE /* memfd_create() */
#include "main.h"

#include <signal.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include "driver.h"

static struct vring_burst burst;
static struct driver *d;

static void make(bool packed, bool to_driver)
{
	const struct driver_conf conf = {
		.num = 16, .packed = packed, .to_driver = to_driver, .mergeable = true
	};

	d = driver_new(&conf);
}

/* A broken ring does nothing, again and again, and says why */
static void check_broken(void)
{
	static uint8_t frame[5000];
	struct pkt pkt;
	struct iovec iov;
	const struct pkt *one = &pkt;

	pkt_flat(&pkt, &iov, frame, sizeof(frame));
	for (unsigned i = 0; i < 3; i++) {
		if (d->conf.to_driver) {
			ck_assert_uint_eq(vsw_vring_put(&d->vq, &one, 1), 1);
		} else {
			ck_assert_uint_eq(vsw_vring_get(&d->vq, &burst), 0);
			vsw_vring_got(&d->vq, &burst, 0);
		}
		ck_assert_ptr_nonnull(d->vq.why);
		ck_assert(!vsw_vring_more(&d->vq));
		ck_assert(!vsw_vring_kicks(&d->vq, true));
		vsw_vring_signal(&d->vq);
	}
	ck_assert_uint_eq(d->vq.count.calls, 0);
	if (!d->mem.broken) /* else the driver has no ring left to look at */
		ck_assert_int_eq(driver_take(d, NULL), -1);
	driver_free(d);
}

static const struct driver_part good = { DRIVER_GPA + 0x10000, 100 };

START_TEST(an_index_that_jumps)
{
	make(false, false);
	driver_avail(d)->idx = 17;
	check_broken();
	make(false, true);
	driver_avail(d)->idx = 0x8000;
	check_broken();
}
END_TEST

START_TEST(a_head_beyond_the_table)
{
	for (unsigned dir = 0; dir < 2; dir++) {
		make(false, dir);
		driver_offer(d, &good, 1, false);
		driver_avail(d)->ring[0] = 16;
		check_broken();
	}
}
END_TEST

START_TEST(a_chain_that_leaves_the_table)
{
	make(false, false);
	driver_offer(d, &good, 1, false);
	driver_desc(d, 0)->rest = 10 | (uint64_t)VRING_F_NEXT << 32 | UINT64_C(16) << 48;
	check_broken();
}
END_TEST

START_TEST(a_chain_without_an_end)
{
	for (unsigned dir = 0; dir < 2; dir++) {
		make(false, dir);
		driver_offer(d, &good, 1, false);
		for (unsigned i = 0; i < 16; i++)
			driver_desc(d, i)->rest = (uint64_t)(VRING_F_NEXT | dir * VRING_F_WRITE)
							  << 32 |
						  (uint64_t)((i + 1) % 16) << 48;
		check_broken();
	}
	make(true, false);
	driver_offer(d, &good, 1, false);
	for (unsigned i = 0; i < 16; i++)
		driver_desc(d, i)->rest |= (uint64_t)VRING_F_NEXT << 48;
	check_broken();
}
END_TEST

START_TEST(memory_that_is_not_there)
{
	static const struct driver_part bad[] = {
		{ DRIVER_GPA - 1, 100 },  { DRIVER_GPA + 2 * DRIVER_REGION - 99, 100 }, { 0, 100 },
		{ UINT64_MAX - 10, 100 }, { DRIVER_GPA + 2 * DRIVER_REGION, 1 },
	};

	for (unsigned i = 0; i < 20; i++) {
		make(i & 1, i >> 1 & 1);
		driver_offer(d, &bad[i >> 2], 1, false);
		check_broken();
	}
}
END_TEST

START_TEST(a_table_that_is_not_there)
{
	static const struct driver_part bad[] = {
		{ DRIVER_GPA - 16, 32 },
		{ DRIVER_GPA + 2 * DRIVER_REGION - 8, 16 },
		{ DRIVER_GPA, 0 },
		{ DRIVER_GPA, 17 },
	};

	for (unsigned i = 0; i < 8; i++) {
		make(i & 1, false);
		driver_offer(d, &bad[i >> 1], 1, false);
		driver_desc(d, 0)->rest |= (uint64_t)VRING_F_INDIRECT << (i & 1 ? 48 : 32);
		check_broken();
	}
}
END_TEST

START_TEST(a_table_in_a_table)
{
	for (unsigned packed = 0; packed < 2; packed++) {
		struct vring_desc *t;

		make(packed, false);
		driver_offer(d, &good, 1, true);
		t = driver_at(d, driver_desc(d, 0)->addr);
		t->rest |= (uint64_t)VRING_F_INDIRECT << (packed ? 48 : 32);
		t->rest += 16 - (t->rest & 15);
		check_broken();
	}
}
END_TEST

START_TEST(a_table_that_leads_round_in_itself)
{
	struct driver_part part[2] = { good, good };
	struct vring_desc *t;

	make(false, false);
	driver_offer(d, part, 2, true);
	t = driver_at(d, driver_desc(d, 0)->addr);
	t[1].rest |= (uint64_t)VRING_F_NEXT << 32;
	t[1].rest &= ~(UINT64_C(0xffff) << 48);
	check_broken();
}
END_TEST

START_TEST(a_table_that_leads_out_of_itself)
{
	make(false, false);
	driver_offer(d, &good, 1, true);
	((struct vring_desc *)driver_at(d, driver_desc(d, 0)->addr))->rest |= (uint64_t)VRING_F_NEXT
									      << 32;
	check_broken();
}
END_TEST

START_TEST(tables_that_were_not_agreed_upon)
{
	for (unsigned packed = 0; packed < 2; packed++) {
		make(packed, false);
		d->vq.indirect = false;
		driver_offer(d, &good, 1, true);
		check_broken();
	}
}
END_TEST

START_TEST(buffers_of_the_wrong_direction)
{
	for (unsigned i = 0; i < 4; i++) {
		make(i & 1, i >> 1);
		driver_offer(d, &good, 1, false);
		driver_desc(d, 0)->rest ^= (uint64_t)VRING_F_WRITE << (i & 1 ? 48 : 32);
		check_broken();
	}
}
END_TEST

START_TEST(a_packed_ring_begun_beyond_its_end)
{
	make(true, false);
	vsw_vring_start(&d->vq, 16);
	check_broken();
}
END_TEST

/* A chain of 1024 descriptors is legal; a burst does not look at many of them */
START_TEST(long_chains_end_a_burst_early)
{
	static struct driver_part part[VRING_CHAIN_MAX - 1];

	for (unsigned packed = 0; packed < 2; packed++) {
		make(packed, false);
		for (unsigned i = 0; i < VRING_CHAIN_MAX - 1; i++)
			part[i] = (struct driver_part) { DRIVER_GPA + 64 * i, i % 2 };
		for (unsigned i = 0; i < 8; i++)
			ck_assert_int_ge(driver_offer(d, part, VRING_CHAIN_MAX - 1, true), 0);
		vsw_vring_get(&d->vq, &burst);
		ck_assert_uint_ge(burst.chains, 1);
		ck_assert_uint_le(burst.chains, 3);
		ck_assert_ptr_null(d->vq.why);
		driver_free(d);
	}
}
END_TEST

/* The front end truncates its memory: this device ends, a second one, and the process, go on */
START_TEST(memory_that_is_taken_away)
{
	for (unsigned i = 0; i < 4; i++) {
		struct driver *other;
		struct vnet_hdr h = { 0 };
		uint8_t frame[1000] = { 0 };

		make(i & 1, false);
		other = d;
		make(i & 1, i >> 1);
		driver_offer(d, &(struct driver_part) { DRIVER_GPA + 0x10000, 6000 }, 1, false);
		ck_assert_int_eq(ftruncate(d->mem.region[0].map.fd, i & 1 ? 0 : 0x10000), 0);
		check_broken();
		d = other;
		driver_send(d, &h, frame, sizeof(frame));
		ck_assert_uint_eq(vsw_vring_get(&d->vq, &burst), 1);
		driver_free(d);
	}
}
END_TEST

#ifndef __SANITIZE_ADDRESS__ /* which reports the signal, and aborts */
/* A SIGBUS that none of our maps caused ends the process as ever */
START_TEST(other_bus_errors_are_not_hidden)
{
	int fd = memfd_create("other", 0);
	volatile uint8_t *p;

	make(false, false);
	ck_assert_int_eq(ftruncate(fd, 4096), 0);
	p = mmap(NULL, 4096, PROT_READ, MAP_SHARED, fd, 0);
	ck_assert_int_eq(ftruncate(fd, 0), 0);
	(void)*p;
}
END_TEST
#endif

int main(void)
{
	Suite *s = suite_create("vhost-vring-hostile");
	TCase *t = tcase_create("hostile");

	tcase_add_test(t, an_index_that_jumps);
	tcase_add_test(t, a_head_beyond_the_table);
	tcase_add_test(t, a_chain_that_leaves_the_table);
	tcase_add_test(t, a_chain_without_an_end);
	tcase_add_test(t, memory_that_is_not_there);
	tcase_add_test(t, a_table_that_is_not_there);
	tcase_add_test(t, a_table_in_a_table);
	tcase_add_test(t, a_table_that_leads_round_in_itself);
	tcase_add_test(t, a_table_that_leads_out_of_itself);
	tcase_add_test(t, tables_that_were_not_agreed_upon);
	tcase_add_test(t, buffers_of_the_wrong_direction);
	tcase_add_test(t, a_packed_ring_begun_beyond_its_end);
	tcase_add_test(t, long_chains_end_a_burst_early);
	tcase_add_test(t, memory_that_is_taken_away);
#ifndef __SANITIZE_ADDRESS__
	tcase_add_test_raise_signal(t, other_bus_errors_are_not_hidden, SIGBUS);
#endif
	suite_add_tcase(s, t);
	return run_suite(s);
}
