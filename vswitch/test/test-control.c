/* SPDX-License-Identifier: BSD-2-Clause */
/* The configuration document and the commands. */
#include "main.h"
#include "rig.h"

#include <jansson.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

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

struct ctl {
	struct rig *r;
	struct vsw_control *c;
	char err[300];
};

static struct ctl start(void)
{
	struct ctl t = { .r = rig_new() };

	t.c = rig_control(t.r);
	return t;
}

static void stop(struct ctl *t)
{
	rig_free(t->r);
}

static int load(struct ctl *t, const char *text)
{
	t->err[0] = 0;
	return vsw_control_load(t->c, text, strlen(text), t->err, sizeof(t->err));
}

/* Carry a command out; its "return", or NULL with the error's text in @err */
static json_t *command(struct ctl *t, const char *text)
{
	char *answer = vsw_control_execute(t->c, text, strlen(text));
	json_t *j, *ret;

	ck_assert_ptr_nonnull(answer);
	j = json_loads(answer, 0, NULL);
	ck_assert_msg(j != NULL, "%s", answer);
	ret = json_incref(json_object_get(j, "return"));
	if (!ret)
		snprintf(t->err, sizeof(t->err), "%s",
			 json_string_value(json_object_get(json_object_get(j, "error"), "desc")));
	json_decref(j);
	free(answer);
	return ret;
}

static bool ok(struct ctl *t, const char *text)
{
	json_t *j = command(t, text);

	json_decref(j);
	return j != NULL;
}

START_TEST(document_sets_all_policies)
{
	struct ctl t = start();
	struct vsw_port_conf conf = VSW_PORT_CONF_INIT;
	const struct vsw_policy *p;
	struct rig_port *p0, *p1, *p2;

	ck_assert_msg(load(&t, full) == 0, "%s", t.err);
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
	stop(&t);
}
END_TEST

START_TEST(export_gives_back_what_was_loaded)
{
	struct ctl t = start();
	json_t *in = json_loads(full, 0, NULL), *out;
	char *text;

	ck_assert_msg(load(&t, full) == 0, "%s", t.err);
	text = vsw_control_export(t.c);
	out = json_loads(text, 0, NULL);
	ck_assert(json_equal(in, out));
	ck_assert_int_eq(load(&t, text), 0);
	free(text);
	json_decref(in);
	json_decref(out);
	stop(&t);
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
	struct ctl t = start();

	ck_assert_int_eq(load(&t, "{\"mtu\": 1600}"), 0);
	for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
		ck_assert_msg(load(&t, bad[i].doc) == -1, "%s", bad[i].doc);
		ck_assert_str_eq(t.err, bad[i].err);
		ck_assert_uint_eq(vsw_switch_policy(t.r->sw)->mtu, 1600);
	}
	ck_assert_int_eq(vsw_control_load_file(t.c, "/nonexistent", t.err, sizeof(t.err)), -1);
	ck_assert_ptr_nonnull(strstr(t.err, "/nonexistent"));
	stop(&t);
}
END_TEST

/* A document that suits some ports and not others changes none of them */
START_TEST(change_is_all_or_nothing)
{
	struct ctl t = start();
	struct rig_port *a = rig_port(t.r, "a", 5), *b = rig_port(t.r, "b", VSW_VLAN_DEFAULT);

	ck_assert(!ok(&t,
		      "{\"execute\": \"config-set\", \"arguments\": {\"config\": {\"mtu\": 1500, "
		      "\"defaults\": {\"blocked\": true},"
		      "\"ports\": {\"b\": {\"vlan\": {\"mode\": \"private\", \"id\": 9}}}}}}"));
	ck_assert_str_eq(t.err, "/ports/b/vlan/id: is no private VLAN of the switch");
	ck_assert(!vsw_port_policy(a->port)->blocked);
	ck_assert_uint_eq(vsw_switch_policy(t.r->sw)->mtu, 65535);
	ck_assert(ok(
		&t, "{\"execute\": \"config-set\", \"arguments\": {\"config\": {\"ports\": {\"b\": "
		    "{\"vlan\": 9}}}}}"));
	ck_assert_uint_eq(vsw_port_policy(b->port)->vlan.vid, 9);
	ck_assert_uint_eq(vsw_port_policy(a->port)->vlan.vid, 5); /* as it was connected */
	stop(&t);
}
END_TEST

START_TEST(dry_run_changes_nothing)
{
	struct ctl t = start();

	ck_assert(ok(
		&t,
		"{\"execute\": \"config-check\", \"arguments\": {\"config\": {\"mtu\": 1500}}}"));
	ck_assert(!ok(
		&t, "{\"execute\": \"config-check\", \"arguments\": {\"config\": {\"mtu\": 1}}}"));
	ck_assert_uint_eq(vsw_switch_policy(t.r->sw)->mtu, 65535);
	stop(&t);
}
END_TEST

START_TEST(unconfirmed_change_rolls_back)
{
	struct ctl t = start();

	ck_assert_int_eq(load(&t, "{\"mtu\": 1600}"), 0);
	ck_assert(ok(&t,
		     "{\"execute\": \"config-patch\", \"arguments\": {\"patch\": {\"mtu\": 1700}, "
		     "\"confirm-timeout\": 10}}"));
	rig_step(t.r, 9 * SEC);
	ck_assert_uint_eq(vsw_switch_policy(t.r->sw)->mtu, 1700);
	rig_step(t.r, 2 * SEC);
	ck_assert_uint_eq(vsw_switch_policy(t.r->sw)->mtu, 1600); /* what was last confirmed */
	ck_assert_uint_eq(t.r->events[VSW_EVENT_ROLLBACK], 1);
	ck_assert(ok(&t,
		     "{\"execute\": \"config-patch\", \"arguments\": {\"patch\": {\"mtu\": 1700}, "
		     "\"confirm-timeout\": 10}}"));
	ck_assert(ok(&t, "{\"execute\": \"config-confirm\"}"));
	rig_step(t.r, 20 * SEC);
	ck_assert_uint_eq(vsw_switch_policy(t.r->sw)->mtu, 1700);
	ck_assert(!ok(&t, "{\"execute\": \"config-confirm\"}"));
	ck_assert(ok(&t,
		     "{\"execute\": \"config-patch\", \"arguments\": {\"patch\": {\"mtu\": null}, "
		     "\"confirm-timeout\": 10}}"));
	ck_assert_uint_eq(vsw_switch_policy(t.r->sw)->mtu, 65535);
	ck_assert(ok(&t, "{\"execute\": \"config-rollback\"}"));
	ck_assert_uint_eq(vsw_switch_policy(t.r->sw)->mtu, 1700);
	stop(&t);
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
	struct ctl t = start();

	ck_assert(ok(&t,
		     "{\"execute\": \"config-patch\", \"arguments\": {\"patch\": {\"mtu\": 1700}, "
		     "\"confirm-timeout\": 10}}"));
	for (unsigned i = 0; i < sizeof(others) / sizeof(others[0]); i++) {
		ck_assert(!ok(&t, others[i]));
		ck_assert_str_eq(t.err, why);
	}
	ck_assert_int_eq(load(&t, "{\"mtu\": 1800}"), -1);
	ck_assert_str_eq(t.err, why);
	ck_assert(ok(
		&t,
		"{\"execute\": \"config-check\", \"arguments\": {\"config\": {\"mtu\": 1800}}}"));
	rig_step(t.r, 11 * SEC);
	ck_assert_uint_eq(vsw_switch_policy(t.r->sw)->mtu, 65535);
	ck_assert(ok(&t, others[0]));
	stop(&t);
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
	ck_assert(ok(&t, patch));
	ck_assert_int_eq(deadline, own_clock + 10 * SEC);
	vsw_control_timer(t.c); /* early */
	ck_assert_uint_eq(vsw_switch_policy(t.r->sw)->mtu, 1700);
	own_clock += 10 * SEC;
	vsw_control_timer(t.c);
	ck_assert_uint_eq(vsw_switch_policy(t.r->sw)->mtu, 65535);
	ck_assert_uint_eq(t.r->events[VSW_EVENT_ROLLBACK], 1);
	vsw_control_timer(t.c); /* late */
	ck_assert_uint_eq(t.r->events[VSW_EVENT_ROLLBACK], 1);
	ck_assert(ok(&t, patch));
	vsw_control_free(t.c);
	ck_assert_int_eq(deadline, VSW_NEVER);
	t.c = vsw_control_new(t.r->sw, NULL, NULL);
	ck_assert(!ok(&t, patch));
	ck_assert_str_eq(t.err, "confirm-timeout: this program gives the control no clock");
	vsw_control_free(t.c);
	rig_free(t.r);
}
END_TEST

START_TEST(commands)
{
	struct ctl t = start();
	struct rig_port *a = rig_port(t.r, "a", 10), *b = rig_port(t.r, "b", 10);
	json_t *j;

	rig_send(a, "*", "a", -1);
	j = command(&t, "{\"execute\": \"query-fdb\"}");
	ck_assert_uint_eq(json_array_size(j), 1);
	ck_assert_str_eq(json_string_value(json_object_get(json_array_get(j, 0), "mac")),
			 "02:00:00:00:00:61");
	ck_assert_int_eq(json_integer_value(json_object_get(json_array_get(j, 0), "vlan")), 10);
	json_decref(j);
	ck_assert(ok(&t,
		     "{\"execute\": \"fdb-add\", \"arguments\": {\"mac\": \"02:00:00:00:00:7a\", "
		     "\"vlan\": 10, \"port\": \"b\"}}"));
	rig_clear(t.r);
	rig_send(a, "z", "a", -1);
	ck_assert_uint_eq(b->n, 1);
	ck_assert(ok(
		&t, "{\"execute\": \"fdb-delete\", \"arguments\": {\"mac\": \"02:00:00:00:00:7a\", "
		    "\"vlan\": 10}}"));
	ck_assert(!ok(
		&t, "{\"execute\": \"fdb-delete\", \"arguments\": {\"mac\": \"02:00:00:00:00:7a\", "
		    "\"vlan\": 10}}"));
	ck_assert(!ok(&t,
		      "{\"execute\": \"fdb-add\", \"arguments\": {\"mac\": \"01:00:00:00:00:7a\", "
		      "\"port\": \"b\"}}"));
	ck_assert(ok(&t, "{\"execute\": \"fdb-flush\"}"));
	j = command(&t, "{\"execute\": \"query-ports\", \"arguments\": {\"port\": \"a\"}}");
	ck_assert_uint_eq(json_array_size(j), 1);
	json_decref(j);
	ck_assert(ok(&t, "{\"execute\": \"query-ports\"}"));
	ck_assert(ok(&t, "{\"execute\": \"query-switch\"}"));
	ck_assert(ok(&t, "{\"execute\": \"query-groups\"}"));
	ck_assert(ok(&t, "{\"execute\": \"query-mirrors\"}"));
	ck_assert(ok(&t, "{\"execute\": \"query-rules\", \"arguments\": {\"port\": \"a\"}}"));
	ck_assert(ok(&t, "{\"execute\": \"query-config\"}"));
	ck_assert(ok(&t, "{\"execute\": \"query-commands\"}"));
	ck_assert(ok(&t, "{\"execute\": \"qmp_capabilities\"}"));
	ck_assert(ok(&t, "{\"execute\": \"clear-counters\"}"));
	ck_assert(!ok(&t, "{\"execute\": \"no-such\"}"));
	ck_assert_str_eq(t.err, "The command no-such has not been found");
	ck_assert(!ok(&t, "{\"execute\": \"fdb-add\", \"arguments\": {\"mac\": \"x\"}}"));
	ck_assert_str_eq(t.err, "fdb-add: argument 'port' is missing");
	ck_assert(!ok(&t, "{\"execute\": \"fdb-flush\", \"arguments\": {\"x\": 1}}"));
	ck_assert_str_eq(t.err, "fdb-flush: no argument 'x'");
	ck_assert(!ok(&t, "{]"));
	ck_assert(!ok(&t, "[]"));
	stop(&t);
}
END_TEST

/* sscanf() took all of these for addresses */
START_TEST(addresses_are_wholly_understood)
{
	static const char *const bad[] = { "0x:00:00:00:00:01",	 " 2:00:00:00:00:01",
					   "+2:00:00:00:00:01",	 "02: 0:00:00:00:01",
					   "02:00:00:00:00:01 ", "02:00:00:00:00:-1" };
	struct ctl t = start();
	char text[200];

	rig_port(t.r, "a", 10);
	for (unsigned i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
		snprintf(text, sizeof(text),
			 "{\"execute\": \"fdb-add\", \"arguments\": {\"mac\": \"%s\", \"port\": "
			 "\"a\"}}",
			 bad[i]);
		ck_assert_msg(!ok(&t, text), "%s", bad[i]);
		ck_assert_ptr_nonnull(strstr(t.err, "mac: must be a station's address"));
	}
	ck_assert(!ok(&t, "{\"execute\": \"fdb-add\", \"arguments\": {\"mac\": "
			  "\"02:00:00:00:00:01\", \"port\": \"a\", \"vlan\": \"10\"}}"));
	ck_assert_str_eq(t.err, "vlan: out of range (0 to 4094)");
	stop(&t);
}
END_TEST

/* CoDel can be turned off for a port group, and for a port on top of it, and on again */
START_TEST(queue_of_groups_and_ports)
{
	static const char doc[] =
		"{\"portgroups\": {\"bulk\": {\"override\": [\"queue\"],"
		"  \"queue\": {\"frames\": 4096, \"bytes\": 8388608, \"target-us\": 0}}},"
		" \"ports\": {\"a\": {\"portgroup\": \"bulk\"},"
		"  \"b\": {\"portgroup\": \"bulk\", \"queue\": {\"target-us\": 2000, "
		"\"interval-us\": 50000}}}}";
	struct ctl t = start();
	struct rig_port *a = rig_port(t.r, "a", VSW_VLAN_DEFAULT),
			*b = rig_port(t.r, "b", VSW_VLAN_DEFAULT);
	const struct vsw_queue_policy *qa = &vsw_port_policy(a->port)->queue,
				      *qb = &vsw_port_policy(b->port)->queue;
	json_t *in = json_loads(doc, 0, NULL), *out;
	char *text;

	ck_assert_msg(load(&t, doc) == 0, "%s", t.err);
	ck_assert_int_eq(qa->target, 0);
	ck_assert_uint_eq(qa->frames, 4096);
	ck_assert_uint_eq(qa->bytes, 8388608);
	ck_assert_int_eq(qb->target, 2 * MS);
	ck_assert_int_eq(qb->interval, 50 * MS);
	ck_assert_uint_eq(qb->frames, 4096);
	text = vsw_control_export(t.c);
	out = json_loads(text, 0, NULL);
	ck_assert(json_equal(in, out));
	free(text);
	json_decref(in);
	json_decref(out);
	ck_assert(ok(&t,
		     "{\"execute\": \"config-patch\", \"arguments\": {\"patch\": {\"portgroups\":"
		     " {\"bulk\": {\"queue\": {\"target-us\": 1000}}}}}}"));
	ck_assert_int_eq(qa->target, MS);
	ck_assert_int_eq(load(&t, "{\"defaults\": {\"queue\": {\"target-us\": 200000}}}"), -1);
	ck_assert_str_eq(t.err, "/defaults/queue/interval-us: is less than target-us");
	stop(&t);
}
END_TEST

START_TEST(static_addresses_of_the_document)
{
	struct ctl t = start();
	struct rig_port *a = rig_port(t.r, "a", 10), *b = rig_port(t.r, "b", 10),
			*c = rig_port(t.r, "c", 10);

	ck_assert_int_eq(
		load(&t, "{\"ports\": {\"b\": {\"mac\": {\"addresses\": [\"02:00:00:00:00:7a\"]},"
			 "\"security\": {\"forged-transmits\": false}}}}"),
		0);
	rig_send(a, "z", "a", -1);
	ck_assert_uint_eq(b->n, 1);
	ck_assert_uint_eq(c->n, 0);
	rig_send(b, "*", "z", -1);
	rig_send(b, "*", "y", -1);
	ck_assert_uint_eq(c->n, 1);
	ck_assert_int_eq(
		load(&t,
		     "{\"ports\": {\"b\": {\"mac\": {\"addresses\": [\"01:00:00:00:00:7a\"]}}}}"),
		-1);
	ck_assert_str_eq(t.err, "/ports/b/mac/addresses/0: is the address of a group");
	ck_assert_int_eq(load(&t, "{}"), 0);
	rig_clear(t.r);
	rig_send(a, "z", "a", -1);
	ck_assert_uint_eq(c->n, 1);
	stop(&t);
}
END_TEST

START_TEST(groups_of_ports_that_connect)
{
	struct ctl t = start();
	struct vsw_port_conf conf = VSW_PORT_CONF_INIT;

	ck_assert_int_eq(load(&t,
			      "{\"portgroups\": {\"g\": {\"vlan\": 10, \"override\": []}, \"h\": "
			      "{\"vlan\": 10}}}"),
			 0);
	conf.id = "a";
	conf.portgroup = "nope";
	ck_assert_ptr_null(rig_add(t.r, &conf));
	ck_assert_ptr_nonnull(strstr(t.r->err, "no port group 'nope'"));
	conf.portgroup = "g";
	conf.vlan = 20;
	ck_assert_ptr_null(rig_add(t.r, &conf));
	ck_assert_ptr_nonnull(strstr(t.r->err, "does not let its ports override vlan"));
	conf.portgroup = "h";
	ck_assert_ptr_nonnull(rig_add(t.r, &conf));
	ck_assert_uint_eq(vsw_port_policy(t.r->port[0].port)->vlan.vid, 20);
	ck_assert_int_eq(load(&t, "{}"), -1); /* its group would be gone */
	stop(&t);
}
END_TEST

static int load_file(struct ctl *t, const char *path)
{
	return vsw_control_load_file(t->c, path, t->err, sizeof(t->err));
}

static void write_file(const char *path, const char *text, size_t len)
{
	FILE *f = fopen(path, "w");

	ck_assert_uint_eq(fwrite(text, 1, len, f), len);
	fclose(f);
}

/* A FIFO was waited for for ever, a directory was "unable to open", a byte order mark no JSON */
START_TEST(files_that_are_none_are_told)
{
	char dir[] = "/tmp/vsw-files-XXXXXX", path[64];
	struct ctl t = start();

	ck_assert_ptr_nonnull(mkdtemp(dir));
	ck_assert_int_eq(load_file(&t, dir), -1);
	ck_assert_ptr_nonnull(strstr(t.err, ": is a directory, must be a file"));
	snprintf(path, sizeof(path), "%s/f", dir);
	ck_assert_int_eq(mkfifo(path, 0600), 0);
	ck_assert_int_eq(load_file(&t, path), -1);
	ck_assert_ptr_nonnull(strstr(t.err, ": is a FIFO or pipe, must be a file"));
	unlink(path);
	ck_assert_int_eq(load_file(&t, "/dev/zero"), -1);
	ck_assert_str_eq(t.err, "/dev/zero: is no ordinary file");
	write_file(path, "\xef\xbb\xbf{\"mtu\": 1600}", 16);
	ck_assert_int_eq(load_file(&t, path), 0);
	ck_assert_uint_eq(vsw_switch_policy(t.r->sw)->mtu, 1600);
	write_file(path, "\xff\xfe{\0}\0", 6);
	ck_assert_int_eq(load_file(&t, path), -1);
	ck_assert_ptr_nonnull(strstr(t.err, ": is in UTF-16 or UTF-32, must be in UTF-8"));
	write_file(path, "", 0);
	ck_assert_int_eq(load_file(&t, path), -1);
	ck_assert_ptr_nonnull(strstr(t.err, ":1: "));
	unlink(path);
	rmdir(dir);
	stop(&t);
}
END_TEST

/* They were shown as ?? */
START_TEST(names_in_utf8_are_shown)
{
	struct ctl t = start();
	char text[600], name[200];

	ck_assert(!ok(&t, "{\"execute\": \"config-set\", \"arguments\": {\"config\": "
			  "{\"portgroups\": {\"b\u00fcro\": {\"vlan\": 5000}}}}}"));
	ck_assert_str_eq(t.err, "/portgroups/b\u00fcro/vlan: out of range (0 to 4095)");
	ck_assert(!ok(&t, "{\"execute\": \"config-set\", \"arguments\": {\"config\": {\"ports\": "
			  "{\"p\": {\"portgroup\": \"b\\u009b31mro\"}}}}}"));
	ck_assert_str_eq(t.err, "/ports/p/portgroup: no port group 'b??31mro'; there is none");
	for (unsigned n = 100; n < 110; n++) { /* cut at any byte, still valid */
		memset(name, 'x', n);
		strcpy(name + n,
		       "\u00fc\u20ac\U0001f600\u00fc\u20ac\U0001f600\u00fc\u20ac\U0001f600");
		snprintf(text, sizeof(text),
			 "{\"execute\": \"config-set\", \"arguments\": {\"config\": "
			 "{\"portgroups\": {\"%s%s\": 5}}}}",
			 name, name);
		ck_assert(!ok(&t, text));
		ck_assert_int_eq(strncmp(t.err, "/portgroups/x", 13), 0);
	}
	stop(&t);
}
END_TEST

/* A group was checked only once a port used it, and then told without its path */
START_TEST(groups_are_checked_whether_they_are_used_or_not)
{
	static const char doc[] =
		"{\"portgroups\": {\"g\": {\"shaping\": {\"in\": {\"average\": \"1M\", \"peak\": "
		"1000, \"burst\": 2000}}}}}";
	struct vsw_port_conf conf = VSW_PORT_CONF_INIT;
	struct ctl t = start();

	ck_assert_int_eq(load(&t, doc), -1);
	ck_assert_str_eq(t.err, "/portgroups/g/shaping/in/peak: is less than average");
	ck_assert_int_eq(load(&t, "{\"portgroups\": {\"g\": {}}}"), 0);
	conf.id = "up";
	conf.uplink = true;
	conf.portgroup = "g";
	ck_assert_ptr_nonnull(rig_add(t.r, &conf));
	ck_assert_int_eq(load(&t, doc), -1);
	ck_assert_str_eq(t.err, "/portgroups/g/shaping/in/peak: is less than average");
	ck_assert_int_eq(load(&t, "{\"portgroups\": {\"g\": {\"rules\": [{}, {\"action\": "
				  "\"limit\"}]}}}"),
			 -1);
	ck_assert_str_eq(t.err, "/portgroups/g/rules/1: limit is missing");
	stop(&t);
}
END_TEST

/* The warnings of a command's answer, as "PATH KIND" each; or its error */
static void warnings_of(struct ctl *t, const char *text, char *list, size_t room)
{
	json_t *ret = command(t, text), *w;
	size_t i, n = 0;

	ck_assert_msg(ret != NULL, "%s", t->err);
	ck_assert(json_is_array(json_object_get(ret, "warnings")));
	list[0] = 0;
	json_array_foreach(json_object_get(ret, "warnings"), i, w)
		n += (size_t)snprintf(list + n, n < room ? room - n : 0, "%s %s: %s\n",
				      json_string_value(json_object_get(w, "path")),
				      json_string_value(json_object_get(w, "kind")),
				      json_string_value(json_object_get(w, "text")));
	json_decref(ret);
}

/* Documents that are sound, and what of them has no effect. All of these were silent */
static const struct {
	const char *doc, *warnings;
} slips[] = {
	{ "{}", "" },
	{ "{\"ports\": {\"p0\": {\"teaming\": {\"active\": [\"up\"]}}}}", "" },
	{ "{\"ports\": {\"P0\": {}}}", "/ports/P0 absent: no port 'P0' now; there are: p0, up\n" },
	{ "{\"portgroups\": {\"g\": {\"teaming\": {\"active\": [\"up\", \"up1\"], \"standby\": "
	  "[\"p0\"]}}}}",
	  "/portgroups/g/teaming/active/1 absent: no uplink 'up1' now; there are: up\n"
	  "/portgroups/g/teaming/standby/0 absent: port 'p0' is no uplink; uplinks: up\n" },
	{ "{\"mirrors\": [{\"name\": \"m\", \"to\": \"ids\", \"sources\": "
	  "{\"p0\": \"both\", \"p1\": "
	  "\"both\"}}]}",
	  "/mirrors/0/to absent: no port 'ids' now; there are: p0, up\n"
	  "/mirrors/0/sources/p1 absent: no port 'p1' now; there are: p0, up\n" },
	{ "{\"mirrors\": [{\"name\": \"m\", \"to\": \"up\"}, {\"name\": \"m\", \"to\": \"p0\"}]}",
	  "/mirrors/1 duplicate: has the name of entry 0, which is found by it\n" },
	{ "{\"classes\": [{\"name\": \"a\"}, {\"name\": \"a\"}]}",
	  "/classes/1 duplicate: has the name of entry 0, which is found by it\n" },
	{ "{\"defaults\": {\"rules\": [{\"action\": \"mirror\", \"mirror\": \"m\"}]}}",
	  "/defaults/rules/0/mirror absent: no mirror session 'm' now; there is none\n" },
	{ "{\"mirrors\": [{\"name\": \"m\", \"to\": \"up\", \"session\": 5}]}",
	  "/mirrors/0/session unused: is used only with type erspan2, erspan3; type is port\n" },
	{ "{\"defaults\": {\"rules\": [{\"action\": \"drop\", \"limit\": 5}]}}",
	  "/defaults/rules/0/limit unused: is used only with action limit; action is drop\n" },
	{ "{\"ports\": {\"p0\": {\"vlan\": {\"id\": 5, \"trunk\": \"1-9\"}}}}",
	  "/ports/p0/vlan/trunk unused: is used only with mode trunk; mode is access\n" },
	{ "{\"defaults\": {\"mac\": {\"bpdu-recovery\": 5}}, \"portgroups\": {\"g\": {\"mac\": "
	  "{\"bpdu\": \"guard\"}}}}",
	  "/defaults/mac/bpdu-recovery unused: is used only with bpdu guard; bpdu is forward\n" },
};

START_TEST(names_that_lead_nowhere_are_told)
{
	struct ctl t = start();
	char text[600], list[800];

	rig_port(t.r, "p0", 0);
	rig_uplink(t.r, "up");
	for (unsigned i = 0; i < sizeof(slips) / sizeof(slips[0]); i++) {
		snprintf(text, sizeof(text),
			 "{\"execute\": \"config-check\", \"arguments\": {\"config\": %s}}",
			 slips[i].doc);
		warnings_of(&t, text, list, sizeof(list));
		ck_assert_str_eq(list, slips[i].warnings);
		snprintf(text, sizeof(text),
			 "{\"execute\": \"config-set\", \"arguments\": {\"config\": %s}}",
			 slips[i].doc);
		warnings_of(&t, text, list, sizeof(list));
		ck_assert_str_eq(list, slips[i].warnings);
	}
	stop(&t);
}
END_TEST

START_TEST(warnings_have_an_end)
{
	struct ctl t = start();
	char text[6000] =
		"{\"execute\": \"config-check\", \"arguments\": {\"config\": {\"ports\": {";
	json_t *ret, *list, *last;

	for (unsigned i = 0; i < 200; i++)
		sprintf(text + strlen(text), "%s\"q%u\": {}", i ? "," : "", i);
	strcat(text, "}}}}");
	ret = command(&t, text);
	list = json_object_get(ret, "warnings");
	ck_assert_uint_eq(json_array_size(list), 65);
	last = json_array_get(list, 64);
	ck_assert_str_eq(json_string_value(json_object_get(last, "text")), "136 more");
	json_decref(ret);
	stop(&t);
}
END_TEST

/* Nothing is saved, and nothing said so */
START_TEST(answers_say_that_changes_are_not_saved)
{
	static const char *const commands[] = {
		"{\"execute\": \"config-set\", \"arguments\": {\"config\": {}}}",
		"{\"execute\": \"config-patch\", \"arguments\": {\"patch\": {}, "
		"\"confirm-timeout\": 5}}",
		"{\"execute\": \"config-confirm\"}",
	};
	struct ctl t = start();

	for (unsigned i = 0; i < sizeof(commands) / sizeof(commands[0]); i++) {
		json_t *ret = command(&t, commands[i]);

		ck_assert(json_is_false(json_object_get(ret, "saved")));
		json_decref(ret);
	}
	stop(&t);
}
END_TEST

/* A value of a port's policy in force: "VALUE ORIGIN PATH" */
static const char *policy_value(struct ctl *t, const char *port, const char *key)
{
	static char line[300];
	char text[120];
	json_t *ret, *v;
	size_t i;

	snprintf(text, sizeof(text),
		 "{\"execute\": \"query-port-policy\", \"arguments\": {\"port\": \"%s\"}}", port);
	ret = command(t, text);
	line[0] = 0;
	json_array_foreach(json_object_get(ret, "policy"), i, v) {
		const char *path = json_string_value(json_object_get(v, "path"));
		char *value;

		if (strcmp(json_string_value(json_object_get(v, "key")), key))
			continue;
		value = json_dumps(json_object_get(v, "value"), JSON_COMPACT | JSON_ENCODE_ANY);
		snprintf(line, sizeof(line), "%s %s %s", value,
			 json_string_value(json_object_get(v, "origin")), path ? path : "");
		free(value);
	}
	json_decref(ret);
	return line;
}

START_TEST(policy_in_force_can_be_asked_for)
{
	static const char doc[] =
		"{\"classes\": [{\"name\": \"vm\"}],"
		" \"defaults\": {\"queue\": {\"frames\": 64}, \"security\": "
		"{\"promiscuous\": true}},"
		" \"portgroups\": {\"blue\": {\"vlan\": 10, \"queue\": {\"frames\": 128},"
		"   \"teaming\": {\"policy\": \"explicit\", \"active\": [\"up\"]}},"
		"  \"red\": {\"vlan\": {\"mode\": \"trunk\", \"trunk\": \"1-5\"}}},"
		" \"ports\": {\"a\": {\"storm\": {\"broadcast\": \"1k\"}, \"rules\": [{\"name\": "
		"\"r\"}]}}}";
	static const char *const want[][3] = {
		{ "a", "queue.frames", "128 portgroup /portgroups/blue/queue/frames" },
		{ "a", "queue.bytes", "4194304 untold " },
		{ "a", "security.promiscuous", "true defaults /defaults/security/promiscuous" },
		{ "a", "vlan.id", "10 portgroup /portgroups/blue/vlan" },
		{ "a", "vlan.mode", "\"access\" portgroup /portgroups/blue/vlan" },
		{ "a", "storm.broadcast", "1000 port /ports/a/storm/broadcast" },
		{ "a", "teaming.active", "[\"up\"] portgroup /portgroups/blue/teaming/active" },
		{ "a", "rules", "[{\"name\":\"r\"}] port /ports/a/rules" },
		{ "a", "class", "\"vm\" untold " },
		{ "b", "vlan.id", "7 device " },
		{ "b", "rules", "[] untold " },
	};
	struct ctl t = start();
	struct vsw_port_conf conf = VSW_PORT_CONF_INIT;
	json_t *ret;

	ck_assert_msg(load(&t, doc) == 0, "%s", t.err);
	conf.id = "a";
	conf.portgroup = "blue";
	ck_assert_ptr_nonnull(rig_add(t.r, &conf));
	conf.id = "b";
	conf.portgroup = NULL;
	conf.vlan = 7;
	ck_assert_ptr_nonnull(rig_add(t.r, &conf));
	for (unsigned i = 0; i < sizeof(want) / sizeof(want[0]); i++)
		ck_assert_str_eq(policy_value(&t, want[i][0], want[i][1]), want[i][2]);
	ck_assert(
		!ok(&t, "{\"execute\": \"query-port-policy\", \"arguments\": {\"port\": \"x\"}}"));
	ck_assert_str_eq(t.err, "no such port");
	ck_assert(ok(&t, "{\"execute\": \"config-patch\", \"arguments\": {\"patch\": {\"ports\": "
			 "{\"a\": {\"portgroup\": \"red\"}}}}}"));
	ck_assert_str_eq(policy_value(&t, "a", "vlan.trunk"),
			 "\"1-5\" portgroup /portgroups/red/vlan/trunk");
	ret = command(&t, "{\"execute\": \"query-ports\", \"arguments\": {\"port\": \"a\"}}");
	ck_assert_str_eq(json_string_value(json_object_get(json_array_get(ret, 0), "portgroup")),
			 "red");
	json_decref(ret);
	stop(&t);
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
		commands,
		addresses_are_wholly_understood,
		queue_of_groups_and_ports,
		static_addresses_of_the_document,
		groups_of_ports_that_connect,
		files_that_are_none_are_told,
		names_that_lead_nowhere_are_told,
		warnings_have_an_end,
		answers_say_that_changes_are_not_saved,
		policy_in_force_can_be_asked_for,
		names_in_utf8_are_shown,
		groups_are_checked_whether_they_are_used_or_not,
		NULL,
	};

	return run_tests("control", tests);
}
