/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * vswitch-bench-fronts [--json] [ROUNDS [MILLISECONDS]]: what a frame from one front end of
 * vhost-user to another costs vswitchd, in CPU time of its process.
 *
 * The front ends are what our cards have behind a port with connect=, without a card and without
 * QEMU: they put bursts of 64 into the ring, as a card does with what a doorbell gives it. They are
 * on the daemon's core, where its caches are warm and each wake-up finds all that the ring holds;
 * then on another one, where a frame's bytes come from there.
 *
 * Beside each figure stands what it should not exceed.
 */
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "hwnet/frame.h"
#include "peers.h"
#include "row.h"
#include "vswitch/front.h"

#define ENTRIES	 1024u
#define PATIENCE 5000 /* ms */

/* struct load - frames of one length; @goal: ns a frame, or 0 */
struct load {
	const char *name;
	uint32_t len;
	unsigned burst, window;
	bool gso;
	double goal;
	double ns[2][ROW_ROUNDS]; /* near, apart */
};

static struct load loads[] = {
	{ "60 bytes", 60, 64, 512, false, 200, { { 0 } } },
	{ "1514 bytes", 1514, 64, 512, false, 0, { { 0 } } },
	{ "TSO messages of 64 KiB", 65226, 4, 12, true, 6000, { { 0 } } },
};

#define LOADS (sizeof(loads) / sizeof(loads[0]))

static struct vsw_front *front[2];
static int front_fd[2];
static struct path path;

__attribute__((noreturn)) static void fail(const char *what)
{
	fprintf(stderr, "vswitch-bench-fronts: %s\n", what);
	exit(1);
}

static void up(void *opaque, bool is_up, const char *why)
{
	if (!is_up)
		fail(why);
}

static const struct vsw_front_ops ops = { .up = up };

static void plug_in(unsigned i)
{
	const struct vsw_front_conf conf = { .entries = ENTRIES };
	struct vsw_addrs addrs = { .mac = { 2, 0, 0, 0, 0, (uint8_t)i } };
	char err[200];

	front[i] = vsw_front_new(&conf, &ops, NULL, err, sizeof(err));
	if (!front[i])
		fail(err);
	vsw_front_set_card(front[i], true, &addrs);
	front_fd[i] = path.fd[i];
	vsw_front_attach(front[i], path.fd[i]);
	while (!vsw_front_is_up(front[i])) {
		struct pollfd p = { front_fd[i], POLLIN, 0 };

		if (poll(&p, 1, PATIENCE) <= 0)
			fail("the daemon does not answer");
		vsw_front_readable(front[i]);
	}
}

/* Until the daemon knows both cards */
static void settle(void)
{
	for (int64_t end = peers_now() + 300000000; peers_now() < end; usleep(1000))
		for (unsigned i = 0; i < 2; i++)
			vsw_front_readable(front[i]);
}

/* A burst from the first to the second */
static void make(const struct load *l, struct pkt *pkt, struct iovec (*iov)[2],
		 const struct pkt **list)
{
	static uint8_t bytes[64 * 1514 + 4 * 65226];

	for (unsigned i = 0; i < l->burst; i++) {
		const uint8_t head[12] = { 2, 0, 0, 0, 0, 1, 2, 0, 0, 0, 0, 0 };
		uint8_t *p = bytes + (size_t)i * l->len;

		memset(p, 0, l->len);
		memcpy(p, head, sizeof(head));
		frame_put_be16(p + 12, FRAME_TYPE_IPV4);
		p[14] = 0x45;
		p[23] = FRAME_PROTO_TCP;
		p[46] = 0x50;
		pkt_flat(&pkt[i], iov[i], p, l->len);
		if (l->gso) {
			iov[i][0].iov_len = PKT_HEAD;
			iov[i][1] = (struct iovec) { p + PKT_HEAD, l->len - PKT_HEAD };
			pkt[i].iovcnt = 2;
			pkt[i].gso_type = PKT_GSO_TCPV4;
			pkt[i].gso_size = 1448;
			if (gso_init(&pkt[i], p))
				fail("no message");
		}
		list[i] = &pkt[i];
	}
}

/* Whole frames that have come */
static unsigned take(const struct load *l)
{
	const struct pkt *const *got;
	unsigned n, good = 0;

	while ((n = vsw_front_get(front[1], &got))) {
		for (unsigned i = 0; i < n; i++)
			good += got[i]->len == l->len;
		vsw_front_got(front[1], n);
	}
	vsw_front_flush(front[1]);
	return good;
}

/* Until the daemon has done something */
static void wait_for_daemon(void)
{
	struct pollfd p = { vsw_front_fd(front[1]), POLLIN, 0 };

	if (vsw_front_sleep(front[1], true) && poll(&p, 1, PATIENCE) <= 0)
		fail("frames do not come out");
	vsw_front_wake(front[1]);
}

static double cpu(void)
{
	struct timespec ts;
	clockid_t clock;

	if (clock_getcpuclockid(path.pid, &clock) || clock_gettime(clock, &ts))
		fail("no CPU time of the daemon");
	return (double)ts.tv_sec * 1e9 + (double)ts.tv_nsec;
}

/* ns of the daemon a frame. Nothing may get lost: the port's queue holds more than the window */
static double measure(const struct load *l, int64_t ns)
{
	const struct pkt *list[PKT_BURST];
	struct iovec iov[PKT_BURST][2];
	struct pkt pkt[PKT_BURST];
	int64_t start = peers_now();
	unsigned under_way = 0, n;
	double was = cpu();
	uint64_t all = 0;

	make(l, pkt, iov, list);
	do {
		bool over = peers_now() - start >= ns;

		while (!over && under_way + l->burst <= l->window) {
			n = vsw_front_put(front[0], list, l->burst);
			vsw_front_flush(front[0]);
			under_way += n;
			if (n < l->burst)
				break;
		}
		n = take(l);
		all += n;
		under_way -= n;
		if (!n && under_way)
			wait_for_daemon();
	} while (under_way || peers_now() - start < ns);
	return (cpu() - was) / (double)all;
}

static void print(const struct load *l, bool apart, unsigned rounds, bool json)
{
	double goal[ROW_ROUNDS];
	char name[120];
	struct row r = { name, "goal", l->ns[apart], goal, rounds, NULL, false };

	snprintf(name, sizeof(name), "vswitchd between two front ends, %s, %s", l->name,
		 apart ? "another core" : "same core");
	fprintf(stderr, "%s: %.0f ns (%.0f..%.0f)\n", name, row_quantile(r.ours, rounds, 2),
		row_quantile(r.ours, rounds, 0), row_quantile(r.ours, rounds, 4));
	for (unsigned i = 0; i < rounds; i++)
		goal[i] = l->goal;
	if (json && l->goal > 0)
		row_print(&r);
}

static void run(unsigned rounds, int64_t ns, bool json)
{
	for (unsigned r = 0; r < rounds; r++)
		for (unsigned apart = 0; apart < 2; apart++) {
			peers_move(path.pid, apart);
			for (unsigned i = 0; i < LOADS; i++)
				loads[i].ns[apart][r] = measure(&loads[i], ns);
		}
	for (unsigned i = 0; i < LOADS; i++)
		for (unsigned apart = 0; apart < 2; apart++)
			print(&loads[i], apart, rounds, json);
}

int main(int argc, char **argv)
{
	bool json = argc > 1 && !strcmp(argv[1], "--json");
	const char *missing;
	unsigned rounds, ms;

	argc -= json;
	argv += json;
	rounds = argc > 1 ? (unsigned)atoi(argv[1]) : 9;
	ms = argc > 2 ? (unsigned)atoi(argv[2]) : 100;
	if (rounds < 1 || rounds > ROW_ROUNDS || ms < 1)
		fail("1 to 32 rounds of at least a millisecond");
	missing = peers_settle();
	if (!missing)
		missing = daemon_start(&path, "vhost-user");
	if (missing) {
		fprintf(stderr, "vswitch-bench-fronts: %s; its rows are left out\n", missing);
	} else {
		plug_in(0);
		plug_in(1);
		settle();
		run(rounds, ms * INT64_C(1000000), json);
	}
	if (json)
		row_end();
	vsw_front_free(front[0]);
	vsw_front_free(front[1]);
	if (path.pid > 0 && !kill(path.pid, SIGTERM))
		waitpid(path.pid, NULL, 0);
	return 0;
}
