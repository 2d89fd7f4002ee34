/* SPDX-License-Identifier: BSD-2-Clause */
/* The front end against the back end: frames both ways, notifications, death and return. */
#define _GNU_SOURCE /* F_ADD_SEALS */
#include "main.h"

#include <fcntl.h>
#include <poll.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include "build-frame.h"
#include "link.h"
#include "transport/vhost/front-priv.h"

static uint8_t bytes[BUILD_ROOM];

static void fill(uint8_t *p, uint32_t len, unsigned seed)
{
	for (uint32_t i = 0; i < len; i++)
		p[i] = (uint8_t)(seed * 13 + i * 7 + (i >> 8));
}

/* A frame that a number recognises, in three pieces if it is long */
static const struct pkt *frame(uint32_t len, unsigned seed)
{
	static struct iovec iov[3];
	static struct pkt pkt;

	fill(bytes, len, seed);
	pkt_flat(&pkt, iov, bytes, len);
	if (len > 500) {
		iov[0].iov_len = 200;
		iov[1] = (struct iovec) { bytes + 200, 77 };
		iov[2] = (struct iovec) { bytes + 277, len - 277 };
		pkt.iovcnt = 3;
	}
	return &pkt;
}

static unsigned put(struct link *l, uint32_t len, unsigned seed)
{
	const struct pkt *p = frame(len, seed);

	return vsw_front_put(l->front, &p, 1);
}

static unsigned deliver(struct link *l, uint32_t len, unsigned seed)
{
	const struct pkt *p = frame(len, seed);

	return vsw_vring_put(link_to_front(l), &p, 1);
}

static void check(const struct pkt *p, uint32_t len, unsigned seed)
{
	static uint8_t want[PKT_MAX_LEN], got[PKT_MAX_LEN];

	ck_assert_uint_eq(p->len, len);
	ck_assert_uint_lt(p->iovcnt, FRAME_IOV_MAX);
	ck_assert_uint_ge(pkt_head_len(p), len < PKT_HEAD ? len : PKT_HEAD);
	fill(want, len, seed);
	pkt_copy(p, 0, got, len);
	ck_assert_mem_eq(got, want, len);
}

/* The switch takes what was sent. Return: frames; @taken of them are dealt with */
static unsigned take(struct link *l, unsigned taken)
{
	struct vring *vq = link_from_front(l);
	unsigned n = vsw_vring_get(vq, &l->back->burst);

	vsw_vring_got(vq, &l->back->burst, taken < n ? taken : n);
	return n;
}

static const struct pkt *taken(struct link *l, unsigned i)
{
	return l->back->burst.pkts[i];
}

START_TEST(a_handshake_brings_both_ends_up)
{
	struct link *l = link_new(0);

	ck_assert_uint_eq(l->ups, 1);
	ck_assert(l->back->be->link);
	ck_assert(vsw_front_is_up(l->front));
	ck_assert_uint_eq(vsw_front_takes(l->front), PKT_TAKES_CSUM | PKT_TAKES_TCPV4 |
							     PKT_TAKES_TCPV6 | PKT_TAKES_ECN |
							     PKT_TAKES_UDP_L4);
	ck_assert_uint_eq(l->back->be->takes, vsw_front_takes(l->front));
	link_end(l);
}
END_TEST

START_TEST(frames_of_all_lengths_go_both_ways)
{
	static const uint32_t lens[] = {
		14, 60, 64, 192, 193, 1514, 2035, 2036, 2037, 9014, 65535
	};
	const unsigned n = sizeof(lens) / sizeof(lens[0]);
	struct link *l = link_new(0);
	const struct pkt *const *pkts;

	for (unsigned round = 0; round < 30; round++) {
		for (unsigned i = 0; i < n; i++)
			ck_assert_uint_eq(put(l, lens[i], i), 1);
		ck_assert_uint_eq(take(l, n), n);
		for (unsigned i = 0; i < n; i++)
			check(taken(l, i), lens[i], i);
		for (unsigned i = 0; i < n; i++)
			ck_assert_uint_eq(deliver(l, lens[i], i), 1);
		ck_assert_uint_eq(vsw_front_get(l->front, &pkts), n);
		for (unsigned i = 0; i < n; i++)
			check(pkts[i], lens[i], i);
		vsw_front_got(l->front, n);
	}
	ck_assert_uint_eq(vsw_front_counters(l->front)->sent, 30 * n);
	ck_assert_uint_eq(vsw_front_counters(l->front)->received, 30 * n);
	link_end(l);
}
END_TEST

static struct pkt message(void)
{
	static struct iovec iov;
	const struct build b = { .payload = 60000 };
	struct pkt pkt;

	pkt_flat(&pkt, &iov, bytes, build_frame(&b, bytes));
	pkt.gso_type = PKT_GSO_TCPV4;
	pkt.gso_size = 1448;
	ck_assert_ptr_null(gso_init(&pkt, bytes));
	return pkt;
}

static void check_words(const struct pkt *p, const struct pkt *want)
{
	ck_assert_uint_eq(p->flags, want->flags);
	ck_assert_uint_eq(p->gso_type, want->gso_type);
	ck_assert_uint_eq(p->gso_size, want->gso_size);
	ck_assert_uint_eq(p->hdr_len, want->hdr_len);
	ck_assert_uint_eq(p->csum_start, want->csum_start);
	ck_assert_uint_eq(p->csum_offset, want->csum_offset);
}

START_TEST(messages_travel_whole_both_ways)
{
	struct link *l = link_new(0);
	struct pkt pkt = message();
	const struct pkt *one = &pkt, *const * pkts;

	for (unsigned i = 0; i < 100; i++) {
		ck_assert_uint_eq(vsw_front_put(l->front, &one, 1), 1);
		ck_assert_uint_eq(take(l, 1), 1);
		ck_assert_uint_eq(taken(l, 0)->len, pkt.len);
		ck_assert_uint_le(taken(l, 0)->iovcnt, 2); /* however long: one descriptor */
		check_words(taken(l, 0), &pkt);
		ck_assert_uint_eq(vsw_vring_put(link_to_front(l), &one, 1), 1);
		ck_assert_uint_eq(vsw_front_get(l->front, &pkts), 1);
		ck_assert_uint_eq(pkts[0]->len, pkt.len);
		check_words(pkts[0], &pkt);
		vsw_front_got(l->front, 1);
	}
	link_end(l);
}
END_TEST

START_TEST(what_is_left_comes_again_in_order)
{
	struct link *l = link_new(64);
	const struct pkt *const *pkts;
	uint64_t rng = 3;
	unsigned sent = 0, came = 0, delivered = 0, got = 0;

	while (got < 5000 || came < 5000) {
		unsigned n;

		while (test_random(&rng) % 8 && put(l, 60 + sent % 3000, sent))
			sent++;
		while (test_random(&rng) % 8 && deliver(l, 60 + delivered % 3000, delivered))
			delivered++;
		n = vsw_vring_get(link_from_front(l), &l->back->burst);
		for (unsigned i = 0; i < n; i++)
			check(taken(l, i), 60 + (came + i) % 3000, came + i);
		n = n ? test_random(&rng) % (n + 1) : 0;
		vsw_vring_got(link_from_front(l), &l->back->burst, n);
		came += n;
		n = vsw_front_get(l->front, &pkts);
		for (unsigned i = 0; i < n; i++)
			check(pkts[i], 60 + (got + i) % 3000, got + i);
		n = n ? test_random(&rng) % (n + 1) : 0;
		vsw_front_got(l->front, n);
		got += n;
	}
	ck_assert_ptr_null(link_from_front(l)->why);
	ck_assert_ptr_null(link_to_front(l)->why);
	link_end(l);
}
END_TEST

static bool readable(int fd)
{
	struct pollfd p = { fd, POLLIN, 0 };

	return poll(&p, 1, 0) == 1;
}

START_TEST(a_full_ring_asks_to_be_told)
{
	struct link *l = link_new(64);
	unsigned n = 0;

	vsw_front_wake(l->front);
	while (put(l, 60, n))
		n++;
	ck_assert_uint_eq(n, 64);
	ck_assert(vsw_front_sleep(l->front, true));
	ck_assert(!readable(vsw_front_fd(l->front)));
	take(l, 10);
	vsw_vring_signal(link_from_front(l));
	ck_assert(readable(vsw_front_fd(l->front)));
	vsw_front_wake(l->front);
	for (n = 0; put(l, 60, n); n++)
		;
	ck_assert_uint_eq(n, 10);
	ck_assert(!readable(vsw_front_fd(l->front)));
	link_end(l);
}
END_TEST

/* Who was told of room and sends nothing more can sleep */
START_TEST(room_is_told_once)
{
	struct link *l = link_new(64);

	while (put(l, 60, 0))
		;
	ck_assert(!vsw_front_room(l->front));
	ck_assert(vsw_front_sleep(l->front, true));
	ck_assert_uint_ne(take(l, PKT_BURST), 0);
	ck_assert(!vsw_front_sleep(l->front, true));
	ck_assert(vsw_front_room(l->front));
	ck_assert(vsw_front_sleep(l->front, true));
	link_end(l);
}
END_TEST

START_TEST(bytes_for_frames_are_a_ring_too)
{
	struct link *l = link_new(256);
	unsigned n = 0;

	while (put(l, 65535, n))
		n++;
	ck_assert_uint_ge(n, 7);
	ck_assert_uint_lt(n, 9);
	for (unsigned sent = n, came = 0; came < 300; came++) {
		ck_assert_uint_eq(vsw_vring_get(link_from_front(l), &l->back->burst), sent - came);
		check(taken(l, 0), came < n ? 65535 : 60000 - 999 * (came % 7), came);
		vsw_vring_got(link_from_front(l), &l->back->burst, 1);
		while (put(l, 60000 - 999 * (sent % 7), sent))
			sent++;
	}
	link_end(l);
}
END_TEST

/* No eventfd is touched while both look at the rings; one write wakes who sleeps */
START_TEST(who_looks_is_not_told)
{
	struct link *l = link_new(0);
	const struct pkt *const *pkts;
	uint64_t kicks;

	vsw_vring_kicks(link_from_front(l), false);
	vsw_vring_kicks(link_to_front(l), false);
	vsw_vring_signal(link_to_front(l));
	vsw_front_flush(l->front);
	vsw_front_wake(l->front);
	kicks = vsw_front_counters(l->front)->kicks;
	for (unsigned i = 0; i < 1000; i++) {
		put(l, 60, i);
		vsw_front_flush(l->front);
		deliver(l, 60, i);
		if (i == 0) { /* the first is told always */
			vsw_vring_signal(link_to_front(l));
			vsw_vring_signal(link_from_front(l));
			vsw_front_wake(l->front);
		}
		take(l, 1);
		vsw_vring_signal(link_to_front(l));
		vsw_vring_signal(link_from_front(l));
		vsw_front_got(l->front, vsw_front_get(l->front, &pkts));
		if (i == 0)
			vsw_front_wake(l->front);
	}
	ck_assert_uint_eq(vsw_front_counters(l->front)->kicks, kicks);
	ck_assert(!readable(vsw_front_fd(l->front)));
	link_end(l);
}
END_TEST

START_TEST(who_sleeps_is_told_once)
{
	struct link *l = link_new(0);
	uint64_t kicks = vsw_front_counters(l->front)->kicks;

	ck_assert(!vsw_vring_kicks(link_from_front(l), true));
	for (unsigned i = 0; i < 10; i++) {
		put(l, 60, i);
		vsw_front_flush(l->front);
	}
	ck_assert_uint_eq(vsw_front_counters(l->front)->kicks, kicks + 1);
	ck_assert(readable(l->back->be->ring[1].kick_fd));

	deliver(l, 60, 0);
	vsw_vring_signal(link_to_front(l));
	vsw_front_wake(l->front);
	ck_assert(!vsw_front_sleep(l->front, true)); /* it is there already */
	vsw_front_got(l->front, vsw_front_get(l->front, &(const struct pkt *const *) { NULL }));
	ck_assert(vsw_front_sleep(l->front, true));
	for (unsigned i = 0; i < 10; i++) {
		deliver(l, 60, i);
		vsw_vring_signal(link_to_front(l));
	}
	ck_assert(readable(vsw_front_fd(l->front)));
	ck_assert_uint_eq(link_to_front(l)->count.calls, 2);
	link_end(l);
}
END_TEST

/* The switch had no buffers for a frame, and sleeps */
START_TEST(buffers_given_back_wake_a_switch_that_waits_for_them)
{
	struct link *l = link_new(64);
	const struct pkt *const *pkts;
	unsigned n = 0;

	while (deliver(l, 60, n))
		n++;
	ck_assert_uint_eq(n, 64);
	ck_assert(!vsw_vring_kicks(link_to_front(l), true));
	vsw_front_got(l->front, vsw_front_get(l->front, &pkts));
	vsw_front_flush(l->front);
	ck_assert(readable(l->back->be->ring[0].kick_fd));
	ck_assert(vsw_vring_more(link_to_front(l)));
	ck_assert_uint_eq(deliver(l, 60, n), 1);
	link_end(l);
}
END_TEST

START_TEST(the_next_switch_gets_what_the_last_one_left)
{
	struct link *l = link_new(64);
	const struct pkt *const *pkts;
	unsigned sent = 0, came = 0, delivered = 0, got = 0, n;

	for (unsigned life = 0; life < 50; life++) {
		for (unsigned i = 0; i < 20 + life % 13; i++, sent++)
			ck_assert_uint_eq(put(l, 60 + sent % 2500, sent), 1);
		for (unsigned i = 0; i < 5; i++, delivered++)
			ck_assert_uint_eq(deliver(l, 60 + delivered % 2500, delivered), 1);
		n = vsw_vring_get(link_from_front(l), &l->back->burst);
		n = n < 17 ? n : 17;
		for (unsigned i = 0; i < n; i++)
			check(taken(l, i), 60 + (came + i) % 2500, came + i);
		vsw_vring_got(link_from_front(l), &l->back->burst, n);
		came += n;
		if (life % 3 == 0) { /* taken, but not given back: will come again */
			n = vsw_vring_get(link_from_front(l), &l->back->burst);
			ck_assert_uint_gt(n, 0);
		}
		link_kill(l);
		link_pump(l);
		ck_assert(!l->up);
		ck_assert_uint_eq(put(l, 60, 0), 0);
		n = vsw_front_get(l->front, &pkts); /* what had been delivered is still there */
		ck_assert_uint_eq(n, delivered - got);
		for (unsigned i = 0; i < n; i++)
			check(pkts[i], 60 + (got + i) % 2500, got + i);
		n -= life & 1 && n;
		vsw_front_got(l->front, n);
		got += n;
		link_restart(l);
		ck_assert(l->up);
		while ((n = vsw_vring_get(link_from_front(l), &l->back->burst))) {
			for (unsigned i = 0; i < n; i++)
				check(taken(l, i), 60 + (came + i) % 2500, came + i);
			vsw_vring_got(link_from_front(l), &l->back->burst, n);
			came += n;
		}
		ck_assert_uint_eq(came, sent);
	}
	link_end(l);
}
END_TEST

/* It died between the parts of a merged frame: later ones say "given back", the first does not */
START_TEST(a_frame_half_delivered_is_delivered_anew)
{
	struct link *l = link_new(64);
	struct front_ring *r = &l->front->ring[FRONT_RX];
	const struct pkt *const *pkts;
	uint64_t first;

	for (unsigned i = 0; i < 40; i++) {
		first = r->desc[r->last].rest;
		ck_assert_uint_eq(deliver(l, 5000, i), 1);
		r->desc[r->last].rest = first;
		link_kill(l);
		link_pump(l);
		ck_assert_uint_eq(vsw_front_get(l->front, &pkts), 0);
		vsw_front_got(l->front, 0);
		link_restart(l);
		ck_assert_uint_eq(deliver(l, 5000, i + 1), 1);
		ck_assert_uint_eq(vsw_front_get(l->front, &pkts), 1);
		check(pkts[0], 5000, i + 1);
		vsw_front_got(l->front, 1);
	}
	link_end(l);
}
END_TEST

START_TEST(a_switch_of_other_features_begins_anew)
{
	struct link *l = link_new(64);

	put(l, 60, 1);
	link_kill(l);
	link_pump(l);
	l->without = VIRTIO_BIT(VIRTIO_NET_F_HOST_TSO4);
	link_restart(l);
	ck_assert(l->up);
	ck_assert(!(vsw_front_takes(l->front) & PKT_TAKES_TCPV4));
	ck_assert_uint_eq(take(l, 64), 0);
	put(l, 60, 2);
	ck_assert_uint_eq(take(l, 64), 1);
	link_end(l);
}
END_TEST

START_TEST(a_switch_that_lacks_what_is_needed_is_refused)
{
	static const unsigned needed[] = { VIRTIO_F_VERSION_1,	   VIRTIO_F_RING_PACKED,
					   VIRTIO_F_IN_ORDER,	   VIRTIO_F_EVENT_IDX,
					   VIRTIO_NET_F_MRG_RXBUF, VHOST_USER_F_PROTOCOL_FEATURES };

	for (unsigned i = 0; i < sizeof(needed) / sizeof(needed[0]); i++) {
		struct link *l = link_new(0);

		link_kill(l);
		link_pump(l);
		l->without = VIRTIO_BIT(needed[i]);
		link_restart(l);
		ck_assert(!l->up);
		ck_assert_ptr_nonnull(strstr(l->why, "no vchassis switch"));
		link_end(l);
	}
}
END_TEST

START_TEST(memory_cannot_be_taken_away)
{
	struct link *l = link_new(0);

	ck_assert_int_eq(ftruncate(l->back->be->mem.region[0].map.fd, 0), -1);
	ck_assert_int_eq(fcntl(l->front->memfd, F_ADD_SEALS, F_SEAL_WRITE), -1);
	link_end(l);
}
END_TEST

START_TEST(entries_out_of_range_are_refused)
{
	static const unsigned bad[] = { 1, 63, 4097, 65536, UINT32_MAX };
	char err[100];

	for (unsigned i = 0; i < 5; i++) {
		const struct vsw_front_conf conf = { bad[i] };

		ck_assert_ptr_null(vsw_front_new(&conf, NULL, NULL, err, sizeof(err)));
		ck_assert_ptr_nonnull(strstr(err, "64 to 4096"));
	}
	for (unsigned n = 64; n < 4096; n = n * 3 / 2 + 1) { /* any number is a ring */
		struct link *l = link_new(n);

		for (unsigned i = 0; i < 3 * n; i++) {
			ck_assert_uint_eq(put(l, 60, i), 1);
			ck_assert_uint_eq(take(l, 1), 1);
		}
		link_end(l);
	}
}
END_TEST

int main(void)
{
	const TTest *const tests[] = {
		a_handshake_brings_both_ends_up,
		frames_of_all_lengths_go_both_ways,
		messages_travel_whole_both_ways,
		what_is_left_comes_again_in_order,
		a_full_ring_asks_to_be_told,
		room_is_told_once,
		bytes_for_frames_are_a_ring_too,
		who_looks_is_not_told,
		who_sleeps_is_told_once,
		buffers_given_back_wake_a_switch_that_waits_for_them,
		the_next_switch_gets_what_the_last_one_left,
		a_frame_half_delivered_is_delivered_anew,
		a_switch_of_other_features_begins_anew,
		a_switch_that_lacks_what_is_needed_is_refused,
		memory_cannot_be_taken_away,
		entries_out_of_range_are_refused,
		NULL,
	};

	return run_tests("vhost-front", tests);
}
