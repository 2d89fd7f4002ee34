/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * What a frame costs in vhost-user: a front end and a back end in one thread, which take turns.
 *
 * vswitch-bench-vhost [TURNS]: each turn is four steps (a card sends, the switch takes, the switch
 * delivers, the card takes), each of some bursts, timed for itself; medians over all turns are
 * printed, which those turns in which others had the processor do not touch. The frames of the
 * receiving side are not copied any further: that is whoever takes them's to do.
 *
 * Under callgrind the functions step_*() say how many instructions a step has.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <time.h>

#include "hwnet/frame.h"
#include "transport/vhost/backend.h"
#include "transport/vhost/channel.h"
#include "vswitch/front.h"

#define STEPS 4u

static const char *const step_name[STEPS] = { "card sends", "switch takes", "switch delivers",
					      "card takes" };

/* struct load - frames of one length, so many a burst and bursts a step */
static const struct load {
	uint32_t len;
	unsigned burst, bursts;
	bool gso;
} loads[] = {
	{ 60, 64, 3, false },	{ 60, 32, 6, false },	{ 60, 1, 64, false },
	{ 1514, 64, 3, false }, { 9014, 16, 2, false }, { 65226, 4, 1, true },
};

static struct vsw_front *front;
static struct vhost_backend *be;
static struct vhost_channel ch;
static struct vring_burst burst;
static struct pkt pkt[PKT_BURST];
static struct iovec iov[PKT_BURST][2];
static const struct pkt *pkts[PKT_BURST];
static double *times[STEPS];

__attribute__((noreturn)) static void fail(const char *what)
{
	fprintf(stderr, "vswitch-bench-vhost: %s\n", what);
	exit(1);
}

static void park(void *opaque)
{
}

static void up(void *opaque, bool is_up, const char *why)
{
	if (!is_up)
		fail(why);
}

static const struct vhost_host host = { park };
static const struct vsw_front_ops ops = { up };

static void answer(void)
{
	struct vhost_message reply;
	int ret;

	while (vsw_vhost_receive(&ch) > 0) {
		ret = vsw_vhost_backend_message(be, &ch.msg, ch.fds, ch.n_fds, &reply);
		if (ret < 0 || (ret && vsw_vhost_send(&ch, &reply, NULL, 0)))
			fail(be->why);
	}
	vsw_vhost_backend_settle(be);
}

static void join(void)
{
	const struct vhost_conf conf = { .pairs = 1, .mtu = 9000 };
	char err[100];
	int fd[2];

	front = vsw_front_new(NULL, &ops, NULL, err, sizeof(err));
	be = vsw_vhost_backend_new(&conf, &host, NULL);
	if (!front || !be || socketpair(AF_UNIX, SOCK_STREAM | SOCK_NONBLOCK, 0, fd))
		fail("cannot be set up");
	ch.fd = fd[1];
	vsw_front_attach(front, fd[0]);
	while (!vsw_front_is_up(front)) {
		answer();
		vsw_front_readable(front);
	}
	vsw_vring_kicks(vsw_vhost_ring(be, 0), false);
	vsw_vring_kicks(vsw_vhost_ring(be, 1), false);
}

/* Frames of a load, as the switch has them: a private head, the rest elsewhere */
static void make_frames(const struct load *l)
{
	static uint8_t *bytes;

	free(bytes);
	bytes = calloc(l->burst, l->len);
	for (unsigned i = 0; i < l->burst; i++) {
		uint8_t *p = bytes + (size_t)i * l->len;

		memset(p, 2, 12);
		frame_put_be16(p + 12, FRAME_TYPE_IPV4);
		p[14] = 0x45;
		p[23] = FRAME_PROTO_TCP;
		p[46] = 0x50;
		pkt_flat(&pkt[i], iov[i], p, l->len);
		if (l->len > PKT_HEAD) {
			iov[i][0].iov_len = PKT_HEAD;
			iov[i][1] = (struct iovec) { p + PKT_HEAD, l->len - PKT_HEAD };
			pkt[i].iovcnt = 2;
		}
		pkts[i] = &pkt[i];
		pkt[i].gso_type = l->gso ? PKT_GSO_TCPV4 : PKT_GSO_NONE;
		pkt[i].gso_size = 1448;
		if (l->gso && gso_init(&pkt[i], p))
			fail("no message");
	}
}

__attribute__((noinline)) static void step_card_sends(const struct load *l)
{
	for (unsigned i = 0; i < l->bursts; i++) {
		if (vsw_front_put(front, pkts, l->burst) != l->burst)
			fail("the ring is full");
		vsw_front_flush(front);
	}
}

__attribute__((noinline)) static void step_switch_takes(const struct load *l)
{
	struct vring *vq = vsw_vhost_ring(be, 1);

	for (unsigned n = 0; n < l->burst * l->bursts; n += burst.n) {
		if (!vsw_vring_get(vq, &burst))
			fail("frames are lost");
		vsw_vring_got(vq, &burst, burst.n);
		vsw_vring_signal(vq);
	}
}

__attribute__((noinline)) static void step_switch_delivers(const struct load *l)
{
	struct vring *vq = vsw_vhost_ring(be, 0);

	for (unsigned i = 0; i < l->bursts; i++) {
		if (vsw_vring_put(vq, pkts, l->burst) != l->burst)
			fail("the ring is full");
		vsw_vring_signal(vq);
	}
}

__attribute__((noinline)) static void step_card_takes(const struct load *l)
{
	const struct pkt *const *got;

	for (unsigned n = 0, m; n < l->burst * l->bursts; n += m) {
		m = vsw_front_get(front, &got);
		if (!m)
			fail("frames are lost");
		vsw_front_got(front, m);
		vsw_front_flush(front);
	}
}

static void (*const step[STEPS])(const struct load *) = { step_card_sends, step_switch_takes,
							  step_switch_delivers, step_card_takes };

static double now(void)
{
	struct timespec ts;

	clock_gettime(CLOCK_MONOTONIC, &ts);
	return (double)ts.tv_sec * 1e9 + (double)ts.tv_nsec;
}

static int compare(const void *a, const void *b)
{
	double x = *(const double *)a, y = *(const double *)b;

	return (x > y) - (x < y);
}

static void run(const struct load *l, unsigned turns)
{
	double sum = 0;

	make_frames(l);
	for (unsigned t = 0; t < turns; t++) {
		for (unsigned s = 0; s < STEPS; s++) {
			double start = now();

			step[s](l);
			times[s][t] = (now() - start) / (l->burst * l->bursts);
		}
	}
	printf("%6u bytes, bursts of %2u:", l->len, l->burst);
	for (unsigned s = 0; s < STEPS; s++) {
		qsort(times[s], turns, sizeof(times[s][0]), compare);
		printf("  %s %.1f", step_name[s], times[s][turns / 2]);
		sum += times[s][turns / 2];
	}
	printf("  ns; all %.1f\n", sum);
}

int main(int argc, char **argv)
{
	unsigned turns = argc > 1 ? (unsigned)atoi(argv[1]) : 5000;
	unsigned only = argc > 2 ? (unsigned)atoi(argv[2]) : 0;

	if (!turns || turns > 1000000)
		fail("1 to 1000000 turns");
	for (unsigned s = 0; s < STEPS; s++)
		times[s] = calloc(turns, sizeof(double));
	join();
	for (unsigned i = 0; i < sizeof(loads) / sizeof(loads[0]); i++)
		if (!only || loads[i].len == only)
			run(&loads[i], turns);
	return 0;
}
