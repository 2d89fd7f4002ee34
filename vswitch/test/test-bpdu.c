/* SPDX-License-Identifier: BSD-2-Clause */
/* BPDU filter and guard, and with them ports that a policy shuts. */
#include "main.h"
#include "rig.h"

#include <stdio.h>
#include <string.h>

#include "vswitch/control.h"
#include "vswitch/manage.h"
#include "vswitch/query.h"

#define BRIDGE	 "01:80:c2:00:00:00"
#define PROVIDER "01:80:c2:00:00:08"
#define PVST	 "01:00:0c:cc:cc:cd"
#define LLDP	 "01:80:c2:00:00:0e"

static const char *const bpdus[] = { BRIDGE, PROVIDER, PVST };

static void open_reserved(struct vsw_policy *p)
{
	p->mac.reserved = 0xffff;
}

static void filter(struct vsw_policy *p)
{
	p->mac.bpdu = VSW_BPDU_FILTER;
}

static void guard(struct vsw_policy *p)
{
	p->mac.bpdu = VSW_BPDU_GUARD;
}

static void guard_for_ever(struct vsw_policy *p)
{
	guard(p);
	p->mac.bpdu_recovery = 0;
}

static void forward(struct vsw_policy *p)
{
	p->mac.bpdu = VSW_BPDU_FORWARD;
}

static const char *shut(const struct rig_port *p)
{
	struct vsw_port_state st;

	vsw_port_state(p->port, &st);
	return st.shut;
}

/* Three ports of a plain switch; the first has what @change makes of its policy */
static struct rig *three(void (*change)(struct vsw_policy *p), struct rig_port **a,
			 struct rig_port **b, struct rig_port **c)
{
	struct rig *r = rig_new();

	*a = rig_port(r, "a", 0);
	*b = rig_port(r, "b", 0);
	*c = rig_port(r, "c", 0);
	if (change)
		rig_change(*a, change);
	return r;
}

START_TEST(forward_leaves_bpdus_to_the_reserved_addresses)
{
	struct rig_port *a, *b, *c;
	struct rig *r = three(NULL, &a, &b, &c);

	for (unsigned i = 0; i < 3; i++)
		rig_send(a, bpdus[i], "a", -1);
	ck_assert_uint_eq(rig_drops(a, VSW_DROP_RESERVED), 2);
	ck_assert_uint_eq(b->total, 1); /* PVST+ is a group as others */
	rig_change(a, open_reserved);
	for (unsigned i = 0; i < 3; i++)
		rig_send(a, bpdus[i], "a", -1);
	ck_assert_uint_eq(b->total, 4);
	ck_assert_uint_eq(c->total, 4);
	rig_free(r);
}
END_TEST

START_TEST(filter_drops_bpdus_both_ways)
{
	struct rig_port *a, *b, *c;
	struct rig *r = three(filter, &a, &b, &c);

	rig_change(a, open_reserved);
	rig_change(b, open_reserved);
	for (unsigned i = 0; i < 3; i++) {
		rig_send(a, bpdus[i], "a", -1);
		rig_send(b, bpdus[i], "b", -1);
	}
	ck_assert_uint_eq(a->total, 0);
	ck_assert_uint_eq(b->total, 0);
	ck_assert_uint_eq(c->total, 3); /* those of b */
	ck_assert_uint_eq(rig_drops(a, VSW_DROP_BPDU), 6);
	ck_assert_uint_eq(rig_drops(b, VSW_DROP_BPDU), 0);
	rig_send(a, LLDP, "a", -1);
	rig_send(a, "*", "a", -1);
	ck_assert_uint_eq(b->total, 2);
	ck_assert_ptr_null(shut(a));
	rig_change(a, forward);
	rig_send(a, BRIDGE, "a", -1);
	ck_assert_uint_eq(b->total, 3);
	rig_free(r);
}
END_TEST

START_TEST(filter_needs_no_open_reserved_address)
{
	struct rig_port *a, *b, *c;
	struct rig *r = three(filter, &a, &b, &c);

	rig_send(a, BRIDGE, "a", -1);
	rig_send(a, LLDP, "a", -1);
	ck_assert_uint_eq(rig_drops(a, VSW_DROP_BPDU), 1);
	ck_assert_uint_eq(rig_drops(a, VSW_DROP_RESERVED), 1);
	ck_assert_uint_eq(b->total + c->total, 0);
	rig_free(r);
}
END_TEST

START_TEST(guard_shuts_the_port)
{
	struct rig_port *a, *b, *c;
	struct rig *r = three(guard, &a, &b, &c);

	rig_send(a, "*", "a", -1);
	rig_send(c, "a", "c", -1);
	ck_assert_uint_eq(a->total, 1);
	ck_assert_uint_eq(b->total, 1); /* c's went to a only */
	rig_send(a, bpdus[_i], "a", -1);
	ck_assert_str_eq(shut(a), "bpdu-guard");
	ck_assert_uint_eq(r->events[VSW_EVENT_SHUT], 1);
	ck_assert_str_eq(r->last_event, "port shut: bpdu-guard");
	rig_send(a, "*", "a", -1);
	ck_assert_uint_eq(b->total, 1);
	rig_send(c, "a", "c", -1); /* forgotten there, and not flooded to it */
	ck_assert_uint_eq(a->total, 1);
	ck_assert_uint_eq(b->total, 2);
	rig_send(c, "b", "c", -1); /* the others go on */
	ck_assert_uint_eq(b->total, 3);
	ck_assert_uint_eq(rig_drops(a, VSW_DROP_BPDU_GUARD), 2);
	rig_free(r);
}
END_TEST

/* Frames in one call, a BPDU among them at @at */
static void burst(struct rig_port *p, unsigned n, unsigned at)
{
	static uint8_t buf[200][64];
	struct pkt pkt[200];
	struct iovec iov[200];
	const struct pkt *pkts[200];

	for (unsigned i = 0; i < n; i++) {
		rig_frame(buf[i], i == at ? BRIDGE : "*", "a", -1, sizeof(buf[i]));
		pkt_flat(&pkt[i], &iov[i], buf[i], sizeof(buf[i]));
		pkts[i] = &pkt[i];
	}
	ck_assert_uint_eq(vsw_port_input(p->port, pkts, n), n);
}

START_TEST(guard_stops_the_burst_it_finds_a_bpdu_in_and_all_after_it)
{
	struct rig_port *a, *b, *c;
	struct rig *r = three(guard, &a, &b, &c);

	burst(a, 200, PKT_BURST + 3);
	ck_assert_uint_eq(b->total, PKT_BURST);
	ck_assert_uint_eq(c->total, PKT_BURST);
	ck_assert_uint_eq(rig_drops(a, VSW_DROP_BPDU_GUARD), 200 - PKT_BURST);
	ck_assert_uint_eq(r->events[VSW_EVENT_SHUT], 1);
	rig_free(r);
}
END_TEST

START_TEST(guard_lets_bpdus_of_others_out)
{
	struct rig_port *a, *b, *c;
	struct rig *r = three(guard, &a, &b, &c);

	rig_send(b, PVST, "b", -1);
	ck_assert_uint_eq(a->total, 1);
	ck_assert_ptr_null(shut(a));
	rig_free(r);
}
END_TEST

static void only_tagged(struct vsw_policy *p)
{
	vsw_policy_set_vlan(p, VSW_VGT);
	p->vlan.accept = VSW_ACCEPT_TAGGED;
	guard(p);
}

START_TEST(guard_sees_bpdus_that_the_vlan_policy_drops)
{
	struct rig_port *a, *b, *c;
	struct rig *r = three(only_tagged, &a, &b, &c);

	rig_send(a, "*", "a", -1);
	ck_assert_uint_eq(rig_drops(a, VSW_DROP_VLAN), 1);
	ck_assert_ptr_null(shut(a));
	rig_send(a, BRIDGE, "a", -1);
	ck_assert_str_eq(shut(a), "bpdu-guard");
	rig_free(r);
}
END_TEST

START_TEST(recovery_opens_the_port_after_its_time)
{
	struct rig_port *a, *b, *c;
	struct rig *r = three(guard, &a, &b, &c);

	rig_send(a, BRIDGE, "a", -1);
	rig_step(r, 300 * SEC - 1);
	rig_send(a, "*", "a", -1);
	ck_assert_uint_eq(b->total, 0);
	ck_assert_uint_eq(r->events[VSW_EVENT_OPENED], 0);
	rig_step(r, 1);
	ck_assert_uint_eq(r->events[VSW_EVENT_OPENED], 1);
	ck_assert_ptr_null(shut(a));
	rig_send(a, "*", "a", -1);
	rig_send(b, "*", "b", -1);
	ck_assert_uint_eq(b->total, 1);
	ck_assert_uint_eq(a->total, 1);
	rig_send(a, BRIDGE, "a", -1);
	vsw_port_open(a->port, NULL, 0);
	rig_send(a, BRIDGE, "a", -1); /* a second event in the same second is told, too */
	ck_assert_uint_eq(r->events[VSW_EVENT_SHUT], 3);
	rig_free(r);
}
END_TEST

START_TEST(without_recovery_it_stays_shut)
{
	struct rig_port *a, *b, *c;
	struct rig *r = three(guard_for_ever, &a, &b, &c);
	char err[100];

	ck_assert_int_lt(vsw_port_open(a->port, err, sizeof(err)), 0);
	ck_assert_str_eq(err, "port 'a' is not shut");
	rig_send(a, BRIDGE, "a", -1);
	rig_step(r, 100000 * SEC);
	ck_assert_str_eq(shut(a), "bpdu-guard");
	vsw_port_set_link(a->port, false);
	vsw_port_set_link(a->port, true);
	ck_assert_str_eq(shut(a), "bpdu-guard");
	ck_assert_int_eq(vsw_port_open(a->port, NULL, 0), 0);
	ck_assert_uint_eq(r->events[VSW_EVENT_OPENED], 1);
	rig_send(a, "*", "a", -1);
	ck_assert_uint_eq(b->total, 1);
	rig_free(r);
}
END_TEST

START_TEST(a_policy_without_guard_opens_the_port)
{
	struct rig_port *a, *b, *c;
	struct rig *r = three(guard, &a, &b, &c);

	rig_send(a, BRIDGE, "a", -1);
	rig_change(a, guard); /* any other change does not */
	ck_assert_str_eq(shut(a), "bpdu-guard");
	rig_change(a, filter);
	ck_assert_ptr_null(shut(a));
	rig_send(a, "*", "a", -1);
	ck_assert_uint_eq(b->total, 1);
	rig_step(r, 400 * SEC);
	ck_assert_uint_eq(r->events[VSW_EVENT_OPENED], 1);
	rig_free(r);
}
END_TEST

START_TEST(ports_with_their_own_times_open_each_at_its_own)
{
	struct rig_port *a, *b, *c;
	struct rig *r = three(guard, &a, &b, &c);

	rig_change(b, guard);
	rig_send(a, BRIDGE, "a", -1);
	rig_step(r, 100 * SEC);
	rig_send(b, BRIDGE, "b", -1);
	rig_step(r, 200 * SEC);
	ck_assert_ptr_null(shut(a));
	ck_assert_str_eq(shut(b), "bpdu-guard");
	vsw_port_remove(a->port);
	rig_step(r, 100 * SEC);
	ck_assert_ptr_null(shut(b));
	rig_free(r);
}
END_TEST

START_TEST(what_waits_at_a_port_that_is_shut_is_lost)
{
	struct rig_port *a, *b, *c;
	struct rig *r = three(guard, &a, &b, &c);
	struct vsw_counters n;

	a->room = 0;
	rig_send(b, "*", "b", -1);
	rig_send(b, "*", "b", -1);
	rig_send(a, BRIDGE, "a", -1);
	vsw_port_counters(a->port, &n);
	ck_assert_uint_eq(n.queue_frames, 0);
	ck_assert_uint_eq(n.drops[VSW_DROP_BPDU_GUARD], 3);
	a->room = UINT32_MAX;
	vsw_port_ready(a->port);
	ck_assert_uint_eq(a->total, 0);
	rig_free(r);
}
END_TEST

START_TEST(a_team_leaves_an_uplink_that_is_shut)
{
	struct rig *r = rig_new();
	struct rig_port *up[2] = { rig_uplink(r, "up0"), rig_uplink(r, "up1") };
	struct rig_port *a = rig_port(r, "a", 0);
	struct rig_port *one;

	rig_send(a, "b", "a", -1);
	one = up[0]->total ? up[0] : up[1];
	rig_change(one, guard);
	rig_clear(r);
	rig_send(one, BRIDGE, "x", -1);
	ck_assert_uint_eq(r->events[VSW_EVENT_FAILOVER], 1);
	rig_clear(r);
	rig_send(a, "b", "a", -1);
	ck_assert_uint_eq(one->total, 0);
	ck_assert_uint_eq(up[0]->total + up[1]->total, 1);
	rig_free(r);
}
END_TEST

/* Carry a command out; the answer, to be freed by its owner */
static char *command(struct vsw_control *ctl, const char *text)
{
	static char answer[20000];
	char *got = vsw_control_execute(ctl, text, strlen(text));

	ck_assert_ptr_nonnull(got);
	snprintf(answer, sizeof(answer), "%s", got);
	free(got);
	return answer;
}

static char said[4000];

static void hear(void *opaque, const char *json)
{
	snprintf(said, sizeof(said), "%s", json);
}

START_TEST(control_configures_shows_and_opens)
{
	static const char doc[] = "{\"defaults\": {\"mac\": {\"bpdu\": \"guard\","
				  " \"bpdu-recovery\": 0}}}";
	struct rig *r = rig_new();
	struct vsw_control *ctl = vsw_control_new(r->sw, NULL, NULL);
	struct rig_port *a = rig_port(r, "a", 0), *b = rig_port(r, "b", 0);

	ck_assert_int_eq(vsw_control_load(ctl, doc, strlen(doc), r->err, sizeof(r->err)), 0);
	vsw_control_listen(ctl, hear, NULL);
	ck_assert_ptr_null(strstr(command(ctl, "{\"execute\": \"query-ports\"}"), "\"shut\""));
	rig_send(a, PVST, "a", -1);
	ck_assert_ptr_nonnull(strstr(said, "\"PORT_SHUT\""));
	ck_assert_ptr_nonnull(strstr(said, "\"mac\":\"02:00:00:00:00:61\""));
	ck_assert_ptr_nonnull(
		strstr(command(ctl, "{\"execute\": \"query-ports\"}"), "\"shut\":\"bpdu-guard\""));
	ck_assert_str_eq(command(ctl, "{\"execute\": \"port-open\","
				      " \"arguments\": {\"port\": \"a\"}}"),
			 "{\"return\":{}}");
	ck_assert_ptr_nonnull(strstr(said, "\"PORT_OPENED\""));
	ck_assert_ptr_nonnull(strstr(command(ctl, "{\"execute\": \"port-open\","
						  " \"arguments\": {\"port\": \"a\"}}"),
				     "port 'a' is not shut"));
	rig_send(a, "*", "a", -1);
	ck_assert_uint_eq(b->total, 1);
	vsw_control_free(ctl);
	rig_free(r);
}
END_TEST

int main(void)
{
	const TTest *const tests[] = {
		forward_leaves_bpdus_to_the_reserved_addresses,
		filter_drops_bpdus_both_ways,
		filter_needs_no_open_reserved_address,
		guard_stops_the_burst_it_finds_a_bpdu_in_and_all_after_it,
		guard_lets_bpdus_of_others_out,
		guard_sees_bpdus_that_the_vlan_policy_drops,
		recovery_opens_the_port_after_its_time,
		without_recovery_it_stays_shut,
		a_policy_without_guard_opens_the_port,
		ports_with_their_own_times_open_each_at_its_own,
		what_waits_at_a_port_that_is_shut_is_lost,
		a_team_leaves_an_uplink_that_is_shut,
		control_configures_shows_and_opens,
		NULL,
	};
	Suite *s = suite_create("bpdu");
	TCase *t = tcase_create("bpdu");

	tcase_add_loop_test(t, guard_shuts_the_port, 0, 3);
	for (const TTest *const *test = tests; *test; test++)
		tcase_add_test(t, *test);
	suite_add_tcase(s, t);
	return run_suite(s);
}
