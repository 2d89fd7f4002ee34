/* SPDX-License-Identifier: BSD-2-Clause */
/* Commands that ask. */
#include <string.h>

#include "control_priv.h"
#include "vswitch/query.h"

#define PIECE 64u /* entries of the table of addresses at a time */

static json_t *number(uint64_t n)
{
	return json_integer((json_int_t)n);
}

static json_t *mac_text(const uint8_t *m)
{
	return json_sprintf("%02x:%02x:%02x:%02x:%02x:%02x", m[0], m[1], m[2], m[3], m[4], m[5]);
}

/* A port by name; the uplinks share their place in the tables */
static json_t *place(const struct vsw_port *p)
{
	return json_string(p ? vsw_port_id(p) : "(uplinks)");
}

static json_t *count(const struct vsw_count *c)
{
	return json_pack("{s:o,s:o}", "frames", number(c->frames), "bytes", number(c->bytes));
}

static json_t *traffic(const struct vsw_traffic *t)
{
	return json_pack("{s:o,s:o,s:o,s:o}", "unicast", count(&t->unicast), "multicast",
			 count(&t->multicast), "broadcast", count(&t->broadcast), "gso",
			 number(t->gso));
}

static json_t *drops(const struct vsw_counters *c)
{
	json_t *j = json_object();

	for (unsigned i = 0; i < VSW_DROP_COUNT; i++)
		json_object_set_new(j, vsw_drop_name(i), number(c->drops[i]));
	return j;
}

static json_t *histogram(const struct vsw_counters *c)
{
	json_t *j = json_array();

	for (unsigned i = 0; i < sizeof(c->delay_hist) / sizeof(c->delay_hist[0]); i++)
		json_array_append_new(j, number(c->delay_hist[i]));
	return j;
}

static json_t *queue(const struct vsw_counters *c)
{
	return json_pack("{s:o,s:o,s:o,s:o,s:o,s:o}", "frames", number(c->queue_frames), "bytes",
			 number(c->queue_bytes), "queued", number(c->queued), "ecn-marked",
			 number(c->ecn_marked), "delay-max-ns", number(c->delay_max),
			 "delay-histogram", histogram(c));
}

static json_t *counters(const struct vsw_port *p)
{
	struct vsw_counters c;

	vsw_port_counters(p, &c);
	return json_pack("{s:o,s:o,s:o,s:o,s:o,s:o,s:o,s:o,s:o}", "in", traffic(&c.in), "out",
			 traffic(&c.out), "drops", drops(&c), "queue", queue(&c), "segmented",
			 number(c.segmented), "checksummed", number(c.csummed), "held",
			 number(c.held), "addresses", number(c.addresses), "moves",
			 number(c.moves));
}

static json_t *port(const struct vsw_port *p)
{
	const struct vsw_policy *policy = vsw_port_policy(p);
	struct vsw_port_state st;
	json_t *j;

	vsw_port_state(p, &st);
	j = json_pack("{s:s,s:s,s:b,s:b,s:b,s:i,s:o,s:b,s:o}", "id", vsw_port_id(p), "portgroup",
		      st.portgroup, "uplink", st.uplink, "link", st.link, "blocked",
		      policy->blocked, "vlan",
		      policy->vlan.mode == VSW_VLAN_TRUNK ? VSW_VGT : policy->vlan.vid, "mac",
		      mac_text(st.mac), "promiscuous", st.promiscuous, "counters", counters(p));
	if (st.leaves_by)
		json_object_set_new(j, "leaves-by", place(st.leaves_by));
	return j;
}

static json_t *query_ports(struct vsw_control *ctl, const json_t *args, char *err, size_t errlen)
{
	const json_t *want = json_object_get(args, "port");
	json_t *j = json_array();

	for (struct vsw_port *p = vsw_port_next(ctl->sw, NULL); p; p = vsw_port_next(ctl->sw, p))
		if (!want ||
		    (json_is_string(want) && !strcmp(json_string_value(want), vsw_port_id(p))))
			json_array_append_new(j, port(p));
	if (!want || json_array_size(j))
		return j;
	json_decref(j);
	vsw_fail(err, errlen, "no such port");
	return NULL;
}

static json_t *query_switch(struct vsw_control *ctl, const json_t *args, char *err, size_t errlen)
{
	const struct vsw_switch_policy *policy = vsw_switch_policy(ctl->sw);
	struct vsw_state st;

	vsw_state(ctl->sw, &st);
	return json_pack("{s:s,s:i,s:i,s:i,s:i,s:i,s:b}", "name", vsw_name(ctl->sw), "ports",
			 (int)st.ports, "uplinks", (int)st.uplinks, "addresses", (int)st.addresses,
			 "mtu", (int)policy->mtu, "ageing", (int)policy->ageing, "unconfirmed",
			 ctl->previous != NULL);
}

static json_t *address(const struct vsw_address *a)
{
	json_t *j = json_pack("{s:o,s:o,s:b,s:i}", "mac", mac_text(a->mac), "port", place(a->port),
			      "static", a->fixed, "vlan", a->vlan);

	if (!a->fixed)
		json_object_set_new(j, "age", json_integer(a->idle));
	return j;
}

static json_t *query_fdb(struct vsw_control *ctl, const json_t *args, char *err, size_t errlen)
{
	struct vsw_address a[PIECE];
	json_t *j = json_array();
	uint64_t cursor = 0;

	while (cursor != VSW_WALK_END) {
		unsigned n = vsw_addresses(ctl->sw, &cursor, a, PIECE);

		for (unsigned i = 0; i < n; i++)
			json_array_append_new(j, address(&a[i]));
	}
	return j;
}

static json_t *group(const struct vsw_group *g)
{
	json_t *ports = json_array();

	for (unsigned i = 0; i < g->n_ports; i++)
		json_array_append_new(ports, place(g->port[i]));
	return json_pack("{s:o,s:i,s:o}", "group", mac_text(g->mac), "vlan", g->vlan, "ports",
			 ports);
}

static json_t *query_groups(struct vsw_control *ctl, const json_t *args, char *err, size_t errlen)
{
	struct vsw_group g;
	json_t *j = json_array();
	uint64_t cursor = 0;

	while (cursor != VSW_WALK_END)
		if (vsw_groups(ctl->sw, &cursor, &g, 1))
			json_array_append_new(j, group(&g));
	return j;
}

static json_t *query_mirrors(struct vsw_control *ctl, const json_t *args, char *err, size_t errlen)
{
	struct vsw_mirror_state state[VSW_MAX_MIRRORS];
	unsigned n = vsw_mirror_states(ctl->sw, state);
	json_t *j = json_array();

	for (unsigned i = 0; i < n; i++)
		json_array_append_new(j, json_pack("{s:s,s:b,s:o,s:o}", "name", state[i].name,
						   "active", state[i].to != NULL, "copied",
						   number(state[i].copied), "missed",
						   number(state[i].missed)));
	return j;
}

static json_t *query_rules(struct vsw_control *ctl, const json_t *args, char *err, size_t errlen)
{
	const json_t *want = json_object_get(args, "port");
	const struct vsw_port *p =
		json_is_string(want) ? vsw_port_find(ctl->sw, json_string_value(want)) : NULL;
	const struct vsw_policy *policy;
	json_t *j;

	if (!p) {
		vsw_fail(err, errlen, "no such port");
		return NULL;
	}
	policy = vsw_port_policy(p);
	j = json_array();
	for (unsigned i = 0; i < policy->n_rules; i++)
		json_array_append_new(j, json_pack("{s:s,s:o}", "name", policy->rules[i].name,
						   "frames", number(vsw_port_rule_hits(p, i))));
	return j;
}

static json_t *query_config(struct vsw_control *ctl, const json_t *args, char *err, size_t errlen)
{
	return json_deep_copy(ctl->doc);
}

static json_t *qmp_capabilities(struct vsw_control *ctl, const json_t *args, char *err,
				size_t errlen)
{
	return json_object();
}

static void list_commands(json_t *j, const struct control_command *c)
{
	for (; c->name; c++)
		json_array_append_new(j, json_pack("{s:s,s:s,s:s}", "name", c->name, "arguments",
						   c->args, "help", c->help));
}

static json_t *query_commands_list(struct vsw_control *ctl, const json_t *args, char *err,
				   size_t errlen)
{
	json_t *j = json_array();

	list_commands(j, query_commands);
	list_commands(j, change_commands);
	return j;
}

const struct control_command query_commands[] = {
	{ "qmp_capabilities", qmp_capabilities, "enable?",
	  "does nothing; QMP clients send it first" },
	{ "query-commands", query_commands_list, "", "list of commands" },
	{ "query-switch", query_switch, "", "the switch as a whole" },
	{ "query-ports", query_ports, "port?", "ports with state and counters" },
	{ "query-fdb", query_fdb, "", "table of addresses" },
	{ "query-groups", query_groups, "", "groups that snooping knows" },
	{ "query-mirrors", query_mirrors, "", "mirror sessions" },
	{ "query-rules", query_rules, "port", "traffic rules of a port and what they hit" },
	{ "query-config", query_config, "", "the configuration in force" },
	{ 0 }
};
