/* SPDX-License-Identifier: BSD-2-Clause */
/* Switches that break the rules: the front end ends the connection, and nothing else happens. */
#include "main.h"

#include <fcntl.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "build-frame.h"
#include "link.h"
#include "transport/vhost/front-priv.h"

static struct link *l;

static struct front_ring *ring(unsigned i)
{
	return &l->front->ring[i];
}

static unsigned put(unsigned n)
{
	static uint8_t bytes[60];
	struct pkt pkt;
	struct iovec iov;
	const struct pkt *one = &pkt;
	unsigned done = 0;

	pkt_flat(&pkt, &iov, bytes, sizeof(bytes));
	while (n-- && vsw_front_put(l->front, &one, 1))
		done++;
	return done;
}

/* As the switch would write it, in the first lap */
static void give_back(unsigned i, uint16_t at, uint16_t id, uint32_t len)
{
	ring(i)->desc[at].rest =
		len | (uint64_t)id << 32 | (uint64_t)(VRING_F_AVAIL | VRING_F_USED) << 48;
}

static struct vnet_hdr *buffer(uint16_t i)
{
	return (void *)(ring(FRONT_RX)->buf + (size_t)i * FRONT_STRIDE);
}

/* The connection is over, and with the next switch all is well */
static void check_over(void)
{
	const struct pkt *const *pkts;

	ck_assert(!l->up);
	ck_assert_ptr_nonnull(strstr(l->why, "was not offered"));
	ck_assert_uint_eq(vsw_front_get(l->front, &pkts), 0);
	vsw_front_got(l->front, 0);
	ck_assert_uint_eq(put(1), 0);
	vsw_front_flush(l->front);
	vsw_front_wake(l->front);
	ck_assert(vsw_front_sleep(l->front, true));
	link_pump(l);
	ck_assert_ptr_null(l->back);
	link_restart(l);
	ck_assert(l->up);
	ck_assert_uint_eq(put(10), 10);
	ck_assert_uint_eq(vsw_vring_get(link_from_front(l), &l->back->burst), 10);
	link_end(l);
}

static void get(void)
{
	const struct pkt *const *pkts;

	ck_assert_uint_eq(vsw_front_get(l->front, &pkts), 0);
	vsw_front_got(l->front, 0);
}

START_TEST(what_was_not_sent_is_given_back)
{
	static const uint16_t ids[] = { 64, 65535, 32768 };

	for (unsigned i = 0; i < 3; i++) {
		l = link_new(64);
		ck_assert_uint_eq(put(5), 5);
		give_back(FRONT_TX, 0, ids[i], 0);
		ck_assert_uint_lt(put(64), 64);
		check_over();
	}
}
END_TEST

/* Looked at only when it is dead: the rings are not trusted any more */
START_TEST(more_than_was_sent_is_given_back_before_it_died)
{
	l = link_new(64);
	ck_assert_uint_eq(put(5), 5);
	give_back(FRONT_TX, 0, 20, 0);
	link_kill(l);
	link_pump(l);
	link_restart(l);
	ck_assert(l->up);
	for (unsigned i = 0; i < 10; i++) {
		ck_assert_uint_eq(put(10), 10);
		ck_assert_uint_eq(vsw_vring_get(link_from_front(l), &l->back->burst), 10);
		vsw_vring_got(link_from_front(l), &l->back->burst, 10);
	}
	link_end(l);
}
END_TEST

START_TEST(a_buffer_of_another_number)
{
	for (unsigned i = 1; i < 65536; i = i * 3 + 1) {
		l = link_new(64);
		buffer(0)->num_buffers = 1;
		give_back(FRONT_RX, 0, (uint16_t)i, 100);
		get();
		check_over();
	}
}
END_TEST

START_TEST(more_bytes_than_a_buffer_has)
{
	static const uint32_t lens[] = { 0, FRONT_BUF + 1, 65536, UINT32_MAX };

	for (unsigned i = 0; i < 4; i++) {
		l = link_new(64);
		buffer(0)->num_buffers = 1;
		give_back(FRONT_RX, 0, 0, lens[i]);
		get();
		check_over();
	}
}
END_TEST

START_TEST(a_frame_of_too_many_buffers)
{
	static const uint16_t n[] = { 0, 2, 63, 64, 65, 65535 };

	for (unsigned i = 0; i < 6; i++) {
		l = link_new(64);
		buffer(0)->num_buffers = n[i];
		give_back(FRONT_RX, 0, 0, 100);
		get();
		check_over();
	}
}
END_TEST

START_TEST(frames_that_are_none_are_dropped_and_counted)
{
	const struct pkt *const *pkts;

	l = link_new(64);
	for (uint16_t i = 0; i < 4; i++) {
		buffer(i)->num_buffers = 1;
		buffer(i)->flags = i == 2 ? VNET_NEEDS_CSUM : 0;
		buffer(i)->csum_start = 9999;
		give_back(FRONT_RX, i, i, i == 3 ? 72 : i == 1 ? 1 : 25);
	}
	give_back(FRONT_RX, 2, 2, 72);
	ck_assert_uint_eq(vsw_front_get(l->front, &pkts), 1);
	ck_assert_uint_eq(pkts[0]->len, 60);
	vsw_front_got(l->front, 1);
	ck_assert_uint_eq(vsw_front_counters(l->front)->malformed, 3);
	ck_assert_uint_eq(vsw_front_counters(l->front)->received, 1);
	ck_assert(l->up);
	link_end(l);
}
END_TEST

/* Anything written into the shared memory, again and again */
START_TEST(memory_full_of_noise)
{
	uint64_t rng = 99;

	l = link_new(64);
	for (unsigned round = 0; round < 3000; round++) {
		const struct pkt *const *pkts;
		size_t head = l->front->ring[FRONT_RX].buf - l->front->bytes;

		put(test_random(&rng) % 20);
		for (unsigned i = 0; i < test_random(&rng) % 4; i++) {
			size_t at = test_random(&rng) % (head + 64 * FRONT_STRIDE);

			l->front->bytes[at] = (uint8_t)test_random(&rng);
		}
		if (round % 3 == 0)
			give_back(FRONT_RX, ring(FRONT_RX)->last, ring(FRONT_RX)->last,
				  test_random(&rng) % 2100);
		ck_assert_uint_le(vsw_front_get(l->front, &pkts), PKT_BURST);
		vsw_front_got(l->front, l->front->burst.n);
		vsw_front_flush(l->front);
		vsw_front_sleep(l->front, true);
		if (!l->up) {
			link_kill(l);
			link_restart(l);
			ck_assert(l->up);
		} else if (l->back) {
			vsw_vring_get(link_from_front(l), &l->back->burst);
			vsw_vring_got(link_from_front(l), &l->back->burst, l->back->burst.n);
		}
	}
	link_end(l);
}
END_TEST

/* A switch that says nonsense at every step of the handshake */
START_TEST(nonsense_in_the_handshake)
{
	for (unsigned bad = 0; bad < 20; bad++) {
		struct vhost_message m, reply;
		struct vhost_channel ch = { 0 };
		int fd[2], ret = 0;
		unsigned n = 0;

		l = link_new(64);
		link_kill(l);
		link_pump(l);
		ck_assert_int_eq(socketpair(AF_UNIX, SOCK_STREAM | SOCK_NONBLOCK, 0, fd), 0);
		vsw_front_attach(l->front, fd[0]);
		l->back = back_new(dup(fd[1]), 0);
		ch.fd = fd[1];
		for (unsigned i = 0; i < 20; i++) {
			while (vsw_vhost_receive(&ch) > 0) {
				ret = vsw_vhost_backend_message(l->back->be, &ch.msg, ch.fds,
								ch.n_fds, &reply);
				if (ret > 0 && n++ == bad / 4) {
					m = reply;
					m.request += bad % 4 == 0;
					m.size -= bad % 4 == 1 ? 4 : 0;
					m.flags = bad % 4 == 2 ? 0 : m.flags;
					m.payload.u64 =
						bad % 4 == 3 ? ~m.payload.u64 : m.payload.u64;
					reply = m;
				}
				if (ret > 0)
					vsw_vhost_send(&ch, &reply, NULL, 0);
			}
			vsw_front_readable(l->front);
		}
		/* features that are there beside others, and numbers of acknowledged messages, do
		 * no harm; all else ends it */
		ck_assert(!l->up || bad % 4 == 0);
		vsw_vhost_drop_fds(&ch);
		close(fd[1]);
		link_end(l);
	}
}
END_TEST

/* The switch empties our eventfd, and makes it one that waits */
START_TEST(an_eventfd_that_would_wait)
{
	struct link *l = link_new(0);
	int fd = vsw_front_fd(l->front);

	ck_assert_int_eq(fcntl(fd, F_SETFL, 0), 0);
	alarm(5);
	vsw_front_wake(l->front);
	alarm(0);
	link_end(l);
}
END_TEST

int main(void)
{
	const TTest *const tests[] = {
		what_was_not_sent_is_given_back,
		more_than_was_sent_is_given_back_before_it_died,
		a_buffer_of_another_number,
		more_bytes_than_a_buffer_has,
		a_frame_of_too_many_buffers,
		frames_that_are_none_are_dropped_and_counted,
		memory_full_of_noise,
		nonsense_in_the_handshake,
		an_eventfd_that_would_wait,
		NULL,
	};

	return run_tests("vhost-front-hostile", tests);
}
