/* SPDX-License-Identifier: BSD-2-Clause */
/* Commands that ask. */
#include <stdio.h>

#include "control_priv.h"
#include "policy/mcast.h"
#include "policy/mirror.h"
#include "policy/rules.h"

static json_t *number(uint64_t n)
{
	return json_integer((json_int_t)n);
}

static json_t *mac_text(uint64_t mac)
{
	return json_sprintf("%02x:%02x:%02x:%02x:%02x:%02x", (unsigned)(mac >> 40 & 255),
			    (unsigned)(mac >> 32 & 255), (unsigned)(mac >> 24 & 255),
			    (unsigned)(mac >> 16 & 255), (unsigned)(mac >> 8 & 255),
			    (unsigned)(mac & 255));
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

static json_t *port(struct vsw *sw, struct vsw_port *p)
{
	const struct vsw_port *up = p->uplink ? sw->port[p->uplink] : NULL;
	json_t *j = json_pack(
		"{s:s,s:s,s:b,s:b,s:b,s:i,s:o,s:b,s:o}", "id", p->id, "portgroup", p->portgroup,
		"uplink", p->is_uplink, "link", p->link_up, "blocked", p->policy.blocked, "vlan",
		p->policy.vlan.mode == VSW_VLAN_TRUNK ? VSW_VGT : p->policy.vlan.vid, "mac",
		mac_text(p->mac), "promiscuous", p->promiscuous, "counters", counters(p));

	if (up)
		json_object_set_new(j, "leaves-by", json_string(up->id));
	return j;
}

static json_t *query_ports(struct vsw_control *ctl, const json_t *args, char *err, size_t errlen)
{
	const json_t *want = json_object_get(args, "port");
	json_t *j = json_array();

	for (struct vsw_port *p = vsw_port_next(ctl->sw, NULL); p; p = vsw_port_next(ctl->sw, p))
		if (!want || (json_is_string(want) && !strcmp(json_string_value(want), p->id)))
			json_array_append_new(j, port(ctl->sw, p));
	if (!want || json_array_size(j))
		return j;
	json_decref(j);
	vsw_fail(err, errlen, "no such port");
	return NULL;
}

static json_t *query_switch(struct vsw_control *ctl, const json_t *args, char *err, size_t errlen)
{
	unsigned n = 0;

	for (struct vsw_port *p = vsw_port_next(ctl->sw, NULL); p; p = vsw_port_next(ctl->sw, p))
		n++;
	return json_pack("{s:s,s:i,s:i,s:i,s:i,s:i,s:b}", "name", vsw_name(ctl->sw), "ports",
			 (int)n, "uplinks", (int)ctl->sw->n_uplinks, "addresses",
			 (int)ctl->sw->fdb.entries, "mtu", (int)ctl->sw->policy.mtu, "ageing",
			 (int)ctl->sw->policy.ageing, "unconfirmed", ctl->previous != NULL);
}

static json_t *fdb_entry(struct vsw *sw, uint64_t key, uint16_t number_, unsigned age)
{
	uint16_t fid = fdb_key_fid(key);
	json_t *j = json_pack("{s:o,s:s,s:b}", "mac", mac_text(key & UINT64_C(0xffffffffffff)),
			      "port", number_ == VSW_UPLINK ? "(uplinks)" : sw->port[number_]->id,
			      "static", age == UINT32_MAX);

	json_object_set_new(j, "vlan", json_integer(fid == FDB_ANY_VLAN ? VSW_VGT : fid));
	if (age != UINT32_MAX)
		json_object_set_new(j, "age",
				    json_integer((json_int_t)age * sw->policy.ageing / FDB_LIFE));
	return j;
}

static json_t *query_fdb(struct vsw_control *ctl, const json_t *args, char *err, size_t errlen)
{
	json_t *j = json_array();
	uint32_t pos = 0;
	uint64_t key;
	uint16_t number_;
	unsigned age;

	while (fdb_next(&ctl->sw->fdb, &pos, &key, &number_, &age))
		json_array_append_new(j, fdb_entry(ctl->sw, key, number_, age));
	return j;
}

static json_t *members(struct vsw *sw, const struct mcast_group *g)
{
	json_t *j = json_array();

	for (uint16_t n = g->first; n != MCAST_NONE; n = sw->mcast->member[n].next) {
		uint16_t p = sw->mcast->member[n].port;

		json_array_append_new(j,
				      json_string(p == VSW_UPLINK ? "(uplinks)" : sw->port[p]->id));
	}
	return j;
}

static json_t *query_groups(struct vsw_control *ctl, const json_t *args, char *err, size_t errlen)
{
	struct vsw *sw = ctl->sw;
	json_t *j = json_array();

	for (unsigned i = 0; i < MCAST_GROUPS; i++) {
		const struct mcast_group *g = &sw->mcast->group[i];

		if (g->key)
			json_array_append_new(
				j, json_pack("{s:o,s:i,s:o}", "group",
					     mac_text(g->key & UINT64_C(0xffffffffffff)), "vlan",
					     fdb_key_fid(g->key), "ports", members(sw, g)));
	}
	return j;
}

static json_t *query_mirrors(struct vsw_control *ctl, const json_t *args, char *err, size_t errlen)
{
	json_t *j = json_array();

	for (unsigned i = 0; i < ctl->sw->mirrors->n; i++) {
		const struct mirror_session *s = &ctl->sw->mirrors->session[i];

		json_array_append_new(j, json_pack("{s:s,s:b,s:o,s:o}", "name", s->conf.name,
						   "active", s->to != NULL, "copied",
						   number(s->copied), "missed", number(s->missed)));
	}
	return j;
}

static json_t *query_rules(struct vsw_control *ctl, const json_t *args, char *err, size_t errlen)
{
	const json_t *want = json_object_get(args, "port");
	struct vsw_port *p =
		json_is_string(want) ? vsw_port_find(ctl->sw, json_string_value(want)) : NULL;
	json_t *j;

	if (!p) {
		vsw_fail(err, errlen, "no such port");
		return NULL;
	}
	j = json_array();
	for (unsigned i = 0; p->rules && i < p->rules->n; i++)
		json_array_append_new(j, json_pack("{s:s,s:o}", "name", p->rules->rule[i].name,
						   "frames", number(p->rules->state[i].hits)));
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
