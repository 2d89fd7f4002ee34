/* SPDX-License-Identifier: BSD-2-Clause */
/* Faults that were found from outside, each with what is like it; named after what must hold. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "main.h"
#include "rig.h"

/* ---- owners that are called before they have their port ---- */

static bool in_add;

static void not_in_add(struct rig_port *p, const struct pkt *pkt)
{
	ck_assert(!in_add);
}

static struct rig_port *add_uplink(struct rig *r, const char *id)
{
	struct vsw_port_conf conf = VSW_PORT_CONF_INIT;
	struct rig_port *p = &r->port[r->n_ports];

	conf.id = id;
	conf.uplink = true;
	p->on_frame = not_in_add;
	in_add = true;
	p = rig_add(r, &conf);
	in_add = false;
	return p;
}

/* A second uplink to which ports move is told of their addresses, but not from inside
 * vsw_port_add() */
START_TEST(second_uplink_has_its_port_before_it_gets_frames)
{
	struct rig *r = rig_new();
	struct rig_port *up2;

	rig_uplink(r, "u1");
	for (unsigned i = 0; i < 4; i++)
		rig_card(r, (char[]) { 'a', (char)('0' + i), 0 }, 0,
			 (char[]) { (char)('a' + i), 0 });
	up2 = add_uplink(r, "u2");
	ck_assert_uint_eq(up2->n, 0);
	rig_step(r, 0);
	ck_assert_uint_ge(up2->n, 1);
	ck_assert_uint_eq(frame_be16(up2->got[0].bytes + 12), 0x8035);
	rig_free(r);
}
END_TEST

/* An uplink that takes the number of one that went is told as well */
START_TEST(uplink_with_the_number_of_a_former_one_is_told)
{
	struct rig *r = rig_new();
	struct rig_port *up = rig_uplink(r, "u1"), *up2;

	rig_card(r, "a", 0, "a");
	rig_step(r, 0);
	vsw_port_remove(up->port);
	rig_step(r, 0);
	up2 = add_uplink(r, "u2");
	rig_step(r, 0);
	ck_assert_uint_eq(up2->n, 1);
	ck_assert_uint_eq(frame_be16(up2->got[0].bytes + 12), 0x8035);
	up->port = NULL;
	rig_free(r);
}
END_TEST

/* ---- what keeps a port's number ---- */

static struct vsw_control *control_of(struct rig *r)
{
	return r->ctl ? r->ctl : rig_control(r);
}

static char *execute(struct rig *r, const char *text)
{
	return vsw_control_execute(control_of(r), text, strlen(text));
}

/* A static address goes with its port: neither a crash, nor somebody else's frames */
START_TEST(fdb_stale_static_address_goes_with_its_port)
{
	struct rig *r = rig_new();
	struct rig_port *a = rig_port(r, "a", 0), *b = rig_port(r, "b", 0), *c;
	char *answer = execute(r, "{\"execute\": \"fdb-add\", \"arguments\": "
				  "{\"mac\": \"02:00:00:00:00:77\", \"port\": \"b\"}}");
	uint8_t f[60];

	free(answer);
	vsw_port_remove(b->port);
	b->port = NULL;
	answer = execute(r, "{\"execute\": \"query-fdb\"}");
	ck_assert_ptr_null(strstr(answer, "02:00:00:00:00:77"));
	free(answer);
	c = rig_port(r, "c", 0); /* gets b's number */
	rig_frame(f, "*", "a", -1, sizeof(f));
	memcpy(f, "\2\0\0\0\0\x77", 6);
	rig_send_bytes(a, f, sizeof(f));
	ck_assert_uint_eq(c->n, 1); /* flooded, as any unknown one */
	rig_free(r);
}
END_TEST

/* ---- a clock that goes back ---- */

static void shaped_out(struct vsw_policy *p)
{
	p->shape_out = (struct vsw_shape_policy) { 4000000, 4000000, 20000 };
}

static void shaped_in(struct vsw_policy *p)
{
	p->shape_in = (struct vsw_shape_policy) { 4000000, 4000000, 20000 };
}

static void stormy(struct vsw_policy *p)
{
	p->storm.broadcast = 100;
}

static void limited(struct vsw_policy *p)
{
	static const struct vsw_rule rule = { .name = "r",
					      .direction = VSW_DIR_FROM_PORT,
					      .action = VSW_RULE_LIMIT,
					      .limit = 100,
					      .cos = -1,
					      .dscp = -1 };

	p->rules = &rule;
	p->n_rules = 1;
}

/* Frames that arrive in a second, at 1000 a second */
static uint64_t in_a_second(struct rig *r, struct rig_port *from, struct rig_port *to)
{
	uint64_t had = to->total;

	for (unsigned ms = 0; ms < 1000; ms++) {
		rig_send_len(from, "*", "a", -1, 1000);
		rig_step(r, MS);
	}
	return to->total - had;
}

/* A rate is what it was after loadvm has set the clock back, by a minute or by years, and after it
 * has jumped ahead */
START_TEST(loadvm_clock_does_not_stop_what_has_a_rate)
{
	void (*const changes[])(struct vsw_policy * p) = { shaped_out, shaped_in, stormy, limited };
	static const int64_t jumps[] = { -60 * SEC, -SEC, 1000 * SEC };

	for (unsigned i = 0; i < 4; i++) {
		struct rig *r = rig_new();
		struct rig_port *a = rig_port(r, "a", 0), *b = rig_port(r, "b", 0);
		uint64_t before;

		r->now += 100 * SEC;
		b->discard = true;
		rig_change(i ? a : b, changes[i]);
		in_a_second(r, a, b);
		before = in_a_second(r, a, b);
		ck_assert_uint_gt(before, 50);
		for (unsigned k = 0; k < 3; k++) {
			r->now += jumps[k];
			vsw_timer(r->sw);
			in_a_second(r, a, b); /* a bucket that was empty */
			ck_assert_uint_ge(in_a_second(r, a, b), before * 95 / 100);
			ck_assert_uint_le(in_a_second(r, a, b), before * 105 / 100 + 20);
		}
		rig_free(r);
	}
}
END_TEST

static void blocked(struct vsw_policy *p)
{
	p->blocked = true;
}

static void opened(struct vsw_policy *p)
{
	p->blocked = false;
}

static void fill_queue(struct rig_port *from)
{
	for (unsigned i = 0; i < 100; i++)
		rig_send_len(from, "*", "a", -1, 1000);
}

/* A second later the timer has nothing to do, and is not asked for at once again */
static void timer_rests(struct rig *r)
{
	r->now += SEC;
	vsw_timer(r->sw);
	ck_assert_int_gt(r->deadline, r->now);
}

START_TEST(queue_that_may_not_go_on_asks_for_no_timer)
{
	struct rig *r = rig_new();
	struct rig_port *a = rig_port(r, "a", 0), *b = rig_port(r, "b", 0);
	uint64_t had;

	b->discard = true;
	rig_change(b, shaped_out);
	fill_queue(a);
	had = b->total;
	ck_assert_uint_lt(had, 100);
	rig_change(b, blocked);
	timer_rests(r);
	ck_assert_uint_eq(b->total, had);
	rig_change(b, opened);
	for (unsigned ms = 0; ms < 1000; ms++)
		rig_step(r, MS);
	ck_assert_uint_ge(b->total, 90); /* what waited goes on by itself, but for CoDel's */
	fill_queue(a);
	vsw_port_set_link(b->port, false);
	timer_rests(r);
	rig_free(r);
}
END_TEST

/* So are ages and deadlines: the host is told the same time from now */
START_TEST(loadvm_clock_sets_deadlines_anew)
{
	struct rig *r = rig_new();
	struct rig_port *a = rig_port(r, "a", 0), *b = rig_port(r, "b", 0),
			*c = rig_port(r, "c", 0);
	int64_t left;

	r->now += 100 * SEC;
	vsw_timer(r->sw);
	rig_send(b, "*", "b", -1);
	left = r->deadline - r->now;
	r->now -= 90 * SEC;
	vsw_timer(r->sw);
	ck_assert_int_eq(r->deadline - r->now, left);
	rig_step(r, 290 * SEC);
	rig_clear(r);
	rig_send(a, "b", "a", -1);
	ck_assert_uint_eq(c->n, 0); /* still known */
	rig_step(r, 40 * SEC);
	rig_send(a, "b", "a", -1);
	ck_assert_uint_eq(c->n, 1);
	rig_free(r);
}
END_TEST

/* ---- values that are read wholly or refused ---- */

static bool takes_match(struct rig *r, const char *match)
{
	char text[300], err[200] = "";

	snprintf(text, sizeof(text),
		 "{\"defaults\": {\"rules\": [{\"name\": \"r\", \"match\": {%s}, "
		 "\"action\": \"drop\"}]}}",
		 match);
	if (vsw_control_load(control_of(r), text, strlen(text), err, sizeof(err)) == 0)
		return true;
	ck_assert_msg(strstr(err, "/defaults/rules/0/match/") != NULL, "%s: %s", match, err);
	return false;
}

START_TEST(rule_parse_refuses_what_it_does_not_understand)
{
	static const char *const good[] = {
		"\"protocol\": \"tcp\"",
		"\"protocol\": \"17\"",
		"\"protocol\": 17",
		"\"protocol\": \"0x11\"",
		"\"protocol\": \"icmpv6\"",
		"\"ethertype\": \"arp\"",
		"\"ethertype\": \"0x88b5\"",
		"\"ethertype\": \"lldp\"",
		"\"ethertype\": 2048",
		"\"source-ip\": \"10.0.0.0/8\"",
		"\"source-ip\": \"fe80::/10\"",
		"\"source-ip\": \"10.0.0.1\"",
		"\"source-ip\": \"0.0.0.0/0\"",
		"\"source-port\": \"80\"",
		"\"source-port\": \"1-65535\"",
		"\"tcp-flags\": \"S!A\"",
		"\"fragment\": \"later\"",
		"\"vlan\": \"4094\"",
		"\"source-mac\": \"2:0:0:0:0:1/ff:ff:ff:0:0:0\"",
	};
	static const char *const bad[] = {
		"\"protocol\": \"TCP\"",
		"\"protocol\": \"tcp \"",
		"\"protocol\": \"\"",
		"\"protocol\": \"256\"",
		"\"protocol\": \"017\"",
		"\"protocol\": \"+17\"",
		"\"protocol\": \"0x\"",
		"\"protocol\": \"17x\"",
		"\"protocol\": -1",
		"\"protocol\": true",
		"\"ethertype\": \"zzz\"",
		"\"ethertype\": \"0x800junk\"",
		"\"ethertype\": \"0x10800\"",
		"\"ethertype\": \"0800\"",
		"\"source-ip\": \"10.0.0.0/\"",
		"\"source-ip\": \"10.0.0.0/abc\"",
		"\"source-ip\": \"10.0.0.0/24x\"",
		"\"source-ip\": \"10.0.0.0/33\"",
		"\"source-ip\": \"10.0.0.0/-1\"",
		"\"source-ip\": \"10.0.0.0/ 8\"",
		"\"source-ip\": \"10.0.0\"",
		"\"source-ip\": \"fe80::/129\"",
		"\"source-ip\": \"\"",
		"\"source-port\": \"80-\"",
		"\"source-port\": \"-80\"",
		"\"source-port\": \"90-80\"",
		"\"source-port\": \"80-65536\"",
		"\"source-port\": \" 80\"",
		"\"source-port\": \"80-90x\"",
		"\"tcp-flags\": \"\"",
		"\"tcp-flags\": \"!\"",
		"\"tcp-flags\": \"S!S\"",
		"\"tcp-flags\": \"X\"",
		"\"tcp-flags\": 2",
		"\"fragment\": \"4\"",
		"\"vlan\": \"4095\"",
		"\"source-mac\": \"2:0:0:0:0:1/\"",
		"\"source-mac\": \"2:0:0:0:0:1:\"",
		"\"source-mac\": \"2:0:0:0:0\"",
		"\"source-mac\": \"2:0:0:0:0:+1\"",
		"\"source-mac\": \"2:0:0:0:0:001\"",
	};
	struct rig *r = rig_new();

	for (unsigned i = 0; i < sizeof(good) / sizeof(good[0]); i++)
		ck_assert_msg(takes_match(r, good[i]), "%s is refused", good[i]);
	for (unsigned i = 0; i < sizeof(bad) / sizeof(bad[0]); i++)
		ck_assert_msg(!takes_match(r, bad[i]), "%s is taken", bad[i]);
	rig_free(r);
}
END_TEST

/* The siblings: every value that is written as text */
START_TEST(texts_of_other_values_are_read_wholly)
{
	static const char *const bad[] = {
		"{\"defaults\": {\"vlan\": {\"mode\": \"trunk\", \"trunk\": \"1-10,\"}}}",
		"{\"defaults\": {\"vlan\": {\"mode\": \"trunk\", \"trunk\": \" 1\"}}}",
		"{\"defaults\": {\"vlan\": {\"mode\": \"trunk\", \"trunk\": \"1-+5\"}}}",
		"{\"defaults\": {\"vlan\": {\"mode\": \"trunk\", \"trunk\": \"0-5\"}}}",
		"{\"defaults\": {\"vlan\": {\"mode\": \"trunk\", \"trunk\": \"\"}}}",
		"{\"defaults\": {\"vlan\": {\"mode\": \"trunk\", \"tpid\": \"0x8100 \"}}}",
		"{\"defaults\": {\"mac\": {\"addresses\": [\"02:00:00:00:00:1x\"]}}}",
		"{\"defaults\": {\"mac\": {\"addresses\": [\" 2:0:0:0:0:1\"]}}}",
		"{\"querier\": {\"address\": \"10.0.0.01\"}}",
		"{\"querier\": {\"address\": \"10.0.0.1 \"}}",
		"{\"querier\": {\"address\": \"10.0.0.+1\"}}",
	};
	struct rig *r = rig_new();

	for (unsigned i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
		char err[200] = "";

		ck_assert_msg(vsw_control_load(control_of(r), bad[i], strlen(bad[i]), err,
					       sizeof(err)) < 0,
			      "%s is taken", bad[i]);
		ck_assert_msg(err[0] == '/', "%s: %s", bad[i], err);
	}
	rig_free(r);
}
END_TEST

int main(void)
{
	const TTest *const tests[] = {
		second_uplink_has_its_port_before_it_gets_frames,
		uplink_with_the_number_of_a_former_one_is_told,
		fdb_stale_static_address_goes_with_its_port,
		loadvm_clock_does_not_stop_what_has_a_rate,
		queue_that_may_not_go_on_asks_for_no_timer,
		loadvm_clock_sets_deadlines_anew,
		rule_parse_refuses_what_it_does_not_understand,
		texts_of_other_values_are_read_wholly,
		NULL,
	};

	return run_tests("faults", tests);
}
