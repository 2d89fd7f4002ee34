/* SPDX-License-Identifier: BSD-2-Clause */
/* States of queues, of multicast, and of a switch that goes on elsewhere as if nothing had been. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "main.h"
#include "mcast-rig.h"
#include "rig.h"
#include "vswitch/query.h"
#include "vswitch/state.h"

#define LATER	 (1000 * SEC) /* how far the clocks of the two switches are apart */
#define STATIONS 24
#define PORTS	 8
#define UPLINKS	 2
#define ACTS	 4000

static struct vsw_blob blob;
static char err[200], said[1024];

static void hear(void *opaque, const char *line)
{
	size_t n = strlen(said);

	snprintf(said + n, sizeof(said) - n, "%s\n", line);
}

static const struct vsw_left_out out = { hear, NULL };

static void setup(void)
{
	vsw_blob_init(&blob, VSW_SWITCH_STATE_MAX);
	said[0] = 0;
}

static void teardown(void)
{
	vsw_blob_fini(&blob);
}

static void move_port(struct rig_port *from, struct rig_port *to)
{
	blob.len = 0;
	ck_assert_msg(vsw_port_save(from->port, &blob, &out, err, sizeof(err)) == 0, "%s", err);
	ck_assert_msg(vsw_port_load(to->port, blob.data, blob.len, &out, err, sizeof(err)) == 0,
		      "%s", err);
}

static void move_switch(struct rig *from, struct rig *to)
{
	blob.len = 0;
	ck_assert_msg(vsw_switch_save(from->sw, &blob, err, sizeof(err)) == 0, "%s", err);
	ck_assert_msg(vsw_switch_load(to->sw, blob.data, blob.len, &out, err, sizeof(err)) == 0,
		      "%s", err);
}

static struct rig *later(void)
{
	struct rig *r = rig_new();

	r->now += LATER;
	return r;
}

/* UDP of a flow, with a number in its payload */
static void send_numbered(struct rig_port *p, uint16_t flow, uint8_t number, uint32_t payload)
{
	uint8_t buf[2000];
	uint32_t len = rig_udp(buf, 0x02000000000b, 0x02000000000a, 0x0a000001, 0x0a000002, flow, 9,
			       payload);

	buf[len - 1] = number;
	rig_send_bytes(p, buf, len);
}

static uint16_t flow_of(const struct rig_frame *f)
{
	return (uint16_t)(f->bytes[34] << 8 | f->bytes[35]);
}

static uint8_t number_of(const struct rig_frame *f)
{
	return f->bytes[f->pkt.len - 1];
}

/* Three flows of 30 frames, one of which was taken; the others come once, and in order */
START_TEST(queued_frames_come_once_and_in_order)
{
	struct rig *from = rig_new(), *to = later();
	struct rig_port *a = rig_port(from, "a", 0), *b = rig_port(from, "b", 0),
			*there = rig_port(to, "b", 0);
	uint8_t next[3] = { 1, 0, 0 };

	b->room = 1;
	for (uint8_t i = 0; i < 30; i++)
		for (uint16_t flow = 0; flow < 3; flow++)
			send_numbered(a, flow, i, i % 2 ? 1400 : 30);
	there->room = 0;
	move_port(b, there);
	rig_step(to, MS);
	ck_assert_uint_eq(there->n, 0);
	there->room = UINT32_MAX;
	vsw_port_ready(there->port);
	ck_assert_uint_eq(there->n, 89);
	for (unsigned i = 0; i < there->n; i++) {
		uint16_t flow = flow_of(&there->got[i]);

		ck_assert_uint_eq(number_of(&there->got[i]), next[flow]++);
	}
	vsw_port_ready(there->port);
	ck_assert_uint_eq(there->n, 89);
	ck_assert_str_eq(said, "");
	rig_free(from);
	rig_free(to);
}
END_TEST

/* A message of which the owner has some segments already: he gets the others */
START_TEST(a_message_half_taken_is_finished)
{
	struct rig *from = rig_new(), *to = later();
	struct rig_port *a = rig_port(from, "a", 0), *b = rig_port(from, "b", 0),
			*there = rig_port(to, "b", 0);

	b->room = 3;
	rig_send_tso(a, "b", "a", 10000, 1000);
	ck_assert_uint_eq(b->n, 3);
	vsw_port_ready(b->port);
	there->room = 0;
	move_port(b, there);
	there->room = UINT32_MAX;
	vsw_port_ready(there->port);
	ck_assert_uint_eq(b->n + there->n, 10);
	rig_free(from);
	rig_free(to);
}
END_TEST

/* What a port that moves takes along is bounded; a switch that is taken over loses nothing */
START_TEST(a_long_queue_does_not_fit)
{
	struct rig *from = rig_new(), *to = later(), *whole = later();
	struct rig_port *a = rig_port(from, "a", 0), *b = rig_port(from, "b", 0),
			*there = rig_port(to, "b", 0), *all = rig_port(whole, "b", 0);

	rig_port(whole, "a", 0);
	b->room = there->room = all->room = 0;
	for (unsigned i = 0; i < 1000; i++)
		send_numbered(a, 1, (uint8_t)i, 1400);
	move_port(b, there);
	ck_assert_str_eq(said, "port 'b': 273 of 1000 frames that wait do not fit\n");
	ck_assert_uint_le(blob.len, VSW_PORT_STATE_MAX);
	move_switch(from, whole);
	there->room = all->room = UINT32_MAX;
	vsw_port_ready(there->port);
	vsw_port_ready(all->port);
	ck_assert_uint_eq(there->n, 727);
	ck_assert_uint_eq(all->n, 1000);
	rig_free(from);
	rig_free(to);
	rig_free(whole);
}
END_TEST

/* A port moves: its stream goes on, and others do not get it, before anybody asks again */
START_TEST(a_stream_goes_on_without_a_query)
{
	for (unsigned v = 0; v < 2; v++) {
		struct four f = four_asked(), g = four_asked();

		rig_step(g.r, 20 * SEC);
		say_join(f.b, 2, 1, both[v]);
		move_port(f.b, g.b);
		rig_step(g.r, 60 * SEC); /* what is asked meanwhile nobody answers */
		rig_clear(g.r);
		ck_assert_uint_eq(stream(g.a, g.b, 1, both[v]), 1);
		ck_assert_uint_eq(stream(g.a, g.c, 1, both[v]), 0);
		ck_assert_str_eq(said, "");
		rig_free(f.r);
		rig_free(g.r);
	}
}
END_TEST

/* A switch is taken over: another querier, its router port, members and times are as they were */
START_TEST(nets_are_known_at_once)
{
	struct four f = four(), g = four();

	g.r->now += LATER;
	say_query(f.q, 1, V4);
	say_join(f.b, 2, 1, V4);
	rig_step(f.r, 200 * SEC);
	move_switch(f.r, g.r);
	ck_assert_uint_eq(stream(g.a, g.b, 1, V4), 1);
	ck_assert_uint_eq(stream(g.a, g.c, 1, V4), 0);
	ck_assert_uint_eq(stream(g.a, g.q, 1, V4), 1);
	rig_step(g.r, 61 * SEC); /* nobody asked for 261 s */
	ck_assert_uint_eq(stream(g.a, g.c, 1, V4), 1);
	rig_free(f.r);
	rig_free(g.r);
}
END_TEST

/* struct pair - the switch that was, and the one that goes on */
struct pair {
	struct rig *r[2];
	struct rig_port *port[2][PORTS + UPLINKS];
};

static const struct vsw_rule rules[] = {
	{ .name = "some",
	  .direction = VSW_DIR_FROM_PORT,
	  .action = VSW_RULE_LIMIT,
	  .limit = 500,
	  .match = VSW_MATCH_DST_MAC,
	  .dst_mac = { 1, 1 },
	  .cos = -1,
	  .dscp = -1 },
};

static void policy_of(struct vsw_policy *p, unsigned i)
{
	vsw_policy_init(p, i >= PORTS);
	if (i >= PORTS)
		return;
	vsw_policy_set_vlan(p, i == 0 ? 4095 : i % 2 ? 10 : 0);
	if (i == 1)
		p->shape_in = (struct vsw_shape_policy) { 8000000, 80000000, 20000 };
	if (i == 2)
		p->storm = (struct vsw_storm_policy) { 200, 200, 200 };
	if (i == 3) {
		p->rules = rules;
		p->n_rules = 1;
	}
	if (i == 4)
		p->team.kind = VSW_TEAM_MAC;
	if (i == 5)
		p->mac.bpdu = VSW_BPDU_GUARD;
	if (i == 6)
		p->shape_out = (struct vsw_shape_policy) { 8000000, 80000000, 20000 };
}

static void add(struct pair *w, unsigned n, unsigned i)
{
	char id[8];
	struct vsw_policy p;

	snprintf(id, sizeof(id), "p%u", i);
	w->port[n][i] = i < PORTS ? rig_port(w->r[n], id, 0) : rig_uplink(w->r[n], id);
	w->port[n][i]->port = vsw_port_find(w->r[n]->sw, id);
	policy_of(&p, i);
	rig_policy(w->port[n][i], &p);
}

/* The other one has its ports in another order, and other numbers for them */
static void make(struct pair *w, unsigned n)
{
	struct vsw_switch_policy sp;

	w->r[n] = n ? later() : rig_new();
	for (unsigned i = 0; i < PORTS + UPLINKS; i++)
		add(w, n, n ? PORTS + UPLINKS - 1 - i : i);
	vsw_switch_policy_init(&sp);
	sp.multicast = VSW_MCAST_SNOOPING;
	sp.querier.enabled = true;
	sp.querier.interval = 60;
	rig_switch_policy(w->r[n], &sp);
}

/* One act, the same for each switch that there is */
static void act(struct pair *w, unsigned switches, unsigned seed)
{
	static const char *const vlan_of[] = { "ff:ff:ff:ff:ff:ff", "01:00:5e:01:00:05",
					       "01:80:c2:00:00:00" };
	unsigned p, what;
	char dst[20], src[20];
	uint32_t len;

	srandom(seed * 7919 + 1);
	p = (unsigned)random() % (PORTS + UPLINKS);
	what = (unsigned)random() % 100;
	len = 60 + (unsigned)random() % 1400;
	snprintf(src, sizeof(src), "02:00:00:00:00:%02x", p * 4 + (unsigned)random() % 4);
	snprintf(dst, sizeof(dst), "02:00:00:00:00:%02x",
		 (unsigned)random() % ((PORTS + UPLINKS) * 4));
	if (what < 20)
		snprintf(dst, sizeof(dst), "%s", vlan_of[what < 19 ? what % 2 : 2]);
	for (unsigned n = 0; n < switches; n++) {
		struct rig_port *in = w->port[n][p];

		if (what >= 95 && p < PORTS)
			say_join(in, (uint8_t)(p * 4), 5, V4);
		else if (what >= 90)
			rig_step(w->r[n], (int64_t)len * MS);
		else
			rig_send_len(in, dst, src, p == 0 || p >= PORTS ? 10 : -1, len);
		if (what % 7 == 0)
			rig_step(w->r[n], MS);
	}
}

static void compare(const struct pair *w, unsigned seed)
{
	for (unsigned i = 0; i < PORTS + UPLINKS; i++) {
		const struct rig_port *a = w->port[0][i], *b = w->port[1][i];

		CK_EACH(a->n == b->n, "act %u: port p%u got %u and %u frames", seed, i, a->n, b->n);
		for (unsigned k = 0; k < a->n; k++)
			CK_EACH(a->got[k].pkt.len == b->got[k].pkt.len &&
					!memcmp(a->got[k].bytes, b->got[k].bytes,
						a->got[k].pkt.len),
				"act %u: port p%u got another frame", seed, i);
	}
}

static void compare_counters(const struct pair *w)
{
	for (unsigned i = 0; i < PORTS + UPLINKS; i++) {
		struct vsw_counters a, b;

		vsw_port_counters(w->port[0][i]->port, &a);
		vsw_port_counters(w->port[1][i]->port, &b);
		ck_assert_mem_eq(&a, &b, sizeof(a));
	}
}

/* After the same frames both forward alike, frame by frame, and have counted the same */
START_TEST(both_forward_alike)
{
	struct pair w;
	unsigned seed = (unsigned)_i * 100000, end = seed + ACTS;

	make(&w, 0);
	for (; seed < end; seed++) {
		act(&w, 1, seed);
		rig_clear(w.r[0]);
	}
	make(&w, 1);
	rig_clear(w.r[1]);
	move_switch(w.r[0], w.r[1]);
	ck_assert_str_eq(said, "");
	for (end += ACTS; seed < end; seed++) {
		act(&w, 2, seed);
		compare(&w, seed);
		rig_clear(w.r[0]);
		rig_clear(w.r[1]);
	}
	compare_counters(&w);
	rig_free(w.r[0]);
	rig_free(w.r[1]);
}
END_TEST

int main(void)
{
	Suite *suite = suite_create("state-switch");
	TCase *tcase = tcase_create("state-switch");

	tcase_add_checked_fixture(tcase, setup, teardown);
	tcase_add_test(tcase, queued_frames_come_once_and_in_order);
	tcase_add_test(tcase, a_message_half_taken_is_finished);
	tcase_add_test(tcase, a_long_queue_does_not_fit);
	tcase_add_test(tcase, a_stream_goes_on_without_a_query);
	tcase_add_test(tcase, nets_are_known_at_once);
	tcase_add_loop_test(tcase, both_forward_alike, 0, 3);
	tcase_set_timeout(tcase, 300);
	suite_add_tcase(suite, tcase);
	return run_suite(suite);
}
