/* SPDX-License-Identifier: BSD-2-Clause */
/* Who gets frames to groups: filters of cards, and what hosts report by IGMP and MLD. */
#include "main.h"
#include "mcast-rig.h"
#include "vswitch/query.h"

#include <string.h>

static void multicast_filter(struct rig *r)
{
	struct vsw_switch_policy *sp = malloc(sizeof(*sp));

	*sp = *vsw_switch_policy(r->sw);
	sp->multicast = VSW_MCAST_FILTER;
	rig_switch_policy(r, sp);
	free(sp);
}

START_TEST(filter_mode_follows_the_cards)
{
	static const uint8_t list[2][6] = { { 1, 0, 0x5e, 1, 1, 1 }, { 1, 0, 0x5e, 1, 1, 2 } };
	struct rig *r = rig_new();
	struct rig_port *a = rig_port(r, "a", 0), *b = rig_port(r, "b", 0),
			*c = rig_port(r, "c", 0), *d = rig_port(r, "d", 0);
	struct vsw_addrs addrs = { .mac = { 2, 0, 0, 0, 0, 'b' }, .n = 2, .addrs = list };

	multicast_filter(r);
	vsw_port_set_addrs(b->port, &addrs);
	addrs = (struct vsw_addrs) { .mac = { 2, 0, 0, 0, 0, 'c' }, .allmulti = true };
	vsw_port_set_addrs(c->port, &addrs);
	rig_send(a, "g1", "a", -1);
	rig_send(a, "g2", "a", -1);
	rig_send(a, "g3", "a", -1);
	ck_assert_uint_eq(b->n, 2);
	ck_assert_uint_eq(c->n, 3);
	ck_assert_uint_eq(d->n, 3); /* its filter is not known */
	rig_send(a, "*", "a", -1);
	ck_assert_uint_eq(b->n, 3);
	rig_free(r);
}
END_TEST

START_TEST(igmp_snooping)
{
	struct four f = four();

	ck_assert_uint_eq(stream(f.a, f.c, 1, V4), 1); /* nobody asks: flooded */
	say_query(f.q, 1, V4);
	ck_assert_uint_eq(stream(f.a, f.c, 1, V4), 0);
	ck_assert_uint_eq(f.q->n, 1); /* the router gets all */
	rig_clear(f.r);
	say_join(f.b, 2, 1, V4);
	ck_assert_uint_eq(f.q->n, 1); /* reports go to it only */
	ck_assert_uint_eq(f.c->n, 0);
	ck_assert_uint_eq(stream(f.a, f.b, 1, V4), 1);
	ck_assert_uint_eq(f.c->n, 0);
	say_leave(f.b, 2, 1, V4);
	ck_assert_uint_eq(stream(f.a, f.b, 1, V4), 1); /* another host there may want it */
	rig_step(f.r, 4 * SEC);
	ck_assert_uint_eq(stream(f.a, f.b, 1, V4), 0);
	say_record(f.b, 2, TO_EX, 0, 2, V4); /* IGMPv3: exclude nothing, that is join */
	ck_assert_uint_eq(stream(f.a, f.b, 2, V4), 1);
	say_record(f.b, 2, TO_IN, 0, 2, V4); /* include nothing, that is leave */
	rig_step(f.r, 4 * SEC);
	ck_assert_uint_eq(stream(f.a, f.b, 2, V4), 0);
	say_join(f.c, 4, 3, (struct say) { .version = 1 });
	ck_assert_uint_eq(stream(f.a, f.c, 3, V4), 1);
	vsw_port_set_link(f.c->port, false);
	vsw_port_set_link(f.c->port, true);
	ck_assert_uint_eq(stream(f.a, f.c, 3, V4), 0);
	rig_step(f.r, 300 * SEC); /* the querier is gone: all are flooded again */
	ck_assert_uint_eq(stream(f.a, f.c, 9, V4), 1);
	rig_free(f.r);
}
END_TEST

START_TEST(mld_snooping)
{
	struct four f = four();

	say_query(f.q, 1, V6);
	say_join(f.b, 2, 7, V6);
	ck_assert_uint_eq(stream(f.a, f.b, 7, V6), 1);
	ck_assert_uint_eq(f.c->n, 0);
	ck_assert_uint_eq(stream(f.a, f.c, 8, V6), 0);
	say_leave(f.b, 2, 7, V6);
	rig_step(f.r, 4 * SEC);
	ck_assert_uint_eq(stream(f.a, f.b, 7, V6), 0);
	rig_free(f.r);
}
END_TEST

/* igmp-many-records; how the frame lies in memory makes no difference */
START_TEST(every_record_of_a_report_counts)
{
	static const uint32_t pieces[][2] = {
		{ 192, 1500 }, { 1500, 1 }, { 192, 31 }, { 193, 100 }
	};
	static const unsigned most[2] = { 183, 72 }; /* that 1500 bytes hold */

	for (unsigned v6 = 0; v6 < 2; v6++) {
		for (unsigned i = 0; i < sizeof(pieces) / sizeof(pieces[0]); i++) {
			struct four f = four();

			say_query(f.q, 1, both[v6]);
			say_records(f.b, 2, 0, most[v6], pieces[i][0], pieces[i][1], both[v6]);
			for (unsigned n = 0; n < most[v6]; n++) {
				ck_assert_msg(stream(f.a, f.b, n, both[v6]) == 1, "group %u", n);
				ck_assert_uint_eq(f.c->n, 0);
			}
			rig_free(f.r);
		}
	}
}
END_TEST

START_TEST(a_jumbo_report_is_read_whole)
{
	struct four f = four();

	say_query(f.q, 1, V4);
	say_records(f.b, 2, 0, 1000, 192, 9000, V4);
	ck_assert_uint_eq(stream(f.a, f.b, 999, V4), 1);
	ck_assert_uint_eq(f.c->n, 0);
	ck_assert_uint_eq(stream(f.a, f.b, 1000, V4), 0);
	rig_free(f.r);
}
END_TEST

/* It may say anything: its port gets all groups, others do not */
START_TEST(a_report_too_long_to_be_read_puts_its_port_in_doubt)
{
	for (unsigned v6 = 0; v6 < 2; v6++) {
		struct four f = four();

		say_query(f.q, 1, both[v6]);
		say_records(f.b, 2, 0, v6 ? 600 : 1300, 192, 64000, both[v6]);
		ck_assert_uint_eq(stream(f.a, f.b, v6 ? 599 : 1299, both[v6]), 1);
		ck_assert_uint_eq(stream(f.a, f.b, 2000, both[v6]), 1);
		ck_assert_uint_eq(f.c->n, 0);
		rig_step(f.r, 200 * SEC);
		say_query(f.q, 1, both[v6]);
		rig_step(f.r, 100 * SEC);
		ck_assert_uint_eq(stream(f.a, f.b, 2000, both[v6]), 0);
		rig_free(f.r);
	}
}
END_TEST

/* Half a report is no report */
START_TEST(a_report_whose_records_do_not_fit_is_not_used)
{
	struct four f = four();
	uint8_t msg[100], buf[300];
	struct mc_record r[2] = { { .type = TO_EX }, { .type = TO_EX } };
	struct mc_packet k = { .host = 2, .proto = FRAME_PROTO_IGMP, .tag = -1 };

	say_query(f.q, 1, V4);
	mc_group(r[0].group, false, 1);
	mc_group(r[1].group, false, 2);
	mc_report(msg, false, r, 2);
	msg[7] = 3;
	rig_send_bytes(f.b, buf, mc_frame(buf, &k, msg, 24));
	ck_assert_uint_eq(stream(f.a, f.b, 1, V4), 0);
	mc_report(msg, false, r, 2);
	msg[19] = 1; /* the last record's sources are beyond the end */
	rig_send_bytes(f.b, buf, mc_frame(buf, &k, msg, 24));
	ck_assert_uint_eq(stream(f.a, f.b, 1, V4), 0);
	mc_report(msg, false, r, 2);
	rig_send_bytes(f.b, buf, mc_frame(buf, &k, msg, 24 + 40)); /* what follows does not count */
	ck_assert_uint_eq(stream(f.a, f.b, 2, V4), 1);
	rig_free(f.r);
}
END_TEST

/* igmp-table-full: one port asks for more than is kept of it */
START_TEST(what_does_not_fit_is_flooded_to_who_asked)
{
	struct four f = four();

	say_query(f.q, 1, V4);
	for (unsigned i = 0; i < 1200; i++)
		say_join(f.b, 2, i, V4);
	say_join(f.c, 4, 5000, V4);
	for (unsigned i = 0; i < 1200; i++) {
		ck_assert_msg(stream(f.a, f.b, i, V4) == 1, "group %u", i);
		ck_assert_uint_eq(f.c->n, 0);
	}
	ck_assert_uint_eq(stream(f.a, f.c, 5000, V4), 1); /* others still find room */
	rig_free(f.r);
}
END_TEST

/* All groups of the tables are taken, by several ports: still everybody gets what he asked for */
START_TEST(a_full_table_cuts_nobody)
{
	struct rig *r = snooping_rig();
	struct rig_port *p[12], *q = rig_port(r, "q", 0), *s = rig_port(r, "s", 0);
	char id[4] = "p0";

	say_query(q, 1, V4);
	for (unsigned i = 0; i < 12; i++) {
		id[1] = (char)('a' + i);
		p[i] = rig_port(r, id, 0);
		for (unsigned g = 0; g < 900; g += 180)
			say_records(p[i], 2, 900 * i + g, 180, 192, 9000, V4);
	}
	for (unsigned i = 0; i < 12; i++)
		for (unsigned g = 0; g < 900; g += 7)
			ck_assert_msg(stream(s, p[i], 900 * i + g, V4) == 1, "port %u, group %u", i,
				      g);
	ck_assert_uint_eq(stream(s, p[0], 20000, V4), 0);
	rig_free(r);
}
END_TEST

/* igmp-checksum, and what else the RFCs demand of the packet */
START_TEST(unsound_messages_are_not_used)
{
	for (unsigned v6 = 0; v6 < 2; v6++) {
		for (int flaw = MC_SUM; flaw < MC_FLAWS; flaw++) {
			struct four f = four();
			struct say bad = both[v6];

			bad.flaw = (enum mc_flaw)flaw;
			say_query(f.q, 1, bad);
			ck_assert_msg(stream(f.a, f.b, 1, both[v6]) == 1, "query with flaw %d",
				      flaw);
			say_query(f.q, 1, both[v6]);
			say_join(f.b, 2, 1, bad);
			ck_assert_msg(stream(f.a, f.b, 1, both[v6]) == 0, "report with flaw %d",
				      flaw);
			say_record(f.b, 2, TO_EX, 0, 1, bad);
			ck_assert_msg(stream(f.a, f.b, 1, both[v6]) == 0, "report with flaw %d",
				      flaw);
			say_join(f.b, 2, 1, both[v6]);
			say_leave(f.b, 2, 1, bad);
			rig_step(f.r, 4 * SEC);
			ck_assert_msg(stream(f.a, f.b, 1, both[v6]) == 1, "leave with flaw %d",
				      flaw);
			rig_free(f.r);
		}
	}
}
END_TEST

START_TEST(igmpv1_has_no_router_alert)
{
	struct four f = four();
	struct say v1 = { .version = 1, .flaw = MC_ALERT };

	say_query(f.q, 1, v1);
	ck_assert_uint_eq(stream(f.a, f.b, 1, V4), 0);
	say_join(f.b, 2, 1, v1);
	ck_assert_uint_eq(stream(f.a, f.b, 1, V4), 1);
	rig_free(f.r);
}
END_TEST

/* A back end may leave the checksum to be finished: then the pseudo-header's sum stands in its
 * place */
START_TEST(a_checksum_still_to_be_finished_is_judged_by_what_it_will_be)
{
	for (unsigned v6 = 0; v6 < 2; v6++) {
		struct four f = four();
		uint8_t msg[64], buf[200], ip[16];
		struct mc_packet k = { .v6 = v6,
				       .host = 2,
				       .tag = -1,
				       .proto = v6 ? FRAME_PROTO_ICMPV6 : FRAME_PROTO_IGMP };
		uint32_t at = v6 ? 62 : 38, len = v6 ? 24 : 8, size;
		uint16_t sum = v6 ? 0 : 0;
		struct iovec iov;
		struct pkt pkt;
		const struct pkt *one = &pkt;

		say_query(f.q, 1, both[v6]);
		mc_group(ip, v6, 1);
		mc_old(msg, v6, v6 ? 131 : 0x16, ip);
		size = mc_frame(buf, &k, msg, len);
		if (v6)
			sum = csum_fold16(csum_pseudo6(buf + 22, FRAME_PROTO_ICMPV6, len));
		memcpy(buf + at + 2, &sum, 2);
		pkt_flat(&pkt, &iov, buf, size);
		pkt.flags = PKT_CSUM_PARTIAL;
		pkt.csum_start = (uint16_t)at;
		pkt.csum_offset = 6; /* of something else */
		vsw_port_input(f.b->port, &one, 1);
		ck_assert_uint_eq(stream(f.a, f.b, 1, both[v6]), 0);
		pkt.csum_offset = 2;
		vsw_port_input(f.b->port, &one, 1);
		ck_assert_uint_eq(stream(f.a, f.b, 1, both[v6]), 1);
		rig_free(f.r);
	}
}
END_TEST

/* RFC 3376 4.2.12, 5.1: which records are a wish to hear the group */
START_TEST(source_lists_keep_or_end_a_membership)
{
	static const struct {
		uint8_t type;
		unsigned sources;
		bool joins, leaves;
	} rows[] = {
		{ IS_IN, 0, false, false }, { IS_IN, 2, true, false },	{ IS_EX, 0, true, false },
		{ IS_EX, 2, true, false },  { TO_IN, 0, false, true },	{ TO_IN, 2, true, false },
		{ TO_EX, 0, true, false },  { TO_EX, 2, true, false },	{ ALLOW, 0, false, false },
		{ ALLOW, 2, true, false },  { BLOCK, 0, false, false }, { BLOCK, 2, false, false },
		{ 7, 2, false, false }, /* not known: ignored */
	};

	for (unsigned v6 = 0; v6 < 2; v6++) {
		for (unsigned i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
			struct four f = four();

			say_query(f.q, 1, both[v6]);
			say_record(f.b, 2, rows[i].type, rows[i].sources, 1, both[v6]);
			ck_assert_msg(stream(f.a, f.b, 1, both[v6]) == rows[i].joins, "row %u", i);
			say_join(f.b, 2, 1, both[v6]);
			say_record(f.b, 2, rows[i].type, rows[i].sources, 1, both[v6]);
			rig_step(f.r, 4 * SEC);
			ck_assert_msg(stream(f.a, f.b, 1, both[v6]) == !rows[i].leaves, "row %u",
				      i);
			rig_free(f.r);
		}
	}
}
END_TEST

/* RFC 2236 5: it would not say that it wants to stay */
START_TEST(a_leave_is_ignored_where_a_host_of_igmpv1_is)
{
	struct four f = four();

	say_query(f.q, 1, V4);
	say_join(f.b, 2, 1, (struct say) { .version = 1 });
	say_join(f.b, 4, 1, V4);
	say_leave(f.b, 4, 1, V4);
	rig_step(f.r, 10 * SEC);
	ck_assert_uint_eq(stream(f.a, f.b, 1, V4), 1);
	rig_free(f.r);
}
END_TEST

/* Two hosts at a port, a router elsewhere that gives them 10 s:
 * more than a switch waits by itself */
START_TEST(hosts_have_the_time_that_the_router_gives_them)
{
	struct four f = four();

	say_query(f.q, 1, V4);
	say_join(f.b, 2, 1, V4);
	say_leave(f.b, 2, 1, V4);
	say_group_query(f.q, 1, 1, V4);
	rig_step(f.r, 9 * SEC);
	ck_assert_uint_eq(stream(f.a, f.b, 1, V4), 1);
	say_join(f.b, 4, 1, V4);
	rig_step(f.r, 30 * SEC);
	ck_assert_uint_eq(stream(f.a, f.b, 1, V4), 1);
	rig_free(f.r);
}
END_TEST

/* 32 groups of IPv4 have one MAC address, as have more of IPv6 */
START_TEST(groups_of_one_mac_address_are_apart)
{
	static const uint8_t pairs[][2][16] = {
		{ { 225, 1, 1, 1 }, { 226, 129, 1, 1 } },
		{ { 225, 0, 0, 5 }, { 239, 128, 0, 5 } }, /* one with 224.0.0.5, too */
	};

	for (unsigned i = 0; i < 2; i++) {
		struct four f = four();
		struct mc_packet k = { .host = 2, .proto = FRAME_PROTO_IGMP, .tag = -1 };
		uint8_t msg[24], buf[100];

		say_query(f.q, 1, V4);
		for (unsigned g = 0; g < 2; g++)
			rig_send_bytes(
				f.b, buf,
				mc_frame(buf, &k, msg, mc_old(msg, false, 0x16, pairs[i][g])));
		rig_send_bytes(f.b, buf,
			       mc_frame(buf, &k, msg, mc_old(msg, false, 0x17, pairs[i][1])));
		rig_step(f.r, 4 * SEC);
		ck_assert_uint_eq(stream_to(f.a, f.b, pairs[i][0], V4), 1);
		ck_assert_uint_eq(f.c->n, 0);
		ck_assert_uint_eq(stream_to(f.a, f.b, pairs[i][1], V4), 0);
		rig_free(f.r);
	}
}
END_TEST

/* RFC 4541 2.1.2 (2), 3: neighbour discovery and routing must not depend on reports */
START_TEST(link_local_groups_are_always_flooded)
{
	static const uint8_t v4[][16] = {
		{ 224, 0, 0, 1 }, { 224, 0, 0, 5 }, { 224, 0, 0, 22 }, { 224, 0, 0, 251 }
	};
	static const uint8_t v6[][16] = { { 0xff, 2, [15] = 1 },
					  { 0xff, 2, [15] = 0x16 },
					  { 0xff, 2, [13] = 1, [15] = 2 },
					  { 0xff, 2, [11] = 1, 0xff, 1, 2, 3 },
					  { 0xff, 1, [15] = 1 } };
	struct four f = four();

	say_query(f.q, 1, V4);
	say_query(f.q, 1, V6);
	for (unsigned i = 0; i < 4; i++)
		ck_assert_uint_eq(stream_to(f.a, f.c, v4[i], V4), 1);
	for (unsigned i = 0; i < 5; i++)
		ck_assert_uint_eq(stream_to(f.a, f.c, v6[i], V6), 1);
	rig_clear(f.r);
	rig_send(f.a, "01:1b:19:00:00:00", "a", -1); /* and what is not IP */
	ck_assert_uint_eq(f.c->n, 1);
	rig_free(f.r);
}
END_TEST

START_TEST(members_go_with_their_port)
{
	struct four f = four();
	struct vsw_policy policy;

	say_query(f.q, 1, V4);
	say_join(f.b, 2, 1, V4);
	policy = rig_policy_of(f.b);
	vsw_policy_set_vlan(&policy, 5);
	rig_policy(f.b, &policy);
	vsw_policy_set_vlan(&policy, 0);
	rig_policy(f.b, &policy);
	ck_assert_uint_eq(stream(f.a, f.b, 1, V4), 0); /* it was elsewhere meanwhile */
	say_join(f.b, 2, 1, V4);
	vsw_port_remove(f.b->port);
	f.b = rig_port(f.r, "new", 0); /* with the same number */
	ck_assert_uint_eq(stream(f.a, f.b, 1, V4), 0);
	rig_free(f.r);
}
END_TEST

static void make_private(struct rig_port *p, uint16_t vid)
{
	struct vsw_policy policy = rig_policy_of(p);

	policy.vlan.mode = VSW_VLAN_PRIVATE;
	policy.vlan.vid = vid;
	rig_policy(p, &policy);
}

START_TEST(isolated_ports_get_what_they_asked_for)
{
	struct four f = four();
	struct vsw_switch_policy *sp = malloc(sizeof(*sp));

	*sp = *vsw_switch_policy(f.r->sw);
	sp->n_pvlans = 1;
	sp->pvlan[0] = (struct vsw_pvlan) { 100, 101, true };
	rig_switch_policy(f.r, sp);
	free(sp);
	make_private(f.q, 100);
	make_private(f.b, 101);
	make_private(f.c, 101);
	say_query(f.q, 1, V4);
	say_join(f.b, 2, 1, V4);
	ck_assert_uint_eq(stream(f.q, f.b, 1, V4), 1);
	ck_assert_uint_eq(f.c->n, 0);
	rig_free(f.r);
}
END_TEST

/* With VEPA what a port sends comes back by the uplink, where its port can't be told any more */
START_TEST(reports_are_heard_on_their_way_out_of_a_vepa)
{
	struct four f = four();
	struct rig_port *up = rig_uplink(f.r, "up");
	struct vsw_switch_policy *sp = malloc(sizeof(*sp));

	*sp = *vsw_switch_policy(f.r->sw);
	sp->vepa = true;
	rig_switch_policy(f.r, sp);
	free(sp);
	say_query(up, 1, V4);
	rig_clear(f.r);
	say_join(f.b, 2, 1, V4);
	ck_assert_uint_eq(up->n, 1);
	rig_send_bytes(up, up->got[0].bytes, up->got[0].pkt.len); /* it comes back */
	ck_assert_uint_eq(stream(up, f.b, 1, V4), 1);
	ck_assert_uint_eq(f.c->n, 0);
	rig_free(f.r);
}
END_TEST

START_TEST(what_is_known_can_be_asked_for)
{
	struct four f = four();
	static struct vsw_group g;
	static struct vsw_snooping s;
	uint64_t cursor = 0, group = 0;

	say_query(f.q, 7, V6);
	say_hello(f.c, 5, -1, V6);
	say_join(f.b, 2, 1, V6);
	ck_assert_uint_eq(vsw_groups(f.r->sw, &group, &g, 1), 1);
	ck_assert(g.v6 && g.address[0] == 0xff && g.address[15] == 1 && g.n_ports == 1);
	ck_assert_ptr_eq(g.port[0], f.b->port);
	ck_assert_uint_eq(g.expires[0], 260);
	ck_assert_uint_eq(vsw_snooping(f.r->sw, &cursor, &s, 1), 1);
	ck_assert(s.v6 && s.filtered && !s.own && s.other && s.querier[15] == 7 && s.groups == 1);
	ck_assert_ptr_eq(s.querier_port, f.q->port);
	ck_assert_uint_eq(s.querier_expires, 255);
	ck_assert_uint_eq(s.n_routers, 2);
	ck_assert(s.signs[0] == VSW_ROUTER_QUERIES && s.signs[1] == VSW_ROUTER_PIM);
	ck_assert_ptr_eq(s.router[1], f.c->port);
	ck_assert_uint_eq(s.expires[1], 105);
	rig_free(f.r);
}
END_TEST

int main(void)
{
	const TTest *const tests[] = {
		filter_mode_follows_the_cards,
		igmp_snooping,
		mld_snooping,
		every_record_of_a_report_counts,
		a_jumbo_report_is_read_whole,
		a_report_too_long_to_be_read_puts_its_port_in_doubt,
		a_report_whose_records_do_not_fit_is_not_used,
		what_does_not_fit_is_flooded_to_who_asked,
		a_full_table_cuts_nobody,
		unsound_messages_are_not_used,
		igmpv1_has_no_router_alert,
		a_checksum_still_to_be_finished_is_judged_by_what_it_will_be,
		source_lists_keep_or_end_a_membership,
		a_leave_is_ignored_where_a_host_of_igmpv1_is,
		hosts_have_the_time_that_the_router_gives_them,
		groups_of_one_mac_address_are_apart,
		link_local_groups_are_always_flooded,
		members_go_with_their_port,
		isolated_ports_get_what_they_asked_for,
		reports_are_heard_on_their_way_out_of_a_vepa,
		what_is_known_can_be_asked_for,
		NULL,
	};

	return run_tests("multicast", tests);
}
