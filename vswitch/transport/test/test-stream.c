/* SPDX-License-Identifier: BSD-2-Clause */
/* stream: the wire's end is a socket pair, the other one is the test. */
#include <errno.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "main.h"
#include "rig.h"

static struct bench *b;
static int peer;

static void setup(void)
{
	int fd[2];

	b = bench_new();
	ck_assert_int_eq(socketpair(AF_UNIX, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0, fd), 0);
	peer = fd[1];
	bench_plug(b, "stream", fd[0], NULL);
}

static void teardown(void)
{
	bench_free(b);
	close(peer);
}

static size_t put(uint8_t *at, uint32_t len, unsigned number)
{
	frame_put_be16(at, (uint16_t)(len >> 16));
	frame_put_be16(at + 2, (uint16_t)len);
	bench_frame_make(at + 4, len, number);
	return len + 4;
}

static void say(const void *bytes, size_t len)
{
	ck_assert_int_eq(send(peer, bytes, len, MSG_NOSIGNAL), (ssize_t)len);
}

static void expect_got(unsigned i, uint32_t len, unsigned number)
{
	uint8_t want[9014];

	bench_frame_make(want, len, number);
	ck_assert_uint_lt(i, b->n);
	ck_assert_uint_eq(b->got[i].len, len);
	ck_assert_mem_eq(b->got[i].bytes, want, len);
}

START_TEST(many_frames_with_one_read)
{
	static uint8_t buf[100 * 1518];
	size_t n = 0;
	uint64_t reads;

	for (unsigned i = 0; i < 100; i++)
		n += put(buf + n, 60 + i, i);
	reads = bench_fact(b, "reads");
	say(buf, n);
	vsw_worker_round(b->worker, 0);
	ck_assert_uint_eq(b->n, 100);
	for (unsigned i = 0; i < 100; i++)
		expect_got(i, 60 + i, i);
	ck_assert_uint_eq(bench_fact(b, "reads"), reads + 1);
}
END_TEST

/* However the bytes are cut, the same frames come */
START_TEST(frames_in_any_pieces)
{
	uint8_t buf[3 * 300];
	size_t n = 0;

	for (unsigned i = 0; i < 3; i++)
		n += put(buf + n, 60 + i, i);
	for (size_t cut = 1; cut < 80; cut++) {
		bench_clear(b);
		for (size_t at = 0; at < n; at += cut) {
			say(buf + at, n - at < cut ? n - at : cut);
			vsw_worker_round(b->worker, 0);
		}
		ck_assert_uint_eq(b->n, 3);
		for (unsigned i = 0; i < 3; i++)
			expect_got(i, 60 + i, i);
	}
}
END_TEST

static ssize_t heard(uint8_t *buf, size_t room)
{
	size_t n = 0;
	ssize_t r;

	while (n < room && (r = recv(peer, buf + n, room - n, 0)) > 0)
		n += (size_t)r;
	return (ssize_t)n;
}

START_TEST(frames_of_a_round_leave_with_one_write)
{
	static uint8_t want[64 * 104], got[sizeof(want) + 1];
	size_t n = 0;

	bench_send(b, 64, 100);
	bench_run(b);
	for (unsigned i = 0; i < 64; i++)
		n += put(want + n, 100, i);
	ck_assert_int_eq(heard(got, sizeof(got)), (ssize_t)n);
	ck_assert_mem_eq(got, want, n);
	ck_assert_uint_eq(bench_fact(b, "writes"), 1);
}
END_TEST

/* A peer that does not read: frames wait in the port's queue, none is torn, all come in order when
 * it reads again */
START_TEST(slow_peer_gets_whole_frames_in_order)
{
	static uint8_t got[4 << 20], want[9018];
	struct vsw_counters c;
	size_t n = 0, at = 0;
	unsigned frames = 0;

	bench_send(b, 300, 9000);
	bench_run(b);
	vsw_port_counters(b->jack.port, &c);
	ck_assert_uint_gt(c.queue_frames, 0);
	for (;;) {
		ssize_t r = heard(got + n, sizeof(got) - n);

		if (r <= 0)
			break;
		n += (size_t)r;
		bench_run(b);
	}
	for (; at < n; at += 9004, frames++) {
		put(want, 9000, frames);
		ck_assert_uint_le(at + 9004, n);
		ck_assert_mem_eq(got + at, want, 9004);
	}
	ck_assert_uint_eq(frames, 300);
	vsw_port_counters(b->jack.port, &c);
	ck_assert_uint_eq(c.queue_frames, 0);
	ck_assert_uint_eq(c.drops[VSW_DROP_QUEUE_FULL], 0);
}
END_TEST

/* What the switch does not take stays here, and at last in the peer's socket */
START_TEST(shaped_port_holds_its_peer_back)
{
	struct vsw_policy policy = *vsw_port_policy(b->jack.port);
	struct vsw_txn *txn = vsw_txn_new(b->seat.sw);
	static uint8_t buf[200 * 1004];
	size_t n = 0;
	uint64_t reads;

	policy.shape_in = (struct vsw_shape_policy) { 8000000, 8000000, 10000 };
	ck_assert_int_eq(vsw_txn_port(txn, b->jack.port, &policy, b->err, sizeof(b->err)), 0);
	ck_assert_int_eq(vsw_txn_prepare(txn, b->err, sizeof(b->err)), 0);
	vsw_txn_commit(txn);
	for (unsigned i = 0; i < 100; i++)
		n += put(buf + n, 1000, i);
	say(buf, n);
	bench_run(b);
	ck_assert_uint_ge(b->n, 9);
	ck_assert_uint_le(b->n, 12);
	reads = bench_fact(b, "reads");
	say(buf, n);
	bench_run(b);
	ck_assert_uint_eq(bench_fact(b, "reads"), reads); /* not even looked at */
	for (int ms = 0; ms < 300; ms++) {
		b->now += 1000000;
		bench_run(b);
	}
	ck_assert_uint_eq(b->n, 200);
	for (unsigned i = 0; i < 200; i++)
		expect_got(i, 1000, i % 100);
}
END_TEST

static void expect_failed(const char *why)
{
	bench_run(b);
	ck_assert_uint_eq(b->failed, 1);
	ck_assert_str_eq(b->why, why);
	ck_assert_ptr_null(b->jack.wire);
	bench_run(b);
	ck_assert_uint_eq(b->failed, 1);
}

START_TEST(end_of_the_connection)
{
	shutdown(peer, SHUT_RDWR);
	expect_failed("connection closed");
}
END_TEST

START_TEST(end_while_frames_wait)
{
	bench_send(b, 300, 9000);
	bench_run(b);
	close(peer);
	peer = -1;
	expect_failed("connection closed");
	bench_send(b, 3, 100); /* into a port without a wire */
}
END_TEST

START_TEST(length_that_cannot_be)
{
	uint8_t buf[200];
	size_t n = put(buf, 60, 0);

	say(buf, n);
	say("\0\1\x10\1", 4); /* 69,633 */
	expect_failed("peer sent a frame of 69633 bytes, at most 69632 can be");
	ck_assert_uint_eq(b->n, 1);
}
END_TEST

/* After a reconnect QEMU goes on in the middle of a frame: what then looks like a length is
 * payload */
START_TEST(first_frame_lacks_its_beginning)
{
	uint8_t buf[2000];
	size_t n = put(buf, 1500, 0);

	say(buf + 700, n - 700);
	expect_failed("what the peer sent first is no frame");
	ck_assert_uint_eq(b->n, 0);
}
END_TEST

/* The same, but the bytes are a length that could be: the addresses behind it give it away */
START_TEST(first_frame_lacks_its_beginning_with_a_length)
{
	uint8_t buf[100] = { 0, 0, 0, 64 };

	memset(buf + 4, 0x33, 64);
	say(buf, 10); /* not all of it at once */
	bench_run(b);
	ck_assert_uint_eq(b->failed, 0);
	say(buf + 10, 58);
	expect_failed("what the peer sent first is no frame");
	ck_assert_uint_eq(b->n, 0);
}
END_TEST

/* Frames too short or too long for the switch are left out, those around them pass */
START_TEST(odd_lengths_are_counted)
{
	static uint8_t buf[70000];
	size_t n = put(buf, 60, 0);

	say(buf, n);
	memset(buf, 0, 20);
	buf[3] = 13;
	say(buf, 17);
	buf[3] = 0;
	say(buf, 4);
	n = put(buf, 66000, 0);
	say(buf, n);
	n = put(buf, 61, 1);
	say(buf, n);
	bench_run(b);
	ck_assert_uint_eq(b->n, 2);
	expect_got(0, 60, 0);
	expect_got(1, 61, 1);
	ck_assert_uint_eq(bench_fact(b, "bad-lengths"), 3);
}
END_TEST

/* The checksum is completed while the frame is copied */
START_TEST(unfinished_checksum_is_finished)
{
	uint8_t buf[100], got[200];
	struct pkt pkt;
	struct iovec iov;
	const struct pkt *one = &pkt;
	uint16_t sum;

	bench_frame_make(buf, sizeof(buf), 0);
	frame_put_be16(buf + 40, 0);
	pkt_flat(&pkt, &iov, buf, sizeof(buf));
	pkt.flags = PKT_CSUM_PARTIAL;
	pkt.csum_start = 34;
	pkt.csum_offset = 6;
	vsw_port_input(b->card, &one, 1);
	bench_run(b);
	ck_assert_int_eq(heard(got, sizeof(got)), 104);
	sum = csum_fold(csum_add(0, csum_copy(got + 104, got + 4 + 34, 66)));
	ck_assert_uint_eq(sum, 0);
}
END_TEST

/* Into another process: what was half read and half sent goes with it */
START_TEST(hand_over_loses_nothing)
{
	static uint8_t data[1 << 20], got[4 << 20], buf[9018];
	struct vsw_handover h = { .data = data, .room = sizeof(data) }, early;
	struct vsw_wire *old = b->wire;
	struct vsw_wire_conf conf = { .port = "wire", .fd = -1, .worker = b->worker };
	size_t n = 0;
	ssize_t r;

	put(buf, 60, 0);
	say(buf, 30);
	bench_send(b, 40, 9000);
	bench_run(b);
	ck_assert_int_eq(old->transport->give(old, &h), 0);
	early = h;
	early.fd[0] = dup(h.fd[0]);
	vsw_wire_unplug(old);
	ck_assert_int_eq(old->transport->freeze(old, &h), 0);
	conf.host = old->host;
	conf.opaque = b;
	conf.from = &early;
	b->wire = old->transport->open(&conf, b->err, sizeof(b->err));
	ck_assert_ptr_nonnull(b->wire);
	ck_assert_int_eq(early.fd[0], -1);
	vsw_wire_close(old);
	ck_assert_int_eq(b->wire->transport->thaw(b->wire, &h), 0);
	vsw_wire_plug(b->wire, &b->jack);
	say(buf + 30, 34);
	bench_run(b);
	expect_got(0, 60, 0);
	while ((r = heard(got + n, sizeof(got) - n)) > 0) {
		n += (size_t)r;
		bench_run(b);
	}
	ck_assert_uint_eq(n % 9004, 0);
	for (size_t i = 0; i < n / 9004; i++)
		ck_assert_mem_eq(got + i * 9004, "\0\0\x23\x28", 4);
	for (size_t len = 0; len < h.len; len += h.len / 3 + 1) { /* cut short: refused */
		struct vsw_handover cut = { .data = data, .len = len };

		ck_assert_int_lt(b->wire->transport->thaw(b->wire, &cut), 0);
	}
}
END_TEST

int main(void)
{
	const TTest *const tests[] = { many_frames_with_one_read,
				       frames_in_any_pieces,
				       frames_of_a_round_leave_with_one_write,
				       slow_peer_gets_whole_frames_in_order,
				       shaped_port_holds_its_peer_back,
				       end_of_the_connection,
				       end_while_frames_wait,
				       length_that_cannot_be,
				       first_frame_lacks_its_beginning,
				       first_frame_lacks_its_beginning_with_a_length,
				       odd_lengths_are_counted,
				       unfinished_checksum_is_finished,
				       hand_over_loses_nothing };
	Suite *s = suite_create("transport-stream");
	TCase *t = tcase_create("stream");

	tcase_add_checked_fixture(t, setup, teardown);
	for (size_t i = 0; i < sizeof(tests) / sizeof(tests[0]); i++)
		tcase_add_test(t, tests[i]);
	suite_add_tcase(s, t);
	return run_suite(s);
}
