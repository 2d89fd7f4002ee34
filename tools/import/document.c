/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Writing the document.
 *
 * DOC: Theory of Operation
 *
 * VMware's switch knows its cards' addresses and learns none, sends what is for unknown ones to its
 * uplinks only, and sends groups by the cards' filters; so "defaults" say that. What a switch has
 * of its own goes there, too, but for shaping, which would shape uplinks: each port group has
 * what is in force for it.
 */
#include "document.h"

#include <jansson.h>
#include <string.h>

#include "check.h"
#include "report.h"
#include "vswitch/vswitch.h"

static void put_bool(json_t *to, const char *key, int value)
{
	if (value != UNTOLD)
		json_object_set_new(to, key, json_boolean(value));
}

/* A section, if there is something in it */
static void put_section(json_t *to, const char *key, json_t *section)
{
	if (json_object_size(section))
		json_object_set_new(to, key, section);
	else
		json_decref(section);
}

static json_t *name_list(const GPtrArray *list)
{
	json_t *array = json_array();

	for (unsigned i = 0; list && i < list->len; i++)
		json_array_append_new(array, json_string(list->pdata[i]));
	return array;
}

static bool same_names(const GPtrArray *a, const GPtrArray *b)
{
	if (!a || !b || a->len != b->len)
		return false;
	for (unsigned i = 0; i < a->len; i++)
		if (strcmp(a->pdata[i], b->pdata[i]))
			return false;
	return true;
}

/* What was printed without saying what is overridden: what the switch has, too, is inherited */
static int less(int value, int inherited)
{
	return value == inherited ? UNTOLD : value;
}

static struct netpolicy own(const struct netpolicy *p, const struct netpolicy *from)
{
	struct netpolicy q = *p;

	if (!p->loose)
		return q;
	q.promiscuous = less(p->promiscuous, from->promiscuous);
	q.mac_changes = less(p->mac_changes, from->mac_changes);
	q.forged = less(p->forged, from->forged);
	q.notify = less(p->notify, from->notify);
	q.failback = less(p->failback, from->failback);
	q.beacon = less(p->beacon, from->beacon);
	if (!g_strcmp0(p->balance, from->balance))
		q.balance = NULL;
	if (same_names(p->active, from->active) && same_names(p->standby, from->standby))
		q.active = q.standby = NULL;
	return q;
}

static void put_policy(json_t *to, const struct netpolicy *p)
{
	json_t *security = json_object(), *teaming = json_object(), *mac = json_object();

	put_bool(security, "promiscuous", p->promiscuous);
	put_bool(security, "mac-changes", p->mac_changes);
	put_bool(security, "forged-transmits", p->forged);
	put_section(to, "security", security);
	put_bool(mac, "learning", p->learning);
	put_bool(mac, "flooding", p->flooding);
	put_section(to, "mac", mac);
	if (p->balance)
		json_object_set_new(teaming, "policy", json_string(p->balance));
	if (p->active) {
		json_object_set_new(teaming, "active", name_list(p->active));
		json_object_set_new(teaming, "standby", name_list(p->standby));
	}
	put_bool(teaming, "failback", p->failback);
	put_bool(teaming, "notify", p->notify);
	put_bool(teaming, "beacon", p->beacon);
	put_section(to, "teaming", teaming);
}

static void put_shape(json_t *to, const char *key, const struct shape *s)
{
	if (s->enabled == 1)
		json_object_set_new(to, key,
				    json_pack("{s:I,s:I,s:I}", "average", (json_int_t)s->average,
					      "peak", (json_int_t)s->peak, "burst",
					      (json_int_t)s->burst));
}

static json_t *group(const struct group *g, const struct vswitch *s)
{
	const struct netpolicy p = own(&g->policy, &s->policy);
	json_t *to = json_object(), *shaping = json_object();

	if (g->trunk)
		json_object_set_new(to, "vlan",
				    json_pack("{s:s,s:s}", "mode", "trunk", "trunk", g->trunk));
	else
		json_object_set_new(to, "vlan", json_integer(MAX(g->vlan, g->private_vlan)));
	if (g->blocked)
		json_object_set_new(to, "blocked", json_true());
	put_policy(to, &p);
	put_shape(shaping, "in", p.in.enabled == UNTOLD ? &s->policy.in : &p.in);
	put_shape(shaping, "out", &p.out);
	put_section(to, "shaping", shaping);
	return to;
}

static json_t *defaults(const struct vswitch *s)
{
	struct netpolicy p = s->policy;
	json_t *to = json_object();

	p.learning = p.flooding = false;
	put_policy(to, &p);
	return to;
}

static void add_uplink(json_t *ports, const struct vswitch *s, const char *name,
		       GHashTable *uplinks, struct notes *notes)
{
	const char *ifname = g_hash_table_lookup(uplinks, name);

	if (ifname)
		json_object_set_new(ports, name,
				    json_pack("{s:{s:s,s:s,s:b}}", "connect", "transport", "packet",
					      "ifname", ifname, "uplink", 1));
	else
		notes_decide(notes, s->file, s->line,
			     "which interface of this host is uplink '%s' of switch '%s'? --uplink "
			     "'%s=IFNAME' "
			     "writes it; without, the switch has no way out there",
			     name, s->name, name);
}

static void add_name(GPtrArray *to, const char *name)
{
	if (!g_ptr_array_find_with_equal_func(to, name, g_str_equal, NULL))
		g_ptr_array_add(to, (char *)name);
}

static void add_team(GPtrArray *to, const struct netpolicy *p)
{
	for (unsigned i = 0; p->active && i < p->active->len; i++)
		add_name(to, p->active->pdata[i]);
	for (unsigned i = 0; p->standby && i < p->standby->len; i++)
		add_name(to, p->standby->pdata[i]);
}

/* Uplinks by name. Teams of a distributed switch have names of their own for them ("Uplink 1"),
 * which are adapters of each host: they count, if there are such */
static GPtrArray *uplinks_of(const struct host *h, const struct vswitch *s)
{
	GPtrArray *all = g_ptr_array_new();

	for (unsigned i = 0; s->distributed && i < h->groups->len; i++) {
		const struct group *g = h->groups->pdata[i];

		if (!strcmp(g->switch_name, s->name))
			add_team(all, &g->policy);
	}
	if (!all->len)
		for (unsigned i = 0; i < s->uplinks->len; i++)
			add_name(all, s->uplinks->pdata[i]);
	return all;
}

static void add_blocked(json_t *to, const struct vswitch *s, const struct machine *m)
{
	for (unsigned n = 0; n < m->n_cards; n++) {
		g_autofree char *id =
			g_strdup_printf("%s.ethernet%u", m->safe_name, m->card[n].index);

		if (!m->card[n].start && !strcmp(m->card[n].group->switch_name, s->name))
			json_object_set_new(to, id, json_pack("{s:b}", "blocked", 1));
	}
}

static json_t *ports(const struct host *h, const struct vswitch *s, const GPtrArray *machines,
		     GHashTable *uplinks)
{
	g_autoptr(GPtrArray) names = uplinks_of(h, s);
	json_t *to = json_object();

	for (unsigned i = 0; i < names->len; i++)
		add_uplink(to, s, names->pdata[i], uplinks, h->notes);
	for (unsigned i = 0; i < machines->len; i++)
		add_blocked(to, s, machines->pdata[i]);
	return to;
}

static void team_notes(const struct host *h, const struct vswitch *s, const struct netpolicy *p,
		       const char *file, unsigned line)
{
	if (p->beacon == 1 && s->uplinks->len < 3)
		notes_decide(
			h->notes, file, line,
			"beacons are asked for with fewer than three uplinks, of which none can "
			"be told "
			"from another: they are not used then");
	if (!g_strcmp0(p->balance, "ip"))
		notes_decide(h->notes, file, line,
			     "balancing by IP hash wants a static port channel at the physical "
			     "switch: it "
			     "must be set for this host's ports, too");
}

/* Names that a vc-port has to give */
static bool check_name(const char *what, const char *name, const char *file, unsigned line,
		       struct trouble *bad)
{
	return strlen(name) < VSW_NAME_MAX ?
		       true :
		       trouble_at(bad, file, line,
				  "%s '%s' has a name of more than %u bytes: rename it", what, name,
				  VSW_NAME_MAX - 1);
}

static bool check_names(const struct host *h, struct trouble *bad)
{
	for (unsigned i = 0; i < h->switches->len; i++) {
		const struct vswitch *s = h->switches->pdata[i];

		if (!check_name("switch", s->name, s->file, s->line, bad))
			return false;
	}
	for (unsigned i = 0; i < h->groups->len; i++) {
		const struct group *g = h->groups->pdata[i];

		if (!check_name("port group", g->name, g->file, g->line, bad))
			return false;
	}
	return true;
}

static json_t *one_switch(const struct host *h, const struct vswitch *s, const GPtrArray *machines,
			  GHashTable *uplinks)
{
	json_t *groups = json_object();
	json_t *to = json_pack("{s:i,s:s,s:o}", "mtu", s->mtu, "multicast", "filter", "defaults",
			       defaults(s));

	if (!s->distributed && s->policy.promiscuous == UNTOLD)
		notes_decide(
			h->notes, s->file, s->line,
			"no input has the security policy of switch '%s': no promiscuous cards, "
			"other "
			"addresses are taken",
			s->name);
	team_notes(h, s, &s->policy, s->file, s->line);
	for (unsigned i = 0; i < h->groups->len; i++) {
		const struct group *g = h->groups->pdata[i];

		if (strcmp(g->switch_name, s->name))
			continue;
		json_object_set_new(groups, g->name, group(g, s));
		team_notes(h, s, &g->policy, g->file, g->line);
	}
	put_section(to, "portgroups", groups);
	put_section(to, "ports", ports(h, s, machines, uplinks));
	return to;
}

char *document_text(const struct host *h, const GPtrArray *machines, GHashTable *uplinks,
		    struct trouble *bad)
{
	json_t *switches = json_object(), *whole = json_pack("{s:o}", "switches", switches);
	char *text = NULL, *json;

	check_names(h, bad);
	for (unsigned i = 0; i < h->switches->len && !bad->text; i++) {
		const struct vswitch *s = h->switches->pdata[i];
		json_t *one = one_switch(h, s, machines, uplinks);

		json_object_set_new(switches, s->name, one);
		check_switch(s, one, bad);
	}
	json = bad->text ? NULL : json_dumps(whole, JSON_INDENT(2));
	if (json)
		text = g_strconcat(json, "\n", NULL);
	free(json);
	json_decref(whole);
	return text;
}
