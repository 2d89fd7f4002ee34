/* SPDX-License-Identifier: BSD-2-Clause */
/* Shaping, storm control, network I/O control, and the egress queue, on a stepped clock. */
#include "main.h"
#include "rig.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define MBIT UINT64_C(1000000)

/* A sender whose frames stay with it when they are not taken, as a card's do */
static unsigned backlog;
static bool backlog_tso;
static uint32_t backlog_len;

static void offer(struct rig_port *p)
{
	while (backlog) {
		if (!(backlog_tso ? rig_send_tso(p, "b", "a", 60000, 1460) :
				    rig_send_len(p, "b", "a", -1, backlog_len)))
			return;
		backlog--;
	}
}

static uint64_t bytes_in(struct rig_port *p)
{
	struct vsw_counters c;

	vsw_port_counters(p->port, &c);
	return c.in.unicast.bytes;
}

static uint64_t bytes_out(struct rig_port *p)
{
	struct vsw_counters c;

	vsw_port_counters(p->port, &c);
	return c.out.unicast.bytes;
}

static void shape_in(struct vsw_policy *p)
{
	p->shape_in = (struct vsw_shape_policy) { 10 * MBIT, 100 * MBIT, 150000 };
}

static void shape_out(struct vsw_policy *p)
{
	p->shape_out = (struct vsw_shape_policy) { 10 * MBIT, 100 * MBIT, 150000 };
	p->queue.target = 0; /* the shaper is measured, not the queue */
}

/* Within 2 % of the average over 10 s, and never more than one burst above it */
static void check_rate(uint64_t (*bytes)(struct rig_port *), struct rig *r, struct rig_port *p,
		       void (*feed)(struct rig_port *), struct rig_port *from)
{
	uint64_t sent = 0;

	for (int ms = 1; ms <= 10000; ms++) {
		if (feed)
			feed(from);
		rig_step(r, MS);
		sent = bytes(p);
		ck_assert_msg(sent <= 10 * MBIT / 8 * (uint64_t)ms / 1000 + 150000,
			      "%d ms: %llu bytes", ms, (unsigned long long)sent);
	}
	fprintf(stderr, "# shaped to 12500000 bytes in 10 s, passed %llu\n",
		(unsigned long long)sent);
	ck_assert_uint_ge(sent, 12500000 / 100 * 98);
	ck_assert_uint_le(sent, 12500000 / 100 * 102);
}

static void shaping_in(bool tso, uint32_t len)
{
	struct rig *r = rig_new();
	struct rig_port *a = rig_port(r, "a", 0), *b = rig_port(r, "b", 0);

	b->discard = true;
	rig_send(b, "*", "b", -1);
	vsw_port_set_caps(b->port, PKT_TAKES_CSUM | PKT_TAKES_TCPV4);
	rig_change(a, shape_in);
	backlog = 10000000;
	backlog_tso = tso;
	backlog_len = len;
	a->on_ready = offer;
	offer(a);
	check_rate(bytes_in, r, a, NULL, a);
	rig_free(r);
}

START_TEST(shaping_in_60_bytes)
{
	shaping_in(false, 60);
}
END_TEST

START_TEST(shaping_in_1514_bytes)
{
	shaping_in(false, 1514);
}
END_TEST

START_TEST(shaping_in_tso)
{
	shaping_in(true, 0);
}
END_TEST

static void feed_60(struct rig_port *p)
{
	for (int i = 0; i < 40; i++)
		rig_send_len(p, "b", "a", -1, 60);
}

static void feed_tso(struct rig_port *p)
{
	rig_send_tso(p, "b", "a", 60000, 1460);
}

static void shaping_out(void (*feed)(struct rig_port *))
{
	struct rig *r = rig_new();
	struct rig_port *a = rig_port(r, "a", 0), *b = rig_port(r, "b", 0);

	a->discard = b->discard = true;
	rig_send(b, "*", "b", -1);
	rig_change(b, shape_out);
	check_rate(bytes_out, r, b, feed, a);
	rig_free(r);
}

START_TEST(shaping_out_60_bytes)
{
	shaping_out(feed_60);
}
END_TEST

START_TEST(shaping_out_tso)
{
	shaping_out(feed_tso);
}
END_TEST

/* The burst passes at peak, not at once */
START_TEST(shaping_burst_is_at_peak_rate)
{
	struct rig *r = rig_new();
	struct rig_port *a = rig_port(r, "a", 0), *b = rig_port(r, "b", 0);
	uint64_t early;

	b->discard = true;
	rig_send(b, "*", "b", -1);
	rig_change(a, shape_in);
	backlog = 100000;
	backlog_tso = false;
	backlog_len = 1514;
	a->on_ready = offer;
	offer(a);
	early = bytes_in(a);
	ck_assert_uint_le(early, PKT_MAX_LEN);
	rig_step(r, 5 * MS);
	ck_assert_uint_le(bytes_in(a) - early, 100 * MBIT / 8 / 200 + 1514);
	ck_assert_uint_ge(bytes_in(a) - early, 100 * MBIT / 8 / 200 - 3028);
	rig_free(r);
}
END_TEST

static void storm(struct vsw_policy *p)
{
	p->storm = (struct vsw_storm_policy) { 100, 200, 300 };
}

START_TEST(storm_control_per_class)
{
	static const char *const dst[] = { "*", "g1", "u" };
	struct rig *r = rig_new();
	struct rig_port *a = rig_port(r, "a", 0), *b = rig_port(r, "b", 0);

	b->discard = true;
	rig_change(a, storm);
	for (int k = 0; k < 3; k++) {
		rig_clear(r);
		for (int ms = 0; ms < 10000; ms++) {
			rig_send(a, dst[k], "a", -1);
			rig_step(r, MS);
		}
		ck_assert_uint_ge(b->total, 1000u * (unsigned)(k + 1));
		ck_assert_uint_le(b->total, 1000u * (unsigned)(k + 1) * 104 / 100);
	}
	ck_assert_uint_ge(r->events[VSW_EVENT_STORM], 1);
	rig_send(b, "*", "b", -1);
	rig_clear(r);
	for (int i = 0; i < 1000; i++) /* known unicast is no storm */
		rig_send(a, "b", "a", -1);
	ck_assert_uint_eq(b->total, 1000);
	rig_free(r);
}
END_TEST

static void classes(struct rig *r, const struct vsw_class *class, unsigned n)
{
	struct vsw_switch_policy *sp = malloc(sizeof(*sp));

	*sp = *vsw_switch_policy(r->sw);
	sp->n_classes = n;
	memcpy(sp->class, class, n * sizeof(*class));
	rig_switch_policy(r, sp);
	free(sp);
}

static struct rig_port *uplink_of_speed(struct rig *r, uint32_t mbps)
{
	struct vsw_port_conf conf = VSW_PORT_CONF_INIT;
	struct rig_port *up;

	conf.id = "up";
	conf.uplink = true;
	conf.speed_mbps = mbps;
	up = rig_add(r, &conf);
	up->discard = true;
	return up;
}

static void class_1(struct vsw_policy *p)
{
	p->class = 1;
}

static uint64_t from_a, from_b;

static void by_source(struct rig_port *p, const struct pkt *pkt)
{
	*(pkt_head(pkt)[11] == 'a' ? &from_a : &from_b) += pkt->len;
}

/* Both classes have more to send than fits; a sends small frames, b messages */
static void contend(struct rig *r, struct rig_port *a, struct rig_port *b, struct rig_port *up,
		    int ms)
{
	from_a = from_b = 0;
	up->on_frame = by_source;
	vsw_port_set_caps(up->port, PKT_TAKES_CSUM | PKT_TAKES_TCPV4);
	for (int t = 0; t < ms; t++) {
		for (int i = 0; i < 20; i++)
			rig_send_len(a, "u", "a", -1, 1514);
		for (int i = 0; i < 3; i++)
			rig_send_tso(b, "u", "b", 15000, 1460);
		rig_step(r, MS);
	}
}

START_TEST(nioc_shares_1_to_3)
{
	static const struct vsw_class class[] = { { "virtualMachine", 25, 0, 0 },
						  { "vmotion", 75, 0, 0 } };
	struct rig *r = rig_new();
	struct rig_port *up = uplink_of_speed(r, 100), *a = rig_port(r, "a", 0),
			*b = rig_port(r, "b", 0);
	double ratio;

	a->discard = b->discard = true;
	classes(r, class, 2);
	rig_change(b, class_1);
	contend(r, a, b, up, 10000);
	ratio = (double)from_b / (double)from_a;
	fprintf(stderr, "# shares 1:3 measured 1:%.3f\n", ratio);
	ck_assert_msg(ratio > 2.85 && ratio < 3.15, "ratio %.3f", ratio);
	ck_assert_uint_le(from_a + from_b,
			  125000000 + PKT_MAX_LEN); /* the line is full, and not more */
	ck_assert_uint_ge(from_a + from_b, 120000000);
	rig_free(r);
}
END_TEST

START_TEST(nioc_limit_and_reservation)
{
	static const struct vsw_class class[] = { { "a", 100, 0, 20 * MBIT },
						  { "b", 100, 30 * MBIT, 0 } };
	static const struct vsw_class starved[] = { { "a", 1, 0, 40 * MBIT }, { "b", 100, 0, 0 } };
	struct rig *r = rig_new();
	struct rig_port *up = uplink_of_speed(r, 100), *a = rig_port(r, "a", 0),
			*b = rig_port(r, "b", 0);

	a->discard = b->discard = true;
	classes(r, class, 2);
	rig_change(b, class_1);
	contend(r, a, b, up, 5000);
	ck_assert_uint_le(from_b, 30 * MBIT / 8 * 5 * 102 / 100 + PKT_MAX_LEN);
	ck_assert_uint_ge(from_a, 65 * MBIT / 8 * 5); /* what b may not have */
	classes(r, starved, 2);
	contend(r, a, b, up, 5000);
	ck_assert_uint_ge(from_a, 40 * MBIT / 8 * 5 * 95 /
					  100); /* one share of 101, but 40 Mb/s reserved */
	rig_free(r);
}
END_TEST

/*
 * One sender floods at full speed, another asks and is answered 1000 times a second, to a receiver
 * of 100 Mb/s. The small frames carry their number and are timed from the switch's door to the
 * receiver.
 */
#define ASKS 5000

static int64_t asked[ASKS], delay[ASKS];
static unsigned answered;

static void note(struct rig_port *p, const struct pkt *pkt)
{
	uint8_t b[46];

	if (pkt->len > 100)
		return;
	ck_assert_uint_eq(pkt_copy(pkt, 0, b, sizeof(b)), sizeof(b));
	delay[answered++] = p->rig->now - asked[frame_be32(b + 42)];
}

static int by_delay(const void *a, const void *b)
{
	int64_t x = *(const int64_t *)a, y = *(const int64_t *)b;

	return (x > y) - (x < y);
}

START_TEST(flood_does_not_delay_others)
{
	struct rig *r = rig_new();
	struct rig_port *a = rig_port(r, "a", 0), *b = rig_port(r, "b", 0),
			*v = rig_port(r, "v", 0);
	int64_t target = vsw_port_policy(v->port)->queue.target;
	uint8_t big[1514], small[64];
	int64_t credit = 0;
	unsigned n = 0;

	a->discard = b->discard = v->discard = true;
	rig_send(v, "*", "v", -1);
	v->on_frame = note;
	v->room = 0;
	rig_udp(big, UINT64_C(0x020000000000) + 'v', UINT64_C(0x020000000000) + 'a', 0x0a000001,
		0x0a000003, 5, 5, 1472);
	rig_udp(small, UINT64_C(0x020000000000) + 'v', UINT64_C(0x020000000000) + 'b', 0x0a000002,
		0x0a000003, 6, 6, 22);
	for (unsigned tick = 0; n < ASKS; tick++) { /* of 100 us */
		for (int i = 0; i < 8; i++)	    /* about a gigabit a second */
			rig_send_bytes(a, big, sizeof(big));
		if (tick % 10 == 0) {
			asked[n] = r->now;
			frame_put_be32(small + 42, n++);
			rig_send_bytes(b, small, sizeof(small));
		}
		rig_step(r, MS / 10);
		for (credit += 1250; credit > 0;) { /* 100 Mb/s */
			uint64_t was = v->bytes;

			v->room = 1;
			vsw_port_ready(v->port);
			if (v->bytes == was)
				break;
			credit -= (int64_t)(v->bytes - was);
		}
		v->room = 0;
	}
	v->room = UINT32_MAX;
	vsw_port_ready(v->port);
	ck_assert_uint_eq(answered, ASKS); /* none lost */
	qsort(delay, ASKS, sizeof(delay[0]), by_delay);
	fprintf(stderr, "# delay of the small flow: median %lld us, 99th percentile %lld us\n",
		(long long)delay[ASKS / 2] / 1000, (long long)delay[ASKS * 99 / 100] / 1000);
	ck_assert_msg(delay[ASKS * 99 / 100] < 2 * target, "99th percentile %lld us",
		      (long long)delay[ASKS * 99 / 100] / 1000);
	rig_free(r);
}
END_TEST

/* CoDel holds the delay of a greedy flow down, and marks instead of dropping where it can */
START_TEST(codel_marks_ecn)
{
	struct rig *r = rig_new();
	struct rig_port *a = rig_port(r, "a", 0), *v = rig_port(r, "v", 0);
	struct vsw_counters c;
	uint8_t big[1514];

	a->discard = v->discard = true;
	rig_send(v, "*", "v", -1);
	rig_udp(big, UINT64_C(0x020000000000) + 'v', UINT64_C(0x020000000000) + 'a', 0x0a000001,
		0x0a000003, 5, 5, 1472);
	big[15] |= 2; /* ECT(0) */
	csum_ipv4_set(big + 14);
	v->room = 0;
	for (int t = 0; t < 5000; t++) {
		rig_send_bytes(a, big, sizeof(big));
		if (t % 10 == 9) {
			rig_send_bytes(a, big, sizeof(big));
			rig_step(r, MS);
			v->room = 9;
			vsw_port_ready(v->port);
			v->room = 0;
		}
	}
	vsw_port_counters(v->port, &c);
	ck_assert_uint_ge(c.ecn_marked, 5); /* about 100 ms, then ever closer (RFC 8289 5.3) */
	ck_assert_uint_eq(c.drops[VSW_DROP_QUEUE_DELAY], 0);
	rig_free(r);
}
END_TEST

static void without_codel(struct vsw_policy *p)
{
	p->queue.target = 0;
	p->queue.frames = 256;
	p->queue.bytes = 65536;
}

/* Of 200 frames that stand for seconds, how many come out? */
static uint64_t come_out(void (*change)(struct vsw_policy *policy), struct vsw_counters *c)
{
	struct rig *r = rig_new();
	struct rig_port *a = rig_port(r, "a", 0), *v = rig_port(r, "v", 0);
	uint64_t total;

	if (change)
		rig_change(v, change);
	v->discard = true;
	v->room = 0;
	for (int i = 0; i < 200; i++)
		rig_send_len(a, "*", "a", -1, 200);
	for (int i = 0; i < 200; i++) {
		rig_step(r, 100 * MS);
		v->room = 1;
		vsw_port_ready(v->port);
		v->room = 0;
	}
	vsw_port_counters(v->port, c);
	total = v->total;
	rig_free(r);
	return total;
}

/* A target of 0: however long they stand, frames wait for the receiver */
START_TEST(no_target_no_drop_for_delay)
{
	struct vsw_counters c;

	ck_assert_uint_eq(come_out(without_codel, &c), 200);
	ck_assert_uint_eq(c.drops[VSW_DROP_QUEUE_DELAY] + c.drops[VSW_DROP_QUEUE_FULL], 0);
	ck_assert_int_gt(c.delay_max, 19 * SEC);
	ck_assert_uint_lt(come_out(NULL, &c), 200); /* the default target would not have it */
	ck_assert_uint_gt(c.drops[VSW_DROP_QUEUE_DELAY], 0);
}
END_TEST

/* Then the bounds are frames and bytes, and the oldest of the fattest flow make room: half of it,
 * 64 frames at most */
START_TEST(no_target_bounds_hold)
{
	struct rig *r = rig_new();
	struct rig_port *a = rig_port(r, "a", 0), *v = rig_port(r, "v", 0);

	rig_change(v, without_codel);
	v->room = 0;
	for (int i = 0; i < 256; i++)
		rig_send_len(a, "*", "a", -1, 60);
	ck_assert_uint_eq(rig_drops(v, VSW_DROP_QUEUE_FULL), 0);
	rig_send_len(a, "*", "a", -1, 61);
	ck_assert_uint_eq(rig_drops(v, VSW_DROP_QUEUE_FULL), 64);
	v->room = UINT32_MAX;
	vsw_port_ready(v->port);
	ck_assert_uint_eq(v->n, 256 - 64 + 1);
	ck_assert_uint_eq(v->got[v->n - 1].pkt.len, 61);
	rig_clear(r);
	v->room = 0;
	for (int i = 0; i < 65536 / 1024; i++)
		rig_send_len(a, "*", "a", -1, 1024);
	ck_assert_uint_eq(rig_drops(v, VSW_DROP_QUEUE_FULL), 64);
	rig_send_len(a, "*", "a", -1, 60);
	ck_assert_uint_eq(rig_drops(v, VSW_DROP_QUEUE_FULL), 64 + 32);
	rig_free(r);
}
END_TEST

int main(void)
{
	const TTest *const tests[] = {
		shaping_in_60_bytes,
		shaping_in_1514_bytes,
		shaping_in_tso,
		shaping_out_60_bytes,
		shaping_out_tso,
		shaping_burst_is_at_peak_rate,
		storm_control_per_class,
		nioc_shares_1_to_3,
		nioc_limit_and_reservation,
		flood_does_not_delay_others,
		codel_marks_ecn,
		no_target_no_drop_for_delay,
		no_target_bounds_hold,
		NULL,
	};

	return run_tests("qos", tests);
}
