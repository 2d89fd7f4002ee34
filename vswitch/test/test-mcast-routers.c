/* SPDX-License-Identifier: BSD-2-Clause */
/* Routers of groups: those that there are, and messages that only pretend. */
#include "main.h"
#include "mcast-rig.h"

#include <string.h>

/* igmp-router-ports: RFC 4541 2.1.1 (1) (a), RFC 4286, RFC 7761 */
START_TEST(routers_are_known_by_pim_and_by_discovery)
{
	for (unsigned v6 = 0; v6 < 2; v6++) {
		struct four f = four();

		say_query(f.q, 1, both[v6]);
		say_hello(f.c, 5, -1, both[v6]);
		ck_assert_uint_eq(stream(f.a, f.c, 1, both[v6]), 1);
		ck_assert_uint_eq(f.b->n, 0);
		rig_clear(f.r);
		say_join(f.b, 2, 1, both[v6]);
		ck_assert_uint_eq(f.c->n, 1); /* reports, too */
		rig_step(f.r, 106 * SEC);
		ck_assert_uint_eq(stream(f.a, f.c, 2, both[v6]), 0);
		say_hello(f.c, 5, 0xffff, both[v6]);
		say_hello(f.c, 5, 0, both[v6]); /* it goes */
		ck_assert_uint_eq(stream(f.a, f.c, 2, both[v6]), 0);
		say_advert(f.c, 5, false, both[v6]);
		say_hello(f.c, 5, -1, both[v6]);
		say_hello(f.c, 5, 0, both[v6]); /* one sign of it is enough */
		ck_assert_uint_eq(stream(f.a, f.c, 2, both[v6]), 1);
		rig_step(f.r, 58 * SEC);
		ck_assert_uint_eq(stream(f.a, f.c, 2, both[v6]), 1);
		rig_step(f.r, 4 * SEC);
		ck_assert_uint_eq(stream(f.a, f.c, 2, both[v6]), 0);
		say_advert(f.c, 5, false, both[v6]);
		say_advert(f.c, 5, true, both[v6]);
		ck_assert_uint_eq(stream(f.a, f.c, 2, both[v6]), 0);
		rig_free(f.r);
	}
}
END_TEST

/* igmp-router-ports: RFC 4541 2.1.1 (1) (b) */
START_TEST(queries_from_nobody_make_no_router)
{
	struct four f = four();

	say_query(f.q, 0, V4);
	rig_clear(f.r);
	say_join(f.b, 2, 1, V4);
	ck_assert_uint_eq(f.q->n, 0);
	ck_assert_uint_eq(stream(f.a, f.q, 1, V4), 0);
	ck_assert_uint_eq(f.b->n, 1);
	ck_assert_uint_eq(stream(f.a, f.c, 2, V4), 0); /* somebody asks all the same */
	rig_free(f.r);
}
END_TEST

static void set_router(struct rig_port *p, enum vsw_router router)
{
	struct vsw_policy policy = rig_policy_of(p);

	policy.security.multicast_router = router;
	rig_policy(p, &policy);
}

START_TEST(a_router_by_configuration_says_nothing)
{
	struct four f = four();

	say_query(f.q, 1, V4);
	set_router(f.c, VSW_ROUTER_STATIC);
	ck_assert_uint_eq(stream(f.a, f.c, 1, V4), 1);
	ck_assert_uint_eq(f.b->n, 0);
	rig_clear(f.r);
	say_join(f.b, 2, 1, V4);
	ck_assert_uint_eq(f.c->n, 1);
	rig_step(f.r, 200 * SEC);
	ck_assert_uint_eq(stream(f.a, f.c, 2, V4), 1);
	set_router(f.c, VSW_ROUTER_ACCEPT);
	ck_assert_uint_eq(stream(f.a, f.c, 2, V4), 0);
	rig_free(f.r);
}
END_TEST

/* igmp-mld-separate */
START_TEST(a_querier_of_one_version_says_nothing_of_the_other)
{
	for (unsigned v6 = 0; v6 < 2; v6++) {
		struct four f = four();

		say_query(f.q, 1, both[v6]);
		say_join(f.b, 2, 1, both[!v6]);
		ck_assert_uint_eq(stream(f.a, f.c, 1, both[v6]), 0);
		ck_assert_uint_eq(stream(f.a, f.c, 1, both[!v6]), 1);
		for (unsigned i = 0; i < 4; i++) {
			rig_step(f.r, 100 * SEC);
			say_query(f.q, 1, both[v6]);
		}
		ck_assert_uint_eq(stream(f.a, f.b, 1, both[!v6]), 1);
		rig_clear(f.r);
		say_join(f.b, 2, 1, both[!v6]);
		ck_assert_uint_eq(f.q->n, 0); /* no router of that version */
		rig_free(f.r);
	}
}
END_TEST

static void make_tunnel(struct rig_port *p)
{
	struct vsw_policy policy = rig_policy_of(p);

	policy.vlan.mode = VSW_VLAN_TUNNEL;
	policy.vlan.vid = 300;
	rig_policy(p, &policy);
}

/* igmp-mld-separate: 802.1Q 5.10, an S-VLAN component does not look at C-tags */
START_TEST(customers_tags_are_not_looked_into)
{
	struct four f = four();
	struct say five = { .tag = 5 }, six = { .tag = 6 };

	make_tunnel(f.a);
	make_tunnel(f.b);
	make_tunnel(f.q);
	say_query(f.q, 1, five);
	ck_assert_uint_eq(stream(f.a, f.b, 1, six), 1);
	ck_assert_uint_eq(stream(f.a, f.b, 1, five), 1);
	ck_assert_uint_eq(stream(f.a, f.b, 1, V4), 1);
	say_query(f.q, 1, V4); /* of the customer's untagged VLAN */
	ck_assert_uint_eq(stream(f.a, f.b, 1, V4), 0);
	ck_assert_uint_eq(stream(f.a, f.b, 1, five), 1);
	rig_free(f.r);
}
END_TEST

/* A guest has the policy of a port that was told nothing */
static struct rig_port *guest(struct four *f)
{
	return rig_card(f->r, "guest", 0, "02:00:00:00:00:0a");
}

static void hears_nothing(struct four *f, struct rig_port *g)
{
	ck_assert_uint_eq(f->a->n + f->b->n + f->c->n + f->q->n, 0);
	ck_assert_uint_ge(rig_drops(g, VSW_DROP_ROUTER), 1);
	vsw_port_clear_counters(g->port);
}

START_TEST(forged_messages_of_routers_do_not_pass)
{
	for (unsigned v6 = 0; v6 < 2; v6++) {
		struct four f = four();
		struct rig_port *g = guest(&f);

		for (int flaw = MC_SOUND; flaw < MC_FLAWS; flaw++) {
			struct say how = { .v6 = v6, .flaw = (enum mc_flaw)flaw };

			say_query(g, 10, how);
			hears_nothing(&f, g);
			say_group_query(g, 10, 1, how);
			hears_nothing(&f, g);
			say_hello(g, 10, -1, how);
			hears_nothing(&f, g);
			say_advert(g, 10, false, how);
			hears_nothing(&f, g);
		}
		ck_assert_uint_ge(f.r->events[VSW_EVENT_FORGED], 1);
		ck_assert_uint_eq(stream(f.a, f.b, 1, both[v6]), 1); /* nobody asks */
		say_query(f.q, 20, both[v6]);
		say_query(g, 10, both[v6]);
		ck_assert_uint_eq(stream(f.a, g, 1, both[v6]), 0);
		say_join(g, 10, 1, both[v6]); /* what hosts say passes */
		ck_assert_uint_eq(stream(f.a, g, 1, both[v6]), 1);
		rig_free(f.r);
	}
}
END_TEST

/* DVMRP, PIMv1; fragments, whose rest may hold anything; options too long for the head */
START_TEST(what_may_hide_a_forged_query_does_not_pass)
{
	struct four f = four();
	struct rig_port *g = guest(&f);
	uint8_t msg[64], buf[600], ip[16] = { 0 };
	struct mc_packet k = {
		.host = 10, .proto = FRAME_PROTO_IGMP, .tag = -1, .to = { 224, 0, 0, 1 }
	};

	for (uint8_t type = 0x13; type <= 0x14; type++) {
		rig_send_bytes(g, buf, mc_frame(buf, &k, msg, mc_old(msg, false, type, ip)));
		hears_nothing(&f, g);
	}
	mc_frame(buf, &k, msg, mc_old(msg, false, 0x16, ip));
	frame_put_be16(buf + 20, 3); /* a later fragment */
	csum_ipv4_set(buf + 14);
	rig_send_bytes(g, buf, 60);
	hears_nothing(&f, g);
	/* IPv6 whose hop-by-hop options end beyond the first 192 bytes */
	memset(buf, 0, sizeof(buf));
	memcpy(buf, (uint8_t[]) { 0x33, 0x33, 0, 0, 0, 1, 2, 0, 0, 0, 0, 10, 0x86, 0xdd, 0x60 },
	       15);
	frame_put_be16(buf + 18, 200 + 28);
	buf[21] = 1;
	memcpy(buf + 38, (uint8_t[16]) { 0xff, 2, [15] = 1 }, 16);
	memcpy(buf + 54, (uint8_t[]) { 58, 24, 5, 2, 0, 0, 1, 196 }, 8);
	rig_send_bytes(g, buf, 54 + 200 + 28);
	hears_nothing(&f, g);
	rig_free(f.r);
}
END_TEST

/* In a frame to all stations hosts take it as well; and who may listen to all does not get it */
START_TEST(a_forged_query_reaches_nobody_by_detours)
{
	struct four f = four();
	struct rig_port *g = guest(&f);
	struct vsw_policy policy = rig_policy_of(f.c);
	struct vsw_addrs all = { .mac = { 2, 0, 0, 0, 0, 'c' }, .promiscuous = true };
	uint8_t msg[64], buf[100];
	struct mc_packet k = { .host = 10, .proto = FRAME_PROTO_IGMP, .tag = -1 };
	uint32_t len;

	policy.security.promiscuous = true;
	rig_policy(f.c, &policy);
	vsw_port_set_addrs(f.c->port, &all);
	len = mc_frame(buf, &k, msg, mc_query(msg, false, 3, NULL, 100, 2, 125));
	rig_send_bytes(g, buf, len);
	hears_nothing(&f, g);
	memset(buf, 0xff, 6);
	rig_send_bytes(g, buf, len);
	hears_nothing(&f, g);
	rig_send(g, "*", "g", -1);
	ck_assert_uint_eq(f.b->n, 1);
	rig_free(f.r);
}
END_TEST

START_TEST(a_router_that_is_rejected_is_forgotten)
{
	struct four f = four();

	say_query(f.q, 1, V4);
	ck_assert_uint_eq(stream(f.a, f.q, 1, V4), 1);
	set_router(f.q, VSW_ROUTER_REJECT);
	ck_assert_uint_eq(stream(f.a, f.b, 1, V4), 1); /* nobody asks any more */
	say_query(f.c, 2, V4);
	ck_assert_uint_eq(stream(f.a, f.q, 1, V4), 0);
	rig_free(f.r);
}
END_TEST

/* RFC 4541 2.1.1 (4): a guest that was moved here does not report by itself */
START_TEST(a_port_that_comes_up_is_asked)
{
	struct four f = four_asked();
	struct rig_port *g = guest(&f);

	ck_assert_uint_eq(g->n, 0); /* not before its owner knows it */
	rig_step(f.r, SEC / 10);
	ck_assert_uint_eq(queries_at(g, false, -1), 1);
	ck_assert_uint_eq(queries_at(g, true, -1), 1);
	ck_assert_uint_eq(f.b->n, 0);
	vsw_port_set_link(g->port, false);
	rig_clear(f.r);
	vsw_port_set_link(g->port, true);
	rig_step(f.r, SEC / 10);
	ck_assert_uint_eq(queries_at(g, false, -1), 1);
	/* on behalf of another one, and not where its address would count */
	say_query(f.q, 1, V4);
	vsw_port_set_link(g->port, false);
	vsw_port_set_link(f.b->port, false);
	rig_step(f.r, 5 * SEC);
	rig_clear(f.r);
	vsw_port_set_link(g->port, true);
	vsw_port_set_link(f.b->port, true);
	rig_step(f.r, SEC / 10);
	ck_assert_uint_eq(queries_at(g, false, -1), 1);
	ck_assert_uint_eq(frame_be32(g->got[0].bytes + 26), 0);
	ck_assert_uint_eq(queries_at(f.b, false, -1), 0);
	rig_free(f.r);
}
END_TEST

START_TEST(own_queries_that_come_back_are_dropped)
{
	struct four f = four();
	struct rig_port *u1 = rig_uplink(f.r, "u1"), *u2 = rig_uplink(f.r, "u2");

	querier_on(f.r, 60, 0);
	rig_step(f.r, SEC);
	ck_assert_uint_eq(queries_at(u1, false, -1), 1);
	rig_send_bytes(u2, u1->got[0].bytes, u1->got[0].pkt.len);
	ck_assert_uint_eq(rig_drops(u2, VSW_DROP_REFLECTED), 1);
	ck_assert_uint_eq(queries_at(f.b, false, -1), 1);
	rig_free(f.r);
}
END_TEST

int main(void)
{
	const TTest *const tests[] = {
		routers_are_known_by_pim_and_by_discovery,
		queries_from_nobody_make_no_router,
		a_router_by_configuration_says_nothing,
		a_querier_of_one_version_says_nothing_of_the_other,
		customers_tags_are_not_looked_into,
		forged_messages_of_routers_do_not_pass,
		what_may_hide_a_forged_query_does_not_pass,
		a_forged_query_reaches_nobody_by_detours,
		a_router_that_is_rejected_is_forgotten,
		a_port_that_comes_up_is_asked,
		own_queries_that_come_back_are_dropped,
		NULL,
	};

	return run_tests("mcast-routers", tests);
}
