/* SPDX-License-Identifier: BSD-2-Clause */
/* Frames out of rings of every layout: whole, in order, wherever their pieces lie. */
#include "main.h"

#include "build-frame.h"
#include "vrings.h"

START_TEST(frames_come_as_they_were_sent)
{
	static const uint32_t lens[] = { 14, 31, 32, 60, 64, 65, 191, 192, 193, 1514, 9000, 65553 };
	const unsigned n = sizeof(lens) / sizeof(lens[0]);

	EACH_LAYOUT(l)
	{
		struct driver *d = sender(l);

		for (unsigned i = 0; i < n; i++)
			ck_assert_int_ge(send_plain(d, lens[i], i), 0);
		ck_assert_uint_eq(vsw_vring_get(&d->vq, &burst), n);
		for (unsigned i = 0; i < n; i++)
			check_frame(burst.pkts[i], lens[i], i);
		ck_assert_int_eq(driver_take(d, NULL), -1);
		vsw_vring_got(&d->vq, &burst, n);
		for (unsigned i = 0; i < n; i++)
			ck_assert_int_ge(driver_take(d, NULL), 0);
		ck_assert_int_eq(driver_take(d, NULL), -1);
		driver_free(d);
	}
}
END_TEST

START_TEST(frames_that_were_not_taken_come_again)
{
	EACH_LAYOUT(l)
	{
		struct driver *d = sender(l);
		int id[10];

		for (unsigned i = 0; i < 10; i++)
			id[i] = send_plain(d, 60, i);
		ck_assert_uint_eq(vsw_vring_get(&d->vq, &burst), 10);
		vsw_vring_got(&d->vq, &burst, 0);
		ck_assert_int_eq(driver_take(d, NULL), -1);
		ck_assert_uint_eq(vsw_vring_get(&d->vq, &burst), 10);
		vsw_vring_got(&d->vq, &burst, 3);
		for (unsigned i = 0; i < 3; i++)
			ck_assert_int_eq(driver_take(d, NULL), id[i]);
		ck_assert_int_eq(driver_take(d, NULL), -1);
		ck_assert_uint_eq(vsw_vring_get(&d->vq, &burst), 7);
		check_frame(burst.pkts[0], 60, 3);
		vsw_vring_got(&d->vq, &burst, 7);
		ck_assert_uint_eq(d->vq.count.frames, 10);
		driver_free(d);
	}
}
END_TEST

/* A frame cut into pieces of the lengths given, 0 at their end; the last takes the rest */
static int send_pieces(struct driver *d, uint32_t len, const uint32_t *cut, bool indirect)
{
	struct driver_part part[VRING_CHAIN_MAX];
	unsigned n = 0;
	uint32_t at = 0, total = (uint32_t)VNET_HDR_LEN + len;

	memset(bytes, 0, VNET_HDR_LEN);
	fill(bytes + VNET_HDR_LEN, len, n);
	while (at < total) {
		part[n].len = *cut && *cut < total - at ? *cut : total - at;
		part[n].gpa = driver_alloc(d, part[n].len);
		memcpy(driver_at(d, part[n].gpa), bytes + at, part[n].len);
		at += part[n++].len;
		cut += *cut != 0;
	}
	return driver_offer(d, part, n, indirect);
}

START_TEST(pieces_may_begin_and_end_anywhere)
{
	static const uint32_t cuts[][40] = {
		{ 12 }, { 10 },	 { 1, 1, 1 }, { 11, 2 },      { 12, 14 },
		{ 50 }, { 204 }, { 203, 2 },  { 12, 192, 1 }, { 100, 100, 100, 100, 100, 100 },
	};

	EACH_LAYOUT(l)
	{
		struct driver *d = sender(l);

		for (unsigned i = 0; i < 2 * sizeof(cuts) / sizeof(cuts[0]); i++) {
			ck_assert_int_ge(send_pieces(d, 1514, cuts[i / 2], i & 1), 0);
			ck_assert_uint_eq(vsw_vring_get(&d->vq, &burst), 1);
			check_frame(burst.pkts[0], 1514, 0);
			vsw_vring_got(&d->vq, &burst, 1);
			ck_assert_int_ge(driver_take(d, NULL), 0);
		}
		driver_free(d);
	}
}
END_TEST

/* As DPDK's driver makes them */
START_TEST(a_packed_table_may_say_that_its_header_is_to_be_written)
{
	static const uint32_t cut[] = { VNET_HDR_LEN, 100, 0 };

	EACH_LAYOUT(l)
	{
		struct driver *d = sender(l);
		struct vring_desc *table;

		ck_assert_int_ge(send_pieces(d, 1514, cut, true), 0);
		table = driver_at(d, driver_desc(d, 0)->addr);
		if (d->conf.packed)
			table->rest |= (uint64_t)VRING_F_WRITE << 48;
		ck_assert_uint_eq(vsw_vring_get(&d->vq, &burst), 1);
		check_frame(burst.pkts[0], 1514, 0);
		vsw_vring_got(&d->vq, &burst, 1);
		ck_assert_int_ge(driver_take(d, NULL), 0);
		driver_free(d);
	}
}
END_TEST

START_TEST(frames_of_too_many_pieces_are_made_flat_one_a_burst)
{
	uint32_t cut[512];

	for (unsigned i = 0; i < 511; i++)
		cut[i] = 150;
	cut[511] = 0;
	EACH_LAYOUT(l)
	{
		struct driver *d = sender(l);

		ck_assert_int_ge(send_pieces(d, 7000, cut, false), 0); /* 47 pieces */
		ck_assert_uint_eq(drain(d), 1);
		while (driver_take(d, NULL) >= 0)
			;
		for (unsigned i = 0; i < 2; i++)
			ck_assert_int_ge(send_pieces(d, 65535, cut, true), 0);
		for (unsigned i = 0; i < 2; i++) {
			ck_assert_uint_eq(vsw_vring_get(&d->vq, &burst), 1);
			check_frame(burst.pkts[0], 65535, 0);
			vsw_vring_got(&d->vq, &burst, 1);
			ck_assert_int_ge(driver_take(d, NULL), 0);
		}
		driver_free(d);
	}
}
END_TEST

START_TEST(what_is_no_frame_is_dropped_counted_and_given_back_in_order)
{
	static const uint32_t cut[] = { 12, 0 };

	EACH_LAYOUT(l)
	{
		struct driver *d = sender(l);
		struct driver_part huge = { DRIVER_GPA, 7u << 20 }, none = { DRIVER_GPA, 0 };
		int id[6];

		id[0] = send_plain(d, 13, 0);
		id[1] = send_plain(d, 60, 1);
		id[2] = driver_offer(d, &huge, 1, false);
		id[3] = driver_offer(d, &none, 1, false);
		id[4] = send_pieces(d, 1, cut, true);
		id[5] = send_plain(d, 60, 2);
		ck_assert_uint_eq(vsw_vring_get(&d->vq, &burst), 2);
		check_frame(burst.pkts[0], 60, 1);
		check_frame(burst.pkts[1], 60, 2);
		vsw_vring_got(&d->vq, &burst, 1);
		ck_assert_uint_eq(vsw_vring_get(&d->vq, &burst), 1);
		vsw_vring_got(&d->vq, &burst, 1);
		for (unsigned i = 0; i < 6; i++)
			ck_assert_int_eq(driver_take(d, NULL), id[i]);
		ck_assert_uint_eq(d->vq.count.malformed, 4);
		ck_assert_ptr_null(d->vq.why);
		driver_free(d);
	}
}
END_TEST

/* The next process goes on where the ring's indices say */
START_TEST(a_ring_goes_on_where_it_was_stopped)
{
	EACH_LAYOUT(l)
	{
		struct driver *d = sender(l);

		for (unsigned i = 0; i < 300; i++) {
			ck_assert_int_ge(send_plain(d, 60, i), 0);
			ck_assert_int_ge(send_plain(d, 60, i + 1), 0);
			vsw_vring_start(&d->vq, vsw_vring_base(&d->vq));
			ck_assert_uint_eq(vsw_vring_get(&d->vq, &burst), 2);
			check_frame(burst.pkts[0], 60, i);
			vsw_vring_got(&d->vq, &burst, 1);
			vsw_vring_start(&d->vq, vsw_vring_base(&d->vq));
			ck_assert_uint_eq(vsw_vring_get(&d->vq, &burst), 1);
			check_frame(burst.pkts[0], 60, i + 1);
			vsw_vring_got(&d->vq, &burst, 1);
			ck_assert_int_ge(driver_take(d, NULL), 0);
			ck_assert_int_ge(driver_take(d, NULL), 0);
		}
		driver_free(d);
	}
}
END_TEST

/* DPDK's virtio-user says only where to take, not where to give back */
START_TEST(half_a_base_is_enough_for_a_packed_ring)
{
	struct driver *d = sender(2);

	vsw_vring_start(&d->vq, 0x8000);
	send_plain(d, 60, 1);
	ck_assert_uint_eq(drain(d), 1);
	ck_assert_int_ge(driver_take(d, NULL), 0);
	driver_free(d);
}
END_TEST

/* Random frames in random pieces through many laps, some not taken at once */
START_TEST(many_laps_keep_order)
{
	EACH_LAYOUT(l)
	{
		struct driver *d = sender(l);
		uint64_t rng = 7;
		uint32_t sent = 0, came = 0, start = d->brk;

		while (came < 3000) {
			if (test_random(&rng) % 3) {
				uint32_t cut[8] = { 0 };

				for (unsigned i = 0; i < test_random(&rng) % 6; i++)
					cut[i] = 1 + test_random(&rng) % 50;
				if (d->brk > 6u << 20 && d->free == layouts[l].num)
					d->brk = start;
				if (d->brk < 7u << 20 && send_pieces(d, 60 + sent % 1000, cut,
								     test_random(&rng) % 2) >= 0)
					sent++;
			} else {
				unsigned n = vsw_vring_get(&d->vq, &burst),
					 take = n ? test_random(&rng) % (n + 1) : 0;

				for (unsigned i = 0; i < take; i++)
					check_frame(burst.pkts[i], 60 + (came + i) % 1000, 0);
				vsw_vring_got(&d->vq, &burst, take);
				came += take;
				while (driver_take(d, NULL) >= 0)
					;
			}
		}
		driver_free(d);
	}
}
END_TEST

int main(void)
{
	const TTest *const tests[] = {
		frames_come_as_they_were_sent,
		frames_that_were_not_taken_come_again,
		pieces_may_begin_and_end_anywhere,
		a_packed_table_may_say_that_its_header_is_to_be_written,
		frames_of_too_many_pieces_are_made_flat_one_a_burst,
		what_is_no_frame_is_dropped_counted_and_given_back_in_order,
		a_ring_goes_on_where_it_was_stopped,
		half_a_base_is_enough_for_a_packed_ring,
		many_laps_keep_order,
		NULL,
	};

	return run_tests("vhost-vring-get", tests);
}
