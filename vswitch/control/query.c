/* SPDX-License-Identifier: BSD-2-Clause */
/* Commands that ask. */
#include "control/query.h"

#include <arpa/inet.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "control/capture.h"
#include "control/change.h"
#include "control/levels.h"
#include "control/look.h"
#include "control/origin.h"
#include "control/state.h"
#include "control/warn.h"
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
static void name_place(char *name, const struct vsw_port *p)
{
	snprintf(name, VSW_NAME_MAX, "%s", p ? vsw_port_id(p) : "(uplinks)");
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

static json_t *counters(const struct vsw_counters *c)
{
	return json_pack("{s:o,s:o,s:o,s:o,s:o,s:o,s:o,s:o,s:o}", "in", traffic(&c->in), "out",
			 traffic(&c->out), "drops", drops(c), "queue", queue(c), "segmented",
			 number(c->segmented), "checksummed", number(c->csummed), "held",
			 number(c->held), "addresses", number(c->addresses), "moves",
			 number(c->moves));
}

/*
 * struct port_view - what is asked of a port, copied where the switch is called
 * @want:   The port that a command names, or NULL: the next of a walk
 * @found:  There is one
 */
struct port_view {
	struct vsw *sw;
	const char *want;
	uint64_t cursor;
	bool found, blocked;
	int vlan;
	char id[VSW_NAME_MAX], portgroup[VSW_NAME_MAX], leaves_by[VSW_NAME_MAX];
	struct vsw_port_state st;
	struct vsw_counters c;
};

static void view(struct port_view *v, const struct vsw_port *p)
{
	const struct vsw_policy *policy = vsw_port_policy(p);

	v->found = true;
	v->blocked = policy->blocked;
	v->vlan = policy->vlan.mode == VSW_VLAN_TRUNK ? VSW_VGT : policy->vlan.vid;
	vsw_port_state(p, &v->st);
	vsw_port_counters(p, &v->c);
	snprintf(v->id, sizeof(v->id), "%s", vsw_port_id(p));
	snprintf(v->portgroup, sizeof(v->portgroup), "%s", v->st.portgroup);
	v->leaves_by[0] = 0;
	if (v->st.leaves_by)
		name_place(v->leaves_by, v->st.leaves_by);
}

static bool view_there(void *arg)
{
	struct port_view *v = arg;
	struct vsw_port *p = v->want ? vsw_port_find(v->sw, v->want) : NULL;

	if (p || (!v->want && vsw_ports(v->sw, &v->cursor, &p, 1)))
		view(v, p);
	return false;
}

static json_t *port(const struct vsw_control *ctl, const struct port_view *v)
{
	const char *group = vsw_level_group_of(ctl->doc, v->id, v->portgroup);
	json_t *j = json_pack("{s:s,s:s,s:b,s:b,s:b,s:i,s:o,s:b,s:o}", "id", v->id, "portgroup",
			      group ? group : "", "uplink", v->st.uplink, "link", v->st.link,
			      "blocked", v->blocked, "vlan", v->vlan, "mac", mac_text(v->st.mac),
			      "promiscuous", v->st.promiscuous, "counters", counters(&v->c));

	if (v->st.shut)
		json_object_set_new(j, "shut", json_string(v->st.shut));
	if (v->leaves_by[0])
		json_object_set_new(j, "leaves-by", json_string(v->leaves_by));
	return j;
}

static bool more_ports(struct vsw_call *call, json_t *list)
{
	struct port_view v = { .sw = call->ctl->sw, .cursor = call->cursor };

	vsw_control_at_switch(call->ctl, view_there, &v);
	call->cursor = v.cursor;
	if (v.found)
		json_array_append_new(list, port(call->ctl, &v));
	return call->cursor != VSW_WALK_END;
}

/* The port that a command names. False: there is none, and the error is told */
static bool port_arg(struct vsw_call *call, struct port_view *v)
{
	*v = (struct port_view) {
		.sw = call->ctl->sw,
		.want = json_string_value(json_object_get(call->args, "port")),
	};
	if (v->want)
		vsw_control_at_switch(call->ctl, view_there, v);
	if (!v->found)
		vsw_fail(call->err, call->errlen, "no such port");
	return v->found;
}

static json_t *query_ports(struct vsw_call *call)
{
	struct port_view v;

	if (!json_object_get(call->args, "port")) {
		call->more = more_ports;
		return json_array();
	}
	return port_arg(call, &v) ? json_pack("[o]", port(call->ctl, &v)) : NULL;
}

/* struct switch_view - what is asked of the switch */
struct switch_view {
	const struct vsw *sw;
	struct vsw_state st;
	struct vsw_snooping_counters snooping;
};

static bool switch_there(void *arg)
{
	struct switch_view *v = arg;

	vsw_state(v->sw, &v->st);
	vsw_snooping_counters(v->sw, &v->snooping);
	return false;
}

static json_t *not_used(const struct vsw_snooping_counters *c)
{
	return json_pack("{s:o,s:o,s:o}", "bad", number(c->bad), "forged", number(c->forged),
			 "full", number(c->full));
}

static json_t *query_switch(struct vsw_call *call)
{
	struct vsw_control *ctl = call->ctl;
	const struct vsw_switch_policy *policy = vsw_switch_policy(ctl->sw);
	struct switch_view v = { .sw = ctl->sw };

	vsw_control_at_switch(ctl, switch_there, &v);
	return json_pack("{s:s,s:i,s:i,s:i,s:i,s:i,s:b,s:o}", "name", vsw_name(ctl->sw), "ports",
			 (int)v.st.ports, "uplinks", (int)v.st.uplinks, "addresses",
			 (int)v.st.addresses, "mtu", (int)policy->mtu, "ageing",
			 (int)policy->ageing, "unconfirmed", ctl->previous != NULL, "multicast",
			 not_used(&v.snooping));
}

/* struct addresses_view - a piece of the table of addresses */
struct addresses_view {
	const struct vsw *sw;
	uint64_t cursor;
	unsigned n;
	struct vsw_address a[PIECE];
	char place[PIECE][VSW_NAME_MAX];
};

static bool addresses_there(void *arg)
{
	struct addresses_view *v = arg;

	v->n = vsw_addresses(v->sw, &v->cursor, v->a, PIECE);
	for (unsigned i = 0; i < v->n; i++)
		name_place(v->place[i], v->a[i].port);
	return false;
}

static json_t *address(const struct vsw_address *a, const char *place)
{
	json_t *j = json_pack("{s:o,s:s,s:b,s:i}", "mac", mac_text(a->mac), "port", place, "static",
			      a->fixed, "vlan", a->vlan);

	if (!a->fixed)
		json_object_set_new(j, "age", json_integer(a->idle));
	return j;
}

static bool more_addresses(struct vsw_call *call, json_t *list)
{
	struct addresses_view v = { .sw = call->ctl->sw, .cursor = call->cursor };

	vsw_control_at_switch(call->ctl, addresses_there, &v);
	call->cursor = v.cursor;
	for (unsigned i = 0; i < v.n; i++)
		json_array_append_new(list, address(&v.a[i], v.place[i]));
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

/* struct group_view - a group, with names of its ports */
struct group_view {
	const struct vsw *sw;
	uint64_t cursor;
	unsigned n;
	struct vsw_group g;
	char place[VSW_MAX_PORTS][VSW_NAME_MAX];
};

static bool group_there(void *arg)
{
	struct group_view *v = arg;

	v->n = vsw_groups(v->sw, &v->cursor, &v->g, 1);
	for (unsigned i = 0; v->n && i < v->g.n_ports; i++)
		name_place(v->place[i], v->g.port[i]);
	return false;
}

static json_t *group(const struct group_view *v)
{
	json_t *ports = json_array(), *expires = json_object();

	for (unsigned i = 0; i < v->g.n_ports; i++) {
		json_array_append_new(ports, json_string(v->place[i]));
		json_object_set_new(expires, v->place[i], number(v->g.expires[i]));
	}
	return json_pack("{s:o,s:i,s:o,s:o}", "group", ip_text(v->g.v6, v->g.address), "vlan",
			 v->g.vlan, "ports", ports, "expires", expires);
}

static bool more_groups(struct vsw_call *call, json_t *list)
{
	struct group_view *v = calloc(1, sizeof(*v));

	if (!v)
		return false;
	v->sw = call->ctl->sw;
	v->cursor = call->cursor;
	vsw_control_at_switch(call->ctl, group_there, v);
	call->cursor = v->cursor;
	if (v->n)
		json_array_append_new(list, group(v));
	free(v);
	return call->cursor != VSW_WALK_END;
}

static json_t *query_groups(struct vsw_call *call)
{
	call->more = more_groups;
	return json_array();
}

/* struct snooping_view - what snooping knows of a VLAN, with names of ports */
struct snooping_view {
	const struct vsw *sw;
	uint64_t cursor;
	unsigned n;
	struct vsw_snooping s;
	char querier[VSW_NAME_MAX], router[VSW_ROUTERS_SHOWN][VSW_NAME_MAX];
};

static bool snooping_there(void *arg)
{
	struct snooping_view *v = arg;

	v->n = vsw_snooping(v->sw, &v->cursor, &v->s, 1);
	if (!v->n)
		return false;
	name_place(v->querier, v->s.querier_port);
	for (unsigned i = 0; i < v->s.n_routers; i++)
		name_place(v->router[i], v->s.router[i]);
	return false;
}

static json_t *router(const struct snooping_view *v, unsigned i)
{
	static const char *const names[] = { "queries", "pim", "discovery", "configuration" };
	json_t *j = json_pack("{s:s}", "port", v->router[i]), *signs = json_array();

	for (unsigned k = 0; k < sizeof(names) / sizeof(names[0]); k++)
		if (v->s.signs[i] >> k & 1)
			json_array_append_new(signs, json_string(names[k]));
	json_object_set_new(j, "known-by", signs);
	if (v->s.expires[i])
		json_object_set_new(j, "expires", number(v->s.expires[i]));
	return j;
}

static json_t *querier(const struct snooping_view *v)
{
	if (v->s.own)
		return json_pack("{s:s}", "port", "(switch)");
	if (!v->s.other)
		return json_null();
	return json_pack("{s:s,s:o,s:o}", "port", v->querier, "address",
			 ip_text(v->s.v6, v->s.querier), "expires", number(v->s.querier_expires));
}

static json_t *snooping(const struct snooping_view *v)
{
	json_t *routers = json_array();

	for (unsigned i = 0; i < v->s.n_routers; i++)
		json_array_append_new(routers, router(v, i));
	return json_pack("{s:i,s:i,s:b,s:o,s:o,s:i,s:i}", "vlan", v->s.vlan, "ip", v->s.v6 ? 6 : 4,
			 "filtered", v->s.filtered, "querier", querier(v), "routers", routers,
			 "groups", (int)v->s.groups, "in-doubt", (int)v->s.in_doubt);
}

static bool more_vlans(struct vsw_call *call, json_t *list)
{
	struct snooping_view v = { .sw = call->ctl->sw, .cursor = call->cursor };

	vsw_control_at_switch(call->ctl, snooping_there, &v);
	call->cursor = v.cursor;
	if (v.n)
		json_array_append_new(list, snooping(&v));
	return call->cursor != VSW_WALK_END;
}

static json_t *query_multicast(struct vsw_call *call)
{
	call->more = more_vlans;
	return json_array();
}

/* struct mirrors_view - the mirror sessions */
struct mirrors_view {
	const struct vsw *sw;
	unsigned n;
	struct vsw_mirror_state state[VSW_MAX_MIRRORS];
	char name[VSW_MAX_MIRRORS][VSW_NAME_MAX];
};

static bool mirrors_there(void *arg)
{
	struct mirrors_view *v = arg;

	v->n = vsw_mirror_states(v->sw, v->state);
	for (unsigned i = 0; i < v->n; i++)
		snprintf(v->name[i], VSW_NAME_MAX, "%s", v->state[i].name);
	return false;
}

static json_t *query_mirrors(struct vsw_call *call)
{
	struct mirrors_view v = { .sw = call->ctl->sw };
	json_t *j = json_array();

	vsw_control_at_switch(call->ctl, mirrors_there, &v);
	for (unsigned i = 0; i < v.n; i++)
		json_array_append_new(j, json_pack("{s:s,s:b,s:o,s:o}", "name", v.name[i], "active",
						   v.state[i].to != NULL, "copied",
						   number(v.state[i].copied), "missed",
						   number(v.state[i].missed)));
	return j;
}

/* struct rules_view - traffic rules of a port, and what they hit */
struct rules_view {
	const struct vsw *sw;
	const char *want;
	bool found;
	unsigned n;
	char name[VSW_MAX_RULES][VSW_NAME_MAX];
	uint64_t hits[VSW_MAX_RULES];
};

static bool rules_there(void *arg)
{
	struct rules_view *v = arg;
	const struct vsw_port *p = vsw_port_find(v->sw, v->want);
	const struct vsw_policy *policy = p ? vsw_port_policy(p) : NULL;

	v->found = p;
	for (; policy && v->n < policy->n_rules; v->n++) {
		snprintf(v->name[v->n], VSW_NAME_MAX, "%s", policy->rules[v->n].name);
		v->hits[v->n] = vsw_port_rule_hits(p, v->n);
	}
	return false;
}

static json_t *query_rules(struct vsw_call *call)
{
	struct rules_view v = { .sw = call->ctl->sw };
	json_t *j;

	v.want = json_string_value(json_object_get(call->args, "port"));
	if (v.want)
		vsw_control_at_switch(call->ctl, rules_there, &v);
	if (!v.found) {
		vsw_fail(call->err, call->errlen, "no such port");
		return NULL;
	}
	j = json_array();
	for (unsigned i = 0; i < v.n; i++)
		json_array_append_new(
			j, json_pack("{s:s,s:o}", "name", v.name[i], "frames", number(v.hits[i])));
	return j;
}

/* A document is never changed, but replaced */
static json_t *query_config(struct vsw_call *call)
{
	return json_incref(call->ctl->doc);
}

static json_t *query_warnings(struct vsw_call *call)
{
	return vsw_warnings(call->ctl, call->ctl->doc);
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
	list_commands(j, vsw_look_commands);
	list_commands(j, vsw_capture_commands);
	return j;
}

const struct vsw_command vsw_query_commands[] = {
	{ "qmp_capabilities", qmp_capabilities, "enable?",
	  "does nothing; QMP clients send it first" },
	{ "query-commands", query_commands, "", "list of commands" },
	{ "query-switch", query_switch, "", "the switch as a whole" },
	{ "query-ports", query_ports, "port?", "ports with state and counters" },
	{ "query-port-policy", vsw_query_port_policy, "port",
	  "the policy of a port in force: each value, and where it is from" },
	{ "query-fdb", query_fdb, "", "table of addresses" },
	{ "query-groups", query_groups, "", "groups that snooping knows" },
	{ "query-multicast", query_multicast, "",
	  "by VLAN, whether groups are filtered, querier, router ports; messages not used" },
	{ "query-mirrors", query_mirrors, "", "mirror sessions" },
	{ "query-rules", query_rules, "port", "traffic rules of a port and what they hit" },
	{ "query-config", query_config, "", "the configuration in force" },
	{ "query-warnings", query_warnings, "", "what of it has no effect now" },
	{ 0 }
};
