/* SPDX-License-Identifier: BSD-2-Clause */
/* Configuration documents: what they set, what is refused, and what is taken back. */
#include "control-rig.h"
#include "main.h"
#include "rig.h"

#include <jansson.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>

#include "vswitch/control.h"

static const char full[] =
	"{\"mtu\": 9000, \"ageing\": 120, \"multicast\": \"snooping\","
	" \"querier\": {\"enabled\": true, \"interval\": 60, \"vlan\": 10, \"address\": "
	"\"10.0.0.1\"},"
	" \"private-vlans\": [{\"primary\": 100, \"secondary\": 101, \"type\": \"isolated\"}],"
	" \"classes\": [{\"name\": \"vm\", \"shares\": 25}, {\"name\": \"vmotion\", \"shares\": "
	"75, \"limit\": 1000000000}],"
	" \"mirrors\": [{\"name\": \"m\", \"type\": \"erspan2\", \"to\": \"up\", \"sources\": "
	"{\"p0\": \"both\"}, \"session\": 3,"
	"   \"source-ip\": \"10.0.0.1\", \"destination-ip\": \"10.0.0.2\", \"source-mac\": "
	"\"02:00:00:00:00:01\","
	"   \"destination-mac\": \"02:00:00:00:00:02\"}],"
	" \"defaults\": {\"security\": {\"promiscuous\": false, \"mac-changes\": false, "
	"\"forged-transmits\": false}},"
	" \"portgroups\": {"
	"  \"blue\": {\"vlan\": 10, \"override\": [\"shaping\", \"blocked\"], \"class\": "
	"\"vmotion\","
	"    \"teaming\": {\"policy\": \"explicit\", \"active\": [\"up\"], \"failback\": false}},"
	"  \"trunk\": {\"vlan\": {\"mode\": \"trunk\", \"id\": 7, \"trunk\": \"10-20,30\", "
	"\"accept\": \"all\"}},"
	"  \"alone\": {\"vlan\": {\"mode\": \"private\", \"id\": 101}}},"
	" \"ports\": {\"p1\": {\"portgroup\": \"blue\","
	"   \"shaping\": {\"in\": {\"average\": 1000000, \"peak\": 2000000, \"burst\": 100000}}},"
	"  \"p2\": {\"portgroup\": \"trunk\", \"rules\": [{\"name\": \"r\", \"direction\": "
	"\"from-port\","
	"    \"match\": {\"source-ip\": \"10.0.0.0/8\", \"not-destination-port\": \"1-1023\", "
	"\"tcp-flags\": \"S!A\"},"
	"    \"action\": \"drop\", \"log\": true}]}}}";

START_TEST(document_sets_all_policies)
{
	struct ctl t = ctl_start();
	struct vsw_port_conf conf = VSW_PORT_CONF_INIT;
	const struct vsw_policy *p;
	struct rig_port *p0, *p1, *p2;

	ck_assert_msg(ctl_load(&t, full) == 0, "%s", t.err);
	conf.id = "p0";
	conf.portgroup = "blue";
	p0 = rig_add(t.r, &conf);
	ck_assert_msg(p0 != NULL, "%s", t.r->err);
	p1 = rig_port(t.r, "p1", VSW_VLAN_DEFAULT);
	p2 = rig_port(t.r, "p2", VSW_VLAN_DEFAULT);
	p = vsw_port_policy(p0->port);
	ck_assert_uint_eq(p->vlan.vid, 10);
	ck_assert(!p->security.forged_transmits && !p->security.mac_changes);
	ck_assert_uint_eq(p->class, 1);
	ck_assert_uint_eq(p->team.kind, VSW_TEAM_EXPLICIT);
	ck_assert_str_eq(p->team.active[0], "up");
	ck_assert_uint_eq(p->shape_in.average, 0);
	p = vsw_port_policy(p1->port);
	ck_assert_uint_eq(p->vlan.vid, 10);
	ck_assert_uint_eq(p->shape_in.average, 1000000);
	p = vsw_port_policy(p2->port);
	ck_assert_uint_eq(p->vlan.mode, VSW_VLAN_TRUNK);
	ck_assert_uint_eq(p->vlan.vid, 7);
	ck_assert(p->vlan.allowed[0] == (0x7ffull << 10 | 1ull << 30));
	ck_assert_uint_eq(p->n_rules, 1);
	ck_assert_uint_eq(p->rules[0].tcp_mask, 0x12);
	ck_assert_uint_eq(p->rules[0].tcp_flags, 2);
	ck_assert_uint_eq(p->rules[0].negate, VSW_MATCH_DST_PORT);
	ck_assert_uint_eq(vsw_switch_policy(t.r->sw)->ageing, 120);
	ctl_stop(&t);
}
END_TEST

START_TEST(export_gives_back_what_was_loaded)
{
	struct ctl t = ctl_start();
	json_t *in = json_loads(full, 0, NULL), *out;
	char *text;

	ck_assert_msg(ctl_load(&t, full) == 0, "%s", t.err);
	text = vsw_control_export(t.c);
	out = json_loads(text, 0, NULL);
	ck_assert(json_equal(in, out));
	ck_assert_int_eq(ctl_load(&t, text), 0);
	free(text);
	json_decref(in);
	json_decref(out);
	ctl_stop(&t);
}
END_TEST

/* What is wrong, and where */
static const struct {
	const char *doc, *err;
} bad[] = {
	{ "{\"mtuu\": 1500}", "/mtuu: unknown key" },
	{ "{\"mtu\": \"x\"}", "/mtu: must be a number" },
	{ "{\"mtu\": 10}", "/mtu: out of range (68 to 65535)" },
	{ "{\"vepa\": 1}", "/vepa: must be true or false" },
	{ "{\"multicast\": \"x\"}", "/multicast: must be one of: flood, filter, snooping" },
	{ "[]", "/: must be an object" },
	{ "{\"defaults\": {\"vlan\": 4096}}", "/defaults/vlan: out of range (0 to 4095)" },
	{ "{\"portgroups\": {\"g\": {\"vlan\": {\"trunk\": \"5-4095\"}}}}",
	  "/portgroups/g/vlan/trunk: must be a list such as \"1-10,20\", of 1 to 4094" },
	{ "{\"portgroups\": {\"g\": {\"security\": {\"x\": true}}}}",
	  "/portgroups/g/security/x: unknown key" },
	{ "{\"portgroups\": {\"g\": {\"override\": [\"vlans\"]}}}",
	  "/portgroups/g/override/0: must be a section of a policy" },
	{ "{\"ports\": {\"p\": {\"portgroup\": \"g\"}}}",
	  "/ports/p/portgroup: no port group 'g'; there is none" },
	{ "{\"portgroups\": {\"g\": {\"override\": []}}, \"ports\": {\"p\": {\"portgroup\": "
	  "\"g\", \"vlan\": 1}}}",
	  "/ports/p/vlan: port group 'g' does not let its ports override this" },
	{ "{\"ports\": {\"p\": {\"rules\": [{\"match\": {\"source-ip\": \"10.0.0.0/33\"}}]}}}",
	  "/ports/p/rules/0/match/source-ip: must be an IP address, or ADDRESS/BITS" },
	{ "{\"ports\": {\"p\": {\"class\": \"gold\"}}}", "/ports/p/class: no such class" },
	{ "{\"private-vlans\": [{\"primary\": 5, \"secondary\": 5, \"type\": \"isolated\"}]}",
	  "/private-vlans: a VLAN is both primary and secondary" },
	{ "{\"ageing\": 10, \"ageing\": 11}", "line 1: duplicate object key near '\"ageing\"'" },
	{ "{\"mtu\": 1500", "line 1: '}' expected near end of file" },
};

START_TEST(bad_documents_are_refused_with_their_path)
{
	struct ctl t = ctl_start();

	ck_assert_int_eq(ctl_load(&t, "{\"mtu\": 1600}"), 0);
	for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
		ck_assert_msg(ctl_load(&t, bad[i].doc) == -1, "%s", bad[i].doc);
		ck_assert_str_eq(t.err, bad[i].err);
		ck_assert_uint_eq(vsw_switch_policy(t.r->sw)->mtu, 1600);
	}
	ck_assert_int_eq(vsw_control_load_file(t.c, "/nonexistent", t.err, sizeof(t.err)), -1);
	ck_assert_ptr_nonnull(strstr(t.err, "/nonexistent"));
	ctl_stop(&t);
}
END_TEST

/* A document that suits some ports and not others changes none of them */
START_TEST(change_is_all_or_nothing)
{
	struct ctl t = ctl_start();
	struct rig_port *a = rig_port(t.r, "a", 5), *b = rig_port(t.r, "b", VSW_VLAN_DEFAULT);

	ck_assert(!ctl_ok(
		&t, "{\"execute\": \"config-set\", \"arguments\": {\"config\": {\"mtu\": 1500, "
		    "\"defaults\": {\"blocked\": true},"
		    "\"ports\": {\"b\": {\"vlan\": {\"mode\": \"private\", \"id\": 9}}}}}}"));
	ck_assert_str_eq(t.err, "/ports/b/vlan/id: is no private VLAN of the switch");
	ck_assert(!vsw_port_policy(a->port)->blocked);
	ck_assert_uint_eq(vsw_switch_policy(t.r->sw)->mtu, 65535);
	ck_assert(ctl_ok(
		&t, "{\"execute\": \"config-set\", \"arguments\": {\"config\": {\"ports\": {\"b\": "
		    "{\"vlan\": 9}}}}}"));
	ck_assert_uint_eq(vsw_port_policy(b->port)->vlan.vid, 9);
	ck_assert_uint_eq(vsw_port_policy(a->port)->vlan.vid, 5); /* as it was connected */
	ctl_stop(&t);
}
END_TEST

START_TEST(dry_run_changes_nothing)
{
	struct ctl t = ctl_start();

	ck_assert(ctl_ok(
		&t,
		"{\"execute\": \"config-check\", \"arguments\": {\"config\": {\"mtu\": 1500}}}"));
	ck_assert(!ctl_ok(
		&t, "{\"execute\": \"config-check\", \"arguments\": {\"config\": {\"mtu\": 1}}}"));
	ck_assert_uint_eq(vsw_switch_policy(t.r->sw)->mtu, 65535);
	ctl_stop(&t);
}
END_TEST

START_TEST(unconfirmed_change_rolls_back)
{
	struct ctl t = ctl_start();

	ck_assert_int_eq(ctl_load(&t, "{\"mtu\": 1600}"), 0);
	ck_assert(ctl_ok(
		&t, "{\"execute\": \"config-patch\", \"arguments\": {\"patch\": {\"mtu\": 1700}, "
		    "\"confirm-timeout\": 10}}"));
	rig_step(t.r, 9 * SEC);
	ck_assert_uint_eq(vsw_switch_policy(t.r->sw)->mtu, 1700);
	rig_step(t.r, 2 * SEC);
	ck_assert_uint_eq(vsw_switch_policy(t.r->sw)->mtu, 1600); /* what was last confirmed */
	ck_assert_uint_eq(t.r->events[VSW_EVENT_ROLLBACK], 1);
	ck_assert(ctl_ok(
		&t, "{\"execute\": \"config-patch\", \"arguments\": {\"patch\": {\"mtu\": 1700}, "
		    "\"confirm-timeout\": 10}}"));
	ck_assert(ctl_ok(&t, "{\"execute\": \"config-confirm\"}"));
	rig_step(t.r, 20 * SEC);
	ck_assert_uint_eq(vsw_switch_policy(t.r->sw)->mtu, 1700);
	ck_assert(!ctl_ok(&t, "{\"execute\": \"config-confirm\"}"));
	ck_assert(ctl_ok(
		&t, "{\"execute\": \"config-patch\", \"arguments\": {\"patch\": {\"mtu\": null}, "
		    "\"confirm-timeout\": 10}}"));
	ck_assert_uint_eq(vsw_switch_policy(t.r->sw)->mtu, 65535);
	ck_assert(ctl_ok(&t, "{\"execute\": \"config-rollback\"}"));
	ck_assert_uint_eq(vsw_switch_policy(t.r->sw)->mtu, 1700);
	ctl_stop(&t);
}
END_TEST

/* A second change kept the first one, or went with it: nobody had said which */
START_TEST(second_change_does_not_confirm_the_first)
{
	static const char why[] =
		"a configuration waits for its confirmation: config-confirm keeps it, "
		"config-rollback takes it back";
	static const char *const others[] = {
		"{\"execute\": \"config-patch\", \"arguments\": {\"patch\": {\"mtu\": 1800}}}",
		"{\"execute\": \"config-patch\", \"arguments\": {\"patch\": {\"mtu\": 1800}, "
		"\"confirm-timeout\": 10}}",
		"{\"execute\": \"config-set\", \"arguments\": {\"config\": {\"mtu\": 1800}}}",
	};
	struct ctl t = ctl_start();

	ck_assert(ctl_ok(
		&t, "{\"execute\": \"config-patch\", \"arguments\": {\"patch\": {\"mtu\": 1700}, "
		    "\"confirm-timeout\": 10}}"));
	for (unsigned i = 0; i < sizeof(others) / sizeof(others[0]); i++) {
		ck_assert(!ctl_ok(&t, others[i]));
		ck_assert_str_eq(t.err, why);
	}
	ck_assert_int_eq(ctl_load(&t, "{\"mtu\": 1800}"), -1);
	ck_assert_str_eq(t.err, why);
	ck_assert(ctl_ok(
		&t,
		"{\"execute\": \"config-check\", \"arguments\": {\"config\": {\"mtu\": 1800}}}"));
	rig_step(t.r, 11 * SEC);
	ck_assert_uint_eq(vsw_switch_policy(t.r->sw)->mtu, 65535);
	ck_assert(ctl_ok(&t, others[0]));
	ctl_stop(&t);
}
END_TEST

static int64_t own_clock;

static int64_t own_now(void *opaque)
{
	return own_clock;
}

static void own_timer(void *opaque, int64_t deadline)
{
	*(int64_t *)opaque = deadline;
}

/* The clock of a switch stands still while its VM is stopped;
 * who waits for a confirmation has not */
START_TEST(confirm_timer_runs_while_the_switch_stands_still)
{
	static const struct vsw_control_host host = { own_now, own_timer };
	static const char patch[] =
		"{\"execute\": \"config-patch\", \"arguments\": {\"patch\": {\"mtu\": 1700}, "
		"\"confirm-timeout\": 10}}";
	int64_t deadline = VSW_NEVER;
	struct ctl t = { .r = rig_new() };

	t.c = vsw_control_new(t.r->sw, &host, &deadline);
	ck_assert(ctl_ok(&t, patch));
	ck_assert_int_eq(deadline, own_clock + 10 * SEC);
	vsw_control_timer(t.c); /* early */
	ck_assert_uint_eq(vsw_switch_policy(t.r->sw)->mtu, 1700);
	own_clock += 10 * SEC;
	vsw_control_timer(t.c);
	ck_assert_uint_eq(vsw_switch_policy(t.r->sw)->mtu, 65535);
	ck_assert_uint_eq(t.r->events[VSW_EVENT_ROLLBACK], 1);
	vsw_control_timer(t.c); /* late */
	ck_assert_uint_eq(t.r->events[VSW_EVENT_ROLLBACK], 1);
	ck_assert(ctl_ok(&t, patch));
	vsw_control_free(t.c);
	ck_assert_int_eq(deadline, VSW_NEVER);
	t.c = vsw_control_new(t.r->sw, NULL, NULL);
	ck_assert(!ctl_ok(&t, patch));
	ck_assert_str_eq(t.err, "confirm-timeout: this program gives the control no clock");
	vsw_control_free(t.c);
	rig_free(t.r);
}
END_TEST

int main(void)
{
	const TTest *const tests[] = {
		document_sets_all_policies,
		export_gives_back_what_was_loaded,
		bad_documents_are_refused_with_their_path,
		change_is_all_or_nothing,
		dry_run_changes_nothing,
		unconfirmed_change_rolls_back,
		second_change_does_not_confirm_the_first,
		confirm_timer_runs_while_the_switch_stands_still,
		NULL,
	};

	return run_tests("control", tests);
}
