/* SPDX-License-Identifier: BSD-2-Clause */
/* States saved and loaded: of a port that moves, and of a switch that is taken over. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "core/state.h"
#include "core/vsw.h"
#include "main.h"
#include "policy/row.h"
#include "rig.h"
#include "vswitch/manage.h"
#include "vswitch/query.h"
#include "vswitch/state.h"

#define LATER (1000 * SEC) /* how far the clocks of the two switches are apart */

#define A "02:00:00:00:00:0a"
#define B "02:00:00:00:00:0b"
#define C "02:00:00:00:00:0c"

static struct rig *from, *to;
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
	from = rig_new();
	to = rig_new();
	to->now += LATER;
	vsw_blob_init(&blob, VSW_SWITCH_STATE_MAX);
	said[0] = err[0] = 0;
}

static void teardown(void)
{
	vsw_blob_fini(&blob);
	rig_free(from);
	rig_free(to);
}

/* A port of the same id in both */
static void both(const char *id, int vlan)
{
	rig_port(from, id, vlan);
	rig_port(to, id, vlan);
}

static void both_uplinks(const char *id)
{
	rig_uplink(from, id);
	rig_uplink(to, id);
}

static struct rig_port *of(struct rig *r, const char *id)
{
	for (unsigned i = 0; i < r->n_ports; i++)
		if (!strcmp(vsw_port_id(r->port[i].port), id))
			return &r->port[i];
	ck_abort_msg("no port '%s'", id);
	return NULL;
}

static void change_both(const char *id, void (*change)(struct vsw_policy *))
{
	rig_change(of(from, id), change);
	rig_change(of(to, id), change);
}

static void move_port(const char *id)
{
	blob.len = 0;
	ck_assert_msg(vsw_port_save(of(from, id)->port, &blob, &out, err, sizeof(err)) == 0, "%s",
		      err);
	ck_assert_msg(
		vsw_port_load(of(to, id)->port, blob.data, blob.len, &out, err, sizeof(err)) == 0,
		"%s", err);
}

static void move_switch(void)
{
	blob.len = 0;
	ck_assert_msg(vsw_switch_save(from->sw, &blob, err, sizeof(err)) == 0, "%s", err);
	ck_assert_msg(vsw_switch_load(to->sw, blob.data, blob.len, &out, err, sizeof(err)) == 0,
		      "%s", err);
}

START_TEST(counters_continue)
{
	struct vsw_counters was, is;

	both("a", 0);
	both("b", 0);
	for (int i = 0; i < 3; i++)
		rig_send(of(from, "a"), B, A, -1);
	rig_send(of(from, "a"), "01:80:c2:00:00:01", A, -1); /* dropped: reserved */
	move_port("a");
	vsw_port_counters(of(from, "a")->port, &was);
	vsw_port_counters(of(to, "a")->port, &is);
	ck_assert_uint_eq(is.in.unicast.frames, 3);
	ck_assert_uint_eq(is.drops[VSW_DROP_RESERVED], 1);
	ck_assert_mem_eq(&was, &is, sizeof(was));
	rig_send(of(to, "a"), B, A, -1);
	vsw_port_counters(of(to, "a")->port, &is);
	ck_assert_uint_eq(is.in.unicast.frames, 4);
	ck_assert_str_eq(said, "");
}
END_TEST

static void shape(struct vsw_policy *p)
{
	p->shape_in = (struct vsw_shape_policy) { 8000000, 8000000000, 100000 };
}

static unsigned send_until_held(struct rig_port *p, uint32_t len)
{
	unsigned n = 0;

	while (n < 10000 && rig_send_len(p, B, A, -1, len))
		n++;
	return n;
}

/* 90 % of the burst is used; the rest, and what came in meanwhile, is all that is left */
START_TEST(no_second_burst)
{
	both("a", 0);
	both("b", 0);
	change_both("a", shape);
	for (int i = 0; i < 90; i++) {
		ck_assert_uint_eq(rig_send_len(of(from, "a"), B, A, -1, 1000), 1);
		rig_step(from, MS / 100); /* that is what peak asks for: 10 bytes of average */
	}
	move_port("a");
	ck_assert_uint_eq(send_until_held(of(to, "a"), 1000), 10);
	rig_step(to, 50 * MS); /* 8 Mbit/s: 50 frames */
	ck_assert_uint_eq(send_until_held(of(to, "a"), 1000), 50);
}
END_TEST

static void shape_out(struct vsw_policy *p)
{
	p->shape_out = (struct vsw_shape_policy) { 8000000, 8000000000, 100000 };
}

/* The same on the way out: the others wait */
START_TEST(no_second_burst_on_the_way_out)
{
	both("a", 0);
	both("b", 0);
	change_both("b", shape_out);
	for (int i = 0; i < 90; i++) {
		rig_send_len(of(from, "a"), B, A, -1, 1000);
		rig_step(from, MS / 100);
	}
	ck_assert_uint_eq(of(from, "b")->n, 90);
	move_port("b");
	for (int i = 0; i < 20; i++)
		rig_send_len(of(to, "a"), B, A, -1, 1000);
	ck_assert_uint_eq(of(to, "b")->n, 10);
	rig_step(to, 50 * MS);
	ck_assert_uint_eq(of(to, "b")->n, 20);
}
END_TEST

static void storm(struct vsw_policy *p)
{
	p->storm.broadcast = 100;
}

START_TEST(storm_control_has_its_level)
{
	both("a", 0);
	both("b", 0);
	change_both("a", storm);
	for (int i = 0; i < 20; i++)
		rig_send(of(from, "a"), "ff:ff:ff:ff:ff:ff", A, -1);
	ck_assert_uint_gt(rig_drops(of(from, "a"), VSW_DROP_STORM), 0);
	move_port("a");
	rig_clear(to);
	rig_send(of(to, "a"), "ff:ff:ff:ff:ff:ff", A, -1);
	ck_assert_uint_eq(of(to, "b")->n, 0);
}
END_TEST

static const struct vsw_rule two_rules[] = {
	{ .name = "all",
	  .direction = VSW_DIR_FROM_PORT,
	  .action = VSW_RULE_LIMIT,
	  .limit = 100,
	  .cos = -1,
	  .dscp = -1 },
	{ .direction = VSW_DIR_FROM_PORT, .action = VSW_RULE_MARK, .cos = 3, .dscp = -1 },
};

static void limit(struct vsw_policy *p)
{
	p->rules = two_rules;
	p->n_rules = 2;
}

static void other_rule(struct vsw_policy *p)
{
	p->rules = two_rules + 1;
	p->n_rules = 1;
}

START_TEST(rules_go_on_counting)
{
	both("a", 0);
	both("b", 0);
	change_both("a", limit);
	for (int i = 0; i < 20; i++)
		rig_send(of(from, "a"), B, A, -1);
	move_port("a");
	ck_assert_uint_eq(vsw_port_rule_hits(of(to, "a")->port, 0), 20);
	ck_assert_uint_eq(vsw_port_rule_hits(of(to, "a")->port, 1), 11);
	ck_assert_uint_eq(rig_drops(of(to, "a"), VSW_DROP_RULE_RATE), 9);
	rig_clear(to);
	rig_send(of(to, "a"), B, A, -1);
	ck_assert_uint_eq(of(to, "b")->n, 0);
}
END_TEST

START_TEST(other_rules_begin_anew)
{
	both("a", 0);
	rig_change(of(from, "a"), limit);
	rig_change(of(to, "a"), other_rule);
	rig_send(of(from, "a"), B, A, -1);
	move_port("a");
	ck_assert_uint_eq(vsw_port_rule_hits(of(to, "a")->port, 0), 0);
	ck_assert_str_eq(said, "port 'a': 2 of 2 rules are other ones here, which count from 0\n");
}
END_TEST

static void guard(struct vsw_policy *p)
{
	p->mac.bpdu = VSW_BPDU_GUARD;
	p->mac.bpdu_recovery = 300;
}

START_TEST(shut_stays_shut_for_what_is_left)
{
	both("a", 0);
	both("b", 0);
	change_both("a", guard);
	rig_send(of(from, "a"), "01:80:c2:00:00:00", A, -1);
	rig_step(from, 100 * SEC);
	move_port("a");
	rig_send(of(to, "a"), B, A, -1);
	ck_assert_uint_eq(of(to, "b")->n, 0);
	rig_step(to, 199 * SEC);
	rig_send(of(to, "a"), B, A, -1);
	ck_assert_uint_eq(of(to, "b")->n, 0);
	rig_step(to, 2 * SEC);
	rig_send(of(to, "a"), B, A, -1);
	ck_assert_uint_eq(of(to, "b")->n, 1);
}
END_TEST

/* What was learnt comes along; where a policy forbids it, it does not */
START_TEST(learnt_addresses_move)
{
	both("a", 0);
	both("b", 0);
	both("c", 0);
	rig_send(of(from, "a"), B, A, -1);
	move_port("a");
	rig_send(of(to, "b"), A, B, -1);
	ck_assert_uint_eq(of(to, "a")->n, 1);
	ck_assert_uint_eq(of(to, "c")->n, 0);
}
END_TEST

static void strict(struct vsw_policy *p)
{
	p->security.forged_transmits = false;
}

START_TEST(a_policy_forbids_what_was_learnt)
{
	both("a", 0);
	both("b", 0);
	rig_send(of(from, "a"), B, A, -1);
	rig_change(of(to, "a"), strict);
	move_port("a");
	ck_assert_str_eq(said, "port 'a': 1 of 1 learnt addresses may not be learnt, or are known "
			       "here\n");
}
END_TEST

START_TEST(registered_addresses_move)
{
	uint8_t addrs[3][6];
	struct vsw_addrs filter = { .n = 3, .addrs = (const uint8_t(*)[6])addrs };

	both("a", 0);
	both("b", 0);
	both("c", 0);
	rig_mac(A, filter.mac);
	rig_mac("02:00:00:00:01:01", addrs[0]);
	rig_mac("01:00:5e:00:00:01", addrs[1]);
	rig_mac("02:00:00:00:01:02", addrs[2]);
	vsw_port_set_addrs(of(from, "a")->port, &filter);
	move_port("a");
	rig_send(of(to, "b"), "02:00:00:00:01:02", B, -1);
	rig_send(of(to, "b"), A, B, -1);
	ck_assert_uint_eq(of(to, "a")->n, 2);
	ck_assert_uint_eq(of(to, "c")->n, 0);
}
END_TEST

START_TEST(an_uplink_does_not_move)
{
	both_uplinks("u");
	ck_assert_int_eq(vsw_port_save(of(from, "u")->port, &blob, NULL, err, sizeof(err)), -1);
	ck_assert_str_eq(err, "port 'u' is an uplink, whose state is its switch's");
	ck_assert_int_eq(vsw_port_load(of(from, "u")->port, "", 0, NULL, err, sizeof(err)), -1);
	ck_assert_uint_eq(blob.len, 0);
}
END_TEST

/* The table, with ages, under other port numbers */
START_TEST(a_switch_knows_its_addresses)
{
	uint8_t mac[6];

	both("a", 0);
	rig_port(from, "gone", 0);
	both("b", 0);
	rig_port(to, "new", 0);
	both("c", 0);
	rig_send(of(from, "a"), B, A, -1);
	rig_step(from, 200 * SEC);
	rig_send(of(from, "b"), A, B, -1);
	rig_send(of(from, "gone"), A, "02:00:00:00:00:99", -1);
	rig_mac(C, mac);
	ck_assert_int_eq(vsw_address_add(of(from, "c")->port, 0, mac, err, sizeof(err)), 0);
	move_switch();
	ck_assert_str_eq(said, "port 'gone' is not here\n"
			       "1 addresses are of ports that are not here\n");
	rig_clear(to);
	rig_send(of(to, "new"), A, "02:00:00:00:00:98", -1);
	rig_send(of(to, "new"), B, "02:00:00:00:00:98", -1);
	rig_send(of(to, "new"), C, "02:00:00:00:00:98", -1);
	ck_assert_uint_eq(of(to, "a")->n, 1);
	ck_assert_uint_eq(of(to, "b")->n, 1);
	ck_assert_uint_eq(of(to, "c")->n, 1);
	rig_step(to, 130 * SEC); /* 330 s without a frame of A, 130 without one of B */
	rig_clear(to);
	rig_send(of(to, "new"), A, "02:00:00:00:00:98", -1);
	rig_send(of(to, "new"), B, "02:00:00:00:00:98", -1);
	rig_send(of(to, "new"), C, "02:00:00:00:00:98", -1);
	ck_assert_uint_eq(of(to, "a")->n, 1);
	ck_assert_uint_eq(of(to, "b")->n, 2);
	ck_assert_uint_eq(of(to, "c")->n, 2); /* flooded A, and its own, which is static */
}
END_TEST

static void early_and_late(void (*meanwhile)(void))
{
	struct vsw_early *early = vsw_early_new(from->sw, err, sizeof(err));

	while (vsw_early_copy(early))
		;
	blob.len = 0;
	ck_assert_int_eq(vsw_early_save(early, &blob, err, sizeof(err)), 0);
	ck_assert_msg(vsw_switch_load(to->sw, blob.data, blob.len, &out, err, sizeof(err)) == 0,
		      "%s", err);
	meanwhile();
	blob.len = 0;
	ck_assert_int_eq(vsw_switch_save_late(from->sw, early, &blob, err, sizeof(err)), 0);
	ck_assert_msg(vsw_switch_load(to->sw, blob.data, blob.len, &out, err, sizeof(err)) == 0,
		      "%s", err);
	vsw_early_free(early);
}

static void meanwhile_stations_move(void)
{
	rig_send(of(from, "b"), B, A, -1);
	rig_send(of(from, "c"), B, C, -1);
}

static void nothing(void)
{
}

static uint32_t known(struct rig *r)
{
	struct vsw_state st;

	vsw_state(r->sw, &st);
	return st.addresses;
}

START_TEST(what_went_ahead_is_put_right)
{
	both("a", 0);
	both("b", 0);
	both("c", 0);
	rig_send(of(from, "a"), B, A, -1);
	rig_send(of(from, "b"), A, B, -1);
	early_and_late(meanwhile_stations_move);
	ck_assert_uint_eq(known(to), 3);
	rig_clear(to);
	rig_send(of(to, "c"), A, C, -1);
	ck_assert_uint_eq(of(to, "b")->n, 1);
	ck_assert_uint_eq(of(to, "a")->n, 0);
}
END_TEST

static void meanwhile_all_is_forgotten(void)
{
	vsw_port_flush(of(from, "a")->port);
}

START_TEST(what_went_ahead_and_is_gone_is_gone)
{
	both("a", 0);
	both("b", 0);
	rig_send(of(from, "a"), B, A, -1);
	rig_send(of(from, "b"), A, B, -1);
	early_and_late(meanwhile_all_is_forgotten);
	ck_assert_uint_eq(known(to), 1);
}
END_TEST

/* Late there is little if little has changed */
START_TEST(what_went_ahead_does_not_come_twice)
{
	size_t whole;

	both("a", 0);
	for (int i = 0; i < 2000; i++) {
		char mac[20];

		snprintf(mac, sizeof(mac), "02:00:00:01:%02x:%02x", i >> 8, i & 255);
		rig_send(of(from, "a"), B, mac, -1);
	}
	ck_assert_int_eq(vsw_switch_save(from->sw, &blob, err, sizeof(err)), 0);
	whole = blob.len;
	early_and_late(nothing);
	ck_assert_uint_eq(known(to), 2000);
	ck_assert_uint_lt(blob.len, whole - 2000 * 8);
}
END_TEST

/* A policy that remembers something has a part of the state; if not, it says why */
START_TEST(no_policy_is_forgotten)
{
	const struct vsw_state_part *parts[STATE_PARTS];

	for (unsigned i = 0; i < VSW_POLICIES; i++) {
		const struct vsw_policy_row *row = vsw_policies[i];

		ck_assert_msg((row->port_state || row->switch_state) == !row->no_state,
			      "policy '%s': what does it remember? (port_state, switch_state, "
			      "or no_state)",
			      row->name);
	}
	for (int port = 0; port < 2; port++) {
		unsigned n = vsw_state_parts(port, parts);

		ck_assert_uint_lt(n, STATE_PARTS - 1);
		for (unsigned i = 0; i < n; i++)
			ck_assert_uint_le(parts[i]->list.n, STATE_ROWS);
		for (unsigned i = 0; i < n; i++)
			for (unsigned k = 0; k < i; k++)
				ck_assert_str_ne(parts[i]->name, parts[k]->name);
	}
}
END_TEST

int main(void)
{
	const TTest *const tests[] = { counters_continue,
				       no_second_burst,
				       no_second_burst_on_the_way_out,
				       storm_control_has_its_level,
				       rules_go_on_counting,
				       other_rules_begin_anew,
				       shut_stays_shut_for_what_is_left,
				       learnt_addresses_move,
				       a_policy_forbids_what_was_learnt,
				       registered_addresses_move,
				       an_uplink_does_not_move,
				       a_switch_knows_its_addresses,
				       what_went_ahead_is_put_right,
				       what_went_ahead_and_is_gone_is_gone,
				       what_went_ahead_does_not_come_twice,
				       no_policy_is_forgotten,
				       NULL };
	Suite *suite = suite_create("state");
	TCase *tcase = tcase_create("state");

	tcase_add_checked_fixture(tcase, setup, teardown);
	for (const TTest *const *t = tests; *t; t++)
		tcase_add_test(tcase, *t);
	suite_add_tcase(suite, tcase);
	return run_suite(suite);
}
