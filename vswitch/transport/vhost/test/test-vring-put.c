/* SPDX-License-Identifier: BSD-2-Clause */
/* Frames into rings of every layout: whole, in as many buffers as they need. */
#include "main.h"

#include "vrings.h"

/* A frame to be delivered, in pieces as the switch gives it */
static const struct pkt *to_deliver(uint32_t len, unsigned seed)
{
	static uint8_t frame[PKT_MAX_LEN];
	static struct iovec iov[3];
	static struct pkt pkt;

	fill(frame, len, seed);
	pkt_flat(&pkt, iov, frame, len);
	if (len > 500) {
		iov[0].iov_len = 200;
		iov[1] = (struct iovec) { frame + 200, 77 };
		iov[2] = (struct iovec) { frame + 277, len - 277 };
		pkt.iovcnt = 3;
	}
	return &pkt;
}

static unsigned deliver(struct driver *d, uint32_t len, unsigned seed)
{
	const struct pkt *pkt = to_deliver(len, seed);

	return vsw_vring_put(&d->vq, &pkt, 1);
}

START_TEST(frames_are_delivered_whole)
{
	EACH_LAYOUT(l)
	{
		struct driver *d = receiver(l, true);

		for (unsigned i = 0; i < 200; i++) {
			uint32_t len = 14 + i * 7, got;
			uint64_t gpa = driver_offer_buffer(d, 1526);
			struct vnet_hdr *h = driver_at(d, gpa);
			int id;

			ck_assert_uint_eq(deliver(d, len, i), 1);
			id = driver_take(d, &got);
			ck_assert_int_ge(id, 0);
			ck_assert_uint_eq(got, len + VNET_HDR_LEN);
			ck_assert_uint_eq(h->num_buffers, 1);
			ck_assert_uint_eq(h->flags | h->gso_type | h->gso_size, 0);
			fill(bytes, len, i);
			ck_assert_mem_eq(h + 1, bytes, len);
		}
		ck_assert_uint_eq(d->vq.count.frames, 200);
		driver_free(d);
	}
}
END_TEST

/* Take a frame that lies in @n buffers of @size at @gpa */
static void take_merged(struct driver *d, const uint64_t *gpa, unsigned n, uint32_t size,
			uint32_t len, unsigned seed)
{
	uint32_t at = 0, got, skip = VNET_HDR_LEN;

	fill(bytes, len, seed);
	ck_assert_uint_eq(((struct vnet_hdr *)driver_at(d, gpa[0]))->num_buffers, n);
	for (unsigned i = 0; i < n; i++) {
		ck_assert_int_ge(driver_take(d, &got), 0);
		ck_assert_uint_le(got, size);
		ck_assert_uint_le(at + got - skip, len);
		ck_assert_mem_eq((uint8_t *)driver_at(d, gpa[i]) + skip, bytes + at, got - skip);
		at += got - skip;
		skip = 0;
	}
	ck_assert_uint_eq(at, len);
	ck_assert_int_eq(driver_take(d, &got), -1);
}

START_TEST(long_frames_fill_several_buffers)
{
	EACH_LAYOUT(l)
	{
		struct driver *d = receiver(l, true);
		uint64_t gpa[40];

		for (unsigned round = 0; round < 5; round++) {
			for (unsigned i = 0; i < 40; i++)
				gpa[i] = driver_offer_buffer(d, 2048);
			ck_assert_uint_eq(deliver(d, 65535, round), 1);
			take_merged(d, gpa, 33, 2048, 65535, round);
			ck_assert_uint_eq(deliver(d, 7 * 2048 - 12, round), 1);
			take_merged(d, gpa + 33, 7, 2048, 7 * 2048 - 12, round);
		}
		driver_free(d);
	}
}
END_TEST

START_TEST(a_frame_waits_for_buffers_and_then_goes_whole)
{
	EACH_LAYOUT(l)
	{
		struct driver *d = receiver(l, true);
		uint64_t gpa[3];

		ck_assert_uint_eq(deliver(d, 4000, 1), 0);
		ck_assert(!vsw_vring_more(&d->vq));
		gpa[0] = driver_offer_buffer(d, 1600);
		gpa[1] = driver_offer_buffer(d, 1600);
		ck_assert(vsw_vring_more(&d->vq));
		ck_assert_uint_eq(deliver(d, 4000, 1), 0);
		ck_assert(!vsw_vring_more(&d->vq));
		ck_assert_int_eq(driver_take(d, NULL), -1);
		gpa[2] = driver_offer_buffer(d, 1600);
		ck_assert(vsw_vring_more(&d->vq));
		ck_assert_uint_eq(deliver(d, 4000, 2), 1);
		take_merged(d, gpa, 3, 1600, 4000, 2);
		ck_assert_uint_eq(d->vq.count.too_long, 0);
		driver_free(d);
	}
}
END_TEST

START_TEST(what_will_never_fit_is_dropped)
{
	EACH_LAYOUT(l)
	{
		struct driver *d = receiver(l, true), *plain = receiver(l, false);
		uint64_t gpa;

		for (unsigned i = 0; i < layouts[l].num; i++)
			driver_offer_buffer(d, 100);
		ck_assert_uint_eq(deliver(d, 9000, 1), 1);
		ck_assert_uint_eq(d->vq.count.too_long, 1);
		ck_assert_uint_eq(deliver(d, 2000, 1), 1);
		for (unsigned i = 0; i < 21; i++)
			ck_assert_int_ge(driver_take(d, NULL), 0);
		ck_assert_int_eq(driver_take(d, NULL), -1);
		driver_free(d);

		gpa = driver_offer_buffer(plain, 1526);
		driver_offer_buffer(plain, 1526);
		ck_assert_uint_eq(deliver(plain, 1515, 1), 1);
		ck_assert_uint_eq(plain->vq.count.too_long, 1);
		ck_assert_uint_eq(deliver(plain, 1514, 1), 1);
		take_merged(plain, &gpa, 1, 1526, 1514, 1);
		driver_free(plain);
	}
}
END_TEST

START_TEST(a_chain_of_any_shape_receives)
{
	EACH_LAYOUT(l)
	{
		struct driver *d = receiver(l, false);

		for (unsigned i = 0; i < 2; i++) {
			struct driver_part part[] = { { driver_alloc(d, 10), 10 },
						      { driver_alloc(d, 100), 100 },
						      { driver_alloc(d, 3000), 3000 } };
			uint32_t got;

			ck_assert_int_ge(driver_offer(d, part, 3, i), 0);
			ck_assert_uint_eq(deliver(d, 2000, 3), 1);
			ck_assert_int_ge(driver_take(d, &got), 0);
			ck_assert_uint_eq(got, 2012);
			fill(bytes, 2000, 3);
			ck_assert_mem_eq((uint8_t *)driver_at(d, part[1].gpa) + 2, bytes, 98);
			ck_assert_mem_eq(driver_at(d, part[2].gpa), bytes + 98, 1902);
		}
		driver_free(d);
	}
}
END_TEST

START_TEST(a_buffer_may_lie_across_two_regions)
{
	EACH_LAYOUT(l)
	{
		struct driver *d = sender(l), *r = receiver(l, true);
		struct driver_part part = { DRIVER_GPA + DRIVER_REGION - 100, 1526 };

		memset(driver_at(d, part.gpa), 0, VNET_HDR_LEN);
		fill((uint8_t *)driver_at(d, part.gpa) + VNET_HDR_LEN, 1514, 5);
		driver_offer(d, &part, 1, false);
		driver_offer(r, &part, 1, false);
		ck_assert_uint_eq(vsw_vring_get(&d->vq, &burst), 1);
		check_frame(burst.pkts[0], 1514, 5);
		ck_assert_uint_eq(vsw_vring_put(&r->vq, burst.pkts, 1), 1);
		ck_assert_mem_eq((uint8_t *)driver_at(r, part.gpa) + VNET_HDR_LEN,
				 (uint8_t *)driver_at(d, part.gpa) + VNET_HDR_LEN, 1514);
		driver_free(d);
		driver_free(r);
	}
}
END_TEST

START_TEST(a_legacy_header_has_ten_bytes)
{
	EACH_LAYOUT(l)
	{
		struct driver *d = sender(l), *r = receiver(l, false);
		uint64_t gpa = driver_offer_buffer(r, 70);
		struct driver_part part = { driver_alloc(d, 70), 70 };

		d->vq.hdr_len = r->vq.hdr_len = VNET_HDR_LEGACY;
		memset(driver_at(d, part.gpa), 0, 10);
		fill((uint8_t *)driver_at(d, part.gpa) + 10, 60, 1);
		driver_offer(d, &part, 1, false);
		ck_assert_uint_eq(vsw_vring_get(&d->vq, &burst), 1);
		check_frame(burst.pkts[0], 60, 1);
		ck_assert_uint_eq(vsw_vring_put(&r->vq, burst.pkts, 1), 1);
		ck_assert_mem_eq(driver_at(r, gpa), driver_at(d, part.gpa), 70);
		driver_free(d);
		driver_free(r);
	}
}
END_TEST

START_TEST(disabled_rings_discard_and_deliver_nothing)
{
	EACH_LAYOUT(l)
	{
		struct driver *d = sender(l), *r = receiver(l, true);

		d->vq.enabled = r->vq.enabled = false;
		send_plain(d, 60, 1);
		ck_assert_uint_eq(vsw_vring_get(&d->vq, &burst), 0);
		vsw_vring_got(&d->vq, &burst, 0);
		ck_assert_int_ge(driver_take(d, NULL), 0);
		driver_offer_buffer(r, 2000);
		ck_assert_uint_eq(deliver(r, 60, 1), 1);
		ck_assert_int_eq(driver_take(r, NULL), -1);
		r->vq.enabled = true;
		ck_assert_uint_eq(deliver(r, 60, 1), 1);
		ck_assert_int_ge(driver_take(r, NULL), 0);
		driver_free(d);
		driver_free(r);
	}
}
END_TEST

int main(void)
{
	const TTest *const tests[] = {
		frames_are_delivered_whole,
		long_frames_fill_several_buffers,
		a_frame_waits_for_buffers_and_then_goes_whole,
		what_will_never_fit_is_dropped,
		a_chain_of_any_shape_receives,
		a_buffer_may_lie_across_two_regions,
		a_legacy_header_has_ten_bytes,
		disabled_rings_discard_and_deliver_nothing,
		NULL,
	};

	return run_tests("vhost-vring-put", tests);
}
