/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * What a bridge must do: the points of 802.1Q-2018 clause 8 and of VMware's policies, a test each,
 * numbered as in docs/switch.md.
 */
#include "main.h"
#include "rig.h"

#include <stdio.h>
#include <string.h>

/* 1 */
START_TEST(c01_learns_individual_sources_of_admitted_frames_only)
{
	struct rig *r = rig_new();
	struct rig_port *a = rig_port(r, "a", 10), *b = rig_port(r, "b", 10),
			*c = rig_port(r, "c", 10);

	rig_send(a, "*", "01:00:5e:00:00:01", -1);
	ck_assert_uint_eq(rig_drops(a, VSW_DROP_SRC_GROUP), 1);
	ck_assert_uint_eq(b->n, 0);
	rig_send(a, "*", "x", 20); /* not of its VLAN: discarded, and not learnt */
	ck_assert_uint_eq(rig_drops(a, VSW_DROP_VLAN), 1);
	rig_send(b, "x", "b", -1);
	ck_assert_uint_eq(a->n, 1);
	ck_assert_uint_eq(c->n, 1);
	rig_send(a, "*", "x", -1);
	rig_clear(r);
	rig_send(b, "x", "b", -1);
	ck_assert_uint_eq(a->n, 1);
	ck_assert_uint_eq(c->n, 0);
	rig_free(r);
}
END_TEST

START_TEST(c01_static_entry_is_not_overwritten)
{
	struct rig *r = rig_new();
	struct rig_port *a = rig_card(r, "a", 10, "a"), *b = rig_port(r, "b", 10),
			*c = rig_port(r, "c", 10);

	rig_send(b, "*", "a", -1); /* b claims a's address */
	rig_clear(r);
	rig_send(c, "a", "c", -1);
	ck_assert_uint_eq(a->n, 1);
	ck_assert_uint_eq(b->n, 0);
	rig_free(r);
}
END_TEST

/* 2 */
START_TEST(c02_ageing_default_and_range)
{
	struct rig *r = rig_new();
	struct vsw_switch_policy sp = *vsw_switch_policy(r->sw);
	struct vsw_txn *txn = vsw_txn_new(r->sw);

	ck_assert_uint_eq(sp.ageing, 300);
	sp.ageing = 9;
	ck_assert_int_eq(vsw_txn_switch(txn, &sp, r->err, sizeof(r->err)), -1);
	sp.ageing = 1000001;
	ck_assert_int_eq(vsw_txn_switch(txn, &sp, r->err, sizeof(r->err)), -1);
	sp.ageing = 10;
	ck_assert_int_eq(vsw_txn_switch(txn, &sp, r->err, sizeof(r->err)), 0);
	sp.ageing = 1000000;
	ck_assert_int_eq(vsw_txn_switch(txn, &sp, r->err, sizeof(r->err)), 0);
	vsw_txn_abort(txn);
	rig_free(r);
}
END_TEST

static bool known(struct rig *r, struct rig_port *from, struct rig_port *other, const char *mac)
{
	rig_clear(r);
	rig_send(from, mac, "q", -1);
	return other->n == 0;
}

START_TEST(c02_source_refreshes_destination_does_not)
{
	struct rig *r = rig_new();
	struct rig_port *a = rig_port(r, "a", 0), *b = rig_port(r, "b", 0),
			*c = rig_port(r, "c", 0);

	rig_send(a, "*", "a", -1);
	rig_step(r, 290 * SEC);
	ck_assert(known(r, b, c, "a")); /* used as destination */
	rig_step(r, 40 * SEC);
	ck_assert(!known(r, b, c, "a")); /* gone all the same: unused as source for 330 s */
	rig_send(a, "*", "a", -1);
	for (int i = 0; i < 5; i++) {
		rig_step(r, 200 * SEC);
		rig_send(a, "*", "a", -1);
	}
	ck_assert(known(r, b, c, "a"));
	rig_free(r);
}
END_TEST

START_TEST(c02_downed_and_removed_ports_are_flushed_at_once)
{
	struct rig *r = rig_new();
	struct rig_port *a = rig_port(r, "a", 0), *b = rig_port(r, "b", 0),
			*c = rig_port(r, "c", 0);

	rig_send(a, "*", "a", -1);
	vsw_port_set_link(a->port, false);
	ck_assert(!known(r, b, c, "a"));
	vsw_port_set_link(a->port, true);
	rig_send(a, "*", "a", -1);
	ck_assert(known(r, b, c, "a"));
	vsw_port_remove(a->port);
	ck_assert(!known(r, b, c, "a"));
	rig_free(r);
}
END_TEST

/* 3 */
START_TEST(c03_station_moves_with_its_next_frame)
{
	struct rig *r = rig_new();
	struct rig_port *a = rig_port(r, "a", 0), *b = rig_port(r, "b", 0),
			*c = rig_port(r, "c", 0);
	struct vsw_counters n;

	rig_send(a, "*", "m", -1);
	rig_send(b, "*", "m", -1);
	rig_clear(r);
	rig_send(c, "m", "c", -1);
	ck_assert_uint_eq(a->n, 0);
	ck_assert_uint_eq(b->n, 1);
	vsw_port_counters(b->port, &n);
	ck_assert_uint_eq(n.moves, 1);
	ck_assert_uint_eq(r->events[VSW_EVENT_MAC_MOVED], 1);
	rig_free(r);
}
END_TEST

/* 4 */
START_TEST(c04_floods_to_all_of_the_vlan_but_the_ingress)
{
	static const char *const dst[] = { "u", "*", "g7" };
	struct rig *r = rig_new();
	struct rig_port *a = rig_port(r, "a", 10), *b = rig_port(r, "b", 10),
			*c = rig_port(r, "c", 20);
	struct rig_port *d = rig_port(r, "d", 4095);

	for (int i = 0; i < 3; i++) {
		rig_clear(r);
		rig_send(a, dst[i], "a", -1);
		ck_assert_uint_eq(a->n, 0);
		ck_assert_uint_eq(b->n, 1);
		ck_assert_uint_eq(c->n, 0);
		ck_assert_uint_eq(d->n, 1);
	}
	rig_free(r);
}
END_TEST

START_TEST(c04_back_to_ingress_only_with_reflective_relay)
{
	struct rig *r = rig_new();
	struct rig_port *a = rig_port(r, "a", 0);
	struct vsw_policy p = rig_policy_of(a);

	rig_port(r, "b", 0);
	rig_send(a, "*", "a", -1);
	rig_send(a, "*", "z", -1);
	rig_send(a, "z", "a", -1);
	ck_assert_uint_eq(a->n, 0);
	ck_assert_uint_eq(rig_drops(a, VSW_DROP_SAME_PORT), 1);
	p.reflective = true;
	rig_policy(a, &p);
	rig_send(a, "z", "a", -1);
	ck_assert_uint_eq(a->n, 1);
	rig_free(r);
}
END_TEST

/* 5 */
START_TEST(c05_same_address_in_two_vlans)
{
	struct rig *r = rig_new();
	struct rig_port *a = rig_port(r, "a", 10), *b = rig_port(r, "b", 20),
			*t = rig_port(r, "t", 4095);

	rig_send(a, "*", "m", -1);
	rig_send(b, "*", "m", -1);
	rig_clear(r);
	rig_send(t, "m", "t", 10);
	ck_assert_uint_eq(a->n, 1);
	ck_assert_uint_eq(b->n, 0);
	rig_send(t, "m", "t", 20);
	ck_assert_uint_eq(a->n, 1);
	ck_assert_uint_eq(b->n, 1);
	rig_free(r);
}
END_TEST

/* 6 */
START_TEST(c06_reserved_addresses_pass_only_by_mask)
{
	struct rig *r = rig_new();
	struct rig_port *a = rig_port(r, "a", 0), *b = rig_port(r, "b", 0);
	struct vsw_policy p = rig_policy_of(a);
	char dst[20];

	for (unsigned i = 0; i < 16; i++) {
		snprintf(dst, sizeof(dst), "01:80:c2:00:00:%02x", i);
		rig_send(a, dst, "a", -1);
	}
	ck_assert_uint_eq(b->n, 0);
	ck_assert_uint_eq(rig_drops(a, VSW_DROP_RESERVED), 16);
	rig_send(a, "01:80:c2:00:00:10", "a", -1); /* the next one is an ordinary group */
	ck_assert_uint_eq(b->n, 1);
	for (unsigned i = 0; i < 16; i++) {
		rig_clear(r);
		p.mac.reserved = (uint16_t)(1u << i);
		rig_policy(a, &p);
		for (unsigned j = 0; j < 16; j++) {
			snprintf(dst, sizeof(dst), "01:80:c2:00:00:%02x", j);
			rig_send(a, dst, "a", -1);
		}
		ck_assert_uint_eq(b->n, 1);
		ck_assert_uint_eq(b->got[0].bytes[5], i);
	}
	rig_free(r);
}
END_TEST

/* IEEE 802.3, 31: MAC control frames are for the station at the other end of the wire. To its own
 * address, or in a tag that is taken off, a PAUSE would stop another guest's card. */
START_TEST(c06_mac_control_frames_never_pass)
{
	struct rig *r = rig_new();
	struct rig_port *a = rig_port(r, "a", 4095), *b = rig_port(r, "b", 10),
			*t = rig_port(r, "t", 4095);
	static const char *const dst[] = { "b", "*", "01:80:c2:00:00:01" };
	static const uint16_t types[][4] = {
		{ 0x8808 },
		{ 0x8100, 10, 0x8808 },
		{ 0x8100, 0, 0x8808 },
		{ 0x88a8, 10, 0x8808 },
	};
	struct vsw_policy p = rig_policy_of(a);

	p.mac.reserved = 0xffff; /* whatever is opened */
	rig_policy(a, &p);
	for (unsigned i = 0; i < 3 * 4; i++) {
		uint8_t buf[64] = { 0 };

		rig_frame(buf, dst[i % 3], "a", -1, sizeof(buf));
		for (unsigned j = 0; j < 4; j++)
			frame_put_be16(buf + 12 + 2 * j, types[i / 3][j]);
		rig_send_bytes(a, buf, sizeof(buf));
	}
	ck_assert_uint_eq(b->n + t->n, 0);
	ck_assert_uint_eq(rig_drops(a, VSW_DROP_RESERVED), 3 * 4);
	rig_free(r);
}
END_TEST

/* 10 */
START_TEST(c10_order_and_no_duplicates_across_moves_and_changes)
{
	struct rig *r = rig_new();
	struct rig_port *a = rig_port(r, "a", 0), *b = rig_port(r, "b", 0),
			*c = rig_port(r, "c", 0);
	uint8_t buf[64];
	unsigned next = 0;

	rig_send(b, "*", "m", -1);
	rig_clear(r);
	for (unsigned i = 0; i < 200; i++) {
		rig_frame(buf, "m", "a", -1, sizeof(buf));
		frame_put_be16(buf + 60, (uint16_t)i);
		if (i % 50 == 10)
			b->room = 1;
		if (i % 50 == 40) {
			b->room = UINT32_MAX;
			vsw_port_ready(b->port);
		}
		if (i == 75) {
			struct vsw_policy p = rig_policy_of(c);

			p.security.promiscuous = true;
			rig_policy(c, &p);
		}
		if (i == 130)
			rig_port(r, "late", 0);
		rig_send_bytes(a, buf, sizeof(buf));
	}
	for (unsigned i = 0; i < b->n; i++)
		ck_assert_uint_eq(frame_be16(b->got[i].bytes + 60), next++);
	ck_assert_uint_eq(next, 200);
	rig_send(c, "*", "m", -1); /* it moves: the rest goes there, each once */
	rig_clear(r);
	rig_send(a, "m", "a", -1);
	ck_assert_uint_eq(b->n, 0);
	ck_assert_uint_eq(c->n, 1);
	rig_free(r);
}
END_TEST

/* 11 */
START_TEST(c11_full_table_is_fair_and_bounded)
{
	struct rig *r = rig_new_addresses(256);
	struct rig_port *a = rig_port(r, "a", 0), *b = rig_port(r, "b", 0),
			*c = rig_port(r, "c", 0);
	struct vsw_policy p = rig_policy_of(a);
	struct vsw_counters n;
	char mac[20];

	p.mac.limit = 0; /* no limit: the table itself must hold */
	rig_policy(a, &p);
	a->discard = b->discard = c->discard = true;
	for (unsigned i = 0; i < 8; i++) {
		snprintf(mac, sizeof(mac), "02:00:00:00:01:%02x", i);
		rig_send(b, "*", mac, -1);
	}
	for (unsigned i = 0; i < 30000; i++) { /* macof */
		snprintf(mac, sizeof(mac), "06:%02x:%02x:%02x:00:01", i & 255, i >> 8 & 255,
			 i >> 16);
		rig_send(a, "*", mac, -1);
	}
	vsw_port_counters(a->port, &n);
	ck_assert_uint_le(n.addresses, 512); /* whatever it does, the table is of its size */
	rig_clear(r);
	for (unsigned i = 0; i < 8; i++) { /* the quiet port's stations are all still known */
		snprintf(mac, sizeof(mac), "02:00:00:00:01:%02x", i);
		rig_send(c, mac, "c", -1);
	}
	ck_assert_uint_eq(b->total, 8);
	ck_assert_uint_eq(a->total, 0);
	rig_free(r);
}
END_TEST

START_TEST(c11_limit_of_a_port)
{
	struct rig *r = rig_new();
	struct rig_port *a = rig_port(r, "a", 0), *b = rig_port(r, "b", 0);
	struct vsw_policy p = rig_policy_of(a);

	ck_assert_uint_eq(p.mac.limit, 4096);
	p.mac.limit = 2;
	rig_policy(a, &p);
	rig_send(a, "*", "x", -1);
	rig_send(a, "*", "y", -1);
	rig_send(a, "*", "z", -1);
	ck_assert_uint_eq(b->n, 2);
	ck_assert_uint_eq(rig_drops(a, VSW_DROP_MAC_LIMIT), 1);
	ck_assert_uint_eq(r->events[VSW_EVENT_MAC_LIMIT], 1);
	p.mac.limit_drop = false;
	rig_policy(a, &p);
	rig_send(a, "*", "z", -1);
	ck_assert_uint_eq(b->n, 3);
	rig_free(r);
}
END_TEST

/* 12: isolation is the property test's (test-reference.c); here the slow receiver */
START_TEST(c12_slow_receiver_blocks_nobody)
{
	struct rig *r = rig_new();
	struct rig_port *a = rig_port(r, "a", 0), *slow = rig_port(r, "slow", 0),
			*c = rig_port(r, "c", 0);

	slow->room = 0;
	c->discard = true;
	for (int i = 0; i < 20000; i++)
		ck_assert_uint_eq(rig_send(a, "*", "a", -1), 1);
	ck_assert_uint_eq(c->total, 20000);
	rig_free(r);
}
END_TEST

/* VMware's switch without learning: the cards' addresses are known, unknown unicast goes out only
 */
START_TEST(registered_mode_sends_unknown_unicast_to_uplinks_only)
{
	struct rig *r = rig_new();
	struct rig_port *up = rig_uplink(r, "up"), *a = rig_card(r, "a", 0, "a"),
			*b = rig_card(r, "b", 0, "b");
	struct rig_port *ports[] = { a, b };

	for (int i = 0; i < 2; i++) {
		struct vsw_policy p = rig_policy_of(ports[i]);

		p.mac.learning = p.mac.flooding = false;
		rig_policy(ports[i], &p);
	}
	rig_send(a, "b", "a", -1);
	ck_assert_uint_eq(b->n, 1); /* though it never sent */
	rig_send(a, "u", "a", -1);
	ck_assert_uint_eq(b->n, 1);
	ck_assert_uint_eq(up->n, 1);
	rig_send(up, "v", "u", -1);
	ck_assert_uint_eq(a->n + b->n, 1);
	rig_send(a, "*", "a", -1);
	ck_assert_uint_eq(b->n, 2);
	rig_free(r);
}
END_TEST

int main(void)
{
	const TTest *const tests[] = {
		c01_learns_individual_sources_of_admitted_frames_only,
		c01_static_entry_is_not_overwritten,
		c02_ageing_default_and_range,
		c02_source_refreshes_destination_does_not,
		c02_downed_and_removed_ports_are_flushed_at_once,
		c03_station_moves_with_its_next_frame,
		c04_floods_to_all_of_the_vlan_but_the_ingress,
		c04_back_to_ingress_only_with_reflective_relay,
		c05_same_address_in_two_vlans,
		c06_reserved_addresses_pass_only_by_mask,
		c06_mac_control_frames_never_pass,
		c10_order_and_no_duplicates_across_moves_and_changes,
		c11_full_table_is_fair_and_bounded,
		c11_limit_of_a_port,
		c12_slow_receiver_blocks_nobody,
		registered_mode_sends_unknown_unicast_to_uplinks_only,
		NULL,
	};

	return run_tests("conformance", tests);
}
