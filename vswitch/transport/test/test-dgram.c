/* SPDX-License-Identifier: BSD-2-Clause */
/* dgram: over a socket pair, over Unix paths with a peer that comes and goes, over UDP. */
#include <netinet/in.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <unistd.h>

#include "main.h"
#include "rig.h"
#include "vswitch/endpoint.h"

static struct bench *b;
static int peer = -1;
static char dir[32], ours[64], theirs[64], options[160];

static void setup(void)
{
	strcpy(dir, "/tmp/vsw-dgram-XXXXXX");
	ck_assert_ptr_nonnull(mkdtemp(dir));
	snprintf(ours, sizeof(ours), "%s/ours", dir);
	snprintf(theirs, sizeof(theirs), "%s/theirs", dir);
	snprintf(options, sizeof(options), "local=%s remote=%s", ours, theirs);
	b = bench_new();
}

static void teardown(void)
{
	bench_free(b);
	if (peer >= 0)
		close(peer);
	unlink(theirs);
	ck_assert_int_eq(rmdir(dir), 0); /* our socket's file is gone */
}

static void pair(void)
{
	int fd[2];

	ck_assert_int_eq(socketpair(AF_UNIX, SOCK_DGRAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0, fd), 0);
	peer = fd[1];
	bench_plug(b, "dgram", fd[0], NULL);
}

static int bind_peer(void)
{
	struct vsw_endpoint a;

	unlink(theirs);
	ck_assert_int_eq(vsw_endpoint_parse(theirs, &a, b->err, sizeof(b->err)), 0);
	peer = socket(AF_UNIX, SOCK_DGRAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
	ck_assert_int_eq(bind(peer, (struct sockaddr *)&a.sa, a.len), 0);
	return peer;
}

static void say_to(const char *to, uint32_t len, unsigned number)
{
	struct vsw_endpoint a;
	uint8_t buf[9014];

	bench_frame_make(buf, len, number);
	if (!to) {
		ck_assert_int_eq(send(peer, buf, len, 0), len);
		return;
	}
	ck_assert_int_eq(vsw_endpoint_parse(to, &a, b->err, sizeof(b->err)), 0);
	ck_assert_int_eq(sendto(peer, buf, len, 0, (struct sockaddr *)&a.sa, a.len), len);
}

static void expect_heard(uint32_t len, unsigned number)
{
	uint8_t want[9014], got[9015];

	bench_frame_make(want, len, number);
	ck_assert_int_eq(recv(peer, got, sizeof(got), 0), len);
	ck_assert_mem_eq(got, want, len);
}

static void expect_got(unsigned i, uint32_t len, unsigned number)
{
	uint8_t want[9014];

	bench_frame_make(want, len, number);
	ck_assert_uint_lt(i, b->n);
	ck_assert_uint_eq(b->got[i].len, len);
	ck_assert_mem_eq(b->got[i].bytes, want, len);
}

START_TEST(both_ways)
{
	pair();
	for (unsigned i = 0; i < 5; i++)
		say_to(NULL, 60 + 2000 * i, i);
	vsw_worker_round(b->worker, 0);
	ck_assert_uint_eq(bench_fact(b, "reads"), 1);
	for (unsigned i = 0; i < 5; i++)
		expect_got(i, 60 + 2000 * i, i);
	bench_send(b, 3, 1514);
	for (unsigned i = 0; i < 3; i++)
		expect_heard(1514, i);
}
END_TEST

START_TEST(what_is_no_frame_is_counted)
{
	static uint8_t big[66000];

	pair();
	say_to(NULL, 60, 0);
	send(peer, big, 13, 0);
	send(peer, big, 0, 0);
	send(peer, big, sizeof(big), 0);
	say_to(NULL, 61, 1);
	bench_run(b);
	ck_assert_uint_eq(b->n, 2);
	expect_got(1, 61, 1);
	ck_assert_uint_eq(bench_fact(b, "bad-lengths"), 3);
}
END_TEST

/* The peer's queue of datagrams is full: the rest waits, in order */
START_TEST(slow_peer_gets_all_in_order)
{
	struct vsw_counters c;

	pair();
	bench_send(b, 900, 1000);
	bench_run(b);
	vsw_port_counters(b->jack.port, &c);
	ck_assert_uint_gt(c.queue_frames, 0);
	ck_assert_uint_ge(bench_fact(b, "blocked"), 1);
	for (unsigned i = 0; i < 900; i++) {
		expect_heard(1000, i);
		bench_run(b);
	}
	vsw_port_counters(b->jack.port, &c);
	ck_assert_uint_eq(c.queue_frames, 0);
}
END_TEST

START_TEST(shaped_port_holds_its_peer_back)
{
	struct vsw_policy policy = *vsw_port_policy(b->jack.port);
	struct vsw_txn *txn = vsw_txn_new(b->seat.sw);
	uint64_t reads;

	pair();
	policy.shape_in = (struct vsw_shape_policy) { 8000000, 8000000, 10000 };
	ck_assert_int_eq(vsw_txn_port(txn, b->jack.port, &policy, b->err, sizeof(b->err)), 0);
	ck_assert_int_eq(vsw_txn_prepare(txn, b->err, sizeof(b->err)), 0);
	vsw_txn_commit(txn);
	for (unsigned i = 0; i < 50; i++)
		say_to(NULL, 1000, i);
	bench_run(b);
	ck_assert_uint_le(b->n, 12);
	reads = bench_fact(b, "reads");
	say_to(NULL, 60, 50);
	bench_run(b);
	ck_assert_uint_eq(bench_fact(b, "reads"), reads);
	for (int ms = 0; ms < 60; ms++) {
		b->now += 1000000;
		bench_run(b);
	}
	ck_assert_uint_eq(b->n, 51);
	for (unsigned i = 0; i < 50; i++)
		expect_got(i, 1000, i);
}
END_TEST

START_TEST(pair_whose_other_end_is_closed)
{
	pair();
	close(peer);
	peer = -1;
	bench_send(b, 3, 60);
	bench_run(b);
	ck_assert_uint_eq(b->failed, 1);
	ck_assert_str_eq(b->why, "peer is gone");
}
END_TEST

START_TEST(peer_comes_goes_and_comes_back)
{
	bench_plug(b, "dgram", -1, options);
	bench_run(b);
	ck_assert(!b->link); /* looked for, not found */
	bind_peer();
	say_to(ours, 60, 1);
	bench_run(b);
	ck_assert(b->link);
	bench_send(b, 1, 60);
	expect_heard(60, 0);
	close(peer); /* as if it had been killed */
	bench_run(b);
	ck_assert(b->link);
	bench_send(b, 1, 60); /* that tells */
	ck_assert(!b->link);
	bench_run(b);
	bind_peer();
	say_to(ours, 61, 2);
	bench_run(b);
	ck_assert(b->link);
	bench_send(b, 1, 61);
	expect_heard(61, 0);
	ck_assert_uint_eq(b->failed, 0);
}
END_TEST

START_TEST(mode_of_our_path)
{
	struct stat st;

	strcat(options, " mode=0620");
	bench_plug(b, "dgram", -1, options);
	ck_assert_int_eq(stat(ours, &st), 0);
	ck_assert_uint_eq(st.st_mode & 0777, 0620);
}
END_TEST

START_TEST(udp)
{
	struct sockaddr_in a = { .sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK) };
	socklen_t len = sizeof(a);
	struct vsw_facts facts = { .n = 0 };

	peer = socket(AF_INET, SOCK_DGRAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
	ck_assert_int_eq(bind(peer, (struct sockaddr *)&a, sizeof(a)), 0);
	getsockname(peer, (struct sockaddr *)&a, &len);
	snprintf(options, sizeof(options), "local=127.0.0.1:0 remote=127.0.0.1:%u",
		 ntohs(a.sin_port));
	bench_plug(b, "dgram", -1, options);
	bench_send(b, 2, 1514);
	expect_heard(1514, 0);
	expect_heard(1514, 1);
	b->wire->transport->show(b->wire, &facts);
	ck_assert_str_eq(facts.fact[0].name, "local");
	close(peer); /* UDP does not tell for sure: the link stays up, frames are lost */
	peer = -1;
	bench_send(b, 5, 60);
	bench_run(b);
	ck_assert_uint_eq(b->failed, 0);
}
END_TEST

START_TEST(options_that_are_wrong)
{
	ck_assert_ptr_null(bench_open(b, "dgram", -1, "local=/x"));
	ck_assert_str_eq(b->err, "remote: is missing");
	ck_assert_ptr_null(bench_open(b, "dgram", -1, "local=/x/y remote=127.0.0.1:9"));
	ck_assert_str_eq(b->err, "remote: must be of the same kind as local");
	ck_assert_ptr_null(bench_open(b, "dgram", -1, "local=/nowhere/y remote=/x"));
	ck_assert_str_eq(b->err, "/nowhere/y: No such file or directory");
}
END_TEST

int main(void)
{
	const TTest *const tests[] = { both_ways,
				       what_is_no_frame_is_counted,
				       slow_peer_gets_all_in_order,
				       shaped_port_holds_its_peer_back,
				       pair_whose_other_end_is_closed,
				       peer_comes_goes_and_comes_back,
				       mode_of_our_path,
				       udp,
				       options_that_are_wrong };
	Suite *s = suite_create("transport-dgram");
	TCase *t = tcase_create("dgram");

	tcase_add_checked_fixture(t, setup, teardown);
	for (size_t i = 0; i < sizeof(tests) / sizeof(tests[0]); i++)
		tcase_add_test(t, tests[i]);
	suite_add_tcase(s, t);
	return run_suite(s);
}
