/* SPDX-License-Identifier: BSD-2-Clause */
/* Queriers and routers: the switch's own, others, those that only pretend;
 * and a clock that jumps. */
#include "main.h"
#include "mcast-rig.h"
#include "vswitch/query.h"

#include <string.h>

#define V4  ((struct say) { .v6 = false })
#define V6  ((struct say) { .v6 = true })
#define OWN 0x0a000064 /* 10.0.0.100 */
#define DAY (86400 * SEC)

static const struct say both[] = { { .v6 = false }, { .v6 = true } };

/* struct four - the usual four ports */
struct four {
	struct rig *r;
	struct rig_port *a, *b, *c, *q;
};

static struct four four(void)
{
	struct four f = { .r = snooping_rig() };

	f.a = rig_port(f.r, "a", 0);
	f.b = rig_port(f.r, "b", 0);
	f.c = rig_port(f.r, "c", 0);
	f.q = rig_port(f.r, "q", 0);
	return f;
}

/* The same with a querier that has started */
static struct four four_asked(void)
{
	struct four f = four();

	querier_on(f.r, 60, OWN);
	rig_step(f.r, 20 * SEC);
	rig_clear(f.r);
	return f;
}

START_TEST(querier_asks_and_is_believed)
{
	struct four f = four();
	struct pkt pkt;
	struct iovec iov;
	struct frame h;

	querier_on(f.r, 125, OWN);
	rig_step(f.r, SEC);
	ck_assert_uint_eq(f.b->n, 2);
	for (unsigned i = 0; i < 2; i++) {
		pkt_flat(&pkt, &iov, f.b->got[i].bytes, f.b->got[i].pkt.len);
		frame_parse(&h, &pkt, 0);
		ck_assert(h.flags & (i ? FRAME_MLD : FRAME_IGMP));
		ck_assert_int_eq(frame_verify_l4(&pkt, &h), FRAME_CSUM_GOOD);
		ck_assert_int_eq(frame_verify_ip(&pkt, &h),
				 i ? FRAME_CSUM_UNKNOWN : FRAME_CSUM_GOOD);
	}
	ck_assert_uint_eq(stream(f.a, f.b, 1, V4), 0);
	rig_step(f.r, 125 * SEC);
	ck_assert_uint_eq(f.b->n, 2);
	rig_free(f.r);
}
END_TEST

/* RFC 3376 8.6, 8.7: two at the start, a quarter of the interval apart; then one an interval. Until
 * the first is answered groups are flooded. */
START_TEST(querier_starts_with_more_queries)
{
	struct four f = four();

	querier_on(f.r, 60, OWN);
	rig_step(f.r, SEC / 2);
	ck_assert_uint_eq(queries_at(f.b, false, -1), 1);
	ck_assert_uint_eq(f.b->got[0].bytes[39], 10); /* to be answered within a second */
	ck_assert_uint_eq(stream(f.a, f.b, 1, V4), 1);
	rig_step(f.r, 13 * SEC);
	ck_assert_uint_eq(queries_at(f.b, true, -1), 0);
	rig_step(f.r, 2 * SEC);
	ck_assert_uint_eq(queries_at(f.b, true, -1), 1);
	rig_clear(f.r);
	rig_step(f.r, 59 * SEC);
	ck_assert_uint_eq(f.b->n, 0);
	rig_step(f.r, SEC);
	ck_assert_uint_eq(queries_at(f.b, false, -1), 1);
	ck_assert_uint_eq(f.b->got[0].bytes[39], 100); /* 10 s */
	rig_free(f.r);
}
END_TEST

/* RFC 3376 4.1, RFC 3810 5.1; RFC 2236 2, RFC 2710 3 */
START_TEST(queries_are_of_the_version_that_is_configured)
{
	struct rig *r = snooping_rig();
	struct rig_port *b = rig_port(r, "b", 0);
	struct vsw_switch_policy *sp = malloc(sizeof(*sp));

	querier_on(r, 300, OWN);
	rig_step(r, SEC);
	ck_assert_uint_eq(frame_be16(b->got[0].bytes + 16), 36); /* with 12 bytes of IGMP */
	ck_assert_uint_eq(b->got[0].bytes[46], 2);		 /* robustness */
	ck_assert_uint_eq(b->got[0].bytes[47], 0x92);		 /* (2 + 16) << 4 = 288 s */
	ck_assert_uint_eq(frame_be16(b->got[1].bytes + 18), 36); /* options, 28 bytes of MLD */
	*sp = *vsw_switch_policy(r->sw);
	sp->querier.igmp = 2;
	sp->querier.mld = 1;
	rig_switch_policy(r, sp);
	free(sp);
	rig_clear(r);
	rig_step(r, SEC);
	ck_assert_uint_eq(frame_be16(b->got[0].bytes + 16), 32);
	ck_assert_uint_eq(frame_be16(b->got[1].bytes + 18), 32);
	rig_free(r);
}
END_TEST

/* igmp-own-querier (1): who stays is asked, and stays */
START_TEST(own_querier_asks_after_a_leave)
{
	for (unsigned v6 = 0; v6 < 2; v6++) {
		struct four f = four_asked();

		say_join(f.b, 2, 1, both[v6]);
		say_join(f.b, 4, 1, both[v6]);
		say_join(f.c, 5, 1, both[v6]);
		rig_clear(f.r);
		say_leave(f.b, 2, 1, both[v6]);
		ck_assert_uint_eq(f.b->n, 0); /* not from inside the delivery */
		rig_step(f.r, SEC / 2);
		ck_assert_uint_eq(queries_at(f.b, v6, 1), 1);
		rig_step(f.r, SEC);
		ck_assert_uint_eq(queries_at(f.b, v6, 1), 2);
		ck_assert_uint_eq(f.c->n, 0); /* who is elsewhere is not disturbed */
		say_join(f.b, 4, 1, both[v6]);
		rig_step(f.r, 5 * SEC);
		ck_assert_uint_eq(stream(f.a, f.b, 1, both[v6]), 1);
		say_leave(f.b, 4, 1, both[v6]);
		rig_step(f.r, 5 * SEC);
		ck_assert_uint_eq(queries_at(f.b, v6, 1), 2);
		ck_assert_uint_eq(stream(f.a, f.b, 1, both[v6]), 0);
		ck_assert_uint_eq(stream(f.a, f.c, 1, both[v6]), 1);
		rig_free(f.r);
	}
}
END_TEST

/* A host of IGMPv3 that wanted some sources only leaves by BLOCK */
START_TEST(own_querier_asks_after_a_block)
{
	for (unsigned v6 = 0; v6 < 2; v6++) {
		struct four f = four_asked();

		say_record(f.b, 2, ALLOW, 2, 1, both[v6]);
		ck_assert_uint_eq(stream(f.a, f.b, 1, both[v6]), 1);
		say_record(f.b, 2, BLOCK, 2, 1, both[v6]);
		rig_step(f.r, 5 * SEC);
		ck_assert_uint_eq(queries_at(f.b, v6, 1), 2);
		ck_assert_uint_eq(stream(f.a, f.b, 1, both[v6]), 0);
		rig_free(f.r);
	}
}
END_TEST

/* One report may leave a thousand groups */
START_TEST(queries_after_leaves_are_bounded_a_run)
{
	struct four f = four_asked();

	for (unsigned i = 0; i < 1000; i++)
		say_join(f.b, 2, i, V4);
	for (unsigned i = 0; i < 1000; i++)
		say_leave(f.b, 2, i, V4);
	rig_clear(f.r);
	for (unsigned runs = 0; runs < 30; runs++) {
		unsigned before = f.b->n;

		f.r->now = f.r->deadline;
		f.r->deadline = VSW_NEVER;
		vsw_timer(f.r->sw);
		ck_assert_uint_le(f.b->n - before, 64);
	}
	ck_assert_uint_ge(f.b->n, 1000);
	rig_step(f.r, 10 * SEC);
	ck_assert_uint_le(f.b->n, 2000);
	ck_assert_uint_eq(stream(f.a, f.b, 999, V4), 0);
	rig_free(f.r);
}
END_TEST

/* igmp-own-querier (2): RFC 2236 7, RFC 3376 6.6.2, RFC 3810 7.6.2 */
START_TEST(the_lower_address_is_the_querier)
{
	for (unsigned v6 = 0; v6 < 2; v6++) {
		struct four f = four_asked();

		say_query(f.q, 101, both[v6]); /* comes after ours */
		rig_clear(f.r);
		rig_step(f.r, 61 * SEC);
		ck_assert_uint_eq(queries_at(f.b, v6, -1), 1);
		for (unsigned i = 0; i < 4; i++) {
			say_query(f.q, 99, both[v6]); /* comes before it */
			rig_clear(f.r);
			rig_step(f.r, 100 * SEC);
			ck_assert_uint_eq(queries_at(f.b, v6, -1), 0);
			ck_assert_uint_ge(queries_at(f.b, !v6, -1), 1); /* of the other version */
			say_join(f.b, 2, 1, both[v6]);
			ck_assert_uint_eq(stream(f.a, f.b, 1, both[v6]), 1);
			ck_assert_uint_eq(stream(f.a, f.b, 2, both[v6]), 0);
		}
		rig_clear(f.r);
		rig_step(f.r, 157 * SEC); /* 255 s after its last one */
		ck_assert_uint_eq(queries_at(f.b, v6, -1), 1);
		rig_clear(f.r);
		rig_step(f.r, 61 * SEC);
		ck_assert_uint_eq(queries_at(f.b, v6, -1), 1);
		rig_free(f.r);
	}
}
END_TEST

START_TEST(a_querier_without_address_comes_after_all_others)
{
	struct four f = four();

	querier_on(f.r, 60, 0);
	rig_step(f.r, 20 * SEC);
	ck_assert_uint_eq(queries_at(f.b, false, -1), 2);
	say_query(f.q, 200, V4);
	rig_clear(f.r);
	rig_step(f.r, 200 * SEC);
	ck_assert_uint_eq(queries_at(f.b, false, -1), 0);
	rig_free(f.r);
}
END_TEST

/* Of several others the lowest is it; when he goes another one may be */
START_TEST(of_two_others_the_lower_is_believed)
{
	struct four f = four();
	static struct vsw_snooping s;
	uint64_t cursor = 0;

	say_query(f.q, 20, V4);
	say_query(f.c, 10, V4);
	say_query(f.q, 20, V4);
	vsw_snooping(f.r->sw, &cursor, &s, 1);
	ck_assert_uint_eq(s.querier[3], 10);
	ck_assert_uint_eq(s.n_routers, 2);
	vsw_port_set_link(f.c->port, false);
	ck_assert_uint_eq(stream(f.a, f.b, 1, V4), 1); /* in doubt until the other one asks */
	say_query(f.q, 20, V4);
	ck_assert_uint_eq(stream(f.a, f.b, 1, V4), 0);
	rig_free(f.r);
}
END_TEST

/* RFC 3376 4.1.6, 4.1.7, 8.4, 8.5: a querier that asks every 300 s is there after 500 s, and so are
 * those who answered it */
START_TEST(intervals_are_those_of_the_querier)
{
	struct four f = four();
	struct mc_packet k = { .host = 1, .proto = FRAME_PROTO_IGMP, .tag = -1 };
	uint8_t msg[24], buf[100];
	uint32_t len = mc_query(msg, false, 3, NULL, 100, 3, 0x92); /* 288 s */

	rig_send_bytes(f.q, buf, mc_frame(buf, &k, msg, len));
	say_join(f.b, 2, 1, V4);
	rig_step(f.r, 860 * SEC);
	ck_assert_uint_eq(stream(f.a, f.b, 1, V4), 1);
	ck_assert_uint_eq(stream(f.a, f.b, 2, V4), 0);
	rig_step(f.r, 12 * SEC);
	ck_assert_uint_eq(stream(f.a, f.b, 2, V4), 1);
	rig_free(f.r);
}
END_TEST

/* More time than version 2 can give: until then nobody needs to have answered */
START_TEST(a_slow_first_query_does_not_cut_groups)
{
	struct four f = four();
	struct mc_packet k = { .host = 1, .proto = FRAME_PROTO_IGMP, .tag = -1 };
	uint8_t msg[24], buf[100];
	uint32_t len = mc_query(msg, false, 3, NULL, 0xb0, 2, 125); /* 102.4 s */

	rig_send_bytes(f.q, buf, mc_frame(buf, &k, msg, len));
	rig_step(f.r, 100 * SEC);
	ck_assert_uint_eq(stream(f.a, f.b, 1, V4), 1);
	rig_step(f.r, 4 * SEC);
	ck_assert_uint_eq(stream(f.a, f.b, 1, V4), 0);
	rig_free(f.r);
}
END_TEST

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

/* loadvm-clock: what was left of everything is left; queries go on */
START_TEST(a_clock_that_goes_back_keeps_nothing_for_ever)
{
	struct four f = four_asked();

	rig_step(f.r, DAY);
	say_join(f.b, 2, 1, V4);
	rig_clear(f.r);
	f.r->now -= DAY / 2;
	say_join(f.c, 4, 2, V4); /* anything that is heard */
	rig_step(f.r, 2 * SEC);
	ck_assert_uint_eq(queries_at(f.b, false, -1), 1); /* all are asked anew */
	ck_assert_uint_eq(queries_at(f.b, true, -1), 1);
	ck_assert_uint_eq(stream(f.a, f.b, 1, V4), 1);
	rig_step(f.r, 100 * SEC);
	ck_assert_uint_ge(queries_at(f.b, false, -1), 2);
	rig_step(f.r, 40 * SEC); /* 130 s after its report */
	ck_assert_uint_eq(stream(f.a, f.b, 1, V4), 0);
	rig_free(f.r);
}
END_TEST

START_TEST(another_querier_does_not_outlive_a_clock_that_goes_back)
{
	struct four f = four();

	rig_step(f.r, DAY);
	say_query(f.q, 1, V4);
	say_join(f.b, 2, 1, V4);
	f.r->now -= DAY / 2;
	say_join(f.c, 4, 2, V4);
	ck_assert_uint_eq(stream(f.a, f.c, 9, V4), 1); /* flooded until somebody asks */
	say_query(f.q, 1, V4);
	ck_assert_uint_eq(stream(f.a, f.c, 9, V4), 0);
	ck_assert_uint_eq(stream(f.a, f.b, 1, V4), 1);
	rig_step(f.r, 300 * SEC);
	ck_assert_uint_eq(stream(f.a, f.b, 9, V4), 1);
	rig_free(f.r);
}
END_TEST

/* Stopped for days: nobody was asked meanwhile, so nobody's membership ended */
START_TEST(a_switch_stopped_for_days_loses_no_member)
{
	struct four f = four_asked();

	say_join(f.b, 2, 1, V4);
	f.r->now += 3 * DAY;
	vsw_timer(f.r->sw);
	ck_assert_uint_eq(stream(f.a, f.b, 1, V4), 1);
	ck_assert_uint_eq(stream(f.a, f.b, 2, V4), 1); /* flooded: all are being asked */
	rig_step(f.r, 2 * SEC);
	ck_assert_uint_eq(stream(f.a, f.b, 1, V4), 1);
	ck_assert_uint_eq(stream(f.a, f.b, 2, V4), 0);
	rig_step(f.r, 140 * SEC);
	ck_assert_uint_eq(stream(f.a, f.b, 1, V4), 0);
	rig_free(f.r);
}
END_TEST

int main(void)
{
	const TTest *const tests[] = {
		querier_asks_and_is_believed,
		querier_starts_with_more_queries,
		queries_are_of_the_version_that_is_configured,
		own_querier_asks_after_a_leave,
		own_querier_asks_after_a_block,
		queries_after_leaves_are_bounded_a_run,
		the_lower_address_is_the_querier,
		a_querier_without_address_comes_after_all_others,
		of_two_others_the_lower_is_believed,
		intervals_are_those_of_the_querier,
		a_slow_first_query_does_not_cut_groups,
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
		a_clock_that_goes_back_keeps_nothing_for_ever,
		another_querier_does_not_outlive_a_clock_that_goes_back,
		a_switch_stopped_for_days_loses_no_member,
		NULL,
	};

	return run_tests("querier", tests);
}
