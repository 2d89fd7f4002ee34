/* SPDX-License-Identifier: BSD-2-Clause */
/* Queriers: the switch's own, and others; and a clock that jumps. */
#include "main.h"
#include "mcast-rig.h"
#include "vswitch/query.h"

#include <string.h>

#define DAY (86400 * SEC)

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
		a_clock_that_goes_back_keeps_nothing_for_ever,
		another_querier_does_not_outlive_a_clock_that_goes_back,
		a_switch_stopped_for_days_loses_no_member,
		NULL,
	};

	return run_tests("querier", tests);
}
