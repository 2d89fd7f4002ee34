/* SPDX-License-Identifier: BSD-2-Clause */
/* Lists that are put together from more than one answer, and cells of tables. */
#include "show.h"

#include <stdio.h>
#include <string.h>

#include "table.h"

static uint64_t number(const json_t *item, const char *path)
{
	return (uint64_t)json_integer_value(vsw_answer_member(item, path));
}

uint64_t show_traffic(const json_t *item, const char *way, const char *what)
{
	static const char *const kinds[] = { "unicast", "multicast", "broadcast" };
	uint64_t n = 0;

	for (unsigned i = 0; i < G_N_ELEMENTS(kinds); i++) {
		g_autofree char *path = g_strdup_printf("counters.%s.%s.%s", way, kinds[i], what);

		n += number(item, path);
	}
	return n;
}

uint64_t show_drops(const json_t *item)
{
	uint64_t n = 0;
	const char *key;
	json_t *v;

	json_object_foreach(vsw_answer_member(item, "counters.drops"), key, v)
		n += (uint64_t)json_integer_value(v);
	return n;
}

static void put_number(GString *out, uint64_t n)
{
	g_string_append_printf(out, "%" G_GUINT64_FORMAT, n);
}

static void in_text(const json_t *item, GString *out)
{
	put_number(out, show_traffic(item, "in", "frames"));
}

static void out_text(const json_t *item, GString *out)
{
	put_number(out, show_traffic(item, "out", "frames"));
}

static void drops_text(const json_t *item, GString *out)
{
	put_number(out, show_drops(item));
}

static void state_text(const json_t *item, GString *out)
{
	const json_t *shut = json_object_get(item, "shut");

	if (json_is_true(json_object_get(item, "blocked")))
		g_string_append(out, "blocked");
	else if (shut)
		g_string_append_printf(out, "shut: %s", json_string_value(shut));
	else
		g_string_append(out, json_is_true(json_object_get(item, "link")) ? "up" : "down");
}

static void vlan_text(const json_t *item, GString *out)
{
	const json_t *v = json_object_get(item, "vlan");

	if (json_is_object(v))
		v = json_object_get(v, "mode");
	if (json_integer_value(v) == 4095)
		g_string_append(out, "trunk");
	else
		table_text(out, v);
}

/* Of an address: that of all VLANs of its port has number 4095 */
static void address_vlan_text(const json_t *item, GString *out)
{
	if (number(item, "vlan") == 4095)
		g_string_append(out, "all");
	else
		put_number(out, number(item, "vlan"));
}

static void age_text(const json_t *item, GString *out)
{
	if (json_is_true(json_object_get(item, "static")))
		g_string_append(out, "static");
	else
		table_text(out, json_object_get(item, "age"));
}

/* Sections of a policy that are set */
static void sections_text(const json_t *item, GString *out)
{
	const char *key;
	json_t *v;

	json_object_foreach((json_t *)item, key, v) {
		if (!strcmp(key, "name") || !strcmp(key, "vlan"))
			continue;
		if (out->len)
			g_string_append_c(out, ' ');
		table_clean(out, key);
	}
}

static void vm_text(const json_t *item, GString *out)
{
	const json_t *vm = vsw_answer_member(item, "client.vm"),
		     *pid = vsw_answer_member(item, "client.pid");

	if (vm)
		table_text(out, vm);
	else if (pid)
		g_string_append_printf(out, "pid %" JSON_INTEGER_FORMAT, json_integer_value(pid));
	else
		table_text(out, json_object_get(item, "why"));
}

const struct ctl_column show_switches[] = { { "SWITCH", "name" }, { "PORTS", "ports" }, { 0 } };

const struct ctl_column show_groups_of_ports[] = { { "PORT GROUP", "name" },
						   { "VLAN", NULL, vlan_text },
						   { "SETS", NULL, sections_text },
						   { 0 } };

const struct ctl_column show_ports[] = { { "PORT", "id" },
					 { "PORT GROUP", "portgroup" },
					 { "VLAN", NULL, vlan_text },
					 { "STATE", NULL, state_text },
					 { "MAC", "mac" },
					 { "IN", NULL, in_text },
					 { "OUT", NULL, out_text },
					 { "DROPS", NULL, drops_text },
					 { 0 } };

const struct ctl_column show_uplinks[] = {
	{ "UPLINK", "id" },	   { "STATE", NULL, state_text }, { "IN", NULL, in_text },
	{ "OUT", NULL, out_text }, { "DROPS", NULL, drops_text }, { 0 }
};

const struct ctl_column show_teams[] = {
	{ "PORT", "id" }, { "PORT GROUP", "portgroup" }, { "LEAVES BY", "leaves-by" }, { 0 }
};

const struct ctl_column show_mirrors[] = { { "MIRROR", "name" },   { "ACTIVE", "active" },
					   { "TO", "to" },	   { "COPIED", "copied" },
					   { "MISSED", "missed" }, { 0 } };

const struct ctl_column show_rules[] = { { "RULE", "name" }, { "FRAMES", "frames" }, { 0 } };

const struct ctl_column show_classes[] = { { "CLASS", "name" },
					   { "SHARES", "shares" },
					   { "LIMIT", "limit" },
					   { "RESERVATION", "reservation" },
					   { 0 } };

const struct ctl_column show_private_vlans[] = {
	{ "SECONDARY", "secondary" }, { "PRIMARY", "primary" }, { "TYPE", "type" }, { 0 }
};

const struct ctl_column show_addresses[] = { { "MAC", "mac" },
					     { "VLAN", NULL, address_vlan_text },
					     { "PORT", "port" },
					     { "AGE", NULL, age_text },
					     { 0 } };

const struct ctl_column show_groups[] = {
	{ "GROUP", "group" }, { "VLAN", "vlan" }, { "PORTS", "ports" }, { 0 }
};

const struct ctl_column show_snooping[] = { { "VLAN", "vlan" },
					    { "IP", "ip" },
					    { "FILTERED", "filtered" },
					    { "QUERIER", "querier.port" },
					    { "GROUPS", "groups" },
					    { "IN DOUBT", "in-doubt" },
					    { 0 } };

const struct ctl_column show_connections[] = { { "PORT", "id" },
					       { "PORT GROUP", "portgroup" },
					       { "TRANSPORT", "transport" },
					       { "PLUGGED IN", "plugged-in" },
					       { "HOLDER", "holder" },
					       { "SECOND", "second" },
					       { "WHO", NULL, vm_text },
					       { 0 } };

const struct ctl_column show_transports[] = {
	{ "TRANSPORT", "name" }, { "SOCKETS", "sockets" }, { "CARRIES", "help" }, { 0 }
};

const struct ctl_column show_commands[] = {
	{ "COMMAND", "name" }, { "ARGUMENTS", "arguments" }, { "DOES", "help" }, { 0 }
};

int show_switch_list(struct ctl *c)
{
	int status;
	struct wire *w = ctl_wire(c, &status);
	json_t *j, *list;

	if (!w)
		return status;
	list = ctl_ask(c, wire_is_daemon(w) ? "query-switches" : "query-switch", NULL, &status);
	if (!list)
		return status;
	j = json_is_array(list) ? json_incref(list) : json_pack("[O]", list);
	status = ctl_print(c, j);
	json_decref(j);
	json_decref(list);
	return status;
}

/* Ports that are uplinks, or are not */
static int list_some(struct ctl *c, bool uplinks)
{
	int status;
	json_t *all = ctl_ask(c, "query-ports", NULL, &status), *some, *v;
	size_t i;

	if (!all)
		return status;
	some = json_array();
	json_array_foreach(all, i, v)
		if (json_is_true(json_object_get(v, "uplink")) == uplinks)
			json_array_append(some, v);
	status = ctl_print(c, some);
	json_decref(some);
	json_decref(all);
	return status;
}

int show_uplink_list(struct ctl *c)
{
	return list_some(c, true);
}

int show_team_list(struct ctl *c)
{
	return list_some(c, false);
}

/* Sessions as they run, with the port that the configuration has them send to */
int show_mirror_list(struct ctl *c)
{
	int status;
	json_t *list = ctl_ask(c, "query-mirrors", NULL, &status), *doc, *v, *conf;
	size_t i, k;

	doc = list ? ctl_ask(c, "query-config", NULL, &status) : NULL;
	if (!doc) {
		json_decref(list);
		return status;
	}
	json_array_foreach(list, i, v)
		json_array_foreach(json_object_get(doc, "mirrors"), k, conf)
			if (json_equal(json_object_get(v, "name"), json_object_get(conf, "name")))
				json_object_update_missing(v, conf);
	status = ctl_print(c, list);
	json_decref(list);
	json_decref(doc);
	return status;
}

/* Of a daemon: its own, too */
int show_command_list(struct ctl *c)
{
	int status;
	struct wire *w = ctl_wire(c, &status);
	json_t *list = w ? ctl_ask(c, "query-commands", NULL, &status) : NULL, *own = NULL;

	if (list && wire_is_daemon(w)) {
		own = ctl_ask(c, "query-daemon-commands", NULL, &status);
		json_array_extend(list, own);
		json_decref(own);
	}
	if (!list)
		return status;
	status = ctl_print(c, list);
	json_decref(list);
	return status;
}

static const struct ctl_column policy_columns[] = {
	{ "POLICY", "key" }, { "VALUE", "value" }, { "FROM", "origin" }, { "PATH", "path" }, { 0 }
};

/* A port with its counters, and the policy in force: each value, and where it comes from */
int show_port(struct ctl *c)
{
	int status;
	const char *id = ctl_arg(c, "PORT");
	json_t *ports = ctl_ask(c, "query-ports", json_pack("{s:s}", "port", id), &status), *policy;

	if (!ports)
		return status;
	policy = ctl_try(c, "query-port-policy", json_pack("{s:s}", "port", id));
	if (policy && c->json)
		json_object_set(json_array_get(ports, 0), "policy",
				json_object_get(policy, "policy"));
	status = ctl_print(c, ports);
	if (policy && !c->json && status == EX_OK) {
		g_autoptr(GString) text =
			table_rows(policy_columns, json_object_get(policy, "policy"));

		printf("\n%s", text->str);
		status = ctl_flush();
	}
	json_decref(policy);
	json_decref(ports);
	return status;
}
