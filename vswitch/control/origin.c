/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The policy of a port in force, and where each value is from.
 *
 * Values are read out of the policy by the rows; what a row does not say how to write (lists, which
 * are replaced as a whole) is as the document has it where it is from. Where that is, is found by
 * asking the levels of a policy (levels.h) from the last one on: which of them says it?
 */
#include "control/origin.h"

#include <stdio.h>
#include <string.h>

#include "control/levels.h"
#include "control/schema.h"
#include "control/state.h"
#include "control/untold.h"
#include "vswitch/fail.h"
#include "vswitch/query.h"

/* struct in_force - a port and its policy, copied where the switch is called */
struct in_force {
	const struct vsw *sw;
	const char *want;
	bool found, uplink;
	int vlan;
	char portgroup[VSW_NAME_MAX];
	struct vsw_policy policy;
};

static bool copy_there(void *arg)
{
	struct in_force *f = arg;
	const struct vsw_port *p = vsw_port_find(f->sw, f->want);
	struct vsw_port_state st;

	f->found = p;
	if (!p)
		return false;
	vsw_port_state(p, &st);
	f->uplink = st.uplink;
	f->vlan = st.vlan;
	snprintf(f->portgroup, sizeof(f->portgroup), "%s", st.portgroup);
	f->policy = *vsw_port_policy(p);
	return false;
}

/* What an object of the document says of a value; @path: gets where, from its end on */
static const json_t *told(const json_t *obj, const char *key, char *path, size_t room)
{
	size_t at = strlen(path);

	while (json_is_object(obj)) { /* VMware's VLAN number says all members of "vlan" */
		size_t len = strcspn(key, ".");
		char name[40];

		snprintf(name, sizeof(name), "%.*s", (int)len, key);
		obj = json_object_get(obj, name);
		at += (size_t)snprintf(path + at, at < room ? room - at : 0, "/%s", name);
		if (!key[len])
			return obj;
		key += len + 1;
	}
	return obj;
}

/* struct origin - where a value is from */
struct origin {
	const char *name;
	const json_t *as_told;
	char path[240];
};

static bool from(struct origin *o, const char *name, const json_t *obj, const char *key,
		 const char *a, const char *b)
{
	snprintf(o->path, sizeof(o->path), "/%s%s%s", a, b ? "/" : "", b ? b : "");
	o->name = name;
	o->as_told = told(obj, key, o->path, sizeof(o->path));
	return o->as_told;
}

static void find_origin(struct origin *o, const struct in_force *f, const json_t *doc,
			const char *group, const char *key)
{
	const json_t *entry = json_object_get(json_object_get(doc, "ports"), f->want);

	if (from(o, "port", entry, key, "ports", f->want))
		return;
	o->path[0] = 0;
	o->name = "device";
	if (f->vlan != VSW_VLAN_DEFAULT && !strncmp(key, "vlan.", 5) &&
	    !json_object_get(entry, "vlan"))
		return;
	if ((group &&
	     from(o, "portgroup", json_object_get(json_object_get(doc, "portgroups"), group), key,
		  "portgroups", group)) ||
	    from(o, "defaults", json_object_get(doc, "defaults"), key, "defaults", NULL))
		return;
	o->path[0] = 0;
	o->name = "untold";
}

static json_t *class_name(const struct vsw_control *ctl, unsigned n)
{
	const struct vsw_switch_policy *sp = vsw_switch_policy(ctl->sw);

	return n < sp->n_classes ? json_string(sp->class[n].name) : json_null();
}

static json_t *value(const struct vsw_control *ctl, const struct vsw_value_row *row,
		     const struct in_force *f, const struct origin *o)
{
	json_t *j = row->kind == VSW_VALUE_CLASS ? class_name(ctl, f->policy.class) :
						   vsw_untold_value(row, &f->policy);

	return j ? j : o->as_told ? json_incref((json_t *)o->as_told) : json_null();
}

static json_t *all_values(const struct vsw_control *ctl, const struct in_force *f,
			  const char *group)
{
	const struct vsw_value_row *row;
	json_t *list = json_array();

	for (unsigned n = 0; (row = vsw_schema_part(&vsw_schema_of_port, n)); n++)
		for (; row->key; row++) {
			struct origin o = { 0 };
			json_t *j;

			if (row->kind == VSW_VALUE_OBJECT || row->kind == VSW_VALUE_VLAN)
				continue; /* its members have rows */
			find_origin(&o, f, ctl->doc, group, row->key);
			j = json_pack("{s:s,s:o,s:s}", "key", row->key, "value",
				      value(ctl, row, f, &o), "origin", o.name);
			if (o.path[0])
				json_object_set_new(j, "path", json_string(o.path));
			json_array_append_new(list, j);
		}
	return list;
}

/**
 * vsw_query_port_policy() - The command
 * @call: Its call
 *
 * Return: the answer, or NULL and the error is told.
 */
json_t *vsw_query_port_policy(struct vsw_call *call)
{
	struct in_force f = { .sw = call->ctl->sw };
	const char *group;

	f.want = json_string_value(json_object_get(call->args, "port"));
	if (f.want)
		vsw_control_at_switch(call->ctl, copy_there, &f);
	if (!f.found) {
		vsw_fail(call->err, call->errlen, "no such port");
		return NULL;
	}
	group = vsw_level_group_of(call->ctl->doc, f.want, f.portgroup);
	return json_pack("{s:s,s:s,s:b,s:o}", "port", f.want, "portgroup", group ? group : "",
			 "uplink", f.uplink, "policy", all_values(call->ctl, &f, group));
}
