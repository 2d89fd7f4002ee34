/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Distributed port groups, as vCenter's API describes them: DVPortgroupConfigInfo in JSON, one or
 * an array, as GET .../DistributedVirtualPortgroup/{moId}/config of its JSON API answers.
 * vCenter's own "export configuration" is a file of a form that is not documented, and is not read.
 */
#include <string.h>

#include "host.h"
#include "json-text.h"
#include "report.h"

/* struct dvgroup - a port group @g being read */
struct dvgroup {
	struct host *h;
	const struct text *t;
	unsigned line;
	struct group *g;
	struct trouble *bad;
};

static bool wrong(const struct dvgroup *d, const char *path, const char *wanted)
{
	return trouble_at(d->bad, d->t->file, d->line, "port group '%s': %s: %s is wanted",
			  d->g ? d->g->name : "?", path, wanted);
}

/* Policies are objects with a member "value"; a plain value is taken, too */
static const json_t *inner(const json_t *v)
{
	const json_t *value = json_object_get(v, "value");

	return value ? value : v;
}

static bool truth(struct dvgroup *d, const json_t *in, const char *key, int *value)
{
	const json_t *v = inner(json_object_get(in, key));

	if (!v || json_is_null(v))
		return true;
	*value = json_is_true(v);
	return json_is_boolean(v) ? true : wrong(d, key, "true or false");
}

static bool number(struct dvgroup *d, const json_t *in, const char *key, gint64 max, gint64 *value)
{
	const json_t *v = inner(json_object_get(in, key));

	*value = json_integer_value(v);
	return json_is_integer(v) && *value >= 0 && *value <= max ? true :
								    wrong(d, key, "a number");
}

static bool read_shape(struct dvgroup *d, const json_t *in, struct shape *shape)
{
	if (!truth(d, in, "enabled", &shape->enabled))
		return false;
	return shape->enabled != 1 ||
	       (number(d, in, "averageBandwidth", G_GINT64_CONSTANT(1000000000000),
		       &shape->average) &&
		number(d, in, "peakBandwidth", G_GINT64_CONSTANT(1000000000000), &shape->peak) &&
		number(d, in, "burstSize", 1 << 30, &shape->burst));
}

static bool read_trunk(struct dvgroup *d, const json_t *ranges)
{
	GString *list = g_string_new(NULL);
	const json_t *range;
	size_t i;

	json_array_foreach(ranges, i, range) {
		gint64 start = 0, end = 0;

		if (!number(d, range, "start", 4094, &start) ||
		    !number(d, range, "end", 4094, &end))
			break;
		if (start > end)
			wrong(d, "vlanId", "a range from its lower end");
		/* VLAN 0, which is untagged, is the native one of a trunk here */
		if (end)
			g_string_append_printf(list, "%s%d-%d", list->len ? "," : "",
					       (int)MAX(start, 1), (int)end);
	}
	d->g->vlan = -1;
	d->g->trunk = g_string_free(list, FALSE);
	return *d->g->trunk ? !d->bad->text : wrong(d, "vlanId", "a VLAN");
}

static bool read_vlan(struct dvgroup *d, const json_t *vlan)
{
	const json_t *id = json_object_get(vlan, "vlanId"),
		     *pvlan = json_object_get(vlan, "pvlanId");
	gint64 n = 0;

	if (json_is_array(id))
		return read_trunk(d, id);
	if (pvlan) {
		if (!number(d, vlan, "pvlanId", 4094, &n))
			return false;
		d->g->vlan = -1;
		d->g->private_vlan = (int)n;
		notes_decide(
			d->h->notes, d->t->file, d->line,
			"port group '%s' is in private VLAN %d: its primary and type are not in "
			"this file; complete 'private-vlans' of the switch, until then it is "
			"blocked",
			d->g->name, (int)n);
		d->g->blocked = true;
		return true;
	}
	if (!number(d, vlan, "vlanId", 4095, &n))
		return false;
	d->g->vlan = (int)n;
	return true;
}

static bool names(struct dvgroup *d, const json_t *list, GPtrArray **to)
{
	const json_t *v;
	size_t i;

	*to = g_ptr_array_new_with_free_func(g_free);
	json_array_foreach(list, i, v) {
		if (!json_is_string(v))
			return wrong(d, "uplinkPortOrder", "an array of names");
		g_ptr_array_add(*to, g_strdup(json_string_value(v)));
	}
	return true;
}

static bool read_balance(struct dvgroup *d, const json_t *v)
{
	static const char *const policies[][2] = {
		{ "loadbalance_srcid", "port" },     { "loadbalance_srcmac", "mac" },
		{ "loadbalance_ip", "ip" },	     { "loadbalance_loadbased", "load" },
		{ "failover_explicit", "explicit" },
	};
	const char *name = json_string_value(inner(v));

	if (!v)
		return true;
	for (unsigned i = 0; name && i < G_N_ELEMENTS(policies); i++)
		if (!strcmp(name, policies[i][0]))
			d->g->policy.balance = policies[i][1];
	return d->g->policy.balance ? true : wrong(d, "policy", "a load balancing of vSphere's");
}

static bool read_teaming(struct dvgroup *d, const json_t *teaming)
{
	const json_t *order = json_object_get(teaming, "uplinkPortOrder");
	const json_t *criteria = json_object_get(teaming, "failureCriteria");
	struct netpolicy *p = &d->g->policy;
	int rolling = UNTOLD;

	if (!teaming)
		return true;
	if (!read_balance(d, json_object_get(teaming, "policy")) ||
	    !truth(d, teaming, "notifySwitches", &p->notify) ||
	    !truth(d, teaming, "rollingOrder", &rolling) ||
	    !truth(d, criteria, "checkBeacon", &p->beacon))
		return false;
	p->failback = rolling == UNTOLD ? UNTOLD : !rolling; /* rolling: stay with the new one */
	return !order || (names(d, json_object_get(order, "activeUplinkPort"), &p->active) &&
			  names(d, json_object_get(order, "standbyUplinkPort"), &p->standby));
}

static bool read_security(struct dvgroup *d, const json_t *config)
{
	const json_t *old = json_object_get(config, "securityPolicy");
	const json_t *now = json_object_get(config, "macManagementPolicy");
	const json_t *learn = json_object_get(now, "macLearningPolicy");
	const json_t *from = now && !json_is_null(now) ? now : old;
	struct netpolicy *p = &d->g->policy;

	return truth(d, from, "allowPromiscuous", &p->promiscuous) &&
	       truth(d, from, "macChanges", &p->mac_changes) &&
	       truth(d, from, "forgedTransmits", &p->forged) &&
	       truth(d, learn, "enabled", &p->learning) &&
	       truth(d, learn, "allowUnicastFlooding", &p->flooding);
}

static bool read_config(struct dvgroup *d, const json_t *config)
{
	const json_t *vlan = json_object_get(config, "vlan");
	int blocked = 0;

	if (!json_is_object(config) || !json_is_object(vlan))
		return wrong(d, "defaultPortConfig", "an object with 'vlan'");
	if (!truth(d, config, "blocked", &blocked) || !read_vlan(d, vlan) ||
	    !read_security(d, config))
		return false;
	d->g->blocked |= blocked;
	/* in and out are as the switch sees it: in is from the guest */
	return read_shape(d, json_object_get(config, "inShapingPolicy"), &d->g->policy.in) &&
	       read_shape(d, json_object_get(config, "outShapingPolicy"), &d->g->policy.out) &&
	       read_teaming(d, json_object_get(config, "uplinkTeamingPolicy"));
}

/* A port group has vCenter's own name of its switch, not the one for people: the only distributed
 * switch of the host is taken to be it */
static struct vswitch *switch_of(struct dvgroup *d, const json_t *v)
{
	const json_t *of = json_object_get(v, "distributedVirtualSwitch");
	const char *id = json_string_value(json_object_get(of, "value"));
	struct vswitch *made = NULL;
	unsigned n = 0;

	for (unsigned i = 0; i < d->h->switches->len; i++) {
		struct vswitch *s = d->h->switches->pdata[i];

		if (s->distributed && !strcmp(s->name, id ? id : "dvSwitch"))
			return s;
		if (s->distributed)
			made = s, n++;
	}
	if (n == 1)
		return made;
	made = host_switch(d->h, id ? id : "dvSwitch", d->t->file, d->line);
	if (!made->described && n)
		notes_decide(
			d->h->notes, d->t->file, d->line,
			"which of the distributed switches is '%s'? It is made as one of its own",
			made->name);
	made->distributed = made->described = true;
	return made;
}

static bool read_one(struct host *h, const struct text *t, unsigned line, const json_t *v,
		     struct trouble *bad)
{
	const char *name = json_string_value(json_object_get(v, "name"));
	const char *key = json_string_value(json_object_get(v, "key"));
	struct dvgroup d = { h, t, line, NULL, bad };

	if (!name)
		return trouble_at(bad, t->file, line, "a port group has no 'name'");
	if (json_is_true(json_object_get(v, "uplink")))
		return true; /* the group of the uplinks themselves */
	if (host_find_group(h, name))
		return trouble_at(bad, t->file, line, "port group '%s' is there twice", name);
	d.g = host_group(h, name, t->file, line);
	d.g->described = true;
	d.g->key = g_strdup(key);
	d.g->switch_name = g_strdup(switch_of(&d, v)->name);
	return read_config(&d, json_object_get(v, "defaultPortConfig"));
}

bool dvgroups_read(struct host *h, const struct text *t, const struct section *s,
		   struct trouble *bad)
{
	json_t *whole = json_text_read(t, s->from, s->to, bad), *v;
	bool ok = whole;
	size_t i;

	if (json_is_object(whole)) {
		ok = read_one(h, t, s->from, whole, bad);
	} else if (whole) {
		json_array_foreach(whole, i, v)
			ok = ok && read_one(h, t, s->from, v, bad) &&
			     !host_full(h, t->file, s->from, bad);
	}
	json_decref(whole);
	return ok;
}
