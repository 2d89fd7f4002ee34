/* SPDX-License-Identifier: BSD-2-Clause */
/* Asking a switch in pieces, as any program may (vswitch/query.h, vswitch/manage.h). */
#include "main.h"
#include "rig.h"

#include <stdio.h>
#include <string.h>

#include "vswitch/fail.h"
#include "vswitch/manage.h"
#include "vswitch/query.h"

#define MANY  100000u
#define PIECE 64u

static void no_limit(struct vsw_policy *policy)
{
	policy->mac.limit = 0;
}

/* Station @n is heard at a port */
static void hear(struct rig_port *p, uint32_t n)
{
	uint8_t buf[64];

	rig_frame(buf, "*", "a", -1, sizeof(buf));
	frame_put_be32(buf + 8, n);
	rig_send_bytes(p, buf, sizeof(buf));
}

static struct rig_port *crowded(struct rig *r, uint32_t n)
{
	struct rig_port *p = rig_port(r, "a", 5);

	rig_port(r, "b", 5)->discard = true;
	rig_change(p, no_limit);
	for (uint32_t i = 0; i < n; i++)
		hear(p, i);
	return p;
}

/* Walk to the end; how often each station was seen */
static unsigned walk(struct rig *r, uint8_t *seen, void (*between)(struct rig *r, unsigned step))
{
	struct vsw_address a[PIECE];
	uint64_t cursor = 0, was;
	unsigned steps = 0;

	while (cursor != VSW_WALK_END) {
		unsigned n;

		was = cursor;
		n = vsw_addresses(r->sw, &cursor, a, PIECE);
		CK_EACH(n <= PIECE && cursor > was &&
				(cursor == VSW_WALK_END || cursor - was <= PIECE * VSW_WALK_PLACES),
			"a piece of %u entries, from %lu to %lu", n, (unsigned long)was,
			(unsigned long)cursor);
		for (unsigned i = 0; i < n; i++)
			if (frame_be32(a[i].mac + 2) < MANY)
				seen[frame_be32(a[i].mac + 2)]++;
		if (between)
			between(r, steps);
		steps++;
	}
	return steps;
}

START_TEST(a_hundred_thousand_addresses_come_in_bounded_pieces)
{
	struct rig *r = rig_new_addresses(MANY * 3 / 2);
	uint8_t *seen = calloc(1, MANY);
	struct vsw_state st;
	unsigned steps;

	crowded(r, MANY);
	vsw_state(r->sw, &st);
	ck_assert_uint_eq(st.addresses, MANY);
	ck_assert_uint_eq(st.ports, 2);
	steps = walk(r, seen, NULL);
	ck_assert_uint_ge(steps, MANY / PIECE);
	for (uint32_t i = 0; i < MANY; i++)
		CK_EACH(seen[i] == 1, "station %u came %u times", i, seen[i]);
	free(seen);
	rig_free(r);
}
END_TEST

/* Others come and go, those below 1000 stay */
static void come_and_go(struct rig *r, unsigned step)
{
	uint8_t mac[6] = { 2, 0 };

	for (uint32_t i = 0; i < 50; i++) {
		uint32_t n = 1000 + (step * 50 + i) % 3000;

		frame_put_be32(mac + 2, n);
		if (vsw_address_remove(r->sw, 5, mac) < 0)
			hear(&r->port[0], n);
	}
}

START_TEST(what_stays_comes_once_whatever_else_changes)
{
	struct rig *r = rig_new_addresses(4096);
	uint8_t *seen = calloc(1, MANY);

	crowded(r, 2000);
	walk(r, seen, come_and_go);
	for (uint32_t i = 0; i < 1000; i++)
		CK_EACH(seen[i] == 1, "station %u came %u times", i, seen[i]);
	free(seen);
	rig_free(r);
}
END_TEST

START_TEST(an_empty_table_is_walked_in_bounded_pieces_too)
{
	struct rig *r = rig_new_addresses(MANY);
	uint64_t cursor = 0;
	struct vsw_address a;
	unsigned steps = 0;

	for (; cursor != VSW_WALK_END; steps++)
		CK_EACH(vsw_addresses(r->sw, &cursor, &a, 1) == 0, "an entry in an empty table");
	ck_assert_uint_ge(steps, MANY / VSW_WALK_PLACES);
	rig_free(r);
}
END_TEST

START_TEST(a_cursor_is_never_wrong)
{
	static const uint64_t odd[] = { 1, 1u << 20, UINT32_MAX, UINT64_C(1) << 32,
					UINT64_MAX - 1 };
	struct rig *r = rig_new();
	struct vsw_address a[PIECE];
	struct vsw_group g;
	struct vsw_port *p[PIECE];

	crowded(r, 10);
	for (unsigned i = 0; i < sizeof(odd) / sizeof(odd[0]); i++) {
		uint64_t address = odd[i], port = odd[i], group = odd[i];

		vsw_addresses(r->sw, &address, a, PIECE);
		vsw_ports(r->sw, &port, p, PIECE);
		vsw_groups(r->sw, &group, &g, 1);
		ck_assert(address > odd[i] && port > odd[i] && group > odd[i]);
	}
	rig_free(r);
}
END_TEST

START_TEST(ports_may_leave_during_a_walk)
{
	struct rig *r = rig_new();
	struct vsw_port *p;
	uint64_t cursor = 0;
	char id[8];

	for (int i = 0; i < 40; i++) {
		snprintf(id, sizeof(id), "p%d", i);
		rig_port(r, id, 0);
	}
	ck_assert_uint_eq(vsw_ports(r->sw, &cursor, &p, 1), 1);
	ck_assert_str_eq(vsw_port_id(p), "p0");
	vsw_port_remove(p);
	vsw_port_remove(r->port[1].port);
	ck_assert_uint_eq(vsw_ports(r->sw, &cursor, &p, 1), 1);
	ck_assert_str_eq(vsw_port_id(p), "p2");
	for (int i = 3; i < 40; i++)
		vsw_port_remove(r->port[i].port);
	while (cursor != VSW_WALK_END)
		ck_assert_uint_eq(vsw_ports(r->sw, &cursor, &p, 1), 0);
	rig_free(r);
}
END_TEST

START_TEST(states_of_ports_and_addresses)
{
	struct rig *r = rig_new();
	struct rig_port *a = rig_card(r, "a", 5, "a"), *up = rig_uplink(r, "up");
	struct vsw_port_state st;
	struct vsw_address e;
	uint64_t cursor = 0;
	uint8_t z[6];

	vsw_port_state(a->port, &st);
	ck_assert(!st.uplink && st.link && st.vlan == 5 && st.leaves_by == up->port);
	ck_assert_str_eq(st.portgroup, "");
	ck_assert_uint_eq(st.mac[5], 'a');
	vsw_port_set_link(up->port, false);
	vsw_port_state(up->port, &st);
	ck_assert(st.uplink && !st.link && !st.leaves_by);
	vsw_port_set_link(up->port, true);
	vsw_address_remove(r->sw, 5, st.mac);
	rig_mac("z", z);
	ck_assert_int_eq(vsw_address_add(up->port, 5, z, r->err, sizeof(r->err)), 0);
	ck_assert_int_eq(vsw_address_add(a->port, 5, z, r->err, sizeof(r->err)), -1);
	ck_assert_int_eq(vsw_address_add(a->port, 4095, z, r->err, sizeof(r->err)), -1);
	ck_assert_int_eq(vsw_address_remove(r->sw, 4095, z), -1);
	rig_mac("a", z);
	ck_assert_int_eq(vsw_address_remove(r->sw, 5, z), 0);
	while (cursor != VSW_WALK_END && !vsw_addresses(r->sw, &cursor, &e, 1))
		;
	ck_assert(e.fixed && !e.port && e.vlan == 5 && e.mac[5] == 'z');
	z[0] = 1;
	ck_assert_int_eq(vsw_address_add(a->port, 5, z, r->err, sizeof(r->err)), -1);
	rig_free(r);
}
END_TEST

/* A manager of one's own, without libvswitch's control */
static int own_policy(void *opaque, const struct vsw_port_conf *conf, struct vsw_policy *policy,
		      char *err, size_t errlen)
{
	if (conf->portgroup && strcmp(conf->portgroup, "mine"))
		return vsw_fail(err, errlen, "no group of mine: %s", conf->portgroup);
	return vsw_policy_set_vlan(policy, 77);
}

static void own_event(void *opaque, const struct vsw_event *ev)
{
	++*(unsigned *)opaque;
}

START_TEST(any_program_may_manage_a_switch)
{
	static const struct vsw_manager manager = { own_policy, own_event };
	struct vsw_port_conf conf = VSW_PORT_CONF_INIT;
	struct rig *r = rig_new();
	unsigned events = 0;

	vsw_manage(r->sw, &manager, &events);
	conf.id = "a";
	conf.portgroup = "other";
	ck_assert_ptr_null(rig_add(r, &conf));
	ck_assert_str_eq(r->err, "no group of mine: other");
	conf.portgroup = "mine";
	ck_assert_uint_eq(rig_policy_of(rig_add(r, &conf)).vlan.vid, 77);
	ck_assert_uint_eq(events, 1);
	vsw_manage(r->sw, NULL, NULL);
	rig_port(r, "b", 3);
	ck_assert_uint_eq(events, 1);
	rig_free(r);
}
END_TEST

int main(void)
{
	const TTest *const tests[] = {
		a_hundred_thousand_addresses_come_in_bounded_pieces,
		what_stays_comes_once_whatever_else_changes,
		an_empty_table_is_walked_in_bounded_pieces_too,
		a_cursor_is_never_wrong,
		ports_may_leave_during_a_walk,
		states_of_ports_and_addresses,
		any_program_may_manage_a_switch,
		NULL,
	};

	return run_tests("query", tests);
}
