/* SPDX-License-Identifier: BSD-2-Clause */
/* Commands that ask. */
#include "control/query.h"

#include <arpa/inet.h>
#include <string.h>

#include "control/change.h"
#include "control/state.h"
#include "vswitch/fail.h"
#include "vswitch/query.h"

#define PIECE 16u /* entries of the table of addresses at a time */

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

static bool more_ports(struct vsw_call *call, json_t *list)
{
	struct vsw_port *p;

	if (vsw_ports(call->ctl->sw, &call->cursor, &p, 1))
		json_array_append_new(list, port(p));
	return call->cursor != VSW_WALK_END;
}

/* The port that a command names, or NULL and the error is told */
static const struct vsw_port *port_arg(struct vsw_call *call)
{
	const json_t *want = json_object_get(call->args, "port");
	const struct vsw_port *p =
		json_is_string(want) ? vsw_port_find(call->ctl->sw, json_string_value(want)) : NULL;

	if (!p)
		vsw_fail(call->err, call->errlen, "no such port");
	return p;
}

static json_t *query_ports(struct vsw_call *call)
{
	const struct vsw_port *p;

	if (!json_object_get(call->args, "port")) {
		call->more = more_ports;
		return json_array();
	}
	p = port_arg(call);
	return p ? json_pack("[o]", port(p)) : NULL;
}

static json_t *not_used(const struct vsw *sw)
{
	struct vsw_snooping_counters c;

	vsw_snooping_counters(sw, &c);
	return json_pack("{s:o,s:o,s:o}", "bad", number(c.bad), "forged", number(c.forged), "full",
			 number(c.full));
}

static json_t *query_switch(struct vsw_call *call)
{
	struct vsw_control *ctl = call->ctl;
	const struct vsw_switch_policy *policy = vsw_switch_policy(ctl->sw);
	struct vsw_state st;

	vsw_state(ctl->sw, &st);
	return json_pack("{s:s,s:i,s:i,s:i,s:i,s:i,s:b,s:o}", "name", vsw_name(ctl->sw), "ports",
			 (int)st.ports, "uplinks", (int)st.uplinks, "addresses", (int)st.addresses,
			 "mtu", (int)policy->mtu, "ageing", (int)policy->ageing, "unconfirmed",
			 ctl->previous != NULL, "multicast", not_used(ctl->sw));
}

static json_t *address(const struct vsw_address *a)
{
	json_t *j = json_pack("{s:o,s:o,s:b,s:i}", "mac", mac_text(a->mac), "port", place(a->port),
			      "static", a->fixed, "vlan", a->vlan);

	if (!a->fixed)
		json_object_set_new(j, "age", json_integer(a->idle));
	return j;
}

static bool more_addresses(struct vsw_call *call, json_t *list)
{
	struct vsw_address a[PIECE];
	unsigned n = vsw_addresses(call->ctl->sw, &call->cursor, a, PIECE);

	for (unsigned i = 0; i < n; i++)
		json_array_append_new(list, address(&a[i]));
	return call->cursor != VSW_WALK_END;
}

static json_t *query_fdb(struct vsw_call *call)
{
	call->more = more_addresses;
	return json_array();
}

static json_t *ip_text(bool v6, const uint8_t *address)
{
	char text[INET6_ADDRSTRLEN];

	return json_string(inet_ntop(v6 ? AF_INET6 : AF_INET, address, text, sizeof(text)));
}

static json_t *group(const struct vsw_group *g)
{
	json_t *ports = json_array(), *expires = json_object();

	for (unsigned i = 0; i < g->n_ports; i++) {
		json_array_append_new(ports, place(g->port[i]));
		json_object_set_new(expires, vsw_port_id(g->port[i]), number(g->expires[i]));
	}
	return json_pack("{s:o,s:i,s:o,s:o}", "group", ip_text(g->v6, g->address), "vlan", g->vlan,
			 "ports", ports, "expires", expires);
}

static bool more_groups(struct vsw_call *call, json_t *list)
{
	struct vsw_group g;

	if (vsw_groups(call->ctl->sw, &call->cursor, &g, 1))
		json_array_append_new(list, group(&g));
	return call->cursor != VSW_WALK_END;
}

static json_t *query_groups(struct vsw_call *call)
{
	call->more = more_groups;
	return json_array();
}

static json_t *router(const struct vsw_snooping *s, unsigned i)
{
	static const char *const names[] = { "queries", "pim", "discovery", "configuration" };
	json_t *j = json_pack("{s:o}", "port", place(s->router[i])), *signs = json_array();

	for (unsigned k = 0; k < sizeof(names) / sizeof(names[0]); k++)
		if (s->signs[i] >> k & 1)
			json_array_append_new(signs, json_string(names[k]));
	json_object_set_new(j, "known-by", signs);
	if (s->expires[i])
		json_object_set_new(j, "expires", number(s->expires[i]));
	return j;
}

static json_t *querier(const struct vsw_snooping *s)
{
	if (s->own)
		return json_pack("{s:s}", "port", "(switch)");
	if (!s->other)
		return json_null();
	return json_pack("{s:o,s:o,s:o}", "port", place(s->querier_port), "address",
			 ip_text(s->v6, s->querier), "expires", number(s->querier_expires));
}

static json_t *snooping(const struct vsw_snooping *s)
{
	json_t *routers = json_array();

	for (unsigned i = 0; i < s->n_routers; i++)
		json_array_append_new(routers, router(s, i));
	return json_pack("{s:i,s:i,s:b,s:o,s:o,s:i,s:i}", "vlan", s->vlan, "ip", s->v6 ? 6 : 4,
			 "filtered", s->filtered, "querier", querier(s), "routers", routers,
			 "groups", (int)s->groups, "in-doubt", (int)s->in_doubt);
}

static bool more_vlans(struct vsw_call *call, json_t *list)
{
	struct vsw_snooping s;

	if (vsw_snooping(call->ctl->sw, &call->cursor, &s, 1))
		json_array_append_new(list, snooping(&s));
	return call->cursor != VSW_WALK_END;
}

static json_t *query_multicast(struct vsw_call *call)
{
	call->more = more_vlans;
	return json_array();
}

static json_t *query_mirrors(struct vsw_call *call)
{
	struct vsw_mirror_state state[VSW_MAX_MIRRORS];
	unsigned n = vsw_mirror_states(call->ctl->sw, state);
	json_t *j = json_array();

	for (unsigned i = 0; i < n; i++)
		json_array_append_new(j, json_pack("{s:s,s:b,s:o,s:o}", "name", state[i].name,
						   "active", state[i].to != NULL, "copied",
						   number(state[i].copied), "missed",
						   number(state[i].missed)));
	return j;
}

static json_t *query_rules(struct vsw_call *call)
{
	const struct vsw_port *p = port_arg(call);
	const struct vsw_policy *policy;
	json_t *j;

	if (!p)
		return NULL;
	policy = vsw_port_policy(p);
	j = json_array();
	for (unsigned i = 0; i < policy->n_rules; i++)
		json_array_append_new(j, json_pack("{s:s,s:o}", "name", policy->rules[i].name,
						   "frames", number(vsw_port_rule_hits(p, i))));
	return j;
}

/* A document is never changed, but replaced */
static json_t *query_config(struct vsw_call *call)
{
	return json_incref(call->ctl->doc);
}

static json_t *qmp_capabilities(struct vsw_call *call)
{
	return json_object();
}

static void list_commands(json_t *j, const struct vsw_command *c)
{
	for (; c->name; c++)
		json_array_append_new(j, json_pack("{s:s,s:s,s:s}", "name", c->name, "arguments",
						   c->args, "help", c->help));
}

static json_t *query_commands(struct vsw_call *call)
{
	json_t *j = json_array();

	list_commands(j, vsw_query_commands);
	list_commands(j, vsw_change_commands);
	return j;
}

const struct vsw_command vsw_query_commands[] = {
	{ "qmp_capabilities", qmp_capabilities, "enable?",
	  "does nothing; QMP clients send it first" },
	{ "query-commands", query_commands, "", "list of commands" },
	{ "query-switch", query_switch, "", "the switch as a whole" },
	{ "query-ports", query_ports, "port?", "ports with state and counters" },
	{ "query-fdb", query_fdb, "", "table of addresses" },
	{ "query-groups", query_groups, "", "groups that snooping knows" },
	{ "query-multicast", query_multicast, "",
	  "by VLAN, whether groups are filtered, querier, router ports; messages not used" },
	{ "query-mirrors", query_mirrors, "", "mirror sessions" },
	{ "query-rules", query_rules, "port", "traffic rules of a port and what they hit" },
	{ "query-config", query_config, "", "the configuration in force" },
	{ 0 }
};
