/* SPDX-License-Identifier: BSD-2-Clause */
/* Commands: what they do, and what they say of policy and addresses. */
#include "control-rig.h"
#include "main.h"
#include "rig.h"

#include <jansson.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>

#include "vswitch/control.h"

START_TEST(commands)
{
	struct ctl t = ctl_start();
	struct rig_port *a = rig_port(t.r, "a", 10), *b = rig_port(t.r, "b", 10);
	json_t *j;

	rig_send(a, "*", "a", -1);
	j = ctl_command(&t, "{\"execute\": \"query-fdb\"}");
	ck_assert_uint_eq(json_array_size(j), 1);
	ck_assert_str_eq(json_string_value(json_object_get(json_array_get(j, 0), "mac")),
			 "02:00:00:00:00:61");
	ck_assert_int_eq(json_integer_value(json_object_get(json_array_get(j, 0), "vlan")), 10);
	json_decref(j);
	ck_assert(ctl_ok(
		&t, "{\"execute\": \"fdb-add\", \"arguments\": {\"mac\": \"02:00:00:00:00:7a\", "
		    "\"vlan\": 10, \"port\": \"b\"}}"));
	rig_clear(t.r);
	rig_send(a, "z", "a", -1);
	ck_assert_uint_eq(b->n, 1);
	ck_assert(ctl_ok(
		&t, "{\"execute\": \"fdb-delete\", \"arguments\": {\"mac\": \"02:00:00:00:00:7a\", "
		    "\"vlan\": 10}}"));
	ck_assert(!ctl_ok(
		&t, "{\"execute\": \"fdb-delete\", \"arguments\": {\"mac\": \"02:00:00:00:00:7a\", "
		    "\"vlan\": 10}}"));
	ck_assert(!ctl_ok(
		&t, "{\"execute\": \"fdb-add\", \"arguments\": {\"mac\": \"01:00:00:00:00:7a\", "
		    "\"port\": \"b\"}}"));
	ck_assert(ctl_ok(&t, "{\"execute\": \"fdb-flush\"}"));
	j = ctl_command(&t, "{\"execute\": \"query-ports\", \"arguments\": {\"port\": \"a\"}}");
	ck_assert_uint_eq(json_array_size(j), 1);
	json_decref(j);
	ck_assert(ctl_ok(&t, "{\"execute\": \"query-ports\"}"));
	ck_assert(ctl_ok(&t, "{\"execute\": \"query-switch\"}"));
	ck_assert(ctl_ok(&t, "{\"execute\": \"query-groups\"}"));
	ck_assert(ctl_ok(&t, "{\"execute\": \"query-mirrors\"}"));
	ck_assert(ctl_ok(&t, "{\"execute\": \"query-rules\", \"arguments\": {\"port\": \"a\"}}"));
	ck_assert(ctl_ok(&t, "{\"execute\": \"query-config\"}"));
	ck_assert(ctl_ok(&t, "{\"execute\": \"query-commands\"}"));
	ck_assert(ctl_ok(&t, "{\"execute\": \"qmp_capabilities\"}"));
	ck_assert(ctl_ok(&t, "{\"execute\": \"clear-counters\"}"));
	ck_assert(!ctl_ok(&t, "{\"execute\": \"no-such\"}"));
	ck_assert_str_eq(t.err, "The command no-such has not been found");
	ck_assert(!ctl_ok(&t, "{\"execute\": \"fdb-add\", \"arguments\": {\"mac\": \"x\"}}"));
	ck_assert_str_eq(t.err, "fdb-add: argument 'port' is missing");
	ck_assert(!ctl_ok(&t, "{\"execute\": \"fdb-flush\", \"arguments\": {\"x\": 1}}"));
	ck_assert_str_eq(t.err, "fdb-flush: no argument 'x'");
	ck_assert(!ctl_ok(&t, "{]"));
	ck_assert(!ctl_ok(&t, "[]"));
	ctl_stop(&t);
}
END_TEST

/* sscanf() took all of these for addresses */
START_TEST(addresses_are_wholly_understood)
{
	static const char *const bad[] = { "0x:00:00:00:00:01",	 " 2:00:00:00:00:01",
					   "+2:00:00:00:00:01",	 "02: 0:00:00:00:01",
					   "02:00:00:00:00:01 ", "02:00:00:00:00:-1" };
	struct ctl t = ctl_start();
	char text[200];

	rig_port(t.r, "a", 10);
	for (unsigned i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
		snprintf(text, sizeof(text),
			 "{\"execute\": \"fdb-add\", \"arguments\": {\"mac\": \"%s\", \"port\": "
			 "\"a\"}}",
			 bad[i]);
		ck_assert_msg(!ctl_ok(&t, text), "%s", bad[i]);
		ck_assert_ptr_nonnull(strstr(t.err, "mac: must be a station's address"));
	}
	ck_assert(!ctl_ok(&t, "{\"execute\": \"fdb-add\", \"arguments\": {\"mac\": "
			      "\"02:00:00:00:00:01\", \"port\": \"a\", \"vlan\": \"10\"}}"));
	ck_assert_str_eq(t.err, "vlan: out of range (0 to 4094)");
	ctl_stop(&t);
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
	struct ctl t = ctl_start();
	struct rig_port *a = rig_port(t.r, "a", VSW_VLAN_DEFAULT),
			*b = rig_port(t.r, "b", VSW_VLAN_DEFAULT);
	const struct vsw_queue_policy *qa = &vsw_port_policy(a->port)->queue,
				      *qb = &vsw_port_policy(b->port)->queue;
	json_t *in = json_loads(doc, 0, NULL), *out;
	char *text;

	ck_assert_msg(ctl_load(&t, doc) == 0, "%s", t.err);
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
	ck_assert(ctl_ok(
		&t, "{\"execute\": \"config-patch\", \"arguments\": {\"patch\": {\"portgroups\":"
		    " {\"bulk\": {\"queue\": {\"target-us\": 1000}}}}}}"));
	ck_assert_int_eq(qa->target, MS);
	ck_assert_int_eq(ctl_load(&t, "{\"defaults\": {\"queue\": {\"target-us\": 200000}}}"), -1);
	ck_assert_str_eq(t.err, "/defaults/queue/interval-us: is less than target-us");
	ctl_stop(&t);
}
END_TEST

START_TEST(static_addresses_of_the_document)
{
	struct ctl t = ctl_start();
	struct rig_port *a = rig_port(t.r, "a", 10), *b = rig_port(t.r, "b", 10),
			*c = rig_port(t.r, "c", 10);

	ck_assert_int_eq(
		ctl_load(&t,
			 "{\"ports\": {\"b\": {\"mac\": {\"addresses\": [\"02:00:00:00:00:7a\"]},"
			 "\"security\": {\"forged-transmits\": false}}}}"),
		0);
	rig_send(a, "z", "a", -1);
	ck_assert_uint_eq(b->n, 1);
	ck_assert_uint_eq(c->n, 0);
	rig_send(b, "*", "z", -1);
	rig_send(b, "*", "y", -1);
	ck_assert_uint_eq(c->n, 1);
	ck_assert_int_eq(ctl_load(&t, "{\"ports\": {\"b\": {\"mac\": {\"addresses\": "
				      "[\"01:00:00:00:00:7a\"]}}}}"),
			 -1);
	ck_assert_str_eq(t.err, "/ports/b/mac/addresses/0: is the address of a group");
	ck_assert_int_eq(ctl_load(&t, "{}"), 0);
	rig_clear(t.r);
	rig_send(a, "z", "a", -1);
	ck_assert_uint_eq(c->n, 1);
	ctl_stop(&t);
}
END_TEST

START_TEST(groups_of_ports_that_connect)
{
	struct ctl t = ctl_start();
	struct vsw_port_conf conf = VSW_PORT_CONF_INIT;

	ck_assert_int_eq(
		ctl_load(&t, "{\"portgroups\": {\"g\": {\"vlan\": 10, \"override\": []}, \"h\": "
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
	ck_assert_int_eq(ctl_load(&t, "{}"), -1); /* its group would be gone */
	ctl_stop(&t);
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
	ret = ctl_command(t, text);
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
	struct ctl t = ctl_start();
	struct vsw_port_conf conf = VSW_PORT_CONF_INIT;
	json_t *ret;

	ck_assert_msg(ctl_load(&t, doc) == 0, "%s", t.err);
	conf.id = "a";
	conf.portgroup = "blue";
	ck_assert_ptr_nonnull(rig_add(t.r, &conf));
	conf.id = "b";
	conf.portgroup = NULL;
	conf.vlan = 7;
	ck_assert_ptr_nonnull(rig_add(t.r, &conf));
	for (unsigned i = 0; i < sizeof(want) / sizeof(want[0]); i++)
		ck_assert_str_eq(policy_value(&t, want[i][0], want[i][1]), want[i][2]);
	ck_assert(!ctl_ok(
		&t, "{\"execute\": \"query-port-policy\", \"arguments\": {\"port\": \"x\"}}"));
	ck_assert_str_eq(t.err, "no such port");
	ck_assert(ctl_ok(&t,
			 "{\"execute\": \"config-patch\", \"arguments\": {\"patch\": {\"ports\": "
			 "{\"a\": {\"portgroup\": \"red\"}}}}}"));
	ck_assert_str_eq(policy_value(&t, "a", "vlan.trunk"),
			 "\"1-5\" portgroup /portgroups/red/vlan/trunk");
	ret = ctl_command(&t, "{\"execute\": \"query-ports\", \"arguments\": {\"port\": \"a\"}}");
	ck_assert_str_eq(json_string_value(json_object_get(json_array_get(ret, 0), "portgroup")),
			 "red");
	json_decref(ret);
	ctl_stop(&t);
}
END_TEST

int main(void)
{
	const TTest *const tests[] = {
		commands,
		addresses_are_wholly_understood,
		queue_of_groups_and_ports,
		static_addresses_of_the_document,
		groups_of_ports_that_connect,
		policy_in_force_can_be_asked_for,
		NULL,
	};

	return run_tests("control-commands", tests);
}
